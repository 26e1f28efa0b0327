"""The compiled loops: the rules of ``rules.py`` walked over compact arrays.

People stand in *slots*: all advantaged people first, then all marginalized ones, so that each loop meets one kind of
person only. Work goes tile by tile: what a tile's people see around them is summed into small arrays that stay in
the processor's cache, then the tile decides, learns and shows itself anew. Everybody reads the words of the step
before (`shown`) and writes those of the next (`next_shown`): that is the synchronous schedule.

Nothing here is a rule. What is here decides only in which order numbers are read.
"""

from __future__ import annotations

from collections import namedtuple

import numpy as np
from numba import uint64 as u64
from numba.extending import register_jitable

from sim import measures as m
from sim import rules, signals, streams
from sim.compiled import compiled
from sim.rules import Seen

TILE = 512

# The graph in slots. `person` gives the person of a slot; random numbers belong to persons, not to slots.
Layout = namedtuple("Layout", "offsets neighbours n_advantaged_ties n_marginalized_ties person n_advantaged")

# What people are, one entry per slot. `feeling` is felt stigma of advantaged and trust of marginalized people;
# `sympathy` and `loyalty` exist for advantaged people only.
Crowd = namedtuple("Crowd", "act betrayed feeling sympathy loyalty")

# Where randomness comes from: the two words of the seed.
Luck = namedtuple("Luck", "k0 k1")


@compiled
def run_synchronous(layout, crowd, shown, next_shown, p, luck, first_step, tallies, observe):
    """Advance by `len(tallies)` steps; row i of `tallies` counts the state before step i and the changes in it."""
    n = crowd.act.size
    for i in range(len(tallies)):
        advance(
            layout, crowd, shown, next_shown, p, luck, first_step + i, 0, layout.n_advantaged, layout.n_advantaged, n,
            tallies[i], observe,
        )  # fmt: skip
        shown, next_shown = next_shown, shown


@compiled
def advance(layout, crowd, shown, next_shown, p, luck, step, a_start, a_stop, m_start, m_stop, tally, observe):
    """Advance advantaged slots a_start..a_stop and marginalized slots m_start..m_stop by one step.

    Disjoint ranges may be advanced by several threads at once: they read `shown` and write only their own slots.
    """
    sums = np.empty((signals.N_FIELDS, TILE), np.int32)
    packed = np.empty(TILE, np.uint64)
    draws = np.empty(TILE)
    who = np.empty(TILE, np.int64)
    for start in range(a_start, a_stop, TILE):
        stop = min(start + TILE, a_stop)
        gather(layout, shown, start, stop, packed, sums)
        if observe:
            tally_advantaged(layout, crowd, p, start, stop, sums, tally)
        n_who = reconsider(layout, p, luck, step, start, stop, draws, who)
        decide_advantaged(layout, crowd, p, luck, step, start, stop, sums, who, n_who, tally)
        learn_advantaged(layout, crowd, p, start, stop, sums, next_shown)
    for start in range(m_start, m_stop, TILE):
        stop = min(start + TILE, m_stop)
        gather(layout, shown, start, stop, packed, sums)
        if observe:
            tally_marginalized(crowd, start, stop, tally)
        n_who = reconsider(layout, p, luck, step, start, stop, draws, who)
        decide_marginalized(layout, crowd, p, luck, step, start, sums, who, n_who, tally)
        learn_marginalized(layout, crowd, p, start, stop, sums, next_shown)


@compiled
def run_shuffled(layout, crowd, shown, p, luck, first_step, tallies, observe):
    """Advance by `len(tallies)` steps, one person at a time in a new random order at each step."""
    n = crowd.act.size
    slot = np.empty(n, np.int64)
    for i in range(n):
        slot[layout.person[i]] = i
    draws = np.empty(n)
    sums = np.empty((signals.N_FIELDS, 1), np.int32)
    packed = np.empty(1, np.uint64)
    buffer = np.empty(1)
    who = np.empty(1, np.int64)
    for i in range(len(tallies)):
        step = first_step + i
        if observe:
            observe_all(layout, crowd, shown, p, tallies[i])
        for person in range(n):
            draws[person] = streams.uniform(person, step, streams.ORDER, luck.k0, luck.k1)
        for person in np.argsort(draws, kind="mergesort"):  # stable: equal draws keep the order of persons
            start = slot[person]
            gather(layout, shown, start, start + 1, packed, sums)
            n_who = reconsider(layout, p, luck, step, start, start + 1, buffer, who)
            if start < layout.n_advantaged:
                decide_advantaged(layout, crowd, p, luck, step, start, start + 1, sums, who, n_who, tallies[i])
                learn_advantaged(layout, crowd, p, start, start + 1, sums, shown)
            else:
                decide_marginalized(layout, crowd, p, luck, step, start, sums, who, n_who, tallies[i])
                learn_marginalized(layout, crowd, p, start, start + 1, sums, shown)


