"""The rules of advantaged people, on situations small enough to work out by hand."""

import pytest
from published import published

from sim import rules
from sim.parameters import numbers_of
from sim.rules import ALLY, BYSTAND, OPPOSE, TOKEN, AdvantagedView, Seen


def knobs(**values):
    return numbers_of(published(**values))


def seen(n_advantaged=0, n_marginalized=0, **totals):
    return Seen(**dict.fromkeys(rules.Shown._fields, 0) | totals, n_advantaged=n_advantaged,
                n_marginalized=n_marginalized)  # fmt: skip


def view(**values):
    return AdvantagedView(**dict.fromkeys(AdvantagedView._fields, 0.0) | values)


def near(value):
    return pytest.approx(value, rel=1e-13, abs=1e-15)


# === what they show =====================================================================================


@pytest.mark.parametrize(
    ("feeling", "level"),
    [(0.0, 0), (0.0078, 0), (1 / 128, 1), (0.15, 10), (0.25, 16), (0.3, 19), (0.5, 32), (0.6, 38), (0.99, 63),
     (0.993, 64), (1.0, 64)],
)  # fmt: skip
def test_a_feeling_is_shown_to_the_nearest_of_65_levels(feeling, level):
    assert rules.shown_level(feeling) == level


@pytest.mark.parametrize(
    ("stance", "betrayed", "expected"),
    [
        (ALLY, False, {"allies": 1, "ally_stigma": 16}),
        (TOKEN, False, {"tokens": 1, "token_stigma": 16}),
        (TOKEN, True, {"tokens": 1, "token_stigma": 16, "betrayals": 1}),
        (BYSTAND, False, {"silent_loyalty": 38}),
        (BYSTAND, True, {"silent_loyalty": 38, "betrayals": 1}),
        (OPPOSE, False, {"opposers": 1}),
        (OPPOSE, True, {"opposers": 1, "betrayals": 1}),
    ],
)
def test_supporters_show_stigma_the_silent_show_loyalty_and_betrayal_shows_on_anyone(stance, betrayed, expected):
    shown = rules.shown_by_advantaged(stance, betrayed, 0.25, 0.6)
    assert {name: value for name, value in shown._asdict().items() if value} == expected


def test_only_an_ally_who_is_no_longer_one_betrays():
    pairs = [(old, new) for old in range(4) for new in range(4) if rules.is_betrayal(old, new)]
    assert pairs == [(ALLY, OPPOSE), (ALLY, BYSTAND), (ALLY, TOKEN)]


def test_a_token_act_is_as_visible_as_the_parameter_says():
    p = knobs(token_visibility=0.3)
    assert [rules.visibility(p, stance) for stance in (OPPOSE, BYSTAND, TOKEN, ALLY)] == [0.0, 0.0, 0.3, 1.0]


# === what they perceive =================================================================================

# An ally (stigma 1/2), a token ally (1/4), a silent one (loyalty 38/64), an opposer; one welcomes, one withdraws.
MIXED = seen(4, 2, allies=1, tokens=1, opposers=1, responses=3, silent_loyalty=38, ally_stigma=32, token_stigma=16)
MIXED_VIEW = view(
    support=0.375, opposition=0.25, norm=0.125, pressure=0.29453125, cost=0.43443359375, contagious=0.15625,
    welcome=0.5, marginalized_share=1 / 3,
)  # fmt: skip


@pytest.mark.parametrize(
    ("p", "around", "expected"),
    [
        ({}, MIXED, MIXED_VIEW),
        ({"token_visibility": 0.2, "sanction": 4.0, "complicity": 0.5, "shield": 1.0},
         seen(5, 0, allies=2, tokens=1, opposers=1, silent_loyalty=64, ally_stigma=96, token_stigma=32),
         view(support=0.44, opposition=0.2, norm=0.24, pressure=0.3, cost=0.672, contagious=0.32)),
        ({}, seen(3, 0, opposers=3), view(opposition=1.0, norm=-1.0, pressure=1.0, cost=2.0)),
        ({}, seen(2, 0, allies=2, ally_stigma=128), view(support=1.0, norm=1.0, contagious=1.0)),
        ({}, seen(2, 0, silent_loyalty=128), view(pressure=0.3, cost=0.6)),
        ({"complicity": 0.0}, seen(2, 0, silent_loyalty=128), view()),
        ({"shield": 1.0}, seen(2, 0, allies=1, opposers=1), view(support=0.5, opposition=0.5, pressure=0.5, cost=0.5)),
        ({"shield": 0.0}, seen(2, 0, allies=1, opposers=1), view(support=0.5, opposition=0.5, pressure=0.5, cost=1.0)),
        ({}, seen(3, 0, betrayals=3), view()),
        ({}, seen(0, 3, responses=0, trust=192), view(welcome=-1.0, marginalized_share=1.0)),
        ({}, seen(0, 3, responses=6), view(welcome=1.0, marginalized_share=1.0)),
        ({}, seen(3, 1, responses=1), view(marginalized_share=0.25)),
        ({}, seen(), view()),
    ],
)  # fmt: skip
def test_what_is_seen_around_means_what_it_means_by_hand(p, around, expected):
    assert rules.advantaged_view(knobs(**p), around)._asdict() == near(expected._asdict())


