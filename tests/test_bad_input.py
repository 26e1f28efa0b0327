"""Whatever is wrong with a run that is asked for, one InputError says what and what would be right, before it runs."""

import dataclasses
import math

import networkx as nx
import numpy as np
import pytest
from refusing import refused

import sim
from sim.networks import from_edges
from sim.rules import Response, Stance

NETWORK = from_edges([(0, 1), (1, 2)], [False, False, True])
NAMED = from_edges([(0, 1), (1, 2)], [False, False, True], labels=["Ada", "Bo", "Cem"])
SILENT = sim.simulate(network=NETWORK, steps=0).state
HUGE = pytest.param(10**5000, id="huge")  # too long for Python to print


pytestmark = pytest.mark.usefixtures("nothing_runs")


# === what both engines refuse ===========================================================================


def simulated(parameters=None, network=NETWORK, **arguments):
    return sim.simulate(parameters, network, steps=5, **arguments)


def modelled(parameters=None, network=NETWORK, *, seed=0, **arguments):
    return sim.AllyshipModel(parameters, network=network, rng=seed, **arguments)


both = pytest.mark.parametrize("build", [simulated, modelled])
WHOLE = "whole number from 0 to 18446744073709551615"


@both
@pytest.mark.parametrize(
    ("parameters", "parts"),
    [({"loyalty": 0.5}, ("{'loyalty': 0.5}",)), ("hollow", ("'hollow'",)), (sim.Parameters, ("class",)), (0, ("0",)),
     (False, ("False",))],
)  # fmt: skip
def test_parameters_of_a_wrong_type(build, parameters, parts):
    refused(("parameters must be a Parameters object", *parts), build, parameters)


@both
@pytest.mark.parametrize(
    ("network", "parts"),
    [(nx.path_graph(3), ("Graph", "from_networkx")), ([(0, 1)], ("list",)), (3, ("int",)), ("two_groups", ("str",)),
     (np.eye(3), ("ndarray",)), (sim.networks.two_groups, ("function",)), (False, ("bool",))],
)  # fmt: skip
def test_networks_of_a_wrong_type(build, network, parts):
    refused(("network must be a Network", *parts), build, network=network)


@both
@pytest.mark.parametrize(
    "seed", [-1, 2**64, HUGE, 1.0, True, np.True_, "7", [7], math.nan, np.array([1, 2]), np.random.RandomState(1)]
)
def test_seeds(build, seed):
    refused((WHOLE,), build, seed=seed)
    refused((WHOLE, "start_seed"), build, start_seed=seed)


@both
@pytest.mark.parametrize(
    ("schedule", "parts"),
    [("synchronos", ("'synchronos'", "did you mean 'synchronous'")), ("Shuffled", ("did you mean 'shuffled'",)),
     (None, ("None", "synchronous, shuffled")), (0, ("0", "synchronous, shuffled")),
     (["shuffled"], ("['shuffled']", "synchronous, shuffled"))],
)  # fmt: skip
def test_schedules(build, schedule, parts):
    refused(("schedule", *parts), build, schedule=schedule)


@both
@pytest.mark.parametrize(
    ("start", "parts"),
    [
        ("silnt", ("'silnt'", "did you mean 'silent'", "opposed")),
        ("ally", ("'ally'", "did you mean 'allied'")),
        ("", ("''", "silent, allied, opposed")),
        (2, ("2", "from 0 to 1")),
        (-0.1, ("-0.1", "from 0 to 1")),
        (math.nan, ("nan", "from 0 to 1")),
        (np.float64("inf"), ("inf", "from 0 to 1")),
        pytest.param(10**5000, ("from 0 to 1",), id="huge"),
        (True, ("True", "silent, allied, opposed", "from 0 to 1")),
        (np.False_, ("False", "silent, allied, opposed")),
        (None, ("None", "silent, allied, opposed")),
        (1j, ("1j", "silent, allied, opposed")),
        (Stance, ("4 entries", "3 people")),
        ({"ally", "token", "bystand"}, ("one entry per person", "not {")),
        (["ally", "ally"], ("2 entries", "3 people")),
        (dict.fromkeys(range(4), "ally").values(), ("4 entries", "3 people")),
        ([], ("0 entries", "3 people")),
        (["ally", "aly", None], ("'aly'", "person 1", "did you mean 'ally'", "oppose, bystand, token, ally or None")),
        (["welcome", "ally", None], ("'welcome'", "person 0", "advantaged", "oppose, bystand, token, ally")),
        (["ally", "ally", "ally"], ("'ally'", "person 2", "marginalized", "gatekeep, withdraw, welcome")),
        ([Response.WELCOME, "ally", None], ("WELCOME", "person 0", "oppose, bystand, token, ally")),
        (["ally", "ally", Stance.BYSTAND], ("BYSTAND", "person 2", "gatekeep, withdraw, welcome")),
        ([4, 0, 0], ("4", "person 0", "oppose, bystand, token, ally")),
        ([0, -1, 0], ("-1", "person 1", "oppose, bystand, token, ally")),
        ([0, 0, 3], ("3", "person 2", "gatekeep, withdraw, welcome")),
        ([3.0, 0, 0], ("3.0", "person 0")),
        ([True, 0, 0], ("True", "person 0")),
        ([10**5000, 0, 0], ("<int of 16610 bits>", "person 0")),
        ([["ally"], "ally", None], ("['ally']", "person 0")),
        (np.zeros((3, 2), int), ("array([0, 0])", "person 0")),
        ({3: "ally"}, ("3", "from 0 to 2")),
        ({-1: "ally"}, ("-1", "from 0 to 2")),
        ({"Ada": "ally"}, ("'Ada'", "from 0 to 2")),
        ({0: "welcome"}, ("'welcome'", "person 0", "advantaged")),
        ({2: "ally"}, ("'ally'", "person 2", "marginalized")),
        ({0: 0.5}, ("0.5", "person 0", "oppose, bystand, token, ally")),
    ],
)
def test_starts(build, start, parts):
    refused(("start", *parts), build, start=start)


