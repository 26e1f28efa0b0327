"""The plan of the house, kept: who may import whom, and how heavy the front door is."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GROUND = {"checks", "compiled", "arithmetic", "counting"}  # tools that know nothing of the model
ARROWS = {
    "checks": set(),
    "compiled": set(),
    "arithmetic": set(),
    "counting": set(),
    "progress": GROUND,
    "manifest": GROUND,
    "streams": GROUND,
    "parameters": GROUND | {"plots"},
    "rules": GROUND,
    "networks": GROUND | {"plots", "streams"},
    "plots": GROUND | {"manifest", "rules", "outcomes"},
    "wide": GROUND,
    "gather": GROUND | {"rules", "signals", "wide"},
    "tallies": GROUND | {"rules", "gather"},
    "measures": GROUND | {"rules", "tallies"},
    "outcomes": GROUND | {"rules"},
    "signals": GROUND | {"rules"},
    "state": GROUND | {"rules", "streams", "parameters", "networks"},
    "effects": GROUND
    | {"engine", "interventions", "kernel", "measures", "networks", "outcomes", "parameters", "rules", "run", "state"}
    | {"streams", "sweeps", "gather", "signals", "tallies", "plots"},
    "interventions": GROUND | {"rules", "streams", "parameters", "networks", "state"},
    "kernel": GROUND | {"parameters", "rules", "streams", "signals", "gather", "tallies", "wide"},
    "engine": GROUND
    | {"interventions", "gather", "kernel", "measures", "tallies", "networks", "parameters", "state", "streams"}
    | {"signals", "wide"},
    "recording": GROUND | {"manifest", "state", "tallies"},
    "run": GROUND
    | {"interventions", "engine", "measures", "networks", "outcomes", "parameters", "plots", "recording", "state"}
    | {"streams"},
    "lanes": GROUND | {"engine", "parameters", "run", "streams", "wide"},
    "people": GROUND | {"rules", "streams"},
    "model": GROUND
    | {"interventions", "engine", "measures", "networks", "outcomes", "parameters", "people", "run", "state", "streams"}
    | {"recording", "tallies"},
    "patterns": GROUND
    | {"interventions", "measures", "networks", "outcomes", "parameters", "plots", "progress", "rules", "run"}
    | {"streams", "sweeps"},
    "verification": GROUND
    | {"classics", "engine", "interventions", "lanes", "measures", "model", "networks", "parameters", "progress"}
    | {"rules", "run", "state", "streams", "sweeps"},
    "study": GROUND | {"manifest", "parameters", "plots", "progress", "streams", "sweeps"},
    "nulls": GROUND | {"networks", "parameters"},
    "app": GROUND | {"explorer", "model", "parameters", "plots", "rules", "state"},
    "explorer": GROUND | {"interventions", "networks", "parameters", "plots", "rules"},
    "meanfield": GROUND | {"rules", "parameters", "state"},
    "classics": GROUND | {"networks", "streams"},
    "rivals": GROUND | {"networks", "parameters", "rules", "state", "streams"},
    "sweeps": GROUND
    | {"engine", "interventions", "lanes", "manifest", "measures", "networks", "nulls", "outcomes", "parameters"}
    | {"classics", "plots", "progress", "run", "state", "streams", "wide"},
}
FACES = {"__init__", "__main__", "cli"}  # may import anything


def module_of(file: Path) -> str:
    return file.relative_to(ROOT / "sim").parts[0].removesuffix(".py")


def imported(file: Path) -> set[str]:
    """Return the modules of the library that a file imports, wherever in the file it does so."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "sim":
            parts = node.module.split(".")
            found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names} - {"__version__"}
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("sim.")}
    return found


@pytest.mark.parametrize("file", sorted((ROOT / "sim").rglob("*.py")), ids=lambda f: str(f.relative_to(ROOT)))
def test_files_import_only_what_stands_below_them(file):
    module = module_of(file)
    if module in FACES:
        return
    assert module in ARROWS, f"{module} is new: give it a place in the plan of the house"
    assert imported(file) - {module} <= ARROWS[module]


@pytest.mark.parametrize("file", sorted((ROOT / "experiments").glob("*.py")), ids=lambda f: f.name)
def test_experiments_import_only_the_library(file):
    names = {path.stem for path in file.parent.glob("*.py")}
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom):
            assert node.module.split(".")[0] not in names
        elif isinstance(node, ast.Import):
            assert not {alias.name.split(".")[0] for alias in node.names} & names


@pytest.mark.parametrize("file", sorted((ROOT / "sim").rglob("*.py")), ids=lambda f: str(f.relative_to(ROOT)))
def test_randomness_comes_only_from_streams(file):
    text = file.read_text()
    assert "np.random.seed" not in text
    assert not re.search(r"^\s*(import|from) random\b", text, re.MULTILINE)
    if module_of(file) != "model":  # Mesa hands a generator over; a seed is drawn from it
        assert "np.random" not in text


def test_importing_the_library_loads_nothing_heavy():
    heavy = {"numpy", "numba", "pandas", "mesa", "matplotlib", "networkx"}
    code = f"import sys, sim; print(sorted({heavy} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_a_run_loads_neither_mesa_nor_matplotlib():
    code = (
        "import sys, sim; sim.simulate(steps=1).history;"
        "print(sorted({'mesa', 'matplotlib', 'networkx'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_an_unknown_name_is_refused_with_what_there_is():
    import sim

    with pytest.raises(AttributeError, match="simulate"):
        _ = sim.simulat
