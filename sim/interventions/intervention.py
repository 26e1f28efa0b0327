"""One intervention: a small declarative object, checked when it is made."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from sim.checks import InputError, check_choice, check_count, check_names, check_number, nearest, shown
from sim.interventions.targets import RULES
from sim.parameters import KNOBS
from sim.rules import Response, Stance
from sim.state import LAST_STEP

GROUPS = ("advantaged", "marginalized", "both")
ACTS = {act.name.lower(): act for kind in (Stance, Response) for act in kind}
SETTABLE = {"sympathy": (-1.0, 1.0), "loyalty": (0.0, 1.0), "stigma": (0.0, 1.0), "trust": (0.0, 1.0)}
# Knobs that people are drawn with at the start: changing them later would change nobody.
_AT_THE_START = (
    "loyalty", "loyalty_spread", "sympathy", "sympathy_spread", "trust", "trust_spread", "crossing_share",
    "crossing_release", "crossing_stigma",
)  # fmt: skip
CHANGEABLE = tuple(knob.name for knob in KNOBS if not knob.is_switch and knob.name not in _AT_THE_START)
MOST_NEW_TIES = 1000
LONGEST_KIND = 60


@dataclasses.dataclass(frozen=True, kw_only=True)
class Intervention:
    """Something done to a run from outside, from a step to a step, to some people.

    Parameters
    ----------
    kind : str
        What it is called; the ready-made ones are in `sim.interventions.CATALOGUE`.
    begin : int
        First step whose state may differ from a run without it (for knobs: the step in whose course people first choose
        and learn under them, so the state of the next step).
    end : int, optional
        First step at which it is over; by default it stays to the end of the run.
    ramp : int
        Steps over which changes of knobs grow to full strength; 0: at once.
    strength : float
        0 to 10. Multiplies changes of knobs; at 0 nothing happens at all.
    who : str
        Rule that picks the people: one of `sim.interventions.RULES`.
    share, count : float, int, optional
        How many of the `group` are picked: a share (rounded, at least one) or a number (at most all).
    people : sequence, optional
        Labels of people of the network, instead of a rule.
    group : {"advantaged", "marginalized", "both"}
        Among whom the rule picks.
    draw : int
        Interventions with the same rule and draw pick the same people (a larger share contains a smaller one); another
        number is another draw.
    scale, shift : mapping of str to float
        Changes of knobs for these people: multiplied by (1 + strength * (factor - 1)), then strength * shift is added;
        kept inside the allowed range. Several interventions multiply and add up in whatever order they are given.
    force : str, optional
        A stance or response that these people show from `begin` until before `end`, whatever they would choose.
    set : mapping of str to float
        What people are set to once, at `begin`: sympathy, loyalty, stigma, trust.
    ties : int
        New ties to random people of the other group that each of these people has from `begin` until `end`; where two
        are drawn to the same person, or to one who is tied already, there are fewer.
    tie, cut : sequence of pairs of labels
        Single ties that are there, or are not there, from `begin` until `end`.

    Raises
    ------
    InputError
        For anything that cannot be used.
    """

    kind: str = "custom"
    begin: int = 0
    end: int | None = None
    ramp: int = 0
    strength: float = 1.0
    who: str = "everybody"
    share: float | None = None
    count: int | None = None
    people: tuple | None = None
    group: str = "both"
    draw: int = 0
    scale: Mapping[str, float] = dataclasses.field(default_factory=dict)
    shift: Mapping[str, float] = dataclasses.field(default_factory=dict)
    force: str | None = None
    set: Mapping[str, float] = dataclasses.field(default_factory=dict)
    ties: int = 0
    tie: tuple = ()
    cut: tuple = ()

    def __post_init__(self):
        for name, value in _checked(self).items():
            object.__setattr__(self, name, value)

    @classmethod
    def names(cls) -> list[str]:
        """Return the names of all arguments."""
        return [field.name for field in dataclasses.fields(cls)]

    def to_dict(self) -> dict[str, Any]:
        """Return all arguments as JSON can hold them; `interventions_of` takes them back as they are."""
        values = {name: getattr(self, name) for name in self.names()}
        return {name: dict(value) if isinstance(value, Mapping) else _listed(value) for name, value in values.items()}

    def strength_at(self, step: int) -> float:
        """Return how strongly knobs are changed while step `step` is taken: 0 before `begin` and from `end` on."""
        if step < self.begin or (self.end is not None and step >= self.end):
            return 0.0
        grown = 1.0 if self.ramp == 0 else min(1.0, (step - self.begin + 1) / self.ramp)
        return self.strength * grown

    def is_on(self, step: int) -> bool:
        """Tell whether the state of a step is under it."""
        return self.strength > 0 and self.begin <= step and (self.end is None or step < self.end)

    @property
    def changes_knobs(self) -> bool:
        """Whether it changes any knob."""
        return bool(self.scale or self.shift)

    @property
    def changes_ties(self) -> bool:
        """Whether the network is another one while it lasts."""
        return bool(self.ties or self.tie or self.cut)


def _checked(one: Intervention) -> dict:
    kind = one.kind
    if not isinstance(kind, str) or not kind.isprintable() or not 0 < len(kind) <= LONGEST_KIND:
        raise InputError(
            f"kind of an intervention must be a text of 1 to {LONGEST_KIND} characters on one line, not {shown(kind)}"
        )
    begin = check_count(f"{kind}: begin", one.begin, 0, LAST_STEP if one.end is None else LAST_STEP - 1)
    values = {
        "begin": begin,
        "end": None if one.end is None else check_count(f"{kind}: end", one.end, begin + 1, LAST_STEP),
        "ramp": check_count(f"{kind}: ramp", one.ramp, 0, 1_000_000),
        "strength": check_number(f"{kind}: strength", one.strength, 0, 10),
        "who": check_choice(f"{kind}: who", one.who, RULES),
        "share": None if one.share is None else check_number(f"{kind}: share", one.share, 0, 1),
        "count": None if one.count is None else check_count(f"{kind}: count", one.count, 0),
        "people": _people(kind, one.people),
        "group": check_choice(f"{kind}: group", one.group, GROUPS),
        "draw": check_count(f"{kind}: draw", one.draw, 0, 1_000_000),
        "scale": _changes(kind, "scale", one.scale, 0.0),
        "shift": _changes(kind, "shift", one.shift, -1000.0),
        "force": None if one.force is None else check_choice(f"{kind}: force", one.force, ACTS),
        "set": _settings(kind, one.set),
        "ties": check_count(f"{kind}: ties", one.ties, 0, MOST_NEW_TIES),
        "tie": _pairs(kind, "tie", one.tie),
        "cut": _pairs(kind, "cut", one.cut),
    }
    _check_whom(kind, values)
    if not any(values[name] for name in ("scale", "shift", "force", "set", "ties", "tie", "cut")):
        raise InputError(f"{kind} does nothing: it needs scale, shift, force, set, ties, tie or cut")
    return values


def _check_whom(kind: str, values: dict) -> None:
    given = [name for name in ("share", "count") if values[name] is not None]
    if values["people"] and (given or values["who"] != "everybody"):
        other = given[0] if given else "who"
        raise InputError(f"{kind}: people are named one by one, so {other} cannot be given as well")
    if len(given) == 2:
        raise InputError(f"{kind}: share and count cannot both be given")
    if values["who"] == "everybody" and given:
        raise InputError(f"{kind}: with {given[0]} given, who must be a rule that picks: {', '.join(RULES[1:])}")
    if values["who"] != "everybody" and not given:
        raise InputError(f"{kind}: who = {values['who']!r} needs a share or a count")
    if values["force"] is not None:
        group = "advantaged" if isinstance(ACTS[values["force"]], Stance) else "marginalized"
        if values["group"] == "both":
            values["group"] = group
        if values["group"] != group:
            raise InputError(f"{kind}: only {group} people can {values['force']}, so group must be {group!r}")
    has_other_effects = any(values[name] for name in ("scale", "shift", "force", "ties", "tie", "cut"))
    own = {"trust"} if values["group"] == "marginalized" else set(SETTABLE) - {"trust"}
    if values["set"] and values["group"] != "both" and not has_other_effects and not own & set(values["set"]):
        raise InputError(f"{kind} does nothing: {values['group']} people have no {' and no '.join(values['set'])}")
    if values["who"] in ("most_loyal", "appointed", "most_sympathetic") and values["group"] == "both":
        values["group"] = "advantaged"


def _people(kind: str, people) -> tuple | None:
    if people is None:
        return None
    if isinstance(people, str) or not isinstance(people, Iterable):
        raise InputError(f"{kind}: people must be a list of labels, not {shown(people)}")
    people = tuple(_label(kind, label) for label in people)
    if not people:
        raise InputError(f"{kind}: people is an empty list; it must name somebody, or be left out")
    return people


def _label(kind: str, label):
    label = label.item() if hasattr(label, "item") else label
    if not isinstance(label, str | int):
        raise InputError(f"{kind}: label {shown(label)} must be a text or a whole number")
    return label


def _pairs(kind: str, name: str, pairs) -> tuple:
    if isinstance(pairs, str) or not isinstance(pairs, Iterable):
        raise InputError(f"{kind}: {name} must be a list of pairs of labels, not {shown(pairs)}")
    pairs = tuple(tuple(pair) if isinstance(pair, Iterable) and not isinstance(pair, str) else pair for pair in pairs)
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise InputError(f"{kind}: {name} holds {shown(pair)}, which is no pair of labels")
    return tuple(tuple(_label(kind, label) for label in pair) for pair in pairs)


def _changes(kind: str, name: str, changes, low: float) -> dict:
    if not isinstance(changes, Mapping):
        raise InputError(f"{kind}: {name} must be a mapping of knobs to numbers, not {shown(changes)}")
    for knob in changes:
        if str(knob).startswith("crossing"):
            raise InputError(f"{kind}: {knob} is part of who people are and cannot be changed later")
        if knob in _AT_THE_START:
            raise InputError(
                f"{kind}: {knob} is what people are drawn with at the start; to change people later, use "
                f"set = {{{knob.removesuffix('_spread')}: ...}}"
            )
        if knob not in CHANGEABLE:
            raise InputError(f"{kind}: {name} names {shown(knob)}, which is no knob that can change"
                             f"{nearest(knob, CHANGEABLE)}")  # fmt: skip
    return {knob: check_number(f"{kind}: {name} of {knob}", changes[knob], low, 1000.0)
            for knob in CHANGEABLE if knob in changes}  # fmt: skip


def _settings(kind: str, settings) -> dict:
    if not isinstance(settings, Mapping):
        raise InputError(f"{kind}: set must be a mapping of traits to numbers, not {shown(settings)}")
    check_names(f"{kind}: set names", settings, SETTABLE)
    return {name: check_number(f"{kind}: set {name}", settings[name], *SETTABLE[name])
            for name in SETTABLE if name in settings}  # fmt: skip


def _listed(value):
    return [_listed(one) for one in value] if isinstance(value, tuple) else value
