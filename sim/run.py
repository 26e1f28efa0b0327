"""`simulate`, and what it returns."""

from __future__ import annotations

import dataclasses
from functools import cached_property

import numpy as np

from sim import engine, recording, streams
from sim.checks import InputError, check_choice, check_count, check_flag, shown
from sim.counting import counted
from sim.interventions import Course, interventions_of
from sim.measures import conversion_table, history_table
from sim.networks import Network
from sim.outcomes import Regime, ally_tenure, last_tenth, regime_of, summary_of
from sim.parameters import Parameters
from sim.state import FIELDS, LAST_STEP, State, frozen, state_to_start_from

MOST_STEPS = 1_000_000  # 350 bytes of counts each; a longer run is continued with start=run


def simulate(
    parameters: Parameters | None = None,
    network: Network | None = None,
    *,
    steps: int = 400,
    start="silent",
    seed: int = 0,
    start_seed: int | None = None,
    schedule: str = "synchronous",
    interventions=(),
    observe: bool = True,
    record_people: bool = False,
    record_to=None,
    threads: int | None = None,
) -> Run:
    """Run the model with the compiled engine.

    Parameters
    ----------
    parameters : Parameters, optional
        The default ones if omitted.
    network : Network, optional
        By default 1,000 people in two groups (`sim.networks.two_groups`), generated from `seed`.
    steps : int
        Number of steps, at most a million; a longer run goes on with ``start=run``.
    start : str, float, sequence, mapping, State or Run
        ``"silent"``, ``"allied"``, ``"opposed"``, a share of first allies, or stances one by one: see
        `sim.state.first_state`. A `State` or `Run` goes on from where that stands, step numbers included.
    seed : int
        Luck of the dynamics, 0 to 2**64 - 1.
    start_seed : int, optional
        Seed of the people and their first acts; by default `seed`. "Same people, other luck" is one `start_seed` with
        several `seed`.
    schedule : {"synchronous", "shuffled"}
        See `sim.engine.Engine`. It is part of every result.
    interventions : sequence of Intervention, mappings or names
        What is done to the run from outside; see `sim.interventions`.
    observe : bool
        Whether to count measures at every step. Off, `history` has only the last row; the run is the same.
    record_people : bool
        Whether to keep every person's state at every step in `Run.trajectory` (34 bytes each).
    record_to : path, optional
        A folder, new or empty, that people are recorded to instead of to memory, as the run goes; `Run.trajectory` then
        holds read-only memory maps of the same values. `sim.open_recording` opens it again.
    threads : int, optional
        Never changes a result.

    Returns
    -------
    Run

    Raises
    ------
    InputError
        Before the first step, for anything that cannot be used, and where memory or disk have no room for what is to be
        recorded.

    Examples
    --------
    >>> import sim
    >>> network = sim.networks.two_groups(n_people=200, seed=1)
    >>> run = sim.simulate(sim.Parameters(stigma_transfer=0.2), network, steps=50, seed=7)
    >>> len(run.history)
    51
    """
    check_flag("observe", observe)
    check_flag("record_people", record_people)
    machine, given = prepared(
        parameters, network, steps=steps, start=start, seed=seed, start_seed=start_seed, schedule=schedule,
        interventions=interventions, threads=threads,
    )  # fmt: skip
    if record_people or record_to is not None:
        return _recorded(machine, given, observe, record_to)
    return finished(machine, given, machine.advance(given["steps"], observe=observe), is_observed=observe)


def prepared(
    parameters, network, *, steps, start, seed, start_seed, schedule, interventions, threads
) -> tuple[engine.Engine, dict]:
    """Return an engine before its first step, and what goes into the `Run`. Refuses what `simulate` refuses."""
    parameters = Parameters() if parameters is None else parameters
    if not isinstance(parameters, Parameters):
        raise InputError(f"parameters must be a Parameters object, not {shown(parameters)}")
    steps = check_count("steps", steps, 0, MOST_STEPS)
    seed = streams.check_seed(seed)
    start_seed = seed if start_seed is None else streams.check_seed(start_seed, name="start_seed")
    network = check_network(network, seed)
    origin = start
    if isinstance(start, Run):
        origin, start_seed = start.state, start.start_seed  # its people, so their seed
    state = state_to_start_from(origin, parameters, network, start_seed)
    interventions = interventions_of(interventions)
    known = start.course.picked_of(interventions) if isinstance(start, Run) else None
    course = Course(parameters, network, interventions, state=state, start_seed=start_seed, picked=known)
    if state.step + steps > LAST_STEP:
        raise InputError(f"steps = {steps} from step {state.step} is out of range: the last step is {LAST_STEP}")
    machine = engine.Engine(
        parameters, network, state, seed=seed, schedule=schedule, threads=threads, course=course
    )
    given = {
        "parameters": parameters, "network": network, "seed": seed, "start_seed": start_seed,
        "start": describe_start(start), "schedule": schedule, "steps": steps, "first_step": state.step,
        "course": course,
    }  # fmt: skip
    return machine, given


