"""A sweep over a published model gives the model's own runs, and is kept, read and refused like any other."""

from __future__ import annotations

import functools
import inspect
import json
import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import sim
from sim import classics, networks
from sim.checks import InputError
from sim.cli import main
from sim.sweeps import Design
from sim.sweeps.seeds import seeds_of

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "torture"))
import kills

# One axis of every model and what keeps it small; its runs differ between the values of the axis.
SMALL = {
    "brock_durlauf": {"field": [-0.2, 0.3], "n_people": 50},
    "chang_harrington": {"conformist_share": [0, 0.5]},
    "complex_contagion": {"contacts": [1, 2], "n_people": 50, "noise": 0.1},
    "emperors_dilemma": {"believer_share": [0.05, 0.2], "side": 8, "clustered": True},
    "granovetter": {"threshold_spread": [0.1, 0.3], "n_people": 50},
    "ising": {"coupling": [0.2, 0.6], "side": 8},
    "opinion_expression": {"cost": [0.1, 0.6], "n_people": 60, "mean_degree": 10},
    "tipping_point": {"committed_share": [0.1, 0.4], "n_people": 50},
    "watts": {"threshold": [0.1, 0.3], "n_people": 200, "n_first": 5},
}
FEW = {"steps": 23, "replicates": 3, "seed": 4}


def small(model, **more):
    return sim.sweep(SMALL[model] | FEW | more, model=model, record=["steps"])


def test_every_published_model_is_swept_here():
    assert list(SMALL) == classics.__all__


@pytest.mark.parametrize("model", SMALL)
def test_a_run_of_a_sweep_is_the_models_own_run_to_the_last_bit(model):
    swept = small(model)
    (axis,) = [name for name, value in SMALL[model].items() if isinstance(value, list)]
    assert len(swept.table) == 6
    runs = []
    for (_, row), (_, steps) in zip(swept.table.iterrows(), swept.steps.groupby("key", sort=False), strict=True):
        seed = seeds_of(4, row["replicate"]).seed
        arguments = SMALL[model] | {axis: row[axis], "steps": 23}
        if isinstance(SMALL[model][axis][1], int):
            arguments[axis] = int(row[axis])
        history = getattr(classics, model).run(**arguments, seed=seed).history
        assert row["seed"] == seed
        for name in history:
            recorded = steps[name] if name in steps else steps[f"{name}_at_step"]
            assert np.array_equal(recorded, history[name], equal_nan=True)
            if name != "step":  # the last tenth of 24 rows is two
                expected = [history[name].tail(2).mean(), history[name].iloc[-1]]
                assert np.array_equal([row[f"final_{name}"], row[f"last_{name}"]], expected, equal_nan=True)
        runs.append(history)
    assert any(not runs[0].equals(run) for run in runs[1:])


def test_a_table_has_the_models_columns_and_no_others():
    table = small("granovetter").table
    assert list(table) == [
        "model", "threshold_spread", "n_people", "steps", "replicate", "network_seed", "start_seed", "seed", "n_ties",
        "mean_degree", "marginalized_share", "homophily", "clustering", "final_acting_share", "last_acting_share",
        "status", "error", "notes", "seconds", "key",
    ]  # fmt: skip
    assert set(table["model"]) == {"granovetter"}
    assert table["network_seed"].isna().all()  # the model's seed is for everything


def test_steps_and_arguments_that_are_left_out_are_the_models_own():
    (point,) = Design.of({"model": "watts"}).points()
    known = inspect.signature(classics.watts.run).parameters
    assert point.configuration["arguments"] == {
        name: about.default for name, about in known.items() if name not in ("seed", "network", "steps")
    }
    assert point.configuration["steps"] == known["steps"].default
    spelt = Design(axes={"threshold": [0.18], "mean_degree": 4.0, "n_people": np.int64(10_000)}, model="watts")
    assert [one.digest for one in spelt.points()] == [point.digest]
    read = Design.of(json.loads(json.dumps(spelt.to_dict())))
    assert [one.digest for one in read.points()] == [point.digest]


