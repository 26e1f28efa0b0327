"""Reading the graph: what everybody sees around, each tie visited once.

People stand in *slots*: all advantaged people first, then all marginalized ones, so that each loop meets one kind of
person only. Work goes tile by tile: what a tile's people see is summed into small arrays that stay in the processor's
cache (the *desk*), and then turned into what it means to them.

Indices are unsigned throughout: a signed one could count from the end, and checking for that costs more than the sum.
"""

from __future__ import annotations

from collections import namedtuple

import numpy as np
from numba import uint64 as u64
from numba.extending import register_jitable

from sim import rules, signals
from sim.compiled import compiled
from sim.rules import AdvantagedView, MarginalizedView, Seen, Shown
from sim.wide import WIDTH, add_rows, turn_block

TILE = 1024  # measured: smaller tiles leave loops that end early, larger ones leave the cache
N_VIEWS = 8
SUM_OF_ALLIES, SUM_OF_TRUST = Shown._fields.index("allies"), Shown._fields.index("trust")  # all that tallies read

# The graph in slots. `person` gives the person of a slot; random numbers belong to persons, not to slots. `cuts` are
# the first slots of the classes of people who are under the same numbers, of advantaged (row 0) and marginalized people
# (row 1), and the end of the last class.
Layout = namedtuple("Layout", "offsets neighbours n_advantaged_ties n_marginalized_ties person n_advantaged cuts")

# What a tile works on, one column per slot of the tile. For each run side by side: words as summed, in halves (once
# people have learned, `first` has the words they now show), and their fields. For the run at work: the views made of
# them (a row for each field of a view); and for those who reconsider, side by side: their columns, persons, views,
# traits, choices. In `rows` rows of words are added up. `words` are what codes stand for.
Desk = namedtuple("Desk", "first other sums rows views who persons their_views traits choices words")


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


@register_jitable(forceinline=True)
def gather(layout, shown, start, stop, desk):
    """Sum what the neighbours of slots start..stop show, in every run.

    Returns whether there is anybody with so many that sums do not fit into halves; then `desk.sums` has the fields of
    everybody's sums.
    """
    if shown.shape[1] == 1:
        n_hubs = gather_words(layout, shown.reshape(shown.size), start, stop, desk)
    else:
        n_hubs = gather_rows(layout, shown, start, stop, desk)
    width, is_crowded = shown.shape[1], False
    for lane in range(width):
        first, other = desk.first[lane], desk.other[lane]
        for j in range(u64(stop - start)):
            first[j], other[j] = signals.halves(first[j])
    for h in range(n_hubs):
        j = desk.who[h]
        tie, end = u64(layout.offsets[u64(start) + j]), u64(layout.offsets[u64(start) + j + u64(1)])
        is_crowded |= end > tie + u64(signals.MOST_IN_HALVES)
        last = min(end, tie + u64(signals.MOST_IN_HALVES))
        tie += u64(signals.CHUNK)
        while tie < last:
            tie = gather_chunk(layout, shown, tie, last, desk)
            for lane in range(width):
                first, other = signals.halves(desk.rows[0, lane])
                desk.first[lane, j] += first
                desk.other[lane, j] += other
    if is_crowded:
        gather_rest(layout, shown, start, stop, n_hubs, desk)
    return is_crowded


@register_jitable(forceinline=True)
def gather_words(layout, shown, start, stop, desk):
    """Add up the words of the first neighbours, up to `CHUNK`, in one run; return how many people have more.

    Two at a time into two sums: that keeps the compiler from fetching eight at a time, which costs half as much again.
    """
    offsets, neighbours, who, words = layout.offsets, layout.neighbours, desk.who, desk.first[0]
    n_hubs = u64(0)
    for j in range(u64(stop - start)):
        i = u64(start) + j
        tie, end = u64(offsets[i]), u64(offsets[i + u64(1)])
        last = min(end, tie + u64(signals.CHUNK))
        even, odd = u64(0), u64(0)
        while tie + u64(1) < last:
            even += signals.as_word(shown[neighbours[tie]], desk.words)
            odd += signals.as_word(shown[neighbours[tie + u64(1)]], desk.words)
            tie += u64(2)
        if tie < last:
            even += signals.as_word(shown[neighbours[tie]], desk.words)
        words[j] = even + odd
        who[n_hubs] = j
        n_hubs += u64(end > last)
    return n_hubs


@register_jitable(forceinline=True)
def gather_rows(layout, shown, start, stop, desk):
    """Do the same for several runs side by side; a neighbour is visited once for all of them."""
    offsets, who, rows = layout.offsets, desk.who, desk.rows
    n_hubs = u64(0)
    for j in range(u64(stop - start)):
        i = u64(start) + j
        tie, end = u64(offsets[i]), u64(offsets[i + u64(1)])
        last = min(end, tie + u64(signals.CHUNK))
        add_rows(shown, layout.neighbours, tie, last, rows, j)
        who[n_hubs] = j
        n_hubs += u64(end > last)
    for j in range(u64(0), u64(stop - start), u64(WIDTH)):  # the desk has room for a whole block at its end
        turn_block(rows, j, u64(0), desk.first, u64(0), j)
    return n_hubs


