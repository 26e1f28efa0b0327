"""The networks of the page: made once by Python, with a place for everybody, as short lists of numbers."""

from __future__ import annotations

import functools

import numpy as np

from sim import networks
from sim.networks import Network
from sim.plots.places import places


def _star() -> Network:
    ties = np.array([(0, i) for i in range(1, 16)])
    return networks.from_edges(ties, np.arange(16) % 4 == 3)


# A handful of families and sizes. Names are translated in the string tables ("network.<name>").
FAMILIES = {
    "neighbourhood": lambda: networks.two_groups(
        n_people=60, marginalized_share=0.25, mean_degree=8, homophily=0.4, seed=3
    ),
    "team": lambda: networks.complete(n_people=12, marginalized_share=0.25, seed=1),
    "star": _star,
    "ring": lambda: networks.ring_lattice(n_people=30, marginalized_share=0.2, mean_degree=4, seed=2),
    "club": networks.karate_club,
    "divided": lambda: networks.two_groups(
        n_people=80, marginalized_share=0.3, mean_degree=8, homophily=0.85, seed=5
    ),
    "mixed": lambda: networks.two_groups(n_people=80, marginalized_share=0.3, mean_degree=8, homophily=0.0, seed=5),
    "hubs": lambda: networks.scale_free(n_people=100, marginalized_share=0.25, mean_degree=4, seed=4),
    "village": lambda: networks.small_world(n_people=120, marginalized_share=0.25, mean_degree=6, seed=6),
    "town": lambda: networks.two_groups(n_people=400, marginalized_share=0.2, mean_degree=8, homophily=0.5, seed=7),
}


@functools.cache
def network(name: str) -> Network:
    """Return a network of the page by name."""
    return FAMILIES[name]()


def network_json(name: str) -> dict:
    """Return a network as the page reads it: who is marginalized, ties as pairs in one list, places as x, y in one."""
    made = network(name)
    owner = np.repeat(np.arange(made.n_people), made.degree)
    pairs = np.column_stack([owner, made.neighbours])[owner < made.neighbours]
    return {
        "n_people": made.n_people,
        "marginalized": np.flatnonzero(made.is_marginalized).tolist(),
        "ties": pairs.ravel().tolist(),
        "places": places(pairs, made.n_people).ravel().tolist(),
    }
