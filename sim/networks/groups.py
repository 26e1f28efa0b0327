"""Who is marginalized, by the value of one attribute of each person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from sim.checks import InputError, nearest, shown

MISSING = object()
_MOST_SHOWN = 12


def split_groups(values: list, labels, group, marginalized, allow_one_group: bool = False):
    """Split people into two groups by the values of their attribute `group`.

    Parameters
    ----------
    values : list
        One value per person; `MISSING` where there is none.
    labels : sequence
        What to call each person in messages.
    group : str
        Name of the attribute.
    marginalized : value, or collection of values
        Which people are marginalized. Text such as ``"3"`` stands for the number 3 if no value is that text.
    allow_one_group : bool
        Accept that everybody (or, with an empty collection, nobody) is marginalized.

    Returns
    -------
    is_marginalized : array of bool
    group_names : tuple of two str
    notes : list of str
    """
    counts = _counted_values(values, labels, group)
    asked = _asked_values(marginalized, counts)
    chosen, notes = set(), []
    for value in asked:
        found = _found_value(value, counts, group)
        if type(found) is not type(value) and isinstance(value, str):
            notes.append(f"{group} is not text: marginalized = {value!r} stands for the value {found!r}")
        chosen.add(found)
    is_marginalized = np.fromiter((value in chosen for value in values), bool, len(values))
    _check_both(is_marginalized, group, marginalized, counts, allow_one_group)
    return is_marginalized, _names(asked, chosen, counts), notes


def _counted_values(values, labels, group) -> Counter:
    absent = [label for label, value in zip(labels, values, strict=True) if _is_absent(value)]
    if absent:
        raise InputError(
            f"group = {shown(group)}: {len(absent)} of {len(values)} people have no value "
            f"({_listed(absent, 5)}); every person must have one"
        )
    try:
        return Counter(values)
    except TypeError:
        odd = next(v for v in values if not _is_hashable(v))
        raise InputError(
            f"group = {shown(group)}: values must be text, numbers or truth values, not {shown(odd)}"
        ) from None


def _is_absent(value) -> bool:
    if value is MISSING or value is None or (isinstance(value, str) and not value.strip()):
        return True
    try:
        return bool(value != value)  # NaN
    except (TypeError, ValueError):
        return type(value).__name__ == "NAType"  # of pandas; what else cannot be compared is refused later


def _asked_values(marginalized, counts) -> list:
    if _is_hashable(marginalized) and marginalized in counts:
        return [marginalized]  # also when the value itself is a tuple
    if isinstance(marginalized, Iterable) and not isinstance(marginalized, (str, bytes, dict)):
        return list(marginalized)
    return [marginalized]


def _found_value(value, counts, group):
    if _is_hashable(value) and value in counts:
        return value
    if isinstance(value, str):
        same_text = [known for known in counts if not isinstance(known, str) and str(known) == value]
        if len(same_text) == 1:
            return same_text[0]
    hint = nearest(value, (str(known) for known in counts))
    raise InputError(
        f"marginalized = {shown(value)} is not a value of {shown(group)}{hint}; values present: "
        f"{_tally(counts)}"
    )


def _check_both(is_marginalized, group, marginalized, counts, allow_one_group) -> None:
    if allow_one_group or 0 < np.count_nonzero(is_marginalized) < is_marginalized.size:
        return
    who = "everybody" if is_marginalized.any() else "nobody"
    raise InputError(
        f"marginalized = {shown(marginalized)} is {who} by {shown(group)} (values present: "
        f"{_tally(counts)}): both groups must have people, unless allow_one_group is True"
    )


def _names(asked, chosen, counts) -> tuple[str, str]:
    name = " or ".join(str(value) for value in asked) or "marginalized"
    others = [value for value in counts if value not in chosen]
    other = str(others[0]) if len(others) == 1 and asked else f"not {name}"
    return (other if other != name else f"not {name}"), name


def _is_hashable(value) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _tally(counts) -> str:
    text = ", ".join(f"{shown(value)} ({count})" for value, count in counts.most_common(_MOST_SHOWN))
    return f"{text} and {len(counts) - _MOST_SHOWN} more" if len(counts) > _MOST_SHOWN else text


def _listed(labels, most: int) -> str:
    text = ", ".join(shown(label) for label in labels[:most])
    return f"{text}, ..." if len(labels) > most else text
