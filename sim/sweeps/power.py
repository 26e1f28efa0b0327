"""How many replicates? Planned beforehand, from the effect worth finding.

All tests are two-sided, all arms have the same number of replicates.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Set

import numpy as np

from sim.checks import InputError, check_choice, check_count, check_flag, check_number, shown
from sim.sweeps.noncentral import chance_below
from sim.sweeps.replicates import check_inside

MOST_REPLICATES = 10_000_000  # a plan for more is refused
EXACT_UP_TO = 500  # replicates per point up to which the power of Fisher's test is summed exactly
LARGEST_EFFECT = 1e100  # beyond that, squares are too large for a float
KINDS = ("mean", "share")


def plan_replicates(effect, alpha: float = 0.05, power: float = 0.8, *, paired: bool = False, kind="mean") -> int:
    """Return how many replicates per point are needed to find an effect.

    Parameters
    ----------
    effect : float, or pair of floats for ``kind="share"``
        "mean": the smallest difference of means worth finding, in standard deviations between the replicates of a
        point (Cohen's d); if `paired`, in standard deviations of the differences within pairs (d_z). The sign does
        not matter; at most 1e100. "share": the two shares to be told apart, such as of runs that end in a regime, each
        in [0, 1].
    alpha : float
        Chance of finding what is not there, in (0, 1).
    power : float
        Chance of finding the effect, above `alpha` and below 1.
    paired : bool
        Both points are run with the same seeds and compared seed by seed. For means only.
    kind : {"mean", "share"}
        What is compared.

    Returns
    -------
    int
        At least 2. "mean": the fewest at which `power_of` reaches `power`. "share": the fewest from which on it never
        falls below `power`; a share moves in whole runs, so that one replicate more can mean less power.

    Raises
    ------
    InputError
        No effect (0, or two equal shares), a value out of range, or more than 10 million replicates needed.

    Notes
    -----
    Shares are planned for Fisher's exact test, since replicates are few and shares often near 0 or 1. The score test
    (chi-square) would ask for fewer but breaks its promise there: two points that both end in spread half of the time
    give 0 of 2 against 2 of 2, which it calls different at the 5 % level, in 12.5 % of all pairs of two runs. Fisher's
    test never errs more often than `alpha`; it is cautious, and so is the plan. 4 replicates tell 0 from 1. Beyond 500
    replicates a normal approximation takes over. Measured around 500 it asks for 2 % too many at middling shares
    (0.5 against 0.6), 11 % at 0.01 against 0.04 and 23 % at 0 against 0.016.

    References
    ----------
    Cohen (1988), "Statistical power analysis for the behavioral sciences". Casagrande, Pike & Smith (1978), "An
    improved approximate formula for calculating sample sizes for comparing two binomial distributions".
    """
    effect, alpha, paired = _checked_question(effect, alpha, paired, kind)
    power = check_inside("power", power)
    if power <= alpha:
        raise InputError(f"power = {power:g} must be above alpha = {alpha:g}: that much is found by chance alone")
    if _is_none(effect):
        raise InputError(f"effect = {shown(effect)} is no effect: no number of replicates would find it")

    fewest = _first(lambda n: _smooth_power(n, effect, alpha, paired) >= power, 2, MOST_REPLICATES)
    if fewest is None:
        raise InputError(
            f"effect = {shown(effect)} is too small: more than {MOST_REPLICATES:,} replicates per point would be needed"
            f" to find it with power {power:g}; ask for an effect that would matter"
        )
    return fewest if kind == "mean" else _settled(fewest, effect, alpha, power)


def power_of(replicates: int, effect, alpha: float = 0.05, *, paired: bool = False, kind="mean") -> float:
    """Return the chance that so many replicates per point find an effect.

    Parameters
    ----------
    replicates : int
        Per point, from 2 to 10 million; pairs, if `paired`.
    effect, alpha, paired, kind
        As in `plan_replicates`; here the effect may be none.

    Returns
    -------
    float
        In [0, 1]. Without an effect it is the chance of a false alarm: `alpha` for means, less for shares.

    Notes
    -----
    Means: from the noncentral t distribution, exact for normal outcomes of equal spread, and close to it for others
    from some 20 replicates. Shares: exact for Fisher's test up to 500 replicates, beyond by a normal approximation
    with continuity correction.
    """
    replicates = check_count("replicates", replicates, 2, MOST_REPLICATES)
    effect, alpha, paired = _checked_question(effect, alpha, paired, kind)
    if kind == "share":
        return _share_power(replicates, effect, alpha)
    return _mean_power(replicates, effect, alpha, paired)


def _checked_question(effect, alpha, paired, kind):
    check_choice("kind", kind, KINDS)
    alpha, paired = check_inside("alpha", alpha), check_flag("paired", paired)
    if kind == "mean":
        return abs(check_number("effect", effect, -LARGEST_EFFECT, LARGEST_EFFECT)), alpha, paired
    if paired:
        raise InputError("paired = True is for means: for shares it would take to know how often pairs disagree")
    has_no_order = isinstance(effect, str | bytes | Set | Mapping) or not hasattr(effect, "__len__")
    if has_no_order or len(effect) != 2:
        raise InputError(f"effect must be a pair (first share, second share) for kind='share', not {shown(effect)}")
    first, second = effect
    return (check_number("first share", first, 0, 1), check_number("second share", second, 0, 1)), alpha, paired


def _is_none(effect) -> bool:
    return effect[0] == effect[1] if isinstance(effect, tuple) else effect == 0


def _first(is_true, low: int, high: int) -> int | None:
    """Return the least whole number in [low, high] from which on a condition holds, or None."""
    if not is_true(high):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if is_true(middle) else (middle + 1, high)
    return low


def _settled(guess: int, shares, alpha: float, power: float) -> int:
    """Walk down from well above a guess to the fewest replicates from which on the power suffices."""
    n = guess if guess > 1.2 * EXACT_UP_TO else guess + guess // 5 + 10
    while n > 2 and _share_power(n - 1, shares, alpha) >= power:
        n -= 1
    return n


def _smooth_power(n: int, effect, alpha: float, paired: bool) -> float:
    return _smooth_share_power(n, effect, alpha) if isinstance(effect, tuple) else _mean_power(n, effect, alpha, paired)


def _mean_power(n: int, effect: float, alpha: float, paired: bool) -> float:
    from scipy import special

    freedom, shift = (n - 1, effect * math.sqrt(n)) if paired else (2 * n - 2, effect * math.sqrt(n / 2))
    bound = -float(special.stdtrit(freedom, alpha / 2))
    power = 1 - chance_below(bound, freedom, shift) + 1 - chance_below(bound, freedom, -shift)
    return min(1.0, max(0.0, power))


def _share_power(n: int, shares, alpha: float) -> float:
    return _fisher_power(n, shares, alpha) if n <= EXACT_UP_TO else _smooth_share_power(n, shares, alpha)


def _fisher_power(n: int, shares, alpha: float) -> float:
    """Return the exact power of Fisher's test: the chance of all pairs of counts that it calls different."""
    from scipy import stats

    counts = np.arange(n + 1)
    first, second = (stats.binom.pmf(counts, n, share) for share in shares)
    together = counts[:, None] + counts
    critical = _fisher_critical(n, alpha)[together]
    is_found = (counts[:, None] <= critical) | (counts <= critical)
    return float(min(1.0, first @ (is_found @ second)))


def _fisher_critical(n: int, alpha: float) -> np.ndarray:
    """Return, for every total of two counts, the smaller count up to which the two differ; -1 if none does.

    With equal arms the distribution of one count given the total is symmetric, so that the two-sided p is twice
    the tail.
    """
    from scipy import special

    total, count = np.arange(2 * n + 1)[:, None], np.arange(n + 1)
    is_possible = (count <= total) & (total - count <= n)
    other = np.where(is_possible, total - count, 0)
    logs = special.gammaln(np.arange(2 * n + 2) + 1.0)
    ways = logs[n] - logs[count] - logs[n - count] + logs[n] - logs[other] - logs[n - other]
    chance = np.where(is_possible, np.exp(ways - (logs[2 * n] - logs[total] - logs[2 * n - total])), 0.0)
    differs = is_possible & (2 * chance.cumsum(axis=1) <= alpha * (1 + 1e-9)) & (2 * count < total)
    return np.where(differs, count, -1).max(axis=1)


def _smooth_share_power(n: int, shares, alpha: float) -> float:
    """Return the power of the test of two shares by the normal approximation with continuity correction."""
    from scipy import special

    first, second = shares
    apart, middle = abs(first - second), (first + second) / 2
    if n * apart <= 1:
        return 0.0
    root = (n - 1 / apart) / math.sqrt(n)  # the square root of the replicates that are left after correction
    spread = math.sqrt(first * (1 - first) + second * (1 - second))
    surplus = root * apart + special.ndtri(alpha / 2) * math.sqrt(2 * middle * (1 - middle))
    return float(special.ndtr(surplus / spread)) if spread else float(surplus >= 0)
