"""A network from arrays: pairs of person numbers, and who is marginalized."""

from __future__ import annotations

import sys
import warnings

import numpy as np

from sim.checks import InputError, shown
from sim.networks.compact import MOST_PEOPLE, compact
from sim.networks.network import GROUP_NAMES, Network, NetworkWarning
from sim.networks.ties import tidy


def from_edges(
    pairs, is_marginalized, *, labels=None, group_names=GROUP_NAMES, source=None, notes=()
) -> Network:
    """Make a network from pairs of person numbers.

    Parameters
    ----------
    pairs : array of int, shape (n_pairs, 2)
        The two ends of each tie, as numbers from 0 to n_people - 1, in either order. May be empty.
    is_marginalized : array of bool, shape (n_people,)
        Group of each person; its length is the number of people. Zeros and ones are taken as well.
    labels : sequence, optional
        A distinct name for each person; by default 0, 1, 2, ...
    group_names : pair of str
        Name of the advantaged and of the marginalized group.
    source : dict, optional
        Where the ties come from; must be writable as JSON.
    notes : sequence of str
        What was done to the ties before.

    Returns
    -------
    Network

    Raises
    ------
    InputError
        If the arrays have a wrong shape or type, or a number names nobody.

    Warns
    -----
    NetworkWarning
        If a pair joins a person to themselves (dropped) or two people are joined more than once (merged).

    Examples
    --------
    >>> from_edges([(0, 1), (1, 2)], [False, False, True]).n_ties
    2
    """
    groups = checked_groups(is_marginalized)
    pairs = _checked_pairs(pairs, groups.size)
    codes, done = tidy(pairs[:, 0], pairs[:, 1], groups.size)
    announce(done)
    source = {"family": "from_edges"} if source is None else source
    notes = (*notes, *done)
    return from_codes(codes, groups, labels=labels, group_names=group_names, source=source, notes=notes)


def from_codes(codes: np.ndarray, is_marginalized: np.ndarray, **about) -> Network:
    """Make a network from tie codes that are known to be right: sorted and distinct."""
    return Network(*compact(codes, is_marginalized.size), is_marginalized, **about)


def announce(notes) -> None:
    """Warn about each of `notes`, pointing at the line outside this package that asked for the network."""
    level = 1
    frame = sys._getframe()
    while frame is not None and frame.f_globals.get("__name__", "").startswith(__package__):
        frame, level = frame.f_back, level + 1
    for note in notes:
        warnings.warn(note, NetworkWarning, stacklevel=level)


def checked_groups(is_marginalized) -> np.ndarray:
    """Return `is_marginalized` as a new bool array, or raise a clear error."""
    groups = _array(is_marginalized, "is_marginalized")
    if groups.ndim != 1 or not 1 <= groups.size <= MOST_PEOPLE:
        raise InputError(
            f"is_marginalized must have one entry for each person (1 to {MOST_PEOPLE}), not shape "
            f"{groups.shape}"
        )
    if groups.dtype.kind not in "bui" or (groups.dtype.kind != "b" and not np.isin(groups, (0, 1)).all()):
        raise InputError(f"is_marginalized must hold only True and False, not {shown(is_marginalized)}")
    return groups.astype(bool)


def _checked_pairs(pairs, n_people: int) -> np.ndarray:
    array = _array(pairs, "pairs")
    if array.size == 0 and array.ndim <= 2:
        return np.empty((0, 2), np.int64)
    if array.ndim != 2 or array.shape[1] != 2:
        raise InputError(f"pairs must have shape (n_pairs, 2), two people for each tie, not {array.shape}")
    if array.dtype.kind not in "ui":
        example = shown(array.flat[0])
        raise InputError(f"pairs must hold whole person numbers, not {array.dtype} such as {example}")
    lowest, highest = int(array.min()), int(array.max())
    if lowest < 0 or highest >= n_people:
        wrong = lowest if lowest < 0 else highest
        raise InputError(f"pairs has {wrong}; among {n_people} people, numbers go from 0 to {n_people - 1}")
    return array


def _array(values, name: str) -> np.ndarray:
    try:
        return np.asarray(values)
    except (TypeError, ValueError):
        raise InputError(f"{name} must be a rectangular array, not {shown(values)}") from None
