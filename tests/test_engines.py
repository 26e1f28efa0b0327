"""The two engines live the same lives: every person, every variable, every step, to the last bit."""

from __future__ import annotations

import dataclasses

import networkx as nx
import numpy as np
import pytest

import sim
from sim.tallies import N_TALLIES
from sim.verification.configurations import random_run
from sim.verification.engines import compared
from sim.verification.luck import Luck

N_CONFIGURATIONS = 500


@pytest.mark.parametrize("block", range(10))
@pytest.mark.filterwarnings("ignore::sim.networks.NetworkWarning")
def test_both_engines_agree_on_random_configurations(block):
    for case in range(N_CONFIGURATIONS // 10):
        given = random_run(Luck(20261120, 1000 * block + case))
        found = compared(given)
        assert found.is_within, (block, case, found, given)


def test_the_comparison_notices_one_wrong_bit(monkeypatch):
    network = sim.networks.two_groups(n_people=40, mean_degree=6, seed=1)
    given = {"parameters": sim.Parameters(), "network": network, "steps": 3, "seed": 1}
    assert compared(given).is_within
    state_of = sim.AllyshipModel.state.fget

    def off_by_one_bit(model):
        state = state_of(model)
        stigma = np.array(state.stigma)
        stigma[5] = np.nextafter(stigma[5], 1)
        return dataclasses.replace(state, stigma=stigma)

    monkeypatch.setattr(sim.AllyshipModel, "state", property(off_by_one_bit))
    assert not compared(given).is_within


@pytest.mark.parametrize("threads", [2, 3])
@pytest.mark.parametrize("n_people", [1, 5, 700, 3001])
def test_threads_do_not_change_a_bit(threads, n_people):
    network = sim.networks.scale_free(n_people=n_people, mean_degree=min(6, (n_people - 1) // 2 * 2), seed=3)
    one = sim.simulate(network=network, steps=25, seed=5, start=0.2, threads=1)
    many = sim.simulate(network=network, steps=25, seed=5, start=0.2, threads=threads)
    assert one.state == many.state
    assert one.tallies.tobytes() == many.tallies.tobytes()


def test_labels_do_not_change_a_bit():
    graph = nx.karate_club_graph()
    named = nx.relabel_nodes(graph, {node: f"person {node}" for node in graph})
    runs = []
    for g in (graph, named):
        with pytest.warns(sim.networks.NetworkWarning):
            network = sim.networks.from_networkx(g, group="club", marginalized="Officer")
        runs.append(sim.simulate(network=network, steps=60, seed=2))
    assert runs[0].state == runs[1].state
    assert runs[0].history.equals(runs[1].history)
    assert list(runs[1].people["person"])[:2] == ["person 0", "person 1"]


def test_seeds_change_what_they_are_for():
    network = sim.networks.two_groups(n_people=300, seed=1)

    def run(**seeds):
        return sim.simulate(network=network, steps=30, **seeds)

    base, other_luck, other_people = run(seed=0, start_seed=0), run(seed=1, start_seed=0), run(seed=0, start_seed=1)
    assert np.array_equal(base.state.loyalty, other_luck.state.loyalty)
    assert not np.array_equal(base.state.act, other_luck.state.act)
    assert not np.array_equal(base.state.loyalty, other_people.state.loyalty)
    assert run(seed=0).state == base.state, "the start seed is the seed unless given"


@pytest.mark.parametrize("schedule", ["synchronous", "shuffled"])
def test_a_run_can_be_interrupted_and_continued(schedule):
    network = sim.networks.two_groups(n_people=200, seed=1)
    settings = {"network": network, "seed": 9, "schedule": schedule}
    whole = sim.simulate(steps=41, start=0.3, **settings)
    half = sim.simulate(steps=17, start=0.3, **settings)
    rest = sim.simulate(steps=24, start=half, **settings)
    assert rest.state == whole.state
    assert rest.history["step"].iloc[0] == 17
    assert rest.tallies.tobytes() == whole.tallies[17:].tobytes()
    model = sim.AllyshipModel(network=network, rng=9, start=half, schedule=schedule)
    model.run_for(24)
    assert model.state == whole.state


@pytest.mark.parametrize("schedule", ["synchronous", "shuffled"])
def test_watching_does_not_move_the_run(schedule):
    network = sim.networks.two_groups(n_people=300, homophily=0.4, seed=1)
    settings = {"network": network, "steps": 40, "seed": 4, "start": 0.4, "schedule": schedule}
    watched = sim.simulate(record_people=True, **settings)
    unwatched = sim.simulate(observe=False, **settings)
    assert watched.state == unwatched.state
    assert len(watched.history) == 41
    last = watched.history.tail(1).reset_index(drop=True)
    assert unwatched.history.equals(last)


def test_first_allies_are_a_rounded_share_and_nested():
    network = sim.networks.two_groups(n_people=100, marginalized_share=0.97, homophily=0, seed=1)
    assert network.n_advantaged == 3
    assert (sim.simulate(network=network, steps=0, start=0.5).people.stance == "ALLY").sum() == 2
    network = sim.networks.two_groups(n_people=300, seed=1)
    few, many = (sim.simulate(network=network, steps=0, start=s, seed=3).people.stance == "ALLY" for s in (0.2, 0.6))
    assert (few <= many).all()
    assert few.sum() == 48


def test_first_allies_are_not_chosen_by_their_traits():
    network = sim.networks.two_groups(n_people=4000, seed=1)
    people = sim.simulate(network=network, steps=0, start=0.5, seed=3).people
    allies, others = people[people.stance == "ALLY"], people[people.stance == "BYSTAND"]
    for trait in ("loyalty", "sympathy"):
        error = people[trait].std() * (2 / 1600) ** 0.5
        assert abs(allies[trait].mean() - others[trait].mean()) < 4 * error


def test_first_responses_follow_the_persons_own_trust():
    network = sim.networks.two_groups(n_people=4000, marginalized_share=0.5, homophily=0, seed=1)
    people = sim.simulate(sim.Parameters(trust_spread=0.4), network, steps=0, seed=3).people
    trust = people.groupby("response").trust.mean()
    assert trust["WELCOME"] > trust["WITHDRAW"] + 0.1 > trust["GATEKEEP"] + 0.2


def test_a_continued_run_remembers_the_seed_of_its_people():
    network = sim.networks.two_groups(n_people=100, seed=1)
    first = sim.simulate(network=network, steps=3, seed=1, start_seed=77)
    assert sim.simulate(network=network, steps=3, seed=1, start=first).start_seed == 77


def test_what_a_run_came_to_cannot_be_edited_by_accident():
    run = sim.simulate(network=sim.networks.two_groups(n_people=100, seed=1), steps=3)
    with pytest.raises(ValueError, match="read-only"):
        run.state.stigma[0] = 1.0


def test_the_schedules_differ():
    network = sim.networks.two_groups(n_people=300, seed=1)
    synchronous, shuffled = (
        sim.simulate(sim.Parameters(revise=1.0), network, steps=5, seed=4, start=0.4, schedule=schedule)
        for schedule in ("synchronous", "shuffled")
    )
    assert not np.array_equal(synchronous.state.act, shuffled.state.act)


def test_tallies_of_a_state_are_those_of_the_run():
    network = sim.networks.two_groups(n_people=150, seed=1)
    run = sim.simulate(network=network, steps=20, seed=4, start=0.4)
    alone = sim.engine.tallies_of(run.state, run.parameters, network)
    assert alone.shape == (N_TALLIES,)
    assert alone.tobytes() == run.tallies[-1].tobytes()