@compiled
def observe_all(layout, crowd, shown, p, tally):
    """Count the present state into `tally` without changing anything."""
    n = crowd.act.size
    sums = np.empty((signals.N_FIELDS, TILE), np.int32)
    packed = np.empty(TILE, np.uint64)
    for start in range(0, layout.n_advantaged, TILE):
        stop = min(start + TILE, layout.n_advantaged)
        gather(layout, shown, start, stop, packed, sums)
        tally_advantaged(layout, crowd, p, start, stop, sums, tally)
    tally_marginalized(crowd, layout.n_advantaged, n, tally)


@compiled
def show_all(layout, crowd, shown):
    """Write what everybody shows in the present state."""
    for i in range(layout.n_advantaged):
        show_advantaged(crowd, shown, i)
    for i in range(layout.n_advantaged, crowd.act.size):
        show_marginalized(crowd, shown, i)


# === gather =============================================================================================


@register_jitable
def gather(layout, shown, start, stop, packed, sums):
    """Sum what the neighbours of slots start..stop show, field by field, into the columns of `sums`.

    The first `CHUNK` neighbours of everybody are added as words and unpacked together, a loop that vectorises; what is
    left of longer neighbour lists follows.
    """
    offsets, neighbours = layout.offsets, layout.neighbours
    chunk = u64(signals.CHUNK)
    for j in range(u64(stop - start)):
        i = u64(start) + j
        tie = u64(offsets[i])
        last = min(u64(offsets[i + u64(1)]), tie + chunk)
        word = u64(0)
        while tie < last:
            word += shown[neighbours[tie]]
            tie += u64(1)
        packed[j] = word
    for j in range(stop - start):
        fields = signals.unpack(packed[j])
        for f in range(signals.N_FIELDS):
            sums[f, j] = fields[f]
    for j in range(u64(stop - start)):
        i = u64(start) + j
        tie = u64(offsets[i]) + chunk
        end = u64(offsets[i + u64(1)])
        while tie < end:
            last = min(end, tie + chunk)
            word = u64(0)
            while tie < last:
                word += shown[neighbours[tie]]
                tie += u64(1)
            fields = signals.unpack(word)
            for f in range(signals.N_FIELDS):
                sums[f, j] += fields[f]


@register_jitable
def seen_at(layout, sums, i, j):
    """Return what the person in slot i, column j of the tile, sees around."""
    return Seen(
        sums[0, j], sums[1, j], sums[2, j], sums[3, j], sums[4, j], sums[5, j], sums[6, j], sums[7, j], sums[8, j],
        layout.n_advantaged_ties[i], layout.n_marginalized_ties[i],
    )  # fmt: skip


# === decide =============================================================================================


@register_jitable
def reconsider(layout, p, luck, step, start, stop, draws, who):
    """List the tile columns of those who reconsider at this step; return how many there are."""
    for j in range(stop - start):
        draws[j] = streams.coarse_uniform(np.int64(layout.person[start + j]), step, streams.REVISE, luck.k0, luck.k1)
    n_who = 0
    for j in range(stop - start):
        who[n_who] = j
        n_who += draws[j] < p.revise
    return n_who


@register_jitable
def decide_advantaged(layout, crowd, p, luck, step, start, stop, sums, who, n_who, tally):
    """Let those who reconsider choose a stance; note who has just turned away from being an ally."""
    for i in range(start, stop):
        crowd.betrayed[i] = 0
    for w in range(n_who):
        j = who[w]
        i = start + j
        view = rules.advantaged_view(p, seen_at(layout, sums, i, j))
        oppose, token, ally = rules.stance_utilities(p, crowd.sympathy[i], crowd.loyalty[i], crowd.feeling[i], view)
        draw = streams.uniform(np.int64(layout.person[i]), step, streams.CHOICE, luck.k0, luck.k1)
        old = crowd.act[i]
        new = rules.choose_stance(p, oppose, token, ally, draw)
        crowd.act[i] = new
        crowd.betrayed[i] = rules.is_betrayal(old, new)
        tally[m.BETRAYALS] += rules.is_betrayal(old, new)
        tally[m.STANCE_CHANGES + 4 * old + new] += 1


