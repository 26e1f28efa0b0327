"""What one person shows, packed into one 64-bit word; adding words adds every field at once.

A step has to visit every tie, and memory is what it waits for: one word per neighbour, not nine numbers. The
fields are wide enough for fifteen neighbours (``CHUNK``); longer neighbour lists are summed in chunks. Fields, from
the lowest bit: four counts of 4 bits (allies, tokens, opposers, betrayals), the sum of response codes in 5, then
four sums of shown levels in 10 bits each (loyalty of the silent, stigma of allies, stigma of tokens, trust).

Sums of chunks are kept in two *halves*, every other field in each: there a field has the room of its neighbour as
well, enough for eight chunks (``MOST_IN_HALVES``).

There are few different words: a kind of person who shows one level. In a large network one run alone keeps *codes* of
16 bits in their place and looks the words up, so that what a million people show stays in the processor's cache.

The packing is private to the compiled engine. Nothing in it depends on parameters, so it serves all of them.
"""

from __future__ import annotations

import numba
import numpy as np
from numba.extending import overload, register_jitable

from sim.compiled import compiled
from sim.rules import GRID, Shown

CHUNK = 15  # 15 * 1 < 2**4, 15 * 2 < 2**5, 15 * 64 < 2**10
MOST_IN_HALVES = 8 * CHUNK  # 120 * 1 < 2**8, 120 * 64 < 2**13
FIRST_HALF = 15 | 15 << 8 | 31 << 16 | 1023 << 31 | 1023 << 51
OTHER_HALF = 15 << 4 | 15 << 12 | 1023 << 21 | 1023 << 41
N_FIELDS = len(Shown._fields)

CODED_FROM = 100_000  # people; words of fewer stay in the cache
LEVELS = GRID + 1
KINDS = 11  # eight of advantaged people (stance, betrayal), three of marginalized ones (response)

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
def code_of(word):
    """Return the code of a word: kind times `LEVELS`, plus the level.

    It holds all of the word because people of one group show a stance, those of the other a response, and nobody more
    than one level.
    """
    level = (word >> u64(21) | word >> u64(31) | word >> u64(41) | word >> u64(51)) & u64(127)
    stance = (word & u64(1)) + u64(2) * (word >> u64(4) & u64(1)) + u64(3) * (word >> u64(8) & u64(1))
    response = word >> u64(16) & u64(31)
    is_marginalized = u64(response + (word >> u64(51)) > u64(0))
    kind = stance + u64(4) * (word >> u64(12) & u64(1)) + u64(8) * is_marginalized + response
    return kind * u64(LEVELS) + level


@register_jitable
def word_of(code):
    """Return the word of a code."""
    kind, level = code // LEVELS, code % LEVELS
    if kind >= 8:
        return pack(Shown(0, 0, 0, 0, kind - 8, 0, 0, 0, level))
    stance = kind % 4
    return pack(Shown(
        stance == 1, stance == 2, stance == 3, kind // 4, 0,
        level if stance == 0 else 0, level if stance == 1 else 0, level if stance == 2 else 0, 0,
    ))  # fmt: skip


@compiled
def words_of_codes():
    """Return the words of all codes."""
    words = np.empty(KINDS * LEVELS, np.uint64)
    for code in range(words.size):
        words[code] = word_of(code)
    return words


def nothing_shown(n_people, width):
    """Return room for what everybody shows: words for some runs side by side, or codes for one in a large network."""
    return np.zeros((n_people, width), np.uint16 if width == 1 and n_people >= CODED_FROM else np.uint64)


def as_word(entry, words):
    """Return the word of an entry of what is shown: itself, or if it is a code what `words` has for it."""
    return words[entry] if isinstance(entry, np.uint16) else entry


def as_entry(word, shown):
    """Return a word as it is kept in `shown`."""
    return np.uint16(code_of(word)) if shown.dtype == np.uint16 else word


@overload(as_word, inline="always")
def _compiled_as_word(entry, words):
    return (lambda entry, words: words[entry]) if entry == numba.uint16 else (lambda entry, words: entry)


@overload(as_entry, inline="always")
def _compiled_as_entry(word, shown):
    return (lambda word, shown: code_of(word)) if shown.dtype == numba.uint16 else (lambda word, shown: word)


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
