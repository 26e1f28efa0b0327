"""The model on a handful of people as a finite Markov chain, from the formulas of the model, without the rulebook.

Memory-free setting: stigma, trust and sympathy stay as they are. Everybody's stance and response together are then a
Markov chain. A distribution over it is an array with one axis per person: 4 stances (OPPOSE, BYSTAND, TOKEN, ALLY) or 3
responses (GATEKEEP, WITHDRAW, WELCOME).
"""

from __future__ import annotations

import itertools

import numpy as np

MEMORY_FREE = {
    "stigma_memory": 0, "trust_gain": 0, "betrayal_loss": 0, "opposition_loss": 0, "token_loss": 0, "gossip": 0,
    "contact": 0, "internalise": 0,
}  # fmt: skip


class Chain:
    """The exact chain of a few people.

    Parameters
    ----------
    p : Parameters
        With `MEMORY_FREE`.
    pairs : list of (int, int)
        Ties.
    is_marginalized : list of bool
    sympathy, loyalty, stigma, trust : list of float
        Fixed traits, one entry per person.
    """

    def __init__(self, p, pairs, is_marginalized, sympathy, loyalty, stigma, trust):
        self.p, self.is_marginalized = p, is_marginalized
        self.sympathy, self.loyalty, self.stigma, self.trust = sympathy, loyalty, stigma, trust
        self.people = range(len(is_marginalized))
        self.neighbours = [[j for j in self.people if (i, j) in pairs or (j, i) in pairs] for i in self.people]
        self.shape = tuple(3 if m else 4 for m in is_marginalized)
        acts = list(itertools.product(*map(range, self.shape)))
        self.choice = [
            np.array([self.probabilities(i, a) for a in acts]).reshape(*self.shape, self.shape[i]) for i in self.people
        ]

    def probabilities(self, i, acts):
        """Return person i's choice probabilities when people show `acts`."""
        utilities = self.responses(i, acts) if self.is_marginalized[i] else self.stances(i, acts)
        weights = np.exp(np.array(utilities) / self.p.noise)
        return weights / weights.sum()

    def around(self, i, acts):
        """Return the acts of advantaged and of marginalized neighbours."""
        groups = ([], [])
        for j in self.neighbours[i]:
            groups[self.is_marginalized[j]].append(j)
        return groups

    def stances(self, i, acts):
        """Return the utilities of the four stances of an advantaged person."""
        p, x, loyalty, stigma = self.p, self.sympathy[i], self.loyalty[i], self.stigma[i]
        peers, others = self.around(i, acts)
        support = mean({3: 1.0, 2: p.token_visibility}.get(acts[j], 0.0) for j in peers)
        opposition = mean(float(acts[j] == 0) for j in peers)
        # loyalty of the silent is shown to the nearest 1/64
        pressure = mean(
            1.0 if acts[j] == 0 else p.complicity * round(64 * self.loyalty[j]) / 64 if acts[j] == 1 else 0.0
            for j in peers
        )
        welcome = mean(acts[j] - 1.0 for j in others)
        norm = support - opposition
        cost = p.sanction * pressure * (1 - p.shield * support)
        price = p.stigma_cost * stigma + cost
        ally = p.conviction * x + loyalty * p.conformity * norm + p.acceptance * welcome - price - p.effort
        oppose = (
            -p.conviction * x - loyalty * p.conformity * norm + p.threat * loyalty * support
            + p.distancing * loyalty * stigma - p.accountability * support - p.effort
        )  # fmt: skip
        token = p.image * support + p.token_visibility * (loyalty * p.conformity * norm - price) - p.token_effort
        return oppose, 0.0, token, ally

    def responses(self, i, acts):
        """Return the utilities of the three responses of a marginalized person."""
        p = self.p
        peers, others = self.around(i, acts)
        support = mean({3: 1.0, 2: p.token_visibility}.get(acts[j], 0.0) for j in peers)
        opposition = mean(float(acts[j] == 0) for j in peers)
        welcome = p.trust_weight * (2 * self.trust[i] - 1) + p.solidarity * mean(acts[j] - 1.0 for j in others)
        gatekeep = -welcome + p.authenticity_threat * support - p.gatekeep_effort
        return gatekeep, p.hostility * opposition - p.safety, welcome

    def after_one_acts(self, distribution, i):
        """Return the distribution after person i alone has had a chance to reconsider."""
        chosen = distribution.sum(axis=i, keepdims=True) * marginal(self.choice[i], i)
        return (1 - self.p.revise) * distribution + self.p.revise * chosen

    def synchronous(self, distribution):
        """Return the distribution after one step in which all decide from the same picture."""
        after = np.zeros(self.shape)
        for acts in zip(*np.nonzero(distribution), strict=True):
            step = np.array(distribution[acts])
            for i in self.people:
                moves = self.p.revise * self.choice[i][acts]
                moves[acts[i]] += 1 - self.p.revise
                step = np.multiply.outer(step, moves)
            after += step
        return after

    def shuffled(self, distribution):
        """Return the distribution after one step in which people act one by one, averaged over all orders.

        After a set of people has acted, in an order drawn at random, each of them was the last with equal chance.
        """
        after = {frozenset(): distribution}
        for size in range(1, len(self.people) + 1):
            for done in map(frozenset, itertools.combinations(self.people, size)):
                after[done] = sum(self.after_one_acts(after[done - {i}], i) for i in done) / size
        return after[frozenset(self.people)]

    def stationary(self, step):
        """Return the distribution that `step` leaves unchanged, to 1e-10."""
        distribution = np.full(self.shape, 1 / np.prod(self.shape))
        for _ in range(10_000):
            distribution, before = step(distribution), distribution
            if np.abs(distribution - before).sum() < 1e-10:
                return distribution
        raise AssertionError("the chain does not settle")


def marginal(choice, i):
    """Return person i's choice probabilities with the next act on axis i (the present one does not matter)."""
    now = np.take(choice, 0, axis=i)
    return np.moveaxis(now, -1, i)


def mean(values):
    """Return the average, 0 of nothing."""
    values = list(values)
    return sum(values) / len(values) if values else 0.0
