"""The course of a run: which numbers rule whom at each step, and what is changed from outside between two steps.

Both engines go by the same course. It never looks at what happens in the run, so that a run with an intervention and
one without it have everything in common until the first step that it touches.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from sim import streams
from sim.checks import InputError
from sim.interventions.intervention import ACTS, MOST_NEW_TIES, Intervention
from sim.interventions.targets import number_of, pick
from sim.networks import Network
from sim.networks.compact import tie_codes
from sim.networks.edges import from_codes
from sim.parameters import KNOBS, Numbers, Parameters, numbers_of
from sim.rules import Stance
from sim.state import State, crossing

MOST_KEPT = 2000  # tables
_PLACE = {name: place for place, name in enumerate(Numbers._fields)}
_LIMITS = {knob.name: (float(knob.low), float(knob.high)) for knob in KNOBS}


class Course:
    """Parameters and interventions of one run, resolved for its network and its people.

    Parameters
    ----------
    parameters : Parameters
    network : Network
    interventions : sequence of Intervention
    state : State, optional
        The people at the start of the run; needed if there are interventions.
    start_seed : int
    picked : sequence of arrays or None, optional
        Whom each intervention reaches, where that is known already (a run that goes on); None for one that is new.

    Attributes
    ----------
    picked : tuple of int arrays
        Whom each intervention reaches: person numbers, ascending.
    crosses : bool array, shape (n_people,)
        Who is advantaged, and marginalized on a second dimension.
    classes : int array, shape (n_people,)
        People of the same class are always under the same numbers.
    n_classes : int
    """

    def __init__(self, parameters, network, interventions=(), *, state=None, start_seed=0, picked=None):
        self.parameters, self.network, self.interventions = parameters, network, tuple(interventions)
        self.picked = tuple(
            np.asarray(pick(one, network, state, start_seed) if known is None else known, np.int64)
            for one, known in zip(self.interventions, picked or [None] * len(self.interventions), strict=True)
        )
        self._start_seed = start_seed
        self.crosses = crossing(parameters, network, start_seed)
        self._base = np.array(numbers_of(parameters))
        self._networks: dict[tuple, Network] = {}
        self._tables: dict[tuple, np.ndarray] = {}
        for one in self.interventions:  # wrong labels are refused before the first step
            self._codes_of(one, one.tie)
            self._codes_of(one, one.cut)
        self._check_settings()
        self._resolve_classes()

    def picked_of(self, interventions) -> list:
        """Return whom each of some interventions reaches if it is one of these, else None."""
        known = list(zip(self.interventions, self.picked, strict=True))
        return [next((people for mine, people in known if mine == one), None) for one in interventions]

    def _check_settings(self) -> None:
        """Refuse two interventions that set the same trait of somebody to different values at the same step."""
        setting = [(one, people) for one, people in zip(self.interventions, self.picked, strict=True)
                   if one.set and one.strength > 0]  # fmt: skip
        for place, (one, people) in enumerate(setting):
            for other, others in setting[place + 1 :]:
                traits = [name for name in one.set if one.set[name] != other.set.get(name, one.set[name])]
                both = np.intersect1d(people, others)
                if traits and one.begin == other.begin and both.size:
                    raise InputError(
                        f"{one.kind} and {other.kind} set {traits[0]} of person {self.network.labels[both[0]]!r} to "
                        f"different values at step {one.begin}"
                    )

    def _resolve_classes(self) -> None:
        """Put people who are reached by the same interventions, and have the same identities, into one class."""
        self._acting = [i for i, one in enumerate(self.interventions) if one.changes_knobs or one.force]
        # In an order of their own, so that the order in which interventions are given does not matter to a bit.
        self._acting.sort(key=lambda i: (repr(sorted(self.interventions[i].to_dict().items())), i))
        reached = np.zeros((self.network.n_people, len(self._acting) + 1), bool)
        for column, i in enumerate(self._acting):
            reached[self.picked[i], column] = True
        reached[:, -1] = self.crosses
        first, self.classes = np.zeros(1, np.int64), np.zeros(len(reached), np.int64)
        for column in reached.T[reached.any(axis=0)]:  # classes in the order of rows, sooner than by sorting rows
            _, first, self.classes = np.unique(2 * self.classes + column, return_index=True, return_inverse=True)
        self._members = reached[first]
        self.n_classes = len(self._members)
        self._check_scripts()

    def _check_scripts(self) -> None:
        """Refuse acts that are not those of a person's group, and two different ones at the same time."""
        for one, people in zip(self.interventions, self.picked, strict=True):
            if not one.force:
                continue
            wrong = people[self.network.is_marginalized[people] == isinstance(ACTS[one.force], Stance)]
            if len(wrong):
                group = self.network.group_names[int(self.network.is_marginalized[wrong[0]])]
                raise InputError(f"{one.kind}: person {self.network.labels[wrong[0]]!r} ({group}) cannot {one.force}")
        forcing = [i for i in self._acting if self.interventions[i].force and self.interventions[i].strength > 0]
        for place, i in enumerate(forcing):
            for j in forcing[place + 1 :]:
                one, other = self.interventions[i], self.interventions[j]
                overlap = (one.end is None or other.begin < one.end) and (other.end is None or one.begin < other.end)
                both = np.intersect1d(self.picked[i], self.picked[j])
                if one.force != other.force and overlap and both.size:
                    raise InputError(
                        f"{one.kind} and {other.kind} force different acts ({one.force}, {other.force}) on person "
                        f"{self.network.labels[both[0]]!r} at the same time"
                    )

    # --- the numbers ----------------------------------------------------------------------------------------

    def table(self, step: int) -> np.ndarray:
        """Return the numbers while step `step` is taken: float64, shape (n_classes, numbers)."""
        acting = [self.interventions[i] for i in self._acting]
        signature = tuple((one.strength_at(step), bool(one.force) and one.is_on(step + 1)) for one in acting)
        if signature not in self._tables:
            if len(self._tables) > MOST_KEPT:  # a long ramp has as many tables as steps
                self._tables.clear()
            self._tables[signature] = self._made_table(signature)
        return self._tables[signature]

    def tables(self, first_step: int, n_steps: int) -> np.ndarray:
        """Return the tables of some steps in a row; only one, if it is the same for all."""
        stop = first_step + n_steps
        turns = self._turns(first_step, stop)
        tables = [self.table(step) for step in turns]
        if all(table is tables[0] for table in tables):
            return tables[0][None]
        return np.repeat(tables, np.diff([*turns, stop]), axis=0)

    def _turns(self, first_step: int, stop: int) -> list[int]:
        """Return the steps before `stop` from which on numbers may be others, and the first one."""
        turns = {first_step}
        for one in (self.interventions[i] for i in self._acting):
            grown = one.begin + one.ramp
            edges = [one.begin - 1, one.begin, grown, *([] if one.end is None else [one.end - 1, one.end])]
            turns.update(step for step in edges if first_step < step < stop)
            turns.update(range(max(one.begin, first_step), min(grown, stop)))
        return sorted(turns)

    def _made_table(self, signature: tuple) -> np.ndarray:
        table = np.tile(self._base, (self.n_classes, 1))
        table[self._members[:, -1], _PLACE["crossing_stigma"]] = self.parameters.crossing_stigma
        changed: dict[str, int] = {}
        for column, (i, (strength, _)) in enumerate(zip(self._acting, signature, strict=True)):
            one, members = self.interventions[i], self._members[:, column]
            for knob, factor in one.scale.items():
                table[members, _PLACE[knob]] *= max(0.0, 1.0 + strength * (factor - 1.0))
                changed[knob] = _PLACE[knob]
        for column, (i, (strength, _)) in enumerate(zip(self._acting, signature, strict=True)):
            for knob, amount in self.interventions[i].shift.items():
                table[self._members[:, column], _PLACE[knob]] += strength * amount
                changed[knob] = _PLACE[knob]
        for knob, place in changed.items():
            np.clip(table[:, place], *_LIMITS[knob], out=table[:, place])
        for column, (i, (_, is_forced)) in enumerate(zip(self._acting, signature, strict=True)):
            if is_forced:
                table[self._members[:, column], _PLACE["forced"]] = float(ACTS[self.interventions[i].force])
                table[self._members[:, column], _PLACE["revise"]] = 1.0  # so that nobody sleeps through the script
        return table

    def numbers(self, step: int) -> list[Numbers]:
        """Return the numbers of every class while a step is taken, as rules read them."""
        return [Numbers(*row) for row in self.table(step).tolist()]

    # --- changes between steps ------------------------------------------------------------------------------

    def breaks(self, first_step: int, last_step: int) -> list[int]:
        """Return the steps in (first_step, last_step] at whose beginning people or ties are changed."""
        steps = set()
        for one in self.interventions:
            if one.strength > 0 and (one.set or one.changes_ties):
                steps.add(one.begin)
            if one.strength > 0 and one.changes_ties and one.end is not None:
                steps.add(one.end)
        return sorted(step for step in steps if first_step < step <= last_step)

    def network_at(self, step: int) -> Network:
        """Return the network at a step."""
        active = tuple(i for i, one in enumerate(self.interventions) if one.changes_ties and one.is_on(step))
        if not active:
            return self.network
        if active not in self._networks:
            self._networks[active] = self._with_ties(active)
        return self._networks[active]

    def people_table(self, state: State):
        """Return a DataFrame of the people in a state, one row per person; with who ``crosses``, if anybody does."""
        table = state.table(self.network_at(state.step))
        return table.assign(crosses=self.crosses) if self.crosses.any() else table

    def arrived(self, state: State) -> State:
        """Return the state with what is set at the beginning of its step."""
        values = {}
        for one, people in zip(self.interventions, self.picked, strict=True):
            if one.set and one.strength > 0 and one.begin == state.step:
                for name, value in one.set.items():
                    chosen = people[self.network.is_marginalized[people] == (name == "trust")]
                    values.setdefault(name, np.array(getattr(state, name)))[chosen] = value
        return dataclasses.replace(state, **values) if values else state

    def begun(self, state: State) -> State:
        """Return the state that a run begins from: with what is set and forced at its step."""
        state = self.arrived(state)
        act, betrayed = np.array(state.act), np.array(state.betrayed)
        for one, people in zip(self.interventions, self.picked, strict=True):
            if one.force and one.is_on(state.step):
                new = int(ACTS[one.force])
                if state.step > 0 and new != Stance.ALLY and isinstance(ACTS[one.force], Stance):
                    betrayed[people[act[people] == Stance.ALLY]] = 1
                betrayed[people if new == Stance.ALLY else people[:0]] = 0
                act[people] = new
        if (act != state.act).any() or (betrayed != state.betrayed).any():
            return dataclasses.replace(state, act=act, betrayed=betrayed)
        return state

    def _with_ties(self, active: tuple) -> Network:
        """Return the network with the new ties of some interventions, and without those that are cut."""
        base = self.network
        owner = np.repeat(np.arange(base.n_people), base.degree)
        is_first = owner < base.neighbours
        codes = [tie_codes(owner[is_first], base.neighbours[is_first].astype(np.int64), base.n_people)]
        dropped = []
        for i in active:
            one = self.interventions[i]
            codes.append(self._new_codes(one, self.picked[i]))
            codes.append(self._codes_of(one, one.tie))
            dropped.append(self._codes_of(one, one.cut))
        kept = np.setdiff1d(np.unique(np.concatenate(codes)), np.concatenate(dropped))
        notes = (*base.notes, f"ties changed by {', '.join(self.interventions[i].kind for i in active)}")
        return from_codes(kept, base.is_marginalized, labels=base.labels, group_names=base.group_names,
                          source=base.source, notes=notes)  # fmt: skip

    def _codes_of(self, one: Intervention, pairs) -> np.ndarray:
        if not pairs:
            return np.empty(0, np.uint64)
        numbers = np.array([[number_of(self.network, label, one.kind) for label in pair] for pair in pairs], np.int64)
        if (numbers[:, 0] == numbers[:, 1]).any():
            raise InputError(f"{one.kind}: a tie must join two different people")
        return tie_codes(numbers.min(axis=1), numbers.max(axis=1), self.network.n_people)

    def _new_codes(self, one: Intervention, people: np.ndarray) -> np.ndarray:
        """Return ties of everybody in `people` to random people of the other group."""
        is_marginalized, codes = self.network.is_marginalized, []
        for place in range(one.ties):
            luck = {"step": MOST_NEW_TIES * one.draw + place}
            draws = streams.uniforms(self._start_seed, streams.MEETINGS, self.network.n_people, **luck)
            for group in (False, True):
                mine, others = people[is_marginalized[people] == group], np.flatnonzero(is_marginalized != group)
                if mine.size and others.size:
                    met = others[(draws[mine] * others.size).astype(np.int64)]
                    codes.append(tie_codes(np.minimum(mine, met), np.maximum(mine, met), self.network.n_people))
        return np.concatenate(codes) if codes else np.empty(0, np.uint64)


def steady(parameters: Parameters, network) -> Course:
    """Return the course of a run that nothing is done to."""
    return Course(parameters, network)
