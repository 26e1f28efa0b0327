"""Sweeps at the command line: what is told, what is refused, and that nothing is lost or made twice."""

from __future__ import annotations

import io
import json
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
import tomllib
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest
from commands import allyship

import sim
from sim.cli import sweeps
from sim.sweeps import work
from sim.sweeps.sweeping import WorkersLost

DESIGN = """
replicates = 3
steps = 20
loyalty = [0.5, 0.9]
network_n_people = 60
network_mean_degree = 6
"""
FAILING = """
steps = 2
replicates = 2
network_n_people = [60, 30]
[[interventions.talk]]
kind = "custom"
people = [50]  # of whom one of two networks knows nothing
scale = { sanction = 0.5 }
"""
ERROR = "InputError: custom: person 50 is not in this network"


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path, monkeypatch):
    """Work in a folder that holds a small design, and one of which half of the runs fail."""
    monkeypatch.chdir(tmp_path)
    Path("small.toml").write_text(DESIGN)
    Path("failing.toml").write_text(FAILING)


def told(*args, code=0):
    return json.loads(allyship("sweep", *args, "--json", code=code).stdout)


def everything(folder="."):
    return {str(p): (p.read_bytes(), p.stat().st_mtime_ns) for p in Path(folder).rglob("*") if p.is_file()}


# --- a sweep ----------------------------------------------------------------------------------------------


def test_the_template_is_a_design_that_runs():
    text = allyship("sweep", "--template").stdout
    Path("design.toml").write_text(text)
    content = tomllib.loads(text)
    assert isinstance(content["start"], list)
    assert content["stigma_transfer"]["count"] == 3
    assert not isinstance(content["steps"], list)
    assert "network" in content
    result = allyship("sweep", "design.toml")
    assert "48 runs of 12 points, 48 rows" in result.stdout
    assert "48 of 48 runs" in result.stderr
    assert sim.sweep("design.toml").digest in result.stdout


def uncommented(text, *beginnings):
    """Take the comment sign from the lines that begin so."""
    lines = [line.removeprefix("# ") if line.startswith(beginnings) else line for line in text.splitlines()]
    return "\n".join(lines)


@pytest.mark.filterwarnings("ignore::sim.networks.NetworkWarning")
def test_what_the_template_shows_in_comments_runs_too():
    text = allyship("sweep", "--template").stdout
    mine = uncommented(text, "# intervention =", "# [[interv", "# kind = \"byst", "# share", "# begin")
    Path("mine.toml").write_text(mine)
    assert set(sim.Design.of("mine.toml").axes["intervention"]) == {"none", "protection", "mine"}
    assert "144 runs" in allyship("sweep", "mine.toml", "--dry-run").stdout
    sample = uncommented(text, "# kind = \"sobol", "# count").replace("to = 1.0, count = 3 }", "to = 1.0 }")
    Path("sample.toml").write_text(sample)
    assert len(sim.Design.of("sample.toml").points()) == 64 * 4
    nx.write_graphml(nx.relabel_nodes(nx.karate_club_graph(), str), "club.graphml")
    own = uncommented(text, "# [networks.", "# file", "# group", "# marginalized").replace('"gender"', '"club"')
    rest = own.split("[network]")[0], own.split("# A network of your own")[1]
    Path("own.toml").write_text("#".join(rest).replace('"woman"', '"Officer"'))
    assert sim.Design.of("own.toml").points()[0].network.n_people == 34


def test_a_sweep_is_told_in_plain_words():
    out = allyship("sweep", "small.toml").stdout
    swept = sim.open_sweep("small", "small.toml")  # the folder has the design's name
    table = swept.table
    assert "6 runs of 2 points, 6 rows in the table" in out
    assert "6 runs made: the folder did not have them" in out
    assert "No run failed" in out
    for regime, count in table["regime"].value_counts().items():
        assert f"{regime.upper()} in {count}" in out
    assert f"Advantaged, on average: ally {table['ally_share'].mean():.0%}, token ally" in out
    assert f"Marginalized, on average: welcome allies {table['welcome_share'].mean():.0%}" in out
    assert f"{table['mean_trust'].mean():.2f}" in out
    assert f"Digest of the table: {swept.digest}" in out
    python = next(line for line in out.splitlines() if "in Python" in line).split("in Python")[1].strip()
    assert eval(python, {"sim": sim}).equals(table)
    again = next(line for line in out.splitlines() if "allyship replay" in line).split("allyship ")[1]
    assert "bit for bit" in allyship(*shlex.split(again)).stdout


