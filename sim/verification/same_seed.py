"""Section: the same seed gives the same bits, in this process, in fresh ones, and as stored."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import sim
from sim.run import simulate
from sim.verification.check import Check, Section, yes_or_no
from sim.verification.configurations import random_run
from sim.verification.golden import FILES, STEPS, digest_of, golden_run, lives_digest, stored
from sim.verification.luck import Luck

HASH_SEEDS = ("0", "1", "random")
TOLD = "from sim.verification.same_seed import told; told({seed}, {count})"


def golden_as_stored(count: int, seed: int):
    """Compare the golden run with what is stored of it."""
    for schedule in list(FILES)[:count]:
        found = json.loads(json.dumps(digest_of(golden_run(schedule))))
        wanted = stored(schedule)
        for name in [*found, *(name for name in wanted if name not in found)]:
            is_same = name in found and name in wanted and found[name] == wanted[name]
            yield yes_or_no(is_same, f"{name}, {schedule}")


def digests(seed: int, count: int) -> list[str]:
    """Return digests of the golden runs and of some random configurations."""
    runs = [golden_run(schedule) for schedule in FILES]
    runs += [simulate(record_people=True, **random_run(Luck(seed, 3 * 10**6 + i))) for i in range(count)]
    return [lives_digest(run) for run in runs]


def told(seed: int, count: int) -> None:
    """Print `digests`, in a process of its own."""
    print(json.dumps(digests(seed, count)))


@contextlib.contextmanager
def python(code: str, *arguments: str, **environment: str) -> Iterator[subprocess.Popen]:
    """Start a fresh Python that imports this very package; whatever happens, it is killed at the end."""
    paths = [str(Path(sim.__file__).resolve().parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    surroundings = os.environ | {"PYTHONPATH": os.pathsep.join(paths)} | environment
    command = [sys.executable, "-W", "ignore", "-c", code, *arguments]
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=surroundings, text=True, **streams) as process:
        try:
            yield process
        finally:
            process.kill()


def fresh_processes_agree(count: int, seed: int):
    """Compare digests of fresh processes, each with another order of sets and another hash seed, with our own."""
    each = count // len(HASH_SEEDS) - len(FILES)
    own = digests(seed, each)
    code = TOLD.format(seed=seed, count=each)
    with contextlib.ExitStack() as side_by_side:
        processes = [side_by_side.enter_context(python(code, PYTHONHASHSEED=hash_seed)) for hash_seed in HASH_SEEDS]
        for hash_seed, process in zip(HASH_SEEDS, processes, strict=True):
            for i, (one, other) in enumerate(zip(answer_of(process), own, strict=True)):
                yield yes_or_no(one == other, f"run {i}, PYTHONHASHSEED={hash_seed}")


def answer_of(process) -> list[str]:
    """Return the digests that a fresh process prints."""
    out, errors = process.communicate(timeout=300)
    if process.returncode:
        raise RuntimeError(f"a fresh process failed: {errors.strip().splitlines()[-1:]}")
    return json.loads(out)


SECTION = Section(
    "same-seed",
    "The same seed gives the same bits",
    "Whoever types the same seed gets the same run, to the last bit, today and in another process.",
    "That one run is typical: another seed is another run, so look at many.",
    (
        Check(f"the golden run of 24 people and {STEPS:,} steps against its stored digests (lives of all, last "
              "state, tallies; both schedules)", golden_as_stored, 2, 2, unit="1 = other bits"),
        Check("fresh processes with PYTHONHASHSEED 0, 1 and random against this one: golden runs and random "
              "configurations, digests of everybody's life", fresh_processes_agree, 66, 24, unit="1 = other bits"),
    ),
)  # fmt: skip
