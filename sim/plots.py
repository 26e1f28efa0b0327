"""Figures: tables and axes in, axes out.

Colours are safe for colour-blind readers and differ in lightness, so that they still differ in grey print; every colour
comes with a symbol or a line style of its own. Nothing here touches Matplotlib's global state.
"""

from __future__ import annotations

import numpy as np

BLUE, INDIGO, GOLD, GREY, WHITE = "#0072B2", "#2B1D6E", "#D9AE00", "#CFCFCF", "#FFFFFF"
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
    "welcome_share": ("#009E73", "-", "P", "welcome allies"),
    "gatekeep_share": ("#AA4499", "--", "s", "keep allies out"),
    "withdraw_share": (INK, ":", "v", "withdrawn"),
    "mean_trust": ("#56B4E9", "-.", "d", "average trust"),
}
STARTS = {
    "silent": ("#8C8C8C", ":", "_", "everybody silent"),
    "allied": (BLUE, "-", "^", "everybody an ally"),
    "opposed": (INDIGO, "-.", "X", "everybody opposed"),
}
AGREED = 0.9  # below this share of replicates, a cell of a map says how many agree


def figure(width: float, height: float):
    """Return an empty figure, in inches; it is drawn without a display."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained", facecolor="white")


def save(fig, path, *, dpi: int = 150) -> None:
    """Write a figure as PNG or SVG (by the suffix of `path`): the same bytes for the same figure."""
    import matplotlib

    dateless = {"Date": None, "Creator": None} if str(path).endswith(".svg") else {"Software": None}
    with matplotlib.rc_context({"svg.hashsalt": "allyship", "svg.fonttype": "path"}):
        fig.savefig(path, dpi=dpi, metadata=dateless)


def plain(ax, *, title: str = "", x: str = "", y: str = ""):
    """Give axes the common look: title in words on the left, light frame, small ticks."""
    ax.set_title(title, loc="left", fontsize=9.5, color=INK)
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
    for (value_x, value_y), runs in table.groupby([x, y]):
        shares = runs["regime"].value_counts(normalize=True)
        _cell(ax, columns.index(value_x), rows.index(value_y), [(name, shares.get(name, 0.0)) for name in REGIMES])
    ax.set_xlim(-0.5, len(columns) - 0.5)
    ax.set_ylim(-0.5, len(rows) - 0.5)
    ax.set_xticks(range(0, len(columns), label_every), [f"{value:g}" for value in columns[::label_every]])
    ax.set_yticks(range(len(rows)), [f"{value:g}" for value in rows])
    return ax


def _cell(ax, column: int, row: int, shares) -> None:
    from matplotlib.patches import Rectangle

    left = column - 0.5
    for name, share in shares:
        ax.add_patch(Rectangle((left, row - 0.5), share, 1, facecolor=REGIMES[name][0], edgecolor="none", zorder=1))
        left += share
    ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor="white", linewidth=0.8, zorder=2))
    name, agreement = max(sorted(shares), key=lambda item: item[1])
    is_agreed = agreement >= AGREED
    _symbol(ax, column, row if is_agreed else row + 0.2, name, is_alone=is_agreed)
    if not is_agreed:
        ax.text(column, row - 0.22, f"{100 * agreement:.0f}", ha="center", va="center", fontsize=6, color=INK, zorder=4,
                bbox={"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none"})  # fmt: skip


def _symbol(ax, x, y, regime: str, *, is_alone: bool) -> None:
    face, ink, marker, _ = REGIMES[regime]
    if is_alone:
        style = {"markerfacecolor": "none" if marker == "o" else ink, "markeredgecolor": ink}
    else:  # over several colours: the symbol brings its own, with a light edge
        style = {"markerfacecolor": face, "markeredgecolor": WHITE if ink == WHITE else INK}
    ax.plot(x, y, linestyle="none", marker=marker, markersize=4.5, markeredgewidth=0.8, zorder=3, **style)


def regime_key(fig, *, names=tuple(REGIMES), **where):
    """Add a legend of the regimes to a figure."""
    from matplotlib.lines import Line2D

    entries = []
    for name in names:
        face, ink, marker, words = REGIMES[name]
        patch = Line2D([], [], linestyle="none", marker="s", markersize=11, markerfacecolor=face, markeredgecolor=SOFT,
                       markeredgewidth=0.5)  # fmt: skip
        inner = Line2D([], [], linestyle="none", marker=marker, markersize=5, markeredgecolor=ink,
                       markerfacecolor="none" if marker == "o" else ink)  # fmt: skip
        entries.append(((patch, inner), words))
    handles, words = zip(*entries, strict=True)
    return fig.legend(handles, words, frameon=False, fontsize=8.5, handletextpad=0.4, columnspacing=1.4, **where)


def band(ax, table, *, x: str, y: str, look, label: str | None = None):
    """Draw the median over replicates of `y` along `x`, with a band from the 10th to the 90th percentile."""
    colour, dashes, marker, words = look
    spread = table.groupby(x)[y].quantile([0.1, 0.5, 0.9]).unstack()
    ax.fill_between(spread.index, spread[0.1], spread[0.9], color=colour, alpha=0.22, linewidth=0)
    ax.plot(spread.index, spread[0.5], color=colour, linestyle=dashes, marker=marker, markersize=4, linewidth=1.6,
            markevery=2, label=label or words)  # fmt: skip
    return ax


def key(ax, **where):
    """Add a legend to axes."""
    return ax.legend(frameon=False, fontsize=8, handlelength=2.6, labelspacing=0.3, **where)


def loop(ax, table, *, x: str, y: str = "ally_share"):
    """Draw a hysteresis loop: `y` while `x` is raised, and while it is lowered again, with arrows and bands.

    Parameters
    ----------
    ax : matplotlib Axes
    table : DataFrame
        From `sim.sweep.run_ramp`.
    """
    for direction, look in (("up", (INK, "-", ">", "raised")), ("down", ("#C28A00", "--", "<", "lowered again"))):
        part = table[table["direction"] == direction]
        band(ax, part, x=x, y=y, look=look)
        _arrow(ax, part.groupby(x)[y].median(), look[0], is_rising=direction == "up")
    return ax


def _arrow(ax, line, colour: str, *, is_rising: bool) -> None:
    """Put an arrow beside the line, in the direction of travel."""
    at = np.array(line.index)
    middle = int(len(at) * (0.22 if is_rising else 0.5))
    ends = (middle, middle + 2) if is_rising else (middle + 2, middle)
    points = [(at[i], float(line.iloc[i]) + 0.07) for i in ends]
    ax.annotate("", xy=points[1], xytext=points[0], arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 1.6})


def note(fig, text: str) -> None:
    """Print what the figure rests on (N, replicates, seeds, sources) below it."""
    fig.supxlabel(text, fontsize=7.5, color=SOFT, x=0.01, ha="left")
