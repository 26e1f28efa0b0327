"""A run in plain words."""

from __future__ import annotations

import math

from sim.counting import counted

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
NOTHING_YET = "Nothing has happened yet: with 0 steps nobody has decided anything, and this is only the start."
CAVEAT = (
    "What it does not mean: this is one run with one luck, and most values are assumed, not measured. It",
    "shows what can follow from these rules and is no forecast for any real group. Try several seeds.",
)


def result_lines(run) -> list[str]:
    """Return the result of a run: the regime, both groups, and what to make of it."""
    last, network = run.tail.mean(), run.network
    lines = [
        f"{run.regime.name}: {SENTENCES[run.regime.name]}" if run.steps else NOTHING_YET,
        _what_was_run(run),
        "",
        _when(run),
        _group_line("Advantaged", network, 0, network.n_advantaged, last, ADVANTAGED),
        _group_line("Marginalized", network, 1, network.n_marginalized, last, MARGINALIZED),
    ]
    if network.n_marginalized:
        first = run.history.mean_trust[0]
        lines.append(f"  their trust in allies, 0 to 1: {last.mean_trust:.2f} (at the start {first:.2f})")
    if network.n_advantaged:
        lines += ["", *_meaning(last)]
    return [*lines, *CAVEAT]


def _when(run) -> str:
    """Say over which steps the figures are averaged."""
    first, last = (int(run.tail["step"].iloc[place]) for place in (0, -1))
    return f"At step {last}:" if first == last else f"On average over the last tenth of the steps, {first} to {last}:"


def _what_was_run(run) -> str:
    network, source = run.network, run.network.source
    name = source.get("family") or source.get("file") or "network"
    start = f"a share of {run.start:g} allies" if isinstance(run.start, float) else run.start
    where = f"{name} of {counted(network.n_people, 'person', 'people')} and {counted(network.n_ties, 'tie')}"
    what = f"{counted(run.steps, 'step')} from start '{start}' on {where}; seed {run.seed}, {run.schedule}"
    return "\n".join([what, *(_what_was_done(run, *done) for done in zip(run.interventions, run.picked, strict=True))])


def _what_was_done(run, one, picked) -> str:
    last = run.first_step + run.steps
    if one.begin > last:
        return f"not done: {one.kind} would begin at step {one.begin}, after the last one, {last}"
    until = "the end" if one.end is None else f"step {one.end - 1}"
    return f"done to it: {one.kind}, from step {one.begin} to {until}, {_reach(run, one, picked)}"


def _reach(run, one, picked) -> str:
    """Say how many people it acts on: all whom it is given to, or those of them whose rules read what it changes."""
    from sim.interventions.reach import acted_on

    if one.tie or one.cut:
        return f"changing {counted(len(one.tie) + len(one.cut), 'single tie')}"
    n_reached = len(acted_on(one, picked, run.network))
    all_given = "" if n_reached == len(picked) else f" of the {len(picked):,} it is given to"
    return f"reaching {counted(n_reached, 'person', 'people')}{all_given}"


def _group_line(role: str, network, which: int, count: int, last, shares: dict) -> str:
    name = network.group_names[which]
    title = role if name == role.lower() else f"{role} ({name})"
    if not count:
        return f"{title}: nobody."
    parts = (f"{word} {last[column]:.0%}" for word, column in shares.items())
    return f"{title}, {counted(count, 'person', 'people')}: {', '.join(parts)}"


def _meaning(last) -> list[str]:
    private, shown, hidden = last.private_support, last.expressed_support, last.opposer_private_share
    opposers = "nobody opposes" if math.isnan(hidden) else f"of the opposed, {hidden:.0%} are sympathetic in private"
    return [
        f"What it means: {private:.0%} of the advantaged are sympathetic in private, {shown:.0%} show support;",
        f"{opposers}.",
    ]


def result_json(run, settings: dict, differences: list[str] | None) -> dict:
    """Return the result of a run for programs; what has no value is null."""
    from sim.outcomes import tail_means

    last, tail = run.history.tail(1).to_dict("records")[0], tail_means(run.history)
    result = {
        "regime": run.regime.name if run.steps else None,
        "n_advantaged": run.network.n_advantaged,
        "n_marginalized": run.network.n_marginalized,
        "last": {name: None if math.isnan(value) else value for name, value in last.items()},
        "last_tenth": {name: None if math.isnan(value) else value for name, value in tail.items()},
        "settings": settings,
    }
    if differences is not None:
        result |= {"same_as_recorded": not differences, "differences": differences}
    return result
