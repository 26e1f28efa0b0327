"""Signals: what people show survives packing and adding up, whatever up to fifteen neighbours show."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import rules, signals
from sim.rules import Shown

feelings = st.floats(0, 1) | st.sampled_from([0.0, 1.0])
advantaged = st.builds(rules.shown_by_advantaged, st.integers(0, 3), st.booleans(), feelings, feelings)
marginalized = st.builds(rules.shown_by_marginalized, st.integers(0, 2), feelings)

# The most that one person can show in each field.
MOST = Shown(allies=1, tokens=1, opposers=1, betrayals=1, responses=2, silent_loyalty=64, ally_stigma=64,
             token_stigma=64, trust=64)  # fmt: skip


def added_up(people):
    word = sum((int(signals.pack(shown)) for shown in people), start=0)
    assert word < 2**64
    return fields_of(*signals.halves(np.uint64(word)))


def fields_of(first, other):
    return tuple(int(field) for field in signals.unpack(np.uint64(first), np.uint64(other)))


@settings(deadline=None)
@given(st.lists(advantaged | marginalized, max_size=signals.CHUNK))
def test_adding_words_adds_every_field(people):
    assert added_up(people) == tuple(map(sum, zip(Shown(*[0] * 9), *people, strict=True)))


def test_a_full_chunk_of_people_showing_the_most_of_everything_does_not_overflow():
    assert added_up([MOST] * signals.CHUNK) == tuple(signals.CHUNK * most for most in MOST)


@pytest.mark.parametrize("field", Shown._fields)
def test_one_field_at_its_fullest_does_not_spill_into_another(field):
    person = Shown(*[0] * 9)._replace(**{field: getattr(MOST, field)})
    expected = Shown(*[0] * 9)._replace(**{field: signals.CHUNK * getattr(MOST, field)})
    assert added_up([person] * signals.CHUNK) == expected


@settings(deadline=None)
@given(advantaged | marginalized)
def test_nobody_shows_more_than_the_fields_were_made_for(shown):
    assert all(0 <= value <= most for value, most in zip(shown, MOST, strict=True))


def test_one_neighbour_more_than_a_chunk_would_be_too_many_for_some_field():
    with pytest.raises(AssertionError):
        assert added_up([MOST] * (signals.CHUNK + 1)) == tuple((signals.CHUNK + 1) * most for most in MOST)


@pytest.mark.parametrize("field", [*Shown._fields, "all"])
def test_halves_hold_eight_chunks(field):
    person = MOST if field == "all" else Shown(*[0] * 9)._replace(**{field: getattr(MOST, field)})
    chunk = sum(int(signals.pack(person)) for _ in range(signals.CHUNK))
    first, other = (8 * int(half) for half in signals.halves(np.uint64(chunk)))
    assert max(first, other) < 2**64
    assert fields_of(first, other) == tuple(signals.MOST_IN_HALVES * most for most in person)


def test_the_halves_of_a_word_are_the_whole_of_it():
    assert signals.FIRST_HALF & signals.OTHER_HALF == 0
    assert signals.FIRST_HALF | signals.OTHER_HALF == 2**61 - 1
