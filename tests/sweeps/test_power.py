"""Replicates planned from the effect worth finding: against printed tables, other software and simulation."""

import itertools
import math
import warnings

import numpy as np
import pytest
from scipy import stats

from sim.checks import InputError
from sim.sweeps.power import plan_replicates, power_of


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


# === means ==============================================================================================


@pytest.mark.parametrize(
    ("d", "alpha", "power", "paired", "n"),
    [
        # Cohen (1992), table 2: 393, 64, 26 per group
        (0.2, 0.05, 0.8, False, 394),  # statsmodels (393.4), rounded up, is one more than the printed table
        (0.5, 0.05, 0.8, False, 64),
        (0.8, 0.05, 0.8, False, 26),
        # statsmodels 0.15 TTestIndPower, TTestPower, rounded up
        (0.1, 0.05, 0.8, False, 1571),
        (0.5, 0.01, 0.9, False, 121),
        (1.2, 0.05, 0.95, False, 20),
        (2.0, 0.01, 0.9, False, 10),
        (0.2, 0.05, 0.8, True, 199),
        (0.5, 0.05, 0.8, True, 34),
        (0.8, 0.05, 0.8, True, 15),
        (2.0, 0.05, 0.8, True, 5),
    ],
)
def test_plans_agree_with_printed_tables_and_other_software(d, alpha, power, paired, n):
    assert plan_replicates(d, alpha, power, paired=paired) == n
    assert plan_replicates(-d, alpha, power, paired=paired) == n


def test_power_agrees_with_other_software():
    """Values of statsmodels 0.15, TTestIndPower and TTestPower."""
    independent = [power_of(n, d) for d, n in ((0.5, 20), (0.8, 10), (0.2, 400))]
    assert independent == pytest.approx([0.337939028925, 0.395069212114, 0.806497278808], abs=1e-9)
    paired = [power_of(n, d, paired=True) for d, n in ((0.5, 20), (0.8, 10), (0.2, 100))]
    assert paired == pytest.approx([0.564504418439, 0.616232763474, 0.508264806621], abs=1e-9)


def test_power_is_how_often_a_t_test_finds_the_effect():
    rng = np.random.default_rng(1)
    first, second = rng.normal(0.9, 1, (20_000, 12)), rng.normal(0, 1, (20_000, 12))
    assert (stats.ttest_ind(first, second, axis=1).pvalue < 0.05).mean() == pytest.approx(power_of(12, 0.9), abs=0.012)
    assert (stats.ttest_1samp(first, 0, axis=1).pvalue < 0.05).mean() == pytest.approx(
        power_of(12, 0.9, paired=True), abs=0.01
    )


@pytest.mark.parametrize("question", [{}, {"paired": True}, {"kind": "share"}])
def test_a_plan_reaches_the_power_and_one_fewer_does_not(question):
    for effect in (0.4, 0.7, 0.95):
        for power in (0.3, 0.8, 0.95):
            asked = (0.02, effect) if question.get("kind") else effect
            n = plan_replicates(asked, power=power, **question)
            assert power_of(n, asked, **question) >= power
            assert n == 2 or power_of(n - 1, asked, **question) < power


@pytest.mark.parametrize("question", [{}, {"paired": True}, {"kind": "share"}])
def test_more_power_stricter_tests_and_smaller_effects_take_more_replicates(question):
    def plan(effect, **changes):
        return plan_replicates((0.05, 0.05 + effect) if question.get("kind") else effect, **question, **changes)

    by_power = [plan(0.5, power=power) for power in (0.2, 0.5, 0.8, 0.9, 0.99)]
    by_alpha = [plan(0.5, alpha=alpha) for alpha in (0.2, 0.1, 0.05, 0.01, 0.001)]
    by_effect = [plan(effect) for effect in (0.9, 0.7, 0.5, 0.35, 0.25)]
    for plans in (by_power, by_alpha, by_effect):
        assert all(few < many for few, many in itertools.pairwise(plans)), plans


