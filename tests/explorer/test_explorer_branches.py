"""Branches and what-ifs: their links open the same run, and what cannot be made leaves everything as it was."""

from __future__ import annotations

import pytest
from explorer_browser import Visitor, needs_browser, run_thirty

pytestmark = needs_browser
HISTORY = "allyship.MEASURES.map((name) => Array.from(allyship.app.run.history[name], String))"


def branch(visitor, step: int, value) -> None:
    visitor.slide("#step", step)
    visitor.slide("#slider", value)
    visitor.press("#branch")


def open_link_of(visitor) -> None:
    visitor.visit("#" + visitor.page.url.split("#")[1])
    visitor.wait("!!allyship.app.run && !allyship.app.working && allyship.app.revealed")


@pytest.mark.parametrize(("scene", "cuts"), [
    ("alone", [(20, 12), (30, 3)]), ("alone", [(40, 12), (15, 3), (60, 20)]),
    ("helps", [(20, "curb_tokens"), (50, "none")])])  # fmt: skip
def test_a_link_opens_the_same_run_after_any_number_of_branches(visitor, scene, cuts):
    visitor.press("#unfold")
    visitor.press(f"[data-scene={scene}]")
    visitor.run()
    for step, value in cuts:
        branch(visitor, step, value)
    before, setup = visitor.page.evaluate(HISTORY), visitor.app("setup")
    assert "branch=" + "~".join(f"{step}~{value}" for step, value in cuts) in visitor.page.url.replace("%7E", "~")
    open_link_of(visitor)
    assert visitor.page.evaluate(HISTORY) == before and visitor.app("setup") == setup
    assert visitor.app("run.branched") == cuts[-1][0] and visitor.page.locator("#chart-a .ghost").count() == 4


def test_a_run_that_a_link_could_not_hold_is_not_offered(visitor):
    visitor.press("#unfold")
    visitor.run()
    for k in range(8):
        branch(visitor, 10 + k, 3 + k)
    visitor.slide("#step", 30)
    visitor.slide("#slider", 1)
    assert visitor.page.locator("#branch").count() == 0
    visitor.slide("#slider", 11)
    assert "x=11" in visitor.page.input_value("#link")


def test_a_slider_that_is_moved_after_a_run_is_in_the_link_and_the_run_is_not(visitor):
    """Who opens the link sees what is chosen, not yet run; never a run under another value than the one shown."""
    visitor.press("#unfold")
    visitor.run()
    branch(visitor, 20, 12)
    visitor.slide("#slider", 7)
    assert "x=7" in visitor.page.url and "branch" not in visitor.page.url and "step" not in visitor.page.url
    visitor.visit("#" + visitor.page.url.split("#")[1])
    assert visitor.app("setup.value") == 7 and visitor.app("run") is None
    assert visitor.page.input_value("#slider") == "7"


def test_a_citation_links_to_the_run_it_tells_of(visitor):
    visitor.press("#unfold")
    visitor.run()
    branch(visitor, 20, 12)
    visitor.slide("#slider", 7)
    with visitor.page.expect_download() as download:
        visitor.press("#save-citation")
    told = download.value.path().read_text(encoding="utf-8")
    assert "Branched at step 20" in told and "x=1&" in told and "branch=20~12" in told.replace("%7E", "~")


STATE = """(() => {
  const { setup, run, other, many, kept, ghost, step, person, guess, revealed, tried, playing, working } = allyship.app;
  window.seen ??= [];
  const name = (one) => one && (seen.includes(one) ? seen.indexOf(one) : seen.push(one) - 1);
  const [chosen, made, second, thirty, before, shown] = [setup, run, other, many, kept, ghost].map(name);
  return { chosen, made, second, thirty, before, shown, step, person, guess, revealed, tried: tried.size, playing,
    working, link: location.hash };
})()"""


def test_what_cannot_be_made_leaves_everything_as_it_was(visitor):
    """Somebody who is an ally all along, decided from outside, cannot be silent as well; it is not even offered."""
    visitor.press("#unfold")
    visitor.press("#predict input[value='0.25']")
    visitor.run()
    run_thirty(visitor)
    visitor.press("#keep")
    ally = visitor.app("run.course.picked[0][0]")
    visitor.slide("#step", 20)
    visitor.press(f".person >> nth={ally}")
    before = visitor.page.evaluate(STATE)
    visitor.page.evaluate("document.querySelector('#why [data-act=bystand]').click()")
    visitor.wait("!document.getElementById('notice').hidden && !allyship.app.working")
    assert "same person" in visitor.text("#notice")
    assert visitor.page.evaluate(STATE) == before and before["tried"] == 1 and before["guess"]["share"] == 0.25
    assert visitor.page.locator("#why [data-act=ally]").is_enabled()


