"""Centola, Willer & Macy (2005), the emperor's dilemma: how a few believers make people enforce what nobody wants.

Rules. A few believers back a norm and cannot be swayed (conviction 1); the others disbelieve, with convictions drawn
evenly from .01 to .38. Everybody acts for or against the norm, and may enforce one or the other on the neighbours.
Pressure on a person is the share of neighbours who enforce the opposite of one's belief less the share who enforce the
belief.

- One acts against one's belief when the pressure is greater than one's conviction; otherwise as one believes.
- One enforces against one's belief (false enforcement) when one acts so and the pressure is greater than conviction
  plus the cost of enforcing. One enforces one's belief when one acts on it and conviction times the share of neighbours
  who act against the belief is greater than that cost.

At the start everybody acts as believed and nobody enforces. In each step everybody has one turn, in a new random order,
and sees what the others do at that moment; 150 steps at most, and fewer where nothing changes any more.

Departures from the paper, whose figures were not at hand: the rules are those of its text as restated in later
implementations. Ties are rewired with everybody keeping the number of ties. Clustered believers are the people nearest
to a random one. So the pattern is claimed, not the paper's numbers.

Exact: where everybody sees everybody, nobody can enforce falsely before the pressure of the believers exceeds the
weakest conviction plus the cost, .01 + .125 = .135 of all people (`complete_limit`). With more believers a few do for a
while, until those of stronger conviction enforce deviance against them: among 1,000 people nothing lasts up to 20 %
believers (among 300, by chance, in one run of eight).

Centola, D., Willer, R., & Macy, M. (2005), "The emperor's dilemma: a computational model of self-enforcing norms",
*American Journal of Sociology* 110(4), 1009-1040.
"""

from __future__ import annotations

import numpy as np

from sim.checks import InputError, check_count, check_flag, check_number
from sim.classics.lattices import rewired, torus
from sim.classics.outcome import Outcome, check_network, history_of, model, share_of
from sim.compiled import compiled
from sim.networks.network import Network
from sim.streams import CLASSIC_START, CLASSIC_TRAIT, CLASSIC_TURN, check_seed, key, permutation, uniform, uniforms

COMPLYING, FALSE, AGAINST, FOR = 0, 1, 2, 3  # what is counted: see the columns of the history


@model
def run(
    believer_share=0.03,
    clustered=False,
    rewiring=0,
    weakest=0.01,
    strongest=0.38,
    enforcement_cost=0.125,
    side=32,
    network=None,
    steps=150,
    seed=1,
):
    """Run the model of Centola, Willer & Macy (2005).

    Parameters
    ----------
    believer_share : float
        In [0, 1]; rounded to whole people.
    clustered : bool
        Are the believers a random person and those nearest to that person, or random people?
    rewiring : float
        Share of the ties that is rewired, in [0, 1].
    weakest, strongest : float
        Range of the convictions of disbelievers, in [0, 1].
    enforcement_cost : float
        In [0, 1]. The paper's K.
    side : int
        Of the lattice without edges with eight neighbours, 3 to 1,000; ignored with a `network`.
    network : Network, optional
        Instead of the lattice; is rewired as well.
    steps : int
    seed : int
        0 to 2**64 - 1.

    Returns
    -------
    Outcome
        Its ``history`` has, as shares of disbelievers, ``complying_share``, ``false_enforcement_share`` (of the norm)
        and ``true_enforcement_share`` (of deviance), and ``believers_enforcing_share``; NaN where there are none.
    """
    believer_share = check_number("believer_share", believer_share, 0, 1)
    clustered, rewiring = check_flag("clustered", clustered), check_number("rewiring", rewiring, 0, 1)
    weakest, strongest = check_number("weakest", weakest, 0, 1), check_number("strongest", strongest, 0, 1)
    if weakest > strongest:
        raise InputError(f"weakest = {weakest:g} is out of range: it must be at most strongest = {strongest:g}")
    cost = check_number("enforcement_cost", enforcement_cost, 0, 1)
    network = torus(check_count("side", side, 3, 1000)) if network is None else check_network(network)
    steps, seed = check_count("steps", steps, 0, 1_000_000), check_seed(seed)
    order = permutation(seed, CLASSIC_START, network.n_people)
    believers = (nearest(network, order) if clustered else order)[: round(believer_share * network.n_people)]
    network = rewired(network, rewiring, seed)
    belief = np.full(network.n_people, -1)
    belief[believers] = 1
    conviction = weakest + (strongest - weakest) * uniforms(seed, CLASSIC_TRAIT, network.n_people)
    conviction[believers] = 1.0
    counts = _steps(network.offsets, network.neighbours, belief, conviction, cost, steps, *key(seed))
    n_others = network.n_people - believers.size
    history = history_of(
        complying_share=share_of(counts[:, COMPLYING], n_others),
        false_enforcement_share=share_of(counts[:, FALSE], n_others),
        true_enforcement_share=share_of(counts[:, AGAINST], n_others),
        believers_enforcing_share=share_of(counts[:, FOR], believers.size),
    )
    return Outcome(history, network)


