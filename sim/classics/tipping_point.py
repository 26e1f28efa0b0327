"""Centola, Becker, Brackbill & Baronchelli (2018): how large must a committed minority be to tip a convention?

Rules. Two behaviours. In every encounter two people meet, both act, and each remembers what the other did, the last
`memory` encounters only. People act as most of what they remember; where both are remembered equally often, either with
probability 1/2. At the start everybody remembers only the established behaviour. A committed share always shows the
alternative. A step has ``n_people / 2`` encounters, of two random people or, with a `network`, along a random tie.

Exact, in a large well-mixed population with memory M: an uncommitted person shows the alternative with probability
x = P(Bin(M, p) > M / 2) + P(Bin(M, p) = M / 2) / 2, where p = C + (1 - C) x. The low solution exists up to a critical
committed share C, .2419 for M = 12 (and for M = 11: an even memory decides its ties as if the oldest were not there).

Departures from the paper: its populations of 24 in the experiment play in rounds of simultaneous random matching; here
encounters follow one another, as in its simulations of large populations.

Centola, D., Becker, J., Brackbill, D., & Baronchelli, A. (2018), "Experimental evidence for tipping points in social
convention", *Science* 360, 1116-1119.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from sim.checks import check_count, check_number
from sim.classics.outcome import Outcome, check_network, history_of, model
from sim.compiled import compiled
from sim.streams import CLASSIC_ACT, CLASSIC_PARTNER, CLASSIC_START, CLASSIC_TURN, check_seed, key, permutation, uniform


@model
def run(committed_share=0.25, memory=12, n_people=1000, network=None, steps=500, seed=1):
    """Run the model of Centola et al. (2018).

    Parameters
    ----------
    committed_share : float
        People who always show the alternative, in [0, 1]; drawn at random.
    memory : int
        Encounters that are remembered, 1 to 1000. The paper's M.
    n_people : int
        At least 2; ignored with a `network`.
    network : Network, optional
        Who meets whom; everybody meets everybody without one.
    steps : int
        Each of ``n_people / 2`` encounters (rounded down, at least one).
    seed : int
        0 to 2**64 - 1.

    Returns
    -------
    Outcome
        Its ``history`` has ``alternative_share``: how often people who are not committed showed the alternative during
        the step (0 at step 0; NaN if all are committed).
    """
    committed_share = check_number("committed_share", committed_share, 0, 1)
    memory = check_count("memory", memory, 1, 1000)
    steps, seed = check_count("steps", steps, 0, 1_000_000), check_seed(seed)
    n_people = check_count("n_people", n_people, 2, 1_000_000) if network is None else check_network(network).n_people
    is_committed = np.zeros(n_people, bool)
    is_committed[permutation(seed, CLASSIC_START, n_people)[: round(committed_share * n_people)]] = True
    if network is None:
        owner = other = np.empty(0, np.int64)
    else:
        owner, other = np.repeat(np.arange(n_people), network.degree), network.neighbours.astype(np.int64)
    shares = _meet(is_committed, owner, other, network is None, memory, steps, *key(seed))
    return Outcome(history_of(alternative_share=shares), network)


def critical_share(memory: int) -> float:
    """Return the committed share at which a large well-mixed population tips.

    For a probability p of meeting the alternative, the share that makes p stationary is C = (p - x(p)) / (1 - x(p));
    the low branch ends where C is greatest.
    """
    memory = check_count("memory", memory, 1, 1000)
    p = np.linspace(0, 0.5, 1_000_001)
    x = stats.binom.sf(memory // 2, memory, p)
    if memory % 2 == 0:
        x += 0.5 * stats.binom.pmf(memory // 2, memory, p)
    return float(((p - x) / (1 - x)).max())


@compiled
def _meet(is_committed, owner, other, is_mixed, memory, steps, k0, k1):
    n_people = is_committed.size
    remembered = np.zeros((n_people, memory), np.bool_)  # a ring of the last encounters: was it the alternative?
    place, count = np.zeros(n_people, np.int64), np.zeros(n_people, np.int64)
    shares = np.full(steps + 1, np.nan)
    shares[0] = 0.0 if not is_committed.all() else np.nan
    for step in range(1, steps + 1):
        shown = n_free = 0
        for meeting in range(max(n_people // 2, 1) if is_mixed or owner.size else 0):
            draw = uniform(meeting, step, CLASSIC_TURN, k0, k1)
            if is_mixed:
                one = int(draw * n_people)
                two = int(uniform(meeting, step, CLASSIC_PARTNER, k0, k1) * (n_people - 1))
                two += two >= one
            else:
                tie = int(draw * owner.size)
                one, two = owner[tie], other[tie]
            acts = (
                _act(is_committed[one], count[one], memory, uniform(2 * meeting, step, CLASSIC_ACT, k0, k1)),
                _act(is_committed[two], count[two], memory, uniform(2 * meeting + 1, step, CLASSIC_ACT, k0, k1)),
            )
            for person, act, met in ((one, acts[0], acts[1]), (two, acts[1], acts[0])):
                if not is_committed[person]:
                    shown += act
                    n_free += 1
                count[person] += np.int64(met) - np.int64(remembered[person, place[person]])
                remembered[person, place[person]] = met
                place[person] = (place[person] + 1) % memory
        if n_free:
            shares[step] = shown / n_free
    return shares


@compiled
def _act(is_committed, count, memory, draw):
    return is_committed or 2 * count > memory or (2 * count == memory and draw < 0.5)
