"""The compiled loops: the rules of ``rules.py`` walked over compact arrays, tile by tile.

A tile gathers (``gather.py``), is counted (``tallies.py``), decides, learns and shows itself anew. Everybody reads the
words of the step before (`shown`) and writes those of the next (`next_shown`): that is the synchronous schedule.

Nothing here is a rule. What is here decides only in which order numbers are read.
"""

from __future__ import annotations

from collections import namedtuple

import numpy as np
from numba import uint64 as u64
from numba.extending import register_jitable

from sim import rules, signals, streams
from sim.compiled import compiled
from sim.gather import (
    N_VIEWS,
    TILE,
    advantaged_view_at,
    gather,
    marginalized_view_at,
    new_desk,
    view_advantaged,
    view_marginalized,
)
from sim.tallies import BETRAYALS, RESPONSE_CHANGES, STANCE_CHANGES, tally_advantaged, tally_marginalized

# What people are, one entry per slot. `feeling` is felt stigma of advantaged and trust of marginalized people;
# `sympathy` and `loyalty` exist for advantaged people only.
Crowd = namedtuple("Crowd", "act betrayed feeling sympathy loyalty")

# Where randomness comes from: the two words of the seed.
Luck = namedtuple("Luck", "k0 k1")


@compiled
def run_synchronous(layout, crowd, shown, next_shown, p, luck, first_step, tallies, observe):
    """Advance by `len(tallies)` steps; row i of `tallies` counts the state before step i and the changes in it."""
    n = crowd.act.size
    awake, desk = new_awake(n), new_desk()
    for i in range(len(tallies)):
        wake(p, luck, first_step + i, 0, n, awake)
        advance(
            layout, crowd, shown, next_shown, p, luck, first_step + i, awake, 0, layout.n_advantaged,
            layout.n_advantaged, n, desk, tallies[i], observe,
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
def advance(
    layout, crowd, shown, next_shown, p, luck, step, awake, a_start, a_stop, m_start, m_stop, desk, tally, observe
):
    """Advance advantaged slots a_start..a_stop and marginalized slots m_start..m_stop by one step.

    Disjoint ranges may be advanced by several threads at once: they read `shown` and write only their own slots.
    """
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
        tally[BETRAYALS] += rules.is_betrayal(old, new)
        tally[STANCE_CHANGES + 4 * old + new] += 1


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
        tally[RESPONSE_CHANGES + 3 * old + new] += 1


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
