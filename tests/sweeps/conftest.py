"""What several tests of sweeps need."""

import pytest

from sim.sweeps import possible


@pytest.fixture
def unforeseen(monkeypatch):
    """Let networks that cannot be made be found out only when they are to be made: an easy way to have runs fail."""
    monkeypatch.setattr(possible, "_problem", lambda about: None)
