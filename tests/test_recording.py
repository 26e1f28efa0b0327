"""People that are recorded to a folder are those that are recorded in memory; a folder is whole or refused."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from refusing import refused

import sim
from sim import manifest, recording
from sim.checks import InputError
from sim.cli import main
from sim.state import FIELDS
from sim.verification.configurations import random_run
from sim.verification.luck import Luck

NETWORK = sim.networks.two_groups(60, mean_degree=6, seed=1)
DONE = (
    sim.intervention("scene", people=[3], force="oppose", begin=2, end=5),
    sim.intervention("custom", who="random", share=0.4, set={"sympathy": 0.5}, begin=4, draw=1),
    sim.intervention("custom", who="random", share=0.3, ties=2, begin=3, end=7),
)
FILES = {*(f"{name}.npy" for name in (*FIELDS, "tallies", "picked")), "manifest.json"}


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def recorded(folder="people", **about):
    return sim.simulate(network=NETWORK, **{"steps": 8, "seed": 2, "start": 0.3, "record_to": folder} | about)


def assert_equal(one, other):
    for name in FIELDS:
        assert one.trajectory[name].dtype == other.trajectory[name].dtype
        assert one.trajectory[name].shape == other.trajectory[name].shape
        assert one.trajectory[name].tobytes() == other.trajectory[name].tobytes(), name
    assert one.state == other.state
    assert one.history.equals(other.history)
    assert one.conversions.equals(other.conversions)
    assert one.people.equals(other.people)
    assert one.interventions == other.interventions
    assert [people.tolist() for people in one.picked] == [people.tolist() for people in other.picked]
    for name in ("parameters", "seed", "start_seed", "start", "schedule", "steps", "first_step", "is_observed"):
        assert getattr(one, name) == getattr(other, name), name


# --- the same values --------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(24))
def test_a_folder_holds_what_memory_holds_and_opens_as_the_same_run(number):
    given = random_run(Luck(5, number))
    in_memory = sim.simulate(record_people=True, **given)
    in_folder = sim.simulate(record_to="people", **given)
    assert_equal(in_folder, in_memory)
    assert_equal(sim.open_recording("people", in_memory.network), in_memory)


@pytest.mark.parametrize("schedule", ["synchronous", "shuffled"])
@pytest.mark.parametrize("about", [{"interventions": DONE}, {"steps": 0}, {"observe": False}, {"threads": 3}])
def test_whatever_is_done_to_a_run(schedule, about):
    in_folder = recorded(schedule=schedule, **about)
    in_memory = recorded(None, record_people=True, schedule=schedule, **about)
    assert_equal(in_folder, in_memory)
    assert_equal(sim.open_recording("people", NETWORK), in_memory)


@pytest.mark.parametrize("schedule", ["synchronous", "shuffled"])
def test_the_readable_engine_records_the_same(schedule):
    given = {"network": NETWORK, "start": 0.3, "schedule": schedule, "interventions": DONE}
    model = sim.AllyshipModel(rng=2, **given)
    model.run_for(3, record_to="first")
    model.run_for(5, record_to="then")
    first = sim.simulate(seed=2, steps=3, record_people=True, **given)
    assert_equal(sim.open_recording("first", NETWORK), first)
    then = sim.simulate(seed=2, steps=5, record_people=True, **given | {"start": first})
    assert_equal(sim.open_recording("then", NETWORK), then)


def test_an_opened_run_goes_on_and_explains_itself_as_the_run_did():
    recorded(interventions=DONE)
    opened = sim.open_recording("people", NETWORK)
    plain = recorded(None, record_people=True, interventions=DONE)
    goes_on = {"network": NETWORK, "steps": 6, "seed": 2, "interventions": DONE, "record_people": True}
    assert_equal(sim.simulate(start=opened, **goes_on), sim.simulate(start=plain, **goes_on))
    assert str(sim.explain(opened, 3, 4)) == str(sim.explain(plain, 3, 4))
    assert opened.ally_tenure.equals(plain.ally_tenure)
    assert sim.effects.Trace(opened, recorded("others")).people.equals(
        sim.effects.Trace(plain, recorded(None, record_people=True)).people
    )


def test_the_default_network_need_not_be_given():
    run = sim.simulate(steps=1, seed=3, record_to="people")
    assert_equal(sim.open_recording("people"), run)


def test_columns_are_plain_files_that_cannot_be_changed_by_accident():
    run = recorded()
    assert set(os.listdir("people")) == FILES
    for name in FIELDS:
        assert np.array_equal(np.load(f"people/{name}.npy", allow_pickle=False), run.trajectory[name])
        with pytest.raises(ValueError, match="read-only"):
            run.trajectory[name][0, 0] = 1


# --- memory -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("about", "most"), [({"record_to": "people"}, 0.1), ({"record_people": True}, 1.2)])
def test_memory_is_bounded(about, most):
    network, steps = sim.networks.two_groups(2000, seed=1), 300
    sim.simulate(network=network, steps=2, record_people=True)  # so that everything is loaded
    tracemalloc.start()
    try:
        sim.simulate(network=network, steps=steps, **about)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < most * recording.BYTES * 2000 * (steps + 1)


@pytest.mark.usefixtures("nothing_runs")
def test_more_than_the_memory_is_refused_with_the_way_out(monkeypatch):
    monkeypatch.setattr(recording, "memory_of_machine", lambda: 34 * 60 * 9 - 1)
    refused(("60 people", "9 states", "18,360 bytes", "record_to"), recorded, None, record_people=True)


@pytest.mark.usefixtures("nothing_runs")
def test_memory_that_is_not_given_is_refused_in_the_same_way(monkeypatch):
    def nothing_left(*_):
        raise MemoryError

    monkeypatch.setattr(recording, "memory_of_machine", lambda: float("inf"))
    with monkeypatch.context() as patched:
        patched.setattr(recording.np, "empty", nothing_left)
        refused(("18,360 bytes", "record_to"), recording.InMemory, 60, 8)


def test_a_container_with_less_memory_than_its_machine_counts(monkeypatch, tmp_path):
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(recording, "_CGROUP", limit)
    whole = recording.memory_of_machine()
    for text, expected in (("max\n", whole), ("123456\n", 123456), ("9" * 18, whole)):
        limit.write_text(text)
        assert recording.memory_of_machine() == expected


# --- refused before the first step ------------------------------------------------------------------------


@pytest.mark.usefixtures("nothing_runs")
@pytest.mark.parametrize(("name", "told"), [("thesis.txt", "thesis.txt"), ("act.npy.part", "was stopped")])
def test_a_folder_that_holds_anything_is_never_touched(name, told):
    os.mkdir("people")
    Path("people", name).write_text("precious")
    refused(("record_to = 'people'", told, "new or empty folder"), recorded)
    assert os.listdir("people") == [name]
    assert Path("people", name).read_text() == "precious"


@pytest.mark.usefixtures("nothing_runs")
@pytest.mark.parametrize("value", [5, True, 0.5, ["people"], b"people", "", "a\0b", "a\ud800", "x" * 300])
def test_no_name_of_a_folder(value):
    refused(("record_to",), recorded, value, longest=400)
    assert os.listdir() == []


@pytest.mark.usefixtures("nothing_runs")
def test_a_file_and_a_place_that_may_not_be_written(monkeypatch):
    Path("file").write_text("precious")
    refused(("record_to 'file' is a file",), recorded, "file")
    os.mkdir("closed")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    refused(("record_to 'closed' may not be written to",), recorded, "closed")
    assert sorted(os.listdir()) == ["closed", "file"]


@pytest.mark.usefixtures("nothing_runs")
@pytest.mark.parametrize("is_there", [True, False])
def test_a_disk_with_too_little_room(monkeypatch, is_there):
    if is_there:
        os.mkdir("people")
    usage = recording.shutil.disk_usage(".")
    monkeypatch.setattr(recording.shutil, "disk_usage", lambda _: usage._replace(free=18_000))
    refused(("record_to = 'people'", "60 people at 9 states", "18,000 are free"), recorded)
    assert os.listdir() == ["people"] * is_there


@pytest.mark.usefixtures("nothing_runs")
def test_more_people_by_name_than_a_manifest_can_hold_are_refused(monkeypatch):
    everybody = sim.intervention("custom", people=range(60), scale={"sanction": 0.5})
    monkeypatch.setattr(manifest, "_MOST_BYTES", manifest._ROOM_FOR_THE_REST + 1000)
    refused(("record_to", "one by one", "a rule"), recorded, interventions=[everybody])
    model = sim.AllyshipModel(network=NETWORK, interventions=[everybody], rng=2)
    refused(("record_to", "one by one", "a rule"), model.run_for, 3, record_to="people")
    assert os.listdir() == []


@pytest.mark.usefixtures("nothing_runs")
def test_there_must_be_room_for_every_byte(monkeypatch):
    needed = 2000 * 2 * recording.BYTES + 2 * recording.TALLIES_BYTES + 128 * len(recording.KINDS)  # and the headers
    usage = recording.shutil.disk_usage(".")
    monkeypatch.setattr(recording.shutil, "disk_usage", lambda _: usage._replace(free=needed - 1))
    refused(("2,000 people at 2 states",), recording.InFolder, "people", 2000, 1)


def test_interventions_that_are_just_short_enough_are_recorded_and_opened(monkeypatch):
    done = [sim.intervention("custom", people=range(60), scale={"sanction": 0.5})]
    text = json.dumps({"settings": {"interventions": [one.to_dict() for one in done]}}, indent=2)
    monkeypatch.setattr(manifest, "_MOST_BYTES", manifest._ROOM_FOR_THE_REST + len(text))
    opened = recorded(interventions=done)
    assert_equal(sim.open_recording("people", NETWORK), opened)


def test_several_runs_at_a_time_record_nobody():
    with pytest.raises(TypeError, match="record_to"):
        sim.simulate_many(network=NETWORK, seeds=[1, 2, 3], record_to="people")
    with pytest.raises(InputError, match="record_to"):
        sim.sweep({"steps": 2, "record_to": "people"})
    with pytest.raises(InputError, match="record_people"):
        sim.sweep({"steps": 2, "record_people": True})


# --- stopped on the way -----------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="no such limit there")
@pytest.mark.parametrize("is_there", [True, False])
def test_a_disk_that_fills_up_on_the_way_is_one_error_and_nothing_is_left(is_there):
    import resource

    if is_there:
        os.mkdir("people")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        with pytest.raises(OSError, match=r"File too large: 'people/\w+\.npy'"):
            recorded(steps=2000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert os.listdir() == ["people"] * is_there
    assert_equal(recorded(), recorded(None, record_people=True))


KILLED = """
import os, signal, sim
from sim.engine import Engine
advance = Engine.advance
def advance_or_die(self, n_steps, **about):
    if self.step == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return advance(self, n_steps, **about)
