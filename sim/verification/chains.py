"""The model on graphs of at most five people against exact enumeration of the Markov chain.

Thousands of copies of the small graph live side by side in one network; each copy has luck of its own. Frequencies of
joint states, and of each person's acts, are compared with the exact probabilities by chi-square tests over all outcomes
expected at least five times (the rest pooled).
"""

from __future__ import annotations

import itertools
import math

import numpy as np
from scipy import stats

from sim.networks import from_edges
from sim.parameters import Parameters, preset
from sim.run import simulate
from sim.state import State
from sim.verification.check import Case, Check, spread_over
from sim.verification.small_chain import MEMORY_FREE, Chain

COPIES = 12_000
SCHEDULES = ("synchronous", "shuffled")
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
    """Return the exact chain of a graph, and a network of many copies of it."""
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
    """Return how likely deviations this large are."""
    expected = probabilities.ravel() * counts.sum()
    if counts[expected < 1e-12].any():
        return 0.0  # something impossible has happened
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
    """Return in how many copies every joint state is found after some steps of the engine."""
    run = simulate(
        chain.p, network, steps=steps, start=state_of(chain, acts), schedule=schedule, seed=seed, observe=False
    )  # fmt: skip
    return counts_of(chain, run.state.act)


def one_step(chain, schedule, acts):
    """Return the exact distribution after one step from fixed acts."""
    at = np.zeros(chain.shape)
    at[tuple(acts)] = 1
    return getattr(chain, schedule)(at)


def surprise(chance_of_it: float) -> float:
    """Return -log10 of a chance."""
    return -math.log10(max(chance_of_it, 1e-300))


def one_steps(count: int, seed: int):
    """Compare where one step leads with the exact chain, for all graphs, settings, schedules and three first states."""
    for graph, setting, schedule in spread_over(list(itertools.product(GRAPHS, SETTINGS, SCHEDULES)), -(-count // 3)):
        chain, network = chain_and_network(graph, setting)
        for luck, (name, acts) in enumerate(first_acts(chain).items()):
            counts = engine_counts(chain, network, acts, schedule, steps=1, seed=luck)
            found = surprise(chance(counts, one_step(chain, schedule, acts)))
            yield Case(found, surprise(LEVEL), f"{graph}, {setting}, {schedule}, {name}")


def wrong_chain(chain, graph):
    """Return the chain in which conformity is wrong by a tenth."""
    p = chain.p.replace(conformity=1.1 * chain.p.conformity)
    return Chain(p, *GRAPHS[graph], chain.sympathy, chain.loyalty, chain.stigma, chain.trust)


def a_tenth_is_noticed(count: int, seed: int):
    """Compare with a chain whose conformity is wrong by a tenth, and expect the comparison to refuse it."""
    chain, network = chain_and_network("star", "default")
    acts = first_acts(chain)["motley"]
    wrong = one_step(wrong_chain(chain, "star"), "synchronous", acts)
    for luck in range(2, 2 + count):
        counts = engine_counts(chain, network, acts, "synchronous", steps=1, seed=luck)
        yield Case(float(chance(counts, wrong) > LEVEL), 0.0, f"seed {luck}")


CHECKS = (
    Check("seven graphs of up to five people: joint acts of 12,000 copies after a step against the exact Markov chain, "
          "written without the rulebook", one_steps, 126, 18, "-log10 of the chance of such counts",
          f"{surprise(LEVEL):.2f} (a chance of .001 / 140)", "Counts are multinomial. With 140 comparisons a right "
          "engine fails once in 1,000 times; seeds are fixed, so it passes always or never."),
    Check("the same comparison with conformity wrong by a tenth: is it refused? (a difference is one that went unseen)",
          a_tenth_is_noticed, 5, 1, "unseen"),
)  # fmt: skip
