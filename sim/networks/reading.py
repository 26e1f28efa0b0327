"""How a user's people and ties become a network: the rules asked for, and the steps they govern."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.checks import InputError, check_choice, check_flag, check_number, shown
from sim.networks import structure
from sim.networks.compact import compact
from sim.networks.edges import announce
from sim.networks.groups import split_groups
from sim.networks.network import Network
from sim.networks.ties import DIRECTED_RULES, drop_weak, tidy


@dataclass(frozen=True)
class Reading:
    """The rules by which people are split into groups and nominations become ties; see `from_networkx`."""

    group: str
    marginalized: Any
    directed: str = "any"
    weight: str | None = None
    min_weight: float | None = None
    allow_one_group: bool = False

    def __post_init__(self):
        if not isinstance(self.group, str):
            raise InputError(f"group must be the name of an attribute of people, not {shown(self.group)}")
        check_choice("directed", self.directed, DIRECTED_RULES)
        check_flag("allow_one_group", self.allow_one_group)
        if self.weight is not None and not isinstance(self.weight, str):
            raise InputError(f"weight must be the name of a tie attribute, not {shown(self.weight)}")
        if self.min_weight is not None:
            object.__setattr__(self, "min_weight", check_number("min_weight", self.min_weight))
        if (self.weight is None) != (self.min_weight is None):
            given, other = ("weight", "min_weight") if self.min_weight is None else ("min_weight", "weight")
            raise InputError(
                f"{given} = {shown(getattr(self, given))} must come with {other}: ties whose weight is below "
                "min_weight are dropped, and all others count the same"
            )

    def used(self) -> dict:
        """Return the rules in a form that JSON can hold."""
        is_many = isinstance(self.marginalized, (list, tuple, set, frozenset, np.ndarray))
        values = sorted(map(_plain, self.marginalized), key=str) if is_many else _plain(self.marginalized)
        rules = {"group": self.group, "marginalized": values, "directed": self.directed}
        weak = {"weight": self.weight, "min_weight": self.min_weight}
        return rules if self.weight is None else {**rules, **weak}


def assemble(
    reading: Reading, values, labels, first, second, weights, *, is_directed, source, notes=()
) -> Network:
    """Make the network: split people, drop weak ties, make ties undirected, and say what was done.

    Parameters
    ----------
    reading : Reading
    values, labels : sequences, one entry per person
        The value of the group attribute, and the person's name.
    first, second : arrays of int, one entry per pair
        The numbers of the two people.
    weights : array of float, or None
    is_directed : bool
    source : dict
        Where all this comes from; the rules are added.
    notes : sequence of str
        What was done already.
    """
    groups, names, done = split_groups(
        values, labels, reading.group, reading.marginalized, reading.allow_one_group
    )
    notes = [*done, *notes]
    if weights is not None:
        first, second, done = drop_weak(first, second, weights, reading.weight, reading.min_weight)
        notes += done
    codes, done = tidy(first, second, groups.size, reading.directed if is_directed else None)
    offsets, neighbours = compact(codes, groups.size)
    notes += [*done, *_loose_ends(offsets, neighbours)]
    announce(notes)
    source = {**source, **reading.used()}
    return Network(offsets, neighbours, groups, labels, group_names=names, source=source, notes=notes)


def _loose_ends(offsets, neighbours) -> list[str]:
    notes = []
    n_people = offsets.size - 1
    n_isolated = int(np.count_nonzero(np.diff(offsets) == 0))
    if n_isolated:
        notes.append(f"{n_isolated} of {n_people} people have no ties; they are kept")
    sizes = structure.component_sizes(offsets, neighbours)
    if sizes.size > 1:
        notes.append(f"the network has {sizes.size} components, the largest of {sizes.max()}; all are kept")
    return notes


def _plain(value):
    value = value.item() if isinstance(value, np.generic) else value
    return value if isinstance(value, (str, bool, int, float)) else str(value)