def test_kinds_of_designs_go_with_published_models():
    lines = Design.of({"kind": "lines", "contacts": [1, 2], "noise": [0, 0.5]}, "complex_contagion").points()
    assert [(p.values["contacts"], p.values["noise"]) for p in lines] == [(2, 0), (1, 0), (2, 0.5)]
    about = {"kind": "lines", "network": ["karate_club", "two_groups"], "base": {"network": "two_groups"}}
    on_networks = Design.of(about, "granovetter").points()  # what base gives needs no default
    assert [p.values["network"] for p in on_networks] == ["two_groups", "karate_club"]
    sampled = Design.of({"kind": "sobol", "count": 8, "n_people": {"from": 10, "to": 50}}, "tipping_point").points()
    assert {type(point.values["n_people"]) for point in sampled} == {int}
    rows = [{"side": 4}, {"side": 5, "coupling": 0.3}]
    assert len(sim.sweep({"kind": "table", "rows": rows, "replicates": 2, "steps": 3}, model="ising").table) == 4


def test_a_precision_is_reached_for_a_measure_of_the_model(tmp_path):
    about = {"coupling": 0.44, "side": 6, "steps": 20, "replicates": 10}
    precise = about | {"precision": {"measure": "last_mean_choice", "half_width": 0.2}}
    swept = sim.sweep(precise, tmp_path / "runs", model="ising")
    assert 20 <= len(swept.table) < 1000
    assert swept.unsettled.empty
    assert "last_mean_choice is known to within 0.2 at every point" in swept.reasons[-1]
    again = sim.open_sweep(tmp_path / "runs", Design.of(precise, "ising"))
    assert again.missing == 0 and again.digest == swept.digest


def test_a_range_of_another_models_word_is_a_range_here():
    points = Design.of({"start": {"from": 0, "to": 1, "count": 3}}, "ising").points()
    assert [point.values["start"] for point in points] == [0, 0.5, 1]
    Design.of({"kind": "sobol", "count": 2, "start": {"from": 0, "to": 1}}, "ising")


# === networks ===========================================================================================


def test_a_model_takes_a_network_of_ones_own(tmp_path):
    axes = {"coupling": [0.3, 0.6], "steps": 10}
    design = Design(axes=axes, networks={"club": networks.karate_club()}, replicates=2)
    swept = sim.sweep(design, tmp_path / "runs", model="ising")  # the only network is taken
    table = swept.table
    assert set(table["n_people"]) == {34} and table["network_seed"].isna().all()
    for i, row in table.iterrows():
        run = classics.ising.run(coupling=row["coupling"], network=networks.karate_club(), steps=10, seed=row["seed"])
        assert row["last_mean_choice"] == run.history["mean_choice"].iloc[-1]
        assert sim.replay(tmp_path / "runs", i).is_equal
    assert sim.open_sweep(tmp_path / "runs").digest == swept.digest


def test_a_row_has_the_measures_of_the_network_that_was_given():
    (row,) = sim.sweep(Design(model="ising", axes={"network": "karate_club", "steps": 2}, replicates=1)).table.to_dict(
        "records"
    )
    measures = networks.karate_club().measures()
    for name in ("n_people", "n_ties", "mean_degree", "marginalized_share", "homophily", "clustering"):
        assert row[name] == measures[name], name


def test_too_little_memory_belongs_to_the_run_that_it_costs(monkeypatch):
    real = classics.ising.run

    @functools.wraps(real)
    def run(**given):
        if given["side"] == 9:
            raise MemoryError("too large")
        return real(**given)

    monkeypatch.setattr(classics.ising, "run", run)
    table = sim.sweep({"side": [8, 9], "steps": 3, "replicates": 1}, model="ising").table
    assert table["status"].tolist() == ["done", "failed"]
    assert table["error"].tolist() == ["", "MemoryError: too large"]


