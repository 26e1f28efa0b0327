"""What an intervention does, when, and to whom: against brute force, cases worked out by hand, and its sentence."""

from __future__ import annotations

import functools
import json
import tracemalloc
from typing import NamedTuple

import numpy as np
import pytest
from published import published

import sim
from sim import streams
from sim.interventions import CATALOGUE, RULES, Course
from sim.interventions.intervention import CHANGEABLE
from sim.networks import from_edges, two_groups
from sim.parameters import KNOBS, numbers_of
from sim.rules import ALLY, BYSTAND, GRID, OPPOSE, WELCOME, WITHDRAW

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


# === knobs ==============================================================================================


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


# === scripts ============================================================================================


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


# === what people are set to =============================================================================


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


# === ties ===============================================================================================


def pairs_of(network) -> set:
    return {(i, int(j)) for i in range(network.n_people) for j in network.neighbours_of(i) if i < j}


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


# === what is made known =================================================================================


@schedules
@pytest.mark.parametrize("revise", [0.1, 1.0])
def test_what_is_made_known_is_believed(schedule, revise):
    one = sim.intervention("norm_feedback", begin=3, end=9)
    parameters = published(sympathy=0.3, appeals=0.05, revise=revise)
    run = recorded(one, parameters=parameters, schedule=schedule)
    known = abs(run.history.perception_gap) < 1e-9
    assert known.tolist() == [3 <= step < 9 for step in range(13)]
    assert run.history.private_support.nunique() > 3, "it follows what people think as they change"


# === small cases worked out by hand, in both engines ====================================================


def by_engine(parameters, network, start, steps, given):
    return sim.simulate(parameters, network, start=start, steps=steps, seed=11, interventions=given).state


def by_threads(parameters, network, start, steps, given):
    settings = {"start": start, "steps": steps, "seed": 11, "interventions": given}
    return sim.simulate(parameters, network, threads=2, **settings).state


def by_mesa(parameters, network, start, steps, given):
    model = sim.AllyshipModel(parameters, network=network, start=start, rng=11, interventions=given)
    model.run_for(steps)
    return model.state


engines = pytest.mark.parametrize("run", [by_engine, by_threads, by_mesa])
CERTAIN = published(revise=1, noise=0, contact=0.1, internalise=0.2, sympathy_spread=0, loyalty_spread=0,
                         trust_spread=0, sympathy=0.5, loyalty=0.5, trust=0.75)  # fmt: skip
PATH = from_edges([(0, 1), (1, 2)], [False, False, True])  # an ally, a silent one, one who welcomes
BEGIN = ["ally", "bystand", "welcome"]


@engines
def test_three_in_a_row_when_the_one_in_the_middle_is_made_to_oppose(run):
    """As in `test_hand_worked`, but person 1 opposes in state 1, and is free again.

    State 1: stigma of 1 is .8 * .2 * .4 * 1.2 * .2/2 (opposing sheds it), sympathy .5 + .1 * .5 * .5 + .2 (-1 - .5).

    State 2: 0 sees an opposer: oppose -.8 + 3.5 - 1.5 = 1.2. 1 sees silence and a welcome: ally .45 + 1.5 - .02304 -
    .3 - 1.5 > 0. 2 sees an opposer: withdraw 2 against welcome 1, trust .75 (1 - .2).
    """
    scene = [sim.intervention("scene", people=[1], force="oppose", begin=1, end=2)]
    state = run(CERTAIN, PATH, BEGIN, 1, scene)
    assert (state.act.tolist(), state.betrayed.tolist()) == ([BYSTAND, OPPOSE, WELCOME], [1, 0, 0])
    assert state.stigma[1] == pytest.approx(0.00768, rel=1e-12)
    assert state.sympathy[1] == pytest.approx(0.225, rel=1e-12)
    state = run(CERTAIN, PATH, BEGIN, 2, scene)
    assert (state.act.tolist(), state.betrayed.tolist()) == ([OPPOSE, ALLY, WITHDRAW], [0, 0, 0])
    assert state.stigma.tolist() == pytest.approx([0, 0.111744, 0], rel=1e-12)
    assert state.sympathy.tolist() == pytest.approx([0.12, 0.41875, 0], rel=1e-12)
    assert state.trust[2] == pytest.approx(0.6, rel=1e-12)


STAR = from_edges([(0, 4), (1, 4), (2, 4), (3, 4)], [False] * 4 + [True])
FAITHFUL = CERTAIN.replace(conviction=10, sympathy=1, trust=0.5, internalise=0, contact=0, repair=0)


