"""The page on small and on large screens, by finger."""

from __future__ import annotations

import pytest
from explorer_browser import Visitor, needs_browser, run_thirty

from sim.explorer.page import LANGUAGES

pytestmark = needs_browser


def test_a_finger_beside_a_person_means_the_nearest(chrome, address):
    one = Visitor(chrome, address, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    one.run()
    box = one.page.locator(".person >> nth=12").bounding_box()
    one.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] - 4)
    one.wait("allyship.app.person !== null", 5)
    assert one.is_shown("#why")
    assert not one.problems
    one.context.close()


@pytest.mark.parametrize("words", LANGUAGES)
@pytest.mark.parametrize("size", [(390, 844), (320, 640), (1280, 800), (1920, 1080)])
def test_nothing_sticks_out_sideways(chrome, address, size, words):
    one = Visitor(chrome, address, viewport={"width": size[0], "height": size[1]})
    one.slide("#language", words)
    one.press("#unfold")
    one.run()
    one.press("#keep")
    one.run()
    run_thirty(one)
    one.press(".person >> nth=5")
    assert one.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert not one.page.evaluate("""[...document.querySelectorAll(".card table")].filter((one) =>
      one.checkVisibility() && !one.closest(".scroll")
      && one.getBoundingClientRect().right > one.closest(".card").getBoundingClientRect().right).length""")
    one.press("[data-scene=sandbox]")
    assert one.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert not one.problems
    one.context.close()


def test_on_a_phone_the_button_is_on_the_first_screen(chrome, address):
    one = Visitor(chrome, address, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    box = one.page.locator("#run").bounding_box()
    assert box["y"] + box["height"] <= 844
    one.context.close()


SMALL_TARGETS = """() => [...document.querySelectorAll("main button, header button, input, select, summary, main a")]
  .filter((one) => one.checkVisibility()).map((one) => {
    const named = one.type === "checkbox" ? document.querySelector(`label[for="${one.id}"]`) : null;
    const { width, height } = (one.closest("label") ?? named ?? one).getBoundingClientRect();
    return [one.id || one.className || one.textContent, width, height];
  }).filter(([, width, height]) => Math.min(width, height) < 44)"""  # fmt: skip


def test_a_finger_reaches_every_control_on_a_small_phone(chrome, address):
    one = Visitor(chrome, address, viewport={"width": 360, "height": 640}, is_mobile=True, has_touch=True)
    assert not one.page.evaluate(SMALL_TARGETS)
    one.run()
    one.page.locator("#second").tap()
    one.wait("!!allyship.app.other && !allyship.app.working")
    run_thirty(one)
    one.press(".person >> nth=7")
    for summary in one.page.locator("summary:visible").all():
        summary.tap()
    assert not one.page.evaluate(SMALL_TARGETS)
    one.press("[data-scene=sandbox]")
    for summary in one.page.locator("#sandbox summary").all():
        summary.tap()
    one.slide("#set-add", "protection")
    assert not one.page.evaluate(SMALL_TARGETS)
    assert one.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert not one.problems
    one.context.close()
