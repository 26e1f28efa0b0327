"""What all generators ask of their arguments, and how they choose who is marginalized."""

from __future__ import annotations

import numpy as np

from sim.checks import InputError, check_choice, check_count, check_number
from sim.networks.edges import from_codes
from sim.networks.network import Network
from sim.streams import GROUPS, check_seed, permutation

MOST_GENERATED = 100_000_000  # people; beyond that, numbers of pairs no longer fit 53 bits
MOST_TIES = 200_000_000  # making them takes about 60 bytes for each
PLACEMENTS = ("random", "clustered")


def check_people(n_people, marginalized_share, seed) -> tuple[int, float, int]:
    """Check the three arguments that every generator has."""
    return (
        check_count("n_people", n_people, 1, MOST_GENERATED),
        check_number("marginalized_share", marginalized_share, 0, 1),
        check_seed(seed),
    )


def check_mean_degree(mean_degree, n_people: int) -> float:
    """Return `mean_degree` as a float that `n_people` people can have."""
    mean_degree = check_number("mean_degree", mean_degree, 0)
    if mean_degree > n_people - 1:
        raise InputError(
            f"mean_degree = {mean_degree:g} is out of range: with n_people = {n_people} the greatest "
            f"possible mean degree is {n_people - 1}"
        )
    if mean_degree * n_people / 2 > MOST_TIES:
        raise InputError(
            f"mean_degree = {mean_degree:g} is out of range: with n_people = {n_people} it must be at most "
            f"{2 * MOST_TIES / n_people:g}, so that there are at most {MOST_TIES} ties"
        )
    return mean_degree


def check_whole_degree(mean_degree, n_people: int, *, even: bool = False) -> int:
    """Return `mean_degree` as a whole (and with `even`, even) number that `n_people` people can have."""
    mean_degree = check_mean_degree(mean_degree, n_people)
    if mean_degree % (2 if even else 1):
        raise InputError(
            f"mean_degree = {mean_degree:g} must be {'an even' if even else 'a'} whole number here: "
            f"everybody has {'the same number of ties on either side' if even else 'the same number of ties'}"
        )
    return int(mean_degree)


def choose_groups(n_people: int, share: float, seed: int, placement: str = "random") -> np.ndarray:
    """Return who is marginalized: exactly ``round(share * n_people)`` people.

    With at least two people and a share strictly between 0 and 1, both groups get at least one person.

    Parameters
    ----------
    placement : {"random", "clustered"}
        Anybody, or the people with the lowest numbers (who sit side by side on a ring).
    """
    check_choice("groups", placement, PLACEMENTS)
    count = round(share * n_people)
    if n_people >= 2 and 0 < share < 1:
        count = min(max(count, 1), n_people - 1)
    is_marginalized = np.zeros(n_people, bool)
    chosen = slice(count) if placement == "clustered" else permutation(seed, GROUPS, n_people)[:count]
    is_marginalized[chosen] = True
    return is_marginalized


def generated(family: str, codes: np.ndarray, is_marginalized: np.ndarray, *, notes=(), **arguments) -> Network:
    """Make the network of distinct tie codes, and record the family and all its arguments."""
    arguments = {"n_people": is_marginalized.size, **arguments}
    return from_codes(np.sort(codes), is_marginalized, source={"family": family, **arguments}, notes=notes)
