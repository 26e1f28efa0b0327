"""Networks in which everybody has the same number of ties, and nothing else is ordered."""

from __future__ import annotations

import numpy as np

from sim.checks import InputError
from sim.compiled import compiled
from sim.networks.asked import check_people, check_whole_degree, choose_groups, generated
from sim.networks.compact import tie_codes
from sim.networks.drawing import add, discard, has, n_pairs, new_set, pair_of
from sim.networks.network import Network
from sim.streams import REWIRE, TIES, key, uniform

_MOST_ATTEMPTS = 10_000


def random_regular(n_people, marginalized_share=0.2, *, mean_degree=10, seed) -> Network:
    """Make a random network in which everybody has exactly `mean_degree` ties.

    Everybody gets that many tie ends, the ends are paired at random, and pairs that cannot be ties (a person
    with themselves, two people twice) swap ends with randomly chosen other pairs. With more than half of all
    possible ties, the ties that are left out are drawn in this way instead. Not all regular networks are
    exactly equally likely, but nearly so in large sparse ones.

    Parameters
    ----------
    n_people : int
        1 to 100,000,000.
    marginalized_share : float
        Share of people in the marginalized group, in [0, 1].
    mean_degree : int
        Below `n_people`; ``n_people * mean_degree`` must be even.
    seed : int
        0 to 2**64 - 1.

    Returns
    -------
    Network

    Raises
    ------
    InputError
        If a value is out of range, or people and ties do not add up.

    References
    ----------
    Bollobas (1980), European Journal of Combinatorics 1, 311-316, for the pairing; Maslov & Sneppen (2002),
    Science 296, 910-913, for swapping ends.
    """
    n_people, share, seed = check_people(n_people, marginalized_share, seed)
    mean_degree = check_whole_degree(mean_degree, n_people)
    if n_people * mean_degree % 2:
        raise InputError(
            f"mean_degree = {mean_degree} is not possible with n_people = {n_people}: every tie has two "
            "ends, so n_people * mean_degree must be even"
        )
    left_out = n_people - 1 - mean_degree
    if left_out < mean_degree:
        codes = np.setdiff1d(_all_codes(n_people), _regular(n_people, left_out, seed), assume_unique=True)
    else:
        codes = _regular(n_people, mean_degree, seed)
    return generated(
        "random_regular", codes, choose_groups(n_people, share, seed),
        marginalized_share=share, mean_degree=mean_degree, seed=seed,
    )


def _all_codes(n_people: int) -> np.ndarray:
    high, low = pair_of(np.arange(n_pairs(n_people)))
    return tie_codes(high, low, n_people).astype(np.int64)


def _regular(n_people: int, degree: int, seed: int) -> np.ndarray:
    for attempt in range(_MOST_ATTEMPTS):  # the first one is enough but in the smallest networks
        ends = _paired(n_people, degree, attempt, *key(seed))
        if _repair(ends, new_set(n_people * degree), n_people, attempt, *key(seed)):
            return tie_codes(ends[0::2], ends[1::2], n_people).astype(np.int64)
    raise RuntimeError(f"no {degree}-regular network of {n_people} people found")  # pragma: no cover


@compiled
def _paired(n_people, degree, attempt, k0, k1):
    """Return all tie ends in random order; two in a row make a pair."""
    ends = np.repeat(np.arange(n_people), degree)
    for last in range(ends.size - 1, 0, -1):
        at = int(uniform(last, attempt, TIES, k0, k1) * (last + 1))
        ends[last], ends[at] = ends[at], ends[last]
    return ends


@compiled
def _repair(ends, ties, n_people, attempt, k0, k1):
    """Swap ends until all pairs are ties; tell whether that was possible."""
    n_ties = ends.size // 2
    is_tie = np.zeros(n_ties, np.bool_)
    for tie in range(n_ties):
        one, other = ends[2 * tie], ends[2 * tie + 1]
        is_tie[tie] = one != other and add(ties, min(one, other) * n_people + max(one, other))
    draw = 0
    for tie in range(n_ties):
        last_draw = draw + 100 + 100 * n_ties
        while not is_tie[tie]:
            if draw == last_draw:
                return False
            place = int(uniform(draw, attempt, REWIRE, k0, k1) * 2 * n_ties)
            draw += 1
            swap, side = place // 2, place % 2
            a, b, c, d = ends[2 * tie], ends[2 * tie + 1], ends[2 * swap + side], ends[2 * swap + 1 - side]
            first, second = min(a, c) * n_people + max(a, c), min(b, d) * n_people + max(b, d)
            if swap == tie or a == c or b == d or first == second or has(ties, first) or has(ties, second):
                continue
            if is_tie[swap]:
                discard(ties, min(c, d) * n_people + max(c, d))
            add(ties, first)
            add(ties, second)
            ends[2 * tie + 1], ends[2 * swap + side], ends[2 * swap + 1 - side] = c, b, d
            is_tie[tie] = is_tie[swap] = True
    return True
