"""Directions: which way each rule moves when one thing it depends on goes up."""

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import rules
from sim.parameters import KNOBS
from sim.rules import ALLY, BYSTAND, OPPOSE, TOKEN, AdvantagedView, MarginalizedView

RANGES = {knob.name: (knob.usual_low, knob.usual_high) for knob in KNOBS if not knob.is_switch} | {
    "x": (-1, 1), "t": (0, 1), "stigma": (0, 1), "felt": (0, 1), "support": (0, 1), "opposition": (0, 1),
    "norm": (-1, 1), "pressure": (0, 1), "cost": (0, 5), "contagious": (0, 1), "welcome": (-1, 1), "share": (0, 1),
    "silent": (0, 1), "credible": (0, 1), "betrayals": (0, 1), "tokens": (0, 1), "peers": (-1, 1),
    "peer_trust": (0, 1), "allies": (0, 1), "ally_stigma": (0, 1), "token_stigma": (0, 1), "told": (-1, 1),
}  # fmt: skip


def advantaged(s):
    return AdvantagedView(s.support, s.opposition, s.norm, s.pressure, s.cost, s.contagious, s.welcome, s.share)


def marginalized(s):
    return MarginalizedView(s.support, s.opposition, s.credible, s.betrayals, s.tokens, s.peers, s.peer_trust, 1.0)


def stigma_of(stance):
    return lambda s: rules.next_stigma(s, s.felt, stance, advantaged(s))


def sympathy_of(stance):
    return lambda s: rules.next_sympathy(s, s.x, stance, advantaged(s))


# What is left of present sympathy: with extreme rates of contact and internalisation a step may overshoot.
KEPT = "x 1-contact*share*max(0,welcome)-internalise-abs(appeals) "

# A situation `s` holds parameters and circumstances by name. "+" rises and "-" falls with it; a formula gives the sign.
STIGMA = "stigma_transfer + group_stigma + proximity + contagious + share + felt + crossing_stigma +"
DIRECTIONS = {
    "ally": (
        lambda s: rules.ally_utility(s, s.x, s.loyalty, s.stigma, s.norm, s.welcome, s.cost),
        "x + norm + welcome + stigma - cost - effort - stigma_cost - conviction x acceptance welcome conformity norm "
        "loyalty norm",
    ),
    "oppose": (
        lambda s: rules.oppose_utility(s, s.x, s.loyalty, s.stigma, s.norm, s.support),
        "x - norm - stigma + effort - threat + distancing + accountability - conviction -x conformity -norm "
        "support threat*loyalty-accountability loyalty threat*support+distancing*stigma-conformity*norm",
    ),
    "token": (
        lambda s: rules.token_utility(s, s.loyalty, s.stigma, s.norm, s.support, s.cost),
        "image + support + norm + stigma - cost - stigma_cost - token_effort - conformity norm loyalty norm "
        "token_visibility loyalty*conformity*norm-stigma_cost*stigma-cost",
    ),
    "pressure": (
        lambda s: rules.sanction_pressure(s, s.opposition, s.silent), "opposition + silent + complicity +"),
    "punishment": (
        lambda s: rules.punishment(s, s.pressure, s.support), "sanction + pressure + shield - support -"),
    "support": (
        lambda s: rules.visible_support(s, s.allies, s.tokens), "allies + tokens + token_visibility +"),
    "contagious": (
        lambda s: rules.contagious_stigma(s, s.ally_stigma, s.token_stigma),
        "ally_stigma + token_stigma + token_visibility +"),
    "credible": (
        lambda s: rules.credible_support(s, s.allies, s.allies * s.ally_stigma),
        "allies + ally_stigma + cost_credibility -"),
    "stigma of an ally": (stigma_of(ALLY), STIGMA),
    "stigma of a token ally": (stigma_of(TOKEN), STIGMA + " token_visibility +"),
    "stigma of the silent": (stigma_of(BYSTAND), STIGMA),
    "stigma of an opposer": (stigma_of(OPPOSE), STIGMA),
    "sympathy of an ally": (sympathy_of(ALLY), KEPT + "welcome + share + contact + internalise + appeals +"),
    "sympathy of a token ally": (
        sympathy_of(TOKEN), KEPT + "token_visibility + internalise token_visibility-x appeals +"),
    "sympathy of the silent": (sympathy_of(BYSTAND), KEPT + "welcome + share + contact + internalise -x appeals +"),
    "sympathy of an opposer": (sympathy_of(OPPOSE), KEPT + "welcome + share + contact + internalise - appeals +"),
    "welcome": (
        lambda s: rules.welcome_utility(s, s.t, s.peers), "t + peers + trust_weight t-.5 solidarity peers"),
    "gatekeep": (
        lambda s: rules.gatekeep_utility(s, s.t, s.peers, s.support),
        "t - peers - support + authenticity_threat + gatekeep_effort - trust_weight .5-t solidarity -peers"),
    "withdraw": (
        lambda s: rules.withdraw_utility(s, s.opposition), "opposition + hostility + safety -"),
    "trust": (
        lambda s: rules.next_trust(s, s.t, marginalized(s)),
        "credible + trust_gain + wariness - betrayals - betrayal_loss - repair + opposition - opposition_loss - "
        "tokens - token_loss - peer_trust + gossip peer_trust-t"),
    "perceived": (
        lambda s: rules.perceived_support(s, s.norm, s.told), "norm + told + feedback told-norm"),
    "loosened loyalty": (
        lambda s: rules.loosened_loyalty(s, s.loyalty, True), "loyalty + crossing_release -"),
    "felt norm": (
        lambda s: rules.felt_norm(s, s.norm, s.told), "norm + told + feedback told-norm heed told-norm"),
}  # fmt: skip
CASES = [
    (rule, name, direction)
    for rule, (_, text) in DIRECTIONS.items()
    for name, direction in zip(text.split()[::2], text.split()[1::2], strict=True)
]


