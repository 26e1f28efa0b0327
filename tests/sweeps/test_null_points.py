"""Null models as something to sweep over: what is taken away is gone, and every replicate has its own luck of it."""

from __future__ import annotations

from sim.nulls import NO_INFLUENCE
from sim.sweeps import Design
from sim.sweeps.plans import plan_of
from sim.sweeps.work import Chunk, Job, _side_by_side


def test_without_influence_no_knob_of_influence_is_left_whatever_is_given():
    about = {"null": "no_influence", "conformity": [3.0, 9.0], "contact": 0.5, "loyalty": 0.9}
    points = Design.of(about).points()
    assert len(points) == 1  # conformity is 0 in both
    parameters = points[0].configuration["parameters"]
    assert {name: parameters[name] for name in NO_INFLUENCE} == NO_INFLUENCE
    assert parameters["loyalty"] == 0.9


def chunk_of(about):
    runs = next(plan_of(Design.of({"network": "karate_club", "replicates": 4, "loyalty": [0.2, 0.4]} | about)))
    points = list(dict.fromkeys(run.point for run in runs))
    jobs = [Job(points.index(run.point), run.replicate, run.seeds, run.key) for run in runs]
    networks = {point.network.digest(): point.network for point in points}
    return Chunk([dict(point.configuration) for point in points], networks, jobs)


def test_only_runs_on_the_same_network_are_made_side_by_side():
    assert [len(places) for places in _side_by_side(chunk_of({}))] == [8]
    chunk = chunk_of({"null": "rewired"})  # every replicate is rewired by its own seed
    groups = _side_by_side(chunk)
    assert [len(places) for places in groups] == [2] * 4
    assert all(len({chunk.jobs[place].replicate for place in places}) == 1 for places in groups)
