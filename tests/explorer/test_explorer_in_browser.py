"""The page as people use it: in a real browser, by mouse, by keyboard, on a phone, with hostile links."""

from __future__ import annotations

import csv
import io
import json
import re
import urllib.parse

import numpy as np
import pytest
from explorer_browser import Visitor, browser, needs_browser
from page_twins import HARNESS, configurations, json_of, page_twin, python_twin

import sim
from sim.checks import InputError
from sim.explorer.baked import network
from sim.explorer.page import LANGUAGES, MOST_BYTES, page, write_page
from sim.explorer.scenes import scenes, settings_of
from sim.interventions import CATALOGUE, RULES, Intervention
from sim.interventions.intervention import ACTS
from sim.outcomes import tail_means
from sim.state import FIELDS

pytestmark = needs_browser
ENGINE = "const { record, branch, regime_of, network_of, MEASURES } = window.allyship;"


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("explorer") / "explorer.html"
    assert write_page(path) < MOST_BYTES
    return path.as_uri()


@pytest.fixture(scope="module")
def chrome():
    with browser() as started:
        yield started


@pytest.fixture
def visitor(chrome, address):
    """Return a visitor; at the end nothing may have gone wrong, and nothing may have been fetched."""
    one = Visitor(chrome, address)
    yield one
    assert not one.problems
    assert {url.split("#")[0] for url in one.requests} - {"about:blank"} <= {address}, one.requests
    one.context.close()


# === the same numbers as in Python ======================================================================


def test_runs_in_the_browser_have_the_bits_of_python(visitor):
    made = configurations()
    found = visitor.page.evaluate(f"(given) => {{ {ENGINE} {HARNESS} return given.map(twin); }}",
                                  [json_of(given) for given in made])  # fmt: skip
    for case, (given, told) in enumerate(zip(made, found, strict=True)):
        expected, twin = python_twin(given), page_twin(told)
        wrong = [name for name, raw in expected["bytes"].items() if raw != twin["bytes"][name]]
        assert not wrong and expected["picked"] == twin["picked"], (case, wrong)


@pytest.mark.parametrize("name", scenes())
def test_a_scene_is_the_same_run_here_and_in_python(visitor, name):
    scene = scenes()[name]
    script = """([name, value]) => {
      const { record, settings_of, setup_of_scene } = window.allyship;
      const setup = setup_of_scene(name, value), run = record(settings_of(setup), setup.steps);
      const fields = ["act", "betrayed", "sympathy", "loyalty", "stigma", "trust"];
      return Object.fromEntries(fields.map((field) => [field, run.states.map((state) => Array.from(state[field]))]));
    }"""
    control = scene["control"]
    for value in (control["value"], control["values"][1] if control["kind"] == "choice" else control["high"]):
        found = visitor.page.evaluate(script, [name, value])
        run = sim.simulate(network=network(scene["network"]), seed=scene["seed"], record_people=True,
                           **settings_of(scene, value))  # fmt: skip
        for field in FIELDS:
            assert run.trajectory[field].tolist() == found[field], (value, field)


# === the first minute ===================================================================================


def test_the_first_screen_has_one_network_one_button_one_slider_one_question(visitor):
    page = visitor.page
    assert page.locator("main button:visible").count() == 1
    assert page.locator("main input:visible, main select:visible").count() == 1
    assert page.locator("main h2:visible").count() == 1
    assert page.locator("main h3:visible").count() == 0
    assert page.locator("main svg#network:visible").count() == 1
    assert visitor.text("#question").endswith("?")


def test_the_page_unfolds_step_by_step(visitor):
    visitor.run()
    assert visitor.is_shown("#scenes") and visitor.is_shown("#charts") and not visitor.is_shown("#sandbox")
    result = visitor.text("#result")
    assert "Group A" in result and "Group B" in result and "Trust" in result
    assert not visitor.is_shown("#luck") and "one luck" in result
    visitor.press("#second")
    visitor.wait("!!allyship.app.other && !allyship.app.working")
    assert visitor.is_shown("#luck") and visitor.is_shown("#sandbox") and visitor.is_shown("#puzzle")
    run_thirty(visitor)
    assert "30 runs" in visitor.text("#many")
    assert visitor.page.locator("#many .chart").count() == 2


def run_thirty(visitor):
    visitor.press("#run-many")
    visitor.wait("!!allyship.app.many && !allyship.app.working")


