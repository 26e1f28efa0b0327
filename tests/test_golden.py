"""One small run that may never change by accident, on any machine, Python, Mesa or NumPy."""

from __future__ import annotations

import json

import pytest

import sim
from sim.verification import golden
from sim.verification.same_seed import python


@pytest.mark.parametrize("schedule", ["synchronous", "shuffled"])
def test_the_golden_run_is_what_it_was(schedule):
    found = json.loads(json.dumps(golden.digest_of(golden.golden_run(schedule))))
    stored = golden.stored(schedule)
    assert found["people"] == stored["people"]
    assert found["tallies"] == stored["tallies"]
    assert found["lives"] == stored["lives"]


@pytest.mark.parametrize("schedule", ["synchronous", "shuffled"])
def test_the_golden_run_exercises_every_stance_and_response(schedule):
    people = golden.golden_run(schedule).trajectory["act"]
    is_marginalized = golden.golden_network().is_marginalized
    assert set(people[:, ~is_marginalized].ravel()) == {0, 1, 2, 3}
    assert set(people[:, is_marginalized].ravel()) == {0, 1, 2}


KNOBS = [name for name, value in golden.PARAMETERS.to_dict().items() if not isinstance(value, bool)]


@pytest.mark.parametrize("name", sorted(set(KNOBS) - {"crossing_share"}))  # of 24 people, whole ones cross
def test_a_slight_change_of_any_number_shows(name):
    value = getattr(golden.PARAMETERS, name)
    changed = golden.PARAMETERS.replace(**{name: 0.95 * value if value else 0.05})
    assert golden.lives_digest(golden.golden_run("synchronous", changed)) != golden.stored("synchronous")["lives"]


def test_the_mesa_model_lives_the_golden_run_too():
    run = golden.golden_run("shuffled")
    model = sim.AllyshipModel(
        run.parameters, network=run.network, rng=run.seed, start_seed=run.start_seed, start=0.4, schedule="shuffled"
    )
    model.run_for(golden.STEPS)
    assert model.state == run.state


@pytest.mark.parametrize("hash_seed", ["0", "1", "random"])
def test_the_hash_seed_does_not_change_a_bit(hash_seed):
    code = "from sim.verification import golden; print(golden.lives_digest(golden.golden_run('synchronous')))"
    with python(code, PYTHONHASHSEED=hash_seed) as process:
        out, errors = process.communicate()
    assert out.strip() == golden.stored("synchronous")["lives"], errors
