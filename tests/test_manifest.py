"""The manifest: what it says, what it keeps to itself, and what it refuses."""

import hashlib
import json
import os
import subprocess
import sys
from datetime import datetime

import numpy as np
import pytest

from sim import InputError, __version__, manifest

QUESTION = "Does it tip?"


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path, monkeypatch):
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)


def written(**changes):
    return manifest.write("out", **({"question": QUESTION, "settings": {"seed": 1}} | changes))


def test_settings_come_back_to_the_last_bit():
    settings = {
        "seed": 2**64 - 1, "share": 0.1 + 0.2, "tiny": 5e-324, "name": "τ\ud800", "none": None, "yes": True,
        "list": [1, [2.5]], "map": {"a": {}},
    }  # fmt: skip
    assert manifest.read(written(settings=settings))["settings"] == settings


def test_numpy_values_become_plain_ones():
    settings = {"a": np.float64(0.1), "b": np.int64(3), "c": np.arange(3), "d": np.bool_(True), "e": (1, 2)}
    plain = {"a": 0.1, "b": 3, "c": [0, 1, 2], "d": True, "e": [1, 2]}
    assert manifest.read(written(settings=settings))["settings"] == plain


def test_it_says_what_it_was_made_with():
    content = manifest.read(written())
    assert content["question"] == QUESTION
    assert content["package"] == {"name": "allyship-sim", "version": __version__}
    assert content["versions"]["python"] == ".".join(map(str, sys.version_info[:3]))
    assert content["versions"]["numpy"] == np.__version__
    assert set(content["versions"]) == {"python", "numpy", "numba", "networkx", "mesa", "pandas", "matplotlib"}
    assert datetime.fromisoformat(content["date"]).utcoffset().total_seconds() == 0


def test_a_library_that_is_missing_is_none(monkeypatch):
    monkeypatch.setattr(manifest, "LIBRARIES", ("no-such-library",))
    assert manifest.versions()["no-such-library"] is None


def test_files_are_recorded_with_their_digest(tmp_path):
    manifest.write_whole("in.txt", "hello\n")
    os.mkdir("out")
    manifest.write_whole("out/table.csv", b"\x00\xff")
    content = manifest.read(written(inputs=["in.txt"], outputs=[tmp_path / "out" / "table.csv"]))
    assert content["inputs"] == [{"file": "in.txt", "sha256": hashlib.sha256(b"hello\n").hexdigest()}]
    assert content["outputs"] == [{"file": "table.csv", "sha256": hashlib.sha256(b"\x00\xff").hexdigest()}]


def test_digest_of_is_the_digest_of_what_is_written():
    path = manifest.write_whole("x", "τ\ud800\r\n")
    assert manifest.digest_of("τ\ud800\r\n") == manifest.sha256_of(path)
    assert path.read_bytes() == "τ".encode() + b"\\ud800\r\n"


def test_nothing_tells_whose_machine_it_was(tmp_path, monkeypatch):
    outside = tmp_path.parent / "secret-place" / "data.csv"
    outside.parent.mkdir(exist_ok=True)
    outside.write_text("1")
    monkeypatch.setattr(
        sys, "argv",
        [str(outside.parent / "program"), f"--out={tmp_path}/out", str(tmp_path / "a" / "b"), f"--in={outside}",
         "../secret-place/x", "loyalty=0.5", "plain"],
    )  # fmt: skip
    path = written(inputs=[outside])
    text = path.read_text()
    assert manifest.read(path)["command"] == [
        "program",
        "--out=out",
        "a/b",
        "--in=data.csv",
        "x",
        "loyalty=0.5",
        "plain",
    ]
    assert "secret-place" not in text
    assert str(tmp_path.parent) not in text


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"a": float("nan")}, "settings.a = nan"),
        ({"a": [1, float("inf")]}, "settings.a[1] = inf"),
        ({"a": {"b": {1, 2}}}, "settings.a.b = {1, 2}"),
        ({"a": {1: 2}}, "settings.a: name 1 must be a text"),
        ({"a": b"x"}, "settings.a = b'x'"),
        ({"a": np.array([np.nan])}, "settings.a[0] = nan"),
        ([1], "settings must be a mapping"),
        (None, "settings must be a mapping"),
    ],
)
def test_what_json_cannot_hold_is_refused_with_its_place(settings, message):
    with pytest.raises(InputError) as problem:
        written(settings=settings)
    assert message in str(problem.value)
    assert not os.path.exists("out/manifest.json")


def test_settings_that_never_end_are_refused():
    endless = {}
    endless["more"] = endless
    with pytest.raises(InputError, match="nested too deeply"):
        written(settings=endless)


@pytest.mark.parametrize("files", ["one.txt", ["nowhere.txt"], ["."], [3]])
def test_files_that_are_none_are_refused(files):
    with pytest.raises(InputError, match="inputs"):
        written(inputs=files)


def test_a_failing_disk_leaves_the_old_manifest_whole(monkeypatch):
    path = written(settings={"seed": 1})
    before = path.read_bytes()

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        written(settings={"seed": 2})
    assert path.read_bytes() == before
    assert os.listdir("out") == ["manifest.json"]


