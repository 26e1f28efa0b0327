"""What a design may be: every setting, axis and range is looked at before the first run."""

from __future__ import annotations

import inspect
import math
import numbers
from collections.abc import Iterable, Mapping

from sim.checks import InputError, check_choice, check_count, check_names, check_number, is_flag, shown
from sim.counting import counted
from sim.interventions import CATALOGUE, interventions_of
from sim.networks import GENERATORS
from sim.parameters import Parameters
from sim.streams import check_seed
from sim.sweeps import samples
from sim.sweeps.classic_points import arguments_of_model, check_model, names_of, outcomes_of
from sim.sweeps.columns import MEASURES
from sim.sweeps.own_networks import check_axis, check_file_words, networks_of
from sim.sweeps.points import (
    DEFAULT_FAMILY,
    DEFAULT_PEOPLE,
    DEFAULT_STEPS,
    INTERVENTION,
    NETWORK,
    NO_NULL,
    NOTHING_DONE,
    NULL,
    OF_NETWORK,
    WHOLE_NAMES,
    arguments_of,
)

KINDS = ("grid", "latin_hypercube", "sobol", "lines", "table", "refined")
OF_RANGES = ("latin_hypercube", "sobol", "refined")  # kinds that cover ranges; all others take lists
MOST_RUNS = 5_000_000
MOST_REPLICATES = 1_000_000
MOST_VALUES = 100_000  # along one axis
_RANGE = ("from", "to", "count")
_WORDS = ("start", "schedule", NETWORK, NULL, INTERVENTION)  # words have no range
_PRECISION = {"measure": "ally_share", "half_width": None, "level": 0.95, "most": 1000}


def check_mapping(name: str, value) -> Mapping:
    """Return `value` if it is a mapping."""
    if not isinstance(value, Mapping):
        raise InputError(f"{name} must be a mapping of names to values, not {shown(value)}")
    return value


def checked(design) -> dict:
    """Return the checked attributes of a design."""
    kind = check_choice("kind", design.kind, KINDS)
    check_model(design)
    if not isinstance(design.parameters, Parameters):
        raise InputError(f"parameters must be a Parameters object, not {shown(design.parameters)}")
    networks = networks_of(design.networks)
    check_file_words(check_mapping("axes", design.axes))
    check_axis(design.axes.get(NETWORK), networks)
    axes = {name: _values(name, value, kind) for name, value in design.axes.items()}
    values = {
        "kind": kind,
        "axes": axes,
        "rows": _rows(design.rows, kind, networks),
        "base": dict(check_mapping("base", design.base)),
        "networks": networks,
        "interventions": _plans(design.interventions),
        "replicates": check_count("replicates", design.replicates, 1, MOST_REPLICATES),
        "seed": check_seed(design.seed),
        "luck": check_choice("luck", design.luck, ("common", "independent")),
        "coarse": check_count("coarse", design.coarse, 1, 1000),
        "depth": check_count("depth", design.depth, 0, 12),
        "precision": None if design.precision is None else _precision(design),
        "ramp": None if design.ramp is None else _ramp(design.ramp, axes),
    }
    _check_kind(kind, axes, design, values)
    _check_size(kind, axes, design, values)
    return values


def _values(name, value, kind: str):
    """Return the values of an axis: a scalar, a tuple, or a range (a mapping)."""
    if not isinstance(name, str):
        raise InputError(f"axis {shown(name)} must be a text")
    if isinstance(value, Mapping):
        return _range(name, value, kind)
    if isinstance(value, str | numbers.Number) or is_flag(value):
        return value
    try:
        listed = list(value) if isinstance(value, Iterable) else None
    except TypeError:
        listed = None
    if listed is None:
        raise InputError(f"{name} = {shown(value)} must be a value, a list of values, or a range")
    if not listed:
        raise InputError(f"{name} is an empty list; it must have at least one value")
    if len(listed) > MOST_VALUES:
        raise InputError(f"{name} has {len(listed)} values; it must have at most {MOST_VALUES}")
    return tuple(listed)


