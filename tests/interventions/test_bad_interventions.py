"""Whatever is wrong with an intervention, one InputError says so in one sentence, before anything runs."""

import math

import numpy as np
import pytest
from refusing import refused

import sim
from sim import engine
from sim.checks import InputError
from sim.interventions import CATALOGUE, Intervention
from sim.networks import from_edges

NETWORK = from_edges([(0, 1), (1, 2), (2, 3), (3, 4)], [False, False, True, False, True])
NAMED = from_edges([(0, 1), (1, 2)], [False, False, True], labels=["Ada", "Bo", "Cem"])
HUGE = pytest.param(10**5000, id="huge")  # too long for Python to print


pytestmark = pytest.mark.usefixtures("nothing_runs")


def simulated(*interventions, network=NETWORK):
    return sim.simulate(network=network, steps=5, interventions=interventions)


def modelled(*interventions, network=NETWORK):
    return sim.AllyshipModel(network=network, rng=0, interventions=interventions)


both = pytest.mark.parametrize("build", [simulated, modelled])


# === what is wrong with one intervention ================================================================


@pytest.mark.parametrize(
    ("kind", "parts"),
    [("bystander_trainng", ("'bystander_training'",)), ("Empathy", ("'empathy'",)), ("", ("kind",)), (None, ("None",)),
     (3, ("3",)), (["empathy"], ("['empathy']",)), (True, ("True",)), ("x" * 10**6, ("xxx",))],
)  # fmt: skip
def test_kinds(kind, parts):
    refused(("kind", "not known", *parts), sim.intervention, kind)


@pytest.mark.parametrize(
    ("name", "parts"), [("shar", ("'share'",)), ("strenght", ("'strength'",)), ("foo", ("allowed: kind, begin",))]
)
@pytest.mark.parametrize("kind", ["empathy", "custom", "scene"])
def test_arguments(kind, name, parts):
    refused(("argument of an intervention", repr(name), *parts), sim.intervention, kind, **{name: 1})


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        ({"begin": 5, "end": 5}, ("end = 5", "from 6")),
        ({"begin": 5, "end": 2}, ("end = 2", "from 6")),
        ({"begin": -1}, ("begin = -1", "from 0")),
        ({"begin": 1.5}, ("begin", "not 1.5")),
        ({"begin": True}, ("begin", "True")),
        ({"begin": None}, ("begin", "None")),
        ({"begin": 2**31 + 1}, ("begin = 2147483649",)),
        ({"begin": math.nan}, ("begin", "nan")),
        ({"begin": 2**31, "end": 2**31}, ("begin = 2147483648", "to 2147483647")),  # the end must be later
        ({"end": "never"}, ("end", "'never'")),
        ({"end": 2**40}, ("end = 1099511627776",)),
        ({"ramp": -1}, ("ramp = -1",)),
        ({"ramp": 2.0}, ("ramp", "2.0")),
        ({"strength": math.nan}, ("strength = nan",)),
        ({"strength": math.inf}, ("strength = inf",)),
        ({"strength": -0.1}, ("strength = -0.1", "from 0 to 10")),
        ({"strength": 10.1}, ("strength = 10.1", "from 0 to 10")),
        ({"strength": True}, ("strength", "True")),
        ({"strength": "full"}, ("strength", "'full'")),
        ({"who": "randm", "share": 0.1}, ("who = 'randm'", "'random'")),
        ({"who": ["random"], "share": 0.1}, ("who", "['random']")),
        ({"who": "random"}, ("needs a share or a count",)),
        ({"who": "random", "share": 1.1}, ("share = 1.1", "from 0 to 1")),
        ({"who": "random", "share": -0.1}, ("share = -0.1", "from 0 to 1")),
        ({"who": "random", "share": math.nan}, ("share = nan",)),
        ({"who": "random", "share": True}, ("share", "True")),
        ({"who": "random", "share": "half"}, ("share", "'half'")),
        ({"who": "random", "count": -1}, ("count = -1",)),
        ({"who": "random", "count": 2.5}, ("count", "2.5")),
        ({"who": "random", "share": 0.1, "count": 2}, ("share and count",)),
        ({"share": 0.5}, ("share", "who must be a rule", "random")),
        ({"count": 5}, ("count", "who must be a rule")),
        ({"who": "everybody", "share": 1.0}, ("share", "who must be a rule")),
        ({"people": [1], "share": 0.5}, ("people", "share")),
        ({"people": [1], "who": "random", "count": 1}, ("people", "count")),
        ({"people": [1], "who": "random"}, ("people", "who")),
        ({"people": 1}, ("people must be a list", "1")),
        ({"people": "Ada"}, ("people must be a list", "'Ada'")),
        ({"people": [1.0]}, ("label 1.0", "a text or a whole number")),
        ({"people": [None]}, ("label None",)),
        ({"people": [[1]]}, ("label [1]",)),
        ({"people": [(1, 2)]}, ("label (1, 2)",)),
        ({"people": [math.nan]}, ("label nan",)),
        ({"group": "men"}, ("group = 'men'", "advantaged, marginalized, both")),
        ({"group": None}, ("group = None",)),
        ({"draw": -1}, ("draw = -1",)),
        ({"draw": 0.5}, ("draw", "0.5")),
        ({"draw": 10**7}, ("draw = 10000000",)),
    ],
)
def test_when_and_whom(arguments, parts):
    refused(("custom: ", *parts), sim.intervention, shift={"effort": -1}, **arguments)


