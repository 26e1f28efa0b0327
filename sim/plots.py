"""Figures: tables and axes in, axes out.

Colours are safe for colour-blind readers and differ in lightness, so that they still differ in grey print; every colour
comes with a symbol or a line style of its own. Nothing here touches Matplotlib's global state.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

BLUE, INDIGO, GOLD, GREEN, GREY, WHITE = "#0072B2", "#2B1D6E", "#D9AE00", "#009E73", "#CFCFCF", "#FFFFFF"
INK, SOFT = "#222222", "#666666"

# What prevails: colour, colour of the symbol on it, symbol, words.
REGIMES = {
    "spread": (BLUE, WHITE, "^", "allies spread"),
    "hollow": (GOLD, INK, "o", "hollow: mostly token support"),
    "silence": (GREY, INK, "_", "silence"),
    "opposition": (INDIGO, WHITE, "X", "opposition"),
    "mixed": (WHITE, INK, "D", "mixed: none has a majority"),
}
# Lines: colour, dashes, symbol, words.
LINES = {
    "ally_share": (BLUE, "-", "^", "allies"),
    "token_share": ("#B38F00", "--", "o", "token allies"),
    "bystand_share": ("#8C8C8C", ":", "_", "silent"),
    "oppose_share": (INDIGO, "-.", "X", "opposers"),
    "welcome_share": (GREEN, "-", "P", "welcome allies"),
    "gatekeep_share": ("#AA4499", "--", "s", "keep allies out"),
    "withdraw_share": (INK, ":", "v", "withdrawn"),
    "mean_trust": ("#56B4E9", "-.", "d", "average trust"),
}
STARTS = {
    "silent": ("#8C8C8C", ":", "_", "everybody silent"),
    "allied": (BLUE, "-", "^", "everybody an ally"),
    "opposed": (INDIGO, "-.", "X", "everybody opposed"),
}
_QUIET = {"frameon": False, "fontsize": 8.5, "handletextpad": 0.5, "columnspacing": 1.4, "labelspacing": 0.3}
MIXED_HATCH = "///////"
AGREED = 0.9  # below this share of replicates, a cell of a map says how many agree


def figure(width: float, height: float):
    """Return an empty figure, in inches; it is drawn without a display."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained", facecolor="white")


def save(fig, *paths, dpi: int = 150) -> list:
    """Write a figure as PNG or SVG, by the suffix of each path: the same bytes for the same figure.

    PNG files have 256 colours and SVG files two decimals, to stay small.
    """
    fig.draw_without_rendering()
    fig.set_layout_engine("none")  # laid out once, for all formats
    for path in paths:
        (_save_svg if str(path).endswith(".svg") else _save_png)(fig, Path(path), dpi)
    return list(paths)


def _save_png(fig, path: Path, dpi: int) -> None:
    from PIL import Image

    drawn = io.BytesIO()
    fig.savefig(drawn, format="png", dpi=dpi)
    with Image.open(drawn) as image:
        image.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


def _save_svg(fig, path: Path, dpi: int) -> None:
    import matplotlib

    drawn = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "allyship"}):
        fig.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    # A hundredth of a point is more than anybody can see.
    short = re.sub(r'(?m)(^[MLCQ ]|d="M|[xy]=")[-\d. ]+', _round_numbers, drawn.getvalue().decode())
    path.write_text(short, encoding="utf-8", newline="\n")


def _round_numbers(match) -> str:
    return re.sub(r"-?\d+\.\d+", lambda number: f"{float(number[0]):.2f}", match[0])


def plain(ax, *, title: str = "", x: str = "", y: str = ""):
    """Give axes the common look: title in words on the left, light frame, small ticks."""
    ax.set_title(title, loc="left", fontsize=9, color=INK)
    ax.set_xlabel(x, fontsize=9, color=INK)
    ax.set_ylabel(y, fontsize=9, color=INK)
    ax.tick_params(labelsize=8, length=2.5, color=SOFT, labelcolor=INK)
    for side, spine in ax.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(SOFT)
    return ax


def shares_axis(ax):
    """Let the vertical axis run from 0 to 100 %."""
    ax.set_ylim(-0.02, 1.02)
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
    ax.grid(axis="y", color="#E6E6E6", linewidth=0.6)
    ax.set_axisbelow(True)
    return ax


