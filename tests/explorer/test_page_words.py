"""The words of the page: the same ones in every language, and none that is missing, left over or out of place."""

from __future__ import annotations

import dataclasses
import re

import pytest

import sim
from sim.explorer.baked import FAMILIES, network
from sim.explorer.model_script import ENGINE, web_text
from sim.explorer.page import LANGUAGES, PAGE, data, page, strings
from sim.explorer.scenes import scenes
from sim.interventions import CATALOGUE
from sim.parameters import KNOBS

OTHERS = [language for language in LANGUAGES if language != "en"]
# Words that English takes from the library and other languages translate.
FROM_THE_LIBRARY = {f"knob.{knob.name}" for knob in KNOBS} | {f"mechanism.{knob.mechanism}" for knob in KNOBS}
FROM_THE_LIBRARY |= {f"about.{name}" for name in CATALOGUE}


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_same_words_with_the_same_places_for_values(language):
    english, other = strings("en"), strings(language)
    assert set(other) - set(english) <= FROM_THE_LIBRARY
    assert not set(english) - set(other)
    for key in english:
        assert set(re.findall(r"\{\w+\}", english[key])) == set(re.findall(r"\{\w+\}", other[key])), key


@pytest.mark.parametrize("language", OTHERS)
def test_knobs_and_mechanisms_are_translated(language):
    """A new knob is shown in English, marked as such, until somebody translates it; a handful may wait."""
    missing = {key for key in FROM_THE_LIBRARY if not key.startswith("about.")} - set(strings(language))
    assert len(missing) <= 5, missing


def test_every_word_that_the_page_asks_for_is_there():
    source = "\n".join(web_text(f"page/{name}.js") for name in PAGE) + web_text("page.html")
    asked = set(re.findall(r'\bt\("([\w. ]+)"', source)) | set(re.findall(r'data-t(?:-label)?="([\w.]+)"', source))
    asked |= {key for pair in re.findall(r'\? "([\w.]+)" : "([\w.]+)"\)?', source) for key in pair if "." in key}
    asked |= {key for key in re.findall(r'"((?:link|notice)\.\w+)"', source)}
    assert not asked - set(strings("en"))


def test_what_the_library_offers_has_a_name_in_the_page():
    words = strings("en")
    for name in CATALOGUE:
        assert f"intervention.{name}" in words
    for name in FAMILIES:
        assert f"network.{name}" in words


def test_every_term_of_an_explanation_has_words():
    run = sim.simulate(sim.Parameters(feedback=0.5), network("team"), steps=2, seed=1, record_people=True)
    people = [sim.explain(run, person, 0) for person in range(12)]
    terms = {term.term for one in people for term in one.terms}
    assert {f"term.{term}" for term in terms} <= set(strings("en"))
    assert {"conviction", "norm made known", "trust"} <= terms


@pytest.mark.parametrize("language", LANGUAGES)
def test_groups_are_neutral_and_the_limits_are_named(language):
    words = strings(language)
    assert words["group.a"][-2:] == " A" and words["group.b"][-2:] == " B"
    text = " ".join(words.values()).lower()
    for word in (" black", " white", " women", " muslim", "schwarz", "weiße", "frauen", "gay", "migrant"):
        assert word not in text
    assert len(words["limits"]) > 200


def test_the_page_says_nothing_about_defaults_by_itself():
    """Defaults change: sources of the page must not repeat them, they come from the parameter table."""
    for name in PAGE:
        assert not re.search(r"\b(default|usual_low|usual_high)\s*[:=]\s*\d", web_text(f"page/{name}.js")), name


def test_scenes_state_their_numbers_inside_their_ranges():
    knobs = {knob.name: knob for knob in KNOBS}
    for scene in scenes().values():
        for name, value in scene["parameters"].items():
            assert knobs[name].low <= value <= knobs[name].high


@pytest.mark.parametrize("name", FAMILIES)
def test_networks_in_the_page_are_those_of_the_library(name):
    made, told = network(name), data()["networks"][name]
    assert told["n_people"] == made.n_people <= 400
    pairs = {tuple(told["ties"][i : i + 2]) for i in range(0, len(told["ties"]), 2)}
    assert pairs == {(i, int(j)) for i in range(made.n_people) for j in made.neighbours_of(i) if i < j}
    places = list(zip(told["places"][::2], told["places"][1::2], strict=True))
    assert len(set(places)) == made.n_people and all(0 <= x <= 1000 and 0 <= y <= 700 for x, y in places)


def test_the_page_is_small_whole_and_the_same_every_time():
    made = page()
    assert made == page()
    assert len(made.encode()) < 1_500_000
    assert "{{" not in made.split("<script type")[0]
    assert made.count("<script") == 2 and "<link rel=\"stylesheet\"" not in made


@pytest.mark.parametrize("word", ["ally", "token", "bystand", "oppose", "welcome", "gatekeep", "withdraw", "trust"])
def test_shapes_stand_out_from_the_ground(word):
    """At least 3 : 1 against white, as WCAG 2.2 asks of what carries meaning (1.4.11); neither red nor skin tones."""
    red, green, blue = (int(part, 16) / 255 for part in re.search(rf"--{word}: ?#(..)(..)(..)", page()).groups())
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in (red, green, blue)]
    assert 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05) >= 3
    assert not (red > 0.6 and green < 0.25 and blue < 0.25)


def test_another_default_is_another_digest(monkeypatch):
    """A link names only what differs from the default, so it must not be opened under other defaults."""
    before = data()["digest"]
    changed = tuple(dataclasses.replace(one, default=0.41) if one.name == "stigma_transfer" else one for one in KNOBS)
    monkeypatch.setitem(data.__globals__, "KNOBS", changed)
    assert data()["digest"] != before


def test_the_engine_needs_no_page():
    for name in ENGINE:
        if name != "model":
            assert not re.search(r"\b(document|window|navigator|localStorage)\b", web_text(f"engine/{name}.js")), name
