"""A difference begins where an intervention acts, not before it begins, and travels only along ties."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from sim import InputError, Parameters, intervention, rules, simulate
from sim.effects.tracing import (
    DIRECT,
    NEIGHBOURS,
    TOLD,
    Trace,
    shown_codes,
    trace,
)
from sim.interventions import CATALOGUE
from sim.interventions.reach import MARGINALIZED_ONLY, OF_BOTH
from sim.networks import from_edges, two_groups
from sim.parameters import Numbers, numbers_of
from sim.rules import Response, Stance

N_CASES = 200
OTHERS = ("scene", "shock", "meeting", "parting", "voices")


def random_intervention(rng, network):
    begin = int(rng.integers(0, 20))
    about = {"begin": begin, "end": None if rng.uniform() < 0.5 else begin + int(rng.integers(1, 12))}
    kind = str(rng.choice([*CATALOGUE, *OTHERS]))
    some = [int(i) for i in rng.choice(network.n_people, 3, replace=False)]
    if kind == "scene":
        person = int(rng.choice(np.flatnonzero(~network.is_marginalized)))
        about |= {"people": [person], "force": str(rng.choice([s.name.lower() for s in Stance]))}
    elif kind == "voices":
        person = int(rng.choice(np.flatnonzero(network.is_marginalized)))
        about |= {"people": [person], "force": str(rng.choice([r.name.lower() for r in Response]))}
    elif kind == "shock":
        about |= {"people": some, "set": {"sympathy": 0.9, "stigma": float(rng.uniform()), "trust": 0.2}}
    elif kind == "meeting":
        about |= {"tie": [some[:2], some[1:]]}
    elif kind == "parting":
        about |= {"cut": [(some[0], int(j)) for j in network.neighbours_of(some[0])] or [some[:2]]}
    elif "share" in CATALOGUE[kind].defaults:
        about |= {"share": float(rng.uniform(0.02, 0.3)), "draw": int(rng.integers(3))}
    elif rng.uniform() < 0.5:
        about |= {"who": "random", "count": int(rng.integers(1, 4))}
    return intervention(kind if kind in CATALOGUE else "custom", **about)


@functools.cache
def case(number, schedule="synchronous"):
    rng = np.random.default_rng(number)
    n_people = int(rng.integers(20, 80))
    network = two_groups(n_people, 0.3, mean_degree=float(rng.choice([2, 4, 6])), homophily=0.2, seed=number)
    fixed = [random_intervention(rng, network) for _ in range(rng.integers(0, 2))]
    fixed = [one for one in fixed if not (one.force or (schedule == "shuffled" and one.set))]
    extra = [random_intervention(rng, network)]
    parameters = Parameters(revise=float(rng.uniform(0.05, 0.6)), feedback=0.5 if number % 4 == 0 else 0.0)
    start = str(rng.choice(["silent", "allied", "opposed"]))
    traced = trace(fixed + extra, fixed, parameters=parameters, network=network, steps=25, seed=number,
                   start_seed=number + 1, start=start, schedule=schedule)  # fmt: skip
    return traced, extra[0]


def first_steps(table):
    return table[["first_step_feeling", "first_step_act"]].min(axis=1)


def test_without_interventions_and_with_the_same_ones_nothing_differs():
    for number in range(20):
        traced, one = case(number)
        for arm in ([], [one]):
            same = trace(arm, arm, network=traced.with_.network, steps=10, seed=number)
            assert len(same.people) == len(same.ties) == same.over_time[["acts", "feelings"]].to_numpy().sum() == 0
            assert same.summary().startswith("Nobody differs")


@pytest.mark.parametrize("schedule", ["synchronous", "shuffled"])
def test_nobody_differs_before_the_beginning(schedule):
    for number in range(N_CASES):
        traced, one = case(number, schedule)
        if len(traced.people):
            at_once = one.force or one.set
            assert first_steps(traced.people).min() >= one.begin + (0 if at_once else 1)


@pytest.mark.parametrize("schedule", ["synchronous", "shuffled"])
def test_a_difference_needs_an_intervention_a_word_or_a_carrier(schedule):
    ways = []
    for number in range(N_CASES):
        traced, one = case(number, schedule)
        people = traced.people
        carried = people[people.way == NEIGHBOURS]
        assert (carried.via.map(len) > 0).all()
        if not any(p.feedback > 0 for p in traced.with_.course.numbers(30)) and "feedback" not in one.shift:
            assert TOLD not in set(people.way)
        ways += people.way.tolist()
    assert ways.count(DIRECT) > 1000 and ways.count(NEIGHBOURS) > 1000 and (TOLD in ways)


def test_the_number_of_steps_is_at_least_the_number_of_ties():
    n_far = 0
    for number in range(N_CASES):
        people = case(number)[0].people
        if TOLD in set(people.way):
            continue
        first = first_steps(people)
        assert ((people.distance == 0) == (people.way == DIRECT)).all()
        if len(people):
            begun = first[people.way == DIRECT].min()
            assert (people.distance <= first - begun).all()
            n_far += int((people.distance > 1).sum())
    assert n_far > 100


def test_ties_are_ties_whose_source_showed_something_else():
    for number in range(0, N_CASES, 4):
        traced, _ = case(number)
        first = dict(zip(traced.people.person, first_steps(traced.people), strict=True))
        via = {person: set() for person in traced.people.person}
        for source, target, step in traced.ties.itertuples(index=False):
            assert first[target] == step + 1 and first[source] <= step
            assert shown_by(traced.with_, source, step) != shown_by(traced.without, source, step)
            networks = [run.course.network_at(step) for run in (traced.with_, traced.without)]
            assert any(source in network.neighbours_of(target) for network in networks)
            via[target].add(source)
        assert via == {person: set(row) for person, row in zip(traced.people.person, traced.people.via, strict=True)}


def shown_by(run, i, step):
    state = {name: values[step, i].item() for name, values in run.trajectory.items()}
    if run.network.is_marginalized[i]:
        return rules.shown_by_marginalized(state["act"], state["trust"])
    return rules.shown_by_advantaged(state["act"], state["betrayed"], state["stigma"], state["loyalty"])


def test_codes_tell_apart_exactly_what_the_rules_show():
    run = case(1)[0].with_
    codes = shown_codes(run.trajectory, run.network.is_marginalized)
    for i in range(run.network.n_people):
        words = [shown_by(run, i, step) for step in range(26)]
        pairs = set(zip(words, codes[:, i].tolist(), strict=True))
        assert len(pairs) == len(set(words)) == len(set(codes[:, i].tolist()))


def test_the_numbers_a_group_reads_are_those_its_rules_read():
    class Spy:
        def __init__(self):
            self.read = set()

        def __getattr__(self, name):
            self.read.add(name)
            return getattr(numbers_of(Parameters()), name)

    seen, p, q = rules.Seen(1, 1, 1, 1, 1, 9, 9, 9, 9, 5, 2), Spy(), Spy()
    for stance in Stance:
        view = rules.advantaged_view(p, seen, 0.5)
        rules.choose_stance(p, *rules.stance_utilities(p, 0.1, 0.5, 0.2, view), 0.3)
        rules.next_stigma(p, 0.2, stance, view), rules.next_sympathy(p, 0.2, stance, view)
        rules.scripted(p, stance)
    view = rules.marginalized_view(q, seen)
    rules.choose_response(q, *rules.response_utilities(q, 0.5, view), 0.3), rules.next_trust(q, 0.5, view)
    rules.scripted(q, 1)
    assert q.read - p.read == MARGINALIZED_ONLY
    assert (p.read & q.read) | {"revise"} == OF_BOTH
    start = {"loyalty", "loyalty_spread", "sympathy", "sympathy_spread", "trust", "trust_spread"}
    start |= {"crossing_share", "crossing_release"}
    assert set(Numbers._fields) - start == p.read | q.read | {"revise"}


def test_a_scene_on_a_chain_travels_one_tie_a_step():
    labels = ["Ann", "Bo", "Cy", "Di"]
    network = from_edges([(0, 1), (1, 2), (2, 3)], [False, True, True, True], labels=labels)
    scene = intervention("scene", people=["Ann"], force="oppose", begin=4)
    traced = trace([scene], network=network, steps=20, seed=2)
    people = traced.people.set_index("person")
    assert people.index[0] == "Ann" and people.first_step_act["Ann"] == 4
    assert people.first_step_feeling["Bo"] == 5 and people.via["Bo"] == ("Ann",)
    assert people.distance.to_dict() == {label: labels.index(label) for label in people.index}
    assert "Ann" in set(traced.ties.source) and traced.over_time.query("step == 4").acts.tolist() == [1, 0]
    assert traced.over_time.query("step == 5").feelings.tolist()[1] == 1
    assert "1 of 4 people was directly reached" in traced.summary()


def test_a_tie_that_is_there_only_in_the_last_state_brings_people_nearer():
    """Both runs end with a tie between the ends of a chain, too late for anything to travel along it."""
    network = from_edges([(0, 1), (1, 2), (2, 3)], [False, True, True, True])
    scene = intervention("scene", people=[0], force="oppose", begin=4)
    late = intervention(tie=[(0, 3)], begin=20)
    far, near = (
        trace([scene, *both], both, network=network, steps=20, seed=2).people.set_index("person").distance
        for both in ([], [late])
    )
    assert far.to_dict() == {0: 0, 1: 1, 2: 2, 3: 3}
    assert near.to_dict() == {0: 0, 1: 1, 2: 2, 3: 1}


@pytest.mark.parametrize(("heed", "is_told"), [(0.0, False), (0.5, True)])
def test_nobody_who_heeds_nothing_is_told_something(heed, is_told):
    network = two_groups(60, 0.3, mean_degree=6, seed=3)
    common = [intervention("norm_feedback")]
    shock = intervention(who="random", share=0.3, set={"sympathy": -1.0}, begin=5)
    traced = trace([*common, shock], common, parameters=Parameters(heed=heed), network=network, steps=20, seed=2)
    assert len(traced.people) > 10
    assert traced.told.any() == (TOLD in set(traced.people.way)) == is_told


def test_the_same_differences_are_counted_over_time_and_in_the_table():
    for number in range(0, N_CASES, 10):
        traced, _ = case(number)
        over, network = traced.over_time, traced.with_.network
        assert len(over) == 2 * 26
        ever = traced.people.groupby("group").size()
        for name in network.group_names:
            of_group = over[over.group == name]
            assert (of_group.either >= of_group[["acts", "feelings"]].max(axis=1)).all()
            assert of_group.either.max() <= ever.get(name, 0)


def test_what_cannot_be_traced_is_refused():
    network = two_groups(30, mean_degree=4, seed=1)
    with pytest.raises(InputError, match="interventions"):
        trace("protection", network=network, steps=3)
    with pytest.raises(InputError, match="network"):
        trace([], network=5, steps=3)
    plain = simulate(network=network, steps=3)
    with pytest.raises(InputError, match="record_people"):
        Trace(plain, plain)
    one, other = (simulate(network=network, steps=3, seed=seed, record_people=True) for seed in (1, 2))
    with pytest.raises(InputError, match="same"):
        Trace(one, other)


def test_a_ramp_longer_than_the_tables_that_are_kept_is_traced_to_its_end():
    network = two_groups(n_people=10, mean_degree=3, homophily=0.0, seed=1)
    slow = intervention("custom", people=[3], shift={"conformity": 1.0}, begin=0, ramp=2100, end=2101)
    reached = trace([slow], network=network, steps=2300, seed=1).reached
    assert reached[1:2101, 3].all() and not reached[2102:, 3].any()
