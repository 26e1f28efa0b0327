"""The compiled engine: runs of the model over compact arrays, one by one or side by side.

The rules are those of ``rules.py``; the loops are in ``kernel.py``. This file lays people out in slots, carries
the arrays from step to step, and shares the work among threads. None of it can change a result: random numbers
belong to (seed, step, person, purpose) and everything that is summed is a whole number.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from sim import gather, kernel, signals, streams
from sim.checks import InputError, check_choice, check_count, shown
from sim.gather import Layout
from sim.interventions.course import Course
from sim.kernel import Crowd
from sim.measures import Sizes
from sim.parameters import Parameters
from sim.state import State, frozen
from sim.tallies import N_TALLIES
from sim.wide import WIDTH

SCHEDULES = ("synchronous", "shuffled")
MOST_TIES = 2**25 - 1  # shown levels go to 64, and totals are counted in 32 bits
WINDOW = 16_384  # people; among so many in a row, those with as many ties stand side by side
MOST_TABLES = 1000  # steps that are prepared at a time
PEOPLE_PER_THREAD = 50_000  # below this, sharing a step among threads costs more than it gains
LEAST_LANES = 3  # fewer runs are as fast one by one
MOST_IN_LANES = 30_000  # people; with more, the words of eight runs leave the cache and nothing is gained


def layout_of(network, classes: np.ndarray | None = None, n_classes: int = 1) -> Layout:
    """Return the network in slots, all advantaged people first, within each group class by class.

    With a single class it is made once per network and kept with it.
    """
    if n_classes > 1:
        return _lay_out(network, classes, n_classes)
    memory = vars(network)
    if "_layout" not in memory:
        memory["_layout"] = _lay_out(network, np.zeros(network.n_people, np.int64), 1)
    return memory["_layout"]


def _lay_out(network, classes: np.ndarray, n_classes: int) -> Layout:
    most = network.degree.max(initial=0)
    if most > MOST_TIES:
        raise InputError(f"a person has {most} ties; the engine counts up to {MOST_TIES} around a person")
    rank = network.is_marginalized * n_classes + classes
    person = _in_order(rank, network.degree)
    ends = np.concatenate([[0], np.cumsum(np.bincount(rank, minlength=2 * n_classes))])
    cuts = np.array([ends[: n_classes + 1], ends[n_classes:]])
    slot = np.empty_like(person)
    slot[person] = np.arange(len(person), dtype=np.uint32)
    layout = Layout(
        np.zeros_like(network.offsets), np.empty_like(network.neighbours), np.zeros(len(person), np.int32),
        np.zeros(len(person), np.int32), person, network.n_advantaged, cuts,
    )  # fmt: skip
    gather.fill_layout(network.offsets, network.neighbours, slot, layout)
    return layout


def _in_order(rank: np.ndarray, degree: np.ndarray) -> np.ndarray:
    """Return everybody by rank, and side by side with others of as many ties.

    A loop over neighbours then ends where it is expected to, which was measured to save an eighth of a step. In
    windows, since who is read next should not be far away in a large network.
    """
    order = np.argsort(rank, kind="stable")
    window = np.arange(len(order)) // WINDOW
    return order[np.lexsort((degree[order], window, rank[order]))].astype(np.uint32)


def sizes_along(course: Course, first_step: int, n_rows: int) -> Sizes:
    """Return what the shares in the rows of a history are shares of: numbers of ties may differ from step to step."""
    if not course.breaks(-1, first_step + n_rows):
        return sizes_of(course.network)
    rows = [sizes_of(course.network_at(first_step + i)) for i in range(n_rows)]
    people = rows[0][:2]
    return Sizes(*people, *(np.array([row[i] for row in rows]) for i in (2, 3)))


def sizes_of(network) -> Sizes:
    """Return what the shares in a history are shares of."""
    layout = layout_of(network)
    advantaged = slice(0, layout.n_advantaged)
    ends = int(layout.n_advantaged_ties[advantaged].sum(dtype=np.int64))
    across = int(layout.n_marginalized_ties[advantaged].sum(dtype=np.int64))
    return Sizes(network.n_advantaged, network.n_marginalized, ends, across)


class Engine:
    """One run, advanced step by step.

    Parameters
    ----------
    parameters : Parameters
    network : Network
    state : State
        Where to start; its step numbers go on from there.
    seed : int
        Luck of the dynamics.
    schedule : {"synchronous", "shuffled"}
        Everybody decides from the same picture; or one after the other in a new random order at each step, each seeing
        what those before have just done.
    threads : int, optional
        By default one thread for each 50,000 people, at most the processors at hand. Never changes a result.

    Notes
    -----
    Memory beyond the network: 26 bytes of state and 16 of signals per person (4 from 100,000 people on), plus the
    network in slots (20 bytes per person and 4 per tie end).
    """

    def __init__(
        self,
        parameters: Parameters,
        network,
        state: State,
        *,
        seed: int,
        schedule: str = "synchronous",
        threads=None,
        course: Course | None = None,
    ):
        if not isinstance(parameters, Parameters):
            raise InputError(f"parameters must be a Parameters object, not {shown(parameters)}")
        if len(state.act) != network.n_people:
            raise InputError(f"the state is of {len(state.act)} people, but the network has {network.n_people}")
        self.parameters = parameters
        self.course = Course(parameters, network) if course is None else course
        self.schedule = check_choice("schedule", schedule, SCHEDULES)
        self._seeds = np.array([streams.key(streams.check_seed(seed))])
        self._threads = _thread_count(threads, network.n_people)
        self._enter(self.course.begun(state))

    def _enter(self, state: State) -> None:
        """Take up a state, on the network of its step."""
        self.step = state.step
        self.network = self.course.network_at(state.step)
        self._layout = layout_of(self.network, self.course.classes, self.course.n_classes)
        self._crowd = _crowd_of(state, self._layout)
        self._shown = signals.nothing_shown(self.network.n_people, 1)
        self._next_shown = np.zeros_like(self._shown)
        kernel.show_all(self._layout, self._crowd, self._shown)

    def advance(self, n_steps: int, *, observe: bool = True) -> np.ndarray:
        """Advance by some steps.

        Returns
        -------
        int64 array, shape (n_steps, N_TALLIES)
            Row i counts the state before the i-th of these steps and the changes made in it; without `observe` only
            the changes are counted. What is observed never moves the run.
        """
        tallies = np.zeros((n_steps, N_TALLIES), np.int64)
        first, last = self.step, self.step + n_steps
        for stop in [*self.course.breaks(first, last), last]:
            self._advance_to(stop, tallies[self.step - first : stop - first], observe)
            if stop in self.course.breaks(first, last) and self.step == stop:
                self._enter(self.course.arrived(self.state()))
        return tallies

    def _advance_to(self, stop: int, tallies: np.ndarray, observe: bool) -> None:
        first = self.step
        while self.step < stop:  # in blocks: under a ramp every step has numbers of its own
            block = min(stop, self.step + MOST_TABLES)
            self._advance_block(block, tallies[self.step - first : block - first], observe)

    def _advance_block(self, stop: int, tallies: np.ndarray, observe: bool) -> None:
        n_steps = stop - self.step
        tables, first_steps = self.course.tables(self.step, n_steps)[:, None], np.array([self.step])
        run, tallies = (self._layout, self._crowd, self._shown), tallies[:, None]
        if self.schedule == "shuffled":
            kernel.run_shuffled(*run, tables, self._seeds, first_steps, tallies, observe)
        elif self._threads == 1:
            room = kernel.new_room(1, 1, self.network.n_people)
            kernel.run_synchronous(
                *run, self._next_shown, self._layout.cuts, tables, self._seeds, first_steps, room, False, tallies,
                observe,
            )  # fmt: skip
            if n_steps % 2:
                self._swap()
        else:
            self._advance_in_threads(tables, first_steps, tallies, observe)
        self.step = stop

    def _advance_in_threads(self, tables, first_steps, tallies: np.ndarray, observe: bool) -> None:
        n = self.network.n_people
        shares = [_share_of_cuts(self._layout.cuts, k, self._threads) for k in range(self._threads)]
        ends = [n * k // self._threads // 4 * 4 for k in range(self._threads)] + [n]
        words, told, desk = kernel.new_room(1, 1, self.network.n_people)
        desks = [desk, *(gather.new_desk(1) for _ in shares[1:])]
        parts = np.zeros((self._threads, 1, 1, N_TALLIES), np.int64)

        def draw_part(k):
            luck = kernel.luck_at(self._seeds, first_steps, 0, i)
            kernel.draw_words(luck, ends[k], ends[k + 1], words[0])

        def advance_part(k):
            kernel.run_synchronous(
                self._layout, self._crowd, self._shown, self._next_shown, shares[k], table[None], self._seeds,
                first_steps + i, (words, told, desks[k]), True, parts[k], observe,
            )  # fmt: skip

        with ThreadPoolExecutor(self._threads) as pool:
            for i in range(len(tallies)):
                table = tables[min(i, len(tables) - 1)]
                told[0] = kernel.private_norm(self._layout, self._crowd, 0, table)
                parts[:] = 0
                list(pool.map(draw_part, range(self._threads)))
                list(pool.map(advance_part, range(self._threads)))
                tallies[i] = parts.sum(axis=0)[0]
                self._swap()

    def _swap(self) -> None:
        self._shown, self._next_shown = self._next_shown, self._shown

    def observe(self) -> np.ndarray:
        """Return the tallies of the present state (changes are 0)."""
        tallies = np.zeros((1, N_TALLIES), np.int64)
        kernel.observe_all(self._layout, self._crowd, self._shown, self.course.table(self.step)[None], tallies)
        return tallies[0]

    def state(self) -> State:
        """Return a copy of the present state, in network order."""
        n_advantaged, person = self._layout.n_advantaged, self._layout.person
        advantaged, marginalized = person[:n_advantaged], person[n_advantaged:]
        floats = {name: np.zeros(len(person)) for name in ("sympathy", "loyalty", "stigma", "trust")}
        crowd = kernel.crowd_at(self._crowd, 0)
        floats["sympathy"][advantaged] = crowd.sympathy
        floats["loyalty"][advantaged] = crowd.loyalty
        floats["stigma"][advantaged] = crowd.feeling[:n_advantaged]
        floats["trust"][marginalized] = crowd.feeling[n_advantaged:]
        act, betrayed = np.empty_like(crowd.act), np.empty_like(crowd.betrayed)
        act[person], betrayed[person] = crowd.act, crowd.betrayed
        return frozen(State(self.step, act, betrayed, **floats))


def advance_side_by_side(machines: list[Engine], n_steps: int) -> list[np.ndarray]:
    """Advance several runs by some steps, in lanes where they can share the way.

    Runs share it that have the same network of at most `MOST_IN_LANES` people, the same classes of people, everybody
    deciding at once, and no change of ties or feelings from outside on the way; the others go alone. Never changes a
    result.

    Returns
    -------
    list of int64 arrays, shape (n_steps, N_TALLIES)
        What `Engine.advance` returns, for each run.
    """
    found: list = [None] * len(machines)
    for places in lanes_among(machines, n_steps):
        together = [machines[place] for place in places]
        if len(places) < LEAST_LANES:
            results = [machine.advance(n_steps) for machine in together]
        else:
            results = _advance_in_lanes(together, n_steps)
        for place, tallies in zip(places, results, strict=True):
            found[place] = tallies
    return found


def lanes_among(machines: list[Engine], n_steps: int) -> list[list[int]]:
    """Return which of some runs go side by side: lists of their places."""
    groups: dict = {}
    for place, machine in enumerate(machines):
        has_break = machine.course.breaks(machine.step, machine.step + n_steps)
        is_large = machine.network.n_people > MOST_IN_LANES
        alone = machine.schedule != "synchronous" or has_break or is_large or machine._threads > 1
        classes = machine.course.classes.tobytes() if machine.course.n_classes > 1 else b""
        groups.setdefault(place if alone else (id(machine.network), classes), []).append(place)
    return [places[i : i + WIDTH] for places in groups.values() for i in range(0, len(places), WIDTH)]


def _advance_in_lanes(machines: list[Engine], n_steps: int) -> list[np.ndarray]:
    first = machines[0]
    crowd = Crowd(*(np.concatenate([getattr(one._crowd, name) for one in machines]) for name in Crowd._fields))
    shown = signals.nothing_shown(first.network.n_people, WIDTH)  # as lanes that are empty do
    kernel.show_all(first._layout, crowd, shown)
    next_shown = np.zeros_like(shown)
    room = kernel.new_room(len(machines), WIDTH, first.network.n_people)
    seeds, first_steps = np.concatenate([machine._seeds for machine in machines]), [one.step for one in machines]
    tallies = np.zeros((n_steps, len(machines), N_TALLIES), np.int64)
    for begin in range(0, n_steps, MOST_TABLES):
        block = tallies[begin : begin + MOST_TABLES]
        steps = np.array(first_steps) + begin
        tables = [one.course.tables(int(step), len(block)) for one, step in zip(machines, steps, strict=True)]
        tables = np.stack(np.broadcast_arrays(*tables), axis=1)
        kernel.run_synchronous(
            first._layout, crowd, shown, next_shown, first._layout.cuts, tables, seeds, steps, room, False, block, True
        )
        if len(block) % 2:
            shown, next_shown = next_shown, shown
    for lane, machine in enumerate(machines):
        machine._crowd = Crowd(*(array[lane : lane + 1] for array in crowd))
        kernel.show_all(machine._layout, machine._crowd, machine._shown)
        machine.step += n_steps
    return [tallies[:, lane] for lane in range(len(machines))]


def tallies_of(state: State, parameters: Parameters, network, course: Course | None = None) -> np.ndarray:
    """Return the tallies of any state (changes are 0): what is measured is a pure function of the state."""
    course = Course(parameters, network) if course is None else course
    layout = layout_of(course.network_at(state.step), course.classes, course.n_classes)
    crowd, shown = _crowd_of(state, layout), signals.nothing_shown(network.n_people, 1)
    tallies = np.zeros((1, N_TALLIES), np.int64)
    kernel.show_all(layout, crowd, shown)
    kernel.observe_all(layout, crowd, shown, course.table(state.step)[None], tallies)
    return tallies[0]


def _share_of_cuts(cuts: np.ndarray, i: int, n_shares: int) -> np.ndarray:
    """Return the cuts of the i-th of some equal shares of both groups."""
    share = np.empty_like(cuts)
    for row in range(2):
        first, length = cuts[row, 0], cuts[row, -1] - cuts[row, 0]
        share[row] = np.clip(cuts[row], first + length * i // n_shares, first + length * (i + 1) // n_shares)
    return share


def _crowd_of(state: State, layout: Layout) -> Crowd:
    advantaged, marginalized = layout.person[: layout.n_advantaged], layout.person[layout.n_advantaged :]
    feeling = np.concatenate([state.stigma[advantaged], state.trust[marginalized]])
    return Crowd(
        state.act[layout.person][None], state.betrayed[layout.person][None], feeling[None],
        state.sympathy[advantaged][None], state.loyalty[advantaged][None],
    )  # fmt: skip


def _thread_count(threads: int | None, n_people: int) -> int:
    if threads is not None:
        return check_count("threads", threads, 1, 1024)
    try:
        available = len(os.sched_getaffinity(0))
    except AttributeError:  # not on Linux
        available = os.cpu_count() or 1
    return max(1, min(available, n_people // PEOPLE_PER_THREAD))
