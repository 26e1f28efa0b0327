"""What a check is: cases that are compared, how far apart they may be, and why so far and no further."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

EXACT = "It is exact: one case that differs is a fault."
SMALLEST = 5e-324  # the difference of numbers that are equal and written in other bits, such as 0 and -0


class Skipped(Exception):
    """A check cannot be made here; the message says why."""


@dataclass(frozen=True)
class Case:
    """One comparison.

    Attributes
    ----------
    difference, allowed : float
        How far apart two things are, and how far they may be; what is not a number is too far.
    about : str
        What was compared, told where it differs.
    """

    difference: float
    allowed: float = 0.0
    about: str = ""

    @property
    def is_within(self) -> bool:
        """Whether the difference is no larger than allowed."""
        return self.difference <= self.allowed

    @property
    def reach(self) -> float:
        """The difference as a multiple of what is allowed."""
        if math.isnan(self.difference):
            return math.inf
        if self.allowed:
            return self.difference / self.allowed
        return math.inf if self.difference > 0 else 0.0


@dataclass(frozen=True)
class Check:
    """Something that is verified, case by case.

    Attributes
    ----------
    what : str
        What is compared with what.
    cases : callable
        Given how many cases are wanted and a seed, an iterable of `Case`.
    full, quick : int
        How many cases are wanted; with 0 the check is left out.
    unit : str
        In what differences are measured.
    tolerance, why : str
        How far things may be apart, and why so far.
    is_all : bool
        Whether a full verification takes all cases there are, however many; `full` is then more than that.
    """

    what: str
    cases: Callable[[int, int], Iterable[Case]]
    full: int
    quick: int
    unit: str = "any bit"
    tolerance: str = "none"
    why: str = EXACT
    is_all: bool = False

    def count(self, quick: bool) -> int:
        """Return how many cases are wanted."""
        return self.quick if quick else self.full

    def fewest(self, count: int) -> int:
        """Return how many cases have to be compared where so many are wanted."""
        return min(count, self.quick) if self.is_all else count


@dataclass(frozen=True)
class Section:
    """Checks of one kind.

    Attributes
    ----------
    name : str
        Given to ``allyship verify --only``.
    title : str
    shows, does_not_show : str
        A plain sentence each.
    checks : tuple of Check
    """

    name: str
    title: str
    shows: str
    does_not_show: str
    checks: tuple[Check, ...]


def same_bits(one: Mapping, other: Mapping, about: str = "") -> Case:
    """Compare arrays of the same names bit for bit."""
    gaps = {name: gap_of(np.asarray(one[name]), np.asarray(other[name])) for name in one}
    wrong = [name for name, gap in gaps.items() if gap]
    told = f"{', '.join(wrong)} differ {about}".strip() if wrong else ""
    return Case(max(gaps.values(), default=math.inf), 0.0, told)


def gap_of(one: np.ndarray, other: np.ndarray) -> float:
    """Return the largest difference between two arrays; 0 only where every bit is the same."""
    if one.shape != other.shape or one.dtype != other.dtype:
        return math.inf
    if one.tobytes() == other.tobytes():
        return 0.0
    gap = float(np.abs(one.astype(float) - other.astype(float)).max())
    return math.inf if math.isnan(gap) else max(gap, SMALLEST)


def yes_or_no(is_right: bool, about: str = "") -> Case:
    """Return the case of something that is either right or wrong."""
    return Case(0.0 if is_right else 1.0, 0.0, "" if is_right else about)


def spread_over(items: list, count: int) -> list:
    """Return so many of the items, from all over the list; all of them if there are no more."""
    if count >= len(items):
        return items
    return [items[i * len(items) // count] for i in range(count)]
