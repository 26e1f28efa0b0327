"""Random numbers as a pure function of (seed, step, person, purpose).

There is no generator with a hidden state. Each number is the Philox 4x32-10 hash (Salmon et al., 2011) of what
it is for, so it does not matter who asks first, in which order, on how many threads, or whether anything else
was drawn: the same question always gets the same answer. That is what makes two engines agree, and what makes a
paired comparison ("same luck, one thing changed") possible.

The arithmetic is written once for plain integers, NumPy ``int64`` arrays and compiled code: products wrap modulo
2**64 and every word is masked to 32 bits, which gives the same answer in all three.
"""

from __future__ import annotations

import numpy as np
from numba.extending import register_jitable

from sim.checks import check_count
from sim.compiled import compiled

LARGEST_SEED = 2**64 - 1

# What a draw is for. Numbers never change meaning: a new use gets a new number.
REVISE = 1  # does this person reconsider at this step?
CHOICE = 2  # which option does a reconsidering person choose?
ORDER = 3  # in which order do people act under the shuffled schedule?
SYMPATHY = 4  # private attitude at the start
LOYALTY = 5  # in-group loyalty at the start
TRUST = 6  # trust in allies at the start
FIRST_STANCE = 7  # who is an ally at the start?
FIRST_RESPONSE = 8  # how a marginalized person responds at the start
GROUPS = 16  # who belongs to which group in a generated network
TIES = 17  # ties of a generated network
REWIRE = 18  # rewiring, and repair of clashing ties, in a generated network
RESAMPLE = 32  # bootstrap intervals
TARGETS = 33  # whom an intervention picks
MEETINGS = 35  # whom an intervention brings together
DESIGN = 34  # points of a sampled design
CROSSING = 37  # who of the advantaged group is marginalized on a second dimension
NULL = 36  # rewired ties and shuffled groups of null models
CLASSIC_WHO = 48  # who is who in a published model (`sim.classics`)
CLASSIC_TRAIT = 49  # a personal number: a threshold, a conviction
CLASSIC_START = 50  # who has begun before the first step
CLASSIC_TURN = 51  # whose turn it is
CLASSIC_PARTNER = 52  # whom a person meets
CLASSIC_ACT = 53  # what a person does
VERIFICATION = 64  # which configurations are verified (`sim.verification`)


@register_jitable(forceinline=True)
def philox(c0, c1, c2, c3, k0, k1):
    """Return four 32-bit words: Philox 4x32-10 of a counter (c0..c3) under a key (k0, k1).

    Parameters
    ----------
    c0, c1, c2, c3, k0, k1 : int
        Each in [0, 2**32). NumPy int64 arrays work too, element by element.

    References
    ----------
    Salmon, Moraes, Dror & Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3" (Random123).
    """
    for _ in range(10):
        high0, low0 = _multiply(0xD2511F53, c0)
        high1, low1 = _multiply(0xCD9E8D57, c2)
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        k0 = (k0 + 0x9E3779B9) & 0xFFFFFFFF
        k1 = (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return c0, c1, c2, c3


@register_jitable(forceinline=True)
def _multiply(a, b):
    product = a * b
    return (product >> 32) & 0xFFFFFFFF, product & 0xFFFFFFFF


@register_jitable(forceinline=True)
def to_uniform(high, low):
    """Turn two 32-bit words into one float in [0, 1) with 53 random bits."""
    return ((high >> 5) * 67108864 + (low >> 6)) * 1.1102230246251565e-16


@register_jitable(forceinline=True)
def uniform(person, step, purpose, k0, k1):
    """Return the one uniform number in [0, 1) that belongs to (person, step, purpose) under a key."""
    w0, w1, _, _ = philox(person, step, purpose, 0, k0, k1)
    return to_uniform(w0, w1)


@register_jitable(forceinline=True)
def coarse_uniform(person, step, purpose, k0, k1):
    """Return a uniform number in [0, 1) with 32 random bits; four neighbouring people share one Philox call.

    Everybody needs one such number at every step ("do I reconsider?"), so it has to be cheap.
    """
    words = philox(person >> 2, step, purpose, 1, k0, k1)
    return to_coarse_uniform(words[person & 3])


@register_jitable(forceinline=True)
def to_coarse_uniform(word):
    """Turn a 32-bit word into a float in [0, 1)."""
    return word * 2.3283064365386963e-10


def check_seed(seed, *, name: str = "seed") -> int:
    """Return `seed` as a Python integer, or raise a clear error.

    Raises
    ------
    InputError
        If it is not a whole number from 0 to 2**64 - 1 (``True`` and ``7.0`` are refused as well).
    """
    return check_count(name, seed, 0, LARGEST_SEED)


def key(seed: int) -> tuple[int, int]:
    """Split a checked seed into the two 32-bit words of a Philox key."""
    return seed & 0xFFFFFFFF, seed >> 32


def uniforms(seed: int, purpose: int, count: int, *, step: int = 0) -> np.ndarray:
    """Return `count` uniform numbers in [0, 1): those of (person 0..count-1, step, purpose)."""
    out = np.empty(count)
    _fill_uniforms(out, step, purpose, *key(check_seed(seed)))
    return out


def permutation(seed: int, purpose: int, count: int, *, step: int = 0) -> np.ndarray:
    """Return a random order of 0..count-1. Equal draws (2**-53) keep their natural order."""
    return np.argsort(uniforms(seed, purpose, count, step=step), kind="stable")


@compiled
def _fill_uniforms(out, step, purpose, k0, k1):
    for person in range(out.size):
        out[person] = uniform(person, step, purpose, k0, k1)
