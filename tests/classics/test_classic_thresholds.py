"""Granovetter (1978), Watts (2002) and Centola & Macy (2007): people who join when enough others have.

Tolerances: four standard errors of a mean over replicates; binomial counts within the central 99.9 %.
"""

import numpy as np
import pytest
from scipy import stats

from sim.classics import complex_contagion, granovetter, watts
from sim.classics.adoption import needed_of, spread
from sim.classics.lattices import SIDEWAYS, rewired, torus
from sim.networks import complete, from_edges, ring_lattice

UNLIKELY = 0.001


def last(run):
    return run.history.iloc[-1, 1]


# === the rule ===========================================================================================


@pytest.mark.parametrize("threshold", [-0.5, 0, 0.1, 0.2, 0.3, 1 / 3, 0.5, 0.7, 1, 1.2])
def test_needed_neighbours_are_the_fewest_that_reach_the_share(threshold):
    for degree in range(60):
        needed = needed_of(np.array([degree]), threshold)[0]
        enough = [count for count in range(degree + 1) if count / max(degree, 1) >= threshold]
        assert needed == (enough[0] if enough else degree + 1)


def test_spread_along_a_line_takes_a_step_per_person():
    line = from_edges([(i, i + 1) for i in range(9)], [False] * 10)
    begun = np.arange(10) == 0
    assert spread(line, np.full(10, 1), begun, 12).tolist() == [*range(1, 11), 10, 10, 10]
    assert spread(line, np.full(10, 2), begun, 5).tolist() == [1] * 6
    assert begun.sum() == 1  # the start is the caller's


def test_with_noise_one_neighbour_is_enough_in_the_end_but_none_is_not():
    line = from_edges([(0, 1), (1, 2)], [False] * 4)
    counts = spread(line, np.full(4, 2), np.arange(4) == 0, 200, noise=0.2, seed=1)
    assert counts[-1] == 3
    waits = [np.argmax(spread(line, np.full(4, 2), np.arange(4) == 0, 200, noise=0.2, seed=s) > 1) for s in range(400)]
    assert abs(np.mean(waits) - 5) < 4 * np.std(waits) / 20  # geometric with mean 1 / .2


# === Granovetter ========================================================================================


def test_the_jump_is_where_granovetter_has_it():
    assert granovetter.jump(0.25) == pytest.approx((0.12222, 0.0620), abs=5e-6 + 5e-5)
    assert granovetter.resting_share(0.25, 0.12222) == pytest.approx(0.0620, abs=5e-4)
    assert granovetter.resting_share(0.25, 0.12223) > 0.999


@pytest.mark.parametrize("thresholds", ["middle", "even"])
def test_among_a_hundred_people_the_jump_lies_between_the_published_bounds(thresholds):
    spreads = np.arange(0.11, 0.14, 5e-4)
    shares = {sd: last(granovetter.run(threshold_spread=sd, thresholds=thresholds)) for sd in spreads}
    first = min(sd for sd, share in shares.items() if share > 0.5)
    assert 0.119 <= first <= 0.129
    assert all((share > 0.5) == (sd >= first) for sd, share in shares.items())


@pytest.mark.parametrize("sd", [0.05, 0.09, 0.11, 0.13, 0.2])
def test_a_large_crowd_comes_to_rest_at_the_fixed_point(sd):
    shares = [last(granovetter.run(threshold_spread=sd, n_people=100_000, seed=seed)) for seed in range(8)]
    error = max(np.std(shares, ddof=1) / np.sqrt(8), 1e-5)  # of which 1e-5 is one person
    assert abs(np.mean(shares) - granovetter.resting_share(0.25, sd)) < 4 * error


def test_everybody_on_a_complete_network_is_everybody():
    everybody = complete(300, 0.0, seed=1)
    for sd in (0.05, 0.1, 0.2):
        seen, mixed = (last(granovetter.run(threshold_spread=sd, n_people=300, thresholds="middle", network=network))
                       for network in (everybody, None))  # fmt: skip
        assert seen == pytest.approx(mixed, abs=0.01)  # nobody sees oneself: one in 300


# === Watts ==============================================================================================


def test_the_cascade_window_is_the_published_one():
    assert watts.cascade_window(0.18) == pytest.approx((1.021, 5.765), abs=5e-4)
    assert watts.largest_vulnerable(0.18) == 5
    assert watts.largest_vulnerable(0.25) == 4
    assert watts.cascade_window(0.25)[1] > watts.cascade_window(0.25)[0]
    with pytest.raises(ValueError, match=r"0\.2501.* 0\.25$"):
        watts.cascade_window(0.2501)


