"""How fast is this engine beside other tools? All of them in this one run, round by round, on the same networks.

    python tests/benchmarks/peers.py [--quick] [--environments FOLDER]

Everybody looks at all neighbours at every step and may change; mean degree 10; the unit is one person's step. Writes
``results/speed/peers.csv`` and ``results/speed/peers.png``. Peers live in environments of their own, made on first use
in FOLDER (``.venv-peers`` in the project). A peer that cannot be had is told and left out. Quick: a few rounds with
1,000 people, into a temporary folder.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from importlib import metadata
from pathlib import Path

import numpy as np
import pandas as pd
from peers.environments import NotInstalledError, pinned, python_of
from peers.figure import draw
from peers.listed import LANES, MODULES, ONE_RUN, PEERS, Peer
from peers.workers import FailedError, Worker

import sim
from sim import manifest

ROOT = Path(__file__).resolve().parent.parent.parent


class Entry:
    """A peer at one number of people: its worker, and the person-steps per second of every round."""

    def __init__(self, peer: Peer, people: int, worker: Worker | None, problem: str = ""):
        self.peer, self.people, self.worker, self.problem = peer, people, worker, problem
        self.steps, self.rates, self.equal = 1, [], None

    def ask(self, do: str, **more) -> dict:
        """Return the worker's answer; after a problem nobody asks again."""
        if self.problem:
            return {}
        try:
            return self.worker.ask(do, self.peer.name, self.people, **more)
        except FailedError as problem:
            self.problem = f"did not run: {problem}"
            return {}

    def prepare(self, ties: Path, target: float) -> None:
        """Set up, and find how many steps last as long as the target."""
        self.ask("prepare", ties=str(ties))
        self.ask("advance", steps=1)  # compiles, where something compiles
        seconds = self.ask("advance", steps=self.steps).get("seconds", target)
        while seconds < target / 2:  # in stages: a short measure may be off by much
            self.steps = max(self.steps + 1, round(self.steps * min(10, target / seconds)))
            seconds = self.ask("advance", steps=self.steps).get("seconds", target)

    def measure(self) -> None:
        answer = self.ask("advance", steps=self.steps)
        work = self.peer.runs * self.people * self.steps
        self.rates.append(work / answer["seconds"] if answer else np.nan)


def workers_of(folder: Path) -> tuple[dict, dict]:
    """Return a worker for each environment, and why there is none."""
    workers, problems = {"": Worker(sys.executable, MODULES[""], ROOT)}, {}
    for name in sorted({peer.environment for peer in PEERS} - {""}):
        try:
            workers[name] = Worker(python_of(folder, name), MODULES[name])
        except NotInstalledError as problem:
            problems[name] = f"not installed: {problem}"
            print(f"{name} {problems[name]}", flush=True)
    return workers, problems


def write_ties(folder: Path, people: int) -> Path:
    """Write the ties of the network of this size, each once, where every peer finds them."""
    network = sim.networks.two_groups(n_people=people, mean_degree=10, homophily=0.5, seed=1)
    first = np.repeat(np.arange(people), network.degree)
    path = folder / f"ties-{people}.npy"
    np.save(path, np.column_stack([first, network.neighbours])[first < network.neighbours])
    return path


def compared(entries: list[Entry], rounds: int, target: float) -> None:
    """Prepare all, measure them in turn round by round, and check who claims equal work."""
    with tempfile.TemporaryDirectory() as folder:
        ties = {people: write_ties(Path(folder), people) for people in {entry.people for entry in entries}}
        for entry in entries:
            entry.prepare(ties[entry.people], target)
            print(f"{entry.peer.name}, {entry.people:,} people: {entry.problem or f'{entry.steps} steps a round'}")
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}", flush=True)
        for entry in entries:
            entry.measure()
    for entry in entries:
        entry.equal = entry.ask("check").get("equal")


def table_of(entries: list[Entry]) -> pd.DataFrame:
    """Return one row per peer and number of people; ratios are of rates of the same round."""
    found = {(entry.peer.name, entry.people): np.array(entry.rates) for entry in entries}
    return pd.DataFrame(
        _row(entry, found[LANES, entry.people], found[ONE_RUN, entry.people], np.array(entry.rates))
        for entry in entries
    )


def _row(entry: Entry, lanes: np.ndarray, one_run: np.ndarray, rates: np.ndarray) -> dict:
    peer = entry.peer
    row = {"peer": peer.name, "version": version_of(peer), "people": entry.people, "rounds": len(rates)}
    row |= _spread("person_steps_per_second", rates) | _spread("lanes_to_peer", lanes / rates)
    row |= _spread("one_run_to_peer", one_run / rates)
    goals = {"lanes_to_peer": peer.goal_lanes, "one_run_to_peer": peer.goal_one_run}
    goals = {name: goal for name, goal in goals.items() if goal}
    told = {"lanes_to_peer": "lanes", "one_run_to_peer": "one run"}
    row["goal"] = "; ".join(f"{told[name]} at least {goal:,} times" for name, goal in goals.items())
    is_met = all(row[name] >= goal for name, goal in goals.items())
    row["holds"] = "" if not goals or entry.problem else "yes" if is_met else "no"
    return row | {"equal_results": entry.equal or "", "work": peer.work, "note": entry.problem}


def _spread(name: str, values: np.ndarray) -> dict:
    return {name: np.median(values), f"{name}_lowest": values.min(), f"{name}_highest": values.max()}


def version_of(peer: Peer) -> str:
    if peer.package == "allyship-sim":
        return sim.__version__
    return pinned(peer.environment, peer.package) if peer.environment else metadata.version(peer.package)


def measured(sizes, rounds: int, target: float, environments: Path) -> pd.DataFrame:
    """Return the table of all comparisons."""
    workers, problems = workers_of(environments)
    entries = [
        Entry(peer, people, workers.get(peer.environment), problems.get(peer.environment, ""))
        for people in sizes for peer in PEERS
    ]  # fmt: skip
    try:
        compared(entries, rounds, target)
    finally:
        for worker in workers.values():
            worker.close()
    return table_of(entries)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How fast is this engine beside other tools?")
    parser.add_argument("--quick", action="store_true", help="a few rounds, 1,000 people, nothing written to results/")
    parser.add_argument("--environments", type=Path, default=ROOT / ".venv-peers", help="where peers are installed")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    sizes, rounds, target = ((1_000,), 3, 0.05) if asked.quick else ((1_000, 10_000), 15, 0.3)
    table = measured(sizes, rounds, target, asked.environments)
    folder = Path(tempfile.mkdtemp()) if asked.quick else ROOT / "results" / "speed"
    folder.mkdir(parents=True, exist_ok=True)
    text = table.to_csv(index=False, float_format="%.4g", lineterminator="\n")
    manifest.write_whole(folder / "peers.csv", text)
    draw(table, folder / "peers.png")
    shown = table[["peer", "people", "person_steps_per_second", "lanes_to_peer", "one_run_to_peer", "goal", "holds"]]
    print(shown.to_string(index=False, float_format=lambda value: f"{value:,.3g}"))
    print(f"written to {folder}")
    if "no" in set(table["equal_results"]):
        sys.exit("a peer that claims equal work gave other results; see equal_results")


if __name__ == "__main__":
    main()
