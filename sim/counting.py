"""A number with what it counts, in words that fit together."""

from __future__ import annotations


def counted(number, one: str, many: str | None = None) -> str:
    """Return a number and what it counts.

    Parameters
    ----------
    number : int
    one : str
        What is counted, of one.
    many : str, optional
        Of any other number; by default `one` with an s.

    Examples
    --------
    >>> counted(1, "run"), counted(1200, "run"), counted(0, "ally", "allies")
    ('1 run', '1,200 runs', '0 allies')
    """
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
