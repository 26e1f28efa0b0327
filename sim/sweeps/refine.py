"""Sharp boundaries with few points: look everywhere coarsely, and again wherever two labels meet.

Points are places on a lattice of whole numbers, 0 to ``coarse * 2**depth`` along each of one to three axes. It is cut
into ``coarse`` cells per axis (level 0), and a cell may be halved along all axes, `depth` times. A cell that holds two
different labels, at a corner or at any other known point in it or on its border, is split, and the corners of its
parts are asked for. The border counts because a boundary may enter a cell between two of its corners: a finer
neighbour sees it there, and it is followed into a cell that looked uniform.

What comes out depends on the labels alone, not on who asked in which order: the points of a finished refinement are
the smallest set that holds the coarse lattice and lacks no corner of a part of a split cell.

What it finds: call two lattice points adjacent if they differ by at most 1 along every axis, and an island a largest
connected set of equal labels. Every island with at least one known point is reproduced exactly, however it winds (if no
point failed). What it misses: islands without a known point, which fit between the points of the coarse lattice (or
between known points elsewhere), such as the tip of a wedge that is thinner than the finest spacing.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

Place = tuple[int, ...]


class _Cells(NamedTuple):
    """Cells of one level that hold at least one label.

    Attributes
    ----------
    at : array of int, (n, n_axes)
        Which cells, counted in cells of their level, sorted.
    low, high : array of int, (n,)
        Lowest and highest label in the cell or on its border; different where the cell is to be split.
    """

    at: np.ndarray
    low: np.ndarray
    high: np.ndarray


def next_points(classes: Mapping[Place, str | None], depth: int, coarse: int, n_axes: int) -> list[Place]:
    """Return the points to be labelled next: what is missing at the coarsest level that is not complete.

    Call it again with the new labels until nothing is missing. A level may become incomplete again when a finer one
    shows a boundary that it had not seen.

    Parameters
    ----------
    classes : mapping of places to labels
        What is known, in any order; any part of a refinement, so it can be stopped and resumed. A place is a tuple of
        `n_axes` integers from 0 to ``coarse * 2**depth``. None is the label of a point that failed: it is not asked for
        again, and differs from nothing.
    depth : int
        How often a cell may be halved, at least 0.
    coarse : int
        Cells along every axis to begin with, at least 1.
    n_axes : int
        1 to 3.

    Returns
    -------
    list of tuple of int
        Sorted, without repetition; empty when the refinement is complete.

    Examples
    --------
    A threshold between 5 and 6 on a lattice of 0 to 8:

    >>> classes = {(0,): "low", (4,): "low", (8,): "high"}
    >>> next_points(classes, depth=2, coarse=2, n_axes=1)
    [(6,)]
    >>> next_points(classes | {(6,): "high"}, depth=2, coarse=2, n_axes=1)
    [(5,)]
    >>> next_points(classes | {(6,): "high", (5,): "low"}, depth=2, coarse=2, n_axes=1)
    []
    """
    shape = (coarse * 2**depth + 1,) * n_axes
    known = _numbers(_places(classes, n_axes), shape)
    for points in _levels(classes, depth, coarse, n_axes):
        missing = np.setdiff1d(_numbers(points, shape), known)
        if missing.size:
            return list(zip(*(axis.tolist() for axis in np.unravel_index(missing, shape)), strict=True))
    return []


def filled(classes: Mapping[Place, str | None], depth: int, coarse: int, n_axes: int) -> np.ndarray:
    """Return a label for every place of the finest lattice.

    A known place has its own label. Any other has the one label that is known in the cell around it that is not split.
    Where nothing is known in that cell, because the refinement is not complete or points failed, it is the label of the
    nearest place that has one. A failed point stays None, and all are None if there are no labels.

    Parameters
    ----------
    classes, depth, coarse, n_axes
        As for `next_points`.

    Returns
    -------
    numpy.ndarray
        object (str or None), of shape ``(coarse * 2**depth + 1,) * n_axes``: mind its size.

    Examples
    --------
    >>> filled({(0,): "low", (4,): "low", (6,): "high", (5,): "low", (8,): "high"}, depth=2, coarse=2, n_axes=1)
    array(['low', 'low', 'low', 'low', 'low', 'low', 'high', 'high', 'high'],
          dtype=object)
    """
    places, codes, labels = _coded(classes, n_axes)
    chart = np.full((coarse * 2**depth + 1,) * n_axes, -1)
    for spacing, cells in reversed(_summaries(places, codes, depth, coarse)):
        _paint(chart, spacing, cells)
    chart[tuple(places.T)] = codes
    chart = _nearest(chart)
    chart[tuple(places[codes < 0].T)] = -1
    return np.array([*labels, None], object)[chart]


def _levels(classes: Mapping, depth: int, coarse: int, n_axes: int) -> Iterator[np.ndarray]:
    """Yield the points that each level needs, the coarsest level first."""
    yield _grid(range(coarse + 1), n_axes) * 2**depth
    places, codes, _ = _coded(classes, n_axes)
    for spacing, cells in _summaries(places, codes, depth, coarse):
        if spacing > 1:
            split = cells.at[cells.low < cells.high] * spacing
            yield _sums(split, _grid(range(3), n_axes) * (spacing // 2))


def _summaries(places: np.ndarray, codes: np.ndarray, depth: int, coarse: int) -> list[tuple[int, _Cells]]:
    """Return the cells of every level with their spacing, the coarsest level first.

    What is in a cell or on its border is in a part of it or on the border of a part. So it is enough to tell the
    smallest cells what is at their corners, and every larger cell what is in its parts.
    """
    n_axes, size = places.shape[1], coarse * 2**depth
    places, codes = places[codes >= 0], codes[codes >= 0]
    corners = _grid((0, -1), n_axes)
    at, low = _sums(places, corners), np.repeat(codes, len(corners))
    inside = ((at >= 0) & (at < size)).all(axis=1)
    cells = _joined(at[inside], low[inside], low[inside], size)
    levels = [(1, cells)]
    for level in range(1, depth + 1):
        cells = _joined(cells.at // 2, cells.low, cells.high, size)
        levels.append((2**level, cells))
    return levels[::-1]


def _joined(at: np.ndarray, low: np.ndarray, high: np.ndarray, size: int) -> _Cells:
    """Return every cell once, with the lowest and highest of all that was said about it."""
    if not len(at):
        return _Cells(at, low, high)
    numbers = _numbers(at, (size,) * at.shape[1])
    order = np.argsort(numbers, kind="stable")
    _, first = np.unique(numbers[order], return_index=True)
    lowest, highest = np.minimum.reduceat(low[order], first), np.maximum.reduceat(high[order], first)
    return _Cells(at[order[first]], lowest, highest)


def _paint(chart: np.ndarray, spacing: int, cells: _Cells) -> None:
    """Write the label of every uniform cell on all its places, the border included; the largest cells come last."""
    uniform = cells.low == cells.high
    for corner, code in zip((cells.at[uniform] * spacing).tolist(), cells.low[uniform].tolist(), strict=True):
        chart[tuple(slice(start, start + spacing + 1) for start in corner)] = code


def _nearest(chart: np.ndarray) -> np.ndarray:
    """Return the chart with its gaps (-1) closed by the nearest label; unchanged if it has no gap, or no label."""
    gaps = chart < 0
    if not gaps.any() or gaps.all():
        return chart
    from scipy.ndimage import distance_transform_edt  # slow to import

    return chart[tuple(distance_transform_edt(gaps, return_distances=False, return_indices=True))]


def _coded(classes: Mapping, n_axes: int) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Return the places (n, n_axes), their labels as numbers, -1 for None, and the sorted labels."""
    labels = sorted({label for label in classes.values() if label is not None})
    numbers = {label: i for i, label in enumerate(labels)} | {None: -1}
    codes = np.array([numbers[label] for label in classes.values()], np.int64)
    return _places(classes, n_axes), codes, labels


def _places(classes: Mapping, n_axes: int) -> np.ndarray:
    return np.array(list(classes), np.int64).reshape(-1, n_axes)


def _numbers(places: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return one number for every place, in the order of places."""
    return np.ravel_multi_index(tuple(places.T), shape)


def _grid(values, n_axes: int) -> np.ndarray:
    """Return all combinations of values, (n, n_axes)."""
    return np.array(list(itertools.product(values, repeat=n_axes)), np.int64)


def _sums(places: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Return every place plus every offset, (n places * n offsets, n_axes); offsets of a place stand together."""
    return (places[:, None, :] + offsets).reshape(-1, places.shape[1])
