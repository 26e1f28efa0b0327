"""Points of a sweep over a published model of `sim.classics`: its own arguments take the place of parameters."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping

from sim.checks import InputError, check_choice, check_count, nearest, shown
from sim.parameters import Parameters
from sim.run import MOST_STEPS
from sim.sweeps.columns import FINAL, LAST
from sim.sweeps.points import (
    NETWORK,
    OF_NETWORK,
    RESULT_VERSION,
    SWEPT_IN_WORDS,
    Point,
    bare,
    network_of,
    plain,
    sweepable,
)

MODEL, STEPS = "model", "steps"
# What describes the network that a model makes itself; a network that is given has its own.
OF_OWN_NETWORK = ("n_people", "side", "mean_degree", "minority_share", "homophily")
OWN_ARGUMENTS = "it has arguments of its own"


def run_of(model: str) -> Callable:
    """Return the function that runs a published model."""
    from sim import classics  # only where one is asked for: they wake SciPy

    return getattr(classics, check_choice(MODEL, model, classics.__all__)).run


def arguments_of_model(model: str) -> dict:
    """Return the arguments of a model with their defaults; seeds belong to replicates, networks have names."""
    known = inspect.signature(run_of(model)).parameters
    return {name: about.default for name, about in known.items() if name not in ("seed", NETWORK)}


def takes_network(model: str) -> bool:
    """Tell whether a model runs on any network."""
    return NETWORK in inspect.signature(run_of(model)).parameters


@functools.cache
def outcomes_of(model: str) -> list[str]:
    """Return the outcomes of a model: each of its measures over the last tenth of the run, and at the last step."""
    measures = [name for name in run_of(model)(steps=0).history if name != "step"]
    return [beginning + name for beginning in (FINAL, LAST) for name in measures]


def names_of(model: str | None) -> list[str]:
    """Return every name that a design of a model may use; None is the project's own model."""
    if model is None:
        return sweepable()
    of_network = [name for name in sweepable() if name == NETWORK or name.startswith(OF_NETWORK)]
    return [*arguments_of_model(model), *(of_network if takes_network(model) else [])]


def names_in_words(model: str | None) -> str:
    """Return what a design of a model may use, in words."""
    if model is None:
        return SWEPT_IN_WORDS
    return ", ".join([*arguments_of_model(model), *([NETWORK, f"{OF_NETWORK}..."] if takes_network(model) else [])])


def check_model(design) -> None:
    """Refuse what a design of a published model cannot have."""
    if design.model is None:
        return
    takes = takes_network(design.model)  # which also refuses a model that there is not
    absent = {
        "parameters": (design.parameters != Parameters(), OWN_ARGUMENTS),
        "interventions": (bool(design.interventions), "nothing can be done to its people"),
        "ramp": (design.ramp is not None, "its runs cannot be continued"),
        "networks": (bool(design.networks) and not takes, "it makes a network of its own"),
        "kind = 'refined'": (design.kind == "refined", "it has no regimes whose borders could be followed"),
    }
    for what, (is_given, reason) in absent.items():
        if is_given:
            raise refusal(what, design.model, reason)


def check_one_model(of_design: str | None, asked: str | None) -> None:
    """Refuse a model that is asked for beside the one that a design has."""
    if of_design is not None and asked is not None and of_design != asked:
        raise InputError(f"model = {shown(asked)} contradicts the design, which has model = {shown(of_design)}")


def refusal(what: str, model: str, reason: str) -> InputError:
    """Return the refusal of something that a published model does not have."""
    return InputError(f"model = {model!r}, a published one, takes no {what}: {reason}")


def classic_point(model: str, values: Mapping, networks: Mapping) -> Point:
    """Return the point that some values of a model's arguments describe.

    Parameters
    ----------
    model : str
    values : mapping
        By names of `names_of`; everything left out keeps the model's default.
    networks : mapping of str to Network or mapping
        Networks with a name of their own, as for `sim.sweeps.points.point_of`.

    Raises
    ------
    InputError
        For an unknown name. Values are looked at by `sim.sweeps.classic_runs.check_classics`.
    """
    known = names_of(model)
    for name in values:
        if name not in known:
            hint = nearest(name, known) or f"; allowed: {names_in_words(model)}"
            raise InputError(f"{shown(name)} is no argument of {model}{hint}")
    values = {name: plain(name, value) for name, value in values.items()}
    arguments = arguments_of_model(model) | {name: v for name, v in values.items() if not _is_of_network(name)}
    configuration = {
        "result_version": RESULT_VERSION,
        MODEL: model,
        STEPS: check_count(STEPS, arguments.pop(STEPS), 0, MOST_STEPS),
    }
    network = None
    if len(networks) == 1 or any(map(_is_of_network, values)):
        network, configuration[NETWORK] = network_of(values, networks)
        arguments = _on_network(arguments, values)
    configuration["arguments"] = {name: _same(value) for name, value in arguments.items()}
    return Point({MODEL: model} | values, configuration, None if network is None else bare(network))


def _is_of_network(name: str) -> bool:
    return name == NETWORK or name.startswith(OF_NETWORK)


def _on_network(arguments: Mapping, values: Mapping) -> dict:
    """Return arguments without those of the network that the model would make; refuse them where they are named."""
    for name in OF_OWN_NETWORK:
        if name in values:
            raise InputError(
                f"{name} does not go with a network, which has its own; it belongs to the network that the model makes"
            )
    return {name: value for name, value in arguments.items() if name not in OF_OWN_NETWORK}


def _same(value):
    """Return a number in the one form that equal numbers have: 1 and 1.0 are the same run."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
