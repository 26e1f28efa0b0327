"""What the commands print fits together: one number for one thing, and a word for what it is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from commands import allyship as command

import sim
from sim.counting import counted
from sim.interventions import CATALOGUE
from sim.interventions.reach import acted_on

SIZE = ("--people", "40", "--steps", "8")


def allyship(*args, code=0):
    """Return what the command prints: on success, or in refusing."""
    result = command(*args, code=code)
    return result.stdout if code == 0 else result.stderr


def test_one_is_not_several():
    assert [counted(n, "ally", "allies") for n in (0, 1, 2)] == ["0 allies", "1 ally", "2 allies"]
    assert [counted(n, "run") for n in (1, 1234)] == ["1 run", "1,234 runs"]


def test_a_run_of_one_of_everything():
    told = allyship("run", "--people", "2", "--marginalized-share", "0.5", "--mean-degree", "1", "--homophily", "-1",
                    "--steps", "1", "--intervention", "committed_allies:count=1")  # fmt: skip
    assert "1 step from" in told and "of 2 people and 1 tie;" in told and "reaching 1 person" in told
    assert "Advantaged, 1 person:" in told and "Marginalized, 1 person:" in told


def test_explained_and_traced_neighbours_are_counted_in_words():
    network = sim.networks.from_edges([(0, 1), (1, 2)], [False, False, True])
    scene = sim.intervention("scene", people=[0], force="ally")
    run = sim.simulate(network=network, steps=3, start="allied", interventions=[scene], record_people=True)
    told = str(sim.explain(run, person=1, step=1))
    assert "Seen: of 1 advantaged neighbour 1 ally, 0 token allies" in told and "1 marginalized neighbour, on" in told
    assert "1 of 3 people was directly reached." in sim.trace([scene], network=network, steps=3).summary()


# === over which steps ===================================================================================


def test_the_figures_are_those_of_the_last_tenth_and_say_so():
    words = ("run", "--people", "60", "--steps", "50", "--seed", "3", "--preset", "spread")
    told = allyship(*words)
    assert "On average over the last tenth of the steps, 46 to 50:" in told
    run = sim.simulate(sim.preset("spread"), sim.networks.two_groups(60, seed=3), steps=50, seed=3)
    assert f"ally {run.tail['ally_share'].mean():.0%}," in told
    assert f"{run.tail['ally_share'].mean():.0%}" != f"{run.history['ally_share'].iloc[-1]:.0%}"
    result = json.loads(allyship(*words, "--json"))
    assert result["last_tenth"]["ally_share"] == pytest.approx(run.tail["ally_share"].mean())
    assert result["last"]["ally_share"] == run.history["ally_share"].iloc[-1]
    assert "At step 8:" in allyship("run", *SIZE)


def test_help_says_what_is_averaged():
    told = " ".join(allyship("run", "--help").split())
    assert "averages over the last tenth of the steps" in told and "over the last step" not in told


def test_without_a_step_nothing_has_happened():
    told = allyship("run", "--people", "40", "--steps", "0")
    assert told.startswith("Nothing has happened yet") and "SILENCE" not in told
    assert json.loads(allyship("run", "--people", "40", "--steps", "0", "--json"))["regime"] is None


# === whom it reaches ====================================================================================


@pytest.mark.parametrize("kind", [kind for kind in CATALOGUE if kind != "cross_group_ties"])
def test_a_run_and_a_trace_count_the_same_people_as_reached(kind):
    network = sim.networks.two_groups(40, seed=2)
    one = sim.intervention(kind, begin=1)
    traced = sim.trace([one], network=network, steps=4)
    assert len(acted_on(one, traced.with_.picked[0], network)) == traced.reached.any(axis=0).sum()


def test_what_is_given_to_more_people_than_it_acts_on_is_told():
    told = allyship("run", *SIZE, "--intervention", "accountability")
    assert "reaching 32 people of the 40 it is given to" in told
    assert "reaching 40 people" in allyship("run", *SIZE, "--intervention", "amplify_voices")


def test_feelings_are_set_of_those_who_have_them():
    network = sim.networks.two_groups(40, seed=2)
    everybody = np.arange(40)
    for name, expected in (("trust", network.is_marginalized), ("stigma", ~network.is_marginalized)):
        one = sim.interventions.Intervention(set={name: 0.5})
        assert acted_on(one, everybody, network).tolist() == np.flatnonzero(expected).tolist()


def test_new_ties_act_on_everybody_whatever_else_they_come_with():
    network = sim.networks.two_groups(40, seed=2)
    everybody = np.arange(40)
    meeting = sim.intervention("cross_group_ties", who="everybody", share=None, shift={"wariness": 0.1})
    assert acted_on(meeting, everybody, network).tolist() == everybody.tolist()
    alone = sim.intervention(shift={"wariness": 0.1})
    assert acted_on(alone, everybody, network).tolist() == np.flatnonzero(network.is_marginalized).tolist()


# === sweeps and scoreboards =============================================================================

ARMS = """
replicates = 2
steps = 20
start = "allied"
intervention = ["none", "ridicule"]
network_n_people = 60
"""


def test_means_of_a_sweep_are_told_for_each_arm():
    Path("arms.toml").write_text(ARMS)
    told = allyship("sweep", "arms.toml")
    table = sim.open_sweep("arms", "arms.toml").table
    for arm in ("none", "ridicule"):
        part = told.split(f"With intervention = {arm}:\n")[1].split("With intervention")[0]
        assert f"ally {table[table['intervention'] == arm]['ally_share'].mean():.0%}," in part and "of 2 runs" in part
    assert "that have this in common" in told
    arms = json.loads(allyship("sweep", "arms.toml", "--json"))["arms"]
    assert {one["intervention"]: one["means"]["ally_share"] for one in arms} == pytest.approx(
        table.groupby("intervention")["ally_share"].mean().to_dict()
    )


def test_without_arms_the_means_are_over_all_points():
    Path("plain.toml").write_text(ARMS.replace('["none", "ridicule"]', '"ridicule"'))
    told = allyship("sweep", "plain.toml")
    assert "With intervention" not in told and "means over all points of the design:" in told
    assert json.loads(allyship("sweep", "plain.toml", "--json"))["arms"] == []


def test_a_scoreboard_says_at_which_parameters_and_when_replicates_are_few():
    Path("mine.toml").write_text("[parameters]\nsanction = 3\n")
    for words, named in (
        (["--quick"], "parameters: the default>"),
        (["--pairs", "20", "--preset", "spread"], "parameters: preset spread (stigma_transfer = 0.2)>"),
        (["--quick", "--parameters", "mine.toml"], "parameters: sanction = 3>"),
    ):
        told = allyship("scoreboard", "A1", *words)
        assert named in told and "draw no conclusions" in told
        assert ("Parameters of mine.toml" in told) == ("mine.toml" in words)
    assert "draw no conclusions" not in allyship("scoreboard", "A1", "--pairs", "100")


# === what stands in the way =============================================================================


@pytest.mark.parametrize("command", [["run", *SIZE], ["sweep", "arms.toml"], ["scoreboard", "A1", "--quick"]])
def test_a_file_where_a_folder_is_to_be(command):
    Path("arms.toml").write_text(ARMS)
    Path("afile").write_text("mine")
    told = allyship(*command, "--out", "afile", code=2)
    assert re.search(r"--out.*'afile' is a file", told) and Path("afile").read_text() == "mine"


def test_why_a_token_act_may_take_more_effort_than_open_support():
    assert "above the effort of an ally" in allyship("parameters", "token_effort")
    run = sim.simulate(network=sim.networks.two_groups(40, seed=1), steps=2, record_people=True)
    person = int(np.flatnonzero(~run.network.is_marginalized)[0])
    assert "A token act takes more effort here, 2.6, than open support, 2.1" in str(sim.explain(run, person, 0))
    cheap = sim.simulate(sim.Parameters(token_effort=1.0), run.network, steps=2, record_people=True)
    assert "more effort" not in str(sim.explain(cheap, person, 0))
    supported = int(np.flatnonzero(run.network.is_marginalized)[0])
    assert "more effort" not in str(sim.explain(run, supported, 0))
