"""Networks that cannot be made are refused before the first run."""

from __future__ import annotations

import random
import warnings

import pytest

import sim
from sim.checks import InputError
from sim.networks import GENERATORS
from sim.sweeps.forecast import forecast
from sim.sweeps.points import arguments_of
from sim.sweeps.possible import _ASKED, _problem

VALUES = {
    "n_people": [1, 2, 3, 9, 10],
    "marginalized_share": [-0.1, 0.0, 0.5, 1.0],
    "mean_degree": [-1.0, 0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 9.0, 20.0],
    "homophily": [-1.5, -1.0, 0.2, 1.0],
    "rewiring": [-0.1, 0.0, 1.0, 1.1],
    "groups": ["random", "clustered", "mixed"],
}


@pytest.mark.parametrize("family", GENERATORS)
def test_what_is_refused_beforehand_is_what_the_generator_refuses_in_the_same_words(family):
    assert set(_ASKED) == set(GENERATORS)
    assert set(arguments_of(family)) <= set(VALUES), "a new argument needs values to be tried here"
    luck, seen = random.Random(2), set()
    for _ in range(400):
        asked = {name: luck.choice(VALUES[name]) for name in arguments_of(family)}
        foreseen = _problem({"family": family, **asked})
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                GENERATORS[family](**asked, seed=1)
            assert foreseen is None, asked
        except InputError as problem:
            assert str(foreseen) == str(problem), asked
        seen.add(foreseen is None)
    assert seen == {True, False}


def test_a_network_that_is_impossible_at_some_points_is_refused_before_a_folder_is_made(tmp_path):
    design = {"network_n_people": [10, 50], "network_mean_degree": [4, 20], "steps": 2, "replicates": 2}
    for make in (sim.sweep, forecast):
        with pytest.raises(InputError, match=r"mean_degree = 20 is out of range.* \(at 1 of 4 points of the design\)"):
            make(design, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_too_many_people_to_try_are_looked_at_as_well():
    with pytest.raises(InputError, match="at most 200000000 ties"):
        sim.sweep({"network_n_people": 50_000_000, "network_mean_degree": [4, 20], "steps": 1})


def test_given_networks_and_null_models_need_no_check(tmp_path):
    about = {"network": "karate_club", "null": ["none", "rewired"], "steps": 2, "replicates": 1}
    assert len(sim.sweep(about).table) == 2
    with pytest.raises(InputError, match="mean_degree = 20"):
        sim.sweep({"network_n_people": 10, "network_mean_degree": 20, "null": "rewired"})
