"""What the project says of itself agrees, wherever it says it."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

import sim

ROOT = Path(__file__).resolve().parents[2]


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


PROJECT = tomllib.loads(text("pyproject.toml"))["project"]
CFF = yaml.safe_load(text("CITATION.cff"))
CODEMETA = json.loads(text("codemeta.json"))
NEWEST, STATUS = re.search(r"^## (\S+) \((.+)\)$", text("CHANGELOG.md"), re.MULTILINE).groups()


def test_the_version_is_the_same_everywhere():
    assert sim.__version__ == CFF["version"] == CODEMETA["version"] == NEWEST


def test_a_date_of_release_stands_in_the_citation_and_the_changelog_or_in_neither():
    assert str(CFF.get("date-released", "unreleased")) == STATUS


def test_the_name_is_the_same_everywhere():
    assert PROJECT["name"] == CODEMETA["name"] == CFF["title"].partition(":")[0]


def test_the_description_is_the_same_everywhere():
    assert PROJECT["description"] == CODEMETA["description"] == CFF["abstract"]


def test_the_keywords_are_the_same_everywhere():
    assert PROJECT["keywords"] == CODEMETA["keywords"] == CFF["keywords"]


def test_the_licence_is_the_same_everywhere():
    assert PROJECT["license"] == CFF["license"] == CODEMETA["license"].rpartition("/")[2] == "MIT"
    assert text("LICENSE").startswith("MIT License\n")
    assert "WITHOUT WARRANTY OF ANY KIND" in text("LICENSE")


def test_the_authors_are_the_same_everywhere():
    names = [author["name"] for author in CFF["authors"]]
    assert names == [author["name"] for author in PROJECT["authors"]] == [one["name"] for one in CODEMETA["author"]]
    assert all(name.removeprefix("The ") in text("LICENSE") for name in names)


def test_the_required_python_is_the_same_everywhere():
    assert CODEMETA["runtimePlatform"] == f"Python {PROJECT['requires-python']}"
    oldest = PROJECT["requires-python"].removeprefix(">=")
    assert f"Programming Language :: Python :: {oldest}" in PROJECT["classifiers"]
    assert f"Python {oldest} or later" in text("README.md")


def test_the_citation_file_has_what_its_format_requires():
    assert CFF["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(CFF)
    assert CFF["type"] == "software"
    assert all(isinstance(CFF[name], str) for name in ("message", "title", "version", "license", "abstract"))


def test_the_citation_file_is_valid_by_its_schema():
    converter = pytest.importorskip("cffconvert", reason="cffconvert holds the schema; too old to be required")
    converter.Citation(text("CITATION.cff")).validate()
