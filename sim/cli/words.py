"""A run in plain words."""

from __future__ import annotations

import math

SENTENCES = {
    "SILENCE": "most advantaged people show nothing, whatever they feel.",
    "SPREAD": "most advantaged people show support, and most of that support is costly.",
    "HOLLOW": "most advantaged people show support, but most of it is cheap.",
    "OPPOSITION": "most advantaged people oppose openly.",
    "MIXED": "no stance prevails among advantaged people.",
}
ADVANTAGED = {
    "ally": "ally_share",
    "token ally": "token_share",
    "silent": "bystand_share",
    "opposed": "oppose_share",
}
MARGINALIZED = {
    "welcome allies": "welcome_share",
    "withdrawn": "withdraw_share",
    "keep allies out": "gatekeep_share",
}
CAVEAT = (
    "What it does not mean: this is one run with one luck, and most values are assumed, not measured. It",
    "shows what can follow from these rules and is no forecast for any real group. Try several seeds.",
)


def result_lines(run) -> list[str]:
    """Return the result of a run: the regime, both groups, and what to make of it."""
    last, network = run.tail.mean(), run.network
    lines = [
        f"{run.regime.name}: {SENTENCES[run.regime.name]}",
        _what_was_run(run),
        "",
        _group_line("Advantaged", network, 0, network.n_advantaged, last, ADVANTAGED),
        _group_line("Marginalized", network, 1, network.n_marginalized, last, MARGINALIZED),
    ]
    if network.n_marginalized:
        first = run.history.mean_trust[0]
        lines.append(f"  their trust in allies, 0 to 1: {last.mean_trust:.2f} (at the start {first:.2f})")
    if network.n_advantaged:
        lines += ["", *_meaning(last)]
    return [*lines, *CAVEAT]


def _what_was_run(run) -> str:
    network, source = run.network, run.network.source
    name = source.get("family") or source.get("file") or "network"
    start = f"{run.start:g} allies" if isinstance(run.start, float) else run.start
    where = f"{name} of {network.n_people} people and {network.n_ties} ties"
    what = f"{run.steps} steps from start '{start}' on {where}; seed {run.seed}, {run.schedule}"
    last = run.first_step + run.steps
    return "\n".join([what, *(_what_was_done(*done, last) for done in zip(run.interventions, run.picked, strict=True))])


def _what_was_done(one, people, last: int) -> str:
    if one.begin > last:
        return f"not done: {one.kind} would begin at step {one.begin}, after the last one, {last}"
    until = "the end" if one.end is None else f"step {one.end - 1}"
    return f"done to it: {one.kind}, from step {one.begin} to {until}, reaching {len(people)} people"


def _group_line(role: str, network, which: int, count: int, last, shares: dict) -> str:
    name = network.group_names[which]
    title = role if name == role.lower() else f"{role} ({name})"
    if not count:
        return f"{title}: nobody."
    parts = (f"{word} {last[column]:.0%}" for word, column in shares.items())
    return f"{title}, {count} people: {', '.join(parts)}"


def _meaning(last) -> list[str]:
    private, shown, hidden = last.private_support, last.expressed_support, last.opposer_private_share
    opposers = "nobody opposes" if math.isnan(hidden) else f"of the opposed, {hidden:.0%} are sympathetic in private"
    return [
        f"What it means: {private:.0%} of the advantaged are sympathetic in private, {shown:.0%} show support;",
        f"{opposers}. All figures are averages over the last tenth of the steps.",
    ]


def result_json(run, settings: dict, differences: list[str] | None) -> dict:
    """Return the result of a run for programs; what has no value is null."""
    last = run.history.tail(1).to_dict("records")[0]
    result = {
        "regime": run.regime.name,
        "n_advantaged": run.network.n_advantaged,
        "n_marginalized": run.network.n_marginalized,
        "last": {name: None if math.isnan(value) else value for name, value in last.items()},
        "settings": settings,
    }
    if differences is not None:
        result |= {"same_as_recorded": not differences, "differences": differences}
    return result
