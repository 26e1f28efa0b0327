"""Write the golden run anew. Do so only when results are meant to change, with a line in CHANGELOG.md that says so.

    python tests/golden/make.py
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np

import sim

HERE = Path(__file__).parent
FILES = {"synchronous": HERE / "synchronous.json", "shuffled": HERE / "shuffled.json"}


def golden_network():
    """Return 24 people on a stored tie list: generators may change, this run may not."""
    pairs = np.loadtxt(HERE / "ties.csv", delimiter=",", dtype=int, skiprows=1)
    return sim.networks.from_edges(pairs, np.arange(24) % 4 == 3)


def golden_run(schedule: str) -> sim.Run:
    """Run 30 steps with every mechanism switched on."""
    parameters = sim.Parameters(repair=0.3, contact=0.05, internalise=0.02, safety=0.2, revise=0.4)
    return sim.simulate(
        parameters, golden_network(), steps=30, start=0.4, seed=2026, start_seed=11, schedule=schedule,
        record_people=True,
    )  # fmt: skip


def digest_of(run: sim.Run) -> dict:
    """Return what has to stay the same: a digest of every person's life, and the last step in words and numbers."""
    sha = hashlib.sha256()
    for name in sorted(run.trajectory):
        sha.update(np.ascontiguousarray(run.trajectory[name]).tobytes())
    last = run.people.drop(columns="person").astype(object).where(run.people.notna(), None)
    return {"lives": sha.hexdigest(), "people": last.to_dict("records"), "tallies": run.tallies[-1].tolist()}


if __name__ == "__main__":
    for schedule, file in FILES.items():
        file.write_text(json.dumps(digest_of(golden_run(schedule)), indent=1) + "\n")
        print("written:", file.name)
