"""Documents lead where they say, and the model card says what the results say."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
CARD = ROOT / "docs" / "model_card.md"
DOCUMENTS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
DOCUMENTS += [ROOT / name / "README.md" for name in ("experiments", "notebooks")]
DOCUMENTS += sorted((ROOT / "docs").rglob("*.md"))
LINKS = (
    r"\]\(<?([^)\s>]+)>?(?: [^)]*)?\)",  # [words](target), with or without a title
    r"^ {0,3}\[[^\]^]+\]:\s*<?([^\s>]+)>?",  # [name]: target
    r"<[^>]+\b(?:href|src)\s*=\s*[\"']?([^\"'\s>]+)",
)
NAMED = re.compile(r"\[([^\]\[]+)\]\[([^\]\[]*)\]")  # [words][name], or [name][]
PURPOSE = re.compile(r"^\| \[(\w+)\]\(\.\./experiments/README\.md#[\w-]+\) \| .+ \| (.+) \|$", re.MULTILINE)


def prose(file):
    """Return a document without its blocks of code."""
    return re.sub(r"^```.*?^```", "", file.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def anchors(file):
    """Return the anchors of the headings, made as GitHub makes them: a second of the same name is numbered.

    A page of the site that takes in another document (``{include}``) has its anchors as well.
    """
    taken_in = re.findall(r"^```+\{include\} (\S+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    found = {anchor for name in taken_in for anchor in anchors(file.parent / name)}
    for heading in re.findall(r"^#+ +(.+?) *$", prose(file), re.MULTILINE):
        words = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()
        slug = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        found.add(next(name for n in range(1000) if (name := f"{slug}-{n}" if n else slug) not in found))
    return found


def links(file):
    """Return the relative links of a document, in Markdown and in HTML, images included."""
    found = [link for pattern in LINKS for link in re.findall(pattern, prose(file), re.MULTILINE)]
    return [link for link in dict.fromkeys(found) if not re.match(r"[a-z]+:", link)]


def undefined(file):
    """Return the names in links such as [words][name] for which the document has no target."""
    text = re.sub(r"`[^`\n]*`|\$[^$]*\$", "", prose(file))
    targets = {name.lower() for name in re.findall(r"^ {0,3}\[([^\]^]+)\]:", text, re.MULTILINE)}
    return [name or words for words, name in NAMED.findall(text) if (name or words).lower() not in targets]


def broken(file, link):
    """Return what is wrong with a link, or nothing."""
    path, _, anchor = link.partition("#")
    target = (file.parent / path).resolve() if path else file
    if not target.exists():
        return f"{link}: no such file"
    if anchor and anchor not in anchors(target):
        return f"{link}: no such heading"
    return ""


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_a_heading(file):
    assert not [wrong for link in links(file) if (wrong := broken(file, link))]
    assert not undefined(file)


@pytest.mark.parametrize(
    ("text", "found", "names"),
    [
        ("[a](b.md) ![c](d.png 'title') [e](<f.md>) [g](https://h.i)", ["b.md", "d.png", "f.md"], []),
        ("[a][b] and [C][] and [d][e]\n\n[b]: one.md#two 'title'\n[c]: <three.md>", ["one.md#two", "three.md"], ["e"]),
        ("<a class=x href='a.md#b'>words</a> <img alt=\"\" src=\"c.png\"> <a href=d.md>e</a>",
         ["a.md#b", "c.png", "d.md"], []),
        ("[^1] says it.\n\n[^1]: no link\n\n`x[a][b]` and $y[a][b]$", [], []),
        ("```\n[a](b.md)\n[c][d]\n```\n", [], []),
    ],
)  # fmt: skip
def test_every_form_of_a_link_is_read(text, found, names, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    assert (links(page), undefined(page)) == (found, names)


def test_broken_links_and_headings_are_noticed(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# What it *is*: a test\n\n## Twice\n\n## Twice\n\n```\n# no heading\n```\n", encoding="utf-8")
    assert anchors(page) == {"what-it-is-a-test", "twice", "twice-1"}
    assert not broken(page, "#twice-1") and not broken(page, "page.md#what-it-is-a-test")
    assert broken(page, "#thrice") == "#thrice: no such heading"
    assert broken(page, "other.md") == "other.md: no such file"
    (tmp_path / "other.md").write_text("```{include} page.md\n```\n", encoding="utf-8")
    assert not broken(page, "other.md#twice") and broken(page, "other.md#thrice")


# === the model card =====================================================================================


def section(name):
    """Return what stands under a heading of the model card."""
    return re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", prose(CARD), re.DOTALL | re.MULTILINE)[1]


def test_every_experiment_has_a_purpose_that_is_not_prediction():
    rows = PURPOSE.findall(section("Purpose"))
    assert sorted(name for name, _ in rows) == sorted(file.stem for file in (ROOT / "experiments").glob("*.py"))
    assert all(purpose.startswith(("theoretical exploration", "illustration")) for _, purpose in rows)


def test_the_tables_of_the_model_card_are_those_of_the_results():
    text = CARD.read_text(encoding="utf-8")
    assert runpy.run_path(str(ROOT / "docs" / "make_card.py"))["filled"](text) == text


def patterns():
    return pd.read_csv(ROOT / "results" / "scoreboard" / "patterns.csv")


def test_every_row_that_does_not_hold_is_told_with_a_reason():
    reasons = section("How far it agrees with what was measured").partition("<!-- end of failing -->")[2]
    failing = patterns().query("verdict != 'holds'")["id"]
    assert [name for name in failing if not re.search(rf"\b{name}\b", reasons)] == []


def test_the_evaluation_counts_rows_as_the_scoreboard_does():
    kinds = patterns().groupby("kind")["verdict"]
    told = [f"{(verdicts == 'holds').sum()} of {len(verdicts)} {kind}" for kind, verdicts in kinds]
    text = " ".join((ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8").split())
    assert [words for words in told if not re.search(rf"\b{words}\b", text)] == []
