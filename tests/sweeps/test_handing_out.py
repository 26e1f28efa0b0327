"""Runs are handed out in chunks that are worth it; what was written is believed only as far as its hash."""

from __future__ import annotations

import pytest

import sim
from sim.sweeps.store import Store
from sim.sweeps.sweeping import _Queue


class Task:
    def __init__(self, n_runs):
        self.runs = [None] * n_runs


@pytest.mark.parametrize(("seconds", "left", "size"), [
    (1 / 1024, 100_000, 1000), (1 / 1024, 900, 150), (1 / 1024, 60, 60), (1 / 64, 12, 6), (1 / 4, 60, 4), (100, 12, 1),
])  # fmt: skip
def test_chunks_take_a_second_and_towards_the_end_less_but_never_next_to_nothing(seconds, left, size):
    queue = _Queue([None] * left, None, lambda: 2)
    queue.took([{"seconds": seconds}] * 10, Task(10))
    assert queue.next(lambda runs, is_suspect: len(runs)) == size


def test_a_part_that_is_damaged_after_it_was_written_is_not_believed(tmp_path):
    design = {"network_n_people": 40, "network_mean_degree": 4, "steps": 8, "replicates": 3}
    table = sim.sweep(design, tmp_path / "one")._store.rows()
    store = Store(tmp_path / "two", create=True)
    store.add(table)
    (part,) = (tmp_path / "two" / "parts").glob("*.parquet")
    raw = bytearray(part.read_bytes())
    raw[len(raw) // 2] ^= 1
    part.write_bytes(raw)
    assert len(store.rows()) == 0 and "damaged" in store.set_aside[0]