def sign(direction, s):
    value = {"+": 1, "-": -1}.get(direction)
    return eval(direction, dict(vars(s))) if value is None else value


@st.composite
def changes(draw):
    """A situation, something in it that goes up, and by how much."""
    rule, name, direction = draw(st.sampled_from(CASES))
    levels = draw(st.lists(st.integers(0, 20), min_size=len(RANGES), max_size=len(RANGES)))
    s = {key: low + (high - low) * i / 20 for (key, (low, high)), i in zip(RANGES.items(), levels, strict=True)}
    higher = draw(st.floats(s[name], RANGES[name][1]))
    return rule, name, direction, SimpleNamespace(**s), SimpleNamespace(**s | {name: higher})


@settings(max_examples=1500, deadline=None)
@given(changes())
def test_no_rule_ever_moves_the_wrong_way(change):
    rule, _, direction, before, after = change
    move = DIRECTIONS[rule][0](after) - DIRECTIONS[rule][0](before)
    assert move * sign(direction, before) >= -1e-12


# A situation in which nothing is zero, capped or clipped: every cause has to show.
MIDDLE = SimpleNamespace(
    **{name: low + 0.3 * (high - low) for name, (low, high) in RANGES.items()}
    | {"welcome": 0.4, "norm": -0.3, "peers": 0.2, "peer_trust": 0.6, "x": -0.2}
)


@pytest.mark.parametrize(("rule", "name", "direction"), CASES)
def test_every_cause_moves_its_rule_the_right_way(rule, name, direction):
    raised = SimpleNamespace(**vars(MIDDLE) | {name: getattr(MIDDLE, name) + 0.1})
    move = DIRECTIONS[rule][0](raised) - DIRECTIONS[rule][0](MIDDLE)
    assert move * sign(direction, MIDDLE) > 1e-9


def test_every_knob_of_the_rules_has_a_direction_here():
    # How people start:
    drawn = {"sympathy", "sympathy_spread", "loyalty_spread", "trust", "trust_spread", "crossing_share"}
    elsewhere = {"revise", "noise", "stigma_memory"}  # tested by tables: their direction depends on everything else
    named = {name for _, name, _ in CASES}
    assert {knob.name for knob in KNOBS if not knob.is_switch} - named == drawn | elsewhere


def test_ties_cost_less_than_acts_and_opposing_sheds_stigma():
    by_stance = {stance: stigma_of(stance)(MIDDLE) for stance in (OPPOSE, BYSTAND, TOKEN, ALLY)}
    assert by_stance[OPPOSE] < by_stance[BYSTAND] < by_stance[TOKEN] < by_stance[ALLY]
    assert by_stance[OPPOSE] == pytest.approx((1 - MIDDLE.stigma_memory) * by_stance[BYSTAND], rel=1e-15)
