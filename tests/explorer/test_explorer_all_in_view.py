"""While a run plays, its network and its charts are on one screen, and nothing jumps for it."""

from __future__ import annotations

import pytest
from explorer_browser import Visitor, needs_browser

from sim.explorer.page import LANGUAGES

pytestmark = needs_browser
BOTH = ("network", "legend", "chart-a", "chart-b", "run")
LYING = {"is_mobile": True, "has_touch": True}


def open_page(chrome, address, size, words="en", **more):
    viewport = {"width": size[0], "height": size[1]}
    one = Visitor(chrome, address, viewport=viewport, reduced_motion="no-preference", **more)
    one.slide("#language", words)
    one.press("#unfold")
    one.press("[data-scene=numbers]")
    return one


def off_screen(visitor, names) -> list[str]:
    """Return what is not wholly seen; all at once, as the run goes on meanwhile."""
    return visitor.page.evaluate("""(names) => names.filter((id) => {
      const { top, bottom, left, right } = document.getElementById(id).getBoundingClientRect();
      return top < -1 || left < -1 || bottom > innerHeight + 1 || right > innerWidth + 1;
    })""", names)  # fmt: skip


def play(visitor) -> None:
    visitor.press("#run")
    visitor.wait("allyship.app.playing !== null && allyship.app.step > 25")


@pytest.mark.parametrize("words", LANGUAGES)
@pytest.mark.parametrize("size", [(1280, 720), (1366, 768), (1920, 1080)])
def test_network_and_charts_of_both_groups_are_seen_while_it_plays(chrome, address, size, words):
    one = open_page(chrome, address, size, words)
    one.page.wait_for_timeout(600)
    one.page.evaluate("scrollTo(0, 0)")
    before = one.page.locator("#slider").bounding_box()
    play(one)
    assert off_screen(one, [*BOTH, "replay", "slider"]) == []
    assert one.page.locator("#slider").bounding_box() == before
    one.wait("allyship.app.revealed")
    assert one.page.locator("#slider").bounding_box() == before
    assert off_screen(one, BOTH) == []
    assert not one.problems
    one.context.close()


def test_on_a_projector_too(chrome, address):
    one = open_page(chrome, address, (1366, 768))
    one.press("#projector")
    play(one)
    assert off_screen(one, ["network", "chart-a", "chart-b"]) == []
    one.context.close()


@pytest.mark.parametrize("words", LANGUAGES)
@pytest.mark.parametrize("size", [(1280, 720), (1366, 768), (844, 390), (390, 844)])
def test_words_of_charts_are_large_enough_to_read_and_not_cut_off(chrome, address, size, words):
    one = open_page(chrome, address, size, words)
    play(one)
    told = one.page.evaluate("""() => [...document.querySelectorAll("#charts .end")].map((word) =>
      [word.getBoundingClientRect(), word.closest("svg").getBoundingClientRect()]).map(([word, chart]) =>
      [word.height, chart.right - word.right])""")  # fmt: skip
    assert min(height for height, _ in told) >= 12 and min(room for _, room in told) >= -1
    one.context.close()


@pytest.mark.parametrize("size", [(844, 390), (667, 375), (932, 430)])
def test_on_a_phone_that_lies_network_and_a_chart_are_seen_while_it_plays(chrome, address, size):
    one = open_page(chrome, address, size, **LYING)
    play(one)
    assert off_screen(one, ["network", "replay", "chart-a", "run"]) == []
    box = one.page.locator("#network").bounding_box()
    assert box["height"] > size[1] / 2
    assert one.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert not one.problems
    one.context.close()


@pytest.mark.parametrize("size", [(1366, 768), (844, 390), (390, 844)])
def test_tab_goes_the_way_of_the_eye(chrome, address, size):
    """From each control to one below it or in a column to its right, not back up."""
    one = Visitor(chrome, address, viewport={"width": size[0], "height": size[1]})
    one.press("#unfold")
    one.run()
    cards = """() => ["result", "try"].map((name) => document.querySelector(name === "try" ? ".try" : "#result"))
      .map((one) => one.getBoundingClientRect().top)"""
    result, attempt = one.page.evaluate(cards)
    one.page.focus("#step")
    one.key("Tab")
    inside = one.page.evaluate("document.activeElement.closest('.card').id || 'try'")
    assert inside == ("result" if result < attempt else "try")
    one.page.set_viewport_size({"width": size[1], "height": 300} if size[0] > 861 else {"width": 1366, "height": 768})
    one.page.wait_for_timeout(100)
    result, attempt = one.page.evaluate(cards)
    first = one.page.evaluate("document.querySelector('.bench .card').id || 'try'")
    assert first == ("result" if result < attempt else "try")
    one.context.close()