@pytest.mark.parametrize(("n_ties", "weight"), [(0, 0.0), (1, 1.0), (2, 0.5), (8, 0.125)])
def test_every_tie_counts_the_same_and_none_count_nothing(n_ties, weight):
    assert rules.per_tie(n_ties) == weight


@pytest.mark.parametrize(("norm", "share"), [(-1.0, 0.0), (0.0, 0.5), (0.125, 0.5625), (1.0, 1.0)])
def test_silence_tells_nothing_about_private_support(norm, share):
    assert rules.perceived_support(knobs(), norm, 0.9) == share


def test_norm_feedback_corrects_beliefs_fully_and_acts_in_part():
    p = knobs(feedback=1.0, heed=0.25)
    assert rules.perceived_support(p, -0.5, 0.3) == pytest.approx(0.65, abs=1e-15)  # (1 + told) / 2: the truth
    assert rules.felt_norm(p, -0.5, 0.3) == pytest.approx(-0.3, abs=1e-15)  # a quarter of the way
    for off in (knobs(feedback=0.0, heed=1.0), knobs(feedback=1.0, heed=0.0)):
        assert rules.felt_norm(off, -0.5, 0.3) == -0.5


def test_appeals_move_sympathy_towards_either_end_and_no_further():
    view = rules.advantaged_view(knobs(), seen())
    still = {"contact": 0.0, "internalise": 0.0}
    assert rules.next_sympathy(knobs(appeals=0.1, **still), 0.5, BYSTAND, view) == pytest.approx(0.55, abs=1e-15)
    assert rules.next_sympathy(knobs(appeals=-0.1, **still), 0.5, BYSTAND, view) == pytest.approx(0.35, abs=1e-15)
    assert rules.next_sympathy(knobs(appeals=1.0, **still), -1.0, BYSTAND, view) == 1.0


def test_a_script_overrules_the_choice_and_nothing_else_does():
    assert rules.scripted(knobs(), ALLY) == ALLY
    assert rules.scripted(knobs()._replace(forced=float(BYSTAND)), ALLY) == BYSTAND


# === what they want =====================================================================================

OTHER = {
    "conviction": 1.0, "conformity": 2.0, "acceptance": 3.0, "stigma_cost": 4.0, "effort": -0.5, "threat": 3.0,
    "distancing": 4.0, "accountability": 0.5,
}  # fmt: skip
ZEROS = dict.fromkeys(
    ("conviction", "conformity", "acceptance", "stigma_cost", "effort", "threat", "distancing", "accountability",
     "image", "token_effort"), 0.0,
)  # fmt: skip


@pytest.mark.parametrize(
    ("p", "sympathy", "loyalty", "stigma", "norm", "welcome", "cost", "utility"),
    [
        ({}, 0.5, 0.6, 0.2, 0.25, 0.5, 0.4, 0.3),  # 1 + 1.05 + 0.75 - 0.6 - 0.4 - 1.5
        ({}, -1.0, 0.0, 0.0, 1.0, -1.0, 0.0, -5.0),  # -2 + 0 - 1.5 - 1.5
        ({}, 0.0, 1.0, 1.0, -1.0, 0.0, 2.0, -13.5),  # -7 - 3 - 2 - 1.5
        ({}, 0.0, 0.6, 0.0, 0.0, 0.0, 0.0, -1.5),  # nobody around
        (OTHER, 0.25, 0.5, 0.5, -0.5, 0.5, 0.25, -0.5),  # 0.25 - 0.5 + 1.5 - 2 - 0.25 + 0.5
        (ZEROS, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0),
    ],
)
def test_the_utility_of_being_an_ally(p, sympathy, loyalty, stigma, norm, welcome, cost, utility):
    assert rules.ally_utility(knobs(**p), sympathy, loyalty, stigma, norm, welcome, cost) == near(utility)


