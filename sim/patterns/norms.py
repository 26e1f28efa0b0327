"""Patterns of norms: what is seen, what is believed, what tips."""

from __future__ import annotations

import numpy as np

from sim.interventions import intervention
from sim.patterns.bench import advantaged, forced, is_ally, late, ties_to
from sim.patterns.pattern import Clause, Pattern, above, flat, mean
from sim.rules import Stance


def _unpopular(run) -> float:
    """Return whether opposition prevails in public while a minority privately agrees."""
    return float((late("oppose_share", "private_support")(run) > 0.5).all())


def unpopular_norms_survive(bench):
    """S7."""
    public = bench.arm(_unpopular, start="opposed")
    private = bench.arm(_unpopular, start="opposed", changes={"conformity": 0.0, "sanction": 0.0})
    return [
        above("share of runs in which an unpopular opposition prevails, when acts are public", public, 0.5),
        above("minus the same when they are private (no norm, no punishment)", public - private),
    ]


CONTEXTS = 40


def _context(run) -> np.ndarray:
    """Return norm and expression of a group, and how they go together across its people."""
    people = advantaged(run)
    speaks = (run.state.act[people] >= Stance.TOKEN).astype(float)
    norm, expression = late("perceived_support", "expressed_support")(run)
    return np.array([norm, expression, _r(run.state.sympathy[people], speaks)])


def _r(one, other) -> float:
    return float(np.corrcoef(one, other)[0, 1]) if np.ptp(one) > 0 and np.ptp(other) > 0 else np.nan


def expression_follows_the_context(bench):
    """N1."""
    values = bench.arm(_context, replicates=max(bench.pairs // 2, CONTEXTS), steps=100,
                       start=lambda replicate: replicate % CONTEXTS / (CONTEXTS - 1))  # fmt: skip
    across = lambda rows: _r(values[rows, 0], values[rows, 1])  # noqa: E731
    within = lambda rows: np.nanmean(values[rows, 2])  # noqa: E731
    return [
        Clause("correlation of norm and expression across groups", across, len(values), low=0.8),
        Clause("minus the correlation of private sympathy and expression across people",
               lambda rows: across(rows) - within(rows), len(values), low=0.2),
    ]  # fmt: skip


def private_exceeds_perceived(bench):
    """N3a."""
    return [mean("private minus perceived support", bench.arm(late("perception_gap")), 0.1, 0.3)]


BEFORE = 300  # steps before something is made known, or somebody is planted


def _peers(**about):
    return intervention("custom", who="random", share=0.02, begin=BEFORE, group="advantaged", **about)


def correcting_beliefs_moves_acts_a_little(bench):
    """N3b."""
    nothing = _peers(shift={"feedback": 0.0})
    told = intervention("norm_feedback", begin=BEFORE)
    gap = bench.arm(late("perception_gap"))
    gap_told = bench.arm(late("perception_gap"), interventions=[told])
    # The peers are picked in all three arms, so that the same people are looked at.
    arms = [bench.arm(_acting_near, interventions=[nothing, *more]) for more in ([], [told])]
    seen = bench.arm(_acting_near, interventions=[_peers(force="ally")])
    return [
        flat("what is left of the gap between private and perceived support", gap_told, gap),
        mean("effect of making private support known on acts", arms[1] - arms[0], 0.0, 0.1),
        above("effect of seeing a peer act minus that", seen - arms[1]),
    ]


def _acting_near(run) -> float:
    """Return the share of allies among the advantaged neighbours of those that the first intervention picks."""
    picked = np.zeros(run.network.n_people, bool)
    picked[run.picked[0]] = True
    around = (ties_to(run.network, picked) > 0) & ~run.network.is_marginalized & ~picked
    return is_ally(run)[around].mean()


COMMITTED = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)


def _others_support(run) -> float:
    """Return whether of the people who are not committed more support than oppose."""
    committed = forced(run) if run.picked else np.zeros(run.network.n_people, bool)
    act = run.state.act[~run.network.is_marginalized & ~committed]
    return float((act >= Stance.TOKEN).sum() > (act == Stance.OPPOSE).sum())


