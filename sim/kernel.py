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
from numba.np.unsafe.ndarray import to_fixed_tuple

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
from sim.parameters import Numbers
from sim.tallies import BETRAYALS, RESPONSE_CHANGES, STANCE_CHANGES, tally_advantaged, tally_marginalized

# What people are, one entry per slot. `feeling` is felt stigma of advantaged and trust of marginalized people;
# `sympathy` and `loyalty` exist for advantaged people only.
Crowd = namedtuple("Crowd", "act betrayed feeling sympathy loyalty")

N_NUMBERS, FEEDBACK = len(Numbers._fields), Numbers._fields.index("feedback")

# Where randomness comes from: the two words of the seed.
Luck = namedtuple("Luck", "k0 k1")


@compiled
def run_synchronous(layout, crowd, shown, next_shown, tables, luck, first_step, tallies, observe):
    """Advance by `len(tallies)` steps; row i of `tallies` counts the state before step i and the changes in it.

    ``tables[i]`` holds the numbers of every class of people at step i; a single table serves all steps.
    """
    n = crowd.act.size
    words, desk = new_words(n), new_desk()
    for i in range(len(tallies)):
        table = tables[min(i, len(tables) - 1)]
        told = private_norm(layout, crowd, table)
        draw_words(luck, first_step + i, 0, n, words)
        advance(
            layout, crowd, shown, next_shown, layout.cuts, table, told, luck, first_step + i, words, desk, tallies[i],
            observe,
        )  # fmt: skip
        shown, next_shown = next_shown, shown


@register_jitable(forceinline=True)
def numbers_at(table, c):
    """Return the numbers of a class as the rules take them."""
    return Numbers(*to_fixed_tuple(table[c], N_NUMBERS))


@compiled
def private_norm(layout, crowd, table):
    """Return the norm that is made known, as if all showed whether they are sympathetic; 0 where nothing is."""
    needed = False
    for c in range(len(table)):
        needed |= table[c, FEEDBACK] > 0.0
    if not needed or layout.n_advantaged == 0:
        return 0.0
    private = 0
    for i in range(layout.n_advantaged):
        private += crowd.sympathy[i] > 0.0
    return 2.0 * (private / layout.n_advantaged) - 1.0


@compiled
def draw_words(luck, step, start, stop, words):
    """Draw whether the persons start..stop reconsider at this step. `start` is a multiple of 4.

    Four neighbouring persons share one Philox block.
    """
    for block in range(u64(start >> 2), u64((stop + 3) >> 2)):  # unsigned, as everywhere: no wrap-around to check
        w0, w1, w2, w3 = streams.philox(np.int64(block), step, streams.REVISE, 1, luck.k0, luck.k1)
        first = block << u64(2)
        words[first], words[first + u64(1)], words[first + u64(2)], words[first + u64(3)] = w0, w1, w2, w3


@compiled
def new_words(n):
    """Return room for a word for each of n persons, in whole Philox blocks."""
    return np.empty((n + 3) >> 2 << 2, np.uint32)


@compiled(_nrt=False, error_model="numpy")
def advance(
    layout, crowd, shown, next_shown, cuts, table, told, luck, step, words, desk, tally, observe
):
    """Advance the slots between some cuts by one step, class by class.

    Disjoint ranges may be advanced by several threads at once: they read `shown` and write only their own slots.
    """
    for c in range(len(table)):
        p = numbers_at(table, c)
        for start in range(cuts[0, c], cuts[0, c + 1], TILE):
            stop = min(start + TILE, cuts[0, c + 1])
            n_hubs = gather(layout, shown, start, stop, desk)
            advance_advantaged(
                layout, crowd, next_shown, p, told, luck, step, words, start, stop, desk, n_hubs, tally, observe
            )
        for start in range(cuts[1, c], cuts[1, c + 1], TILE):
            stop = min(start + TILE, cuts[1, c + 1])
            n_hubs = gather(layout, shown, start, stop, desk)
            advance_marginalized(layout, crowd, next_shown, p, luck, step, words, start, stop, desk, n_hubs, tally, observe)


@compiled
def advance_advantaged(layout, crowd, next_shown, p, told, luck, step, words, start, stop, desk, n_hubs, tally, observe):
    """Let one tile of advantaged people, who have gathered, decide and learn and show themselves anew."""
    view_advantaged(layout, p, told, start, stop, desk, n_hubs)
    if observe:
        tally_advantaged(layout, crowd, p, told, start, stop, desk, tally)
    n_who = list_awake(layout, p, words, start, stop, desk)
    decide_advantaged(crowd, p, luck, step, start, stop, n_who, desk, tally)
    learn_advantaged(crowd, p, start, stop, desk, next_shown)


@compiled
def advance_marginalized(layout, crowd, next_shown, p, luck, step, words, start, stop, desk, n_hubs, tally, observe):
    """Let one tile of marginalized people, who have gathered, decide and learn and show themselves anew."""
    view_marginalized(layout, p, start, stop, desk, n_hubs)
    if observe:
        tally_marginalized(crowd, start, stop, tally)
    n_who = list_awake(layout, p, words, start, stop, desk)
    decide_marginalized(crowd, p, luck, step, start, n_who, desk, tally)
    learn_marginalized(crowd, p, start, stop, desk, next_shown)


