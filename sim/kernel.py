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
from sim.rules import AdvantagedView, MarginalizedView, Seen

TILE = 256  # small enough for a tile's desk to stay in the first-level cache
N_VIEWS = 8
NORM, PRESSURE = AdvantagedView._fields.index("norm"), AdvantagedView._fields.index("pressure")

# The graph in slots. `person` gives the person of a slot; random numbers belong to persons, not to slots.
Layout = namedtuple("Layout", "offsets neighbours n_advantaged_ties n_marginalized_ties person n_advantaged")

# What people are, one entry per slot. `feeling` is felt stigma of advantaged and trust of marginalized people;
# `sympathy` and `loyalty` exist for advantaged people only.
Crowd = namedtuple("Crowd", "act betrayed feeling sympathy loyalty")

# What a tile works on, one column per slot of the tile: words as summed, their fields, the views made of them (a row
# for each field of a view); and for those who reconsider, side by side: their columns, persons, views, traits, choices.
Desk = namedtuple("Desk", "packed sums views who persons their_views traits choices")

# Where randomness comes from: the two words of the seed.
Luck = namedtuple("Luck", "k0 k1")


@compiled
def fill_layout(offsets, neighbours, slot, layout):
    """Copy a network's ties into slots: people in the order of slots, neighbours renamed from persons to slots."""
    end = 0
    for i in range(layout.person.size):
        person = layout.person[i]
        for tie in range(offsets[person], offsets[person + 1]):
            other = slot[neighbours[tie]]
            layout.neighbours[end] = other
            end += 1
            if other < layout.n_advantaged:
                layout.n_advantaged_ties[i] += 1
            else:
                layout.n_marginalized_ties[i] += 1
        layout.offsets[i + 1] = end


@compiled
def run_synchronous(layout, crowd, shown, next_shown, p, luck, first_step, tallies, observe):
    """Advance by `len(tallies)` steps; row i of `tallies` counts the state before step i and the changes in it."""
    n = crowd.act.size
    awake = new_awake(n)
    for i in range(len(tallies)):
        wake(p, luck, first_step + i, 0, n, awake)
        advance(
            layout, crowd, shown, next_shown, p, luck, first_step + i, awake, 0, layout.n_advantaged,
            layout.n_advantaged, n, tallies[i], observe,
        )  # fmt: skip
        shown, next_shown = next_shown, shown


@compiled
def wake(p, luck, step, start, stop, awake):
    """Mark which of the persons start..stop reconsider at this step. `start` is a multiple of 4.

    Four neighbouring persons share one Philox block; each of the four has a row of `awake`, so the loop vectorises.
    """
    row0, row1, row2, row3 = awake[0], awake[1], awake[2], awake[3]
    for block in range(u64(start >> 2), u64((stop + 3) >> 2)):  # unsigned, as everywhere: no wrap-around to check
        w0, w1, w2, w3 = streams.philox(np.int64(block), step, streams.REVISE, 1, luck.k0, luck.k1)
        row0[block] = streams.to_coarse_uniform(w0) < p.revise
        row1[block] = streams.to_coarse_uniform(w1) < p.revise
        row2[block] = streams.to_coarse_uniform(w2) < p.revise
        row3[block] = streams.to_coarse_uniform(w3) < p.revise


@compiled
def new_awake(n):
    """Return room to mark n persons: person i is at row i % 4, column i // 4."""
    return np.empty((4, (n + 3) >> 2), np.bool_)


@compiled
def advance(layout, crowd, shown, next_shown, p, luck, step, awake, a_start, a_stop, m_start, m_stop, tally, observe):
    """Advance advantaged slots a_start..a_stop and marginalized slots m_start..m_stop by one step.

    Disjoint ranges may be advanced by several threads at once: they read `shown` and write only their own slots.
    """
    desk = new_desk()
    for start in range(a_start, a_stop, TILE):
        stop = min(start + TILE, a_stop)
        gather(layout, shown, start, stop, desk)
        advance_advantaged(layout, crowd, next_shown, p, luck, step, awake, start, stop, desk, tally, observe)
    for start in range(m_start, m_stop, TILE):
        stop = min(start + TILE, m_stop)
        gather(layout, shown, start, stop, desk)
        advance_marginalized(layout, crowd, next_shown, p, luck, step, awake, start, stop, desk, tally, observe)


