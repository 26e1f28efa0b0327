"""The page by keyboard, for screen readers, in every language, on a projector."""

from __future__ import annotations

import json
import re

import pytest
from explorer_browser import needs_browser

from sim.explorer.page import LANGUAGES

pytestmark = needs_browser


def test_everything_by_keyboard(visitor):
    visitor.key("Tab")
    assert visitor.page.evaluate("document.activeElement.className") == "skip"
    visitor.page.focus("#slider")
    visitor.key("ArrowRight", "ArrowRight", "Tab", "Enter")
    visitor.wait("allyship.app.revealed && !allyship.app.working")
    assert visitor.app("setup.value") == 3
    visitor.page.focus(".person[tabindex='0']")
    visitor.key("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "End", "Home")
    assert visitor.page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Person 1,")
    visitor.key("Enter")
    assert visitor.page.evaluate("document.activeElement.id") == "why"
    visitor.page.locator("#why button", has_text="Close").focus()
    visitor.key("Enter")
    assert visitor.page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Person 1,")
    assert visitor.page.locator(".person[tabindex='0']").count() == 1


def test_the_skip_link_leaves_nothing_to_go_back_to(visitor):
    """Going back to the address of before would open its link, and discard what was done since."""
    visitor.press("#unfold")
    visitor.slide("#slider", 5)
    before = visitor.page.evaluate("[history.length, location.hash]")
    visitor.page.focus(".skip")
    visitor.key("Enter")
    assert visitor.page.evaluate("document.activeElement.id") == "main"
    assert visitor.page.evaluate("[history.length, location.hash]") == before


def test_the_keyboard_goes_where_the_eye_goes(visitor):
    where = "document.activeElement.id"
    visitor.run()
    visitor.page.focus("#second")
    visitor.key("Enter")
    visitor.wait("!!allyship.app.other && !allyship.app.working")
    assert visitor.page.evaluate(where) == "luck"
    visitor.page.focus("#run-many")
    visitor.key("Enter")
    visitor.wait("!!allyship.app.many && !allyship.app.working")
    assert visitor.page.evaluate(where) == "many"
    visitor.page.focus("#keep")
    visitor.key("Enter")
    assert visitor.page.evaluate(where) == "slider"


def test_how_to_read_opens_at_its_beginning(visitor):
    visitor.page.set_viewport_size({"width": 800, "height": 400})
    visitor.press("#open-help")
    assert visitor.page.evaluate("document.activeElement.id") == "help-title"
    assert visitor.page.evaluate("[help.scrollTop, help.scrollHeight > help.clientHeight]") == [0, True]


def test_tables_hold_what_the_pictures_show(visitor):
    visitor.press("#unfold")
    visitor.run()
    rows = "document.querySelectorAll('#tables tbody tr').length"
    visitor.press("#tables summary >> nth=0")
    visitor.wait(f"{rows} === 60", 5)
    visitor.press("#tables summary >> nth=1")
    visitor.wait(f"{rows} === 60 + allyship.app.setup.steps + 1", 5)
    visitor.press("#tables tbody button >> nth=3")
    assert "Person 4" in visitor.text("#why")


def test_each_act_has_a_shape_of_its_own(visitor):
    visitor.press("#unfold")
    shapes = visitor.page.locator("#legend path").evaluate_all("paths => paths.map((path) => path.getAttribute('d'))")
    assert len(shapes) == len(set(shapes)) == 7


@pytest.mark.parametrize("words", LANGUAGES)
def test_another_language_changes_every_word(visitor, words):
    visitor.slide("#language", words)
    visitor.press("#unfold")
    visitor.run()
    assert visitor.page.evaluate("document.documentElement.lang") == words
    table = json.loads(visitor.page.evaluate("document.getElementById('data').textContent"))["strings"]
    assert visitor.text("#question") == table[words]["scene.alone.question"]
    keys = set(table["en"])
    shown = visitor.page.evaluate("document.body.innerText")
    assert not [key for key in keys if "." in key and re.search(rf"(?<![\w.]){re.escape(key)}(?![\w.])", shown)]


def test_a_projector_makes_everything_larger(visitor):
    small = visitor.page.evaluate("getComputedStyle(document.body).fontSize")
    visitor.press("#projector")
    assert float(visitor.page.evaluate("getComputedStyle(document.body).fontSize")[:-2]) > float(small[:-2])
    visitor.slide("#language", "de")
    visitor.run()
    cut = """[...document.querySelectorAll(".chart .end")].filter((word) =>
      word.getBoundingClientRect().right > word.closest("svg").getBoundingClientRect().right)
      .map((word) => word.textContent)"""
    assert visitor.page.evaluate(cut) == []
    assert visitor.page.get_attribute("#projector", "aria-pressed") == "true"


def test_axe_finds_nothing(visitor):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed (extra 'browser')")
    checker = axe.Axe()

    def found() -> list[str]:
        tags = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
        response = checker.run(visitor.page, options=tags).response
        return [f"{one['id']}: {node['html'][:120]}" for one in response["violations"] for node in one["nodes"]]

    assert not found()
    visitor.run()
    assert not found()
    visitor.press("#second")
    visitor.wait("!!allyship.app.other && !allyship.app.working")
    visitor.press("#run-many")
    visitor.wait("!!allyship.app.many && !allyship.app.working")
    visitor.press(".person >> nth=7")
    for summary in visitor.page.locator("summary:visible").all():
        summary.click()
    assert not found()
    visitor.press("[data-scene=sandbox]")
    for summary in visitor.page.locator("#sandbox summary").all():
        summary.click()
    visitor.slide("#set-add", "protection")
    assert not found()
    visitor.press("#open-help")
    assert not found()
