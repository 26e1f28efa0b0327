"""The files of sweeps build on each other in one direction."""

from __future__ import annotations

import ast
import graphlib
from pathlib import Path

import sim.sweeps

FOLDER = Path(sim.sweeps.__file__).parent


def imported(file: Path) -> set[str]:
    """Return the files of the folder that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "sim.sweeps":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sim.sweeps."):
            found.add(node.module.split(".")[2])
    return found & {path.stem for path in FOLDER.glob("*.py")}


def test_no_file_imports_one_that_imports_it():
    arrows = {file.stem: imported(file) for file in FOLDER.glob("*.py") if file.stem != "__init__"}
    assert arrows["design"] >= {"checking", "requests"}
    order = list(graphlib.TopologicalSorter(arrows).static_order())  # a CycleError names the circle
    assert order.index("requests") < order.index("design") < order.index("sweeping")
