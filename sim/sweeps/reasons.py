"""Why a run is made, reused or made again, in sentences."""

from __future__ import annotations

import json

from sim.counting import counted
from sim.sweeps.late import told_of_design
from sim.sweeps.points import RESULT_VERSION


def reasons_of(store, runs, done: set, thin: set, failed: set, made: set) -> list[str]:
    """Return what happened to the runs of a design and why.

    Parameters
    ----------
    store : Store or Memory
    runs : list of Planned
        All runs of the design.
    done, thin, failed : set of str
        Keys that the folder had before: finished, finished without the tables that were to be recorded, failed.
    made : set of str
        Keys of the runs that were made now.
    """
    keys = {run.key for run in runs}
    version = f"result version {RESULT_VERSION}"
    counts = [
        (len(keys & done), f"reused: made earlier from the same configuration and seeds, under {version}"),
        (len((keys & failed) - made), "failed earlier and were not tried again (--retry-failed does that)"),
        (len(keys & failed & made), "made again, because they had failed"),
        (len(keys & thin & made), "made again, because the tables asked for with record were not kept before"),
        (len(made - failed - thin), "made: the folder did not have them"),
    ]
    told = [f"{counted(count, 'run')} {text}" for count, text in counts if count]
    told += [f"{line}; the runs in it, if any, were made again" for line in store.set_aside]
    return told + _others(store, (done | thin | failed) - keys)


def reasons_of_design(swept, runs) -> list[str]:
    """Return what is worth knowing of the points of a sweep.

    Which are one, where something would begin too late, and where a precision was not reached.

    Parameters
    ----------
    swept : Sweep
    runs : list of Planned
        All its runs.
    """
    points = {run.point.digest: run.point for run in runs}.values()
    late = told_of_design(points, swept.design.swept)
    return _merged(swept.design.n_asked(), len(points)) + late + _precision(swept, len(points))


def _merged(n_asked: int | None, n_points: int) -> list[str]:
    if n_asked is None or n_asked == n_points:
        return []
    count = n_asked - n_points
    what = counted(count, "combination of values describes", "combinations of values describe")
    count_once = "counts once" if count == 1 else "count once"
    return [f"{what} the same runs as another and {count_once} (where nothing is done, it does not matter when)"]


def _precision(swept, n_points: int) -> list[str]:
    about = swept.design.precision
    if about is None:
        return []
    what = f"{about['measure']} is known to within {about['half_width']:g}"
    count = len(swept.unsettled)
    if not count:
        return [f"precision: {what} at every point"]
    where = "the only point" if count == n_points == 1 else f"{count} of {n_points} points"
    return [
        f"precision: NOT reached at {where}, where most = {about['most']} replicates ended it (see Sweep.unsettled)"
        + (f"; elsewhere {what}" if count < n_points else "")
    ]


def _others(store, keys: set) -> list[str]:
    """Tell of rows in the folder that this design does not ask for."""
    if not keys:
        return []
    rows = store.rows(["configuration"])
    versions: dict[int, int] = {}
    versions_of: dict[str, int] = {}
    for key, text in zip(rows["key"].to_pylist(), rows["configuration"].to_pylist(), strict=True):
        if key in keys:
            if text not in versions_of:
                versions_of[text] = json.loads(text)["result_version"]
            versions[versions_of[text]] = versions.get(versions_of[text], 0) + 1
    told = []
    for version, count in sorted(versions.items()):
        if version == RESULT_VERSION:
            told.append(f"{counted(count, 'run')} of other designs in the folder left alone")
        else:
            told.append(
                f"{counted(count, 'run')} in the folder were made under result version {version}; this is version "
                f"{RESULT_VERSION}, which gives other numbers, so they were not used"
            )
    return told
