"""What if this person had acted otherwise? The same run as in the library, with one person under a script."""

from __future__ import annotations

import pytest
from explorer_browser import needs_browser
from page_words import WORDS, lines, open_place

import sim
from sim.explorer.baked import network
from sim.explorer.scenes import scenes, settings_of
from sim.interventions.intervention import ACTS

pytestmark = needs_browser
PERSON, STEP = 20, 30


def run_in_python(*more) -> sim.Run:
    settings = settings_of(scenes()["alone"], 8) | {"seed": scenes()["alone"]["seed"]}
    settings["interventions"] = [*settings["interventions"], *more]
    return sim.simulate(network=network("neighbourhood"), record_people=True, **settings)


@pytest.mark.parametrize("act", ["ally", "bystand"])
def test_one_person_acts_otherwise_from_the_next_step_on(visitor, act):
    open_place(visitor, "alone", 8)
    visitor.run()
    visitor.slide("#step", STEP)
    visitor.press(f".person >> nth={PERSON}")
    visitor.press(f"#why [data-act={act}]")
    visitor.wait("allyship.app.setup.scene === 'sandbox' && allyship.app.run?.setup === allyship.app.setup"
                 " && !allyship.app.working && !!allyship.app.ghost")  # fmt: skip
    script = sim.intervention("scene", people=[PERSON], group="advantaged", force=act, begin=STEP + 1)
    before, after = (run.trajectory["act"] for run in (run_in_python(), run_in_python(script)))
    assert (after[STEP + 1 :, PERSON] == int(ACTS[act])).all()
    found = visitor.page.evaluate("['run', 'ghost'].map((one) => (allyship.app[one].run || allyship.app[one])"
                                  ".states.map((state) => Array.from(state.act)))")  # fmt: skip
    assert found == [after.tolist(), before.tolist()]
    assert visitor.text("#step-told") == f"step {STEP + 1} of 80"
    told = WORDS["why.scripted"].format(step=STEP + 1, outcome=WORDS[f"word.{act}"], by=WORDS["intervention.scene"])
    assert lines(visitor, "#why .big") == [told]
    assert visitor.page.locator(".person .other").count() == (before[STEP + 1] != after[STEP + 1]).sum()
    assert visitor.page.locator("#chart-a .ghost").count() == 4


def test_at_the_last_step_there_is_no_next_one_and_group_b_is_not_told_how_to_act(visitor):
    open_place(visitor, "alone", 8)
    visitor.run()
    visitor.press(f".person >> nth={PERSON}")
    assert visitor.page.locator("#why [data-act]:visible").count() == 0
    visitor.slide("#step", 79)
    assert visitor.page.locator("#why [data-act]:visible").count() == 2
    visitor.press(f".person >> nth={int(network('neighbourhood').is_marginalized.argmax())}")
    assert visitor.page.locator("#why [data-act]:visible").count() == 0


def test_the_ties_of_whoever_is_asked_stand_out(visitor):
    open_place(visitor, "alone", 8)
    visitor.run()
    visitor.press(f".person >> nth={PERSON}")
    ties = visitor.page.get_attribute(".ties.near", "d").split("M")[1:]
    places = visitor.page.evaluate("allyship.NETWORKS.neighbourhood.places")
    ends = [tuple(map(float, end.split())) for tie in ties for end in tie.split("L")]
    neighbours = [places[i] for i in network("neighbourhood").neighbours_of(PERSON)]
    assert sorted(map(tuple, neighbours)) == sorted(end for end in ends if list(end) != places[PERSON])
    assert visitor.page.locator(".person.selected").count() == 1
