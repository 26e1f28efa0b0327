"""Whom a picture of a network shows: everybody, or, in a large one, some people who are near each other."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import numpy as np

from sim.checks import check_count
from sim.plots.places import places

MOST_DRAWN = 150  # more cannot be told apart on a screen
MOST_PLACED = 400  # finding places takes time and memory with the square of the people


class Crowd(NamedTuple):
    """The people in a picture and where they stand.

    Attributes
    ----------
    people : int array
        Their numbers in the network, ascending.
    pairs : int array, shape (n_ties, 2)
        The ties between them, as places in `people`.
    xy : int array, shape (len(people), 2)
    is_marginalized : bool array
    labels : list of str
    sizes : tuple of int
        People of the advantaged and the marginalized group in the whole network.
    told : str
        Who is left out, in a sentence; empty if nobody is.
    """

    people: np.ndarray
    pairs: np.ndarray
    xy: np.ndarray
    is_marginalized: np.ndarray
    labels: list[str]
    sizes: tuple[int, int]
    told: str


def crowd_of(network, *, around=None, most: int = MOST_DRAWN) -> Crowd:
    """Return whom to draw of a network.

    Parameters
    ----------
    network : Network
    around : label, optional
        Person at the centre, where not everybody is drawn; by default somebody with a middling number of ties.
    most : int
        People drawn, from 1 to 400.
    """
    most = check_count("most", most, 1, MOST_PLACED)
    centre = _middling(network) if around is None else network.index_of(around)
    chosen = np.arange(network.n_people) if network.n_people <= most else _nearest(network, centre, most)
    pairs = _ties_between(network, chosen)
    told = ""
    if len(chosen) < network.n_people:
        others = "" if most == 1 else " and the people fewest ties away, with the ties between them"
        told = (f"Shown {'is' if most == 1 else 'are'} {most} of {network.n_people:,} people: "
                f"person {network.labels[centre]}{others}.")  # fmt: skip
    return Crowd(
        people=chosen,
        pairs=pairs,
        xy=places(pairs, len(chosen)),
        is_marginalized=network.is_marginalized[chosen],
        labels=[str(network.labels[i]) for i in chosen],
        sizes=(network.n_advantaged, network.n_marginalized),
        told=told,
    )


def _middling(network) -> int:
    return int(np.argsort(network.degree, kind="stable")[network.n_people // 2])


def _nearest(network, centre: int, most: int) -> np.ndarray:
    """Return the first `most` people met on walking outwards from one; then others by number."""
    met, waiting = {centre: None}, deque([centre])
    while waiting and len(met) < most:
        for other in network.neighbours_of(waiting.popleft()).tolist():
            if other not in met:
                met[other] = None
                waiting.append(other)
    others = (i for i in range(network.n_people) if i not in met)
    while len(met) < most:
        met[next(others)] = None
    return np.array(sorted(list(met)[:most]))


def _ties_between(network, chosen: np.ndarray) -> np.ndarray:
    place = np.full(network.n_people, -1)
    place[chosen] = np.arange(len(chosen))
    pairs = [(i, j) for i, one in enumerate(chosen) for j in place[network.neighbours_of(int(one))].tolist() if j > i]
    return np.array(pairs, dtype=int).reshape(-1, 2)
