"""Figures of what the two groups do, side by side: along a run, along what was swept, and what interventions change."""

from __future__ import annotations

from sim.counting import counted
from sim.plots.lines import band
from sim.plots.looks import ADVANTAGED, DISTINCT, LINES, MARGINALIZED, QUIET, SOFT, WHITE, looks_of
from sim.plots.pages import figure, heading, note, plain, shares_axis

GROUPS = {"Advantaged group": ADVANTAGED, "Marginalized group": MARGINALIZED}


def run_figure(history, sizes, *, notes, marks=()):
    """Draw what both groups show along one run.

    Parameters
    ----------
    history : DataFrame
        `Run.history`.
    sizes : tuple of int
        People of the advantaged and the marginalized group.
    notes : list of str
        Printed below.
    marks : list of (step, words)
        What was done to the run, and when.
    """
    fig = figure(9.5, 4.6)
    for ax, (group, columns), n_people in zip(fig.subplots(1, 2, sharey=True), GROUPS.items(), sizes, strict=True):
        plain(ax, title=f"{group}, {counted(n_people, 'person', 'people')}", x="Step", y="Share of the group")
        shares_axis(ax).label_outer()
        if n_people == 0:
            _say(ax, "nobody is in this group")
            continue
        _paths(ax, history, columns)
        _marks(ax, marks)
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2, handlelength=2.6, **QUIET)
    note(fig, notes)
    return fig


def _paths(ax, history, columns) -> None:
    every = max(1, len(history) // 8)
    for place, name in enumerate(columns):
        colour, dashes, marker, words = LINES[name]
        ax.plot(history["step"], history[name], color=colour, linestyle=dashes, marker=marker, markersize=5,
                markevery=(place * every // len(columns), every), linewidth=1.7, label=words)  # fmt: skip


def _marks(ax, marks) -> None:
    for step, words in marks:
        ax.axvline(step, color=SOFT, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
        ax.annotate(words, (step, 1.0), xytext=(3, -2), textcoords="offset points", fontsize=7.5, color=SOFT,
                    va="top", rotation=90, parse_math=False)  # fmt: skip


def _say(ax, words: str) -> None:
    ax.text(0.5, 0.5, words, transform=ax.transAxes, ha="center", va="center", fontsize=9, color=SOFT)


def sweep_figure(table, *, x: tuple[str, str], by: tuple[str, str] | None = None, notes=(), shown=None):
    """Draw what both groups show along a column: medians over replicates, and the 10th to the 90th percentile.

    Parameters
    ----------
    table : DataFrame
        One row per run: the columns of `GROUPS`, or those of `shown`, and those named here.
    x : tuple of str
        A column, of numbers (lines) or words (points), and what to call it.
    by : tuple of str, optional
        Another one: one column of panels for each of its values.
    notes : list of str
        Printed below.
    shown : list of str, optional
        Columns that are no group's: at most four are drawn in the place of both groups.
    """
    parts = {"": table} if by is None else {f"{by[1]}: {_short(one)}": part for one, part in table.groupby(by[0])}
    rows = {group: looks_of(columns) for group, columns in GROUPS.items()} if shown is None else {"": _looks(shown)}
    fig = figure(max(9.0, 3.1 * len(parts) + 1), 0.8 + 2.8 * len(rows))
    axes = fig.subplots(len(rows), len(parts), sharex=True, sharey=True, squeeze=False)
    for row, (group, looks) in zip(axes, rows.items(), strict=True):
        for ax, (title, part) in zip(row, parts.items(), strict=True):
            _along(ax, part, x[0], looks)
            plain(ax, title=title if ax in axes[0] else "", x=x[1], y=f"{group}\n(share)" if group else "")
            ax.set_label(", ".join(filter(None, (group, title))))
            _scaled(ax, table, looks).label_outer()
        row[-1].legend(loc="center left", bbox_to_anchor=(1.0, 0.5), handlelength=2.6, **QUIET)
    note(fig, notes)
    return fig


def _looks(names) -> dict[str, tuple]:
    """Return looks of columns that have none of their own, at most as many as can be told apart."""
    return {name: (*look, name.replace("_", " ")) for look, name in zip(DISTINCT, names, strict=False)}


def _scaled(ax, table, looks):
    """Let an axis run from 0 to 100 %, unless something on it falls below 0."""
    is_share = not (table[list(looks)] < 0).any(axis=None)
    return shares_axis(ax) if is_share else ax


def _along(ax, table, x: str, looks: dict[str, tuple]) -> None:
    if table[x].dtype.kind in "if":
        for name, look in looks.items():
            band(ax, table, x=x, y=name, look=look, every=max(1, table[x].nunique() // 8))
        return
    values = list(dict.fromkeys(table[x]))
    for place, (name, (colour, _, marker, words)) in enumerate(looks.items()):
        spread = table.groupby(x, sort=False)[name].quantile([0.1, 0.5, 0.9]).unstack().reindex(values)
        at = [i + 0.16 * (place - (len(looks) - 1) / 2) for i in range(len(values))]
        arms = [spread[0.5] - spread[0.1], spread[0.9] - spread[0.5]]
        ax.errorbar(at, spread[0.5], arms, color=colour, linestyle="none", marker=marker, markersize=6,
                    markeredgecolor=colour if marker == "_" else WHITE, elinewidth=1.3, label=words)  # fmt: skip
    ax.set_xticks(range(len(values)), [_short(one) for one in values], rotation=20 if len(values) > 3 else 0,
                  ha="right" if len(values) > 3 else "center", parse_math=False)  # fmt: skip
    ax.set_xlim(-0.5, len(values) - 0.5)


def _short(value) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")
    return text if len(text) <= 24 else text[:23] + "…"


def effect_figure(table, *, title: str, notes=()):
    """Draw what interventions change in both groups, in percentage points, with intervals.

    Parameters
    ----------
    table : DataFrame
        `Comparison.table`; of its measures those of `GROUPS` are drawn.
    title : str
    notes : list of str
        Printed below.
    """
    effects = table.set_index("measure")
    fig = figure(9.5, 3.4)
    for ax, (group, columns) in zip(fig.subplots(1, 2, sharex=True), GROUPS.items(), strict=True):
        shown = [name for name in columns if name in effects.index and effects.at[name, "n"] > 0]
        plain(ax, title=group, x="Change in percentage points")
        ax.axvline(0, color=SOFT, linewidth=0.9)
        for place, name in enumerate(shown):
            _effect(ax, place, effects.loc[name], LINES[name])
        ax.set_yticks(range(len(shown)), [LINES[name][3] for name in shown])
        ax.set_ylim(max(len(shown), 1) - 0.5, -0.5)
        if not shown:
            _say(ax, "nothing was measured of this group")
    heading(fig, title)
    note(fig, notes)
    return fig


def _effect(ax, place: int, row, look) -> None:
    colour, _, marker, words = look
    marker = "|" if marker == "_" else marker  # a dash would vanish in its interval
    middle, low, high = (100 * row[name] for name in ("difference", "low", "high"))
    ax.errorbar([middle], [place], xerr=[[middle - low], [high - middle]], color=colour, marker=marker, markersize=8,
                linestyle="none", elinewidth=1.6, label=words)  # fmt: skip
