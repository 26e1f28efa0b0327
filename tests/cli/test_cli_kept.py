"""What a run leaves in a folder: what one command writes the next reads, and nothing of anybody else is touched."""

import csv
import io
import json
import os
from pathlib import Path

import numpy as np
import pytest
from commands import RUN_FILES, SMALL, allyship, change_settings, settings_of

import sim
from sim import manifest, networks
from sim.measures import COLUMNS
from sim.parameters import presets


def test_numbers_are_written_with_all_their_bits():
    allyship("run", *SMALL, "--out", "o")
    run = sim.simulate(network=networks.two_groups(60, mean_degree=6, seed=0), steps=12)
    rows = list(csv.DictReader(io.StringIO(Path("o/history.csv").read_text())))
    for column in COLUMNS:
        assert [repr(float(row[column] or "nan")) for row in rows] == [repr(float(x)) for x in run.history[column]]


def test_parameters_make_a_file_makes_a_run_makes_the_same_run():
    toml = allyship("parameters", "--preset", "hollow", "--format", "toml").stdout
    Path("p.toml").write_text(toml)
    allyship("run", "--parameters", "p.toml", *SMALL, "--out", "one")
    allyship("run", "--preset", "hollow", *SMALL, "--out", "two")
    allyship("run", "--parameters", "one/parameters.toml", *SMALL, "--out", "three")
    allyship("run", "--parameters", "-", *SMALL, "--out", "four", input=toml)
    histories = {Path(folder, "history.csv").read_bytes() for folder in ("one", "two", "three", "four")}
    assert len(histories) == 1
    assert manifest.read("one")["inputs"][0]["file"] == "p.toml"
    result = allyship("run", "--from", "one/manifest.json", "--out", "again")
    assert "The same again" in result.stdout
    for name in ("history.csv", "people.csv", "parameters.toml"):
        assert Path("one", name).read_bytes() == Path("again", name).read_bytes()
    assert "The same again" in allyship("run", "--from", "again").stdout


def test_single_values_stand_on_top_of_a_file():
    Path("p.toml").write_text('[parameters]\npreset = "hollow"\nloyalty = 0.3\n')
    allyship(
        "run", "--parameters", "p.toml", "--set", "loyalty=0.4", "--set", "token_allowed=False", *SMALL, "--out", "o"
    )
    expected = presets()["hollow"].parameters.replace(loyalty=0.4, token_allowed=False)
    assert settings_of("o")["parameters"] == expected.to_dict()


def test_a_run_that_comes_out_differently_is_told_apart():
    allyship("run", *SMALL, "--out", "o")
    change_settings("o", seed=1)
    result = allyship("run", "--from", "o", code=1)
    assert "history.csv differs from what was recorded, first at step " in result.stdout
    assert "network differs" not in result.stdout
    told = json.loads(allyship("run", "--from", "o", "--json", code=1).stdout)
    assert told["same_as_recorded"] is False
    assert allyship("run", "--from", "o", "--quiet", code=1).stdout == ""


def test_a_changed_network_is_told_apart():
    options = ["--nodes", "people.csv", "--group", "team", "--marginalized", "blue", "--steps", "3"]
    allyship("run", "--network", "ties.csv", *options, "--out", "o")
    with open("ties.csv", "a") as ties:
        ties.write("ann,cem,1\n")
    assert "the network differs from what was recorded" in allyship("run", "--from", "o", code=1).stdout


def test_other_versions_are_named_when_something_differs():
    allyship("run", *SMALL, "--out", "o")
    content = manifest.read("o")
    content["versions"]["numpy"] = "1.0"
    content["outputs"][0]["sha256"] = "0" * 64
    Path("o/manifest.json").write_text(json.dumps(content))
    assert f"numpy 1.0 then, {np.__version__} now" in allyship("run", "--from", "o", code=1).stdout


def test_a_recorded_file_is_found_beside_its_manifest(monkeypatch):
    os.rename("people.csv", "nodes.csv")  # or it would replace the run's own people.csv
    options = ["--nodes", "nodes.csv", "--group", "team", "--marginalized", "blue", "--steps", "3"]
    allyship("run", "--network", "ties.csv", *options, "--out", "o")
    os.rename("ties.csv", "o/ties.csv")
    os.rename("nodes.csv", "o/nodes.csv")
    allyship("run", "--from", "o")
    os.remove("o/ties.csv")
    assert "neither in the current folder nor beside" in allyship("run", "--from", "o", code=2).stderr


def test_an_earlier_run_is_replaced_only_when_asked():
    allyship("run", *SMALL, "--out", "o", "--record-people")
    before = Path("o/history.csv").read_bytes()
    assert "--overwrite" in allyship("run", *SMALL, "--seed", "2", "--out", "o", code=2).stderr
    assert Path("o/history.csv").read_bytes() == before
    allyship("run", *SMALL, "--seed", "2", "--out", "o", "--overwrite")
    assert Path("o/history.csv").read_bytes() != before
    assert sorted(os.listdir("o")) == RUN_FILES  # the trajectory of the earlier run is gone
    allyship("run", "--from", "o")


