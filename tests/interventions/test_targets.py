"""Whom an intervention picks: against the definition of every rule."""

from __future__ import annotations

import numpy as np
import pytest
from intervening import ADVANTAGED, MARGINALIZED, NETWORK, course_of, pairs_of, picked

import sim
from sim import streams
from sim.interventions import RULES
from sim.networks import from_edges


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
