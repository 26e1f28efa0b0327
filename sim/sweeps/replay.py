"""Making one row of a sweep again, from what the row itself says."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

from sim.checks import InputError, check_count, shown
from sim.counting import counted
from sim.sweeps import work
from sim.sweeps.columns import EVERY_OUTCOME, SEEDS, chosen
from sim.sweeps.points import RESULT_VERSION
from sim.sweeps.reading import Sweep, open_sweep
from sim.sweeps.seeds import Seeds, seeds_of


@dataclass(frozen=True)
class Replay:
    """A row made again.

    Attributes
    ----------
    key : str
        Of the run.
    recorded, again : list of dict
        What the folder has and what came out now: one mapping of outcomes per row of the run (several with a ramp).
    differences : list of str
        What is not the same to the last bit; empty if all is.
    """

    key: str
    recorded: list[dict[str, Any]]
    again: list[dict[str, Any]]
    differences: list[str]

    @property
    def is_equal(self) -> bool:
        """Whether everything is the same to the last bit."""
        return not self.differences


def replay(store, row) -> Replay:
    """Make a run of a sweep again and compare it bit for bit.

    Parameters
    ----------
    store : path or Sweep
    row : int or str
        The beginning of the run's key, if no other begins so; or the number of a row, from 0. Of a `Sweep` it counts
        the rows of its ``table`` (and ``failures``), those of its design; of a path it counts the rows of
        ``open_sweep(path).table``, all runs in the folder, whatever design asked for them. So the same number may be
        another run; a key is always the same one.

    Returns
    -------
    Replay

    Raises
    ------
    InputError
        If there is no such row, or it was made under another result version.
    """
    sweep = store if isinstance(store, Sweep) else open_sweep(store)
    key = _key(sweep, row)
    rows = sweep.stored("configuration", "root", "replicate", *SEEDS, "status", "error", *EVERY_OUTCOME, key=key)
    configuration = json.loads(rows[0]["configuration"])
    seeds = seeds_of(rows[0]["root"], rows[0]["replicate"])
    if configuration["result_version"] != RESULT_VERSION:
        raise InputError(
            f"run {key} was made under result version {configuration['result_version']}; this is version "
            f"{RESULT_VERSION}, in which the same seeds give other numbers"
        )
    return _compared(key, rows, _again(sweep, configuration, seeds, rows[0]))


def _key(sweep: Sweep, row) -> str:
    keys = sweep.table["key"]
    if isinstance(row, str):
        found = sorted({key for key in keys if key.startswith(row)}) if row else []
        if len(found) != 1:
            what = "no run has" if not found else counted(len(found), "run has", "runs have")
            raise InputError(f"row = {shown(row)}: {what} a key that begins so; give a row number or more of the key")
        return found[0]
    if not len(keys):
        raise InputError("this sweep has no rows")
    return keys[check_count("row", row, 0, len(keys) - 1)]


def _again(sweep: Sweep, configuration: dict, seeds: Seeds, row: dict) -> list[dict]:
    about = configuration.get("network", {})
    networks = {about["digest"]: sweep.network(about["digest"])} if "digest" in about else {}
    job = work.Job(0, row["replicate"], seeds, row["key"])
    return work.make_run(configuration, job, networks)


def _compared(key: str, recorded: list[dict], again: list[dict]) -> Replay:
    differences = []
    if len(recorded) != len(again):
        differences.append(f"the run had {counted(len(recorded), 'row')}, and has {len(again)} now")
    for old, new in zip(recorded, again, strict=False):
        for name in ("status", "error", *chosen(dict.fromkeys([*old, *new]), EVERY_OUTCOME)):
            before, now = old.get(name), new.get(name, "" if name == "error" else None)
            if not _same(before, now):
                where = f" at place {old['place']}" if len(recorded) > 1 else ""
                differences.append(f"{name}{where}: recorded {before!r}, now {now!r}")
    return Replay(key, recorded, again, differences)


def _same(first, second) -> bool:
    if isinstance(first, float) and isinstance(second, float | int):
        return first == second or (math.isnan(first) and math.isnan(second))
    return first == second
