"""Parameters, presets and networks are listed and explained."""

import csv
import inspect
import io
import json
import tomllib

import pytest
from commands import SMALL, allyship

from sim import networks
from sim.cli.networks import option_name
from sim.parameters import KNOBS, Parameters, presets


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
