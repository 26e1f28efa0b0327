"""What is chosen, what was run and what is told of it belong together, whatever is pressed in between."""

from __future__ import annotations

from explorer_browser import Visitor, needs_browser, run_thirty

pytestmark = needs_browser
IDLE = "!allyship.app.working"
FOCUS = "document.activeElement.id"


def at_once(visitor, *selectors: str) -> None:
    """Press one thing after another before the page has had time for anything."""
    presses = "".join(f"document.querySelector('{one}').click();" for one in selectors)
    visitor.page.evaluate(f"() => {{ {presses} }}")
    visitor.page.wait_for_timeout(300)
    visitor.wait(IDLE)


def reopened(visitor) -> None:
    visitor.visit(visitor.page.evaluate("location.hash"))
    visitor.wait(IDLE)


def test_a_scene_pressed_while_a_run_is_made_shows_nothing_of_it(visitor):
    visitor.press("#unfold")
    at_once(visitor, "#run", "[data-scene=numbers]")
    assert visitor.app("setup.scene") == "numbers" and visitor.app("run") is None and not visitor.is_shown("#result")
    visitor.run()
    at_once(visitor, "#second", "[data-scene=cheap]")
    assert visitor.app("setup.scene") == "cheap" and visitor.app("other") is None and not visitor.problems


def test_a_slider_that_is_back_where_it_was_has_changed_nothing(visitor):
    visitor.run()
    visitor.slide("#step", 20)
    visitor.slide("#slider", 3)
    assert visitor.page.locator("#branch").count() == 1 and "Changed" in visitor.text("#working")
    visitor.slide("#slider", 1)
    assert visitor.page.locator("#branch").count() == 0 and not visitor.text("#working")


def test_a_link_at_the_first_step_opens_there(visitor):
    visitor.run()
    visitor.slide("#step", 0)
    acts = visitor.page.evaluate("allyship.app.run.states.map((state) => Array.from(state.act))")
    reopened(visitor)
    assert visitor.app("step") == 0 and visitor.text("#step-told") == "step 0 of 80"
    assert visitor.page.evaluate("allyship.app.run.states.map((state) => Array.from(state.act))") == acts


def test_a_count_of_people_is_whole(visitor):
    visitor.press("#unfold")
    visitor.press("#open-sandbox")
    visitor.slide("#count-0", 2.5)
    visitor.run()
    assert visitor.app("setup.interventions[0].count") == 3
    reopened(visitor)
    assert visitor.app("setup.interventions[0].count") == 3 and not visitor.is_shown("#notice")


def test_eight_measures_fit_and_a_ninth_cannot_be_chosen(visitor):
    visitor.press("#unfold")
    visitor.press("#open-sandbox")
    for _ in range(7):
        visitor.slide("#set-add", "protection")
    assert len(visitor.app("setup.interventions")) == 8 and visitor.page.locator("#set-add").is_disabled()
    reopened(visitor)
    assert len(visitor.app("setup.interventions")) == 8 and not visitor.is_shown("#notice")


def test_what_if_is_not_asked_of_somebody_whose_acts_are_decided_from_outside(visitor):
    visitor.run()
    visitor.slide("#step", 20)
    committed = visitor.page.evaluate("allyship.app.run.states[0].act.indexOf(3)")
    visitor.press(f".person >> nth={committed}")
    assert visitor.page.locator("#why [data-act]:visible").count() == 0
    others = visitor.page.evaluate("[...allyship.app.run.settings.network.is_marginalized.keys()].filter((i) =>"
                                   " !allyship.app.run.settings.network.is_marginalized[i])")  # fmt: skip
    visitor.press(f".person >> nth={next(i for i in others if i != committed)}")
    assert visitor.page.locator("#why [data-act]:visible").count() == 2


def test_what_was_tried_in_a_scene_is_there_again(visitor):
    visitor.press("#unfold")
    visitor.run()
    run_thirty(visitor)
    told = visitor.text("#puzzle table")
    visitor.press("[data-scene=numbers]")
    visitor.run()
    assert visitor.page.locator("#puzzle table").count() == 0
    visitor.press("[data-scene=alone]")
    visitor.run()
    assert visitor.text("#puzzle table") == told and "so far: 1." in visitor.text("#puzzle")


def test_a_branch_is_compared_with_the_run_that_it_left(visitor):
    visitor.press("#unfold")
    visitor.run()
    visitor.press("#keep")
    visitor.slide("#slider", 8)
    visitor.run()
    visitor.slide("#slider", 16)
    visitor.slide("#step", 40)
    visitor.press("#branch")
    assert "This run is kept" not in visitor.text("#compare")
    assert "Thin lines are the run before" in visitor.text("#result")
    assert visitor.page.evaluate("allyship.app.ghost.run.setup.value") == 8
    visitor.press("#keep")
    told = visitor.text("#result")
    assert "Thin lines are the run before" not in told and "branched at step 40" in told


def test_what_was_told_of_a_link_goes_with_the_next_scene(visitor):
    visitor.visit("#v=0")
    assert visitor.is_shown("#notice")
    visitor.press("#unfold")
    visitor.press("[data-scene=numbers]")
    assert not visitor.is_shown("#notice")


def test_a_control_that_is_clicked_twice_keeps_the_keyboard(visitor):
    visitor.press("#unfold")
    for x in (100, 200):
        visitor.press("#slider", position={"x": x, "y": 10})
        assert visitor.page.evaluate(FOCUS) == "slider"


def test_nobody_stands_up_at_the_left_end(visitor):
    visitor.slide("#slider", 0)
    assert visitor.text("#slider-value") == "0" and visitor.page.evaluate(
        "Array.from(allyship.setup_of_scene('alone', 0).interventions)[0].count") == 0  # fmt: skip
    visitor.run()
    assert visitor.app("run.history.ally_share[0]") == 0 and "Opposition" in visitor.text("#result")


def test_what_if_is_not_asked_of_a_branch(visitor):
    """It would begin again at step 0, under the values of the branch: another run than the one on the stage."""
    visitor.run()
    visitor.slide("#step", 20)
    person = visitor.page.evaluate("""() => {
      const { settings, course } = allyship.app.run;
      return settings.network.is_marginalized.findIndex((in_b, i) => !in_b && !course.picked[0].includes(i));
    }""")
    visitor.press(f".person >> nth={person}")
    assert visitor.page.locator("#why [data-act]:visible").count() == 2
    visitor.slide("#slider", 8)
    visitor.press("#branch")
    visitor.slide("#step", 30)
    visitor.press(f".person >> nth={person}")
    assert visitor.is_shown("#why") and visitor.page.locator("#why [data-act]:visible").count() == 0


def test_work_that_stops_a_film_leaves_the_address_at_its_step(chrome, address):
    visitor = Visitor(chrome, address, reduced_motion="no-preference")
    visitor.press("#unfold")
    visitor.press("#run")
    visitor.press("#run")  # to the end
    visitor.press("#play")
    visitor.wait("allyship.app.playing !== null && allyship.app.step > 3")
    run_thirty(visitor)
    step = visitor.app("step")
    assert 3 < step < 80
    assert visitor.page.url.endswith(f"&step={step}") and visitor.page.input_value("#link").endswith(f"&step={step}")
    visitor.context.close()
