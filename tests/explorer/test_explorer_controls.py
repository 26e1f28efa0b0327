"""The one control of each scene: its ends are named, its values are those of the scene."""

from __future__ import annotations

from explorer_browser import needs_browser
from page_words import WORDS, lines, number

from sim.explorer.scenes import scenes

pytestmark = needs_browser


def test_both_ends_of_each_slider_have_their_words_and_values(visitor):
    visitor.press("#unfold")
    for name, scene in scenes().items():
        visitor.press(f"[data-scene={name}]")
        control, slider = scene["control"], visitor.page.locator("#slider")
        assert lines(visitor, "#question") == [WORDS[f"scene.{name}.question"]]
        assert lines(visitor, "#story") == [WORDS[f"scene.{name}.story"]]
        assert lines(visitor, "#scenes [aria-current]") == [WORDS[f"scene.{name}.title"]]
        if control["kind"] == "choice":
            kinds = [WORDS["done.nothing"], *(WORDS[f"intervention.{kind}"] for kind in control["values"][1:])]
            assert slider.locator("option").all_text_contents() == kinds
            continue
        assert lines(visitor, "#slider-ends span") == [WORDS[f"scene.{name}.low"], WORDS[f"scene.{name}.high"]]
        told = [float(slider.get_attribute(part)) for part in ("min", "max", "step")]
        assert told == [control["low"], control["high"], control["step"]]
        assert visitor.text("#slider-value") == number(control["value"], control["digits"])