@engines
@pytest.mark.parametrize(("repair", "lost"), [(0.0, 0.2), (0.6, 0.08)])
def test_five_people_two_allies_who_fall_silent_and_what_repair_does(run, repair, lost):
    """Four allies without stigma build trust .5 + .15 * .2 * .5. Then two betray: half of the ties, so .4 / 2 is lost.

    The two others bear stigma .2 * .4 * 1.2 * 1.2 = .1152, seen as 7/64: credible .2 / 2 + .8 * 7/64 / 2.
    """
    given = [sim.intervention("scene", people=[0, 1], force="bystand", begin=1, end=2)]
    if repair:
        given.append(sim.intervention("trust_repair", begin=1, end=2, shift={"repair": repair}))
    one = run(FAITHFUL, STAR, "allied", 1, given)
    assert (one.act.tolist()[:4], one.betrayed.tolist()) == ([BYSTAND, BYSTAND, ALLY, ALLY], [1, 1, 0, 0, 0])
    assert one.trust[4] == pytest.approx(0.515, rel=1e-12)
    two = run(FAITHFUL, STAR, "allied", 2, given)
    assert (two.act.tolist()[:4], two.betrayed.tolist()) == ([ALLY] * 4, [0] * 5)
    assert two.trust[4] == pytest.approx(0.515 + 0.15 * 0.14375 * 0.485 - lost * 0.515, rel=1e-12)


@engines
def test_five_people_when_two_never_were_allies(run):
    """Silent from the start, nobody was betrayed: trust .5 + .15 (.2 / 2) .5."""
    given = [sim.intervention("scene", people=[0, 1], force="bystand", end=1)]
    assert run(FAITHFUL, STAR, "allied", 0, given).act.tolist()[:4] == [BYSTAND, BYSTAND, ALLY, ALLY]
    state = run(FAITHFUL, STAR, "allied", 1, given)
    assert state.trust[4] == pytest.approx(0.5075, rel=1e-12)
    assert (state.act.tolist()[:4], state.betrayed.tolist()) == ([ALLY] * 4, [0] * 5)


@engines
def test_five_strangers_who_meet_for_two_steps(run):
    """Nobody knows anybody; in steps 1 and 2 person 4 knows two allies, in step 2 all four but person 0, who is cut."""
    strangers = from_edges([], [False] * 4 + [True])
    given = [
        sim.intervention(tie=[(0, 4), (1, 4)], begin=1, end=3),
        sim.intervention(tie=[(4, 2), (4, 3)], cut=[(4, 0)], begin=2, end=3),
    ]
    parameters = FAITHFUL.replace(cost_credibility=0)  # credible support is the share of allies: 1 with ties, else 0
    trust = [0.5, 0.5, 0.5 + 0.15 * 0.5, 0.575 + 0.15 * 0.425, 0.575 + 0.15 * 0.425]
    for steps, expected in enumerate(trust):
        state = run(parameters, strangers, "allied", steps, given)
        assert state.trust[4] == pytest.approx(expected, rel=1e-12), steps
    marginalized_share = [0, 0, 1, 1, 0]  # of the ties of person 1 in the step before
    stigma = 0.0
    for steps in range(5):
        if steps:
            stigma = 0.8 * stigma + 0.2 * 0.4 * 1.2 * (1 + 0.2 * marginalized_share[steps])
        assert run(parameters, strangers, "allied", steps, given).stigma[1] == pytest.approx(stigma, rel=1e-12)


@engines
def test_five_people_who_are_told_what_most_think(run):
    """A ring of opposers, four of five of them sympathetic; all are told at step 0: the norm of -1 becomes +.6.

    With heed 1, 0 sympathy counts 2 * .5 + .5 * 7 * .6 = 3.1 for allyship, less pressure 2 and effort 1.5: below 0.
    Token: .5 (2.1 - 2) - 1.75. Oppose: -3.1 - 1.5. So silence. Unsympathetic: ally -.4, oppose -.6: silence too.
    Untold, all of them oppose: -1 + 3.5 - 1.5, and 1 + 3.5 - 1.5.
    """
    ring = from_edges([(0, 1), (1, 2), (2, 3), (3, 4), (4, 0)], [False] * 5)
    parameters = CERTAIN.replace(heed=1, conformity=7, conviction=2, sanction=2, effort=1.5)
    minority = sim.intervention(set={"sympathy": -0.5}, people=[2])
    assert run(parameters, ring, "opposed", 1, [minority]).act.tolist() == [OPPOSE] * 5
    told = [minority, sim.intervention("norm_feedback", end=1)]
    assert run(parameters, ring, "opposed", 1, told).act.tolist() == [BYSTAND] * 5
    two = [minority, sim.intervention("norm_feedback", people=[0, 3], end=1)]
    assert run(parameters, ring, "opposed", 1, two).act.tolist() == [BYSTAND, OPPOSE, OPPOSE, BYSTAND, OPPOSE]