@pytest.mark.parametrize("name", ["begin", "end", "ramp", "count", "draw", "ties", "strength", "share"])
@pytest.mark.parametrize("value", [HUGE, pytest.param(-(10**5000), id="hugely negative")])
def test_numbers_too_long_to_print(name, value):
    who = {"who": "random"} if name in ("share", "count") else {}
    try:
        one = sim.intervention(shift={"effort": -1}, **{name: value}, **who)
    except InputError as problem:
        assert name in str(problem)
        assert len(str(problem)) < 300
    else:
        assert name == "count"
        refused(("count", "from 0 to 5"), simulated, one)


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        ({}, ("does nothing", "scale, shift, force")),
        ({"scale": {}, "shift": {}, "set": {}, "tie": [], "cut": ()}, ("does nothing",)),
        ({"ties": 0}, ("does nothing",)),
        ({"scale": {"santion": 0.5}}, ("scale names 'santion'", "'sanction'")),
        ({"shift": {"Effort": 0.5}}, ("shift names 'Effort'", "'effort'")),
        ({"scale": {"ally_allowed": 0}}, ("'ally_allowed'", "no knob that can change")),
        ({"scale": {"forced": 1}}, ("'forced'", "no knob")),
        ({"scale": {3: 1}}, ("scale names 3",)),
        ({"scale": {"loyalty": 0.5}}, ("loyalty", "set = {loyalty: ...}")),
        ({"shift": {"trust_spread": 0.5}}, ("trust_spread", "set = {trust: ...}")),
        ({"scale": {"sanction": -0.5}}, ("scale of sanction = -0.5", "from 0")),
        ({"scale": {"sanction": math.nan}}, ("scale of sanction = nan",)),
        ({"scale": {"sanction": math.inf}}, ("scale of sanction = inf",)),
        ({"scale": {"sanction": 1e9}}, ("scale of sanction = 1000000000.0",)),
        ({"scale": {"sanction": "half"}}, ("scale of sanction", "'half'")),
        ({"scale": {"sanction": None}}, ("scale of sanction", "None")),
        ({"scale": {"sanction": True}}, ("scale of sanction", "True")),
        ({"shift": {"effort": -1e9}}, ("shift of effort = -1000000000.0",)),
        ({"shift": {"effort": 10**400}}, ("shift of effort", "too large")),
        ({"scale": ["sanction"]}, ("scale must be a mapping",)),
        ({"shift": "effort"}, ("shift must be a mapping",)),
        ({"shift": None}, ("shift must be a mapping", "None")),
        ({"force": "allly"}, ("force = 'allly'", "'ally'")),
        ({"force": 3}, ("force = 3",)),
        ({"force": "silence"}, ("force = 'silence'", "bystand")),
        ({"force": ["ally"]}, ("force",)),
        ({"force": "ally", "group": "marginalized"}, ("only advantaged people can ally",)),
        ({"force": "welcome", "group": "advantaged"}, ("only marginalized people can welcome",)),
        ({"set": {"sympathy": 1.5}}, ("set sympathy = 1.5", "from -1 to 1")),
        ({"set": {"trust": -0.1}}, ("set trust = -0.1", "from 0 to 1")),
        ({"set": {"stigma": math.nan}}, ("set stigma = nan",)),
        ({"set": {"loyalty": True}}, ("set loyalty", "True")),
        ({"set": {"simpathy": 0}}, ("'simpathy'", "'sympathy'")),
        ({"set": {"act": 3}}, ("'act'", "allowed: sympathy, loyalty, stigma, trust")),
        ({"set": None}, ("set must be a mapping", "None")),
        ({"set": [("trust", 1)]}, ("set must be a mapping",)),
        ({"ties": -1}, ("ties = -1",)),
        ({"ties": 1001}, ("ties = 1001", "1000")),
        ({"ties": 1.5}, ("ties", "1.5")),
        ({"tie": [(1, 2, 3)]}, ("tie holds (1, 2, 3)", "no pair")),
        ({"tie": [(1,)]}, ("tie holds (1,)", "no pair")),
        ({"tie": (1, 2)}, ("tie holds 1", "no pair")),
        ({"tie": "ab"}, ("tie must be a list of pairs", "'ab'")),
        ({"cut": ["ab"]}, ("cut holds 'ab'", "no pair")),
        ({"cut": 5}, ("cut must be a list of pairs", "5")),
        ({"cut": [(1, 2.5)]}, ("label 2.5",)),
        ({"cut": None}, ("cut must be a list of pairs", "None")),
    ],
)
def test_deeds(arguments, parts):
    refused(("custom", *parts), sim.intervention, **arguments)


