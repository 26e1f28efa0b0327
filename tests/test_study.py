"""What every experiment does around its question: the same bytes again, an honest manifest, refusals in one line."""

import hashlib
import json
import math

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from sim import manifest, plots, study
from sim.sweeps import possible
from sim.sweeps.seeds import seeds_of

SMALL = {"n_people": 60, "steps": 20, "replicates": 3, "loyalty": [0.4, 0.8]}


def run(design, work):
    axes = {"loyalty": design["loyalty"], "steps": design["steps"], "network_n_people": design["n_people"]}
    table = work.sweep(axes, replicates=design["replicates"])
    doubles = work.each(lambda value: 2 * value, [3, 1, 2])
    assert work.each(math.sqrt, [9, 1, 4], executor="processes") == [3, 1, 2]
    return {"all_runs": table, "doubles": pd.DataFrame({"double": doubles})}


def draw(design, tables, seed):
    figure = plots.figure(3, 3)
    plots.lines(figure.subplots(), tables["all_runs"], x=("loyalty", "Loyalty"), looks=plots.looks_of(["ally_share"]))
    return {"example": figure}


def findings(design, tables):
    yield f"allies {study.per_cent(tables['all_runs']['ally_share'])}"


def program(tmp_path, full=SMALL, **changes):
    file = tmp_path / "experiments" / "example.py"
    about = {"question": "Why?", "prediction": "Because.", "full": full, "quick": SMALL | {"replicates": 2},
             "run": run, "draw": draw, "findings": findings}  # fmt: skip
    return study.command(file, **(about | changes))


def called(command, *words, code=0):
    result = CliRunner().invoke(command, words)
    assert result.exit_code == code, result.output
    return result.output


def test_the_same_request_gives_the_same_bytes_with_any_number_of_workers(tmp_path):
    command = program(tmp_path)
    for workers in ("1", "3"):
        out = called(command, "--workers", workers, "--out", tmp_path / workers)
        assert "- allies " in out and "draw no conclusions" not in out
        assert (tmp_path / workers / "findings.md").read_text() in out
    for name in ("all_runs.csv", "doubles.csv", "example.png", "findings.md"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "3" / name).read_bytes()
    assert pd.read_csv(tmp_path / "1" / "doubles.csv")["double"].tolist() == [6, 2, 4]
    assert not set(study.UNWRITTEN) & set(pd.read_csv(tmp_path / "1" / "all_runs.csv"))


def test_the_seed_is_the_root_of_the_seeds_of_all_runs(tmp_path):
    for seed in ("1", "5"):
        called(program(tmp_path), "--quick", "--seed", seed, "--out", tmp_path / seed)
        runs = pd.read_csv(tmp_path / seed / "all_runs.csv")
        found = runs[["network_seed", "start_seed", "seed"]].astype("uint64").to_numpy().tolist()
        assert found == [list(seeds_of(int(seed), replicate)) for replicate in runs["replicate"]]


def test_the_manifest_says_what_was_asked_predicted_and_made(tmp_path):
    called(program(tmp_path), "--quick", "--seed", "5")
    folder = tmp_path / "results" / "example" / "quick"
    written = json.loads((folder / "manifest.json").read_text())
    assert written["question"] == "Why?"
    assert written["settings"]["prediction"] == "Because."
    assert written["settings"]["design"]["replicates"] == 2
    assert written["settings"]["seed"] == 5
    files = {entry["file"]: entry["sha256"] for entry in written["outputs"]}
    assert set(files) == {"all_runs.csv", "doubles.csv", "example.png", "findings.md"}
    for name, digest in files.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def test_what_was_run_is_not_run_again(tmp_path, monkeypatch):
    command = program(tmp_path)
    called(command, "--out", tmp_path / "out")
    before = (tmp_path / "out" / "all_runs.csv").read_bytes()
    monkeypatch.setattr("sim.sweeps.work.make_run", None)  # nothing is left to make
    called(command, "--out", tmp_path / "out")
    assert (tmp_path / "out" / "all_runs.csv").read_bytes() == before


