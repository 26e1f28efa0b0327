"""The experiments in their quick versions: tables as designed, an honest manifest, the same bytes on any machine."""

import hashlib
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "experiments" / "spread_or_collapse.py"
NETWORKS, PATHS = 2, 2

PEOPLE = "".join(f'<node id="p{i}"><data key="g">{"a" if i % 3 else "b"}</data></node>' for i in range(30))
TIES = "".join(f'<edge source="p{i}" target="p{(i + hop) % 30}"/>' for i in range(30) for hop in (1, 2, 5))
GRAPHML = (
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><key id="g" for="node" attr.name="club" '
    f'attr.type="string"/><graph edgedefault="undirected">{PEOPLE}{TIES}</graph></graphml>'
)


def experiment(*words, code=0):
    done = subprocess.run([sys.executable, SCRIPT, "--quick", *words], capture_output=True, text=True, timeout=300)
    assert done.returncode == code, done.stderr
    return done


@pytest.fixture(scope="module")
def design():
    spec = importlib.util.spec_from_file_location("spread_or_collapse", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.QUICK | {"loops": len(module.LOOPS), "controls": len(module.WITHOUT), "starts": len(module.STARTS)}


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    file = tmp_path_factory.mktemp("network") / "club.graphml"
    file.write_text(GRAPHML)
    return ("--network", str(file), "--group", "club", "--marginalized", "b")


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    folder = tmp_path_factory.mktemp("quick")
    return folder, experiment("--workers", "1", "--out", folder)


@pytest.fixture(scope="module")
def own(tmp_path_factory, network):
    folder = tmp_path_factory.mktemp("own")
    return folder, experiment("--workers", "3", "--out", folder, *network)


def test_tables_have_one_row_per_run_and_point_as_designed(quick, design):
    folder, _ = quick
    points = len(design["stigma_transfer"]) * len(design["loyalty"]) + len(design["between"])
    points *= NETWORKS * design["starts"]
    without = len(design["without"]) * design["controls"]
    places = NETWORKS * PATHS * design["loops"] * 2 * len(design["loop"])
    tables = {file.stem: pd.read_csv(file) for file in folder.glob("*.csv")}
    for of_runs, of_points, expected in (
        ("runs", "points", points), ("loop_runs", "loops", places), ("without_runs", "without", without),
    ):  # fmt: skip
        assert len(tables[of_runs]) == expected * design["replicates"]
        assert len(tables[of_points]) == expected
        assert (tables[of_points]["runs"] == design["replicates"]).all()
        assert tables[of_runs]["seed"].notna().all()
        assert tables[of_runs]["ally_share"].between(0, 1).all()
    assert (tables["detours"]["pairs"] == design["replicates"]).all()


def test_without_a_detour_stigma_transfer_never_moves(quick, design):
    runs = pd.read_csv(quick[0] / "loop_runs.csv")
    assert set(runs.loc[runs["path"] == "stay", "stigma_transfer"]) == {design["loop"][0]}
    assert set(runs.loc[runs["path"] == "detour", "stigma_transfer"]) == set(design["loop"])
    first = runs[runs["place"] == 0].set_index(["network", "speed", "replicate", "path"])["ally_share"].unstack()
    assert (first["detour"] == first["stay"]).all()  # the same replicates


def test_the_manifest_names_every_output_with_its_digest(quick, own):
    for folder, _ in (quick, own):
        manifest = json.loads((folder / "manifest.json").read_text())
        told = {entry["file"]: entry["sha256"] for entry in manifest["outputs"]}
        there = {file.name for file in folder.iterdir()} - {"manifest.json", "runs"}
        assert {Path(name).name for name in told} == there
        for name, digest in told.items():
            assert hashlib.sha256((folder / Path(name).name).read_bytes()).hexdigest() == digest


def test_workers_change_no_byte_and_the_comparison_is_the_same_for_every_network(quick, own):
    one, three = ((folder / "points.csv").read_text().splitlines() for folder, _ in (quick, own))
    generated = [line for line in one if line.startswith("generated")]
    assert generated == [line for line in three if line.startswith("generated")]
    assert (quick[0] / "without.csv").read_bytes() == (own[0] / "without.csv").read_bytes()


def test_the_same_request_gives_the_same_bytes_with_other_workers(quick, tmp_path):
    experiment("--workers", "3", "--out", tmp_path)
    for name in ("points.csv", "loops.csv", "runs.csv", "spread_or_collapse.png"):
        assert (tmp_path / name).read_bytes() == (quick[0] / name).read_bytes()


def test_a_network_of_ones_own(own):
    folder, done = own
    assert "a generated network is run as well" in done.stderr
    assert "Club (30 people, 10 in the marginalized role: club b)" in done.stdout
    assert set(pd.read_csv(folder / "points.csv")["network"]) == {"generated", "real"}


def refusal(*words):
    message = experiment(*words, code=2).stderr.strip().splitlines()
    assert message[-1].startswith("Error: ")
    assert not any("Traceback" in line for line in message)
    return message[-1]


def test_results_from_another_network_are_not_overwritten(quick, network):
    before = (quick[0] / "manifest.json").read_bytes()
    assert "--out" in refusal("--out", quick[0], *network)
    assert (quick[0] / "manifest.json").read_bytes() == before


def test_a_wrong_attribute_is_refused_in_one_line(network, tmp_path):
    wrong = [word.replace("club", "klub") if word == "club" else word for word in network]
    done = experiment("--out", tmp_path, *wrong, code=2)
    assert len(done.stderr.strip().splitlines()) == 1
    assert "klub" in done.stderr and "Traceback" not in done.stderr
    assert not done.stdout
