"""The command, used as its user would: what one command writes the next reads, and every refusal is one line."""

import csv
import inspect
import io
import json
import os
import shlex
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import click
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import sim
from sim import manifest, networks
from sim.cli import experiments, main
from sim.cli.networks import option_name
from sim.measures import COLUMNS
from sim.parameters import KNOBS, Parameters, presets

SMALL = ("--people", "60", "--mean-degree", "6", "--steps", "12")
RUN_FILES = ["history.csv", "manifest.json", "parameters.toml", "people.csv"]
TIES = "source,target,times\nann,bob,3\nbob,cem,1\ncem,dan,2\ndan,ann,1\nann,ann,9\n"
PEOPLE = "name,team\nann,red\nbob,blue\ncem,red\ndan,blue\n"


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path, monkeypatch):
    """Work in a folder that holds a small network."""
    monkeypatch.chdir(tmp_path)
    Path("ties.csv").write_text(TIES)
    Path("people.csv").write_text(PEOPLE)
    return tmp_path


def allyship(*args, code=0, **about):
    separate = {"mix_stderr": False} if "mix_stderr" in inspect.signature(CliRunner).parameters else {}
    result = CliRunner(**separate).invoke(main, args, **about)
    assert result.exit_code == code, f"{args}: {result.stdout}{result.stderr}{result.exception!r}"
    return result


def as_program(*args, **about):
    return subprocess.run(
        [sys.executable, "-m", "sim", *args], capture_output=True, timeout=120, **{"text": True, **about}
    )


def settings_of(folder):
    return manifest.read(folder)["settings"]


def change_settings(folder, **changes):
    path = Path(folder, "manifest.json")
    content = json.loads(path.read_text())
    content["settings"] |= changes
    path.write_text(json.dumps(content))


# --- a run ------------------------------------------------------------------------------------------------


def test_a_run_is_told_in_plain_words():
    result = allyship("run", *SMALL, "--set", "stigma_transfer=0.2", "--seed", "3")
    network = networks.two_groups(60, mean_degree=6, seed=3)
    run = sim.simulate(Parameters(stigma_transfer=0.2), network, steps=12, seed=3)
    lines = result.stdout.splitlines()
    assert lines[0].startswith(f"{run.regime.name}: ")
    last = run.history.iloc[-1]
    assert f"Advantaged, 48 people: ally {last.ally_share:.0%}" in result.stdout
    assert f"Marginalized, 12 people: welcome allies {last.welcome_share:.0%}" in result.stdout
    assert f"{last.mean_trust:.2f}" in result.stdout
    assert "What it does not mean" in result.stdout
    assert result.stderr == ""


def test_every_option_of_a_run_reaches_it():
    options = ["--start", "0.4", "--seed", "5", "--start-seed", "6", "--schedule", "shuffled", "--network-seed", "7"]
    options += ["--marginalized-share", "0.3", "--homophily", "0.1", "--preset", "mixed", "--set", "noise=0.7"]
    allyship("run", *SMALL, *options, "--out", "o", "--record-people", "--threads", "1")
    network = networks.two_groups(60, 0.3, mean_degree=6, homophily=0.1, seed=7)
    run = sim.simulate(
        sim.preset("mixed").replace(noise=0.7), network,
        steps=12, start=0.4, seed=5, start_seed=6, schedule="shuffled", record_people=True,
    )  # fmt: skip
    assert Path("o/history.csv").read_text() == run.history.to_csv(index=False)
    assert Path("o/people.csv").read_text() == run.people.to_csv(index=False)
    with np.load("o/trajectory.npz") as trajectory:
        assert set(trajectory) == set(run.trajectory)
        assert all(trajectory[name].tobytes() == run.trajectory[name].tobytes() for name in trajectory)


def test_the_seeds_follow_the_seed():
    allyship("run", *SMALL, "--seed", "9", "--out", "o")
    settings = settings_of("o")
    assert (settings["seed"], settings["start_seed"], settings["network"]["seed"]) == (9, 9, 9)


def test_seed_zero_is_a_seed():
    allyship("run", *SMALL, "--seed", "9", "--start-seed", "0", "--network-seed", "0", "--out", "o")
    assert (settings_of("o")["start_seed"], settings_of("o")["network"]["seed"]) == (0, 0)


@pytest.mark.parametrize("family", networks.GENERATORS)
def test_every_family_runs_and_repeats(family):
    people = ("--people", "14", "--steps", "3")
    allyship("run", "--family", family, *people, "--out", "o", "--quiet")
    assert settings_of("o")["network"]["family"] == family
    allyship("run", "--from", "o")


