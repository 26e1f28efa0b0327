"""Bad input is refused in one sentence, before anything runs: what every test of that needs."""

from __future__ import annotations

import pytest

import sim
from sim import engine
from sim.checks import InputError

LONG = ("not known", "File name too long")  # with a list of what is allowed, or with what was given


@pytest.fixture
def nothing_runs(monkeypatch):
    """Fail as soon as a run is started."""

    def refuse(*args, **kwargs):
        pytest.fail("a run was started")

    monkeypatch.setattr(engine.Engine, "advance", refuse)
    monkeypatch.setattr(sim.AllyshipModel, "step", refuse)


def refused(parts, function, *args, longest=300, **kwargs):
    """Assert that a call is refused in one line that has all the parts, and is no longer than it must be."""
    with pytest.raises(InputError) as caught:
        function(*args, **kwargs)
    message = str(caught.value)
    for part in parts:
        assert part in message, f"{part!r} is not in: {message}"
    assert "\n" not in message
    assert len(message) < longest or any(words in message for words in LONG), message
