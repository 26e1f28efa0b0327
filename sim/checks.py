"""Questions asked of every input, and one way to say no.

An error names what was wrong, the value that was given, what is allowed and, for a misspelt name, the nearest
valid one.
"""

from __future__ import annotations

import difflib
import math
import numbers
import operator
import os
from collections.abc import Iterable
from pathlib import Path


class InputError(ValueError, TypeError):
    """Something the user gave cannot be used; the message says what, and what would be.

    It is a ``ValueError`` and a ``TypeError``, because which of the two a wrong input is depends on whom you ask.
    """


def check_number(name: str, value, low: float = -math.inf, high: float = math.inf) -> float:
    """Return `value` as a finite float in [low, high]."""
    if type(value) is float and low <= value <= high and math.isfinite(value):
        return value  # nearly always: without the words of a refusal
    allowed = f"a number{_between(low, high)}"
    if is_flag(value) or not isinstance(value, numbers.Real):
        raise InputError(f"{name} must be {allowed}, not {shown(value)}")
    try:
        number = float(value)
    except OverflowError:
        raise InputError(f"{name} = {shown(value)} is too large: it must be {allowed}") from None
    if not math.isfinite(number):
        raise InputError(f"{name} = {shown(value)} is out of range: it must be {allowed}, and finite")
    if not low <= number <= high:
        raise InputError(f"{name} = {shown(value)} is out of range: it must be {allowed}")
    return number


def check_count(name: str, value, low: int = 0, high: int | None = None) -> int:
    """Return `value` as a whole number in [low, high]; ``True`` and ``3.0`` are refused."""
    allowed = f"a whole number, at least {low}" if high is None else f"a whole number from {low} to {high}"
    if is_flag(value):
        raise InputError(f"{name} must be {allowed}, not {shown(value)}")
    try:
        count = operator.index(value)
    except TypeError:
        raise InputError(f"{name} must be {allowed}, not {shown(value)}") from None
    if count < low or (high is not None and count > high):
        raise InputError(f"{name} = {shown(count)} is out of range: it must be {allowed}")
    return count


def check_flag(name: str, value) -> bool:
    """Return `value` as a bool; only True and False will do."""
    if not is_flag(value):
        raise InputError(f"{name} must be True or False, not {shown(value)}")
    return bool(value)


def check_choice(name: str, value, allowed: Iterable[str]) -> str:
    """Return `value` if it is one of the allowed words; otherwise name the nearest."""
    allowed = list(allowed)
    if isinstance(value, str) and value in allowed:
        return value
    raise InputError(f"{name} = {shown(value)} is not known{nearest(value, allowed)}; allowed: {', '.join(allowed)}")


def check_names(what: str, given: Iterable, allowed: Iterable[str]) -> None:
    """Refuse any name in `given` that is not among the allowed ones."""
    allowed = list(allowed)
    for name in given:
        if name not in allowed:
            hint = nearest(name, allowed) or f"; allowed: {', '.join(allowed)}"
            raise InputError(f"{what} {shown(name)} is not known{hint}")


def check_readable_file(path, *, what: str = "file") -> Path:
    """Return `path` as a Path to an existing, readable, ordinary file."""
    try:
        path = Path(path)
    except TypeError:
        raise InputError(f"{what} must be a path, not {shown(path)}") from None
    try:
        if not path.exists():
            near = nearest(path.name, sorted(p.name for p in path.parent.iterdir())) if path.parent.is_dir() else ""
            raise InputError(f"{what} '{path}' does not exist{near}")
        if not path.is_file():
            raise InputError(f"{what} '{path}' is not an ordinary file")
    except (OSError, ValueError) as problem:
        if isinstance(problem, InputError):
            raise
        reason = getattr(problem, "strerror", None) or problem
        raise InputError(f"{what} {shown(str(path))} is not a usable path: {reason}") from None
    if not os.access(path, os.R_OK):
        raise InputError(f"{what} '{path}' may not be read")
    return path


def made_folder(path, *, what: str = "--out") -> Path:
    """Return `path` as a folder that is there and may be written to, made if need be."""
    if not str(path) or "\0" in str(path):
        raise InputError(f"{what} = {str(path)!r} must be the name of a folder")
    folder = Path(path)
    if os.path.isfile(folder):  # False as well for a name that is too long
        raise InputError(f"{what} '{folder}' is a file, not a folder; give it another name")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as problem:  # a ValueError for half a character
        reason = getattr(problem, "strerror", None) or problem
        raise InputError(f"{what} {shown(str(folder))} cannot be written: {reason}") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InputError(f"{what} '{folder}' may not be written to; give another folder")
    return folder


def nearest(name, names: Iterable[str]) -> str:
    """Return ' (did you mean ...?)' for the closest of `names`, or an empty string."""
    close = closest(name, names)
    return f" (did you mean {close[0]!r}?)" if close else ""


def closest(name, names: Iterable[str]) -> list[str]:
    """Return the closest of `names`, alone in a list that is empty where none is close."""
    given = (name if isinstance(name, str) else shown(name))[:100].lower()
    return difflib.get_close_matches(given, [str(n) for n in names], n=1, cutoff=0.6)


def shown(value, *, longest: int = 60) -> str:
    """Return a short printable form of any value, on one line."""
    try:
        text = " ".join(repr(value).split())
    except Exception:  # Python prints no whole number of more than 4300 digits; a foreign repr may do anything
        bits = f" of {value.bit_length()} bits" if isinstance(value, int) else ""
        text = f"<{type(value).__name__}{bits}>"
    return text if len(text) <= longest else text[: longest - 3] + "..."


def is_flag(value) -> bool:
    """Tell whether `value` is a Python or NumPy truth value."""
    return isinstance(value, bool) or type(value).__name__ in ("bool_", "bool")


def _between(low: float, high: float) -> str:
    if math.isinf(low) and math.isinf(high):
        return ""
    if math.isinf(high):
        return f", at least {low:g}"
    if math.isinf(low):
        return f", at most {high:g}"
    return f" from {low:g} to {high:g}"
