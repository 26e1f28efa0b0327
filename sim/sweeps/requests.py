"""Reading what a user asks for: a design as a mapping or a TOML file, checked before the first run."""

from __future__ import annotations

import math
import numbers
import tomllib
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path

from sim.checks import (
    InputError,
    check_choice,
    check_count,
    check_names,
    check_number,
    check_readable_file,
    is_flag,
    nearest,
    shown,
)  # fmt: skip
from sim.interventions import CATALOGUE, interventions_of
from sim.networks import GENERATORS, Network, NetworkWarning, load
from sim.parameters import Parameters, preset
from sim.streams import check_seed
from sim.sweeps import design as designs
from sim.sweeps.points import (
    DEFAULT_FAMILY,
    DEFAULT_PEOPLE,
    DEFAULT_STEPS,
    NETWORK,
    NOTHING_DONE,
    OF_NETWORK,
    arguments_of,
    canonical,
    sweepable,
)

MOST_BYTES = 10_000_000
MOST_NETWORKS_TRIED, MOST_PEOPLE_TRIED = 20, 20_000
MOST_VALUES = 100_000  # along one axis
_RANGE = ("from", "to", "count")
_SETTINGS = (
    "kind", "count", "rows", "base", "coarse", "depth", "replicates", "precision", "seed", "luck", "ramp", "networks",
    "interventions",
)  # fmt: skip
_SECTIONS = (*_SETTINGS, "parameters", "axes", "preset")
_PRECISION = {"measure": "ally_share", "half_width": None, "level": 0.95, "most": 1000}


def design_of(given):
    """Return the design that a `Design`, a mapping, or the path of a TOML file describes."""
    if isinstance(given, designs.Design):
        return given
    if isinstance(given, Mapping):
        return designs.Design(**_arguments(dict(given), Path()))
    if isinstance(given, str | Path):
        path = check_readable_file(given, what="design")
        return designs.Design(**_arguments(_toml(path), path.parent))
    raise InputError(f"design must be a Design, a mapping, or the path of a TOML file, not {shown(given)}")


def _toml(path: Path) -> dict:
    if path.stat().st_size > MOST_BYTES:
        raise InputError(f"design '{path}' is too long: there must be at most {MOST_BYTES} bytes")
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputError(f"design '{path}' is not UTF-8 text") from None
    except (ValueError, RecursionError) as problem:
        raise InputError(f"design '{path}' is not valid TOML: {problem}") from None


def _arguments(content: dict, folder: Path) -> dict:
    """Return the arguments of `Design`: what is not a setting of a sweep is an axis or a constant."""
    settings = {name: content.pop(name) for name in _SETTINGS if name in content}
    is_spelt_out = "axes" in content  # as in a manifest: then parameters are what the points start from
    axes = dict(_mapping("axes", content.pop("axes", {})))
    parameters = content.pop("parameters", {})
    base = Parameters() if "preset" not in content else preset(content.pop("preset"))
    if isinstance(parameters, Parameters):
        base = parameters
    else:
        parameters = dict(_mapping("parameters", parameters))
        base = preset(parameters.pop("preset")) if "preset" in parameters else base
        check_names("parameter", parameters, Parameters.names())
        if is_spelt_out:
            base = base.replace(**parameters)
        else:
            axes |= parameters
    network = content.pop(NETWORK, None)
    if isinstance(network, Mapping):
        axes |= {NETWORK if name == "family" else OF_NETWORK + str(name): value for name, value in network.items()}
    elif network is not None:
        axes[NETWORK] = network
    for name in content:
        if name not in sweepable():
            hint = nearest(name, [*_SECTIONS, *sweepable()])
            raise InputError(
                f"{shown(name)} is neither a setting of a sweep nor anything that can be swept{hint}; settings: "
                f"{', '.join(_SETTINGS)}; swept can be parameters, start, schedule, steps, network and network_..."
            )
    if "networks" in settings:
        named = _mapping("networks", settings["networks"])
        settings["networks"] = {str(name): _network(str(name), about, folder) for name, about in named.items()}
    return {"axes": axes | content, "parameters": base, **settings}


