"""The tables of the page, its legend and its network hold the numbers of the library's run."""

from __future__ import annotations

import pytest
from explorer_browser import needs_browser
from page_words import RESPONSES, STANCES, WORDS, end_of, lines, number, open_place, percent, scene_run, word_of

pytestmark = needs_browser
STEP = 40


@pytest.fixture
def shown(visitor):
    open_place(visitor, "betrayal")
    visitor.run()
    visitor.slide("#step", STEP)
    return visitor


def cells(visitor, selector: str) -> list[list[str]]:
    """Return the cells of the rows of a table."""
    return [[cell.strip() for cell in row.split("\t")] for row in lines(visitor, f"{selector} tr")]


def test_the_table_of_people_is_that_of_the_run(shown):
    shown.press("#tables summary >> nth=0")
    shown.wait("document.querySelectorAll('#tables tbody tr').length === 60", 5)
    run, names = scene_run("betrayal"), ("sympathy", "loyalty", "stigma", "trust")
    head, *rows = cells(shown, "#tables details:nth-of-type(1)")
    assert head == [WORDS[f"column.{name}"] for name in ("person", "group", "act", *names, "ties")]
    people = {name: rows[STEP] for name, rows in run.trajectory.items()}
    for i, row in enumerate(rows):
        is_marginalized = run.network.is_marginalized[i]
        traits = [number(people[name][i]) if (name == "trust") == is_marginalized else "" for name in names]
        word = WORDS["word." + word_of(run, i, people["act"][i])]
        group = WORDS["group.b" if is_marginalized else "group.a"]
        assert row == [str(i + 1), group, word, *traits, str(len(run.network.neighbours_of(i)))]


def test_the_table_of_the_course_is_that_of_the_run(shown):
    shown.press("#tables summary >> nth=1")
    shown.wait("document.querySelectorAll('#tables tbody tr').length === 91", 5)
    history = scene_run("betrayal").history
    head, *rows = cells(shown, "#tables details:nth-of-type(2)")
    names = {WORDS[f"measure.{name}"]: name for name in history.columns if f"measure.{name}" in WORDS}
    assert set(STANCES) | set(RESPONSES) <= {names[word].removesuffix("_share") for word in head[1:]}
    for step, row in enumerate(rows):
        assert row == [str(step), *(percent(history[names[word]][step]) for word in head[1:])]


def test_legend_and_network_show_everybody_as_they_are(shown):
    run = scene_run("betrayal")
    act, in_ring = run.trajectory["act"][STEP], run.network.is_marginalized
    words = [word_of(run, i, act[i]) for i in range(60)]
    counts = [f"{WORDS[f'word.{word}']}{words.count(word)}" for word in (*STANCES, *RESPONSES)]
    assert ["".join(line.split("\n")) for line in lines(shown, "#legend li")] == counts
    groups = ["group.a.counted", "group.b.counted"]
    assert lines(shown, "#legend .group") == [WORDS[key].format(n=(in_ring == k).sum()) for k, key in enumerate(groups)]
    for i, person in enumerate(shown.page.locator(".person").all()):
        group = WORDS["group.b" if in_ring[i] else "group.a"]
        assert person.get_attribute("aria-label") == f"Person {i + 1}, {group}: {WORDS[f'word.{words[i]}']}"
        assert person.locator(".ring").count() == in_ring[i]
        assert person.locator(f".shape.{words[i]}").count() == person.locator(".shape").count() == 1


def test_before_and_after_are_the_ends_of_the_two_runs(shown):
    shown.press("#keep")
    shown.slide("#slider", 0.9)
    shown.run()
    shown.slide("#step", STEP)
    runs = [scene_run("betrayal", value) for value in (0, 0.9)]
    rows = cells(shown, "#compare tbody")
    assert {row[0].split(": ")[1] for row in rows} == {WORDS[f"measure.{name}"] for name in (
        *(f"{word}_share" for word in (*STANCES, *RESPONSES)), "mean_trust")}  # fmt: skip
    names = {WORDS[f"measure.{name}"]: name for name in runs[0].history.columns if f"measure.{name}" in WORDS}
    for told, before, after, difference in rows:
        group, measure = told.split(": ")
        name = names[measure]
        assert group == WORDS["group.a" if name.removesuffix("_share") in STANCES else "group.b"]
        ends = [end_of(run, name) for run in runs]
        gain = ends[1] - ends[0]
        assert [before, after] == [percent(end) for end in ends]
        assert difference == ("0" if abs(gain) < 0.005 else f"{'−' if gain < 0 else '+'}{number(abs(100 * gain), 0)}")
    differ = sum(runs[0].trajectory["act"][STEP] != runs[1].trajectory["act"][STEP])
    assert f"{differ} people act differently" in shown.text("#compare")
    assert shown.page.locator(".person .other").count() == differ > 0
