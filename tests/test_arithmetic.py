"""Exponential, logarithm and normal quantile: near the truth, monotone, and the same bits in compiled code."""

import math
from decimal import Decimal, localcontext

import numba
import numpy as np
import pytest
from scipy import special

from sim.arithmetic import exponential, logarithm, normal_quantile, power_of_two

SMALLEST_DRAW, LARGEST_DRAW = 2.0**-53, 1 - 2.0**-53


@numba.njit
def compiled_exponential(values):
    return np.array([exponential(x) for x in values])


@numba.njit
def compiled_logarithm(values):
    return np.array([logarithm(x) for x in values])


@numba.njit
def compiled_quantile(values):
    return np.array([normal_quantile(x) for x in values])


@numba.njit
def compiled_power(exponents):
    return np.array([power_of_two(n) for n in exponents])


def bits(values):
    return np.asarray(values, float).view(np.int64)


def distance_in_ulps(values, truth):
    """How many doubles lie between each value and the exact truth (a `Decimal`), as a float."""
    return [float(abs(Decimal(v) - t) / Decimal(math.ulp(float(t)))) for v, t in zip(values, truth, strict=True)]


# === exponential ========================================================================================


def test_the_exponential_is_within_three_ulps_of_the_exact_value():
    x = np.concatenate([-40 * np.random.default_rng(1).random(4000), np.linspace(-40, 0, 1001)]).tolist()
    with localcontext() as context:
        context.prec = 40
        errors = distance_in_ulps(map(exponential, x), [Decimal(v).exp() for v in x])
    assert max(errors) <= 3.0
    assert sum(errors) / len(errors) <= 0.5


def test_the_exponential_keeps_its_relative_precision_down_to_its_floor():
    x = np.linspace(-699.9, -40, 2000)
    assert np.allclose([exponential(v) for v in x.tolist()], np.exp(x), rtol=1e-14, atol=0)


def test_the_exponential_never_falls():
    x = np.sort(np.concatenate([-40 * np.random.default_rng(2).random(200_000), np.arange(-2000, 1) / 50]))
    assert np.all(np.diff(compiled_exponential(x)) >= 0)


def test_the_exponential_never_falls_between_adjacent_numbers_where_the_reduction_jumps():
    for n in range(56):
        edge = -(n + 0.5) * math.log(2)
        near = edge + np.arange(-300, 301) * math.ulp(edge)
        assert np.all(np.diff(compiled_exponential(near)) >= 0)


@pytest.mark.parametrize(
    ("x", "expected"),
    [(0.0, 1.0), (-0.0, 1.0), (-5e-324, 1.0), (-1e-17, 1.0), (-700.0, math.exp(-700)), (-1e308, math.exp(-700)),
     (-math.inf, math.exp(-700)), (-700.0000001, math.exp(-700)), (1.0, math.e), (40.0, math.exp(40))],
)  # fmt: skip
def test_the_exponential_at_its_edges(x, expected):
    assert exponential(x) == pytest.approx(expected, rel=1e-14, abs=0)
    assert bits(compiled_exponential(np.array([x]))) == bits(exponential(x))


@pytest.mark.parametrize("x", [0.0, -0.0, -5e-324])
def test_the_best_option_weighs_exactly_one(x):
    assert exponential(x) == 1.0


# === the same bits ======================================================================================


def test_the_exponential_has_the_same_bits_in_compiled_code():
    rng = np.random.default_rng(3)
    of_all_sizes = -(10.0 ** rng.uniform(-300, 308, 20_000))
    x = np.concatenate([-40 * rng.random(150_000), -760 * rng.random(30_000), of_all_sizes])
    assert len(x) == 200_000
    assert np.array_equal(bits([exponential(v) for v in x.tolist()]), bits(compiled_exponential(x)))


def test_the_logarithm_has_the_same_bits_in_compiled_code():
    x = 10.0 ** np.random.default_rng(4).uniform(-300, 0, 20_000)
    assert np.array_equal(bits([logarithm(v) for v in x.tolist()]), bits(compiled_logarithm(x)))


def test_the_quantile_has_the_same_bits_in_compiled_code():
    rng = np.random.default_rng(5)
    tails = 10.0 ** rng.uniform(-17, 0, 20_000)
    u = np.concatenate([rng.random(40_000), tails, 1 - tails, [SMALLEST_DRAW, LARGEST_DRAW]])
    u = u[(u > 0) & (u < 1)]
    assert np.array_equal(bits([normal_quantile(v) for v in u.tolist()]), bits(compiled_quantile(u)))


# === powers, logarithm, quantile ========================================================================


def test_powers_of_two_are_exact_over_the_whole_range():
    exponents = range(-1022, 1024)
    assert all(power_of_two(n) == 2.0**n for n in exponents)
    assert compiled_power(np.array(exponents)).tolist() == [2.0**n for n in exponents]


def test_the_logarithm_is_near_the_exact_value():
    x = [*(10.0 ** np.random.default_rng(6).uniform(-300, 0, 3000)).tolist(), 0.7, math.nextafter(0.7, 0), 0.35]
    with localcontext() as context:
        context.prec = 40
        for value in x:
            truth = float(Decimal(value).ln())
            assert abs(logarithm(value) - truth) <= 2e-15 * max(1.0, abs(truth))


def test_the_logarithm_of_one_is_zero():
    assert logarithm(1.0) == 0.0
    assert logarithm(0.5) == pytest.approx(-math.log(2), rel=1e-15)
    assert logarithm(SMALLEST_DRAW) == pytest.approx(-53 * math.log(2), rel=1e-15)


def test_the_quantile_agrees_with_scipy():
    tails = np.logspace(-16, -1, 3000)
    u = np.concatenate([np.random.default_rng(7).random(20_000), tails, 1 - tails, [0.075, 0.925]])
    assert np.allclose(compiled_quantile(u), special.ndtri(u), rtol=1e-13, atol=1e-15)


def test_the_quantile_is_exactly_odd_where_one_minus_u_is_exact():
    u = np.random.default_rng(8).integers(1, 2**20, 5000) / 2**20
    assert np.array_equal(compiled_quantile(u), -compiled_quantile(1 - u))


def test_the_quantile_never_falls():
    # Where the branches meet (0.075, 0.925, and r = 5 at 1.4e-11) the step is no larger than rounding.
    seams = [0.075, 0.925, math.exp(-25)]
    near = [seam * (1 + k * 1e-12) for seam in seams for k in range(-200, 201)]
    u = np.sort(np.concatenate([np.random.default_rng(9).random(100_000), np.logspace(-16, 0, 5000)[:-1], near]))
    assert np.min(np.diff(compiled_quantile(u))) >= -2e-15


@pytest.mark.parametrize(
    ("u", "expected"),
    [(0.5, 0.0), (SMALLEST_DRAW, -8.209536151601387), (LARGEST_DRAW, 8.209536151601387), (5.5e-17, -8.293461015940508),
     (0.975, 1.959963984540054), (0.025, -1.959963984540054), (0.84134474606854293, 1.0)],
)  # fmt: skip
def test_the_quantile_at_its_edges(u, expected):
    assert normal_quantile(u) == pytest.approx(expected, rel=1e-14, abs=1e-300)