@register_jitable(forceinline=True)
def gather_chunk(layout, shown, tie, end, desk):
    """Add up one more chunk of somebody's neighbours into the first of the `rows`; return where the next begins."""
    rows, last = desk.rows, min(end, tie + u64(signals.CHUNK))
    if shown.shape[1] == 1:
        rows[0, 0] = u64(0)
        for t in range(tie, last):
            rows[0, 0] += signals.as_word(shown[layout.neighbours[t], 0], desk.words)
    else:
        add_rows(shown, layout.neighbours, tie, last, rows, u64(0))
    return last


@register_jitable(forceinline=True)
def gather_rest(layout, shown, start, stop, n_hubs, desk):
    """Turn everybody's sums into fields, and add what does not fit into halves, chunk by chunk."""
    width = shown.shape[1]
    for lane in range(width):
        for j in range(u64(stop - start)):
            fields = signals.unpack(desk.first[lane, j], desk.other[lane, j])
            for f in range(signals.N_FIELDS):
                desk.sums[lane, f, j] = fields[f]
    for h in range(n_hubs):
        j = desk.who[h]
        tie, end = u64(layout.offsets[u64(start) + j]), u64(layout.offsets[u64(start) + j + u64(1)])
        tie += u64(signals.MOST_IN_HALVES)
        while tie < end:
            tie = gather_chunk(layout, shown, tie, end, desk)
            for lane in range(width):
                first, other = signals.halves(desk.rows[0, lane])
                fields = signals.unpack(first, other)
                for f in range(signals.N_FIELDS):
                    desk.sums[lane, f, j] += fields[f]


@register_jitable(forceinline=True)
def emit(desk, start, stop, shown):
    """Write what the people of a tile now show, in every run."""
    if shown.shape[1] == 1:
        words, target = desk.first[0], shown.reshape(shown.size)
        for j in range(u64(stop - start)):
            target[u64(start) + j] = signals.as_entry(words[j], shown)
    else:
        rows = desk.rows
        for j in range(u64(0), u64(stop - start), u64(WIDTH)):
            turn_block(desk.first, u64(0), j, rows, j, u64(0))
        for j in range(u64(stop - start)):
            for lane in range(WIDTH):
                shown[u64(start) + j, lane] = rows[j, lane]


@register_jitable
def new_desk(width):
    """Return room for one tile of one run or of `WIDTH` runs side by side.

    Its rows are a little longer than a tile: were they a power of two apart, they would compete for the same places in
    the cache, which doubles the time of loops over many rows.
    """
    row = TILE + 16
    return Desk(
        np.zeros((width, row), np.uint64), np.zeros((width, row), np.uint64),
        np.zeros((width, signals.N_FIELDS, row), np.int32), np.zeros((TILE, WIDTH), np.uint64),
        np.zeros((N_VIEWS, row)), np.zeros(row, np.uint64), np.zeros(row, np.int64), np.zeros((N_VIEWS, row)),
        np.zeros((3, row)), np.zeros(row, np.int64), signals.words_of_codes(),
    )  # fmt: skip


@register_jitable(forceinline=True)
def seen_in_sums(layout, sums, i, j):
    """Return what the person in slot i, column j of the tile, sees around, from the fields of the sums."""
    return Seen(
        sums[0, j], sums[1, j], sums[2, j], sums[3, j], sums[4, j], sums[5, j], sums[6, j], sums[7, j], sums[8, j],
        layout.n_advantaged_ties[i], layout.n_marginalized_ties[i],
    )  # fmt: skip


@register_jitable(forceinline=True)
def seen_in_halves(layout, first, other, i, j):
    """Return the same from the halves: for who has at most `MOST_IN_HALVES` neighbours."""
    fields = signals.unpack(first[j], other[j])
    return Seen(
        fields[0], fields[1], fields[2], fields[3], fields[4], fields[5], fields[6], fields[7], fields[8],
        layout.n_advantaged_ties[i], layout.n_marginalized_ties[i],
    )  # fmt: skip


@register_jitable(forceinline=True)
def view_advantaged(layout, p, told, start, stop, lane, is_crowded, desk):
    """Work out what a tile of advantaged people make of what they see, in one run."""
    views, first, other, sums = desk.views, desk.first[lane], desk.other[lane], desk.sums[lane]
    if is_crowded:
        for j in range(u64(stop - start)):
            view = rules.advantaged_view(p, seen_in_sums(layout, sums, u64(start) + j, j), told)
            for row in range(len(view)):
                views[row, j] = view[row]
    else:
        for j in range(u64(stop - start)):
            seen = seen_in_halves(layout, first, other, u64(start) + j, j)
            view = rules.advantaged_view(p, seen, told)
            for row in range(len(view)):
                views[row, j] = view[row]
            sums[SUM_OF_ALLIES, j], sums[SUM_OF_TRUST, j] = seen.allies, seen.trust


@register_jitable(forceinline=True)
def view_marginalized(layout, p, start, stop, lane, is_crowded, desk):
    """Work out what a tile of marginalized people make of what they see, in one run."""
    views, first, other, sums = desk.views, desk.first[lane], desk.other[lane], desk.sums[lane]
    if is_crowded:
        for j in range(u64(stop - start)):
            view = rules.marginalized_view(p, seen_in_sums(layout, sums, u64(start) + j, j))
            for row in range(len(view)):
                views[row, j] = view[row]
    else:
        for j in range(u64(stop - start)):
            view = rules.marginalized_view(p, seen_in_halves(layout, first, other, u64(start) + j, j))
            for row in range(len(view)):
                views[row, j] = view[row]


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