def git(*words):
    subprocess.run(["git", *words], check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """Let the package sit in a new git checkout."""
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").write_text("")
    monkeypatch.setattr(manifest, "__file__", str(tmp_path / "package" / "manifest.py"))
    git("init", "-q")
    return tmp_path


def commit():
    git("add", "package")
    git("-c", "user.name=n", "-c", "user.email=e@example.org", "commit", "-qm", "x")


def test_git_commit_and_changes(checkout):
    commit()
    head = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
    assert manifest.read(written())["git"] == {"commit": head, "is_dirty": False}
    (checkout / "package" / "new.py").write_text("")
    assert manifest.read(written())["git"] == {"commit": head, "is_dirty": True}


def test_another_projects_checkout_around_the_package_is_not_ours(checkout):
    (checkout / "other").write_text("")
    git("add", "other")
    git("-c", "user.name=n", "-c", "user.email=e@example.org", "commit", "-qm", "x")
    assert manifest.read(written())["git"] is None


def test_without_git_there_is_no_commit_and_no_failure(checkout, monkeypatch):
    commit()
    monkeypatch.setenv("PATH", "")
    assert manifest.read(written())["git"] is None


def test_outside_of_a_checkout_there_is_no_commit(tmp_path, monkeypatch):
    monkeypatch.setattr(manifest, "__file__", str(tmp_path / "package" / "manifest.py"))
    assert manifest.read(written())["git"] is None


def test_reading_takes_the_folder_too():
    path = written()
    assert manifest.read("out") == manifest.read(path)


GOOD_ENTRY = {"file": "a.csv", "sha256": "0" * 64}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"schema": "other"}, "schema = 'other'"),
        ({"schema_version": 2}, "schema_version = 2"),
        ({"schema_version": True}, "schema_version = True"),
        ({"settings": []}, "settings = [] must be a mapping"),
        ({"question": 1}, "question = 1 must be a text"),
        ({"versions": None}, "versions = None must be a mapping"),
        ({"command": "x"}, "command = 'x' must be a list"),
        ({"outputs": {}}, "outputs = {} must be a list"),
        ({"outputs": ["a.csv"]}, "outputs holds 'a.csv'"),
        ({"inputs": [{"file": "a.csv"}]}, "inputs holds {'file': 'a.csv'}"),
        ({"outputs": [GOOD_ENTRY | {"file": "/etc/passwd"}]}, "file = '/etc/passwd'"),
        ({"outputs": [GOOD_ENTRY | {"file": "a/../../b"}]}, "file = 'a/../../b'"),
        ({"outputs": [GOOD_ENTRY | {"sha256": "0" * 63}]}, "64 hexadecimal digits"),
        ({"outputs": [GOOD_ENTRY | {"sha256": "G" * 64}]}, "64 hexadecimal digits"),
    ],
)
def test_a_manifest_with_wrong_content_is_refused(changes, message):
    path = written()
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    with pytest.raises(InputError) as problem:
        manifest.read(path)
    assert message in str(problem.value)
    assert "out/manifest.json" in str(problem.value)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "not valid JSON"),
        (b"\xff\xfe", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b"[" * 200_000, "not valid JSON"),
        (b"1" * 5000, "not valid JSON"),
        (b"[1]", "schema = [1]"),
        (b'{"a": 1, "a": 2}', "'a' is given twice"),
        (b'{"a": NaN}', "NaN"),
        (b'"' + b"x" * 17_000_000 + b'"', "too long"),
    ],
)
def test_a_file_that_is_no_manifest_is_refused(tmp_path, raw, message):
    (tmp_path / "m.json").write_bytes(raw)
    with pytest.raises(InputError) as problem:
        manifest.read("m.json")
    assert message in str(problem.value)


@pytest.mark.parametrize("path", ["nowhere", "a\0b", "", None, 3])
def test_a_path_to_nothing_is_refused(path):
    with pytest.raises(InputError, match="manifest"):
        manifest.read(path)


def test_importing_it_is_light():
    heavy = "{'numpy', 'numba', 'pandas', 'networkx', 'matplotlib', 'mesa'}"
    code = f"import sys, sim.manifest; print(sorted({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_files_are_written_with_their_manifest():
    os.mkdir("out")
    manifest.write_whole("out/old.csv", "old")
    contents = {"a.csv": "τ\n", "b.bin": b"\x00"}
    manifest.write_with("out", contents, question=QUESTION, settings={}, obsolete=["old.csv", "never.csv"])
    assert sorted(os.listdir("out")) == ["a.csv", "b.bin", "manifest.json"]
    digests = {entry["file"]: entry["sha256"] for entry in manifest.read("out")["outputs"]}
    assert digests == {name: manifest.sha256_of(f"out/{name}") for name in contents}


@pytest.mark.parametrize("fails_at", range(1, 4))
def test_until_all_is_written_nothing_is_touched(monkeypatch, fails_at):
    manifest.write_with("out", {"a": "1", "b": "2", "c": "3"}, question=QUESTION, settings={})
    before = {name: manifest.sha256_of(f"out/{name}") for name in os.listdir("out")}
    calls = []

    def full(_):
        calls.append(1)
        if len(calls) == fails_at:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left") as caught:
        manifest.write_with("out", {"a": "4", "b": "5"}, question="New?", settings={}, obsolete=["c"])
    assert caught.value.filename == os.path.join("out", ["a", "b", "manifest.json"][fails_at - 1])
    assert {name: manifest.sha256_of(f"out/{name}") for name in os.listdir("out")} == before
