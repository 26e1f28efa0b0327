"""Intervals, effects, and when to stop: against printed tables, other software and simulation."""

import math
import warnings

import numpy as np
import pytest
from scipy import stats

from sim.checks import InputError
from sim.sweeps.replicates import cautious_half_width, effect_of, is_narrow, mean_interval, share_interval

FIRST, SECOND = [2.0, 4.0, 4.0, 7.0, 9.0], [1.0, 2.0, 2.0, 3.0]


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


# === intervals ==========================================================================================


def test_the_interval_of_a_mean_is_students():
    interval = mean_interval(FIRST)
    assert interval == pytest.approx((5.2, 1.7545222348486633, 8.645477765151337, 5))  # statsmodels 0.15
    assert mean_interval([2, None, 4, math.nan, 4, 7, 9]) == pytest.approx(interval)
    assert mean_interval(FIRST, 0.5).low > interval.low


def test_too_few_values_leave_the_interval_open():
    one, none = mean_interval([3]), mean_interval([None, math.nan])
    assert (one.estimate, one.n, none.n) == (3, 1, 0)
    assert all(math.isnan(x) for x in (one.low, one.high, *none[:3]))


@pytest.mark.parametrize("value", [0.1, 0.0, -1e9 / 3, 1e-300])
def test_equal_values_have_an_interval_of_no_width(value):
    assert mean_interval([value] * 7) == (value, value, value, 7)


@pytest.mark.parametrize(
    ("count", "n", "level", "low", "high"),
    [  # statsmodels 0.15, proportion_confint(method="wilson")
        (0, 10, 0.95, 0.0, 0.2775327998628892),
        (3, 20, 0.95, 0.052368745896216595, 0.36041886474075696),
        (20, 20, 0.99, 0.7508945989012465, 1.0),
        (70, 100, 0.9, 0.6201678660558755, 0.7692950456308546),
        (1, 1000, 0.95, 0.00017654637062607809, 0.0056425585979579355),
    ],
)
def test_the_interval_of_a_share_is_wilsons(count, n, level, low, high):
    assert share_interval(count, n, level) == pytest.approx((count / n, low, high, n), abs=1e-12)


def test_without_runs_a_share_may_be_anything():
    interval = share_interval(0, 0)
    assert math.isnan(interval.estimate)
    assert interval[1:] == (0, 1, 0)


# === effects ============================================================================================


def test_the_effect_between_independent_points_agrees_with_other_software():
    effect = effect_of(FIRST, SECOND, paired=False)
    assert (effect.n_first, effect.n_second, effect.difference.n) == (5, 4, 9)
    # statsmodels 0.15: CompareMeans.tconfint_diff(usevar="unequal"), effectsize_smd, rank_compare_2indep
    assert effect.difference[:3] == pytest.approx((3.2, -0.19249472284913383, 6.592494722849134))
    assert effect.standardized.estimate == pytest.approx(1.3140429302894872, rel=2e-3)  # its correction is approximate
    assert effect.superiority == pytest.approx(0.9)


def test_the_effect_within_pairs_is_that_of_the_differences():
    first, second = [3.0, 5.0, 4.0, 8.0, 9.0], [1.0, 4.0, 4.0, 9.0, 4.0]
    effect = effect_of(first, second, paired=True)
    low, high = stats.ttest_rel(first, second).confidence_interval(0.95)
    assert effect.difference == pytest.approx((1.4, low, high, 5))
    assert effect.superiority == 0.7
    d_z = 1.4 / np.std(np.subtract(first, second), ddof=1)
    assert effect.standardized.estimate == pytest.approx(d_z * math.gamma(2) / (math.sqrt(2) * math.gamma(1.5)))


@pytest.mark.parametrize("paired", [True, False])
@pytest.mark.parametrize("shift", [0.0, 0.4, 3.0, -50.0])
def test_the_bounds_of_a_standardized_effect_are_those_the_noncentral_t_would_just_allow(paired, shift):
    rng = np.random.default_rng(3)
    first, second = rng.normal(shift, 1, 15), rng.normal(0, 1, 15 if paired else 40)
    interval = effect_of(first, second, paired=paired, level=0.9).standardized
    t = (stats.ttest_rel if paired else stats.ttest_ind)(first, second).statistic
    root, freedom = (math.sqrt(15), 14) if paired else (math.sqrt(15 * 40 / 55), 53)
    assert stats.nct.sf(t, freedom, interval.low * root) == pytest.approx(0.05, abs=1e-6)
    assert stats.nct.cdf(t, freedom, interval.high * root) == pytest.approx(0.05, abs=1e-6)
    assert interval.low < interval.estimate < interval.high


