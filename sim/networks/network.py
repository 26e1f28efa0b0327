"""A two-group social network: people, the ties between them, and who belongs to which group."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from sim.checks import InputError, check_count, nearest, shown
from sim.counting import counted
from sim.networks import structure
from sim.networks.compact import MOST_PEOPLE
from sim.networks.giving import to_networkx

GROUP_NAMES = ("advantaged", "marginalized")
_MOST_NAMES_COMPARED = 20_000  # looking for the nearest of a million labels would take minutes


class NetworkWarning(UserWarning):
    """Something in a user's network was changed or set aside by a stated rule; the message says what."""


@dataclass(frozen=True, eq=False, repr=False)
class Network:
    """An undirected social network of two groups, held in read-only arrays.

    Build one with a generator (`two_groups`, `small_world`, ...), `from_networkx`, `load` or `from_edges`.
    The constructor takes finished arrays and checks only that they fit together.

    Parameters
    ----------
    offsets : array of int64, shape (n_people + 1,)
        Where the neighbours of each person start in `neighbours`; the last entry is ``2 * n_ties``.
    neighbours : array of uint32, shape (2 * n_ties,)
        Every tie twice, once for each end; ascending for each person.
    is_marginalized : array of bool, shape (n_people,)
        True for people of the marginalized group.
    labels : range or tuple, optional
        What the user calls each person, in the order of the graph or file; by default 0, 1, 2, ...
    group_names : tuple of two str
        Name of the advantaged group, name of the marginalized group.
    source : dict
        Where the network comes from: a family with all its arguments, or a file with its digest and the rules
        applied. Can be written as JSON.
    notes : tuple of str
        Everything that was done to the input on the way.

    Notes
    -----
    Two networks are equal if they have the same people (labels, in order), groups and ties; `source` and
    `notes` do not matter. Nothing computed from a network depends on what the labels are.
    """

    offsets: np.ndarray
    neighbours: np.ndarray
    is_marginalized: np.ndarray
    labels: Sequence = None
    group_names: tuple[str, str] = GROUP_NAMES
    source: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __post_init__(self):
        offsets = _frozen(self.offsets, np.int64, "offsets")
        neighbours = _frozen(self.neighbours, np.uint32, "neighbours")
        is_marginalized = _frozen(self.is_marginalized, np.bool_, "is_marginalized")
        n_people = is_marginalized.size
        if not 1 <= n_people <= MOST_PEOPLE:
            raise InputError(f"a network must have from 1 to {MOST_PEOPLE} people, not {n_people}")
        if offsets.size != n_people + 1 or offsets[0] != 0 or offsets[-1] != neighbours.size:
            raise InputError(f"offsets must have {n_people + 1} entries, from 0 to {neighbours.size}")
        if (np.diff(offsets) < 0).any() or (neighbours.size and neighbours.max() >= n_people):
            raise InputError(f"offsets must not fall and neighbours must be below n_people = {n_people}")
        for name, value in (
            ("offsets", offsets),
            ("neighbours", neighbours),
            ("is_marginalized", is_marginalized),
            ("labels", _checked_labels(self.labels, n_people)),
            ("group_names", _checked_group_names(self.group_names)),
            ("source", _checked_source(self.source)),
            ("notes", tuple(str(note) for note in self.notes)),
        ):
            object.__setattr__(self, name, value)

    @property
    def n_people(self) -> int:
        """Number of people."""
        return self.is_marginalized.size

    @property
    def n_ties(self) -> int:
        """Number of ties; each counts once."""
        return self.neighbours.size // 2

    @cached_property
    def degree(self) -> np.ndarray:
        """Number of ties of each person: int64, shape (n_people,), read-only."""
        return _frozen(np.diff(self.offsets), np.int64, "degree")

    @cached_property
    def n_marginalized(self) -> int:
        """Number of people in the marginalized group."""
        return int(np.count_nonzero(self.is_marginalized))

    @property
    def n_advantaged(self) -> int:
        """Number of people in the advantaged group."""
        return self.n_people - self.n_marginalized

    @property
    def marginalized_share(self) -> float:
        """Share of people in the marginalized group, in [0, 1]."""
        return self.n_marginalized / self.n_people

    @property
    def mean_degree(self) -> float:
        """Mean number of ties per person."""
        return self.neighbours.size / self.n_people

    @cached_property
    def homophily(self) -> float:
        """Assortativity of ties by group (Newman 2003), in [-1, 1]; NaN if ties reach only one group."""
        return structure.homophily(self.offsets, self.neighbours, self.is_marginalized)

    def measures(self) -> dict[str, float]:
        """Describe the network in a few numbers.

        Returns
        -------
        dict
            ``n_people``, ``n_ties``, ``mean_degree``, ``degree_sd`` (over people), ``marginalized_share``,
            ``homophily``, ``clustering`` (mean local clustering, estimated in large networks),
            ``largest_component_share`` (of people) and ``n_isolated`` (people without ties).
        """
        sizes = structure.component_sizes(self.offsets, self.neighbours)
        return {
            "n_people": self.n_people,
            "n_ties": self.n_ties,
            "mean_degree": self.mean_degree,
            "degree_sd": float(self.degree.std()),
            "marginalized_share": self.marginalized_share,
            "homophily": self.homophily,
            "clustering": structure.clustering(self.offsets, self.neighbours),
            "largest_component_share": int(sizes.max()) / self.n_people,
            "n_isolated": int(np.count_nonzero(self.degree == 0)),
        }

    def digest(self) -> str:
        """Return the SHA-256 of the ties and groups, in hexadecimal; labels and names do not enter."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        sha = hashlib.sha256(b"two-group network, version 1")
        for array, kind in ((self.offsets, "<i8"), (self.neighbours, "<u4"), (self.is_marginalized, "u1")):
            sha.update(array.size.to_bytes(8, "little"))
            sha.update(array.astype(kind, copy=False).data)
        return sha.hexdigest()

    def neighbours_of(self, person: int) -> np.ndarray:
        """Return the people tied to person number `person` (0 to n_people - 1), ascending, read-only."""
        person = check_count("person", person, 0, self.n_people - 1)
        return self.neighbours[self.offsets[person] : self.offsets[person + 1]]

    def index_of(self, label) -> int:
        """Return the number of the person called `label`.

        Raises
        ------
        InputError
            If nobody is called that; the message names the nearest label.
        """
        if isinstance(self.labels, range):
            return self._number_of(label)
        try:
            return self._numbers[label]
        except (KeyError, TypeError):
            known = self.labels if self.n_people <= _MOST_NAMES_COMPARED else ()
            hint = nearest(label, known) or f"; people here are called {_some(self.labels)}"
            raise InputError(f"person {shown(label)} is not in this network{hint}") from None

    def _number_of(self, number) -> int:
        try:
            return check_count("person", number, 0, self.n_people - 1)
        except InputError:
            last = self.n_people - 1
            numbered = f"people here are numbered from 0 to {last}"
            raise InputError(f"person {shown(number)} is not in this network; {numbered}") from None

    @cached_property
    def _numbers(self) -> dict:
        return {label: number for number, label in enumerate(self.labels)}

    def to_networkx(self):
        """Return a ``networkx.Graph`` of the labels; node attribute ``group`` holds the group's name."""
        return to_networkx(self)

    def plot(self, *, around=None, most: int = 150):
        """Return a figure of the people and their ties; of a large network, some people who are near each other.

        Parameters
        ----------
        around : label, optional
            Where not everybody is shown: the person at the centre.
        most : int
            People shown, up to 400.
        """
        from sim import plots

        return plots.network_figure(plots.crowd_of(self, around=around, most=most), notes=[repr(self)[1:-1]])

    def _repr_html_(self) -> str:
        from sim.plots.things import network_card

        return network_card(self)

    def __eq__(self, other):
        if not isinstance(other, Network):
            return NotImplemented
        return (
            self.digest() == other.digest()
            and self.group_names == other.group_names
            and (self.labels == other.labels or list(self.labels) == list(other.labels))
        )

    def __hash__(self):
        return hash(self.digest())

    def __reduce__(self):  # through the constructor, so that a copy in another process is read-only as well
        about = (self.labels, self.group_names, self.source, self.notes)
        return Network, (self.offsets, self.neighbours, self.is_marginalized, *about)

    def __repr__(self):
        name = self.source.get("family") or self.source.get("file")
        return (
            f"<Network{f' {name}' if name else ''}: {counted(self.n_people, 'person', 'people')} "
            f"({self.n_marginalized} {self.group_names[1]}), {counted(self.n_ties, 'tie')}, mean degree "
            f"{self.mean_degree:.3g}, homophily {self.homophily:.2g}>"
        )


