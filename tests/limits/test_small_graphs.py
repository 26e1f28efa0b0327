"""The engine on graphs of at most five people against exact enumeration of the Markov chain.

Thousands of copies of the small graph live side by side in one network; each copy has luck of its own. Frequencies of
joint states, and of each person's acts, are compared with the exact probabilities by chi-square tests over all outcomes
expected at least five times (the rest pooled). Each comparison is at level 0.001 / (number of comparisons in this
file), so that a correct engine fails the file with a chance of at most 0.001; seeds are fixed, so that it passes always
or never.
"""

import pytest

from sim.verification.chains import (
    GRAPHS,
    LEVEL,
    SETTINGS,
    chain_and_network,
    chance,
    engine_counts,
    first_acts,
    one_step,
    wrong_chain,
)


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
    wrong = wrong_chain(chain, "star")
    assert chance(counts, one_step(chain, "synchronous", acts)) > LEVEL
    assert chance(counts, one_step(wrong, "synchronous", acts)) < LEVEL
