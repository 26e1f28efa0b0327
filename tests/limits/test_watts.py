"""Global cascades on Poisson random graphs (Watts 2002), with thresholds phi and a single convinced seed.

A person with k ties is vulnerable when one ally suffices: 1 / k > phi, so k <= K, the largest such degree. A vulnerable
cluster percolates where z P(Poisson(z) <= K - 2) > 1. A seed of any degree starts a global cascade with probability
1 - sum over k of p_k u^k, u = 1 - sum over k <= K of k p_k / z + sum over k <= K of (k p_k / z) u^(k - 1).
"""

import math

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import brentq
from thresholds import final_allies, seeded, thresholds_at

from sim.networks import two_groups

N, GRAPHS, SEEDS = 10_000, 6, 20
GLOBAL = N // 10


def largest_vulnerable(phi):
    return math.ceil(1 / phi) - 1


def expected_new(z, phi):
    """Return how many vulnerable people one vulnerable person reaches in turn."""
    return z * stats.poisson.cdf(largest_vulnerable(phi) - 2, z)


def chance_of_cascade(z, phi):
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
        for seed in np.random.default_rng(g).choice(N, SEEDS, replace=False):
            count += final_allies(parameters, network, seeded(parameters, network, [seed])) > GLOBAL
    return count


def test_the_published_window_is_where_the_condition_equals_one():
    assert largest_vulnerable(0.18) == 5
    low, high = (brentq(lambda z: expected_new(z, 0.18) - 1, *bounds) for bounds in ((0.5, 2), (4, 8)))
    assert (low, high) == (pytest.approx(1.021, abs=5e-4), pytest.approx(5.765, abs=5e-4))


def test_the_condition_cannot_hold_above_a_quarter():
    means = np.linspace(0.1, 20, 2000)
    assert max(expected_new(z, 0.2501) for z in means) < 1 < max(expected_new(z, 0.2499) for z in means)


@pytest.mark.slow
@pytest.mark.parametrize(("z", "phi"), [(1.5, 0.18), (3.0, 0.18), (4.5, 0.18), (2.3, 0.24)])
def test_inside_the_window_single_seeds_set_off_cascades_as_often_as_predicted(z, phi):
    """Two-sided binomial test at 0.001; seeds on one graph share its giant cluster, which 10,000 people make sharp."""
    count, chance = cascades(z, phi), chance_of_cascade(z, phi)
    assert chance > 0.1
    assert stats.binomtest(count, GRAPHS * SEEDS, chance).pvalue > 0.001


@pytest.mark.slow
@pytest.mark.parametrize(("z", "phi"), [(0.7, 0.18), (8.0, 0.18), (1.5, 0.26), (2.3, 0.26), (4.0, 0.26)])
def test_outside_the_window_no_single_seed_reaches_a_tenth(z, phi):
    """With 120 seeds and no cascade, the chance of one is below 0.04 (95 %)."""
    assert cascades(z, phi) == 0