def test_what_is_there_is_reused_whichever_design_asked_for_it():
    first = allyship("sweep", "small.toml", "--out", "kept").stdout
    assert "6 runs reused" in allyship("sweep", "small.toml", "--out", "kept").stdout
    Path("larger.toml").write_text(DESIGN.replace("replicates = 3", "replicates = 4"))
    larger = allyship("sweep", "larger.toml", "--out", "kept").stdout
    assert "6 runs reused" in larger
    assert "2 runs made" in larger
    digest = next(line for line in first.splitlines() if "Digest" in line)
    again = allyship("sweep", "small.toml", "--out", "kept").stdout
    assert digest in again  # what is beside it in the folder is not in its table
    assert "2 runs of other designs" in again


@pytest.mark.parametrize("options", [("--workers", "1", "--chunk", "2"), ("--executor", "processes", "--workers", "2")])
def test_workers_never_change_the_digest(options):
    assert told("small.toml", *options)["digest"] == sim.sweep("small.toml").digest


def test_json_is_for_programs():
    content = told("small.toml")
    assert content["n_rows"] == content["n_runs"] == sum(content["regimes"].values()) == 6
    assert content["n_failed"] == 0
    assert content["folder"] == "small"
    assert content["first_keys"] == sim.open_sweep("small", "small.toml").table["key"].tolist()
    allyship("replay", "small", content["first_keys"][4])
    assert set(content["means"]) >= {"ally_share", "oppose_share", "welcome_share", "mean_trust"}


def test_nobody_in_a_group_is_told_as_nobody():
    Path("alone.toml").write_text(DESIGN + "network_marginalized_share = 0\n")
    assert "Marginalized: nobody." in allyship("sweep", "alone.toml").stdout
    assert told("alone.toml")["means"]["mean_trust"] is None


def test_quiet_prints_nothing_unless_a_run_failed():
    result = allyship("sweep", "small.toml", "--quiet")
    assert result.stdout == result.stderr == ""
    result = allyship("sweep", "failing.toml", "--quiet", code=1)
    assert result.stdout == ""
    assert result.stderr.startswith(f"note: 2 runs failed; the first: {ERROR}")


def test_a_table_for_others():
    allyship("sweep", "small.toml", "--csv", "runs.csv", "--record", "steps", "--record", "people")
    swept = sim.open_sweep("small", "small.toml")
    read = pd.read_csv("runs.csv", converters={"ally_share": float})
    assert list(read) == list(swept.table)
    assert read["ally_share"].equals(swept.table["ally_share"])
    assert read["seed"].tolist() == swept.table["seed"].tolist()
    assert len(swept.steps) == 6 * 21
    assert len(swept.people) == 6 * 60
    Path("larger.toml").write_text(DESIGN.replace("replicates = 3", "replicates = 4"))
    allyship("sweep", "larger.toml", "--csv", "runs.csv")
    assert len(pd.read_csv("runs.csv")) == 8
    assert sorted(os.listdir()) == ["failing.toml", "larger", "larger.toml", "runs.csv", "small", "small.toml"]


