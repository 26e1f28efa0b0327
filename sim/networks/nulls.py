"""Networks for comparison: the same people with other ties, other groups, or none."""

from __future__ import annotations

import numpy as np

from sim.checks import check_flag
from sim.compiled import compiled
from sim.networks.compact import tie_codes
from sim.networks.drawing import add, discard, has, new_set
from sim.networks.edges import from_codes
from sim.networks.network import Network
from sim.streams import NULL, check_seed, key, permutation, uniform

SWAPS_PER_TIE = 10  # tried; mixing was seen to be complete after about three (Milo et al. 2003 advise a hundred)


def rewired(network: Network, *, seed: int, keep_mixing: bool = False) -> Network:
    """Return the network with its ties swapped at random: everybody keeps the number of ties, nothing else stays.

    Parameters
    ----------
    network : Network
    seed : int
        0 to 2**64 - 1.
    keep_mixing : bool
        True swaps only ties whose ends belong to the same groups: everybody keeps the number of ties to either group.

    Returns
    -------
    Network

    Notes
    -----
    Two ties a-b and c-d become a-d and c-b, unless that would tie somebody to themselves or double a tie; ten tries per
    tie.

    References
    ----------
    Maslov & Sneppen (2002), Science 296, 910-913; Milo et al. (2003), arXiv cond-mat/0312028.
    """
    seed, keep_mixing = check_seed(seed), check_flag("keep_mixing", keep_mixing)
    low, high = (ends.astype(np.int64) for ends in _ends(network))
    if low.size > 1:
        _swap(new_set(low.size), low, high, network.is_marginalized, network.n_people, keep_mixing, *key(seed))
    codes = np.sort(tie_codes(low, high, network.n_people))
    what = "ties rewired at random, numbers of ties kept" + (" in and between groups" if keep_mixing else "")
    return _changed(network, codes, network.is_marginalized, what)


def shuffled_groups(network: Network, *, seed: int) -> Network:
    """Return the network with its ties as they are, and who is marginalized drawn anew; group sizes stay."""
    order = permutation(check_seed(seed), NULL, network.n_people, step=1)
    return _changed(network, _codes(network), network.is_marginalized[order], "groups shuffled among people")


def without_ties(network: Network) -> Network:
    """Return the people of the network, each alone."""
    return _changed(network, np.empty(0, np.uint64), network.is_marginalized, "all ties removed")


def _ends(network: Network) -> tuple[np.ndarray, np.ndarray]:
    owner = np.repeat(np.arange(network.n_people), network.degree)
    is_first = owner < network.neighbours
    return owner[is_first], network.neighbours[is_first]


def _codes(network: Network) -> np.ndarray:
    return tie_codes(*_ends(network), network.n_people)


def _changed(network: Network, codes, is_marginalized, what: str) -> Network:
    return from_codes(codes, is_marginalized, labels=network.labels, group_names=network.group_names,
                      source=network.source, notes=(*network.notes, what))  # fmt: skip


@compiled
def _swap(table, low, high, is_marginalized, n_people, keep_mixing, k0, k1):
    for tie in range(low.size):
        add(table, low[tie] * n_people + high[tie])
    gone = 0
    for attempt in range(SWAPS_PER_TIE * low.size):
        one = int(uniform(2 * attempt & 0xFFFFFFFF, 2 + (attempt >> 31), NULL, k0, k1) * low.size)
        draw = uniform(2 * attempt + 1 & 0xFFFFFFFF, 2 + (attempt >> 31), NULL, k0, k1) * 2 * low.size
        other, turn = int(draw) >> 1, int(draw) & 1
        a, b = low[one], high[one]
        c, d = (high[other], low[other]) if turn else (low[other], high[other])
        if keep_mixing and (is_marginalized[a] != is_marginalized[c] or is_marginalized[b] != is_marginalized[d]):
            continue
        if a == d or c == b:
            continue
        first, second = min(a, d) * n_people + max(a, d), min(c, b) * n_people + max(c, b)
        if first == second or has(table, first) or has(table, second):
            continue
        discard(table, min(a, b) * n_people + max(a, b))
        discard(table, min(c, d) * n_people + max(c, d))
        add(table, first)
        add(table, second)
        low[one], high[one] = min(a, d), max(a, d)
        low[other], high[other] = min(c, b), max(c, b)
        gone += 2
        if gone > low.size // 4:  # emptied slots slow every search down: begin a clean table
            table[:] = -1
            for tie in range(low.size):
                add(table, low[tie] * n_people + high[tie])
            gone = 0
