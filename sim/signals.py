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

from sim.rules import ALLY, BYSTAND, OPPOSE, TOKEN, shown_level

CHUNK = 15  # 15 * 1 < 2**4, 15 * 2 < 2**5, 15 * 64 < 2**10
N_FIELDS = 9
ALLIES, TOKENS, OPPOSERS, BETRAYALS, RESPONSES, SILENT_LOYALTY, ALLY_STIGMA, TOKEN_STIGMA, TRUST = range(N_FIELDS)

u64 = numba.uint64


@register_jitable
def pack_advantaged(stance, betrayed, stigma, loyalty):
    """Return the word an advantaged person shows."""
    level = shown_level(stigma)
    word = u64(stance == ALLY)
    word |= u64(stance == TOKEN) << u64(4)
    word |= u64(stance == OPPOSE) << u64(8)
    word |= u64(betrayed) << u64(12)
    word |= u64(shown_level(loyalty) if stance == BYSTAND else 0) << u64(21)
    word |= u64(level if stance == ALLY else 0) << u64(31)
    word |= u64(level if stance == TOKEN else 0) << u64(41)
    return word


@register_jitable
def pack_marginalized(response, trust):
    """Return the word a marginalized person shows."""
    return (u64(response) << u64(16)) | (u64(shown_level(trust)) << u64(51))


@register_jitable
def unpack(word):
    """Return the nine fields of a sum of at most `CHUNK` words."""
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
