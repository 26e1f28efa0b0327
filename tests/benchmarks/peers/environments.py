"""An environment of its own for every peer: some force old libraries on all others. Made on first use."""

from __future__ import annotations

import os
import re
import subprocess
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent


class NotInstalledError(Exception):
    """A peer cannot be had here; the message says why."""


def requirements_of(name: str) -> Path:
    return HERE / f"requirements-{name}.txt"


def pinned(name: str, package: str) -> str:
    """Return the version of a package that a peer's environment holds."""
    return re.search(rf"(?m)^{package}==(\S+)$", requirements_of(name).read_text())[1]


def python_of(folder: Path, name: str) -> Path:
    """Return the Python of a peer's environment, made if it is not there or was made from other requirements."""
    place, wanted = folder / name, requirements_of(name).read_text()
    python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    mark = place / "requirements.txt"  # written last: an environment without it is not whole
    if not (mark.exists() and mark.read_text() == wanted):
        print(f"making the environment of {name} ...", flush=True)
        _make(place, python, requirements_of(name))
        mark.write_text(wanted)
    return python


def _make(place: Path, python: Path, requirements: Path) -> None:
    try:
        venv.EnvBuilder(with_pip=True, clear=True).create(place)
    except (OSError, subprocess.CalledProcessError) as problem:
        raise NotInstalledError("no environment could be made") from problem
    command = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", requirements]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise NotInstalledError(_reason(done.stderr))


def _reason(told: str) -> str:
    """Return the last error that pip told, without addresses and paths."""
    errors = [line for line in told.splitlines() if line.startswith("ERROR")] or ["pip failed"]
    return re.sub(r"\S*/\S*", "...", errors[-1].removeprefix("ERROR: "))[:200]
