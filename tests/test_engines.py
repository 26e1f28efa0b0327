"""The two engines live the same lives: every person, every variable, every step, to the last bit."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

import sim
from sim.parameters import KNOBS
from sim.state import FIELDS
from sim.tallies import N_TALLIES

N_CONFIGURATIONS = 500
STARTS = ["silent", "allied", "opposed", 0.0, 0.07, 0.5, 1.0, "by person"]


def random_parameters(rng) -> sim.Parameters:
    """Draw a preset with about half of its knobs moved, often to an end of their range."""
    values = rng.choice(list(sim.presets().values())).parameters.to_dict()
    for knob in KNOBS:
        if knob.is_switch:
            values[knob.name] = bool(rng.random() < 0.9)
        elif rng.random() < 0.5:
            ends = [knob.usual_low, knob.usual_high, rng.uniform(knob.usual_low, knob.usual_high)]
            values[knob.name] = float(rng.choice(ends))
    values["ally_allowed"] = True
    values["revise"] = float(rng.choice([0.1, 0.5, 1.0]))
    return sim.Parameters(**values)


def random_network(rng):
    """Draw a network of any family, from 1 to 300 people, hubs and isolated people included."""
    n = int(rng.choice([1, 2, 3, 5, 17, 60, 150, 300]))
    seed = int(rng.integers(2**32))
    share = float(rng.choice([0.0, 0.2, 0.5, 1.0]))
    kind = rng.choice(["two_groups", "scale_free", "small_world", "complete", "star", "graph"])
    if kind == "star":
        return from_graph(nx.star_graph(n), rng)
    if kind == "graph":
        return from_graph(nx.gnm_random_graph(max(n, 2), 2 * n, seed=seed), rng)
    if kind == "complete":
        return sim.networks.complete(n_people=min(n, 60), marginalized_share=share, seed=seed)
    generate = sim.networks.GENERATORS[kind]
    degree = min(int(rng.choice([2, 4, 10])), (n - 1) // 2 * 2)
    extra = {"homophily": float(rng.choice([0.0, 0.6]))} if kind == "two_groups" else {}
    return generate(n_people=n, marginalized_share=share, mean_degree=degree, seed=seed, **extra)


def from_graph(graph, rng):
    is_marginalized = rng.random(len(graph)) < 0.3
    pairs = np.array(graph.edges(), dtype=np.int64).reshape(-1, 2)
    return sim.networks.from_edges(pairs, is_marginalized)


def random_start(rng, network):
    start = rng.choice(np.array(STARTS, object))
    if start != "by person":
        return start
    stances, responses = ["oppose", "bystand", "token", "ally", None], ["gatekeep", "withdraw", "welcome", None]
    return [str_or_none(rng.choice(np.array(responses if m else stances, object))) for m in network.is_marginalized]


def str_or_none(value):
    return None if value is None else str(value)


def mesa_trajectory(parameters, network, steps, **settings):
    model = sim.AllyshipModel(parameters, network=network, rng=settings.pop("seed"), **settings)
    states = [model.state]
    for _ in range(steps):
        model.step()
        states.append(model.state)
    return model, {name: np.array([getattr(state, name) for state in states]) for name in FIELDS}


def differences(parameters, network, steps, **settings) -> list[str]:
    """Return the names of everything in which the two engines differ."""
    run = sim.simulate(parameters, network, steps=steps, record_people=True, **settings)
    model, trajectory = mesa_trajectory(parameters, network, steps, **settings)
    found = [name for name in FIELDS if trajectory[name].tobytes() != run.trajectory[name].tobytes()]
    if np.array(model._tallies).tobytes() != run.tallies.tobytes():
        found.append("tallies")
    if not model.history.equals(run.history):
        found.append("history")
    if not model.people.equals(run.people):
        found.append("people")
    return found


@pytest.mark.parametrize("block", range(10))
@pytest.mark.filterwarnings("ignore::sim.networks.NetworkWarning")
def test_both_engines_agree_on_random_configurations(block):
    rng = np.random.default_rng([20261120, block])
    for case in range(N_CONFIGURATIONS // 10):
        parameters, network = random_parameters(rng), random_network(rng)
        settings = {
            "start": random_start(rng, network),
            "seed": int(rng.integers(2**63)),
            "start_seed": int(rng.integers(2**63)),
            "schedule": str(rng.choice(["synchronous", "shuffled"])),
        }
        found = differences(parameters, network, int(rng.integers(0, 9)), **settings)
        assert not found, (block, case, found, parameters, network, settings)


def test_the_comparison_notices_one_wrong_bit():
    network = sim.networks.two_groups(n_people=40, mean_degree=6, seed=1)
    run = sim.simulate(network=network, steps=3, seed=1, record_people=True)
    _, trajectory = mesa_trajectory(sim.Parameters(), network, 3, seed=1)
    trajectory["stigma"][2, 5] = np.nextafter(trajectory["stigma"][2, 5], 1)
    assert trajectory["stigma"].tobytes() != run.trajectory["stigma"].tobytes()


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
