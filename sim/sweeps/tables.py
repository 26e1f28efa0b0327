"""Tables of runs, summed up and compared."""

from __future__ import annotations

from sim.checks import InputError, check_names
from sim.sweeps.columns import DONE


def summarise(table, by: list[str], columns: list[str]):
    """Return one row per point: runs, prevailing regime, agreement, and the spread of some columns over replicates.

    ``regime`` is the most frequent one (the first in the alphabet among equals), ``agreement`` the share of runs that
    end in it; a published model has neither. Every column gives six: 10th percentile, median and 90th percentile of
    single runs; their mean, with the ends ``low`` and ``high`` of its 95 % interval (Student's), NaN for a single run.
    """
    from scipy.special import stdtrit

    check_names("column", [*by, *columns], list(table))
    groups = (table[table["status"] == DONE] if "status" in table else table).groupby(by, dropna=False)
    summary = groups.size().to_frame("runs")
    if "regime" in table:
        summary["regime"] = groups["regime"].agg(lambda names: names.mode().iloc[0])
        summary["agreement"] = groups["regime"].agg(lambda names: names.value_counts(normalize=True).max())
    for name in columns:
        for label, share in (("p10", 0.1), ("median", 0.5), ("p90", 0.9)):
            summary[f"{name}_{label}"] = groups[name].quantile(share)
        mean, count = groups[name].mean(), groups[name].count()
        half = groups[name].sem() * stdtrit((count - 1).where(count > 1), 0.975)
        summary = summary.assign(**{f"{name}_mean": mean, f"{name}_low": mean - half, f"{name}_high": mean + half})
    return summary.reset_index()


def shown(row, column: str) -> str:
    """Return a share in a row of `summarise` in per cent: its median, and its 10th to 90th percentile in brackets."""
    low, middle, high = (100 * row[f"{column}_{part}"] for part in ("p10", "median", "p90"))
    return f"{middle:.0f} % ({low:.0f} to {high:.0f})"


def differences(runs, others, by: list[str], columns: list[str]):
    """Return how far runs differ from others of the same replicate, which share network, people and luck with them.

    These are percentiles of the differences between single runs, which more replicates do not narrow. For the mean
    difference with its interval, and its size in standard deviations, see `effect_of` with ``paired=True``.

    Parameters
    ----------
    runs, others : DataFrame
        Rows of `Sweep.table`, with a column ``replicate``.
    by : list of str
        What the runs are grouped by, and found by among the others. What is missing in all of the others, as
        ``intervention_begin`` is where nothing is done, does not count: they stand against every value of it.
    columns : list of str
        What is compared.

    Returns
    -------
    DataFrame
        One row per group and column (named in ``measure``): the number of ``pairs``, in how many of them the first
        run is ``lower``, and the 10th percentile, median and 90th percentile of the first minus the second.

    Raises
    ------
    InputError
        If nothing is named, or a column that one of the tables does not have.
    """
    import pandas as pd

    for name, given in (("by", by), ("columns", columns)):
        if len(given) == 0:
            raise InputError(f"{name} is an empty list; it must name at least one column that both tables have")
        check_names(f"column in {name}:", given, [column for column in runs if column in others])
    shared = [*(name for name in by if others[name].notna().any()), "replicate"]
    pairs = runs.merge(others[[*shared, *columns]], on=shared, suffixes=("", "_other"))
    gaps = pairs[columns] - pairs[[f"{name}_other" for name in columns]].to_numpy()
    gaps = gaps.set_index(pd.MultiIndex.from_frame(pairs[by])).dropna()
    parts = [
        gaps.groupby(by)[name]
        .agg(
            pairs="size",
            lower=lambda gap: int((gap < 0).sum()),
            p10=lambda gap: gap.quantile(0.1),
            median="median",
            p90=lambda gap: gap.quantile(0.9),
        )
        .assign(measure=name)
        .set_index("measure", append=True)
        for name in columns
    ]
    return pd.concat(parts).reset_index()