def test_the_answer_opens_when_enough_places_can_be_compared(visitor):
    visitor.press("#unfold")
    for tried, value in enumerate((1, 8, 1, 5)):
        assert visitor.page.locator("#puzzle summary").count() == 0
        visitor.slide("#slider", value)
        visitor.run()
        if tried:
            assert f"so far: {min(tried, 2)}." in visitor.text("#puzzle")
        run_thirty(visitor)
    rows = visitor.page.locator("#puzzle tbody tr").all_inner_texts()
    assert [row.split("\t")[0] for row in rows] == ["1", "5", "8"]
    assert "opposition 30" in rows[0] and "67\u202f% (11 to 95)" in rows[1]
    visitor.press("#puzzle summary")
    assert visitor.is_shown("#puzzle details p")
    visitor.press("[data-scene=numbers]")
    visitor.run()
    assert "at 2 places" in visitor.text("#puzzle") and visitor.page.locator("#puzzle table").count() == 0


def test_thirty_runs_are_thirty_lines_and_their_ends_are_counted(visitor):
    visitor.press("#unfold")
    visitor.slide("#slider", 5)
    visitor.run()
    run_thirty(visitor)
    assert visitor.page.locator("#many .chart >> nth=0").locator(".thin, .line").count() == 30
    assert "2 of the 30 end within 10 points of that middle" in visitor.text("#many")
    rows = visitor.page.locator("#many tbody tr").all_inner_texts()
    assert [row.split("\t")[1] for row in rows] == ["16", "12", "2"]


def test_everything_at_once_for_those_who_know_their_way(visitor):
    visitor.press("#unfold")
    assert visitor.is_shown("#scenes") and visitor.is_shown("#sandbox") and not visitor.is_shown("#unfold")


def test_a_run_plays_by_itself_and_can_be_cut_short(chrome, address):
    one = Visitor(chrome, address, reduced_motion="no-preference")
    one.press("#run")
    one.wait("allyship.app.playing !== null && allyship.app.step > 2")
    assert not one.is_shown("#result")
    one.press("#play")
    assert one.app("playing") is None
    one.press("#play")
    one.press("#run")
    assert one.app("step") == one.app("setup.steps") and one.is_shown("#result")
    assert not one.problems
    one.context.close()


def test_whoever_wants_no_motion_sees_the_end_at_once(visitor):
    visitor.press("#run")
    visitor.wait("allyship.app.revealed")
    assert visitor.app("playing") is None


# === scenes, predictions, comparisons ===================================================================


@pytest.mark.parametrize("name", scenes())
def test_every_scene_opens_runs_and_tells_of_both_groups(visitor, name):
    visitor.press("#unfold")
    visitor.press(f"[data-scene={name}]")
    assert visitor.text("#question") and visitor.app("setup.scene") == name
    visitor.run()
    assert "Group A" in visitor.text("#result") and "Group B" in visitor.text("#result")
    control = scenes()[name]["control"]
    visitor.slide("#slider", control["values"][1] if control["kind"] == "choice" else control["high"])
    assert "run before" in visitor.text("#working")
    visitor.run()
    assert "run again" in visitor.text("#working")
    assert visitor.page.locator("text=undefined").count() == 0 and visitor.page.locator("text=NaN").count() == 0


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


def test_two_lucks_tell_of_both_groups(visitor):
    visitor.run()
    visitor.press("#second")
    visitor.wait("!!allyship.app.other && !allyship.app.working")
    for card in visitor.page.locator("#luck figure").all_inner_texts():
        assert "Group A at the end:" in card and "Group B:" in card and "Trust" in card


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


def test_before_and_after_share_their_luck_and_show_who_acts_differently(visitor):
    visitor.press("#unfold")
    visitor.run()
    visitor.press("#keep")
    visitor.slide("#slider", 12)
    visitor.run()
    assert "Same people, same luck" in visitor.text("#compare")
    assert visitor.page.locator("#compare tbody tr").count() == 8
    assert visitor.page.locator("#compare thead th").all_inner_texts()[1:3] == ["before", "after"]
    assert visitor.page.locator(".person .other").count() > 5
    assert visitor.page.locator("#chart-a .ghost").count() == 4
    visitor.press("#forget")
    assert visitor.page.locator(".person .other").count() == 0


def test_stepping_back_branching_and_replaying(visitor):
    visitor.press("#unfold")
    visitor.press("[data-scene=betrayal]")
    visitor.run()
    visitor.press("#back")
    assert visitor.app("step") == visitor.app("setup.steps") - 1
    visitor.press("#forward")
    visitor.slide("#step", 25)
    before = visitor.page.evaluate("Array.from(allyship.app.run.states[25].trust)")
    visitor.slide("#slider", 0.9)
    visitor.press("#branch")
    assert visitor.app("run.branched") == 25
    assert visitor.page.evaluate("Array.from(allyship.app.run.states[25].trust)") == before
    assert visitor.app("setup.steps") == visitor.app("run.states.length") - 1
    ends = [visitor.app(f"{run}.history.mean_trust.at(-1)") for run in ("run", "ghost.run")]
    assert ends[0] > ends[1] + 0.3
    hash_part = "#" + visitor.page.url.split("#")[1]
    after = visitor.page.evaluate("Array.from(allyship.app.run.states.at(-1).trust)")
    visitor.visit(hash_part)
    visitor.wait("!!allyship.app.run && !allyship.app.working && allyship.app.run.branched === 25")
    assert visitor.page.evaluate("Array.from(allyship.app.run.states.at(-1).trust)") == after