def test_every_argument_of_every_family_has_an_option():
    options = {name for param in main.commands["run"].params for name in param.opts}
    for family in networks.GENERATORS.values():
        assert {option_name(argument) for argument in inspect.signature(family).parameters} <= options


def test_every_argument_of_a_file_has_an_option():
    destinations = {param.name for param in main.commands["run"].params}
    arguments = set(inspect.signature(networks.load).parameters) - {"path"}
    assert arguments <= destinations


def test_a_real_network():
    result = allyship("run", "--real", "karate_club", "--steps", "3", "--out", "o")
    assert "Marginalized (Officer), 17 people" in result.stdout
    assert settings_of("o")["network"] == {"real": "karate_club"}
    assert "bit for bit" in allyship("run", "--from", "o").stdout


def test_a_network_from_a_file_says_what_was_changed():
    options = ["--nodes", "people.csv", "--group", "team", "--marginalized", "blue", "--weight", "times"]
    result = allyship("run", "--network", "ties.csv", *options, "--min-weight", "2", "--steps", "3", "--out", "o")
    notes = result.stderr.splitlines()
    assert all(line.startswith("note: ") for line in notes)
    assert any("2 of 5 ties dropped: times below 2" in line for line in notes)
    inputs = {entry["file"] for entry in manifest.read("o")["inputs"]}
    assert inputs == {"ties.csv", "people.csv"}
    assert "bit for bit" in allyship("run", "--from", "o").stdout


def test_a_generated_network_says_what_was_changed():
    note = allyship("run", "--people", "14", "--steps", "1").stderr
    assert note.startswith("note: ")
    assert "homophily" in note
    assert note.count("\n") == 1


def test_json_is_for_programs():
    result = json.loads(allyship("run", *SMALL, "--marginalized-share", "0", "--json").stdout)
    assert result["regime"] in sim.Regime.__members__
    assert list(result["last"]) == list(COLUMNS)
    assert result["last"]["step"] == 12
    assert result["last"]["mean_trust"] is None
    assert result["settings"]["network"]["n_people"] == 60


def test_quiet_prints_nothing():
    result = allyship("run", *SMALL, "--quiet")
    assert result.stdout == result.stderr == ""


@pytest.mark.parametrize("share", ["0", "1"])
def test_an_empty_group_is_nobody(share):
    result = allyship("run", *SMALL, "--marginalized-share", share)
    assert "nobody." in result.stdout
    assert "nan" not in result.stdout


# --- what is written, and read again ----------------------------------------------------------------------


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
    Path("ties.csv").write_text(TIES + "ann,cem,1\n")
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


# --- what there is ----------------------------------------------------------------------------------------


def test_alone_it_gives_a_tour_of_three_lines():
    assert len(allyship().stdout.splitlines()) == 3


@pytest.mark.parametrize("preset", presets())
def test_parameters_as_toml_and_csv_and_json_hold_the_values(preset):
    values = presets()[preset].parameters.to_dict()
    args = ("parameters", "--preset", preset, "--format")
    assert tomllib.loads(allyship(*args, "toml").stdout)["parameters"] == values
    rows = list(csv.DictReader(io.StringIO(allyship(*args, "csv").stdout)))
    assert {row["name"]: json.loads(row["value"]) for row in rows} == values
    assert {row["name"]: row["value"] for row in json.loads(allyship(*args, "json").stdout)} == values


@pytest.mark.parametrize("form", ["table", "csv", "json", "markdown"])
def test_everything_declared_about_a_knob_is_shown(form):
    text = allyship("parameters", "--format", form).stdout
    text = text.encode().decode("utf-8").replace('""', '"')
    for knob in KNOBS:
        for about in (knob.name, knob.symbol, knob.meaning, knob.mechanism, knob.source):
            assert about in text, (knob.name, about)


def test_the_table_is_one_line_per_knob_in_a_pipe():
    lines = allyship("parameters").stdout.splitlines()
    for knob in KNOBS:
        (line,) = (line for line in lines if line.startswith(f"  {knob.name} "))
        assert knob.meaning in line
        assert knob.source in line


def test_one_knob_is_explained_in_full():
    text = allyship("parameters", "stigma_transfer", "--preset", "spread").stdout
    (knob,) = (knob for knob in KNOBS if knob.name == "stigma_transfer")
    for about in (knob.symbol, knob.meaning, knob.source, "0.2 (default 0.4)", "0 to 100", "group_stigma"):
        assert about in text
    command = text.splitlines()[-1].split("allyship ")[1]
    allyship(*command.split(), *SMALL)


