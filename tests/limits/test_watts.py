"""Global cascades on Poisson random graphs (Watts 2002), with thresholds phi and a single convinced seed.

A person with k ties is vulnerable when one ally suffices: 1 / k > phi, so k <= K, the largest such degree. A vulnerable
cluster percolates where z P(Poisson(z) <= K - 2) > 1. A seed of any degree starts a global cascade with probability
1 - sum over k of p_k u^k, u = 1 - sum over k <= K of k p_k / z + sum over k <= K of (k p_k / z) u^(k - 1).
"""


import numpy as np
import pytest
from scipy import stats
from scipy.optimize import brentq

from sim.verification.cascades import GRAPHS, INSIDE, OUTSIDE, SEEDS, cascades, chance_of_cascade, largest_vulnerable


def expected_new(z, phi):
    """Return how many vulnerable people one vulnerable person reaches in turn."""
    return z * stats.poisson.cdf(largest_vulnerable(phi) - 2, z)


def test_the_published_window_is_where_the_condition_equals_one():
    assert largest_vulnerable(0.18) == 5
    low, high = (brentq(lambda z: expected_new(z, 0.18) - 1, *bounds) for bounds in ((0.5, 2), (4, 8)))
    assert (low, high) == (pytest.approx(1.021, abs=5e-4), pytest.approx(5.765, abs=5e-4))


def test_the_condition_cannot_hold_above_a_quarter():
    means = np.linspace(0.1, 20, 2000)
    assert max(expected_new(z, 0.2501) for z in means) < 1 < max(expected_new(z, 0.2499) for z in means)


@pytest.mark.slow
@pytest.mark.parametrize(("z", "phi"), INSIDE)
def test_inside_the_window_single_seeds_set_off_cascades_as_often_as_predicted(z, phi):
    """Two-sided binomial test at 0.001; seeds on one graph share its giant cluster, which 10,000 people make sharp."""
    count, chance = cascades(z, phi), chance_of_cascade(z, phi)
    assert chance > 0.1
    assert stats.binomtest(count, GRAPHS * SEEDS, chance).pvalue > 0.001


@pytest.mark.slow
@pytest.mark.parametrize(("z", "phi"), OUTSIDE)
def test_outside_the_window_no_single_seed_reaches_a_tenth(z, phi):
    """With 120 seeds and no cascade, the chance of one is below 0.04 (95 %)."""
    assert cascades(z, phi) == 0