def test_asking_a_person_why(visitor):
    visitor.press("#unfold")
    visitor.run()
    visitor.press(".person >> nth=20")
    assert visitor.is_shown("#why") and "Person 21" in visitor.text("#why")
    assert visitor.page.locator("#why table").count() == 4
    edges = "tables => tables.map((one) => one.tBodies[0].rows[0].cells[1].getBoundingClientRect().right)"
    assert len(set(visitor.page.locator("#why table").evaluate_all(edges))) == 1  # the weights stand in one column
    sources = " ".join(visitor.page.locator("#why td:nth-child(4)").all_inner_texts())
    assert "Crandall" in sources and "an assumption of this model" in sources
    assert not re.search("calibrated|assumed|value", sources)
    visitor.slide("#step", 10)
    told = visitor.text("#why")
    run = sim.simulate(network=network("neighbourhood"), seed=scenes()["alone"]["seed"], record_people=True,
                       **settings_of(scenes()["alone"]))  # fmt: skip
    why = sim.explain(run, 20, 9)
    assert ("did not think again" in told) != why.reconsidered
    chance = max(why.probabilities.values())
    assert f"{chance:.0%}"[:-1] in told
    visitor.press("#why [data-act=ally]")
    visitor.wait("allyship.app.setup.scene === 'sandbox' && !!allyship.app.ghost && !allyship.app.working")
    assert "whatever happens" in visitor.text("#sandbox")


# === the sandbox and the link ===========================================================================


def test_the_sandbox_has_every_parameter_with_all_there_is_to_know(visitor):
    visitor.press("#unfold")
    visitor.press("[data-scene=sandbox]")
    for summary in visitor.page.locator("#sandbox summary").all():
        summary.click()
    for knob in sim.parameters.KNOBS:
        text = visitor.page.locator(f".knob:has(#knob-{knob.name})").inner_text()
        assert knob.meaning in text and knob.source in text and "default" in text


def test_only_the_sandbox_says_which_measures_are_harmful(visitor):
    visitor.press("#unfold")
    visitor.press("[data-scene=helps]")
    assert "A campaign of ridicule" in visitor.page.locator("#slider option").all_text_contents()
    visitor.press("[data-scene=sandbox]")
    offered = visitor.page.locator("#set-add")
    offered.wait_for(state="attached")
    harmful = [text for text in offered.locator("option").all_text_contents() if text.endswith("(harmful)")]
    assert len(harmful) == sum(entry.is_harmful for entry in sim.interventions.CATALOGUE.values())


def test_what_is_set_in_the_sandbox_is_in_the_link_and_comes_back(visitor):
    visitor.press("#unfold")
    visitor.press("[data-scene=sandbox]")
    visitor.press("#sandbox button:has-text('Remove')")
    visitor.slide("#set-network", "hubs")
    visitor.slide("#set-start", "0.3")
    visitor.slide("#set-schedule", "shuffled")
    visitor.slide("#set-steps", 40)
    visitor.slide("#set-seed", "18446744073709551615"[:19])
    visitor.slide("#set-add", "protection")
    visitor.slide("#set-add", "committed_allies")
    visitor.slide("#knob-stigma_transfer", 0.7)
    visitor.page.locator("#sandbox [data-mechanism=choice] summary").click()
    visitor.press("#knob-token_allowed")
    visitor.run()
    setup, last = visitor.app("setup"), visitor.page.evaluate("Array.from(allyship.app.run.states.at(-1).trust)")
    assert setup["parameters"]["token_allowed"] == 0 and len(setup["interventions"]) == 2
    visitor.visit("#" + visitor.page.url.split("#")[1])
    visitor.wait("!!allyship.app.run && !allyship.app.working")
    assert visitor.app("setup") == setup
    assert visitor.page.evaluate("Array.from(allyship.app.run.states.at(-1).trust)") == last
    parameters = sim.Parameters(**{name: bool(value) if isinstance(sim.Parameters().to_dict()[name], bool) else value
                                   for name, value in setup["parameters"].items()})  # fmt: skip
    seeds = {name: int(setup[name]) for name in ("seed", "start_seed")}
    run = sim.simulate(parameters, network("hubs"), steps=40, start=0.3, schedule="shuffled", **seeds,
                       interventions=["protection", "committed_allies"])  # fmt: skip
    assert run.state.trust.tolist() == last


