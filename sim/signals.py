"""What one person shows, packed into one 64-bit word; adding words adds every field at once.

A step has to visit every tie, and memory is what it waits for: one word per neighbour, not nine numbers. The
fields are wide enough for fifteen neighbours (``CHUNK``); longer neighbour lists are summed in chunks. Fields, from
the lowest bit: four counts of 4 bits (allies, tokens, opposers, betrayals), the sum of response codes in 5, then
four sums of shown levels in 10 bits each (loyalty of the silent, stigma of allies, stigma of tokens, trust).

Sums of chunks are kept in two *halves*, every other field in each: there a field has the room of its neighbour as
well, enough for eight chunks (``MOST_IN_HALVES``).

The packing is private to the compiled engine. Nothing in it depends on parameters, so it serves all of them.
"""

from __future__ import annotations

import numba
from numba.extending import register_jitable

from sim.rules import Shown

CHUNK = 15  # 15 * 1 < 2**4, 15 * 2 < 2**5, 15 * 64 < 2**10
MOST_IN_HALVES = 8 * CHUNK  # 120 * 1 < 2**8, 120 * 64 < 2**13
FIRST_HALF = 15 | 15 << 8 | 31 << 16 | 1023 << 31 | 1023 << 51
OTHER_HALF = 15 << 4 | 15 << 12 | 1023 << 21 | 1023 << 41
N_FIELDS = len(Shown._fields)

u64 = numba.uint64


@register_jitable(forceinline=True)
def pack(shown):
    """Return the word for what one person shows (a `rules.Shown`)."""
    word = u64(shown.allies)
    word |= u64(shown.tokens) << u64(4)
    word |= u64(shown.opposers) << u64(8)
    word |= u64(shown.betrayals) << u64(12)
    word |= u64(shown.responses) << u64(16)
    word |= u64(shown.silent_loyalty) << u64(21)
    word |= u64(shown.ally_stigma) << u64(31)
    word |= u64(shown.token_stigma) << u64(41)
    word |= u64(shown.trust) << u64(51)
    return word


@register_jitable(forceinline=True)
def halves(word):
    """Return a word in two: allies, opposers, responses, stigma of allies and trust; and the other fields."""
    return word & u64(FIRST_HALF), word & u64(OTHER_HALF)


@register_jitable(forceinline=True)
def unpack(first, other):
    """Return the fields of a sum of at most `MOST_IN_HALVES` words, in the order of `rules.Shown`."""
    return (
        numba.int32(first & u64(255)),
        numba.int32((other >> u64(4)) & u64(255)),
        numba.int32((first >> u64(8)) & u64(255)),
        numba.int32((other >> u64(12)) & u64(511)),
        numba.int32((first >> u64(16)) & u64(32767)),
        numba.int32((other >> u64(21)) & u64(1048575)),
        numba.int32((first >> u64(31)) & u64(1048575)),
        numba.int32(other >> u64(41)),
        numba.int32(first >> u64(51)),
    )
