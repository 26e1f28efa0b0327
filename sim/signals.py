"""What one person shows, packed into one 64-bit word; adding words adds every field at once.

A step has to visit every tie, and memory is what it waits for: one word per neighbour, not nine numbers. The
fields are wide enough for fifteen neighbours (``CHUNK``); longer neighbour lists are summed in chunks. Fields, from
the lowest bit: four counts of 4 bits (allies, tokens, opposers, betrayals), the sum of response codes in 5, then
four sums of shown levels in 10 bits each (loyalty of the silent, stigma of allies, stigma of tokens, trust).

The packing is private to the compiled engine. Nothing in it depends on parameters, so it serves all of them.
"""

from __future__ import annotations

import numba
from numba.extending import register_jitable

from sim.rules import Shown

CHUNK = 15  # 15 * 1 < 2**4, 15 * 2 < 2**5, 15 * 64 < 2**10
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
def unpack(word):
    """Return the fields of a sum of at most `CHUNK` words, in the order of `rules.Shown`."""
    return (
        numba.int32(word & u64(15)),
        numba.int32((word >> u64(4)) & u64(15)),
        numba.int32((word >> u64(8)) & u64(15)),
        numba.int32((word >> u64(12)) & u64(15)),
        numba.int32((word >> u64(16)) & u64(31)),
        numba.int32((word >> u64(21)) & u64(1023)),
        numba.int32((word >> u64(31)) & u64(1023)),
        numba.int32((word >> u64(41)) & u64(1023)),
        numba.int32((word >> u64(51)) & u64(1023)),
    )
