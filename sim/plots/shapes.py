"""People and ties as pictures in HTML: one shape for each act, the marginalized group in rings."""

from __future__ import annotations

import html

import numpy as np

from sim.counting import counted
from sim.plots.looks import INK, RESPONSES, SHAPES, STANCES, WHITE, act_look
from sim.plots.places import HEIGHT, WIDTH

MOST_NAMED = 40  # more names than that cover each other
ROOM_FOR_NAMES = 20  # below the lowest person
NOBODY = "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0Z"  # somebody of whom only the group is known


def outline(word: str | None) -> tuple[str, str]:
    """Return the outline and the colour of what a person shows."""
    return (NOBODY, "#767676") if word is None else (SHAPES[word], act_look(word)[0])


def acts_as_words(acts, is_marginalized) -> list[str]:
    """Return what people show as words, such as "ally"; `acts` are numbers of `Stance` and `Response`."""
    return [(RESPONSES if ring else STANCES)[act] for act, ring in zip(acts, is_marginalized, strict=True)]


def symbol(word: str) -> str:
    """Return a small picture of what a person shows, to stand in a line of text."""
    d, colour = outline(word)
    in_ring = word in RESPONSES
    ring = f'<circle r="12.6" fill="{WHITE}" stroke="{INK}" stroke-width="1.4"/>' if in_ring else ""
    return (
        '<svg viewBox="-14 -14 28 28" width="18" height="18" style="background:#fff;border-radius:4px;'
        f'vertical-align:middle" aria-hidden="true">{ring}<path d="{d}" fill="{colour}" fill-rule="evenodd" '
        f'transform="scale({0.75 if in_ring else 1.05})"/></svg>'
    )


def picture(crowd, words=None) -> str:
    """Return a network as SVG on a white ground; `words` say what everybody shows, or only groups are drawn."""
    told = f"{counted(len(crowd.people), 'person', 'people')} and {counted(len(crowd.pairs), 'tie')}"
    size = max(0.62, min(1.5, 13 / np.sqrt(len(crowd.people))))
    words = [None] * len(crowd.people) if words is None else words
    ties = "".join(f"M{x} {y}L{u} {v}" for (x, y), (u, v) in crowd.xy[crowd.pairs].tolist())
    people = "".join(_person(crowd, i, word, size) for i, word in enumerate(words))
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT + ROOM_FOR_NAMES}" role="img" aria-label="{told}" '
        f'style="background:#fff;border:1px solid #ccc;border-radius:8px;width:100%;'
        f'max-width:640px;display:block"><path d="{ties}" fill="none" stroke="#8d8a82" stroke-opacity=".45" '
        f'stroke-width="1.2"/>{people}</svg>'
    )


def _person(crowd, i: int, word: str | None, size: float) -> str:
    (x, y), in_ring = crowd.xy[i].tolist(), bool(crowd.is_marginalized[i])
    d, colour = outline(word)
    label, group = html.escape(crowd.labels[i]), "marginalized" if in_ring else "advantaged"
    ring = f'<circle r="13.5" fill="{WHITE}" stroke="{INK}" stroke-width="1.3"/>' if in_ring else ""
    name = ""
    if len(crowd.people) <= MOST_NAMED:
        short = html.escape(crowd.labels[i] if len(crowd.labels[i]) <= 12 else crowd.labels[i][:11] + "…")
        name = f'<text y="27" text-anchor="middle" font-size="13" font-family="sans-serif" fill="{INK}">{short}</text>'
    return (
        f'<g transform="translate({x} {y}) scale({size:.2f})"><title>{label} ({group})</title>{ring}'
        f'<path data-person="{i}" d="{d}" fill="{colour}" stroke="{WHITE}" stroke-width="1.2" paint-order="stroke" '
        f'fill-rule="evenodd" transform="scale({0.8 if in_ring else 1.1})"/>{name}</g>'
    )
