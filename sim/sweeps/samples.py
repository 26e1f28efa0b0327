"""Where to look: points spread over a range, all combinations of lists, or one list at a time.

Samples live in the unit cube, an array of shape (count, n_axes) of floats in [0, 1), and `scaled` takes a column to
its range. A column depends on the seed, the count and its own number only: an axis added after it changes nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping

import numpy as np

from sim.streams import DESIGN, permutation, uniforms

# Every axis has draws for three uses; a use has its own place in the steps of a stream.
_STRATUM, _JITTER, _SHIFT = range(3)
_SOBOL_BITS = 53  # as many binary digits as a float holds exactly


def latin_hypercube(count: int, n_axes: int, seed: int) -> np.ndarray:
    """Return points that are spread evenly along every axis, and at random otherwise.

    Every axis is cut into `count` strata of equal length; each stratum has one point, at a random place in it. Each
    point by itself is uniform in the cube. More points are other points: a sample cannot be extended.

    Parameters
    ----------
    count : int
        Points, at least 1.
    n_axes : int
        Axes, at least 1.
    seed : int
        0 to 2**64 - 1.

    Returns
    -------
    numpy.ndarray
        float64, (count, n_axes), in [0, 1).

    References
    ----------
    McKay, Beckman & Conover (1979), "A comparison of three methods for selecting values of input variables in the
    analysis of output from a computer code", Technometrics 21.
    """
    columns = [
        _in_strata(
            permutation(seed, DESIGN, count, step=_step(axis, _STRATUM)),
            uniforms(seed, DESIGN, count, step=_step(axis, _JITTER)),
        )
        for axis in range(n_axes)
    ]
    return np.column_stack(columns)


def sobol(count: int, n_axes: int, seed: int) -> np.ndarray:
    """Return the first points of a Sobol sequence under a random digital shift.

    The first 2**m points are balanced for every m: each of 2**m equal strata of an axis has exactly one of them, and
    the cells of many grids equally many. Other counts are allowed and less balanced (a stratum has one too many or too
    few), and more points keep the earlier ones.

    The shift combines all points with one random number per axis, binary digit by binary digit (exclusive or). That
    maps strata onto strata, so the balance stays, where adding a number modulo 1 would break it; each point by itself
    becomes uniform in the cube; and the first point is no longer the corner 0, where a model is least typical. Points
    of one stratum length lie at the same offset in their strata.

    Parameters
    ----------
    count : int
        Points, at least 1.
    n_axes : int
        Axes, 1 to 21,201.
    seed : int
        0 to 2**64 - 1.

    Returns
    -------
    numpy.ndarray
        float64, (count, n_axes), in [0, 1).

    References
    ----------
    Sobol (1967), USSR Computational Mathematics and Mathematical Physics 7; direction numbers of Joe & Kuo (2008),
    SIAM Journal on Scientific Computing 30; the shift: L'Ecuyer & Lemieux (2002), "Recent advances in randomized
    quasi-Monte Carlo methods".
    """
    from scipy.stats import qmc  # slow to import

    sequence = qmc.Sobol(n_axes, scramble=False, bits=_SOBOL_BITS)
    unshifted = sequence.random_base2((count - 1).bit_length())[:count]  # `random` warns of other counts
    shifts = [uniforms(seed, DESIGN, 1, step=_step(axis, _SHIFT))[0] for axis in range(n_axes)]
    return (_digits(unshifted) ^ _digits(np.array(shifts))) / 2.0**_SOBOL_BITS


def lines(base: Mapping, axes: Mapping[str, Iterable]) -> list[dict]:
    """Return the base point, and then every axis through its values while all others stay at the base.

    Parameters
    ----------
    base : mapping of str to value
        One value for every name, those in `axes` included.
    axes : mapping of str to values
        Hashable values. One equal to that of the base, or to an earlier one, adds no point.

    Examples
    --------
    >>> lines({"a": 0, "b": 5}, {"a": [0, 1], "b": [6]})
    [{'a': 0, 'b': 5}, {'a': 1, 'b': 5}, {'a': 0, 'b': 6}]
    """
    base = dict(base)
    points = [base]
    for name, values in axes.items():
        points += [base | {name: value} for value in dict.fromkeys(values) if value != base[name]]
    return points


def grid(axes: Mapping[str, Iterable]) -> list[dict]:
    """Return all combinations of the values, the first axis slowest; of no axes, one empty combination.

    Examples
    --------
    >>> grid({"a": [0, 1], "b": ["x", "y"]})
    [{'a': 0, 'b': 'x'}, {'a': 0, 'b': 'y'}, {'a': 1, 'b': 'x'}, {'a': 1, 'b': 'y'}]
    """
    return [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]


def scaled(unit_column: np.ndarray, low: float, high: float, is_whole: bool) -> list:
    """Take numbers from [0, 1] to [low, high].

    Parameters
    ----------
    unit_column : array of float
        In [0, 1], any length.
    low, high : float
        Bounds; whole numbers if the result is to be whole.
    is_whole : bool
        False: evenly, as Python floats. True: as Python integers, each from `low` to `high` inclusive for an equal
        share of [0, 1).

    Examples
    --------
    >>> scaled(np.array([0.0, 0.25, 0.75]), 2, 4, False)
    [2.0, 2.5, 3.5]
    >>> scaled(np.array([0.0, 0.34, 0.99]), 2, 4, True)
    [2, 3, 4]
    """
    if is_whole:
        values = low + np.floor(unit_column * (high - low + 1)).astype(np.int64)
    else:
        values = low + unit_column * float(high - low)
    return np.minimum(values, high).tolist()  # 1, or what rounds up to the next stratum


def between(low: float, high: float, share: float, is_whole: bool):
    """Return the value at a share of the way between two bounds; the same bits wherever it is asked for."""
    if share == 1:
        return high
    value = low + (high - low) * share
    return round(value) if is_whole else value


def _step(axis: int, use: int) -> int:
    return 3 * axis + use


def _in_strata(strata: np.ndarray, jitter: np.ndarray) -> np.ndarray:
    """Return a place in each stratum; rounding never takes it into the next one."""
    beyond = (strata + 1) / strata.size
    return np.minimum((strata + jitter) / strata.size, np.nextafter(beyond, 0))


def _digits(unit: np.ndarray) -> np.ndarray:
    """Return the first 53 binary digits of numbers in [0, 1) as integers."""
    return (unit * 2.0**_SOBOL_BITS).astype(np.int64)