def _frozen(values, kind, name: str) -> np.ndarray:
    try:
        array = np.array(values, dtype=kind, order="C")
    except (TypeError, ValueError, OverflowError):
        raise InputError(f"{name} must be a sequence of {np.dtype(kind).name}, not {shown(values)}") from None
    if array.ndim != 1:
        raise InputError(f"{name} must have one dimension, not shape {array.shape}")
    array.setflags(write=False)
    return array


def _checked_labels(labels, n_people: int):
    if labels is None:
        return range(n_people)
    if isinstance(labels, str) or not hasattr(labels, "__iter__"):
        raise InputError(f"labels must be a sequence of {n_people} names, not {shown(labels)}")
    labels = labels if isinstance(labels, range) and labels == range(n_people) else tuple(labels)
    if len(labels) != n_people:
        raise InputError(f"labels has {len(labels)} names; it must have one for each of {n_people} people")
    if isinstance(labels, tuple):
        try:
            n_distinct = len(set(labels))
        except TypeError:
            raise InputError("labels must be hashable, such as numbers or text") from None
        if n_distinct < n_people:
            raise InputError(f"labels must differ; {n_people - n_distinct} of {n_people} repeat another")
    return labels


def _checked_group_names(names) -> tuple[str, str]:
    is_pair = isinstance(names, Sequence) and not isinstance(names, str) and len(names) == 2
    if not is_pair or not all(isinstance(name, str) and name for name in names) or names[0] == names[1]:
        raise InputError(
            f"group_names = {shown(names)} must be two different names, the marginalized group's last"
        )
    return tuple(names)


def _checked_source(source) -> dict:
    try:
        return json.loads(json.dumps(dict(source)))
    except (TypeError, ValueError):
        raise InputError(f"source = {shown(source)} must be a dictionary that JSON can hold") from None


def _some(labels, most: int = 5) -> str:
    text = ", ".join(repr(label) for label in labels[:most])
    return f"{text}, ..." if len(labels) > most else text
