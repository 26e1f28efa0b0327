"""Checks made one after the other, and the table that comes out."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from sim.checks import InputError, check_flag, check_names, shown
from sim.networks import NetworkWarning
from sim.progress import Progress
from sim.streams import check_seed
from sim.verification import (
    bad_input,
    damage,
    engines,
    kills,
    known_answers,
    limits,
    published,
    replays,
    same_seed,
    zero_weights,
)
from sim.verification.check import Case, Check, Section, Skipped

MODULES = (engines, same_seed, known_answers, limits, zero_weights, kills, damage, replays, bad_input, published)
SECTIONS = {module.SECTION.name: module.SECTION for module in MODULES}
HOLDS, FAILS, SKIPPED = "holds", "FAILS", "skipped"


def verify(only=None, *, quick: bool = False, seed: int = 1, progress: bool = False) -> Verification:
    """Verify the model on this machine: engines, seeds, known answers, crashes, refusals.

    Parameters
    ----------
    only : sequence of str, optional
        Names of `SECTIONS`; by default all.
    quick : bool
        Fewer cases: a look of under a minute.
    seed : int
        Root of the random configurations; another seed verifies others.
    progress : bool
        Whether to tell how far it is.

    Returns
    -------
    Verification

    Raises
    ------
    InputError
        For anything that cannot be used. A check that fails, or raises, is a failed row.
    """
    names = _names(only)
    quick, seed = check_flag("quick", quick), check_seed(seed)
    begun = time.perf_counter()
    rows = tuple(row for name in names for row in rows_of(SECTIONS[name], quick, seed, progress))
    return Verification(rows, quick, seed, time.perf_counter() - begun)


def _names(only) -> list[str]:
    names = list(SECTIONS) if only is None else [only] if isinstance(only, str) else only
    if not isinstance(names, Iterable) or not (names := list(names)):
        raise InputError(f"only = {shown(only)} must name at least one section; allowed: {', '.join(SECTIONS)}")
    check_names("section", names, list(SECTIONS))
    return list(dict.fromkeys(names))


def rows_of(section: Section, quick: bool = False, seed: int = 1, progress: bool = False) -> list[Row]:
    """Make the checks of a section."""
    made = []
    for i, check in enumerate(section.checks):
        count = check.count(quick)
        what = f"cases of {section.name} {i + 1}/{len(section.checks)}"
        with Progress(count if progress else 0, what, stream=None if progress else _Nowhere()) as told:
            made.append(row_of(section.name, check, count, seed, told))
    return made


class _Nowhere:
    """A stream that keeps nothing."""

    def write(self, text: str) -> None:
        """Drop the text."""

    def flush(self) -> None:
        """Do nothing."""


def row_of(section: str, check: Check, count: int, seed: int = 1, told: Progress | None = None) -> Row:
    """Make one check; whatever it raises is a failed row with its message, but for `Skipped` before any wrong case."""
    begun, cases, verdict, about = time.perf_counter(), [], "", ""
    try:
        if not count:
            raise Skipped("not in a quick look")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NetworkWarning)
            for case in check.cases(count, seed):
                cases.append(case)
                if told is not None:
                    told.advance(failed=not case.is_within)
    except Skipped as reason:
        verdict, about = _told_of_wrong(cases) or (SKIPPED, str(reason))
    except Exception as problem:  # a check that breaks must not end the others
        verdict, about = FAILS, f"{type(problem).__name__}: {problem}"
    if told is not None:
        told.total = told.done  # there may be fewer cases than were asked for
    if not verdict:
        verdict, about = _verdict(cases, check.fewest(count))
    return _row(section, check, cases, verdict, about, time.perf_counter() - begun)


def _verdict(cases: list[Case], fewest: int) -> tuple[str, str]:
    """Judge cases that all were made: too few are a failure, too."""
    if len(cases) < fewest:
        return _told_of_wrong(cases) or (FAILS, f"too few cases: {len(cases)} compared, {fewest} wanted")
    return _told_of_wrong(cases) or (HOLDS, "")


def _told_of_wrong(cases: list[Case]) -> tuple[str, str] | None:
    """Return the verdict and the words of the first wrong case, if there is one: whatever comes after it, it fails."""
    return next(((FAILS, case.about) for case in cases if not case.is_within), None)


def _row(section: str, check: Check, cases: list[Case], verdict: str, about: str, seconds: float) -> Row:
    wrong = [case for case in cases if not case.is_within]
    worst = max(cases, key=lambda case: case.reach, default=Case(0.0))
    return Row(section, check.what, len(cases), len(wrong), worst.difference, worst.allowed, check.unit,
               check.tolerance, check.why, seconds, verdict, " ".join(about.split()))  # fmt: skip


@dataclass(frozen=True)
class Row:
    """What came out of one check.

    Attributes
    ----------
    section, what : str
    cases, differences : int
        How many were compared, and how many differ by more than allowed.
    largest_difference, allowed : float
        Of the case that comes nearest to what is allowed, or goes furthest beyond it.
    unit, tolerance, why : str
        In what that is measured, how far things may be apart, and why so far.
    seconds : float
    verdict : {"holds", "FAILS", "skipped"}
    about : str
        The first case that differs, what was raised, or why it was skipped.
    """

    section: str
    what: str
    cases: int
    differences: int
    largest_difference: float
    allowed: float
    unit: str
    tolerance: str
    why: str
    seconds: float
    verdict: str
    about: str


@dataclass(frozen=True, repr=False)
class Verification:
    """Rows as they came out; made by `verify`.

    Attributes
    ----------
    rows : tuple of Row
    quick : bool
    seed : int
    seconds : float
    date : str
        In UTC.
    """

    rows: tuple[Row, ...]
    quick: bool
    seed: int
    seconds: float
    date: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))

    @property
    def is_sound(self) -> bool:
        """Whether no row fails, and some hold: nothing was found out by rows that were skipped."""
        verdicts = {row.verdict for row in self.rows}
        return HOLDS in verdicts and FAILS not in verdicts

    @property
    def sections(self) -> list[Section]:
        """The sections that were verified."""
        return [SECTIONS[name] for name in dict.fromkeys(row.section for row in self.rows)]

    def rows_in(self, section: Section) -> list[Row]:
        """Return the rows of a section."""
        return [row for row in self.rows if row.section == section.name]

    @cached_property
    def table(self):
        """DataFrame with one row per check."""
        import pandas as pd

        return pd.DataFrame([asdict(row) for row in self.rows])

    def summary(self) -> str:
        """Return counts in a sentence."""
        counts = {verdict: sum(row.verdict == verdict for row in self.rows) for verdict in (HOLDS, FAILS, SKIPPED)}
        told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
        cases, differences = (sum(getattr(row, name) for row in self.rows) for name in ("cases", "differences"))
        return (f"{len(self.rows)} checks: {told}. {cases:,} cases, {differences:,} differ by more than allowed. "
                f"{self.date}, {self.seconds:.0f} s, seed {self.seed}{', quick: few cases' if self.quick else ''}.")

    def __repr__(self) -> str:
        lines = [f"  {row.verdict:<7}  {row.section}: {row.what}" for row in self.rows]
        return "\n".join([f"<Verification: {self.summary()}>", *lines])