@pytest.mark.parametrize("paired", [True, False])
def test_standardized_effects_are_unbiased_and_their_intervals_keep_their_promise(paired):
    """1,500 pairs of samples: standard errors 0.0056 (coverage) and at most 0.018 (effect), allowed some three."""
    rng = np.random.default_rng(4)
    true = 0.8 / math.sqrt(2) if paired else 0.8
    samples = zip(rng.normal(0.8, 1, (1500, 6)), rng.normal(0, 1, (1500, 6)), strict=True)
    effects = [effect_of(first, second, paired=paired).standardized for first, second in samples]
    assert np.mean([e.low < true < e.high for e in effects]) == pytest.approx(0.95, abs=0.017)
    assert np.mean([e.estimate for e in effects]) == pytest.approx(true, abs=0.05)


@pytest.mark.parametrize("paired", [True, False])
def test_swapping_the_points_turns_the_sign(paired):
    there, back = effect_of(FIRST[:4], SECOND, paired=paired), effect_of(SECOND, FIRST[:4], paired=paired)
    for name in ("difference", "standardized"):
        e, f = getattr(there, name), getattr(back, name)
        assert (f.estimate, f.low, f.high) == pytest.approx((-e.estimate, -e.high, -e.low))
    assert there.superiority + back.superiority == pytest.approx(1)


@pytest.mark.parametrize("paired", [True, False])
def test_points_without_spread_differ_by_nothing_or_by_infinitely_much(paired):
    same, apart = (effect_of([0.1] * 7, [x] * 7, paired=paired) for x in (0.1, 0.3))
    assert same.difference[:3] == (0, 0, 0)
    assert apart.difference[:3] == pytest.approx((-0.2, -0.2, -0.2))
    assert (same.standardized.estimate, apart.standardized.estimate) == (0, -math.inf)
    assert np.isnan([*same.standardized[1:3], *apart.standardized[1:3]]).all()
    assert (same.superiority, apart.superiority) == (0.5, 0)


def test_a_constant_shift_of_all_partners_has_no_spread_even_after_rounding():
    first = np.random.default_rng(5).random(20)
    effect = effect_of(first + 0.1, first, paired=True)
    assert effect.standardized.estimate == math.inf
    assert effect.difference[:3] == pytest.approx((0.1, 0.1, 0.1))
    assert effect_of(first, first, paired=True).standardized.estimate == 0


def test_one_point_without_spread_is_no_obstacle():
    effect = effect_of([0.5] * 5, [0.1, 0.2, 0.3, 0.1, 0.2], paired=False)
    low, high = stats.ttest_1samp([0.1, 0.2, 0.3, 0.1, 0.2], 0.5).confidence_interval(0.95)
    assert effect.difference.low == pytest.approx(0.5 - high)
    assert effect.difference.high == pytest.approx(0.5 - low)
    assert math.isfinite(effect.standardized.high)


@pytest.mark.parametrize("paired", [True, False])
@pytest.mark.parametrize("n", [0, 1])
def test_too_few_values_say_nothing_of_spread(paired, n):
    effect = effect_of([2.0] * n, [1.0] * n, paired=paired)
    assert np.isnan([effect.difference.low, effect.difference.high, *effect.standardized[:3]]).all()
    assert math.isnan(effect.superiority) if n == 0 else effect.superiority == 1
    lone = effect_of([1, 2, 3], [2] * n, paired=False)
    assert np.isnan([lone.difference.low, lone.difference.high, *lone.standardized[:3]]).all()


def test_missing_values_take_their_partner_along():
    effect = effect_of([1, None, 3, 5], [0, 9, math.nan, 3], paired=True)
    assert effect == effect_of([1, 5], [0, 3], paired=True)
    assert math.isnan(effect.standardized.estimate)  # two pairs: no unbiased estimate exists
    assert effect.standardized.low < effect.standardized.high
    assert effect_of([1, None, 3], [0, 9], paired=False).n_first == 2


