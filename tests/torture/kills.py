"""Sweeps that are killed, interrupted and crowded, again and again: does a store ever lose or double a run?

    python tests/torture/kills.py [--kills 100] [--pairs 30] [--interrupts 30] [--out kills.csv]

Every trial runs a sweep of 200 tiny runs in a process of its own. *Kills*: it gets a SIGKILL, at a random time or by
its own hand right before or after the n-th rename, write, fsync or removal in the folder. *Pairs*: two processes
sweep into one folder, with the same or an overlapping design; one of them may be killed. *Interrupts*: Ctrl-C at a
random time. What has to be true afterwards is in `check_folder` and `check_resumed`.
"""

from __future__ import annotations

import builtins
import collections
import csv
import hashlib
import importlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click
import numpy as np
import psutil

import sim
from sim.sweeps.work import make_runs as MAKE_RUNS

HERE = Path(__file__).resolve().parent
DESIGN = {"loyalty": {"from": 0.3, "to": 0.9, "count": 5}, "stigma_transfer": [0.1, 0.5], "network_n_people": 60,
          "network_mean_degree": 6, "steps": 10, "replicates": 20}  # fmt: skip
OTHER = DESIGN | {"stigma_transfer": [0.5, 0.8]}  # half of it is in DESIGN too
N_RUNS, CHUNK = 200, 2
HOOKS = ("replace", "fsync", "open", "write", "unlink")
SECONDS = 120  # until a trial is taken to hang
GRACE = float(os.environ.get("TORTURE_GRACE", 15))  # seconds in which the workers of a killed process have to end
TIDY_EVERY = 6  # parts; 300 in real life: here a killed sweep has often been tidying


class Broken(AssertionError):
    """A store is not as it has to be."""


# === in the process that is killed ======================================================================


