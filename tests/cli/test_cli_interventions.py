"""Interventions at the command line."""


import pandas as pd
import pytest
from commands import allyship, assert_refused

import sim


def test_interventions_are_listed_told_of_used_and_repeated():
    listed = allyship("interventions").stdout
    assert "committed_allies" in listed and "(harmful)" in listed
    assert 'who = "random"' in allyship("interventions", "committed_allies").stdout
    size = ("--people", "40", "--steps", "8")
    done = ("committed_allies:share=0.5,begin=3", "scene:people=3,force=oppose")
    words = [word for one in done for word in ("--intervention", one)]
    told = allyship("run", *size, *words, "--out", "o").stdout
    assert "committed_allies, from step 3 to the end, reaching 16 people" in told
    history = pd.read_csv("o/history.csv")
    assert (history["ally_share"][3:] >= 0.5).all() and history["ally_share"][1] < 0.5
    assert "bit for bit" in allyship("run", "--from", "o").stdout


def test_an_intervention_of_ones_own_is_the_one_that_python_makes(tmp_path):
    text = "custom:who=random,share=0.3,group=advantaged,scale.sanction=0.5,shift.effort=-0.2,set.sympathy=0.9,begin=2"
    allyship("run", "--people", "60", "--steps", "6", "--intervention", text, "--out", tmp_path / "run")
    own = sim.intervention("custom", who="random", share=0.3, group="advantaged", scale={"sanction": 0.5},
                           shift={"effort": -0.2}, set={"sympathy": 0.9}, begin=2)  # fmt: skip
    run = sim.simulate(network=sim.networks.two_groups(60, seed=0), steps=6, interventions=[own])
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "run" / "history.csv"), run.history, check_dtype=False)
    assert_refused(allyship("interventions", "custom", code=2), "custom", "of your own")


@pytest.mark.parametrize(
    ("words", "fragments"),
    [
        (["commited_allies"], ["did you mean 'committed_allies'?"]),
        (["protection:strenth=2"], ["did you mean 'strength'?"]),
        (["protection:begin"], ["must be key=value"]),
        (["protection:begin=x"], ["begin must be a whole number"]),
        (["scene:people=999,force=ally"], ["person 999 is not in this network"]),
        (["protection:begin=3,begin=4"], ["gives begin twice"]),
        (["custom:who=everybody,scale.effort=2,scale.effort=3"], ["gives effort twice"]),
        (["custom:who=everybody,scale=2,scale.effort=3"], ["gives effort twice"]),
        (["custom:who=everybody,scale.efort=3"], ["did you mean 'effort'?"]),
    ],
)
def test_interventions_that_cannot_be_used(words, fragments):
    assert_refused(allyship("run", "--people", "40", "--steps", "2", "--intervention", *words, code=2), *fragments)