def finished(machine: engine.Engine, given: dict, tallies, *, is_observed: bool = True) -> Run:
    """Return the `Run` of an engine that was `prepared` and has taken all its steps."""
    return Run(
        **given,
        state=machine.state(),
        tallies=np.vstack([tallies, machine.observe()]),
        is_observed=is_observed,
    )


@dataclasses.dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Run:
    """One finished run: what went in, and what came out.

    Attributes
    ----------
    parameters, network, seed, start_seed, start, schedule, steps
        What went in. Running `simulate` with these again gives the same run to the last bit.
    first_step : int
        0, or the step at which the run went on from another.
    state : State
        The final state.
    tallies : int64 array
        The counts behind `history`.
    course : Course
        Parameters and interventions, resolved for this network and these people.
    trajectory : dict of arrays or None
        With ``record_people=True`` or `record_to`: each field of `State` at every step, shape (steps + 1, n_people).
    """

    parameters: Parameters
    network: Network
    seed: int
    start_seed: int
    start: object
    schedule: str
    steps: int
    first_step: int
    state: State
    tallies: np.ndarray
    is_observed: bool
    trajectory: dict | None = None
    course: Course

    @property
    def interventions(self) -> tuple:
        """What was done to the run from outside."""
        return self.course.interventions

    @property
    def picked(self) -> tuple:
        """Whom each intervention was given to: arrays of person numbers.

        It acts on those of them whose rules read what it changes.
        """
        return self.course.picked

    @property
    def not_done(self) -> list[str]:
        """What was to be done but would begin after the last step: one sentence for each, which the repr has too."""
        last = self.first_step + self.steps
        return [f"not done: {one.kind} would begin at step {one.begin}, after the last one, {last}"
                for one in self.interventions if one.begin > last]  # fmt: skip

    @property
    def sizes(self):
        """What the shares in `history` are shares of."""
        return engine.sizes_along(self.course, self.first_step, len(self.tallies))

    @cached_property
    def history(self):
        """DataFrame with one row per step, from the first to the last state; see `sim.measures.COLUMNS`."""
        table = history_table(self.tallies, self.sizes, self.first_step)
        return table if self.is_observed else table.tail(1).reset_index(drop=True)

    @cached_property
    def people(self):
        """DataFrame with the final state, one row per person in network order.

        A column ``crosses`` (marginalized on a second dimension) is there if anybody does.
        """
        return self.course.people_table(self.state)

    @cached_property
    def conversions(self):
        """DataFrame of who turned into what: step, before, after, people."""
        return conversion_table(self.tallies[:-1], self.first_step)

    @property
    def tail(self):
        """The last tenth of `history` (at least its last row): what figures "at the end" are averaged over."""
        return last_tenth(self.history)

    @property
    def regime(self) -> Regime:
        """What prevailed over the last tenth of the run (at least its last state); see `sim.outcomes.regime_of`."""
        return regime_of(self.history)

    @property
    def summary(self) -> dict:
        """The run in a few numbers, for both groups; see `sim.outcomes.summary_of`."""
        return summary_of(self.history)

    @property
    def ally_tenure(self):
        """Survival curve of allies (needs ``record_people=True``); see `sim.outcomes.ally_tenure`."""
        if self.trajectory is None:
            raise InputError("ally_tenure needs every person's stances: run simulate(..., record_people=True)")
        return ally_tenure(self.trajectory, self.network.is_marginalized)

    def plot(self):
        """Return a figure of what both groups show at every step."""
        from sim.plots import runs

        return runs.plot(self)

    def animate(self, *, first: int | None = None, last: int | None = None, around=None, most: int = 150):
        """Return a film of the people on their network, with a slider (needs ``record_people=True``).

        Parameters
        ----------
        first, last : int, optional
            Steps to show; by default all.
        around : label, optional
            Where not everybody is shown: the person at the centre.
        most : int
            People shown, up to 400.

        Returns
        -------
        sim.plots.Film
        """
        from sim.plots import runs

        return runs.animate(self, first=first, last=last, around=around, most=most)

    def _repr_html_(self) -> str:
        from sim.plots import runs

        return runs.card(self)

    def __repr__(self) -> str:
        last = self.tail.mean()
        return (
            f"<Run of {counted(self.steps, 'step')}, seed {self.seed}: {self.regime.name}; ally {last.ally_share:.2f}, "
            f"token {last.token_share:.2f}, bystand {last.bystand_share:.2f}, oppose {last.oppose_share:.2f} of "
            f"{self.network.n_advantaged} advantaged; welcome {last.welcome_share:.2f}, withdraw "
            f"{last.withdraw_share:.2f}, gatekeep {last.gatekeep_share:.2f} of {self.network.n_marginalized} "
            f"marginalized{''.join(f'; {told}' for told in self.not_done)}>"
        )


