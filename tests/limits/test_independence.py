"""With all social weights 0 everybody chooses alone: closed-form shares, and nobody's neighbours matter."""

import numpy as np
import pytest
from scipy import integrate, stats

from sim import simulate
from sim.networks import complete, from_edges, random_regular, ring_lattice, scale_free, small_world, two_groups
from sim.parameters import Parameters
from sim.state import first_state
from sim.verification.zero_weights import SETTINGS, acts_alone

NETWORKS = {
    "two groups": two_groups(3000, 0.3, mean_degree=10, homophily=0.5, seed=1),
    "complete": complete(600, 0.3, seed=1),
    "ring": ring_lattice(3000, 0.3, mean_degree=8, seed=1),
    "small world": small_world(3000, 0.3, mean_degree=8, rewiring=0.1, seed=1),
    "hubs": scale_free(3000, 0.3, mean_degree=6, seed=1),
    "regular": random_regular(3000, 0.3, mean_degree=5, seed=1),
    "nobody tied": from_edges([], np.arange(3000) < 900),
}


def average(function, mean, spread, low, high):
    """Return the average of a function of a normal variable clipped to [low, high]."""
    inside, _ = integrate.quad(lambda x: function(x) * stats.norm.pdf(x, mean, spread), low, high, epsabs=1e-10)
    at_low, at_high = stats.norm.cdf(low, mean, spread), stats.norm.sf(high, mean, spread)
    return inside + function(low) * at_low + function(high) * at_high


def logit(utilities, i, noise):
    weights = np.exp(np.array(utilities) / noise)
    return weights[i] / weights.sum()


def stance_shares(p):
    def share(i):
        def chance(x):
            oppose, ally = -p.conviction * x - p.effort, p.conviction * x - p.effort
            return logit((oppose, 0, -p.token_effort, ally), i, p.noise)

        return average(chance, p.sympathy, p.sympathy_spread, -1, 1)

    return [share(i) for i in range(4)]


def response_shares(p):
    def share(i):
        def chance(t):
            welcome = p.trust_weight * (2 * t - 1)
            return logit((-welcome - p.gatekeep_effort, -p.safety, welcome), i, p.noise)

        return average(chance, p.trust, p.trust_spread, 0, 1)

    return [share(i) for i in range(3)]


@pytest.mark.parametrize("spread", [0.0, 0.2, 1.5])
def test_traits_are_normal_and_clipped(spread):
    """Shares at either bound and the average of 20,000 people, within four standard errors of the clipped normal."""
    groups = np.arange(20_000) % 2 == 1
    means = {"sympathy": 0.3, "loyalty": 0.8, "trust": 0.1}
    p = Parameters(**means, **{f"{name}_spread": spread for name in means})
    state = first_state(p, from_edges([], groups), start_seed=3)
    for name, mean in means.items():
        low = -1 if name == "sympathy" else 0
        values = getattr(state, name)[groups if name == "trust" else ~groups]
        assert values.min() >= low
        assert values.max() <= 1
        if spread == 0:
            assert (values == mean).all()
            continue
        assert values.mean() == pytest.approx(average(lambda x: x, mean, spread, low, 1), abs=4 * spread / 100)
        at_top = stats.norm.sf(1, mean, spread)
        assert (values == 1).mean() == pytest.approx(at_top, abs=4 * np.sqrt(at_top / 10_000) + 1e-3)


@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
@pytest.mark.parametrize("p", SETTINGS)
@pytest.mark.parametrize("schedule", ["synchronous", "shuffled"])
def test_shares_are_those_of_independent_logit_choices(p, network, schedule):
    """Chi-square at 0.001 / 56, for two groups on 28 runs."""
    act = simulate(p, network, steps=3, start="opposed", seed=5, schedule=schedule, observe=False).state.act
    for people, shares in ((~network.is_marginalized, stance_shares(p)), (network.is_marginalized, response_shares(p))):
        counts = np.bincount(act[people], minlength=len(shares))
        assert stats.chisquare(counts, np.array(shares) * counts.sum()).pvalue > 0.001 / 56


@pytest.mark.parametrize("p", SETTINGS)
def test_the_same_people_do_the_same_on_every_network(p):
    """Same people, same luck: not one act differs, whatever the ties and whatever the others started with."""
    acts = acts_alone(p)
    assert all((other == acts[0]).all() for other in acts[1:])


def test_a_single_social_weight_makes_the_network_matter():
    groups = np.arange(1000) % 10 < 3
    ring = from_edges([(i, (i + k) % 1000) for i in range(1000) for k in (1, 2, 3)], groups)
    alone = from_edges([], groups)
    for weight in ("conformity", "sanction", "threat", "accountability", "image", "acceptance", "stigma_transfer",
                   "solidarity", "authenticity_threat", "hostility"):  # fmt: skip
        p = SETTINGS[0].replace(**{weight: 1.0})
        one, other = (simulate(p, network, steps=20, start=0.5, seed=4).state.act for network in (ring, alone))
        assert (one != other).any(), weight


@pytest.mark.parametrize("column", ["ally_share", "oppose_share", "token_share", "welcome_share", "gatekeep_share"])
def test_the_estimated_effect_of_every_network_and_start_covers_nothing(column):
    """Other people and other luck in each arm, 20 runs an arm: the difference stays within 3.5 standard errors."""
    arms = [
        (two_groups(500, 0.3, mean_degree=10, homophily=0.8, seed=1), "allied"),
        (ring_lattice(500, 0.3, mean_degree=4, seed=1), "opposed"),
        (scale_free(500, 0.3, mean_degree=6, seed=1), "silent"),
    ]

    def end(network, start, seed):
        return simulate(SETTINGS[0], network, steps=5, start=start, seed=seed).history[column].iloc[-1]

    ends = np.array([[end(*arm, seed=100 * a + s) for s in range(20)] for a, arm in enumerate(arms)])
    errors = ends.std(axis=1, ddof=1) / np.sqrt(20)
    for one, other in ((0, 1), (0, 2), (1, 2)):
        difference = ends[one].mean() - ends[other].mean()
        assert abs(difference) < 3.5 * np.hypot(errors[one], errors[other])


@pytest.mark.parametrize("p", SETTINGS)
def test_neighbours_are_no_more_alike_than_strangers(p):
    """The assortativity of being an ally is within four standard errors of 0."""
    network = NETWORKS["regular"]
    run = simulate(p, network, steps=5, seed=8)
    n_ties = (~network.is_marginalized).sum() * 5 / 2 * 0.7
    assert abs(run.history.ally_segregation.iloc[-1]) < 4 / np.sqrt(n_ties)