def complete_limit(weakest=0.01, enforcement_cost=0.125) -> float:
    """Return the share of believers up to which nobody enforces falsely where everybody sees everybody."""
    return weakest + enforcement_cost


def nearest(network: Network, order: np.ndarray) -> np.ndarray:
    """Return all people by their distance along ties from the first of `order`, those as near in that order."""
    return _by_distance(network.offsets, network.neighbours, order)


@compiled
def _by_distance(offsets, neighbours, order):
    n_people = order.size
    rank = np.empty(n_people, np.int64)
    rank[order] = np.arange(n_people)
    distance = np.full(n_people, n_people, np.int64)  # whoever cannot be reached comes last
    queue = np.empty(n_people, np.int64)
    queue[0] = order[0]
    distance[order[0]] = 0
    head, tail = 0, 1
    while head < tail:
        person = queue[head]
        head += 1
        for place in range(offsets[person], offsets[person + 1]):
            other = np.int64(neighbours[place])
            if distance[other] == n_people:
                distance[other] = distance[person] + 1
                queue[tail] = other
                tail += 1
    return np.argsort(distance * n_people + rank)


@compiled
def _steps(offsets, neighbours, belief, conviction, cost, steps, k0, k1):
    n_people = belief.size
    act, enforced = belief.copy(), np.zeros(n_people, np.int64)
    counts = np.zeros((steps + 1, 4), np.int64)
    draws = np.empty(n_people)
    for step in range(1, steps + 1):
        for person in range(n_people):
            draws[person] = uniform(person, step, CLASSIC_TURN, k0, k1)
        is_settled = True
        for person in np.argsort(draws):
            n_ties = max(offsets[person + 1] - offsets[person], 1)
            enforcing = acting = 0
            for place in range(offsets[person], offsets[person + 1]):
                enforcing += enforced[neighbours[place]]
                acting += act[neighbours[place]] != belief[person]
            pressure, need = -belief[person] * enforcing / n_ties, acting / n_ties
            new_act, new_enforced = belief[person], 0
            if pressure > conviction[person]:
                new_act = -belief[person]
                new_enforced = new_act if pressure > conviction[person] + cost else 0
            elif conviction[person] * need > cost:
                new_enforced = new_act
            is_settled &= new_act == act[person] and new_enforced == enforced[person]
            act[person], enforced[person] = new_act, new_enforced
        for person in range(n_people):
            if belief[person] > 0:
                counts[step, FOR] += enforced[person] > 0
            else:
                counts[step, COMPLYING] += act[person] > 0
                counts[step, FALSE] += enforced[person] > 0
                counts[step, AGAINST] += enforced[person] < 0
        if is_settled:
            counts[step:] = counts[step]
            break
    return counts
