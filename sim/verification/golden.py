"""One small run that may never change by accident, on any machine, Python, Mesa or NumPy; its digests are stored."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np

from sim.networks import from_edges
from sim.parameters import Parameters
from sim.run import simulate

DATA = Path(__file__).parent / "data"
STEPS = 2000
PARAMETERS = Parameters(
    repair=0.3, contact=0.005, internalise=0.002, appeals=0.001, safety=0.2, revise=0.4, noise=1.2, crossing_share=0.2,
    feedback=0.5,
)  # fmt: skip
FILES = {"synchronous": DATA / "synchronous.json", "shuffled": DATA / "shuffled.json"}


def golden_network():
    """Return 24 people on a stored tie list: generators may change, this run may not."""
    pairs = np.loadtxt(DATA / "ties.csv", delimiter=",", dtype=int, skiprows=1)
    return from_edges(pairs, np.arange(24) % 4 == 3)


def golden_run(schedule: str, parameters: Parameters = PARAMETERS):
    """Run with every mechanism switched on, long enough for a slight change of any number to show."""
    return simulate(
        parameters, golden_network(), steps=STEPS, start=0.4, seed=2026, start_seed=11, schedule=schedule,
        record_people=True,
    )  # fmt: skip


def lives_digest(run) -> str:
    """Return the SHA-256 of every person's life."""
    sha = hashlib.sha256()
    for name in sorted(run.trajectory):
        sha.update(np.ascontiguousarray(run.trajectory[name]).tobytes())
    return sha.hexdigest()


def digest_of(run) -> dict:
    """Return what has to stay the same: a digest of every person's life, and the last step in words and numbers."""
    last = run.people.drop(columns="person").astype(object).where(run.people.notna(), None)
    return {"lives": lives_digest(run), "people": last.to_dict("records"), "tallies": run.tallies[-1].tolist()}


def stored(schedule: str) -> dict:
    """Return what `digest_of` gave when the golden run was written."""
    return json.loads(FILES[schedule].read_text())
