"""What is saved from the page: data, figures, citation; each says what the model cannot tell."""

from __future__ import annotations

import csv
import io

from explorer_browser import needs_browser, run_thirty

import sim
from sim.explorer.baked import network
from sim.explorer.scenes import scenes, settings_of
from sim.outcomes import tail_means

pytestmark = needs_browser


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
