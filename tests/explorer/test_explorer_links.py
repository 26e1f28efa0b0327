"""Links: good ones open, hostile, damaged and old ones are refused politely."""

from __future__ import annotations

import re
import urllib.parse

import numpy as np
import pytest
from explorer_browser import needs_browser

import sim
from sim.checks import InputError
from sim.explorer.baked import network
from sim.explorer.page import page
from sim.explorer.scenes import scenes, settings_of
from sim.interventions import CATALOGUE, RULES, Intervention
from sim.interventions.intervention import ACTS

pytestmark = needs_browser


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
    {"branch": "0~3"}, {"branch": "5~3~6"}, {"branch": "5~3~6~99"}, {"branch": "5~3~80~4"}, {"branch": "5~3~"},
    {"branch": "~".join(["5~3"] * 9)}, {"branch": "5~99"}, {"x": "2.5"},
    {"branch": "5~2.5"},  # between two places of the slider
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


def test_a_link_to_a_step_of_what_contradicts_itself_says_so_as_well(visitor):
    text = "committed_allies~betrayal_scandal;begin:1;end:2;share:1"
    visitor.visit(link(visitor, **FREE | {"i": text, "step": "5"}))
    visitor.wait("!allyship.app.working")
    visitor.page.wait_for_timeout(200)
    assert "same person" in visitor.text("#notice") and visitor.app("run") is None


@pytest.mark.parametrize("name", [name for name, scene in scenes().items() if "step" in scene["control"]])
def test_every_place_of_a_slider_can_be_linked_to(visitor, name):
    control = scenes()[name]["control"]
    count = round((control["high"] - control["low"]) / control["step"])
    values = [f"{round(control['low'] + k * control['step'], 6):g}" for k in range(count + 1)]
    hashes = [link(visitor, s=name, x=value) for value in values]
    read = "(hashes) => hashes.map((hash) => allyship.read_link(hash).setup.value)"
    assert visitor.page.evaluate(read, hashes) == [float(value) for value in values]


def test_a_link_that_is_opened_while_thirty_runs_are_made_is_opened_as_a_whole(visitor):
    visitor.press("#unfold")
    visitor.run()
    visitor.page.evaluate("(hash) => { document.getElementById('run-many').click(); location.hash = hash; }",
                          link(visitor, x="12", step="40", branch="20~5"))  # fmt: skip
    visitor.wait("allyship.app.run?.branched === 20 && allyship.app.step === 40 && !allyship.app.working", 10)
    assert visitor.app("setup.value") == 5 and visitor.app("many") is None and not visitor.is_shown("#many")
