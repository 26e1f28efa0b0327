"""Reading a sweep: pandas tables, labelled arrays, figures."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable

import numpy as np

from sim.checks import InputError, check_names
from sim.counting import counted
from sim.parameters import KNOBS
from sim.sweeps.classic_points import MODEL
from sim.sweeps.columns import DONE, EVERY_OUTCOME, FINAL, SEEDS, STATUS, chosen
from sim.sweeps.design import Design
from sim.sweeps.digest import digest_of
from sim.sweeps.frames import as_pandas, column_of, everywhere, nested_columns, outcomes_of, sortable
from sim.sweeps.plans import Planned, ended_by_most, plan_of
from sim.sweeps.points import OF_INTERVENTION
from sim.sweeps.store import Store

_ASIDE = {"steps": "_at_step", "people": "_of_person"}  # of a measure with the name of something that was named


def open_sweep(folder, design=None) -> Sweep:
    """Open the folder of a sweep for reading; also while it is still at work.

    Parameters
    ----------
    folder : path
    design : Design, mapping or path, optional
        Show only the runs of this design; by default all that the folder has.

    Returns
    -------
    Sweep

    Raises
    ------
    StoreError
        If there is no sweep in the folder.
    """
    return Sweep(Store(folder), None if design is None else Design.of(design))


def played(design: Design, store, ask: Callable[[list[Planned]], None]) -> None:
    """Play the plan of a design over a store: `ask` is told each round of runs, and may make them."""
    plan = plan_of(design)
    runs = next(plan, None)
    while runs is not None:
        ask(runs)
        try:
            runs = plan.send(_results(store))
        except StopIteration:
            return


def _results(store):
    """Return a function of keys and a column to values, read when first asked for."""

    @functools.cache
    def column(name: str) -> dict:
        rows = store.rows([name])
        if name not in rows.column_names:  # an outcome of a published model that has no run yet
            return {}
        return dict(zip(rows["key"].to_pylist(), rows[name].to_pylist(), strict=True))

    return lambda keys, name: [column(name).get(key) for key in keys]


class Sweep:
    """The runs of a sweep.

    Attributes
    ----------
    folder : Path or None
    design : Design or None
        None where everything in the folder is shown.
    reasons : list of str
        Why runs were made, reused or made again, when the sweep was carried out.
    """

    def __init__(self, store, design: Design | None = None, *, runs=None, reasons=()):
        self.folder, self.design, self.reasons = store.folder, design, list(reasons)
        self._store, self._runs = store, runs

    @functools.cached_property
    def table(self):
        """DataFrame with one row per run (with a ramp: per run and value), sorted by point and replicate.

        Columns: what the design names; ``replicate``, the three seeds (``network_seed`` is missing where the network
        is given); with a ramp ``place`` and ``direction``; measures of the network; measures averaged over the last
        tenth of the run; ``regime``, ``tipping_step`` and other outcomes of the whole run (see
        `sim.outcomes.summary_of`); ``status`` ("done" or "failed"), ``error``, ``notes`` on the network and on what was
        not done, ``seconds``, and ``key``, by which a run can be replayed. Where nothing is done ("none"),
        ``intervention_begin`` and the like are missing.

        Of a published model: ``model``, and for each of its measures ``final_...``, averaged over the last tenth of the
        run, and ``last_...``, at the last step, in the place of this model's outcomes. ``seed`` is for all of its luck.
        """
        return self._table(self._rows([*EVERY_OUTCOME]))

    @property
    def failures(self):
        """The rows of `table` that failed, under the numbers they have there, by which `sim.replay` takes them."""
        return self.table[self.table["status"] != DONE]

    @functools.cached_property
    def unsettled(self):
        """DataFrame of the points at which ``most`` replicates were made and the precision was still not reached.

        One row per point: what the design names, how many ``replicates`` there are, and the ``half_width`` to which
        the mean is known. Empty without a precision in the design.
        """
        import pandas as pd

        about = None if self.design is None else self.design.precision
        ended = [] if about is None else ended_by_most(self.design, self._planned(), _results(self._store))
        rows = [dict(point.values) | {"replicates": count, "half_width": width} for point, count, width in ended]
        return pd.DataFrame(rows, columns=[*self._names, "replicates", "half_width"])

    @functools.cached_property
    def steps(self):
        """DataFrame with one row per run and step (``record=["steps"]``), in the order of `table`.

        A measure with the name of something that the design names is called ``..._at_step``.
        """
        return self._unnested("steps")

    @functools.cached_property
    def people(self):
        """DataFrame with one row per run and person at the end (``record=["people"]``), in the order of `table`."""
        return self._unnested("people")

    @property
    def missing(self) -> int:
        """Runs of the design that are not there (yet); 0 without a design."""
        return sum(run.key not in self._present for run in self._planned()) if self.design is not None else 0

    @functools.cached_property
    def digest(self) -> str:
        """SHA-256 over all values of `table` but the time that runs took.

        Equal for equal results, in whatever order a design names its axes and their values, and whoever made the runs.
        A design that names something more, be it at its default, has a column more, and so another digest.
        """
        return digest_of(self.table)

    @property
    def set_aside(self) -> list[str]:
        """What was found damaged or foreign in the folder."""
        return self._store.set_aside

    def arrays(self, columns: Iterable[str] | None = None):
        """Return measures as labelled arrays over the swept axes and the replicates.

        Parameters
        ----------
        columns : list of str, optional
            By default all measures.

        Returns
        -------
        xarray.Dataset
            One dimension per swept axis (combinations that were not run are NaN), ``replicate``, and ``place`` with a
            ramp. Runs that nothing is done to stand at every ``intervention_begin`` and the like. Of samples and
            tables, whose points are no grid, the dimensions are ``point`` and ``replicate``, and the axes are
            coordinates along ``point``. Failed runs are NaN.
        """
        table, axes = self.table, self._swept()
        outcomes = [name for name in chosen(table, EVERY_OUTCOME) if name not in axes]
        names = outcomes if columns is None else list(columns)
        check_names("column", names, list(table))
        inner = ["replicate", *(["place"] if "place" in table else [])]
        points = table[axes].drop_duplicates().reset_index(drop=True)
        if self._is_grid(points):
            table = everywhere(table, [name for name in axes if name.startswith(OF_INTERVENTION)])
            return table.set_index([*axes, *inner])[names].to_xarray()
        numbered = table.merge(points.assign(point=range(len(points))), on=axes, how="left")
        arrays = numbered.set_index(["point", *inner])[names].to_xarray()
        return arrays.assign_coords({name: ("point", points[name].to_numpy()) for name in axes})

    def plot(self, *, x: str | None = None, by: str | None = None):
        """Return a figure of both groups along what was swept: medians over replicates, and how far they spread.

        Of a published model, of all its measures.

        Parameters
        ----------
        x : str, optional
            What runs along the axis: something swept (by default what has most values), or ``"step"``
            (with ``record=["steps"]``).
        by : str, optional
            Something else that was swept: a panel for each of its values.

        Notes
        -----
        Runs that nothing is done to stand at every ``intervention_begin`` and the like, as in `arrays`.
        """
        from sim.plots import sweeps

        is_classic = MODEL in self.table
        words = {} if is_classic else {knob.name: f"{knob.name}: {knob.meaning}" for knob in KNOBS}
        table = self.steps if x == "step" else self.table
        of_intervention = [name for name in self._varied() if name.startswith(OF_INTERVENTION)]
        one_value = [name for name in of_intervention if table[name].nunique() == 1]  # and missing: nothing was done
        swept = [name for name in self._varied() if name not in one_value]
        table = everywhere(table, of_intervention)
        if swept:
            table = table.sort_values(swept, key=sortable, kind="stable", ignore_index=True)
        shown = self._shown(table, x) if is_classic else None
        return sweeps.plot(self, table, swept, x=x, by=by, words=words, shown=shown)

    def _shown(self, table, x: str | None) -> list[str]:
        """Return what `plot` shows of a published model: all of its measures."""
        if self.table[MODEL].nunique(dropna=False) > 1:
            raise InputError("the folder has runs of several models: give open_sweep(folder, design) to choose one")
        if x == "step":
            return [name for name in table if name not in self.table and name != "step"]
        return [name for name in table if name.startswith(FINAL)]

    def _is_grid(self, points) -> bool:
        kind = "grid" if self.design is None else self.design.kind
        size = np.prod([points[name].nunique() for name in points], dtype=float)
        return kind in ("grid", "refined") and size <= max(4 * len(points), 10_000)

    def _swept(self) -> list[str]:
        return self._varied() or self._names[:1]  # arrays need a dimension, even of one value

    def _varied(self) -> list[str]:
        if self.design is not None and self.design.ramp is not None and not self.design.lists:
            return [self.design.ramp["parameter"]]
        return [name for name in self._names if self.table[name].nunique(dropna=False) > 1]

    def __repr__(self) -> str:
        where = f" in '{self.folder}'" if self.folder else ""
        failed = f", {len(self.failures)} failed" if len(self.failures) else ""
        swept = ", ".join(self._varied()) or "nothing"
        return f"<Sweep{where}: {counted(len(self.table), 'row')}{failed}; swept: {swept}>"

    def stored(self, *columns: str, key: str | None = None) -> list[dict]:
        """Return rows as they are stored, of all runs or of the one with that key, as mappings."""
        import pyarrow.compute as pc

        rows = self._everything
        if key is not None:
            rows = rows.filter(pc.equal(rows["key"], key))
        return rows.select(chosen(rows.column_names, ["key", "place", *columns])).to_pylist()

    @functools.cached_property
    def _everything(self):
        return self._rows(["configuration", "root", *EVERY_OUTCOME])

    def network(self, digest: str):
        """Return a given network of this sweep by its digest."""
        return self._store.network(digest)

    # --- how a table is put together ----------------------------------------------------------------------

    def _planned(self) -> list[Planned]:
        if self._runs is None:
            self._runs = []
            played(self.design, self._store, self._runs.extend)
        return self._runs

    @functools.cached_property
    def _present(self) -> set[str]:
        return set(self._store.rows([])["key"].to_pylist())

    def _rows(self, columns):
        """Return the stored rows of this sweep, with ``point`` as the design writes it."""
        import pyarrow as pa
        import pyarrow.compute as pc

        rows = self._store.rows(["point", "replicate", *SEEDS, "place", "direction", "value", *columns, *STATUS])
        if self.design is None:
            return rows
        texts = {run.key: run.point.text for run in self._planned()}
        rows = rows.filter(pc.is_in(rows["key"], value_set=pa.array(list(texts), pa.string())))
        points = pa.array([texts[key] for key in rows["key"].to_pylist()], pa.string())
        return rows.set_column(rows.column_names.index("point"), "point", points)

    @functools.cached_property
    def _names(self) -> list[str]:
        if self.design is None:
            return list(self._named(self._rows([])))
        return [*([] if self.design.model is None else [MODEL]), *self.design.names]

    def _named(self, rows) -> dict:
        """Return the columns of what was named, from the texts of the points."""
        import pyarrow as pa

        column = rows["point"]
        codes = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        codes = codes.unify_dictionaries().combine_chunks()
        codes = codes.chunk(0) if isinstance(codes, pa.ChunkedArray) else codes
        values = [json.loads(text) for text in codes.dictionary.to_pylist()]
        names = self._names if self.design is not None else list(dict.fromkeys(n for one in values for n in one))
        places = codes.indices.to_numpy()
        return {name: column_of([one.get(name) for one in values], places) for name in names}

    def _table(self, rows):
        import pandas as pd

        named = self._named(rows)
        is_ramp = len(rows) > 0 and rows["direction"].null_count < len(rows)
        columns = dict(named)
        if is_ramp:
            columns |= self._of_ramp(rows)
        for name in ("replicate", *SEEDS, *outcomes_of(rows, named), *STATUS):
            if name not in columns:
                columns[name] = as_pandas(rows, name)
            elif pd.isna(columns[name]).any():  # an argument of a published model, measured of others
                columns[name] = pd.Series(columns[name]).fillna(pd.Series(as_pandas(rows, name)))
        table = pd.DataFrame(columns)
        by_point = sorted(named, key=lambda name: name.startswith(OF_INTERVENTION))  # these last: some may be missing
        order = [*by_point, "replicate", *(["place"] if is_ramp else [])]  # and within these by key, as they come
        return table.sort_values(order, key=sortable, kind="stable", ignore_index=True)

    def _of_ramp(self, rows) -> dict:
        configuration = self.design.ramp if self.design is not None else None
        name = configuration["parameter"] if configuration else "ramp_value"
        return {name: as_pandas(rows, "value"), "place": as_pandas(rows, "place"),
                "direction": as_pandas(rows, "direction")}  # fmt: skip

    def _unnested(self, kind: str):
        import pandas as pd
        import pyarrow as pa
        import pyarrow.compute as pc

        rows = self._store.rows()
        place = {one: i for i, one in enumerate(zip(self.table["key"], self._places, strict=True))}
        identities = zip(rows["key"].to_pylist(), rows["place"].to_pylist(), strict=True)
        own = np.array([place.get(one, -1) for one in identities], np.int64)
        order = np.argsort(own, kind="stable")
        order = order[own[order] >= 0]
        rows = rows.take(pa.array(order))
        nested = nested_columns(rows, kind)
        parents = pc.list_parent_indices(rows[nested[0]].combine_chunks()).to_numpy()
        flat = {
            name.removeprefix(f"{kind}."): pc.list_flatten(rows[name].combine_chunks()).to_numpy(zero_copy_only=False)
            for name in nested
        }
        labels = [*self._names, "replicate", *(["place"] if "place" in self.table else []), "key"]
        flat = {name + _ASIDE[kind] if name in labels else name: values for name, values in flat.items()}
        kept = self.table[labels].iloc[own[order][parents]].reset_index(drop=True)
        return pd.concat([kept, pd.DataFrame(flat)], axis=1)

    @property
    def _places(self):
        return self.table["place"] if "place" in self.table else [0] * len(self.table)
