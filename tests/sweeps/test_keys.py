"""Keys of runs stay what they are: stores hold them, and another key is a run that is made again."""

from __future__ import annotations

import hashlib

import pytest

from sim.sweeps import Design
from sim.sweeps.plans import plan_of
from sim.sweeps.points import canonical, run_key

# Designs of the project's own model, and hashes of their points and of themselves as they were before there were
# others; without parameters, whose defaults may change.
KNOWN = {
    "nothing": ({}, "447ebca414f8f5ac", "86bee9010b8c6937"),
    "axes": ({"loyalty": [0.3, 0.9], "start": ["silent", 0.3], "network_homophily": 0.2, "steps": 20, "replicates": 2,
              "seed": 5}, "12540a08cee0cb7c", "d900f9c06610a7e9"),
    "sample": ({"kind": "sobol", "count": 4, "stigma_transfer": {"from": 0, "to": 1}, "network": "small_world",
                "network_n_people": 60}, "5b2b0fbd19febc89", "9d8ee6965a1642be"),
    "ramp": ({"ramp": {"parameter": "loyalty", "values": [0.1, 0.5], "hold": 5}, "preset": "hollow"},
             "bf54fe46753fad12", "7d1fedf187065c51"),
    "done": ({"intervention": ["none", "protection"], "intervention_begin": [3, 9], "schedule": "shuffled"},
             "734923875fb1503b", "8c4b6cf45534ad69"),
    "given": ({"network": ["karate_club", "two_groups"], "null": ["none", "rewired", "no_influence"],
               "luck": "independent"}, "e06aeb6013643df3", "caba0f4665b5195d"),
}  # fmt: skip


def short(content):
    return hashlib.sha256(canonical(content).encode()).hexdigest()[:16]


@pytest.mark.parametrize("name", KNOWN)
def test_points_and_designs_are_described_as_ever(name):
    about, points, itself = KNOWN[name]
    design = Design.of(about)
    assert short([dict(point.configuration) | {"parameters": 0} for point in design.points()]) == points
    assert short(design.to_dict() | {"parameters": 0}) == itself


def test_a_key_is_a_hash_of_the_configuration_and_the_seeds():
    run = next(plan_of(Design.of({"seed": 5})))[1]
    assert run.point.digest == hashlib.sha256(canonical(run.point.configuration).encode()).hexdigest()
    assert run.key == run_key(run.point.digest, run.seeds)
    assert run_key("0" * 64, run.seeds) == "f59e51c3fd3f914e9f1e4263b608381d"
