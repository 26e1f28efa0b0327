"""The lines of the charts are the numbers of the runs, on the scale that stands beside them."""

from __future__ import annotations

import re

import numpy as np
import pytest
from explorer_browser import Visitor, needs_browser, run_thirty
from page_words import RESPONSES, STANCES, WORDS, lines, open_place, scene_run

pytestmark = needs_browser
HEIGHTS = """(svg) => {
  const ticks = [...svg.querySelectorAll(".tick")].filter((one) => one.textContent.includes("%"));
  const rules = [...svg.querySelectorAll(".grid, .axis")].map((one) => Number(one.getAttribute("y1")));
  return ticks.map((one) => [parseInt(one.textContent) / 100,
    rules.reduce((a, b) => (Math.abs(b - one.getAttribute("y")) < Math.abs(a - one.getAttribute("y")) ? b : a))]);
}"""


def read(chart, selector: str) -> list[np.ndarray]:
    """Read paths off a chart by the percentages at its side: steps across, shares upwards."""
    (low, bottom), *_, (high, top) = sorted(chart.evaluate(HEIGHTS))
    assert (low, high) == (0, 1) and top < bottom
    found = []
    for d in chart.locator(selector).evaluate_all("all => all.map((one) => one.getAttribute('d'))"):
        points = np.array([[float(x), float(y)] for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", d)])
        found.append((bottom - points[:, 1]) / (bottom - top))
    return found


def check_lines(chart, selector: str, history, names: list[str]) -> None:
    drawn = read(chart, selector)
    assert len(drawn) == len(names)
    for line, name in zip(drawn, names, strict=True):
        np.testing.assert_allclose(line, history[name], atol=0.001)


def names_of(words: list[str]) -> list[str]:
    """Return the measures that the words at the ends of lines name, from above."""
    by_word = {WORDS[f"word.{word}"]: f"{word}_share" for word in (*STANCES, *RESPONSES)}
    by_word[WORDS["word.trust"]] = "mean_trust"
    return [by_word[word] for word in words]


@pytest.mark.parametrize("group", ["a", "b"])
def test_lines_are_the_courses_of_what_stands_at_their_ends(visitor, group):
    open_place(visitor, "betrayal")
    visitor.run()
    visitor.press("#keep")
    visitor.slide("#slider", 0.9)
    visitor.run()
    chart, before, after = visitor.page.locator(f"#chart-{group}"), scene_run("betrayal", 0), scene_run("betrayal", 0.9)
    names = names_of(chart.locator(".end").all_text_contents())
    check_lines(chart, ".line", after.history, names)
    check_lines(chart, ".ghost", before.history, names)
    dashes = chart.locator(".line").evaluate_all("all => all.map((one) => one.getAttribute('stroke-dasharray'))")
    assert len(set(dashes)) == len(names)  # so that lines can be told apart without colour
    title = "chart.a" if group == "a" else "chart.b"
    n = (before.network.is_marginalized == (group == "b")).sum()
    assert lines(visitor, f"#chart-{group}-title") == [WORDS[title].format(n=n)]
    assert WORDS["intervention.betrayal_scandal"] in chart.locator(".tick").all_text_contents()


def test_at_the_ends_of_lines_words_stand_in_the_order_of_the_shares(visitor):
    open_place(visitor, "helps")
    visitor.run()
    end = scene_run("helps").history.iloc[-1]
    for group, count in (("a", 4), ("b", 4)):
        words = visitor.page.locator(f"#chart-{group} .end").evaluate_all(
            "all => all.map((one) => [one.textContent, Number(one.getAttribute('y'))])")  # fmt: skip
        heights = [y for _, y in words]
        shares = end[names_of([word for word, _ in words])].to_numpy()
        assert len(words) == count and min(np.diff(sorted(heights))) >= 16.9
        assert all(heights[i] < heights[j] for i in range(count) for j in range(count) if shares[i] > shares[j])


def test_a_run_that_plays_does_not_give_away_its_end(chrome, address):
    one = Visitor(chrome, address, reduced_motion="no-preference")
    one.press("#run")
    one.wait("allyship.app.step > 5")
    one.press("#play")
    step, history = one.app("step"), scene_run("alone").history
    drawn = read(one.page.locator("#chart-a"), ".line")
    assert {len(line) for line in drawn} == {step + 1}
    assert "at the end" not in one.page.get_attribute("#chart-a", "aria-label") and not one.is_shown("#result")
    names = names_of(one.page.locator("#chart-a .end").all_text_contents())
    np.testing.assert_allclose([line[-1] for line in drawn], history[names].iloc[step], atol=0.001)
    assert one.text("#step-told") == f"step {step} of 80"
    one.context.close()


def test_thirty_lines_their_band_and_the_prediction_are_where_they_belong(visitor):
    open_place(visitor, "numbers", 0.5)
    visitor.press("#predict input[value='0.25']")
    visitor.run()
    run_thirty(visitor)
    runs = [scene_run("numbers", 0.5, luck=luck).history for luck in range(30)]
    for place, measure in enumerate(("ally_share", "mean_trust")):
        chart = visitor.page.locator(f"#many .chart >> nth={place}")
        courses = np.array([run[measure] for run in runs])
        np.testing.assert_allclose(read(chart, ".thin, .line"), courses, atol=0.001)
        np.testing.assert_allclose(read(chart, ".line")[0], courses[0], atol=0.001)
        low, high = np.quantile(courses, [0.1, 0.9], axis=0)
        np.testing.assert_allclose(read(chart, ".band")[0], [*low, *high[::-1]], atol=0.001)
        guessed = [line.tolist() for line in read(chart, ".guess")]
        assert guessed == ([] if place else [pytest.approx([0.25] * 2, abs=0.001)])
