"""What is chosen in the sandbox is what is run, and what is told and taken along of it."""

from __future__ import annotations

import csv
import io
import re

import pytest
from explorer_browser import needs_browser
from page_words import WORDS, lines, open_place, scene_run, word_of

import sim
from sim.explorer.baked import network
from sim.parameters import KNOBS

pytestmark = needs_browser


@pytest.fixture
def sandbox(visitor):
    visitor.press("#unfold")
    visitor.press("[data-scene=sandbox]")
    visitor.press("#sandbox button:has-text('Remove')")
    return visitor


def saved(visitor, button: str) -> str:
    with visitor.page.expect_download() as download:
        visitor.press(button)
    with open(download.value.path(), encoding="utf-8", newline="") as file:
        return file.read()


def rows_of(text: str) -> list[dict]:
    return list(csv.DictReader(io.StringIO("".join(line for line in text.splitlines(True) if line[0] != "#"))))


def parameters_in(visitor) -> sim.Parameters:
    told, usual = visitor.app("setup.parameters"), sim.Parameters().to_dict()
    return sim.Parameters(**{name: type(usual[name])(value) for name, value in told.items()})


def test_each_seed_is_the_one_that_it_is_called(sandbox):
    sandbox.slide("#set-seed", 7)
    sandbox.slide("#set-people", 9)
    sandbox.run()
    run = sim.simulate(parameters_in(sandbox), network("neighbourhood"), steps=80, seed=7, start_seed=9)
    assert sandbox.page.evaluate("Array.from(allyship.app.run.states.at(-1).trust)") == run.state.trust.tolist()
    assert sandbox.page.input_value("#set-seed") == "7" and sandbox.page.input_value("#set-people") == "9"
    for text in (saved(sandbox, "#save-course"), saved(sandbox, "#save-citation")):
        assert f"{WORDS['set.seed']}: 7; {WORDS['set.people']}: 9" in text and "Neighbourhood (60 people" in text


def test_ready_made_numbers_are_those_of_the_library_and_no_others(sandbox):
    sandbox.slide("#knob-conformity", 3)
    for name, preset in sim.parameters.presets().items():
        sandbox.slide("#set-preset", name)
        assert parameters_in(sandbox) == preset.parameters


def test_every_knob_tells_its_range_and_whether_it_was_changed(sandbox):
    sandbox.slide("#set-preset", "opposition")
    changed = parameters_in(sandbox).to_dict()
    assert changed != sim.Parameters().to_dict()
    for summary in sandbox.page.locator("#sandbox .mechanisms summary").all():
        summary.click()
    for knob in KNOBS:
        box = sandbox.page.locator(f".knob:has(#knob-{knob.name})")
        low, high, default = (f"{float(value):.4f}".rstrip("0").rstrip(".").replace("-", "−")
                              for value in (knob.low, knob.high, knob.default))  # fmt: skip
        words = box.inner_text().replace(",", "")
        assert WORDS["knob.range"].format(low=low, high=high, default=default).replace(",", "") in words
        assert ("changed" in box.get_attribute("class")) == (changed[knob.name] != knob.default)
        if not knob.is_switch:
            slider = box.locator("input")
            low, high, step = (float(slider.get_attribute(name)) for name in ("min", "max", "step"))
            assert (high - low) / step >= 40 - 1e-9


def test_a_measure_that_is_moved_lasts_as_long_as_before(visitor):
    open_place(visitor, "betrayal")
    visitor.press("[data-scene=sandbox]")
    visitor.slide("#sandbox li input >> nth=0", 50)
    one = visitor.app("setup.interventions[0]")
    assert (one["begin"], one["end"]) == (50, 51)
    usual = sim.intervention("betrayal_scandal")
    assert usual.end - usual.begin == 1


def test_who_is_marginalized_twice_is_underlined_and_counted(sandbox):
    sandbox.slide("#knob-crossing_share", 0.3)
    sandbox.run()
    crosses = sim.simulate(sim.Parameters(crossing_share=0.3), network("neighbourhood"), steps=0, seed=2).course.crosses
    assert WORDS["legend.crosses"].format(n=crosses.sum()) in lines(sandbox, "#legend .group")
    marked = sandbox.page.locator(".person").evaluate_all("all => all.map((one) => !!one.querySelector('.crosses'))")
    assert marked == crosses.tolist()


def test_people_at_a_step_are_saved_as_they_were(visitor):
    open_place(visitor, "both")
    visitor.run()
    visitor.slide("#step", 12)
    run = scene_run("both")
    rows = rows_of(saved(visitor, "#save-people"))
    for i, row in enumerate(rows):
        is_marginalized = run.network.is_marginalized[i]
        assert (row["step"], row["person"]) == ("12", str(i))
        assert row["act"] == word_of(run, i, run.trajectory["act"][12, i])
        assert row["group"] == ("marginalized" if is_marginalized else "advantaged")
        for name in ("sympathy", "loyalty", "stigma", "trust"):
            told = [float(row[name])] if row[name] else []
            assert told == ([run.trajectory[name][12, i]] if (name == "trust") == is_marginalized else [])
    figure = re.sub("</text><text[^>]*>", "", saved(visitor, "#save-svg"))  # lines are broken anywhere between words
    assert "step 12" in figure and WORDS["scene.both.question"] in figure and f"{WORDS['set.seed']}: 7" in figure
