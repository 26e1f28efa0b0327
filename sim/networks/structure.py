"""Numbers that describe a network: homophily, clustering, components."""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import compiled
from sim.streams import RESAMPLE, key, uniform

_EXACT_BELOW = 20_000_000  # sum of squared degrees up to which every pair of ties is looked at
_SAMPLED_PAIRS = 200_000


def homophily(offsets: np.ndarray, neighbours: np.ndarray, is_marginalized: np.ndarray) -> float:
    """Return the assortativity of ties by group, in [-1, 1].

    1 when all ties stay within the groups, 0 when ties ignore the groups. NaN when ties reach only one group
    (or there are none), because the question then has no answer.

    References
    ----------
    Newman (2003), "Mixing patterns in networks", Physical Review E 67, 026126, equation 2.
    """
    n_ends = neighbours.size
    if n_ends == 0:
        return math.nan
    degree = np.diff(offsets)
    own = np.repeat(is_marginalized, degree)
    share = np.count_nonzero(own) / n_ends
    if share in (0.0, 1.0):
        return math.nan
    within = np.count_nonzero(own == is_marginalized[neighbours]) / n_ends
    by_chance = share**2 + (1 - share) ** 2
    return float((within - by_chance) / (1 - by_chance))


def clustering(offsets: np.ndarray, neighbours: np.ndarray) -> float:
    """Return the mean over people of the share of pairs of their neighbours who are tied to each other.

    People with fewer than two ties count as 0. Exact in small networks (sum of squared degrees up to 20
    million); in larger ones an estimate from 200,000 pairs drawn at fixed places of the random streams, with
    a standard error below 0.0012.

    References
    ----------
    Watts & Strogatz (1998), "Collective dynamics of 'small-world' networks", Nature 393, 440-442.
    """
    degree = np.diff(offsets)
    eligible = np.flatnonzero(degree >= 2)
    if eligible.size == 0:
        return 0.0
    if float(np.square(degree, dtype=np.float64).sum()) <= _EXACT_BELOW:
        mean = _closed_share(offsets, neighbours, eligible)
    else:
        mean = _closed_share_sampled(offsets, neighbours, eligible, _SAMPLED_PAIRS, *key(0))
    return mean * eligible.size / degree.size


def component_sizes(offsets: np.ndarray, neighbours: np.ndarray) -> np.ndarray:
    """Return the number of people in each connected component, in the order of their first members."""
    return _component_sizes(offsets, neighbours)


@compiled
def _tied(offsets, neighbours, one, other):
    low, high = offsets[one], offsets[one + 1]
    while low < high:
        middle = (low + high) // 2
        if neighbours[middle] < other:
            low = middle + 1
        else:
            high = middle
    return low < offsets[one + 1] and neighbours[low] == other


@compiled
def _closed_share(offsets, neighbours, people):
    total = 0.0
    for person in people:
        start, end = offsets[person], offsets[person + 1]
        closed = 0
        for first in range(start, end):
            for second in range(first + 1, end):
                if _tied(offsets, neighbours, np.int64(neighbours[first]), neighbours[second]):
                    closed += 1
        n_ties = end - start
        total += 2.0 * closed / (n_ties * (n_ties - 1))
    return total / people.size


@compiled
def _closed_share_sampled(offsets, neighbours, people, n_pairs, k0, k1):
    closed = 0
    for pair in range(n_pairs):
        person = people[int(uniform(pair, 0, RESAMPLE, k0, k1) * people.size)]
        start = offsets[person]
        n_ties = offsets[person + 1] - start
        first = int(uniform(pair, 1, RESAMPLE, k0, k1) * n_ties)
        second = int(uniform(pair, 2, RESAMPLE, k0, k1) * (n_ties - 1))
        if second >= first:
            second += 1
        if _tied(offsets, neighbours, np.int64(neighbours[start + first]), neighbours[start + second]):
            closed += 1
    return closed / n_pairs


@compiled
def _component_sizes(offsets, neighbours):
    n_people = offsets.size - 1
    is_seen = np.zeros(n_people, np.bool_)
    queue = np.empty(n_people, np.int64)
    sizes = np.empty(n_people, np.int64)
    n_components = 0
    for person in range(n_people):
        if is_seen[person]:
            continue
        is_seen[person] = True
        queue[0] = person
        head, tail = 0, 1
        while head < tail:
            current = queue[head]
            head += 1
            for place in range(offsets[current], offsets[current + 1]):
                other = np.int64(neighbours[place])
                if not is_seen[other]:
                    is_seen[other] = True
                    queue[tail] = other
                    tail += 1
        sizes[n_components] = tail
        n_components += 1
    return sizes[:n_components].copy()
