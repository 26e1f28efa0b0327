"""One long-lived process for each environment, asked and answered in lines of JSON (see ``protocol.py``)."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import tempfile
from pathlib import Path


class FailedError(Exception):
    """A peer did not do what it was asked; the message says why."""


class Worker:
    """A process that answers for the peers of a module of this folder, under some Python."""

    def __init__(self, python: Path, module: str, search: Path | None = None):
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        if search is not None:
            environment["PYTHONPATH"] = str(search)
        self._told = tempfile.TemporaryFile("w+")  # noqa: SIM115 - lives as long as the process; a pipe could fill up
        self._process = subprocess.Popen(
            [python, Path(__file__).resolve().parent / "protocol.py", module], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=self._told, text=True, env=environment,
        )  # fmt: skip

    def ask(self, do: str, peer: str, people: int, **more):
        """Return the answer, a mapping; raise FailedError where there is a problem or no answer."""
        try:
            self._process.stdin.write(json.dumps({"do": do, "peer": peer, "people": people, **more}) + "\n")
            self._process.stdin.flush()
        except OSError as problem:
            raise FailedError(self._last_words()) from problem
        line = self._process.stdout.readline()
        answer = json.loads(line) if line else {"problem": self._last_words()}
        if "problem" in answer:
            raise FailedError(answer["problem"])
        return answer

    def _last_words(self) -> str:
        self._process.wait()
        self._told.seek(0)
        return (self._told.read().strip().splitlines() or ["it ended without a word"])[-1]

    def close(self) -> None:
        """End the process by ending its input."""
        with contextlib.suppress(BrokenPipeError):  # it has ended by itself
            self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
        self._told.close()