def test_a_table_that_cannot_be_written_costs_no_run(monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(pd.DataFrame, "to_csv", full)
        message = allyship("sweep", "small.toml", "--csv", "runs.csv", code=2).stderr
    assert "--csv = 'runs.csv' cannot be written: No space left on device" in message
    assert "6 runs reused" in allyship("sweep", "small.toml", "--csv", "runs.csv").stdout


# --- what goes wrong on the way ---------------------------------------------------------------------------


def test_a_failed_run_is_told_with_the_way_to_make_it_again():
    out = allyship("sweep", "failing.toml", code=1).stdout
    assert f"2 runs failed; the first: {ERROR}" in out
    assert "4 runs of 2 points" in out
    command = next(line for line in out.splitlines() if "Make it again" in line).split("allyship ")[1]
    again = allyship(*shlex.split(command)).stdout
    assert f"failed: {ERROR}" in again
    assert "it fails as it did before" in again


def test_failed_runs_are_made_again_only_when_asked():
    allyship("sweep", "failing.toml", code=1)
    content = told("failing.toml", code=1)
    assert content["n_failed"] == len(content["first_failures"]) == 2
    assert any("2 runs failed earlier and were not tried again" in reason for reason in content["reasons"])
    assert any("2 runs made again" in reason for reason in told("failing.toml", "--retry-failed", code=1)["reasons"])


def test_stop_at_the_first_failure():
    result = allyship("sweep", "failing.toml", "--on-error", "stop", "--workers", "1", "--chunk", "1", code=1)
    assert result.stdout == ""
    assert f"error: a run failed: {ERROR}" in result.stderr
    assert "allyship replay failing " in result.stderr


def test_a_full_disk_loses_nothing_that_was_finished(monkeypatch):
    synced = []

    def full(handle):
        synced.append(handle)
        if len(synced) > 6:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        result = allyship("sweep", "small.toml", "--workers", "1", "--chunk", "1", "--quiet", code=2)
    assert result.stderr.count("\n") == 1
    assert "'small' cannot be written to any more: No space left on device" in result.stderr
    there = len(sim.open_sweep("small").table)
    assert 0 < there < 6
    content = told("small.toml")
    assert any(reason.startswith(f"{there} run") and "reused" in reason for reason in content["reasons"])
    assert content["digest"] == sim.sweep("small.toml").digest


def test_lost_workers_are_told(monkeypatch):
    def lose(*_, **__):
        raise WorkersLost("the workers are lost (Example: it rained)")

    monkeypatch.setattr(sim.sweeps, "sweep", lose)
    result = allyship("sweep", "small.toml", code=1)
    assert result.stderr == "error: the workers are lost (Example: it rained)\n"


@pytest.mark.skipif(os.name == "nt", reason="no such signal there")
def test_ctrl_c_and_the_same_command_again_give_the_digest_of_one_go():
    Path("long.toml").write_text("replicates = 60\nsteps = 400\nloyalty = [0.5, 0.9]\nnetwork_n_people = 500\n")
    command = [sys.executable, "-m", "sim", "sweep", "long.toml", "--workers", "1", "--chunk", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 60
        while not list(Path().glob("long/parts/runs-*")) and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert "Traceback" not in err
    there = len(sim.open_sweep("long").table)
    safe = "1 finished run in long is" if there == 1 else f"{there} finished runs in long are"
    assert err.splitlines()[-1] == f"stopped; {safe} safe, and the same command goes on where it stopped"
    assert 0 < there < 120
    content = told("long.toml")
    assert content["n_runs"] == 120
    assert any(reason.startswith(f"{there} run") and "reused" in reason for reason in content["reasons"])
    assert content["digest"] == told("long.toml", "--out", "other", "--workers", "2")["digest"]


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (None, "stopped; 6 finished runs in small are safe, and the same command goes on"),
        (sim.InputError("there is no sweep"), "stopped before any run was finished"),
        (KeyboardInterrupt(), "stopped; finished runs are safe in small"),
    ],
    ids=["counted", "nothing there", "in a hurry"],
)
def test_after_ctrl_c_it_is_told_how_many_runs_are_safe(monkeypatch, problem, words):
    from sim.sweeps import store

    allyship("sweep", "small.toml")

    def stopped(*_, **__):
        raise KeyboardInterrupt

    def refused(self):
        raise problem

    monkeypatch.setattr(sim.sweeps, "sweep", stopped)
    if problem is not None:
        monkeypatch.setattr(store.Store, "keys", refused)
    assert allyship("sweep", "small.toml", code=130).stderr.startswith(words)


def test_after_ctrl_c_another_program_that_called_the_command_ends_only_if_runs_are_still_at_work(monkeypatch):
    ended, stop = [], threading.Event()
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    monkeypatch.setattr(sweeps.os, "_exit", ended.append)
    sweeps._leave_at_once()
    assert ended == []
    worker = threading.Thread(target=stop.wait, name="sweep_0")
    worker.start()
    sweeps._leave_at_once()
    stop.set()
    worker.join()
    assert ended == [130]


# --- a dry run --------------------------------------------------------------------------------------------


def test_a_dry_run_writes_nothing():
    before = everything()
    out = allyship("sweep", "small.toml", "--dry-run").stdout
    assert "2 points x 3 replicates: 6 runs; none of them is in the folder small yet" in out
    assert "To make: 6 runs; about 1 second" in out
    assert "kB on disk" in out
    assert everything() == before
    assert sorted(os.listdir()) == ["failing.toml", "small.toml"]


