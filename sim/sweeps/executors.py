"""Who does the work: threads or processes of this machine, or any executor that speaks `concurrent.futures`."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)  # fmt: skip

from sim.checks import InputError, check_choice, check_count, shown

KINDS = ("threads", "processes")
LOOK_SECONDS = 5  # of silence, until we ask Dask whether it still has workers
GRACE_SECONDS = 3  # for what is at work when an executor breaks down
LOST_SECONDS = 120  # without any worker, until a Dask cluster that had some is given up


class Withdrawn(BrokenExecutor):
    """Work came back undone through no fault of its own: its executor is closed, cut off or without workers."""


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def check_executor(executor) -> None:
    """Refuse what is neither a word for our own workers nor an executor."""
    if isinstance(executor, str):
        check_choice("executor", executor, KINDS)
    elif not callable(getattr(executor, "submit", None)):
        raise InputError(
            f"executor = {shown(executor)} must be 'threads', 'processes', or an object with the submit method of "
            "concurrent.futures.Executor, such as a Dask client's get_executor()"
        )


def worker_count(executor, workers: int | None) -> int:
    """Return how many chunks to have at work at a time."""
    if workers is not None:
        return check_count("workers", workers, 1, 100_000)
    if isinstance(executor, str):
        return processors()
    if _is_dask(executor):
        return max(1, _threads_of(executor))
    for name in ("num_workers", "_max_workers"):  # of MPI; of the standard library
        with contextlib.suppress(Exception):
            if count := getattr(executor, name, None):
                return int(count)
    return processors()


class Workers:
    """How many chunks to have at work at a time; the workers of a Dask cluster may come and go."""

    def __init__(self, executor, workers: int | None):
        self._executor, self._asked = executor, workers
        self._count, self._looked = worker_count(executor, workers), time.monotonic()

    def count(self) -> int:
        """Return the number as it is now, or was a few seconds ago."""
        if self._asked is None and _is_dask(self._executor) and time.monotonic() - self._looked > LOOK_SECONDS:
            self._count, self._looked = worker_count(self._executor, None), time.monotonic()
        return self._count


def _is_dask(executor) -> bool:
    return callable(getattr(getattr(executor, "_client", None), "nthreads", None))


def _threads_of(executor) -> int:
    """Return how many threads a Dask cluster has now; 0 also if its scheduler does not answer."""
    client = executor._client
    with contextlib.suppress(Exception):
        return sum(client.sync(client.scheduler.ncores, workers=None, callback_timeout=LOOK_SECONDS).values())
    return 0


@contextlib.contextmanager
def opened(executor, workers: int) -> Iterator[Executor]:
    """Give an executor: one of our own, closed at the end; or the one that was given, left open."""
    if not isinstance(executor, str):
        yield executor
        return
    pool = new_pool(executor, workers)
    try:
        if executor == "processes":
            _check_start(pool)
        yield pool
    except BaseException:  # not waited for: whoever interrupts twice wants to leave
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown(wait=True)


def new_pool(kind: str, workers: int) -> Executor:
    """Return a pool of threads or processes."""
    if kind == "threads":
        return ThreadPoolExecutor(workers, thread_name_prefix="sweep")
    return ProcessPoolExecutor(workers, mp_context=_context(), initializer=_follow_parent)


def _context():
    """Return how to start processes: not by fork, which copies locks that other threads may hold."""
    methods = multiprocessing.get_all_start_methods()
    return multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")


def _check_start(pool: Executor) -> None:
    """Refuse to begin where no process can be started, before some run is blamed for that."""
    try:
        pool.submit(os.getpid).result()
    except (BrokenExecutor, RuntimeError, OSError) as problem:
        told = " ".join(str(problem).split())[:200]
        raise InputError(
            f"no processes can be started here ({type(problem).__name__}: {told}). A script that sweeps with processes "
            "must do so under: if __name__ == '__main__':  Threads need nothing of the kind: executor='threads'"
        ) from None


def _follow_parent() -> None:
    """Leave Ctrl-C to the parent, which lets workers finish what they are at; end when it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for work for ever."""
    multiprocessing.parent_process().join()
    os._exit(1)


class Crew:
    """Tasks handed out to an executor, a few at a time.

    Nothing is handed out before the caller has dealt with what was finished, so that at most one task per worker is
    lost when everything stops.
    """

    def __init__(self, pool: Executor, function: Callable, limit: Callable[[], int]):
        self._pool, self._function, self._limit = pool, function, limit
        self._options = {"pure": False} if _is_dask(pool) else {}  # else Dask repeats an answer instead of the work
        self._watch = _Watch(pool)
        self._running: dict = {}

    def finished(self, next_task: Callable) -> Iterator[tuple]:
        """Yield (task, result, problem) as tasks are finished; ``next_task()`` gives the next, or None."""
        self._hand_out(next_task)
        while self._running:
            done = wait(self._running, timeout=self._watch.seconds, return_when=FIRST_COMPLETED).done
            if problem := self._watch.problem(bool(done)):
                yield self._running.pop(next(iter(self._running))), None, problem
            for outcome in self.drained(done):
                yield outcome
                self._hand_out(next_task)

    def _hand_out(self, next_task: Callable) -> None:
        while len(self._running) < self._limit() and (task := next_task()) is not None:
            try:
                future = self._pool.submit(self._function, task.chunk, **self._options)
            except Exception as problem:  # broken, closed by its owner, or cut off: every executor has its own words
                future = Future()
                future.set_exception(Withdrawn(f"no work can be handed out ({type(problem).__name__}: {problem})"))
            self._running[future] = task

    def drained(self, futures=None, *, patience: float | None = None) -> Iterator[tuple]:
        """Yield what some futures, or all that are still at work, come to; what takes too long comes back undone."""
        futures = list(self._running if futures is None else futures)
        wait(futures, timeout=patience)
        for future in futures:
            task = self._running.pop(future, None)
            if not future.done():
                future.cancel()
                yield task, None, Withdrawn("it was not waited for")
                continue
            try:
                yield task, future.result(), None
            except CancelledError:
                yield task, None, Withdrawn("the executor was closed, restarted, or the connection to it was lost")
            except Exception as problem:
                yield task, None, problem


class _Watch:
    """Notices when a Dask cluster has lost its last worker: Dask itself would wait for ever.

    A cluster that has had no worker yet is waited for without limit, as jobs may wait long in a queue.
    """

    def __init__(self, pool: Executor):
        self._pool = pool if _is_dask(pool) else None
        self._seen = time.monotonic() if self._pool is not None and _threads_of(self._pool) else None

    @property
    def seconds(self) -> float | None:
        """How long to wait for results before `problem` is asked again; None for as long as it takes."""
        return None if self._pool is None else LOOK_SECONDS

    def problem(self, something_came: bool) -> Withdrawn | None:
        """Return why waiting longer is vain, or None."""
        if self._pool is None:
            return None
        if something_came or _threads_of(self._pool):
            self._seen = time.monotonic()
        elif self._seen is not None and time.monotonic() - self._seen > LOST_SECONDS:
            return Withdrawn(f"the Dask cluster has had no workers for {LOST_SECONDS} seconds")
        return None