def test_a_word_that_is_no_parameter_shows_those_that_have_it():
    told = json.loads(allyship("parameters", "stigma", "--format", "json").stdout)
    expected = [knob.name for knob in KNOBS if "stigma" in (knob.name + knob.meaning).lower()]
    assert [one["name"] for one in told] == expected and "stigma_cost" in expected
    assert len(allyship("parameters", "PUNISHED").stdout.splitlines()) == 2  # a mechanism and its line
    both = json.loads(allyship("parameters", "loyalty", "hostil", "--format", "json").stdout)
    assert {"loyalty", "hostility"} <= {one["name"] for one in both} and "loyalty_spread" not in str(both)


@pytest.mark.parametrize(("words", "same"), [(("help",), ("--help",)), (("help", "run"), ("run", "--help")),
                                             (("experiments", "help"), ("experiments", "--help"))])  # fmt: skip
def test_the_word_help_is_the_option(words, same):
    assert allyship(*words).stdout == allyship(*same).stdout


def test_part_of_a_parameter_file_stands_on_its_preset():
    toml = allyship("parameters", "loyalty", "--preset", "hollow", "--format", "toml").stdout
    assert Parameters.from_toml(toml) == presets()["hollow"].parameters


def test_presets_are_listed_with_what_they_show():
    text = allyship("presets").stdout
    for item in presets().values():
        assert f"{item.name}: {item.sentence}" in text
        assert all(f"{name}={value}" in text for name, value in item.parameters.changes().items())


def test_networks_are_listed_with_their_arguments():
    text = allyship("networks").stdout
    for name, family in networks.GENERATORS.items():
        assert name in text
        assert all(option_name(argument) in text for argument in inspect.signature(family).parameters)
    assert all(name in text for name in networks.REAL)
    assert allyship("networks", "small_world").stdout.strip() == inspect.getdoc(networks.small_world)


# --- experiments ------------------------------------------------------------------------------------------


@pytest.fixture
def studies(tmp_path, monkeypatch):
    """Let there be three experiments beside the package."""
    folder = tmp_path / "home" / "experiments"
    folder.mkdir(parents=True)
    monkeypatch.setattr(experiments, "_HOME", tmp_path / "home")
    echo = '"""Does it echo?\n\nMore."""\nimport sys\nprint(sys.argv[1:])\nsys.exit(7)\n'
    (folder / "echo.py").write_text(echo)
    (folder / "silent.py").write_text("raise SystemExit('never run by list')\n")
    (folder / "broken.py").write_text("def (:\n")
    (folder / "_helper.py").write_text('"""Not an experiment."""\n')


def test_experiments_are_listed_without_running_them(studies):
    lines = allyship("experiments", "list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["broken", "echo", "silent"]
    assert "Does it echo?" in lines[1]
    assert "cannot be read" in lines[0]


@pytest.mark.parametrize("name", ["echo", "echo.py"])
def test_an_experiment_gets_its_own_arguments(studies, name, capfd):
    allyship("experiments", "run", name, "--quick", "--help", "-x", "a b", code=7)
    assert capfd.readouterr().out == "['--quick', '--help', '-x', 'a b']\n"


def test_an_unknown_experiment(studies):
    message = allyship("experiments", "run", "ecko", code=2).stderr
    assert "'ecko' is not known (did you mean 'echo'?); allowed: broken, echo, silent" in message


def test_without_the_source_there_are_no_experiments(tmp_path, monkeypatch):
    monkeypatch.setattr(experiments, "_HOME", tmp_path / "nowhere")
    for words in (["list"], ["run", "x"]):
        assert "not in the installed package" in allyship("experiments", *words, code=2).stderr
    os.mkdir("experiments")
    Path("experiments/mine.py").write_text('"""Mine."""\n')
    assert allyship("experiments", "list").stdout == "mine  Mine.\n"


# --- help -------------------------------------------------------------------------------------------------


def commands(group=main, path=()):
    yield path, group
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, (*path, name))


def examples(path):
    lines = allyship(*path, "--help").stdout.splitlines()
    start = lines.index("  Examples:")
    return [line.strip() for line in lines[start + 1 : lines.index("", start)]]


LONG = {("app",), ("scoreboard",), ("verify",)}  # what they do takes minutes, or does not end; it has tests of its own


@pytest.mark.parametrize("path", sorted(LONG), ids=" ".join)
def test_every_example_of_a_long_command_is_understood(path):
    for line in examples(path):
        words = shlex.split(line)[1:]
        assert dict(commands())[path].make_context(words[0], words[1:]).params


@pytest.mark.parametrize("path", [path for path, _ in commands() if path not in LONG], ids=" ".join)
def test_every_example_in_the_help_runs(path):
    lines = examples(path)
    assert lines
    for line in lines:
        words = shlex.split(line)
        assert words.pop(0) == "allyship", line
        if "NAME" in words:  # stands for an experiment's name
            continue
        file = words[-1] if ">" in words else os.devnull
        words = words[: words.index(">")] if ">" in words else words
        Path(file).write_text(allyship(*words).stdout)


