"""The rules of marginalized people, on situations small enough to work out by hand."""

import pytest
from published import published

from sim import rules
from sim.parameters import numbers_of
from sim.rules import GATEKEEP, WELCOME, WITHDRAW, MarginalizedView, Seen


def knobs(**values):
    return numbers_of(published(**values))


def seen(n_advantaged=0, n_marginalized=0, **totals):
    return Seen(**dict.fromkeys(rules.Shown._fields, 0) | totals, n_advantaged=n_advantaged,
                n_marginalized=n_marginalized)  # fmt: skip


def view(**values):
    return MarginalizedView(**dict.fromkeys(MarginalizedView._fields, 0.0) | values)


def near(value):
    return pytest.approx(value, rel=1e-13, abs=1e-15)


# === what they show and perceive ========================================================================


@pytest.mark.parametrize(
    ("response", "trust", "expected"),
    [
        (GATEKEEP, 0.5, {"trust": 32}),
        (WITHDRAW, 1.0, {"responses": 1, "trust": 64}),
        (WELCOME, 0.3, {"responses": 2, "trust": 19}),
        (WELCOME, 0.0, {"responses": 2}),
    ],
)
def test_they_show_their_response_and_their_trust(response, trust, expected):
    shown = rules.shown_by_marginalized(response, trust)
    assert {name: value for name, value in shown._asdict().items() if value} == expected


# Two allies (stigma 1/2 and 1/4), a token ally, an opposer who has just betrayed; one gatekeeps, one withdraws.
MIXED = seen(4, 2, allies=2, tokens=1, opposers=1, betrayals=1, responses=1, ally_stigma=48, token_stigma=64, trust=64)
MIXED_VIEW = view(
    support=0.625, opposition=0.25, credible=0.25, betrayals=0.25, tokens=0.25, peers=-0.5, peer_trust=0.5, has_peers=1
)


@pytest.mark.parametrize(
    ("p", "around", "expected"),
    [
        ({}, MIXED, MIXED_VIEW),
        ({"cost_credibility": 0.0}, MIXED, MIXED_VIEW._replace(credible=0.5)),  # any support counts fully
        ({"cost_credibility": 1.0}, MIXED, MIXED_VIEW._replace(credible=0.1875)),  # only its cost counts
        ({"token_visibility": 0.2}, MIXED, MIXED_VIEW._replace(support=0.55)),
        ({}, seen(1, 0, allies=1), view(support=1.0, credible=0.2)),  # free support is hardly credible
        ({}, seen(1, 0, allies=1, ally_stigma=64), view(support=1.0, credible=1.0)),
        ({}, seen(1, 0, tokens=1, token_stigma=64), view(support=0.5, tokens=1.0)),  # token acts earn no trust
        ({}, seen(3, 0, silent_loyalty=192, betrayals=3), view(betrayals=1.0)),
        ({}, seen(0, 1, responses=2, trust=48), view(peers=1.0, peer_trust=0.75, has_peers=1.0)),
        ({}, seen(0, 2, responses=4, trust=128), view(peers=1.0, peer_trust=1.0, has_peers=1.0)),
        ({}, seen(0, 4, responses=0, trust=0), view(peers=-1.0, has_peers=1.0)),
        ({}, seen(), view()),
    ],
)
def test_what_is_seen_around_means_what_it_means_by_hand(p, around, expected):
    assert rules.marginalized_view(knobs(**p), around)._asdict() == near(expected._asdict())


# === what they want =====================================================================================

OTHER = {
    "trust_weight": 4.0, "solidarity": 3.0, "authenticity_threat": 2.0, "gatekeep_effort": -0.5, "hostility": 1.0,
    "safety": 0.75,
}  # fmt: skip
ZEROS = dict.fromkeys(OTHER, 0.0)


@pytest.mark.parametrize(
    ("p", "trust", "peers", "utility"),
    [({}, 0.75, -0.5, 0.5), ({}, 0.5, 0.0, 0.0), ({}, 0.0, -1.0, -3.0), ({}, 1.0, 1.0, 3.0), (OTHER, 0.25, 0.5, -0.5),
     (ZEROS, 1.0, 1.0, 0.0)],
)  # fmt: skip
def test_the_utility_of_welcoming(p, trust, peers, utility):
    assert rules.welcome_utility(knobs(**p), trust, peers) == near(utility)


@pytest.mark.parametrize(
    ("p", "trust", "peers", "support", "utility"),
    [
        ({}, 0.75, -0.5, 0.5, -0.75),  # -1 + 0.5 + 0.75 - 1
        ({}, 0.0, -1.0, 1.0, 3.5),  # 2 + 1 + 1.5 - 1
        ({}, 1.0, 1.0, 0.0, -4.0),  # -2 - 1 - 1
        (OTHER, 0.25, 0.5, 0.25, 1.5),  # 2 - 1.5 + 0.5 + 0.5
        (ZEROS, 0.0, -1.0, 1.0, 0.0),
    ],
)
def test_the_utility_of_gatekeeping(p, trust, peers, support, utility):
    assert rules.gatekeep_utility(knobs(**p), trust, peers, support) == near(utility)


