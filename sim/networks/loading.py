"""Networks from files. Whatever is wrong with a file, the answer is one clear `InputError`."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from sim.checks import InputError, check_choice, check_readable_file, shown
from sim.networks.compact import distinct, tie_codes
from sim.networks.convert import convert
from sim.networks.graph_files import GRAPH_FORMATS, read_graph
from sim.networks.network import Network
from sim.networks.reading import Reading, assemble
from sim.networks.tables import TABLE_FORMATS, read_people, read_ties

FORMATS = (*GRAPH_FORMATS, *TABLE_FORMATS)
_PACKED = (".gz", ".bz2", ".xz", ".zip", ".zst", ".7z", ".tar", ".tgz")


def load(
    path, *, group, marginalized, format=None, nodes=None, directed="any", weight=None, min_weight=None,
    allow_one_group=False,
) -> Network:
    """Load a network from a file.

    People keep the order of the file and the names that they have in it. What has to be changed to get simple
    undirected ties is changed by the rules of `from_networkx`, announced and noted.

    Parameters
    ----------
    path : str or path
        A GraphML, GEXF or GML file, or a list of ties as a CSV (or tab-separated) table in UTF-8 with a
        header. The two people of a tie are in the columns ``source`` and ``target`` or ``from`` and ``to``,
        otherwise in the first two.
    group : str
        The attribute (or column of `nodes`) that holds the group; everybody must have a value.
    marginalized : value, or collection of values
        The value(s) of `group` that mean "marginalized"; see `from_networkx`.
    format : {"graphml", "gexf", "gml", "csv", "tsv"}, optional
        By default told from the suffix of the file.
    nodes : str or path, optional
        With a list of ties, and only then: the table of people, one row each. The person's name is in the
        column ``id``, ``name``, ``label``, ``person`` or ``node``, otherwise in the first. People without
        ties are kept.
    directed : {"any", "mutual"}
        Is one nomination enough for a tie, or must it be returned? A list of ties is taken to be directed if
        "mutual" is asked for or some pair stands in it both ways round.
    weight, min_weight : str and float, optional
        Ties whose attribute (column) `weight` is below `min_weight` are dropped.
    allow_one_group : bool
        Accept that everybody has the marginalized value. With ``marginalized=()`` nobody is marginalized.

    Returns
    -------
    Network
        With the name and SHA-256 of the file(s) and the rules in `Network.source`.

    Raises
    ------
    InputError
        If a file is missing, unreadable, broken, of another format, or holds XML entity or document type
        declarations; if a tie names a person who is not in `nodes`; if people, groups or weights are missing.

    Warns
    -----
    NetworkWarning
        See `from_networkx`.

    Notes
    -----
    Files are read as data only: nothing in them is evaluated, unpickled or fetched from elsewhere. Names and
    groups in tables are text (``"01"`` stays ``"01"``), without blanks around them.
    """
    reading = Reading(group, marginalized, directed, weight, min_weight, allow_one_group)
    file = check_readable_file(path, what="path")
    format = _format_of(file, format)
    if format in TABLE_FORMATS:
        return _load_tables(file, nodes, format, reading)
    if nodes is not None:
        raise InputError(f"nodes = {shown(nodes)} goes only with a list of ties (csv, tsv), not {format}")
    content = _content(file)
    return convert(read_graph(content, format, file.name), reading, _source(file, content, format))


def _load_tables(file: Path, nodes, format: str, reading: Reading) -> Network:
    if nodes is None:
        raise InputError("nodes = None: a list of ties has no groups; nodes must be a table that has them")
    nodes_file = check_readable_file(nodes, what="nodes")
    content, nodes_content = _content(file), _content(nodes_file)
    labels, values = read_people(nodes_content, nodes_file, reading.group)
    first, second, weights = read_ties(content, file, format, labels, reading.weight)
    is_directed = reading.directed == "mutual" or _has_both_ways(first, second, len(labels))
    source = {
        **_source(file, content, format), "nodes": nodes_file.name, "nodes_sha256": _sha256(nodes_content)
    }
    return assemble(reading, values, labels, first, second, weights, is_directed=is_directed, source=source)


def _has_both_ways(first: np.ndarray, second: np.ndarray, n_people: int) -> bool:
    """Tell whether some two people stand in the list in both orders."""
    is_up, is_down = first < second, first > second
    up, down = (distinct(tie_codes(first[of], second[of], n_people)) for of in (is_up, is_down))
    return bool(np.intersect1d(up, down, assume_unique=True).size)


def _format_of(file: Path, format) -> str:
    if format is not None:
        return check_choice("format", format, FORMATS)
    suffix = file.suffix.lower()
    if suffix in _PACKED:
        raise InputError(f"path '{file.name}' is a packed file ({suffix}); unpack it first")
    if suffix[1:] not in FORMATS:
        raise InputError(
            f"path '{file.name}' does not say what it is by its suffix {suffix!r}; give format, one of: "
            f"{', '.join(FORMATS)}"
        )
    return suffix[1:]


def _content(file: Path) -> bytes:
    try:
        content = file.read_bytes()
    except OSError as problem:
        raise InputError(f"'{file.name}' cannot be read: {problem.strerror}") from None
    if not content.strip():
        raise InputError(f"'{file.name}' is empty")
    return content


def _source(file: Path, content: bytes, format: str) -> dict:
    return {"file": file.name, "sha256": _sha256(content), "format": format}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
