"""Reading what a user asks for: a design as a mapping or a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from sim.checks import InputError, check_names, check_readable_file, nearest, shown
from sim.parameters import Parameters, preset
from sim.sweeps.checking import check_mapping
from sim.sweeps.classic_points import OWN_ARGUMENTS, check_one_model, names_in_words, names_of, refusal
from sim.sweeps.own_networks import check_file_words, networks_of
from sim.sweeps.points import NETWORK, OF_NETWORK

MOST_BYTES = 10_000_000
_SETTINGS = (
    "kind", "count", "rows", "base", "coarse", "depth", "replicates", "precision", "seed", "luck", "ramp", "networks",
    "interventions", "model",
)  # fmt: skip
_SECTIONS = (*_SETTINGS, "parameters", "axes", "preset")


def arguments_of_design(given, model: str | None = None) -> dict:
    """Return the arguments of `sim.Design` that a mapping, or the path of a TOML file, describes."""
    if isinstance(given, Mapping):
        return _arguments(_with_model(dict(given), model), Path())
    if isinstance(given, str | Path):
        path = check_readable_file(given, what="design")
        return _arguments(_with_model(_toml(path), model), path.parent)
    raise InputError(f"design must be a Design, a mapping, or the path of a TOML file, not {shown(given)}")


def _with_model(content: dict, model: str | None) -> dict:
    check_one_model(content.get("model"), model)
    return content if model is None else content | {"model": model}


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
    model = settings.get("model")
    is_spelt_out = "axes" in content  # as in a manifest: then parameters are what the points start from
    axes = dict(check_mapping("axes", content.pop("axes", {})))
    if model is not None and ("preset" in content or ("parameters" in content and not is_spelt_out)):
        raise refusal("preset" if "preset" in content else "parameters", model, OWN_ARGUMENTS)
    parameters = content.pop("parameters", {})
    base = Parameters() if "preset" not in content else preset(content.pop("preset"))
    if isinstance(parameters, Parameters):
        base = parameters
    else:
        parameters = dict(check_mapping("parameters", parameters))
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
    check_file_words(content)
    known = names_of(model)
    for name in content:
        if name not in known:
            hint = nearest(name, [*_SECTIONS, *known])
            raise InputError(
                f"{shown(name)} is neither a setting of a sweep nor anything that can be swept{hint}; settings: "
                f"{', '.join(_SETTINGS)}; swept can be {names_in_words(model)}"
            )
    if "networks" in settings:
        settings["networks"] = networks_of(settings["networks"], folder)
    return {"axes": axes | content, "parameters": base, **settings}
