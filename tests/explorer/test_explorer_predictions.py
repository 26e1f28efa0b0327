"""Predictions: made before the run, kept, and judged by thirty runs."""

from __future__ import annotations

from explorer_browser import needs_browser, run_thirty

pytestmark = needs_browser


def test_a_prediction_is_kept_and_stands_over_thirty_runs(visitor):
    visitor.press("#unfold")
    visitor.press("[data-scene=stigma]")
    visitor.press("#predict label:has-text('25')")
    assert "25" in visitor.text("#guess-told")
    visitor.run()
    visitor.press("#second")
    visitor.wait("!!allyship.app.other && !allyship.app.working")
    visitor.press("#run-many")
    visitor.wait("!!allyship.app.many && !allyship.app.working")
    assert visitor.page.locator("#many .guess").count() == 1
    assert "You predicted 25" in visitor.text("#many") and "higher than you thought" in visitor.text("#many")
    assert "guess=0.25" in visitor.page.url


NO_PREDICTION = "You made no prediction"


def test_who_could_not_predict_yet_is_not_blamed_for_it(visitor):
    """The first screen asks for nothing: only from the second place on is there something to predict in."""
    visitor.run()
    visitor.press("#second")
    visitor.wait("!!allyship.app.other && !allyship.app.working")
    run_thirty(visitor)
    assert NO_PREDICTION not in visitor.text("#many")
    visitor.slide("#slider", 8)
    visitor.run()
    run_thirty(visitor)
    assert NO_PREDICTION in visitor.text("#many")


def test_a_prediction_can_be_drawn(visitor):
    visitor.press("#unfold")
    visitor.press("#predict summary")
    box = visitor.page.locator("#board").bounding_box()
    mouse = visitor.page.mouse
    mouse.move(box["x"] + box["width"] * 0.15, box["y"] + box["height"] * 0.8)
    mouse.down()
    mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.2, steps=12)
    mouse.up()
    curve = visitor.app("guess.curve")
    assert len(curve) == 11 and curve[0] < 0.3 < 0.7 < curve[-1]
    assert "curve" in visitor.text("#guess-told")
    visitor.visit("#" + visitor.page.url.split("#")[1])
    assert visitor.app("guess.curve") == curve and visitor.app("guess.share") == curve[-1]