@pytest.mark.parametrize(
    ("p", "sympathy", "loyalty", "stigma", "norm", "support", "utility"),
    [
        ({}, 0.5, 0.6, 0.2, 0.25, 0.5, -3.63),  # -1 - 1.05 + 0.3 + 0.12 - 0.5 - 1.5
        ({}, -1.0, 1.0, 1.0, -1.0, 0.0, 8.5),  # 2 + 7 + 1 - 1.5
        ({}, 0.0, 0.0, 1.0, 1.0, 1.0, -2.5),  # without loyalty neither norm, nor threat, nor distancing: -1 - 1.5
        (OTHER, 0.25, 0.5, 0.5, -0.5, 0.25, 2.0),  # -0.25 + 0.5 + 0.375 + 1 - 0.125 + 0.5
        (ZEROS, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0),
    ],
)
def test_the_utility_of_opposing(p, sympathy, loyalty, stigma, norm, support, utility):
    assert rules.oppose_utility(knobs(**p), sympathy, loyalty, stigma, norm, support) == near(utility)


@pytest.mark.parametrize(
    ("p", "loyalty", "stigma", "norm", "support", "cost", "utility"),
    [
        ({}, 0.6, 0.2, 0.25, 0.5, 0.4, -0.725),  # 1 + 0.5 (1.05 - 0.6 - 0.4) - 1.75
        ({}, 1.0, 1.0, -1.0, 0.0, 2.0, -7.75),  # 0.5 (-7 - 3 - 2) - 1.75
        ({"token_visibility": 0.0, "image": 4.0, "token_effort": 1.0}, 1.0, 1.0, -1.0, 0.75, 2.0, 2.0),  # invisible
        ({"token_visibility": 1.0, "image": 0.0, "token_effort": -0.5, "conformity": 2.0, "stigma_cost": 4.0},
         0.5, 0.5, -0.5, 0.9, 0.25, -2.25),  # -0.5 - 2 - 0.25 + 0.5
        (ZEROS, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0),
    ],
)  # fmt: skip
def test_the_utility_of_a_token_act(p, loyalty, stigma, norm, support, cost, utility):
    assert rules.token_utility(knobs(**p), loyalty, stigma, norm, support, cost) == near(utility)


def test_the_three_utilities_read_the_view_and_come_in_the_order_of_stances():
    oppose, token, ally = rules.stance_utilities(knobs(), 0.2, 0.5, 0.1, MIXED_VIEW)
    assert oppose == near(-2.475)  # -0.4 - 0.4375 + 0.1875 + 0.05 - 0.375 - 1.5
    assert token == near(-1.148466796875)  # 0.75 + 0.5 (0.4375 - 0.3 - 0.43443359375) - 1.75
    assert ally == near(-0.64693359375)  # 0.4 + 0.4375 + 0.75 - 0.3 - 0.43443359375 - 1.5


def test_without_weights_of_their_own_ally_and_opposer_are_mirror_images():
    p = knobs(**ZEROS | {"conviction": 2.0, "conformity": 7.0, "effort": 1.5})
    ally = rules.ally_utility(p, 0.3, 0.6, 0.4, 0.2, 0.0, 0.0)
    assert rules.oppose_utility(p, -0.3, 0.6, 0.4, -0.2, 0.9) == ally


# === how they learn =====================================================================================


@pytest.mark.parametrize(
    ("p", "stigma", "stance", "around", "expected"),
    [
        ({}, 0.0, ALLY, {"marginalized_share": 0.5}, 0.1056),  # 0.2 * 0.4 * 1.2 * 1.1
        ({}, 0.25, TOKEN, {"marginalized_share": 0.25, "contagious": 0.15}, 0.2648),  # 0.2 + 0.2 * 0.4 * 0.81
        ({}, 0.5, BYSTAND, {"contagious": 0.5}, 0.44),  # 0.4 + 0.2 * 0.2
        ({}, 0.0, BYSTAND, {"marginalized_share": 1.0}, 0.0192),  # ties alone: 0.2 * 0.4 * 1.2 * 0.2
        ({}, 0.5, BYSTAND, {}, 0.4),  # no ties at all: it fades
        ({}, 0.5, OPPOSE, {}, 0.32),  # 0.8 * 0.8 * 0.5: opposing sheds it faster
        ({}, 0.5, OPPOSE, {"marginalized_share": 0.5, "contagious": 0.4}, 0.35328),  # 0.8 (0.4 + 0.2 * 0.208)
        ({"stigma_transfer": 5.0}, 0.0, ALLY, {}, 0.2),  # the source is at most 1
        ({"stigma_transfer": 100.0, "group_stigma": 1.0}, 1.0, ALLY, {"contagious": 1.0}, 1.0),
        ({"stigma_transfer": 0.0}, 0.0, ALLY, {"marginalized_share": 1.0, "contagious": 1.0}, 0.0),
        ({"group_stigma": 0.0}, 0.0, ALLY, {"contagious": 0.5}, 0.04),  # only what rubs off from others
        ({"proximity": 0.0}, 0.0, BYSTAND, {"marginalized_share": 1.0}, 0.0),
        ({"stigma_memory": 1.0}, 0.9, BYSTAND, {"contagious": 0.5}, 0.2),  # no memory
        ({"stigma_memory": 1.0}, 0.9, OPPOSE, {"contagious": 0.5}, 0.0),
        ({"stigma_memory": 0.0}, 0.3, ALLY, {"contagious": 0.5}, 0.3),  # nothing but memory
        ({"stigma_memory": 0.0}, 0.3, OPPOSE, {}, 0.3),
    ],
)
def test_felt_stigma_after_a_step(p, stigma, stance, around, expected):
    assert rules.next_stigma(knobs(**p), stigma, stance, view(**around)) == near(expected)


