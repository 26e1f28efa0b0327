"""What a sweep will take: a few of its runs are timed and weighed, and nothing is kept."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.checks import check_names, shown
from sim.sweeps import executors, parts, work
from sim.sweeps.columns import DONE
from sim.sweeps.design import Design
from sim.sweeps.memory import Memory
from sim.sweeps.plans import Planned
from sim.sweeps.points import Point
from sim.sweeps.possible import check_points
from sim.sweeps.reading import played
from sim.sweeps.seeds import seeds_of
from sim.sweeps.store import PARTS, Store, StoreError

SAMPLES = 3  # runs that are timed
PROBE_SECONDS = 0.25  # a run is timed over as many steps as take this long, or all of its steps
FIRST_STEPS = 16
NETWORKS_KEPT = 16  # by a worker, see `sim.sweeps.work`
_OTHER_LUCK = 10**9  # replicate whose network no sample has


class Bounds(NamedTuple):
    """At least and at most; the same where there is nothing to wait and see."""

    least: float
    most: float


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What a sweep will take; see `forecast`.

    Attributes
    ----------
    n_points, n_replicates, n_runs : Bounds
        Of the whole design; replicates are per point. A refined design may need any number of points up to the finest
        lattice, and one with a precision any number of replicates up to its ``most``.
    n_reused : int
        Runs that are in the folder and will not be made.
    n_to_make : Bounds
        Runs that will be made.
    seconds : Bounds
        Time to make them.
    n_bytes : Bounds
        What they will add to the folder.
    workers : int
        Runs at work at a time that `seconds` reckons with.
    digest : str
        SHA-256 of the design, the name of its file in the folder.
    problems : tuple of str
        Errors of sample runs that failed, each once.
    """

    n_points: Bounds
    n_replicates: Bounds
    n_runs: Bounds
    n_reused: int
    n_to_make: Bounds
    seconds: Bounds
    n_bytes: Bounds
    workers: int
    digest: str
    problems: tuple[str, ...] = ()


def forecast(design, folder=None, *, workers: int | None = None, record=(), retry_failed: bool = False) -> Forecast:
    """Tell what a sweep will take, without making it and without writing anything.

    Parameters
    ----------
    design, folder, workers, record, retry_failed
        As for `sim.sweep`.

    Returns
    -------
    Forecast

    Raises
    ------
    InputError
        For a design or a folder that `sim.sweep` would refuse.

    Notes
    -----
    Up to three runs are begun, at points of small, middling and large networks, after a short one with which everything
    is compiled. A long run is timed over its first steps. Time is shared evenly among workers, but not among more than
    there are processors.

    Examples
    --------
    >>> told = forecast({"loyalty": [0.5, 0.9], "network_n_people": 100, "steps": 20, "replicates": 3})
    >>> int(told.n_runs.least), int(told.n_runs.most), told.n_reused
    (6, 6, 0)
    """
    design = Design.of(design)
    record = (record,) if isinstance(record, str) else tuple(record)
    check_names("record:", record, work.records_of(design.model))
    workers = executors.worker_count("threads", workers)
    check_points(design.points())
    known, missing = _asked(design, _opened(folder), record, retry_failed)
    points, replicates, runs = _sizes(design, list(known.values()), bool(missing))
    later = runs.most - runs.least  # of which nothing is known but that they are like the others
    samples, problems = _samples(missing, record)
    seconds, weight = _work(samples, missing), _weight(samples, missing, record)
    share = max(1, min(workers, executors.processors(), len(missing)))
    grown = 1 + later / len(missing) if missing else 1.0
    return Forecast(
        n_points=points,
        n_replicates=replicates,
        n_runs=runs,
        n_reused=len(known) - len(missing),
        n_to_make=Bounds(len(missing), len(missing) + later),
        seconds=Bounds(seconds / share, seconds / share * grown),
        n_bytes=Bounds(round(weight), round(weight * grown)),
        workers=workers,
        digest=digest_of_design(design),
        problems=problems,
    )