def child(settings: dict) -> None:
    """Sweep, note what happens in a log, and die where the settings say."""
    from sim.sweeps import store, work

    module = importlib.import_module("sim.sweeps.sweeping")

    log = os.open(settings["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def note(word: str, keys=()) -> None:
        os.write(log, (" ".join([word, *keys]) + "\n").encode())

    module.MANY_PARTS = settings.get("tidy_every", TIDY_EVERY)
    work.make_runs = _Noted(settings["log"])
    add = store.Store.add
    store.Store.add = lambda self, table: (add(self, table), note("kept", table["key"].to_pylist()))[0]
    if settings.get("hook"):
        _die_at(settings["folder"], **settings["hook"])
    note("begin")
    try:
        swept = sim.sweep(settings["design"], settings["folder"], executor=settings["executor"],
                          workers=settings["workers"], chunk=CHUNK)  # fmt: skip
    except KeyboardInterrupt:
        note("interrupted")
        sys.exit(130)
    note("digest", [swept.digest, str(len(swept.table))])


class _Noted:
    """`make_runs`, with a line in the log for every chunk; can be sent to another process."""

    def __init__(self, log: str):
        self.log = log

    def __call__(self, chunk):
        rows = MAKE_RUNS(chunk)
        log = os.open(self.log, os.O_WRONLY | os.O_APPEND)
        os.write(log, (" ".join(["made", *(row["key"] for row in rows)]) + "\n").encode())
        os.close(log)
        return rows


def _die_at(folder: str, name: str, count: int, when: str, among: str = "") -> None:
    """Let this process kill itself right before or after the n-th call of a function on a file in the folder."""
    calls = 0

    def is_last(path) -> bool:
        nonlocal calls
        is_own = str(path).startswith(folder) and among in str(path)
        calls += is_own
        return is_own and calls == count

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def wrapped(function, path_of):
        def call(*arguments, **named):
            last = is_last(path_of(*arguments))
            if last and when == "before":
                die()
            result = function(*arguments, **named)
            if last:
                die()
            return result

        return call

    class Half:
        """A file that gets only the first half of what is written."""

        def __init__(self, file):
            self.file = file

        def write(self, content):
            self.file.write(content[: len(content) // 2])
            self.file.flush()
            die()

        def __enter__(self):
            return self

        def __exit__(self, *problem):
            return self.file.__exit__(*problem)

    real_open = builtins.open

    def open_half(path, mode="r", *arguments, **named):
        file = real_open(path, mode, *arguments, **named)
        return Half(file) if "x" in mode and is_last(path) else file

    if name == "replace":
        os.replace = wrapped(os.replace, lambda source, target: target)
    elif name == "unlink":
        os.unlink = wrapped(os.unlink, lambda path, **_: path)
    elif name == "fsync":
        os.fsync = wrapped(os.fsync, lambda handle: os.readlink(f"/proc/self/fd/{handle}"))
    elif name == "open":
        builtins.open = wrapped(real_open, lambda path, *_: path)
    else:
        builtins.open = open_half


# === outside of it ======================================================================================


class Trial:
    """One sweep in a process of its own, with its log."""

    def __init__(self, folder: Path, log: Path, *, design=DESIGN, executor="threads", workers=1, hook=None, group=False,
                 tidy_every=TIDY_EVERY):  # fmt: skip
        self.folder, self.log, self.workers, self.orphans = Path(folder), Path(log), workers, 0
        log.touch()
        settings = {"folder": str(folder), "log": str(log), "design": design, "executor": executor, "workers": workers,
                    "hook": hook, "tidy_every": tidy_every}  # fmt: skip
        code = "import json, sys, kills; kills.child(json.loads(sys.argv[1]))"
        paths = os.pathsep.join([str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])])
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
        environment = os.environ | {"PYTHONPATH": paths, "TORTURE_TRIAL": str(log)}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", code, json.dumps(settings)], env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.errors, start_new_session=group,
        )  # fmt: skip

    def lines(self, word: str) -> list[list[str]]:
        """Return the words behind every whole line of the log that begins with a word."""
        whole = self.log.read_text().rpartition("\n")[0].splitlines()
        return [line.split()[1:] for line in whole if line.split()[0] == word]

    def wait_for(self, word: str) -> None:
        """Wait until the log has a line that begins so, or the process has ended."""
        end = time.monotonic() + SECONDS
        while not self.lines(word) and self.process.poll() is None:
            if time.monotonic() > end:
                self.process.kill()
                raise Broken(f"no {word!r} in {SECONDS} s")
            time.sleep(0.005)

    def ended(self) -> int:
        """Wait for the end, also of its workers, and return the exit code."""
        try:
            code = self.process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise Broken(f"still at work after {SECONDS} s") from None
        end = time.monotonic() + GRACE
        while (orphans := self._processes()) and not self.orphans:
            if time.monotonic() > end:
                self.orphans = len(orphans)
                for orphan in orphans:
                    orphan.kill()
            time.sleep(0.02)
        return code

    def check_orphans(self) -> None:
        """Workers must not outlive the process that they work for."""
        if self.orphans:
            raise Broken(f"worker processes outlive their parent by more than {GRACE} s")

    def told(self) -> str:
        """Return what the process wrote on stderr."""
        self.errors.seek(0)
        return self.errors.read().decode(errors="replace")

    def _processes(self) -> list[psutil.Process]:
        living = (one for one in psutil.process_iter(["environ", "status"]) if one.info["status"] != "zombie")
        return [one for one in living if (one.info["environ"] or {}).get("TORTURE_TRIAL") == str(self.log)]


def check_folder(folder: Path) -> set[str]:
    """Check every file with a final name, and return the keys of the rows that are there."""
    import pyarrow.parquet as pq

    keys: set[str] = set()
    for kind, ending in (("parts", "parquet"), ("designs", "json"), ("networks", "npz")):
        for path in sorted((folder / kind).glob("*")) if (folder / kind).is_dir() else ():
            if path.name.startswith(".unfinished-"):
                continue
            found = re.fullmatch(rf"(?:runs-)?([0-9a-f]{{64}})\.{ending}", path.name)
            if not found:
                raise Broken(f"{kind} holds {path.name}")
            if kind != "networks" and hashlib.sha256(path.read_bytes()).hexdigest() != found[1]:
                raise Broken(f"{path.name} is damaged")
            if kind == "parts":
                keys |= set(pq.read_table(path, columns=["key"])["key"].to_pylist())
    return keys


def leftovers(folder: Path) -> list[str]:
    """Return the names of what was begun and not finished."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob(".*"))


def check_resumed(folder: Path, had: set[str], digest: str, design=DESIGN) -> int:
    """Make the rest, and check that nothing is made twice and all is as if undisturbed; return how many were made."""
    swept, made = resumed(folder, design)
    twice = [key for key, count in collections.Counter(made).items() if count > 1]
    if twice or had & set(made):
        raise Broken(f"{len(twice) + len(had & set(made))} finished runs were made again")
    if swept.digest != digest:
        raise Broken(f"another digest: {len(swept.table)} rows")
    if swept.set_aside:
        raise Broken(f"set aside: {swept.set_aside}")
    all_keys = set(swept.table["key"])
    reused = len(had & all_keys)
    told = " ".join(swept.reasons)
    if reused and f"{reused} run{'s' * (reused > 1)} reused" not in told:
        raise Broken(f"{reused} runs were reused, told was: {told}")
    if made and f"{len(made)} run{'s' * (len(made) > 1)} made" not in told:
        raise Broken(f"{len(made)} runs were made, told was: {told}")
    if check_folder(folder) < all_keys:
        raise Broken("rows are missing in the folder")
    if leftovers(folder):
        raise Broken(f"left over: {leftovers(folder)}")
    return len(made)


def resumed(folder, design=DESIGN):
    """Sweep in this process; return the sweep and the keys of the runs that were made, in order."""
    from sim.sweeps import work

    made: list[str] = []
    real = work.make_runs

    def noted(chunk):
        rows = real(chunk)
        made.extend(row["key"] for row in rows)
        return rows

    work.make_runs = noted
    try:
        return sim.sweep(design, folder, executor="threads", workers=1), made
    finally:
        work.make_runs = real


def living_leftover(folder: Path) -> Path:
    """Pretend that this process, which lives, is writing a part at this moment."""
    import secrets
    import socket

    host = re.sub(r"[^A-Za-z0-9.]", "_", socket.gethostname())
    (folder / "parts").mkdir(parents=True, exist_ok=True)
    path = folder / "parts" / f".unfinished-{host}-{os.getpid()}-{secrets.token_hex(4)}"
    path.write_bytes(b"at work")
    return path


# === kinds of trials ====================================================================================


def kill_one(folder: Path, digest: str, rng: np.random.Generator, span: float, *, hook=None, executor="threads",
             workers=1, at="running", design=DESIGN) -> dict:  # fmt: skip
    """Kill one sweep, check the folder, sweep the rest, check again; return what happened."""
    trial = Trial(folder, folder.with_suffix(".log"), design=design, executor=executor, workers=workers, hook=hook)
    if hook is None:
        if at != "start":
            trial.wait_for("begin")
        time.sleep(rng.uniform(0, span))
        trial.process.kill()
    code = trial.ended()
    if code not in (0, -signal.SIGKILL):
        raise Broken(f"exit code {code}: {trial.told()[-2000:]}")
    had = check_folder(folder)
    kept = {key for line in trial.lines("kept") for key in line}
    if kept - had:
        raise Broken(f"{len(kept - had)} finished runs are lost")
    lost = [line for line in trial.lines("made") if not set(line) <= had]
    if len(lost) > workers:
        raise Broken(f"{len(lost)} chunks are lost, with {workers} workers")
    begun = leftovers(folder) if folder.is_dir() else []
    living = living_leftover(folder)
    swept_at_start = sim.sweeps.store.Store(folder, create=True)
    if not living.exists():
        raise Broken("what a living process is writing was removed")
    if len(list(folder.glob("*/.unfinished-*"))) > 1:
        raise Broken("what a killed process was writing is still there")
    living.unlink()
    del swept_at_start
    made = check_resumed(folder, had, digest, design)
    trial.check_orphans()
    return {"killed": code != 0, "had": len(had), "lost_chunks": len(lost), "made": made, "leftovers": len(begun)}


def pair(folder: Path, digests: tuple[str, str], rng: np.random.Generator, span: float, *, overlapping=False,
         executor="threads", kill=False) -> dict:  # fmt: skip
    """Let two processes sweep into one folder at the same time, and check both answers."""
    designs = (DESIGN, OTHER if overlapping else DESIGN)
    trials = [Trial(folder, folder.with_suffix(f".{i}.log"), design=design, executor=executor, workers=1 + i % 2,
                    tidy_every=3) for i, design in enumerate(designs)]  # fmt: skip
    if kill:
        trials[0].wait_for("begin")
        time.sleep(rng.uniform(0, span))
        trials[0].process.kill()
    problems = []
    codes = []
    for i, trial in enumerate(trials):
        code = trial.ended()
        codes.append(code)
        if code == -signal.SIGKILL and kill and i == 0:
            continue
        if code:
            problems.append(f"process {i} failed: {trial.told().strip().splitlines()[-1][:300]}")
        elif trial.lines("digest")[0] != [digests[overlapping and i], str(N_RUNS)]:
            problems.append(f"process {i} has another digest, of {trial.lines('digest')[0][1]} rows")
    if problems:
        raise Broken("; ".join(problems))
    had = check_folder(folder)
    kept = {key for trial in trials for line in trial.lines("kept") for key in line}
    if kept - had:
        raise Broken(f"{len(kept - had)} finished runs are lost")
    made = check_resumed(folder, had, digests[0])
    check_resumed(folder, check_folder(folder), digests[1], OTHER)
    for trial in trials:
        trial.check_orphans()
    twice = sum(len(line) for trial in trials for line in trial.lines("made")) - len(had)
    return {"killed": -signal.SIGKILL in codes, "had": len(had), "made": made, "made_by_both": twice}


def interrupt(folder: Path, digest: str, rng: np.random.Generator, span: float, *, executor="threads", workers=1,
              whole_group=True) -> dict:  # fmt: skip
    """Press Ctrl-C at a random time of a sweep; in a terminal all its processes get that."""
    trial = Trial(folder, folder.with_suffix(".log"), executor=executor, workers=workers, group=True)
    trial.wait_for("begin")
    time.sleep(rng.uniform(0, span))
    if whole_group:
        os.killpg(trial.process.pid, signal.SIGINT)
    else:
        trial.process.send_signal(signal.SIGINT)
    code = trial.ended()
    if code == 0 and not trial.lines("digest"):
        raise Broken("exit code 0 and no result")
    if code not in (0, 130, 1, -signal.SIGINT):
        raise Broken(f"exit code {code}: {trial.told()[-2000:]}")
    if code in (1, -signal.SIGINT) and not trial.lines("digest"):
        raise Broken(f"Ctrl-C became something else: {trial.told()[-2000:]}")
    had = check_folder(folder)
    if {key for line in trial.lines("kept") for key in line} - had:
        raise Broken("finished runs are lost")
    made_before = {key for line in trial.lines("made") for key in line}
    made = check_resumed(folder, had, digest)
    trial.check_orphans()
    return {"killed": code != 0, "had": len(had), "made": made, "dropped": len(made_before - had)}


def undisturbed(design=DESIGN) -> str:
    """Return the digest of a sweep that nobody disturbs."""
    return sim.sweep(design, executor="threads", workers=1).digest


def time_of_a_sweep(folder: Path) -> float:
    """Return the seconds from the beginning to the end of an undisturbed sweep in another process."""
    trial = Trial(folder, folder.with_suffix(".log"))
    trial.wait_for("begin")
    begun = time.monotonic()
    trial.wait_for("digest")
    seconds = time.monotonic() - begun
    if trial.ended():
        raise Broken(trial.told()[-2000:])
    return seconds


def plan_of_kills(count: int, rng: np.random.Generator) -> list[dict]:
    """Return settings of so many kills: every second at a random time, the others at a chosen call."""
    plan = []
    for i in range(count):
        about = {"executor": ("threads", "processes")[i // 2 % 2], "workers": 1 + i // 4 % 2}
        if i % 2 == 0:
            plan.append(about | {"at": "start" if i % 10 == 0 else "running"})
        else:
            name = HOOKS[i // 2 % len(HOOKS)]
            hook = {"name": name, "count": int(rng.integers(1, 45)), "when": ("before", "after")[int(rng.integers(2))]}
            if i % 20 == 1:  # the last thing that a sweep writes
                hook = {"name": "replace", "count": 1, "when": "before", "among": "manifest"}
            plan.append(about | {"hook": hook})
    return plan


def plan_of_pairs(count: int) -> list[dict]:
    """Return settings of so many pairs."""
    return [{"overlapping": bool(i % 2), "kill": i % 3 == 2, "executor": ("threads", "processes")[i // 2 % 2]}
            for i in range(count)]  # fmt: skip


def plan_of_interrupts(count: int) -> list[dict]:
    """Return settings of so many interrupts."""
    return [{"executor": ("threads", "processes")[i % 2], "workers": 1 + i // 2 % 2, "whole_group": i % 4 < 3}
            for i in range(count)]  # fmt: skip


def attempt(kind: str, work: Path, about: dict, number: int, trial) -> dict:
    """Make one trial in a folder of its own; return one row of the table."""
    folder = work / f"{kind}{number}"
    told = about.get("hook") and "{name} {count} {when}".format(**about["hook"])
    row = {"kind": kind, "number": number, **{k: v for k, v in about.items() if k != "hook"}, "hook": told or ""}
    try:
        row |= trial(folder, about) | {"outcome": "sound"}
        shutil.rmtree(folder, ignore_errors=True)
    except Exception as problem:  # a trial that breaks must not end the others
        row["outcome"] = f"{type(problem).__name__}: {' '.join(str(problem).split())[:300]}"
    return row


@click.command()
@click.option("--kills", default=100, show_default=True)
@click.option("--pairs", default=30, show_default=True)
@click.option("--interrupts", default=30, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("--out", type=click.Path(dir_okay=False), help="CSV with one row per trial.")
@click.option("--keep", is_flag=True, help="Keep the folders of trials that broke.")
def main(kills: int, pairs: int, interrupts: int, seed: int, out: str | None, keep: bool) -> None:
    """Kill, crowd and interrupt sweeps, and look for damage."""
    rng = np.random.default_rng(seed)
    work = Path(tempfile.mkdtemp(prefix="kills-"))
    digests = undisturbed(), undisturbed(OTHER)
    span = time_of_a_sweep(work / "timed")
    rows: list[dict] = []
    kinds = [
        ("kill", plan_of_kills(kills, rng), lambda f, a: kill_one(f, digests[0], rng, span, **a)),
        ("pair", plan_of_pairs(pairs), lambda f, a: pair(f, digests, rng, span, **a)),
        ("interrupt", plan_of_interrupts(interrupts), lambda f, a: interrupt(f, digests[0], rng, span, **a)),
    ]
    for kind, plan, trial in kinds:
        for number, about in enumerate(plan):
            rows.append(attempt(kind, work, about, number, trial))
            if rows[-1]["outcome"] != "sound":
                click.echo(f"{rows[-1]}", err=True)
    report(rows, out)
    if not keep:
        shutil.rmtree(work, ignore_errors=True)
    sys.exit(any(row["outcome"] != "sound" for row in rows))


def report(rows: list[dict], out: str | None) -> None:
    """Print how many trials of each kind were sound, and write all of them."""
    for kind in dict.fromkeys(row["kind"] for row in rows):
        own = [row for row in rows if row["kind"] == kind]
        bad = [row for row in own if row["outcome"] != "sound"]
        hit = sum(bool(row.get("killed", True)) for row in own)
        click.echo(f"{kind:24} {len(own):5} trials, {hit:5} hit, {len(own) - len(bad):5} sound, {len(bad):4} broken")
        for outcome, count in collections.Counter(row["outcome"][:110] for row in bad).most_common():
            click.echo(f"    {count:4} x {outcome}")
    if out:
        names = list(dict.fromkeys(name for row in rows for name in row))
        with open(out, "w", newline="") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    main()