@both
def test_a_start_that_names_somebody_unknown(build):
    refused(("start", "'Eda'", "did you mean 'Ada'"), build, network=NAMED, start={"Eda": "ally"})
    refused(("start", "0", "Ada"), build, network=NAMED, start={0: "ally"})


def changed(**arrays):
    return dataclasses.replace(SILENT, **arrays)


@both
@pytest.mark.parametrize(
    ("state", "parts"),
    [
        (changed(act=np.zeros(2, np.uint8)), ("act", "2", "3")),
        (changed(trust=np.zeros(4)), ("trust", "4", "3")),
        (changed(act=np.array([9, 0, 0], np.uint8)), ("act", "9", "person 0", "oppose, bystand, token, ally")),
        (changed(act=np.array([0, 0, 3], np.uint8)), ("act", "3", "person 2", "gatekeep, withdraw, welcome")),
        (changed(betrayed=np.array([0, 2, 0], np.uint8)), ("betrayed", "2", "person 1", "from 0 to 1")),
        (changed(stigma=np.array([0, math.nan, 0])), ("stigma", "nan", "person 1", "from 0 to 1")),
        (changed(stigma=np.array([0, -0.1, 0])), ("stigma", "-0.1", "person 1", "from 0 to 1")),
        (changed(trust=np.array([0, 0, 1.5])), ("trust", "1.5", "person 2", "from 0 to 1")),
        (changed(loyalty=np.array([2.0, 0, 0])), ("loyalty", "2.0", "person 0", "from 0 to 1")),
        (changed(sympathy=np.array([-1.5, 0, 0])), ("sympathy", "-1.5", "person 0", "from -1 to 1")),
        (changed(act=np.zeros(3)), ("act", "uint8", "float64")),
        (changed(trust=np.zeros(3, np.float32)), ("trust", "float64", "float32")),
        (changed(trust=[0.0, 0.0, 0.0]), ("trust", "array", "[0.0, 0.0, 0.0]")),
        (changed(step=-1), ("step", "-1", "from 0 to 2147483648")),
        (changed(step=1.0), ("step", "1.0", "whole number")),
    ],
)
def test_states_to_start_from(build, state, parts):
    refused(("start", *parts), build, start=state)


# === what one of them refuses ===========================================================================


@pytest.mark.parametrize("steps", [-1, 1.5, 10.0, True, "10", None, math.nan, 10**30, HUGE, [5], 2**31 + 1])
def test_steps(steps):
    refused(("steps", "whole number"), sim.simulate, network=NETWORK, steps=steps)


@pytest.mark.parametrize("steps", [-1, 1.5, True, "10", None, math.nan])
def test_steps_of_the_readable_model(steps):
    refused(("steps", "whole number, at least 0"), modelled().run_for, steps)


@pytest.mark.parametrize("threads", [0, -1, 1.0, True, "2", math.nan, 1025, 10**30])
def test_threads(threads):
    refused(("threads", "whole number from 1 to 1024"), simulated, threads=threads)


@pytest.mark.parametrize("value", [1, 0, "yes", None, "False", []])
def test_flags(value):
    refused(("observe", "True or False", repr(value)), simulated, observe=value)
    refused(("record_people", "True or False", repr(value)), simulated, record_people=value)


@pytest.mark.parametrize("value", [None, {"loyalty": 0.5}, "hollow"])
def test_new_parameters_of_a_model_under_way(value):
    refused(("parameters must be a Parameters object",), setattr, modelled(), "parameters", value)


def test_a_flawless_input_is_not_refused():
    assert modelled(start=changed()).state == SILENT
    assert modelled(start=[Stance.ALLY, "TOKEN", Response.WELCOME]).state.act.tolist() == [3, 2, 2]
    assert modelled(start={np.int64(0): np.uint8(3)}).state.act[0] == Stance.ALLY
    assert modelled(start=np.float32(1.0), seed=np.uint64(2**64 - 1)).state.act[:2].tolist() == [3, 3]