def digest_of_design(design: Design) -> str:
    """Return the SHA-256 of a design, by which a folder knows it."""
    text = json.dumps(design.to_dict(), sort_keys=True, indent=1, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


# === what there is to do ================================================================================


class _Reader(Store):
    """A store that is looked at and not touched: what is damaged is left where it is."""

    def _put_aside(self, path: Path, reason: str) -> None:
        self.set_aside.append(f"{path.name}: {reason}")


def _opened(folder) -> Store | Memory:
    """Return the store in a folder, or an empty one where a sweep would make one."""
    if folder is None:
        return Memory()
    path = Path(folder)
    try:
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            return _Reader(folder, create=not (path / PARTS).is_dir())  # refuses what is no sweep, and makes nothing
        nearest = next(parent for parent in (path, *path.absolute().parents) if parent.exists())
        if not nearest.is_dir():
            raise StoreError(f"folder '{path}' cannot be used: '{nearest}' is no folder")
        if not os.access(nearest, os.W_OK):
            raise StoreError(f"folder '{path}' cannot be used: '{nearest}' may not be written")
    except OSError as problem:
        if isinstance(problem, StoreError):
            raise
        raise StoreError(f"folder {shown(str(path))} cannot be used: {problem.strerror}") from None
    return Memory()


class _Enough(Exception):
    pass


def _asked(design: Design, store, record: tuple, retry_failed: bool) -> tuple[dict[str, Planned], list[Planned]]:
    """Return the runs that the design asks for, by key, up to the first round that lacks some; and what it lacks."""
    recorded, failed = store.keys()
    there = {key for key, tables in recorded.items() if set(record) <= set(tables.split())}
    there = there if retry_failed else there | failed
    known: dict[str, Planned] = {}
    missing: list[Planned] = []

    def look(runs: list[Planned]) -> None:
        fresh = {run.key: run for run in runs}
        known.update(fresh)
        missing.extend(run for key, run in fresh.items() if key not in there)
        if missing:
            raise _Enough  # what is asked next depends on what comes out

    with contextlib.suppress(_Enough):
        played(design, store, look)
    return known, missing


def _sizes(design: Design, runs: list[Planned], is_open: bool) -> tuple[Bounds, Bounds, Bounds]:
    """Return points, replicates and runs of a design of which some runs are known."""
    each = Counter(run.point.digest for run in runs).values()
    points, replicates = Bounds(len(each), len(each)), Bounds(min(each), max(each))
    if not is_open:
        return points, replicates, Bounds(len(runs), len(runs))
    if design.kind == "refined":
        lattice = (design.coarse * 2**design.depth + 1) ** len(design.ranges) * len(design.combinations())
        points = Bounds(len(each), max(lattice, len(each)))
    if design.precision is not None:
        replicates = Bounds(design.replicates, design.precision["most"])
    return points, replicates, Bounds(len(runs), max(len(runs), points.most * replicates.most))


# === what it costs ======================================================================================


class _Sample(NamedTuple):
    run: Planned
    rows: list[dict]
    network: float  # seconds to make it
    setting: float  # seconds of a run without steps
    step: float  # seconds of a step


def _samples(missing: Sequence[Planned], record: tuple) -> tuple[list[_Sample], tuple[str, ...]]:
    """Return timed runs at a small, a middling and a large network, and what went wrong in those that failed."""
    by_size = sorted(missing, key=lambda run: _size(run.point))
    places = np.unique(np.linspace(0, len(by_size) - 1, SAMPLES).astype(int)) if by_size else ()
    chosen = [by_size[place] for place in places]
    warm: set[tuple] = set()
    for run in chosen:
        configuration = run.point.configuration
        kind = (configuration.get("network", {}).get("family"), configuration.get("schedule"))
        if kind not in warm:
            warm.add(kind)
            _made(run, 1, (), replicate=_OTHER_LUCK)
    samples = [_timed(run, record) for run in chosen]
    problems = dict.fromkeys(row["error"] for one in samples for row in one.rows if row["status"] != DONE)
    return samples, tuple(problems)


def _timed(run: Planned, record: tuple) -> _Sample:
    first, bare = _seconds(_made(run, 0, record)), _seconds(_made(run, 0, record))
    wanted = run.point.configuration["steps"]
    steps = min(wanted, FIRST_STEPS)
    rows = _made(run, steps, record)
    while steps < wanted and _seconds(rows) < PROBE_SECONDS and rows[0]["status"] == DONE:
        steps = min(wanted, 4 * steps)
        rows = _made(run, steps, record)
    step = max(0.0, _seconds(rows) - bare) / max(1, steps)
    return _Sample(run, rows, max(0.0, first - bare), bare, step)


def _made(run: Planned, steps: int, record: tuple, *, replicate: int | None = None) -> list[dict[str, Any]]:
    """Make a run with other steps; of a ramp only its first stage."""
    configuration = {name: value for name, value in run.point.configuration.items() if name != "ramp"}
    network = run.point.network
    networks = {} if network is None else {network.digest(): network}
    seeds = run.seeds if replicate is None else seeds_of(run.root, replicate)
    return work.make_run(configuration | {"steps": steps}, work.Job(0, run.replicate, seeds, run.key), networks, record)


def _seconds(rows: list[dict]) -> float:
    return sum(row["seconds"] for row in rows)


def _work(samples: list[_Sample], missing: Sequence[Planned]) -> float:
    """Return the seconds that one worker needs for all missing runs."""
    if not samples:
        return 0.0
    sizes, inverse = np.unique([_size(one.run.point) for one in samples], return_inverse=True)

    def at(size, column: str) -> np.ndarray:
        values = np.array([getattr(one, column) for one in samples])
        return np.interp(size, sizes, np.bincount(inverse, values) / np.bincount(inverse))

    kept = functools.lru_cache(maxsize=NETWORKS_KEPT)(lambda *_: None)  # as the workers keep networks
    total = 0.0
    points = {run.point.digest: run.point for run in missing}
    texts = {digest: json.dumps(point.configuration.get("network"), sort_keys=True) for digest, point in points.items()}
    size = np.array([_size(point) for point in points.values()])
    steps = np.array([point.configuration["steps"] for point in points.values()])
    stages = np.array([_stages(point) for point in points.values()])
    of_run = dict(zip(points, (at(size, "setting") + at(size, "step") * steps) * stages, strict=True))
    of_network = dict(zip(points, at(size, "network"), strict=True))
    for run in missing:
        digest = run.point.digest
        total += of_run[digest]
        if run.point.network is None:
            before = kept.cache_info().misses
            kept(texts[digest], run.seeds.network_seed)
            total += of_network[digest] * (kept.cache_info().misses - before)
    return float(total)


def _weight(samples: list[_Sample], missing: Sequence[Planned], record: tuple) -> float:
    """Return the bytes of all missing runs in Parquet."""
    if not samples:
        return 0.0
    table = parts.table_of([row for one in samples for row in one.rows], [one.run for one in samples])
    flat = table.select([name for name in table.column_names if "." not in name])
    rows = sum(count * stages for count, stages in _counted(missing, _stages))
    weight = _line(flat, np.ones(flat.num_rows), rows)
    for kind in record:
        nested = table.select([name for name in table.column_names if name.startswith(f"{kind}.")])
        if not nested.num_columns:  # all samples failed
            continue
        lengths = np.array([0 if cell is None else len(cell) for cell in nested.column(0).to_pylist()])
        weight += _line(nested, lengths, sum(count * entries for count, entries in _counted(missing, _LENGTHS[kind])))
    return weight


def _line(table, lengths: np.ndarray, wanted: float) -> float:
    """Return the bytes for so many entries, from those that all rows and the first row alone take, by a straight line.

    The names and places of all columns, which a file has once, are more than a few rows.
    """
    one, every = len(parts.written(table.slice(0, 1))), len(parts.written(table))
    rest = lengths.sum() - lengths[0]
    slope = (every - one) / rest if rest else every / max(1, lengths.sum())
    return max(0.0, one + (wanted - lengths[0]) * slope)


def _counted(missing: Sequence[Planned], about):
    """Yield how often each point is among some runs, and what a function says about it."""
    counts = Counter(run.point.digest for run in missing)
    points = {run.point.digest: run.point for run in missing}
    return [(count, about(points[digest])) for digest, count in counts.items()]


def _stages(point: Point) -> int:
    ramp = point.configuration.get("ramp")
    return 1 if ramp is None else 2 * len(ramp["values"])


def _people(point: Point) -> int:
    return point.network.n_people if point.network is not None else point.configuration["network"]["n_people"]


def _size(point: Point) -> float:
    """Return what a step has to look at: people and ends of ties."""
    if point.network is not None:
        return point.network.n_people + 2 * point.network.n_ties
    about = point.configuration.get("network")
    if about is None:  # a published model that has no network, or makes its own
        about = {"n_people": 1, "mean_degree": 0} | point.configuration["arguments"]
    return about["n_people"] * (1 + about.get("mean_degree", about["n_people"]))


# Entries of the tables beside one run.
_LENGTHS = {
    "steps": lambda point: _stages(point) * (point.configuration["steps"] + 1),
    "people": lambda point: _stages(point) * _people(point),
}
