"""How many instructions does a step take? A count, not a clock: a busy machine does not change it.

    python tests/benchmarks/instructions.py

Counted by valgrind (``cachegrind`` without its cache) for one run, for runs side by side, and for the bare sum over all
neighbours: the instructions of a process that takes N + M steps, less those of one that takes N, per step, person and
run. Writes ``results/speed/instructions.csv``.

Valgrind knows no AVX-512 and would show another processor than the one kernels are cached for, so that they would be
compiled under valgrind. Kernels are therefore made for a fixed processor, x86-64-v3, by a process outside, and loaded
from the cache inside. On a processor with AVX-512 kernels use wider registers: these are not the counts of what runs
there.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from numba import uint64 as u64

ROOT = Path(__file__).resolve().parent.parent.parent
PEOPLE, DEGREE, STEPS, MORE = 1_000, 10, 10, 8_000
FIXED = {
    "NUMBA_CPU_NAME": "x86-64-v3", "NUMBA_CPU_FEATURES": "+avx2,+fma,+bmi,+bmi2,+lzcnt,+popcnt,+movbe,+f16c",
    "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1",
}  # fmt: skip
KINDS = {  # runs that a step advances, and what it does
    "one run": (1, "a step with measures of one run"),
    "side by side": (8, "a step with measures of each of eight runs side by side"),
    "bare sum": (1, "adding one number of every neighbour"),
}


# === inside: the work that is counted ===================================================================


def one_run(network, steps: int) -> None:
    _machines(network, 1)[0].advance(steps)


def side_by_side(network, steps: int) -> None:
    from sim import engine, wide

    engine.advance_side_by_side(_machines(network, wide.WIDTH), steps)


def bare_sum(network, steps: int) -> None:
    import numpy as np

    from sim import engine
    from sim.compiled import compiled

    layout, values = engine.layout_of(network), np.arange(float(network.n_people))
    repeat = compiled(_repeated_sum)
    repeat(layout.offsets, layout.neighbours, values, np.empty_like(values), steps)
    assert not repeat.stats.cache_misses or "--warm" in sys.argv, "the kernel must come from the cache"


def _repeated_sum(offsets, neighbours, values, out, steps):
    """Add up the neighbours of everybody, `steps` times."""
    for step in range(steps):
        values[0] = step  # so that no sum can be left out as one made before
        for i in range(u64(out.size)):
            total = 0.0
            for tie in range(u64(offsets[i]), u64(offsets[i + 1])):
                total += values[neighbours[tie]]
            out[i] = total


def _machines(network, count: int) -> list:
    import sim
    from sim import engine, state

    start = state.first_state(sim.Parameters(), network)
    return [engine.Engine(sim.Parameters(), network, start, seed=seed, threads=1) for seed in range(count)]


def work(kind: str, steps: int) -> None:
    import sim
    from sim import kernel

    network = sim.networks.two_groups(n_people=PEOPLE, mean_degree=DEGREE, homophily=0.5, seed=1)
    {"one run": one_run, "side by side": side_by_side, "bare sum": bare_sum}[kind](network, steps)
    assert not kernel.run_synchronous.stats.cache_misses or "--warm" in sys.argv, "kernels must come from the cache"


# === outside: counting it ===============================================================================


def command(kind: str, steps: int) -> list[str]:
    return [sys.executable, __file__, kind, str(steps)]


def count(kind: str, steps: int, environment: dict) -> int:
    """Return the instructions of a whole process."""
    valgrind = ["valgrind", "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={os.devnull}"]
    done = subprocess.run(
        [*valgrind, *command(kind, steps)], env=environment, capture_output=True, text=True, check=True
    )  # fmt: skip
    return int(re.search(r"I +refs: +([\d,]+)", done.stderr)[1].replace(",", ""))


def counted() -> list[dict]:
    """Return one row per kind of work."""
    rows = []
    with tempfile.TemporaryDirectory() as cache:
        environment = os.environ | FIXED | {"ALLYSHIP_CACHE": cache, "PYTHONPATH": str(ROOT)}
        for kind, (runs, words) in KINDS.items():
            subprocess.run([*command(kind, STEPS), "--warm"], env=environment, check=True)
            more = count(kind, STEPS + MORE // runs, environment) - count(kind, STEPS, environment)
            rows.append({"what": kind, "instructions_per_person_step": more / MORE / PEOPLE, "people": PEOPLE,
                         "mean_degree": DEGREE, "processor": FIXED["NUMBA_CPU_NAME"], "work": words})  # fmt: skip
            print(f"{kind}: {rows[-1]['instructions_per_person_step']:.1f} per person and step", flush=True)
    return rows


def main() -> None:
    if shutil.which("valgrind") is None:
        print("skipped: valgrind is not installed, and without it nothing counts instructions here")
        return
    import pandas as pd

    from sim import manifest

    text = pd.DataFrame(counted()).to_csv(index=False, float_format="%.4g", lineterminator="\n")
    manifest.write_whole(ROOT / "results" / "speed" / "instructions.csv", text)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        work(sys.argv[1], int(sys.argv[2]))
    else:
        main()
