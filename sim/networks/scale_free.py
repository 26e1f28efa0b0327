"""Networks with hubs, grown by preferential attachment."""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import compiled
from sim.networks.asked import check_mean_degree, check_people, choose_groups, generated
from sim.networks.network import Network
from sim.streams import TIES, key, uniform


def scale_free(n_people, marginalized_share=0.2, *, mean_degree=10, seed) -> Network:
    """Make a network with hubs: people arrive one by one and prefer to tie themselves to the well-connected.

    Each newcomer makes ``mean_degree / 2`` ties (rounded up and down in turns) to different people, each
    chosen with a probability proportional to the ties that they have. The first few people, who cannot make
    so many, are all tied to each other, and later ones make up for them: there are exactly ``n_people *
    mean_degree / 2`` ties (rounded). Person numbers follow the order of arrival, so the hubs have low
    numbers.

    Parameters
    ----------
    n_people : int
        1 to 100,000,000.
    marginalized_share : float
        Share of people in the marginalized group, in [0, 1]; group does not influence the ties.
    mean_degree : float
        From 0 to ``n_people - 1``; need not be whole. Below 2, some newcomers make no tie and stay alone.
    seed : int
        0 to 2**64 - 1.

    Returns
    -------
    Network

    Raises
    ------
    InputError
        If a value is out of range.

    References
    ----------
    Barabasi & Albert (1999), "Emergence of scaling in random networks", Science 286, 509-512. The share of
    people with degree d falls as ``d**-3``.
    """
    n_people, share, seed = check_people(n_people, marginalized_share, seed)
    mean_degree = check_mean_degree(mean_degree, n_people)
    codes = _grow(_ties_made(n_people, mean_degree), *key(seed))
    return generated(
        "scale_free", codes, choose_groups(n_people, share, seed),
        marginalized_share=share, mean_degree=mean_degree, seed=seed,
    )


def _ties_made(n_people: int, mean_degree: float) -> np.ndarray:
    """Return how many ties each newcomer makes: nearly equal numbers that add up and are possible."""
    n_ties = math.floor(n_people * mean_degree / 2 + 0.5)
    low, high = 0, n_people
    while high - low > 1:  # the largest base with which there are not too many ties
        middle = (low + high) // 2
        low, high = (middle, high) if _total(n_people, middle) <= n_ties else (low, middle)
    made = np.minimum(np.arange(n_people), low)
    able = n_people - low - 1  # people who can make one more than the base
    if able > 0:
        turn = np.arange(able + 1) * (n_ties - _total(n_people, low)) // able
        made[low + 1 :] += np.diff(turn)
    return made


def _total(n_people: int, base: int) -> int:
    return base * (base - 1) // 2 + base * (n_people - base)


@compiled
def _grow(made, k0, k1):
    n_people = made.size
    n_ties = made.sum()
    codes = np.empty(n_ties, np.int64)
    ends = np.empty(2 * n_ties, np.int64)  # everybody as often as they have ties
    chosen_by = np.full(n_people, -1, np.int64)
    n_done = 0
    draw = 0
    for person in range(n_people):
        n_ends = 2 * n_done
        for rank in range(made[person]):
            if made[person] == person:  # no choice: everybody who is there
                other = rank
            elif n_ends == 0:  # nobody has ties yet: all are alike
                other = int(uniform(draw, 0, TIES, k0, k1) * person)
                draw += 1
            else:
                other = ends[int(uniform(draw, 0, TIES, k0, k1) * n_ends)]
                draw += 1
                while chosen_by[other] == person:
                    other = ends[int(uniform(draw, 0, TIES, k0, k1) * n_ends)]
                    draw += 1
            chosen_by[other] = person
            codes[n_done] = other * n_people + person
            ends[2 * n_done], ends[2 * n_done + 1] = person, other
            n_done += 1
    return codes