def _midpoint(shares: np.ndarray):
    """Return, for some replicates, where the share of tipped runs crosses one half."""

    def statistic(rows):
        tipped = np.maximum.accumulate(shares[:, rows].mean(axis=1))
        if tipped[-1] < 0.5:
            return np.inf
        after = int(np.argmax(tipped >= 0.5))
        if after == 0:
            return 0.0
        low, high = tipped[after - 1], tipped[after]
        return COMMITTED[after - 1] + (0.5 - low) / (high - low) * (COMMITTED[after] - COMMITTED[after - 1])

    return statistic


def _tipped(bench, changes=None) -> np.ndarray:
    def arm(share):
        done = [intervention("committed_allies", share=share)] if share else []
        return bench.arm(_others_support, start="opposed", interventions=done, changes=changes, steps=200)

    return np.array([arm(share) for share in COMMITTED])


def a_committed_minority_tips(bench):
    """N5."""
    usual, dearer = _tipped(bench), _tipped(bench, {"sanction": 2 * bench.parameters.sanction})
    one, other = _midpoint(usual), _midpoint(dearer)

    def later(rows):
        first, second = one(rows), other(rows)
        return 0.0 if first == second else min(second, 1.0) - min(first, 1.0)

    return [
        Clause("committed share at which half of the runs tip", one, bench.pairs, 0.1, 0.4),
        Clause("how much later when loyalty is sanctioned twice as hard", later, bench.pairs, low=0.0),
    ]


def _climates(run) -> np.ndarray:
    """Return rows of (acts, local support, global support) of advantaged people."""
    people, act = advantaged(run), run.state.act
    speaks = (act >= Stance.TOKEN) & ~run.network.is_marginalized
    ties = ties_to(run.network, ~run.network.is_marginalized)[people]
    local = ties_to(run.network, speaks)[people] / np.maximum(ties, 1)
    chosen = people[:200]  # enough of each run
    return np.column_stack([speaks[chosen], local[:200], np.full(len(chosen), speaks[people].mean())])


def the_local_climate_matters(bench):
    """N7."""
    rows = bench.arm(_climates, steps=100, start=lambda replicate: replicate % 11 / 10,
                     replicates=min(bench.pairs, 110))  # fmt: skip

    def gap(chosen):
        acts, local, everywhere = np.concatenate(rows[chosen]).T
        predictors = np.column_stack([(one - one.mean()) / one.std() for one in (local, everywhere)])
        weights = np.linalg.lstsq(predictors, acts - acts.mean(), rcond=None)[0]
        return weights[0] - 2 * weights[1]

    return [Clause("weight of local support minus twice that of global support", gap, len(rows), low=0.0)]


NORMS = (
    Pattern("S7", "An unpopular norm survives when acts are public and dies when they are private.",
            "Centola, Willer & Macy 2005; Willer, Kuwabara & Macy 2009",
            "From an opposed start: share of runs in which most oppose while most are privately supportive.",
            "emergent", unpopular_norms_survive),
    Pattern("N1", "Expression follows the norm of a group far more than the views of a person.",
            "Crandall, Eshleman & O'Brien 2002",
            "Groups that begin with different shares of allies, after 100 steps: perceived norm and expression.",
            "emergent", expression_follows_the_context),
    Pattern("N3a", "Private support exceeds perceived support, by 10 to 30 points.",
            "Bursztyn, Gonzalez & Yanagizawa-Drott 2020", "The perception gap in the end.", "emergent",
            private_exceeds_perceived, True),
    Pattern("N3b", "Correcting beliefs moves perception fully, acts modestly, and less than seeing a peer act.",
            "Bursztyn et al. 2020; De Souza & Schmader 2022",
            "Norm feedback for 100 steps against a planted ally, in the neighbourhoods of the same people.", "emergent",
            correcting_beliefs_moves_acts_a_little, True),
    Pattern("N5", "A committed minority of 10 to 40 % tips the norm; later when identity is at stake.",
            "Centola et al. 2018",
            "From an opposed start, some are allies for good: the share at which, of the others, more support than "
            "oppose in half of the runs; with punishment twice as hard.", "emergent", a_committed_minority_tips),
    Pattern("N7", "The local climate of opinion matters much more than the global one.",
            "Matthes, Knoll & von Sikorski 2018", "Regression of acts on support around and everywhere.", "emergent",
            the_local_climate_matters),
)  # fmt: skip
