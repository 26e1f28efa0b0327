"""A pattern that others have measured, what of the model has to agree with it, and whether it does."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from sim import streams
from sim.checks import check_choice

HOLDS, UNCERTAIN, FAILS = "holds", "uncertain", "fails"
VERDICTS = (HOLDS, UNCERTAIN, FAILS)
KINDS = ("emergent", "built in")
RESAMPLES = 2000
FLAT = 0.1  # of the reference: what counts as no difference


@dataclass(frozen=True)
class Clause:
    """One number that must lie in a range.

    Attributes
    ----------
    what : str
        What the number is.
    statistic : callable
        Takes the numbers of some replicates (repeats allowed), returns the number.
    n : int
        Replicates.
    low, high : float
        Where it has to lie.
    """

    what: str
    statistic: Callable
    n: int
    low: float = -np.inf
    high: float = np.inf

    def judged(self, seed: int = 0) -> dict:
        """Return the number, its one-sided 95 % bounds (bootstrap over replicates), and whether it is where it must be.

        It ``holds`` if both bounds that matter lie inside, ``fails`` if one lies wholly outside; else it is
        ``uncertain``.
        """
        value = float(self.statistic(np.arange(self.n)))
        draws = streams.uniforms(seed, streams.RESAMPLE, RESAMPLES * self.n).reshape(RESAMPLES, self.n)
        again = np.array([self.statistic(row) for row in (draws * self.n).astype(np.int64)])
        known = again[~np.isnan(again)]
        between = "linear" if np.isfinite(known).all() else "nearest"  # nothing lies between a number and infinity
        least, most = np.quantile(known, [0.05, 0.95], method=between) if len(known) else (value, value)
        if np.isnan(value) or most < self.low or least > self.high:
            verdict = FAILS
        else:
            verdict = HOLDS if least > self.low and most < self.high else UNCERTAIN
        return {"what": self.what, "value": value, "least": float(least), "most": float(most), "low": self.low,
                "high": self.high, "verdict": verdict, "n": self.n}  # fmt: skip


def told(clause: dict) -> str:
    """Return in words what a clause says: the number, its bounds, and where it must lie."""
    low, high = clause["low"], clause["high"]
    where = f"above {low:.3g}" if math.isinf(high) else f"below {high:.3g}" if math.isinf(low) else (
        f"{low:.3g} to {high:.3g}")  # fmt: skip
    return f"{clause['what']}: {clause['value']:.3g} ({clause['least']:.3g} to {clause['most']:.3g}); must be {where}"


def mean(what: str, values, low: float = -np.inf, high: float = np.inf) -> Clause:
    """Return the clause that the mean over replicates lies in a range; replicates without a value do not count."""
    values = np.asarray(values, float)
    values = values[~np.isnan(values)]
    return Clause(what, lambda rows: values[rows].mean() if len(values) else np.nan, len(values), low, high)


def above(what: str, values, than: float = 0.0) -> Clause:
    """Return the clause that the mean over replicates is above something."""
    return mean(what, values, low=than)


def below(what: str, values, than: float = 0.0) -> Clause:
    """Return the clause that the mean over replicates is below something."""
    return mean(what, values, high=than)


def flat(what: str, values, reference) -> Clause:
    """Return the clause that a difference is under a tenth of a reference: 0 for all purposes."""
    room = FLAT * abs(float(np.nanmean(reference)))
    return mean(what, values, -room, room)


def ratio(what: str, upper, lower, low: float = -np.inf, high: float = np.inf) -> Clause:
    """Return the clause that the ratio of two means lies in a range."""
    upper, lower = np.asarray(upper, float), np.asarray(lower, float)
    return Clause(what, lambda rows: upper[rows].mean() / lower[rows].mean(), len(upper), low, high)


@dataclass(frozen=True)
class Pattern:
    """An empirical pattern.

    Attributes
    ----------
    id : str
    sentence : str
        What was found in people.
    source : str
    shows_as : str
        What stands for it in the model.
    kind : {"emergent", "built in"}
        Whether it can fail, or verifies the code.
    measure : callable
        Takes a `Bench`, returns a list of `Clause`.
    is_joint : bool
        Part of the set that default parameters are chosen by.
    """

    id: str
    sentence: str
    source: str
    shows_as: str
    kind: str
    measure: Callable
    is_joint: bool = False

    def __post_init__(self):
        check_choice("kind of a pattern", self.kind, KINDS)

    def judged(self, bench) -> Judgement:
        """Measure it at a parameter vector."""
        clauses = [clause.judged(bench.seed) for clause in self.measure(bench)]
        return Judgement(self, clauses)


@dataclass(frozen=True)
class Judgement:
    """A pattern as it came out: its clauses, and the worst of their verdicts."""

    pattern: Pattern
    clauses: list[dict] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """The worst verdict of its clauses."""
        return max((clause["verdict"] for clause in self.clauses), key=VERDICTS.index)