def test_a_dry_run_knows_what_is_there():
    allyship("sweep", "small.toml", "--out", "kept")
    (part,) = Path("kept/parts").iterdir()
    Path("larger.toml").write_text(DESIGN.replace("replicates = 3", "replicates = 5"))
    before = everything()
    out = allyship("sweep", "larger.toml", "--out", "kept", "--dry-run").stdout
    assert "10 runs; 6 of them are in the folder kept already" in out
    assert "To make: 4 runs" in out
    assert "Nothing is left to be made" in allyship("sweep", "small.toml", "--out", "kept", "--dry-run").stdout
    assert everything() == before
    part.write_bytes(part.read_bytes()[:-1])
    before = everything()
    assert "none of them is in the folder" in allyship("sweep", "small.toml", "--out", "kept", "--dry-run").stdout
    assert everything() == before


def test_a_dry_run_for_programs_and_one_that_fails():
    result = allyship("sweep", "failing.toml", "--dry-run", "--json")
    content = json.loads(result.stdout)
    assert content["n_runs"] == content["n_to_make"] == {"least": 4, "most": 4}
    assert result.stderr.startswith(f"note: a run that was tried failed: {ERROR}")
    assert not Path("failing").exists()


# --- a run again ------------------------------------------------------------------------------------------


def test_a_row_by_number_and_by_key():
    allyship("sweep", "small.toml")
    table = sim.open_sweep("small").table
    by_number = allyship("replay", "small", "4").stdout
    assert f"Run {table['key'][4]}, replicate {table['replicate'][4]}" in by_number
    assert "loyalty=0.9, all others at their default" in by_number
    assert "n_people=60" in by_number
    assert "done to it" not in by_number
    assert "20 steps from start 'silent'" in by_number
    assert f"seed={table['seed'][4]}" in by_number
    assert table["regime"][4] in by_number
    assert by_number == allyship("replay", "small", table["key"][4][:9]).stdout


def test_a_number_counts_all_runs_of_the_folder_and_a_key_is_always_the_same_run():
    allyship("sweep", "small.toml", "--out", "kept")
    Path("first.toml").write_text(DESIGN.replace("[0.5, 0.9]", "0.1"))
    allyship("sweep", "first.toml", "--out", "kept")  # its rows come before the others
    table = sim.open_sweep("kept", "small.toml").table
    assert f"Run {table['key'][0]}" not in allyship("replay", "kept", "0").stdout
    assert f"Run {table['key'][0]}" in allyship("replay", "kept", "3").stdout
    assert f"Run {table['key'][0]}" in allyship("replay", "kept", table["key"][0]).stdout
    help = " ".join(allyship("replay", "--help").stdout.split())
    assert "in the table of all runs in the folder: sim.open_sweep(FOLDER).table. That is not the table of one" in help
    assert "all runs in the folder" in sim.replay.__doc__


def test_a_replayed_run_tells_what_was_done_to_it():
    Path("done.toml").write_text(DESIGN + 'intervention = "bystander_training"\nintervention_begin = 7\n')
    allyship("sweep", "done.toml")
    line = next(line for line in allyship("replay", "done", "0").stdout.splitlines() if "done to it" in line)
    assert line.startswith("done to it: bystander_training (")
    assert "begin=7" in line
    assert "None" not in line and "[]" not in line


def test_a_run_that_comes_out_differently(monkeypatch):
    allyship("sweep", "small.toml")
    make_run = work.make_run

    def changed(*args, **about):
        return [row | {"ally_share": row["ally_share"] + 2**-40} for row in make_run(*args, **about)]

    monkeypatch.setattr(work, "make_run", changed)
    out = allyship("replay", "small", "0", code=1).stdout
    assert "NOT the same: 1 difference\n  ally_share: recorded " in out
    out = allyship("replay", "small", "--sample", "99", code=1).stdout
    lines = out.splitlines()
    assert len(lines) == 7
    assert all("ally_share: recorded" in line for line in lines[:6])
    assert lines[6] == "6 runs of 6 made again: 6 came out differently."


def test_some_runs_at_random():
    allyship("sweep", "small.toml")
    result = allyship("replay", "small", "--sample", "3", "--seed", "7")
    assert result.stdout == "3 runs of 6 made again: all the same, bit for bit.\n"