# === whom a rule picks ==================================================================================


def neighbours(network, i) -> list:
    return [int(j) for j in network.neighbours_of(i)]


def score_by_definition(who, network, state, pool, draw=0) -> dict:
    """Return what a rule goes by, person by person."""
    group = network.is_marginalized
    if who == "random":
        return dict.fromkeys(pool, 0)
    if who == "highest_degree":
        return {i: len(neighbours(network, i)) for i in pool}
    if who == "bridging":
        return {i: sum(group[j] != group[i] for j in neighbours(network, i)) for i in pool}
    if who == "peer_nominated":
        named = dict.fromkeys(range(network.n_people), 0)
        for i in named:
            if known := neighbours(network, i):
                luck = streams.uniform(i, 2 * draw + 1, streams.TARGETS, 0, 0)
                named[known[int(luck * len(known))]] += 1
        return {i: named[i] for i in pool}
    if who == "most_sympathetic":
        return {i: state.trust[i] if group[i] else state.sympathy[i] for i in pool}
    if who == "most_loyal":
        return {i: state.loyalty[i] for i in pool}
    ties, loyalty = {i: len(neighbours(network, i)) for i in pool}, {i: state.loyalty[i] for i in pool}
    return {i: sum(ties[j] < ties[i] for j in pool) + sum(loyalty[j] < loyalty[i] for j in pool) for i in pool}


@pytest.mark.parametrize("who", RULES[1:])
@pytest.mark.parametrize("group", ["advantaged", "marginalized", "both"])
@pytest.mark.parametrize("draw", [0, 3])
def test_rules_pick_those_who_score_highest_by_definition(who, group, draw):
    is_private = who in ("most_sympathetic", "most_loyal", "appointed")
    pool = ADVANTAGED if group == "both" and is_private else course_of(
        sim.intervention(group=group, shift={"effort": 1})).picked[0]  # fmt: skip
    state = sim.simulate(network=NETWORK, steps=0, start_seed=0).state
    score = score_by_definition(who, NETWORK, state, [int(i) for i in pool], draw)
    for count in {*range(0, len(pool), 2), len(pool) - 1, len(pool)}:
        chosen = picked(who=who, group=group, count=count, draw=draw).tolist()
        assert len(chosen) == len(set(chosen)) == count
        assert chosen == sorted(chosen)
        assert set(chosen) <= set(score)
        rest = [score[i] for i in score if i not in chosen]
        assert not chosen or not rest or min(score[i] for i in chosen) >= max(rest)


@pytest.mark.parametrize("who", RULES[1:])
def test_a_share_is_a_rounded_count_and_larger_ones_contain_smaller_ones(who):
    last = set()
    for share in (0.0, 1e-9, 0.02, 0.1, 0.25, 0.5, 0.51, 0.99, 1.0):
        chosen = picked(who=who, group="advantaged", share=share).tolist()
        assert len(chosen) == max(round(share * 60), share > 0)
        assert chosen == picked(who=who, group="advantaged", count=len(chosen)).tolist()
        assert last <= set(chosen)
        last = set(chosen)
    assert last == set(ADVANTAGED.tolist())


@pytest.mark.parametrize("who", RULES[1:])
def test_picks_belong_to_the_start_seed_only(who):
    one = sim.intervention(who=who, share=0.2, group="advantaged", shift={"effort": 1})
    same = sim.simulate(network=NETWORK, steps=0, seed=1, start_seed=6, interventions=[one]).picked[0]
    names = [f"person {i}" for i in range(80)]
    named = from_edges(sorted(pairs_of(NETWORK)), NETWORK.is_marginalized, labels=names)
    for about in ({"seed": 2}, {"schedule": "shuffled"}, {"steps": 9}, {"network": named}, {"start": "allied"},
                  {"interventions": [sim.intervention("ridicule"), one]}):  # fmt: skip
        settings = {"network": NETWORK, "steps": 0, "seed": 1, "start_seed": 6, "interventions": [one]} | about
        assert np.array_equal(sim.simulate(**settings).picked[-1], same), about
    model = sim.AllyshipModel(network=NETWORK, rng=99, start_seed=6, interventions=[one])
    assert np.array_equal(model.course.picked[0], same)
    other = picked(who=who, share=0.2, group="advantaged", start_seed=7)
    assert who in ("highest_degree", "bridging") or not np.array_equal(other, same)


