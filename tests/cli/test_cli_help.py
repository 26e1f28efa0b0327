"""Every help opens with a sentence, explains every option, and its examples run."""

import os
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from commands import allyship

from sim.cli import main


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