@compiled
def advance_advantaged(layout, crowd, next_shown, p, luck, step, awake, start, stop, desk, tally, observe):
    """Let one tile of advantaged people, who have gathered, decide and learn and show themselves anew."""
    view_advantaged(layout, p, start, stop, desk)
    if observe:
        tally_advantaged(layout, crowd, p, start, stop, desk, tally)
    n_who = list_awake(layout, awake, start, stop, desk)
    decide_advantaged(crowd, p, luck, step, start, stop, n_who, desk, tally)
    learn_advantaged(crowd, p, start, stop, desk, next_shown)


@compiled
def advance_marginalized(layout, crowd, next_shown, p, luck, step, awake, start, stop, desk, tally, observe):
    """Let one tile of marginalized people, who have gathered, decide and learn and show themselves anew."""
    view_marginalized(layout, p, start, stop, desk)
    if observe:
        tally_marginalized(crowd, start, stop, tally)
    n_who = list_awake(layout, awake, start, stop, desk)
    decide_marginalized(crowd, p, luck, step, start, n_who, desk, tally)
    learn_marginalized(crowd, p, start, stop, desk, next_shown)


@compiled
def run_shuffled(layout, crowd, shown, p, luck, first_step, tallies, observe):
    """Advance by `len(tallies)` steps, one person at a time in a new random order at each step."""
    n = crowd.act.size
    slot = np.empty(n, np.int64)
    for i in range(n):
        slot[layout.person[i]] = i
    draws = np.empty(n)
    awake = new_awake(n)
    desk = new_desk()
    for i in range(len(tallies)):
        step, tally = first_step + i, tallies[i]
        if observe:
            observe_all(layout, crowd, shown, p, tally)
        wake(p, luck, step, 0, n, awake)
        for person in range(n):
            draws[person] = streams.uniform(person, step, streams.ORDER, luck.k0, luck.k1)
        for person in np.argsort(draws, kind="mergesort"):  # stable: equal draws keep the order of persons
            i = slot[person]
            gather(layout, shown, i, i + 1, desk)
            if i < layout.n_advantaged:
                advance_advantaged(layout, crowd, shown, p, luck, step, awake, i, i + 1, desk, tally, False)
            else:
                advance_marginalized(layout, crowd, shown, p, luck, step, awake, i, i + 1, desk, tally, False)


@compiled
def observe_all(layout, crowd, shown, p, tally):
    """Count the present state into `tally` without changing anything."""
    desk = new_desk()
    for start in range(0, layout.n_advantaged, TILE):
        stop = min(start + TILE, layout.n_advantaged)
        gather(layout, shown, start, stop, desk)
        view_advantaged(layout, p, start, stop, desk)
        tally_advantaged(layout, crowd, p, start, stop, desk, tally)
    tally_marginalized(crowd, layout.n_advantaged, crowd.act.size, tally)


@compiled
def show_all(layout, crowd, shown):
    """Write what everybody shows in the present state."""
    for i in range(layout.n_advantaged):
        show_advantaged(crowd, shown, i)
    for i in range(layout.n_advantaged, crowd.act.size):
        show_marginalized(crowd, shown, i)


# === gather =============================================================================================


@register_jitable(forceinline=True)
def gather(layout, shown, start, stop, desk):
    """Sum what the neighbours of slots start..stop show, field by field.

    The first `CHUNK` neighbours of everybody are added as words and unpacked together, a loop that vectorises; what is
    left of longer neighbour lists follows.
    """
    offsets, neighbours, packed, sums, who = layout.offsets, layout.neighbours, desk.packed, desk.sums, desk.who
    chunk = u64(signals.CHUNK)
    n_hubs = u64(0)
    for j in range(u64(stop - start)):
        i = u64(start) + j
        tie, end = u64(offsets[i]), u64(offsets[i + u64(1)])
        last = min(end, tie + chunk)
        word = u64(0)
        while tie < last:
            word += shown[neighbours[tie]]
            tie += u64(1)
        packed[j] = word
        who[n_hubs] = j
        n_hubs += u64(end > last)
    for j in range(u64(stop - start)):
        fields = signals.unpack(packed[j])
        for f in range(signals.N_FIELDS):
            sums[f, j] = fields[f]
    for h in range(n_hubs):
        j = who[h]
        tie, end = u64(offsets[u64(start) + j]) + chunk, u64(offsets[u64(start) + j + u64(1)])
        while tie < end:
            last = min(end, tie + chunk)
            word = u64(0)
            while tie < last:
                word += shown[neighbours[tie]]
                tie += u64(1)
            fields = signals.unpack(word)
            for f in range(signals.N_FIELDS):
                sums[f, j] += fields[f]


