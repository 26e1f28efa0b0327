"""Interventions on knobs: how strongly, when, on whom, within what range."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from intervening import (
    NETWORK,
    course_of,
    knob_of,
    recorded,
    schedules,
)
from published import published

import sim
from sim.interventions.intervention import CHANGEABLE
from sim.parameters import KNOBS, numbers_of


@pytest.mark.parametrize("strength", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("ramp", [0, 1, 4, 10])
def test_a_ramp_is_linear_and_after_the_end_all_is_as_before(ramp, strength):
    about = {"begin": 5, "end": 13, "ramp": ramp, "strength": strength}
    course = course_of(sim.intervention(shift={"effort": -0.4}, scale={"sanction": 0.8}, **about))
    for step in range(20):
        grown = 0.0 if not 5 <= step < 13 else 1.0 if ramp == 0 else min(1.0, (step - 4) / ramp)
        assert knob_of(course, "effort", step) == 1.5 + strength * grown * -0.4
        assert knob_of(course, "sanction", step) == 2.0 * (1 + strength * grown * (0.8 - 1))
    base = [numbers_of(published())]
    assert course.numbers(4) == course.numbers(13) == course.numbers(10**6) == base


def test_only_those_who_are_reached_are_under_other_numbers():
    course = course_of(sim.intervention(people=[3, 5], scale={"stigma_cost": 0.5}))
    changed = [i for i in range(80) if knob_of(course, "stigma_cost", 0, i) == 1.5]
    assert changed == [3, 5]
    assert all(knob_of(course, "stigma_cost", 0, i) == 3.0 for i in range(80) if i not in (3, 5))


def test_copies_multiply_and_add_up():
    one = sim.intervention(scale={"sanction": 0.5}, shift={"sanction": 0.25, "effort": -0.5})
    for n in (1, 2, 3):
        course = course_of(*[one] * n)
        assert knob_of(course, "sanction", 0) == 2 * 0.5**n + 0.25 * n
        assert knob_of(course, "effort", 0) == 1.5 - 0.5 * n


def test_the_order_of_rounding_is_not_that_of_the_list():
    given = [sim.intervention(scale={"sanction": f}, shift={"effort": f / 3}) for f in (0.3, 0.7, 1.1, 1.3, 1.7)]
    tables = {course_of(*given[i:], *given[:i]).table(0).tobytes() for i in range(5)}
    tables |= {course_of(*given[i::-1], *given[:i:-1]).table(0).tobytes() for i in range(4)}
    assert len(tables) == 1


def test_all_scales_come_before_all_shifts_and_the_range_is_kept_at_the_end():
    shift, scale = sim.intervention(shift={"complicity": 0.9}), sim.intervention(scale={"complicity": 0.5})
    for given in ([shift, scale], [scale, shift]):
        assert knob_of(course_of(*given), "complicity", 0) == 1.0  # .3 * .5 + .9, and at most 1
    down = sim.intervention(shift={"complicity": -5.0})
    assert knob_of(course_of(down), "complicity", 0) == 0.0
    assert knob_of(course_of(down, sim.intervention(shift={"complicity": 4.9})), "complicity", 0) == pytest.approx(0.2)


@pytest.mark.parametrize("n", [2, 4])
def test_more_of_what_weakens_never_strengthens(n):
    course = course_of(*[sim.intervention("protection", strength=4)] * n)
    assert knob_of(course, "sanction", 0) == 0.0


@pytest.mark.parametrize("knob", [knob for knob in KNOBS if knob.name in CHANGEABLE], ids=lambda knob: knob.name)
def test_numbers_stay_in_their_range(knob):
    for amount, end in ((1000.0, knob.high), (-1000.0, knob.low)):
        course = course_of(sim.intervention(shift={knob.name: amount}, strength=10))
        assert knob_of(course, knob.name, 0) == end


def test_a_knob_is_felt_first_in_the_state_after_it_begins():
    quick = published(revise=1)
    with_it = recorded(sim.intervention(shift={"effort": -3.0}, begin=4), parameters=quick)
    without = recorded(parameters=quick)
    assert np.array_equal(with_it.trajectory["act"][:5], without.trajectory["act"][:5])
    assert not np.array_equal(with_it.trajectory["act"][5], without.trajectory["act"][5])


def test_a_long_run_does_not_keep_numbers_for_every_step():
    given = [sim.intervention(who="random", count=10, draw=i, shift={"effort": 0.1}, begin=i + 1) for i in range(4)]
    steps, bytes_of_counts = 10_000, 44 * 8
    tracemalloc.start()
    sim.simulate(network=NETWORK, steps=steps, interventions=given, observe=False)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * steps * bytes_of_counts


@schedules
@pytest.mark.parametrize("revise", [0.1, 1.0])
def test_what_is_made_known_is_believed(schedule, revise):
    one = sim.intervention("norm_feedback", begin=3, end=9)
    parameters = published(sympathy=0.3, appeals=0.05, revise=revise)
    run = recorded(one, parameters=parameters, schedule=schedule)
    known = abs(run.history.perception_gap) < 1e-9
    assert known.tolist() == [3 <= step < 9 for step in range(13)]
    assert run.history.private_support.nunique() > 3, "it follows what people think as they change"
