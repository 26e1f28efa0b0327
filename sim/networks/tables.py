"""Tables: a list of ties and a table of people, as comma- or tab-separated text."""

from __future__ import annotations

import csv
import warnings
from io import StringIO
from pathlib import Path

import numpy as np

from sim.checks import InputError, nearest, shown
from sim.networks.graph_files import decoded

TABLE_FORMATS = ("csv", "tsv")
_PERSON_COLUMNS = ("id", "name", "label", "person", "node")
_END_COLUMNS = (("source", "target"), ("from", "to"))
_MOST_NAMES_COMPARED = 20_000  # looking for the nearest of a million names would take minutes


def read_people(content: bytes, file: Path, group: str) -> tuple[tuple[str, ...], list]:
    """Return the names of all people, and the text of column `group` for each.

    Raises
    ------
    InputError
        If the table is broken, the column is missing, a cell is blank or a person occurs twice.
    """
    table = _read(content, file, "tsv" if file.suffix.lower() in (".tsv", ".tab") else "csv")
    column = _named(table, _PERSON_COLUMNS) or table.columns[0]
    if group not in table.columns:
        raise InputError(
            f"group = {shown(group)} is not a column of '{file.name}'{nearest(group, table.columns)}; "
            f"columns: {_listed(table.columns)}"
        )
    if not len(table):
        raise InputError(f"'{file.name}' has no people; there must be at least one row below the header")
    people = _filled(table, column, file)
    values = _filled(table, group, file)
    repeated = people.duplicated()
    if repeated.any():
        at = int(repeated.to_numpy().argmax())
        raise InputError(
            f"'{file.name}', row {at + 2}: person {shown(people[at])} occurs more than once; every person "
            "must have one row"
        )
    return tuple(people), values.tolist()


def read_ties(content: bytes, file: Path, format: str, labels: tuple[str, ...], weight: str | None):
    """Return the numbers of the two people of each tie, and the weights (None without `weight`).

    Raises
    ------
    InputError
        If the table is broken, a cell is blank, a tie names an unknown person or a weight is not a finite
        number.
    """
    import pandas as pd

    table = _read(content, file, format)
    if len(table.columns) < 2:
        raise InputError(
            f"'{file.name}' has one column, {shown(table.columns[0])}; a list of ties must have two, such as "
            "source and target"
        )
    pair = next((found for names in _END_COLUMNS if all(found := [_named(table, (n,)) for n in names])), None)
    pair = pair or list(table.columns[:2])
    people = pd.Index(labels)
    if all(name in people for name in pair):
        raise InputError(
            f"'{file.name}' must start with a header such as source,target; its first row names two people, "
            f"{_listed(pair)}"
        )
    ends = [_numbers(_filled(table, column, file), people, file) for column in pair]
    return *ends, None if weight is None else _weights(table, weight, file)


def _numbers(names, people, file: Path) -> np.ndarray:
    codes, distinct = names.factorize()
    numbers = people.get_indexer(distinct)[codes]
    if names.size and numbers.min() < 0:
        at = int(numbers.argmin())
        known = people if len(people) <= _MOST_NAMES_COMPARED else ()
        raise InputError(
            f"'{file.name}', row {at + 2}: {shown(names[at])} is not in the table of people (nodes)"
            f"{nearest(names[at], known)}; every person must be there"
        )
    return numbers.astype(np.int64)


def _weights(table, weight: str, file: Path) -> np.ndarray:
    import pandas as pd

    if weight not in table.columns:
        raise InputError(
            f"weight = {weight!r} is not a column of '{file.name}'{nearest(weight, table.columns)}; columns: "
            f"{_listed(table.columns)}"
        )
    text = _filled(table, weight, file)
    weights = pd.to_numeric(text, errors="coerce").to_numpy(np.float64)
    is_wrong = ~np.isfinite(weights)
    if is_wrong.any():
        at = int(is_wrong.argmax())
        raise InputError(
            f"'{file.name}', row {at + 2}: weight = {weight!r} is {shown(text[at])}; it must be a finite "
            "number"
        )
    return weights


def _read(content: bytes, file: Path, format: str):
    """Return the table as text, with the header and all cells stripped of blanks around them."""
    import pandas as pd

    text = decoded(content, file.name).rstrip("\r\n")
    separator = "\t" if format == "tsv" else ","
    try:
        header = [name.strip() for name in next(csv.reader(StringIO(text), delimiter=separator))]
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # pandas would cut rows that are too long
            table = pd.read_csv(
                StringIO(text), sep=separator, dtype=str, keep_default_na=False, index_col=False,
                skip_blank_lines=False, skipinitialspace=True, names=header, header=0, low_memory=False,
            )
    except Exception as problem:
        # pandas has parser errors and warnings of its own, the csv module others.
        reason = " ".join(str(problem).split())[:200]
        raise InputError(f"'{file.name}' cannot be read as {format}: {reason}") from None
    return table


def _filled(table, column: str, file: Path):
    """Return a column as text without blanks around it; refuse empty cells."""
    import pandas as pd

    codes, distinct = table[column].factorize(use_na_sentinel=True)
    stripped = np.array([*(str(value).strip() for value in distinct), ""], dtype=object)
    is_empty = (stripped == "")[codes]
    if is_empty.any():
        at = int(is_empty.argmax())
        raise InputError(f"'{file.name}', row {at + 2}: column {shown(column)} is blank; it must be filled")
    return pd.Series(stripped[codes])


def _named(table, names) -> str | None:
    """Return the column that is called like one of `names`, in that order, whatever its case."""
    by_name = {column.lower(): column for column in reversed(table.columns)}
    return next((by_name[name] for name in names if name in by_name), None)


def _listed(names) -> str:
    return ", ".join(shown(name) for name in names[:12])