def test_of_several_networks_none_is_taken_unless_it_is_named():
    several = {"a": networks.karate_club(), "b": {"family": "small_world", "n_people": 20}}
    (point,) = Design(model="granovetter", networks=several).points()
    assert "network" not in point.configuration and point.configuration["arguments"]["n_people"] == 100


def test_runs_of_another_result_version_are_other_runs(monkeypatch):
    (point,) = Design(model="granovetter").points()
    monkeypatch.setattr("sim.sweeps.classic_points.RESULT_VERSION", 2)
    assert Design(model="granovetter").points()[0].digest != point.digest


def test_a_generated_network_has_its_own_seed():
    axes = {"network": "small_world", "network_n_people": 40, "network_mean_degree": 4, "network_rewiring": 0.2,
            "threshold_spread": 0.2, "replicates": 3, "seed": 2, "steps": 9}  # fmt: skip
    swept = sim.sweep(axes, model="granovetter")
    for i, row in swept.table.iterrows():
        seeds = seeds_of(2, row["replicate"])
        assert row["network_seed"] == seeds.network_seed
        network = networks.small_world(40, mean_degree=4, rewiring=0.2, seed=seeds.network_seed)
        run = classics.granovetter.run(threshold_spread=0.2, network=network, seed=seeds.seed, steps=9)
        assert row["last_acting_share"] == run.history["acting_share"].iloc[-1]
        assert sim.replay(swept, i).is_equal


# === the store ==========================================================================================

CLASSIC = {"model": "granovetter", "threshold_spread": {"from": 0.05, "to": 0.24, "count": 20}, "n_people": 200,
           "steps": 30, "replicates": 10}  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is sent")
@pytest.mark.parametrize(
    "about",
    [
        {"at": "running", "executor": "processes", "workers": 2},
        {"hook": {"name": "replace", "count": 12, "when": "after"}, "workers": 2},
        {"hook": {"name": "write", "count": 9, "when": "before"}},
    ],
    ids=lambda about: " ".join(str(value) for value in about.values()),
)
def test_a_kill_costs_at_most_the_chunks_at_work(about, tmp_path):
    digest = kills.undisturbed(CLASSIC)
    kills.kill_one(tmp_path / "store", digest, np.random.default_rng(1), 0.3, design=CLASSIC, **about)


def test_a_larger_design_adds_to_a_smaller_one_whoever_makes_the_runs(tmp_path):
    about = SMALL["tipping_point"] | FEW | {"model": "tipping_point"}
    first = sim.sweep(about, tmp_path / "runs", executor="processes", workers=2)
    assert first.digest == sim.sweep(about, workers=1).digest
    more = sim.sweep(about | {"replicates": 5}, tmp_path / "runs")
    assert more.reasons[0].startswith("6 runs reused") and more.reasons[1].startswith("4 runs made")
    assert sim.open_sweep(tmp_path / "runs", Design.of(about)).digest == first.digest


def test_a_folder_holds_runs_of_several_models(tmp_path):
    """Parts of all of them are put together into one; each design reads its own."""
    own = sim.sweep({"loyalty": [0.3, 0.9], "network_n_people": 60, "steps": 9, "replicates": 2}, tmp_path / "runs",
                    record=["steps"], chunk=1)  # fmt: skip
    others = {model: sim.sweep(SMALL[model] | FEW, tmp_path / "runs", model=model, record=["steps"], chunk=2)
              for model in ("granovetter", "chang_harrington")}  # fmt: skip
    sim.sweeps.store.Store(tmp_path / "runs").tidy()
    for swept in (own, *others.values()):
        again = sim.open_sweep(tmp_path / "runs", swept.design)
        assert again.digest == swept.digest
        pd.testing.assert_frame_equal(again.steps, swept.steps)
        assert all(sim.replay(again, row).is_equal for row in (0, 3))
    everything = sim.open_sweep(tmp_path / "runs")
    assert len(everything.table) == 16 and not everything.set_aside
    assert sorted(everything.table["n_people"]) == 6 * [50] + 4 * [60] + 6 * [10_000]  # an argument of one of them
    assert {"ally_share", "final_acting_share", "final_accepting_share"} <= set(everything.table)
    for read in (lambda: everything.steps, everything.plot):
        with pytest.raises(InputError, match=r"several models: give open_sweep\(folder, design\)"):
            read()


