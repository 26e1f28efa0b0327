"""Runs of published models in a sweep: what they give, and whether they can be made at all."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from typing import Any

from sim.checks import InputError
from sim.outcomes import tail_means
from sim.sweeps.classic_points import MODEL, run_of
from sim.sweeps.columns import FINAL, LAST
from sim.sweeps.points import NETWORK, Point, canonical
from sim.sweeps.run_networks import measures_of, network_of_run
from sim.sweeps.seeds import Seeds


def run_classic(configuration: Mapping, seeds: Seeds, networks: Mapping):
    """Run the model of a configuration and return its `sim.classics.outcome.Outcome`.

    Parameters
    ----------
    configuration : mapping
        Of `sim.sweeps.classic_points.classic_point`.
    seeds : Seeds
        The model takes `seed`; a network that is made for it `network_seed`.
    networks : mapping of str to Network
        Given networks by digest.
    """
    arguments = dict(configuration["arguments"])
    if NETWORK in configuration:
        arguments[NETWORK], _ = network_of_run(configuration[NETWORK], seeds.network_seed, networks)
    return run_of(configuration[MODEL])(**arguments, steps=configuration["steps"], seed=seeds.seed)


def row_of_classic(configuration: Mapping, seeds: Seeds, networks: Mapping, record: tuple = ()) -> dict[str, Any]:
    """Return what the row of a run says of it: its network, its outcomes and, if recorded, its history."""
    outcome = run_classic(configuration, seeds, networks)
    history = {name: outcome.history[name].to_numpy() for name in outcome.history}
    if outcome.network is None:
        row = {"n_people": configuration["arguments"]["n_people"], "notes": ""}
    else:
        row = dict(measures_of(outcome.network))
    row |= {FINAL + name: mean for name, mean in tail_means(history).items()}
    row |= {LAST + name: float(values[-1]) for name, values in history.items() if name != "step"}
    return row | ({f"steps.{name}": values for name, values in history.items()} if "steps" in record else {})


def check_classics(points: Iterable[Point]) -> None:
    """Refuse points at which a model refuses its values; it is asked by a run of no steps.

    Raises
    ------
    InputError
        For the first of them, saying how many there are.
    """
    points = [point for point in points if MODEL in point.configuration]
    asked = [canonical(_begun(point)) for point in points]
    found = {text: _problem(point) for text, point in dict(zip(asked, points, strict=True)).items()}
    problems = [problem for text in asked if (problem := found[text])]
    if problems:
        raise InputError(f"{problems[0]} (at {len(problems)} of {len(points)} points of the design)")


def _begun(point: Point) -> dict:
    return dict(point.configuration) | {"steps": 0}


def _problem(point: Point) -> str:
    """Return what a model has against a point, or an empty text."""
    networks = {} if point.network is None else {point.network.digest(): point.network}
    with contextlib.suppress(MemoryError):  # which belongs to the run that it costs
        try:
            run_classic(_begun(point), Seeds(0, 0, 0), networks)
        except InputError as problem:
            return str(problem)
    return ""
