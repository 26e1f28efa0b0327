"""Rows on disk: Parquet with one fixed set of columns, whatever was swept."""

from __future__ import annotations

import functools

import numpy as np

from sim.sweeps.columns import DONE, SEEDS, STORED, TEXTS, WHOLE, is_of_classic

# Read without Arrow's own threads: a process that ends while they do can abort (apache/arrow issue 34314).
CALMLY = {"use_threads": False, "pre_buffer": False, "partitioning": None, "page_checksum_verification": True}
FORMAT = b"allyship-sim sweep, version 1"
MARK = b"allyship_sim"


@functools.cache
def schema():
    """Return the columns that every part has, with their kinds."""
    import pyarrow as pa

    kinds = {name: pa.string() for name in TEXTS} | {name: pa.int64() for name in WHOLE}
    kinds |= {name: pa.uint64() for name in (*SEEDS, "root")}
    return pa.schema([(name, kinds.get(name, pa.float64())) for name in STORED], metadata={MARK: FORMAT})


def table_of(rows: list[dict], planned: list):
    """Return an Arrow table of the rows that a worker has made, for the runs that were asked of it."""
    import pyarrow as pa

    by_key = {run.key: run for run in planned}
    runs = [by_key[row["key"]] for row in rows]
    columns = {name: [row.get(name) for row in rows] for name in STORED}
    columns["point"] = [run.point.text for run in runs]
    columns["configuration"] = [run.point.canonical for run in runs]
    columns["replicate"] = [run.replicate for run in runs]
    columns["root"] = [run.root for run in runs]
    for name in ("start_seed", "seed"):
        columns[name] = [getattr(run.seeds, name) for run in runs]
    columns["network_seed"] = [run.seeds.network_seed if run.point.has_generated_network else None for run in runs]
    columns["recorded"] = [row.get("recorded", "") for row in rows]
    columns["error"] = [row.get("error", "") for row in rows]
    table = pa.table({name: pa.array(values, kind) for (name, values), kind in zip(columns.items(), schema().types,
                      strict=True)}, schema=schema())  # fmt: skip
    for name in sorted(name for name in set().union(*rows) if "." in name or is_of_classic(name)):
        table = table.append_column(name, pa.array([row.get(name) for row in rows]))
    return table


def empty(columns=None):
    """Return a table without rows."""
    table = schema().empty_table()
    return table if columns is None else table.select([name for name in columns if name in STORED])


def written(table) -> bytes:
    """Return a table as the content of a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({name: written_out(table[name]) for name in table.column_names})
    table = table.replace_schema_metadata({MARK: FORMAT})
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", write_page_checksum=True)
    return sink.getvalue().to_pybytes()


def written_out(column):
    """Return a column of repeated texts as plain texts."""
    import pyarrow as pa

    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def without_doubles(table):
    """Return a table with every run once, sorted by key and place.

    A finished run goes before a failed one, and one with more tables beside it before one with fewer.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if table.num_rows < 2:
        return table
    if pc.count_distinct(table["key"]).as_py() == table.num_rows:
        return table.sort_by("key")
    order = [("key", "ascending"), ("status", "ascending"), ("recorded", "descending"), ("place", "ascending")]
    if "error" in table.column_names:  # of several failures always the same one
        order.append(("error", "ascending"))
    names = [name for name, _ in order]
    table = table.take(pc.sort_indices(pa.table({name: written_out(table[name]) for name in names}), sort_keys=order))
    key, status, recorded, place = (as_numpy(table[name]) for name in ("key", "status", "recorded", "place"))
    is_new_run = _differs(key)
    first = np.maximum.accumulate(np.where(is_new_run, np.arange(len(key)), 0))
    is_best = (status == status[first]) & (recorded == recorded[first])
    keep = is_best & (is_new_run | _differs(place) | _differs(recorded) | _differs(status))
    return table if keep.all() else table.filter(pa.array(keep))


def as_numpy(column) -> np.ndarray:
    """Return an Arrow column as an array; texts that repeat are written out."""
    import pyarrow as pa

    if not pa.types.is_dictionary(column.type):
        return column.to_numpy(zero_copy_only=False)
    column = column.unify_dictionaries().combine_chunks()
    column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
    texts = np.append(np.array(column.dictionary.to_pylist(), object), None)
    return texts[column.indices.fill_null(len(texts) - 1).to_numpy()]


def _differs(values) -> np.ndarray:
    """Tell for every entry whether it differs from the one before."""
    return np.r_[True, values[1:] != values[:-1]]


def keys_of(table) -> tuple[dict[str, str], set[str]]:
    """Return the keys of finished runs with what was recorded of each, and the keys of runs that failed."""
    done, failed = {}, set()
    for key, status, recorded in zip(*(table[name].to_pylist() for name in ("key", "status", "recorded")), strict=True):
        if status == DONE:
            done[key] = recorded
        else:
            failed.add(key)
    return done, failed
