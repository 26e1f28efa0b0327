"""`sweep`: make every run that a design asks for and a folder does not have yet."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError

from sim import manifest
from sim.checks import check_choice, check_count, check_names
from sim.counting import counted
from sim.networks import Network
from sim.progress import Progress
from sim.sweeps import executors, parts, work
from sim.sweeps.columns import FAILED
from sim.sweeps.design import Design
from sim.sweeps.memory import Memory
from sim.sweeps.plans import Planned
from sim.sweeps.possible import check_points
from sim.sweeps.reading import Sweep, played
from sim.sweeps.reasons import reasons_of, reasons_of_design
from sim.sweeps.store import MANY_PARTS, Store, StoreError

CHUNK_SECONDS = 1.0  # of work between two visits to the store, if runs are shorter than that
LEAST_SECONDS = 0.1  # of work: to hand out less costs more than to wait for it at the end
MOST_IN_CHUNK = 1000
QUESTION = "What comes out at the points of a design?"
MOST_LOSSES = 5  # in a row, until workers that keep dying are given up


class RunFailed(RuntimeError):
    """A run failed and the sweep was told to stop at that."""


class WorkersLost(RuntimeError):
    """The workers of an executor are gone; what was finished is safe."""


def sweep(
    design,
    folder=None,
    *,
    model: str | None = None,
    executor="threads",
    workers: int | None = None,
    chunk: int | None = None,
    record=(),
    on_error: str = "continue",
    retry_failed: bool = False,
    progress: bool | Progress = False,
) -> Sweep:
    """Make all runs of a design that are not in the folder yet.

    Parameters
    ----------
    design : Design, mapping or path
        What to run: see `sim.Design`. A mapping holds the arguments of `Design` and, beside them, everything swept:
        ``{"loyalty": [0.5, 0.9], "start": "allied", "replicates": 20}``. A path is that of a TOML file of the same.
    folder : path, optional
        Where to keep the runs (see `sim.sweeps.store`). What is there already is not made again, whichever design
        asked for it, so an interrupted sweep goes on and a larger design adds to a smaller one. Without a folder
        everything is kept in memory.
    model : str, optional
        The published model to run, one of `sim.classics`; the same as ``model`` in the design.
    executor : {"threads", "processes"} or Executor
        Workers of this machine, or any object with the ``submit`` of `concurrent.futures.Executor`; a given one is
        left open. Never changes a result.
    workers : int, optional
        How many chunks are at work at a time; by default one for each processor, or each thread of a Dask cluster.
    chunk : int, optional
        Runs per chunk; by default as many as take a second.
    record : sequence of {"steps", "people"}
        Tables to keep beside the one of runs: every measure at every step; everybody's final state.
    on_error : {"continue", "stop"}
        What to do when a run fails. Either way it is a row with status "failed".
    retry_failed : bool
        Whether runs that failed before are made again.
    progress : bool or Progress
        Whether to tell on stderr how far it is.

    Returns
    -------
    Sweep
        With ``.table``, one row per run.

    Raises
    ------
    InputError
        Before the first run, for a design or a folder that cannot be used.
    StoreError
        If the folder can no longer be written to; it stays valid.
    RunFailed
        With ``on_error="stop"``, when a run has failed and its row is written.
    WorkersLost
        If a given executor breaks down, or workers keep dying.

    Notes
    -----
    A kill at any moment loses at most the chunks at work, one per worker. A run that kills its worker again and again
    becomes a failed row; all others are made.

    Examples
    --------
    >>> import sim
    >>> swept = sim.sweep({"loyalty": [0.5, 0.9], "network_n_people": 100, "steps": 20, "replicates": 3})
    >>> len(swept.table), swept.table["status"].unique().tolist()
    (6, ['done'])
    """
    design = Design.of(design, model)
    executors.check_executor(executor)
    check_choice("on_error", on_error, ("continue", "stop"))
    check_names("record:", [record] if isinstance(record, str) else record, work.records_of(design.model))
    at_a_time = executors.Workers(executor, workers)
    chunk = None if chunk is None else check_count("chunk", chunk, 1, 1_000_000)
    check_points(design.points())  # refuses what cannot be run before a folder is made
    store = Memory() if folder is None else Store(folder, create=True)
    shared = _Shared(store, executor, at_a_time, chunk, _ordered(record), on_error, retry_failed)
    with contextlib.ExitStack() as stack:
        shared.progress = progress
        if progress is True:
            shared.progress = stack.enter_context(Progress(0, "runs", memory=True))
        runs = shared.carry_out(design)
    swept = Sweep(store, design, runs=runs, reasons=shared.reasons)
    swept.reasons += reasons_of_design(swept, runs)
    return swept


def _ordered(record) -> tuple[str, ...]:
    names = [record] if isinstance(record, str) else list(record)
    return tuple(name for name in work.RECORDS if name in names)


class _Shared:
    """Everything that the parts of one sweep have in common."""

    def __init__(self, store, executor, at_a_time, chunk, record, on_error, retry_failed):
        self.store, self.executor, self.at_a_time = store, executor, at_a_time
        self.chunk, self.record, self.on_error, self.retry_failed = chunk, record, on_error, retry_failed
        self.reasons: list[str] = []
        self.progress: Progress | bool = False
        self.stop = threading.Event()
        self._parts = 0
        self._blamed: list = []  # rows of runs whose worker died: kept once it is clear that others can be made

    def carry_out(self, design: Design) -> list[Planned]:
        """Make what is missing, round by round, and return all runs of the design."""
        self._keep_design(design)
        recorded, failed = self.store.keys()
        done = {key for key, tables in recorded.items() if set(self.record) <= set(tables.split())}
        tried: set[str] = set()
        everything: list[Planned] = []

        def make_missing(runs: list[Planned]) -> None:
            everything.extend(runs)
            known = done if self.retry_failed else done | failed
            missing = [run for run in runs if run.key not in known and run.key not in tried]
            tried.update(run.key for run in missing)
            if self.progress:
                self.progress.expect(len(runs), reused=len(runs) - len(missing))
            if missing:
                self._make(missing)

        played(design, self.store, make_missing)
        gone = tried - set(self.store.rows([])["key"].to_pylist())
        if gone:
            raise StoreError(
                f"{counted(len(gone), 'run')} just finished can no longer be found in '{self.store.folder}': something "
                "else removed or damaged files in it. Give the same command again to make them again"
            )
        self.reasons = reasons_of(self.store, everything, done, set(recorded) - done, failed, tried)
        if self._parts > 1:
            self.store.tidy()
        if self.store.folder is not None and (self._parts or not (self.store.folder / manifest.NAME).exists()):
            try:
                manifest.write(self.store.folder, question=QUESTION, settings={"design": design.to_dict()})
            except OSError as problem:
                raise StoreError(
                    f"'{self.store.folder}': all runs are finished and safe, but its manifest cannot be written: "
                    f"{problem.strerror}"
                ) from problem
        return everything

    def _keep_design(self, design: Design) -> None:
        self.store.add_design(design.to_dict())
        for network in {p.network.digest(): p.network for p in design.points() if p.network is not None}.values():
            self.store.add_network(network)

    def _make(self, missing: list[Planned]) -> None:
        queue = _Queue(missing, self.chunk, self.at_a_time.count)
        losses = 0
        while queue:
            with executors.opened(self.executor, self.at_a_time.count()) as pool:
                crew = executors.Crew(pool, work.make_runs, queue.limit)
                try:
                    for task, rows, problem in crew.finished(lambda: queue.next(self._task_of)):
                        losses = 0 if problem is None else losses + 1
                        self._finish(task, rows, problem, queue, losses)
                except (KeyboardInterrupt, RunFailed):
                    self._wind_up(crew)
                    raise
                except _PoolBroken as problem:
                    self._after_loss(crew, queue)
                    if not isinstance(self.executor, str):
                        raise WorkersLost(_LOST.format(problem=problem)) from problem
        self._keep_blamed()

    def _finish(self, task, rows, problem, queue, losses) -> None:
        """Keep what a worker has returned; think again about a chunk that was lost with its worker."""
        queue.back(task)
        if problem is None:
            queue.took(rows, task)
            self._keep_blamed()
            self._keep(rows, task.runs)
            return
        if losses > MOST_LOSSES:
            raise WorkersLost(_LOST.format(problem=_told(problem))) from problem
        if isinstance(problem, executors.Withdrawn):
            queue.put_back(task)
        elif task.is_suspect:
            self._blamed.append(([_lost_row(run, problem) for run in task.runs], task.runs))
        else:
            queue.suspect(task)
        if isinstance(problem, BrokenExecutor | CancelledError):
            raise _PoolBroken(_told(problem))

    def _keep_blamed(self) -> None:
        while self._blamed:
            self._keep(*self._blamed.pop())

    def _after_loss(self, crew, queue) -> None:
        """Take back what was at work when the workers broke down; only our own can be replaced."""
        for task, rows, problem in crew.drained(patience=executors.GRACE_SECONDS):
            queue.back(task)
            if problem is None:
                self._keep(rows, task.runs)
            elif isinstance(problem, executors.Withdrawn):
                queue.put_back(task)
            else:
                queue.suspect(task)

    def _wind_up(self, crew) -> None:
        """Let the workers finish the run they are at, and keep all that is finished."""
        self.stop.set()
        if self.progress:
            self.progress.say("stopping; what is at work is waited for and kept (Ctrl-C again: drop it)")
        for task, rows, problem in crew.drained():
            if problem is None and rows:
                self.store.add(parts.table_of(rows, task.runs))

    def _keep(self, rows: list[dict], runs: list[Planned]) -> None:
        if not rows:
            return
        self.store.add(parts.table_of(rows, runs))
        self._parts += 1
        if self._parts % MANY_PARTS == 0:
            self.store.tidy(MANY_PARTS)
        problems = [row for row in rows if row["status"] == FAILED]
        for row in rows if self.progress else ():
            if row["place"] == 0:
                self.progress.advance(failed=row["status"] == FAILED)
        if problems and self.on_error == "stop":
            first = problems[0]
            where = f"; replay it with: allyship replay {self.store.folder} {first['key']}" if self.store.folder else ""
            raise RunFailed(f"a run failed: {first['error']}{where}")

    def _task_of(self, runs: list[Planned], is_suspect: bool):
        places = {point: place for place, point in enumerate(dict.fromkeys(run.point for run in runs))}
        networks: dict[str, Network] = {
            point.network.digest(): point.network for point in places if point.network is not None
        }
        jobs = [work.Job(places[run.point], run.replicate, run.seeds, run.key) for run in runs]
        own = self.stop if self.executor == "threads" else None
        chunk = work.Chunk([dict(point.configuration) for point in places], networks, jobs, self.record, own)
        return _Task(runs, chunk, is_suspect)


class _PoolBroken(Exception):
    pass


class _Task:
    def __init__(self, runs: list[Planned], chunk: work.Chunk, is_suspect: bool):
        self.runs, self.chunk, self.is_suspect = runs, chunk, is_suspect


class _Queue:
    """Runs still to be made; hands them out in chunks that take about a second."""

    def __init__(self, runs: list[Planned], size: int | None, workers: Callable[[], int]):
        self._runs, self._size, self._workers = deque(runs), size, workers
        self._suspects: deque[Planned] = deque()
        self._tested = 0  # suspects that are at work
        self._seconds = self._count = 0.0

    def __bool__(self) -> bool:
        return bool(self._runs or self._suspects)

    def limit(self) -> int:
        """Return how many chunks to have at work: after a loss only one, so that a run that kills is found."""
        return 1 if self._suspects or self._tested else self._workers()

    def next(self, task_of):
        """Return the next task, or None."""
        if self._suspects:
            self._tested += 1
            return task_of([self._suspects.popleft()], True)
        if not self._runs:
            return None
        return task_of([self._runs.popleft() for _ in range(min(self._next_size(), len(self._runs)))], False)

    def back(self, task: _Task) -> None:
        """Note that a task has come back, whatever became of it."""
        self._tested -= task.is_suspect

    def put_back(self, task: _Task) -> None:
        """Take back runs that were not made through no fault of their own."""
        self._runs.extendleft(reversed(task.runs))

    def suspect(self, task: _Task) -> None:
        """Set runs aside whose worker was lost; they are made one at a time."""
        self._suspects.extend(task.runs)

    def _next_size(self) -> int:
        if self._size is not None:
            return self._size
        if not self._count:
            return 1
        per_second = self._count / max(self._seconds, 1e-9)
        fair = len(self._runs) / (3 * self._workers())  # towards the end smaller ones, so that nobody waits for long
        return int(min(max(1, per_second * CHUNK_SECONDS), max(1, fair, per_second * LEAST_SECONDS), MOST_IN_CHUNK))

    def took(self, rows: list[dict], task: _Task) -> None:
        """Learn from a finished chunk how long runs take: from the latest ones, for points differ."""
        self._seconds = 0.5 * self._seconds + sum(row["seconds"] for row in rows)
        self._count = 0.5 * self._count + len(task.runs)


def _lost_row(run: Planned, problem) -> dict:
    told = f"the worker that made this run was lost: {_told(problem)}"
    return {"key": run.key, "place": 0, "status": FAILED, "error": told, "seconds": 0.0}


def _told(problem) -> str:
    return " ".join(f"{type(problem).__name__}: {problem}".split())[:500]


_LOST = (
    "the workers are lost ({problem}). All runs that were finished before are safe; start workers again and give the "
    "same command"
)
