"""What a sweep is to cover: which values, how often, with whose luck."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from sim.networks import Network
from sim.parameters import Parameters
from sim.sweeps import samples
from sim.sweeps.checking import checked, default_of
from sim.sweeps.classic_points import check_one_model, classic_point
from sim.sweeps.points import WHOLE_NAMES, Point, each_once, plain, point_of
from sim.sweeps.refine import next_points
from sim.sweeps.requests import arguments_of_design


@dataclass(frozen=True, kw_only=True)
class Design:
    """Points and replicates of a sweep.

    Parameters
    ----------
    axes : mapping
        What is swept, by name: any parameter, ``start``, ``schedule``, ``steps``, ``network`` (a generator, a real
        network that comes along, or a name in `networks`) and ``network_...`` (``network_homophily``,
        ``network_n_people``, ... : arguments of the generator). A list is swept, a scalar is constant, and a range is
        a mapping ``{"from": 0, "to": 1}``, with ``"count": 11`` for so many equally spaced values.
    kind : {"grid", "latin_hypercube", "sobol", "lines", "table", "refined"}
        ``grid``: all combinations. ``latin_hypercube``, ``sobol``: `count` points spread over the ranges (all together
        for each combination of the lists). ``lines``: from a base point, every list or range by itself, one at a time.
        ``table``: the `rows`, one point each, with what is in `axes` as constants. ``refined``: over one to three
        ranges, a coarse lattice first, and then new points only where the prevailing regime changes; each combination
        of the lists by itself.
    count : int
        Points of a sample.
    rows : sequence of mappings
        Points of a table.
    base : mapping
        Of lines: the values that everything has while another is varied; parameters have their default if they are not
        named here.
    coarse, depth : int
        Of a refined design: cells along every range to begin with, and how often a cell may be halved: at the end the
        resolution is that of ``coarse * 2**depth`` cells along every range.
    replicates : int
        Runs per point.
    precision : mapping, optional
        Instead of a fixed number: ``{"measure": "ally_share", "half_width": 0.02, "level": 0.95, "most": 200}``.
        Every point gets `replicates` runs, and as many again until the interval of the mean is that narrow, which is
        never decided on fewer than 20, or there are ``most``; `Sweep.reasons` and `Sweep.unsettled` say which it was.
    seed : int
        Root of all seeds.
    luck : {"common", "independent"}
        ``common``: replicate 3 has the same network, people and luck at every point, so that a difference between two
        points is an effect (common random numbers). ``independent``: every point has its own.
    parameters : Parameters
        Values of the parameters that are not in `axes`.
    networks : mapping
        Networks by names of your own, of which the axis ``network`` names one (if there is only one, it is taken): a
        `sim.networks.Network`; a mapping with ``file``, ``group`` and ``marginalized`` (and whatever else
        `sim.networks.load` takes); or a mapping with ``family`` and arguments of a generator. In TOML:
        ``[networks.club]`` and below it ``file = "club.graphml"``, ...; a path is relative to the design.
    interventions : mapping or list
        Plans by names of your own, each a list of `sim.Intervention` objects or mappings of their arguments; the axis
        ``intervention`` names one of them, one of `sim.interventions.CATALOGUE`, or "none". ``intervention_begin``
        moves a plan in time: its earliest part begins then, and all others keep their distance from it and their
        length. Other axes, such as ``intervention_share`` and ``intervention_strength``, change that argument in every
        part. A list, or a single plan, holds for every point that does not name another. Points at which the same is
        done are one point: "none" is the same run whatever ``intervention_begin`` is. It is made once, and
        ``intervention_begin`` and the like are missing (NaN, None) in its rows. What would begin after the last step
        is not done, which `Sweep.reasons` and the ``notes`` of such rows say; a design in which nothing would ever be
        done is refused.
    model : str, optional
        One of `sim.classics`, such as ``"granovetter"``, instead of the project's own model. Then `axes` holds
        arguments of its ``run``, and ``steps`` among them; it takes the seeds of replicates. ``network`` and
        ``network_...`` give it a network in the place of its own, if it takes one. It has no `parameters`,
        `interventions` and `ramp`.
    ramp : mapping, optional
        ``{"parameter": name, "values": [...], "hold": steps}``: within each run the parameter goes through the values
        in the order given ("up") and back ("down"), for so many steps each; the table has one row for each.

    Raises
    ------
    InputError
        For unknown names, values out of range, an empty list, a design of more than five million runs. `sim.sweep`
        also refuses a design with a network that no generator can make, such as one of 10 people with 20 ties each.

    Examples
    --------
    >>> design = Design(axes={"loyalty": [0.5, 0.9], "stigma_transfer": {"from": 0, "to": 1, "count": 3}}, replicates=2)
    >>> [dict(point.values) for point in design.points()][:2]
    [{'loyalty': 0.5, 'stigma_transfer': 0.0}, {'loyalty': 0.5, 'stigma_transfer': 0.5}]
    """

    axes: Mapping[str, Any] = field(default_factory=dict)
    kind: str = "grid"
    count: int | None = None
    rows: Sequence[Mapping] = ()
    base: Mapping[str, Any] = field(default_factory=dict)
    coarse: int = 8
    depth: int = 3
    replicates: int = 10
    precision: Mapping[str, Any] | None = None
    seed: int = 0
    luck: str = "common"
    parameters: Parameters = field(default_factory=Parameters)
    networks: Mapping[str, Network | Mapping] = field(default_factory=dict)
    interventions: Mapping[str, Sequence] = field(default_factory=dict)
    ramp: Mapping[str, Any] | None = None
    model: str | None = None

    def __post_init__(self):
        for name, value in checked(self).items():
            object.__setattr__(self, name, value)

    @classmethod
    def of(cls, design, model: str | None = None) -> Design:
        """Return a design from what describes one: a `Design`, a mapping as in a TOML file, or the path of one.

        With `model` it is one of that published model.
        """
        if isinstance(design, Design):
            check_one_model(design.model, model)
            return design if model is None else replace(design, model=model)
        return cls(**arguments_of_design(design, model))

    @property
    def constants(self) -> dict[str, Any]:
        """What is in `axes` with one value only."""
        return {name: value for name, value in self.axes.items() if not isinstance(value, tuple | Mapping)}

    @property
    def lists(self) -> dict[str, tuple]:
        """What is in `axes` with a list of values."""
        return {name: value for name, value in self.axes.items() if isinstance(value, tuple)}

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """What is in `axes` from a lowest to a highest value without a count."""
        return {name: (value["from"], value["to"]) for name, value in self.axes.items() if isinstance(value, Mapping)}

    @property
    def names(self) -> list[str]:
        """Every name that a point of this design has a value for, in order."""
        return list(dict.fromkeys([*self.axes, *self.base, *(name for row in self.rows for name in row)]))

    @property
    def swept(self) -> list[str]:
        """The names that may differ between points, in order."""
        return [name for name in self.names if name not in self.constants or name in self.base]

    def points(self) -> list[Point]:
        """Return the points, each once; of a refined design, those of the coarse lattice."""
        if self.kind == "refined":
            first = next_points({}, self.depth, self.coarse, len(self.ranges))
            return self.distinct(self.at_lattice(point, combination) for combination in self.combinations()
                                 for point in first)  # fmt: skip
        return self.distinct(self._values())

    def n_asked(self) -> int | None:
        """Return how many combinations of values are asked for, more than points if several are the same runs.

        None of a refined design, which asks as it goes on.
        """
        return None if self.kind == "refined" else sum(1 for _ in self._values())

    def combinations(self) -> list[dict]:
        """Return all combinations of the lists, with the constants."""
        return [self.constants | one for one in samples.grid({name: list(v) for name, v in self.lists.items()})]

    def at_lattice(self, place: Sequence[int], combination: Mapping) -> dict:
        """Return the values at a place of the finest lattice of a refined design."""
        cells = self.coarse * 2**self.depth
        shares = {
            name: samples.between(low, high, i / cells, name in WHOLE_NAMES)
            for (name, (low, high)), i in zip(self.ranges.items(), place, strict=True)
        }
        return {name: (shares | combination)[name] for name in self.axes}

    def distinct(self, rows: Iterable[Mapping]) -> list[Point]:
        """Return the points of some rows of values, each once, in order of first appearance."""
        return each_once(self._point(values) for values in rows)

    def _point(self, values: Mapping) -> Point:
        if self.model is not None:
            return classic_point(self.model, values, self.networks)
        return point_of(values, self.parameters, self.networks, self.ramp, self.interventions)

    def _values(self) -> Iterable[dict]:
        if self.kind == "table":
            return [self.constants | dict(row) for row in self.rows]
        if self.kind == "lines":
            return [self.constants | row for row in samples.lines(self._base(), self.lists)]
        if self.kind == "grid":
            return [{name: one[name] for name in self.axes} for one in self.combinations()]
        return self._sampled()

    def _base(self) -> dict:
        varied = [name for name in self.names if name not in self.constants]
        return {name: self.base[name] if name in self.base else default_of(name, self) for name in varied}

    def _sampled(self) -> Iterable[dict]:
        draw = samples.sobol if self.kind == "sobol" else samples.latin_hypercube
        unit = draw(self.count, len(self.ranges), self.seed)
        columns = {
            name: samples.scaled(unit[:, i], low, high, name in WHOLE_NAMES)
            for i, (name, (low, high)) in enumerate(self.ranges.items())
        }
        for combination in self.combinations():
            for i in range(self.count):
                sampled = {name: values[i] for name, values in columns.items()}
                yield {name: (combination | sampled)[name] for name in self.axes}

    def to_dict(self) -> dict:
        """Return the design as a mapping that JSON and `Design.of` take; given networks by their digest."""
        content = {one.name: getattr(self, one.name) for one in fields(self)}
        if self.model is None:  # so that designs of this model are known by what they were before there were others
            del content["model"]
        content["parameters"] = self.parameters.to_dict()
        content["networks"] = {
            name: {"digest": network.digest()} if isinstance(network, Network) else dict(network)
            for name, network in self.networks.items()
        }
        content["interventions"] = {name: [one.to_dict() for one in plan] for name, plan in self.interventions.items()}
        return json.loads(json.dumps(content, default=_as_json))


def _as_json(value):
    """Return what JSON does not know as what it knows: mappings, and numbers of other kinds."""
    return dict(value) if isinstance(value, Mapping) else plain("value", value)