@pytest.mark.parametrize("path", [path for path, _ in commands()], ids=" ".join)
def test_every_help_opens_with_one_short_sentence_and_explains_every_option(path):
    lines = allyship(*path, "--help").stdout.splitlines()
    assert lines[1] == lines[3] == ""
    assert lines[2].endswith(".")
    for param in dict(commands())[path].params:
        assert isinstance(param, click.Argument) or param.help, param.name


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell):
    assert "_ALLYSHIP_COMPLETE" in allyship("completion", shell).stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("allyship ru", "run"),
        ("allyship run --pres", "--preset"),
        ("allyship run --preset hol", "hollow"),
        ("allyship run --set stigma_tr", "stigma_transfer="),
        ("allyship run --family small", "small_world"),
        ("allyship run --real k", "karate_club"),
        ("allyship parameters loyalty_", "loyalty_spread"),
    ],
)
def test_the_tab_key(words, expected):
    surroundings = {
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
        "_ALLYSHIP_COMPLETE": "bash_complete",
    }
    result = CliRunner().invoke(main, [], prog_name="allyship", env=surroundings)
    assert result.stdout.splitlines() == [f"plain,{expected}"]


# --- refusals ---------------------------------------------------------------------------------------------

SHARE = "a number from 0 to 1"
SEEDS = "from 0 to 18446744073709551615"
FROM_FILE = ("run", "--network", "ties.csv", "--nodes", "people.csv")
REFUSED = [
    # the command itself
    (("rnu",), ("command 'rnu'", "did you mean 'run'?", "allowed: app, completion, experiments, explorer")),
    (("--verzion",), ("option '--verzion'", "did you mean '--version'?", "--help")),
    (("x" * 5000,), ("command 'xxx", "allowed: app")),
    (("ru\x1b[31mn\n",), (r"ru\x1b[31mn\n", "allowed: app")),
    # options of a run
    (("run", "--stepps", "3"), ("'--stepps'", "did you mean '--steps'?")),
    (("run", "--steps"), ("'--steps' requires an argument",)),
    (("run", "surplus"), ("unexpected extra argument", "surplus")),
    (("run", "hollow", "--steps", "3"), ("'hollow'", "did you mean '--preset hollow'?")),
    (("run", "--loyalty", "2"), ("'--loyalty'", "did you mean '--set loyalty=2'?")),
    (("run", "--stigma-transfer=0.3"), ("did you mean '--set stigma_transfer=0.3'?",)),
    (("run", "--steps", "3", "--loyalty"), ("did you mean '--set loyalty=VALUE'?",)),
    (("run", "--loyalty", "--steps", "3"), ("did you mean '--set loyalty=VALUE'?",)),
    (("run", "--loyalty=", "--steps", "3"), ("did you mean '--set loyalty=VALUE'?",)),
    (("run", "--sympathy", "-0.5"), ("did you mean '--set sympathy=-0.5'?",)),
    (("run", "--loyality", "2"), ("'--loyality'", "did you mean '--set loyalty=2'?")),
    (("run", "holow"), ("'holow'", "did you mean '--preset hollow'?")),
    (("explorer", "x.html"), ("'x.html'", "did you mean '-o x.html'?")),
    (("networks", "star", "ring"), ("unexpected extra argument 'ring'; ",)),
    (("run", "--steps", "many"), ("--steps", "a whole number from 0 to", "'many'")),
    (("run", "--steps", "-1"), ("--steps = -1", "from 0 to")),
    (("run", "--steps", "1.5"), ("--steps", "'1.5'", "a whole number")),
    (("run", "--steps", "9" * 5000), ("--steps", "a whole number from 0 to", "'999")),
    (("run", "--seed", "-1"), ("--seed = -1", SEEDS)),
    (("run", "--seed", str(2**64)), (f"--seed = {2**64}", SEEDS)),
    (("run", "--steps", "1_0"), ("--steps", "'1_0'", "a whole number")),
    (("run", "--steps", "１２"), ("--steps", "'１２'", "a whole number")),
    (("run", "--start", "1_0e-1"), ("start = '1_0e-1'", "silent, allied, opposed")),
    (("run", "--start", "٠.٥"), ("start = '٠.٥'", "silent, allied, opposed")),
    (("run", "--mean-degree", "1_0"), ("--mean-degree", "a number", "'1_0'")),
    (("run", "--start-seed", "x"), ("--start-seed", SEEDS, "'x'")),
    (("run", "--network-seed", "x"), ("--network-seed", SEEDS, "'x'")),
    (("run", "--threads", "0"), ("--threads = 0", "from 1 to")),
    (("run", "--start", "slient"), ("start = 'slient'", "did you mean 'silent'?", "silent, allied, opposed")),
    (("run", "--start", "1.5"), ("start = 1.5", SHARE)),
    (("run", "--start", "nan"), ("start = nan", SHARE)),
    (("run", "--schedule", "shufled"), ("schedule = 'shufled'", "did you mean 'shuffled'?", "synchronous")),
    (("run", "--quiet", "--json"), ("--quiet and --json exclude each other",)),
    (("run", "--overwrite"), ("--overwrite needs --out",)),
    (("run", "--record-people"), ("--record-people needs --out",)),
    # the rules
    (("run", "--preset", "holow"), ("preset = 'holow'", "did you mean 'hollow'?", "silence, spread")),
    (("run", "--preset", "hollow", "--parameters", "p.toml"), ("--preset and --parameters exclude each other",)),
    (("run", "--set", "loyalty"), ("--set 'loyalty'", "name=value")),
    (("run", "--set", "=1"), ("parameter ''", "allowed: loyalty")),
    (("run", "--set", "loialty=1"), ("'loialty'", "did you mean 'loyalty'?")),
    (("run", "--set", "loyalty=2"), ("loyalty = 2.0", SHARE)),
    (("run", "--set", "loyalty=inf"), ("loyalty = inf", SHARE)),
    (("run", "--set", "loyalty=0_1"), ("loyalty", "'0_1'", SHARE)),
    (("run", "--set", "loyalty=٠.٥"), ("loyalty", "'٠.٥'", SHARE)),
    (("run", "--set", "loyalty=high"), ("loyalty", "'high'", SHARE)),
    (("run", "--set", "ally_allowed=1"), ("ally_allowed", "true or false", "'1'")),
    (("run", "--set", "loyalty=0", "--set", "loyalty=1"), ("loyalty twice", "once")),
    # a generated network
    (("run", "--family", "smallworld"), ("--family = 'smallworld'", "did you mean 'small_world'?", "two_groups")),
    (("run", "--people", "0"), ("--people = 0", "from 1 to 100000000")),
    (("run", "--people", "1e3"), ("--people", "'1e3'", "a whole number from 1 to")),
    (("run", "--people", "9", "--mean-degree", "9"), ("mean_degree = 9", "greatest possible mean degree is 8")),
    (("run", "--mean-degree", "ten"), ("--mean-degree", "a number", "'ten'")),
    (("run", "--marginalized-share", "2"), ("marginalized_share = 2", SHARE)),
    (("run", "--homophily", "1.1"), ("homophily = 1.1", "to 1")),
    (("run", "--family", "complete", "--rewiring", "0"), ("--rewiring", "--family complete", "--people")),
    (("run", "--family", "ring_lattice", "--groups", "x"), ("groups = 'x'", "random, clustered")),
    # a network from elsewhere
    (("run", "--real", "karate"), ("--real = 'karate'", "did you mean 'karate_club'?")),
    (("run", "--real", "karate_club", "--people", "9"), ("--people and --real", "choose one of --family, --network")),
    (("run", "--network", "ties.csv"), ("--group is missing", "--marginalized")),
    (("run", "--group", "team", "--marginalized", "blue"), ("--network is missing",)),
    (
        ("run", "--network", "tie.csv", "--group", "g", "--marginalized", "m"),
        ("'tie.csv' does not exist", "'ties.csv'"),
    ),
    ((*FROM_FILE, "--group", "tem", "--marginalized", "blue"), ("group = 'tem'", "did you mean 'team'?")),
    (
        (*FROM_FILE, "--group", "team", "--marginalized", "blu"),
        ("marginalized = 'blu'", "did you mean 'blue'?", "'red'"),
    ),
    ((*FROM_FILE, "--group", "team", "--marginalized", "blue", "--directed", "x"), ("'x'", "any, mutual")),
    (
        (*FROM_FILE, "--group", "team", "--marginalized", "blue", "--weight", "times"),
        ("weight = 'times'", "min_weight"),
    ),
    (("run", "--network", "a\0b", "--group", "g", "--marginalized", "m"), (r"a\x00b",)),
    # where it goes
    (("run", "--out", ""), ("--out = ''", "the name of a folder")),
    (("run", "--out", "a\0b"), (r"--out = 'a\x00b'", "the name of a folder")),
    (("run", "--out", "x" * 300), ("--out = 'xxx", "File name too long")),
    (("run", "--out", "new/" + "x" * 300), ("--out = 'new/xxx", "File name too long")),
    (("run", "--out", "new/" * 1100), ("--out = 'new/new", "File name too long")),
    (("run", "--out", "ties.csv"), ("--out = 'ties.csv'", "is a file, not a folder", "a new or empty folder")),
    (("run", "--out", "ties.csv/deeper"), ("--out = 'ties.csv/deeper'", "is a file, not a folder")),
    (("run", "--out", "."), ("--out = '.'", "'ties.csv'", "a new or empty folder")),
    # again
    (("run", "--from", "nowhere"), ("manifest 'nowhere' does not exist",)),
    (("run", "--from", "ties.csv"), ("manifest 'ties.csv' is not valid JSON",)),
    (("run", "--from", "nowhere", "--seed", "3"), ("--seed does not go with --from",)),
    (("run", "--from", "nowhere", "--set", "loyalty=1"), ("--set does not go with --from",)),
    # the other commands
    (("parameters", "stigma_transfr"), ("'stigma_transfr'", "did you mean 'stigma_transfer'?")),
    (("parameters", "--format", "yaml"), ("--format = 'yaml'", "table, toml, csv, json, markdown")),
    (("parameters", "--preset", "spred"), ("preset = 'spred'", "did you mean 'spread'?")),
    (("networks", "scalefree"), ("network = 'scalefree'", "did you mean 'scale_free'?")),
    (("completion", "tcsh"), ("shell = 'tcsh'", "bash, zsh, fish")),
    (("completion",), ("Missing argument", "--help")),
    (("experiments", "lst"), ("command 'lst'", "did you mean 'list'?", "list, run")),
]


