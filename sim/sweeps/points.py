"""A point: one combination of everything that can be swept, checked, complete, and with a digest of its own.

What a user names ("loyalty", "network_homophily", "start", ...) becomes a configuration: a mapping that JSON can hold
and that lists every value a run depends on, named by the user or not. Two points with the same configuration are the
same point, however they were written.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import inspect
import json
import numbers
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.checks import InputError, check_choice, check_count, check_number, is_flag, nearest, shown
from sim.engine import SCHEDULES
from sim.interventions import CATALOGUE, intervention
from sim.networks import GENERATORS, REAL, Network
from sim.nulls import NO_INFLUENCE, NULLS
from sim.parameters import Parameters
from sim.run import MOST_STEPS
from sim.state import LAST_STEP, STARTS

# Raised whenever the same seeds give other results than before: runs of another version are never reused.
RESULT_VERSION = 1

NETWORK = "network"
OF_NETWORK = "network_"  # network_homophily is the argument homophily of the network's generator
INTERVENTION, NOTHING_DONE = "intervention", "none"
NULL, NO_NULL = "null", "none"  # a null model of `sim.nulls`, or the model itself
OF_INTERVENTION = "intervention_"  # intervention_share is the argument share of every intervention of the plan
_OF_ALL = ("begin", "end", "ramp", "strength", "who", "share", "count", "draw")
# What a range has whole numbers of: of the model, and of published ones.
WHOLE_NAMES = ("steps", "network_n_people", "n_people", "n_first", "side", "memory", "contacts")
SWEPT_IN_WORDS = (
    "parameters, start, schedule, steps, null, network, network_..., intervention and intervention_..."
)  # fmt: skip
DEFAULT_FAMILY, DEFAULT_PEOPLE = "two_groups", 1000
DEFAULT_STEPS = 400


@dataclass(frozen=True, eq=False)
class Point:
    """One combination of values.

    Attributes
    ----------
    values : dict
        What the design names, by the design's own names: columns of the table. Where nothing is done, when and to whom
        it would have been is None.
    configuration : dict
        Everything a run depends on apart from its seeds.
    network : Network or None
        The network, if it is given and not generated.
    """

    values: Mapping[str, Any]
    configuration: Mapping[str, Any]
    network: Network | None

    @functools.cached_property
    def text(self) -> str:
        """The values as JSON text, in the design's order."""
        return json.dumps(self.values, allow_nan=False)

    @property
    def has_generated_network(self) -> bool:
        """Whether a generator makes the network of every run, from a seed of its own."""
        return self.network is None and NETWORK in self.configuration

    @functools.cached_property
    def canonical(self) -> str:
        """The configuration as JSON text that is the same for equal configurations."""
        return canonical(self.configuration)

    @functools.cached_property
    def digest(self) -> str:
        """SHA-256 of `canonical`, in hexadecimal."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()


def each_once(points: Iterable[Point]) -> list[Point]:
    """Return points in order of first appearance; of those with the same configuration, always the same one.

    Nothing done is the same by every name: such points differ only in how they are written.
    """
    found: dict[str, Point] = {}
    for point in points:
        other = found.setdefault(point.digest, point)
        if canonical(point.values) < canonical(other.values):
            found[point.digest] = point
    return list(found.values())


def canonical(content) -> str:
    """Return JSON text with sorted names and no blanks; floats are written so that they read back to the same bits."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=True)


def run_key(digest: str, seeds) -> str:
    """Return the key of a run: a hash of its point's configuration and its seeds (32 hexadecimal digits)."""
    return hashlib.sha256(f"{digest} {seeds[0]} {seeds[1]} {seeds[2]}".encode()).hexdigest()[:32]


def sweepable() -> list[str]:
    """Return every name that a design may use."""
    arguments = dict.fromkeys(name for family in GENERATORS for name in arguments_of(family))
    of_network = [NETWORK, *(OF_NETWORK + name for name in arguments)]
    of_interventions = [INTERVENTION, *(OF_INTERVENTION + name for name in _OF_ALL)]
    return [*Parameters.names(), "start", "schedule", "steps", NULL, *of_network, *of_interventions]


