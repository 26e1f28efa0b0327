"""Runs side by side are the runs one by one: every person, every variable, every step, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim import engine
from sim.sweeps import work
from sim.verification.configurations import random_interventions, random_network, random_parameters, random_start
from sim.wide import WIDTH

N_CONFIGURATIONS = 100


def assert_same(together, alone):
    """Compare two runs in everything that came out of them."""
    assert together.tallies.tobytes() == alone.tallies.tobytes()
    assert together.state == alone.state
    assert together.history.equals(alone.history)
    assert together.people.equals(alone.people)
    assert together.conversions.equals(alone.conversions)
    assert repr(together.summary) == repr(alone.summary)
    for name in ("parameters", "seed", "start_seed", "start", "schedule", "steps", "first_step", "interventions"):
        assert getattr(together, name) == getattr(alone, name)
    assert len(together.picked) == len(alone.picked)
    assert all(map(np.array_equal, together.picked, alone.picked))


@pytest.mark.parametrize("block", range(10))
@pytest.mark.filterwarnings("ignore::sim.networks.NetworkWarning")
def test_runs_side_by_side_are_those_made_alone(block):
    rng = np.random.default_rng([20261121, block])
    for _ in range(N_CONFIGURATIONS // 10):
        network, count = random_network(rng), int(rng.integers(1, 34))
        each = [
            {
                "seed": int(rng.integers(2**63)),
                "start": random_start(rng, network),
                "start_seed": int(rng.integers(2**63)),
                "interventions": random_interventions(rng, network),
            }
            for _ in range(count)
        ]
        points = [random_parameters(rng) for _ in range(count)]
        common = {"steps": int(rng.integers(0, 9)), "schedule": str(rng.choice(["synchronous"] * 9 + ["shuffled"]))}
        together = sim.simulate_many(
            points, network, **common, seeds=[one["seed"] for one in each], starts=[one["start"] for one in each],
            start_seeds=[one["start_seed"] for one in each], interventions=[one["interventions"] for one in each],
            threads=int(rng.integers(1, 4)),
        )  # fmt: skip
        assert len(together) == count
        for run, parameters, one in zip(together, points, each, strict=True):
            assert_same(run, sim.simulate(parameters, network, **common, **one))


@pytest.mark.parametrize("count", range(1, 34))
def test_any_number_of_runs(count):
    network = sim.networks.two_groups(n_people=70, mean_degree=6, seed=1)
    settings = {"network": network, "steps": 7, "start": 0.4}
    together = sim.simulate_many(seeds=range(count), **settings)
    assert len(together) == count
    for seed, run in enumerate(together):
        assert_same(run, sim.simulate(seed=seed, **settings))


def network_without_ties(is_marginalized):
    return sim.networks.from_edges(np.empty((0, 2), np.int64), is_marginalized)


@pytest.mark.filterwarnings("ignore::sim.networks.NetworkWarning")
@pytest.mark.parametrize(
    "network",
    [
        network_without_ties([False] * 9),
        network_without_ties([True] * 9),
        sim.networks.two_groups(n_people=100, marginalized_share=0, homophily=0, seed=1),
        sim.networks.complete(n_people=80, marginalized_share=0.3, seed=1),
        sim.networks.scale_free(n_people=3001, mean_degree=6, seed=3),
        sim.networks.two_groups(n_people=2500, mean_degree=24, seed=1),
    ],
    ids=["no ties", "no ties, marginalized", "advantaged only", "everybody a hub", "some hubs", "tiles of hubs"],
)
def test_networks_of_every_shape(network):
    points = [sim.Parameters(stigma_transfer=value, revise=0.5) for value in np.linspace(0, 1, 11)]
    for run, point in zip(sim.simulate_many(points, network, steps=12, seeds=3, start=0.5), points, strict=True):
        assert_same(run, sim.simulate(point, network, steps=12, seed=3, start=0.5))


def test_runs_go_on_from_different_steps():
    network = sim.networks.two_groups(n_people=150, seed=1)
    begun = [sim.simulate(network=network, steps=steps, seed=steps) for steps in (0, 3, 8, 21)]
    together = sim.simulate_many(network=network, steps=11, seeds=range(4), starts=begun)
    for seed, (run, first) in enumerate(zip(together, begun, strict=True)):
        assert_same(run, sim.simulate(network=network, steps=11, seed=seed, start=first))


def test_long_ramps_are_prepared_in_blocks(monkeypatch):
    monkeypatch.setattr(engine, "MOST_TABLES", 5)
    network = sim.networks.two_groups(n_people=60, seed=1)
    ramp = sim.Intervention(scale={"sanction": 0.1}, begin=2, ramp=15)
    settings = {"network": network, "steps": 23, "interventions": [ramp]}
    for seed, run in enumerate(sim.simulate_many(seeds=range(5), **settings)):
        assert_same(run, sim.simulate(seed=seed, **settings))


def machines_of(network, count, **settings):
    return [engine.Engine(sim.Parameters(), network, sim.state.first_state(sim.Parameters(), network), seed=seed,
                          threads=1, **settings) for seed in range(count)]  # fmt: skip


def test_who_goes_side_by_side(monkeypatch):
    network, other = (sim.networks.two_groups(n_people=60, seed=seed) for seed in (1, 2))
    assert [len(group) for group in engine.lanes_among(machines_of(network, 19), 5)] == [WIDTH, WIDTH, 3]
    assert engine.lanes_among(machines_of(network, 1) + machines_of(other, 2), 5) == [[0], [1, 2]]
    assert engine.lanes_among(machines_of(network, 2, schedule="shuffled"), 5) == [[0], [1]]
    monkeypatch.setattr(engine, "MOST_IN_LANES", 59)
    assert engine.lanes_among(machines_of(network, 2), 5) == [[0], [1]]


def test_lists_of_different_lengths_are_refused():
    with pytest.raises(sim.InputError, match="one entry for each run, but there are 2 parameters, 3 seeds"):
        sim.simulate_many([sim.Parameters()] * 2, seeds=[1, 2, 3])
    with pytest.raises(sim.InputError, match="parameters must be a Parameters object"):
        sim.simulate_many([sim.Parameters(), 3], seeds=1, steps=1)
    with pytest.raises(sim.InputError, match="seed"):
        sim.simulate_many(seeds=[1, -2], steps=1)
    assert sim.simulate_many([], seeds=[]) == []


# === in sweeps ==========================================================================================

DESIGN = {"loyalty": [0.2, 0.5, 0.9], "stigma_transfer": {"from": 0, "to": 1, "count": 4}, "network_n_people": 90,
          "steps": 9, "replicates": 2}  # fmt: skip


def rows_of(design, **settings):
    table = sim.sweep(design, record=["steps", "people"], **settings).table
    return table.drop(columns="seconds")


def test_a_sweep_gives_the_same_rows_side_by_side_and_one_by_one(monkeypatch):
    design = DESIGN | {"start": ["silent", 0.3]}
    together = rows_of(design, chunk=20)
    monkeypatch.setattr(work, "LEAST_LANES", 10**9)
    monkeypatch.setattr(work, "advanced", None)
    assert together.equals(rows_of(design, chunk=20))


def test_a_run_that_fails_costs_no_other(monkeypatch):
    whole = rows_of(DESIGN, chunk=24)

    def fragile(configuration, job, networks, real=work._prepared):
        if configuration["parameters"]["loyalty"] == 0.5:
            raise RuntimeError("this one fails")
        return real(configuration, job, networks)

    monkeypatch.setattr(work, "_prepared", fragile)
    assert whole.equals(rows_of(DESIGN, chunk=24)), "made again on its own"
    monkeypatch.setattr(work, "advanced", lambda ready: 1 / 0)
    assert whole.equals(rows_of(DESIGN, chunk=24))
    monkeypatch.undo()

    def broken(parameters, *arguments, real=work.simulate, **settings):
        if parameters.loyalty == 0.5:
            raise RuntimeError("this one fails")
        return real(parameters, *arguments, **settings)

    monkeypatch.setattr(work, "_prepared", fragile)
    monkeypatch.setattr(work, "simulate", broken)
    rows = rows_of(DESIGN, chunk=24)
    failed = rows["loyalty"] == 0.5
    assert (rows["status"][failed] == "failed").all()
    assert rows[~failed]["ally_share"].tolist() == whole[~failed]["ally_share"].tolist()
