"""The table of a sweep is the same whoever does the work, and however badly they do it."""

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor

import pandas as pd
import psutil
import pytest
from plain_sweep import DESIGN, KEYS, assert_plain, plain

import sim
from sim.checks import InputError
from sim.sweeps import Design, executors, open_sweep, work
from sim.sweeps.plans import plan_of
from sim.sweeps.sweeping import WorkersLost

SMALL = DESIGN | {"replicates": 1}
WITH_FORK = pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="what is patched here reaches forked processes only"
)


def assert_plain_but(swept, key):
    """Everything as in a plain run, but for one run that failed."""
    assert swept.failures["key"].tolist() == [key]
    numbers = [name for name in swept.table if name not in ("seconds", "error")]
    mine, theirs = ([t.loc[t["key"] != key, numbers].reset_index(drop=True)] for t in (swept.table, plain().table))
    pd.testing.assert_frame_equal(*mine, *theirs, check_dtype=False, check_exact=True)


def context(method):
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"this system cannot {method}")
    return multiprocessing.get_context(method)


def with_fork(monkeypatch):
    """Have our own processes started by fork, so that they inherit what a test has patched."""
    monkeypatch.setattr(executors, "_context", lambda: context("fork"))


@pytest.mark.parametrize("chunk", [1, 7, 64, None])
@pytest.mark.parametrize("workers", [1, 2, 4])
def test_threads_of_any_number_with_chunks_of_any_size_give_the_same_table(workers, chunk):
    assert_plain(sim.sweep(DESIGN, executor="threads", workers=workers, chunk=chunk))


@pytest.mark.parametrize(("workers", "chunk"), [(1, 64), (2, 1), (4, 7), (2, None)])
def test_processes_of_any_number_give_the_same_table(workers, chunk, tmp_path):
    assert_plain(sim.sweep(DESIGN, tmp_path / "swept", executor="processes", workers=workers, chunk=chunk))
    assert_plain(open_sweep(tmp_path / "swept", DESIGN))


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_a_given_pool_gives_the_same_table_however_it_starts_its_processes_and_stays_open(method):
    with ProcessPoolExecutor(2, mp_context=context(method)) as pool:
        assert_plain(sim.sweep(DESIGN, executor=pool))
        assert pool.submit(abs, -1).result() == 1


def test_the_order_of_the_values_is_another_order_of_runs_and_the_same_table():
    shuffled = {
        name: random.Random(3).sample(values, len(values)) if isinstance(values, list) else values
        for name, values in DESIGN.items()
    }
    assert next(plan_of(Design.of(shuffled)))[0].key != KEYS[0]
    assert_plain(sim.sweep(shuffled, executor="threads", workers=2))


def test_the_table_does_not_depend_on_the_hash_seed():
    code = f"import sim; print(sim.sweep({DESIGN!r}, executor='threads', workers=2).digest)"
    started = [
        subprocess.Popen([sys.executable, "-c", code], env=os.environ | {"PYTHONHASHSEED": seed},
                         stdout=subprocess.PIPE, text=True)
        for seed in ("0", "1", "random")
    ]  # fmt: skip
    assert {process.communicate(timeout=60)[0].strip() for process in started} == {plain().digest}


class Disorderly(Executor):
    """Keeps what it is given until it has a handful, then does it in random order, some of it late."""

    def __init__(self, handful):
        self._handful, self._waiting, self._luck = handful, [], random.Random(5)
        self._lock = threading.Lock()

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        with self._lock:
            self._waiting.append((future, fn, args))
            if len(self._waiting) >= self._handful:
                threading.Thread(target=self._do, args=(self._taken(),)).start()
            else:
                threading.Timer(0.2, self._do_the_rest).start()
        return future

    def _taken(self):
        taken, self._waiting = self._waiting, []
        self._luck.shuffle(taken)
        return taken

    def _do_the_rest(self):
        with self._lock:
            taken = self._taken()
        self._do(taken)

    @staticmethod
    def _do(taken):
        for future, fn, args in taken:
            time.sleep(0.002)
            future.set_result(fn(*args))


def test_an_executor_may_do_its_tasks_in_any_order_and_late():
    assert_plain(sim.sweep(DESIGN, executor=Disorderly(5), workers=6, chunk=4))


@pytest.mark.parametrize("chunk", [1, 7, None])
def test_a_closed_executor_is_told_and_no_run_is_blamed(tmp_path, chunk):
    pool = ThreadPoolExecutor(2)
    pool.shutdown()
    with pytest.raises(WorkersLost, match=r"after shutdown.*finished before are safe"):
        sim.sweep(DESIGN, tmp_path / "swept", executor=pool, chunk=chunk)
    assert open_sweep(tmp_path / "swept").table.empty
    assert_plain(sim.sweep(DESIGN, tmp_path / "swept"))


