"""Every ready-made intervention does what its sentence says."""

from __future__ import annotations

import functools
import json
from typing import NamedTuple

import numpy as np
import pytest

import sim
from sim.interventions import CATALOGUE
from sim.networks import two_groups
from sim.rules import ALLY


@pytest.mark.parametrize("kind", CATALOGUE)
def test_ready_made_ones_do_what_is_written_and_can_be_changed(kind):
    entry, one = CATALOGUE[kind], sim.intervention(kind)
    for name, value in entry.defaults.items():
        assert getattr(one, name) == value
    assert entry.sentence.endswith(".")
    assert entry.source
    assert sim.intervention(kind, end=500, strength=2).strength == 2
    assert sim.intervention(kind, people=[3]).share is None
    assert sim.intervention(kind, who="random", count=3).count == 3
    assert sim.intervention(**one.to_dict()) == one


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [("bystander_training", {"who": "everybody"}), ("empathy", {"group": "both"}), ("accountability", {"scale": {}}),
     ("betrayal_scandal", {"begin": 0}), ("betrayal_scandal", {"begin": 5, "end": None}),
     ("safe_spaces", {"group": "both"})],
)  # fmt: skip
def test_a_changed_ready_made_one_comes_back_from_its_dictionary(kind, arguments):
    one = sim.intervention(kind, **arguments)
    content = json.loads(json.dumps(one.to_dict()))
    assert sim.intervention(**content) == sim.interventions.interventions_of([content])[0] == one


def test_a_scandal_can_be_moved():
    assert sim.intervention("betrayal_scandal", begin=200).end == 201


class Row(NamedTuple):
    """Where a ready-made intervention matters, and which way."""

    base: str  # preset
    start: str
    column: str  # of the history, or "others": share of allies among those it does not reach
    sign: int
    least: float  # the move must be larger than this
    last: slice = slice(-50, None)


DIRECTIONS = {
    "bystander_training": Row("spread", "silent", "ally_share", +1, 0.03),
    "accountability": Row("mixed", "silent", "oppose_share", -1, 0.02),
    "protection": Row("opposition", "allied", "ally_share", +1, 0.01),
    "empathy": Row("default", "silent", "mean_sympathy", +1, 0.05),
    "contact": Row("default", "allied", "mean_sympathy", +1, 0.01),
    "cross_group_ties": Row("default", "allied", "ally_share", +1, 0.02),
    "norm_feedback": Row("default", "opposed", "oppose_share", -1, 0.4),
    "amplify_voices": Row("spread", "silent", "gatekeep_share", -1, 0.01),
    "safe_spaces": Row("default", "opposed", "withdraw_share", -1, 0.15),
    "trust_repair": Row("default", "silent", "mean_trust", +1, 0.05),
    "leader_endorsement": Row("silence", "silent", "others", +1, 0.02),
    "committed_allies": Row("default", "opposed", "others", +1, 0.2),
    "curb_tokens": Row("hollow", "allied", "token_share", -1, 0.3),
    "ridicule": Row("default", "silent", "ally_share", -1, 0.15),
    "betrayal_scandal": Row("default", "allied", "mean_trust", -1, 0.04, slice(101, 121)),
    "token_campaign": Row("spread", "silent", "token_share", +1, 0.1),
}
SEEDS = range(12)


@functools.cache
def town(seed):
    return two_groups(300, 0.2, mean_degree=10, seed=seed)


def moves(kind, row) -> np.ndarray:
    """Return how much the outcome moves, seed by seed."""
    found, parameters = [], sim.parameters.preset(row.base)
    for seed in SEEDS:
        settings = {"network": town(seed), "steps": 200, "start": row.start, "seed": seed, "record_people": True}
        without, with_it = (sim.simulate(parameters, interventions=given, **settings) for given in ([], [kind]))
        others = np.setdiff1d(np.flatnonzero(~town(seed).is_marginalized), with_it.picked[0])
        one, other = (
            (run.trajectory["act"][:, others] == ALLY).mean(axis=1) if row.column == "others"
            else run.history[row.column].to_numpy() for run in (with_it, without)
        )  # fmt: skip
        found.append((one - other)[row.last].mean())
    return np.array(found)


def lower_bound(values):
    rng = np.random.default_rng(1)
    return np.quantile(rng.choice(values, (2000, len(values))).mean(axis=1), 0.01)


def test_every_ready_made_one_has_a_row():
    assert set(DIRECTIONS) == set(CATALOGUE)


@pytest.mark.slow
@pytest.mark.parametrize("kind", DIRECTIONS)
def test_a_ready_made_one_does_what_its_sentence_says(kind):
    row = DIRECTIONS[kind]
    assert lower_bound(row.sign * moves(kind, row)) > row.least


@pytest.mark.slow
@pytest.mark.parametrize("kind", [kind for kind, entry in CATALOGUE.items() if entry.is_harmful])
def test_harmful_ones_harm(kind):
    """Each lowers trust or allyship, where there is some to lose."""
    last = DIRECTIONS[kind].last
    trust, allies = (moves(kind, Row("default", "allied", name, -1, 0, last)) for name in ("mean_trust", "ally_share"))
    assert max(lower_bound(-trust), lower_bound(-allies)) > 0.05
