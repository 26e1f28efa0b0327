"""Asking somebody in the page why they did what they did."""

from __future__ import annotations

import re

import numpy as np
import pytest
from explorer_browser import Visitor, needs_browser, run_thirty

import sim
from sim.explorer.baked import network
from sim.explorer.page import LANGUAGES, strings
from sim.explorer.scenes import scenes, settings_of

pytestmark = needs_browser


def test_asking_a_person_why(visitor):
    visitor.press("#unfold")
    visitor.run()
    visitor.press(".person >> nth=20")
    assert visitor.is_shown("#why") and "Person 21" in visitor.text("#why")
    assert visitor.page.locator("#why table").count() == 4
    edges = "tables => tables.map((one) => one.tBodies[0].rows[0].cells[1].getBoundingClientRect().right)"
    assert len(set(visitor.page.locator("#why table").evaluate_all(edges))) == 1  # the weights stand in one column
    sources = " ".join(visitor.page.locator("#why td:nth-child(4)").all_inner_texts())
    assert "Crandall" in sources and "an assumption of this model" in sources
    assert not re.search("calibrated|assumed|value", sources)
    visitor.slide("#step", 10)
    told = visitor.text("#why")
    run = sim.simulate(network=network("neighbourhood"), seed=scenes()["alone"]["seed"], record_people=True,
                       **settings_of(scenes()["alone"]))  # fmt: skip
    why = sim.explain(run, 20, 9)
    assert ("did not think again" in told) != why.reconsidered
    chance = max(why.probabilities.values())
    assert f"{chance:.0%}"[:-1] in told
    visitor.press("#why [data-act=ally]")
    visitor.wait("allyship.app.setup.scene === 'sandbox' && !!allyship.app.ghost && !allyship.app.working")
    assert "whatever happens" in visitor.text("#sandbox")


def test_an_option_that_nothing_speaks_for_is_not_called_silence_in_group_b(visitor):
    visitor.run()
    person = int(np.flatnonzero(network("neighbourhood").is_marginalized)[0])
    visitor.slide("#step", 1)
    visitor.press(f".person >> nth={person}")
    shown = visitor.text("#why")
    assert "withdrawn: sum" in shown and "nothing speaks for or against it" in shown and "silence" not in shown


def test_on_a_phone_what_each_option_weighed_has_bars(chrome, address):
    one = Visitor(chrome, address, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    one.run()
    one.press(".person >> nth=7")
    bars = one.page.locator("#why .weights :is(.plus, .minus)")
    assert bars.count() > 3
    widths = [bar.bounding_box()["width"] for bar in bars.all()]
    assert max(widths) > 40 and len({round(width) for width in widths}) > 1
    assert one.page.evaluate("document.documentElement.scrollWidth") <= 390
    one.context.close()


def test_nothing_is_cut_off_in_an_answer(visitor):
    visitor.run()
    visitor.press(".person >> nth=20")
    hidden = """[...document.querySelectorAll("#why, #why *")].filter((one) => one.clientHeight > 0
      && one.scrollHeight > one.clientHeight + 1 && getComputedStyle(one).overflowY !== "visible").length"""
    assert visitor.page.evaluate(hidden) == 0


def test_a_button_leads_to_the_last_step_in_which_somebody_thought_again(visitor):
    visitor.run()
    run = sim.simulate(network=network("neighbourhood"), seed=scenes()["alone"]["seed"], record_people=True,
                       **settings_of(scenes()["alone"]))  # fmt: skip
    last = next(step for step in range(80, 0, -1) if sim.explain(run, 20, step - 1).reconsidered)
    assert last < 80
    visitor.press(".person >> nth=20")
    button = visitor.page.locator("#last-choice")
    assert str(last) in button.inner_text()
    visitor.key("Tab")
    assert visitor.page.evaluate("document.activeElement.id") == "last-choice"
    visitor.key("Enter")
    assert visitor.app("step") == last and "Thought again" in visitor.text("#why")
    assert button.is_disabled() and visitor.page.evaluate("document.activeElement.id") == "why"


def test_who_has_not_thought_again_yet_has_no_way_back(visitor):
    visitor.run()
    run = sim.simulate(network=network("neighbourhood"), seed=scenes()["alone"]["seed"], record_people=True,
                       **settings_of(scenes()["alone"]))  # fmt: skip
    person = next(i for i in range(60) if not sim.explain(run, i, 0).reconsidered)
    visitor.slide("#step", 1)
    visitor.press(f".person >> nth={person}")
    assert visitor.page.locator("#last-choice:visible").count() == 0 and "has not thought again" in visitor.text("#why")


@pytest.mark.parametrize("words", LANGUAGES)
def test_a_person_is_not_called_it(words):
    told = " ".join(text for key, text in strings(words).items() if key.startswith("why."))
    assert not re.search(r"\bit would have\b|\b[Ww]as, wenn sie\b|\bif they\b", told)


def test_before_the_cut_of_a_branch_people_are_explained_by_the_numbers_of_then(visitor):
    """What is told came out is what was recorded, at each step for everybody."""
    visitor.press("#unfold")
    visitor.run()
    visitor.slide("#step", 40)
    visitor.slide("#slider", 16)
    visitor.press("#branch")
    wrong = """() => {
      const { run } = allyship.app;
      const names = [["OPPOSE", "BYSTAND", "TOKEN", "ALLY"], ["GATEKEEP", "WITHDRAW", "WELCOME"]];
      return run.states.slice(1).flatMap((state, step) => [...state.act].flatMap((act, i) =>
        names[run.settings.network.is_marginalized[i]][act] ===
          allyship.explain(run, i, step).outcome ? [] : [[i, step]]));
    }"""
    assert visitor.page.evaluate(wrong) == []
    scene = scenes()["alone"]
    run = sim.simulate(network=network("neighbourhood"), seed=scene["seed"], record_people=True, **settings_of(scene))
    here = visitor.page.evaluate("""[...Array(60).keys()].flatMap((i) => [0, 20, 38].map((step) =>
      Object.values(allyship.explain(allyship.app.run, i, step).probabilities)))""")  # fmt: skip
    there = [list(sim.explain(run, i, step).probabilities.values()) for i in range(60) for step in (0, 20, 38)]
    assert all(sorted(a) == pytest.approx(sorted(b)) for a, b in zip(here, there, strict=True))
    visitor.slide("#step", 1)
    visitor.press(".person >> nth=0")
    assert "whatever" not in visitor.text("#why") and "changed to" not in visitor.text("#why .big")


def ask_what_if(visitor) -> None:
    """Let somebody in group A be silent from step 20 on."""
    person = int(np.flatnonzero(~network("neighbourhood").is_marginalized)[-1])
    visitor.slide("#step", 20)
    visitor.press(f".person >> nth={person}")
    visitor.press("#why [data-act=bystand]")
    visitor.wait("allyship.app.setup.scene === 'sandbox' && allyship.app.run.setup === allyship.app.setup")


def test_what_if_is_another_question_than_that_of_the_scene(visitor):
    """Its thirty runs, and what was predicted of its trust, say nothing of one person who acts otherwise."""
    visitor.press("#unfold")
    visitor.press("[data-scene=cheap]")
    visitor.press("#predict input[value='0.95']")
    visitor.run()
    run_thirty(visitor)
    ask_what_if(visitor)
    assert not visitor.is_shown("#many") and visitor.app("guess") == {"share": None, "curve": None}
    assert visitor.page.evaluate("allyship.app.tried.size") == 0 and visitor.page.locator("#save-many").count() == 0
    run_thirty(visitor)
    assert "You predicted" not in visitor.text("#many")