@register_jitable(forceinline=True)
def new_desk():
    """Return room for one tile."""
    return Desk(
        np.empty(TILE, np.uint64), np.empty((signals.N_FIELDS, TILE), np.int32), np.empty((N_VIEWS, TILE)),
        np.empty(TILE, np.uint64), np.empty(TILE, np.int64), np.empty((N_VIEWS, TILE)), np.empty((3, TILE)),
        np.empty(TILE, np.int64),
    )  # fmt: skip


@register_jitable(forceinline=True)
def seen_at(layout, sums, i, j):
    """Return what the person in slot i, column j of the tile, sees around."""
    return Seen(
        sums[0, j], sums[1, j], sums[2, j], sums[3, j], sums[4, j], sums[5, j], sums[6, j], sums[7, j], sums[8, j],
        layout.n_advantaged_ties[i], layout.n_marginalized_ties[i],
    )  # fmt: skip


@register_jitable(forceinline=True)
def view_advantaged(layout, p, start, stop, desk):
    """Work out what a tile of advantaged people make of what they see."""
    for j in range(stop - start):
        view = rules.advantaged_view(p, seen_at(layout, desk.sums, start + j, j))
        for row in range(len(view)):
            desk.views[row, j] = view[row]


@register_jitable(forceinline=True)
def view_marginalized(layout, p, start, stop, desk):
    """Work out what a tile of marginalized people make of what they see."""
    for j in range(stop - start):
        view = rules.marginalized_view(p, seen_at(layout, desk.sums, start + j, j))
        for row in range(len(view)):
            desk.views[row, j] = view[row]


@register_jitable(forceinline=True)
def advantaged_view_at(views, j):
    """Return the view of column j of a tile of advantaged people."""
    return AdvantagedView(
        views[0, j], views[1, j], views[2, j], views[3, j], views[4, j], views[5, j], views[6, j], views[7, j]
    )


@register_jitable(forceinline=True)
def marginalized_view_at(views, j):
    """Return the view of column j of a tile of marginalized people."""
    return MarginalizedView(
        views[0, j], views[1, j], views[2, j], views[3, j], views[4, j], views[5, j], views[6, j], views[7, j]
    )


# === decide =============================================================================================


@register_jitable(forceinline=True)
def list_awake(layout, awake, start, stop, desk):
    """Bring those who reconsider at this step to the front: their columns, persons and views, side by side.

    Choices are then worked out over neighbouring columns, several at a time. Returns how many people there are.
    """
    who, person_of = desk.who, layout.person
    n_who = u64(0)
    for j in range(u64(stop - start)):
        person = u64(person_of[u64(start) + j])
        who[n_who] = j
        n_who += u64(awake[person & u64(3), person >> u64(2)])
    for w in range(n_who):
        desk.persons[w] = person_of[u64(start) + who[w]]
    for row in range(N_VIEWS):
        for w in range(n_who):
            desk.their_views[row, w] = desk.views[row, who[w]]
    return n_who


@register_jitable(forceinline=True)
def bring(values, start, n_who, desk, row):
    """Bring one more variable of those who reconsider to the front."""
    for w in range(n_who):
        desk.traits[row, w] = values[u64(start) + desk.who[w]]


