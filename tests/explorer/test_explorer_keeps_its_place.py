"""Nothing jumps under the pointer, and while a run plays it can be seen."""

from __future__ import annotations

import pytest
from explorer_browser import Visitor, needs_browser, run_thirty

from sim.explorer.page import LANGUAGES
from sim.explorer.scenes import scenes

pytestmark = needs_browser
DESKTOP = {"viewport": {"width": 1366, "height": 768}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def sized(request, chrome, address):
    one = Visitor(chrome, address, **request.param)
    yield one
    assert not one.problems
    one.context.close()


def top_of(visitor, selector: str) -> float:
    return round(visitor.page.locator(selector).bounding_box()["y"])


def is_on_screen(visitor, selector: str) -> bool:
    box = visitor.page.locator(selector).bounding_box()
    return box["y"] >= -1 and box["y"] + box["height"] <= visitor.page.viewport_size["height"] + 1


def move_slider(visitor, scene: dict) -> None:
    control = scene["control"]
    visitor.slide("#slider", control["values"][2] if control["kind"] == "choice" else control["high"])


@pytest.mark.parametrize("name", scenes())
def test_a_slider_stays_under_the_pointer_that_moves_it(sized, name):
    sized.press("#unfold")
    sized.press(f"[data-scene={name}]")
    for is_luck_told in (False, True):
        sized.run()
        if is_luck_told:
            run_thirty(sized)
        sized.page.locator("#slider").scroll_into_view_if_needed()
        before = top_of(sized, "#slider")
        move_slider(sized, scenes()[name])
        assert top_of(sized, "#slider") == before


@pytest.mark.parametrize("words", LANGUAGES)
def test_run_stays_under_the_pointer_that_presses_it_and_the_result_is_in_sight(chrome, address, words):
    one = Visitor(chrome, address, **DESKTOP)
    one.slide("#language", words)
    before = top_of(one, "#run")
    one.run()
    assert top_of(one, "#run") == before
    for name, scene in scenes().items():
        one.press(f"[data-scene={name}]")
        one.press("#predict label >> nth=1")
        before = top_of(one, "#run")
        assert is_on_screen(one, "#run")
        one.run()
        assert top_of(one, "#run") == before and is_on_screen(one, "#result .big"), name
        move_slider(one, scene)
        assert top_of(one, "#run") == before and is_on_screen(one, "#run")
    one.context.close()


def test_an_open_drawing_board_stays_open_above_run(visitor):
    visitor.press("#unfold")
    visitor.press("#predict summary")
    visitor.page.locator("#run").scroll_into_view_if_needed()
    before = top_of(visitor, "#run")
    visitor.run()
    assert visitor.is_shown("#board") and top_of(visitor, "#run") == before


def test_what_was_predicted_stands_there_after_the_run_and_is_closed(visitor):
    visitor.press("#unfold")
    visitor.press("#predict label >> nth=3")
    visitor.run()
    assert visitor.is_shown("#predict") and "75" in visitor.text("#guess-told")
    assert visitor.page.locator("#predict input:disabled").count() == 5
    visitor.slide("#slider", 7)
    assert visitor.page.locator("#predict input:checked").count() == 0
    assert visitor.page.locator("#predict input:disabled").count() == 0
    visitor.run()
    assert "No prediction this time" in visitor.text("#guess-told")


@pytest.mark.parametrize("words", LANGUAGES)
@pytest.mark.parametrize("name", list(scenes())[1:3])
def test_on_a_phone_run_follows_the_prediction_and_what_plays_is_on_the_screen(chrome, address, name, words):
    one = Visitor(chrome, address, **PHONE, reduced_motion="no-preference")
    one.slide("#language", words)
    one.press("#unfold")
    one.press(f"[data-scene={name}]")
    one.page.locator("#predict label >> nth=1").tap()
    guesses = one.page.locator("#predict .choices").bounding_box()
    run = one.page.locator("#run").bounding_box()
    assert run["y"] + run["height"] - guesses["y"] < 320
    one.page.locator("#run").tap()
    one.wait("allyship.app.playing !== null && allyship.app.step > 30")
    off_screen = one.page.evaluate("""["network", "legend", "replay", "run", "chart-a"].filter((id) => {
      const { top, bottom } = document.getElementById(id).getBoundingClientRect();
      return top < -1 || bottom > innerHeight + 1;
    })""")  # all at once: the run goes on meanwhile
    assert off_screen == []
    one.page.locator("#run").tap()
    one.wait("allyship.app.revealed")
    assert is_on_screen(one, "#network") and is_on_screen(one, "#result .big")
    assert not one.problems
    one.context.close()


def test_whoever_wants_no_motion_is_brought_to_the_stage_without_any(chrome, address):
    one = Visitor(chrome, address, **PHONE)
    one.press("#unfold")
    one.press("[data-scene=numbers]")
    one.run()
    assert is_on_screen(one, "#network") and is_on_screen(one, "#result .big")
    one.context.close()


def test_the_sandbox_can_be_run_from_where_its_numbers_are(chrome, address):
    one = Visitor(chrome, address, **DESKTOP)
    one.press("#unfold")
    one.press("[data-scene=sandbox]")
    one.press("#run-below")
    one.wait("allyship.app.revealed && !allyship.app.working")
    assert is_on_screen(one, "#network")
    one.context.close()


def hold_slider(visitor, share: float) -> None:
    visitor.page.locator("#slider").scroll_into_view_if_needed()
    box, mouse = visitor.page.locator("#slider").bounding_box(), visitor.page.mouse
    mouse.move(box["x"] + 8, box["y"] + box["height"] / 2)
    mouse.down()
    mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2, steps=4)


def is_one_value(visitor) -> bool:
    """Tell whether the value shown, the place of the slider and the value that is set are one, not the first."""
    shown, at = float(visitor.text("#slider-value")), float(visitor.page.locator("#slider").input_value())
    return 5 < shown == at == visitor.app("setup.value") == visitor.app("setup.interventions[0].count")


def test_a_slider_that_is_held_while_a_run_ends_sets_what_it_shows(chrome, address):
    one = Visitor(chrome, address, **DESKTOP, reduced_motion="no-preference")
    one.press("#unfold")
    one.press("#run")
    one.wait("allyship.app.step > 50")
    hold_slider(one, 0.5)
    assert one.app("revealed") is False
    one.wait("allyship.app.revealed")
    one.page.mouse.up()
    assert is_one_value(one)
    assert not one.problems
    one.context.close()


def test_a_slider_that_is_held_while_thirty_runs_end_sets_what_it_shows(visitor):
    visitor.press("#unfold")
    visitor.run()
    hold_slider(visitor, 0.5)
    visitor.page.evaluate("document.getElementById('run-many').click()")  # as by a second finger
    visitor.wait("allyship.app.tried.size === 1 && !allyship.app.working", 10)
    visitor.page.mouse.up()
    assert is_one_value(visitor)
    visitor.slide("#language", "de")
    assert "Menschen" in visitor.text("#control")
