"""Whether the content of a part is what the rows of a sweep look like. Files come and go by other hands than ours."""

from __future__ import annotations

import hashlib
import io
import json

import numpy as np

from sim.sweeps.columns import DONE, FAILED, IDENTITY, is_of_classic
from sim.sweeps.parts import CALMLY, FORMAT, MARK, as_numpy, schema
from sim.sweeps.points import run_key
from sim.sweeps.seeds import seeds_of

MOST_KEYS = 1000  # of a part that are worked out again; the name of the file already vouches for all of it


def what_is_wrong(content: bytes) -> str:
    """Return what is wrong with the content of a part, or an empty text."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        found = pq.read_schema(io.BytesIO(content))
    except (pa.ArrowException, OSError) as problem:
        return f"it is no Parquet file ({str(problem).splitlines()[0][:80]})"
    if (found.metadata or {}).get(MARK) != FORMAT:
        return "it is not a part of a sweep, or one of another version"
    expected = schema()
    if len(set(found.names)) < len(found.names):
        return "it has a column twice"
    extra = set(found.names) - set(expected.names)
    if not all(_may_be_there(found.field(name)) for name in extra):
        return "it has columns that no sweep has"
    if any(name not in found.names or found.field(name).type != expected.field(name).type for name in expected.names):
        return "its columns are not those of a sweep"
    return _wrong_rows(content)


def _may_be_there(field) -> bool:
    """Tell whether a column beside those that all parts have is one of recorded tables or of a published model."""
    import pyarrow as pa

    if is_of_classic(field.name):
        return pa.types.is_float64(field.type)
    return "." in field.name and pa.types.is_list(field.type)


def contradicting(parts: dict) -> dict[str, str]:
    """Return the parts that have other results for a finished run than another part, each with the key of such a run.

    Parameters
    ----------
    parts : dict of str to Table or None
        Rows by name of the part, with all outcomes.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = {name: rows for name, rows in parts.items() if rows is not None}
    keys = np.concatenate([as_numpy(rows["key"]) for rows in parts.values()] or [np.empty(0, object)])
    values, counts = np.unique(keys.astype(str), return_counts=True)
    repeated = pa.array(values[counts > 1].tolist(), pa.string())
    found: dict[tuple, tuple[str, list]] = {}
    wrong: dict[str, str] = {}
    for name, rows in parts.items():
        for row in rows.filter(pc.is_in(rows["key"], value_set=repeated)).to_pylist():
            if row["status"] != DONE:
                continue
            results = sorted((n, repr(value)) for n, value in row.items() if value is not None and n not in IDENTITY)
            other, theirs = found.setdefault((row["key"], row["place"]), (name, results))
            if results != theirs:
                wrong |= {name: row["key"], other: row["key"]}
    return wrong


def _are_own_keys(rows) -> bool:
    """Tell whether keys are the hashes of the configuration and the seeds beside them; in long parts, of some rows."""
    names = ("configuration", "root", "replicate", "key")
    rows = rows.select(names).take(np.unique(np.linspace(0, max(0, len(rows) - 1), MOST_KEYS).astype(int))[: len(rows)])
    digests: dict = {}
    seeds: dict = {}
    for text, root, replicate, key in zip(*(rows[name].to_pylist() for name in names), strict=True):
        if text not in digests:
            digests[text] = hashlib.sha256(text.encode()).hexdigest()
        if (root, replicate) not in seeds:
            seeds[root, replicate] = seeds_of(root, replicate)
        if run_key(digests[text], seeds[root, replicate]) != key:
            return False
    return True


_NEVER_MISSING = (
    "key", "point", "configuration", "root", "replicate", "start_seed", "seed", "place", "status", "recorded",
)  # fmt: skip


def _wrong_rows(content: bytes) -> str:
    """Return what is wrong with the rows of a part, or an empty text."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    try:
        # All of it, for the checksums of pages: memory may fail before the hash is taken.
        rows = pq.read_table(io.BytesIO(content), read_dictionary=["configuration", "point"], **CALMLY)
        if any(rows[name].null_count for name in _NEVER_MISSING):
            return "some of its rows do not say which run they are"
        states = set(pc.unique(rows["status"]).to_pylist())
        if not states <= {DONE, FAILED} or pc.any(pc.less(rows["place"], 0)).as_py():
            return "some of its rows are not those of a run"
        if not _are_own_keys(rows):
            return "a key in it is not that of its run"
        for name in ("point", "configuration"):
            if not all(isinstance(json.loads(text), dict) for text in pc.unique(rows[name]).to_pylist()):
                return f"a {name} in it is none"
    except (pa.ArrowException, OSError, ValueError, RecursionError) as problem:
        return f"it cannot be read ({str(problem).splitlines()[0][:80]})"
    return ""
