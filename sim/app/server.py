"""The server behind ``allyship app``: Solara on this machine, for browsers on this machine."""

from __future__ import annotations

import importlib.util
import os
import socket
import warnings
from collections.abc import Callable

from sim.checks import InputError

HOST = "127.0.0.1"
_SETTINGS = {
    "SOLARA_APP": "sim.app.page",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",  # nothing that visitors do leaves this machine
    "SOLARA_KERNEL_CULL_TIMEOUT": "30m",  # for who lost the connection; who closes the page is gone at once
    "SOLARA_SESSION_SAME_SITE": "lax",  # what there can be without https
    "SOLARA_THEME_SHOW_BANNER": "false",
}
_NEEDED = ("solara", "altair", "ipyvuetify", "solara_assets", "uvicorn")


def serve(port: int, ready: Callable[[str], None]) -> None:
    """Serve the app until it is stopped.

    Parameters
    ----------
    port : int
        0 takes any that is free.
    ready : function
        Called with the address once the server answers.

    Raises
    ------
    InputError
        If the extra ``app`` is not installed, or the port is taken.
    """
    check_installed()
    with _listening(port) as listening:
        _run(listening, lambda: ready(f"http://{HOST}:{listening.getsockname()[1]}"))


def check_installed() -> None:
    """Refuse to go on without what the extra ``app`` brings."""
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise InputError(f"the app needs {missing[0]}, which is not installed: pip install 'allyship-sim[app]'")


def _listening(port: int) -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((HOST, port))
    except OSError as problem:
        made.close()
        raise InputError(f"--port {port} cannot be used ({problem.strerror}); another can, and 0 finds one") from None
    return made


def _run(listening: socket.socket, ready: Callable[[], None]) -> None:
    os.environ.update(_SETTINGS)
    warnings.filterwarnings("ignore", category=UserWarning, module="solara")  # on Mesa's own code
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets=None):
            await super().startup(sockets)
            ready()

    Server(uvicorn.Config("solara.server.starlette:app", log_level="warning")).run([listening])