@pytest.mark.parametrize(
    ("p", "opposition", "utility"),
    [({}, 0.25, 0.5), ({}, 0.0, 0.0), (OTHER, 1.0, 0.25), (OTHER, 0.0, -0.75), (ZEROS, 1.0, 0.0)],
)
def test_the_utility_of_withdrawing(p, opposition, utility):
    assert rules.withdraw_utility(knobs(**p), opposition) == near(utility)


def test_the_three_utilities_read_the_view_and_come_in_the_order_of_responses():
    gatekeep, withdraw, welcome = rules.response_utilities(knobs(), 0.75, MIXED_VIEW)
    assert gatekeep == near(-0.5625)  # -1 + 0.5 + 0.9375 - 1
    assert withdraw == near(0.5)
    assert welcome == near(0.5)  # 1 - 0.5


@pytest.mark.parametrize(
    ("trust", "response"), [(0.5, WITHDRAW), (0.6, WELCOME), (0.3, WITHDRAW), (0.1, GATEKEEP), (0.0, GATEKEEP)]
)
def test_the_first_response_is_that_of_someone_alone_with_their_trust(trust, response):
    assert rules.first_response(knobs(noise=0.0), trust, 0.9) == response


def test_safe_spaces_and_luck_matter_for_the_first_response():
    assert rules.first_response(knobs(noise=0.0, safety=0.5), 0.5, 0.9) == WELCOME
    # Weights at trust 1/2, noise 1: withdraw 1, welcome 1, gatekeep 1/e; cut at 0.4223 and 0.8446.
    cuts = [(0.42, WITHDRAW), (0.43, WELCOME), (0.84, WELCOME), (0.85, GATEKEEP)]
    assert [rules.first_response(knobs(), 0.5, draw) for draw, _ in cuts] == [response for _, response in cuts]


# === how they learn =====================================================================================

NO_PEERS = {"has_peers": 0.0, "peer_trust": 0.0}


@pytest.mark.parametrize(
    ("p", "trust", "around", "expected"),
    [
        ({}, 0.4, {}, 0.3675),  # + 0.15/4 * 0.6 - (0.1 + 0.05 + 0.0125) 0.4 + 0.1 * 0.1
        ({}, 0.4, NO_PEERS, 0.3575),  # nobody to gossip with: no drift to zero
        ({"repair": 0.5}, 0.4, {}, 0.3875),  # half of the betrayal is undone
        ({"repair": 1.0}, 0.4, {}, 0.4075),
        ({"betrayal_loss": 0.0}, 0.4, {}, 0.4075),
        ({"opposition_loss": 0.0}, 0.4, {}, 0.3875),
        ({"token_loss": 0.0}, 0.4, {}, 0.3725),
        ({"trust_gain": 0.0}, 0.4, {}, 0.345),
        ({"wariness": 0.5}, 0.4, {}, 0.36075),  # three tenths less to gain
        ({"wariness": 1.0}, 0.0, NO_PEERS, 0.0),  # whoever trusts nobody learns nothing
        ({"gossip": 0.0}, 0.4, {}, 0.3575),
        ({"gossip": 1.0}, 0.4, {}, 0.4575),
        ({}, 1.0, NO_PEERS, 0.8375),  # nothing left to gain
        ({}, 0.0, NO_PEERS, 0.0375),  # nothing left to lose
    ],
)
def test_trust_after_a_step(p, trust, around, expected):
    assert rules.next_trust(knobs(**p), trust, MIXED_VIEW._replace(**around)) == near(expected)


def test_trust_without_anybody_around_stays_as_it_is():
    assert rules.next_trust(knobs(), 0.3, view()) == 0.3


def test_trust_stays_between_zero_and_one():
    harsh = knobs(betrayal_loss=1.0, opposition_loss=1.0, token_loss=1.0)
    assert rules.next_trust(harsh, 0.5, view(betrayals=1.0, opposition=1.0)) == 0.0
    kind = knobs(trust_gain=1.0, gossip=1.0)
    assert rules.next_trust(kind, 0.5, view(credible=1.0, peer_trust=1.0, has_peers=1.0)) == 1.0


def test_betrayal_breaks_more_trust_than_equal_support_builds():
    lost = 0.5 - rules.next_trust(knobs(), 0.5, view(betrayals=1.0))
    gained = rules.next_trust(knobs(), 0.5, view(credible=1.0)) - 0.5
    assert (lost, gained) == (near(0.2), near(0.075))