@register_jitable
def decide_marginalized(layout, crowd, p, luck, step, start, sums, who, n_who, tally):
    """Let those who reconsider choose a response."""
    for w in range(n_who):
        j = who[w]
        i = start + j
        view = rules.marginalized_view(p, seen_at(layout, sums, i, j))
        gatekeep, withdraw, welcome = rules.response_utilities(p, crowd.feeling[i], view)
        draw = streams.uniform(np.int64(layout.person[i]), step, streams.CHOICE, luck.k0, luck.k1)
        old = crowd.act[i]
        new = rules.choose_response(p, gatekeep, withdraw, welcome, draw)
        crowd.act[i] = new
        tally[m.RESPONSE_CHANGES + 3 * old + new] += 1


# === learn, and show anew ===============================================================================


@register_jitable
def show_advantaged(crowd, shown, i):
    """Write what the advantaged person in slot i shows."""
    shown[i] = signals.pack(
        rules.shown_by_advantaged(crowd.act[i], crowd.betrayed[i], crowd.feeling[i], crowd.loyalty[i])
    )


@register_jitable
def show_marginalized(crowd, shown, i):
    """Write what the marginalized person in slot i shows."""
    shown[i] = signals.pack(rules.shown_by_marginalized(crowd.act[i], crowd.feeling[i]))


@register_jitable
def learn_advantaged(layout, crowd, p, start, stop, sums, next_shown):
    """Update felt stigma and private sympathy of a tile, and write what its people now show."""
    for j in range(stop - start):
        i = start + j
        view = rules.advantaged_view(p, seen_at(layout, sums, i, j))
        crowd.feeling[i] = rules.next_stigma(p, crowd.feeling[i], crowd.act[i], view)
        crowd.sympathy[i] = rules.next_sympathy(p, crowd.sympathy[i], crowd.act[i], view)
        show_advantaged(crowd, next_shown, i)


@register_jitable
def learn_marginalized(layout, crowd, p, start, stop, sums, next_shown):
    """Update trust of a tile, and write what its people now show."""
    for j in range(stop - start):
        i = start + j
        view = rules.marginalized_view(p, seen_at(layout, sums, i, j))
        crowd.feeling[i] = rules.next_trust(p, crowd.feeling[i], view)
        show_marginalized(crowd, next_shown, i)


# === observe ============================================================================================


@register_jitable
def tally_advantaged(layout, crowd, p, start, stop, sums, tally):
    """Count a tile of advantaged people and what they see."""
    stigma = sympathy = perceived = private = private_silent = private_opposers = 0
    oppose = token = ally = pressure = ally_ties = ally_ally_ties = trust_across = 0
    for j in range(stop - start):
        i = start + j
        seen = seen_at(layout, sums, i, j)
        view = rules.advantaged_view(p, seen)
        act = crowd.act[i]
        is_private = crowd.sympathy[i] > 0.0
        is_ally = act == rules.ALLY
        oppose += act == rules.OPPOSE
        token += act == rules.TOKEN
        ally += is_ally
        stigma += m.fixed(crowd.feeling[i])
        sympathy += m.fixed(crowd.sympathy[i] + 1.0)
        perceived += m.fixed(rules.perceived_support(view.norm))
        private += is_private
        private_silent += is_private and act == rules.BYSTAND
        private_opposers += is_private and act == rules.OPPOSE
        pressure += m.fixed(rules.pressure_of(p, seen)) if is_ally else 0
        ally_ties += seen.n_advantaged if is_ally else 0
        ally_ally_ties += seen.allies if is_ally else 0
        trust_across += seen.trust
    tally[rules.OPPOSE] += oppose
    tally[rules.BYSTAND] += stop - start - oppose - token - ally
    tally[rules.TOKEN] += token
    tally[rules.ALLY] += ally
    tally[m.STIGMA] += stigma
    tally[m.SYMPATHY] += sympathy
    tally[m.PERCEIVED] += perceived
    tally[m.PRIVATE] += private
    tally[m.PRIVATE_SILENT] += private_silent
    tally[m.PRIVATE_OPPOSERS] += private_opposers
    tally[m.PRESSURE_ON_ALLIES] += pressure
    tally[m.ALLY_TIES] += ally_ties
    tally[m.ALLY_ALLY_TIES] += ally_ally_ties
    tally[m.TRUST_ACROSS_TIES] += trust_across


@register_jitable
def tally_marginalized(crowd, start, stop, tally):
    """Count a tile of marginalized people."""
    trust = gatekeep = withdraw = 0
    for i in range(start, stop):
        gatekeep += crowd.act[i] == rules.GATEKEEP
        withdraw += crowd.act[i] == rules.WITHDRAW
        trust += m.fixed(crowd.feeling[i])
    tally[m.RESPONSE_TALLY + rules.GATEKEEP] += gatekeep
    tally[m.RESPONSE_TALLY + rules.WITHDRAW] += withdraw
    tally[m.RESPONSE_TALLY + rules.WELCOME] += stop - start - gatekeep - withdraw
    tally[m.TRUST] += trust
