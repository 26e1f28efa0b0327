"""A verification in words: for a terminal, and as a page in Markdown."""

from __future__ import annotations

import textwrap

from sim.verification.verifying import Row, Verification

WIDTH = 100
QUICK = "A quick look with few cases; `allyship verify` takes all of them."
CLOSING = "Nothing here says that the theory is right, only that the model does what is promised of it."


def number(value: float) -> str:
    """Return a difference in few characters."""
    return f"{value:.3g}"


def terminal(made: Verification) -> str:
    """Return the sections with their rows, and what each of them shows."""
    lines = []
    for section in made.sections:
        lines += [f"{section.title} ({section.name})"]
        lines += [line for row in made.rows_in(section) for line in _told(row)]
        lines += [*_wrapped(f"Shows: {section.shows}"), *_wrapped(f"Does not show: {section.does_not_show}"), ""]
    return "\n".join([*lines, made.summary(), *([QUICK] if made.quick else []), CLOSING])


def _told(row: Row) -> list[str]:
    if row.cases:
        numbers = f"{row.differences} of {row.cases:,} differ; largest {number(row.largest_difference)} ({row.unit}), "
        numbers += f"allowed {number(row.allowed)}; {row.seconds:.1f} s"
    else:
        numbers = row.about
    lines = textwrap.wrap(row.what, WIDTH - 11)
    first = f"  {row.verdict:<7}  {lines[0]}"
    rest = [*lines[1:], numbers, *(textwrap.wrap(f"-> {row.about}", WIDTH - 11) if row.about and row.cases else [])]
    return [first, *(f"{'':11}{line}" for line in rest)]


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")


def markdown(made: Verification) -> str:
    """Return the page: what was verified, a table for each section, and what it does not show."""
    lines = ["# Verification", "", made.summary(), "",
             "Made by `allyship verify`, which anybody can repeat. A *case* is one comparison; it *differs* when it is "
             "farther apart than allowed. The *largest* difference is that of the case that comes nearest to what is "
             "allowed, or goes furthest beyond. Without tolerance, one different bit is a difference."]  # fmt: skip
    lines += ["", QUICK] if made.quick else []
    for section in made.sections:
        lines += ["", f"## {section.title}", "", f"*What this shows.* {section.shows}", "",
                  f"*What it does not show.* {section.does_not_show}", "",
                  "| checked | cases | differ | largest | allowed | tolerance, and why | seconds | verdict |",
                  "|---|---:|---:|---:|---:|---|---:|---|"]  # fmt: skip
        lines += [_row(row) for row in made.rows_in(section)]
    return "\n".join([*lines, "", CLOSING]) + "\n"


def _row(row: Row) -> str:
    verdict = f"{row.verdict}: {row.about}" if row.about else row.verdict
    largest, allowed = (number(row.largest_difference), number(row.allowed)) if row.cases else ("", "")
    cells = [row.what, f"{row.cases:,}", f"{row.differences:,}", f"{largest} ({row.unit})" if largest else "", allowed,
             f"{row.tolerance}. {row.why}", f"{row.seconds:.1f}", verdict]  # fmt: skip
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
