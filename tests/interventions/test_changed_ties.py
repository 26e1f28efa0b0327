"""Interventions on ties: which are new, which are cut, and what measures make of them."""

from __future__ import annotations

import numpy as np
import pytest
from intervening import ADVANTAGED, NETWORK, course_of, pairs_of, recorded, schedules

import sim
from sim.networks import from_edges
from sim.rules import ALLY, GRID


@pytest.mark.parametrize("group", ["advantaged", "marginalized", "both"])
@pytest.mark.parametrize("ties", [1, 3, 1000])
def test_new_ties_are_there_from_begin_until_before_the_end_and_only_across(ties, group):
    one = sim.intervention("cross_group_ties", ties=ties, group=group, share=0.4, begin=3, end=8)
    course, before = course_of(one), pairs_of(NETWORK)
    new = pairs_of(course.network_at(3)) - before
    assert new
    for step in range(12):
        now = pairs_of(course.network_at(step))
        assert now - before == (new if 3 <= step < 8 else set())
        assert before <= now
    assert all(NETWORK.is_marginalized[i] != NETWORK.is_marginalized[j] for i, j in new)
    assert all(i in course.picked[0] or j in course.picked[0] for i, j in new)
    across = [{j for pair in new | before if i in pair for j in pair} - {i} for i in course.picked[0]]
    assert ties < 1000 or all(
        {j for j in met if NETWORK.is_marginalized[j] != NETWORK.is_marginalized[i]}
        == set(np.flatnonzero(NETWORK.is_marginalized != NETWORK.is_marginalized[i]))
        for i, met in zip(course.picked[0], across, strict=True)
    ), "a thousand meetings with 20 or 60 people leave nobody out"
    assert len(new) <= ties * len(course.picked[0])


def test_new_ties_belong_to_the_start_seed_and_the_draw():
    def met(draw=0, start_seed=0):
        one = sim.intervention("cross_group_ties", who="highest_degree", draw=draw)
        return pairs_of(course_of(one, start_seed=start_seed).network_at(0))

    assert met() == met()
    assert met() != met(draw=1)
    assert met() != met(start_seed=1)
    one = sim.intervention("cross_group_ties")
    assert pairs_of(course_of(one, one).network_at(0)) == pairs_of(course_of(one).network_at(0)), "the same ties once"


def test_new_ties_of_the_next_draw_are_not_further_ones_of_this_draw():
    def new(**about):
        one = sim.intervention("cross_group_ties", who="highest_degree", **about)
        return pairs_of(course_of(one).network_at(0)) - pairs_of(NETWORK)

    first, two = new(ties=1), new(ties=2)
    next_draw = new(ties=1, draw=1)
    assert first < two
    assert len(next_draw & two) < len(next_draw) / 2


def test_single_ties_come_and_go_and_a_cut_has_the_last_word():
    network = from_edges([(0, 1), (1, 2)], [False, False, True, True])
    given = [
        sim.intervention(tie=[(3, 0), (0, 1)], cut=[(2, 1)], begin=2, end=5),
        sim.intervention(cut=[(0, 3), (0, 2)], begin=4, end=6),
    ]
    for order in (given, given[::-1]):
        course = course_of(*order, network=network)
        pairs = [pairs_of(course.network_at(step)) for step in range(7)]
        base, changed = {(0, 1), (1, 2)}, {(0, 1), (0, 3)}
        assert pairs == [base, base, changed, changed, {(0, 1)}, base, base]


def test_ties_of_nobody_to_nobody():
    alone = from_edges([], [False])
    assert pairs_of(course_of(sim.intervention("cross_group_ties"), network=alone).network_at(0)) == set()
    for group in (True, False):
        alike = from_edges([(0, 1)], [group, group])
        course = course_of(sim.intervention(ties=5), network=alike)
        assert pairs_of(course.network_at(0)) == {(0, 1)}


def segregation(network, is_ally) -> float:
    """Return assortativity of being an ally over ties between advantaged people, from the definition: a correlation."""
    ends = [(i, j) for i in range(network.n_people) for j in network.neighbours_of(i)
            if not network.is_marginalized[i] and not network.is_marginalized[j]]  # fmt: skip
    first, second = (is_ally[[pair[side] for pair in ends]].astype(float) for side in (0, 1))
    return np.corrcoef(first, second)[0, 1] if ends and 0 < first.sum() < len(ends) else np.nan


def shown_trust(network, trust) -> float:
    across = [(i, j) for i, j in pairs_of(network) if network.is_marginalized[i] != network.is_marginalized[j]]
    levels = [int(trust[i if network.is_marginalized[i] else j] * GRID + 0.5) for i, j in across]
    return np.mean(levels) / GRID if across else np.nan


@schedules
def test_measures_over_ties_follow_the_ties(schedule):
    group = NETWORK.is_marginalized
    bridges = [(int(i), int(j)) for i, j in pairs_of(NETWORK) if group[i] != group[j]]
    given = [
        sim.intervention("cross_group_ties", begin=2, end=6, ties=3),
        sim.intervention(cut=bridges, begin=8, end=10),
        sim.intervention(tie=[(int(ADVANTAGED[0]), int(i)) for i in ADVANTAGED[1:40]], begin=4, end=9),
    ]
    run = recorded(*given, start=0.4, schedule=schedule)
    for step in range(13):
        network = run.course.network_at(step)
        is_ally = (run.trajectory["act"][step] == ALLY) & ~NETWORK.is_marginalized
        expected = [segregation(network, is_ally), shown_trust(network, run.trajectory["trust"][step])]
        row = run.history.iloc[step]
        assert [row.ally_segregation, row.trust_across_ties] == pytest.approx(expected, nan_ok=True), step
    assert run.history.trust_across_ties.isna().tolist() == [step in (8, 9) for step in range(13)]
    assert recorded(*given, steps=5).people.ties.tolist() == run.course.network_at(5).degree.tolist()
