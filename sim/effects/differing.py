"""What is different for people in two runs at one step: what they show, who rules them, whom they know, what is set."""

from __future__ import annotations

import numpy as np

from sim.interventions.reach import is_read_by
from sim.parameters import Numbers
from sim.rules import BYSTAND, OPPOSE
from sim.state import State

FEELINGS = ("sympathy", "loyalty", "stigma", "trust")
PLACE = {name: place for place, name in enumerate(Numbers._fields)}
_AT_THE_START = frozenset((
    "loyalty", "loyalty_spread", "sympathy", "sympathy_spread", "trust", "trust_spread", "crossing_share",
    "crossing_release",
))  # fmt: skip


def shown_codes(trajectory: dict, is_marginalized: np.ndarray) -> np.ndarray:
    """Return a number for what each person shows: the same if and only if `sim.rules` says that the same is shown.

    Parameters
    ----------
    trajectory : dict of arrays
        Fields of `State`, people in the last dimension.
    is_marginalized : bool array, shape (n_people,)
    """
    act = trajectory["act"].astype(np.int64)
    feeling = np.where(act == BYSTAND, trajectory["loyalty"], trajectory["stigma"])
    feeling = np.where(is_marginalized, trajectory["trust"], feeling)
    level = (feeling * 64.0 + 0.5).astype(np.int64)
    level[~is_marginalized & (act == OPPOSE)] = 0
    return act + 4 * trajectory["betrayed"] + 8 * level


def under_other_numbers(runs, step: int, known: dict) -> np.ndarray:
    """Return who is under different numbers in two runs, of those that the rules of the person's group read."""
    tables = [run.course.table(step) for run in runs]
    key = ("numbers", *(table.tobytes() for table in tables))
    if key not in known:
        one, other = (table[run.course.classes] for table, run in zip(tables, runs, strict=True))
        is_marginalized, differ = runs[0].network.is_marginalized, one != other
        known[key] = np.where(is_marginalized, differ[:, _READ[1]].any(axis=1), differ[:, _READ[0]].any(axis=1))
    return known[key]


_READ = (
    [place for name, place in PLACE.items() if is_read_by(name, is_marginalized=False) and name not in _AT_THE_START],
    [place for name, place in PLACE.items() if is_read_by(name, is_marginalized=True)],
)


def tied_otherwise(runs, step: int, known: dict) -> np.ndarray:
    """Return who has different neighbours in two runs."""
    networks = [run.course.network_at(step) for run in runs]
    key = ("ties", *map(id, networks))  # a course keeps its networks
    if key not in known:
        known[key] = np.zeros(networks[0].n_people, bool)
        if networks[0] is not networks[1]:
            one, other = (_end_codes(network) for network in networks)
            known[key][np.setxor1d(one, other, assume_unique=True) // networks[0].n_people] = True
    return known[key]


def set_otherwise(runs, step: int) -> np.ndarray:
    """Return whose feelings are set differently in two runs at the beginning of a step."""
    n_people = runs[0].network.n_people
    unset = State(step, *([np.zeros(n_people, np.uint8)] * 2), *([np.full(n_people, np.nan)] * 4))
    one, other = (run.course.arrived(unset) for run in runs)
    values = [[np.nan_to_num(getattr(state, name), nan=9.0) for name in FEELINGS] for state in (one, other)]
    return np.logical_or.reduce([first != second for first, second in zip(*values, strict=True)])


def norm_made_known(run, step: int) -> float:
    """Return the norm that is made known in the course of a step; 0 where nothing is."""
    network = run.network
    if not network.n_advantaged or not (run.course.table(step)[:, PLACE["feedback"]] > 0).any():
        return 0.0
    sympathy = run.trajectory["sympathy"][step - run.first_step][~network.is_marginalized]
    return 2.0 * (int((sympathy > 0).sum()) / network.n_advantaged) - 1.0


def _end_codes(network) -> np.ndarray:
    """Return a number for each end of each tie: owner times people, plus neighbour; ascending."""
    owner = np.repeat(np.arange(network.n_people), network.degree)
    return owner * network.n_people + network.neighbours.astype(np.int64)


def ends_at(runs, *steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Return owners and neighbours of all ties that two runs have at some steps."""
    networks = {id(network): network for run in runs for network in map(run.course.network_at, steps)}
    codes = np.concatenate([_end_codes(network) for network in networks.values()])
    return np.divmod(np.unique(codes) if len(networks) > 1 else codes, runs[0].network.n_people)
