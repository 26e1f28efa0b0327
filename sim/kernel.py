"""The compiled loops: the rules of ``rules.py`` walked over compact arrays, tile by tile.

A tile gathers (``gather.py``), is counted (``tallies.py``), decides, learns and shows itself anew. Everybody reads the
words of the step before (`shown`) and writes those of the next (`next_shown`): that is the synchronous schedule.

Runs on the same network can go side by side, in *lanes*: then a tile gathers for all of them at once, and does the rest
for one after the other. Each lane has its own people, numbers, luck and steps; a single run is one lane.

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
    emit,
    gather,
    marginalized_view_at,
    new_desk,
    view_advantaged,
    view_marginalized,
)
from sim.parameters import Numbers
from sim.tallies import BETRAYALS, RESPONSE_CHANGES, STANCE_CHANGES, tally_advantaged, tally_marginalized
from sim.wide import tuple_reader

# What people are: in each lane one entry per slot. `feeling` is felt stigma of advantaged and trust of marginalized
# people; `sympathy` and `loyalty` exist for advantaged people only.
Crowd = namedtuple("Crowd", "act betrayed feeling sympathy loyalty")

FEEDBACK = Numbers._fields.index("feedback")

numbers_at = tuple_reader(Numbers)  # (table, lane, class): the numbers of a class in a lane, as the rules take them

# Where randomness comes from: the two words of the seed, and the step.
Luck = namedtuple("Luck", "k0 k1 step")


# Counting who else holds an array is left out: at the start of every tile it would take longer than a loop.
@compiled(_nrt=False, error_model="numpy")
def run_synchronous(
    layout, crowd, shown, next_shown, cuts, tables, seeds, first_steps, room, is_prepared, tallies, observe
):
    """Advance by `len(tallies)` steps; ``tallies[i, lane]`` counts the state before step i and the changes in it.

    ``tables[i, lane]`` holds the numbers of every class of people at step i; a single table serves all steps.
    ``seeds[lane]`` are the two words of a seed. Only the slots between `cuts` are advanced. Several threads may advance
    disjoint ranges by the same step at once, if words and norms are prepared for them: they read `shown` and write only
    their own slots.
    """
    words, told, desk = room
    for i in range(len(tallies)):
        table = tables[min(i, len(tables) - 1)]
        if not is_prepared:
            prepare(layout, crowd, table, seeds, first_steps, i, words, told)
        advance(
            layout, crowd, shown, next_shown, cuts, table, told, seeds, first_steps, i, words, desk, tallies[i], observe
        )
        shown, next_shown = next_shown, shown


@compiled
def prepare(layout, crowd, table, seeds, first_steps, i, words, told):
    """Draw who reconsiders at the i-th step, and find the norms that are made known, for every lane."""
    for lane in range(len(told)):
        told[lane] = private_norm(layout, crowd, lane, table)
        draw_words(luck_at(seeds, first_steps, lane, i), 0, crowd.act.shape[1], words[lane])


def new_room(n_lanes, width, n):
    """Return what a thread works on: words for n persons and a norm in each lane, and a desk."""
    return new_words(n_lanes, n), np.zeros(n_lanes), new_desk(width)


@register_jitable(forceinline=True)
def luck_at(seeds, first_steps, lane, i):
    """Return the luck of a lane in its i-th step."""
    return Luck(seeds[lane, 0], seeds[lane, 1], first_steps[lane] + i)


@register_jitable(forceinline=True)
def crowd_at(crowd, lane):
    """Return the people of a lane."""
    return Crowd(
        crowd.act[lane], crowd.betrayed[lane], crowd.feeling[lane], crowd.sympathy[lane], crowd.loyalty[lane]
    )


@compiled
def private_norm(layout, crowd, lane, table):
    """Return the norm that is made known, as if all showed whether they are sympathetic; 0 where nothing is."""
    needed = False
    for c in range(table.shape[1]):
        needed |= table[lane, c, FEEDBACK] > 0.0
    if not needed or layout.n_advantaged == 0:
        return 0.0
    private = 0
    for i in range(layout.n_advantaged):
        private += crowd.sympathy[lane, i] > 0.0
    return 2.0 * (private / layout.n_advantaged) - 1.0


@compiled
def draw_words(luck, start, stop, words):
    """Draw whether the persons start..stop reconsider at this step. `start` is a multiple of 4.

    Four neighbouring persons share one Philox block.
    """
    for block in range(u64(start >> 2), u64((stop + 3) >> 2)):  # unsigned, as everywhere: no wrap-around to check
        w0, w1, w2, w3 = streams.philox(np.int64(block), luck.step, streams.REVISE, 1, luck.k0, luck.k1)
        first = block << u64(2)
        words[first], words[first + u64(1)], words[first + u64(2)], words[first + u64(3)] = w0, w1, w2, w3


@register_jitable
def new_words(n_lanes, n):
    """Return room for a word for each of n persons in each lane, in whole Philox blocks."""
    return np.empty((n_lanes, (n + 3) >> 2 << 2), np.uint32)


@register_jitable(forceinline=True)
def advance(
    layout, crowd, shown, next_shown, cuts, table, told, seeds, first_steps, i, words, desk, tally, observe
):
    """Advance the slots between some cuts by one step, class by class."""
    for k in range(2 * table.shape[1]):
        c, row = k // 2, k % 2
        for start in range(cuts[row, c], cuts[row, c + 1], TILE):
            stop = min(start + TILE, cuts[row, c + 1])
            is_crowded = gather(layout, shown, start, stop, desk)
            for lane in range(len(tally)):
                people, p = crowd_at(crowd, lane), numbers_at(table, lane, c)
                luck = luck_at(seeds, first_steps, lane, i)
                if row == 0:
                    advance_advantaged(
                        layout, people, p, told[lane], luck, words[lane], start, stop, lane, is_crowded, desk,
                        tally[lane], observe,
                    )  # fmt: skip
                else:
                    advance_marginalized(
                        layout, people, p, luck, words[lane], start, stop, lane, is_crowded, desk, tally[lane], observe
                    )
            emit(desk, start, stop, next_shown)


@register_jitable(forceinline=True)
def advance_advantaged(layout, crowd, p, told, luck, words, start, stop, lane, is_crowded, desk, tally, observe):
    """Let one tile of advantaged people, who have gathered, decide and learn and show themselves anew."""
    view_advantaged(layout, p, told, start, stop, lane, is_crowded, desk)
    if observe:
        tally_advantaged(layout, crowd, p, told, start, stop, lane, desk, tally)
    n_who = list_awake(layout, p, words, start, stop, desk)
    decide_advantaged(crowd, p, luck, start, stop, n_who, desk, tally)
    learn_advantaged(crowd, p, start, stop, desk, desk.first[lane])


@register_jitable(forceinline=True)
def advance_marginalized(layout, crowd, p, luck, words, start, stop, lane, is_crowded, desk, tally, observe):
    """Let one tile of marginalized people, who have gathered, decide and learn and show themselves anew."""
    view_marginalized(layout, p, start, stop, lane, is_crowded, desk)
    if observe:
        tally_marginalized(crowd, start, stop, tally)
    n_who = list_awake(layout, p, words, start, stop, desk)
    decide_marginalized(crowd, p, luck, start, n_who, desk, tally)
    learn_marginalized(crowd, p, start, stop, desk, desk.first[lane])


@compiled
def run_shuffled(layout, crowds, shown, tables, seeds, first_steps, tallies, observe):
    """Advance one lane by `len(tallies)` steps, one person at a time in a new random order at each step."""
    crowd, n = crowd_at(crowds, 0), crowds.act.shape[1]
    slot, class_of = np.empty(n, np.int64), np.empty(n, np.int64)
    for i in range(n):
        slot[layout.person[i]] = i
    for row in range(2):
        for c in range(layout.cuts.shape[1] - 1):
            class_of[layout.cuts[row, c] : layout.cuts[row, c + 1]] = c
    draws = np.empty(n)
    words, desk = new_words(1, n)[0], new_desk(1)
    for step in range(len(tallies)):
        luck, tally = luck_at(seeds, first_steps, 0, step), tallies[step, 0]
        table = tables[min(step, len(tables) - 1)]
        told = private_norm(layout, crowds, 0, table)
        if observe:
            observe_all(layout, crowds, shown, table, tallies[step])
        draw_words(luck, 0, n, words)
        for person in range(n):
            draws[person] = streams.uniform(person, luck.step, streams.ORDER, luck.k0, luck.k1)
        for person in np.argsort(draws, kind="mergesort"):  # stable: equal draws keep the order of persons
            i = slot[person]
            p = numbers_at(table, 0, class_of[i])
            is_crowded = gather(layout, shown, i, i + 1, desk)
            if i < layout.n_advantaged:
                advance_advantaged(layout, crowd, p, told, luck, words, i, i + 1, 0, is_crowded, desk, tally, False)
            else:
                advance_marginalized(layout, crowd, p, luck, words, i, i + 1, 0, is_crowded, desk, tally, False)
            emit(desk, i, i + 1, shown)


@compiled
def observe_all(layout, crowds, shown, table, tallies):
    """Count the present state of every lane into `tallies` without changing anything."""
    desk = new_desk(shown.shape[1])
    for c in range(table.shape[1]):
        for start in range(layout.cuts[0, c], layout.cuts[0, c + 1], TILE):
            stop = min(start + TILE, layout.cuts[0, c + 1])
            is_crowded = gather(layout, shown, start, stop, desk)
            for lane in range(len(tallies)):
                told, p = private_norm(layout, crowds, lane, table), numbers_at(table, lane, c)
                view_advantaged(layout, p, told, start, stop, lane, is_crowded, desk)
                tally_advantaged(layout, crowd_at(crowds, lane), p, told, start, stop, lane, desk, tallies[lane])
    for lane in range(len(tallies)):
        tally_marginalized(crowd_at(crowds, lane), layout.n_advantaged, crowds.act.shape[1], tallies[lane])


@compiled
def show_all(layout, crowds, shown):
    """Write what everybody shows in the present state."""
    for lane in range(len(crowds.act)):
        crowd = crowd_at(crowds, lane)
        for i in range(layout.n_advantaged):
            shown[i, lane] = signals.as_entry(word_of_advantaged(crowd, i), shown)
        for i in range(layout.n_advantaged, crowd.act.size):
            shown[i, lane] = signals.as_entry(word_of_marginalized(crowd, i), shown)


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
def decide_advantaged(crowd, p, luck, start, stop, n_who, desk, tally):
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
        draw = streams.uniform(desk.persons[w], luck.step, streams.CHOICE, luck.k0, luck.k1)
        desk.choices[w] = rules.scripted(p, rules.choose_stance(p, oppose, token, ally, draw))
    for w in range(n_who):
        i = u64(start) + desk.who[w]
        old, new = crowd.act[i], desk.choices[w]
        crowd.act[i] = new
        crowd.betrayed[i] = rules.is_betrayal(old, new)
        tally[BETRAYALS] += rules.is_betrayal(old, new)
        tally[STANCE_CHANGES + 4 * old + new] += 1


@register_jitable(forceinline=True)
def decide_marginalized(crowd, p, luck, start, n_who, desk, tally):
    """Let those who reconsider choose a response."""
    bring(crowd.feeling, start, n_who, desk, 0)
    trust = desk.traits[0]
    for w in range(n_who):
        gatekeep, withdraw, welcome = rules.response_utilities(p, trust[w], marginalized_view_at(desk.their_views, w))
        draw = streams.uniform(desk.persons[w], luck.step, streams.CHOICE, luck.k0, luck.k1)
        desk.choices[w] = rules.scripted(p, rules.choose_response(p, gatekeep, withdraw, welcome, draw))
    for w in range(n_who):
        i = u64(start) + desk.who[w]
        old, new = crowd.act[i], desk.choices[w]
        crowd.act[i] = new
        tally[RESPONSE_CHANGES + 3 * old + new] += 1


# === learn, and show anew ===============================================================================


@register_jitable(forceinline=True)
def word_of_advantaged(crowd, i):
    """Return the word for what the advantaged person in slot i shows."""
    return signals.pack(
        rules.shown_by_advantaged(crowd.act[i], crowd.betrayed[i], crowd.feeling[i], crowd.loyalty[i])
    )


@register_jitable(forceinline=True)
def word_of_marginalized(crowd, i):
    """Return the word for what the marginalized person in slot i shows."""
    return signals.pack(rules.shown_by_marginalized(crowd.act[i], crowd.feeling[i]))


@register_jitable(forceinline=True)
def learn_advantaged(crowd, p, start, stop, desk, words):
    """Update felt stigma and private sympathy of a tile; note in `words` what its people now show."""
    for j in range(u64(stop - start)):
        i = u64(start) + j
        view = advantaged_view_at(desk.views, j)
        crowd.feeling[i] = rules.next_stigma(p, crowd.feeling[i], crowd.act[i], view)
        crowd.sympathy[i] = rules.next_sympathy(p, crowd.sympathy[i], crowd.act[i], view)
        words[j] = word_of_advantaged(crowd, i)


@register_jitable(forceinline=True)
def learn_marginalized(crowd, p, start, stop, desk, words):
    """Update trust of a tile; note in `words` what its people now show."""
    for j in range(u64(stop - start)):
        i = u64(start) + j
        crowd.feeling[i] = rules.next_trust(p, crowd.feeling[i], marginalized_view_at(desk.views, j))
        words[j] = word_of_marginalized(crowd, i)