def test_two_parts_that_contradict_each_other_are_both_set_aside(tmp_path):
    from sim.sweeps import parts, store
    from sim.sweeps.plans import plan_of

    design = Design.of(SMALL["granovetter"] | FEW, "granovetter")
    run = next(plan_of(design))[0]
    row = {"key": run.key, "place": 0, "status": "done", "recorded": "", "seconds": 1.0, "last_acting_share": 0.5}
    folder = store.Store(tmp_path / "runs", create=True)
    for share in (0.1, 0.2):
        folder.add(parts.table_of([row | {"final_acting_share": share}], [run]))
    assert len(folder.rows(["final_acting_share"])) == 0
    assert len(folder.set_aside) == 2 and "different results" in folder.set_aside[0]


def test_a_replay_notices_another_outcome(tmp_path, monkeypatch):
    swept, real = small("ising"), classics.ising.run
    monkeypatch.setattr(classics.ising, "run", lambda **given: real(**given | {"seed": 1}))
    again = sim.replay(swept, 0)
    assert not again.is_equal
    assert any(told.startswith("last_mean_choice: recorded") for told in again.differences)


# === reading ============================================================================================


def test_a_table_is_summed_up_without_regimes():
    swept = small("watts")
    summary = sim.sweeps.summarise(swept.table, ["threshold"], ["final_active_share"])
    assert summary["runs"].tolist() == [3, 3]
    assert "regime" not in summary and summary["final_active_share_median"].between(0, 1).all()
    assert list(swept.arrays(["last_active_share"]).dims) == ["threshold", "replicate"]
    assert "last_active_share" in swept.arrays() and "ally_share" not in swept.arrays()


@pytest.mark.parametrize("model", SMALL)
def test_a_figure_shows_every_measure_of_the_model(model):
    swept = small(model)
    measures = {name.removeprefix("final_").replace("_", " ") for name in swept.table if name.startswith("final_")}
    for figure, words in ((swept.plot(), "final "), (swept.plot(x="step"), "")):
        told = {text.get_text().removesuffix(" at step") for text in figure.axes[-1].get_legend().get_texts()}
        assert told == {f"{words}{name}" for name in measures}
        assert model in figure.get_supxlabel()


