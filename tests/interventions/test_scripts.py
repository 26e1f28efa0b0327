"""Scripted people show their act, and people who are set to something live on from it."""

from __future__ import annotations

import numpy as np
import pytest
from intervening import (
    ADVANTAGED,
    MARGINALIZED,
    NETWORK,
    RELUCTANT,
    recorded,
    schedules,
)
from published import published

import sim
from sim.rules import ALLY, BYSTAND


@schedules
@pytest.mark.parametrize(("begin", "end"), [(0, 1), (0, 4), (1, 2), (3, 7), (11, 12), (12, 13), (5, None)])
def test_scripted_people_show_their_act_from_begin_until_before_the_end(begin, end, schedule):
    one = sim.intervention("committed_allies", share=0.3, begin=begin, end=end)
    run = recorded(one, parameters=RELUCTANT, schedule=schedule)
    others = np.setdiff1d(ADVANTAGED, run.picked[0])
    assert len(run.picked[0]) == 18
    for step in range(13):
        is_on = begin <= step and (end is None or step < end)
        assert (run.trajectory["act"][step, run.picked[0]] == (ALLY if is_on else BYSTAND)).all(), step
        assert (run.trajectory["act"][step, others] == BYSTAND).all()


@schedules
def test_marginalized_people_can_be_scripted_too(schedule):
    one = sim.intervention(force="gatekeep", who="highest_degree", count=5, begin=2, end=6)
    run = recorded(one, parameters=published(gatekeep_effort=100, revise=1), schedule=schedule)
    assert NETWORK.is_marginalized[run.picked[0]].all()
    gatekeeps = run.trajectory["act"][:, MARGINALIZED] == 0
    expected = np.isin(MARGINALIZED, run.picked[0]) & np.isin(np.arange(13), range(2, 6))[:, None]
    assert np.array_equal(gatekeeps[1:], expected[1:])


def test_nobody_sleeps_through_a_script_or_is_woken_after_it():
    one = sim.intervention("committed_allies", share=0.3, begin=3, end=5)
    run = recorded(one, parameters=RELUCTANT.replace(revise=0))
    assert (run.trajectory["act"][3:, run.picked[0]] == ALLY).all(), "whoever never reconsiders stays as scripted"
    assert (run.trajectory["act"][:3] == run.trajectory["act"][0]).all()


def test_a_script_holds_at_any_strength_and_during_a_ramp():
    one = sim.intervention("committed_allies", share=0.3, begin=2, strength=0.01, ramp=10)
    run = recorded(one, parameters=RELUCTANT)
    assert (run.trajectory["act"][2:, run.picked[0]] == ALLY).all()


@schedules
def test_scripts_that_follow_each_other(schedule):
    people, acts = [ADVANTAGED[0]], ["oppose", "ally", "token", "bystand", "ally"]
    given = [sim.intervention("scene", people=people, force=a, begin=i, end=i + 1) for i, a in enumerate(acts)]
    run = recorded(*given, schedule=schedule)
    assert run.trajectory["act"][:5, ADVANTAGED[0]].tolist() == [0, 3, 2, 1, 3]
    assert run.trajectory["betrayed"][:5, ADVANTAGED[0]].tolist() == [0, 0, 1, 0, 0]


def test_a_scripted_turn_from_allyship_is_a_betrayal():
    faithful = published(effort=0, conviction=100, sympathy=1, sympathy_spread=0, revise=0.5)
    for force in ("bystand", "token", "oppose"):
        one = sim.intervention(force=force, who="random", share=0.5, begin=4, end=6)
        run = recorded(one, parameters=faithful, start="allied")
        betrayed = np.flatnonzero(run.trajectory["betrayed"][4])
        assert betrayed.tolist() == run.picked[0].tolist()
        assert not run.trajectory["betrayed"][5].any(), "a betrayal is fresh for one step"
        assert run.history.betrayals.tolist() == [0] * 4 + [30] + [0] * 8


def test_nobody_is_betrayed_at_the_very_beginning():
    one = sim.intervention("betrayal_scandal", begin=0, end=1, share=1.0)
    run = recorded(one, parameters=RELUCTANT, start="allied")
    assert (run.trajectory["act"][0, ADVANTAGED] == BYSTAND).all()
    assert not run.trajectory["betrayed"][0].any()
    assert run.history.betrayals.iloc[0] == run.history.betrayals.iloc[1] == 0


def test_a_script_that_begins_where_a_run_goes_on_is_a_betrayal():
    half = recorded(start="allied", steps=5)
    allies = np.flatnonzero((half.state.act == ALLY) & ~NETWORK.is_marginalized)
    assert len(allies)
    run = recorded(sim.intervention("betrayal_scandal", share=1.0, begin=5, end=6), start=half)
    assert set(allies) <= set(np.flatnonzero(run.trajectory["betrayed"][0]))


def test_whoever_is_scripted_as_an_ally_where_a_run_goes_on_betrays_nobody():
    half = recorded(start="allied", steps=1, parameters=published(revise=1))
    assert half.state.betrayed.any()
    run = recorded(sim.intervention("committed_allies", share=1.0), start=half, steps=0)
    assert not run.state.betrayed.any()


@schedules
@pytest.mark.parametrize("begin", [0, 1, 6, 12])
def test_people_are_set_once_and_then_live_on(begin, schedule):
    values = {"sympathy": -0.75, "loyalty": 0.125, "stigma": 0.5, "trust": 1.0}
    one = sim.intervention(set=values, who="random", share=0.5, begin=begin)
    run, without = recorded(one, schedule=schedule), recorded(schedule=schedule)
    for name, value in values.items():
        concerned = np.isin(np.arange(80), run.picked[0]) & (NETWORK.is_marginalized == (name == "trust"))
        expected = np.where(concerned, value, without.trajectory[name][begin])
        assert np.array_equal(run.trajectory[name][begin], expected), name
        assert np.array_equal(run.trajectory[name][:begin], without.trajectory[name][:begin])
    assert np.array_equal(run.trajectory["act"][: begin + 1], without.trajectory["act"][: begin + 1])
    if begin < 12:
        assert not np.array_equal(run.trajectory["stigma"][begin + 1], run.trajectory["stigma"][begin])
    assert (run.trajectory["loyalty"][begin:, ADVANTAGED] == run.trajectory["loyalty"][begin, ADVANTAGED]).all()


def test_different_traits_can_be_set_at_once_and_again_later():
    given = [sim.intervention(set={"trust": value}, begin=begin) for begin, value in ((0, 0.25), (5, 1.0), (7, 0.0))]
    given.append(sim.intervention(set={"sympathy": 0.5}, begin=5))
    run = recorded(*given)
    for step, value in ((0, 0.25), (5, 1.0), (7, 0.0)):
        assert (run.trajectory["trust"][step, MARGINALIZED] == value).all()
    assert (run.trajectory["sympathy"][5, ADVANTAGED] == 0.5).all()


def test_what_has_no_strength_sets_nothing_and_gets_in_nobodys_way():
    given = [sim.intervention(set={"trust": 0.25}, strength=0), sim.intervention(set={"trust": 1.0})]
    for order in (given, given[::-1]):
        assert (recorded(*order).trajectory["trust"][0, MARGINALIZED] == 1.0).all()
