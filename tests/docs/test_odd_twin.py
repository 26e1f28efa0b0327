"""A model written from docs/odd.md alone lives the same lives as the model, to the last bit."""

from __future__ import annotations

import numpy as np
import odd_twin
import pytest

import sim
from sim import arithmetic, streams
from sim.parameters import KNOBS

STEPS = 30
TRAITS = ("act", "betrayed", "sympathy", "loyalty", "stigma", "trust")
DRAWS = streams.uniforms(41, streams.DESIGN, 12 * len(KNOBS)).reshape(12, len(KNOBS))


def parameters_of(case: int) -> sim.Parameters:
    """Return parameters drawn from their usual ranges; each third case has no noise, some forbid a stance."""
    values = {knob.name: knob.usual_low + share * (knob.usual_high - knob.usual_low)
              for knob, share in zip(KNOBS, DRAWS[case], strict=True) if not knob.is_switch}  # fmt: skip
    values |= {"noise": 0.0} if case % 3 == 2 else {}
    values |= {"revise": max(values["revise"], 0.3)}
    values |= {"appeals": 0.05 * values["appeals"] if case % 2 else 0.0}
    values |= {("token_allowed", "oppose_allowed", "bystand_allowed")[case % 3]: False} if case > 8 else {}
    return sim.Parameters(**values)


def network_of(case: int):
    return sim.networks.two_groups(
        26 + case, 0.15 + 0.05 * (case % 6), mean_degree=(0.5, 3, 7)[case % 3], homophily=(0.5, 0, -0.1)[case % 3],
        seed=100 + case,
    )  # fmt: skip


def ties_of(network) -> set:
    return {(i, int(j)) for i in range(network.n_people) for j in network.neighbours_of(i) if i < j}


def both(case: int, schedule: str):
    """Return the run of the model and the lives of its twin."""
    p, network = parameters_of(case), network_of(case)
    luck = {"seed": 2**40 + case, "start_seed": case, "start": ("silent", "allied", "opposed", 0.4)[case % 4]}
    run = sim.simulate(p, network, steps=STEPS, schedule=schedule, record_people=True, **luck)
    lives = odd_twin.simulate(p, network.is_marginalized, sorted(ties_of(network)), steps=STEPS, schedule=schedule,
                              **luck)  # fmt: skip
    return run, lives


@pytest.mark.parametrize("schedule", ["synchronous", "shuffled"])
@pytest.mark.parametrize("case", range(12))
def test_the_twin_lives_the_same_lives(case, schedule):
    run, lives = both(case, schedule)
    for name in TRAITS:
        twin = np.array([[getattr(one, name) for one in people] for people in lives])
        assert np.array_equal(run.trajectory[name], twin), name


def test_the_cases_are_not_still_lives():
    """All stances and responses are chosen, and betrayals seen: else equal lives would say little."""
    runs = [both(case, "synchronous")[0] for case in range(12)]
    changes = {pair for run in runs for pair in zip(run.conversions.before, run.conversions.after, strict=True)}
    assert len(changes) == 12 + 6
    assert sum(run.trajectory["betrayed"].sum() for run in runs) > 50


@pytest.mark.parametrize("schedule", ["synchronous", "shuffled"])
@pytest.mark.parametrize("case", range(0, 12, 2))
def test_the_twin_measures_the_same(case, schedule):
    run, lives = both(case, schedule)
    rows = [odd_twin.measures(run.parameters, people) for people in lives]
    for name in rows[0]:
        assert run.history[name].to_numpy() == pytest.approx([row[name] for row in rows], abs=1e-15, nan_ok=True), name


def test_the_twin_has_the_same_arithmetic():
    for draw in (1e-300, 1e-20, 0.0013, *streams.uniforms(5, streams.DESIGN, 500).tolist()):
        assert odd_twin.normal_quantile(draw) == arithmetic.normal_quantile(draw)
        assert odd_twin.logarithm(draw) == arithmetic.logarithm(draw)
        for scale in (1, 40, 700, 1e6):
            assert odd_twin.exponential(-scale * draw) == arithmetic.exponential(-scale * draw)


@pytest.mark.parametrize("seed", [0, 2026, 2**64 - 1])
def test_the_twin_draws_the_same(seed):
    assert [odd_twin.draw(seed, i, 3, 7) for i in range(9)] == streams.uniforms(seed, 7, 9, step=3).tolist()
    coarse = [streams.coarse_uniform(i, 3, 1, *streams.key(seed)) for i in range(9)]
    assert [odd_twin.coarse_draw(seed, i, 3, 1) for i in range(9)] == coarse


def test_the_twin_knows_nothing_of_the_model():
    assert not {name for name, thing in vars(odd_twin).items() if getattr(thing, "__module__", "").startswith("sim")}
    assert not hasattr(odd_twin, "sim")
    assert not hasattr(odd_twin, "np")