@register_jitable(forceinline=True)
def decide_advantaged(crowd, p, luck, step, start, stop, n_who, desk, tally):
    """Let those who reconsider choose a stance; note who has just turned away from being an ally."""
    for i in range(start, stop):
        crowd.betrayed[i] = 0
    bring(crowd.sympathy, start, n_who, desk, 0)
    bring(crowd.loyalty, start, n_who, desk, 1)
    bring(crowd.feeling, start, n_who, desk, 2)
    sympathy, loyalty, stigma = desk.traits[0], desk.traits[1], desk.traits[2]
    for w in range(n_who):
        view = advantaged_view_at(desk.their_views, w)
        oppose, token, ally = rules.stance_utilities(p, sympathy[w], loyalty[w], stigma[w], view)
        draw = streams.uniform(desk.persons[w], step, streams.CHOICE, luck.k0, luck.k1)
        desk.choices[w] = rules.choose_stance(p, oppose, token, ally, draw)
    for w in range(n_who):
        i = u64(start) + desk.who[w]
        old, new = crowd.act[i], desk.choices[w]
        crowd.act[i] = new
        crowd.betrayed[i] = rules.is_betrayal(old, new)
        tally[m.BETRAYALS] += rules.is_betrayal(old, new)
        tally[m.STANCE_CHANGES + 4 * old + new] += 1


@register_jitable(forceinline=True)
def decide_marginalized(crowd, p, luck, step, start, n_who, desk, tally):
    """Let those who reconsider choose a response."""
    bring(crowd.feeling, start, n_who, desk, 0)
    trust = desk.traits[0]
    for w in range(n_who):
        gatekeep, withdraw, welcome = rules.response_utilities(p, trust[w], marginalized_view_at(desk.their_views, w))
        draw = streams.uniform(desk.persons[w], step, streams.CHOICE, luck.k0, luck.k1)
        desk.choices[w] = rules.choose_response(p, gatekeep, withdraw, welcome, draw)
    for w in range(n_who):
        i = u64(start) + desk.who[w]
        old, new = crowd.act[i], desk.choices[w]
        crowd.act[i] = new
        tally[m.RESPONSE_CHANGES + 3 * old + new] += 1


# === learn, and show anew ===============================================================================


@register_jitable(forceinline=True)
def show_advantaged(crowd, shown, i):
    """Write what the advantaged person in slot i shows."""
    shown[i] = signals.pack(
        rules.shown_by_advantaged(crowd.act[i], crowd.betrayed[i], crowd.feeling[i], crowd.loyalty[i])
    )


@register_jitable(forceinline=True)
def show_marginalized(crowd, shown, i):
    """Write what the marginalized person in slot i shows."""
    shown[i] = signals.pack(rules.shown_by_marginalized(crowd.act[i], crowd.feeling[i]))


@register_jitable(forceinline=True)
def learn_advantaged(crowd, p, start, stop, desk, next_shown):
    """Update felt stigma and private sympathy of a tile, and write what its people now show."""
    for j in range(stop - start):
        i = start + j
        view = advantaged_view_at(desk.views, j)
        crowd.feeling[i] = rules.next_stigma(p, crowd.feeling[i], crowd.act[i], view)
        crowd.sympathy[i] = rules.next_sympathy(p, crowd.sympathy[i], crowd.act[i], view)
        show_advantaged(crowd, next_shown, i)


@register_jitable(forceinline=True)
def learn_marginalized(crowd, p, start, stop, desk, next_shown):
    """Update trust of a tile, and write what its people now show."""
    for j in range(stop - start):
        i = start + j
        crowd.feeling[i] = rules.next_trust(p, crowd.feeling[i], marginalized_view_at(desk.views, j))
        show_marginalized(crowd, next_shown, i)


# === observe ============================================================================================


@register_jitable(forceinline=True)
def tally_advantaged(layout, crowd, p, start, stop, desk, tally):
    """Count a tile of advantaged people and what they see."""
    stigma = sympathy = perceived = private = private_silent = private_opposers = 0
    oppose = token = ally = pressure = ally_ties = ally_ally_ties = trust_across = 0
    for j in range(stop - start):
        i = start + j
        seen = seen_at(layout, desk.sums, i, j)
        act = crowd.act[i]
        is_private = crowd.sympathy[i] > 0.0
        is_ally = act == rules.ALLY
        oppose += act == rules.OPPOSE
        token += act == rules.TOKEN
        ally += is_ally
        stigma += m.fixed(crowd.feeling[i])
        sympathy += m.fixed(crowd.sympathy[i] + 1.0)
        perceived += m.fixed(rules.perceived_support(desk.views[NORM, j]))
        private += is_private
        private_silent += is_private and act == rules.BYSTAND
        private_opposers += is_private and act == rules.OPPOSE
        pressure += m.fixed(desk.views[PRESSURE, j]) if is_ally else 0
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


@register_jitable(forceinline=True)
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
