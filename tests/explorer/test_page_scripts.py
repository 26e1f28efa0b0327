"""Scripts and branches in the page's engine: whom they reach, when they begin, and what is explained by them."""

from __future__ import annotations

import pytest
from page_twins import ENGINES, in_engine, json_of, python_run

import sim
from sim.interventions import intervention

pytestmark = pytest.mark.skipif(not ENGINES, reason="no JavaScript engine (node, gjs or jsc) is installed")
CUT, STEPS = 5, 12


def setup(**changes) -> dict:
    network = sim.networks.two_groups(n_people=40, mean_degree=6, seed=1)
    return {"parameters": sim.Parameters(revise=0.6), "network": network, "steps": STEPS, "seed": 7, "start_seed": 7,
            "start": 0.4, "schedule": "synchronous", "interventions": [], "branch": None} | changes  # fmt: skip


@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_every_step_of_everybody_is_explained_as_in_python(noise):
    done = [intervention("committed_allies", begin=3, end=6, count=5), intervention("betrayal_scandal", begin=8)]
    given = setup(interventions=done, parameters=sim.Parameters(revise=0.6, noise=noise))
    found = in_engine("""
    const run = record({ ...given, network: network_of(given.network) }, given.steps);
    return run.states.slice(1).map((_, step) => [...Array(40).keys()].map((i) => explain(run, i, step)));
    """, json_of(given))  # fmt: skip
    run, scripted = python_run(given), 0
    for step, people in enumerate(found):
        for i, one in enumerate(people):
            why = sim.explain(run, i, step)
            names = ("outcome", "chosen", "probabilities", "utilities")
            assert {name: one[name] for name in names} == {name: getattr(why, name) for name in names}
            assert tuple(one["scripted_by"]) == why.scripted_by
            scripted += bool(why.scripted_by)
    assert scripted > 20


BRANCH = """
const settings = { ...given.run, network: network_of(given.run.network) };
const made = branch(record(settings, given.run.steps), given.cut, { interventions: given.changed }, given.rest);
return { picked: made.course.picked, acts: made.states.map((state) => [...state.act]) };
"""


def test_a_branch_goes_on_with_whom_it_reached_and_begins_what_is_new_at_its_cut():
    trusting = intervention("safe_spaces", who="most_sympathetic", group="marginalized", share=0.5)
    given = setup(interventions=[trusting], parameters=sim.Parameters(revise=0.6))
    changed = [trusting, intervention("committed_allies", count=9)]
    asked = {"run": json_of(given), "cut": CUT, "rest": STEPS - CUT, "changed": [one.to_dict() for one in changed]}
    found = in_engine(BRANCH, asked)
    first = python_run(given | {"steps": CUT})
    rest = sim.simulate(given["parameters"], given["network"], steps=STEPS - CUT, seed=7, start=first,
                        interventions=changed, record_people=True)  # fmt: skip
    assert found["picked"] == [people.tolist() for people in rest.picked]
    assert found["acts"] == [*first.trajectory["act"][:CUT].tolist(), *rest.trajectory["act"].tolist()]
    anew = sim.simulate(given["parameters"], given["network"], steps=0, start=first.state, seed=7, start_seed=7,
                        interventions=[trusting])  # fmt: skip
    assert anew.picked[0].tolist() != found["picked"][0]  # who would be picked now are others
    assert (rest.trajectory["act"][0] != first.trajectory["act"][CUT]).any()


def acts_in_page(given: dict) -> list:
    return in_engine("""
    const run = record({ ...given, network: network_of(given.network) }, given.steps);
    return run.states.map((state) => [...state.act]);
    """, json_of(given))  # fmt: skip


def test_one_script_may_begin_where_another_ends():
    scripts = [intervention("scene", people=[0, 1], force="bystand", begin=2, end=5),
               intervention("scene", people=[0, 1], force="ally", begin=5)]  # fmt: skip
    given = setup(interventions=scripts, network=sim.networks.two_groups(n_people=40, marginalized_share=0, seed=1))
    assert acts_in_page(given) == python_run(given).trajectory["act"].tolist()


def test_who_is_neither_for_nor_against_is_not_counted_as_sympathetic_when_views_are_made_known():
    neutral = intervention("custom", set={"sympathy": 0.0}, who="random", share=0.5, group="advantaged")
    given = setup(interventions=[neutral], parameters=sim.Parameters(revise=0.6, feedback=1.0, heed=1.0))
    assert acts_in_page(given) == python_run(given).trajectory["act"].tolist()