def assert_refused(result, *fragments):
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    assert result.stderr.endswith("\n")
    assert result.stderr[:-1].isprintable()
    assert len(result.stderr) < 1100
    assert "Traceback" not in result.stderr + result.stdout
    for fragment in fragments:
        assert fragment in result.stderr


@pytest.mark.parametrize(("args", "fragments"), REFUSED, ids=lambda value: " ".join(value)[:40])
def test_a_command_line_that_cannot_be_used(args, fragments):
    before = sorted(os.listdir())
    assert_refused(allyship(*args, code=2), *fragments)
    assert sorted(os.listdir()) == before  # nothing is left behind


PARAMETER_FILES = [
    (b"loyalty = 0.5", ("loyalty", "[parameters]")),
    (b"[parameters]\nloialty = 0.5", ("'loialty'", "did you mean 'loyalty'?")),
    (b"[parameters]\nloyalty = 2", ("loyalty = 2", SHARE)),
    (b"[parameters]\nloyalty = nan", ("loyalty = nan", SHARE)),
    (b"[parameters]\nloyalty = '0.5'", ("loyalty", "'0.5'", SHARE)),
    (b"[parameters]\nloyalty = true", ("loyalty", "True", SHARE)),
    (b"[parameters]\nally_allowed = 1", ("ally_allowed", "True or False", "1")),
    (b"[parameters]\npreset = 'holow'", ("preset = 'holow'", "did you mean 'hollow'?")),
    (b"[parameters]\npreset = 3", ("preset = 3", "hollow")),
    (b"[[parameters]]\nloyalty = 0.5", ("[parameters] must be", "name = value")),
    (b"[parameters\n", ("not valid TOML", "line 1")),
    (b"\xff\xfe[", ("not UTF-8",)),
    (b"a = " + b"[" * 60_000, ("not valid TOML",)),
    (b"[parameters]\nloyalty = 1" + b"0" * 400, ("p.toml",)),
    (b"[parameters]\nloyalty = 1" + b"0" * 5000, ("p.toml",)),
    (b"#" * 65_537, ("too long", "65536")),
    (b"a" + b".a" * 16_000 + b" = 1", ("p.toml", "more than 8 dots")),
]  # fmt: skip


