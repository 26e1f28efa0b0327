"""What a sweep shows of itself: both groups along what was swept."""

from __future__ import annotations

from sim.checks import InputError, check_choice
from sim.plots.groups import sweep_figure
from sim.plots.pages import capital

MOST_PANELS = 5


def plot(sweep, table, swept: list[str], *, x: str | None, by: str | None, words: dict[str, str], shown=None):
    """Return the figure of a sweep.

    Parameters
    ----------
    sweep : Sweep
    table : DataFrame
        `Sweep.table` or `Sweep.steps`.
    swept : list of str
        Columns that vary between points.
    x, by : str or None
        Column to spread along the axis, or ``"step"``; column to give a panel to each value.
    words : dict
        What columns mean, in words.
    shown : list of str, optional
        Columns to draw, instead of what both groups show.
    """
    if "place" in sweep.table:
        raise InputError("plot does not show a ramp; sim.plots.loop does")
    if "status" in table:
        table = table[table["status"] == "done"]
    if not len(table):
        raise InputError("there is no finished run to plot")
    x, by = _axes(table, swept, x, by)
    _check_panels(table, by)
    titles = [name and (name, capital(name.replace("_", " "))) for name in (x, by)]
    meant = [f"{words[name]}." for name in (x, by) if name in words]
    return sweep_figure(table, x=titles[0], by=titles[1], notes=[*meant, *_notes(sweep, table, swept)], shown=shown)


def _axes(table, swept, x, by) -> tuple[str, str | None]:
    """Return what to draw along and by what, and refuse what would mix points."""
    for given, name in ((x, "x"), (by, "by")):
        if given is not None and given != "step":
            check_choice(name, given, swept or ["step"])
    if x is None:
        x = max((name for name in swept if name != by), key=lambda name: table[name].nunique(), default=by)
    if x is None:
        raise InputError("plot needs something that was swept: this sweep has one point; with record=['steps'] it can "
                         "be drawn along x='step'")  # fmt: skip
    others = [name for name in swept if name not in (x, by)]
    if by is None and len(others) == 1:
        by = others.pop()
    if others:
        raise InputError(f"plot shows at most two of what was swept, x and by; the others must have one value: "
                         f"{', '.join(others)}")  # fmt: skip
    return x, by


def _check_panels(table, by) -> None:
    n_panels = 1 if by is None else table[by].nunique()
    if n_panels > MOST_PANELS:
        raise InputError(f"by = {by!r} has {n_panels} values; plot shows at most {MOST_PANELS}: choose another for by, "
                         "or draw a map with sim.plots.regime_map")  # fmt: skip


def _notes(sweep, table, swept) -> list[str]:
    counts = table.groupby(swept, dropna=False)["key"].nunique() if swept else [table["key"].nunique()]
    seed = "seeds: see the table" if sweep.design is None else f"root seed {sweep.design.seed}"
    return [
        f"{_model(sweep.table)}{_people(sweep.table['n_people'])}; replicates per point: {_range(counts)}; {seed}. "
        "Lines or symbols: median over replicates; bands or bars: 10th to 90th percentile. An illustration of what can "
        "follow from these rules, not a prediction."
    ]


def _model(table) -> str:
    return f"Published model {table['model'].iloc[0]}; " if "model" in table else ""


def _people(counts) -> str:
    return f"{_range(counts)} {'person' if max(counts) == 1 else 'people'}"


def _range(counts) -> str:
    low, high = int(min(counts)), int(max(counts))
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"
