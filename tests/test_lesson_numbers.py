"""The numbers that the lessons tell come out of the runs they tell of. What is read from results is read again."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pandas
import pytest

import sim

ROOT = Path(__file__).resolve().parent.parent
SEEDS = range(1, 21)
PEOPLE = sim.networks.two_groups(n_people=200, marginalized_share=0.2, mean_degree=10, homophily=0.5, seed=1)
TWELVE = sim.networks.two_groups(n_people=12, marginalized_share=0.25, mean_degree=4, homophily=0, seed=1)
LOYAL = sim.Parameters(loyalty=0.9)
QUIET = sim.preset("silence")

pytestmark = pytest.mark.slow


def cells(number: int, kind: str) -> list[str]:
    """Return the cells of a lesson that are text or code."""
    (path,) = (ROOT / "notebooks").glob(f"{number}_*.ipynb")
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in found if cell["cell_type"] == kind]


def lesson(number: int) -> str:
    """Return what a lesson says, on one line."""
    return " ".join(" ".join(cells(number, "markdown")).split())


def twenty(parameters=None, network=PEOPLE, steps=200, **settings) -> list[sim.Run]:
    return [sim.simulate(parameters, network, steps=steps, **({"seed": seed} | settings)) for seed in SEEDS]


def ends(runs) -> Counter:
    return Counter(run.regime.name for run in runs)


def middle(runs, measure: str) -> str:
    return f"{100 * np.median([run.tail[measure].mean() for run in runs]):.0f} %"


def swept(**design):
    """Return the table of a sweep as in the lessons."""
    return sim.sweep({"network_n_people": 200, "steps": 200, "replicates": 10, "seed": 1} | design).table


def points(share: float, digits: int = 0) -> str:
    return f"{100 * share:.{digits}f}"


def test_lesson_1():
    text = lesson(1)
    found = ends(twenty(network=TWELVE, steps=40))
    assert f"Silence in {found['SILENCE']} of 20, allies in {found['SPREAD']}, mixed in {found['MIXED']}" in text
    found = ends([sim.simulate(network=TWELVE, steps=40, start_seed=4, seed=seed) for seed in SEEDS])
    assert f"silence comes in {found['SILENCE']} of 20, allies in {found['SPREAD']}." in text
    found = ends(twenty(network=TWELVE, steps=40, start="allied"))
    assert f"silence in {found['SILENCE']}, allies in {found['SPREAD']}, hollow in {found['HOLLOW']}, mixed in" in text
    assert "There is none" in text and found["OPPOSITION"] == 0
    run = sim.simulate(network=TWELVE, steps=40, seed=4, record_people=True)
    is_ally = (run.trajectory["act"] == sim.rules.ALLY) & ~TWELVE.is_marginalized
    turned = np.argwhere(is_ally[1:] & ~is_ally[:-1])  # (the step before, the person)
    assert turned[:2].tolist() == [[3, 1], [9, 11]] and "Person 11, at step 10" in text
    told = str(sim.explain(run, person=1, step=3))
    assert all(number in told and number in text for number in ("0.80", "-2.10", "-0.41", "-0.06", "+0.96", "-1.62"))


def test_lesson_2():
    text = lesson(2)
    found = {loyalty: ends(twenty(sim.Parameters(loyalty=loyalty), start="opposed")) for loyalty in (0.3, 0.6, 0.9)}
    assert found == {0.3: {"SILENCE": 20}, 0.6: {"SILENCE": 20}, 0.9: {"OPPOSITION": 20}}
    assert "in all at a loyalty of 0.9, and in none at 0.3 and 0.6, where people fall silent" in text
    found = [ends(twenty(sim.Parameters(effort=effort))) for effort in (0.5, 1, 2, 3)]
    assert (found[0]["SPREAD"], found[3]["SILENCE"]) == (20, 20)
    assert f"all at 0.5, in {found[1]['SPREAD']} at 1 and in {found[2]['SPREAD']} at 2; at 3 all 20 end in" in text


def test_lesson_3():
    text = lesson(3)
    free, dear = (twenty(sim.Parameters(stigma_transfer=share)) for share in (0, 0.2))
    trust = [[run.tail.mean_trust.mean() for run in runs] for runs in (free, dear)]
    assert f"In {np.sum(np.less(*trust))} of 20 pairs trust is lower" in text
    assert f"trust was {middle(free, 'mean_trust')} (the middle of 20 seeds)" in text
    without = twenty(sim.Parameters(stigma_transfer=0, token_allowed=False))
    assert f"at 0 allies are {middle(without, 'ally_share')} and trust is {middle(without, 'mean_trust')}" in text
    told = {"gossip": "gossip it is {}", "token_loss": "{} with `token_loss=0`", "image": "{} with `image=0`",
            "trust_gain": "{} with `trust_gain=0.4`"}  # fmt: skip
    for knob, phrase in told.items():
        runs = twenty(sim.Parameters(stigma_transfer=0, **{knob: 0.4 if knob == "trust_gain" else 0}))
        assert phrase.format(middle(runs, "mean_trust")) in text


def test_lesson_4():
    text = lesson(4)
    table = swept(intervention="committed_allies", intervention_share=[0.05, 0.1], loyalty=0.9, start="opposed")
    before, after = table.groupby("intervention_share")["oppose_share"].median()
    assert f"opposition breaks: {points(before)} % become {points(after)} %" in text
    for who, told in (("random", "in 8 of 20 runs with ten"), ("highest_degree", "and in all 20 with the ten")):
        ten = sim.intervention("committed_allies", who=who, count=10)
        runs = twenty(LOYAL, start="opposed", interventions=[ten])
        broken = sum(run.tail.oppose_share.mean() < 0.5 for run in runs)
        assert str(broken) in told and told in text
    feedback = twenty(LOYAL, start="opposed", interventions=[sim.intervention("norm_feedback", begin=50)])
    nothing = twenty(LOYAL, start="opposed")
    assert f"{middle(feedback, 'oppose_share')} opposers instead of {middle(nothing, 'oppose_share')}" in text


def test_no_measure_of_lesson_4_breaks_an_opposition_so_loyal_except_committed_allies():
    for name in sim.interventions.CATALOGUE:
        end = {"end": 51} if name == "betrayal_scandal" else {}
        done = sim.intervention(name, begin=50, **end)
        opposition = ends(twenty(LOYAL, start="opposed", interventions=[done]))["OPPOSITION"]
        assert opposition == (0 if name == "committed_allies" else 20), name


def test_lesson_5():
    text = lesson(5)
    asked = {"quiet": {}, "alone": {"conformity": 0, "sanction": 0}, "easy": {"effort": 1}, "loyal": {"loyalty": 0.9},
             "both": {"effort": 1, "loyalty": 0.9}}  # fmt: skip
    runs = {name: twenty(QUIET.replace(**knobs), steps=100) for name, knobs in asked.items()}
    shown = {name: middle(those, "expressed_support") for name, those in runs.items()}
    assert shown["quiet"] == shown["alone"] and f"pull of the group {shown['quiet']} show support" in text
    assert f"`effort=1` brings {shown['easy']} instead of {shown['quiet']}" in text
    assert f"`loyalty=0.9` alone brings {shown['loyal']}. Both together bring {shown['both']}" in text
    found = ends(runs["both"])
    assert f"allies prevail in {found['SPREAD']} of 20 runs. In {found['OPPOSITION']} opposition does" in text
    heard = [middle(twenty(QUIET.replace(heed=1, **knobs), steps=100, interventions=["norm_feedback"]),
                    "expressed_support") for knobs in ({}, {"effort": 1.5})]  # fmt: skip
    assert f"({heard[0]} instead of {shown['quiet']}, the middle of 20 seeds)" in text
    assert f"about half do ({heard[1]})" in text


def test_lesson_6():
    text = lesson(6)
    kept_out = twenty(sim.Parameters(authenticity_threat=5), start="allied")
    assert f"silent and {middle(kept_out, 'oppose_share')} oppose" in text
    free = [middle(twenty(sim.Parameters(acceptance=0, authenticity_threat=threat), start="allied"), "ally_share")
            for threat in (0, 5)]  # fmt: skip
    assert f"there are {free[0]} of them at a threat of 0, and {free[1]} at 5" in text
    table = swept(authenticity_threat=[0, 5], sanction=[0, 6], start="allied")
    found = table.groupby(["sanction", "authenticity_threat"])[["ally_share", "mean_trust"]].median()
    allies, trust = found["ally_share"].map(points), found["mean_trust"].map(points)
    assert f"takes allies from {allies[0, 0]} to {allies[6, 0]} %, the threat" in text
    assert f"from {allies[0, 0]} to {allies[0, 5]} % (the middle of ten runs)." in text
    assert f"Both together leave {allies[6, 5]} %." in text
    assert f"with both, trust ends at {trust[6, 5]} %" in text


def test_whoever_gives_up_in_lesson_6_was_kept_out():
    hard = sim.Parameters(authenticity_threat=5)
    run = sim.simulate(hard, PEOPLE, steps=200, seed=2, start="allied", record_people=True)
    acts = run.trajectory["act"][:, 3]
    assert (acts[:11] == sim.rules.ALLY).all() and acts[11] == sim.rules.BYSTAND
    weights = {one.term: one.value for one in sim.explain(run, person=3, step=10).terms if one.option == "ALLY"}
    rest = sum(weights.values()) - weights["acceptance"]
    assert f"it is {weights['acceptance']:.2f}; without it, being an ally would weigh {rest:+.2f}" in lesson(6)


def compared(*done: str, **settings):
    """Return the table of a comparison as in the lessons, by measure."""
    made = sim.compare(list(done), network=PEOPLE, steps=200, replicates=20, seed=1, **settings)
    return made.table.set_index("measure")


def test_what_helps_the_rejected_in_lesson_6():
    settings = {"parameters": sim.Parameters(authenticity_threat=3, sanction=6), "start": "allied"}
    both = compared("amplify_voices", "protection", **settings)
    allies, trust, out = (f"from {points(both.loc[one, 'mean_without'])} to {points(both.loc[one, 'mean_with'])} %"
                          for one in ("ally_share", "mean_trust", "gatekeep_share"))  # fmt: skip
    assert f"bring allies {allies} and trust {trust}; keeping out falls {out}" in lesson(6)
    voices, protection = (points(compared(one, **settings).loc["ally_share", "mean_with"])
                          for one in ("amplify_voices", "protection"))  # fmt: skip
    assert f"({voices} % allies), protection alone much less ({protection} %)" in lesson(6)


def test_two_measures_of_lesson_7_together():
    pair = ("amplify_voices", "bystander_training")
    one, other, together = (points(compared(*done).loc["ally_share", "difference"])
                            for done in (pair[:1], pair[1:], pair))  # fmt: skip
    assert f"alone they bring {one} and {other} points of allies here, together {together}" in lesson(7)


def test_the_ranking_of_lesson_7():
    effects = pandas.read_csv(ROOT / "results" / "interventions" / "effects.csv").query("part == 'alone' and dose == 1")
    effects = (100 * effects.set_index(["measure", "situation", "intervention"])["effect"]).round(1).sort_index()
    silent, opposed = effects["others_ally", "default"], effects["others_ally", "default, opposed"]
    for name, told in (("empathy", "empathy"), ("leader_endorsement", "leader endorsement"),
                       ("norm_feedback", "norm feedback")):  # fmt: skip
        assert f"{told} ({silent[name]} and {opposed[name]})" in lesson(7)
    assert (silent.idxmax(), opposed.idxmax(), opposed.idxmin()) == (
        "amplify_voices", "committed_allies", "bystander_training")  # fmt: skip
    trust = effects["mean_trust", "default"]
    assert f"trust repair ({trust['trust_repair']}) and amplified voices ({trust['amplify_voices']})" in lesson(7)
    assert set(trust.nlargest(2).index) == {"trust_repair", "amplify_voices"}


def test_lesson_8():
    text = lesson(8)
    names = {}
    for cell in cells(8, "code"):
        exec(cell, names)  # what a reader runs, cell by cell
    club, runs = names["club"], names["runs"]
    share = {tree: [(run.trajectory["act"][:, club.index_of(tree)] == sim.rules.ALLY).mean() for run in runs]
             for tree in ("Ash", "Larch")}  # fmt: skip
    ahead = np.greater(share["Ash"], share["Larch"]).sum()
    told = f"{np.mean(share['Ash']):.2f} and {np.mean(share['Larch']):.2f}, and Ash is ahead in {ahead} of 20 seeds"
    assert told in text
    missed = [names["allies"](**knob) for knob in ({"gossip": 0}, {"threat": 0}, {"acceptance": 0},
                                                   {"token_allowed": False})]  # fmt: skip
    assert f"stay at {min(missed):.2f} or {max(missed):.2f}" in text
    assert f"one of seven is an ally, {names['copied'].history['ally_share'].iloc[-1]:.2f}" in text
    least_loyal = names["opposers"](lambda table: table.sort_values("loyalty")["person"].iloc[0])
    assert least_loyal == names["opposers"](names["most_sympathetic"])
    assert f"leave {least_loyal} opposers" in text and f"leave {names['opposers'](names['most_ties'])}, and" in text