def point_of(
    values: Mapping, base: Parameters, networks: Mapping, ramp: Mapping | None = None, plans: Mapping | None = None
) -> Point:
    """Return the point that some values describe.

    Parameters
    ----------
    values : mapping
        By names of `sweepable`; everything left out keeps its default.
    base : Parameters
        Values of the parameters that are not named.
    networks : mapping of str to Network or mapping
        Networks with a name of their own; a mapping holds ``family`` and arguments of the generator.
    ramp : mapping, optional
        ``parameter``, ``values`` and ``hold``; see `sim.sweeps.Design`.
    plans : mapping of str to sequence of Intervention, optional
        What can be done to a run, by names of your own.

    Raises
    ------
    InputError
        For an unknown name or a value out of range.
    """
    known = sweepable()
    for name in values:
        if name not in known:
            hint = nearest(name, known) or f"; allowed: {SWEPT_IN_WORDS}"
            raise InputError(f"{shown(name)} is nothing that can be swept{hint}")
    values = {name: plain(name, value) for name, value in values.items()}
    named = {name: value for name, value in values.items() if name in Parameters.names()}
    network, about = network_of(values, networks)
    null = check_choice(NULL, values.get(NULL, NO_NULL), [NO_NULL, *NULLS])
    if null == "no_influence":
        base, named = base.replace(**named), NO_INFLUENCE
    elif null != NO_NULL:
        about = about | {NULL: null}
    steps = check_count("steps", values.get("steps", DEFAULT_STEPS), 0, MOST_STEPS)
    configuration = {
        "result_version": RESULT_VERSION,
        "parameters": base.replace(**named).to_dict(),
        "network": about,
        "start": check_start(values.get("start", "silent")),
        "schedule": check_choice("schedule", values.get("schedule", SCHEDULES[0]), SCHEDULES),
        "steps": steps if ramp is None else ramp["hold"],
    }
    done = _interventions_of(values, plans or {}, network)
    if done:  # otherwise left out, so that a run nothing is done to is the same run in every design
        configuration["interventions"] = done
    else:
        values = _undone(values)
    if ramp is not None:
        configuration["ramp"] = {"parameter": ramp["parameter"], "values": list(ramp["values"])}
    return Point(values, configuration, None if network is None else bare(network))


def check_start(start):
    """Return a start that a design can hold: a word, or a share of first allies."""
    if isinstance(start, str):
        return check_choice("start", start, STARTS)
    return check_number("start", start, 0, 1) + 0.0  # never -0.0, which would be another key


def plain(name: str, value):
    """Return a value as plain Python: NumPy's numbers differ in how they are written."""
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        value = value.item()
    if value is None or not (is_flag(value) or isinstance(value, numbers.Real | str)):
        raise InputError(f"{name} = {shown(value)} must be a number, a word, True or False")
    return value if isinstance(value, str | int) else check_number(name, value) + 0.0


def network_of(values: Mapping, networks: Mapping) -> tuple[Network | None, dict]:
    """Return the network if it is given, and what describes it in the configuration."""
    given = {name.removeprefix(OF_NETWORK): value for name, value in values.items() if name.startswith(OF_NETWORK)}
    only = next(iter(networks)) if len(networks) == 1 else DEFAULT_FAMILY
    name = check_choice(NETWORK, values.get(NETWORK, only), [*networks, *GENERATORS, *REAL])
    chosen = networks.get(name, name)
    if name not in networks and name in REAL:
        chosen = REAL[name]()
    if isinstance(chosen, Network):
        if given:
            raise InputError(
                f"{OF_NETWORK}{next(iter(given))} does not go with network = {name!r}, which is given and not generated"
            )
        return chosen, {"digest": chosen.digest()}
    about = {"family": chosen} if isinstance(chosen, str) else dict(chosen)
    return None, _generated(about | given)


