"""From stored rows to pandas: which columns a table has, of what kind they are, and in what order its rows stand."""

from __future__ import annotations

import numpy as np

from sim.checks import InputError
from sim.sweeps.classic_points import MODEL
from sim.sweeps.columns import ABOUT, OUTCOMES, SEEDS, TEXTS, WHOLE, is_of_classic
from sim.sweeps.parts import as_numpy


def outcomes_of(rows, named: dict) -> list[str]:
    """Return the outcomes that some rows may have: those of the models they are runs of."""
    are_classics = MODEL in named and all(name is not None for name in named[MODEL])
    own = [name for name in rows.column_names if is_of_classic(name) and rows[name].null_count < len(rows)]
    return [*(ABOUT if are_classics else OUTCOMES), *own]


def nested_columns(rows, kind: str) -> list[str]:
    """Return the columns of a recorded table; refuse rows that have different ones."""
    names = [name for name in rows.column_names if name.startswith(f"{kind}.") and rows[name].null_count < len(rows)]
    if not names:
        raise InputError(f"this sweep has no table of {kind}: give sweep(..., record=[{kind!r}])")
    if len({rows[name].null_count for name in names}) > 1:
        raise InputError(f"the folder has {kind} of several models: give open_sweep(folder, design) to choose one")
    return names


def everywhere(table, names: list[str]):
    """Return a table with what is missing in some columns (nothing was done) repeated for every value there is."""
    import pandas as pd

    for name in names:
        is_missing = table[name].isna()
        if is_missing.any() and not is_missing.all():
            values = table.loc[~is_missing, [name]].drop_duplicates()
            repeated = table[is_missing].drop(columns=name).merge(values, how="cross")
            table = pd.concat([table[~is_missing], repeated[list(table)]], ignore_index=True)
    return table


def column_of(values: list, places: np.ndarray):
    """Return a column in which row i has the value at ``places[i]``: numbers if all are, else text and numbers."""
    import pandas as pd

    kinds = {type(value) for value in values}
    if kinds <= {bool}:
        return pd.array(np.array(values, bool))[places]
    if kinds <= {int}:
        return np.array(values, np.int64)[places]
    if kinds <= {int, float, type(None)}:
        return np.array([np.nan if value is None else value for value in values], float)[places]
    return np.array(values, object)[places]


def as_pandas(rows, name: str):
    """Return a stored column as a table holds it."""
    import pandas as pd

    column = rows[name]
    if name in SEEDS:
        seeds = column.fill_null(0).to_numpy()
        return pd.arrays.IntegerArray(seeds.astype(np.uint64), column.is_null().to_numpy().astype(bool))
    if name in TEXTS:
        return pd.array(as_numpy(column), dtype=object)
    if name in WHOLE and column.null_count == 0:
        return column.to_numpy()
    return column.to_numpy(zero_copy_only=False).astype(float)


def sortable(column):
    """Sort numbers by size and words by the alphabet, numbers first."""
    if column.dtype != object:
        return column
    import pandas as pd

    codes, values = pd.factorize(column)
    ranks = np.empty(len(values) + 1, np.int64)
    ranks[sorted(range(len(values)), key=lambda i: _rank(values[i]))] = np.arange(len(values))
    ranks[-1] = len(values)  # of what is missing: last
    return pd.Series(ranks[codes], index=column.index)


def _rank(value) -> tuple:
    return (0, value, "") if isinstance(value, int | float) else (1, 0.0, str(value))
