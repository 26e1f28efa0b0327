"""Under which numbers everybody is at each step: the table that the page makes is that of the library."""

from __future__ import annotations

import numpy as np
import pytest
from page_twins import ENGINES, in_engine, json_of, random_interventions, random_network, random_parameters

import sim
from sim.interventions import CATALOGUE, intervention
from sim.parameters import Numbers

pytestmark = pytest.mark.skipif(not ENGINES, reason="no JavaScript engine (node, gjs or jsc) is installed")
STEPS = range(14)
SCRIPT = """
return given.map((one) => {
  const { course } = new World({ ...one, network: network_of(one.network) });
  return [...Array(14).keys()].map((step) => course.classes.map((name) => course.numbers(step)[name]));
});
"""


def setup(parameters, network, done, start_seed: int) -> dict:
    return {"parameters": parameters, "network": network, "steps": 1, "start": 0.3, "schedule": "synchronous",
            "seed": 1, "start_seed": start_seed, "interventions": done, "branch": None}  # fmt: skip


def rows_in_python(given: dict) -> np.ndarray:
    """Return the numbers of everybody at each step: shape (steps, people, numbers)."""
    settings = {name: given[name] for name in ("seed", "start_seed", "start", "interventions")}
    course = sim.simulate(given["parameters"], given["network"], steps=0, **settings).course
    return np.array([course.table(step)[course.classes] for step in STEPS])


def rows_in_page(told: list) -> np.ndarray:
    return np.array([[[person[name] for name in Numbers._fields] for person in step] for step in told], float)


def ramped(rng, kind: str):
    begin, ramp = int(rng.integers(0, 4)), int(rng.integers(1, 6))
    return intervention(kind, begin=begin, ramp=ramp, end=begin + ramp + 3, strength=float(rng.choice([0.6, 1, 1.5])))


def check(made: list[dict]) -> np.ndarray:
    """Compare all, and return the rows of all."""
    found = in_engine(SCRIPT, [json_of(given) for given in made])
    rows = [rows_in_python(given) for given in made]
    for given, here, there in zip(made, found, rows, strict=True):
        np.testing.assert_array_equal(rows_in_page(here), there, str(given["interventions"]))
    return rows


def test_random_interventions_make_the_same_numbers_at_every_step():
    rng = np.random.default_rng(14)
    made = []
    for case in range(40):
        network = random_network(rng)
        made.append(setup(random_parameters(rng), network, random_interventions(rng, network), case))
    rows = check(made)
    assert sum((one[0] != one[5]).any() for one in rows) > 10


def test_several_changes_of_one_number_add_up_in_one_order_whatever_the_order_in_which_they_are_given():
    factors, amounts = (0.3, 1.7, 0.9, 1.1), (0.1, -0.7, 0.3, 0.2)
    done = [intervention("custom", scale={"sanction": factor}, shift={"effort": amount}, draw=draw)
            for draw, (factor, amount) in enumerate(zip(factors, amounts, strict=True))]  # fmt: skip
    network = sim.networks.two_groups(n_people=30, mean_degree=6, seed=1)
    orders = [[done[place] for place in order] for order in ((0, 1, 2, 3), (3, 1, 0, 2), (2, 3, 1, 0))]
    rows = check([setup(sim.Parameters(), network, order, 1) for order in orders])
    assert all((row == rows[0]).all() for row in rows)


def test_nothing_is_made_less_than_nothing_before_something_is_added():
    one = intervention("custom", scale={"sanction": 0.3}, shift={"sanction": 0.5}, strength=3)
    network = sim.networks.two_groups(n_people=30, mean_degree=6, seed=1)
    rows = check([setup(sim.Parameters(), network, [one], 1)])
    assert (rows[0][0, :, Numbers._fields.index("sanction")] == 1.5).all()


@pytest.mark.parametrize("kind", CATALOGUE)
def test_each_intervention_grows_along_its_ramp_as_in_the_library(kind):
    rng, network = np.random.default_rng(5), sim.networks.two_groups(n_people=30, mean_degree=6, seed=1)
    one = [ramped(rng, kind) for _ in range(3)]
    pair = [ramped(rng, kind), ramped(rng, "empathy"), ramped(rng, "protection")]
    parameters = sim.Parameters(crossing_share=0.3)
    check([setup(parameters, network, done, case) for case, done in enumerate([*([single] for single in one), pair])])