def test_measures_that_contradict_each_other_are_told_in_a_sentence(visitor):
    visitor.press("#unfold")
    visitor.press("[data-scene=sandbox]")
    visitor.slide("#set-add", "committed_allies")
    visitor.slide("#set-add", "betrayal_scandal")
    visitor.press("#run")
    visitor.wait("!document.getElementById('notice').hidden")
    assert "same person" in visitor.text("#notice")
    visitor.press("#notice button")
    assert not visitor.is_shown("#notice")


def link(visitor, **changes) -> str:
    parts = {"v": "1", "m": visitor.page.evaluate("JSON.parse(document.getElementById('data').textContent).digest"),
             "l": "en", "s": "alone", "seed": "2", "x": "1"} | changes  # fmt: skip
    return "#" + "&".join(f"{k}={urllib.parse.quote(str(v), safe='')}" for k, v in parts.items() if v is not None)


ADVANTAGED, MARGINALIZED = (int(np.flatnonzero(network("team").is_marginalized == group)[0]) for group in (0, 1))
FREE = {"s": "sandbox", "x": None, "n": "team", "b": "silent", "o": "synchronous", "t": "10"}  # a good one
HOSTILE = [
    {"v": "0"}, {"v": None}, {"m": "00000000"}, {"s": "<img src=x onerror=alert(1)>"}, {"s": "__proto__"},
    {"s": "constructor"}, {"x": "1e9"}, {"x": "-1"}, {"x": "NaN"}, {"x": ""}, {"x": "0x10"}, {"seed": "-1"},
    {"seed": "18446744073709551616"}, {"seed": "1.5"}, {"seed": "9" * 400}, {"l": "<script>"}, {"l": "constructor"},
    {"other": "1"}, {"p": "loyalty:0.5"}, {"step": "99999"}, {"guess": "2"}, {"curve": "1.2"},
    {"curve": ".".join(["101"] * 11)}, {"curve": ".".join(["9"] * 11), "guess": "0.5"}, {"branch": "5"},
    {"branch": "0~3"}, {"branch": "5~99"},
    {"s": "sandbox", "x": None}, FREE | {"n": "nowhere"}, FREE | {"b": "toString"},
    FREE | {"p": "__proto__:1"}, FREE | {"p": "loyalty:7"}, FREE | {"p": "token_allowed:0.5"}, FREE | {"i": "nonsense"},
    FREE | {"i": "scene;people:99;force:ally"}, FREE | {"i": "protection;scale:9"},
    FREE | {"i": f"scene;people:{MARGINALIZED};force:oppose"}, FREE | {"i": f"scene;people:{ADVANTAGED};force:welcome"},
    FREE | {"i": "committed_allies;share:none;count:10"}, FREE | {"i": "committed_allies;share:none;count:9999"},
    FREE | {"i": "safe_spaces;force:ally"}, FREE | {"i": "protection;begin:2147483649"},
    FREE | {"i": "empathy;who:everybody"}, FREE | {"i": "~".join(["protection"] * 9)}, FREE | {"t": "401"},
    FREE | {"p": "oppose_allowed:0~bystand_allowed:0~token_allowed:0~ally_allowed:0"},
]  # fmt: skip


@pytest.mark.parametrize("changes", HOSTILE, ids=str)
def test_hostile_and_old_links_are_refused_politely(visitor, changes):
    visitor.visit(link(visitor, **changes))
    assert visitor.is_shown("#notice") and "not opened" in visitor.text("#notice")
    assert visitor.app("setup.scene") == "alone" and visitor.app("run") is None
    assert visitor.page.locator("img, iframe, object").count() == 0


@pytest.mark.parametrize("hash_part", ["#%E0%A4%A", "#v=1&v=1", "#" + "a" * 7000, "#=", "#v", "#<b>x</b>"])
def test_damaged_links_are_refused_politely(visitor, hash_part):
    visitor.visit(hash_part)
    assert "not opened" in visitor.text("#notice")
    visitor.run()
    assert visitor.is_shown("#result")


def test_a_good_link_is_opened(visitor):
    visitor.visit(link(visitor, x="12", seed="18446744073709551615", people="5", step="40", guess="0.75", l="de"))
    visitor.wait("!!allyship.app.run && !allyship.app.working")
    assert visitor.app("step") == 40 and visitor.app("setup.value") == 12 and visitor.app("guess.share") == 0.75
    assert visitor.page.evaluate("document.documentElement.lang") == "de"
    settings = settings_of(scenes()["alone"], 12)
    run = sim.simulate(network=network("neighbourhood"), seed=2**64 - 1, start_seed=5, **settings)
    assert run.state.trust.tolist() == visitor.page.evaluate("Array.from(allyship.app.run.states.at(-1).trust)")


