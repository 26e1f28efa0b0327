"""Tables of the page: no number is broken over lines, and shares that do not add up to 100 say why."""

from __future__ import annotations

import pytest
from explorer_browser import Visitor, needs_browser, run_thirty

from sim.explorer.page import LANGUAGES

pytestmark = needs_browser
BROKEN = r"""(selector) => [...document.querySelectorAll(selector)].flatMap((cell) => {
  const words = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), broken = [];
  while (words.nextNode()) {
    for (const found of words.currentNode.data.matchAll(/\([^)]*\)|[+−]?\d+(?:[.,]\d+)?(?:\s?%)?/g)) {
      const range = document.createRange();
      range.setStart(words.currentNode, found.index);
      range.setEnd(words.currentNode, found.index + found[0].length);
      const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
      if (lines.size > 1) broken.push(found[0]);
    }
  }
  return broken;
})"""


@pytest.mark.parametrize("words", LANGUAGES)
@pytest.mark.parametrize(("scene", "values"), [("cheap", (0.05, 0.25)), ("alone", (5, 12))])
def test_no_number_is_broken_over_lines_on_a_phone(chrome, address, scene, values, words):
    one = Visitor(chrome, address, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    one.slide("#language", words)
    one.press("#unfold")
    one.press(f"[data-scene={scene}]")
    for value in values:
        one.slide("#slider", value)
        one.run()
        run_thirty(one)
        one.press("#keep")
    one.slide("#slider", values[0])
    one.run()
    assert one.page.locator("#puzzle tbody tr").count() == 2 and one.page.locator("#compare tbody tr").count() == 8
    assert one.page.evaluate(BROKEN, "#puzzle tbody *, #many tbody *, #compare tbody *") == []
    inside = """[...document.querySelectorAll("#puzzle table, #compare table")].every((one) =>
      one.getBoundingClientRect().right <= one.closest(".card").getBoundingClientRect().right)"""
    assert one.page.evaluate(inside)
    one.context.close()


def test_shares_that_do_not_add_up_to_a_hundred_are_said_to_be_rounded(visitor):
    visitor.press("#unfold")
    visitor.run()
    visitor.press("#keep")
    told = set()
    for value in range(2, 21):
        visitor.slide("#slider", value)
        visitor.run()
        cells = [row.split("\t") for row in visitor.page.locator("#compare tbody tr").all_inner_texts()]
        sums = [sum(int(row[k].split("\u202f")[0]) for row in cells[a:b]) for k in (1, 2) for a, b in ((0, 4), (4, 7))]
        is_told = visitor.page.locator("#compare .rounded").count() == 1
        assert is_told == any(total != 100 for total in sums), (value, sums)
        told.add(is_told)
    assert told == {True, False}
