"""The model as a linear threshold model, and how a seed is held without stepping outside the model.

Without noise, OPPOSE and TOKEN, somebody with sympathy x becomes an ally when a x + lambda J share > e and is silent
otherwise. Allies revise like everybody else, so a seed of ordinary people would fall silent again. A seed is therefore
made of people whose own conviction carries them: x = 1 with a = 1 > e, while everybody else has x = 0 and the threshold
phi = e / (lambda J) = e. From silence around such a seed the synchronous schedule only adds allies (by induction: the
second state contains the first, and more allies never make anybody silent), which is the irreversible process of Watts
and Granovetter.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from sim.engine import Engine
from sim.measures import STANCE_CHANGES
from sim.rules import Stance
from sim.state import first_state
from sim.verification.limit_cases import norm_only


def thresholds_at(phi, **more):
    """Return parameters under which people of sympathy x have the threshold phi - x."""
    return norm_only(coupling=1, effort=phi, noise=0, oppose_allowed=False, revise=1, **more)


def state_with(parameters, network, sympathy, allies=()):
    """Return a first state with the sympathies given and some first allies."""
    state = first_state(parameters, network, {int(person): "ally" for person in allies})
    return dataclasses.replace(state, sympathy=np.asarray(sympathy, float))


def seeded(parameters, network, seeds):
    """Return a first state in which the seeds are convinced allies and everybody else is indifferent."""
    sympathy = np.zeros(network.n_people)
    sympathy[seeds] = 1
    return state_with(parameters, network, sympathy, seeds)


def final_allies(parameters, network, state, *, chunk=10):
    """Return how many allies there are once nobody changes any more."""
    machine = Engine(parameters, network, state, seed=0)
    while _changes(machine.advance(chunk, observe=False)[-1]):
        pass
    return int(np.count_nonzero(machine.state().act[~network.is_marginalized] == Stance.ALLY))


def _changes(tally):
    table = tally[STANCE_CHANGES : STANCE_CHANGES + 16].reshape(4, 4)
    return table.sum() - np.trace(table)
