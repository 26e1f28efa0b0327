"""An explanation in words: what was felt and seen, what was changed, what each option weighed, and luck."""

from __future__ import annotations

from sim.counting import counted
from sim.rules import Response, Seen, Stance

# In which order options stand side by side when luck falls on one of them; see `rules.choose_stance`.
STANCES = (Stance.BYSTAND, Stance.TOKEN, Stance.ALLY, Stance.OPPOSE)
RESPONSES = (Response.WITHDRAW, Response.WELCOME, Response.GATEKEEP)
_WORDS = {
    "cost": "punishment", "contagious": "stigma on supporters", "marginalized_share": "marginalized share",
    "credible": "credible support", "peers": "welcome by the own group", "peer_trust": "trust of the own group",
}  # fmt: skip


def told(one) -> str:
    """Return why a person did what they did, in plain words; `one` is an `Explanation`."""
    lines = [
        f"Person {one.person} ({one.group}), from step {one.step} to {one.step + 1}: "
        f"{one.before['act']} -> {one.outcome}.",
        _told_before(one.before),
        *_told_crossing(one),
        _told_seen(one.seen, one.view),
        *_told_changes(one.changes),
        *_told_choice(one),
    ]
    return "\n".join(lines)


def _told_before(before: dict) -> str:
    names = {"stigma": "felt stigma", "trust": "trust in allies"}
    feelings = (f"{names.get(name, name)} {before[name]:.2f}" for name in before if name != "act")
    return f"Before: {', '.join(feelings)}."


def _told_crossing(one) -> list[str]:
    if not one.crosses:
        return []
    p = one.numbers
    return [
        f"Marginalized on a second dimension: loyalty is loosened by {p.crossing_release:.0%}, and stigma of "
        f"{p.crossing_stigma:g} is borne whatever the act."
    ]


def _told_seen(seen: Seen, view) -> str:
    silent = seen.n_advantaged - seen.allies - seen.tokens - seen.opposers
    balance = seen.responses - seen.n_marginalized
    around = (
        f"Seen: of {counted(seen.n_advantaged, 'advantaged neighbour')} {counted(seen.allies, 'ally', 'allies')}, "
        f"{counted(seen.tokens, 'token ally', 'token allies')}, {silent} silent, {counted(seen.opposers, 'opposer')} "
        f"({seen.betrayals} had just stopped being allies); "
        f"{counted(seen.n_marginalized, 'marginalized neighbour')}, on balance {balance:+d} welcoming."
    )
    meant = (f"{_WORDS.get(name, name)} {value:.2f}" for name, value in view._asdict().items() if name != "has_peers")
    return f"{around}\nIt meant: {', '.join(meant)}."


def _told_changes(changes) -> list[str]:
    if not changes:
        return []
    told = (f"{one.knob} {one.before:g} -> {one.now:g} by {', '.join(one.by)}" for one in changes)
    return [f"Under interventions: {'; '.join(told)}."]


def _told_choice(one) -> list[str]:
    chance = f"the draw {one.revise_draw:.3f} against revise = {one.numbers.revise:g}"
    if not one.reconsidered:
        return [f"Did not reconsider ({chance}), and went on as before.", *_told_utilities(one)]
    lines = [f"Reconsidered ({chance}).", *_told_utilities(one), _told_luck(one)]
    if one.scripted_by:
        lines.append(f"But {', '.join(one.scripted_by)} forced {one.outcome}, whatever the choice.")
    return lines


def _told_utilities(one) -> list[str]:
    lines = ["What each option weighed, and its chance in a choice:"]
    for option, utility in sorted(one.utilities.items(), key=lambda item: -item[1]):
        terms = sorted((t for t in one.terms if t.option == option and t.value), key=lambda t: -abs(t.value))
        parts = f" = {', '.join(f'{term.term} {term.value:+.2f}' for term in terms)}" if terms else ""
        lines.append(f"  {option} {utility:+.2f}{parts}; chance {one.probabilities[option]:.3f}")
    return [*lines, *_told_token_effort(one)]


def _told_token_effort(one) -> list[str]:
    """Say how a token act can take more effort than open support, where it does."""
    p = one.numbers
    if "TOKEN" not in one.utilities or p.token_effort <= p.effort:
        return []
    return [
        f"(A token act takes more effort here, {p.token_effort:g}, than open support, {p.effort:g}: what makes it "
        f"cheap is that stigma and punishment, like the norm, count {p.token_visibility:g} times. Conviction and "
        "welcome do not speak for it.)"
    ]


def _told_luck(one) -> str:
    if one.numbers.noise == 0:
        return f"Without noise the best option is taken: {one.chosen}."
    low = 0.0
    for option in STANCES if "ALLY" in one.utilities else RESPONSES:
        if option.name == one.chosen:
            break
        low += one.probabilities[option.name]
    high = low + one.probabilities[one.chosen]
    return f"Luck {one.draw:.3f} fell between {low:.3f} and {high:.3f}, which is {one.chosen}."