@pytest.mark.parametrize("who", ["random", "peer_nominated"])
def test_another_draw_is_other_people(who):
    draws = [tuple(picked(who=who, share=0.2, group="advantaged", draw=draw)) for draw in range(5)]
    assert len(set(draws)) == 5
    assert picked(who=who, share=0.2, group="advantaged", draw=10**6).size == 12


def test_whom_chance_picks_has_nothing_to_do_with_whom_people_name():
    """Each of 200 advantaged people knows two others, whom nobody else knows, and names one: the first by luck < .5.

    Chance picks half of the advantaged people: about as many of them as of all have named the first.
    """
    n = 200
    edges = [pair for i in range(n) for pair in ((i, n + i), (i, 2 * n + i))]
    network = from_edges(edges, [False] * n + [True] * 2 * n)
    for draw in range(4):
        named = picked(network, who="peer_nominated", group="marginalized", count=n, draw=draw)
        named_first = np.isin(np.arange(n) + n, named)
        assert 60 < named_first.sum() < 140
        for other in range(8):
            chosen = picked(network, who="random", group="advantaged", share=0.5, draw=other)
            assert abs(named_first[chosen].mean() - named_first.mean()) < 0.15, (draw, other)


@pytest.mark.parametrize("who", ["most_loyal", "appointed", "most_sympathetic"])
def test_rules_by_what_advantaged_people_feel_pick_among_them_unless_told_otherwise(who):
    assert picked(who=who, share=1.0).tolist() == ADVANTAGED.tolist()
    assert picked(who=who, share=0.5).tolist() == picked(who=who, share=0.5, group="advantaged").tolist()


@pytest.mark.parametrize("who", ["random", "highest_degree", "peer_nominated", "bridging"])
def test_of_equals_chance_decides(who):
    """Everybody is tied to everybody: over 400 draws of 3 out of 12, each is picked about 100 times."""
    network = sim.networks.complete(n_people=12, marginalized_share=0.5, seed=1)
    times = np.zeros(12)
    for draw in range(400):
        times[picked(network=network, who=who, count=3, draw=draw)] += 1
    assert times.sum() == 1200
    assert ((times - 100) ** 2).sum() / 75 < 31.3  # chi-square, 11 degrees of freedom: exceeded once in a thousand


def test_everybody_is_everybody_of_the_group():
    assert np.array_equal(picked(), np.arange(80))
    assert np.array_equal(picked(group="advantaged"), ADVANTAGED)
    assert np.array_equal(picked(group="marginalized"), MARGINALIZED)


def test_people_by_their_labels():
    network = from_edges([(0, 1), (1, 2)], [False, False, True], labels=["Ada", "Bo", "Cem"])
    assert picked(network, people=["Cem", "Ada", "Cem"]).tolist() == [0, 2]
    assert picked(network, people=np.array(["Bo"])).tolist() == [1]
    mixed = from_edges([(0, 1)], [False, False], labels=[7, "7"])
    assert [picked(mixed, people=[label]).tolist() for label in (7, "7", np.int64(7))] == [[0], [1], [0]]
    assert picked(people=range(3, 6)).tolist() == [3, 4, 5]
    assert picked(people=ADVANTAGED).tolist() == ADVANTAGED.tolist()


@pytest.mark.parametrize("share", [0.0, 1.0])
@pytest.mark.parametrize("n_people", [1, 6])
@pytest.mark.parametrize("who", RULES)
def test_empty_groups_and_lonely_people(share, n_people, who):
    network = from_edges([(i, i + 1) for i in range(n_people - 1)], [share == 1.0] * n_people)
    for group, n_picked in (("advantaged", n_people * (share == 0)), ("marginalized", n_people * (share == 1))):
        much = {} if who == "everybody" else {"share": 1.0}
        given = [
            sim.intervention(shift={"effort": -1}, set={"trust": 1}, ties=2, who=who, group=group, **much),
            sim.intervention(force="ally" if group == "advantaged" else "welcome", who=who, group=group, **much),
        ]
        run = sim.simulate(network=network, steps=4, interventions=given)
        assert [len(people) for people in run.picked] == [n_picked] * 2
        model = sim.AllyshipModel(network=network, rng=0, interventions=given)
        model.run_for(4)
        assert model.state == run.state


# === ready-made ones ====================================================================================


