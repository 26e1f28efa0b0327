"""Which runs a design asks for, round by round: later rounds may depend on what earlier ones found.

A plan is a generator. It yields a list of runs and is sent their results (`Results`: what was measured in each, by
key); then it yields the next list, until it has no more to ask. It never asks anything else but results, so a plan
that is played again over a store arrives at the same runs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable
from typing import NamedTuple

from sim.sweeps.design import Design
from sim.sweeps.points import Point, each_once, run_key
from sim.sweeps.refine import next_points
from sim.sweeps.replicates import cautious_half_width, is_narrow
from sim.sweeps.seeds import Seeds, root_of_point, seeds_of


class Planned(NamedTuple):
    """One run of a design."""

    point: Point
    replicate: int
    root: int
    key: str

    @property
    def seeds(self) -> Seeds:
        """The seeds of the run."""
        return seeds_of(self.root, self.replicate)


# What came out of some runs: a function of their keys and the name of a column, to values (None if the run failed).
Results = Callable[[Iterable[str], str], list]
Plan = Generator[list[Planned], Results, None]


def plan_of(design: Design) -> Plan:
    """Return the plan of a design."""
    return _refined(design) if design.kind == "refined" else _at_points(design, design.points())


def planned(design: Design, points: Iterable[Point], first: int, last: int) -> list[Planned]:
    """Return the runs of some points, replicates `first` to `last` - 1, all points of one replicate together.

    So that few networks are in use at a time.
    """
    points = list(points)
    roots = [design.seed if design.luck == "common" else root_of_point(design.seed, point.digest) for point in points]
    return [
        Planned(point, replicate, root, run_key(point.digest, seeds_of(root, replicate)))
        for replicate in range(first, last)
        for point, root in zip(points, roots, strict=True)
    ]


def _at_points(design: Design, points: list[Point]) -> Plan:
    """Ask for the replicates of some points: a fixed number, or batches until the means are known well enough."""
    results = yield planned(design, points, 0, design.replicates)
    if design.precision is None:
        return
    about, batch, count = design.precision, design.replicates, design.replicates
    while count < about["most"] and points:
        points = [point for point in points if not _is_known(design, point, count, results)]
        if not points:
            return
        more = min(count + batch, about["most"])
        results = yield planned(design, points, count, more)
        count = more


def _is_known(design: Design, point: Point, count: int, results: Results) -> bool:
    about, values = design.precision, _measured(design, point, count, results)
    return len(values) > 1 and is_narrow(values, about["half_width"], about["level"])


def _measured(design: Design, point: Point, count: int, results: Results) -> list:
    keys = [run.key for run in planned(design, [point], 0, count)]
    return [value for value in results(keys, design.precision["measure"]) if value is not None]


def ended_by_most(design: Design, runs: Iterable[Planned], results: Results) -> list[tuple[Point, int, float]]:
    """Return the points of a design with a precision that had as many replicates as allowed and are not known well.

    Returns
    -------
    list of tuple
        The point, its replicates, and how far its mean may be off (`sim.sweeps.replicates.cautious_half_width`).
    """
    about = design.precision
    counts = Counter(run.point.digest for run in runs)
    return [
        (point, about["most"], cautious_half_width(_measured(design, point, about["most"], results), about["level"]))
        for point in each_once(run.point for run in runs)
        if counts[point.digest] >= about["most"] and not _is_known(design, point, about["most"], results)
    ]


def _refined(design: Design) -> Plan:
    combinations = design.combinations()
    classes: list[dict] = [{} for _ in combinations]
    n_axes = len(design.ranges)
    while True:
        asked = [
            (known, place, design.distinct([design.at_lattice(place, combination)])[0])
            for known, combination in zip(classes, combinations, strict=True)
            for place in next_points(known, design.depth, design.coarse, n_axes)
        ]
        if not asked:
            return
        latest: list[Results] = []
        yield from _remembering(_at_points(design, each_once(point for _, _, point in asked)), latest)
        for known, place, point in asked:
            known[place] = _prevailing(design, point, latest[-1])


def _remembering(plan: Plan, latest: list) -> Plan:
    """Play a plan within another one, and keep the results it was sent last."""
    runs = next(plan, None)
    while runs is not None:
        results = yield runs
        latest.append(results)
        try:
            runs = plan.send(results)
        except StopIteration:
            return


def _prevailing(design: Design, point: Point, results: Results) -> str | None:
    """Return the regime in which most runs of a point end, of equally frequent ones the first in the alphabet."""
    most = design.replicates if design.precision is None else design.precision["most"]
    keys = [run.key for run in planned(design, [point], 0, most)]
    regimes = sorted(name for name in results(keys, "regime") if name)
    return max(dict.fromkeys(regimes), key=regimes.count) if regimes else None
