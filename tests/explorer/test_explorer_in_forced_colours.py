"""The page where a reader's own few colours replace all others (high contrast), dark and light."""

from __future__ import annotations

import io

import pytest
from explorer_browser import Visitor, needs_browser

pytestmark = needs_browser
numpy = pytest.importorskip("numpy")
image = pytest.importorskip("PIL.Image")


@pytest.fixture(params=["dark", "light"])
def contrasting(request, chrome, address):
    one = Visitor(chrome, address, forced_colors="active", color_scheme=request.param)
    one.press("#unfold")
    one.run()
    yield one
    assert not one.problems
    one.context.close()


def strongest_contrast(visitor, selector: str) -> float:
    """Return the contrast (WCAG) of the darkest and the brightest point of an element."""
    picture = image.open(io.BytesIO(visitor.page.locator(selector).first.screenshot())).convert("RGB")
    shares = numpy.asarray(picture) / 255
    linear = numpy.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    light = linear @ [0.2126, 0.7152, 0.0722]
    return (light.max() + 0.05) / (light.min() + 0.05)


def test_each_shape_and_line_can_be_told_from_what_is_behind_it(contrasting):
    keys = contrasting.page.locator("#legend li")
    assert keys.count() == 7
    for k in range(7):
        assert strongest_contrast(contrasting, f"#legend li>> nth={k} >> svg") >= 3, k
    for selector in ("#network", "#chart-a", "#chart-b"):
        assert strongest_contrast(contrasting, selector) >= 7


def test_what_is_drawn_has_a_ground_of_its_own(contrasting):
    """White, for which its colours are made, whatever the colours of the page are."""
    grounds = """() => ["#network", "#chart-a", "#chart-b", "#legend svg"].map((one) =>
      getComputedStyle(document.querySelector(one)).backgroundColor)"""
    assert set(contrasting.page.evaluate(grounds)) == {"rgb(255, 255, 255)"}


def test_the_scene_on_the_stage_and_what_is_pressed_look_unlike_the_others(contrasting):
    grounds = """() => ["[data-scene=alone]", "[data-scene=numbers]"].map((one) =>
      getComputedStyle(document.querySelector(one)).backgroundColor)"""
    here, other = contrasting.page.evaluate(grounds)
    assert here != other
    assert strongest_contrast(contrasting, "[data-scene=alone]") >= 4.5
    contrasting.press("#projector")
    pressed = contrasting.page.evaluate("getComputedStyle(document.getElementById('projector')).backgroundColor")
    assert pressed == here
