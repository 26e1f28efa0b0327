"""A curve that is drawn as a prediction goes where it was drawn, and on from its last point."""

from __future__ import annotations

import pytest
from explorer_browser import needs_browser

pytestmark = needs_browser


def place(visitor, k: int, share: float) -> tuple[float, float]:
    """Return where on the screen a point of the curve is: `k` tenths of the way, at a height."""
    inside = """([k, share]) => {
      const lines = [...document.querySelectorAll("#board line")].map((line) => line.getBoundingClientRect());
      const [high, low] = [Math.min, Math.max].map((most) => most(...lines.map((line) => line.y)));
      return [lines[0].left + lines[0].width * k / 10, low + (high - low) * share];
    }"""
    return visitor.page.evaluate(inside, [k, share])


def draw(visitor, *points: tuple[int, float]) -> None:
    mouse = visitor.page.mouse
    visitor.page.locator("#board").scroll_into_view_if_needed()
    mouse.move(*place(visitor, *points[0]))
    mouse.down()
    for point in points[1:]:
        mouse.move(*place(visitor, *point))
    mouse.up()


@pytest.fixture
def board(visitor):
    visitor.press("#unfold")
    visitor.press("#predict summary")
    return visitor


def test_a_curve_that_is_not_drawn_to_the_end_stays_where_it_was_left(board):
    draw(board, (0, 0.1), (1, 0.2), (2, 0.4), (3, 0.5), (4, 0.8))
    curve = board.app("guess.curve")
    assert curve == pytest.approx([0.1, 0.2, 0.4, 0.5, *[0.8] * 7], abs=0.011)
    assert f"ends at {round(100 * curve[-1])}\u202f%" in board.text("#guess-told")
    assert board.app("guess.share") == curve[-1]


def test_a_curve_begun_late_was_there_from_the_start_and_can_be_drawn_anew(board):
    draw(board, (5, 0.3), (6, 0.6))
    assert board.app("guess.curve") == pytest.approx([*[0.3] * 6, *[0.6] * 5], abs=0.011)
    draw(board, (8, 0.9))
    assert board.app("guess.curve") == pytest.approx([*[0.3] * 6, 0.6, 0.6, *[0.9] * 3], abs=0.011)
    assert board.page.locator("#board .guess").count() == 1