@pytest.fixture
def moving(chrome, address):
    """Return a visitor who sees runs play."""
    one = Visitor(chrome, address, reduced_motion="no-preference")
    one.press("#unfold")
    one.press("#run")
    one.wait("allyship.app.step > 3")
    one.press("#run")
    yield one
    assert not one.problems
    one.context.close()


WHAT_IF = "document.querySelector('#why [data-act=bystand]').click()"


def someone_else(visitor) -> int:
    """Return somebody of group A whom nothing decides for."""
    return visitor.page.evaluate("""allyship.app.run.settings.network.is_marginalized.findIndex((is_marginalized, i) =>
      !is_marginalized && !allyship.app.run.course.picked[0].includes(i))""")  # fmt: skip


def test_what_if_while_a_run_plays_goes_on_from_the_step_it_was_asked_at(moving):
    person = someone_else(moving)
    moving.press(f".person >> nth={person}")
    moving.press("#play")
    moving.wait("allyship.app.step > 3")
    step = moving.page.evaluate(f"{{ {WHAT_IF}; allyship.app.step }}")
    moving.wait("allyship.app.setup.scene === 'sandbox' && !allyship.app.working")
    moving.page.wait_for_timeout(150)
    assert moving.page.evaluate("allyship.app.run.setup === allyship.app.setup") and moving.app("playing") is None
    assert moving.app("step") == step + 1 and moving.app("setup.interventions.at(-1).begin") == step + 1
    assert moving.app("person") == person and f"step={step + 1}" in moving.page.url


def test_a_second_luck_while_a_run_plays_stops_it(moving):
    moving.press("#play")
    moving.wait("allyship.app.step > 3")
    moving.press("#second")
    moving.wait("!!allyship.app.other && !allyship.app.working")
    assert moving.app("playing") is None and moving.is_shown("#luck")


def test_while_thirty_runs_are_made_nothing_else_is(visitor):
    visitor.press("#unfold")
    visitor.run()
    visitor.press(f".person >> nth={someone_else(visitor)}")
    visitor.slide("#step", 20)
    makers = "#run, #run-below, #branch, #second, #run-many, #why [data-act]"
    is_open = f"[...document.querySelectorAll('{makers}')].filter((one) => !one.disabled).map((one) => one.id)"
    visitor.page.evaluate("document.getElementById('run-many').click()")
    assert visitor.page.evaluate(is_open) == []
    visitor.page.evaluate("document.getElementById('back').click()")
    assert visitor.app("working") and visitor.app("step") == 19 and visitor.page.evaluate(is_open) == []
    visitor.wait("!!allyship.app.many && !allyship.app.working")
    assert visitor.app("setup.scene") == "alone" and "run-many" not in visitor.page.evaluate(is_open)
    assert len(visitor.page.evaluate(is_open)) == 4


def test_a_clash_of_another_luck_only_is_told(visitor):
    """Whom a measure picks by chance depends on the luck; the runs that can be made stay."""
    visitor.press("#unfold")
    visitor.press("[data-scene=sandbox]")
    visitor.page.evaluate("""() => {
      const { app, intervention_from, record, settings_of } = allyship, who = { who: "random", share: null, count: 3 };
      app.setup.interventions = ["ally", "bystand"].map((force, k) => intervention_from({ kind: "committed_allies",
        group: "advantaged", force, begin: 0, draw: k, ...who }));
      const clashes = (luck) => { try { return !record(settings_of(app.setup, luck), 1); } catch { return true; } };
      for (let seed = 1; clashes(0) || !clashes(1); seed++) app.setup.seed = app.setup.start_seed = String(seed);
    }""")
    visitor.run()
    for button in ("#second", "#run-many"):
        visitor.press(button)
        visitor.wait("!document.getElementById('notice').hidden && !allyship.app.working")
        assert "same person" in visitor.text("#notice") and visitor.is_shown("#result")
        assert visitor.app("other") is None and visitor.app("many") is None
