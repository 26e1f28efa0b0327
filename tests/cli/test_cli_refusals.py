"""Every refusal is one line that says what, the value and what is allowed."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from commands import SMALL, allyship, assert_refused, change_settings, settings_of

import sim
from sim.cli import main

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
