"""Going through a run step by step: every text tells of the step on the stage, and its end shows what came out."""

from __future__ import annotations

import pytest
from explorer_browser import Visitor, needs_browser

pytestmark = needs_browser


def n_rings(visitor) -> int:
    return visitor.page.locator(".person .other").count()


@pytest.mark.parametrize("way", ["#back", "#step", "#forward", "#last-choice"])
def test_every_text_tells_of_the_step_on_the_stage(visitor, way):
    visitor.press("#unfold")
    visitor.run()
    visitor.press("#keep")
    visitor.slide("#slider", 12)
    visitor.run()
    if way == "#step":
        visitor.slide("#step", 7)
    elif way == "#last-choice":
        visitor.press(".person >> nth=20")
        visitor.press(way)
    else:
        visitor.slide("#step", 10)
        visitor.press(way)
    step = visitor.app("step")
    assert 0 < step < 80
    assert f"{n_rings(visitor)} people act differently" in visitor.text("#compare")
    assert visitor.text("#tables summary") == f"Everybody at step {step}"
    assert f"step={step}" in visitor.page.url and visitor.page.input_value("#link") == visitor.page.url


def test_a_prediction_of_the_next_run_is_in_the_link_at_once(visitor):
    visitor.press("#unfold")
    visitor.run()
    visitor.slide("#slider", 7)
    visitor.press("#predict input[value='0.75']")
    assert "guess=0.75" in visitor.page.input_value("#link") and visitor.page.input_value("#link") == visitor.page.url


def test_the_step_of_the_branch_that_is_offered_is_that_on_the_stage(visitor):
    visitor.press("#unfold")
    visitor.run()
    visitor.slide("#slider", 12)
    visitor.press(".person >> nth=20")
    visitor.press("#last-choice")
    assert f"step {visitor.app('step')} " in visitor.text("#branch")


@pytest.fixture
def moving(chrome, address):
    """Return a visitor who sees runs play."""
    one = Visitor(chrome, address, reduced_motion="no-preference")
    yield one
    assert not one.problems
    one.context.close()


def pause(visitor) -> None:
    visitor.press("#run")
    visitor.wait("allyship.app.playing !== null && allyship.app.step > 2")
    visitor.press("#play")


def test_pausing_puts_the_step_into_the_link(moving):
    moving.press("#unfold")
    pause(moving)
    assert not moving.app("revealed")
    assert f"step={moving.app('step')}" in moving.page.url
    assert moving.page.input_value("#link") == moving.page.url


@pytest.mark.parametrize("way", ["#step", "#forward", "End"])
def test_the_last_step_shows_what_came_out_however_it_is_reached(moving, way):
    pause(moving)
    if way == "#step":
        moving.slide("#step", 80)
    elif way == "End":
        moving.page.focus("#step")
        moving.key("End")
    else:
        moving.slide("#step", 79)
        assert not moving.app("revealed")
        moving.press("#forward")
    assert moving.app("revealed") and moving.is_shown("#result") and "step=80" in moving.page.url


@pytest.mark.parametrize("steps", [20, 120])
def test_a_run_is_replayed_from_its_own_last_step(moving, steps):
    """Whatever number of steps the next run is to have."""
    moving.press("#unfold")
    moving.press("[data-scene=sandbox]")
    moving.press("#run")
    moving.wait("allyship.app.playing !== null")
    moving.press("#run")
    moving.slide("#set-steps", steps)
    moving.press("#play")
    assert moving.app("playing") is not None and moving.app("step") < 10
    moving.wait("allyship.app.step > 4")
    moving.press("#play")
    moving.slide("#step", 40)
    moving.press("#play")
    assert moving.app("playing") is not None and 40 <= moving.app("step") < 50
