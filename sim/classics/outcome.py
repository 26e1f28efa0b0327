"""What a published model returns, and how its arguments are taken."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from sim.checks import InputError, check_names, shown
from sim.counting import counted
from sim.networks import Network


@dataclass(frozen=True, eq=False)
class Outcome:
    """One run of a published model.

    Attributes
    ----------
    history : DataFrame
        One row per step from 0 (the state before the first step) to the last.
    network : Network or None
        Who is tied to whom; None where everybody sees everybody.
    settings : dict
        The arguments of the run.
    """

    history: pd.DataFrame
    network: Network | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        last = ", ".join(f"{name} {value:.3g}" for name, value in self.history.iloc[-1, 1:].items())
        return f"<Outcome after {counted(len(self.history) - 1, 'step')}: {last}>"


def model(run: Callable) -> Callable:
    """Make ``run`` take its arguments by name only, refuse unknown names in plain words, and note its settings."""
    signature = inspect.signature(run)

    @functools.wraps(run)
    def checked(*args, **given):
        if args:
            names = ", ".join(signature.parameters)
            raise InputError(f"run takes its arguments by name, not just {shown(args[0])}; allowed: {names}")
        check_names("argument", given, signature.parameters)
        outcome = run(**given)
        settings = {name: given.get(name, known.default) for name, known in signature.parameters.items()}
        return Outcome(outcome.history, outcome.network, settings)

    return checked


def history_of(**columns: np.ndarray) -> pd.DataFrame:
    """Return a history: a column of steps, then the columns given."""
    length = len(next(iter(columns.values())))
    return pd.DataFrame({"step": np.arange(length), **columns})


def check_network(network) -> Network:
    """Return `network` if it is one."""
    if not isinstance(network, Network):
        raise InputError(f"network must be a Network, not {shown(network)}; sim.networks makes them")
    return network


def share_of(count: np.ndarray, total: int) -> np.ndarray:
    """Return counts as shares of `total` people; NaN where there is nobody to count."""
    return count / total if total else np.full(len(count), np.nan)
