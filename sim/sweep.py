"""Points x replicates -> a tidy table, one row per run.

A run is a pure function of its point, its replicate and the root seed. Neither its place in the list nor the worker
that happens to make it can change it. The seeds of a replicate do not depend on the point: at every point, replicate 3
has the same network, the same people and the same luck, so that a difference between two points is an effect.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import numbers
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed

from sim import streams
from sim.checks import InputError, check_choice, check_count, check_names
from sim.engine import SCHEDULES
from sim.measures import COLUMNS
from sim.networks import Network
from sim.parameters import Parameters

# What a seed is for, and the plane of counters that keeps seeds apart from the draws of a run.
NETWORK_SEED, START_SEED, LUCK_SEED = 1, 2, 3
_PLANE = 2

_SEEDS = ("network_seed", "start_seed", "seed")
_ABOUT = ("n_people", "n_ties", "mean_degree", "marginalized_share", "homophily", "clustering")
_OUTCOMES = (*_ABOUT, *(name for name in COLUMNS if name != "step"), "regime")


def derived_seed(root: int, replicate: int, purpose: int) -> int:
    """Return the seed of a replicate for one purpose: a Philox hash of the three, 0 to 2**64 - 1."""
    low, high = streams.key(replicate)
    words = streams.philox(low, high, purpose, _PLANE, *streams.key(streams.check_seed(root)))
    return words[0] | words[1] << 32


def grid(**axes) -> list[dict]:
    """Return all combinations of the given values, one point each.

    Examples
    --------
    >>> grid(loyalty=[0.5, 0.9], start=["silent"])
    [{'loyalty': 0.5, 'start': 'silent'}, {'loyalty': 0.9, 'start': 'silent'}]
    """
    return [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]


def run_points(points: Iterable[Mapping], *, networks: Mapping[str, Network | Callable], steps: int = 400, **settings):
    """Run every point in every replicate.

    Parameters
    ----------
    points : iterable of mappings
        Values of parameters by name, and optionally ``start`` ("silent" if left out) and ``network`` (a key of
        `networks`; may be left out when there is only one). See `grid`. Repeated points count once.
    networks : mapping of str to Network or callable
        A network, the same in every replicate; or a function of a seed that makes one, called once per replicate.
    steps : int
        Steps per run.
    base : Parameters, optional
        Values of the parameters that a point does not name.
    replicates : int
        Runs per point.
    seed : int
        Root of all seeds.
    schedule : {"synchronous", "shuffled"}
    workers : int, optional
        Threads, one run each; by default as many as there are processors. Never changes the table.
    progress : Progress, optional
        Told about every finished run.

    Returns
    -------
    DataFrame
        Sorted by point and replicate. A row holds the parameters that any point names, ``start``, ``network`` and its
        measures, ``replicate``, the three seeds (``network_seed`` is missing for a network that is given), the
        measures of `sim.measures` averaged over the last tenth of the run, ``regime``, and ``error``: empty, or what
        went wrong in a run that failed.

    Examples
    --------
    >>> import sim
    >>> network = sim.networks.two_groups(n_people=100, seed=1)
    >>> table = run_points(grid(loyalty=[0.5, 0.9]), networks={"small": network}, steps=20, replicates=3)
    >>> len(table)
    6
    """
    return _run(points, [_Stage(check_count("steps", steps), {}, {})], networks, **settings)


def run_ramp(points: Iterable[Mapping], *, networks, parameter: str, values: Iterable[float], hold: int, **settings):
    """Change a parameter stepwise, and back again, within each run.

    Every run goes through `values` in the order given ("up"), then through the same values in reverse ("down"); it
    stays `hold` steps at each and goes on from there. Other arguments are those of `run_points`.

    Returns
    -------
    DataFrame
        As from `run_points`, with one row per run and value: `parameter` holds the value, ``direction`` is "up" or
        "down", ``place`` counts the values from 0. Measures are averaged over the last tenth of the hold.
    """
    check_names("parameter", [parameter], Parameters.names())
    points, values, hold = [dict(point) for point in points], list(values), check_count("hold", hold, 1)
    if not values or any(parameter in point for point in points):
        raise InputError(f"values of {parameter} must be at least one, and no point may name {parameter} as well")
    path = [("up", value) for value in values] + [("down", value) for value in reversed(values)]
    stages = [
        _Stage(hold, {parameter: value}, {"direction": direction, "place": place, parameter: value})
        for place, (direction, value) in enumerate(path)
    ]
    return _run(points, stages, networks, **settings)


def summarise(table, by: list[str], columns: list[str]):
    """Return one row per point: runs, prevailing regime, agreement, and the spread of some columns over replicates.

    ``regime`` is the most frequent one (the first in the alphabet among equals), ``agreement`` the share of runs that
    end in it. Every column gives three: its 10th percentile, median and 90th percentile.
    """
    groups = table[table["error"] == ""].groupby(by)
    summary = groups.agg(
        runs=("regime", "size"),
        regime=("regime", lambda names: names.mode().iloc[0]),
        agreement=("regime", lambda names: names.value_counts(normalize=True).max()),
    )
    for name in columns:
        for label, share in (("p10", 0.1), ("median", 0.5), ("p90", 0.9)):
            summary[f"{name}_{label}"] = groups[name].quantile(share)
    return summary.reset_index()


def shown(row, column: str) -> str:
    """Return a share in a row of `summarise` in per cent: its median, and its 10th to 90th percentile in brackets."""
    low, middle, high = (100 * row[f"{column}_{part}"] for part in ("p10", "median", "p90"))
    return f"{middle:.0f} % ({low:.0f} to {high:.0f})"


def differences(runs, others, by: list[str], columns: list[str]):
    """Return how far runs differ from others of the same replicate, which share network, people and luck with them.

    Returns
    -------
    DataFrame
        One row per group and column (named in ``measure``): the number of ``pairs``, in how many of them the first
        run is ``lower``, and the 10th percentile, median and 90th percentile of the first minus the second.
    """
    import pandas as pd

    first, second = (table.set_index([*by, "replicate"])[columns] for table in (runs, others))
    gaps = (first - second).dropna()
    parts = [
        gaps.groupby(by)[name]
        .agg(
            pairs="size",
            lower=lambda gap: int((gap < 0).sum()),
            p10=lambda gap: gap.quantile(0.1),
            median="median",
            p90=lambda gap: gap.quantile(0.9),
        )
        .assign(measure=name)
        .set_index("measure", append=True)
        for name in columns
    ]
    return pd.concat(parts).reset_index()


def finished(tables: Mapping) -> tuple[dict, list[str]]:
    """Return the tables without the rows of runs that failed, and what went wrong in those."""
    problems = [text for table in tables.values() for text in table["error"] if text]
    return {name: table[table["error"] == ""] for name, table in tables.items()}, problems


def completed(function: Callable, tasks: list, *, workers: int | None = None) -> Iterator[tuple[int, object]]:
    """Yield (place, function(task)) for every task, as they are finished by `workers` threads.

    Leaving the loop early, by an error or Ctrl-C, drops what has not begun and waits for what has.
    """
    pool = ThreadPoolExecutor(_worker_count(workers), thread_name_prefix="sweep")
    try:
        places = {pool.submit(function, task): place for place, task in enumerate(tasks)}
        for future in as_completed(places):
            yield places.pop(future), future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@dataclasses.dataclass(frozen=True)
class _Stage:
    steps: int
    changes: dict  # of parameters
    labels: dict  # columns that tell this stage from others


def _run(points, stages, networks, *, base=None, replicates=10, seed=0, schedule="synchronous", workers=None,
         progress=None):  # fmt: skip
    import pandas as pd

    base = Parameters() if base is None else base
    points = _checked_points(points, networks, base)
    streams.check_seed(seed)
    check_choice("schedule", schedule, SCHEDULES)
    replicates = check_count("replicates", replicates, 1)
    network_of = functools.lru_cache(maxsize=4 * _worker_count(workers) + len(networks))(
        functools.partial(_network, networks, seed)
    )
    make = functools.partial(
        _rows_of_run, stages=stages, base=base, network_of=network_of, seed=seed, schedule=schedule
    )
    # All points of one replicate together, so that few networks need to be in memory at a time.
    tasks = [(point, replicate) for replicate in range(replicates) for point in points]
    rows = [None] * len(tasks)
    for place, made in completed(make, tasks, workers=workers):
        rows[place] = made
        if progress is not None:
            progress.advance(failed=bool(made[-1]["error"]))
    in_order = [rows[len(points) * replicate + i] for i in range(len(points)) for replicate in range(replicates)]
    asked = dict.fromkeys([*(points[0] if points else ()), "replicate", *stages[0].labels])
    rows = [row for made in in_order for row in made]
    table = pd.DataFrame(rows, columns=[*asked, *_SEEDS, *_OUTCOMES, "error"])
    for name in _SEEDS:  # given a missing one, pandas would turn all into floats, which cannot hold them
        table[name] = pd.array([row[name] for row in rows], dtype="UInt64")
    return table


def _rows_of_run(task, *, stages, base, network_of, seed, schedule) -> list[dict]:
    """Make one run, whatever happens: a failure becomes a row that says so."""
    from sim.run import simulate

    point, replicate = task
    row = dict(point, replicate=replicate, network_seed=None)
    row["start_seed"] = derived_seed(seed, replicate, START_SEED)
    row["seed"] = derived_seed(seed, replicate, LUCK_SEED)
    rows, stage = [], stages[0]
    try:
        network, row["network_seed"], about = network_of(point["network"], replicate)
        row |= about
        changes = {name: value for name, value in point.items() if name not in ("start", "network")}
        state = point["start"]
        for stage in stages:
            state = simulate(
                base.replace(**(changes | stage.changes)), network, steps=stage.steps, start=state,
                seed=row["seed"], start_seed=row["start_seed"], schedule=schedule, threads=1,
            )  # fmt: skip
            rows.append(row | stage.labels | _outcomes(state) | {"error": ""})
    except Exception as problem:
        rows.append(row | stage.labels | {"error": f"{type(problem).__name__}: {problem}"})
    return rows


def _outcomes(run) -> dict:
    tail = run.history.tail(max(1, len(run.history) // 10))  # as `sim.outcomes.regime_of`
    return tail.drop(columns="step").mean().to_dict() | {"regime": str(run.regime)}


def _network(networks, root: int, name: str, replicate: int):
    """Return the network of a replicate, the seed it was made from (None if it was given) and its measures."""
    network, seed = networks[name], None
    if not isinstance(network, Network):
        seed = derived_seed(root, replicate, NETWORK_SEED)
        network = network(seed)
    measures = network.measures()
    return network, seed, {name: measures[name] for name in _ABOUT}


def _checked_points(points, networks, base: Parameters) -> list[dict]:
    """Return distinct points in a fixed order, each with a start, a network and all parameters that any names."""
    points = [dict(point) for point in points]
    if not all(isinstance(network, Network) or callable(network) for network in networks.values()):
        raise InputError("networks must hold networks, or functions of a seed that make one")
    names = [name for name in Parameters.names() if any(name in point for point in points)]
    defaults = {name: getattr(base, name) for name in names} | {"start": "silent"}
    if len(networks) == 1:
        defaults["network"] = next(iter(networks))
    for point in points:
        if not isinstance(point.get("start", "silent"), str | numbers.Real):
            raise InputError(f"start = {point['start']!r:.60} of a point must be a word or a share of first allies")
        check_names("parameter", point, [*Parameters.names(), "start", "network"])
        if (defaults | point).get("network") not in networks:
            raise InputError(f"network = {point.get('network')!r} is not one of: {', '.join(networks)}")
    full = [{name: (defaults | point)[name] for name in ("network", "start", *names)} for point in points]
    distinct = {tuple(map(_sortable, point.values())): point for point in full}
    return [distinct[key] for key in sorted(distinct)]


def _sortable(value) -> tuple:
    """Numbers by size, before everything else by its text."""
    return (0, float(value), "") if isinstance(value, numbers.Real) else (1, 0.0, str(value))


def _worker_count(workers: int | None) -> int:
    if workers is not None:
        return check_count("workers", workers, 1)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
