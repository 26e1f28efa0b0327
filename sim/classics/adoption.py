"""Spread that is never taken back: people join when enough of their neighbours have joined."""

from __future__ import annotations

import numpy as np

from sim.compiled import compiled
from sim.networks.network import Network
from sim.streams import CLASSIC_ACT, key, uniform


def spread(network: Network, needed: np.ndarray, begun: np.ndarray, steps: int, *, noise=0.0, seed=0) -> np.ndarray:
    """Return how many people have joined before the first step and after each; all look at the same picture.

    Parameters
    ----------
    network : Network
    needed : array of int, shape (n_people,)
        How many neighbours have to have joined before a person does.
    begun : array of bool, shape (n_people,)
        Who has joined at the start.
    steps : int
    noise : float
        Probability per step that a person joins with too few such neighbours, but at least one.
    seed : int
        Matters only with `noise`.
    """
    return _spread(network.offsets, network.neighbours, needed, begun.copy(), steps, noise, *key(seed))


def needed_of(degree: np.ndarray, threshold) -> np.ndarray:
    """Return the fewest neighbours that make up a share of at least `threshold`; one more than all where none do.

    Counted, not rounded: a share is a ratio of whole numbers compared with the threshold as it was typed.
    """
    threshold = np.broadcast_to(threshold, degree.shape)
    ties = np.maximum(degree, 1)
    needed = np.clip(np.ceil(threshold * ties), 0, degree + 1).astype(np.int64)
    needed -= (needed > 0) & ((needed - 1) / ties >= threshold)
    return needed + ((needed <= degree) & (needed / ties < threshold))


@compiled
def _spread(offsets, neighbours, needed, has_joined, steps, noise, k0, k1):
    n_people = has_joined.size
    counts = np.empty(steps + 1, np.int64)
    around = np.zeros(n_people, np.int64)  # neighbours who have joined
    joining = np.flatnonzero(has_joined)
    counts[0] = joining.size
    for step in range(1, steps + 1):
        for person in joining:
            for place in range(offsets[person], offsets[person + 1]):
                around[neighbours[place]] += 1
        n_joining, is_open = 0, False
        fresh = np.empty(n_people - counts[step - 1], np.int64)
        for person in range(n_people):
            if has_joined[person]:
                continue
            joins = around[person] >= needed[person]
            if not joins and noise > 0.0 and around[person] > 0:
                is_open = True  # may still join by chance
                joins = uniform(person, step, CLASSIC_ACT, k0, k1) < noise
            if joins:
                has_joined[person] = True
                fresh[n_joining] = person
                n_joining += 1
        joining = fresh[:n_joining]
        counts[step] = counts[step - 1] + n_joining
        if n_joining == 0 and not is_open:
            counts[step:] = counts[step]
            break
    return counts
