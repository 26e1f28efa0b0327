"""The cache of compiled code can only save time: it is never stale, and nothing that happens to it changes a result."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest

import sim
from sim import compiled as module
from sim import kernel
from sim.compiled import cache_folder, compiled

HOME = Path(sim.__file__).resolve().parent
NETWORK = "sim.networks.from_edges([(0, 1), (1, 2), (2, 3), (3, 0), (0, 2)], [False, False, True, False])"

# The start of a run: one small kernel. Prints every bit of the state.
FIRST_STATE = f"""
import sim
from sim.state import first_state
state = first_state(sim.Parameters(), {NETWORK}, start_seed=1)
print([getattr(state, name).tolist() for name in sim.state.FIELDS])
"""

# A whole run in compiled code, and the same run in plain Python, which has no cache that could be stale.
BOTH_ENGINES = f"""
import sim
settings = {{"parameters": sim.Parameters(revise=1.0), "network": {NETWORK}, "start": 0.5}}
run, model = sim.simulate(**settings, steps=3, seed=1), sim.AllyshipModel(**settings, rng=1)
model.run_for(3)
assert run.state == model.state, "the engines differ"
print([getattr(run.state, name).tolist() for name in sim.state.FIELDS])
"""


# === in fresh processes =================================================================================


@pytest.fixture
def package(tmp_path):
    """A copy of the package that may be changed, with nothing compiled yet."""
    return copied_package(tmp_path / "copy")


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A cache with the kernels that the first state needs, and that state."""
    folder = tmp_path_factory.mktemp("filled")
    return folder / "cache", answer(FIRST_STATE, copied_package(folder / "copy"), folder / "cache")


@pytest.fixture
def cache(filled, tmp_path):
    """A copy of that cache: it belongs to sources, not to a place."""
    return Path(shutil.copytree(filled[0], tmp_path / "cache"))