def _network(name: str, about, folder: Path):
    if isinstance(about, Mapping) and "file" in about:
        for needed in ("group", "marginalized"):
            if needed not in about:
                raise InputError(
                    f"networks.{name} needs group and marginalized: which attribute says who is in which group, and "
                    "which value of it means marginalized?"
                )
        rules = {key: folder / value if key == "nodes" else value for key, value in about.items() if key != "file"}
        try:
            return load(folder / str(about["file"]), **rules)
        except TypeError as problem:
            raise InputError(f"networks.{name}: {problem}; see sim.networks.load") from None
    return about


def _mapping(name: str, value) -> Mapping:
    if not isinstance(value, Mapping):
        raise InputError(f"{name} must be a mapping of names to values, not {shown(value)}")
    return value


def checked(design) -> dict:
    """Return the checked attributes of a design."""
    kind = check_choice("kind", design.kind, designs.KINDS)
    if not isinstance(design.parameters, Parameters):
        raise InputError(f"parameters must be a Parameters object, not {shown(design.parameters)}")
    axes = {name: _values(name, value, kind) for name, value in _mapping("axes", design.axes).items()}
    values = {
        "kind": kind,
        "axes": axes,
        "rows": _rows(design.rows, kind),
        "base": dict(_mapping("base", design.base)),
        "networks": _networks(design.networks),
        "interventions": _plans(design.interventions),
        "replicates": check_count("replicates", design.replicates, 1, designs.MOST_REPLICATES),
        "seed": check_seed(design.seed),
        "luck": check_choice("luck", design.luck, ("common", "independent")),
        "coarse": check_count("coarse", design.coarse, 1, 1000),
        "depth": check_count("depth", design.depth, 0, 12),
        "precision": None if design.precision is None else _precision(design.precision, design.replicates),
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
    whole = name in ("steps", "network_n_people")
    bound = check_count if whole else check_number
    low, high = bound(f"{name}: from", about["from"]), bound(f"{name}: to", about["to"])
    if not low < high:
        raise InputError(f"{name}: from = {low:g} must be below to = {high:g}")
    if "count" in about:
        count = check_count(f"{name}: count", about["count"], 2, MOST_VALUES)
        return tuple(designs._between(low, high, i / (count - 1), name) for i in range(count))
    if kind in ("grid", "lines", "table"):
        raise InputError(
            f"the range of {name} needs a 'count' where kind = {kind!r}: how many values from {low:g} to {high:g}?"
        )
    return {"from": low, "to": high}


def _rows(rows, kind: str) -> tuple:
    if hasattr(rows, "to_dict"):  # a DataFrame
        rows = rows.to_dict("records")
    if isinstance(rows, str | Mapping) or not isinstance(rows, Iterable):
        raise InputError(f"rows must be a list of mappings, one for each point, not {shown(rows)}")
    rows = tuple(dict(_mapping("a row", row)) for row in rows)
    if kind == "table" and not rows:
        raise InputError("a design of kind 'table' needs rows, a list of mappings with at least one")
    if kind != "table" and rows:
        raise InputError(f"rows do not go with kind = {kind!r}; they are the points of a 'table'")
    return rows


def _networks(networks) -> dict:
    known = [*GENERATORS]
    for name, network in _mapping("networks", networks).items():
        if not isinstance(name, str) or name in known:
            raise InputError(f"name of a network {shown(name)} must be a text, and not that of a generator")
        if not isinstance(network, Network | Mapping):
            raise InputError(f"networks: {name} must be a Network, or a mapping with family and arguments")
        if isinstance(network, Mapping) and "digest" not in network:
            family = check_choice(f"networks.{name}: family", network.get("family", DEFAULT_FAMILY), GENERATORS)
            check_names(f"networks.{name}:", network, ["family", *arguments_of(family)])
    return dict(networks)


def _plans(given) -> dict:
    if not isinstance(given, Mapping):
        given = {"given": given} if given else {}
    for name in given:
        if not isinstance(name, str) or name in CATALOGUE or name == NOTHING_DONE:
            raise InputError(f"name of a plan {shown(name)} must be a text, not {NOTHING_DONE!r} nor a ready-made one")
    return {name: interventions_of(plan) for name, plan in given.items()}


def _precision(given, replicates) -> dict:
    from sim.sweeps.columns import MEASURES

    check_names("entry of precision:", _mapping("precision", given), _PRECISION)
    if "half_width" not in given:
        raise InputError("precision needs a half_width: how far the interval of the mean may reach to either side")
    chosen = _PRECISION | dict(given)
    return {
        "measure": check_choice("precision: measure", chosen["measure"], MEASURES),
        "half_width": check_number("precision: half_width", chosen["half_width"], 1e-12),
        "level": check_number("precision: level", chosen["level"], 0.5, 0.9999),
        "most": check_count("precision: most", chosen["most"], replicates, designs.MOST_REPLICATES),
    }


def _ramp(given, axes: Mapping) -> dict:
    check_names("entry of ramp:", _mapping("ramp", given), ("parameter", "values", "hold"))
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
        check_count("count", design.count, 1, designs.MOST_RUNS)
    elif design.count is not None:
        raise InputError(f"count = {shown(design.count)} does not go with kind = {kind!r}")
    if kind in ("latin_hypercube", "sobol", "refined") and not ranges:
        raise InputError(f"a design of kind {kind!r} needs a range, such as loyalty = {{from = 0, to = 1}}")
    if kind == "refined" and len(ranges) > 3:
        raise InputError(f"a refined design has one to three ranges, not {len(ranges)}: {', '.join(ranges)}")
    if kind == "table" and any(isinstance(value, tuple | Mapping) for value in axes.values()):
        raise InputError("a design of kind 'table' has its values in rows; what stands beside them must be constant")
    check_names("base:", values["base"], sweepable())
    if kind != "lines" and values["base"]:
        raise InputError(f"base does not go with kind = {kind!r}; it is where the lines of kind 'lines' meet")
    for name in ranges:
        if name in ("start", "schedule", NETWORK):
            raise InputError(f"{name} cannot be a range; give a list")


def _check_size(kind: str, axes: Mapping, design, values: Mapping) -> None:
    lengths = [len(value) for value in axes.values() if isinstance(value, tuple)]
    count = {"lines": 1 + sum(lengths), "table": len(values["rows"])}.get(kind, math.prod(lengths))
    count *= design.count or 1
    if kind == "refined":
        count *= (values["coarse"] + 1) ** sum(isinstance(value, Mapping) for value in axes.values())
    runs = count * values["replicates"]
    if runs > designs.MOST_RUNS:
        raise InputError(
            f"the design has {count} points in {values['replicates']} replicates, which makes {runs} runs; at most "
            f"{designs.MOST_RUNS} fit one design. A Sobol or refined design covers as much with fewer points"
        )


def check_networks(points) -> None:
    """Refuse a design none of whose networks can be made; where only some cannot, their runs will fail and say so."""
    distinct = {canonical(point.configuration["network"]): point for point in points if point.network is None}
    if len(distinct) < len({canonical(point.configuration["network"]) for point in points}):
        return  # there are given networks as well
    problems = []
    for point in list(distinct.values())[:MOST_NETWORKS_TRIED]:
        about = dict(point.configuration["network"])
        if about["n_people"] > MOST_PEOPLE_TRIED:
            return
        family = GENERATORS[about.pop("family")]
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", NetworkWarning)
                family(**about, seed=0)
        except InputError as problem:
            problems.append(problem)
        else:
            return
    if problems:
        raise problems[0]


def default_of(name: str, design):
    """Return the value that a name has where nobody gives one."""
    if name in Parameters.names():
        return getattr(design.parameters, name)
    fixed = {"start": "silent", "schedule": "synchronous", "steps": DEFAULT_STEPS, NETWORK: DEFAULT_FAMILY,
             f"{OF_NETWORK}n_people": DEFAULT_PEOPLE}  # fmt: skip
    if name in fixed:
        return fixed[name]
    import inspect

    family = GENERATORS[design.axes.get(NETWORK, DEFAULT_FAMILY)]
    return inspect.signature(family).parameters[name.removeprefix(OF_NETWORK)].default
