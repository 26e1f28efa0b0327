"""The keyboard is never lost: what is made anew, hidden or locked hands it on, and what happened is told."""

from __future__ import annotations

import numpy as np
import pytest
from explorer_browser import Visitor, needs_browser

from sim.explorer.baked import network

pytestmark = needs_browser
WHERE = "document.activeElement.id"
IDLE = "!allyship.app.working"


def press_by_key(visitor, selector: str) -> None:
    visitor.page.focus(selector)
    visitor.key("Enter")


def told(visitor) -> str:
    return visitor.page.evaluate("document.getElementById('told').textContent")


def ask_somebody_in_group_a(visitor, step: int) -> None:
    visitor.slide("#step", step)
    visitor.press(f".person >> nth={int(np.flatnonzero(~network('neighbourhood').is_marginalized)[-1])}")


def test_after_unfolding_it_is_at_what_appeared(visitor):
    press_by_key(visitor, "#unfold")
    assert visitor.page.evaluate(WHERE) == "sandbox" and "sandbox" in told(visitor)


def test_after_a_branch_it_is_at_the_result(visitor):
    visitor.run()
    visitor.slide("#step", 40)
    visitor.slide("#slider", 16)
    press_by_key(visitor, "#branch")
    assert visitor.page.evaluate(WHERE) == "result" and "step 40" in told(visitor)


@pytest.mark.parametrize("step", [20, 79])
def test_after_what_if_it_is_at_the_answer(visitor, step):
    """Of somebody whose acts are decided from outside nothing more can be asked: the button is gone."""
    visitor.run()
    ask_somebody_in_group_a(visitor, step)
    press_by_key(visitor, "#why [data-act=ally]")
    visitor.wait(f"allyship.app.person !== null && allyship.app.ghost !== null && {IDLE}")
    assert visitor.page.evaluate(WHERE) == "why"
    assert "decided from outside" in told(visitor)


@pytest.mark.parametrize(("scene", "place"), [("alone", "slider"), ("sandbox", "keep")])
def test_after_keeping_a_run_it_is_at_what_can_be_changed(visitor, scene, place):
    visitor.press("#unfold")
    visitor.press(f"[data-scene={scene}]")
    visitor.run()
    press_by_key(visitor, "#keep")
    assert visitor.page.evaluate(WHERE) == place and "This run is kept" in told(visitor)


def test_after_running_from_below_it_is_at_the_button_beside_the_stage(visitor):
    visitor.press("#unfold")
    visitor.press("[data-scene=sandbox]")
    press_by_key(visitor, "#run-below")
    visitor.wait(f"allyship.app.revealed && {IDLE}")
    assert visitor.page.evaluate(WHERE) == "run" and "Group B" in told(visitor)


def test_after_opening_the_sandbox_it_is_in_the_sandbox(visitor):
    visitor.press("#unfold")
    press_by_key(visitor, "#open-sandbox")
    assert visitor.page.evaluate(WHERE) == "sandbox" and "every number" in told(visitor)


def test_a_number_of_a_measure_keeps_it(visitor):
    visitor.press("#unfold")
    visitor.press("[data-scene=sandbox]")
    begin = visitor.page.locator("#sandbox li input").first
    begin.fill("7")
    visitor.page.evaluate("document.activeElement.dispatchEvent(new Event('change', { bubbles: true }))")
    assert visitor.page.evaluate("document.activeElement.value") == "7"


def test_a_click_beside_everything_calls_nothing_to_itself(visitor):
    """Whoever leaves a control by pointer is not thrown back to it."""
    visitor.press("#unfold")
    visitor.run()
    visitor.press("#question")
    visitor.slide("#language", "de")
    assert visitor.page.evaluate(WHERE) in ("", "main")


def ask_while_it_plays(visitor) -> None:
    visitor.press("#unfold")
    visitor.press("#run")
    visitor.wait("allyship.app.playing !== null && allyship.app.step > 3")
    visitor.press(".person >> nth=20")
    visitor.slide("#step", 1)
    visitor.page.locator("#why button", has_text="Close").scroll_into_view_if_needed()
    visitor.page.evaluate("document.getElementById('play').click()")
    visitor.wait("allyship.app.playing !== null && allyship.app.step > 3")


@pytest.fixture(params=[(1280, 800), (390, 844)], ids=["desktop", "phone"])
def lively(request, chrome, address):
    one = Visitor(chrome, address, reduced_motion="no-preference",
                  viewport=dict(zip(("width", "height"), request.param, strict=True)))  # fmt: skip
    yield one
    assert not one.problems
    one.context.close()


def test_a_slow_click_closes_the_answer_while_a_run_plays(lively):
    ask_while_it_plays(lively)
    box = lively.page.locator("#why button", has_text="Close").bounding_box()
    lively.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    lively.page.wait_for_timeout(150)
    lively.page.mouse.down()
    lively.page.wait_for_timeout(200)
    lively.page.mouse.up()
    assert lively.app("person") is None


def test_buttons_of_an_answer_stay_where_they_are_while_a_run_plays(lively):
    ask_while_it_plays(lively)
    lively.page.locator("#why button", has_text="Close").focus()
    places = """() => JSON.stringify([...document.querySelectorAll("#why button")].filter((one) => one.checkVisibility()
      && one.id !== "last-choice").map((one) => [one.textContent, one.getBoundingClientRect().x, one.offsetTop]))"""
    seen = set()
    for _ in range(12):
        seen.add(lively.page.evaluate(places))
        lively.page.wait_for_timeout(60)
    assert lively.app("playing") is not None and len(seen) == 1
    assert lively.page.evaluate("document.activeElement.textContent") == "Close"