def test_every_value_of_a_ramp_is_made_again():
    Path("ramp.toml").write_text('replicates = 1\nnetwork_n_people = 60\n[ramp]\nparameter = "loyalty"\n'
                                 'values = [0.2, 0.8]\nhold = 5\n')  # fmt: skip
    assert "1 run of 1 point, 4 rows" in allyship("sweep", "ramp.toml").stdout
    out = allyship("replay", "ramp", "2").stdout
    assert "ramp: loyalty through 0.2, 0.8 and back" in out
    assert "place 3, down 0.2" in out


# --- how many replicates ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "plan", "words"),
    [
        (("--effect", "0.5"), (0.5,), "a t test of two points (two-sided, at the level 0.05)"),
        (("--effect", "-0.5", "--power", "0.9", "--alpha", "0.01"), (0.5, 0.01, 0.9), "asked for: 90 %"),
        (("--effect", "0.5", "--paired"), (0.5, 0.05, 0.8, True), "share their luck"),
        (("--shares", "0.3", "0.5"), ((0.3, 0.5), 0.05, 0.8, False, "share"), "Fisher's exact test"),
    ],
    ids=["means", "stricter", "pairs", "shares"],
)
def test_how_many_replicates(options, plan, words):
    names = ("effect", "alpha", "power", "paired", "kind")
    count = sim.plan_replicates(**dict(zip(names, plan, strict=False)))
    out = " ".join(allyship("replicates", *options).stdout.split())
    assert out.startswith(f"{count:,} replicates per point")
    assert f"replicates = {count}" in out
    assert words in out
    assert "It assumes" in out


# --- refusals ---------------------------------------------------------------------------------------------

SMALL = ("sweep", "small.toml")
REFUSED = [
    (("sweep",), ("DESIGN.toml is missing", "allyship sweep --template")),
    (("sweep", "smal.toml"), ("'smal.toml' does not exist", "did you mean 'small.toml'?")),
    (("sweep", "."), ("'.' is not an ordinary file",)),
    (("sweep", "--template", "small.toml"), ("DESIGN.toml does not go with --template",)),
    (("sweep", "--template", "--out", "x"), ("--out does not go with --template",)),
    ((*SMALL, "--quiet", "--json"), ("--quiet and --json exclude each other",)),
    ((*SMALL, "--dry-run", "--csv", "x.csv"), ("--csv does not go with --dry-run",)),
    ((*SMALL, "--workers", "0"), ("--workers = 0", "from 1 to")),
    ((*SMALL, "--chunk", "many"), ("--chunk", "'many'", "a whole number")),
    ((*SMALL, "--executor", "proceses"), ("--executor = 'proceses'", "did you mean 'processes'?")),
    ((*SMALL, "--record", "step"), ("--record: 'step'", "did you mean 'steps'?")),
    ((*SMALL, "--on-error", "ignore"), ("--on-error = 'ignore'", "continue, stop")),
    ((*SMALL, "--out", "small.toml"), ("'small.toml' is a file", "a sweep is kept in a folder")),
    ((*SMALL, "--out", "small.toml", "--dry-run"), ("'small.toml' is a file", "a sweep is kept in a folder")),
    ((*SMALL, "--out", "small.toml/x"), ("'small.toml/x' cannot be used",)),
    ((*SMALL, "--out", "small.toml/x", "--dry-run"), ("'small.toml/x' cannot be used",)),
    ((*SMALL, "--out", "."), ("'.' holds other things and no sweep", "a new or an empty folder")),
    ((*SMALL, "--out", ".", "--dry-run"), ("'.' holds other things and no sweep", "a new or an empty folder")),
    ((*SMALL, "--out", ""), ("--out = ''", "the name of a folder")),
    ((*SMALL, "--out", "a\0b"), (r"--out = 'a\x00b'", "the name of a folder")),
    ((*SMALL, "--out", "x" * 300), ("xxx", "File name too long")),
    ((*SMALL, "--out", "x" * 300, "--dry-run"), ("xxx", "File name too long")),
    ((*SMALL, "--csv", "small.toml"), ("--csv = 'small.toml' exists and is no table of runs",)),
    ((*SMALL, "--csv", "no/where.csv"), ("there is no folder 'no'",)),
    ((*SMALL, "--csv", "."), ("--csv = '.' is no ordinary file",)),
    ((*SMALL, "--csv", "-"), ("--csv = '-'", "the name of a file")),
    ((*SMALL, "--csv", "x" * 300), ("--csv = 'xxx", "File name too long")),
    (("replay", "nowhere", "0"), ("there is no sweep in 'nowhere'",)),
    (("replay", ".", "0"), ("there is no sweep in '.'",)),
    (("replay", "nowhere"), ("either ROW", "--sample")),
    (("replay", "nowhere", "1", "--sample", "2"), ("either ROW", "not both")),
    (("replay", "nowhere", "1", "--seed", "2"), ("--seed goes with --sample",)),
    (("replay", "nowhere", "--sample", "0"), ("--sample = 0", "from 1 to")),
    (("replicates",), ("--effect", "--shares", "not both")),
    (("replicates", "--effect", "1", "--shares", "0", "1"), ("--effect", "--shares", "not both")),
    (("replicates", "--shares", "0", "1", "--paired"), ("--paired goes with --effect",)),
    (("replicates", "--effect", "0"), ("effect = 0.0 is no effect",)),
    (("replicates", "--effect", "1e154"), ("effect = 1e+154 is out of range", "from -1e+100 to 1e+100")),
    (("replicates", "--effect", "nan"), ("--effect = nan", "finite")),
    (("replicates", "--effect", "1e-9"), ("too small", "10,000,000")),
    (("replicates", "--shares", "0.3", "2"), ("second share = 2", "from 0 to 1")),
    (("replicates", "--effect", "1", "--power", "1"), ("power = 1",)),
    (("replicates", "--effect", "1", "--alpha", "0"), ("alpha = 0",)),
]


