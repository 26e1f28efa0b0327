"""Choosing: the logit, its limits, ties, forbidden options and extreme luck."""

import itertools
import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from published import published

from sim import rules
from sim.parameters import numbers_of
from sim.rules import ALLY, BYSTAND, GATEKEEP, OPPOSE, TOKEN, WELCOME, WITHDRAW

SWITCHES = ("oppose_allowed", "bystand_allowed", "token_allowed", "ally_allowed")
HIGHEST = 1 - 2**-53
utilities = st.floats(-50, 50)
temperatures = st.floats(0.05, 20)


def knobs(**values):
    return numbers_of(published(**values))


def softmax(values, noise):
    weights = [math.exp((value - max(values)) / noise) for value in values]
    return [weight / sum(weights) for weight in weights]


def shares(weights):
    return [weight / sum(weights) for weight in weights]


# === weights ============================================================================================


@settings(deadline=None)
@given(utilities, utilities, utilities, temperatures)
def test_stances_are_chosen_by_a_logit(oppose, token, ally, noise):
    weights = rules.stance_weights(knobs(noise=noise), oppose, token, ally)
    assert shares(weights) == pytest.approx(softmax([oppose, 0.0, token, ally], noise), rel=1e-12, abs=1e-300)
    assert max(weights) == 1.0


@settings(deadline=None)
@given(utilities, utilities, utilities, temperatures)
def test_responses_are_chosen_by_a_logit(gatekeep, withdraw, welcome, noise):
    weights = rules.response_weights(knobs(noise=noise), gatekeep, withdraw, welcome)
    assert shares(weights) == pytest.approx(softmax([gatekeep, withdraw, welcome], noise), rel=1e-12, abs=1e-300)
    assert max(weights) == 1.0


def test_four_weights_worked_out_by_hand():
    # Best 2; distances 1, 2, 3, 0 at temperature 1/2.
    weights = rules.stance_weights(knobs(noise=0.5), 1.0, -1.0, 2.0)
    assert weights == pytest.approx((math.exp(-2), math.exp(-4), math.exp(-6), 1.0), rel=1e-14)


@settings(deadline=None)
@given(st.lists(st.booleans(), min_size=4, max_size=4).filter(any), utilities, utilities, utilities)
def test_a_forbidden_stance_weighs_nothing_and_the_rest_is_a_logit_among_the_others(allowed, oppose, token, ally):
    weights = rules.stance_weights(knobs(**dict(zip(SWITCHES, allowed, strict=True))), oppose, token, ally)
    options = list(zip([oppose, 0.0, token, ally], weights, allowed, strict=True))
    assert all(weight == 0.0 for _, weight, is_allowed in options if not is_allowed)
    left = [(utility, weight) for utility, weight, is_allowed in options if is_allowed]
    expected = softmax([utility for utility, _ in left], 1.0)
    assert shares([weight for _, weight in left]) == pytest.approx(expected, rel=1e-12, abs=1e-300)


# === from weights to a choice ===========================================================================


@pytest.mark.parametrize(
    ("draw", "stance"),
    [(0.0, BYSTAND), (0.2499, BYSTAND), (0.25, TOKEN), (0.4999, TOKEN), (0.5, ALLY), (0.7499, ALLY), (0.75, OPPOSE),
     (HIGHEST, OPPOSE)],
)  # fmt: skip
def test_four_equal_options_share_the_luck_in_the_order_bystand_token_ally_oppose(draw, stance):
    assert rules.choose_stance(knobs(), 0.0, 0.0, 0.0, draw) == stance


@pytest.mark.parametrize(
    ("draw", "response"), [(0.0, WITHDRAW), (0.333, WITHDRAW), (0.334, WELCOME), (0.666, WELCOME), (0.667, GATEKEEP),
                           (HIGHEST, GATEKEEP)]
)  # fmt: skip
def test_three_equal_options_share_the_luck_in_the_order_withdraw_welcome_gatekeep(draw, response):
    assert rules.choose_response(knobs(), 0.0, 0.0, 0.0, draw) == response


def counted(choose, n_options, n=4000):
    choices = [choose((i + 0.5) / n) for i in range(n)]
    return [choices.count(option) / n for option in range(n_options)]


@pytest.mark.parametrize("noise", [0.5, 1.0, 3.0])
def test_each_option_gets_its_probability_of_all_luck_there_is(noise):
    p = knobs(noise=noise)
    stances = counted(lambda draw: rules.choose_stance(p, 0.7, -0.4, 0.3, draw), 4)
    assert stances == pytest.approx(softmax([0.7, 0.0, -0.4, 0.3], noise), abs=1 / 4000)
    responses = counted(lambda draw: rules.choose_response(p, 0.7, -0.4, 0.3, draw), 3)
    assert responses == pytest.approx(softmax([0.7, -0.4, 0.3], noise), abs=1 / 4000)


# === no noise ===========================================================================================

