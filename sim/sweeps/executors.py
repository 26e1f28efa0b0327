"""Who does the work: threads or processes of this machine, or any executor that speaks `concurrent.futures`."""

from __future__ import annotations

import contextlib
import os
import signal
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
    client = getattr(executor, "_client", None)  # of Dask: as many as its cluster has threads
    with contextlib.suppress(Exception):
        return max(1, sum(client.nthreads().values()))
    return getattr(executor, "_max_workers", None) or processors()


@contextlib.contextmanager
def opened(executor, workers: int) -> Iterator[Executor]:
    """Give an executor: one of our own, closed at the end; or the one that was given, left open."""
    if not isinstance(executor, str):
        yield executor
        return
    pool = new_pool(executor, workers)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def new_pool(kind: str, workers: int) -> Executor:
    """Return a pool of threads or processes."""
    if kind == "threads":
        return ThreadPoolExecutor(workers, thread_name_prefix="sweep")
    return ProcessPoolExecutor(workers, initializer=_ignore_interrupt)


def _ignore_interrupt() -> None:
    """Ctrl-C goes to all processes of a terminal; ours finish their chunk, and the one that asked tidies up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class Crew:
    """Tasks handed out to an executor, a few at a time.

    Nothing is handed out before the caller has dealt with what was finished, so that at most one task per worker is
    lost when everything stops.
    """

    def __init__(self, pool: Executor, function: Callable, limit: Callable[[], int]):
        self._pool, self._function, self._limit = pool, function, limit
        self._running: dict = {}

    def finished(self, next_task: Callable) -> Iterator[tuple]:
        """Yield (task, result, problem) as tasks are finished; ``next_task()`` gives the next, or None."""
        self._hand_out(next_task)
        while self._running:
            for outcome in self.drained(wait(self._running, return_when=FIRST_COMPLETED).done):
                yield outcome
                self._hand_out(next_task)

    def _hand_out(self, next_task: Callable) -> None:
        while len(self._running) < self._limit() and (task := next_task()) is not None:
            try:
                future = self._pool.submit(self._function, task.chunk)
            except (BrokenExecutor, RuntimeError) as problem:  # broken, or closed by its owner
                future = Future()
                future.set_exception(problem)
            self._running[future] = task

    def drained(self, futures=None) -> Iterator[tuple]:
        """Yield what some futures, or all that are still at work, have come to; drop what has not begun."""
        if futures is None:
            futures = [future for future in self._running if not future.cancel()]
        for future in list(futures):
            task = self._running.pop(future, None)
            try:
                yield task, future.result(), None
            except (Exception, CancelledError) as problem:
                yield task, None, problem
