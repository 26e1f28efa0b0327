"""What does it cost to record everybody? Each way in a process of its own, in turn round by round, on Linux.

    python tests/benchmarks/recording.py [--quick]

Writes ``results/speed/recording.csv``: seconds for the run alone, and the most memory of its process in that time.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import sim
from sim import manifest, recording

ROOT = Path(__file__).resolve().parent.parent.parent
QUICK = "--quick" in sys.argv
ROUNDS = 2 if QUICK else 3
PEOPLE, STEPS = (20_000, 20) if QUICK else (1_000_000, 100)
UNITS = ("s", "s of processor time", "MB of memory at the peak")
LONG = 20_000 if QUICK else 1_000_000  # steps of ten people: the history alone


def bare_write(folder: str) -> None:
    """Write as many bytes as a recording has, in the same pieces, and force them to disk."""
    os.mkdir(folder)
    state = {name: np.ones(PEOPLE, kind) for name, kind in recording.KINDS.items()}
    with contextlib.ExitStack() as stack:
        files = {name: stack.enter_context(open(f"{folder}/{name}", "xb")) for name in state}
        for _ in range(STEPS + 1):
            for name, file in files.items():
                file.write(state[name].data)
        for file in files.values():
            file.flush()
            os.fsync(file.fileno())


def run(network, steps: int, **about):
    return sim.simulate(network=network, steps=steps, **about)


WAYS = {  # number of people, and what is measured
    "nobody recorded": (PEOPLE, lambda network, folder: run(network, STEPS)),
    "recorded to a folder": (PEOPLE, lambda network, folder: run(network, STEPS, record_to=folder)),
    "recorded in memory": (PEOPLE, lambda network, folder: run(network, STEPS, record_people=True)),
    "bare writing of as many bytes": (10, lambda network, folder: bare_write(folder)),
    "history of many steps": (10, lambda network, folder: run(network, LONG).history),
}


def peak_bytes() -> int:
    """Return the most memory that this process had since the peak began anew, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def measured_here(way: str, folder: str) -> None:
    """Go one way and print seconds, seconds of processor time, and bytes."""
    n_people, work = WAYS[way]
    network = sim.networks.two_groups(n_people=n_people, mean_degree=min(10, n_people // 2), seed=1)
    _ = run(network, 2).history  # laid out, and all compiled code loaded
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    start, busy = time.perf_counter(), time.process_time()
    _ = work(network, folder)
    print(json.dumps([time.perf_counter() - start, time.process_time() - busy, peak_bytes()]))


def measured(way: str) -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, __file__, *sys.argv[1:], "--way", way, f"{folder}/people"]
        return json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    """Go all ways in turn, and write the table."""
    import pandas as pd

    found = {way: [] for way in WAYS}
    for _ in range(ROUNDS):
        for way, values in found.items():
            values.append(measured(way))
    rows = []
    for way, values in found.items():
        for unit, numbers in zip(UNITS, np.array(values).T / [[1], [1], [1e6]], strict=True):
            rows.append({"what": way, "median": np.median(numbers), "lowest": numbers.min(), "highest": numbers.max(),
                         "unit": unit})  # fmt: skip
    table = pd.DataFrame(rows)
    print(table.to_string(index=False, float_format=lambda v: f"{v:.3g}"))
    if not QUICK:
        path = ROOT / "results" / "speed" / "recording.csv"
        manifest.write_whole(path, table.to_csv(index=False, float_format="%.4g"))


if __name__ == "__main__":
    if "--way" in sys.argv:
        measured_here(*sys.argv[-2:])
    else:
        main()
