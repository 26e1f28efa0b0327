"""Random choices that generators share: sets of codes, distinct numbers, pairs of people."""

from __future__ import annotations

import numpy as np
from numba.extending import register_jitable

from sim.compiled import compiled
from sim.streams import key, uniform

_EMPTY = -1
_GONE = -2


def new_set(most: int) -> np.ndarray:
    """Return an empty set with room for `most` codes, for use in compiled code.

    A set is an open-addressing hash table of int64 codes (0 and up), at most two thirds full.
    """
    return np.full(1 << max(3, (most * 3 // 2).bit_length()), _EMPTY, np.int64)


@register_jitable
def find(table, code):
    """Return the slot of `code`, or, if it is not in the set, -1 minus the slot to put it in."""
    mask = table.size - 1
    slot = ((code * -7046029254386353131) >> 20) & mask
    free = -1
    while table[slot] != _EMPTY:
        if table[slot] == code:
            return slot
        if free < 0 and table[slot] == _GONE:
            free = slot
        slot = (slot + 1) & mask
    return -1 - (slot if free < 0 else free)


@register_jitable
def has(table, code):
    """Tell whether `code` is in the set."""
    return find(table, code) >= 0


@register_jitable
def add(table, code):
    """Put `code` into the set; return False if it was there already."""
    slot = find(table, code)
    if slot >= 0:
        return False
    table[-1 - slot] = code
    return True


@register_jitable
def discard(table, code):
    """Take `code`, which must be there, out of the set."""
    table[find(table, code)] = _GONE


def distinct_numbers(count: int, total: int, seed: int, purpose: int, step: int) -> np.ndarray:
    """Return `count` different numbers out of 0..total-1; every such set is equally likely.

    Takes exactly `count` draws, however dense the choice is.

    References
    ----------
    Bentley & Floyd (1987), "Programming pearls: a sample of brilliance", Communications of the ACM 30(9).
    """
    return _distinct_numbers(new_set(count), count, total, purpose, step, *key(seed))


@compiled
def _distinct_numbers(table, count, total, purpose, step, k0, k1):
    chosen = np.empty(count, np.int64)
    for at in range(count):
        top = total - count + at
        number = int(uniform(at, step, purpose, k0, k1) * (top + 1))
        if not add(table, number):
            number = top
            add(table, number)
        chosen[at] = number
    return chosen


def n_pairs(n_people):
    """Return how many pairs there are among `n_people` people (a number, or an array of them)."""
    return n_people * (n_people - 1) // 2


def pair_of(number: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the pair with this number, in the order (1, 0), (2, 0), (2, 1), (3, 0), ..."""
    high = ((1 + np.sqrt(1 + 8.0 * number)) / 2).astype(np.int64)
    high -= n_pairs(high) > number  # the square root may round across a whole number
    high += n_pairs(high + 1) <= number
    return high, number - n_pairs(high)
