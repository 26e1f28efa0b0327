"""The page in Firefox: it opens, runs, is read by hand, and its runs have the bits of Python."""

from __future__ import annotations

import time

import pytest
from firefox_browser import needs_firefox, started
from page_twins import HARNESS, configurations, json_of, page_twin, python_twin

import sim
from sim.explorer.baked import network
from sim.explorer.page import write_page
from sim.explorer.scenes import scenes, settings_of

pytestmark = needs_firefox
ENGINE = "const { record, branch, regime_of, network_of, MEASURES } = window.allyship;"


@pytest.fixture(scope="module")
def fox(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "explorer.html"
    write_page(path)
    with started(tmp_path_factory.mktemp("profile")) as one:
        one.open(path.as_uri())
        yield one


def test_runs_in_firefox_have_the_bits_of_python(fox):
    made = configurations()
    found = fox.evaluate(f"{ENGINE} {HARNESS} return arguments[0].map(twin);", [json_of(given) for given in made])
    for case, (given, told) in enumerate(zip(made, found, strict=True)):
        expected, twin = python_twin(given), page_twin(told)
        wrong = [name for name, raw in expected["bytes"].items() if raw != twin["bytes"][name]]
        assert not wrong and expected["picked"] == twin["picked"], (case, wrong)


def test_the_first_scene_runs_and_unfolds_in_firefox(fox):
    fox.evaluate("document.getElementById('run').click()")
    wait(fox, "window.allyship.app.revealed")
    scene = scenes()["alone"]
    run = sim.simulate(network=network(scene["network"]), seed=scene["seed"], **settings_of(scene))
    assert fox.evaluate("return [...window.allyship.app.run.states.at(-1).trust]") == run.state.trust.tolist()
    assert fox.evaluate("return document.querySelectorAll('#network .person .shape').length") == 60
    fox.evaluate("document.getElementById('second').click()")
    wait(fox, "window.allyship.app.other")
    fox.evaluate("document.getElementById('run-many').click()")
    wait(fox, "window.allyship.app.many")
    assert fox.evaluate("return document.querySelectorAll('#many .thin').length") == 58
    assert fox.evaluate("return document.getElementById('notice').hidden")


def wait(fox, condition: str, seconds: float = 60) -> None:
    """Wait until something is true in the page; a run that plays is cut short."""
    end = time.monotonic() + seconds
    while not fox.evaluate(f"return Boolean({condition})"):
        assert time.monotonic() < end, condition
        time.sleep(0.1)
