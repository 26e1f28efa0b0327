"""Why a run is made, reused or made again, in sentences."""

from __future__ import annotations

import json

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
    told = [f"{count} {_runs(count)} {text}" for count, text in counts if count]
    told += [f"{line}; the runs in it, if any, were made again" for line in store.set_aside]
    return told + _others(store, (done | thin | failed) - keys)


def _runs(count: int) -> str:
    return "run" if count == 1 else "runs"


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
            told.append(f"{count} {_runs(count)} of other designs in the folder left alone")
        else:
            told.append(
                f"{count} {_runs(count)} in the folder were made under result version {version}; this is version "
                f"{RESULT_VERSION}, which gives other numbers, so they were not used"
            )
    return told
