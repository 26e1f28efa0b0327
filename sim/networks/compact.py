"""Ties as compact arrays: who is tied to whom, in the form that a loop over neighbours reads fastest.

A tie between two people has one code, ``lower * n_people + higher``. Sorting and comparing codes is sorting
and comparing ties, which keeps the millions of ties of a large network out of Python objects.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import compiled

MOST_PEOPLE = 2**32 - 2  # neighbours are stored as uint32


def tie_codes(first: np.ndarray, second: np.ndarray, n_people: int) -> np.ndarray:
    """Return one uint64 code per pair of people; the order of the two does not matter."""
    low = np.minimum(first, second).astype(np.uint64)
    high = np.maximum(first, second).astype(np.uint64)
    return low * np.uint64(n_people) + high


def distinct(codes: np.ndarray) -> np.ndarray:
    """Return the different codes in ascending order (``np.unique`` takes many times longer)."""
    codes = np.sort(codes)
    return codes[np.append(True, codes[1:] != codes[:-1])] if codes.size else codes


def ends_of(codes: np.ndarray, n_people: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the lower and the higher person of every code, as uint32."""
    low, high = np.divmod(codes.astype(np.uint64, copy=False), np.uint64(max(n_people, 1)))
    return low.astype(np.uint32), high.astype(np.uint32)


def compact(codes: np.ndarray, n_people: int) -> tuple[np.ndarray, np.ndarray]:
    """Turn sorted, distinct tie codes into ``offsets`` and ``neighbours``.

    The neighbours of person i are ``neighbours[offsets[i]:offsets[i + 1]]``, in ascending order.
    """
    return _compact(*ends_of(codes, n_people), n_people)


@compiled
def _compact(low, high, n_people):
    offsets = np.zeros(n_people + 1, np.int64)
    for tie in range(low.size):
        offsets[low[tie] + 1] += 1
        offsets[high[tie] + 1] += 1
    for person in range(n_people):
        offsets[person + 1] += offsets[person]
    place = offsets[:-1].copy()
    neighbours = np.empty(2 * low.size, np.uint32)
    # Codes ascend by the lower end, then by the higher one. So everybody's lower neighbours arrive in order
    # in the first pass and their higher neighbours in the second: the lists come out sorted without sorting.
    for tie in range(low.size):
        neighbours[place[high[tie]]] = low[tie]
        place[high[tie]] += 1
    for tie in range(low.size):
        neighbours[place[low[tie]]] = high[tie]
        place[low[tie]] += 1
    return offsets, neighbours