@pytest.mark.parametrize("kind", [k for k in CATALOGUE if CATALOGUE[k].defaults.get("force")])
def test_forcing_a_stance_on_marginalized_people(kind):
    refused((kind, "only advantaged people can"), sim.intervention, kind, group="marginalized")


# === what is wrong with it in this network, or together with others =====================================


@both
@pytest.mark.parametrize(
    ("people", "parts"),
    [([5], ("person 5", "from 0 to 4")), ([-1], ("person -1",)), (["Ada"], ("'Ada'",)), ([True], ("True",)),
     ([0, 1, 99], ("person 99",)), ([2**70], ("not in this network",))],
)  # fmt: skip
@pytest.mark.parametrize("begin", [0, 3, 10**6])
def test_people_who_are_not_there(build, people, parts, begin):
    refused(("scene: ", *parts), build, sim.intervention("scene", people=people, shift={"effort": 1}, begin=begin))


@both
@pytest.mark.parametrize(
    ("people", "parts"), [(["Adaa"], ("'Adaa'", "'Ada'")), ([0], ("person 0", "Ada")), (["Bo", ""], ("''",))]
)
def test_named_people_who_are_not_there(build, people, parts):
    refused(("scene: ", *parts), build, sim.intervention("scene", people=people, force="ally"), network=NAMED)


@both
@pytest.mark.parametrize(
    ("people", "force"), [([2], "ally"), ([0, 2], "bystand"), ([0], "welcome"), ([4, 1], "withdraw")]
)
def test_acts_of_the_other_group(build, people, force):
    wrong = 2 if 2 in people else 0 if 0 in people else 1
    group = "marginalized" if wrong == 2 else "advantaged"
    parts = ("scene: ", f"person {wrong}", f"({group})", f"cannot {force}")
    refused(parts, build, sim.intervention("scene", people=people, force=force, begin=3))