def test_nearly_no_spread_gives_large_but_ordered_bounds():
    first = 1 + 1e-9 * np.arange(10)
    interval = effect_of(first, first[::-1] - 1, paired=False).standardized
    assert 1e7 < interval.low < interval.estimate < interval.high < math.inf


# === stopping ===========================================================================================


def covered(draw, mean, half_width, reps=600):
    """Return how often the mean is within `half_width` when sampling in tens stops at the first yes."""
    rng, hits = np.random.default_rng(6), 0
    for _ in range(reps):
        values = draw(rng, 20)
        while not is_narrow(values, half_width):
            values = np.concatenate([values, draw(rng, 10)])
        hits += abs(values.mean() - mean) <= half_width
    return hits / reps


@pytest.mark.parametrize(
    ("draw", "mean", "half_width", "measured"),
    [
        (lambda rng, n: rng.normal(0, 1, n), 0, 1 / 3, 0.964),
        (lambda rng, n: (rng.random(n) < 0.1).astype(float), 0.1, 0.06, 0.930),
        (lambda rng, n: rng.exponential(1, n), 1, 1 / 3, 0.945),
    ],
    ids=["normal", "bernoulli", "exponential"],
)
def test_stopping_early_costs_as_much_coverage_as_documented(draw, mean, half_width, measured):
    """600 sequences: standard error at most 0.0104; without the added 1/n Bernoulli outcomes reach 0.80."""
    assert covered(draw, mean, half_width) == pytest.approx(measured, abs=0.025)


def test_replicates_that_all_agree_do_not_stop_at_once():
    assert not is_narrow([0.0] * 20, 0.06)
    assert next(n for n in range(2, 60) if is_narrow([1.0] * n, 0.06)) == 34  # the least n with t / n <= 0.06
    assert is_narrow([1.0] * 20, 6, scale=100) is False
    assert is_narrow([1.0] * 34, 6, scale=100) is True


def test_wider_intervals_more_values_and_less_certainty_stop_sooner():
    values = np.random.default_rng(7).normal(0, 1, 400)
    stops = [next(n for n in range(20, 400) if is_narrow(values[:n], h)) for h in (0.5, 0.3, 0.2)]
    assert stops == sorted(set(stops))
    assert is_narrow(values[:60], 0.3, 0.8) and not is_narrow(values[:60], 0.3, 0.999)
    assert not is_narrow(values[:19], 100) and is_narrow(values[:19], 100, least=19)
    assert not is_narrow([], 100)
    assert not is_narrow([*values[:19], math.nan, None], 100)


def test_the_half_width_told_is_the_one_decided_by():
    values = np.random.default_rng(5).random(60)
    width = cautious_half_width(values, 0.9)
    assert is_narrow(values, width * (1 + 1e-12), 0.9)
    assert not is_narrow(values, width * (1 - 1e-12), 0.9)
    interval = mean_interval(values, 0.9)
    assert interval.estimate - interval.low < width < 1.1 * (interval.estimate - interval.low)
    assert math.isnan(cautious_half_width([0.5])) and math.isnan(cautious_half_width([]))


# === bad input ==========================================================================================


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: mean_interval([1, "2"]), "values"),
        (lambda: mean_interval(["1", "2"]), "values"),
        (lambda: mean_interval([1, math.inf]), "values"),
        (lambda: mean_interval([[1, 2], [3, 4]]), "values"),
        (lambda: mean_interval([[1, 2], [3]]), "values"),
        (lambda: mean_interval([1j]), "values"),
        (lambda: mean_interval([10**400]), "values"),
        (lambda: mean_interval(3), "values"),
        (lambda: mean_interval([1, 2], 1), "level"),
        (lambda: share_interval(3, 2), "count"),
        (lambda: share_interval(-1, 2), "count"),
        (lambda: effect_of([1, 2], [1], paired=True), "pairs"),
        (lambda: effect_of([1, 2], [1, "x"], paired=False), "second"),
        (lambda: effect_of([1, 2], [1, 2], paired=None), "paired"),
        (lambda: is_narrow([1, 2], 0), "half_width"),
        (lambda: is_narrow([1, 2], 1, least=1), "least"),
        (lambda: is_narrow([1, 2], 1, scale=-1), "scale"),
        (lambda: is_narrow([1, 2], 1, 95), "level"),
    ],
)
def test_bad_input_is_refused_in_words(call, words):
    with pytest.raises(InputError, match=words):
        call()
