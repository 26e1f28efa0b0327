"""Sweeps on clusters: a real Dask cluster whose workers die, MPI where there is one, job arrays; docs/clusters.md."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from plain_sweep import DESIGN, KEYS, assert_plain, plain

import sim
from sim.sweeps import executors, open_sweep
from sim.sweeps.store import Store
from sim.sweeps.sweeping import WorkersLost

PAGE = Path(__file__).parents[2] / "docs" / "clusters.md"
# Loaded by every worker: notes each run before it is made, takes its time, and dies of one run.
PRELOAD = """
import os, time
import sim.sweeps.work as work

if not hasattr(work, "unpatched"):
    work.unpatched = True

    def noted(make):
        def made(configuration, job, *rest, **more):
            with open(os.environ["NOTES"], "a") as notes:
                notes.write(job.key + "\\n")
            time.sleep(0.01)
            if job.key == os.environ.get("DEADLY"):
                os._exit(9)
            return make(configuration, job, *rest, **more)

        return made

    work.make_run, work._prepared = noted(work.make_run), noted(work._prepared)  # alone, and side by side
"""


class Cluster:
    """A scheduler and workers of Dask, each a process of its own, that talk by TCP."""

    def __init__(self, folder, n_workers=2, *, nanny=False, **environment):
        self.folder, self.notes = folder, folder / "notes"
        self.notes.touch()
        (folder / "preload.py").write_text(PRELOAD)
        self._environment = os.environ | {"NOTES": str(self.notes)} | environment
        about = folder / "scheduler.json"
        self._processes, self.workers = [], []
        self.scheduler = self._start("dask_scheduler", "--port", "0", "--scheduler-file", about)
        wait_for(about.exists)
        self.address = json.loads(about.read_text())["address"]
        for _ in range(n_workers):
            self.add_worker(nanny)

    def add_worker(self, nanny=False):
        self.workers.append(self._start(
            "dask_worker", self.address, "--nthreads", "1", "--nanny" if nanny else "--no-nanny",
            "--preload", self.folder / "preload.py", "--local-directory", self.folder,
        ))  # fmt: skip

    def _start(self, program, *arguments):
        command = [sys.executable, "-m", f"distributed.cli.{program}", "--host", "127.0.0.1", "--no-dashboard",
                   "--dashboard-address", "127.0.0.1:0", *map(str, arguments)]  # fmt: skip
        with open(self.folder / f"log-{len(self._processes)}", "wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, env=self._environment, start_new_session=True)
        self._processes.append(process)
        return process

    def noted(self):
        return self.notes.read_text().split()

    def after(self, n_runs, act):
        """Do something, in a thread, when so many runs have been begun."""

        def waiting():
            wait_for(lambda: len(self.noted()) >= n_runs)
            act()

        thread = threading.Thread(target=waiting, daemon=True)
        thread.start()
        return thread

    def close(self):
        for process in reversed(self._processes):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # with the workers that a nanny has started
            process.wait()


def wait_for(condition, seconds=40):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def start(tmp_path):
    """Start clusters and clients that are gone when the test is over."""
    distributed = pytest.importorskip("distributed", reason="needs Dask: pip install 'allyship-sim[cluster]'")
    plain()  # compiled kernels are there when workers start
    opened = []

    def started(n_workers=2, **settings):
        (tmp_path / "cluster").mkdir()
        cluster = Cluster(tmp_path / "cluster", n_workers, **settings)
        opened.append(cluster)
        client = distributed.Client(cluster.address, set_as_default=False)
        opened.append(client)
        if n_workers:
            client.wait_for_workers(n_workers, timeout=40)
        return cluster, client

    yield started
    for one in reversed(opened):
        one.close()


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(executors, "LOOK_SECONDS", 0.5)
    monkeypatch.setattr(executors, "LOST_SECONDS", 2)


def test_a_dask_cluster_gives_the_table_of_one_thread(start, page, tmp_path):
    cluster, client = start()
    executor = client.get_executor()
    assert executors.worker_count(executor, None) == 2
    for chunk in (None, 1):
        assert_plain(sim.sweep(DESIGN, tmp_path / f"swept{chunk}", executor=executor, chunk=chunk))
    assert sorted(cluster.noted()) == sorted(KEYS * 2)  # pure=False: an answer given before is not repeated
    network = sim.networks.two_groups(3_000, mean_degree=6, seed=1)
    given = {"networks": {"ours": network}, "loyalty": [0.4, 0.8], "steps": 3, "replicates": 2, "record": ["people"]}
    record = given.pop("record")
    swept = sim.sweep(given, executor=executor, record=record)
    here = sim.sweep(given, record=record)
    assert swept.digest == here.digest
    assert swept.people.equals(here.people)
    assert executor.submit(abs, -1).result() == 1  # left open
    assert_shown_design(tmp_path, page("on_dask.py", DASK_SCHEDULER=cluster.address))


def test_a_worker_killed_in_the_midst_costs_only_what_it_was_at(start, tmp_path):
    cluster, client = start()
    killing = cluster.after(40, cluster.workers[0].kill)
    swept = sim.sweep(DESIGN, tmp_path / "swept", executor=client.get_executor(), chunk=2)
    killing.join()
    assert cluster.workers[0].wait() == -signal.SIGKILL
    assert_plain(swept)
    rows = Store(tmp_path / "swept").rows(doubles=True)
    assert sorted(rows["key"].to_pylist()) == sorted(KEYS)
    # at most: the chunk it was at, and the one finished but not yet fetched from it
    assert len(cluster.noted()) - len(KEYS) <= 4


def test_when_all_workers_are_killed_the_sweep_ends_in_words_and_can_go_on(start, tmp_path, impatient):
    cluster, client = start()
    killing = cluster.after(40, lambda: [worker.kill() for worker in cluster.workers])
    with pytest.raises(WorkersLost, match=r"no workers for 2 seconds.*finished before are safe"):
        sim.sweep(DESIGN, tmp_path / "swept", executor=client.get_executor(), chunk=2)
    killing.join()
    assert_valid(tmp_path / "swept")
    cluster.add_worker()  # as the message says; the sweep waits for its first worker
    assert_plain(sim.sweep(DESIGN, tmp_path / "swept", executor=client.get_executor()))
    assert len(cluster.noted()) - len(KEYS) <= 8


@pytest.mark.parametrize("how", ["killed", "frozen", "client closed"])
def test_when_the_scheduler_is_gone_the_sweep_ends_in_words_and_can_go_on(start, tmp_path, impatient, how):
    cluster, client = start()
    act = {
        "killed": cluster.scheduler.kill,
        "frozen": lambda: cluster.scheduler.send_signal(signal.SIGSTOP),
        "client closed": client.close,
    }[how]
    acting = cluster.after(40, act)
    with pytest.raises(WorkersLost, match="finished before are safe"):
        sim.sweep(DESIGN, tmp_path / "swept", executor=client.get_executor(), chunk=2)
    if how == "frozen":
        cluster.scheduler.send_signal(signal.SIGCONT)
    acting.join()
    assert_valid(tmp_path / "swept")
    assert_plain(sim.sweep(DESIGN, tmp_path / "swept", executor="threads"))


def assert_valid(folder):
    kept = open_sweep(folder)
    assert kept.failures.empty
    assert kept.set_aside == []
    assert 40 - 8 <= len(kept.table) < len(KEYS)  # all but what was at work


def test_a_run_that_kills_workers_is_one_failed_row(start, tmp_path):
    _, client = start(nanny=True, DEADLY=KEYS[57], DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0")
    swept = sim.sweep(DESIGN, tmp_path / "swept", executor=client.get_executor(), chunk=8)
    assert swept.failures["key"].tolist() == [KEYS[57]]
    assert "KilledWorker" in swept.failures["error"].iloc[0]
    done = swept.table[swept.table["status"] == "done"]
    assert set(done["key"]) == set(KEYS) - {KEYS[57]}
    assert_plain(sim.sweep(DESIGN, tmp_path / "swept", retry_failed=True))  # here it does no harm


# --- what docs/clusters.md shows -------------------------------------------------------------------------------


def shown(name):
    """Return the script of that name from the page."""
    found = re.search(rf"```python\n(# {re.escape(name)}\n.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found, f"docs/clusters.md shows no {name}"
    return found[1]


@pytest.fixture
def page(tmp_path):
    """Write the scripts of the page into a folder, and return a function that runs one."""
    for name in ("design.py", "on_dask.py", "on_mpi.py", "one_of_many.py", "together.py"):
        (tmp_path / name).write_text(shown(name))
    with open(tmp_path / "design.py", "a") as file:  # a test has no cluster for an hour
        file.write('DESIGN |= {"network_n_people": 60, "steps": 20, "replicates": 3}\n')

    def run(name, *before, **environment):
        command = [*before, sys.executable, *(("-m", "mpi4py.futures") if before else ()), name]
        return subprocess.run(
            command, cwd=tmp_path, env=os.environ | environment, capture_output=True, text=True, timeout=100
        )

    return run


def assert_shown_design(folder, made_by):
    assert made_by.returncode == 0, made_by.stderr
    namespace = {}
    exec((folder / "design.py").read_text(), namespace)
    assert made_by.stdout.split()[-1] == sim.sweep(namespace["DESIGN"]).digest


def test_the_mpi_script_of_the_page_runs(page, tmp_path):
    pytest.importorskip("mpi4py", reason="needs mpi4py")
    launcher = shutil.which("mpiexec", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if launcher is None:
        pytest.skip("needs an MPI library with mpiexec")
    assert_shown_design(tmp_path, page("on_mpi.py", launcher, "-n", "3"))


def test_the_job_array_of_the_page_runs_and_its_folders_may_be_put_together(page, tmp_path):
    for task in range(2):
        done = page("one_of_many.py", SLURM_ARRAY_TASK_ID=str(task), SLURM_ARRAY_TASK_COUNT="2")
        assert done.returncode == 0, done.stderr
    together = page("together.py")
    assert_shown_design(tmp_path, together)
    assert "reused" in together.stdout
    assert "made:" not in together.stdout  # every run was there already


@pytest.mark.parametrize("luck", ["common", "independent"])
def test_parts_of_several_folders_may_be_copied_together_whatever_was_in_which(tmp_path, luck):
    """The name of a part is its hash, and the key of a row that of its configuration: nothing can clash."""
    network = sim.networks.karate_club()
    whole = DESIGN | {"luck": luck, "replicates": 2, "networks": {"club": network, "made": {"n_people": 60}}}
    del whole["network_homophily"], whole["network_n_people"]
    whole["network"] = ["club", "made"]
    expected = sim.sweep(whole)
    overlapping = [{"loyalty": [0.3, 0.5]}, {"loyalty": [0.5, 0.7]}, {"loyalty": 0.9, "start": "allied"},
                   {"start": "silent"}]  # fmt: skip
    for i, part in enumerate(overlapping):
        sim.sweep(whole | part, tmp_path / f"task{i}", chunk=3)
        shutil.copytree(tmp_path / f"task{i}", tmp_path / "all", dirs_exist_ok=True)
    together = sim.sweep(whole, tmp_path / "all")
    assert together.digest == expected.digest
    assert together.set_aside == []
    assert "made" not in " ".join(together.reasons).replace("reused: made earlier", "")
