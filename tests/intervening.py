"""Runs with something done to them, and whom and what it reaches."""

from __future__ import annotations

import numpy as np
import pytest
from published import published

import sim
from sim.interventions import Course
from sim.networks import two_groups

NETWORK = two_groups(n_people=80, marginalized_share=0.25, mean_degree=6, homophily=0.3, seed=4)
ADVANTAGED, MARGINALIZED = np.flatnonzero(~NETWORK.is_marginalized), np.flatnonzero(NETWORK.is_marginalized)
RELUCTANT = published(effort=100, token_effort=100, revise=1)  # left alone, everybody is silent
SCHEDULES = ["synchronous", "shuffled"]
schedules = pytest.mark.parametrize("schedule", SCHEDULES)


def recorded(*given, parameters=None, network=NETWORK, steps=12, seed=3, **settings):
    return sim.simulate(
        parameters, network, steps=steps, seed=seed, interventions=given, record_people=True, **settings
    )


def course_of(*given, parameters=None, network=NETWORK, start_seed=0):
    state = sim.simulate(parameters, network, steps=0, seed=start_seed).state
    parameters = published() if parameters is None else parameters
    return Course(parameters, network, given, state=state, start_seed=start_seed)


def picked(network=NETWORK, start_seed=0, **arguments) -> np.ndarray:
    one = sim.intervention(shift={"effort": 1.0}, **arguments)
    return sim.simulate(network=network, steps=0, start_seed=start_seed, interventions=[one]).picked[0]


def knob_of(course, name, step, person=0) -> float:
    return getattr(course.numbers(step)[course.classes[person]], name)


def pairs_of(network) -> set:
    return {(i, int(j)) for i in range(network.n_people) for j in network.neighbours_of(i) if i < j}
