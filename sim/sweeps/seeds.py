"""The seeds of a replicate: a function of (root seed, replicate, purpose), whoever asks, whenever."""

from __future__ import annotations

import functools
from typing import NamedTuple

from sim import streams

# What a seed is for, and the plane of counters that keeps seeds apart from the draws of a run.
NETWORK_SEED, START_SEED, LUCK_SEED = 1, 2, 3
_PLANE = 2


class Seeds(NamedTuple):
    """Seeds of one run; `network_seed` counts only where the network is generated."""

    network_seed: int
    start_seed: int
    seed: int


def derived_seed(root: int, replicate: int, purpose: int) -> int:
    """Return the seed of a replicate for one purpose: a Philox hash of the three, 0 to 2**64 - 1."""
    low, high = streams.key(replicate)
    words = streams.philox(low, high, purpose, _PLANE, *streams.key(streams.check_seed(root)))
    return words[0] | words[1] << 32


@functools.lru_cache(maxsize=100_000)
def seeds_of(root: int, replicate: int) -> Seeds:
    """Return all seeds of a replicate."""
    return Seeds(*(derived_seed(root, replicate, purpose) for purpose in (NETWORK_SEED, START_SEED, LUCK_SEED)))


def root_of_point(root: int, digest: str) -> int:
    """Return a root seed that belongs to one point, for designs whose points do not share their luck."""
    return root ^ int(digest[:16], 16)
