"""A sweep made by one thread: the table that every other way to make it must give."""

from __future__ import annotations

import functools

import sim
from sim.sweeps import Design
from sim.sweeps.plans import plan_of

DESIGN = {
    "loyalty": [0.3, 0.5, 0.7, 0.9],
    "stigma_transfer": [0.0, 0.3, 0.6],
    "start": ["silent", "allied"],
    "network_homophily": [0.2, 0.8],
    "network_n_people": 60,
    "steps": 20,
    "replicates": 4,
}
KEYS = [run.key for run in next(plan_of(Design.of(DESIGN)))]


@functools.cache
def plain():
    return sim.sweep(DESIGN, executor="threads", workers=1)


def assert_plain(swept):
    assert swept.digest == plain().digest
    assert len(swept.table) == len(KEYS) == 192
    assert swept.failures.empty
