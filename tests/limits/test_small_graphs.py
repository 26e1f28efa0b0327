"""The engine on graphs of at most five people against exact enumeration of the Markov chain.

Thousands of copies of the small graph live side by side in one network; each copy has luck of its own. Frequencies of
joint states, and of each person's acts, are compared with the exact probabilities by chi-square tests over all outcomes
expected at least five times (the rest pooled). Each comparison is at level 0.001 / (number of comparisons in this
file), so that a correct engine fails the file with a chance of at most 0.001; seeds are fixed, so that it passes always
or never.
"""

import numpy as np
import pytest
from scipy import stats
from small_chain import MEMORY_FREE, Chain

from sim import simulate
from sim.networks import from_edges
from sim.parameters import Parameters, preset
from sim.state import State

COPIES = 12_000
LEVEL = 0.001 / 140  # comparisons in this file

GRAPHS = {
    "pair": ([(0, 1)], [False, True]),
    "path": ([(0, 1), (1, 2), (2, 3), (3, 4)], [False, False, True, False, True]),
    "star": ([(0, 1), (0, 2), (0, 3), (0, 4)], [False, False, False, True, True]),
    "star around a marginalized person": ([(0, 1), (0, 2), (0, 3)], [True, False, False, False]),
    "complete": ([(i, j) for j in range(5) for i in range(j)], [True, False, False, False, True]),
    "triangle, and one alone": ([(0, 1), (1, 2), (0, 2)], [False, False, True, False]),
    "isolated": ([], [False, True]),
}
SETTINGS = {
    "default": Parameters(**MEMORY_FREE, revise=0.5),
    "lively": preset("mixed").replace(**MEMORY_FREE, revise=1.0, noise=0.7, sanction=4, safety=0.5, solidarity=2),
    "slow": preset("hollow").replace(**MEMORY_FREE, revise=0.3, noise=1.5, conformity=3.3, threat=2, acceptance=3),
}
SYMPATHY = [0.4, -0.7, 0.1, 0.9, -0.2]
LOYALTY = [0.63, 0.21, 0.87, 0.5, 0.99]
STIGMA = [0.1, 0.8, 0.35, 0.6, 0.0]
TRUST = [0.2, 0.7, 0.45, 0.9, 0.6]


def chain_and_network(graph, setting):
    pairs, marginalized = GRAPHS[graph]
    n = len(marginalized)
    chain = Chain(SETTINGS[setting], pairs, marginalized, SYMPATHY[:n], LOYALTY[:n], STIGMA[:n], TRUST[:n])
    shift = n * np.arange(COPIES)[:, None, None]
    all_pairs = (np.array(pairs, int).reshape(-1, 2) + shift).reshape(-1, 2)
    return chain, from_edges(all_pairs, np.tile(marginalized, COPIES))


def state_of(chain, acts):
    """Return the state in which every copy shows `acts`."""
    marginalized = np.array(chain.is_marginalized)

    def tiled(values, apply):
        return np.tile(np.where(apply, values, 0.0), COPIES)

    return State(
        step=0,
        act=np.tile(np.array(acts, np.uint8), COPIES),
        betrayed=np.zeros(COPIES * len(acts), np.uint8),
        sympathy=tiled(chain.sympathy, ~marginalized),
        loyalty=tiled(chain.loyalty, ~marginalized),
        stigma=tiled(chain.stigma, ~marginalized),
        trust=tiled(chain.trust, marginalized),
    )


def counts_of(chain, act):
    """Count the copies in every joint state."""
    codes = np.ravel_multi_index(act.reshape(COPIES, -1).T, chain.shape)
    return np.bincount(codes, minlength=np.prod(chain.shape))


def chance(counts, probabilities):
    """Return how likely deviations this large are, of joint states or of anybody's acts (Bonferroni)."""
    table, axes = counts.reshape(probabilities.shape), range(probabilities.ndim)
    rest = [tuple(j for j in axes if j != i) for i in axes]
    marginals = [chi_square_chance(table.sum(axis=j), probabilities.sum(axis=j)) for j in rest]
    return min([chi_square_chance(counts, probabilities), *marginals]) * (1 + len(marginals))


def chi_square_chance(counts, probabilities):
    expected = probabilities.ravel() * counts.sum()
    assert (counts[expected < 1e-12] == 0).all()
    often = expected >= 5
    observed, expected = (np.append(values[often], values[~often].sum()) for values in (counts, expected))
    if expected[-1] < 5:  # too little for a cell of its own
        observed, expected = (np.append(values[:-2], values[-2:].sum()) for values in (observed, expected))
    statistic = ((observed - expected) ** 2 / expected).sum()
    return stats.chi2.sf(statistic, max(1, len(expected) - 1))


def first_acts(chain):
    """Return three fixed states: silence and withdrawal, everybody for it, and a motley one."""
    motley = (3, 0, 2, 1, 0)
    return {
        "silent": [1] * len(chain.shape),
        "all for it": [n - 1 for n in chain.shape],
        "motley": [min(a, n - 1) for a, n in zip(motley, chain.shape, strict=False)],
    }


def engine_counts(chain, network, acts, schedule, steps, seed):
    run = simulate(
        chain.p, network, steps=steps, start=state_of(chain, acts), schedule=schedule, seed=seed, observe=False
    )  # fmt: skip
    return counts_of(chain, run.state.act)


def one_step(chain, schedule, acts):
    at = np.zeros(chain.shape)
    at[tuple(acts)] = 1
    return getattr(chain, schedule)(at)


@pytest.mark.parametrize("schedule", ["synchronous", "shuffled"])
@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("graph", GRAPHS)
def test_one_step_leads_where_the_exact_chain_leads(graph, setting, schedule):
    chain, network = chain_and_network(graph, setting)
    for seed, acts in enumerate(first_acts(chain).values()):
        counts = engine_counts(chain, network, acts, schedule, steps=1, seed=seed)
        assert chance(counts, one_step(chain, schedule, acts)) > LEVEL


@pytest.mark.slow
@pytest.mark.parametrize("schedule", ["synchronous", "shuffled"])
@pytest.mark.parametrize(
    ("graph", "setting"),
    [("path", "slow"), ("star around a marginalized person", "lively"), ("triangle, and one alone", "lively")],
)
def test_long_runs_settle_in_the_stationary_distribution(graph, setting, schedule):
    chain, network = chain_and_network(graph, setting)
    expected = chain.stationary(getattr(chain, schedule))
    counts = engine_counts(chain, network, first_acts(chain)["motley"], schedule, steps=40, seed=11)
    assert chance(counts, expected) > LEVEL


def test_the_comparison_would_notice_a_small_change():
    """The test has power: conformity wrong by 10 % is refuted by the same counts."""
    chain, network = chain_and_network("star", "default")
    acts = first_acts(chain)["motley"]
    counts = engine_counts(chain, network, acts, "synchronous", steps=1, seed=2)
    p = chain.p.replace(conformity=1.1 * chain.p.conformity)
    pairs, marginalized = GRAPHS["star"]
    wrong = Chain(p, pairs, marginalized, chain.sympathy, chain.loyalty, chain.stigma, chain.trust)
    assert chance(counts, one_step(chain, "synchronous", acts)) > LEVEL
    assert chance(counts, one_step(wrong, "synchronous", acts)) < LEVEL
