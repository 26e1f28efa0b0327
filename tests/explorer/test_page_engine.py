"""The page's engine lives the same lives as Python's: every person, variable, measure and step, to the last bit."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from page_twins import ENGINES, configurations, in_engine, json_of, page_twin, python_run, python_twin

import sim
from sim import streams
from sim.arithmetic import exponential, normal_quantile

REASON = "no JavaScript engine (node, gjs or jsc) is installed; the browser test compares the same runs"
needs_engine = pytest.mark.skipif(not ENGINES, reason=REASON)


@functools.cache
def made() -> list[dict]:
    return configurations()


def differences(given: dict, found: dict) -> list[str]:
    """Return the names of everything in which the page's run differs from Python's."""
    expected = python_twin(given)
    names = [name for name, raw in expected["bytes"].items() if raw != found["bytes"][name]]
    return names + [name for name in ("picked", "regime") if expected[name] != found[name]]


@pytest.mark.parametrize("engine", ENGINES or [pytest.param("none", marks=needs_engine)])
def test_random_configurations_agree_to_the_last_bit(engine):
    found = in_engine("return given.map(twin);", [json_of(given) for given in made()], engine)
    wrong = {case: names for case, (given, one) in enumerate(zip(made(), found, strict=True))
             if (names := differences(given, page_twin(one)))}  # fmt: skip
    assert not wrong
    assert {given["schedule"] for given in made()} == {"synchronous", "shuffled"}
    assert sum(bool(given["interventions"]) for given in made()) > 20


@needs_engine
@pytest.mark.parametrize("change", [{"seed": 8}, {"start_seed": 8}, {"schedule": "shuffled"}, {"start": 0.45}])
def test_the_comparison_notices_a_difference(change):
    given = plain_run()
    found = page_twin(in_engine("return twin(given);", json_of(given)))
    assert not differences(given, found)
    assert differences(given | change, found)


def plain_run(**changes) -> dict:
    network = sim.networks.two_groups(n_people=60, mean_degree=6, seed=1)
    return {"parameters": sim.Parameters(), "network": network, "steps": 12, "seed": 7, "start_seed": 7, "start": 0.4,
            "schedule": "synchronous", "interventions": [], "branch": None} | changes  # fmt: skip


@needs_engine
@pytest.mark.parametrize("schedule", ["synchronous", "shuffled"])
def test_explanations_are_those_of_python(schedule):
    done = [sim.intervention("norm_feedback"), sim.intervention("committed_allies", begin=3, count=5)]
    parameters = sim.Parameters(revise=0.6, crossing_share=0.3)
    given = plain_run(schedule=schedule, interventions=done, parameters=parameters)
    asked = [(person, step) for person in range(0, 60, 7) for step in (0, 4, 11)]
    script = """
    const run = record({ ...given.run, network: network_of(given.run.network) }, given.run.steps);
    return given.asked.map(([person, step]) => explain(run, person, step));
    """
    found = in_engine(script, {"run": json_of(given), "asked": asked})
    run = python_run(given)
    for (person, step), one in zip(asked, found, strict=True):
        expected = sim.explain(run, person, step)
        assert one["before"] == expected.before["act"]
        for name in ("outcome", "chosen", "reconsidered", "draw", "revise_draw", "told", "utilities", "probabilities"):
            assert one[name] == getattr(expected, name), (person, step, name)
        assert one["crosses"] == expected.crosses
        assert one["seen"] == expected.seen._asdict()
        assert one["view"] == expected.view._asdict()
        assert [tuple(term.values()) for term in one["terms"]] == [tuple(term) for term in expected.terms]
        assert tuple(one["scripted_by"]) == expected.scripted_by


@needs_engine
def test_elementary_functions_have_the_same_bits():
    rng = np.random.default_rng(1)
    x, u = -rng.uniform(0, 720, 5000), rng.random(5000)
    u[:3] = 5.5e-17, 1e-300, 1 - 2**-53
    script = "return [given[0].map(exponential), given[1].map(normal_quantile), given[2].map((c) => philox(...c))];"
    counters = [*rng.integers(0, 2 ** 32, (200, 6)).tolist(), [0] * 6, [2 ** 32 - 1] * 6]
    found = in_engine(script, [x.tolist(), u.tolist(), counters])
    assert found[0] == [exponential(value) for value in x.tolist()]
    assert found[1] == [normal_quantile(value) for value in u.tolist()]
    assert found[2] == [list(streams.philox(*counter)) for counter in counters]
    assert found[2][-2] == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]  # Random123's known answer


@needs_engine
@pytest.mark.parametrize("share", [0.5, 1.5, 2.5, 3.5, 4.49, 4.51, 0.0])
def test_halves_are_rounded_as_python_rounds_them(share):
    assert in_engine("return rounded(given);", share) == round(share)
