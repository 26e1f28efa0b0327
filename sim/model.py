"""`AllyshipModel`: the model as a Mesa model, one step in a documented order.

This is the readable engine. It gives the same people the same lives as `sim.simulate`, to the last bit, and is some
hundred times slower.
"""

from __future__ import annotations

import mesa
import numpy as np

from sim import engine, measures, recording, streams, tallies
from sim.checks import InputError, check_choice, check_count, shown
from sim.engine import SCHEDULES
from sim.interventions import Course, interventions_of
from sim.networks import Network
from sim.outcomes import Regime, regime_of
from sim.parameters import Parameters
from sim.people import AdvantagedPerson, MarginalizedPerson
from sim.run import Run, check_network, describe_start
from sim.state import State, state_to_start_from


class AllyshipModel(mesa.Model):
    """Allyship between two groups on a social network.

    Parameters
    ----------
    parameters : Parameters, optional
        The default ones if omitted.
    network : Network, optional
        By default 1,000 people in two groups, generated from the seed.
    rng : int, numpy.random.Generator or None
        The seed: the same number gives the same run as ``sim.simulate(..., seed=number)``. From a generator a seed is
        drawn; None takes a fresh one. Either way it is kept in `seed`.
    start, start_seed, schedule, interventions
        As in `sim.simulate`.

    Attributes
    ----------
    people_by_number : tuple of Person
        Everybody in network order; ``model.agents`` holds the same people, Mesa's way.
    now : int
        The number of the present step.
    seed : int
    datacollector : mesa.DataCollector
        One model reporter for each measure (`sim.measures.COLUMNS`), collected at step 0 and after each step.

    Examples
    --------
    >>> import sim
    >>> model = sim.AllyshipModel(network=sim.networks.two_groups(n_people=50, mean_degree=6, seed=1), rng=7)
    >>> model.run_for(10)
    >>> len(model.history)
    11
    """

    def __init__(
        self,
        parameters: Parameters | None = None,
        *,
        network: Network | None = None,
        rng=None,
        start="silent",
        start_seed: int | None = None,
        schedule: str = "synchronous",
        interventions=(),
    ):
        seed = _seed_from(rng)
        super().__init__(rng=seed)
        self.seed = seed
        self.key = streams.key(seed)
        parameters = Parameters() if parameters is None else parameters
        if not isinstance(parameters, Parameters):
            raise InputError(f"parameters must be a Parameters object, not {shown(parameters)}")
        self.network = check_network(network, seed)
        self.schedule = check_choice("schedule", schedule, SCHEDULES)
        self.start_seed = seed if start_seed is None else streams.check_seed(start_seed, name="start_seed")
        self._start = describe_start(start)
        done, known = interventions_of(interventions), None
        if isinstance(start, Run):
            known = start.course.picked_of(done)
            start, self.start_seed = start.state, start.start_seed
        state = state_to_start_from(start, parameters, self.network, self.start_seed)
        self.first_step = self.now = state.step
        self.course = Course(
            parameters, self.network, done, state=state, start_seed=self.start_seed, picked=known
        )
        state = self.course.begun(state)
        self.people_by_number = _make_people(self, state)
        self._meet()
        self._look_up_numbers()
        self._tallies = []
        self._changes = np.zeros(tallies.N_TALLIES, np.int64)
        self.datacollector = mesa.DataCollector(
            model_reporters={name: _reporter_of(name) for name in measures.COLUMNS}
        )
        self._observe()

    @property
    def parameters(self) -> Parameters:
        """The parameters; setting new ones takes effect at the next step."""
        return self.course.parameters

    @parameters.setter
    def parameters(self, parameters: Parameters):
        if not isinstance(parameters, Parameters):
            raise InputError(f"parameters must be a Parameters object, not {shown(parameters)}")
        done, picked = self.course.interventions, self.course.picked
        self.course = Course(parameters, self.network, done, start_seed=self.start_seed, picked=picked)
        self._look_up_numbers()

    def step(self) -> None:
        """Let everybody emit, gather, decide and learn, and record what came of it.

        Synchronous: all decide from the same picture. Shuffled: one after the other, each seeing what those before
        have just done; a betrayal is shown until its author's next turn, so a neighbour may see it once, twice or not
        at all, once on average.
        """
        self._changes[:] = 0
        self._look_up_numbers()
        self.agents.do("emit")
        if self.schedule == "synchronous":
            self.agents.do("gather")
            self.agents.do("decide")
            self.agents.do("learn")
        else:
            for person in self._in_random_order():
                person.gather()
                person.decide()
                person.learn()
                person.emit()
        self._tallies[-1] += self._changes
        self.now += 1
        if self.course.breaks(self.now - 1, self.now):
            self._take_up(self.course.arrived(self.state))
            self._meet()
        self._observe()

    def numbers_of(self, person):
        """Return the numbers that a person is under at this step."""
        return self._numbers[self.course.classes[person.number]]

    def _look_up_numbers(self) -> None:
        """Look up under which numbers people are at this step, and what is made known of private support."""
        self._numbers = self.course.numbers(self.now)
        self.told = 0.0
        if any(numbers.feedback > 0 for numbers in self._numbers) and self.network.n_advantaged:
            advantaged = [person for person in self.people_by_number if isinstance(person, AdvantagedPerson)]
            self.told = 2.0 * (sum(person.sympathy > 0 for person in advantaged) / len(advantaged)) - 1.0

    def _meet(self) -> None:
        """Let everybody get to know their neighbours at this step."""
        network = self.course.network_at(self.now)
        for i, person in enumerate(self.people_by_number):
            person.meet(tuple(self.people_by_number[j] for j in network.neighbours_of(i)))

    def _take_up(self, state: State) -> None:
        """Let people take up what an intervention has set them to."""
        for i, person in enumerate(self.people_by_number):
            for name in ("sympathy", "loyalty", "stigma") if isinstance(person, AdvantagedPerson) else ("trust",):
                setattr(person, name, float(getattr(state, name)[i]))

    def run_for(self, steps: int, *, record_to=None) -> None:
        """Advance by some steps.

        Parameters
        ----------
        steps : int
        record_to : path, optional
            A folder, new or empty, that people are recorded to, as by `sim.simulate`; `sim.open_recording` opens it.
        """
        steps = check_count("steps", steps)
        if record_to is None:
            for _ in range(steps):
                self.step()
        else:
            self._record(steps, record_to)

    def _record(self, steps: int, folder) -> None:
        start = self._start if self.now == self.first_step else describe_start(self.state)
        with recording.recording_of(folder, self.network.n_people, steps, self.course.interventions) as record:
            record.add(self.state)
            for _ in range(steps):
                self.step()
                record.add(self.state)
            record.finish(self._run_since(self.now - steps, start))

    def _run_since(self, first_step: int, start) -> Run:
        """Return the steps since some step as a run of their own."""
        steps = self.now - first_step
        return Run(
            parameters=self.parameters, network=self.network, seed=self.seed, start_seed=self.start_seed, start=start,
            schedule=self.schedule, steps=steps, first_step=first_step, state=self.state,
            tallies=np.array(self._tallies[-steps - 1 :]), is_observed=True, course=self.course,
        )  # fmt: skip

    def run_model(self, steps: int = 400) -> None:
        """Advance by some steps: Mesa's name for `run_for` (the model never ends by itself)."""
        self.run_for(steps)

    def note_stance(self, before: int, after: int) -> None:
        """Count a choice of stance (called by people as they choose)."""
        self._changes[tallies.STANCE_CHANGES + 4 * before + after] += 1
        self._changes[tallies.BETRAYALS] += before != after and before == 3

    def note_response(self, before: int, after: int) -> None:
        """Count a choice of response (called by people as they choose)."""
        self._changes[tallies.RESPONSE_CHANGES + 3 * before + after] += 1

    @property
    def state(self) -> State:
        """The state of everybody now, in network order."""
        n = self.network.n_people
        values = {name: np.zeros(n) for name in ("sympathy", "loyalty", "stigma", "trust")}
        act, betrayed = np.zeros(n, np.uint8), np.zeros(n, np.uint8)
        for i, person in enumerate(self.people_by_number):
            if isinstance(person, AdvantagedPerson):
                act[i], betrayed[i] = person.stance, person.betrayed
                values["sympathy"][i], values["loyalty"][i] = person.sympathy, person.loyalty
                values["stigma"][i] = person.stigma
            else:
                act[i], values["trust"][i] = person.response, person.trust
        return State(self.now, act, betrayed, **values)

    @property
    def history(self):
        """DataFrame with one row per step so far; equal to `Run.history` of the same run, bit for bit."""
        sizes = engine.sizes_along(self.course, self.first_step, len(self._tallies))
        return measures.history_table(np.array(self._tallies), sizes, self.first_step)

    @property
    def people(self):
        """DataFrame with everybody's present state, in network order; equal to `Run.people`, bit for bit."""
        return self.course.people_table(self.state)

    @property
    def regime(self) -> Regime:
        """What prevailed over the last tenth of the run so far."""
        return regime_of(self.history)

    def _in_random_order(self):
        draws = [streams.uniform(i, self.now, streams.ORDER, *self.key) for i in range(self.network.n_people)]
        return [self.people_by_number[i] for i in sorted(range(len(draws)), key=draws.__getitem__)]

    def _observe(self) -> None:
        self._tallies.append(engine.tallies_of(self.state, self.parameters, self.network, self.course))
        tail, first = np.array(self._tallies[-2:]), self.now + 1 - min(2, len(self._tallies))
        columns = measures.history_columns(tail, engine.sizes_along(self.course, first, len(tail)), first)
        self._measures = {name: values[-1] for name, values in columns.items()}
        self.datacollector.collect(self)


def _seed_from(rng) -> int:
    if rng is None or isinstance(rng, np.random.Generator):
        return int(np.random.default_rng(rng).integers(2**63))
    return streams.check_seed(rng, name="rng")


def _make_people(model: AllyshipModel, state: State) -> tuple:
    people = []
    for i, is_marginalized in enumerate(model.network.is_marginalized):
        if is_marginalized:
            person = MarginalizedPerson(model, i, response=state.act[i], trust=state.trust[i])
        else:
            person = AdvantagedPerson(
                model, i, stance=state.act[i], sympathy=state.sympathy[i], loyalty=state.loyalty[i],
                stigma=state.stigma[i], betrayed=state.betrayed[i],
            )  # fmt: skip
        people.append(person)
    return tuple(people)


def _reporter_of(name: str):
    return lambda model: model._measures[name]