def _recorded(machine: engine.Engine, given: dict, observe: bool, folder) -> Run:
    network, done = given["network"], given["course"].interventions
    with recording.recording_of(folder, network.n_people, given["steps"], done) as record:
        rows = [machine.advance(0)]
        record.add(machine.state())
        for _ in range(given["steps"]):
            rows.append(machine.advance(1, observe=observe))
            record.add(machine.state())
        run = finished(machine, given, np.vstack(rows), is_observed=observe)
        return dataclasses.replace(run, trajectory=record.finish(run))


def open_recording(folder, network: Network | None = None) -> Run:
    """Return a run whose people were recorded to a folder, as `simulate` returned it.

    Parameters
    ----------
    folder : path
        What `simulate` was given as ``record_to``.
    network : Network, optional
        The network of the run, which the folder does not hold; by default the one that `simulate` makes by default.

    Returns
    -------
    Run
        Its trajectory is read from the disk as it is needed.

    Raises
    ------
    InputError
        If the folder holds no recording or one that is not whole, or for another network.

    Notes
    -----
    Each column is a plain NumPy file, so ``numpy.load("folder/act.npy", mmap_mode="r")`` reads it anywhere. Columns
    carry no digests, as large as they are: what fits in size is believed.
    """
    settings, columns = recording.read(folder)
    seeds = {name: streams.check_seed(settings[name], name=name) for name in ("seed", "start_seed")}
    network = check_network(network, seeds["seed"])
    if network.digest() != settings["network_digest"]:
        raise InputError(
            f"recording {shown(str(folder))} is of another network, of "
            f"{counted(settings['n_people'], 'person', 'people')}: give open_recording the one that the run had"
        )
    check_choice("schedule", settings["schedule"], engine.SCHEDULES)
    trajectory = {name: columns[name] for name in FIELDS}
    last_state = {name: np.array(column[-1]) for name, column in trajectory.items()}
    parameters, done = Parameters.from_dict(settings["parameters"]), interventions_of(settings["interventions"])
    picked = [np.flatnonzero(people) for people in columns["picked"]]
    return Run(
        parameters=parameters,
        network=network,
        **seeds,
        **{name: settings[name] for name in ("start", "schedule", "steps", "first_step", "is_observed")},
        state=frozen(State(settings["first_step"] + settings["steps"], **last_state)),
        tallies=np.array(columns["tallies"]),
        trajectory=trajectory,
        course=Course(parameters, network, done, start_seed=seeds["start_seed"], picked=picked),
    )


def check_network(network, seed: int) -> Network:
    """Return `network`, or one of 1,000 people generated from `seed` when it is None; refuse anything else."""
    if network is None:
        from sim.networks import two_groups

        return two_groups(n_people=1000, seed=seed)
    if not isinstance(network, Network):
        raise InputError(
            f"network must be a Network, not {type(network).__name__}; a NetworkX graph goes through "
            "sim.networks.from_networkx(graph, group=..., marginalized=...)"
        )
    return network


def describe_start(start):
    """Return a short, printable account of the start."""
    if isinstance(start, Run | State):
        state = start.state if isinstance(start, Run) else start
        return f"continued from step {state.step}"
    return start if isinstance(start, str | float | int) else "given person by person"