SILENCE_FIRST = [BYSTAND, TOKEN, ALLY, OPPOSE]
WITHDRAWAL_FIRST = [WITHDRAW, WELCOME, GATEKEEP]


@pytest.mark.parametrize("values", list(itertools.product((-1.0, 0.0, 1.0), repeat=3)))
@pytest.mark.parametrize("draw", [0.0, 0.5, HIGHEST])
def test_without_noise_the_best_stance_is_taken_and_the_first_on_a_tie(values, draw):
    by_stance = {OPPOSE: values[0], BYSTAND: 0.0, TOKEN: values[1], ALLY: values[2]}
    expected = max(SILENCE_FIRST, key=by_stance.get)  # max keeps the first of equals
    assert rules.choose_stance(knobs(noise=0.0), *values, draw) == expected


@pytest.mark.parametrize("values", list(itertools.product((-1.0, 0.0, 1.0), repeat=3)))
@pytest.mark.parametrize("draw", [0.0, 0.5, HIGHEST])
def test_without_noise_the_best_response_is_taken_and_the_first_on_a_tie(values, draw):
    by_response = dict(zip((GATEKEEP, WITHDRAW, WELCOME), values, strict=True))
    expected = max(WITHDRAWAL_FIRST, key=by_response.get)
    assert rules.choose_response(knobs(noise=0.0), *values, draw) == expected


def test_without_noise_only_the_best_options_weigh_anything():
    assert rules.stance_weights(knobs(noise=0.0), 1.0, -1.0, 1.0) == (1.0, 0.0, 0.0, 1.0)
    assert rules.response_weights(knobs(noise=0.0), -1.0, 2.0, 0.0) == (0.0, 1.0, 0.0)


def test_indifference_means_inertia():
    assert rules.choose_stance(knobs(noise=0.0), 0.0, 0.0, 0.0, HIGHEST) == BYSTAND
    no_silence = knobs(noise=0.0, bystand_allowed=False)
    assert rules.choose_stance(no_silence, -1.0, -1.0, -1.0, HIGHEST) == TOKEN
    assert rules.choose_stance(no_silence, -1.0, -2.0, -1.0, HIGHEST) == ALLY


# === extremes ===========================================================================================


@settings(deadline=None)
@given(
    st.lists(st.booleans(), min_size=4, max_size=4).filter(any),
    st.tuples(*[st.sampled_from([-1e5, -30.0, -1.0, 0.0, 1.0, 30.0, 1e5])] * 3),
    st.sampled_from([0.0, 5e-324, 1e-300, 0.01, 1.0, 100.0]),
    st.sampled_from([0.0, 2**-53, 0.25, 0.5, 0.75, 1 - 2**-52, HIGHEST]) | st.floats(0, HIGHEST),
)
@example([False, False, False, True], (0.0, 0.0, -1e5), 0.0, HIGHEST)
def test_a_forbidden_stance_is_never_chosen_whatever_the_luck(allowed, values, noise, draw):
    p = knobs(noise=noise, **dict(zip(SWITCHES, allowed, strict=True)))
    assert allowed[rules.choose_stance(p, *values, draw)]


@pytest.mark.parametrize("noise", [5e-324, 1e-300, 1e-9])
@pytest.mark.parametrize("size", [1e-3, 1.0, 1e5, 1e250])
def test_huge_utilities_and_tiny_noise_do_not_overflow(noise, size):
    p = knobs(noise=noise)
    assert [rules.choose_stance(p, -size, -size, size, draw) for draw in (1e-290, 0.5, HIGHEST)] == [ALLY] * 3
    assert [rules.choose_stance(p, size, -size, -size, draw) for draw in (1e-290, 0.5, HIGHEST)] == [OPPOSE] * 3
    assert [rules.choose_response(p, -size, size, -size, draw) for draw in (0.0, 0.5, HIGHEST)] == [WITHDRAW] * 3
    assert all(0.0 <= weight <= 1.0 for weight in rules.stance_weights(p, -size, size, -size))


@settings(deadline=None)
@given(utilities, utilities, utilities, temperatures, st.floats(0, 10))
def test_an_option_that_gets_better_never_gets_rarer(oppose, token, ally, noise, more):
    p = knobs(noise=noise)
    before = shares(rules.stance_weights(p, oppose, token, ally))
    after = shares(rules.stance_weights(p, oppose, token, ally + more))
    assert after[ALLY] >= before[ALLY] - 1e-15
    assert all(after[other] <= before[other] + 1e-15 for other in (OPPOSE, BYSTAND, TOKEN))


@settings(deadline=None)
@given(utilities, utilities, utilities)
def test_more_noise_moves_the_choice_towards_chance(oppose, token, ally):
    cool, warm = (shares(rules.stance_weights(knobs(noise=noise), oppose, token, ally)) for noise in (1.0, 4.0))
    assert max(warm) <= max(cool) + 1e-15
    assert min(warm) >= min(cool) - 1e-15
