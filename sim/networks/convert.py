"""Networks from NetworkX graphs."""

from __future__ import annotations

import math
import numbers

import numpy as np

from sim.checks import InputError, is_flag, nearest, shown
from sim.networks.compact import MOST_PEOPLE
from sim.networks.groups import MISSING
from sim.networks.network import Network
from sim.networks.reading import Reading, assemble

_NOT_WEIGHTS = ("id", "key")


def from_networkx(
    graph, *, group, marginalized, directed="any", weight=None, min_weight=None, allow_one_group=False
) -> Network:
    """Make a network from a NetworkX graph whose nodes say which group they belong to.

    People keep the order of the graph's nodes. Whatever has to be changed to get simple undirected ties is
    changed by a fixed rule, announced by a `NetworkWarning` and kept in `Network.notes`.

    Parameters
    ----------
    graph : networkx.Graph, DiGraph, MultiGraph or MultiDiGraph
        At least one node.
    group : str
        The node attribute that holds the group; every node must have it.
    marginalized : value, or collection of values
        The value(s) of `group` that mean "marginalized"; all others are the advantaged group. Text stands for
        a number or truth value that prints the same, if no value is that text.
    directed : {"any", "mutual"}
        For directed graphs: is one nomination enough for a tie, or must it be returned?
    weight : str, optional
        Tie attribute to use with `min_weight`; every tie must have it, as a finite number.
    min_weight : float, optional
        Ties (in directed graphs: nominations) below this weight are dropped first.
    allow_one_group : bool
        Accept that everybody has the marginalized value. With ``marginalized=()`` nobody is marginalized.

    Returns
    -------
    Network

    Raises
    ------
    InputError
        If `graph` is no graph or empty; if the attribute, the value or one of the groups is missing; if a
        weight is missing or not a finite number.

    Warns
    -----
    NetworkWarning
        Directions removed; weights ignored, or weak ties dropped; parallel ties merged; ties of a person with
        themselves dropped; people without ties and separate components kept.
    """
    import networkx as nx

    if not isinstance(graph, nx.Graph):
        raise InputError(f"graph must be a NetworkX graph, not {shown(graph)}")
    reading = Reading(group, marginalized, directed, weight, min_weight, allow_one_group)
    name = {"name": graph.name} if isinstance(graph.name, str) and graph.name else {}
    return convert(graph, reading, {"family": "networkx", **name})


def convert(graph, reading: Reading, source: dict) -> Network:
    """Make a network from a NetworkX graph by the given rules."""
    labels = tuple(graph)
    if not 1 <= len(labels) <= MOST_PEOPLE:
        raise InputError(f"graph must have from 1 to {MOST_PEOPLE} people, not {len(labels)}")
    values = _group_values(graph, reading.group)
    weights = None if reading.weight is None else _weights(graph, reading.weight)
    notes = _ignored_weights(graph) if weights is None else []
    if reading.directed == "mutual" and not graph.is_directed():
        notes.append("the ties have no direction, so directed = 'mutual' changes nothing")
    is_directed = graph.is_directed()
    ends = _ends(graph, labels)
    about = {"is_directed": is_directed, "source": source, "notes": notes}
    return assemble(reading, values, labels, *ends, weights, **about)


def _group_values(graph, group) -> list:
    values = [data.get(group, MISSING) for _, data in graph.nodes(data=True)]
    if all(value is MISSING for value in values):
        known = sorted({str(name) for _, data in graph.nodes(data=True) for name in data})
        raise InputError(
            f"group = {shown(group)} is an attribute of nobody{nearest(group, known)}; attributes present: "
            f"{', '.join(known) or 'none'}"
        )
    return values


def _ends(graph, labels) -> tuple[np.ndarray, np.ndarray]:
    number = {label: at for at, label in enumerate(labels)}
    ends = (number[label] for pair in graph.edges() for label in pair)
    pairs = np.fromiter(ends, np.int64, 2 * graph.number_of_edges()).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _weights(graph, weight) -> np.ndarray:
    weights = np.empty(graph.number_of_edges())
    for at, (one, other, value) in enumerate(graph.edges(data=weight, default=MISSING)):
        if value is MISSING:
            known = sorted({str(name) for *_, data in graph.edges(data=True) for name in data})
            raise InputError(
                f"weight = {weight!r} is missing on the tie between {shown(one)} and {shown(other)}"
                f"{nearest(weight, known)}; every tie must have it (attributes present: "
                f"{', '.join(known) or 'none'})"
            )
        if is_flag(value) or not isinstance(value, numbers.Real) or not math.isfinite(value):
            raise InputError(
                f"weight = {weight!r} is {shown(value)} on the tie between {shown(one)} and {shown(other)}; "
                "it must be a finite number"
            )
        weights[at] = value
    return weights


def _ignored_weights(graph) -> list[str]:
    numeric = {}
    for *_, data in graph.edges(data=True):
        for name, value in data.items():
            if isinstance(value, numbers.Real) and not is_flag(value) and value != 1:
                numeric[str(name)] = None
    return [
        f"tie attribute {name!r} is ignored: every tie counts the same (weight and min_weight can drop weak "
        "ties)"
        for name in numeric
        if name not in _NOT_WEIGHTS
    ]
