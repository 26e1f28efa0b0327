"""Where people stand in a picture of their network."""

from __future__ import annotations

import numpy as np

WIDTH, HEIGHT, MARGIN = 1000, 700, 40


def places(pairs: np.ndarray, n_people: int) -> np.ndarray:
    """Return where everybody stands on a stage of 1000 x 700: tied people close together, nobody on top of another.

    Parameters
    ----------
    pairs : int array, shape (n_ties, 2)
    n_people : int
        At most a few hundred: each is compared with each.

    Returns
    -------
    int array, shape (n_people, 2)
        The same for the same ties.
    """
    import networkx as nx

    graph = nx.empty_graph(n_people)
    graph.add_edges_from(pairs.tolist())
    degree = np.bincount(pairs.ravel(), minlength=n_people)
    circle = nx.circular_layout(graph)
    if n_people <= 16 or len(set(degree.tolist())) == 1:
        xy = np.array([circle[i] for i in range(n_people)])
        hub = np.flatnonzero(degree == n_people - 1)
        if hub.size == 1:
            xy[hub[0]] = 0.0
    else:
        spring = nx.spring_layout(graph, seed=1, iterations=200, k=2.2 / np.sqrt(n_people))
        xy = np.array([spring[i] for i in range(n_people)])
    low, high = xy.min(axis=0), xy.max(axis=0)
    span = high - low
    xy = np.where(span > 0, (xy - low) / np.maximum(span, 1e-9), 0.5)
    xy = xy * (WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN) + MARGIN
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
