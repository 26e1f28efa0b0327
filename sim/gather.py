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
from sim.rules import AdvantagedView, MarginalizedView, Seen

TILE = 1024  # measured: smaller tiles leave loops that end early, larger ones leave the cache
N_VIEWS = 8

# The graph in slots. `person` gives the person of a slot; random numbers belong to persons, not to slots. `cuts` are
# the first slots of the classes of people who are under the same numbers, of advantaged (row 0) and marginalized people
# (row 1), and the end of the last class.
Layout = namedtuple("Layout", "offsets neighbours n_advantaged_ties n_marginalized_ties person n_advantaged cuts")

# What a tile works on, one column per slot of the tile: words as summed, their fields, the views made of them (a row
# for each field of a view); and for those who reconsider, side by side: their columns, persons, views, traits, choices.
Desk = namedtuple("Desk", "packed sums views who persons their_views traits choices")


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
        even, odd = u64(0), u64(0)
        while tie + u64(1) < last:
            even += shown[neighbours[tie]]
            odd += shown[neighbours[tie + u64(1)]]
            tie += u64(2)
        if tie < last:
            even += shown[neighbours[tie]]
        packed[j] = even + odd
        who[n_hubs] = j
        n_hubs += u64(end > last)
    if n_hubs == u64(0):
        return n_hubs
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
    return n_hubs


@register_jitable(forceinline=True)
def new_desk():
    """Return room for one tile."""
    return Desk(
        np.empty(TILE, np.uint64), np.empty((signals.N_FIELDS, TILE + 16), np.int32), np.empty((N_VIEWS, TILE + 16)),
        np.zeros(TILE, np.uint64), np.zeros(TILE, np.int64), np.empty((N_VIEWS, TILE + 16)), np.empty((3, TILE + 16)),
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
def seen_in_word(layout, packed, i, j):
    allies, tokens, opposers, betrayals, responses, silent_loyalty, ally_stigma, token_stigma, trust = signals.unpack(packed[j])
    return Seen(
        allies, tokens, opposers, betrayals, responses, silent_loyalty, ally_stigma, token_stigma, trust,
        layout.n_advantaged_ties[i], layout.n_marginalized_ties[i],
    )  # fmt: skip


@register_jitable(forceinline=True)
def view_advantaged(layout, p, told, start, stop, desk, n_hubs):
    """Work out what a tile of advantaged people make of what they see."""
    if n_hubs == u64(0):
        for j in range(u64(stop - start)):
            seen = seen_in_word(layout, desk.packed, u64(start) + j, j)
            view = rules.advantaged_view(p, seen, told)
            for row in range(len(view)):
                desk.views[row, j] = view[row]
            desk.sums[0, j] = seen.allies
            desk.sums[8, j] = seen.trust
        return
    for j in range(u64(stop - start)):
        view = rules.advantaged_view(p, seen_at(layout, desk.sums, u64(start) + j, j), told)
        for row in range(len(view)):
            desk.views[row, j] = view[row]


@register_jitable(forceinline=True)
def view_marginalized(layout, p, start, stop, desk, n_hubs):
    """Work out what a tile of marginalized people make of what they see."""
    if n_hubs == u64(0):
        for j in range(u64(stop - start)):
            seen = seen_in_word(layout, desk.packed, u64(start) + j, j)
            view = rules.marginalized_view(p, seen)
            for row in range(len(view)):
                desk.views[row, j] = view[row]
        return
    for j in range(u64(stop - start)):
        view = rules.marginalized_view(p, seen_at(layout, desk.sums, u64(start) + j, j))
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
