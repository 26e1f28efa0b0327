"""The comparison drawn: person-steps per second of every peer, and how many times as fast this engine's lanes are."""

from __future__ import annotations

import pandas as pd

from sim import plots
from sim.plots.looks import BLUE, GOLD, INK, SOFT

SYMBOLS = {1_000: ("o", -0.13), 10_000: ("s", 0.13)}  # symbol, and shift off the middle of the row


def draw(table: pd.DataFrame, path) -> None:
    """Write the figure of a table of comparisons."""
    sizes = sorted(table["people"].unique())
    order = list(table.groupby("peer")["person_steps_per_second"].median().dropna().sort_values().index)
    fig = plots.figure(9.5, 1.6 + 0.36 * len(order))
    ax = fig.subplots()
    for people in sizes:
        rows = table[table["people"] == people].set_index("peer")
        _points(ax, rows, order, people)
    _ratios(ax, rows["lanes_to_peer"], order)
    _frame(ax, order)
    plots.heading(fig, "One person's step: how many a second")
    plots.line_key(fig, "upper right")
    plots.note(fig, _words(table))
    plots.save(fig, path)


def _points(ax, rows: pd.DataFrame, order: list, people: int) -> None:
    symbol, shift = SYMBOLS[people]
    for place, name in enumerate(order):
        row = rows.loc[name]
        middle, low, high = (row[f"person_steps_per_second{end}"] for end in ("", "_lowest", "_highest"))
        colour = BLUE if name.startswith("this engine") else GOLD if name.startswith("bare") else SOFT
        label = f"{people:,} people" if place == 0 else None
        ax.errorbar([middle], [place - shift], xerr=[[middle - low], [high - middle]], color=colour, marker=symbol,
                    markersize=5.5, markeredgecolor="white", elinewidth=1.6, linestyle="none", label=label)  # fmt: skip


def _ratios(ax, ratios: pd.Series, order: list) -> None:
    """Print beside each other tool how many times as fast lanes on two cores are."""
    for place, name in enumerate(order):
        if not name.startswith("this engine") and pd.notna(ratios[name]):
            words = f"{float(f'{ratios[name]:.2g}'):,.{0 if ratios[name] >= 10 else 1}f} times"
            ax.text(1.01, place, words, fontsize=8.5, va="center", color=INK, transform=ax.get_yaxis_transform())


def _frame(ax, order: list) -> None:
    ax.set_xscale("log")
    ax.set_yticks(range(len(order)), order)
    ax.grid(axis="x", color="#E6E6E6", linewidth=0.6)
    ax.set_axisbelow(True)
    plots.plain(ax, x="person-steps per second, all runs together (logarithmic)")


def _words(table: pd.DataFrame) -> list[str]:
    rounds, largest = table["rounds"].max(), table["people"].max()
    return [
        f"Symbols: median of {rounds} rounds, all tools in turn in every round; bars: lowest and highest. Mean degree "
        f"10, one network (seed 1). On the right: lanes on two cores as a multiple of the tool, {largest:,} people. "
        "The Mesa engine and SciPy take the full model's step with equal results; all other tools do simpler work."
    ]