@both
@pytest.mark.parametrize("count", [6, 10**9, HUGE])
@pytest.mark.parametrize("who", ["random", "highest_degree", "bridging"])
def test_more_people_than_there_are(build, who, count):
    refused(("custom: count", "from 0 to 5"), build, sim.intervention(who=who, count=count, shift={"effort": 1}))


@both
def test_more_people_than_the_group_has(build):
    one = sim.intervention("safe_spaces", who="random", count=3)
    refused(("safe_spaces: count = 3", "from 0 to 2"), build, one)


@both
@pytest.mark.parametrize(("begin", "end"), [(0, None), (3, 5), (4, 5), (10**6, None)])
def test_conflicting_scripts(build, begin, end):
    one = sim.intervention("committed_allies", share=1.0, begin=2 if end else 0)
    other = sim.intervention("scene", people=[3], force="oppose", begin=begin, end=end)
    parts = ("committed_allies", "scene", "force different acts", "person 3", "at the same time")
    refused(parts, build, one, other)
    refused(parts, build, other, one)


@both
@pytest.mark.parametrize(
    ("given", "parts"),
    [(("empthy",), ("'empathy'",)), ((5,), ("must be an Intervention", "5")), ((None,), ("None",)),
     ((["empathy"],), ("['empathy']",)), (({},), ("does nothing",)), (({1: 2},), ("'1'",)),
     (({"kind": "empathy", "shar": 1},), ("'share'",)), ((Intervention,), ("class",)),
     ((sim.intervention,), ("function",)), ((True,), ("True",))],
)  # fmt: skip
def test_lists_that_hold_something_else(build, given, parts):
    refused(parts, build, *given)


@pytest.mark.parametrize("given", ["empathy", 5, True, 2.5, object])
def test_lists_that_are_none(given):
    refused(("interventions must be a list",), sim.simulate, network=NETWORK, steps=5, interventions=given)
    refused(("interventions must be a list",), sim.AllyshipModel, network=NETWORK, interventions=given)


# === refused too late, or not at all ====================================================================


@both
@pytest.mark.parametrize("name", ["tie", "cut"])
@pytest.mark.parametrize("pair", [(0, 99), ("Ada", 1), (1, 1)])
def test_wrong_ties_are_refused_if_they_begin_at_once(build, name, pair):
    refused((), build, sim.intervention(begin=0, **{name: [pair]}))


@both
@pytest.mark.parametrize("name", ["tie", "cut"])
@pytest.mark.parametrize("pair", [(0, 99), ("Ada", 1), (1, 1)])
@pytest.mark.parametrize("begin", [3, 10**6])
def test_wrong_ties_are_refused_before_the_first_step(build, name, pair, begin, monkeypatch):
    monkeypatch.setattr(engine.Engine, "advance", lambda *args, **kwargs: np.zeros((5, 44), np.int64))
    refused(("custom: ",), build, sim.intervention(begin=begin, **{name: [pair]}))


@pytest.mark.parametrize("people", [[], (), np.array([], int)])
def test_nobody_is_not_everybody(people):
    try:
        one = sim.intervention("scene", people=people, shift={"effort": -1})
    except InputError:
        return
    assert not len(sim.interventions.Course(sim.Parameters(), NETWORK, [one], picked=None).picked[0])


def test_ready_made_ones_take_arrays_of_people():
    assert sim.intervention("bystander_training", people=np.array([1, 3])).people == (1, 3)


def test_an_array_is_no_kind():
    refused(("kind",), sim.intervention, np.array([1, 2]))


@pytest.mark.parametrize("kind", ["a\nb", "x" * 10_000])
def test_strange_kinds_do_not_get_into_messages(kind):
    refused((), Intervention, kind=kind)


@pytest.mark.parametrize(
    ("group", "name"), [("advantaged", "trust"), ("marginalized", "sympathy"), ("marginalized", "loyalty")]
)
def test_setting_what_the_group_has_not(group, name):
    refused(("does nothing",), sim.intervention, set={name: 0.5}, group=group)
