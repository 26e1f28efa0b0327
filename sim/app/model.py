"""The model of one visitor: the Mesa model, its numbers taken from the desk at each step."""

from __future__ import annotations

import functools
import threading

from sim.app.desk import Desk, running, seed_of
from sim.app.words import WORDS
from sim.explorer import baked
from sim.model import AllyshipModel
from sim.state import STARTS


@functools.cache
def networks() -> dict[str, str]:
    """Return the networks on offer: their names by what they are called."""
    return {WORDS[f"network.{name}"].format(n=baked.network(name).n_people): name for name in baked.FAMILIES}


def starts() -> dict[str, str]:
    """Return how a run may start: the names by what they are called."""
    return {WORDS[f"start.{name}"]: name for name in STARTS}


class AppModel(AllyshipModel):
    """An `AllyshipModel` that takes up what is on a visitor's desk at each step.

    Parameters
    ----------
    desk : function, optional
        Returns the visitor's `Desk`.
    network, start : str, optional
        What `networks` and `starts` call them.

    Attributes
    ----------
    family : str
        The name of the network.
    note : str
        What could not be taken as it was given, or nothing.

    Notes
    -----
    With a desk that is left as it is, this is the run of `sim.simulate` with the same seed, to the last bit; with
    numbers changed on the way, it is the run that goes on from there with the new numbers.
    """

    def __init__(self, desk=Desk, *, network: str = "", start: str = ""):
        self.desk, self.family = desk, networks().get(network, next(iter(baked.FAMILIES)))
        number, self.note = seed_of(desk().seed)
        super().__init__(desk().parameters, network=baked.network(self.family), rng=number,
                         start=starts().get(start, "silent"))  # fmt: skip
        self.begun = self.parameters
        self._stepping = threading.Lock()

    def step(self) -> None:
        """Take up the numbers on the desk, then let everybody emit, gather, decide and learn."""
        with self._stepping:  # after a pause, Mesa's player may still be in its last step when Step is pressed
            wanted = running(self.desk().parameters, self.begun)
            if wanted != self.parameters:
                self.parameters = wanted
            super().step()

