"""The networks of the page: made once by Python, with a place for everybody, as short lists of numbers."""

from __future__ import annotations

import functools

import numpy as np

from sim import networks
from sim.networks import Network

WIDTH, HEIGHT, MARGIN = 1000, 700, 40


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
        "places": places(made, pairs).ravel().tolist(),
    }


def places(made: Network, pairs: np.ndarray) -> np.ndarray:
    """Return where everybody stands on a stage of 1000 x 700: tied people close together, nobody on top of another."""
    import networkx as nx

    graph = nx.empty_graph(made.n_people)
    graph.add_edges_from(pairs.tolist())
    circle = nx.circular_layout(graph)
    if made.n_people <= 16 or len(set(made.degree.tolist())) == 1:
        xy = np.array([circle[i] for i in range(made.n_people)])
        xy = xy * 0.0 if made.n_people == 1 else xy
        hub = np.flatnonzero(made.degree == made.n_people - 1)
        if hub.size == 1:
            xy[hub[0]] = 0.0
    else:
        spring = nx.spring_layout(graph, seed=1, iterations=200, k=2.2 / np.sqrt(made.n_people))
        xy = np.array([spring[i] for i in range(made.n_people)])
    low, high = xy.min(axis=0), xy.max(axis=0)
    xy = (xy - low) / np.maximum(high - low, 1e-9) * (WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN) + MARGIN
    return np.rint(_apart(xy)).astype(int)


def _apart(xy: np.ndarray) -> np.ndarray:
    """Push people apart who stand too close to be told from one another."""
    room = 0.72 * np.sqrt(WIDTH * HEIGHT / len(xy)) * 0.9
    for _ in range(60):
        gap = xy[:, None] - xy[None]
        distance = np.hypot(*np.moveaxis(gap, 2, 0))
        np.fill_diagonal(distance, np.inf)
        push = np.clip(room - distance, 0, None) / np.maximum(distance, 1e-6) * 0.25
        xy = np.clip(xy + (gap * push[:, :, None]).sum(axis=1), MARGIN, (WIDTH - MARGIN, HEIGHT - MARGIN))
    return xy
