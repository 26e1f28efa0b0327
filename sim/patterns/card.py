"""The scoreboard as a figure: what emerges and what is built in, apart; a shape and a word for every verdict."""

from __future__ import annotations

import textwrap

from sim import plots
from sim.patterns.pattern import FAILS, HOLDS, KINDS, UNCERTAIN, told
from sim.plots.looks import INK, SOFT

LOOKS = {HOLDS: ("o", "#0072B2", "#0072B2"), UNCERTAIN: ("D", "white", "#555555"), FAILS: ("X", "#D55E00", "#D55E00")}
TITLES = {
    "emergent": "Has to emerge, and can fail   (* of the joint set that default parameters are judged by)",
    "built in": "Built in: verifies the code",
}
LINE = 0.168  # inches
SENTENCE, NUMBERS = 0.11, 0.455  # where these columns begin


def draw(board):
    """Return the figure of a `Scoreboard`."""
    blocks = [(kind, [one for one in board.judgements if one.pattern.kind == kind]) for kind in KINDS]
    blocks = [(kind, [_entry(one) for one in judgements]) for kind, judgements in blocks if judgements]
    lines = sum(3 + sum(len(entry[2]) + 0.9 for entry in entries) for _, entries in blocks)
    figure = plots.figure(11.5, LINE * (lines + 7))
    ax = figure.add_subplot()
    ax.axis("off")
    ax.set_xlim(0, 1)
    ax.set_ylim(lines, 0)
    y = 0.5
    for kind, entries in blocks:
        ax.text(0, y, TITLES[kind], fontsize=10.5, fontweight="bold", color=INK, va="top")
        y += 2.2
        for entry in entries:
            y = _draw_entry(ax, y, *entry)
        y += 0.8
    plots.note(figure, _notes(board))
    return figure


def _entry(judgement) -> tuple:
    pattern = judgement.pattern
    left = textwrap.wrap(pattern.sentence, 58) + [f"({line}" if not i else line for i, line in enumerate(
        textwrap.wrap(pattern.source + ")", 66))]  # fmt: skip
    right = [line for clause in judgement.clauses for line in _told(clause)]
    rows = max(len(left), len(right))
    left, right = (column + [""] * (rows - len(column)) for column in (left, right))
    return judgement.verdict, pattern.id + ("*" if pattern.is_joint else ""), left, right


def _told(clause: dict) -> list[str]:
    verdict = "" if clause["verdict"] == HOLDS else f": {clause['verdict']}"
    return textwrap.wrap(told(clause) + verdict, 106, subsequent_indent="   ")


def _draw_entry(ax, y: float, verdict: str, name: str, left: list[str], right: list[str]) -> float:
    marker, face, edge = LOOKS[verdict]
    ax.plot([0.008], [y + 0.45], marker=marker, markersize=7, markerfacecolor=face, markeredgecolor=edge, clip_on=False)
    ax.text(0.02, y, verdict, fontsize=7.5, color=INK, va="top")
    ax.text(0.075, y, name, fontsize=7.5, color=INK, va="top", fontweight="bold")
    for place, (one, other) in enumerate(zip(left, right, strict=True)):
        ax.text(SENTENCE, y + place, one, fontsize=7.5, color=SOFT if one.startswith("(") else INK, va="top")
        ax.text(NUMBERS, y + place, other, fontsize=7.5, color=INK, va="top")
    return y + len(left) + 0.9


def _notes(board) -> list[str]:
    return [
        f"{board.pairs} replicates per arm (some patterns take fewer, T2 and K3 five times as many: see the table), "
        f"root seed {board.seed}; arms share network, people and luck. 1,000 people, 20 % marginalized, mean degree "
        f"10, homophily 0.5. Parameters: {board.told_parameters()}. In brackets one-sided 95 % bounds, bootstrapped "
        "over replicates.",
        "Studies give signs and orders more than sizes, and most are of a few countries. Agreement is no proof that a "
        "mechanism is right, and failing rows stay.",
    ]  # fmt: skip
