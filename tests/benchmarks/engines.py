"""How fast are the engines? Every figure is a ratio of two things measured side by side in this one run.

    python tests/benchmarks/engines.py [--quick]

Writes ``results/speed/engines.csv``: one row per comparison with median, lowest and highest over interleaved rounds.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numba
import numpy as np

import sim
from sim import engine, gather, manifest, signals, wide

ROOT = Path(__file__).resolve().parent.parent.parent
QUICK = "--quick" in sys.argv
ROUNDS = 3 if QUICK else 9
LARGE = 100_000 if QUICK else 1_000_000
rows = []


@numba.njit(nogil=True)
def neighbour_sum(offsets, neighbours, values, out):
    """The least any model on a graph has to do: for everybody, add one number of every neighbour."""
    for i in range(numba.uint64(out.size)):
        total = 0.0
        for tie in range(numba.uint64(offsets[i]), numba.uint64(offsets[i + 1])):
            total += values[neighbours[tie]]
        out[i] = total


def seconds(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def record(what: str, values, unit: str, goal: str) -> None:
    row = {"what": what, "median": np.median(values), "lowest": min(values), "highest": max(values)}
    rows.append(row | {"unit": unit, "goal": goal})
    print(f"{what}: {row['median']:.3g} {unit} ({row['lowest']:.3g} to {row['highest']:.3g}); goal: {goal}", flush=True)


def network_of(n_people: int):
    return sim.networks.two_groups(n_people=n_people, mean_degree=10, homophily=0.5, seed=1)


def against_mesa(n_people: int) -> None:
    """Advance the same model in both engines from the same state, and compare the time per step."""
    network = network_of(n_people)
    start = sim.simulate(network=network, steps=20, seed=1)
    model = sim.AllyshipModel(network=network, rng=1, start=start)
    machine = engine.Engine(sim.Parameters(), network, start.state, seed=1, threads=1)
    mesa_steps, steps = max(1, 3000 // n_people), 2_000_000 // n_people
    ratios = []
    for _ in range(ROUNDS):
        slow = seconds(lambda: model.run_for(mesa_steps)) / mesa_steps
        ratios.append(slow / (seconds(lambda: machine.advance(steps)) / steps))
    twin = sim.simulate(network=network, start=start, steps=model.now - 20, seed=1)
    assert twin.state == model.state, "equal work gives equal people"
    record(f"Mesa engine / compiled engine, {n_people:,} people", ratios, "times", "at least 500")


def against_neighbour_sum(n_people: int) -> None:
    """Compare one whole step, with and without measures, with one bare sum over all neighbours of the same graph."""
    network = network_of(n_people)
    layout = engine.layout_of(network)
    values, out = np.random.default_rng(1).random(n_people), np.empty(n_people)
    machine = engine.Engine(sim.Parameters(), network, sim.simulate(network=network, steps=20).state, seed=1, threads=1)
    steps = max(1, 1_000_000 // n_people)
    bare = lambda: [neighbour_sum(layout.offsets, layout.neighbours, values, out) for _ in range(steps)]  # noqa: E731
    bare()
    ratios, unobserved, times = [], [], []
    for _ in range(ROUNDS):
        base = seconds(bare)
        times.append(seconds(lambda: machine.advance(steps)))
        ratios.append(times[-1] / base)
        unobserved.append(seconds(lambda: machine.advance(steps, observe=False)) / base)
    record(f"step / bare neighbour sum, {n_people:,} people", unobserved, "times", "at most 2.5")
    record(f"step with measures / bare neighbour sum, {n_people:,} people", ratios, "times", "-")
    per_person = [1e9 * t / steps / n_people for t in times]
    record(f"step per person, {n_people:,} people", per_person, "ns", "-")


def side_by_side(n_people: int) -> None:
    """Compare runs side by side, on one and two cores, with the bare neighbour sum and with the Mesa engine."""
    network = network_of(n_people)
    layout = engine.layout_of(network)
    values, out = np.random.default_rng(1).random(n_people), np.empty(n_people)
    start = sim.simulate(network=network, steps=20, seed=1)
    model = sim.AllyshipModel(network=network, rng=1, start=start)
    mesa_steps, steps, sums = max(1, 3000 // n_people), 1_000_000 // n_people, 1_000_000 // n_people
    groups = [
        [engine.Engine(sim.Parameters(), network, start.state, seed=seed, threads=1) for seed in range(wide.WIDTH)]
        for _ in range(2)
    ]
    bare = lambda: [neighbour_sum(layout.offsets, layout.neighbours, values, out) for _ in range(sums)]  # noqa: E731
    bare()
    to_sum, to_mesa = {1: [], 2: []}, {1: [], 2: []}
    with ThreadPoolExecutor(2) as pool:
        for _ in range(ROUNDS):
            base, slow = seconds(bare) / sums, seconds(lambda: model.run_for(mesa_steps)) / mesa_steps
            for cores in (1, 2):
                advance = lambda: list(  # noqa: E731
                    pool.map(lambda group: engine.advance_side_by_side(group, steps), groups[:cores])  # noqa: B023
                )
                per_run = seconds(advance) / steps / wide.WIDTH / cores
                to_sum[cores].append(per_run / base)
                to_mesa[cores].append(slow / per_run)
    goals = {1: ("at most 1.5", "-"), 2: ("-", "at least 3000")}
    for cores, (sum_goal, mesa_goal) in goals.items():
        told = f"{n_people:,} people, runs side by side on {cores} core(s)"
        record(f"step with measures and run / bare neighbour sum, {told}", to_sum[cores], "times", sum_goal)
        record(f"Mesa engine / compiled engine, {told}", to_mesa[cores], "times", mesa_goal)


def processes() -> None:
    """Time whole processes: importing, and the first run with a full and an empty cache of compiled kernels."""
    first_run = "import sim; sim.simulate(steps=400, seed=1).history"
    with tempfile.TemporaryDirectory() as empty:
        cold = [process(first_run, {"ALLYSHIP_CACHE": empty})]
        warm = [process(first_run, {"ALLYSHIP_CACHE": empty}) for _ in range(ROUNDS)]
    record("import sim, and all it offers", [process(IMPORT_ALL) for _ in range(ROUNDS)], "s", "under 1")
    record("first run in a new process, kernels cached", warm, "s", "under 3")
    record("first run in a new process, compiling", cold, "s", "under 20")


IMPORT_ALL = "import sim; sim.simulate; sim.Parameters; sim.networks"


def process(code: str, extra: dict | None = None) -> float:
    environment = os.environ | (extra or {})
    return seconds(lambda: subprocess.run([sys.executable, "-c", code], env=environment, check=True))


def large_run() -> None:
    """Make a large network, advance it, and count the memory a run takes beyond the network."""
    made = []
    made.append(seconds(lambda: made.append(network_of(LARGE))))
    network, took = made
    record(f"network of {LARGE:,} people", [took], "s", "under 10")
    sim.simulate(network=network_of(signals.CODED_FROM), steps=1)  # compiled before memory is counted
    tracemalloc.start()
    machine = engine.Engine(sim.Parameters(), network, sim.state.first_state(sim.Parameters(), network), seed=1)
    machine.advance(2)
    machine.state()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    record(f"peak memory beyond the network, {LARGE:,} people", [peak / LARGE], "bytes per person", "under 200")
    for threads in (1, 2):
        machine._threads = threads
        rates = [5 / seconds(lambda: machine.advance(5)) for _ in range(ROUNDS)]
        record(f"{LARGE:,} people, {threads} thread(s)", rates, "steps per second", "at least 30")


if __name__ == "__main__":
    for size in (1_000, 10_000):
        against_mesa(size)
    for size in (1_000, 10_000, LARGE):
        against_neighbour_sum(size)
    for size in (1_000, 10_000):
        side_by_side(size)
    processes()
    large_run()
    import pandas as pd

    folder = ROOT / "results" / "speed"
    folder.mkdir(parents=True, exist_ok=True)
    table = pd.DataFrame(rows)
    if not QUICK:
        table.to_csv(folder / "engines.csv", index=False, float_format="%.4g")
        manifest.write(
            folder, question="How fast are the engines?", settings={"rounds": ROUNDS, "large": LARGE},
            outputs=[folder / "engines.csv"],
        )  # fmt: skip
    print(table.to_string(index=False, float_format=lambda v: f"{v:.3g}"))
    print(f"tile {gather.TILE}, {os.cpu_count()} processors, numba {numba.__version__}")
