"""Heterogeneous thresholds on a complete graph: Granovetter (1978), in our own model.

Somebody with sympathy x has the threshold e - x (a = lambda J = 1), so x ~ N(0, sd) and e = 0.25 give thresholds
N(0.25, sd). The share of allies follows r' = F(r).

Tolerance: thresholds laid out at the N midpoint quantiles reproduce F to 1 / (2 N).
"""

from __future__ import annotations

import functools

import numpy as np
from scipy import special

from sim.networks import complete
from sim.verification.check import Case, Check, spread_over
from sim.verification.thresholds import final_allies, state_with, thresholds_at

MEAN, JUMP, LOWER = 0.25, 0.12222, 0.0620  # Granovetter's case
N = 2000
SPREADS = (0.05, 0.10, 0.115, 0.119, 0.124, 0.13, 0.2)
AROUND_JUMP = np.arange(0.1192, 0.1252, 0.0005)
SHARE_TOLERANCE, JUMP_TOLERANCE = 0.004, 0.001


def share_below(r, sd):
    """Return F(r), the share of people whose threshold is below a share r."""
    return special.ndtr((r - MEAN) / sd)


def limit_of_iteration(sd, r=0.0):
    """Return where r' = F(r) leads."""
    for _ in range(20_000):
        r = share_below(r, sd)
    return r


def laid_out(network, sd):
    """Return a silent state whose thresholds sit at the midpoint quantiles of N(MEAN, sd)."""
    quantiles = (np.arange(network.n_people) + 0.5) / network.n_people
    return state_with(thresholds_at(MEAN), network, -sd * special.ndtri(quantiles))


def final_share(network, sd):
    """Return the share of allies in the end."""
    return final_allies(thresholds_at(MEAN), network, laid_out(network, sd)) / network.n_people


@functools.cache
def everybody():
    """Return 2,000 people who all see each other."""
    return complete(N, 0.0, seed=1)


def shares(count: int, seed: int):
    """Compare final shares with the fixed points of the distribution of thresholds."""
    for sd in spread_over(SPREADS, count):
        yield Case(abs(final_share(everybody(), sd) - limit_of_iteration(sd)), SHARE_TOLERANCE, f"sd = {sd}")


def jump_of(network) -> float:
    """Return the spread at which the final share jumps."""
    is_high = np.array([final_share(network, sd) > 0.5 for sd in AROUND_JUMP])
    last_low = int(np.flatnonzero(~is_high)[-1])
    if is_high[:last_low].any():
        raise ValueError("the share does not jump once and for all")
    return float(AROUND_JUMP[last_low] + 0.00025)


def jump(count: int, seed: int):
    """Compare the jump with the published one."""
    yield Case(abs(jump_of(everybody()) - JUMP), JUMP_TOLERANCE, "the spread of the jump")


CHECKS = (
    Check("Granovetter 1978 in our model: 2,000 people with thresholds N(.25, sd), share of allies against the fixed "
          "point of r = F(r)", shares, len(SPREADS), 3, "share of people", f"{SHARE_TOLERANCE}", "Thresholds at "
          "quantiles reproduce F to 1 / (2 N); nobody sees oneself, and near the jump that is magnified."),
    Check("Granovetter's published jump at sd = .1222, in our model (steps of .0005)", jump, 1, 0,
          "standard deviation of thresholds", f"{JUMP_TOLERANCE}", "Two steps of the ladder of spreads."),
)  # fmt: skip
