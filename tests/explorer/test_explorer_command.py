"""``allyship explorer``: writes the page, never over something else, and says in one line what cannot be done."""

from __future__ import annotations

import subprocess
import sys

from sim.explorer.page import MOST_BYTES, page


def allyship(*arguments, cwd):
    command = [sys.executable, "-m", "sim", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_it_writes_one_file_that_has_everything(tmp_path):
    result = allyship("explorer", "-o", "mine.html", cwd=tmp_path)
    assert result.returncode == 0 and "mine.html" in result.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["mine.html"]
    raw = (tmp_path / "mine.html").read_bytes()
    assert raw == page().encode() and len(raw) < MOST_BYTES


def test_it_replaces_nothing_unasked(tmp_path):
    (tmp_path / "explorer.html").write_text("something of mine")
    result = allyship("explorer", cwd=tmp_path)
    assert result.returncode == 2 and "--overwrite" in result.stderr
    assert (tmp_path / "explorer.html").read_text() == "something of mine"
    assert allyship("explorer", "--overwrite", cwd=tmp_path).returncode == 0
    assert (tmp_path / "explorer.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_what_cannot_be_written_is_told_in_one_line(tmp_path):
    for place in (tmp_path, tmp_path / "no" / "such" / "explorer.html"):
        result = allyship("explorer", "-o", place, cwd=tmp_path)
        assert result.returncode == 2 and result.stderr.startswith("error: ") and "Traceback" not in result.stderr
        assert len(result.stderr.splitlines()) == 1
