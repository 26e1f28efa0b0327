"""Every parameter moves something, and in the stated direction. None is dead.

Each row: two values of one parameter, a setting in which it matters, an outcome and the direction it moves in.
Seeds are paired (same people, same luck); the average move over seeds must exceed `least` by a one-sided 99 %
bootstrap bound. A new parameter without a row fails.
"""

import functools
from typing import NamedTuple

import numpy as np
import pytest

from sim import simulate
from sim.networks import two_groups
from sim.parameters import KNOBS, preset

SEEDS = range(12)


class Row(NamedTuple):
    """Where a parameter matters, and which way."""

    low: float
    high: float
    base: str  # preset
    start: str
    column: str
    sign: int  # of the move in `column` from low to high
    least: float  # the move must be larger than this
    changes: dict = {}  # noqa: RUF012 - never changed
    steps: int = 200
    homophily: float = 0.0


DIRECTIONS = {
    # the people
    "loyalty": Row(0.2, 0.9, "default", "opposed", "oppose_share", +1, 0.5),
    "loyalty_spread": Row(0.0, 0.4, "default", "opposed", "oppose_share", -1, 0.1),
    "sympathy": Row(-0.3, 0.5, "spread", "silent", "ally_share", +1, 0.3),
    "sympathy_spread": Row(0.0, 0.8, "silence", "silent", "bystand_share", +1, 0.02, {"conviction": 3.0}),
    "trust": Row(0.1, 0.9, "default", "silent", "ally_share", +1, 0.2),
    "trust_spread": Row(0.0, 0.4, "default", "silent", "welcome_share", +1, 0.02, {"trust": 0.1}, steps=10),
    # a second identity
    "crossing_share": Row(0.0, 0.9, "opposition", "opposed", "oppose_share", -1, 0.2),
    "crossing_release": Row(0.0, 1.0, "opposition", "opposed", "oppose_share", -1, 0.2, {"crossing_share": 0.5}),
    "crossing_stigma": Row(0.0, 1.0, "spread", "silent", "mean_stigma", +1, 0.1, {"crossing_share": 0.5}),
    # stigma by association
    "stigma_transfer": Row(0.3, 0.9, "default", "silent", "ally_share", -1, 0.2),
    "group_stigma": Row(0.4, 1.0, "default", "silent", "ally_share", -1, 0.2),
    "proximity": Row(0.0, 1.0, "default", "silent", "ally_share", -1, 0.1),
    "stigma_memory": Row(0.01, 1.0, "default", "allied", "mean_stigma", +1, 0.05, steps=40),
    "stigma_cost": Row(1.0, 5.0, "default", "silent", "ally_share", -1, 0.2),
    "distancing": Row(0.0, 4.0, "opposition", "allied", "oppose_share", +1, 0.3),
    # the in-group
    "conformity": Row(3.0, 10.0, "default", "opposed", "oppose_share", +1, 0.3),
    "conviction": Row(0.0, 4.0, "default", "opposed", "oppose_share", -1, 0.1),
    "sanction": Row(0.0, 5.0, "default", "silent", "ally_share", -1, 0.2),
    "complicity": Row(0.0, 1.0, "default", "silent", "ally_share", -1, 0.2),
    "shield": Row(0.0, 1.0, "spread", "silent", "ally_share", +1, 0.02),
    "threat": Row(0.0, 4.0, "opposition", "silent", "oppose_share", +1, 0.1, {"distancing": 1.0}),
    "accountability": Row(0.0, 4.0, "default", "silent", "oppose_share", -1, 0.01),
    "effort": Row(0.5, 3.0, "default", "opposed", "oppose_share", -1, 0.1),
    # token allyship
    "image": Row(1.0, 5.0, "spread", "silent", "token_share", +1, 0.15),
    "token_visibility": Row(0.1, 0.9, "spread", "allied", "gatekeep_share", +1, 0.2),
    "token_effort": Row(1.0, 3.5, "spread", "allied", "token_share", -1, 0.2),
    # the supported group
    "acceptance": Row(0.0, 4.0, "default", "silent", "ally_share", +1, 0.2),
    "cost_credibility": Row(0.0, 1.0, "spread", "silent", "mean_trust", -1, 0.3),
    "trust_gain": Row(0.02, 0.5, "default", "silent", "mean_trust", +1, 0.3),
    "wariness": Row(0.0, 1.0, "default", "silent", "mean_trust", -1, 0.3),
    "betrayal_loss": Row(0.0, 1.0, "default", "silent", "mean_trust", -1, 0.3),
    "repair": Row(0.0, 1.0, "default", "silent", "mean_trust", +1, 0.3, {"betrayal_loss": 1.0}),
    "opposition_loss": Row(0.0, 1.0, "default", "silent", "mean_trust", -1, 0.3),
    "token_loss": Row(0.0, 0.5, "spread", "silent", "mean_trust", -1, 0.3),
    # the opposed lose trust; gossip carries that to those who meet no advantaged people
    "gossip": Row(0.0, 0.5, "opposition", "opposed", "mean_trust", -1, 0.05, homophily=0.9),
    "trust_weight": Row(0.0, 5.0, "default", "opposed", "gatekeep_share", +1, 0.5),
    "solidarity": Row(0.0, 4.0, "opposition", "opposed", "gatekeep_share", +1, 0.2),
    "authenticity_threat": Row(0.0, 5.0, "spread", "silent", "gatekeep_share", +1, 0.3),
    "gatekeep_effort": Row(0.0, 4.0, "hollow", "silent", "gatekeep_share", -1, 0.3),
    "hostility": Row(0.0, 6.0, "opposition", "opposed", "withdraw_share", +1, 0.5),
    "safety": Row(0.0, 3.0, "opposition", "opposed", "withdraw_share", -1, 0.2),
    # private change
    "contact": Row(0.0, 0.05, "spread", "silent", "mean_sympathy", +1, 0.2),
    "internalise": Row(0.0, 0.02, "opposition", "opposed", "mean_sympathy", -1, 0.3),
    "appeals": Row(-0.01, 0.01, "default", "silent", "mean_sympathy", +1, 0.5),
    # what is made known: a sympathetic majority, in a group whose norm is opposition
    "feedback": Row(0.0, 1.0, "opposition", "opposed", "perceived_support", +1, 0.3, {"sympathy": 0.4}),
    "heed": Row(0.0, 1.0, "opposition", "opposed", "oppose_share", -1, 0.2, {"sympathy": 0.4, "feedback": 1.0}),
    # choosing
    "revise": Row(0.02, 0.5, "mixed", "silent", "betrayals", +1, 5),
    "noise": Row(0.3, 3.0, "default", "opposed", "oppose_share", -1, 0.2),
    "oppose_allowed": Row(False, True, "default", "opposed", "ally_share", -1, 0.2, steps=400),
    "bystand_allowed": Row(False, True, "silence", "opposed", "oppose_share", -1, 0.5),
    "token_allowed": Row(False, True, "hollow", "allied", "mean_trust", -1, 0.3),
    "ally_allowed": Row(False, True, "spread", "allied", "mean_trust", +1, 0.3),
}


@functools.cache
def network(seed, homophily):
    return two_groups(600, 0.2, mean_degree=10, homophily=homophily, seed=seed)


def ends(row, name, value):
    parameters = preset(row.base).replace(**row.changes, **{name: value})
    runs = [simulate(parameters, network(s, row.homophily), steps=row.steps, start=row.start, seed=s) for s in SEEDS]
    return np.array([run.history[row.column].tail(row.steps // 4).mean() for run in runs])


def lower_bound(values):
    rng = np.random.default_rng(1)
    return np.quantile(rng.choice(values, (2000, len(values))).mean(axis=1), 0.01)


def test_every_parameter_has_a_row_and_every_row_a_parameter():
    assert set(DIRECTIONS) == {knob.name for knob in KNOBS}


@pytest.mark.slow
@pytest.mark.parametrize("name", DIRECTIONS)
def test_an_outcome_moves_in_the_stated_direction(name):
    row = DIRECTIONS[name]
    assert row.low < row.high
    move = ends(row, name, row.high) - ends(row, name, row.low)
    assert lower_bound(row.sign * move) > row.least