@pytest.mark.parametrize("source", ["file", "standard input"])
@pytest.mark.parametrize(("raw", "fragments"), PARAMETER_FILES, ids=lambda value: str(value)[:40])
def test_a_parameter_file_that_cannot_be_used(raw, fragments, source):
    Path("p.toml").write_bytes(raw)
    if source == "file":
        assert_refused(allyship("run", "--parameters", "p.toml", code=2), "p.toml", *fragments)
    else:
        fragments = ["standard input" if fragment == "p.toml" else fragment for fragment in fragments]
        assert_refused(allyship("run", "--parameters", "-", input=raw, code=2), *fragments)


def test_a_parameter_file_that_holds_only_a_path_is_not_followed():
    Path("other.toml").write_text("[parameters]\nloyalty = 0.25\n")
    Path("p.toml").write_text("other.toml")
    assert_refused(allyship("run", "--parameters", "p.toml", code=2), "p.toml", "not valid TOML")


@pytest.mark.parametrize("name", ["a=b.toml", "two\nlines.toml", "naïve 🙂.toml"])
def test_a_parameter_file_may_have_any_name(name):
    Path(name).write_text("[parameters]\nloyalty = 0.25\n")
    allyship("run", "--parameters", name, *SMALL, "--out", "o")
    assert settings_of("o")["parameters"]["loyalty"] == 0.25