def test_the_extremes_of_a_plan():
    assert plan_replicates(1e6) == plan_replicates(1e100, paired=True) == 2
    assert plan_replicates(0.002) == pytest.approx(2 * (1.959964 + 0.841621) ** 2 / 0.002**2, rel=1e-5)  # normal limit
    assert power_of(2, 5, 1e-9) < 1e-6
    assert 0 < power_of(2, 1, 1e-12, paired=True) < power_of(2, 1e9, 1e-12, paired=True) <= 1


def test_without_an_effect_power_is_the_rate_of_false_alarms():
    assert power_of(7, 0) == pytest.approx(0.05)
    assert power_of(7, 0, 0.01, paired=True) == pytest.approx(0.01)
    assert 0 < power_of(30, (0.5, 0.5), kind="share") <= 0.05


# === shares =============================================================================================


@pytest.mark.parametrize(("n", "shares", "alpha"), [(2, (0, 1), 0.4), (6, (0.1, 0.8), 0.05), (13, (0.3, 0.6), 0.1)])
def test_the_power_for_shares_is_that_of_fishers_test_in_scipy(n, shares, alpha):
    chance = 0.0
    for a in range(n + 1):
        for b in range(n + 1):
            is_found = stats.fisher_exact([[a, n - a], [b, n - b]]).pvalue <= alpha * (1 + 1e-9)
            chance += is_found * stats.binom.pmf(a, n, shares[0]) * stats.binom.pmf(b, n, shares[1])
    assert power_of(n, shares, alpha, kind="share") == pytest.approx(chance, abs=1e-9)
    assert power_of(n, shares[::-1], alpha, kind="share") == pytest.approx(chance, abs=1e-9)


def test_four_runs_each_tell_never_from_always():
    assert plan_replicates((0, 1), kind="share") == 4  # 0 of 4 against 4 of 4: p = 2 / 70; with three, 2 / 20
    assert power_of(3, (0, 1), kind="share") == 0
    assert power_of(4, (0, 1), kind="share") == pytest.approx(1)
    assert power_of(4, (0, 1), 2 / 70, kind="share") == pytest.approx(1)
    assert power_of(4, (0, 1), 1.99 / 70, kind="share") == 0


def test_a_plan_for_shares_holds_for_any_more_replicates_too():
    """Power goes up and down as a share moves in whole runs."""
    for shares, power in (((0.2, 0.7), 0.8), ((0.1, 0.5), 0.8), ((0.02, 0.2), 0.8), ((0.35, 0.65), 0.9)):
        n = plan_replicates(shares, power=power, kind="share")
        assert min(power_of(more, shares, kind="share") for more in range(n, 2 * n)) >= power
        assert power_of(n - 1, shares, kind="share") < power
    powers = [power_of(n, (0.2, 0.7), kind="share") for n in range(2, 30)]
    assert np.diff(powers).min() < 0  # or there would be nothing to guard against


def test_fishers_test_seldom_cries_wolf_at_any_share():
    rates = [power_of(n, (p, p), kind="share") for n in (2, 5, 9, 20, 40) for p in (0.01, 0.1, 0.3, 0.5, 0.9)]
    assert max(rates) <= 0.05


def test_large_plans_for_shares_follow_the_corrected_formula_worked_by_hand():
    """0.10 against 0.15: n' = (1.959964 * 0.467707 + 0.841621 * 0.466369)**2 / 0.05**2 = 685.6 without correction.

    Corrected, 685.6 / 4 * (1 + sqrt(1 + 4 / (685.6 * 0.05)))**2 = 725.05.
    """
    assert plan_replicates((0.10, 0.15), kind="share") == 726
    assert power_of(500, (0.4, 0.5), kind="share") == pytest.approx(power_of(501, (0.4, 0.5), kind="share"), abs=0.01)
    assert power_of(2000, (0, 1), kind="share") == 1
    assert power_of(2000, (0.3, 0.3), kind="share") == power_of(501, (0, 1e-4), kind="share") == 0


# === extremes ===========================================================================================

