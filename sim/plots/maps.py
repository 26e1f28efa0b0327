"""Maps of what prevails."""

from __future__ import annotations

from sim.plots.looks import AGREED, INK, LINES, MIXED_HATCH, QUIET, REGIMES, STARTS, WHITE
from sim.plots.pages import plain


def regime_maps(fig, table, *, x: tuple[str, str], y: tuple[str, str], corner: str = ""):
    """Draw a `regime_map` per start; `x` and `y` are columns and what to call them."""
    starts = [start for start in STARTS if (table["start"] == start).any()]
    axes = fig.subplots(1, len(starts), sharey=True, squeeze=False)[0]
    for ax, start in zip(axes, starts, strict=True):
        regime_map(ax, table[table["start"] == start], x=x[0], y=y[0], corner=corner)
        plain(ax, title=f"start: {STARTS[start][3]}", x=x[1], y=y[1] if ax is axes[0] else "")
    return axes


def regime_map(ax, table, *, x: str, y: str, corner: str = "", label_every: int = 2):
    """Draw what prevails at every point of a grid, and how far the replicates agree.

    Every cell is divided among the regimes in proportion to their replicates. Its symbol is the most frequent
    regime; where fewer than 90 % of the replicates agree, a number says how many per cent do.

    Parameters
    ----------
    ax : matplotlib Axes
    table : DataFrame
        One row per run: columns `x`, `y` and ``regime``.
    x, y : str
        Columns to spread over the axes; cells are evenly spaced, whatever the values.
    corner : str, optional
        A share among `LINES`: its symbol in a corner marks the cells where its median is above one half.
    """
    columns, rows = (sorted(table[name].unique()) for name in (x, y))
    cells = [
        (columns.index(at_x), rows.index(at_y), runs["regime"].value_counts(normalize=True).to_dict())
        for (at_x, at_y), runs in table.groupby([x, y])
    ]
    _areas(ax, cells)
    _symbols(ax, cells)
    if corner:
        medians = table.groupby([x, y])[corner].median()
        _corners(ax, [(columns.index(x), rows.index(y)) for (x, y), share in medians.items() if share > 0.5], corner)
    ax.vlines([i + 0.5 for i in range(len(columns) - 1)], -0.5, len(rows) - 0.5, color=WHITE, linewidth=1.2)
    ax.hlines([i + 0.5 for i in range(len(rows) - 1)], -0.5, len(columns) - 0.5, color=WHITE, linewidth=1.2)
    ax.set_xlim(-0.5, len(columns) - 0.5)
    ax.set_ylim(-0.5, len(rows) - 0.5)
    ax.set_xticks(range(0, len(columns), label_every), [f"{value:g}" for value in columns[::label_every]])
    ax.set_yticks(range(len(rows)), [f"{value:g}" for value in rows])
    return ax


def _areas(ax, cells) -> None:
    """Fill cells from the left, one strip per regime."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    filled = [column - 0.5 for column, _, _ in cells]
    for name, (colour, _, _, _) in REGIMES.items():
        strips = []
        for i, (_, row, shares) in enumerate(cells):
            left, right = filled[i], filled[i] + shares.get(name, 0.0)
            filled[i] = right
            if right > left:
                low, high = row - 0.5, row + 0.5
                strips.append([(left, low), (left, high), (right, high), (right, low), (left, low)])
        hatch = {"hatch": MIXED_HATCH, "edgecolor": "#BBBBBB"} if name == "mixed" else {"edgecolor": "none"}
        if strips:
            shape = Outline.make_compound_path(*(Outline(strip, closed=True) for strip in strips))
            ax.add_patch(PathPatch(shape, facecolor=colour, linewidth=0, **hatch))


def _symbols(ax, cells) -> None:
    """Mark what prevails; among equals the first in the alphabet, as in `sim.sweeps.summarise`."""
    marks = {}
    for column, row, shares in cells:
        name = min(shares, key=lambda name: (-shares[name], name))
        is_agreed = shares[name] >= AGREED
        marks.setdefault((name, is_agreed), []).append((column, row if is_agreed else row + 0.23))
        if not is_agreed:
            box = {"boxstyle": "round,pad=0.1", "facecolor": WHITE, "edgecolor": "none"}
            text = f"{100 * shares[name]:.0f}"
            ax.text(column, row - 0.25, text, ha="center", va="center", fontsize=7, color=INK, bbox=box)
    for (name, is_agreed), places in marks.items():
        face, ink, marker, _ = REGIMES[name]
        if is_agreed:
            style = {"markerfacecolor": "none" if marker == "o" else ink, "markeredgecolor": ink}
        else:  # over several colours: the symbol brings its own, with a light or dark edge
            style = {"markerfacecolor": face, "markeredgecolor": ink}
        ax.plot(*zip(*places, strict=True), linestyle="none", marker=marker, markersize=5, markeredgewidth=0.9,
                zorder=3, **style)  # fmt: skip


def _corners(ax, cells, name: str) -> None:
    """Mark cells in their upper right corner."""
    if cells:
        columns, rows = zip(*cells, strict=True)
        ax.plot([i + 0.36 for i in columns], [i + 0.34 for i in rows], linestyle="none", zorder=4, **_corner_look(name))


def _corner_look(name: str) -> dict:
    colour, _, marker, _ = LINES[name]
    return {"marker": marker, "markersize": 3.4, "markerfacecolor": colour, "markeredgecolor": WHITE,
            "markeredgewidth": 0.6}  # fmt: skip


def regime_key(fig, corner: str = "", words: str = ""):
    """Add a legend of the regimes above a figure, and of the mark in the corners of `regime_map`."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    entries = {}
    for name, (face, ink, marker, text) in REGIMES.items():
        hatch = MIXED_HATCH if name == "mixed" else None
        area = Patch(facecolor=face, edgecolor="#BBBBBB", linewidth=0.5, hatch=hatch)
        symbol = Line2D([], [], linestyle="none", marker=marker, markersize=5, markeredgecolor=ink,
                        markerfacecolor="none" if marker == "o" else ink)  # fmt: skip
        entries[text] = (area, symbol)
    if corner:
        entries[words] = Line2D([], [], linestyle="none", **_corner_look(corner) | {"markersize": 5})
    return fig.legend(entries.values(), entries.keys(), loc="outside upper center", ncols=3,
                      handlelength=1.5, handleheight=1.3, **QUIET)  # fmt: skip
