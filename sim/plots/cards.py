"""What objects show of themselves in a notebook: plain HTML that inherits the colours of the page.

Nothing here needs JavaScript, and all text of users is escaped.
"""

from __future__ import annotations

import html
from collections import Counter

from sim.counting import counted
from sim.plots.looks import RESPONSES, STANCES, act_look
from sim.plots.shapes import symbol

ROW = "display:flex;gap:.5rem;align-items:center;margin:.1rem 0"
SMALL = "font-size:.85em;opacity:.85;margin:.4rem 0"


def card(title: str, *parts: str) -> str:
    """Return a heading and parts (finished HTML) below each other."""
    heading = f'<p style="margin:.2rem 0"><b>{html.escape(title)}</b></p>'
    return f'<div style="max-width:860px">{heading}{"".join(parts)}</div>'


def beside(*parts: str) -> str:
    """Return parts (finished HTML) beside each other, or below each other where there is no room."""
    cells = "".join(f'<div style="flex:1 1 300px;min-width:0">{part}</div>' for part in parts)
    return f'<div style="display:flex;flex-wrap:wrap;gap:.4rem 1.6rem">{cells}</div>'


def small(text: str) -> str:
    """Return a line in small print, or nothing for no text."""
    return f'<p style="{SMALL}">{html.escape(text)}</p>' if text else ""


def folded(title: str, content: str) -> str:
    """Return HTML content behind a title, opened by a click."""
    return f"<details><summary>{html.escape(title)}</summary>{content}</details>"


def rows(names, values) -> str:
    """Return a table: `names` of its columns, and rows of anything that can be printed."""
    cell = 'style="text-align:left;padding:.15rem .8rem .15rem 0;vertical-align:top"'
    head = "".join(f"<th {cell}>{html.escape(str(name))}</th>" for name in names)
    body = "".join(f"<tr>{''.join(f'<td {cell}>{_printed(value)}</td>' for value in row)}</tr>" for row in values)
    style = "border-collapse:collapse;text-align:left"
    return f'<table style="{style}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def bars(title: str, shares: dict[str, float], n_people: int) -> str:
    """Return one bar per act of a group, `shares` by word; a group without people says so."""
    heading = f'<p style="{ROW};opacity:.85">{html.escape(title)}, {counted(n_people, "person", "people")}</p>'
    if n_people == 0:
        return heading + small("Nobody is in this group.")
    return heading + "".join(_bar(word, share) for word, share in shares.items())


def tally(words, is_marginalized) -> str:
    """Return how many show what, group by group; `words` say what everybody shows."""
    counts, n_marginalized = Counter(words), int(sum(is_marginalized))
    sizes = (len(words) - n_marginalized, n_marginalized)
    titles = ("Advantaged group", "Marginalized group (in rings)")
    groups = zip(titles, (STANCES[::-1], RESPONSES[::-1]), sizes, strict=True)
    return beside(*(_counts(title, own, counts, n_people) for title, own, n_people in groups))


def _counts(title: str, words, counts, n_people: int) -> str:
    heading = f'<p style="{ROW};opacity:.85">{title}, {counted(n_people, "person", "people")}</p>'
    return heading + "".join(_count(word, counts) for word in words)


def _count(word: str, counts) -> str:
    return f'<div style="{ROW}">{_named(word)}<b data-count="{word}">{counts[word]}</b></div>'


def _bar(word: str, share: float) -> str:
    colour = act_look(word)[0]
    return (
        f'<div style="{ROW}">{_named(word)}<span style="flex:1;height:.8em;background:#fff;border:1px solid #8886;'
        f'max-width:260px"><span style="display:block;height:100%;width:{100 * share:.1f}%;background:{colour}"></span>'
        f'</span><b style="min-width:3em">{share:.0%}</b></div>'
    )


def _named(word: str) -> str:
    return f'{symbol(word)}<span style="min-width:8.5em">{html.escape(act_look(word)[3])}</span>'


def _printed(value) -> str:
    return html.escape(f"{value:.3g}" if isinstance(value, float) else str(value))
