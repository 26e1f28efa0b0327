"""Experiments are listed and run."""

import os
from pathlib import Path

import pytest
from commands import allyship

from sim.cli import experiments


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
