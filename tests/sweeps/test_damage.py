"""Whatever happens to the files of a store, nothing wrong is used, and what was wrong is named.

The long version of the same: ``python tests/torture/damage.py``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest

import sim

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "torture"))
import damage

TWICE = ("bit_flipped", "right_name_broken_inside", "right_name_strange_words", "right_name_missing_values")
TRIALS = [(name, seed) for name in damage.CORRUPTIONS for seed in range(1 + (name in TWICE))]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    return damage.Lab(tmp_path_factory.mktemp("lab"))


@pytest.mark.skipif(os.name != "posix", reason="links, pipes and names that other systems do not have")
@pytest.mark.parametrize(("name", "seed"), TRIALS)
def test_a_damaged_store_is_noticed_and_made_whole(lab, name, seed):
    damage.check_corruption(lab, name, np.random.default_rng(seed))


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="the path of an open file is read from /proc")
@pytest.mark.parametrize(("count", "error"), [(1, "EROFS"), (9, "ENOSPC")])
@pytest.mark.parametrize("name", damage.CALLS)
def test_a_disk_that_refuses_costs_nothing_that_was_finished(lab, name, count, error):
    damage.check_refusal(lab, name, count, error)


def test_rows_are_made_again_bit_for_bit(tmp_path):
    for row in damage.check_replays(tmp_path, 16, np.random.default_rng(0)):
        assert row["outcome"] == "sound", row


def test_what_has_been_read_is_what_was_checked(lab):
    """A part that is damaged between two readings by the same object is not used."""
    folder = lab.copy()
    swept = sim.open_sweep(folder, lab.design)
    assert len(swept.table) == len(lab.rows)
    path = damage.parts_of(folder)[0]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    again = swept.stored("regime", "ally_share")
    assert len(again) < len(lab.rows)
    assert any(path.name in line for line in swept.set_aside)
