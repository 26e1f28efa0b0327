"""What a sweep came to, and what it would take, in words and as JSON."""

from __future__ import annotations

import math
import shlex
from pathlib import Path

from sim.checks import InputError
from sim.cli import words
from sim.cli.manners import one_line
from sim.counting import counted

MOST_TOLD = 10  # failures of a sweep, differences of a replayed run


def quoted(path) -> str:
    """Return a path as a shell takes it."""
    return shlex.quote(one_line(str(path)))


def failed_runs(swept) -> list[str]:
    """Return the keys of runs that failed."""
    return list(dict.fromkeys(swept.failures["key"]))


def told_of_failures(swept, failed: list[str]) -> str:
    """Say how many runs failed, why the first did, and how to make it again."""
    count = counted(len(failed), "run failed", "runs failed; the first")
    error = swept.failures["error"].iloc[0]
    return f"{count}: {error}. Make it again: allyship replay {quoted(swept.folder)} {failed[0][:12]}"


def told_of_stop(folder) -> str:
    """Say that a sweep was stopped with Ctrl-C, and how many runs are safe."""
    from sim.sweeps.store import Store

    goes_on = "the same command goes on where it stopped"
    try:
        count = len(Store(folder).keys()[0])
    except InputError:
        return f"stopped before any run was finished; {goes_on}"
    except KeyboardInterrupt:  # whoever is in a hurry is not made to wait for a number
        return f"stopped; finished runs are safe in {quoted(folder)}, and {goes_on}"
    are = "is" if count == 1 else "are"
    return f"stopped; {counted(count, 'finished run')} in {quoted(folder)} {are} safe, and {goes_on}"


def result_lines(swept, failed: list[str]) -> list[str]:
    """Return what a sweep came to, in lines of plain words."""
    table = swept.table
    points = len(table[swept.design.names].drop_duplicates()) if swept.design.names else 1
    runs = table["key"].nunique()
    lines = [f"{counted(runs, 'run')} of {counted(points, 'point')}, {counted(len(table), 'row')} in the table."]
    lines += [f"  {reason}" for reason in swept.reasons]
    if failed:
        lines.append(told_of_failures(swept, failed))
    else:
        lines.append("No run failed.")
    done = table[table["status"] == "done"]
    if not len(done):
        return lines
    arms = arms_of(swept.design, done)
    for arm, rows in arms:
        lines += ["", *([f"With {_named(arm)}:"] if arm else []), *_means(rows)]
    which = "all points of the design" if len(arms) == 1 else "all points of the design that have this in common"
    lines.append(f"These are means over {which}: they sum up what was tried, and forecast nothing.")
    return lines


def arms_of(design, table) -> list[tuple[dict, object]]:
    """Return the rows of a sweep apart by what is compared: interventions and null models; all rows if nothing is."""
    from sim.sweeps.points import INTERVENTION, NULL

    compared = [name for name in (INTERVENTION, NULL) if name in design.names and table[name].nunique() > 1]
    if not compared:
        return [({}, table)]
    return [(dict(zip(compared, arm, strict=True)), rows) for arm, rows in table.groupby(compared, sort=False)]


def _named(arm: dict) -> str:
    return " and ".join(f"{name} = {value}" for name, value in arm.items())


def _means(rows) -> list[str]:
    """Return what prevails in some rows, and the means of both groups; of a published model the means of all it has."""
    if "regime" not in rows:
        return [f"Means of {counted(len(rows), 'run')}:", *(f"  {name} {rows[name].mean():.3f}" for name in _of(rows))]
    counts = rows["regime"].value_counts()
    prevail = ", ".join(f"{name.upper()} in {count}" for name, count in counts.items())
    what = counted(len(rows), "row" if "place" in rows else "run")
    lines = [f"What prevails among advantaged people, of {what}: {prevail}"]
    lines += [_group_line("Advantaged", rows, words.ADVANTAGED), _group_line("Marginalized", rows, words.MARGINALIZED)]
    if not math.isnan(rows["mean_trust"].mean()):
        lines.append(f"  their trust in allies, 0 to 1: {rows['mean_trust'].mean():.2f}")
    return lines


def _group_line(role: str, done, shares: dict) -> str:
    means = {word: done[column].mean() for word, column in shares.items()}
    if any(math.isnan(mean) for mean in means.values()):
        return f"{role}: nobody."
    return f"{role}, on average: {', '.join(f'{word} {mean:.0%}' for word, mean in means.items())}"


def as_json(swept) -> dict:
    """Return what a sweep came to, for programs."""
    table = swept.table
    done = table[table["status"] == "done"]
    failures = swept.failures[["key", "error"]].drop_duplicates("key")
    told = failures.head(MOST_TOLD).to_dict("records")
    return {
        "folder": str(swept.folder),
        "n_rows": len(table),
        "n_runs": int(table["key"].nunique()),
        "n_failed": len(failures),
        "first_failures": told,
        "first_keys": list(table["key"].drop_duplicates().head(MOST_TOLD)),
        "reasons": swept.reasons,
        **_summed_up(done),
        "arms": [arm | _summed_up(rows) for arm, rows in arms_of(swept.design, done) if arm],
        "digest": swept.digest,
    }


def _summed_up(rows) -> dict:
    """Return how often what prevails, and means, over some rows."""
    if "regime" not in rows:
        return {"means": {name: _number(rows[name].mean()) for name in _of(rows)}}
    columns = [*words.ADVANTAGED.values(), *words.MARGINALIZED.values(), "mean_trust"]
    return {
        "regimes": {name: int(count) for name, count in rows["regime"].value_counts().items()},
        "means": {name: _number(rows[name].mean()) for name in columns},
    }


def _of(rows) -> list[str]:
    """Return the outcomes of a published model."""
    from sim.sweeps.columns import is_of_classic

    return [name for name in rows if is_of_classic(name)]


def _number(value):
    """Return a value as JSON has it: what has none is null."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def forecast_lines(told, folder: Path) -> list[str]:
    """Return what a sweep would take, in lines of plain words."""
    reused = f"{told.n_reused:,} of them are in the folder {quoted(folder)} already"
    none = f"none of them is in the folder {quoted(folder)} yet"
    points, replicates, runs, to_make = (
        f"{_between(bounds, _whole)} {word}" + ("" if bounds.most == 1 else "s")
        for bounds, word in (
            (told.n_points, "point"), (told.n_replicates, "replicate"), (told.n_runs, "run"), (told.n_to_make, "run"),
        )
    )  # fmt: skip
    lines = [f"{points} x {replicates}: {runs}; {reused if told.n_reused else none}"]
    if told.n_to_make.most:
        workers = counted(told.workers, "worker")
        lines += [
            f"To make: {to_make}; about {_between(told.seconds, _duration)} with {workers} on this machine, "
            f"and about {_between(told.n_bytes, _bytes)} on disk",
        ]
    else:
        lines.append("Nothing is left to be made.")
    if told.n_runs.least != told.n_runs.most:
        lines.append("How many runs it takes shows only as they are made.")
    return [*lines, f"Digest of the design: {told.digest}", "Nothing was written."]


def _between(bounds, form) -> str:
    low, high = form(bounds[0]), form(bounds[1])
    return low if low == high else f"{low} to {high}"


def _whole(value) -> str:
    return f"{value:,.0f}"


def _duration(seconds: float) -> str:
    for size, name in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {name}"
    return "1 second" if seconds < 1.5 else f"{seconds:.0f} seconds"


def _bytes(size: float) -> str:
    for scale, name in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB")):
        if size >= scale:
            return f"{size / scale:,.1f} {name}"
    return f"{math.ceil(size / 1000)} kB"
