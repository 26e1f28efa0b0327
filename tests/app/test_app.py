"""The app without a browser: what is on the desk, what of it a model takes up, what the pictures say."""

from __future__ import annotations

import csv
import importlib.util
import itertools
import socket
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner

import sim
from sim.app import pictures, server
from sim.app.desk import AT_START, FIRST, SEED, Desk, by_mechanism, running, slider_of, told
from sim.app.model import AppModel, networks, starts
from sim.cli import main
from sim.explorer import baked
from sim.interventions.intervention import CHANGEABLE
from sim.parameters import KNOBS, Parameters, presets

ROOT = Path(__file__).resolve().parents[2]
BY_NAME = {knob.name: knob for knob in KNOBS}


class Visitor:
    """A desk and the model that reads it."""

    def __init__(self, desk=None, **settings):
        self.desk = desk or Desk()
        self.model = AppModel(lambda: self.desk, **settings)


# === the run ============================================================================================


def test_a_desk_left_alone_gives_the_run_of_simulate():
    one = Visitor()
    one.model.run_for(15)
    run = sim.simulate(network=baked.network(one.model.family), seed=SEED, steps=15)
    assert one.model.history.equals(run.history) and one.model.state == run.state


def test_a_number_changed_on_the_way_gives_the_run_that_goes_on_with_it():
    one = Visitor()
    one.model.run_for(8)
    one.desk = one.desk.put("sanction", 6.0).put("stigma_transfer", 1.0)
    one.model.run_for(8)
    network = baked.network(one.model.family)
    before = sim.simulate(network=network, seed=SEED, steps=8)
    after = sim.simulate(one.desk.parameters, network, start=before, seed=SEED, steps=8)
    left_alone = sim.simulate(network=network, seed=SEED, steps=16)
    assert one.model.state == after.state != left_alone.state


def test_what_makes_the_people_waits_for_a_reset():
    one = Visitor()
    one.model.run_for(4)
    others = {name: BY_NAME[name].usual_low for name in AT_START} | {"crossing_share": 0.5}
    one.desk = Desk(Parameters(**others))
    one.model.run_for(8)
    assert one.model.history.equals(sim.simulate(network=baked.network(one.model.family), seed=SEED, steps=12).history)
    assert Visitor(one.desk).model.state != Visitor().model.state


@pytest.mark.parametrize("name", [knob.name for knob in KNOBS])
def test_every_number_says_rightly_whether_it_waits(name):
    """Those that wait make a different first state; the others reach the run under way."""
    knob = BY_NAME[name]
    value = not knob.default if knob.is_switch else knob.usual_high
    wanted = Parameters(**{name: value})
    is_drawn_with = name not in CHANGEABLE and not knob.is_switch and name != "crossing_stigma"  # felt at every step
    assert (running(wanted, Parameters()) == Parameters()) == (name in AT_START) == is_drawn_with
    if name in AT_START:
        base = Parameters(crossing_share=0.5) if name == "crossing_release" else Parameters()
        first = [Visitor(Desk(p)).model.people for p in (base, base.replace(**{name: value}))]
        assert not first[0].equals(first[1])


def test_network_start_and_seed_are_taken_at_a_reset():
    named = {short: long for long, short in networks().items()}
    allied = next(long for long, short in starts().items() if short == "allied")
    model = AppModel(lambda: Desk(seed="7"), network=named["team"], start=allied)
    assert model.network is baked.network("team") and model.seed == 7
    assert model.datacollector.model_vars["ally_share"] == [1.0]


@pytest.mark.parametrize("text", ["", "seven", "１０", "1_0", "-1", "2.5", str(2**64), None, "9" * 5000])
def test_a_seed_that_is_none_is_named_and_replaced(text):
    model = AppModel(lambda: Desk(seed=text))
    assert model.seed == SEED and "whole number" in model.note and len(model.note) < 200


def test_a_seed_is_taken_as_typed():
    model = AppModel(lambda: Desk(seed=" 12 "))
    assert model.seed == 12 and not model.note


def test_a_seed_stays_as_typed_when_numbers_are_changed():
    desk = Desk(seed="five").put("sanction", 5.0).take("hollow").put_back("sanction")
    assert desk.seed == "five" and desk.preset == "hollow"


# === the desk ===========================================================================================


def test_one_number_is_put_back_and_all_are():
    desk = Desk().take("hollow").put("sanction", 5.0).put("image", 1.0)
    assert desk.changed == ["sanction", "image"]
    assert desk.put_back("image").parameters.image == presets()["hollow"].parameters.image != Parameters().image
    assert desk.put_back("image").changed == ["sanction"]
    assert desk.take(desk.preset).changed == [] and desk.take("default") == Desk()


def test_what_the_model_refuses_leaves_the_desk_as_it_was():
    desk = Desk()
    for stance in ("oppose", "bystand", "token"):
        desk = desk.put(f"{stance}_allowed", False)
    assert desk.put("ally_allowed", False) is desk
    assert desk.put("trust", 2.0) is desk