def _range(name: str, about: Mapping, kind: str):
    check_names(f"entry of the range of {name}:", about, _RANGE)
    if "from" not in about or "to" not in about:
        raise InputError(f"the range of {name} must have 'from' and 'to', not only {', '.join(map(str, about))}")
    whole = name in WHOLE_NAMES
    bound = check_count if whole else check_number
    low, high = bound(f"{name}: from", about["from"]), bound(f"{name}: to", about["to"])
    if not low < high:
        raise InputError(f"{name}: from = {low:g} must be below to = {high:g}")
    if "count" in about:
        count = check_count(f"{name}: count", about["count"], 2, MOST_VALUES)
        return tuple(samples.between(low, high, i / (count - 1), whole) for i in range(count))
    if kind not in OF_RANGES:
        raise InputError(
            f"the range of {name} needs a 'count' where kind = {kind!r}: how many values from {low:g} to {high:g}?"
        )
    return {"from": low, "to": high}


def _rows(rows, kind: str, networks) -> tuple:
    if hasattr(rows, "to_dict"):  # a DataFrame
        rows = rows.to_dict("records")
    if isinstance(rows, str | Mapping) or not isinstance(rows, Iterable):
        raise InputError(f"rows must be a list of mappings, one for each point, not {shown(rows)}")
    rows = tuple(dict(check_mapping("a row", row)) for row in rows)
    check_axis([row.get(NETWORK) for row in rows], networks)
    if kind == "table" and not rows:
        raise InputError("a design of kind 'table' needs rows, a list of mappings with at least one")
    if kind != "table" and rows:
        raise InputError(f"rows do not go with kind = {kind!r}; they are the points of a 'table'")
    return rows


def _plans(given) -> dict:
    if not isinstance(given, Mapping):
        given = {"given": given} if given else {}
    for name in given:
        _check_plan_name(name)
    return {name: interventions_of(plan) for name, plan in given.items()}


def _check_plan_name(name) -> None:
    """Refuse a name that already means something."""
    if not isinstance(name, str):
        raise InputError(f"name of a plan {shown(name)} must be a text")
    taken = {NOTHING_DONE: "that nothing is done", **dict.fromkeys(CATALOGUE, "a ready-made intervention")}
    if name in taken:
        raise InputError(
            f"name of a plan {name!r} already means {taken[name]}; choose another name, such as 'my_{name}'"
        )


def _precision(design) -> dict:
    given = design.precision
    check_names("entry of precision:", check_mapping("precision", given), _PRECISION)
    if "half_width" not in given:
        raise InputError("precision needs a half_width: how far the interval of the mean may reach to either side")
    measures = MEASURES if design.model is None else outcomes_of(design.model)
    chosen = _PRECISION | ({} if design.model is None else {"measure": measures[0]}) | dict(given)
    return {
        "measure": check_choice("precision: measure", chosen["measure"], measures),
        "half_width": check_number("precision: half_width", chosen["half_width"], 1e-12),
        "level": check_number("precision: level", chosen["level"], 0.5, 0.9999),
        "most": check_count("precision: most", chosen["most"], design.replicates, MOST_REPLICATES),
    }


def _ramp(given, axes: Mapping) -> dict:
    check_names("entry of ramp:", check_mapping("ramp", given), ("parameter", "values", "hold"))
    for name in ("parameter", "values", "hold"):
        if name not in given:
            raise InputError(f"ramp needs {name}")
    name = check_choice("ramp: parameter", given["parameter"], Parameters.names())
    values = _values("ramp: values", given["values"], "grid")
    values = values if isinstance(values, tuple) else (values,)
    for value in values:
        Parameters().replace(**{name: value})
    if name in axes or "steps" in axes:
        raise InputError(f"with a ramp, {name if name in axes else 'steps'} cannot be given as well")
    return {"parameter": name, "values": values, "hold": check_count("ramp: hold", given["hold"], 1)}