ARGUMENTS = {  # what a link can say of an intervention, at the edges of what is allowed and past them
    "begin": ["0", "5", "9999", str(2**31), str(2**31 + 1)], "end": ["none", "0", "6", str(2**31)],
    "ramp": ["1000000", "1000001"], "strength": ["0", "10", "10.5"], "who": list(RULES),
    "share": ["none", "0", "1", "1.1"], "count": ["none", "0", "3", "9", "10", "12", "13"],
    "draw": ["1000000", "1000001"],
    "people": [str(ADVANTAGED), str(MARGINALIZED), f"{ADVANTAGED}.{MARGINALIZED}"], "force": list(ACTS),
}  # fmt: skip
DEFAULTS = {name: entry.defaults for name, entry in CATALOGUE.items()} | {"scene": {"people": [0], "force": "ally"}}


def some_told(rng) -> list[tuple[str, dict[str, str]]]:
    """Draw interventions with up to three of their arguments changed."""
    found = []
    for _ in range(1500):
        names = rng.choice(list(ARGUMENTS), size=int(rng.integers(0, 4)), replace=False)
        found.append((str(rng.choice(list(DEFAULTS))), {str(name): str(rng.choice(ARGUMENTS[name])) for name in names}))
    return found


def is_refused_by_python(kind: str, told: dict[str, str]) -> bool:
    read = {"who": str, "force": str, "people": lambda text: [int(one) for one in text.split(".")]}
    read |= dict.fromkeys(("share", "strength"), float)
    given = {name: None if text == "none" else read.get(name, int)(text) for name, text in told.items()}
    try:
        one = Intervention(kind=kind, **DEFAULTS[kind] | given)
        sim.simulate(network=network("team"), steps=0, interventions=[one])
    except InputError:
        return True
    return False


def test_a_link_is_refused_where_python_refuses_its_intervention(visitor):
    made = some_told(np.random.default_rng(1))
    texts = [";".join([kind, *(f"{name}:{text}" for name, text in told.items())]) for kind, told in made]
    refused = visitor.page.evaluate("""(hashes) => hashes.map((hash) => {
      try { return !window.allyship.read_link(hash); } catch { return true; }
    })""", [link(visitor, **FREE | {"i": text}) for text in texts])  # fmt: skip
    expected = [is_refused_by_python(kind, told) for kind, told in made]
    assert [text for text, here, there in zip(texts, refused, expected, strict=True) if here != there] == []
    assert 100 < sum(expected) < len(expected) - 100


def test_a_rule_picks_the_same_people_from_a_link_as_in_python(visitor):
    """The catalogue leaves open among whom; loyalty is something that only advantaged people have."""
    one = sim.intervention("protection", who="most_loyal", share=0.3)
    visitor.visit(link(visitor, **FREE | {"i": "protection;who:most_loyal;share:0.3", "step": "10"}))
    visitor.wait("!!allyship.app.run && !allyship.app.working")
    assert visitor.app("setup.interventions[0].group") == "advantaged"
    run = sim.simulate(network=network("team"), steps=0, seed=2, interventions=[one])
    assert visitor.app("run.course.picked[0]") == run.picked[0].tolist()


def test_a_script_for_group_b_in_a_link_is_the_same_run_as_in_python(visitor):
    text = f"scene;people:{MARGINALIZED};force:gatekeep;begin:2"
    visitor.visit(link(visitor, **FREE | {"i": text, "p": "noise:0.5", "step": "10"}))
    visitor.wait("!!allyship.app.run && !allyship.app.working")
    assert f"Person {MARGINALIZED + 1}: keeps out, whatever happens" in visitor.text("#sandbox")
    scene = sim.intervention("scene", people=[MARGINALIZED], force="gatekeep", begin=2)
    run = sim.simulate(sim.Parameters(noise=0.5), network("team"), steps=10, seed=2, interventions=[scene])
    last = visitor.page.evaluate("['act', 'trust'].map((name) => Array.from(allyship.app.run.states.at(-1)[name]))")
    assert last == [run.state.act.tolist(), run.state.trust.tolist()]
    assert run.state.act[MARGINALIZED] == ACTS["gatekeep"]


def test_what_begins_after_the_last_step_is_told(visitor):
    visitor.visit(link(visitor, **FREE | {"i": "protection;begin:11~empathy;begin:10"}))
    told = "“Protection for those who speak up” would begin at step 11, after the last one, 10."
    assert visitor.page.locator("#sandbox .late").all_inner_texts() == [f"Not done: {told}"]
    visitor.run()
    assert told in visitor.text("#result") and "Appeals" not in visitor.text("#result")
    visitor.slide("#set-steps", 11)
    assert visitor.page.locator("#sandbox .late").count() == 0


