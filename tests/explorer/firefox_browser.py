"""A Firefox for the explorer's tests, if there is one, driven by its own remote protocol (Marionette)."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

NAMES = ("firefox", "firefox-esr")
SECONDS = 60


def firefox() -> str | None:
    """Return the path of a Firefox."""
    return os.environ.get("FIREFOX") or next(filter(None, map(shutil.which, NAMES)), None)


needs_firefox = pytest.mark.skipif(not firefox(), reason=f"no Firefox: none of {', '.join(NAMES)} is on the path")


class Firefox:
    """A Firefox that is told what to do over a socket: each message is its length, a colon, and a list in JSON."""

    def __init__(self, port: int):
        self.socket = _connected(port)
        self.stream = self.socket.makefile("rb")
        self._read()
        self.order = 0
        self.tell("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {}}})
        self.tell("WebDriver:SetTimeouts", {"script": 1000 * SECONDS})

    def _read(self):
        length = b""
        while (byte := self.stream.read(1)) != b":":
            length += byte
        return json.loads(self.stream.read(int(length)))

    def tell(self, command: str, arguments: dict):
        """Have a command done, and return what comes back."""
        self.order += 1
        message = json.dumps([0, self.order, command, arguments]).encode()
        self.socket.sendall(str(len(message)).encode() + b":" + message)
        _, _, problem, value = self._read()
        assert problem is None, problem
        return value

    def open(self, address: str) -> None:
        """Open a page and wait until it is there."""
        self.tell("WebDriver:Navigate", {"url": address})

    def evaluate(self, script: str, *given):
        """Run a function body in the page; `given` are its arguments, what it returns comes back."""
        body = f"return JSON.stringify((function () {{ {script} }})(...JSON.parse(arguments[0])));"
        told = self.tell("WebDriver:ExecuteScript", {"script": body, "args": [json.dumps(given)]})
        return json.loads(told["value"]) if told["value"] else None


def _connected(port: int) -> socket.socket:
    end = time.monotonic() + SECONDS
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        except ConnectionRefusedError:
            assert time.monotonic() < end, "Firefox does not answer"
            time.sleep(0.2)


@contextlib.contextmanager
def started(folder: Path) -> Iterator[Firefox]:
    """Start a headless Firefox with a profile of its own in a folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "user.js").write_text(f'user_pref("marionette.port", {port});\n')
    command = [firefox(), "--headless", "--marionette", "--no-remote", "--profile", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               env=os.environ | {"HOME": str(folder)})  # fmt: skip
    try:
        yield Firefox(port)
    finally:
        process.terminate()
        process.wait(SECONDS)