TINY, NEARLY = 5e-324, 1 - 1e-16
EFFECTS = [1e-300, 1e-9, 0.5, 50, 1e6, 1e99, 1e100]
LEVELS = [TINY, 1e-300, 1e-20, 1e-5, 0.5, NEARLY]
SHARES = [0, TINY, 1e-17, 1e-9, 0.3, 0.5, NEARLY, 1]


@pytest.mark.parametrize("paired", [True, False])
@pytest.mark.parametrize("alpha", LEVELS)
def test_the_power_for_means_at_the_ends_of_the_range_is_a_chance_without_a_warning(alpha, paired):
    for n in (2, 3, 500, 501, 10_000_000):
        powers = [power_of(n, effect, alpha, paired=paired) for effect in (0, *EFFECTS)]
        assert all(0 <= power <= 1 for power in powers)
        assert np.diff(powers).min() >= -1e-12  # a larger effect is no harder to find


@pytest.mark.parametrize("alpha", LEVELS)
def test_the_power_for_shares_at_the_ends_of_the_range_is_a_chance_without_a_warning(alpha):
    for n in (2, 30, 501, 10_000_000):
        for shares in itertools.product(SHARES, SHARES):
            assert 0 <= power_of(n, shares, alpha, kind="share") <= 1


@pytest.mark.parametrize("paired", [True, False])
def test_plans_at_the_ends_of_the_range_are_made_or_refused_without_a_warning(paired):
    for effect, alpha, power in itertools.product(EFFECTS, LEVELS[1:4], (1e-200, 0.5, NEARLY)):
        try:
            assert plan_replicates(effect, alpha, power, paired=paired) >= 2
        except InputError as refusal:
            assert "too small" in str(refusal) or "above alpha" in str(refusal)


# === bad input ==========================================================================================


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: plan_replicates(0), "no effect"),
        (lambda: plan_replicates((0.3, 0.3), kind="share"), "no effect"),
        (lambda: plan_replicates(math.nan), "effect"),
        (lambda: plan_replicates("0.5"), "effect"),
        (lambda: plan_replicates(0.5, 0), "alpha"),
        (lambda: plan_replicates(0.5, power=1), "power"),
        (lambda: plan_replicates(0.5, 0.3, 0.3), "above alpha"),
        (lambda: plan_replicates(1e-6), "10,000,000"),
        (lambda: plan_replicates((0.5, 0.50001), kind="share"), "10,000,000"),
        (lambda: plan_replicates(0.5, kind="shares"), "did you mean 'share'"),
        (lambda: plan_replicates(0.5, kind="share"), "pair"),
        (lambda: plan_replicates("01", kind="share"), "pair"),
        (lambda: plan_replicates((0.1, 1.2), kind="share"), "second share"),
        (lambda: plan_replicates((0.1, 0.2), kind="share", paired=True), "paired"),
        (lambda: plan_replicates((0.1, 0.2)), "effect"),
        (lambda: plan_replicates(0.5, paired=1), "paired"),
        (lambda: power_of(1, 0.5), "replicates"),
        (lambda: power_of(2.5, 0.5), "replicates"),
        (lambda: plan_replicates(1e154), r"effect = 1e\+154 is out of range"),
        (lambda: power_of(2, -1e308, paired=True), "effect"),
        (lambda: plan_replicates({0.1, 0.2}, kind="share"), "pair"),
        (lambda: plan_replicates({"a": 0.1, "b": 0.2}, kind="share"), "pair"),
        (lambda: power_of(10, (math.nan, 0.2), kind="share"), "first share"),
        (lambda: power_of(10, 0.5, math.nan), "alpha"),
    ],
)
def test_bad_input_is_refused_in_words(call, words):
    with pytest.raises(InputError, match=words):
        call()


def test_two_shares_may_come_in_any_ordered_form():
    pd = pytest.importorskip("pandas")
    for shares in ([0.1, 0.5], np.array([0.1, 0.5]), pd.Series({"a": 0.1, "b": 0.5})):
        assert power_of(20, shares, kind="share") == power_of(20, (0.1, 0.5), kind="share")