def test_a_link_to_what_contradicts_itself_says_so_at_once(visitor):
    visitor.visit(link(visitor, **FREE | {"i": "committed_allies~betrayal_scandal;begin:1;end:2;share:1"}))
    assert "same person" in visitor.text("#notice") and visitor.app("run") is None


def test_on_a_smaller_network_a_count_is_at_most_all_of_its_people(visitor):
    text = "committed_allies;share:none;count:40~scene;people:3;force:ally"
    visitor.visit(link(visitor, **FREE | {"n": "town", "i": text}))
    visitor.slide("#set-network", "team")
    assert [one["count"] for one in visitor.app("setup.interventions")] == [network("team").n_advantaged]


def test_nothing_in_the_page_reads_markup_from_text():
    source = page()
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "refresh"):
        assert word not in source
    addresses = set(re.findall(r"https?://[^\s\"'<>)]+", source))
    assert addresses <= {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'" in source


# === taking it along ====================================================================================


def saved(visitor, button: str) -> bytes:
    visitor.interactions += 1
    with visitor.page.expect_download() as download:
        visitor.page.click(button)
    with open(download.value.path(), "rb") as file:
        return file.read()


def test_what_is_taken_along_says_what_the_model_cannot_tell(visitor):
    visitor.press("#unfold")
    visitor.run()
    scene = scenes()["alone"]
    run = sim.simulate(network=network("neighbourhood"), seed=scene["seed"], **settings_of(scene))
    course = saved(visitor, "#save-course").decode()
    assert "not a prediction" in course and "allyship-sim contributors" in course
    lines = [line for line in course.splitlines(True) if not line.startswith("#")]
    rows = list(csv.DictReader(io.StringIO("".join(lines))))
    assert [float(row["mean_trust"]) for row in rows] == run.history["mean_trust"].tolist()
    people = saved(visitor, "#save-people").decode()
    assert "not a prediction" in people and people.count("marginalized") == 15
    figure = saved(visitor, "#save-svg").decode()
    assert figure.startswith("<svg") and "not a prediction" in figure and "var(" not in figure
    assert saved(visitor, "#save-png")[:8] == b"\x89PNG\r\n\x1a\n"
    assert "not a prediction" in saved(visitor, "#save-citation").decode()
    visitor.press("#copy-link")
    assert visitor.page.input_value("#link").startswith(visitor.address)


def test_thirty_runs_of_every_place_can_be_saved(visitor):
    visitor.press("#unfold")
    places = (5, 1)
    for value in places:
        visitor.slide("#slider", value)
        visitor.run()
        run_thirty(visitor)
    told = saved(visitor, "#save-many").decode()
    assert "not a prediction" in told and "allyship-sim contributors" in told and "whatever happens: 5. " in told
    rows = list(csv.DictReader(io.StringIO("".join(line for line in told.splitlines(True) if line[0] != "#"))))
    assert [(row["place"], row["seed"]) for row in rows] == [(str(x), str(2 + k)) for x in places for k in range(30)]
    scene = scenes()["alone"]
    for row in (rows[3], rows[40]):
        run = sim.simulate(network=network(scene["network"]), seed=int(row["seed"]),
                           **settings_of(scene, int(row["place"])))  # fmt: skip
        assert row["regime"] == str(run.regime)
        assert abs(float(row["mean_trust"]) - tail_means(run.history)["mean_trust"]) < 1e-12
    visitor.press("#open-sandbox")
    visitor.run()
    assert visitor.page.locator("#save-many").count() == 0
    run_thirty(visitor)
    assert ",2,opposition," in saved(visitor, "#save-many").decode()
    visitor.slide("#knob-sanction", 1)
    assert visitor.page.locator("#save-many").count() == 0


# === a whole lesson =====================================================================================


def test_a_lesson_from_the_first_run_to_a_question_of_ones_own(visitor):
    """More than forty things done one after the other, as a class would do them, without anything going wrong."""
    visitor.run()
    visitor.press("#second")
    visitor.wait("!!allyship.app.other && !allyship.app.working")
    visitor.press("#run-many")
    visitor.wait("!!allyship.app.many && !allyship.app.working")
    for name in list(scenes())[1:]:
        visitor.press("#next-scene")
        assert visitor.app("setup.scene") == name
        visitor.press("#predict label >> nth=2")
        visitor.run()
        control = scenes()[name]["control"]
        middle = control["values"][1] if control["kind"] == "choice" else (control["low"] + control["high"]) / 2
        visitor.slide("#slider", middle)
        visitor.run()
        visitor.press(".person >> nth=9")
        visitor.press("#why button:has-text('Close')")
    visitor.press("#next-scene")
    assert visitor.app("setup.scene") == "sandbox"
    visitor.slide("#set-network", "town")
    visitor.slide("#knob-conformity", 5)
    visitor.run()
    visitor.press("#keep")
    visitor.slide("#knob-sanction", 4)
    visitor.run()
    visitor.press("#second")
    visitor.wait("!!allyship.app.other && !allyship.app.working")
    visitor.slide("#language", "de")
    visitor.press("#projector")
    visitor.press("#open-help")
    visitor.press("#help button")
    assert "Gruppe A" in visitor.text("#compare")
    assert visitor.interactions >= 40


# === for everybody ======================================================================================


def test_everything_by_keyboard(visitor):
    visitor.key("Tab")
    assert visitor.page.evaluate("document.activeElement.className") == "skip"
    visitor.page.focus("#slider")
    visitor.key("ArrowRight", "ArrowRight", "Tab", "Enter")
    visitor.wait("allyship.app.revealed && !allyship.app.working")
    assert visitor.app("setup.value") == 3
    visitor.page.focus(".person[tabindex='0']")
    visitor.key("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "End", "Home")
    assert visitor.page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Person 1,")
    visitor.key("Enter")
    assert visitor.page.evaluate("document.activeElement.id") == "why"
    visitor.page.locator("#why button", has_text="Close").focus()
    visitor.key("Enter")
    assert visitor.page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Person 1,")
    assert visitor.page.locator(".person[tabindex='0']").count() == 1


def test_the_keyboard_goes_where_the_eye_goes(visitor):
    where = "document.activeElement.id"
    visitor.run()
    visitor.page.focus("#second")
    visitor.key("Enter")
    visitor.wait("!!allyship.app.other && !allyship.app.working")
    assert visitor.page.evaluate(where) == "luck"
    visitor.page.focus("#run-many")
    visitor.key("Enter")
    visitor.wait("!!allyship.app.many && !allyship.app.working")
    assert visitor.page.evaluate(where) == "many"
    visitor.page.focus("#keep")
    visitor.key("Enter")
    assert visitor.page.evaluate(where) == "slider"


def test_how_to_read_opens_at_its_beginning(visitor):
    visitor.page.set_viewport_size({"width": 800, "height": 400})
    visitor.press("#open-help")
    assert visitor.page.evaluate("document.activeElement.id") == "help-title"
    assert visitor.page.evaluate("[help.scrollTop, help.scrollHeight > help.clientHeight]") == [0, True]


def test_a_finger_beside_a_person_means_the_nearest(chrome, address):
    one = Visitor(chrome, address, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    one.run()
    box = one.page.locator(".person >> nth=12").bounding_box()
    one.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] - 4)
    one.wait("allyship.app.person !== null", 5)
    assert one.is_shown("#why")
    assert not one.problems
    one.context.close()


def test_tables_hold_what_the_pictures_show(visitor):
    visitor.press("#unfold")
    visitor.run()
    rows = "document.querySelectorAll('#tables tbody tr').length"
    visitor.press("#tables summary >> nth=0")
    visitor.wait(f"{rows} === 60", 5)
    visitor.press("#tables summary >> nth=1")
    visitor.wait(f"{rows} === 60 + allyship.app.setup.steps + 1", 5)
    visitor.press("#tables tbody button >> nth=3")
    assert "Person 4" in visitor.text("#why")


def test_each_act_has_a_shape_of_its_own(visitor):
    visitor.press("#unfold")
    shapes = visitor.page.locator("#legend path").evaluate_all("paths => paths.map((path) => path.getAttribute('d'))")
    assert len(shapes) == len(set(shapes)) == 7


@pytest.mark.parametrize("words", LANGUAGES)
def test_another_language_changes_every_word(visitor, words):
    visitor.slide("#language", words)
    visitor.press("#unfold")
    visitor.run()
    assert visitor.page.evaluate("document.documentElement.lang") == words
    table = json.loads(visitor.page.evaluate("document.getElementById('data').textContent"))["strings"]
    assert visitor.text("#question") == table[words]["scene.alone.question"]
    keys = set(table["en"])
    shown = visitor.page.evaluate("document.body.innerText")
    assert not [key for key in keys if "." in key and re.search(rf"(?<![\w.]){re.escape(key)}(?![\w.])", shown)]


@pytest.mark.parametrize("words", LANGUAGES)
@pytest.mark.parametrize("size", [(390, 844), (320, 640), (1280, 800), (1920, 1080)])
def test_nothing_sticks_out_sideways(chrome, address, size, words):
    one = Visitor(chrome, address, viewport={"width": size[0], "height": size[1]})
    one.slide("#language", words)
    one.press("#unfold")
    one.run()
    one.press("#keep")
    one.run()
    run_thirty(one)
    one.press(".person >> nth=5")
    assert one.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert not one.page.evaluate("""[...document.querySelectorAll(".card table")].filter((one) =>
      one.checkVisibility() && !one.closest(".scroll")
      && one.getBoundingClientRect().right > one.closest(".card").getBoundingClientRect().right).length""")
    one.press("[data-scene=sandbox]")
    assert one.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert not one.problems
    one.context.close()


def test_on_a_phone_the_button_is_on_the_first_screen(chrome, address):
    one = Visitor(chrome, address, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    box = one.page.locator("#run").bounding_box()
    assert box["y"] + box["height"] <= 844
    one.context.close()


def test_on_a_phone_what_each_option_weighed_has_bars(chrome, address):
    one = Visitor(chrome, address, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    one.run()
    one.press(".person >> nth=7")
    bars = one.page.locator("#why .weights :is(.plus, .minus)")
    assert bars.count() > 3
    widths = [bar.bounding_box()["width"] for bar in bars.all()]
    assert max(widths) > 40 and len({round(width) for width in widths}) > 1
    assert one.page.evaluate("document.documentElement.scrollWidth") <= 390
    one.context.close()


def test_an_option_that_nothing_speaks_for_is_not_called_silence_in_group_b(visitor):
    visitor.run()
    person = int(np.flatnonzero(network("neighbourhood").is_marginalized)[0])
    visitor.slide("#step", 1)
    visitor.press(f".person >> nth={person}")
    shown = visitor.text("#why")
    assert "withdrawn: sum" in shown and "nothing speaks for or against it" in shown and "silence" not in shown


SMALL_TARGETS = """() => [...document.querySelectorAll("main button, header button, input, select, summary, main a")]
  .filter((one) => one.checkVisibility()).map((one) => {
    const named = one.type === "checkbox" ? document.querySelector(`label[for="${one.id}"]`) : null;
    const { width, height } = (one.closest("label") ?? named ?? one).getBoundingClientRect();
    return [one.id || one.className || one.textContent, width, height];
  }).filter(([, width, height]) => Math.min(width, height) < 44)"""  # fmt: skip


def test_a_finger_reaches_every_control_on_a_small_phone(chrome, address):
    one = Visitor(chrome, address, viewport={"width": 360, "height": 640}, is_mobile=True, has_touch=True)
    assert not one.page.evaluate(SMALL_TARGETS)
    one.run()
    one.page.locator("#second").tap()
    one.wait("!!allyship.app.other && !allyship.app.working")
    run_thirty(one)
    one.press(".person >> nth=7")
    for summary in one.page.locator("summary:visible").all():
        summary.tap()
    assert not one.page.evaluate(SMALL_TARGETS)
    one.press("[data-scene=sandbox]")
    for summary in one.page.locator("#sandbox summary").all():
        summary.tap()
    one.slide("#set-add", "protection")
    assert not one.page.evaluate(SMALL_TARGETS)
    assert one.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert not one.problems
    one.context.close()


def test_a_projector_makes_everything_larger(visitor):
    small = visitor.page.evaluate("getComputedStyle(document.body).fontSize")
    visitor.press("#projector")
    assert float(visitor.page.evaluate("getComputedStyle(document.body).fontSize")[:-2]) > float(small[:-2])
    visitor.slide("#language", "de")
    visitor.run()
    cut = """[...document.querySelectorAll(".chart .end")].filter((word) =>
      word.getBoundingClientRect().right > word.closest("svg").getBoundingClientRect().right)
      .map((word) => word.textContent)"""
    assert visitor.page.evaluate(cut) == []
    assert visitor.page.get_attribute("#projector", "aria-pressed") == "true"


def test_axe_finds_nothing(visitor):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed (extra 'browser')")
    checker = axe.Axe()

    def found() -> list[str]:
        tags = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
        response = checker.run(visitor.page, options=tags).response
        return [f"{one['id']}: {node['html'][:120]}" for one in response["violations"] for node in one["nodes"]]

    assert not found()
    visitor.run()
    assert not found()
    visitor.press("#second")
    visitor.wait("!!allyship.app.other && !allyship.app.working")
    visitor.press("#run-many")
    visitor.wait("!!allyship.app.many && !allyship.app.working")
    visitor.press(".person >> nth=7")
    for summary in visitor.page.locator("summary:visible").all():
        summary.click()
    assert not found()
    visitor.press("[data-scene=sandbox]")
    for summary in visitor.page.locator("#sandbox summary").all():
        summary.click()
    visitor.slide("#set-add", "protection")
    assert not found()
    visitor.press("#open-help")
    assert not found()
