"""What a page shows is run as its reader would: block by block, in one scratch folder, and must give what is shown.

A block is run by the language behind its fence:

- ``python``: all blocks of a page share one namespace;
- ``console``: lines ``$ allyship ...`` and ``$ python FILE ...``, with or without ``> FILE``;
- ``toml``: has to be readable;
- ``output``: has to be what the block before it printed;
- anything else (``text``, ``sh``, ...) is for reading.

A ``python`` or ``toml`` block whose first line is ``# NAME.py`` or ``# NAME.toml`` becomes that file; a script runs
when a console line says so.
"""

import contextlib
import io
import re
import runpy
import shlex
import sys
import tomllib
import warnings
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from sim.cli import main

RUNNABLE = ("python", "console", "toml", "output")
FENCE = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# ([\w./-]+\.(?:py|toml))\n")


class Snippet(NamedTuple):
    """A fenced block of a page."""

    language: str
    text: str
    line: int


def snippets_of(page: Path) -> list[Snippet]:
    """Return the fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [Snippet(*found.groups(), text.count("\n", 0, found.start()) + 1) for found in FENCE.finditer(text)]


def run_page(page: Path, languages=RUNNABLE) -> dict:
    """Run the blocks of a page in the current folder; return the names that its Python blocks leave behind."""
    names, printed = {"__name__": "page"}, ""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the karate club has weights, and says so
        for snippet in snippets_of(page):
            if snippet.language in languages:
                try:
                    printed = RUN[snippet.language](snippet.text, names, printed)
                except Exception as problem:
                    problem.add_note(f"in the {snippet.language} block at {page.name}:{snippet.line}")
                    raise
    return names


def _python(text: str, names: dict, _) -> str:
    code = compile(text, "snippet", "exec")
    if _kept(text):
        return ""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(code, names)
    return printed.getvalue()


def _toml(text: str, *_) -> str:
    tomllib.loads(text)
    _kept(text)
    return ""


def _console(text: str, *_) -> str:
    return "".join(_command(line[2:]) for line in text.splitlines() if line.startswith("$ "))


def _output(text: str, _, printed: str) -> str:
    assert _bare(printed) == _bare(text)
    return printed


RUN = {"python": _python, "console": _console, "toml": _toml, "output": _output}


def _bare(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def _kept(text: str) -> bool:
    """Write the block into the file that its first line names; return whether it names one."""
    named = FILE.match(text)
    if named:
        Path(named[1]).write_text(text, encoding="utf-8")
    return bool(named)


def _command(line: str) -> str:
    words = shlex.split(line, comments=True)
    words, into = (words[:-2], words[-1]) if words[-2:-1] == [">"] else (words, None)
    assert words[0] in PROGRAMS, f"{line}: only {' and '.join(PROGRAMS)} can be run here"
    printed = PROGRAMS[words[0]](words[1:])
    if into:
        Path(into).write_text(printed, encoding="utf-8")
    return "" if into else printed


def _allyship(words: list[str]) -> str:
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, f"allyship {shlex.join(words)}: {done.output}{done.exception!r}"
    return done.stdout


def _script(words: list[str]) -> str:
    before, sys.argv = sys.argv, words
    try:
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            runpy.run_path(words[0], run_name="__main__")
    except SystemExit as end:
        assert not end.code, f"python {shlex.join(words)} ended with {end.code}"
    finally:
        sys.argv = before
    return printed.getvalue()


PROGRAMS = {"allyship": _allyship, "python": _script}
