"""What the page says of one run, and of two lucks, is what happened in them."""

from __future__ import annotations

import pytest
from explorer_browser import needs_browser, run_thirty
from page_words import WORDS, lines, open_place, scene_run, told_of_groups

pytestmark = needs_browser
PLACES = [("numbers", 0.5), ("cheap", 0), ("both", 5), ("helps", "none")]


@pytest.mark.parametrize(("name", "value"), PLACES)
def test_the_result_tells_what_happened(visitor, name, value):
    open_place(visitor, name, value)
    visitor.run()
    run = scene_run(name, value)
    assert lines(visitor, "#result-body p")[:3] == [WORDS[f"regime.{run.regime}"], *told_of_groups(run)]
    assert lines(visitor, "#told") == [" ".join([WORDS[f"regime.{run.regime}"], *told_of_groups(run)])]


@pytest.mark.parametrize(("name", "value", "verdict"), [
    ("alone", 1, "same"), ("numbers", 0.5, "differ"),
    ("cheap", 0.05, "differ"),  # the same regime, and 21 points of allies between them
    ("both", 2.5, "differ")])  # as many allies, and another regime
def test_two_lucks_agree_where_regime_and_allies_do(visitor, name, value, verdict):
    open_place(visitor, name, value)
    visitor.run()
    visitor.press("#second")
    visitor.wait("!!allyship.app.other && !allyship.app.working")
    assert lines(visitor, "#luck .big") == [WORDS[f"luck.{verdict}"]]
    runs = [scene_run(name, value, luck=luck) for luck in (0, 1)]
    for luck, run in enumerate(runs):
        told = lines(visitor, f"#luck figure >> nth={luck} >> figcaption, p")
        named = WORDS["luck.named"].format(n=luck + 1, seed=run.seed)
        assert told == [named, WORDS[f"regime.{run.regime}"], *told_of_groups(run)]


def test_thirty_runs_are_offered_for_what_was_run_only(visitor):
    open_place(visitor, "alone")
    visitor.run()
    button = visitor.page.locator("#run-many")
    assert button.is_enabled()
    visitor.slide("#slider", 3)
    assert button.is_disabled() and "run before" in visitor.text("#working")
    visitor.run()
    assert button.is_enabled()
    run_thirty(visitor)
    assert button.is_disabled()
    visitor.slide("#slider", 4)
    assert button.is_disabled()
