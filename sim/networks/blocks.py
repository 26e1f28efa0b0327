"""Networks of groups: the two-group block model, and everybody tied to everybody."""

from __future__ import annotations

import math

import numpy as np

from sim.checks import InputError, check_number
from sim.networks.asked import check_mean_degree, check_people, choose_groups, generated
from sim.networks.compact import tie_codes
from sim.networks.drawing import distinct_numbers, n_pairs, pair_of
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
        would make. 0 is blind to groups, 1 separates them completely, negative values favour ties across.
    seed : int
        0 to 2**64 - 1.

    Returns
    -------
    Network

    Raises
    ------
    InputError
        If a value is out of range, or the groups are too small for so many ties within or across; the message
        gives the greatest possible mean degree and the possible range of homophily.

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
    homophily = check_number("homophily", homophily, -math.inf, 1)
    is_marginalized = choose_groups(n_people, share, seed)
    groups = (np.flatnonzero(~is_marginalized), np.flatnonzero(is_marginalized))
    within, across = _tie_counts(*(group.size for group in groups), mean_degree, homophily)
    codes = (
        _within(groups[0], within[0], n_people, seed, 0),
        _within(groups[1], within[1], n_people, seed, 1),
        _across(*groups, across, n_people, seed, 2),
    )
    return generated(
        "two_groups", np.concatenate(codes), is_marginalized,
        marginalized_share=share, mean_degree=mean_degree, homophily=homophily, seed=seed,
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
    """Return whole numbers of ties within either group, and across."""
    n_people = n_a + n_m
    chance = n_a * n_m / (n_people - 1) if n_a and n_m else 0.0  # ties across, per unit of mean degree
    across = (1 - homophily) * chance * mean_degree
    demand = [(n_a * mean_degree - across) / 2, (n_m * mean_degree - across) / 2, across]
    room = [n_pairs(n_a), n_pairs(n_m), n_a * n_m]
    slack = _ROUNDING * (1 + n_people * mean_degree)
    if any(d < -slack or d > r + slack for d, r in zip(demand, room, strict=True)):
        _refuse(n_a, n_m, mean_degree, homophily, chance)
    across = _whole(across, room[2])
    within_m = _whole((n_m * mean_degree - across) / 2, room[1])
    # The advantaged group takes up the rounding, so that the total is right.
    within_a = _whole(math.floor(n_people * mean_degree / 2 + 0.5) - across - within_m, room[0])
    return (within_a, within_m), across


def _whole(number: float, most: int) -> int:
    return min(max(math.floor(number + 0.5), 0), most)


def _refuse(n_a: int, n_m: int, mean_degree: float, homophily: float, chance: float):
    fewest = max(0.0, *(n * (mean_degree - (n - 1)) for n in (n_a, n_m)))
    most = min(n_a * n_m, n_a * mean_degree, n_m * mean_degree)
    low, high = 1 - most / (chance * mean_degree), 1 - fewest / (chance * mean_degree)
    low, high = -_floor(-low), _floor(high)
    raise InputError(
        f"homophily = {homophily:g} with mean_degree = {mean_degree:g} is not possible for groups of {n_a} "
        f"and {n_m} people: homophily must be from {low:.10g} to {high:.10g} for this mean degree; "
        f"{_greatest_degree(n_a, n_m, homophily, chance)}"
    )


def _greatest_degree(n_a: int, n_m: int, homophily: float, chance: float) -> str:
    """Say how large the mean degree may be for this homophily."""
    across_each = (1 - homophily) * chance  # ties across, per unit of mean degree
    limits = [n_a * n_m / across_each] if across_each else []
    for n in (n_a, n_m):
        ends_within = n - across_each  # ends of ties within, per unit of mean degree
        if ends_within < -_ROUNDING:
            return f"no mean degree above 0 is possible with homophily = {homophily:g}"
        if ends_within > _ROUNDING:
            limits.append(n * (n - 1) / ends_within)
    return f"the greatest possible mean degree for this homophily is {_floor(min(limits)):.10g}"


def _floor(number: float) -> float:
    """Cut after four decimals, so that a bound that is read off a message can be used."""
    return math.floor(number * 1e4 + 1e-5) / 1e4


def _within(group: np.ndarray, count: int, n_people: int, seed: int, step: int) -> np.ndarray:
    one, other = pair_of(distinct_numbers(count, n_pairs(group.size), seed, TIES, step))
    return tie_codes(group[one], group[other], n_people)


def _across(advantaged, marginalized, count: int, n_people: int, seed: int, step: int) -> np.ndarray:
    numbers = distinct_numbers(count, advantaged.size * marginalized.size, seed, TIES, step)
    one, other = np.divmod(numbers, max(marginalized.size, 1))
    return tie_codes(advantaged[one], marginalized[other], n_people)
