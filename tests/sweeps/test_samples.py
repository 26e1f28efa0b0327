"""Samples: even along every axis, uniform point by point, the same whoever asks; lines and grids by hand."""

import itertools
import warnings

import numpy as np
import pytest
from scipy import stats

from sim.sweeps import samples

SAMPLERS = [samples.latin_hypercube, samples.sobol]
UNLIKELY = 1e-4  # the seeds are fixed, so a test that passes once passes always


def in_strata(column, count):
    return np.bincount((column * count).astype(int), minlength=count)


@pytest.mark.parametrize("sample", SAMPLERS)
@pytest.mark.parametrize(("count", "n_axes"), [(1, 1), (3, 1), (7, 4), (100, 3), (256, 12)])
def test_a_sample_is_a_repeatable_array_in_the_unit_cube_without_a_warning(sample, count, n_axes):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        points = sample(count, n_axes, 3)
    assert points.shape == (count, n_axes)
    assert points.dtype == np.float64
    assert points.min() > 0  # 0 itself would be the corner
    assert points.max() < 1
    np.testing.assert_array_equal(points, sample(count, n_axes, 3))
    assert not np.isin(points, sample(count, n_axes, 4)).any()


@pytest.mark.parametrize("sample", SAMPLERS)
def test_an_axis_added_after_others_changes_nothing_for_them(sample):
    np.testing.assert_array_equal(sample(50, 2, 9), sample(50, 5, 9)[:, :2])


@pytest.mark.parametrize("sample", SAMPLERS)
def test_each_point_by_itself_is_uniform_in_the_cube(sample):
    at = np.array([sample(5, 2, seed)[[0, 3]] for seed in range(1500)])
    for column in at.reshape(len(at), -1).T:
        assert stats.kstest(column, "uniform").pvalue > UNLIKELY
    assert abs(stats.spearmanr(at[:, 1, 0], at[:, 1, 1]).statistic) < 0.1


@pytest.mark.parametrize("sample", SAMPLERS)
def test_axes_are_unrelated(sample):
    related = np.corrcoef(sample(1024, 6, 2), rowvar=False) - np.eye(6)
    assert np.abs(related).max() < 0.12


@pytest.mark.parametrize("count", [1, 2, 7, 1000])
def test_a_latin_hypercube_has_one_point_in_every_stratum_of_every_axis(count):
    for column in samples.latin_hypercube(count, 5, 11).T:
        assert (in_strata(column, count) == 1).all()


def test_the_place_within_a_stratum_is_uniform_and_unrelated_to_the_order_of_strata():
    columns = samples.latin_hypercube(2000, 4, 5).T * 2000
    for jitter, stratum in itertools.product(columns % 1, np.floor(columns)):
        assert stats.kstest(jitter, "uniform").pvalue > UNLIKELY
        assert abs(stats.spearmanr(stratum, jitter).statistic) < 0.1
        assert abs(stats.spearmanr(np.argsort(stratum), jitter).statistic) < 0.1  # what one draw for both would relate


@pytest.mark.parametrize("count", [1, 3, 10, 1000])
def test_rounding_takes_no_point_into_the_next_stratum(count):
    strata = np.arange(count)
    column = samples._in_strata(strata, np.full(count, 1 - 2**-53))
    assert (column < (strata + 1) / count).all()
    assert (column >= strata / count).all()


def test_a_latin_hypercube_averages_a_sum_of_axes_far_better_than_independent_points():
    means = [samples.latin_hypercube(50, 3, seed).sum(axis=1).mean() for seed in range(200)]
    assert np.std(means) < 0.1 * np.sqrt(3 / 12 / 50)


@pytest.mark.parametrize("seed", [0, 1, 2**64 - 1])
def test_sobol_points_are_a_net_in_two_axes(seed):
    """Of the first 2**m points, exactly one is in every box of 2**-k by 2**-(m - k)."""
    points = samples.sobol(64, 2, seed)
    for k in range(7):
        boxes = (points * [2**k, 2 ** (6 - k)]).astype(int) @ [2 ** (6 - k), 1]
        assert sorted(boxes) == list(range(64))


def test_sobol_points_fill_the_strata_of_every_axis_and_nearly_so_for_other_counts():
    points = samples.sobol(1000, 8, 7)
    for column in points.T:
        assert (in_strata(column[:512], 512) == 1).all()
        assert set(in_strata(column, 64)) <= {15, 16}


def test_more_sobol_points_keep_the_earlier_ones():
    many = samples.sobol(300, 3, 1)
    for count in (1, 2, 5, 64, 299):
        np.testing.assert_array_equal(samples.sobol(count, 3, 1), many[:count])


def test_the_shift_flips_the_same_binary_digits_of_all_points():
    """The first axis of a Sobol sequence is 0, 1/2, 3/4, 1/4, 3/8, 7/8, 5/8, 1/8 (Antonov & Saleev, 1979)."""
    digits = (samples.sobol(8, 1, 5)[:, 0] * 2.0**53).astype(np.int64)
    assert ((digits ^ digits[0]) / 2.0**53).tolist() == [0, 0.5, 0.75, 0.25, 0.375, 0.875, 0.625, 0.125]
    assert digits[0] % 2**20 > 0  # all digits are shifted, not only the leading ones


def test_axes_have_shifts_of_their_own():
    first = samples.sobol(1, 40, 8)[0]
    assert len(set(first)) == 40
    assert stats.kstest(first, "uniform").pvalue > UNLIKELY


def test_lines_leave_the_base_along_one_axis_at_a_time():
    points = samples.lines({"a": 1, "b": "x", "c": 0.5}, {"a": [0, 1, 2], "b": ("y", "x", "y")})
    assert points == [
        {"a": 1, "b": "x", "c": 0.5},
        {"a": 0, "b": "x", "c": 0.5},
        {"a": 2, "b": "x", "c": 0.5},
        {"a": 1, "b": "y", "c": 0.5},
    ]


def test_lines_without_axes_are_the_base_itself_and_not_the_dictionary_given():
    base = {"a": 1}
    points = samples.lines(base, {})
    points[0]["a"] = 2
    assert base == {"a": 1}
    assert points == [{"a": 2}]


def test_a_grid_is_every_combination_with_the_first_axis_slowest():
    assert samples.grid({"a": [1, 2], "b": ["x"], "c": (0.0, 0.5)}) == [
        {"a": 1, "b": "x", "c": 0.0},
        {"a": 1, "b": "x", "c": 0.5},
        {"a": 2, "b": "x", "c": 0.0},
        {"a": 2, "b": "x", "c": 0.5},
    ]
    assert samples.grid({}) == [{}]
    assert samples.grid({"a": []}) == []


def test_scaled_numbers_are_plain_floats_between_the_bounds():
    values = samples.scaled(np.array([0.0, 0.5, 1 - 2**-53, 1.0]), -1, 3, False)
    assert values == [-1.0, 1.0, 3 - 2**-51, 3.0]
    assert {type(value) for value in values} == {float}
    assert max(samples.scaled(np.full(1, 1 - 2**-53), 0.1, 0.7, False)) <= 0.7


def test_scaled_whole_numbers_are_plain_integers_with_equal_shares_and_both_ends():
    values = samples.scaled((np.arange(600) + 0.5) / 600, -2, 3, True)
    assert {type(value) for value in values} == {int}
    assert [values.count(value) for value in range(-2, 4)] == [100] * 6
    assert samples.scaled(np.array([0.0, 1 - 2**-53, 1.0]), 10, 10**9, True) == [10, 10**9, 10**9]
