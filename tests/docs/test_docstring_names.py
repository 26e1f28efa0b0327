"""A name that a docstring gives in full, as in `sim.sweeps.Design`, is the name of something."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAME = re.compile(r"(?<![`\w])`(sim(?:\.\w+)+)`(?!`)")


def docstrings(file: Path):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            yield ast.get_docstring(node) or ""


def named() -> list[str]:
    return sorted({name for file in (ROOT / "sim").rglob("*.py") for text in docstrings(file)
                   for name in NAME.findall(text)})  # fmt: skip


@pytest.mark.parametrize("name", named())
def test_the_name_leads_somewhere(name):
    thing = importlib.import_module("sim")
    for depth, part in enumerate(name.split(".")[1:], 2):
        if not hasattr(thing, part):
            importlib.import_module(".".join(name.split(".")[:depth]))
        thing = getattr(thing, part)