def test_every_number_has_one_place():
    folded = [knob.name for knobs in by_mechanism().values() for knob in knobs]
    assert sorted([*FIRST, *folded]) == sorted(Parameters.names())


def test_what_decides_most_comes_first():
    with open(ROOT / "results/sensitivity/verdicts.csv", encoding="utf-8") as file:
        decisive = {row["parameter"] for row in csv.DictReader(file) if row["verdict"] == "decisive"}
    assert decisive and decisive <= set(FIRST)


@pytest.mark.parametrize("knob", [knob for knob in KNOBS if not knob.is_switch], ids=lambda knob: knob.name)
def test_a_slider_can_stand_on_the_value_of_every_preset(knob):
    low, high, step = slider_of(knob)
    assert knob.low <= low < high <= knob.high and (high - low) / step >= 40
    for one in presets().values():
        place = (getattr(one.parameters, knob.name) - low) / step
        assert 0 <= round(place) <= round((high - low) / step) and abs(place - round(place)) < 1e-6


def test_a_number_is_told_with_range_default_and_source():
    text = told(BY_NAME["stigma_transfer"])
    assert "0 to 100" in text and "default 0.4" in text and "Goffman 1963" in text
    assert "true or false, default true" in told(BY_NAME["token_allowed"])


# === the pictures =======================================================================================


@pytest.mark.parametrize("name", list(networks()))
def test_the_pictures_show_everybody_and_both_groups(name):
    model = AppModel(Desk, network=name)
    model.step()
    network = ElementTree.fromstring(pictures.network_svg(model))
    told_of = [one.text for one in network.iter("title")]
    assert len(told_of) == model.network.n_people
    assert sum("marginalized" in text for text in told_of) == model.network.n_marginalized == sum(
        1 for _ in network.iter("circle")
    )
    legend = ElementTree.fromstring(f"<div>{pictures.legend_html(model)}</div>")
    counts = [int(one.text) for one in legend.iterfind(".//li/b")]
    assert sum(counts[:4]) == model.network.n_advantaged and sum(counts[4:]) == model.network.n_marginalized


def test_each_act_has_a_shape_and_a_colour_of_its_own():
    words = (*pictures.STANCES, *pictures.RESPONSES)
    assert len({pictures.SHAPES[word] for word in words}) == len({pictures._colour(word) for word in words}) == 7


def test_lines_reach_the_present_and_say_so_in_words():
    model = AppModel(Desk)
    model.run_for(3)
    for picture, words in ((pictures.advantaged_svg, 4), (pictures.marginalized_svg, 4)):
        chart = ElementTree.fromstring(picture(model))
        points = [line.get("points").split() for line in chart.iter("polyline")]
        assert [len(one) for one in points] == [4] * words
        assert "At step 3" in chart.get("aria-label")
    share = model.datacollector.model_vars["bystand_share"][-1]
    assert f"silent {100 * share:.0f} %" in pictures.advantaged_svg(model)


@pytest.mark.parametrize(("n_values", "every"), [(1, 1), (399, 1), (400, 1), (401, 2), (799, 2), (800, 2), (801, 3)])
def test_a_long_line_is_drawn_by_some_of_its_values_and_always_the_last(n_values, every):
    line = ElementTree.fromstring(pictures._line("ally", np.linspace(0, 1, n_values), n_values))
    drawn = [float(point.split(",")[0]) for point in line.get("points").split()]
    wanted = sorted({*range(0, n_values, every), n_values - 1})
    assert drawn == pytest.approx([pictures._x(i, n_values) for i in wanted], abs=0.051)
    assert len(drawn) <= pictures._MOST_POINTS + 1


def test_words_at_the_ends_of_lines_do_not_cover_each_other():
    for wanted in ([50.0, 50.0, 50.0, 50.0], [202.0, 202.0, 12.0, 201.0]):
        places = pictures._spread(wanted)
        assert all(after - before >= 17 for before, after in itertools.pairwise(sorted(places)))
        assert min(places) > 0 and max(places) <= 202


# === the command ========================================================================================


def test_without_the_extra_one_sentence_says_how_to_get_it(monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(server.importlib.util, "find_spec", lambda name: None if name == "solara" else found(name))
    result = CliRunner().invoke(main, ["app", "--no-browser"])
    assert result.exit_code == 2 and result.stderr.count("\n") == 1
    assert "solara" in result.stderr and "pip install 'allyship-sim[app]'" in result.stderr


def test_a_port_that_is_taken_is_named(monkeypatch):
    monkeypatch.setattr(server, "check_installed", lambda: None)
    with socket.socket() as taken:
        taken.bind((server.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = CliRunner().invoke(main, ["app", "--no-browser", "--port", str(port)])
    assert result.exit_code == 2 and f"--port {port}" in result.stderr and result.stderr.count("\n") == 1


def test_the_library_and_the_command_load_no_solara():
    code = "import sys, sim.cli, sim.app, sim.app.model, sim.app.pictures; print('solara' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"