class Failing(Executor):
    """Does some tasks, and from then on nothing but fail."""

    def __init__(self, good, problem, on_submit):
        self._left, self._problem, self._on_submit = good, problem, on_submit

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        self._left -= 1
        if self._left >= 0:
            future.set_result(fn(*args))
        elif self._on_submit:
            raise self._problem
        else:
            future.set_exception(self._problem)
        return future


class CutOff(Exception):
    """What some executor might say in its own words."""


@pytest.mark.parametrize("on_submit", [True, False])
@pytest.mark.parametrize("problem", [BrokenExecutor("gone"), CutOff("gone"), RuntimeError("gone")])
def test_an_executor_that_breaks_ends_the_sweep_in_words_and_what_was_finished_is_kept(tmp_path, problem, on_submit):
    with pytest.raises(WorkersLost, match=r"gone.*finished before are safe"):
        sim.sweep(DESIGN, tmp_path / "swept", executor=Failing(5, problem, on_submit), workers=2, chunk=7)
    assert (open_sweep(tmp_path / "swept").table["status"] == "done").sum() == 35
    assert_plain(sim.sweep(DESIGN, tmp_path / "swept", retry_failed=True))


def test_what_is_no_executor_is_refused():
    for wrong in (7, "thread", Executor, object()):
        if not callable(getattr(wrong, "submit", None)):
            with pytest.raises(InputError, match="executor"):
                sim.sweep(SMALL, executor=wrong)


def patched(monkeypatch, change):
    """Do something with the key of each run before it is made, in our own and in forked processes."""

    def changed(make):
        def made(configuration, job, *rest, **more):
            change(job.key)
            return make(configuration, job, *rest, **more)

        return made

    for name in ("make_run", "_prepared"):  # alone, and side by side
        monkeypatch.setattr(work, name, changed(getattr(work, name)))


@WITH_FORK
@pytest.mark.parametrize("chunk", [1, 7, None])
def test_a_run_that_kills_its_worker_is_one_failed_row_and_all_others_are_made(tmp_path, monkeypatch, chunk):
    plain()
    with_fork(monkeypatch)
    patched(monkeypatch, lambda key: os._exit(9) if key == KEYS[57] else None)
    swept = sim.sweep(DESIGN, tmp_path / "swept", executor="processes", workers=2, chunk=chunk)
    assert "worker that made this run was lost" in swept.failures["error"].iloc[0]
    assert_plain_but(swept, KEYS[57])
    monkeypatch.undo()
    assert_plain(sim.sweep(DESIGN, tmp_path / "swept", retry_failed=True))


@WITH_FORK
def test_a_worker_killed_from_outside_costs_nothing(tmp_path, monkeypatch):
    plain()
    with_fork(monkeypatch)
    patched(monkeypatch, lambda key: time.sleep(0.01))
    before, killed = set(psutil.Process().children()), []

    def kill_one():
        while not list((tmp_path / "swept").glob("parts/runs-*")):
            time.sleep(0.01)
        mine = [child for child in set(psutil.Process().children()) - before if "resource_tracker" not in str(child)]
        mine[0].send_signal(signal.SIGKILL)
        killed.append(mine[0])

    killer = threading.Thread(target=kill_one)
    killer.start()
    swept = sim.sweep(DESIGN, tmp_path / "swept", executor="processes", workers=2, chunk=4)
    killer.join()
    assert killed
    assert_plain(swept)


UNGUARDED = """
import multiprocessing, sys
import sim
if multiprocessing.current_process().name == "MainProcess":
    multiprocessing.set_start_method(sys.argv[2])
swept = sim.sweep({"loyalty": [0.3, 0.5], "network_n_people": 60, "steps": 20, "replicates": 2},
                  sys.argv[3], executor=sys.argv[1])
print(len(swept.table), len(swept.failures))
"""


@pytest.mark.parametrize(
    ("kind", "method", "works"),
    [("threads", "spawn", True), ("processes", "fork", False), ("processes", "spawn", False),
     ("processes", "forkserver", False)],
)  # fmt: skip
def test_a_script_without_a_main_guard_works_or_says_what_to_do(tmp_path, kind, method, works):
    context(method)
    (tmp_path / "script.py").write_text(UNGUARDED)
    done = subprocess.run(
        [sys.executable, tmp_path / "script.py", kind, method, tmp_path / "swept"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    if works:
        assert done.stdout.split() == ["4", "0"], done.stderr
    else:
        assert done.returncode == 1
        assert "under: if __name__ == '__main__'" in done.stderr.splitlines()[-1]
        assert open_sweep(tmp_path / "swept").table.empty  # no run is blamed