def regime_map(ax, table, *, x: str, y: str, label_every: int = 2):
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
    """
    columns, rows = (sorted(table[name].unique()) for name in (x, y))
    cells = [
        (columns.index(at_x), rows.index(at_y), runs["regime"].value_counts(normalize=True).to_dict())
        for (at_x, at_y), runs in table.groupby([x, y])
    ]
    _areas(ax, cells)
    _symbols(ax, cells)
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
    """Mark what prevails; among equals the first in the alphabet, as in `sim.sweep.summarise`."""
    marks = {}
    for column, row, shares in cells:
        name = min(shares, key=lambda name: (-shares[name], name))
        is_agreed = shares[name] >= AGREED
        marks.setdefault((name, is_agreed), []).append((column, row if is_agreed else row + 0.24))
        if not is_agreed:
            box = {"boxstyle": "round,pad=0.1", "facecolor": WHITE, "edgecolor": "none"}
            text = f"{100 * shares[name]:.0f}"
            ax.text(column, row - 0.24, text, ha="center", va="center", fontsize=6, color=INK, bbox=box)
    for (name, is_agreed), places in marks.items():
        face, ink, marker, _ = REGIMES[name]
        if is_agreed:
            style = {"markerfacecolor": "none" if marker == "o" else ink, "markeredgecolor": ink}
        else:  # over several colours: the symbol brings its own, with a light or dark edge
            style = {"markerfacecolor": face, "markeredgecolor": ink}
        ax.plot(*zip(*places, strict=True), linestyle="none", marker=marker, markersize=5, markeredgewidth=0.9,
                zorder=3, **style)  # fmt: skip


def regime_key(fig):
    """Add a legend of the regimes above a figure."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    entries = {}
    for name, (face, ink, marker, words) in REGIMES.items():
        hatch = MIXED_HATCH if name == "mixed" else None
        area = Patch(facecolor=face, edgecolor="#BBBBBB", linewidth=0.5, hatch=hatch)
        symbol = Line2D([], [], linestyle="none", marker=marker, markersize=5, markeredgecolor=ink,
                        markerfacecolor="none" if marker == "o" else ink)  # fmt: skip
        entries[words] = (area, symbol)
    return fig.legend(entries.values(), entries.keys(), loc="outside upper center", ncols=len(entries),
                      handlelength=1.5, handleheight=1.3, **_QUIET)  # fmt: skip


def band(ax, table, *, x: str, y: str, look, every: int = 2):
    """Draw the median over replicates of `y` along `x`, with a band from the 10th to the 90th percentile.

    `look` is an entry of `LINES` or `STARTS`; `every` leaves out symbols.
    """
    colour, dashes, marker, words = look
    spread = table.groupby(x)[y].quantile([0.1, 0.5, 0.9]).unstack()
    ax.fill_between(spread.index, spread[0.1], spread[0.9], color=colour, alpha=0.22, linewidth=0)
    ax.plot(spread.index, spread[0.5], color=colour, linestyle=dashes, marker=marker, markersize=4, linewidth=1.6,
            markevery=every, label=words)  # fmt: skip
    return ax


def key(ax):
    """Add a legend below axes."""
    return ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), handlelength=2.6, **_QUIET)


def line_key(fig):
    """Add one legend of everything drawn in a figure above it."""
    axes = [ax for part in (fig, *fig.subfigs) for ax in part.axes]
    entries = {}
    for ax in axes:
        entries |= {words: handle for handle, words in zip(*ax.get_legend_handles_labels(), strict=True)}
    return fig.legend(entries.values(), entries.keys(), loc="outside upper center", ncols=4, handlelength=2.6, **_QUIET)


def loop(ax, table, *, x: str, y: str, colour: str = INK, what: str = ""):
    """Draw a hysteresis loop: `y` while `x` is raised, and while it is lowered again; symbols point the way.

    Parameters
    ----------
    ax : matplotlib Axes
    table : DataFrame
        From `sim.sweep.run_ramp`.
    x, y : str
        The parameter that is moved, and the measure.
    colour, what : str
        Colour and name of this loop.
    """
    for direction, dashes, marker, words in (("up", "-", ">", "raised"), ("down", "--", "<", "lowered again")):
        part = table[table["direction"] == direction]
        look = (colour, dashes, marker, f"{what}: {words}" if what else words)
        band(ax, part, x=x, y=y, look=look, every=1)
    return ax


def heading(fig, text: str) -> None:
    """Print a heading above a figure or part of one."""
    fig.suptitle(text, fontsize=10.5, fontweight="bold", color=INK, x=0.01, ha="left")


def note(fig, text: str) -> None:
    """Print what the figure rests on (people, replicates, seeds, sources) below it."""
    fig.supxlabel(text, fontsize=8, color=SOFT, x=0.01, ha="left")
