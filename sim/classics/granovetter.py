"""Granovetter (1978): how many join a riot, when everybody joins once enough others have?

Rules. Everybody has a threshold, drawn from a normal distribution, and joins, for good, as soon as the share of people
who have joined reaches it. Everybody sees everybody, or with a `network` the neighbours; all look at the same picture.

Exact: in a large population the share follows r' = F(r), with F the distribution of thresholds, up to the lowest fixed
point. With thresholds N(.25, sd) that point jumps from .0620 to nearly 1 at sd = .12222.

Departures from the paper: none in the rules. One hundred thresholds can stand for a normal distribution in several
ways, and the jump of the published example depends on which (`thresholds`).

Granovetter, M. (1978), "Threshold models of collective behavior", *American Journal of Sociology* 83(6), 1420-1443.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import optimize, stats

from sim.arithmetic import normal_quantile
from sim.checks import check_choice, check_count, check_number
from sim.classics.adoption import needed_of, spread
from sim.classics.outcome import Outcome, check_network, history_of, model
from sim.compiled import compiled
from sim.streams import CLASSIC_TRAIT, check_seed, uniforms

DRAWN = ("random", "middle", "even")


@model
def run(
    threshold_mean=0.25, threshold_spread=0.12, n_people=100, thresholds="random", network=None, steps=300, seed=1
):
    """Run the model of Granovetter (1978).

    Parameters
    ----------
    threshold_mean : float
        In [-10, 10].
    threshold_spread : float
        Standard deviation of thresholds, from 0 to 10.
    n_people : int
        1 to 10,000,000; ignored with a `network`.
    thresholds : {"random", "middle", "even"}
        Drawn at random; or laid out at the quantiles (i - 1/2) / n; or at i / (n + 1), for i = 1..n.
    network : Network, optional
        Who sees whom; everybody sees everybody without one.
    steps : int
    seed : int
        Matters for random thresholds, and for who has which threshold on a network.

    Returns
    -------
    Outcome
        Its ``history`` has ``acting_share``, 0 at step 0.
    """
    mean = check_number("threshold_mean", threshold_mean, -10, 10)
    deviation = check_number("threshold_spread", threshold_spread, 0, 10)
    n_people = check_count("n_people", n_people, 1, 10_000_000)
    check_choice("thresholds", thresholds, DRAWN)
    steps, seed = check_count("steps", steps, 0, 1_000_000), check_seed(seed)
    if network is not None:
        n_people = check_network(network).n_people
    own = mean + deviation * _standard(n_people, thresholds, seed)
    if network is None:
        counts = _everybody(np.sort(own), steps)
    else:
        counts = spread(network, needed_of(network.degree, own), np.zeros(n_people, bool), steps)
    return Outcome(history_of(acting_share=counts / n_people), network)


def _standard(n_people: int, thresholds: str, seed: int) -> np.ndarray:
    """Return standard normal numbers, random or laid out; who has which is random."""
    draws = uniforms(seed, CLASSIC_TRAIT, n_people)
    if thresholds != "random":
        rank = np.argsort(np.argsort(draws, kind="stable"), kind="stable")
        draws = (rank + 0.5) / n_people if thresholds == "middle" else (rank + 1) / (n_people + 1)
    return _quantiles(draws)


@compiled
def _quantiles(draws):
    out = np.empty(draws.size)
    for i in range(draws.size):
        out[i] = normal_quantile(max(draws[i], 5.5e-17))  # a draw of 0 stands for the lowest of 2**53 cells
    return out


def _everybody(own: np.ndarray, steps: int) -> np.ndarray:
    """Return how many act when everybody sees everybody; `own` are the thresholds in order."""
    counts = np.zeros(steps + 1, np.int64)
    for step in range(1, steps + 1):
        counts[step] = np.searchsorted(own, counts[step - 1] / own.size, side="right")
        if counts[step] == counts[step - 1]:
            counts[step:] = counts[step]
            break
    return counts


def resting_share(threshold_mean: float, threshold_spread: float) -> float:
    """Return the lowest fixed point of r = F(r) for normal thresholds: where a large population comes to rest."""

    def excess(share):
        return stats.norm.cdf((share - threshold_mean) / threshold_spread) - share

    shares = np.linspace(0, 1, 100_001)
    above = excess(shares)
    first = int(np.argmax(above <= 0))
    return 1.0 if above[first] > 0 else 0.0 if first == 0 else optimize.brentq(excess, *shares[first - 1 : first + 1])


def jump(threshold_mean: float) -> tuple[float, float]:
    """Return the spread at which the resting share jumps, and the share just below the jump.

    F touches the diagonal there: F(r) = r and F'(r) = 1. With z = (r - mean) / sd the second says pdf(z) = sd.
    """

    def misses(z):
        return stats.norm.cdf(z) - (threshold_mean + z * stats.norm.pdf(z))

    z = optimize.brentq(misses, -8, -math.sqrt(0.5))
    return float(stats.norm.pdf(z)), float(stats.norm.cdf(z))
