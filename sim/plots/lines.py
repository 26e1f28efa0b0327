"""Lines with the spread over replicates."""

from __future__ import annotations

from sim.plots.looks import LOOPS, WHITE
from sim.plots.pages import plain, shares_axis


def band(ax, table, *, x: str, y: str, look, every: int = 2):
    """Draw the median over replicates of `y` along `x`, with a band from the 10th to the 90th percentile.

    `look` is an entry of `LINES`, `STARTS` or `LOOPS`; `every` leaves out symbols.
    """
    colour, dashes, marker, words = look
    spread = table.groupby(x)[y].quantile([0.1, 0.5, 0.9]).unstack()
    ax.fill_between(spread.index, spread[0.1], spread[0.9], color=colour, alpha=0.11, linewidth=0)
    for edge in (0.1, 0.9):  # so that bands over bands can still be told apart, in grey as well
        ax.plot(spread.index, spread[edge], color=colour, linestyle=dashes, linewidth=0.5, alpha=0.6)
    ax.plot(spread.index, spread[0.5], color=colour, linestyle=dashes, marker=marker, markersize=4, linewidth=1.6,
            markevery=every, label=words)  # fmt: skip
    return ax


def lines(ax, table, *, x: tuple[str, str], looks: dict):
    """Draw shares (`looks`: column to look) along a column (`x`: its name and what to call it)."""
    for y, look in looks.items():
        band(ax, table, x=x[0], y=y, look=look)
    return shares_axis(plain(ax, x=x[1]))


def loop(ax, table, *, x: tuple[str, str], y: str):
    """Draw `y` while `x` is raised and lowered again, and, beside it, where it ends if `x` is never changed.

    `table` holds runs with a ramp (see `sim.sweeps.Design`) and a column ``path``: "detour", or "stay" for the control.
    """
    detour, stay = (table[table["path"] == path] for path in ("detour", "stay"))
    for direction in ("up", "down"):
        band(ax, detour[detour["direction"] == direction], x=x[0], y=y, look=LOOPS[direction], every=1)
    values = detour[x[0]]
    beside = values.iloc[0] - 0.06 * (values.max() - values.min())
    _end_point(ax, beside, stay.loc[stay["place"] == stay["place"].max(), y], LOOPS["stay"])
    return shares_axis(plain(ax, x=x[1]))


def _end_point(ax, x: float, values, look) -> None:
    """Draw one point: the median of `values`, with a bar from the 10th to the 90th percentile."""
    colour, dashes, marker, words = look
    low, middle, high = (values.quantile(share) for share in (0.1, 0.5, 0.9))
    ax.axhline(middle, color=colour, linestyle=dashes, linewidth=1, zorder=1)
    ax.errorbar([x], [middle], [[middle - low], [high - middle]], color=colour, linestyle="none", marker=marker,
                markersize=5.5, markeredgecolor=WHITE, markeredgewidth=0.7, elinewidth=1.6, label=words,
                zorder=5)  # fmt: skip
