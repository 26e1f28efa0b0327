"""What the documentation shows works as shown: every page, block by block."""

from __future__ import annotations

from pathlib import Path

import pytest
from snippets import RUNNABLE, run_page, snippets_of

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = [page for page in sorted(DOCS.rglob("*.md")) if {one.language for one in snippets_of(page)} & set(RUNNABLE)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_the_snippets_of_a_page_run_one_after_the_other(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    run_page(page)


def page_of(folder, text):
    page = folder / "page.md"
    page.write_text(text)
    return page


@pytest.mark.parametrize("block", [
    "```python\n1 / 0\n```\n",
    "```python\n# never_run.py\nif:\n```\n",
    "```python\nprint(1)\n```\n\n```output\n2\n```\n",
    "```console\n$ allyship rum\n```\n",
    "```console\n$ rm -r everything\n```\n",
    "```toml\nsteps =\n```\n",
])  # fmt: skip
def test_a_snippet_that_does_not_work_is_found(block, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises((ArithmeticError, SyntaxError, AssertionError, ValueError)) as caught:
        run_page(page_of(tmp_path, f"# A page\n\n{block}"))
    assert "page.md:3" in caught.value.__notes__[0] or "page.md:7" in caught.value.__notes__[0]


def test_a_block_that_names_a_file_becomes_that_file_and_runs_when_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = page_of(tmp_path, "```python\n# one.py\nprint('once')\n```\n```console\n$ python one.py\n```\n"
                             "```output\nonce\n```\n```console\n$ allyship presets > list.txt\n```\n")  # fmt: skip
    run_page(page)
    assert "hollow" in (tmp_path / "list.txt").read_text()


def test_other_languages_are_only_for_reading(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run_page(page_of(tmp_path, "```text\n1 / 0\n```\n```sh\nfalse\n```\n")) == {"__name__": "page"}