@pytest.mark.parametrize("mean_degree", [0.9, 2, 3.5, 5, 7])
def test_cascades_are_as_frequent_as_the_giant_vulnerable_cluster_is_within_reach(mean_degree):
    """100 networks of 10,000 people; a cascade is global above a tenth. At z = .9 and 7 the chance is 0."""
    count = sum(last(watts.run(mean_degree=mean_degree, seed=seed)) > 0.1 for seed in range(100))
    chance = watts.cascade_probability(mean_degree, 0.18)
    low, high = stats.binom.ppf([UNLIKELY / 2, 1 - UNLIKELY / 2], 100, chance)
    assert low <= count <= high
    assert (chance > 1e-9) == (1.021 < mean_degree < 5.765)


def test_above_a_threshold_of_a_quarter_there_are_no_global_cascades():
    for mean_degree in (1.5, 2, 3, 4):
        runs = [last(watts.run(threshold=0.26, mean_degree=mean_degree, seed=seed)) for seed in range(20)]
        assert max(runs) < 0.1


# === Centola & Macy =====================================================================================


def spreads(contacts, rewiring, *, runs=30, **more):
    """Return for every run in which step nine tenths had joined; infinity where they never do."""
    def when(seed):
        share = complex_contagion.run(contacts=contacts, rewiring=rewiring, seed=seed, **more).history["adopted_share"]
        return share.ge(0.9).idxmax() if share.iloc[-1] >= 0.9 else np.inf

    return np.array([when(seed) for seed in range(runs)])


def test_on_the_ring_everything_up_to_half_a_neighbourhood_spreads():
    for contacts in (1, 2, 3, 4):
        assert np.isfinite(spreads(contacts, 0, runs=2)).all()
    assert not np.isfinite(spreads(5, 0, runs=2)).any()


@pytest.mark.parametrize(("contacts", "rewiring"), [(3, 0.2), (3, 0.5), (3, 1), (2, 1)])
def test_without_wide_bridges_complex_contagion_fails(contacts, rewiring):
    """As published: with three contacts from a rewiring of .2 on, with two at 1; at most one in 30 by chance."""
    assert np.isfinite(spreads(contacts, rewiring)).sum() <= 1


@pytest.mark.parametrize(("contacts", "rewiring"), [(1, 0.2), (1, 1), (2, 0.1), (2, 0.2)])
def test_where_bridges_are_wide_enough_rewiring_speeds_it_up(contacts, rewiring):
    assert np.isfinite(spreads(contacts, rewiring)).sum() >= 29
    assert np.median(spreads(contacts, rewiring)) < 0.5 * spreads(contacts, 0, runs=1)[0]


@pytest.mark.parametrize(("degree", "contacts"), [(4, 2), (8, 3)])
def test_with_noise_long_ties_speed_up_complex_contagion_as_well(degree, contacts):
    """Eckles et al. (2024): with a chance of 1 % per step of joining with too few contacts."""
    more = {"mean_degree": degree, "noise": 0.01, "runs": 10}
    assert np.median(spreads(contacts, 0.1, **more)) < 0.75 * np.median(spreads(contacts, 0, **more))
    assert not np.isfinite(spreads(contacts, 0.2, mean_degree=degree, runs=5)).any()


# === rewiring ===========================================================================================


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_rewiring_moves_that_share_of_the_ties_and_keeps_degrees(share):
    network = ring_lattice(2000, 0.0, mean_degree=8, seed=1)
    new = rewired(network, share, 5)
    assert (new.degree == 8).all()
    owner = np.repeat(np.arange(2000), 8)
    span = np.abs(owner - new.neighbours.astype(int))
    is_long = np.minimum(span, 2000 - span) > 4
    assert is_long.mean() == pytest.approx(share, abs=0.01)  # a random tie is short by chance in 8 of 1,999 cases


def test_the_torus_ties_everybody_to_those_around():
    four, eight = torus(5, SIDEWAYS), torus(5)
    assert four.neighbours_of(0).tolist() == [1, 4, 5, 20]
    assert eight.neighbours_of(12).tolist() == [6, 7, 8, 11, 13, 16, 17, 18]
    assert (four.degree == 4).all() and (eight.degree == 8).all()
