"""A zero weight switches its mechanism off exactly: what belongs to the mechanism alone then changes no bit of any act.

Each row sets something to its null value and lists parameters that must have become irrelevant. Everybody's act at
every step is compared, with those parameters low and high at once. As a control, the same change does matter otherwise.
"""

import pytest

from sim import simulate
from sim.networks import two_groups
from sim.parameters import KNOBS, Parameters

NETWORK = two_groups(300, 0.25, mean_degree=8, homophily=0, seed=4)
KNOB = {knob.name: knob for knob in KNOBS}

STIGMA = ("group_stigma", "proximity", "stigma_memory", "stigma_cost", "distancing")
TRUST = ("trust", "trust_spread", "trust_gain", "wariness", "cost_credibility", "betrayal_loss", "repair",
         "opposition_loss", "token_loss", "gossip")  # fmt: skip
RESPONSE = ("trust_weight", "solidarity", "authenticity_threat", "gatekeep_effort", "hostility", "safety")
LOYALTY = ("loyalty", "loyalty_spread")
SYMPATHY = ("sympathy", "sympathy_spread", "contact", "internalise")
FIRST_RESPONSE = ("revise", "noise", "trust", "trust_spread", "trust_weight", "gatekeep_effort", "safety")

OFF = [
    ({"stigma_transfer": 0}, STIGMA),
    ({"stigma_memory": 0}, ("stigma_transfer", "group_stigma", "proximity", "stigma_cost", "distancing")),
    ({"group_stigma": 0}, ("stigma_transfer", "proximity", "stigma_memory", "stigma_cost", "distancing")),
    ({"stigma_cost": 0, "distancing": 0, "cost_credibility": 0},
     ("stigma_transfer", "group_stigma", "proximity", "stigma_memory")),
    ({"sanction": 0}, ("complicity", "shield")),
    ({"conviction": 0}, SYMPATHY),
    ({"conformity": 0, "threat": 0, "distancing": 0, "complicity": 0}, LOYALTY),
    ({"loyalty": 0, "loyalty_spread": 0}, ("conformity", "threat", "distancing", "complicity")),
    ({"acceptance": 0, "contact": 0}, (*TRUST, *RESPONSE)),
    ({"trust_weight": 0}, TRUST),
    ({"trust_gain": 0}, ("cost_credibility", "wariness")),
    ({"betrayal_loss": 0}, ("repair",)),
    ({"repair": 1}, ("betrayal_loss",)),
    ({"contact": 0, "internalise": 0, "sympathy_spread": 0, "conviction": 0}, ("sympathy",)),
    ({"revise": 0}, tuple(knob.name for knob in KNOBS if not knob.is_switch and knob.name not in FIRST_RESPONSE)),
    ({"token_allowed": False}, ("image", "token_effort", "token_visibility", "token_loss")),
    ({"oppose_allowed": False}, ("threat", "accountability", "distancing", "hostility", "opposition_loss")),
    ({"ally_allowed": False}, ("acceptance", "betrayal_loss", "repair", "trust_gain", "cost_credibility")),
    ({"bystand_allowed": False}, ("complicity",)),
]  # fmt: skip

ROWS = [pytest.param(*row, id=" ".join(row[0])) for row in OFF]


def values(names, high: bool):
    """Return the low or high end of the usual range of some parameters."""
    return {name: KNOB[name].usual_high if high else KNOB[name].usual_low for name in names}


def acts(parameters, null, schedule="synchronous"):
    """Return everybody's acts; of advantaged people only where the marginalized side is what has been cut off."""
    start = {"ally_allowed": "silent", "bystand_allowed": "allied"}.get(next(iter(null)), 0.4)
    run = simulate(parameters, NETWORK, steps=60, start=start, seed=6, record_people=True, schedule=schedule)
    return run.trajectory["act"][:, ~NETWORK.is_marginalized if "acceptance" in null else slice(None)]


@pytest.mark.parametrize("schedule", ["synchronous", "shuffled"])
@pytest.mark.parametrize(("null", "companions"), ROWS)
def test_what_is_switched_off_changes_no_act(null, companions, schedule):
    low, high = (acts(Parameters(**values(companions, side) | null), null, schedule) for side in (False, True))
    assert (low == high).all()


@pytest.mark.parametrize(("null", "companions"), ROWS)
def test_the_same_change_matters_when_the_mechanism_is_on(null, companions):
    low, high = (acts(Parameters(**values(companions, side)), null) for side in (False, True))
    assert (low != high).any()


@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
def test_no_transfer_means_no_stigma_at_all(value):
    p = Parameters(stigma_transfer=0, group_stigma=value, proximity=1 - value, stigma_memory=value)
    run = simulate(p, NETWORK, steps=40, start=0.5, seed=6)
    assert (run.history.mean_stigma == 0).all()


def test_no_private_change_means_the_same_sympathies_to_the_last_bit():
    run = simulate(Parameters(contact=0, internalise=0), NETWORK, steps=80, seed=6, record_people=True)
    assert (run.trajectory["sympathy"] == run.trajectory["sympathy"][0]).all()


def test_no_gain_no_loss_and_no_gossip_mean_the_same_trust_to_the_last_bit():
    p = Parameters(trust_gain=0, betrayal_loss=0, opposition_loss=0, token_loss=0, gossip=0)
    run = simulate(p, NETWORK, steps=80, start=0.5, seed=6, record_people=True)
    assert (run.trajectory["trust"] == run.trajectory["trust"][0]).all()


def test_people_who_never_reconsider_never_act():
    run = simulate(Parameters(revise=0), NETWORK, steps=40, start=0.5, seed=6, record_people=True)
    assert (run.trajectory["act"] == run.trajectory["act"][0]).all()
    assert run.conversions.empty


@pytest.mark.parametrize("stance", ["oppose", "bystand", "token", "ally"])
def test_forbidden_stances_are_never_chosen(stance):
    history = simulate(Parameters(revise=1).replace(**{f"{stance}_allowed": False}), NETWORK, steps=40, seed=6).history
    assert (history[f"{stance}_share"].iloc[1:] == 0).all()