@compiled
def run_shuffled(layout, crowd, shown, tables, luck, first_step, tallies, observe):
    """Advance by `len(tallies)` steps, one person at a time in a new random order at each step."""
    n = crowd.act.size
    slot, class_of = np.empty(n, np.int64), np.empty(n, np.int64)
    for i in range(n):
        slot[layout.person[i]] = i
    for row in range(2):
        for c in range(layout.cuts.shape[1] - 1):
            class_of[layout.cuts[row, c] : layout.cuts[row, c + 1]] = c
    draws = np.empty(n)
    words, desk = new_words(n), new_desk()
    for i in range(len(tallies)):
        step, tally = first_step + i, tallies[i]
        table = tables[min(i, len(tables) - 1)]
        told = private_norm(layout, crowd, table)
        if observe:
            observe_all(layout, crowd, shown, table, tally)
        draw_words(luck, step, 0, n, words)
        for person in range(n):
            draws[person] = streams.uniform(person, step, streams.ORDER, luck.k0, luck.k1)
        for person in np.argsort(draws, kind="mergesort"):  # stable: equal draws keep the order of persons
            i = slot[person]
            p = numbers_at(table, class_of[i])
            n_hubs = gather(layout, shown, i, i + 1, desk)
            if i < layout.n_advantaged:
                advance_advantaged(layout, crowd, shown, p, told, luck, step, words, i, i + 1, desk, n_hubs, tally, False)
            else:
                advance_marginalized(layout, crowd, shown, p, luck, step, words, i, i + 1, desk, n_hubs, tally, False)


@compiled
def observe_all(layout, crowd, shown, table, tally):
    """Count the present state into `tally` without changing anything."""
    desk = new_desk()
    told = private_norm(layout, crowd, table)
    for c in range(len(table)):
        p = numbers_at(table, c)
        for start in range(layout.cuts[0, c], layout.cuts[0, c + 1], TILE):
            stop = min(start + TILE, layout.cuts[0, c + 1])
            n_hubs = gather(layout, shown, start, stop, desk)
            view_advantaged(layout, p, told, start, stop, desk, n_hubs)
            tally_advantaged(layout, crowd, p, told, start, stop, desk, tally)
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
def list_awake(layout, p, words, start, stop, desk):
    """Bring those who reconsider at this step to the front: their columns, persons and views, side by side.

    Choices are then worked out over neighbouring columns, several at a time. Returns how many people there are.
    """
    who, person_of = desk.who, layout.person
    n_who = u64(0)
    for j in range(u64(stop - start)):
        who[n_who] = j
        word = np.int64(words[person_of[u64(start) + j]])
        n_who += u64(streams.to_coarse_uniform(word) < p.revise)
    for w in range(n_who):
        desk.persons[w] = person_of[u64(start) + who[w]]
    for row in range(N_VIEWS):
        for w in range(n_who):
            desk.their_views[row, w] = desk.views[row, who[w]]
    return n_who


@register_jitable(forceinline=True)
def whole(n_who):
    """Return how many columns to work on so that they fill whole vectors; what the last ones hold is never read."""
    return (n_who + u64(7)) >> u64(3) << u64(3)


@register_jitable(forceinline=True)
def bring(values, start, n_who, desk, row):
    """Bring one more variable of those who reconsider to the front."""
    for w in range(n_who):
        desk.traits[row, w] = values[u64(start) + desk.who[w]]


@register_jitable(forceinline=True)
def decide_advantaged(crowd, p, luck, step, start, stop, n_who, desk, tally):
    """Let those who reconsider choose a stance; note who has just turned away from being an ally."""
    for i in range(u64(start), u64(stop)):
        crowd.betrayed[i] = 0
    bring(crowd.sympathy, start, n_who, desk, 0)
    bring(crowd.loyalty, start, n_who, desk, 1)
    bring(crowd.feeling, start, n_who, desk, 2)
    sympathy, loyalty, stigma = desk.traits[0], desk.traits[1], desk.traits[2]
    for w in range(n_who):
        view = advantaged_view_at(desk.their_views, w)
        oppose, token, ally = rules.stance_utilities(p, sympathy[w], loyalty[w], stigma[w], view)
        draw = streams.uniform(desk.persons[w], step, streams.CHOICE, luck.k0, luck.k1)
        desk.choices[w] = rules.scripted(p, rules.choose_stance(p, oppose, token, ally, draw))
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
        desk.choices[w] = rules.scripted(p, rules.choose_response(p, gatekeep, withdraw, welcome, draw))
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
    for j in range(u64(stop - start)):
        i = u64(start) + j
        view = advantaged_view_at(desk.views, j)
        crowd.feeling[i] = rules.next_stigma(p, crowd.feeling[i], crowd.act[i], view)
        crowd.sympathy[i] = rules.next_sympathy(p, crowd.sympathy[i], crowd.act[i], view)
        show_advantaged(crowd, next_shown, i)


@register_jitable(forceinline=True)
def learn_marginalized(crowd, p, start, stop, desk, next_shown):
    """Update trust of a tile, and write what its people now show."""
    for j in range(u64(stop - start)):
        i = u64(start) + j
        crowd.feeling[i] = rules.next_trust(p, crowd.feeling[i], marginalized_view_at(desk.views, j))
        show_marginalized(crowd, next_shown, i)
