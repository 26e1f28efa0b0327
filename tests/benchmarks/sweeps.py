"""How fast is a sweep? Runs of 1,000 people and 200 steps, from starting Python to the table on disk.

    python tests/benchmarks/sweeps.py [--quick]

Side by side in this one run: one worker and two, for 1,000 runs, which are over soon after starting up, and for 10,000;
for 1,000 also processes instead of threads, and Mesa's own `batch_run` of the Mesa engine on two processes, scaled from
a sample. Also: how many runs a refined design needs where a full grid of the same
resolution needs all. Writes ``results/speed/sweeps.csv`` and ``results/speed/refined.csv``.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import mesa
import numpy as np
import pandas as pd

import sim
from sim import manifest
from sim.sweeps.refine import filled

ROOT = Path(__file__).resolve().parent.parent.parent
QUICK = "--quick" in sys.argv
ROUNDS = 1 if QUICK else 5
REPLICATES = 2 if QUICK else 20
LONGER = 10  # times as many runs
PEOPLE, STEPS, POINTS = 1000, 200, 50
SAMPLE = 2 if QUICK else 8  # runs of the Mesa engine; the rest is taken to last as long
SCRIPT = """
import sys
import sim
if __name__ == "__main__":
    sim.sweep({{"loyalty": {{"from": 0.3, "to": 0.9, "count": 10}},
        "stigma_transfer": {{"from": 0, "to": 1, "count": 5}}, "network_n_people": {people}, "steps": {steps},
        "replicates": {replicates}}}, sys.argv[1], executor=sys.argv[2], workers=int(sys.argv[3]))
"""
FINE = {"from": 0.0, "to": 1.0}


class Batched(sim.AllyshipModel):
    """The Mesa engine as `batch_run` wants it."""

    def __init__(self, loyalty, rng=None):
        super().__init__(sim.Parameters(loyalty=loyalty), rng=rng)


def sweep_seconds(executor: str, workers: int, replicates: int = REPLICATES) -> float:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script.py"
        script.write_text(SCRIPT.format(people=PEOPLE, steps=STEPS, replicates=replicates))
        begun = time.perf_counter()
        subprocess.run([sys.executable, script, Path(folder) / "runs", executor, str(workers)], check=True, cwd=ROOT)
        return time.perf_counter() - begun


def batch_seconds() -> float:
    """Return the seconds of all runs in Mesa's batch_run on two processes, from a sample."""
    begun = time.perf_counter()
    rows = mesa.batch_run(Batched, {"loyalty": [0.6], "rng": list(range(SAMPLE))}, number_processes=2,
                          max_steps=STEPS, display_progress=False, data_collection_period=-1)  # fmt: skip
    assert len({row["RunId"] for row in rows}) == SAMPLE
    return (time.perf_counter() - begun) * POINTS * REPLICATES / SAMPLE


def speed() -> list[dict]:
    sweep_seconds("threads", 1)  # compiles, if nobody has
    kinds = [("threads", 1), ("threads", 2), ("processes", 2)]
    times = {kind: [] for kind in kinds}
    longer = {kind: [] for kind in kinds[:2]}
    batch = []
    for _ in range(ROUNDS):
        for kind in kinds:
            times[kind].append(sweep_seconds(*kind))
        for kind in longer:
            longer[kind].append(sweep_seconds(*kind, replicates=LONGER * REPLICATES))
        batch.append(batch_seconds())
    one, two, processes = (np.array(times[kind]) for kind in kinds)
    long_one, long_two = (np.array(longer[kind]) for kind in longer)
    found = {
        (1, "one worker / two threads"): (one / two, "at least 1.8"),
        (1, "two processes / two threads"): (processes / two, "threads are the default"),
        (1, "Mesa batch_run on two processes / two threads"): (np.array(batch) / two, "at least 500"),
        (1, "seconds, two threads"): (two, ""),
        (1, "seconds, one worker"): (one, ""),
        (1, "seconds, Mesa batch_run, scaled"): (np.array(batch), ""),
        (LONGER, "one worker / two threads"): (long_one / long_two, "at least 1.8"),
        (LONGER, "seconds, two threads"): (long_two, ""),
    }
    return [
        {"what": f"{many * POINTS * REPLICATES:,} runs: {what}", "median": np.median(values), "lowest": values.min(),
         "highest": values.max(), "goal": goal}
        for (many, what), (values, goal) in found.items()
    ]  # fmt: skip


def refined() -> list[dict]:
    """Compare refined designs with full grids of the same resolution, on maps of the model."""
    cells = 32 if QUICK else 128
    base = {"network_n_people": 300, "steps": 150, "replicates": 1 if QUICK else 3, "seed": 3, "start": "allied"}
    axes = {"stigma_transfer": FINE, "loyalty": {"from": 0.2, "to": 1.0}}
    rows = []
    for noise in (1.0, 0.5):
        common = base | {"noise": noise}
        part = sim.sweep(common | axes | {"kind": "refined", "coarse": 8, "depth": int(np.log2(cells / 8))}).table
        full = sim.sweep(common | {name: about | {"count": cells + 1} for name, about in axes.items()}).table
        truth, known = (prevailing(table, axes) for table in (full, part))
        drawn = filled(known, int(np.log2(cells / 8)), 8, 2)
        agree = np.mean([drawn[place] == label for place, label in truth.items()])
        rows.append({"noise": noise, "cells_per_axis": cells, "runs_full_grid": len(full), "runs_refined": len(part),
                     "share_of_runs": len(part) / len(full), "same_regime": agree})  # fmt: skip
    return rows


def prevailing(table, axes) -> dict:
    """Return the prevailing regime by place on the finest lattice."""
    cells = 32 if QUICK else 128
    places = [
        np.rint((table[name] - about["from"]) / (about["to"] - about["from"]) * cells).astype(int).to_numpy()
        for name, about in axes.items()
    ]
    groups = table["regime"].groupby(places)
    return {place: names.mode().iloc[0] for place, names in groups}


if __name__ == "__main__":
    tables = {"sweeps.csv": pd.DataFrame(speed()), "refined.csv": pd.DataFrame(refined())}
    for name, table in tables.items():
        print(table.to_string(index=False))
        if not QUICK:
            folder = ROOT / "results" / "speed"
            manifest.write_whole(folder / name, table.to_csv(index=False, float_format="%.4g", lineterminator="\n"))