@pytest.mark.parametrize("name", ["thesis.txt", "history.csv", "manifest.json"])
def test_a_folder_that_holds_something_else_is_never_touched(name):
    os.mkdir("o")
    Path("o", name).write_text("precious")
    result = allyship("run", *SMALL, "--out", "o", "--overwrite", code=2)
    assert repr(name) in result.stderr
    assert os.listdir("o") == [name]
    assert Path("o", name).read_text() == "precious"


def everything_in(folder):
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def test_a_failing_write_leaves_the_earlier_run(monkeypatch):
    allyship("run", *SMALL, "--out", "o", "--record-people")
    before = everything_in("o")

    def full(_):
        raise OSError(28, "No space left on device", "o/history.csv")

    monkeypatch.setattr(os, "fsync", full)
    result = allyship("run", *SMALL, "--out", "o", "--overwrite", code=2)
    assert result.stderr == "error: cannot use 'o/history.csv': No space left on device\n"
    assert everything_in("o") == before


@pytest.mark.skipif(os.name == "nt", reason="no such limit there")
@pytest.mark.parametrize(("limit", "file"), [(512, "history.csv"), (6000, "people.csv")])
def test_a_limit_on_the_size_of_files_leaves_the_earlier_run(limit, file):
    import resource

    allyship("run", *SMALL, "--out", "o")
    before = everything_in("o")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        result = allyship("run", *SMALL, "--people", "900", "--out", "o", "--overwrite", code=2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert result.stderr == f"error: cannot use 'o/{file}': File too large\n"
    assert everything_in("o") == before


def test_a_folder_named_like_a_file_of_ours_is_refused_before_anything_is_touched():
    allyship("run", *SMALL, "--out", "o")
    for name in ("history.csv", ".people.csv.0a1b2c3d.part"):
        path = Path("o", name)
        path.unlink(missing_ok=True)
        path.mkdir()
        before = sorted(os.listdir("o"))
        assert (
            f"holds {name!r}, no part of a run" in allyship("run", *SMALL, "--out", "o", "--overwrite", code=2).stderr
        )
        assert sorted(os.listdir("o")) == before
        path.rmdir()


def test_lone_part_files_of_a_killed_run_are_cleared():
    os.mkdir("o")
    for name in (".history.csv.0a1b2c3d.part", ".manifest.json.99999999.part"):
        Path("o", name).write_text("half")
    allyship("run", *SMALL, "--out", "o")
    assert sorted(os.listdir("o")) == RUN_FILES


@pytest.mark.parametrize("name", [".history.csv.part", ".history.csv.mine.part", ".thesis.txt.0a1b2c3d.part"])
def test_part_files_that_are_not_ours_are_not_touched(name):
    os.mkdir("o")
    Path("o", name).write_text("precious")
    assert "no part of a run" in allyship("run", *SMALL, "--out", "o", "--overwrite", code=2).stderr
    assert os.listdir("o") == [name]


@pytest.mark.parametrize("renames", range(4))
def test_a_run_that_was_killed_while_writing_is_replaced_when_asked(monkeypatch, renames):
    allyship("run", *SMALL, "--out", "o", "--record-people")
    replace, done = Path.replace, []

    def stop(path, target):
        if len(done) == renames:
            raise KeyboardInterrupt
        done.append(target)
        return replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", stop)
        allyship("run", *SMALL, "--out", "o", "--overwrite", code=130)
    assert "manifest.json" not in os.listdir("o")
    assert "stopped while it was written; add --overwrite" in allyship("run", *SMALL, "--out", "o", code=2).stderr
    allyship("run", *SMALL, "--out", "o", "--overwrite")
    assert sorted(os.listdir("o")) == RUN_FILES


@pytest.mark.parametrize("name", ["history.csv", "people.csv", "parameters.toml"])
def test_a_file_that_was_changed_after_the_run_is_named(name):
    allyship("run", *SMALL, "--out", "o")
    with Path("o", name).open("a") as file:
        file.write("# more\n")
    result = allyship("run", "--from", "o", code=1)
    assert f"{name} beside the manifest has been changed since" in result.stdout
    assert "bit for bit" not in result.stdout
    assert json.loads(allyship("run", "--from", "o", "--json", code=1).stdout)["same_as_recorded"] is False
    Path("o", name).unlink()
    assert f"{name} beside the manifest is missing" in allyship("run", "--from", "o", code=1).stdout


def test_a_manifest_alone_is_enough_to_repeat_a_run():
    allyship("run", *SMALL, "--out", "o")
    os.rename("o/manifest.json", "alone.json")
    os.remove("people.csv")  # the network's, of the same name
    assert "bit for bit" in allyship("run", "--from", "alone.json").stdout


def test_of_an_earlier_run_the_manifest_goes_first(monkeypatch):
    allyship("run", *SMALL, "--out", "o")

    def refuse(path, **_):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "unlink", refuse)
    result = allyship("run", *SMALL, "--out", "o", "--overwrite", code=2)
    assert result.stderr == "error: cannot use 'o/manifest.json': Permission denied\n"