def test_an_interrupted_experiment_leaves_no_manifest_beside_files_that_are_not_its_own(tmp_path):
    called(program(tmp_path), "--out", tmp_path / "out")

    def broken(*_):
        raise RuntimeError("the pen broke")

    result = CliRunner().invoke(program(tmp_path, draw=broken), ["--out", str(tmp_path / "out")])
    assert isinstance(result.exception, RuntimeError)
    assert not (tmp_path / "out" / "manifest.json").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--seed", "-1"], "seed"),
        (["--workers", "0"], "workers"),
        (["--sed", "1"], "--seed"),
        (["--out", "{file}"], "--out"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(tmp_path, words, told):
    file = tmp_path / "a_file"
    file.write_text("")
    out = called(program(tmp_path), *(word.format(file=file) for word in words), code=2)
    assert told in out and "Traceback" not in out


def test_a_wrong_design_is_refused_before_anything_is_written(tmp_path):
    out = called(program(tmp_path, SMALL | {"loyalty": [0.4, 1.8]}), "--out", tmp_path / "out", code=2)
    assert "loyalty" in out and "1.8" in out
    assert not list((tmp_path / "out").glob("*.csv"))


def test_a_wrong_seed_makes_no_folder(tmp_path):
    assert "seed = -1" in called(program(tmp_path), "--seed", "-1", "--out", tmp_path / "out", code=2)
    assert not (tmp_path / "out").exists()


def test_failed_runs_of_all_sweeps_are_counted_on_stderr_and_left_out(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(possible, "_problem", lambda about: None)  # so that it is found out only in the run

    def two_sweeps(design, work):
        axes = {"network_n_people": 20, "steps": 2}
        return {f"{n}_ties": work.sweep(axes | {"network_mean_degree": [4, n]}, replicates=2) for n in (70, 80)}

    def nothing(design, tables):
        yield from ()

    command = program(tmp_path, run=two_sweeps, draw=lambda *_: {}, findings=nothing)
    command.main(["--out", str(tmp_path / "out")], standalone_mode=False)
    told = capsys.readouterr().err
    assert "4 runs failed and left out; the first: " in told and "mean_degree = 70" in told
    for name in ("70_ties", "80_ties"):
        assert pd.read_csv(tmp_path / "out" / f"{name}.csv")["network_mean_degree"].tolist() == [4, 4]


def test_intervals_are_students():
    values = [0.2, 0.4, 0.6, np.nan]
    middle, low, _ = study.interval(values)
    assert (middle, middle - low) == (pytest.approx(0.4), pytest.approx(4.3027 * 0.2 / 3**0.5, rel=1e-4))
    assert study.per_cent([0.2, 0.4, 0.6]) == "40 % (-10 to 90)"
    assert study.per_cent([0.01, 0.01, 0.01], points=True) == "+1.0 points (+1.0 to +1.0)"


def test_a_folder_without_a_name_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "must be the name of a folder" in called(program(tmp_path / "else"), "--quick", "--out", "", code=2)
    assert not any(tmp_path.iterdir())


def test_a_disk_that_is_full_at_a_figure_leaves_no_manifest_and_the_old_figure_whole(tmp_path, monkeypatch):
    command = program(tmp_path)
    called(command, "--quick", "--out", tmp_path / "out")
    before = (tmp_path / "out" / "example.png").read_bytes()
    write = manifest._write_part

    def full(part, path, content):
        if path.suffix == ".png":
            raise OSError(28, "No space left on device", str(path))
        write(part, path, content)

    monkeypatch.setattr(manifest, "_write_part", full)
    assert "No space left" in called(command, "--quick", "--seed", "2", "--out", tmp_path / "out", code=2)
    assert (tmp_path / "out" / "example.png").read_bytes() == before
    assert not (tmp_path / "out" / manifest.NAME).exists()