def test_the_command_sweeps_and_replays_a_published_model(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("d.toml").write_text('model = "granovetter"\nthreshold_spread = [0.1, 0.3]\nn_people = 50\nreplicates = 2\n')
    told = CliRunner().invoke(main, ["sweep", "d.toml", "--dry-run"])
    assert "2 points x 2 replicates: 4 runs" in told.output, told.output
    told = CliRunner().invoke(main, ["sweep", "d.toml", "--quiet"])
    assert told.exit_code == 0, told.output
    told = CliRunner().invoke(main, ["sweep", "d.toml"])
    assert "Means of 4 runs:" in told.output and "last_acting_share" in told.output
    told = CliRunner().invoke(main, ["replay", "d", "1"])
    assert "published model granovetter: n_people=50, threshold_mean=0.25, threshold_spread=0.1" in told.output
    assert "every outcome is bit for bit as recorded" in told.output


# === refusals ===========================================================================================


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"model": "granoveter"}, "model = 'granoveter' is not known (did you mean 'granovetter'?)"),
        ({"model": 3}, "model"),
        ({"threshold_spred": 0.1}, "did you mean 'threshold_spread'"),
        ({"axes": {"threshold_spred": 0.1}}, "no argument of granovetter (did you mean 'threshold_spread'"),
        ({"axes": {"xyz": 0.1}}, "allowed: threshold_mean, threshold_spread, n_people, thresholds, steps, network, "
                                 "network_..."),
        ({"axes": {"seed": [1, 2]}}, "'seed' is no argument of granovetter"),
        ({"loyalty": 0.5}, "'loyalty' is neither"),
        ({"schedule": "shuffled"}, "'schedule' is neither"),
        ({"null": "rewired"}, "'null' is neither"),
        ({"intervention": "protection"}, "'intervention' is neither"),
        ({"threshold_spread": [0.1, -1]}, "threshold_spread = -1 is out of range: it must be a number from 0 to 10 (at "
                                          "1 of 2 points of the design)"),
        ({"threshold_spread": [0.1, -1, -2]}, "(at 2 of 3 points of the design)"),
        ({"thresholds": ["random", "midle"]}, "did you mean 'middle'"),
        ({"threshold_spread": ["a"]}, "threshold_spread must be a number"),
        ({"n_people": 0}, "n_people = 0"),
        ({"n_people": 10.5}, "n_people must be a whole number"),
        ({"steps": -1}, "steps = -1"),
        ({"steps": 2.5}, "steps must be a whole number"),
        ({"model": "emperors_dilemma", "weakest": [0.1, 0.5], "side": 5}, "at most strongest = 0.38"),
        ({"model": "opinion_expression", "mean_degree": 600}, "greatest possible"),
        ({"interventions": [{"kind": "appeal"}]}, "'granovetter', a published one, takes no interventions: nothing"),
        ({"ramp": {"parameter": "loyalty", "values": [0.1], "hold": 3}}, "takes no ramp"),
        ({"preset": "hollow"}, "takes no preset: it has arguments of its own"),
        ({"parameters": {"loyalty": 0.5}}, "takes no parameters: it has arguments of its own"),
        ({"kind": "refined", "threshold_spread": {"from": 0, "to": 1}}, "no regimes"),
        ({"precision": {"measure": "ally_share", "half_width": 0.1}}, "final_acting_share"),
        ({"kind": "lines", "threshold_spread": [0.1], "base": {"loyalty": 0.5}}, "'loyalty'"),
        ({"kind": "lines", "network": ["karate_club"]}, "base needs network"),
        ({"network": "karate_club", "n_people": 50}, "n_people does not go with a network"),
        ({"model": "opinion_expression", "network": "karate_club", "homophily": 0.2}, "homophily does not go with"),
        ({"model": "opinion_expression", "network": "karate_club", "minority_share": 0.2}, "minority_share does not"),
        ({"model": "ising", "network": "karate_club", "side": 6}, "side does not go with a network"),
        ({"network": "two_group"}, "did you mean 'two_groups'"),
        ({"network_homophily": 3}, "homophily = 3"),
        ({"model": "chang_harrington", "network": "karate_club"}, "'network'"),
        ({"model": "chang_harrington", "networks": {"club": networks.karate_club()}}, "makes a network of its own"),
    ],
)  # fmt: skip
def test_what_a_model_has_no_use_for_is_refused_before_a_folder_is_made(about, words, tmp_path):
    with pytest.raises(InputError) as refusal:
        sim.sweep({"model": "granovetter"} | about, tmp_path / "new")
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("design", [{"model": "ising"}, Design(model="ising"), "d.toml"], ids=type)
def test_a_model_that_contradicts_the_design_is_refused(design, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("d.toml").write_text('model = "ising"')
    assert Design.of(design, "ising").model == "ising"
    with pytest.raises(InputError, match="model = 'watts' contradicts the design, which has model = 'ising'"):
        Design.of(design, "watts")


def test_parameters_and_people_are_refused():
    with pytest.raises(InputError, match="takes no parameters"):
        Design(model="ising", parameters=sim.Parameters(loyalty=0.2))
    with pytest.raises(InputError, match=r"record: 'people'.*allowed: steps"):
        sim.sweep({"model": "ising"}, record=["people"])
