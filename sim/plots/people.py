"""People and their ties in a figure."""

from __future__ import annotations

import numpy as np

from sim.plots.looks import INK, RESPONSES, STANCES, WHITE, act_look
from sim.plots.pages import figure, line_key, note
from sim.plots.places import HEIGHT, WIDTH
from sim.plots.shapes import MOST_NAMED, acts_as_words

GROUP_ONLY = ("#767676", "o")


def network_figure(crowd, acts=None, *, notes=()):
    """Draw a network; `acts` say what everybody in it shows, or only the groups are drawn."""
    fig = figure(8, 6.2)
    people(fig.subplots(), crowd, acts)
    line_key(fig)
    note(fig, [*notes, *([crowd.told] if crowd.told else [])])
    return fig


def people(ax, crowd, acts=None):
    """Draw people as the symbols of what they show, marginalized people in rings, and the ties between them.

    Parameters
    ----------
    ax : matplotlib Axes
    crowd : Crowd
    acts : int array, optional
        What they show: numbers of `Stance` and `Response`, one for each of ``crowd.people``.
    """
    from matplotlib.collections import LineCollection

    ax.add_collection(LineCollection(crowd.xy[crowd.pairs], colors="#8d8a82", linewidths=0.7, alpha=0.45, zorder=1))
    size = 9 * max(0.62, min(1.3, 13 / np.sqrt(len(crowd.people))))
    rings = crowd.xy[crowd.is_marginalized]
    if len(rings):
        ax.plot(*rings.T, linestyle="none", marker="o", markersize=size * 1.75, markerfacecolor=WHITE,
                markeredgecolor=INK, markeredgewidth=1, zorder=2,
                label=f"marginalized group, in rings: {len(rings)}")  # fmt: skip
    for words, is_one, (colour, marker) in _kinds(crowd, acts):
        if is_one.any():
            ax.plot(*crowd.xy[is_one].T, linestyle="none", marker=marker, markersize=size, color=colour, zorder=3,
                    markeredgecolor=colour if marker == "_" else WHITE, markeredgewidth=3 if marker == "_" else 0.6,
                    label=f"{words}: {is_one.sum()}")  # fmt: skip
    if len(crowd.people) <= MOST_NAMED:
        _names(ax, crowd, size)
    ax.set_xlim(0, WIDTH)
    ax.set_ylim(HEIGHT, 0)
    ax.set_aspect("equal")
    ax.axis("off")
    return ax


def _kinds(crowd, acts):
    """Return words, who they are and how they look: the kinds of people in the picture."""
    rings = crowd.is_marginalized
    if acts is None:
        return [("advantaged group", ~rings, GROUP_ONLY)]
    shown = np.array(acts_as_words(np.asarray(acts).tolist(), rings))
    order = [*STANCES[::-1], *RESPONSES[::-1]]
    return [(act_look(word)[3], shown == word, (act_look(word)[0], act_look(word)[2])) for word in order]


def _names(ax, crowd, size: float) -> None:
    for (x, y), label in zip(crowd.xy.tolist(), crowd.labels, strict=True):
        short = label if len(label) <= 12 else label[:11] + "…"
        ax.annotate(short, (x, y), xytext=(0, -1.1 * size - 3), textcoords="offset points", ha="center", va="top",
                    fontsize=7, color=INK, parse_math=False)  # fmt: skip
