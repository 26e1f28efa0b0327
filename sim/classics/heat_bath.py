"""Two options, chosen again and again, one person at a time, by a logit of what others have chosen."""

from __future__ import annotations

import numpy as np

from sim.arithmetic import exponential
from sim.compiled import compiled
from sim.networks.network import Network
from sim.streams import CLASSIC_ACT, CLASSIC_START, CLASSIC_TURN, key, uniform, uniforms


def choices(network: Network | None, n_people: int, *, field, pull, is_mean, start, steps, seed) -> np.ndarray:
    """Return the mean choice in [-1, 1] before the first step and after each; a step is one turn per person on average.

    A person whose turn it is chooses +1 with probability 1 / (1 + exp(-2 (field + pull * others))), where `others` is
    the sum of the neighbours' choices, or with `is_mean` their mean; everybody else's where there is no network.
    `start` is the probability of +1 at the start.
    """
    choice = np.where(uniforms(seed, CLASSIC_START, n_people) < start, 1, -1)
    if network is None:
        pulls = np.full(n_people, pull / max(n_people - 1, 1) if is_mean else pull)
        ties = np.zeros(1, np.int64), np.empty(0, np.uint32)
    else:
        pulls = pull / np.maximum(network.degree, 1) if is_mean else np.full(n_people, pull)
        ties = network.offsets, network.neighbours
    return _choose(*ties, network is None, choice, float(field), pulls.astype(float), steps, *key(seed))


@compiled
def _choose(offsets, neighbours, is_everybody, choice, field, pulls, steps, k0, k1):
    n_people = choice.size
    total = choice.sum()
    means = np.empty(steps + 1)
    means[0] = total / n_people
    for step in range(1, steps + 1):
        for turn in range(n_people):
            person = int(uniform(turn, step, CLASSIC_TURN, k0, k1) * n_people)
            others = total - choice[person]
            if not is_everybody:
                others = 0
                for place in range(offsets[person], offsets[person + 1]):
                    others += choice[neighbours[place]]
            utility = field + pulls[person] * others
            draw = uniform(turn, step, CLASSIC_ACT, k0, k1)
            # of a weight of at most 1, so that nothing overflows
            weight = exponential(-2.0 * abs(utility))
            is_with = draw * (1.0 + weight) < 1.0
            new = 1 if is_with == (utility >= 0.0) else -1
            total += new - choice[person]
            choice[person] = new
        means[step] = total / n_people
    return means
