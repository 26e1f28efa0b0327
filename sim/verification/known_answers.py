"""Section: published answers of the random number generator, and elementary functions against the exact value."""

from __future__ import annotations

import itertools
import math
from decimal import Decimal, localcontext

import numba
import numpy as np
from scipy import special

from sim import streams
from sim.arithmetic import exponential, normal_quantile
from sim.verification.check import Case, Check, Section, yes_or_no
from sim.verification.luck import Luck

# Random123, kat_vectors: philox4x32 10 (counter, key, output).
PHILOX = (
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
)
FARTHEST = -40.0  # the least argument that a choice needs: exp(-40) is a chance of 4e-18
MOST_ULPS = 3.0
BATCH = 500


@numba.njit
def compiled_philox(c0, c1, c2, c3, k0, k1):
    """Return what compiled code gives."""
    return streams.philox(c0, c1, c2, c3, k0, k1)


def philox_of_arrays(*words):
    """Return what arrays give."""
    return tuple(int(word[0]) for word in streams.philox(*(np.array([word], np.int64) for word in words)))


WAYS = {"Python": streams.philox, "compiled": compiled_philox, "arrays": philox_of_arrays}


def philox_answers(count: int, seed: int):
    """Compare Philox with the published vectors, in plain Python, compiled and of arrays."""
    for (counter, key, answer), (name, way) in itertools.islice(itertools.product(PHILOX, WAYS.items()), count):
        yield yes_or_no(tuple(way(*counter, *key)) == answer, f"{name}, counter {counter}")


def arguments(count: int, seed: int) -> list[float]:
    """Return numbers from -40 to 0, at random and evenly spaced."""
    rng = Luck(seed, 4 * 10**6)
    even = np.linspace(FARTHEST, 0, count // 5).tolist()
    return even + [FARTHEST * rng.random() for _ in range(count - len(even))]


def exponential_is_near(count: int, seed: int):
    """Count the units in the last place between our exponential and the exact value."""
    with localcontext() as context:
        context.prec = 40
        for x in arguments(count, seed):
            exact = Decimal(x).exp()
            yield Case(_ulps(exponential(x), exact), MOST_ULPS, f"exp({x!r})")


def _ulps(value: float, exact: Decimal) -> float:
    return float(abs(Decimal(value) - exact) / Decimal(math.ulp(float(exact))))


def exponential_and_libm(count: int, seed: int):
    """Count the units in the last place between our exponential and the one of this machine's library."""
    for x in arguments(count, seed):
        libm = math.exp(x)
        yield Case(abs(exponential(x) - libm) / math.ulp(libm), MOST_ULPS + 1, f"exp({x!r})")


def quantile_is_near(count: int, seed: int):
    """Compare our normal quantile with the one of SciPy."""
    rng = Luck(seed, 5 * 10**6)
    for i in range(count):
        u = 10.0 ** rng.uniform(-16, 0) if i % 2 else rng.random()
        if 0 < u < 1:
            expected = float(special.ndtri(u))
            yield Case(abs(normal_quantile(u) - expected), 1e-13 * abs(expected) + 1e-15, f"quantile of {u!r}")


SECTION = Section(
    "known-answers",
    "Known answers of the arithmetic",
    "Random numbers are the published ones, and the functions that choices are made with are exact to the last digits "
    "that a computer's numbers have.",
    "Anything about people: this is the arithmetic under the model.",
    (
        Check("Philox 4x32-10 against the vectors of the Random123 distribution, in plain Python, compiled, of arrays",
              philox_answers, 9, 9, unit="1 = other words"),
        Check("the polynomial exponential against the exact value (40 digits), on [-40, 0]", exponential_is_near,
              20_000, 2_000, "units in the last place", "3 units", "A polynomial and a reduction in doubles round a "
              "few times; what matters is that it rounds the same everywhere."),
        Check("the polynomial exponential against this machine's math.exp, on [-40, 0]", exponential_and_libm, 200_000,
              20_000, "units in the last place", "4 units", "Ours may be 3 from the exact value, a library's is within "
              "1."),
        Check("the normal quantile that traits are drawn with against SciPy's, down to 1e-16", quantile_is_near,
              20_000, 2_000, "standard deviations", "1e-13 of the value",
              "Two independent rational approximations in doubles."),
    ),
)  # fmt: skip
