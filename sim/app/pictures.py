"""What is to be seen: people on their network, the legend with counts, and lines over steps, as SVG and HTML.

Text for the page, not pixels: a new picture takes the place of the old one at once, without a flicker, and is sharp at
every size. Shapes, colours and dashes are those of the figures and of the explorer.
"""

from __future__ import annotations

import functools
import itertools
import math

import numpy as np

from sim.app.words import WORDS
from sim.explorer import baked
from sim.plots.looks import INK, LINES, SHAPES
from sim.plots.places import HEIGHT, WIDTH
from sim.rules import Response, Stance

STANCES, RESPONSES = ("ally", "token", "bystand", "oppose"), ("welcome", "withdraw", "gatekeep")
_DASHES = {"-": "none", "--": "7 4", ":": "2 3", "-.": "9 3 2 3"}
_COLUMNS = {name: f"{name}_share" for name in (*STANCES, *RESPONSES)} | {"trust": "mean_trust"}
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 460, 230, 44, 104, 12, 28  # of a chart
_GAP = 17  # between words at the ends of lines
_MOST_POINTS = 400  # of a line
_FEWEST_STEPS = 50  # that the axis shows


def act_of(network, act, i: int) -> str:
    """Return the word for what a person shows."""
    return (Response if network.is_marginalized[i] else Stance)(int(act[i])).name.lower()


def network_svg(model) -> str:
    """Draw everybody in their place, with a shape and a colour for what they show; marginalized people in rings."""
    places, ties = _drawn(model.family)
    size = max(0.62, min(1.5, 13 / math.sqrt(len(places))))
    act = model.state.act
    people = "".join(_person(i, act_of(model.network, act, i), model.network, x, y, size)
                     for i, (x, y) in enumerate(places))  # fmt: skip
    label = f"Network of {len(places)} people at step {model.now}; the counts stand below."
    lines = f'<path d="{ties}" fill="none" stroke="#8d8a82" stroke-opacity=".38" stroke-width="1.1"/>'
    return (f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">'
            f"{lines}{people}</svg>")  # fmt: skip


def legend_html(model) -> str:
    """Return what the shapes mean and how many people show each, for both groups."""
    network, act = model.network, model.state.act
    shown = [act_of(network, act, i) for i in range(network.n_people)]
    groups = (
        (f"Advantaged group, {network.n_advantaged} people", STANCES),
        (f"Marginalized group, {network.n_marginalized} people, in rings", RESPONSES),
    )
    return "".join(
        f'<div><b>{title}</b><ul>{"".join(_entry(word, shown.count(word)) for word in words)}</ul></div>'
        for title, words in groups
    )


def advantaged_svg(model) -> str:
    """Draw the stances of the advantaged group over the steps so far."""
    return chart_svg(model, STANCES, "Stances of the advantaged group")


def marginalized_svg(model) -> str:
    """Draw the responses of the marginalized group, and its average trust, over the steps so far."""
    return chart_svg(model, (*RESPONSES, "trust"), "Responses and trust of the marginalized group")


def chart_svg(model, words, title: str) -> str:
    """Draw some measures over the steps so far, each with its colour, dashes, shape and word."""
    values = {word: np.asarray(model.datacollector.model_vars[_COLUMNS[word]], float) for word in words}
    last = len(values[words[0]]) - 1
    steps = max(_FEWEST_STEPS, last)
    places = dict(zip(words, _spread([_y(values[word][-1]) for word in words]), strict=True))
    lines = "".join(_line(word, values[word], steps) for word in words)
    ends = "".join(_end(word, _x(last, steps), _y(values[word][-1]), places[word]) for word in words)
    now = ", ".join(f"{WORDS[f'word.{word}']} {_percent(values[word][-1])}" for word in words)
    return (f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{title}. At step {last}: {now}.">'
            f"{_axes(steps)}{lines}{ends}</svg>")  # fmt: skip


@functools.cache
def _drawn(family: str) -> tuple[list, str]:
    """Return everybody's place in the explorer's drawing of a network, and all ties as one path."""
    made = baked.network_json(family)
    places = list(zip(made["places"][::2], made["places"][1::2], strict=True))
    ends = ((places[i], places[j]) for i, j in zip(made["ties"][::2], made["ties"][1::2], strict=True))
    return places, "".join(f"M{x} {y}L{u} {v}" for (x, y), (u, v) in ends)


