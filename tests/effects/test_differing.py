"""What is different for people in two runs, read off the runs one thing at a time."""

from __future__ import annotations

import numpy as np
import pytest

from sim import Parameters, intervention, simulate
from sim.effects.differing import norm_made_known, set_otherwise, under_other_numbers
from sim.networks import two_groups

NETWORK = two_groups(40, 0.3, mean_degree=6, homophily=0.3, seed=3)
NOBODY = np.zeros(40, bool)


def ran(parameters=None, *done, **about):
    return simulate(parameters, NETWORK, seed=2, interventions=done, record_people=True, **{"steps": 6} | about)


@pytest.mark.parametrize(
    ("knob", "expected"),
    [
        ("loyalty", NOBODY),  # what people are drawn with at the start is no number that rules them later
        ("sympathy_spread", NOBODY),
        ("effort", ~NETWORK.is_marginalized),
        ("gatekeep_effort", NETWORK.is_marginalized),
        ("noise", ~NOBODY),
    ],
)
def test_only_those_whose_rules_read_a_knob_are_under_other_numbers(knob, expected):
    runs = ran(Parameters(**{knob: 0.3})), ran(Parameters(**{knob: 0.6}))
    assert np.array_equal(under_other_numbers(runs, 2, {}), expected)
    assert np.array_equal(under_other_numbers(runs[:1] * 2, 2, {}), NOBODY)


@pytest.mark.parametrize("value", [0.0, 0.7])
def test_a_feeling_that_is_set_in_one_run_is_set_otherwise_whatever_its_value(value):
    shock = intervention("custom", people=[4, 9], set={"stigma": value}, begin=3)
    runs = ran(None, shock), ran()
    somebody = ~NETWORK.is_marginalized & np.isin(np.arange(40), [4, 9])
    assert somebody.any()
    assert np.array_equal(set_otherwise(runs, 3), somebody)
    assert np.array_equal(set_otherwise(runs, 2), NOBODY)
    assert np.array_equal(set_otherwise((runs[0], runs[0]), 3), NOBODY)


def test_the_norm_that_is_made_known_is_that_of_the_step_and_counts_only_who_is_in_favour():
    told = intervention("norm_feedback", begin=0)
    indifferent = intervention("custom", who="random", share=0.5, set={"sympathy": 0.0}, begin=5)
    first = ran(None, told, indifferent, steps=4)
    run = ran(None, told, indifferent, start=first)
    norms = []
    for step in range(4, 10):
        sympathy = run.trajectory["sympathy"][step - 4][~NETWORK.is_marginalized]
        norms.append(norm_made_known(run, step))
        assert norms[-1] == pytest.approx(2 * (sympathy > 0).mean() - 1)
    assert (run.trajectory["sympathy"][1][~NETWORK.is_marginalized] == 0).any()
    assert len(set(norms)) > 1
    assert norm_made_known(ran(), 2) == 0
