"""A run at the command line: told in plain words, with every option, quietly or for programs."""

import inspect
import json
from pathlib import Path

import numpy as np
import pytest
from commands import SMALL, allyship, settings_of

import sim
from sim import manifest, networks
from sim.cli import main
from sim.cli.networks import option_name
from sim.measures import COLUMNS
from sim.parameters import Parameters


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
