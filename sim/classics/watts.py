"""Watts (2002): when does one convinced person set off a global cascade in a sparse random network?

Rules. On a random graph everybody joins, for good, once the share of neighbours who have joined reaches one common
threshold. One person, or a few, have joined at the start. All look at the same picture (the order does not change who
joins in the end, as nobody ever leaves).

Exact: people who join because of a single neighbour are vulnerable: those with at most K = floor(1 / threshold) ties.
Cascades can occur where z P(Poisson(z) <= K - 2) > 1, with mean degree z: for a threshold of .18 (K = 5) from z = 1.021
to 5.765, and for no z above a threshold of 1/4.

Departures from the paper: the random graph has a fixed number of ties, not a fixed probability of a tie; its degrees
are Poisson all the same in large networks. In finite ones small clusters meet by chance: with 10,000 people cascades
are more frequent near the upper edge than in the limit (.47 instead of .38 at z = 5.5; .42 with 100,000).

Watts, D. J. (2002), "A simple model of global cascades on random networks", *PNAS* 99(9), 5766-5771.
"""

from __future__ import annotations

import numpy as np
from scipy import optimize, stats

from sim.checks import InputError, check_count, check_number
from sim.classics.adoption import needed_of, spread
from sim.classics.outcome import Outcome, check_network, history_of, model
from sim.networks import two_groups
from sim.streams import CLASSIC_START, check_seed, permutation


@model
def run(threshold=0.18, mean_degree=4, n_people=10_000, n_first=1, network=None, steps=300, seed=1):
    """Run the model of Watts (2002).

    Parameters
    ----------
    threshold : float
        Share of neighbours who have to have joined, in [0, 1].
    mean_degree : float
        Mean number of ties.
    n_people : int
    n_first : int
        How many people, drawn at random, have joined at the start.
    network : Network, optional
        Instead of the random graph of `n_people` and `mean_degree`.
    steps : int
    seed : int
        0 to 2**64 - 1, for the network and for who is first.

    Returns
    -------
    Outcome
        Its ``history`` has ``active_share``.
    """
    threshold = check_number("threshold", threshold, 0, 1)
    steps, seed = check_count("steps", steps, 0, 1_000_000), check_seed(seed)
    if network is None:
        network = two_groups(n_people, 0.0, mean_degree=mean_degree, homophily=0, seed=seed)
    n_people = check_network(network).n_people
    n_first = check_count("n_first", n_first, 0, n_people)
    begun = np.zeros(n_people, bool)
    begun[permutation(seed, CLASSIC_START, n_people)[:n_first]] = True
    counts = spread(network, needed_of(network.degree, threshold), begun, steps)
    return Outcome(history_of(active_share=counts / n_people), network)


def reach(mean_degree: float, threshold: float) -> float:
    """Return how many vulnerable people one vulnerable person reaches in turn: z P(Poisson(z) <= K - 2)."""
    return float(mean_degree * stats.poisson.cdf(largest_vulnerable(threshold) - 2, mean_degree))


def largest_vulnerable(threshold: float) -> int:
    """Return K, the most ties with which a person joins because of a single neighbour."""
    threshold = check_number("threshold", threshold, 1e-6, 1)
    most = int(1 / threshold) + 1
    while 1 / most < threshold:
        most -= 1
    return most


def cascade_window(threshold: float) -> tuple[float, float]:
    """Return the mean degrees between which global cascades are possible.

    Raises
    ------
    InputError
        If they are possible at no mean degree.
    """
    most = largest_vulnerable(threshold)
    degrees = np.geomspace(0.5, 2 * most + 30, 20_000)
    over = degrees * stats.poisson.cdf(most - 2, degrees) > 1
    if not over.any():
        raise InputError(f"threshold = {threshold:g} allows no global cascades: it must be a number up to 0.25")
    places = np.flatnonzero(over)
    ends = (degrees[places[0] - 1 : places[0] + 1], degrees[places[-1] : places[-1] + 2])
    low, high = (optimize.brentq(lambda z: reach(z, threshold) - 1, *end) for end in ends)
    return low, high


def cascade_probability(mean_degree: float, threshold: float) -> float:
    """Return the chance that one random person sets off a global cascade in a large network.

    It is the chance to reach the giant cluster of vulnerable people: 1 - sum of p_k u^k, where u, the chance that a tie
    leads to no such cluster, is the smallest root of u = 1 - sum over k <= K of k p_k / z (1 - u^(k - 1)).
    """
    ties = np.arange(1, largest_vulnerable(threshold) + 1)
    along = ties * stats.poisson.pmf(ties, mean_degree) / mean_degree
    dead = 0.0
    for _ in range(100_000):
        dead, before = 1 - (along * (1 - dead ** (ties - 1))).sum(), dead
        if abs(dead - before) < 1e-15:
            break
    return float(1 - np.exp(mean_degree * (dead - 1)))
