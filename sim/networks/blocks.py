"""Networks of groups: the two-group block model, and everybody tied to everybody."""

from __future__ import annotations

import math

import numpy as np

from sim.checks import check_number
from sim.networks.asked import check_mean_degree, check_people, choose_groups, generated
from sim.networks.compact import tie_codes
from sim.networks.drawing import distinct_numbers, n_pairs, pair_of
from sim.networks.edges import announce
from sim.networks.network import Network
from sim.streams import TIES

_ROUNDING = 1e-9  # so that a bound may be typed as it was printed


def two_groups(n_people, marginalized_share=0.2, *, mean_degree=10, homophily=0.5, seed) -> Network:
    """Make a random network in which both groups have the same mean degree and prefer their own.

    The number of ties within each group and across is fixed by the arguments; which pairs of people have them
    is random, all choices being equally likely.

    Parameters
    ----------
    n_people : int
        1 to 100,000,000.
    marginalized_share : float
        Share of people in the marginalized group, in [0, 1]. At 0 and 1 there is only one group, the ties are
        a plain random graph, and `homophily` has no effect.
    mean_degree : float
        Mean number of ties per person, in each group; from 0 to what the groups have room for.
    homophily : float
        Assortativity of ties by group: the ties across groups are ``1 - homophily`` times as many as chance
        would make. 0 is blind to groups, 1 separates them completely, negative values (down to -1) favour ties across.
    seed : int
        0 to 2**64 - 1.

    Returns
    -------
    Network

    Raises
    ------
    InputError
        If a value is out of range.

    Warns
    -----
    NetworkWarning
        If the groups are too small for so many ties within or across. The mean degree is kept, the nearest
        possible homophily is used, and a note says which.

    Notes
    -----
    Chance means that all pairs of people are equally likely to be tied. Nobody can be tied to themselves, so
    the measured assortativity is ``homophily - (1 - homophily) / (n_people - 1)``, apart from rounding to
    whole ties.

    References
    ----------
    Holland, Laskey & Leinhardt (1983), "Stochastic blockmodels: first steps", Social Networks 5, 109-137;
    Newman (2003), Physical Review E 67, 026126, for the coefficient.
    """
    n_people, share, seed = check_people(n_people, marginalized_share, seed)
    mean_degree = check_mean_degree(mean_degree, n_people)
    homophily = check_number("homophily", homophily, -1, 1)
    is_marginalized = choose_groups(n_people, share, seed)
    groups = (np.flatnonzero(~is_marginalized), np.flatnonzero(is_marginalized))
    within, across, notes = _tie_counts(*(group.size for group in groups), mean_degree, homophily)
    announce(notes)
    codes = (
        _within(groups[0], within[0], n_people, seed, 0),
        _within(groups[1], within[1], n_people, seed, 1),
        _across(*groups, across, n_people, seed, 2),
    )
    return generated(
        "two_groups", np.concatenate(codes), is_marginalized,
        marginalized_share=share, mean_degree=mean_degree, homophily=homophily, seed=seed, notes=notes,
    )


def complete(n_people, marginalized_share=0.2, *, seed) -> Network:
    """Make the network in which everybody is tied to everybody.

    Parameters
    ----------
    n_people : int
        1 to 20,000, which makes almost 200 million ties.
    marginalized_share : float
        Share of people in the marginalized group, in [0, 1].
    seed : int
        Decides only who is marginalized.

    Returns
    -------
    Network
    """
    n_people, share, seed = check_people(n_people, marginalized_share, seed)
    check_mean_degree(n_people - 1, n_people)
    high, low = pair_of(np.arange(n_pairs(n_people)))
    return generated(
        "complete", tie_codes(low, high, n_people), choose_groups(n_people, share, seed),
        marginalized_share=share, seed=seed,
    )


def _tie_counts(n_a: int, n_m: int, mean_degree: float, homophily: float):
    """Return whole numbers of ties within either group, and across, and a note if there is no room for them."""
    n_people = n_a + n_m
    chance = mean_degree * n_a * n_m / (n_people - 1) if n_a and n_m else 0.0  # ties across if groups did not matter
    fewest, most = _room_across(n_a, n_m, mean_degree)
    across = min(max((1 - homophily) * chance, fewest), most)
    notes = ()
    if abs(across - (1 - homophily) * chance) > _ROUNDING * (1 + n_people * mean_degree):
        notes = (
            f"groups of {n_a} and {n_m} people have no room for homophily = {homophily:g} at mean_degree = "
            f"{mean_degree:g}: the nearest possible, {1 - across / chance:.3g}, is used",
        )
    across = _whole(across, n_a * n_m)
    within_m = _whole((n_m * mean_degree - across) / 2, n_pairs(n_m))
    # The advantaged group takes up the rounding, so that the total is right.
    within_a = _whole(math.floor(n_people * mean_degree / 2 + 0.5) - across - within_m, n_pairs(n_a))
    return (within_a, within_m), across, notes


def _room_across(n_a: int, n_m: int, mean_degree: float) -> tuple[float, float]:
    """Return the fewest and most ties across that leave everybody's group the same mean degree."""
    if not (n_a and n_m):
        return 0.0, 0.0
    overflow = [n * (mean_degree - (n - 1)) for n in (n_a, n_m)]  # tie ends a group cannot place within
    return max(0.0, *overflow), min(n_a * n_m, n_a * mean_degree, n_m * mean_degree)


def _whole(number: float, most: int) -> int:
    return min(max(math.floor(number + 0.5), 0), most)


def _within(group: np.ndarray, count: int, n_people: int, seed: int, step: int) -> np.ndarray:
    one, other = pair_of(distinct_numbers(count, n_pairs(group.size), seed, TIES, step))
    return tie_codes(group[one], group[other], n_people)


def _across(advantaged, marginalized, count: int, n_people: int, seed: int, step: int) -> np.ndarray:
    numbers = distinct_numbers(count, advantaged.size * marginalized.size, seed, TIES, step)
    one, other = np.divmod(numbers, max(marginalized.size, 1))
    return tie_codes(advantaged[one], marginalized[other], n_people)