@pytest.mark.parametrize(
    ("changes", "fragments"),
    [
        ({"made_by": "someone"}, ("made_by = 'someone'", "'allyship run'")),
        ({"surprise": 1}, ("'surprise' is not known",)),
        ({"parameters": []}, ("parameters must be a mapping", "[]")),
        ({"parameters": {"loyalty": 7}}, ("loyalty = 7", SHARE)),
        ({"parameters": {"loyalty": "0.5"}}, ("loyalty", "'0.5'", SHARE)),
        ({"parameters": {"loyalty": 10**400}}, ("loyalty = 1000", SHARE)),
        ({"steps": -1}, ("steps = -1",)),
        ({"steps": True}, ("steps", "True", "a whole number")),
        ({"seed": None}, ("seed", "None")),
        ({"start": {"nobody": "ally"}}, ("'nobody'", "from 0 to 59")),
        ({"schedule": ["x"]}, ("schedule = ['x']", "synchronous, shuffled")),
        ({"network": {}}, ("network = {}", "family, real, file")),
        ({"network": {"family": "x"}}, ("family = 'x'", "two_groups")),
        ({"network": {"family": "two_groups", "n_people": 9}}, ("'seed' is missing",)),
        ({"network": {"family": "two_groups", "n_people": 9, "seed": 1, "x": 1}}, ("'x' is not known",)),
        ({"network": {"file": "/etc/passwd", "group": "a", "marginalized": "b"}}, ("'/etc/passwd'", "inside a folder")),
        ({"network": {"file": 3, "group": "a", "marginalized": "b"}}, ("network file must be a text, not 3",)),
        ({"network": {"file": "ties.csv", "group": "a"}}, ("'marginalized' is missing",)),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_recorded_run_that_cannot_be_used(changes, fragments):
    allyship("run", *SMALL, "--out", "o")
    change_settings("o", **changes)
    result = allyship("run", "--from", "o", code=2)
    assert_refused(result, *fragments)


def test_a_lack_of_memory_is_told_in_one_line(monkeypatch):
    def lack(*_, **__):
        raise MemoryError

    monkeypatch.setattr(sim, "simulate", lack, raising=False)
    assert_refused(allyship("run", *SMALL, code=2), "not enough memory")


def test_a_mistake_of_ours_is_not_hidden(monkeypatch):
    def mistake(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(sim, "simulate", mistake, raising=False)
    with pytest.raises(ZeroDivisionError):
        CliRunner().invoke(main, ["run", *SMALL], catch_exceptions=False)


# --- as a program -----------------------------------------------------------------------------------------


def test_as_a_program_it_refuses_in_one_line():
    result = as_program("run", "--set", "loialty=1")
    assert result.returncode == 2
    assert_refused(result, "did you mean 'loyalty'?")


def test_a_folder_name_that_is_no_text_is_survived():
    name = os.fsdecode(b"caf\xe9")
    result = as_program("run", *SMALL, "--out", name)
    assert (result.returncode, result.stderr) == (0, "")
    assert sorted(os.listdir(name)) == RUN_FILES


@pytest.mark.skipif(os.name == "nt", reason="pipes end differently there")
@pytest.mark.parametrize("args", [["parameters"], ["--help"], ["run", *SMALL, "--json"]], ids=lambda args: args[0])
def test_a_reader_who_leaves_is_no_problem(args):
    process = subprocess.Popen([sys.executable, "-m", "sim", *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == b""
    assert process.wait() == 141


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_a_full_output_is_told_in_one_line():
    with open("/dev/full", "w") as full:
        result = subprocess.run(
            [sys.executable, "-m", "sim", "parameters"], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert (result.returncode, result.stderr) == (2, "error: cannot use the output: No space left on device\n")


@pytest.mark.skipif(os.name == "nt", reason="needs a shell that can close an output")
@pytest.mark.parametrize(
    ("words", "closed", "code", "error"),
    [
        ("run --people 30 --mean-degree 4 --steps 3", ">&-", 2, "error: cannot use the output: Bad file descriptor\n"),
        ("parameters", ">&-", 2, "error: cannot use the output: Bad file descriptor\n"),
        ("--help", ">&-", 2, "error: cannot use the output: Bad file descriptor\n"),
        ("run --people 30 --mean-degree 4 --steps 3 --json", ">&- 2>&-", 2, ""),
        ("run --people 30 --mean-degree 4 --steps 3 --quiet", ">&-", 0, ""),
        ("run --people 30 --mean-degree 4 --steps 3 --out o", ">&-", 0, ""),
        ("run --steps many", "2>&-", 2, ""),
        ("run --parameters -", "<&-", 2, "error: --parameters -: the standard input is closed; give it a file\n"),
    ],
)
def test_a_closed_stream_is_no_traceback(words, closed, code, error):
    command = f"{shlex.quote(sys.executable)} -m sim {words} {closed}"
    result = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=120)
    assert (result.returncode, result.stdout, result.stderr) == (code, "", error)


@pytest.mark.skipif(os.name == "nt", reason="signals are different there")
def test_control_c_stops_a_long_run_with_one_line():
    as_program("run", *SMALL, "--threads", "1")  # so that all is compiled, and the long run is what is stopped
    command = [sys.executable, "-m", "sim", "run", "--people", "20000", "--steps", "500000", "--threads", "1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(2.5)
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=20)
    assert (process.returncode, out, error.strip()) == (130, "", "stopped")


def test_an_output_that_knows_few_letters_is_no_problem():
    result = as_program("parameters", encoding="latin-1", env={**os.environ, "PYTHONIOENCODING": "latin-1"})
    assert (result.returncode, result.stderr) == (0, "")
    assert "\\u03c4" in result.stdout


def test_the_package_is_a_program_by_either_name():
    for module in ("sim", "sim.cli"):
        result = subprocess.run([sys.executable, "-m", module, "--version"], capture_output=True, text=True)
        assert result.stdout == f"allyship, version {sim.__version__}\n"


def test_help_needs_nothing_heavy():
    code = (
        "import sys\nfrom sim.cli import main\n"
        "try: main(['run', '--help'])\nexcept SystemExit: pass\n"
        "print(sorted({'numpy', 'numba', 'pandas', 'networkx', 'matplotlib', 'mesa'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout.splitlines()[-1] == "[]"


def test_interventions_are_listed_told_of_used_and_repeated():
    listed = allyship("interventions").stdout
    assert "committed_allies" in listed and "(harmful)" in listed
    assert 'who = "random"' in allyship("interventions", "committed_allies").stdout
    size = ("--people", "40", "--steps", "8")
    done = ("committed_allies:share=0.5,begin=3", "scene:people=3,force=oppose")
    words = [word for one in done for word in ("--intervention", one)]
    told = allyship("run", *size, *words, "--out", "o").stdout
    assert "committed_allies, from step 3 to the end, reaching 16 people" in told
    history = pd.read_csv("o/history.csv")
    assert (history["ally_share"][3:] >= 0.5).all() and history["ally_share"][1] < 0.5
    assert "bit for bit" in allyship("run", "--from", "o").stdout


def test_an_intervention_of_ones_own_is_the_one_that_python_makes(tmp_path):
    text = "custom:who=random,share=0.3,group=advantaged,scale.sanction=0.5,shift.effort=-0.2,set.sympathy=0.9,begin=2"
    allyship("run", "--people", "60", "--steps", "6", "--intervention", text, "--out", tmp_path / "run")
    own = sim.intervention("custom", who="random", share=0.3, group="advantaged", scale={"sanction": 0.5},
                           shift={"effort": -0.2}, set={"sympathy": 0.9}, begin=2)  # fmt: skip
    run = sim.simulate(network=sim.networks.two_groups(60, seed=0), steps=6, interventions=[own])
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "run" / "history.csv"), run.history, check_dtype=False)
    assert_refused(allyship("interventions", "custom", code=2), "custom", "of your own")


@pytest.mark.parametrize(
    ("words", "fragments"),
    [
        (["commited_allies"], ["did you mean 'committed_allies'?"]),
        (["protection:strenth=2"], ["did you mean 'strength'?"]),
        (["protection:begin"], ["must be key=value"]),
        (["protection:begin=x"], ["begin must be a whole number"]),
        (["scene:people=999,force=ally"], ["person 999 is not in this network"]),
        (["protection:begin=3,begin=4"], ["gives begin twice"]),
        (["custom:who=everybody,scale.effort=2,scale.effort=3"], ["gives effort twice"]),
        (["custom:who=everybody,scale=2,scale.effort=3"], ["gives effort twice"]),
        (["custom:who=everybody,scale.efort=3"], ["did you mean 'effort'?"]),
    ],
)
def test_interventions_that_cannot_be_used(words, fragments):
    assert_refused(allyship("run", "--people", "40", "--steps", "2", "--intervention", *words, code=2), *fragments)
