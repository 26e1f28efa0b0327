"""Points that cannot be run are refused before the first run, networks that cannot be made from their arguments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sim.checks import InputError, check_choice, check_number
from sim.networks.asked import PLACEMENTS, check_mean_degree, check_people, check_whole_degree
from sim.sweeps.classic_runs import check_classics
from sim.sweeps.late import check_beginnings
from sim.sweeps.points import NULL, Point


def check_points(points: Iterable[Point]) -> None:
    """Refuse points that cannot be run, or at which nothing would be done of all that is to be done."""
    points = list(points)
    check_networks(points)
    check_classics(points)
    check_beginnings(points)


def check_networks(points: Iterable[Point]) -> None:
    """Refuse points that ask for a network which its generator would refuse.

    Raises
    ------
    InputError
        For the first of them, saying how many there are.
    """
    asked = [about for point in points if (about := point.configuration.get("network")) is not None]
    counts = Counter(tuple(sorted(about.items())) for about in asked if "digest" not in about)
    problems = {about: problem for about in counts if (problem := _problem(dict(about))) is not None}
    if problems:
        of_points = f"{sum(counts[about] for about in problems)} of {len(asked)} points"
        raise InputError(f"{next(iter(problems.values()))} (at {of_points} of the design)")


def _problem(about: dict) -> InputError | None:
    family = about.pop("family")
    about.pop(NULL, None)
    try:
        check_people(about["n_people"], about.pop("marginalized_share"), 0)
        _ASKED[family](**about)
    except InputError as problem:
        return problem
    return None


def _two_groups(n_people, mean_degree, homophily) -> None:
    check_mean_degree(mean_degree, n_people)
    check_number("homophily", homophily, -1, 1)


def _on_ring(n_people, mean_degree, groups, rewiring=0.0) -> None:
    check_whole_degree(mean_degree, n_people, even=True)
    check_number("rewiring", rewiring, 0, 1)
    check_choice("groups", groups, PLACEMENTS)


def _scale_free(n_people, mean_degree) -> None:
    check_mean_degree(mean_degree, n_people)


def _random_regular(n_people, mean_degree) -> None:
    degree = check_whole_degree(mean_degree, n_people)
    if n_people * degree % 2:
        raise InputError(
            f"mean_degree = {degree} is not possible with n_people = {n_people}: every tie has two ends, so "
            "n_people * mean_degree must be even"
        )


def _complete(n_people) -> None:
    check_mean_degree(n_people - 1, n_people)


# What every generator asks of its arguments, by its name.
_ASKED = {
    "two_groups": _two_groups,
    "small_world": _on_ring,
    "ring_lattice": _on_ring,
    "scale_free": _scale_free,
    "random_regular": _random_regular,
    "complete": _complete,
}
