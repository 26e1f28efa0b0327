"""What the README shows works as shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from snippets import run_page, snippets_of

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_python_snippets_run_one_after_the_other():
    names = run_page(ROOT / "README.md", languages=("python", "toml"))
    assert names["model"].history.equals(names["run"].history.head(21))
    assert names["network"].n_people == 34


def test_the_first_two_commands_are_for_a_fresh_machine():
    blocks = [snippet.text for snippet in snippets_of(ROOT / "README.md") if snippet.language == "sh"]
    assert len(blocks) == 2
    assert "experiments/spread_or_collapse.py" in blocks[0]
    assert "pytest" in blocks[1]
    assert all(block.startswith("python3 -m venv") for block in blocks)


@pytest.mark.parametrize("path", re.findall(r"\]\(([^)#:]+)\)", README))
def test_links_lead_somewhere(path):
    assert (ROOT / path).exists()


def test_the_map_of_the_house_is_complete():
    shown = set(re.findall(r"^ {6}([a-z_]+(?:\.py|/))", README, re.MULTILINE))
    there = {p.name + "/" * p.is_dir() for p in (ROOT / "sim").iterdir() if not p.name.startswith("__")}
    assert shown == there


def test_nothing_is_left_to_be_filled_in():
    assert not re.findall(r"PLACEHOLDER|TODO|XXX", README)
