"""A sweep that is killed, interrupted or crowded loses nothing that was finished and makes nothing twice.

The long version of the same: ``python tests/torture/kills.py``.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pytest

import sim
from sim.sweeps.store import Store

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "torture"))
import damage
import kills

only_posix = pytest.mark.skipif(os.name != "posix", reason="SIGKILL and SIGINT are sent, and /proc is read")


@pytest.fixture(scope="module")
def digests():
    return kills.undisturbed(), kills.undisturbed(kills.OTHER)


@only_posix
@pytest.mark.parametrize(
    "about",
    [
        {"at": "start", "workers": 2},
        {"at": "running", "executor": "processes", "workers": 2},
        {"hook": {"name": "write", "count": 9, "when": "before"}},
        {"hook": {"name": "replace", "count": 12, "when": "before"}, "executor": "processes"},
        {"hook": {"name": "replace", "count": 12, "when": "after"}, "workers": 2},
        {"hook": {"name": "unlink", "count": 4, "when": "before"}},
        {"hook": {"name": "replace", "count": 1, "when": "before", "among": "manifest"}},
    ],
    ids=lambda about: " ".join(str(value) for value in about.values()),
)
def test_a_kill_costs_at_most_the_chunks_at_work(about, digests, tmp_path):
    kills.kill_one(tmp_path / "store", digests[0], np.random.default_rng(1), 0.3, **about)


@only_posix
@pytest.mark.parametrize("about", [{}, {"executor": "processes", "overlapping": True, "kill": True}])
def test_two_processes_share_a_folder(about, digests, tmp_path):
    kills.pair(tmp_path / "store", digests, np.random.default_rng(1), 0.3, **about)


@only_posix
@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_ctrl_c_leaves_a_sound_store(executor, digests, tmp_path):
    kills.interrupt(tmp_path / "store", digests[0], np.random.default_rng(1), 0.3, executor=executor, workers=2)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    return damage.Lab(tmp_path_factory.mktemp("lab"))


def once(function, before):
    """Return a function that calls `before` when it is called for the first time."""
    calls = []

    def call(*arguments, **named):
        calls.append(1)
        if len(calls) == 1:
            before()
        return function(*arguments, **named)

    return call


@pytest.mark.parametrize("moment", ["before the first part is read", "before a part is hashed"])
def test_reading_misses_no_run_while_another_process_puts_parts_together(moment, lab, monkeypatch):
    folder = lab.copy()
    store = Store(folder)
    if moment == "before a part is hashed":
        monkeypatch.setattr(Path, "read_bytes", once(Path.read_bytes, lambda: Store(folder).tidy()))
    else:
        monkeypatch.setattr(pyarrow.parquet, "read_table", once(pyarrow.parquet.read_table, Store(folder).tidy))
    assert len(store.rows(["regime"])) == len(lab.rows)
    assert sim.open_sweep(folder, lab.design).digest == lab.digest


@pytest.mark.parametrize("where", ["_merge", "_rows", "_put", "_sound_parts"])
def test_two_processes_put_parts_together_at_the_same_time(where, lab, monkeypatch):
    folder = lab.copy()
    store, real, calls = Store(folder), getattr(Store, where), []

    def call(self, *arguments, **named):
        if self is not store:
            return real(self, *arguments, **named)
        if where != "_sound_parts":
            calls.append(1)
            if len(calls) == 1:
                Store(folder).tidy()
            return real(self, *arguments, **named)
        found = real(self, *arguments, **named)  # the other one comes after they were looked for
        calls.append(1)
        if len(calls) == 1:
            Store(folder).tidy()
        return found

    monkeypatch.setattr(Store, where, call)
    store.tidy()
    monkeypatch.undo()
    assert len(kills.check_folder(folder)) == len(lab.rows)
    assert sim.open_sweep(folder, lab.design).digest == lab.digest


def test_a_folder_that_is_removed_during_a_sweep_is_told_of(lab, tmp_path, monkeypatch):
    add, calls = Store.add, []

    def add_and_remove(self, table):
        add(self, table)
        calls.append(1)
        if len(calls) == 3:
            shutil.rmtree(tmp_path / "store")

    monkeypatch.setattr(Store, "add", add_and_remove)
    with pytest.raises(sim.sweeps.store.StoreError, match="store"):
        sim.sweep(lab.design, tmp_path / "store", workers=1, chunk=2)
    monkeypatch.undo()
    assert sim.sweep(lab.design, tmp_path / "store", workers=1).digest == lab.digest