Engine.advance = advance_or_die
sim.simulate(steps=8, record_to="people")
"""


@pytest.mark.skipif(os.name == "nt", reason="no such signal there")
def test_what_a_killed_run_leaves_is_recognised_and_refused():
    done = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, text=True, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stderr
    left = set(os.listdir("people"))
    assert left == {f"{name}.npy.part" for name in FIELDS}
    refused(("recording 'people' is not whole", "stopped"), sim.open_recording, "people")
    refused(("record_to = 'people'", "stopped"), recorded)
    assert set(os.listdir("people")) == left


def test_a_run_killed_among_its_last_files_is_refused_as_well(monkeypatch):
    def killed(*_, **__):
        os._exit(9)

    child = os.fork() if hasattr(os, "fork") else pytest.skip("no such thing there")
    if not child:
        monkeypatch.setattr(manifest, "write", killed)
        recorded()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert set(os.listdir("people")) == FILES - {"manifest.json"}
    refused(("manifest", "does not exist"), sim.open_recording, "people")


def test_of_two_runs_that_begin_at_the_same_time_the_second_harms_nothing(monkeypatch):
    with recording.InFolder("people", 60, 8):
        monkeypatch.setattr(recording.InFolder, "_check_empty", lambda self: None)  # it was empty a moment ago
        with pytest.raises(FileExistsError, match=r"act\.npy"):
            recording.InFolder("people", 60, 8)
        assert set(os.listdir("people")) == {f"{name}.npy.part" for name in FIELDS}


def test_every_column_is_on_the_disk_before_one_has_its_name(monkeypatch):
    events, sync, replace = [], os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda number: (events.append("on disk"), sync(number)))
    monkeypatch.setattr(Path, "replace", lambda path, other: (events.append(other.name), replace(path, other)))
    recorded()
    assert events[:8] == ["on disk"] * 8
    assert set(events[8:16]) == FILES - {"manifest.json"}
    assert events[16:] == ["on disk", "manifest.json"]


# --- opening ----------------------------------------------------------------------------------------------


class Harm:
    def __reduce__(self):
        return os.mkdir, ("harmed",)


def spoil_by_pickle():
    np.save("people/act.npy", np.full((9, 60), Harm(), object), allow_pickle=True)


def spoil_by_a_bare_pickle():
    Path("people/act.npy").write_bytes(pickle.dumps(Harm()))


def spoil_by_cutting():
    os.truncate("people/trust.npy", 1000)


def spoil_by_emptying():
    os.truncate("people/picked.npy", 0)


def spoil_by_shape():
    np.save("people/act.npy", np.zeros((8, 60), np.uint8))


def spoil_by_kind():
    np.save("people/tallies.npy", np.load("people/tallies.npy").astype(float))


def spoil_by_more_rows():
    with open("people/trust.npy", "ab") as file:
        file.write(bytes(60 * 8))


def spoil_by_an_archive():
    with open("people/trust.npy", "wb") as file:
        np.savez(file, trust=np.zeros((9, 60)))


def spoil_by_a_pipe():
    os.remove("people/trust.npy")
    getattr(os, "mkfifo", os.mkdir)("people/trust.npy")


def spoil_by_another_order():
    np.save("people/trust.npy", np.asfortranarray(np.load("people/trust.npy")))


def with_header(shape="(9, 60)", version=1):
    raw = Path("people/trust.npy").read_bytes()
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    length = len(header).to_bytes(2 if version == 1 else 4, "little")
    Path("people/trust.npy").write_bytes(raw[:6] + bytes([version, 0]) + length + header + raw[-9 * 60 * 8 :])


def spoil_by_a_huge_shape():
    with_header("(9999999999999, 999999999)")


def spoil_by_a_strange_shape():
    with_header("(True, 60)")


def spoil_by_a_long_header():
    with_header(f"(9, 60){' ' * 30_000}")


def spoil_by_another_format():
    with_header(version=2)


def spoil_by_removing():
    os.remove("people/stigma.npy")


@pytest.mark.parametrize("spoil", [function for name, function in globals().items() if name.startswith("spoil_")])
def test_a_file_that_is_not_what_it_was_is_refused_and_nothing_is_unpickled(spoil):
    recorded()
    spoil()
    refused(("recording 'people': ", ".npy"), sim.open_recording, "people", NETWORK, longest=400)
    assert not os.path.exists("harmed")


def test_another_network_is_refused():
    recorded()
    other = sim.networks.two_groups(60, mean_degree=6, seed=2)
    for network in (other, None):
        refused(("another network", "60 people"), sim.open_recording, "people", network)


@pytest.mark.parametrize("value", ["nowhere", 5, None, ["people"], "a\0b", "x" * 300])
def test_no_recording_to_open(value):
    refused(("cannot be opened",), sim.open_recording, value)


def test_a_folder_of_something_else_is_no_recording():
    CliRunner().invoke(main, ["run", "--people", "60", "--steps", "2", "--out", "o"], catch_exceptions=False)
    refused(("'o'", "not one of a run"), sim.open_recording, "o")
    os.mkdir("empty")
    refused(("'empty", "does not exist"), sim.open_recording, "empty")


@pytest.mark.parametrize(
    ("name", "value"),
    [("seed", -1), ("start_seed", "7"), ("steps", 9), ("steps", None), ("n_people", 0), ("n_people", 61),
     ("parameters", {"loyalty": 7}), ("interventions", [{"kind": "empthy"}]), ("interventions", None),
     ("first_step", -3), ("first_step", 2**63), ("schedule", "never"), ("is_observed", "yes"), ("start", [1])],
)  # fmt: skip
def test_a_changed_manifest_is_refused(name, value):
    recorded()
    path = Path("people/manifest.json")
    content = json.loads(path.read_text())
    content["settings"][name] = value
    path.write_text(json.dumps(content))
    refused((), sim.open_recording, "people", NETWORK, longest=400)


# --- at the command line ----------------------------------------------------------------------------------

SMALL = ("run", "--people", "60", "--mean-degree", "6", "--steps", "8", "--seed", "2")


def test_the_command_records_to_a_folder_and_beside_its_record():
    done = CliRunner().invoke(main, [*SMALL, "--record-to", "people", "--out", "o"])
    assert done.exit_code == 0, done.output
    network = sim.networks.two_groups(60, mean_degree=6, seed=2)
    run = sim.open_recording("people", network)
    assert_equal(run, sim.simulate(network=network, steps=8, seed=2, record_people=True))
    assert Path("o/history.csv").read_text() == run.history.to_csv(index=False)
    assert "trajectory.npz" not in os.listdir("o")
    done = CliRunner().invoke(main, ["run", "--from", "o", "--record-to", "again", "--quiet"])
    assert done.exit_code == 0, done.output
    assert_equal(sim.open_recording("again", network), run)


@pytest.mark.parametrize(
    ("options", "told"),
    [(["--record-to", "o", "--out", "./o"], "a folder of its own"),
     (["--record-to", "o", "--out", "full/../o"], "a folder of its own"),
     (["--record-to", "full"], "new or empty folder"),
     (["--record-to", "p", "--record-people", "--out", "o"], "exclude each other")],
)  # fmt: skip
def test_the_command_refuses_in_one_line(options, told):
    os.mkdir("full")
    Path("full/thesis.txt").write_text("precious")
    done = CliRunner().invoke(main, [*SMALL, *options])
    assert done.exit_code == 2
    assert told in done.output
    assert done.output.count("\n") == 1
    assert os.listdir() == ["full"]


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_recording_is_not_written_over_through_a_link():
    os.mkdir("people")
    os.symlink("people", "o")
    done = CliRunner().invoke(main, [*SMALL, "--record-to", "people", "--out", "o"])
    assert (done.exit_code, os.listdir("people")) == (2, [])
    assert "a folder of its own" in done.output
