"""Runs in the page have the bits of Python."""

from __future__ import annotations

import pytest
from explorer_browser import needs_browser
from page_twins import HARNESS, configurations, json_of, page_twin, python_twin

import sim
from sim.explorer.baked import network
from sim.explorer.scenes import scenes, settings_of
from sim.state import FIELDS

pytestmark = needs_browser
ENGINE = "const { record, branch, regime_of, network_of, MEASURES } = window.allyship;"


def test_runs_in_the_browser_have_the_bits_of_python(visitor):
    made = configurations()
    found = visitor.page.evaluate(f"(given) => {{ {ENGINE} {HARNESS} return given.map(twin); }}",
                                  [json_of(given) for given in made])  # fmt: skip
    for case, (given, told) in enumerate(zip(made, found, strict=True)):
        expected, twin = python_twin(given), page_twin(told)
        wrong = [name for name, raw in expected["bytes"].items() if raw != twin["bytes"][name]]
        assert not wrong and expected["picked"] == twin["picked"], (case, wrong)


@pytest.mark.parametrize("name", scenes())
def test_a_scene_is_the_same_run_here_and_in_python(visitor, name):
    scene = scenes()[name]
    script = """([name, value]) => {
      const { record, settings_of, setup_of_scene } = window.allyship;
      const setup = setup_of_scene(name, value), run = record(settings_of(setup), setup.steps);
      const fields = ["act", "betrayed", "sympathy", "loyalty", "stigma", "trust"];
      return Object.fromEntries(fields.map((field) => [field, run.states.map((state) => Array.from(state[field]))]));
    }"""
    control = scene["control"]
    for value in (control["value"], control["values"][1] if control["kind"] == "choice" else control["high"]):
        found = visitor.page.evaluate(script, [name, value])
        run = sim.simulate(network=network(scene["network"]), seed=scene["seed"], record_people=True,
                           **settings_of(scene, value))  # fmt: skip
        for field in FIELDS:
            assert run.trajectory[field].tolist() == found[field], (value, field)
