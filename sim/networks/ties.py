"""From raw pairs of people to distinct, undirected ties, by stated rules."""

from __future__ import annotations

import numpy as np

from sim.networks.compact import distinct, tie_codes

DIRECTED_RULES = ("any", "mutual")


def drop_weak(first, second, weights, weight: str, min_weight: float):
    """Return the pairs whose weight is at least `min_weight`, and what was done."""
    is_kept = weights >= min_weight
    dropped = int(is_kept.size - np.count_nonzero(is_kept))
    note = f"{dropped} of {is_kept.size} ties dropped: {weight} below {min_weight:g}; the rest count alike"
    return first[is_kept], second[is_kept], [note]


def tidy(first: np.ndarray, second: np.ndarray, n_people: int, directed: str | None = None):
    """Return sorted distinct tie codes, and one line for everything that was changed.

    Parameters
    ----------
    first, second : arrays of int, shape (n_pairs,)
        The two ends of each pair: with `directed`, the one who names and the one who is named.
    n_people : int
    directed : {None, "any", "mutual"}
        None if pairs have no direction. "any": a tie wherever at least one of two people names the other.
        "mutual": only where both do.

    Returns
    -------
    codes : array of uint64
    notes : list of str
    """
    notes = []
    is_loop = first == second
    n_loops = int(np.count_nonzero(is_loop))
    if n_loops:
        notes.append(f"{_counted(n_loops, 'tie')} from a person to themselves dropped")
        first, second = first[~is_loop], second[~is_loop]
    n_pairs = first.size
    if directed is None:
        codes = distinct(tie_codes(first, second, n_people))
        n_distinct = codes.size
    else:
        oriented = distinct(first.astype(np.uint64) * np.uint64(n_people) + second.astype(np.uint64))
        n_distinct = oriented.size
        named = np.sort(tie_codes(*np.divmod(oriented, np.uint64(n_people)), n_people))
        mutual = named[:-1][named[1:] == named[:-1]]  # each direction is there once at most
        n_mutual = mutual.size
        codes = distinct(named) if directed == "any" else mutual
        notes.append(
            f"{_counted(n_distinct, 'directed nomination')} ({n_mutual} pairs mutual) made "
            f"{_counted(codes.size, 'tie')} by the rule '{directed}': "
            + ("one nomination is enough" if directed == "any" else "only mutual nominations count")
        )
    if n_distinct < n_pairs:
        n_merged = n_pairs - n_distinct
        notes.append(f"{_counted(n_merged, 'parallel tie')} merged with others between the same people")
    return codes, notes


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
