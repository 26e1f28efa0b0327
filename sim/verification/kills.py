"""Section: a sweep that is killed again and again loses nothing that was finished, and comes out as if undisturbed."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from sim.sweeps import open_sweep, store, sweep
from sim.verification.check import Check, Section, yes_or_no
from sim.verification.luck import Luck
from sim.verification.same_seed import python

DESIGN = {"loyalty": {"from": 0.3, "to": 0.9, "count": 5}, "stigma_transfer": [0.1, 0.5], "network_n_people": 60,
          "network_mean_degree": 6, "steps": 10, "replicates": 20}  # fmt: skip
N_RUNS, CHUNK = 200, 2
LONGEST_LIFE = 12  # parts that a sweep may finish before it is killed
PART_SECONDS = 0.02  # about as long as a part takes
CHILD = "from sim.verification.kills import child; import sys; child(sys.argv[1])"


def child(folder: str) -> None:
    """Sweep in a process of its own, and tell the keys of every part as soon as it is in the folder."""
    add = store.Store.add

    def told(self, table):
        add(self, table)
        print("kept", *table["key"].to_pylist(), flush=True)

    store.Store.add = told
    sweep(DESIGN, folder, executor="threads", workers=1, chunk=CHUNK)


def one_life(folder: Path, parts: int, delay: float) -> set[str]:
    """Begin the sweep, kill it some time after so many finished parts, and return the keys that it told of."""
    with python(CHILD, str(folder)) as process:
        lines = [process.stdout.readline() for _ in range(parts)]
        time.sleep(delay)
        process.kill()
        lines += process.stdout.read().splitlines()
        errors = process.communicate()[1]
    if not any(lines) and parts and "Error" in errors:
        raise RuntimeError(f"the sweep that was to be killed failed: {errors.strip().splitlines()[-1]}")
    return {key for line in lines if line.startswith("kept") for key in line.split()[1:]}


def stored_rows(folder: Path) -> dict[str, tuple]:
    """Return all finished rows of a folder by key, with the time they took: made again, it would be another."""
    if not (folder / "parts").is_dir():
        return {}
    table = open_sweep(folder).table
    return {row[table.columns.get_loc("key")]: repr(row) for row in table.itertuples(index=False, name=None)}


def kills(count: int, seed: int):
    """Kill a sweep at random times until it is done, several sweeps if it takes that; then compare its table."""
    undisturbed = sweep(DESIGN, executor="threads", workers=1).digest
    done = 0
    while done < count:
        with tempfile.TemporaryDirectory(prefix="allyship-") as work:
            folder, rows = Path(work, "store"), {}
            while done < count and len(rows) < N_RUNS:
                rng = Luck(seed, 6 * 10**6 + done)
                told = one_life(folder, int(rng.integers(LONGEST_LIFE)), rng.uniform(0, PART_SECONDS))
                then = stored_rows(folder)
                done += 1
                yield yes_or_no(_is_kept(rows, then, told), f"kill {done}: something finished was lost or made again")
                rows = then
            yield finished(folder, rows, undisturbed)


def _is_kept(before: dict, after: dict, told: set[str]) -> bool:
    return told <= set(after) and all(after.get(key) == row for key, row in before.items())


def finished(folder: Path, rows: dict, undisturbed: str):
    """Let a killed sweep end, and compare its table with that of an undisturbed one."""
    swept = sweep(DESIGN, folder, executor="threads", workers=1, chunk=CHUNK)
    is_sound = swept.digest == undisturbed and not swept.set_aside and len(swept.table) == N_RUNS
    return yes_or_no(is_sound and _is_kept(rows, stored_rows(folder), set()), "the table of a killed sweep is another")


SECTION = Section(
    "kills",
    "Sweeps survive being killed",
    "A crash, a full queue or a pulled plug costs minutes at most: what was finished is kept, and nothing is doubled.",
    "What a broken disk does to files that were written; see the next section for that.",
    (
        Check(f"a sweep of {N_RUNS} runs killed at random times and begun again until done: finished runs lost or made "
              "again, and the digest of the table against an undisturbed sweep", kills, 16, 2,
              "1 = lost or another table"),
    ),
)  # fmt: skip