OPEN = {"contact": 0.1, "internalise": 0.2}


@pytest.mark.parametrize(
    ("p", "sympathy", "stance", "around", "expected"),
    [
        (OPEN, 0.2, ALLY, {"marginalized_share": 0.5, "welcome": 0.5}, 0.38),  # + 0.1/4 * 0.8 + 0.2 * 0.8
        (OPEN, 0.2, TOKEN, {"marginalized_share": 0.5, "welcome": 0.5}, 0.28),  # the act counts 0.5
        (OPEN, 0.2, BYSTAND, {"marginalized_share": 0.5, "welcome": 0.5}, 0.18),  # silence counts 0
        (OPEN, 0.2, OPPOSE, {"marginalized_share": 0.5, "welcome": 0.5}, -0.02),  # opposition counts -1
        (OPEN, 0.2, BYSTAND, {"marginalized_share": 0.5, "welcome": -0.5}, 0.16),  # unwelcoming contact does nothing
        (OPEN, 0.2, BYSTAND, {"marginalized_share": 0.0, "welcome": 0.5}, 0.16),
        (OPEN, 1.0, ALLY, {"marginalized_share": 1.0, "welcome": 1.0}, 1.0),
        (OPEN, -1.0, OPPOSE, {}, -1.0),
        ({"contact": 1.0, "internalise": 1.0}, -1.0, ALLY, {"marginalized_share": 1.0, "welcome": 1.0}, 1.0),  # clipped
        ({"contact": 0.0, "internalise": 1.0}, 0.7, OPPOSE, {}, -1.0),
        ({"contact": 0.0, "internalise": 0.0}, 0.7, OPPOSE, {"marginalized_share": 1.0, "welcome": 1.0}, 0.7),
    ],
)
def test_private_sympathy_after_a_step(p, sympathy, stance, around, expected):
    assert rules.next_sympathy(knobs(**p), sympathy, stance, view(**around)) == near(expected)


# === how they start =====================================================================================


@pytest.mark.parametrize(
    ("mean", "spread", "draw", "low", "high", "expected"),
    [
        (0.6, 0.15, 0.5, 0.0, 1.0, 0.6),
        (0.15, 0.4, 0.84134474606854293, -1.0, 1.0, 0.55),  # one standard deviation up
        (0.15, 0.4, 0.15865525393145707, -1.0, 1.0, -0.25),
        (0.5, 0.1, 0.975, 0.0, 1.0, 0.6959963984540054),
        (0.5, 0.1, 0.0, 0.0, 1.0, 0.0),  # a draw of 0 is low, not minus infinity
        (0.0, 0.1, 0.0, -1.0, 1.0, -0.8293461015940508),
        (0.0, 0.1, 1 - 2**-53, -1.0, 1.0, 0.8209536151601387),
        (0.9, 0.4, 0.9, 0.0, 1.0, 1.0),  # clipped
        (-0.9, 0.4, 0.1, -1.0, 1.0, -1.0),
    ],
)
def test_a_trait_is_a_clipped_normal_quantile(mean, spread, draw, low, high, expected):
    assert rules.drawn_trait(mean, spread, draw, low, high) == near(expected)


@pytest.mark.parametrize("draw", [0.0, 2**-53, 0.3, 0.5, 1 - 2**-53])
def test_without_spread_a_trait_is_exactly_its_mean(draw):
    assert rules.drawn_trait(0.15, 0.0, draw, -1.0, 1.0) == 0.15
