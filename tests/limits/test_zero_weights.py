"""A zero weight switches its mechanism off exactly: what belongs to the mechanism alone then changes no bit of any act.

Each row sets something to its null value and lists parameters that must have become irrelevant. Everybody's act at
every step is compared, with those parameters low and high at once. As a control, the same change does matter otherwise.
"""

import pytest

from sim import simulate
from sim.parameters import Parameters
from sim.verification.zero_weights import OFF, acts_low_and_high, network_of_300

NETWORK = network_of_300()
ROWS = [pytest.param(*row, id=" ".join(row[0])) for row in OFF]


@pytest.mark.parametrize("schedule", ["synchronous", "shuffled"])
@pytest.mark.parametrize(("null", "companions"), ROWS)
def test_what_is_switched_off_changes_no_act(null, companions, schedule):
    low, high = acts_low_and_high(null, companions, schedule)
    assert (low == high).all()


@pytest.mark.parametrize(("null", "companions"), ROWS)
def test_the_same_change_matters_when_the_mechanism_is_on(null, companions):
    low, high = acts_low_and_high(null, companions, is_off=False)
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
