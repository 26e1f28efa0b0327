"""Gaisbauer, Olbrich & Banisch (2020): who keeps speaking, and who falls silent, when people learn from reactions?

Rules. Two groups hold opposite opinions, for good. Everybody learns how rewarding it is to speak: Q, an exponential
average of rewards. In each turn a random person speaks with probability 1 / (1 + exp(-b Q)); who speaks meets one
random neighbour, who answers with that neighbour's own probability of speaking. The reward is +1 for an answer from
one's own side, -1 from the other, 0 for silence, always less the cost c of speaking. Who is silent learns nothing.

Exact, for choices that are sharp (b large): a group's strength is the number of its tie ends within, as a multiple of
those across. Both groups keep speaking only if both strengths are at least (1 + c) / (1 - c); a group can keep speaking
alone where its strength is at least c / (1 - c). For any b a large population rests where
Q = s P - (1 - s) P_other - c for each group, with s the share of its ties within (`resting`).

Sharp choices among few people miss the bounds on the safe side: with b = 100, 200 ties each and c = .3, groups of
equal size keep speaking together from a homophily of about .4 on instead of .3, because who has learnt something bad
by chance falls silent and learns no more.

Departures from the paper: its rewards are averages over all neighbours in the mean-field version; here they are drawn
one neighbour at a time, as in its simulations. Networks are the project's two-group networks, in which both groups have
the same mean degree.

Gaisbauer, F., Olbrich, E., & Banisch, S. (2020), "The dynamics of opinion expression", *Physical Review E* 102, 042303.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from sim.arithmetic import exponential
from sim.checks import InputError, check_count, check_number
from sim.classics.outcome import Outcome, check_network, history_of, model
from sim.compiled import compiled
from sim.networks import two_groups
from sim.networks.network import Network
from sim.streams import CLASSIC_ACT, CLASSIC_PARTNER, CLASSIC_TURN, check_seed, key, uniform


@model
def run(
    cost=0.2,
    sharpness=10,
    learning_rate=0.01,
    majority_reward=0.5,
    minority_reward=0.5,
    minority_share=0.5,
    homophily=0.5,
    mean_degree=100,
    n_people=500,
    network=None,
    steps=1000,
    seed=1,
):
    """Run the model of Gaisbauer, Olbrich & Banisch (2020).

    Parameters
    ----------
    cost : float
        Of speaking, in [0, 1). The paper's c.
    sharpness : float
        How sharply people choose what is rewarding, in [0, 1000]. The paper's beta.
    learning_rate : float
        Weight of the newest reward, in [0, 1].
    majority_reward, minority_reward : float
        What people of either group expect of speaking at the start, in [-2, 1].
    minority_share, homophily, mean_degree, n_people
        Of the two-group network; ignored with a `network`.
    network : Network, optional
        Its marginalized group is the minority here.
    steps : int
        Each of one turn per person on average.
    seed : int
        0 to 2**64 - 1, for the network and for all luck.

    Returns
    -------
    Outcome
        Its ``history`` has ``majority_speaking`` and ``minority_speaking``: mean probability of speaking; NaN where a
        group is empty.
    """
    cost = check_number("cost", cost, 0, 1)
    if cost == 1:
        raise InputError("cost = 1 is out of range: it must be below 1")
    sharpness = check_number("sharpness", sharpness, 0, 1000)
    rate = check_number("learning_rate", learning_rate, 0, 1)
    rewards = np.array([check_number("majority_reward", majority_reward, -2, 1),
                        check_number("minority_reward", minority_reward, -2, 1)])  # fmt: skip
    steps, seed = check_count("steps", steps, 0, 1_000_000), check_seed(seed)
    if network is None:
        minority_share = check_number("minority_share", minority_share, 0, 1)
        network = two_groups(n_people, minority_share, mean_degree=mean_degree, homophily=homophily, seed=seed)
    side = check_network(network).is_marginalized.astype(np.int64)
    table = _speak(
        network.offsets, network.neighbours, side, rewards[side], cost, sharpness, rate, steps, *key(seed)
    )
    sizes = np.bincount(side, minlength=2)
    majority, minority = (table[:, g] / sizes[g] if sizes[g] else np.full(steps + 1, np.nan) for g in range(2))
    return Outcome(history_of(majority_speaking=majority, minority_speaking=minority), network)


def both_speak_from(cost: float) -> float:
    """Return the strength that both groups need for both to keep speaking."""
    return (1 + cost) / (1 - cost)


def alone_from(cost: float) -> float:
    """Return the strength that a group needs to keep speaking alone."""
    return cost / (1 - cost)


def within(network: Network) -> np.ndarray:
    """Return the share of tie ends that stay within the group: of the majority, of the minority."""
    own = np.repeat(network.is_marginalized, network.degree)
    is_within = own == network.is_marginalized[network.neighbours]
    return np.array([is_within[own == side].mean() for side in (False, True)])


def resting(shares, cost: float, sharpness: float, start) -> np.ndarray:
    """Return with what probability people of either group speak where a large population comes to rest.

    Parameters
    ----------
    shares : pair of float
        Ties within, as a share of the ties of either group.
    cost, sharpness : float
    start : pair of float
        What either group expects of speaking at the start.
    """
    shares, reward = np.asarray(shares, float), np.array(start, float)
    for _ in range(100_000):
        speaking = special.expit(sharpness * reward)
        change = shares * speaking - (1 - shares) * speaking[::-1] - cost - reward
        reward += 0.05 * change
        if np.abs(change).max() < 1e-13:
            break
    return special.expit(sharpness * reward)


@compiled
def _speak(offsets, neighbours, side, reward, cost, sharpness, rate, steps, k0, k1):
    n_people = side.size
    table = np.zeros((steps + 1, 2))
    for step in range(steps + 1):
        for turn in range(n_people if step else 0):
            person = int(uniform(turn, step, CLASSIC_TURN, k0, k1) * n_people)
            n_ties = offsets[person + 1] - offsets[person]
            draw = uniform(2 * turn, step, CLASSIC_ACT, k0, k1)
            if n_ties == 0 or draw >= _speaking(sharpness * reward[person]):
                continue
            place = int(uniform(turn, step, CLASSIC_PARTNER, k0, k1) * n_ties)
            other = np.int64(neighbours[offsets[person] + place])
            answer = 0.0
            if uniform(2 * turn + 1, step, CLASSIC_ACT, k0, k1) < _speaking(sharpness * reward[other]):
                answer = 1.0 if side[other] == side[person] else -1.0
            reward[person] += rate * (answer - cost - reward[person])
        for person in range(n_people):
            table[step, side[person]] += _speaking(sharpness * reward[person])
    return table


@compiled
def _speaking(utility):
    weight = exponential(-abs(utility))
    return (1.0 if utility >= 0.0 else weight) / (1.0 + weight)
