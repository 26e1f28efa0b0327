"""Felt stigma, trust and private sympathy, step by step, against the formulas of the model written with matrices.

Acts are taken from a recorded run; what people learn from them is worked out again from the equations, without the
rulebook. Agreement is to rounding (1e-12) for every person at every step.
"""

import itertools

import numpy as np
import pytest

from sim import simulate
from sim.networks import from_edges, two_groups
from sim.parameters import Parameters, preset

OPPOSE, TOKEN, ALLY = 0, 2, 3
NETWORKS = {
    "two groups": two_groups(300, 0.3, mean_degree=6, homophily=0.2, seed=2),
    "some alone": from_edges([(i, i + 1) for i in range(0, 60, 3)], [i % 4 == 0 for i in range(80)]),
}
SETTINGS = {
    "default": Parameters(),
    "opposition": preset("opposition"),
    "lively": Parameters(
        revise=0.6, noise=2, token_visibility=0.3,
        stigma_transfer=0.7, group_stigma=0.9, proximity=0.7, stigma_memory=0.45,
        cost_credibility=0.6, trust_gain=0.3, wariness=0.4, betrayal_loss=0.8, repair=0.25, opposition_loss=0.4,
        token_loss=0.3,
        gossip=0.35, contact=0.1, internalise=0.07, trust=0.7, trust_spread=0.3,
    ),
}  # fmt: skip


@pytest.fixture(params=[(n, s) for n in NETWORKS for s in SETTINGS], ids=str)
def recorded(request):
    """Return parameters, averages over advantaged and over marginalized neighbours, who is marginalized, and a run."""
    network, p = NETWORKS[request.param[0]], SETTINGS[request.param[1]]
    ties = np.zeros((network.n_people, network.n_people))
    for i in range(network.n_people):
        ties[i, network.neighbours_of(i)] = 1
    marginalized = network.is_marginalized
    run = simulate(p, network, steps=40, start=0.4, seed=3, record_people=True)
    return p, ties * ~marginalized, ties * marginalized, marginalized, run.trajectory


def average(ties, values):
    """Return the average of the neighbours' values, 0 where there are none."""
    return ties @ values / np.maximum(ties.sum(axis=1), 1)


def shown(feeling):
    return np.floor(64 * feeling + 0.5) / 64


def steps_of(trajectory):
    """Yield (state before, state after) as dictionaries of arrays."""
    n_states = len(trajectory["act"])
    states = [{name: values[i] for name, values in trajectory.items()} for i in range(n_states)]
    return itertools.pairwise(states)


def visible(p, act):
    return np.where(act == ALLY, 1.0, np.where(act == TOKEN, p.token_visibility, 0.0))


def test_felt_stigma_follows_acts_ties_and_other_supporters(recorded):
    p, to_advantaged, to_marginalized, marginalized, trajectory = recorded
    degree = np.maximum((to_advantaged + to_marginalized).sum(axis=1), 1)
    share = to_marginalized.sum(axis=1) / degree
    for now, then in steps_of(trajectory):
        contagious = average(to_advantaged, shown(now["stigma"]) * visible(p, now["act"]))
        own = visible(p, then["act"]) + p.proximity * share
        source = np.minimum(1, p.stigma_transfer * (2 * p.group_stigma * own + contagious))
        stigma = (1 - p.stigma_memory) * now["stigma"] + p.stigma_memory * source
        stigma *= np.where(then["act"] == OPPOSE, 1 - p.stigma_memory, 1)
        assert then["stigma"][~marginalized] == pytest.approx(stigma[~marginalized], abs=1e-12)


def test_trust_grows_with_credible_support_and_falls_with_betrayal_opposition_and_token_acts(recorded):
    p, to_advantaged, to_marginalized, marginalized, trajectory = recorded
    has_peers = to_marginalized.sum(axis=1) > 0
    for now, then in steps_of(trajectory):
        act, t = now["act"], now["trust"]
        cost = 1 - p.cost_credibility + p.cost_credibility * shown(now["stigma"])
        gain = p.trust_gain * (1 - p.wariness * (1 - t)) * average(to_advantaged, (act == ALLY) * cost)
        loss = (
            p.betrayal_loss * (1 - p.repair) * average(to_advantaged, now["betrayed"].astype(float))
            + p.opposition_loss * average(to_advantaged, (act == OPPOSE).astype(float))
            + p.token_loss * average(to_advantaged, (act == TOKEN).astype(float))
        )
        gossip = p.gossip * has_peers * (average(to_marginalized, shown(t)) - t)
        trust = np.clip(t + gain * (1 - t) - loss * t + gossip, 0, 1)
        assert then["trust"][marginalized] == pytest.approx(trust[marginalized], abs=1e-12)


def test_private_sympathy_follows_welcoming_contact_and_ones_own_act(recorded):
    p, to_advantaged, to_marginalized, marginalized, trajectory = recorded
    share = to_marginalized.sum(axis=1) / np.maximum((to_advantaged + to_marginalized).sum(axis=1), 1)
    for now, then in steps_of(trajectory):
        x, act = now["sympathy"], then["act"]
        welcome = average(to_marginalized, now["act"] - 1.0)
        did = np.where(act == OPPOSE, -1.0, visible(p, act))
        sympathy = x + p.contact * share * np.maximum(0, welcome) * (1 - x) + p.internalise * (did - x)
        assert then["sympathy"][~marginalized] == pytest.approx(sympathy[~marginalized], abs=1e-12)


def test_a_betrayal_is_having_been_an_ally_a_step_ago(recorded):
    *_, marginalized, trajectory = recorded
    for now, then in steps_of(trajectory):
        turned = (now["act"] == ALLY) & (then["act"] != ALLY) & ~marginalized
        assert (then["betrayed"].astype(bool) == turned).all()
