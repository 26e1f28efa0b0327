"""Every scene in the page, two lucks, comparisons and branches; and a whole lesson."""

from __future__ import annotations

import pytest
from explorer_browser import needs_browser

from sim.explorer.scenes import scenes

pytestmark = needs_browser


@pytest.mark.parametrize("name", scenes())
def test_every_scene_opens_runs_and_tells_of_both_groups(visitor, name):
    visitor.press("#unfold")
    visitor.press(f"[data-scene={name}]")
    assert visitor.text("#question") and visitor.app("setup.scene") == name
    visitor.run()
    assert "Group A" in visitor.text("#result") and "Group B" in visitor.text("#result")
    control = scenes()[name]["control"]
    places = control["values"] if control["kind"] == "choice" else (control["low"], control["high"])
    visitor.slide("#slider", [place for place in places if place != control["value"]][-1])
    assert "run before" in visitor.text("#working")
    visitor.run()
    assert "run again" in visitor.text("#result")
    assert visitor.page.locator("text=undefined").count() == 0 and visitor.page.locator("text=NaN").count() == 0


def test_two_lucks_tell_of_both_groups(visitor):
    visitor.run()
    visitor.press("#second")
    visitor.wait("!!allyship.app.other && !allyship.app.working")
    for card in visitor.page.locator("#luck figure").all_inner_texts():
        assert "Group A at the end (" in card and "Group B:" in card and "Trust" in card


def test_before_and_after_share_their_luck_and_show_who_acts_differently(visitor):
    visitor.press("#unfold")
    visitor.run()
    visitor.press("#keep")
    visitor.slide("#slider", 12)
    visitor.run()
    assert "Same people, same luck" in visitor.text("#compare")
    assert visitor.page.locator("#compare tbody tr").count() == 8
    assert visitor.page.locator("#compare thead th").all_inner_texts()[1:3] == ["before", "after"]
    assert visitor.page.locator(".person .other").count() > 5
    assert visitor.page.locator("#chart-a .ghost").count() == 4
    visitor.press("#forget")
    assert visitor.page.locator(".person .other").count() == 0


def test_stepping_back_branching_and_replaying(visitor):
    visitor.press("#unfold")
    visitor.press("[data-scene=betrayal]")
    visitor.run()
    visitor.press("#back")
    assert visitor.app("step") == visitor.app("setup.steps") - 1
    visitor.press("#forward")
    visitor.slide("#step", 25)
    before = visitor.page.evaluate("Array.from(allyship.app.run.states[25].trust)")
    visitor.slide("#slider", 0.9)
    visitor.press("#branch")
    assert visitor.app("run.branched") == 25
    assert visitor.page.evaluate("Array.from(allyship.app.run.states[25].trust)") == before
    assert visitor.app("setup.steps") == visitor.app("run.states.length") - 1
    ends = [visitor.app(f"{run}.history.mean_trust.at(-1)") for run in ("run", "ghost.run")]
    assert ends[0] > ends[1] + 0.3
    hash_part = "#" + visitor.page.url.split("#")[1]
    after = visitor.page.evaluate("Array.from(allyship.app.run.states.at(-1).trust)")
    visitor.visit(hash_part)
    visitor.wait("!!allyship.app.run && !allyship.app.working && allyship.app.run.branched === 25")
    assert visitor.page.evaluate("Array.from(allyship.app.run.states.at(-1).trust)") == after


def test_a_lesson_from_the_first_run_to_a_question_of_ones_own(visitor):
    """More than forty things done one after the other, as a class would do them, without anything going wrong."""
    visitor.run()
    visitor.press("#second")
    visitor.wait("!!allyship.app.other && !allyship.app.working")
    visitor.press("#run-many")
    visitor.wait("!!allyship.app.many && !allyship.app.working")
    for name in list(scenes())[1:]:
        visitor.press("#next-scene")
        assert visitor.app("setup.scene") == name
        visitor.press("#predict label >> nth=2")
        visitor.run()
        control = scenes()[name]["control"]
        middle = control["values"][1] if control["kind"] == "choice" else (control["low"] + control["high"]) / 2
        visitor.slide("#slider", middle)
        visitor.run()
        visitor.press(".person >> nth=9")
        visitor.press("#why button:has-text('Close')")
    visitor.press("#next-scene")
    assert visitor.app("setup.scene") == "sandbox"
    visitor.slide("#set-network", "town")
    visitor.slide("#knob-conformity", 5)
    visitor.run()
    visitor.press("#keep")
    visitor.slide("#knob-sanction", 4)
    visitor.run()
    visitor.press("#second")
    visitor.wait("!!allyship.app.other && !allyship.app.working")
    visitor.slide("#language", "de")
    visitor.press("#projector")
    visitor.press("#open-help")
    visitor.press("#help button")
    assert "Gruppe A" in visitor.text("#compare")
    assert visitor.interactions >= 40