def copied_package(folder):
    shutil.copytree(HOME, folder / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def started(script, package, cache, **environment):
    places = {"PYTHONPATH": str(package), "ALLYSHIP_CACHE": str(cache)} | environment
    check = f"import sim; assert sim.__file__.startswith({str(package)!r}), sim.__file__"
    return subprocess.Popen(
        [sys.executable, "-c", check + script], env=os.environ | places, cwd=package, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def answer_of(process):
    out, errors = process.communicate(timeout=240)
    assert process.returncode == 0, errors
    return out


def answer(*arguments, **environment):
    return answer_of(started(*arguments, **environment))


def change(package, file, old, new):
    path = package / "sim" / file
    source = path.read_text(encoding="utf-8")
    assert source.count(old) == 1
    path.write_text(source.replace(old, new), encoding="utf-8")


@pytest.mark.slow
def test_a_changed_rule_takes_effect_at_once(package, tmp_path):
    cache = tmp_path / "cache"
    before = answer(BOTH_ENGINES, package, cache)
    change(package, "rules.py", "source = p.stigma_transfer * ", "source = 1.5 * p.stigma_transfer * ")
    assert answer(BOTH_ENGINES, package, cache) != before  # and the script compares with plain Python


@pytest.mark.slow
def test_a_change_gives_what_a_cold_cache_gives_and_undone_the_old_result(package, cache, filled, tmp_path):
    rule = ("rules.py", "mean + spread * normal_quantile", "mean + 1.5 * spread * normal_quantile")
    change(package, *rule)
    changed = answer(FIRST_STATE, package, cache)
    assert changed != filled[1]
    assert changed == answer(FIRST_STATE, package, tmp_path / "another cache")
    change(package, rule[0], rule[2], rule[1])
    assert answer(FIRST_STATE, package, cache) == filled[1]


@pytest.mark.slow
def test_knobs_may_be_declared_in_another_order(package, cache, filled):
    path = package / "sim" / "parameters.py"
    source = path.read_text(encoding="utf-8")
    first, second, rest = map(source.index, ("    trust: float", "    trust_spread: float", "    # --- stigma"))
    moved = source[:first] + source[second:rest] + source[first:second] + source[rest:]
    path.write_text(moved, encoding="utf-8")
    assert answer(FIRST_STATE, package, cache) == filled[1]


def truncated(content):
    return content[: len(content) // 2]


def scrambled(content):
    return np.random.default_rng(1).bytes(len(content))


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "damage"), [("nbi", scrambled), ("nbc", truncated), ("nbc", scrambled)])
def test_a_damaged_cache_is_survived_and_mended(package, cache, filled, kind, damage):
    files = list(cache.glob(f"*.{kind}"))
    assert files
    for file in files:
        file.write_bytes(damage(file.read_bytes()))
    assert answer(FIRST_STATE, package, cache) == filled[1]
    ages = ages_in(cache)
    assert answer(FIRST_STATE, package, cache) == filled[1]
    assert ages_in(cache) == ages


@pytest.mark.slow
def test_a_second_process_compiles_nothing(package, cache, filled):
    ages = ages_in(cache)
    assert answer(FIRST_STATE, package, cache) == filled[1]
    assert ages_in(cache) == ages


def ages_in(folder):
    """When each file was last written: nothing is written unless something is compiled."""
    return {file: file.stat().st_mtime_ns for file in folder.iterdir()}


@pytest.mark.slow
def test_two_processes_may_fill_an_empty_cache_at_once(package, filled, tmp_path):
    pair = [started(FIRST_STATE, package, tmp_path / "empty") for _ in range(2)]
    assert [answer_of(process) for process in pair] == [filled[1]] * 2
    assert answer(FIRST_STATE, package, tmp_path / "empty") == filled[1]


@pytest.mark.slow
def test_a_cache_that_cannot_be_a_folder_is_passed_over(package, tmp_path):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    answer(FIRST_STATE, package, tmp_path / "file" / "cache")
    assert list((package / "sim" / "__pycache__" / "kernels").glob("*.nbc"))
    assert (tmp_path / "file").read_text(encoding="utf-8") == "not a folder"


# === in this process ====================================================================================


def twice(x):
    return 2.0 * x


@pytest.fixture
def elsewhere(monkeypatch, tmp_path):
    """A package folder, user cache and folder for temporary files that are all files, so that no cache can be kept."""
    blocked = tmp_path / "blocked"
    blocked.write_text("a file", encoding="utf-8")
    for name in ("ALLYSHIP_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(blocked / name))
    monkeypatch.setattr(module, "_HOME", blocked)
    monkeypatch.setattr(module.tempfile, "gettempdir", lambda: str(blocked))
    return tmp_path


def test_without_any_folder_to_write_to_code_is_compiled_all_the_same(elsewhere, monkeypatch):
    assert cache_folder.__wrapped__() is None
    monkeypatch.setattr(module, "cache_folder", lambda: None)
    assert compiled(twice)(21.0) == 42.0


def test_the_folder_asked_for_is_used_and_made(elsewhere, monkeypatch):
    asked = elsewhere / "new" / "cache"
    monkeypatch.setenv("ALLYSHIP_CACHE", str(asked))
    assert cache_folder.__wrapped__() == asked
    assert asked.is_dir()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="no owners here")
def test_code_is_never_loaded_from_a_folder_of_somebody_else(elsewhere, monkeypatch):
    monkeypatch.setenv("ALLYSHIP_CACHE", str(elsewhere / "theirs"))
    monkeypatch.setattr(module.os, "getuid", lambda: os.stat(elsewhere).st_uid + 1)
    assert cache_folder.__wrapped__() is None


def test_a_folder_that_may_not_be_written_is_passed_over(elsewhere, monkeypatch):
    def forbidden(dir):
        raise PermissionError(dir)

    monkeypatch.setenv("ALLYSHIP_CACHE", str(elsewhere / "read only"))
    monkeypatch.setattr(module.tempfile, "TemporaryFile", forbidden)
    assert cache_folder.__wrapped__() is None


def test_a_folder_that_vanishes_is_survived(monkeypatch, tmp_path):
    folder = tmp_path / "cache"
    folder.mkdir()
    monkeypatch.setattr(module, "cache_folder", lambda: folder)
    double = compiled(twice)
    shutil.rmtree(folder)
    folder.write_text("in the way", encoding="utf-8")
    assert double(21.0) == 42.0


@pytest.mark.parametrize("fastmath", [True, {"contract"}])
def test_fastmath_is_refused(fastmath):
    with pytest.raises(ValueError, match="fastmath"):
        compiled(twice, fastmath=fastmath)
    with pytest.raises(ValueError, match="fastmath"):
        compiled(fastmath=fastmath)


def test_no_compiled_code_of_the_package_is_fastmath():
    kernels = [value for value in vars(kernel).values() if isinstance(value, numba.core.registry.CPUDispatcher)]
    assert len(kernels) >= 5
    assert not any(item.targetoptions.get("fastmath") for item in kernels)


def compiles(file):
    """Whether a source file holds code that is compiled, or that compiled code is built from."""
    words = {node.id for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Name)}
    return bool(words & {"compiled", "register_jitable", "overload", "intrinsic"})


def test_every_file_that_holds_compiled_code_is_among_the_sources_it_is_cached_against():
    places = [HOME / name for name in module._SOURCES]
    sources = {file for place in places for file in (place.rglob("*.py") if place.is_dir() else [place])}
    assert {file.name for file in HOME.rglob("*.py") if compiles(file) and file not in sources} == set()
    assert all(file.exists() for file in sources)
