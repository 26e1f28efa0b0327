"""The noncentral t distribution: how t is spread when there is an effect."""

from __future__ import annotations

import functools
import math

import numpy as np


def chance_below(t: float, freedom: int, shift: float) -> float:
    """Return the chance that a noncentral t is at most `t`, which is not negative.

    T = (Z + shift) / S. The integral runs over S (a chi over the root of its degrees of freedom) or over Z, whichever
    leaves the smoother function. SciPy's own (1.17) is NaN in places: `special.nctdtr` at tails as far as 1e-16.
    """
    from scipy import special

    if t <= math.sqrt(2 * freedom):
        low, high = (math.sqrt(special.chdtri(freedom, p) / freedom) for p in (1 - 1e-16, 1e-18))
        s, weights = _nodes(low, high)
        logs = (freedom - 1) * np.log(s) - freedom / 2 * (s * s - 1)
        with np.errstate(under="ignore"):
            weights = weights * np.exp(logs - logs.max())
        return float(weights @ special.ndtr(t * s - shift) / weights.sum())
    z, weights = _nodes(min(max(-9.0, -shift), 9.0), 9.0)
    density = np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return float(special.ndtr(-shift) + weights @ (density * special.chdtrc(freedom, freedom * ((z + shift) / t) ** 2)))


@functools.cache
def _legendre() -> tuple[np.ndarray, np.ndarray]:
    return np.polynomial.legendre.leggauss(200)


def _nodes(low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
    """Return where to take a function between two bounds, and the weights that sum it to its integral."""
    nodes, weights = _legendre()
    return low + (high - low) * (nodes + 1) / 2, weights * (high - low) / 2


def noncentrality(t: float, freedom: int, p: float) -> float:
    """Return the noncentrality under which a t as small as this, or smaller, has the probability `p`."""
    from scipy import optimize, special

    if t < 0:
        return -noncentrality(-t, freedom, 1 - p)
    reach = t * math.sqrt(special.chdtri(freedom, 1e-9) / freedom) + 10
    return optimize.brentq(lambda shift: chance_below(t, freedom, shift) - p, -10, reach, xtol=1e-10)
