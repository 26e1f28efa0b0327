"""What networks, parameters, comparisons and explanations show of themselves in a notebook."""

from __future__ import annotations

from sim.counting import counted
from sim.plots import cards
from sim.plots.crowd import crowd_of
from sim.plots.looks import LINES
from sim.plots.shapes import picture

_IN_WORDS = {
    "n_people": "people", "n_ties": "ties", "mean_degree": "ties per person",
    "marginalized_share": "share marginalized",
    "homophily": "homophily by group (-1 to 1)", "clustering": "clustering", "n_isolated": "people without ties",
}  # fmt: skip


def network_card(network) -> str:
    """Return a network as HTML: a picture, and its measures."""
    crowd, measures = crowd_of(network), network.measures()
    about = cards.rows(("measure", "value"), [(words, measures[name]) for name, words in _IN_WORDS.items()])
    name = network.group_names[1]
    rings = f"Marginalized people{'' if name == 'marginalized' else f' (group {name})'} stand in rings."
    notes = "".join(map(cards.small, network.notes))
    return cards.card(
        f"Network of {counted(network.n_people, 'person', 'people')}", cards.beside(picture(crowd), about),
        cards.small(rings), cards.small(crowd.told), cards.folded("what was done to the input", notes) if notes else "",
    )  # fmt: skip


def parameters_card(parameters, knobs) -> str:
    """Return parameters as HTML: what differs from the default, and all of them folded away."""
    changes = parameters.changes()
    shown = [(k.name, getattr(parameters, k.name), k.default, k.meaning) for k in knobs]
    changed = [row for row in shown if row[0] in changes]
    names = ("parameter", "value", "default", "meaning")
    title = f"Parameters: {len(changed)} of {len(knobs)} changed" if changed else "Parameters: all as by default"
    return cards.card(
        title, cards.rows(names, changed) if changed else "", cards.folded("all parameters", cards.rows(names, shown))
    )


def comparison_card(comparison) -> str:
    """Return a comparison as HTML: differences of the shares of both groups; the other measures folded away."""
    table = comparison.table
    is_main = table["measure"].isin(LINES)
    parts = [_effects(table[is_main])] if is_main.any() else []
    if not is_main.all():
        parts.append(cards.folded("other measures", _effects(table[~is_main])))
    n_pairs = len(comparison.rows) // 2
    intervals = "One pair gives no interval" if n_pairs == 1 else f"Intervals: {comparison.level:.0%}"
    return cards.card(
        f"{comparison_title(comparison)}: {counted(n_pairs, 'pair')} of runs", *parts,
        cards.small(f"Each pair has the same network, people and luck. {intervals}."),
    )  # fmt: skip


def comparison_title(comparison) -> str:
    """Return what is compared with what."""
    arms = (" + ".join(one.kind for one in arm) or "nothing" for arm in (comparison.with_, comparison.without))
    return " against ".join(arms).replace("_", " ")


def _effects(table) -> str:
    rows = [_effect(row) for row in table.itertuples()]
    return cards.rows(("measure", "without", "with", "difference", "interval"), rows)


def _effect(row) -> tuple[str, ...]:
    name = LINES[row.measure][3] if row.measure in LINES else row.measure
    if row.n == 0:
        return (name, *["nobody" if row.measure in LINES else "nothing to measure"] * 3, "none")
    interval = "none" if row.n == 1 else f"{row.low:+.3f} to {row.high:+.3f}"
    return name, f"{row.mean_without:.3f}", f"{row.mean_with:.3f}", f"{row.difference:+.3f}", interval


def explanation_card(explanation) -> str:
    """Return an explanation as HTML: the text, and all terms folded away."""
    title, *lines = str(explanation).split("\n")
    parts = [cards.small(line) for line in lines]
    if explanation.terms:
        terms = cards.rows(("option", "term", "adds", "knob"), explanation.terms)
        parts.append(cards.folded("all terms", terms))
    return cards.card(title, *parts)
