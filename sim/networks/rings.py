"""People on a ring: the lattice, and the small world between lattice and random graph."""

from __future__ import annotations

import numpy as np

from sim.checks import check_number
from sim.compiled import compiled
from sim.networks.asked import check_people, check_whole_degree, choose_groups, generated
from sim.networks.compact import tie_codes
from sim.networks.drawing import add, discard, has, new_set
from sim.networks.network import Network
from sim.streams import REWIRE, key, uniform

_MOST_TRIALS = 64  # before the free people are listed instead


def ring_lattice(n_people, marginalized_share=0.2, *, mean_degree=10, groups="random", seed) -> Network:
    """Make a ring on which everybody is tied to the nearest ``mean_degree / 2`` people on either side.

    Parameters
    ----------
    n_people : int
        1 to 100,000,000.
    marginalized_share : float
        Share of people in the marginalized group, in [0, 1].
    mean_degree : int
        Even; below `n_people`.
    groups : {"random", "clustered"}
        Is the marginalized group spread over the ring, or does it sit side by side?
    seed : int
        Decides only who is marginalized (with "random" groups).

    Returns
    -------
    Network

    Raises
    ------
    InputError
        If a value is out of range or `mean_degree` is not even.
    """
    n_people, share, seed = check_people(n_people, marginalized_share, seed)
    mean_degree = check_whole_degree(mean_degree, n_people, even=True)
    return generated(
        "ring_lattice", _lattice(n_people, mean_degree), choose_groups(n_people, share, seed, groups),
        marginalized_share=share, mean_degree=mean_degree, groups=groups, seed=seed,
    )


def small_world(
    n_people, marginalized_share=0.2, *, mean_degree=10, rewiring=0.1, groups="random", seed
) -> Network:
    """Make a small world: a ring lattice some of whose ties lead to random people instead.

    Each tie of the lattice keeps its first end and gets, with probability `rewiring`, a new second end, drawn
    evenly from all people to whom the first is not tied. 0 gives the lattice, 1 a nearly random graph in
    which everybody still has at least ``mean_degree / 2`` ties.

    Parameters
    ----------
    n_people : int
        1 to 100,000,000.
    marginalized_share : float
        Share of people in the marginalized group, in [0, 1].
    mean_degree : int
        Even; below `n_people`.
    rewiring : float
        Probability that a tie is rewired, in [0, 1].
    groups : {"random", "clustered"}
        Is the marginalized group spread over the ring, or does it sit side by side?
    seed : int
        0 to 2**64 - 1.

    Returns
    -------
    Network

    Raises
    ------
    InputError
        If a value is out of range or `mean_degree` is not even.

    References
    ----------
    Watts & Strogatz (1998), "Collective dynamics of 'small-world' networks", Nature 393, 440-442.
    """
    n_people, share, seed = check_people(n_people, marginalized_share, seed)
    mean_degree = check_whole_degree(mean_degree, n_people, even=True)
    rewiring = check_number("rewiring", rewiring, 0, 1)
    codes = _lattice(n_people, mean_degree).astype(np.int64)
    if rewiring:
        _rewire(codes, new_set(2 * codes.size), n_people, mean_degree, rewiring, *key(seed))
    return generated(
        "small_world", codes, choose_groups(n_people, share, seed, groups),
        marginalized_share=share, mean_degree=mean_degree, rewiring=rewiring, groups=groups, seed=seed,
    )


def _lattice(n_people: int, mean_degree: int) -> np.ndarray:
    """Return the ties of the lattice: everybody's to the next person, then to the one after, and so on."""
    person = np.arange(n_people)
    laps = [tie_codes(person, (person + lap) % n_people, n_people) for lap in range(1, mean_degree // 2 + 1)]
    return np.concatenate([np.empty(0, np.uint64), *laps])


@compiled
def _rewire(codes, ties, n_people, mean_degree, rewiring, k0, k1):
    degree = np.full(n_people, mean_degree, np.int64)
    for code in codes:
        add(ties, code)
    for tie in range(codes.size):
        person = tie % n_people
        if uniform(tie, 0, REWIRE, k0, k1) >= rewiring or degree[person] == n_people - 1:
            continue
        old = (person + tie // n_people + 1) % n_people
        new = _stranger(ties, person, degree[person], n_people, tie, k0, k1)
        code = min(person, new) * n_people + max(person, new)
        discard(ties, codes[tie])
        add(ties, code)
        codes[tie] = code
        degree[old] -= 1
        degree[new] += 1


@compiled
def _stranger(ties, person, degree, n_people, tie, k0, k1):
    for trial in range(1, _MOST_TRIALS + 1):
        other = int(uniform(tie, trial, REWIRE, k0, k1) * n_people)
        if other != person and not has(ties, min(person, other) * n_people + max(person, other)):
            return other
    # Nearly everybody is a neighbour already: count to a random one of the others.
    left = int(uniform(tie, _MOST_TRIALS + 1, REWIRE, k0, k1) * (n_people - 1 - degree))
    for other in range(n_people):
        if other != person and not has(ties, min(person, other) * n_people + max(person, other)):
            if left == 0:
                return other
            left -= 1
    return person  # never: the caller made sure that there is somebody
