"""The first minute with the page: one button, then more of it, step by step."""

from __future__ import annotations

from explorer_browser import Visitor, needs_browser, run_thirty

pytestmark = needs_browser


def test_the_first_screen_has_one_network_one_button_one_slider_one_question(visitor):
    page = visitor.page
    assert page.locator("main button:visible").count() == 1
    assert page.locator("main input:visible, main select:visible").count() == 1
    assert page.locator("main h2:visible").count() == 1
    assert page.locator("main h3:visible").count() == 0
    assert page.locator("main svg#network:visible").count() == 1
    assert visitor.text("#question").endswith("?")


def test_the_page_unfolds_step_by_step(visitor):
    visitor.run()
    assert visitor.is_shown("#scenes") and visitor.is_shown("#charts") and not visitor.is_shown("#sandbox")
    result = visitor.text("#result")
    assert "Group A" in result and "Group B" in result and "Trust" in result
    assert not visitor.is_shown("#luck") and "one luck" in result
    visitor.press("#second")
    visitor.wait("!!allyship.app.other && !allyship.app.working")
    assert visitor.is_shown("#luck") and visitor.is_shown("#sandbox") and visitor.is_shown("#puzzle")
    run_thirty(visitor)
    assert "30 runs" in visitor.text("#many")
    assert visitor.page.locator("#many .chart").count() == 2


def test_the_answer_opens_when_enough_places_can_be_compared(visitor):
    visitor.press("#unfold")
    for tried, value in enumerate((1, 8, 1, 5)):
        assert visitor.page.locator("#puzzle summary").count() == 0
        visitor.slide("#slider", value)
        visitor.run()
        if tried:
            assert f"so far: {min(tried, 2)}." in visitor.text("#puzzle")
        run_thirty(visitor)
    rows = [row.replace("\xa0", " ") for row in visitor.page.locator("#puzzle tbody tr").all_inner_texts()]
    assert [row.split("\t")[0] for row in rows] == ["1", "5", "8"]
    cells = rows[1].split("\t")
    assert "opposition 30" in rows[0] and "(" not in cells[2] and "(" in rows[0].split("\t")[2]
    assert [part.split(" at ")[0] for part in cells[2].split("\n") if part] == ["14", "16"]  # two heaps
    visitor.press("#puzzle summary")
    assert visitor.is_shown("#puzzle details p")
    visitor.press("[data-scene=numbers]")
    visitor.run()
    assert "at 2 places" in visitor.text("#puzzle") and visitor.page.locator("#puzzle table").count() == 0


def test_thirty_runs_are_thirty_lines_and_their_ends_are_counted(visitor):
    visitor.press("#unfold")
    visitor.slide("#slider", 5)
    visitor.run()
    run_thirty(visitor)
    assert visitor.page.locator("#many .chart >> nth=0").locator(".thin, .line").count() == 30
    assert "2 of the 30 end within 10 points of that middle" in visitor.text("#many")
    rows = visitor.page.locator("#many tbody tr").all_inner_texts()
    assert [row.split("\t")[1] for row in rows] == ["16", "12", "2"]


def test_everything_at_once_for_those_who_know_their_way(visitor):
    visitor.press("#unfold")
    assert visitor.is_shown("#scenes") and visitor.is_shown("#sandbox") and not visitor.is_shown("#unfold")


def test_a_run_plays_by_itself_and_can_be_cut_short(chrome, address):
    one = Visitor(chrome, address, reduced_motion="no-preference")
    one.press("#run")
    one.wait("allyship.app.playing !== null && allyship.app.step > 2")
    assert not one.is_shown("#result")
    one.press("#play")
    assert one.app("playing") is None
    one.press("#play")
    one.press("#run")
    assert one.app("step") == one.app("setup.steps") and one.is_shown("#result")
    assert not one.problems
    one.context.close()


def test_whoever_wants_no_motion_sees_the_end_at_once(visitor):
    visitor.press("#run")
    visitor.wait("allyship.app.revealed")
    assert visitor.app("playing") is None