@pytest.mark.parametrize("kind", CATALOGUE)
def test_ready_made_ones_do_what_is_written_and_can_be_changed(kind):
    entry, one = CATALOGUE[kind], sim.intervention(kind)
    for name, value in entry.defaults.items():
        assert getattr(one, name) == value
    assert entry.sentence.endswith(".")
    assert entry.source
    assert sim.intervention(kind, end=500, strength=2).strength == 2
    assert sim.intervention(kind, people=[3]).share is None
    assert sim.intervention(kind, who="random", count=3).count == 3
    assert sim.intervention(**one.to_dict()) == one


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [("bystander_training", {"who": "everybody"}), ("empathy", {"group": "both"}), ("accountability", {"scale": {}}),
     ("betrayal_scandal", {"begin": 0}), ("betrayal_scandal", {"begin": 5, "end": None}),
     ("safe_spaces", {"group": "both"})],
)  # fmt: skip
def test_a_changed_ready_made_one_comes_back_from_its_dictionary(kind, arguments):
    one = sim.intervention(kind, **arguments)
    content = json.loads(json.dumps(one.to_dict()))
    assert sim.intervention(**content) == sim.interventions.interventions_of([content])[0] == one


def test_a_scandal_can_be_moved():
    assert sim.intervention("betrayal_scandal", begin=200).end == 201


class Row(NamedTuple):
    """Where a ready-made intervention matters, and which way."""

    base: str  # preset
    start: str
    column: str  # of the history, or "others": share of allies among those it does not reach
    sign: int
    least: float  # the move must be larger than this
    last: slice = slice(-50, None)


DIRECTIONS = {
    "bystander_training": Row("spread", "silent", "ally_share", +1, 0.03),
    "accountability": Row("mixed", "silent", "oppose_share", -1, 0.02),
    "protection": Row("opposition", "allied", "ally_share", +1, 0.01),
    "empathy": Row("default", "silent", "mean_sympathy", +1, 0.05),
    "contact": Row("default", "allied", "mean_sympathy", +1, 0.01),
    "cross_group_ties": Row("default", "allied", "ally_share", +1, 0.02),
    "norm_feedback": Row("default", "opposed", "oppose_share", -1, 0.4),
    "amplify_voices": Row("spread", "silent", "gatekeep_share", -1, 0.01),
    "safe_spaces": Row("default", "opposed", "withdraw_share", -1, 0.15),
    "trust_repair": Row("default", "silent", "mean_trust", +1, 0.05),
    "leader_endorsement": Row("silence", "silent", "others", +1, 0.02),
    "committed_allies": Row("default", "opposed", "others", +1, 0.2),
    "curb_tokens": Row("hollow", "allied", "token_share", -1, 0.3),
    "ridicule": Row("default", "silent", "ally_share", -1, 0.15),
    "betrayal_scandal": Row("default", "allied", "mean_trust", -1, 0.04, slice(101, 121)),
    "token_campaign": Row("spread", "silent", "token_share", +1, 0.1),
}
SEEDS = range(12)


@functools.cache
def town(seed):
    return two_groups(300, 0.2, mean_degree=10, seed=seed)


def moves(kind, row) -> np.ndarray:
    """Return how much the outcome moves, seed by seed."""
    found, parameters = [], sim.parameters.preset(row.base)
    for seed in SEEDS:
        settings = {"network": town(seed), "steps": 200, "start": row.start, "seed": seed, "record_people": True}
        without, with_it = (sim.simulate(parameters, interventions=given, **settings) for given in ([], [kind]))
        others = np.setdiff1d(np.flatnonzero(~town(seed).is_marginalized), with_it.picked[0])
        one, other = (
            (run.trajectory["act"][:, others] == ALLY).mean(axis=1) if row.column == "others"
            else run.history[row.column].to_numpy() for run in (with_it, without)
        )  # fmt: skip
        found.append((one - other)[row.last].mean())
    return np.array(found)


def lower_bound(values):
    rng = np.random.default_rng(1)
    return np.quantile(rng.choice(values, (2000, len(values))).mean(axis=1), 0.01)


def test_every_ready_made_one_has_a_row():
    assert set(DIRECTIONS) == set(CATALOGUE)


@pytest.mark.slow
@pytest.mark.parametrize("kind", DIRECTIONS)
def test_a_ready_made_one_does_what_its_sentence_says(kind):
    row = DIRECTIONS[kind]
    assert lower_bound(row.sign * moves(kind, row)) > row.least


@pytest.mark.slow
@pytest.mark.parametrize("kind", [kind for kind, entry in CATALOGUE.items() if entry.is_harmful])
def test_harmful_ones_harm(kind):
    """Each lowers trust or allyship, where there is some to lose."""
    last = DIRECTIONS[kind].last
    trust, allies = (moves(kind, Row("default", "allied", name, -1, 0, last)) for name in ("mean_trust", "ally_share"))
    assert max(lower_bound(-trust), lower_bound(-allies)) > 0.05
