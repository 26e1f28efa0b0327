"""Heterogeneous thresholds on a complete graph: Granovetter (1978).

Somebody with sympathy x has the threshold e - x (a = lambda J = 1), so x ~ N(0, sd) and e = 0.25 give thresholds
N(0.25, sd). Clipping x at +-1 is more than 7 standard deviations away. The share of allies follows r' = F(r).

Tolerance: thresholds laid out at the N midpoint quantiles reproduce F to 1 / (2 N). Random thresholds move F(0.06) by a
standard error of sqrt(0.06 * 0.94 / N), which is 0.0053 for 2,000 people; dF/d(sd) is 1.5 there, so the jump moves by
0.0035 in sd.
"""

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import fsolve

from sim import simulate
from sim.meanfield import equilibria, mean_field
from sim.networks import complete
from sim.verification.riots import JUMP, LOWER, MEAN, final_share, limit_of_iteration, share_below
from sim.verification.thresholds import thresholds_at


@pytest.fixture(scope="module")
def everybody():
    return complete(2000, 0.0, seed=1)


def test_the_published_jump_is_where_the_iteration_touches_the_diagonal():
    def touches(at):
        r, sd = at
        return share_below(r, sd) - r, stats.norm.pdf((r - MEAN) / sd) / sd - 1

    assert fsolve(touches, (0.06, 0.12)) == pytest.approx([LOWER, JUMP], abs=5e-5)


@pytest.mark.parametrize("sd", [0.05, 0.10, 0.115, 0.119])
def test_below_the_jump_a_few_stand_up_and_the_rest_never_follow(everybody, sd):
    assert final_share(everybody, sd) == pytest.approx(limit_of_iteration(sd), abs=0.004)


@pytest.mark.parametrize("sd", [0.124, 0.13, 0.2])
def test_above_the_jump_nearly_everybody_follows(everybody, sd):
    share = final_share(everybody, sd)
    assert share > 0.95
    assert share == pytest.approx(limit_of_iteration(sd), abs=0.004)


def test_the_jump_lies_where_granovetter_found_it(everybody):
    """The jump of 2,000 laid-out thresholds is within 0.001 of sd = 0.1222, and the share just below it near 0.062."""
    spreads = np.arange(0.1192, 0.1252, 0.0005)
    shares = np.array([final_share(everybody, sd) for sd in spreads])
    last_low = int(np.flatnonzero(shares < 0.5)[-1])
    assert (shares[: last_low + 1] < 0.1).all()
    assert (shares[last_low + 1 :] > 0.9).all()
    assert spreads[last_low] + 0.00025 == pytest.approx(JUMP, abs=0.001)
    assert shares[last_low] == pytest.approx(LOWER, abs=0.012)  # the share rises as a square root into the jump


def test_among_a_hundred_people_the_jump_lies_between_the_published_bounds():
    hundred = complete(100, 0.0, seed=1)
    spreads = np.arange(0.115, 0.135, 0.0005)
    first_high = spreads[np.argmax([final_share(hundred, sd) > 0.5 for sd in spreads])]
    assert 0.119 <= first_high <= 0.129


@pytest.mark.parametrize(("sd", "is_high"), [(JUMP - 0.014, False), (JUMP + 0.014, True)])
def test_randomly_drawn_thresholds_jump_in_the_same_place(everybody, sd, is_high):
    """Four standard errors on either side of the jump, thresholds drawn by the model itself."""
    parameters = thresholds_at(MEAN, sympathy_spread=sd)
    for seed in range(2):
        run = simulate(parameters, everybody, steps=120, start="silent", seed=seed)
        assert (run.history.ally_share.iloc[-1] > 0.5) == is_high


@pytest.mark.parametrize("sd", [0.05, 0.10, 0.119, 0.14, 0.2])
def test_the_mean_field_iterates_the_distribution_of_thresholds(sd):
    """Within 0.01: with 5,000 nodes F is a staircase of 0.0002, and errors grow while the share shoots up."""
    parameters = thresholds_at(MEAN, sympathy_spread=sd)
    history = mean_field(parameters, steps=60, start="silent", marginalized_share=0, nodes=(5000, 1, 1))
    share = 0.0
    for ally_share in history.ally_share[1:]:
        share = share_below(share, sd)
        assert ally_share == pytest.approx(share, abs=0.01)


@pytest.mark.parametrize(("sd", "n_equilibria"), [(0.10, 3), (0.119, 3), (0.126, 1), (0.2, 1)])
def test_equilibria_are_the_fixed_points_of_the_distribution(sd, n_equilibria):
    table = equilibria(thresholds_at(MEAN, sympathy_spread=sd), nodes=(4000, 1), grid=1000)
    assert len(table) == n_equilibria
    assert table.norm.to_numpy() == pytest.approx(share_below(table.norm.to_numpy(), sd), abs=5e-4)
    assert table.is_stable.tolist() == [True, False, True][-n_equilibria:]
    assert table.norm[0] == pytest.approx(limit_of_iteration(sd), abs=4e-3)
