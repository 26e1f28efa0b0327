"""Global cascades on Poisson random graphs (Watts 2002), in our own model, with a single convinced seed.

A person with k ties is vulnerable when one ally suffices: 1 / k > phi, so k <= K, the largest such degree. A seed of
any degree starts a global cascade with probability 1 - sum over k of p_k u^k, u = 1 - sum over k <= K of k p_k / z +
sum over k <= K of (k p_k / z) u^(k - 1).
"""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from sim.networks import from_edges, two_groups
from sim.rules import Stance
from sim.run import simulate
from sim.streams import VERIFICATION, permutation
from sim.verification.check import Case, Check, spread_over, yes_or_no
from sim.verification.limit_cases import norm_only
from sim.verification.thresholds import final_allies, seeded, thresholds_at

N, GRAPHS, SEEDS = 10_000, 6, 20
GLOBAL = N // 10
UNLIKELY = 0.001
INSIDE = [(1.5, 0.18), (3.0, 0.18), (4.5, 0.18), (2.3, 0.24)]  # mean degree, threshold
OUTSIDE = [(0.7, 0.18), (8.0, 0.18), (1.5, 0.26), (2.3, 0.26), (4.0, 0.26)]
LINEAR = [(0.5, 2.0, 0.25), (1.0, 4.0, 1.0), (0.25, 8.0, 1.0)]  # loyalty, coupling, effort: binary fractions


def largest_vulnerable(phi):
    """Return K."""
    return math.ceil(1 / phi) - 1


def chance_of_cascade(z, phi):
    """Return the chance that one random person sets off a global cascade."""
    degrees = np.arange(0, 200)
    p = stats.poisson.pmf(degrees, z)
    along = (degrees * p / z)[1 : largest_vulnerable(phi) + 1]
    u = 0.0
    for _ in range(10_000):
        u = 1 - along.sum() + (along * u ** np.arange(len(along))).sum()
    return 1 - (p * u**degrees).sum()


def cascades(z, phi):
    """Return how many of GRAPHS x SEEDS single seeds set off a global cascade."""
    parameters = thresholds_at(phi)
    count = 0
    for g in range(GRAPHS):
        network = two_groups(N, 0.0, mean_degree=z, homophily=0, seed=100 + g)
        for seed in permutation(g, VERIFICATION, N)[:SEEDS]:
            count += final_allies(parameters, network, seeded(parameters, network, [seed])) > GLOBAL
    return count


def window(count: int, seed: int):
    """Compare how often single seeds set off cascades with the chance, inside and outside of the window."""
    for z, phi in spread_over(INSIDE + OUTSIDE, count):
        about = f"z = {z}, phi = {phi}"
        if (z, phi) in OUTSIDE:
            yield yes_or_no(cascades(z, phi) == 0, about)
        else:
            chance = stats.binomtest(cascades(z, phi), GRAPHS * SEEDS, chance_of_cascade(z, phi)).pvalue
            yield Case(-math.log10(max(chance, 1e-300)), -math.log10(UNLIKELY), about)


def linear_threshold(loyalty, coupling, effort):
    """Return parameters under which people stand up once the share of allies exceeds e / (lambda J)."""
    return norm_only(coupling=coupling, loyalty=loyalty, effort=effort, noise=0, oppose_allowed=False, revise=1)


def next_stance_of_the_centre(parameters, n_allies, n_neighbours):
    """Return what the centre of a star does, seeing allies among its neighbours."""
    star = from_edges([(0, i) for i in range(1, n_neighbours + 1)], [False] * (n_neighbours + 1))
    stances = ["bystand"] + ["ally"] * n_allies + ["bystand"] * (n_neighbours - n_allies)
    return Stance(int(simulate(parameters, star, steps=1, start=stances).state.act[0]))


def stands_up(loyalty, coupling, effort, n_allies, n_neighbours):
    """Return what the threshold says; a share equal to it is not enough."""
    return Stance.ALLY if n_allies / n_neighbours > effort / (loyalty * coupling) else Stance.BYSTAND


def centres(count: int, seed: int):
    """Compare what people do at every share of allies around them with their threshold."""
    places = [(about, allies, n) for about in LINEAR for n in (1, 2, 3, 4, 8, 16) for allies in range(n + 1)]
    for about, allies, n in spread_over(places, count):
        found = next_stance_of_the_centre(linear_threshold(*about), allies, n)
        yield yes_or_no(found == stands_up(*about, allies, n), f"{allies} of {n} at {about}")


CHECKS = (
    Check("linear threshold: without noise people stand up exactly where the share of allies exceeds e / (lambda J)",
          centres, 120, 30, "1 = another stance"),
    Check("Watts 2002 in our model: how many of 120 single seeds on graphs of 10,000 set off a global cascade, against "
          "the chance inside the window and 0 outside", window, 9, 2, "-log10 of the chance of such a count",
          "3 inside (a chance of .001); 0 cascades outside",
          "Counts of independent seeds are binomial. Seeds are fixed, so a right model passes always."),
)  # fmt: skip
