"""The whole step of the model in vectorised NumPy and SciPy: sparse matrices add up what neighbours show.

Rules that are plain arithmetic are those of ``sim.rules``, called with arrays; those with a choice in them are written
with ``numpy.where``. Operations come in the same order and random numbers are the same, so people come out equal to the
last bit. Only what the default needs is here: logit choices with all options open, nobody scripted, nothing made known.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from sim import arithmetic, rules, streams
from sim.parameters import Numbers
from sim.rules import ALLY, BYSTAND, GATEKEEP, OPPOSE, TOKEN, WELCOME, WITHDRAW
from sim.state import FIELDS, State


class Vectorised:
    """The people of one run, as arrays of advantaged and of marginalized people."""

    def __init__(self, p: Numbers, network, start: State, seed: int):
        assert p.noise > 0 and p.feedback == 0 and p.crossing_share == 0, "not written for these parameters"
        assert p.oppose_allowed and p.bystand_allowed and p.token_allowed and p.ally_allowed
        self.p, self.now, self.key = p, start.step, streams.key(seed)
        self.groups = [np.flatnonzero(~network.is_marginalized), np.flatnonzero(network.is_marginalized)]
        ties = csr_array((np.ones(network.neighbours.size), network.neighbours, network.offsets))
        self.ties = [[ties[ours][:, theirs].tocsr() for theirs in self.groups] for ours in self.groups]
        self.counts = [[np.diff(part.indptr).astype(float) for part in row] for row in self.ties]
        self.weights = [[_per_tie(counts) for counts in row] for row in self.counts]
        self.share = self.counts[0][1] * _per_tie(self.counts[0][0] + self.counts[0][1])
        advantaged, marginalized = self.groups
        self.stance, self.betrayed = start.act[advantaged].astype(int), start.betrayed[advantaged] > 0
        self.sympathy, self.loyalty, self.stigma = (
            getattr(start, name)[advantaged].copy() for name in ("sympathy", "loyalty", "stigma")
        )
        self.response, self.trust = start.act[marginalized].astype(int), start.trust[marginalized].copy()
        self.visibility = np.array([0.0, 0.0, p.token_visibility, 1.0])
        self.act = np.array([-1.0, 0.0, p.token_visibility, 1.0])

    def advance(self, steps: int) -> None:
        for _ in range(steps):
            self.step()

    def step(self) -> None:
        """Show, gather, decide, learn."""
        by_advantaged, by_marginalized = self.shown()
        advantaged_view = self.view_of_advantaged(by_advantaged, by_marginalized)
        marginalized_view = self.view_of_marginalized(by_advantaged, by_marginalized)
        awake = self.awake()
        self.choose_stances(advantaged_view, awake)
        self.choose_responses(marginalized_view, awake)
        self.learn(advantaged_view, marginalized_view)
        self.now += 1

    def shown(self) -> tuple[np.ndarray, np.ndarray]:
        """Return what each group shows: seven columns, and two."""
        stance, level = self.stance, _level(self.stigma)
        is_ally, is_token = stance == ALLY, stance == TOKEN
        silent_loyalty = np.where(stance == BYSTAND, _level(self.loyalty), 0)
        columns = (
            is_ally, is_token, stance == OPPOSE, self.betrayed, silent_loyalty, is_ally * level, is_token * level
        )
        by_advantaged = np.column_stack(columns).astype(float)
        return by_advantaged, np.column_stack((self.response, _level(self.trust))).astype(float)

    def view_of_advantaged(self, by_advantaged, by_marginalized) -> rules.AdvantagedView:
        p, (tie, other_tie) = self.p, self.weights[0]
        allies, tokens, opposers, _, loyalty, ally_stigma, token_stigma = (self.ties[0][0] @ by_advantaged).T
        opposition, support = opposers * tie, rules.visible_support(p, allies * tie, tokens * tie)
        pressure = rules.sanction_pressure(p, opposition, rules.average_level(loyalty, tie))
        contagious = rules.contagious_stigma(
            p, rules.average_level(ally_stigma, tie), rules.average_level(token_stigma, tie)
        )
        return rules.AdvantagedView(
            support, opposition, rules.felt_norm(p, rules.visible_norm(support, opposition), 0.0), pressure,
            rules.punishment(p, pressure, support), contagious,
            (self.ties[0][1] @ by_marginalized[:, 0] - self.counts[0][1]) * other_tie, self.share,
        )  # fmt: skip

    def view_of_marginalized(self, by_advantaged, by_marginalized) -> rules.MarginalizedView:
        p, (tie, peer_tie), peers = self.p, self.weights[1], self.counts[1][1]
        allies, tokens, opposers, betrayals, _, ally_stigma, _ = (self.ties[1][0] @ by_advantaged).T
        responses, trust = (self.ties[1][1] @ by_marginalized).T
        allies, tokens = allies * tie, tokens * tie
        return rules.MarginalizedView(
            rules.visible_support(p, allies, tokens), opposers * tie,
            rules.credible_support(p, allies, rules.average_level(ally_stigma, tie)), betrayals * tie, tokens,
            (responses - peers) * peer_tie, rules.average_level(trust, peer_tie), 1.0 * (peers > 0),
        )  # fmt: skip

    def awake(self) -> np.ndarray:
        """Return who reconsiders at this step, by person."""
        n = sum(map(len, self.groups))
        words = streams.philox(np.arange((n + 3) // 4), self.now, streams.REVISE, 1, *self.key)
        return streams.to_coarse_uniform(np.column_stack(words).ravel()[:n]) < self.p.revise

    def choose_stances(self, view, awake) -> None:
        who = np.flatnonzero(awake[self.groups[0]])
        near = rules.AdvantagedView(*(column[who] for column in view))
        utilities = rules.stance_utilities(self.p, self.sympathy[who], self.loyalty[who], self.stigma[who], near)
        oppose, token, ally = utilities
        best = np.maximum(np.maximum(oppose, 0.0), np.maximum(token, ally))
        oppose, bystand, token, ally = (_weight(u, best, self.p.noise) for u in (oppose, 0.0, token, ally))
        target = self.draws(self.groups[0][who]) * (bystand + token + ally + oppose)
        to_token, to_ally = bystand + token, bystand + token + ally
        chosen = np.where(target < to_token, TOKEN, np.where(target < to_ally, ALLY, OPPOSE))
        chosen = np.where(target < bystand, BYSTAND, chosen)
        self.betrayed = np.zeros(len(self.stance), bool)
        self.betrayed[who] = (self.stance[who] == ALLY) & (chosen != ALLY)
        self.stance[who] = chosen

    def choose_responses(self, view, awake) -> None:
        who = np.flatnonzero(awake[self.groups[1]])
        near = rules.MarginalizedView(*(column[who] for column in view))
        utilities = rules.response_utilities(self.p, self.trust[who], near)
        best = np.maximum.reduce(utilities)
        gatekeep, withdraw, welcome = (_weight(u, best, self.p.noise) for u in utilities)
        target = self.draws(self.groups[1][who]) * (withdraw + welcome + gatekeep)
        chosen = np.where(target < withdraw + welcome, WELCOME, GATEKEEP)
        self.response[who] = np.where(target < withdraw, WITHDRAW, chosen)

    def draws(self, persons: np.ndarray) -> np.ndarray:
        return streams.uniform(persons, self.now, streams.CHOICE, *self.key)

    def learn(self, seen, known) -> None:
        """Update stigma and sympathy of advantaged people, trust of marginalized ones."""
        p = self.p
        own = self.visibility[self.stance] + p.proximity * seen.marginalized_share
        source = p.stigma_transfer * (2.0 * p.group_stigma * own + seen.contagious) + p.crossing_stigma
        stigma = (1.0 - p.stigma_memory) * self.stigma + p.stigma_memory * np.minimum(1.0, source)
        self.stigma = np.where(self.stance == OPPOSE, (1.0 - p.stigma_memory) * stigma, stigma)
        x = self.sympathy
        met = p.contact * seen.marginalized_share * np.maximum(0.0, seen.welcome) * (1.0 - x)
        appealed = p.appeals - rules.absolute(p.appeals) * x
        self.sympathy = np.clip(x + met + p.internalise * (self.act[self.stance] - x) + appealed, -1.0, 1.0)
        trust = self.trust
        gain = p.trust_gain * known.credible * (1.0 - trust) * (1.0 - p.wariness * (1.0 - trust))
        betrayal = p.betrayal_loss * (1.0 - p.repair) * known.betrayals
        loss = betrayal + p.opposition_loss * known.opposition + p.token_loss * known.tokens
        heard = p.gossip * known.has_peers * (known.peer_trust - trust)
        self.trust = np.clip(trust + gain - loss * trust + heard, 0.0, 1.0)

    def state(self) -> State:
        """Return the people in network order."""
        n = sum(map(len, self.groups))
        arrays = {name: np.zeros(n, np.uint8 if name in ("act", "betrayed") else float) for name in FIELDS}
        advantaged, marginalized = self.groups
        for name in ("betrayed", "sympathy", "loyalty", "stigma"):
            arrays[name][advantaged] = getattr(self, name)
        arrays["act"][advantaged], arrays["act"][marginalized] = self.stance, self.response
        arrays["trust"][marginalized] = self.trust
        return State(self.now, **arrays)


def _level(feeling: np.ndarray) -> np.ndarray:
    return np.floor(feeling * 64.0 + 0.5)


def _per_tie(counts: np.ndarray) -> np.ndarray:
    return np.where(counts > 0, 1.0 / np.maximum(counts, 1.0), 0.0)


def _weight(utility, best: np.ndarray, noise: float) -> np.ndarray:
    return _exponential((utility - best) / noise)


def _exponential(x: np.ndarray) -> np.ndarray:
    """Return what `arithmetic.exponential` does, element by element."""
    x = np.maximum(x, arithmetic.LOWEST_EXPONENT)
    n = np.floor(x * arithmetic.LOG2_E + 0.5)
    r = (x - n * arithmetic.LN2_HIGH) - n * arithmetic.LN2_LOW
    total = np.full_like(r, TAYLOR[0])
    for coefficient in TAYLOR[1:]:
        total = total * r + coefficient
    return np.ldexp(total, n.astype(int))


TAYLOR = (
    2.08767569878681e-09, 2.505210838544172e-08, 2.755731922398589e-07, 2.7557319223985893e-06, 2.48015873015873e-05,
    0.0001984126984126984, 0.001388888888888889, 0.008333333333333333, 0.041666666666666664, 0.16666666666666666, 0.5,
    1.0, 1.0,
)  # fmt: skip