def assert_refused(result, *fragments):
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    assert result.stderr[:-1].isprintable()
    assert result.stdout == ""
    for fragment in fragments:
        assert fragment in result.stderr


@pytest.mark.parametrize(("args", "fragments"), REFUSED, ids=lambda value: " ".join(value)[:50])
def test_a_command_line_that_cannot_be_used(args, fragments):
    before = everything()
    assert_refused(allyship(*args, code=2), *fragments)
    assert everything() == before
    assert sorted(os.listdir()) == ["failing.toml", "small.toml"]  # nothing is left behind


DESIGNS = [
    ("loyalti = 0.5", ("'loyalti'", "did you mean 'loyalty'?")),
    ("loyalty = []", ("loyalty is an empty list",)),
    ("loyalty = [0.5, nan]", ("loyalty = nan", "finite")),
    ("loyalty = [0.5, 2]", ("loyalty = 2", "from 0 to 1")),
    ("loyalty = {from = 0, to = 1}", ("'count'", "loyalty")),
    ("[network]\nn_people = [10, 50]\nmean_degree = 20", ("mean_degree = 20 is out of range", "at 1 of 2 points")),
    ("[network]\nfile = 'club.graphml'", ("'file' is no argument of a generator", "[networks.mine] with file")),
    ("loyalty = [0.5", ("not valid TOML",)),
    ("steps = 99999999999", ("steps = 99999999999", "from 0 to 1000000")),
    ("replicates = 6000000", ("replicates = 6000000",)),
    ("loyalty = {from=0, to=1, count=9999}\nimage = {from=0, to=1, count=9999}", ("999,800,010 runs", "5,000,000")),
    ("[network]\nfamily = 'smallworld'", ("'smallworld'", "did you mean 'small_world'?")),
    ("start = 'alied'", ("start = 'alied'", "did you mean 'allied'?")),
]


@pytest.mark.parametrize("option", [(), ("--dry-run",)], ids=["made", "dry"])
@pytest.mark.parametrize(("text", "fragments"), DESIGNS, ids=lambda value: str(value)[:40])
def test_a_design_that_cannot_be_used(text, fragments, option):
    text = text if "9999}" not in text else "replicates = 10\n" + text
    Path("bad.toml").write_text(text)
    before = everything()
    assert_refused(allyship("sweep", "bad.toml", *option, code=2), "design 'bad.toml'", *fragments)
    assert everything() == before
    assert not Path("bad").exists()


def test_a_folder_that_is_named_like_a_file_is_asked_for():
    Path("small").write_text("precious")
    assert_refused(allyship(*SMALL, code=2), "--out is missing", "'small'")
    assert Path("small").read_text() == "precious"


def test_a_row_that_is_not_there():
    allyship(*SMALL)
    for row, fragment in (("6", "row = 6 is out of range: it must be a whole number from 0 to 5"),
                          ("zz", "no run has a key that begins so")):  # fmt: skip
        assert_refused(allyship("replay", "small", row, code=2), fragment)