def _interventions_of(values: Mapping, plans: Mapping, network: Network | None) -> list[dict]:
    """Return the interventions of a point as JSON can hold them, in an order of their own."""
    changes = {name.removeprefix(OF_INTERVENTION): value for name, value in values.items()
               if name.startswith(OF_INTERVENTION)}  # fmt: skip
    for one, other in (("share", "count"), ("count", "share")):
        if one in changes:
            changes.setdefault(other, None)
    only = next(iter(plans)) if len(plans) == 1 else NOTHING_DONE
    name = check_choice(INTERVENTION, values.get(INTERVENTION, only), [*plans, NOTHING_DONE, *CATALOGUE])
    if name == NOTHING_DONE:
        return []
    chosen = _moved(plans.get(name, None) or (intervention(name),), changes.pop("begin", None))
    changed = [_changed(name, one, changes) for one in chosen]
    return sorted((_numbered(one, network).to_dict() for one in changed if one.strength > 0), key=canonical)


def _moved(plan, begin: int | None):
    """Return a plan moved in time, so that its earliest part begins at a step; all else keeps its distance."""
    if begin is None:
        return plan
    first = min(one.begin for one in plan)
    length = max(one.begin if one.end is None else one.end for one in plan) - first
    later = check_count(f"{OF_INTERVENTION}begin", begin, 0, LAST_STEP - length) - first
    return [
        dataclasses.replace(one, begin=one.begin + later, end=None if one.end is None else one.end + later)
        for one in plan
    ]


def _changed(name: str, one, changes: Mapping):
    """Return a part of a plan with some arguments changed."""
    try:
        return dataclasses.replace(one, **changes)
    except InputError as problem:
        given = [f"{OF_INTERVENTION}{key} = {shown(value)}" for key, value in changes.items() if value is not None]
        which = f"cannot hold for every part of intervention = {name!r}"
        raise InputError(f"{', '.join(given)} {which}: {problem}") from None


def _undone(values: Mapping) -> dict:
    """Return the values of a point at which nothing is done: when, to whom and how is then missing (None)."""
    # Of something that is done with no strength, the strength is the reason.
    kept = () if values.get(INTERVENTION) == NOTHING_DONE else (f"{OF_INTERVENTION}strength",)
    return {
        name: None if name.startswith(OF_INTERVENTION) and name not in kept else value
        for name, value in values.items()
    }


def _numbered(one, network: Network | None):
    """Return an intervention with people by number: a stored network has no labels."""
    if network is None or not (one.people or one.tie or one.cut):
        return one
    number = network.index_of
    return dataclasses.replace(
        one,
        people=None if one.people is None else tuple(map(number, one.people)),
        tie=tuple(tuple(map(number, pair)) for pair in one.tie),
        cut=tuple(tuple(map(number, pair)) for pair in one.cut),
    )


def bare(network: Network) -> Network:
    """Return a given network without labels and names, as it is stored."""
    return Network(network.offsets, network.neighbours, network.is_marginalized)


def _generated(about: dict) -> dict:
    """Return family and all arguments of a generated network but its seed, in the form they always have."""
    family = check_choice("network family", about.pop("family", DEFAULT_FAMILY), GENERATORS)
    taken = arguments_of(family)
    for name in about:
        if name not in taken:
            hint = nearest(name, taken) or f"; {family} takes {', '.join(taken)}"
            raise InputError(f"{OF_NETWORK}{name} does not go with network {family!r}{hint}")
    arguments = {name: default for name, default in taken.items() if default is not inspect.Parameter.empty}
    arguments = {"n_people": DEFAULT_PEOPLE} | arguments | about
    for name, value in arguments.items():
        if isinstance(value, numbers.Real) and not is_flag(value) and name != "n_people":
            arguments[name] = check_number(OF_NETWORK + name, value) + 0.0
    check_count(f"{OF_NETWORK}n_people", arguments["n_people"], 1, 100_000_000)
    return {"family": family, **arguments}


@functools.cache
def arguments_of(family: str) -> dict:
    """Return the arguments of a generator, but its seed, with their defaults."""
    parameters = inspect.signature(GENERATORS[family]).parameters
    return {name: about.default for name, about in parameters.items() if name != "seed"}
