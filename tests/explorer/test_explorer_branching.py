"""Going on from a step with a change: offered where there is a step to go on from, and told as what it is."""

from __future__ import annotations

from explorer_browser import needs_browser
from page_words import WORDS, lines, open_place

pytestmark = needs_browser


def test_a_branch_is_offered_after_the_first_step_and_before_the_last(visitor):
    open_place(visitor, "betrayal")
    visitor.run()
    visitor.slide("#step", 20)
    assert visitor.page.locator("#branch").count() == 0  # nothing was changed
    visitor.slide("#slider", 0.9)
    for step, is_offered in ((0, False), (1, True), (89, True), (90, False), (30, True)):
        visitor.slide("#step", step)
        told = [WORDS["branch"].format(step=step)] if is_offered else []
        assert lines(visitor, "#branch") == told, step
    visitor.press("#branch")
    assert WORDS["result.branched"].format(step=30) in visitor.text("#result-body")
    assert visitor.page.locator("#branch, #second, #run-many").count() == 0
