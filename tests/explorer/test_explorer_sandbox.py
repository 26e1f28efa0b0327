"""The sandbox of the page: every parameter, and what is set comes back."""

from __future__ import annotations

import pytest
from explorer_browser import needs_browser

import sim
from sim.explorer.baked import network
from sim.explorer.page import LANGUAGES, strings

pytestmark = needs_browser


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


@pytest.mark.parametrize(("field", "value"), [("people", 99), ("seed", 99), ("network", "team")])
def test_other_people_or_another_luck_are_not_called_the_same(visitor, field, value):
    visitor.press("#unfold")
    visitor.press("[data-scene=sandbox]")
    visitor.run()
    visitor.press("#keep")
    visitor.run()
    assert "Same people, same luck" in visitor.text("#compare")
    visitor.slide(f"#set-{field}", value)
    visitor.run()
    assert "Same people" not in visitor.text("#compare") and "People or luck differ" in visitor.text("#compare")


@pytest.mark.parametrize("words", LANGUAGES)
@pytest.mark.parametrize(("field", "value", "key"),
                         [("network", "team", "compare.network"), ("steps", 120, "compare.over")])  # fmt: skip
def test_where_nobody_can_be_compared_nobody_is_counted(visitor, field, value, key, words):
    """On another network there are other people, and after its end there is nobody to compare with."""
    visitor.slide("#language", words)
    visitor.press("#unfold")
    visitor.press("[data-scene=sandbox]")
    visitor.run()
    visitor.press("#keep")
    visitor.slide(f"#set-{field}", value)
    visitor.run()
    table = strings(words)
    counted = table["compare.differ"].format(n=0)
    assert table[key] in visitor.text("#compare") and counted not in visitor.text("#compare")


@pytest.mark.parametrize(("start", "told"), [("0.33", "33\u202f% allies, the others silent"), ("0", "0\u202f% allies"),
                                             ("0.4", "40\u202f% allies"), ("allied", "everybody an ally")])  # fmt: skip
def test_any_start_of_a_link_is_shown(visitor, start, told):
    digest = visitor.page.evaluate("JSON.parse(document.getElementById('data').textContent).digest")
    visitor.visit(f"#v=1&m={digest}&l=en&s=sandbox&seed=2&n=team&b={start}&o=synchronous&t=10")
    chosen = visitor.page.evaluate("document.getElementById('set-start').selectedOptions[0].text")
    assert chosen.startswith(told)
    visitor.slide("#set-steps", 12)
    assert str(visitor.app("setup.start")) == start
