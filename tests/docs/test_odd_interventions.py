"""Interventions written from docs/odd.md alone reach the same people and do the same to them."""

from __future__ import annotations

import numpy as np
import odd_twin_interventions as twin
import pytest

import sim
from sim.interventions import CATALOGUE, RULES
from sim.parameters import KNOBS

LIMITS = {knob.name: (knob.low, knob.high) for knob in KNOBS}
NETWORK = sim.networks.two_groups(40, 0.3, mean_degree=5, homophily=0.3, seed=8)
TIES = [(i, int(j)) for i in range(40) for j in NETWORK.neighbours_of(i) if i < j]
PARAMETERS = sim.Parameters(revise=0.4, crossing_share=0.2, feedback=0.2)
TRAITS = ("act", "betrayed", "sympathy", "loyalty", "stigma", "trust")
LUCK = {"seed": 5, "start_seed": 9, "start": 0.4}


def assert_same(interventions, schedule="synchronous"):
    run = sim.simulate(PARAMETERS, NETWORK, steps=16, schedule=schedule, record_people=True,
                       interventions=interventions, **LUCK)  # fmt: skip
    lives = twin.simulate(PARAMETERS, LIMITS, NETWORK.is_marginalized, TIES, interventions, steps=16,
                          schedule=schedule, **LUCK)  # fmt: skip
    for name in TRAITS:
        assert np.array_equal(run.trajectory[name], [[getattr(one, name) for one in people] for people in lives]), name
    return run


@pytest.mark.parametrize("kind", CATALOGUE)
def test_every_ready_made_intervention_does_what_the_page_says(kind):
    when = {"begin": 4, "end": 9}
    run = assert_same([sim.intervention(kind, **when, ramp=0 if "force" in CATALOGUE[kind].defaults else 3)])
    assert len(run.picked[0])


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "everybody"])
@pytest.mark.parametrize("draw", [0, 2])
def test_every_rule_reaches_whom_the_page_says(rule, draw):
    group = "advantaged" if rule in ("most_loyal", "appointed") else "both"
    one = sim.intervention("custom", who=rule, share=0.25, group=group, draw=draw, set={"trust": 0.9, "sympathy": -0.5},
                           begin=2)  # fmt: skip
    run = assert_same([one])
    people = twin.first_people(PARAMETERS, NETWORK.is_marginalized, TIES, LUCK["start"], LUCK["start_seed"])
    assert set(run.picked[0].tolist()) == twin.whom(one, people, LUCK["start_seed"])


@pytest.mark.parametrize("schedule", ["synchronous", "shuffled"])
def test_several_at_once_do_what_the_page_says(schedule):
    far = next((i, j) for i in range(40) for j in range(i + 1, 40) if (i, j) not in TIES)
    assert_same([
        sim.intervention("cross_group_ties", share=0.4, begin=3, end=8, ties=3, draw=1),
        sim.intervention("custom", who="random", count=9, begin=0, end=5, force="gatekeep"),
        sim.intervention("custom", tie=[far], cut=TIES[:3], begin=2, end=12),
        sim.intervention("custom", people=[int(np.flatnonzero(~NETWORK.is_marginalized)[0])], force="ally", begin=0),
        sim.intervention("custom", scale={"conformity": 3.0, "revise": 9.0}, shift={"noise": -5.0, "complicity": 2.0},
                         strength=1.5, begin=6, end=13, ramp=4),
        sim.intervention("custom", set={"stigma": 0.5}, begin=0),
    ], schedule)  # fmt: skip
