"""People who are advantaged on one dimension and marginalized on another: loosened loyalty, stigma of their own."""

import numpy as np
import pandas as pd
import pytest

import sim
from sim.checks import InputError
from sim.networks import from_edges, two_groups
from sim.state import crossing, first_state

NETWORK = two_groups(200, 0.25, mean_degree=8, homophily=0.3, seed=4)
CROSSING = sim.Parameters(crossing_share=0.4, crossing_release=0.7, crossing_stigma=0.5)


def run(parameters, network=NETWORK, **about):
    return sim.simulate(parameters, network, **({"steps": 40, "seed": 3, "start": 0.3, "record_people": True} | about))


def test_off_by_default_and_then_exactly_absent():
    plain, other = (run(sim.Parameters(crossing_release=release, crossing_stigma=stigma))
                    for release, stigma in ((0.5, 0.3), (1.0, 1.0)))  # fmt: skip
    assert plain.state == other.state
    assert (plain.tallies == other.tallies).all()
    assert "crosses" not in plain.people


@pytest.mark.parametrize("schedule", ["synchronous", "shuffled"])
def test_both_engines_agree_for_everybody_at_every_step(schedule):
    training = sim.intervention("bystander_training", share=0.5, begin=5)
    fast = run(CROSSING, schedule=schedule, interventions=[training])
    model = sim.AllyshipModel(CROSSING, network=NETWORK, rng=3, start=0.3, schedule=schedule, interventions=[training])
    model.run_for(40)
    assert model.state == fast.state
    pd.testing.assert_frame_equal(model.history, fast.history)
    pd.testing.assert_frame_equal(model.people, fast.people)


def test_who_crosses_belongs_to_the_people_and_a_larger_share_contains_a_smaller_one():
    few, many = (crossing(sim.Parameters(crossing_share=share), NETWORK, 7) for share in (0.2, 0.6))
    assert few.sum() == round(0.2 * NETWORK.n_advantaged)
    assert (few <= many).all() and not (many & NETWORK.is_marginalized).any()
    assert (few != crossing(sim.Parameters(crossing_share=0.2), NETWORK, 8)).any()
    table = run(CROSSING).people
    assert table["crosses"].sum() == round(0.4 * NETWORK.n_advantaged)


def test_a_crossing_identity_loosens_loyalty_by_its_share_and_touches_nobody_else():
    without, with_ = (first_state(p, NETWORK, start_seed=5) for p in (sim.Parameters(), CROSSING))
    crosses = crossing(CROSSING, NETWORK, 5)
    assert with_.loyalty[crosses] == pytest.approx(0.3 * without.loyalty[crosses])
    assert (with_.loyalty[~crosses] == without.loyalty[~crosses]).all()
    for name in ("sympathy", "trust", "act"):
        assert (getattr(with_, name) == getattr(without, name)).all()


def test_its_stigma_is_ones_own_and_needs_neither_act_nor_tie():
    alone = from_edges([], [False] * 400)
    people = run(CROSSING.replace(effort=50.0, token_effort=50.0), alone, steps=200, start="silent").people
    assert np.allclose(people.loc[people["crosses"], "stigma"], 0.5, atol=1e-9)
    assert (people.loc[~people["crosses"], "stigma"] == 0).all()


def test_people_with_loosened_loyalty_are_the_first_to_leave_an_opposing_norm():
    parameters = sim.Parameters(crossing_share=0.1, crossing_release=0.8, crossing_stigma=0.0, loyalty=0.9)
    people = run(parameters, two_groups(2000, 0.2, seed=1), start="opposed", steps=100).people
    opposing = (people["stance"] == "OPPOSE")[~people["is_marginalized"]]
    crosses = people["crosses"][~people["is_marginalized"]]
    assert opposing[crosses].mean() < opposing[~crosses].mean() - 0.3


def test_a_run_goes_on_with_the_same_people_crossing():
    whole, first = run(CROSSING), run(CROSSING, steps=15)
    rest = sim.simulate(CROSSING, NETWORK, steps=25, start=first, seed=3)
    assert rest.state == whole.state
    assert (rest.people["crosses"] == whole.people["crosses"]).all()


def test_runs_side_by_side_and_sweeps_know_it(tmp_path):
    points = [CROSSING.replace(crossing_stigma=value) for value in (0.0, 0.2, 0.9)]
    together = sim.simulate_many(points, NETWORK, steps=30, seeds=3, start=0.3)
    for point, one in zip(points, together, strict=True):
        assert one.state == sim.simulate(point, NETWORK, steps=30, seed=3, start=0.3).state
    swept = sim.sweep({"crossing_share": [0.0, 0.5], "network_n_people": 100, "steps": 20, "replicates": 2}, tmp_path)
    assert all(sim.replay(swept, row).is_equal for row in range(4))


def test_an_explanation_says_so():
    made = run(CROSSING)
    crosses = made.people["crosses"].to_numpy()
    one, other = (np.flatnonzero(~NETWORK.is_marginalized & (crosses == value))[0] for value in (True, False))
    assert "second dimension: loyalty is loosened by 70%, and stigma of 0.5" in str(sim.explain(made, one, 10))
    assert "second dimension" not in str(sim.explain(made, other, 10))


def test_what_it_cannot_be_is_refused():
    with pytest.raises(InputError, match="crossing_share"):
        sim.Parameters(crossing_share=1.2)
    with pytest.raises(InputError, match="cannot be changed later"):
        sim.intervention("custom", shift={"crossing_stigma": 0.1})
    with pytest.raises(InputError, match="one identity"):
        sim.meanfield.mean_field(CROSSING)
