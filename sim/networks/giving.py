"""Giving a network to NetworkX."""

from __future__ import annotations

import numpy as np


def to_networkx(network):
    """Return a ``networkx.Graph`` of the labels; node attribute ``group`` holds the group's name."""
    import networkx as nx

    graph = nx.Graph()
    for label, is_marginalized in zip(network.labels, network.is_marginalized.tolist(), strict=True):
        graph.add_node(label, group=network.group_names[is_marginalized])
    person = np.repeat(np.arange(network.n_people), network.degree)
    is_first = person < network.neighbours
    pairs = zip(person[is_first].tolist(), network.neighbours[is_first].tolist(), strict=True)
    graph.add_edges_from((network.labels[one], network.labels[other]) for one, other in pairs)
    return graph