def _check_kind(kind: str, axes: Mapping, design, values: Mapping) -> None:
    ranges = [name for name, value in axes.items() if isinstance(value, Mapping)]
    if kind in ("latin_hypercube", "sobol"):
        if design.count is None:
            raise InputError(f"a design of kind {kind!r} needs a count: how many points?")
        check_count("count", design.count, 1, MOST_RUNS)
    elif design.count is not None:
        raise InputError(f"count = {shown(design.count)} does not go with kind = {kind!r}")
    if kind in OF_RANGES and not ranges:
        raise InputError(_without_range(kind, design.axes))
    if kind == "refined" and len(ranges) > 3:
        raise InputError(f"a refined design has one to three ranges, not {len(ranges)}: {', '.join(ranges)}")
    if kind == "table" and any(isinstance(value, tuple | Mapping) for value in axes.values()):
        raise InputError("a design of kind 'table' has its values in rows; what stands beside them must be constant")
    check_names("base:", values["base"], names_of(design.model))
    if kind != "lines" and values["base"]:
        raise InputError(f"base does not go with kind = {kind!r}; it is where the lines of kind 'lines' meet")
    for name in ranges:
        if name in (_WORDS if design.model is None else (NETWORK,)):
            raise InputError(f"{name} cannot be a range; give a list")


def _without_range(kind: str, axes: Mapping) -> str:
    """Say what a design of ranges needs; a range with a count is a list."""
    with_count = [name for name, value in axes.items() if isinstance(value, Mapping)]
    if not with_count:
        return f"a design of kind {kind!r} needs a range, such as loyalty = {{from = 0, to = 1}}"
    name, about = with_count[0], axes[with_count[0]]
    instead = f"the count that stands beside kind = {kind!r} says how many points there are"
    if kind == "refined":
        instead = "coarse and depth say how finely it is looked at"
    return (
        f"the count of {name} makes it a list of {about['count']} values, but a design of kind {kind!r} needs a range: "
        f"{name} = {{from = {about['from']:g}, to = {about['to']:g}}}; {instead}"
    )


def _check_size(kind: str, axes: Mapping, design, values: Mapping) -> None:
    lengths = [len(value) for value in axes.values() if isinstance(value, tuple)]
    count = {"lines": 1 + sum(lengths), "table": len(values["rows"])}.get(kind, math.prod(lengths))
    count *= design.count or 1
    if kind == "refined":
        count *= (values["coarse"] + 1) ** sum(isinstance(value, Mapping) for value in axes.values())
    runs = count * values["replicates"]
    if runs > MOST_RUNS:
        raise InputError(
            f"the design has {counted(count, 'point')} in {counted(values['replicates'], 'replicate')}, which makes "
            f"{runs:,} runs; at most "
            f"{MOST_RUNS:,} fit one design. A Sobol or refined design covers as much with fewer points"
        )


def default_of(name: str, design):
    """Return the value that a name has where nobody gives one."""
    if design.model is None and name in Parameters.names():
        return getattr(design.parameters, name)
    fixed = {
        "start": "silent", "schedule": "synchronous", "steps": DEFAULT_STEPS, NULL: NO_NULL,
        NETWORK: _only(design.networks, DEFAULT_FAMILY), INTERVENTION: _only(design.interventions, NOTHING_DONE),
        f"{OF_NETWORK}n_people": DEFAULT_PEOPLE,
    }  # fmt: skip
    family = design.base.get(NETWORK, design.constants.get(NETWORK, fixed[NETWORK]))
    arguments = arguments_of(family) if family in GENERATORS else {}
    fixed = {OF_NETWORK + argument: default for argument, default in arguments.items()} | fixed
    if design.model is not None:
        of_network = {one: default for one, default in fixed.items() if one.startswith(OF_NETWORK)}
        own = {NETWORK: fixed[NETWORK]} if len(design.networks) == 1 else {}
        fixed = arguments_of_model(design.model) | of_network | own
    if fixed.get(name, inspect.Parameter.empty) is inspect.Parameter.empty:
        raise InputError(f"base needs {name}: what is it while something else is varied?")
    return fixed[name]


def _only(named: Mapping, otherwise: str) -> str:
    """Return the one name there is, as a point does that does not say which."""
    return next(iter(named)) if len(named) == 1 else otherwise
