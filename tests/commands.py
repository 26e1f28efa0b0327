"""The command as its user would give it, and what is asserted of every refusal."""

import inspect
import json
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from sim import manifest
from sim.cli import main

SMALL = ("--people", "60", "--mean-degree", "6", "--steps", "12")
RUN_FILES = ["history.csv", "manifest.json", "parameters.toml", "people.csv"]


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


def assert_refused(result, *fragments):
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    assert result.stderr.endswith("\n")
    assert result.stderr[:-1].isprintable()
    assert len(result.stderr) < 1100
    assert "Traceback" not in result.stderr + result.stdout
    for fragment in fragments:
        assert fragment in result.stderr
