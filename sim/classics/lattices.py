"""Square lattices without edges, and ties swapped away from where they were."""

from __future__ import annotations

import numpy as np

from sim.compiled import compiled
from sim.networks.compact import tie_codes
from sim.networks.drawing import add, discard, has, new_set
from sim.networks.edges import from_codes
from sim.networks.network import Network
from sim.streams import REWIRE, key, permutation, uniform

_MOST_TRIALS = 1000  # partners tried for a tie that is to be swapped

SIDEWAYS = ((0, 1), (1, 0))  # four neighbours (von Neumann); every tie once
AROUND = (*SIDEWAYS, (1, 1), (1, -1))  # eight neighbours (Moore)


def torus(side: int, steps=AROUND) -> Network:
    """Make a square lattice of ``side`` x ``side`` people whose edges are joined.

    Parameters
    ----------
    side : int
        At least 3, so that all neighbours differ.
    steps : sequence of (int, int)
        Rows and columns to each neighbour; a step stands for the one back as well.

    Returns
    -------
    Network
    """
    row, column = np.divmod(np.arange(side * side), side)
    ends = [(row + down) % side * side + (column + right) % side for down, right in steps]
    codes = np.concatenate([tie_codes(np.arange(side * side), end, side * side) for end in ends])
    source = {"family": "torus", "side": side, "neighbours": 2 * len(steps)}
    return from_codes(np.sort(codes), np.zeros(side * side, bool), source=source)


def rewired(network: Network, share: float, seed: int) -> Network:
    """Return the network with a share of its ties led elsewhere; everybody keeps the number of ties.

    That share of the ties is drawn at random and paired; a pair a-b, c-d becomes a-d, c-b (Maslov & Sneppen 2002).
    A tie that would join a person to themselves or two people twice swaps with another of those drawn instead; after
    a thousand vain trials it stays.
    """
    if share == 0.0:
        return network
    owner = np.repeat(np.arange(network.n_people), network.degree)
    is_first = owner < network.neighbours
    low, high = owner[is_first], network.neighbours[is_first].astype(np.int64)
    chosen = permutation(seed, REWIRE, low.size)[: round(share * low.size)]
    _swap(new_set(4 * low.size), low, high, chosen, network.n_people, *key(seed))
    codes = np.sort(tie_codes(low, high, network.n_people))
    notes = (*network.notes, f"{share:g} of the ties rewired, numbers of ties kept")
    return from_codes(codes, network.is_marginalized, source=network.source, notes=notes)


@compiled
def _swap(table, low, high, chosen, n_people, k0, k1):
    for tie in range(low.size):
        add(table, low[tie] * n_people + high[tie])
    is_done = np.zeros(low.size, np.bool_)
    for at in range(chosen.size):
        one = chosen[at]
        for trial in range(_MOST_TRIALS):
            if is_done[one]:
                break
            draw = uniform(at, trial + 1, REWIRE, k0, k1) * 2 * chosen.size
            # first the next tie that waits, so that a share of the ties is a share of the ties
            other = chosen[at + 1] if trial == 0 and at + 1 < chosen.size else chosen[int(draw) >> 1]
            a, b, c, d = low[one], high[one], low[other], high[other]
            if int(draw) & 1:
                c, d = d, c
            first, second = min(a, d) * n_people + max(a, d), min(c, b) * n_people + max(c, b)
            if a == d or c == b or first == second or has(table, first) or has(table, second):
                continue
            discard(table, min(a, b) * n_people + max(a, b))
            discard(table, min(c, d) * n_people + max(c, d))
            add(table, first)
            add(table, second)
            low[one], high[one], low[other], high[other] = min(a, d), max(a, d), min(c, b), max(c, b)
            is_done[one] = is_done[other] = True
