"""How to read: each shape under the group that shows it, with its meaning."""

from __future__ import annotations

import pytest
from explorer_browser import needs_browser
from page_words import RESPONSES, STANCES

from sim.explorer.page import LANGUAGES, strings

pytestmark = needs_browser


@pytest.mark.parametrize("words", LANGUAGES)
def test_each_shape_is_explained_under_its_group(visitor, words):
    visitor.slide("#language", words)
    visitor.press("#open-help")
    table = strings(words)
    for group, shown in (("a", STANCES), ("b", RESPONSES)):
        told = visitor.page.locator(f"#help h4:text-is('{table[f'group.{group}']}') + dl > div")
        for place, word in enumerate(shown):
            assert told.nth(place).locator(f".shape.{word}").count() == 1
            lines = [line.strip() for line in told.nth(place).inner_text().split("\n") if line.strip()]
            assert lines == [table[f"word.{word}"], table[f"about.{word}"]]
        assert told.count() == len(shown)