def _person(i: int, word: str, network, x: int, y: int, size: float) -> str:
    group = "marginalized" if network.is_marginalized[i] else "advantaged"
    return (f'<g transform="translate({x} {y}) scale({size:.2f})"><title>Person {i + 1}, {group} group: '
            f"{WORDS[f'word.{word}']}</title>{_shape(word)}</g>")  # fmt: skip


def _shape(word: str) -> str:
    """Return the shape of a word, in a ring if it is a response."""
    ring = f'<circle r="12.6" fill="#fff" stroke="{INK}" stroke-width="1.4"/>' if word in RESPONSES else ""
    scale = 0.75 if ring else 1.05
    return (f'{ring}<path d="{SHAPES[word]}" fill="{_colour(word)}" stroke="#fff" stroke-width="1.2" '
            f'paint-order="stroke" fill-rule="evenodd" transform="scale({scale})"/>')  # fmt: skip


def _entry(word: str, count: int) -> str:
    return (f'<li><svg viewBox="-14 -14 28 28" aria-hidden="true">{_shape(word)}</svg>'
            f"{WORDS[f'word.{word}']} <b>{count}</b></li>")  # fmt: skip


def _colour(word: str) -> str:
    return LINES[_COLUMNS[word]][0]


def _percent(share: float) -> str:
    return "no people" if math.isnan(share) else f"{100 * share:.0f} %"


def _x(step: float, steps: int) -> float:
    return _LEFT + step / steps * (_WIDTH - _LEFT - _RIGHT)


def _y(share: float) -> float:
    return _HEIGHT - _BOTTOM - (0.0 if math.isnan(share) else share) * (_HEIGHT - _TOP - _BOTTOM)


def _axes(steps: int) -> str:
    right = _WIDTH - _RIGHT
    rows = "".join(
        f'<line x1="{_LEFT}" x2="{right}" y1="{_y(share)}" y2="{_y(share)}" stroke="#d9d5ca"/>'
        f'<text x="{_LEFT - 6}" y="{_y(share) + 4}" text-anchor="end">{_percent(share)}</text>'
        for share in (0.0, 0.5, 1.0)
    )
    columns = "".join(
        f'<text x="{_x(step, steps)}" y="{_HEIGHT - 8}" text-anchor="middle">{"step " * (step == 0)}{step}</text>'
        for step in (0, steps // 2, steps)
    )
    return rows + columns


def _line(word: str, values: np.ndarray, steps: int) -> str:
    every = -(-len(values) // _MOST_POINTS)
    at = sorted({*range(0, len(values), every), len(values) - 1})
    points = " ".join(f"{_x(i, steps):.1f},{_y(values[i]):.1f}" for i in at if not math.isnan(values[i]))
    dashes = _DASHES[LINES[_COLUMNS[word]][1]]
    return (f'<polyline points="{points}" fill="none" stroke="{_colour(word)}" stroke-width="2" '
            f'stroke-dasharray="{dashes}"/>')  # fmt: skip


def _end(word: str, x: float, y: float, place: float) -> str:
    """Mark the end of a line by its shape, and name it at the right, at `place`."""
    mark = f'<path d="{SHAPES[word]}" fill="{_colour(word)}" fill-rule="evenodd" '
    right = _WIDTH - _RIGHT
    return (f'{mark}stroke="#fff" paint-order="stroke" transform="translate({x:.1f} {y:.1f}) scale(.5)"/>'
            f'{mark}transform="translate({right + 14} {place:.1f}) scale(.6)"/>'
            f'<text x="{right + 25}" y="{place + 4:.1f}">{WORDS[f"word.{word}"]}</text>')  # fmt: skip


def _spread(wanted: list[float]) -> list[float]:
    """Return places for the words at the ends of lines, in the same order, so that none covers another."""
    order, places = sorted(range(len(wanted)), key=wanted.__getitem__), list(wanted)
    for before, after in itertools.pairwise(order):
        places[after] = max(places[after], places[before] + _GAP)
    most = _y(0.0)
    for one in reversed(order):
        places[one] = min(places[one], most)
        most = places[one] - _GAP
    return places
