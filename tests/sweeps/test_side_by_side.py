"""Rows of runs that are made and summed up together are those of the same runs, one at a time."""

import numpy as np
import pytest

import sim
from sim.measures import history_columns
from sim.outcomes import SUMMARY, summaries_of, summary_of, tail_means
from sim.sweeps import Design, work
from sim.sweeps.plans import plan_of
from sim.sweeps.work import Chunk, Job, _side_by_side, make_run, make_runs

# What changes ties gives every run sizes of its own, and makes it go alone; the others go side by side.
PLANS = {
    "meetings": [{"kind": "cross_group_ties", "begin": 3, "end": 9, "share": 0.5}],
    "training": [{"kind": "bystander_training", "begin": 2}],
}


def runs(count=8, steps=73):
    network = sim.networks.two_groups(n_people=150, seed=4)
    points = [sim.Parameters(loyalty=0.1 * i, stigma_transfer=1 - 0.1 * i) for i in range(count)]
    starts = ["allied", "silent"] * (count // 2)
    return sim.simulate_many(points, network, seeds=range(count), starts=starts, steps=steps)


@pytest.mark.parametrize("steps", [0, 1, 9, 73, 200])
def test_stacked_histories_and_summaries_are_those_of_each_run(steps):
    made = runs(steps=steps)
    stacked = history_columns(np.stack([run.tallies for run in made]), made[0].sizes)
    means, summaries = tail_means(stacked), summaries_of(stacked)
    for i, run in enumerate(made):
        alone = history_columns(run.tallies, run.sizes)
        assert list(alone) == list(stacked)
        for name, values in alone.items():
            assert np.array_equal(stacked[name] if name == "step" else stacked[name][i], values, equal_nan=True), name
        expected = tail_means(alone)
        assert np.array_equal([means[name][i] for name in expected], list(expected.values()), equal_nan=True)
        assert repr(summaries[i]) == repr(summary_of(alone)) == repr(run.summary)
        assert list(summaries[i]) == list(SUMMARY)


def chunk_of(about):
    chosen = next(plan_of(Design.of(about)))
    points = list(dict.fromkeys(run.point for run in chosen))
    jobs = [Job(points.index(run.point), run.replicate, run.seeds, run.key) for run in chosen]
    networks = {point.network.digest(): point.network for point in points}
    return Chunk([dict(point.configuration) for point in points], networks, jobs, ("steps", "people"))


def test_rows_of_runs_made_together_are_those_of_runs_made_alone(monkeypatch):
    chunk = chunk_of({
        "network": "karate_club", "steps": 25, "replicates": 3, "start": "allied", "interventions": PLANS,
        "intervention": ["none", "meetings", "training"], "stigma_transfer": [0.1, 0.6],
    })  # fmt: skip
    assert max(map(len, _side_by_side(chunk))) == 8
    with monkeypatch.context() as patch:  # what fails together is made again alone, which would hide it
        patch.setattr(work, "make_run", make_run_of_those_alone(chunk))
        together = make_runs(chunk)
    alone = [make_run(chunk.configurations[job.place], job, chunk.networks, chunk.record)[0] for job in chunk.jobs]
    assert len(together) == len(alone) == 18
    for row, expected in zip(together, alone, strict=True):
        assert row["status"] == "done"
        assert_equal(row, expected)
    assert len({row["trust_across_ties"] for row in together}) > 6


def test_a_run_that_fails_costs_the_others_of_its_group_nothing(monkeypatch):
    chunk = chunk_of({"network": "karate_club", "steps": 25, "replicates": 8, "start": "allied"})
    whole, made_again = make_runs(chunk), []
    beginning = work.prepared

    def prepared(*args, seed, **more):
        if seed == chunk.jobs[5].seeds.seed:
            raise ValueError("no luck")
        return beginning(*args, seed=seed, **more)

    def noted(configuration, job, networks, record):
        made_again.append(job.replicate)
        return [{"status": "failed"}]

    monkeypatch.setattr(work, "prepared", prepared)
    monkeypatch.setattr(work, "make_run", noted)
    rows = make_runs(chunk)
    assert made_again == [5] and [row["status"] for row in rows].index("failed") == 5
    for i in set(range(8)) - {5}:
        assert_equal(rows[i], whole[i])


def make_run_of_those_alone(chunk):
    """Return `make_run` for groups that are too small to be made together; it refuses the others."""
    small = [places for places in _side_by_side(chunk) if len(places) < work.LEAST_LANES]
    allowed = {chunk.jobs[place].key for places in small for place in places}

    def make(configuration, job, networks, record):
        assert job.key in allowed, "this one was to be made together with others"
        return make_run(configuration, job, networks, record)

    return make


def assert_equal(row, expected):
    assert list(row) == list(expected)
    for name in set(row) - {"seconds"}:
        same = np.array_equal(row[name], expected[name], equal_nan=not isinstance(expected[name], str | None))
        assert same, (name, row[name], expected[name])
