"""What a sweep will take: counted exactly, timed on a fake clock, weighed on real rows; nothing is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sim
from sim.checks import InputError
from sim.sweeps import executors, parts
from sim.sweeps import forecast as forecasts
from sim.sweeps.forecast import forecast
from sim.sweeps.store import StoreError

SMALL = {"loyalty": [0.5, 0.9], "network_n_people": 60, "network_mean_degree": 6, "steps": 20, "replicates": 3}


def sizes_on_disk(folder):
    return sum(path.stat().st_size for path in Path(folder, "parts").iterdir())


def everything(folder):
    return {str(p): (p.read_bytes(), p.stat().st_mtime_ns) for p in Path(folder).rglob("*") if p.is_file()}


# --- counts -----------------------------------------------------------------------------------------------


def test_of_a_grid_everything_is_known():
    told = forecast(SMALL)
    assert told.n_points == (2, 2)
    assert told.n_replicates == (3, 3)
    assert told.n_runs == told.n_to_make == (6, 6)
    assert told.n_reused == 0
    assert told.seconds.least == told.seconds.most > 0
    assert told.problems == ()


def test_the_bounds_of_a_refined_design_hold():
    design = {
        "kind": "refined", "loyalty": {"from": 0, "to": 1}, "stigma_transfer": {"from": 0, "to": 1}, "coarse": 2,
        "depth": 1, "start": ["silent", "opposed"], "network_n_people": 40, "steps": 10, "replicates": 2,
    }  # fmt: skip
    told = forecast(design)
    assert told.n_points == (2 * 3**2, 2 * 5**2)
    assert told.n_runs == (36, 100)
    swept = sim.sweep(design)
    assert told.n_runs.least <= len(swept.table) <= told.n_runs.most
    assert told.seconds.most == pytest.approx(told.seconds.least * 100 / 36)


def test_the_bounds_of_a_precision_hold_and_a_finished_sweep_is_exact(tmp_path):
    design = SMALL | {"precision": {"half_width": 0.02, "most": 8}}
    told = forecast(design)
    assert told.n_replicates == (3, 8)
    assert told.n_runs == (6, 16)
    swept = sim.sweep(design, tmp_path / "o")
    assert 6 < len(swept.table) <= 16
    after = forecast(design, tmp_path / "o")
    assert after.n_runs == (len(swept.table),) * 2
    assert after.n_reused == len(swept.table)
    assert after.n_to_make == after.seconds == after.n_bytes == (0, 0)


def test_a_refined_design_is_followed_as_far_as_the_folder_goes(tmp_path):
    design = {"kind": "refined", "stigma_transfer": {"from": 0, "to": 2}, "coarse": 2, "depth": 3,
              "network_n_people": 100, "steps": 60, "start": "allied", "replicates": 2}  # fmt: skip
    swept = sim.sweep(design, tmp_path / "o")
    told = forecast(design, tmp_path / "o")
    assert told.n_runs == (len(swept.table),) * 2
    assert told.n_points.least > 3
    more = forecast(design | {"depth": 4}, tmp_path / "o")  # another lattice, the same values so far
    assert more.n_reused >= told.n_reused
    assert more.n_runs.least >= more.n_reused


def test_what_is_in_the_folder_is_not_made_again(tmp_path):
    sim.sweep(SMALL, tmp_path / "o")
    larger = SMALL | {"replicates": 5}
    told = forecast(larger, tmp_path / "o")
    assert (told.n_runs.least, told.n_reused, told.n_to_make.least) == (10, 6, 4)
    assert forecast(larger, tmp_path / "o", record="steps").n_reused == 0


def test_failed_runs_count_as_there_unless_they_are_to_be_tried_again(tmp_path, unforeseen):
    design = {"network_n_people": 10, "network_mean_degree": [4, 20], "steps": 2, "replicates": 2}
    told = forecast(design)
    assert len(told.problems) == 1
    assert "mean_degree = 20 is out of range" in told.problems[0]
    sim.sweep(design, tmp_path / "o")
    assert forecast(design, tmp_path / "o").n_reused == 4
    assert forecast(design, tmp_path / "o", retry_failed=True).n_reused == 2


def test_the_digest_is_the_name_of_the_design_in_the_folder(tmp_path):
    sim.sweep(SMALL, tmp_path / "o")
    assert [path.stem for path in (tmp_path / "o" / "designs").iterdir()] == [forecast(SMALL).digest]


# --- nothing is touched -----------------------------------------------------------------------------------


def test_nothing_is_written(tmp_path):
    forecast(SMALL, tmp_path / "new" / "folder", record=["steps", "people"])
    assert not list(tmp_path.iterdir())
    folder = tmp_path / "o"
    sim.sweep(SMALL, folder)
    (part,) = (folder / "parts").iterdir()
    part.write_bytes(part.read_bytes()[:-1])
    (folder / "parts" / "notes.txt").write_text("mine")
    before = everything(tmp_path)
    assert forecast(SMALL, folder).n_reused == 0
    assert everything(tmp_path) == before


def test_a_folder_that_a_sweep_would_refuse_is_refused(tmp_path):
    (tmp_path / "file").write_text("mine")
    before = everything(tmp_path)
    for folder in (tmp_path, tmp_path / "file", tmp_path / "file" / "deeper", tmp_path / ("x" * 300)):
        with pytest.raises(StoreError):
            forecast(SMALL, folder)
        with pytest.raises(StoreError):
            sim.sweep(SMALL, folder)
    assert everything(tmp_path) == before


def test_bad_input_is_refused():
    with pytest.raises(InputError, match="did you mean 'steps'"):
        forecast(SMALL, record="step")
    with pytest.raises(InputError, match="workers = 0"):
        forecast(SMALL, workers=0)
    with pytest.raises(InputError, match="loyalty"):
        forecast({"loyalty": 2})


# --- time and size ----------------------------------------------------------------------------------------


@pytest.fixture
def fake_clock(monkeypatch):
    """Let runs take known times: 0.5 s for a network that is new, 0.01 s for a run, and 1 ms per person and step."""
    made, known = [], set()

    def make_run(configuration, job, networks, record):
        about = (json.dumps(configuration["network"]), job.seeds.network_seed)
        seconds = 0.01 + 0.001 * configuration["network"]["n_people"] * configuration["steps"]
        seconds += 0.5 * (about not in known)
        known.add(about)
        made.append(configuration)
        return [{"key": job.key, "place": 0, "status": "done", "seconds": seconds}]

    monkeypatch.setattr(forecasts.work, "make_run", make_run)
    return made


def test_time_is_that_of_networks_runs_and_steps(fake_clock):
    told = forecast({"loyalty": [0.5, 0.9], "network_n_people": 60, "steps": 1000, "replicates": 3}, workers=1)
    assert told.seconds.least == pytest.approx(6 * (0.01 + 60) + 3 * 0.5)  # replicates share their network
    assert max(one["steps"] for one in fake_clock) < 1000  # it did not wait for a whole run


def test_time_grows_with_the_network_and_the_stages_of_a_ramp(fake_clock):
    told = forecast({"network_n_people": [20, 40, 60], "steps": 30, "replicates": 2}, workers=1)
    assert told.seconds.least == pytest.approx(6 * (0.5 + 0.01) + 2 * 30 * 0.001 * 120)
    ramp = {"parameter": "loyalty", "values": [0.1, 0.9], "hold": 30}
    told = forecast({"ramp": ramp, "network_n_people": 20, "replicates": 2, "seed": 1}, workers=1)
    assert told.seconds.least == pytest.approx(2 * (0.5 + 4 * (0.01 + 0.6)))


def test_workers_share_the_time_as_far_as_there_are_processors(fake_clock, monkeypatch):
    monkeypatch.setattr(executors, "processors", lambda: 4)
    design = {"network_n_people": 20, "steps": 30, "replicates": 12}
    alone = forecast(design, workers=1).seconds.least
    assert forecast(design | {"seed": 1}, workers=3).seconds.least == pytest.approx(alone / 3)
    assert forecast(design | {"seed": 2}, workers=100).seconds.least == pytest.approx(alone / 4)


@pytest.mark.parametrize("record", [(), ("steps", "people")])
def test_the_size_on_disk_is_about_right(tmp_path, record):
    design = SMALL | {"replicates": 60}
    told = forecast(design, record=record)
    sim.sweep(design, tmp_path / "o", record=record)
    assert 0.4 < told.n_bytes.least / sizes_on_disk(tmp_path / "o") < 2.5


def test_a_single_run_is_weighed_exactly():
    told = forecast(SMALL | {"loyalty": 0.5, "replicates": 1})
    assert told.n_bytes.least > len(parts.written(parts.empty()))
