"""One small run that may never change by accident, on any machine, Python, Mesa or NumPy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import sim

sys.path.insert(0, str(Path(__file__).parent / "golden"))
import make


@pytest.mark.parametrize("schedule", ["synchronous", "shuffled"])
def test_the_golden_run_is_what_it_was(schedule):
    found = json.loads(json.dumps(make.digest_of(make.golden_run(schedule))))
    stored = json.loads(make.FILES[schedule].read_text())
    assert found["people"] == stored["people"]
    assert found["tallies"] == stored["tallies"]
    assert found["lives"] == stored["lives"]


@pytest.mark.parametrize("schedule", ["synchronous", "shuffled"])
def test_the_golden_run_exercises_every_stance_and_response(schedule):
    people = make.golden_run(schedule).trajectory["act"]
    is_marginalized = make.golden_network().is_marginalized
    assert set(people[:, ~is_marginalized].ravel()) == {0, 1, 2, 3}
    assert set(people[:, is_marginalized].ravel()) == {0, 1, 2}


def test_the_mesa_model_lives_the_golden_run_too():
    run = make.golden_run("shuffled")
    model = sim.AllyshipModel(
        run.parameters, network=run.network, rng=run.seed, start_seed=run.start_seed, start=0.4, schedule="shuffled"
    )
    model.run_for(30)
    assert model.state == run.state


@pytest.mark.parametrize("hash_seed", ["0", "1", "random"])
def test_the_hash_seed_does_not_change_a_bit(hash_seed):
    code = "import json, make; print(json.dumps(make.digest_of(make.golden_run('synchronous'))['lives']))"
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(make.__file__).parent,
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(result.stdout) == json.loads(make.FILES["synchronous"].read_text())["lives"]
