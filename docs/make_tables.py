"""Rewrite the tables of docs/odd.md from the code and from the committed results.

python docs/make_tables.py           # rewrite
python docs/make_tables.py --check   # only compare: ends with an error if the tables are not those of the code

A table stands between ``<!-- table: NAME -->`` and ``<!-- end -->``, NAME being a key of `TABLES`.
"""

from __future__ import annotations

import argparse
import ast
import csv
import inspect
import math
import re
import sys
import textwrap
from pathlib import Path

from sim import nulls, outcomes, people, rules, state, streams
from sim.interventions import CATALOGUE
from sim.measures import COLUMNS, RANGES
from sim.parameters import KNOBS, presets
from sim.tallies import tally_advantaged

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "odd.md"
MARKED = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def table(head: str, rows) -> str:
    """Return a Markdown table; `head` names the columns, separated by bars."""
    names = head.split("|")
    lines = [names, ["---"] * len(names), *rows]
    return "".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def rows_of(path: str) -> list[dict]:
    """Return the rows of a committed table of results."""
    with (ROOT / "results" / path).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def between(low: float, high: float) -> str:
    """Return a range in words."""
    return f"{low:g} or more" if math.isinf(high) else f"{low:g} to {high:g}"


# === people and parameters ==============================================================================


def variables() -> str:
    """Return the table of state variables."""
    rows = ((f"`{v.name}`", v.symbol, v.group, v.meaning, between(v.low, v.high), v.changes) for v in state.VARIABLES)
    return table("name|symbol|group|meaning|range|changes", rows)


def parameters() -> str:
    """Return the table of knobs, with what the sensitivity analysis found about each."""
    verdicts = {row["parameter"]: row["verdict"] for row in rows_of("sensitivity/verdicts.csv")}
    rows = (
        (f"`{k.name}`", k.symbol, k.meaning, k.default, "" if k.is_switch else between(k.low, k.high),
         "" if k.is_switch else between(k.usual_low, k.usual_high), k.source, verdicts.get(k.name, "not varied"))
        for k in KNOBS
    )  # fmt: skip
    return table("name|symbol|meaning|default|allowed|usual|source|sensitivity", rows)


def preset_table() -> str:
    """Return the table of presets."""
    def changed(one):
        return ", ".join(f"`{name}` {value:g}" for name, value in one.parameters.changes().items())

    return table("preset|what it shows|what differs from the default",
                 ((f"`{name}`", one.sentence, changed(one)) for name, one in presets().items()))  # fmt: skip


# === processes ==========================================================================================


def body_of(function) -> ast.AST:
    """Return the syntax tree of a function or method."""
    return ast.parse(textwrap.dedent(inspect.getsource(getattr(function, "py_func", function))))


def rules_called(function) -> list[str]:
    """Return the rules that a function calls, directly and through other rules, in the order of their first call."""
    found = []
    for name in sorted_calls(body_of(function)):
        if inspect.getmodule(getattr(rules, name)) is rules and not inspect.isclass(getattr(rules, name)):
            found += [name, *(inner for inner in rules_called(getattr(rules, name)) if inner != name)]
    return list(dict.fromkeys(found))


def sorted_calls(tree: ast.AST) -> list[str]:
    """Return the names of rules that are called in a syntax tree, in the order in which they are evaluated."""
    names = []

    class Calls(ast.NodeVisitor):
        def visit_Call(self, node):
            self.generic_visit(node)
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            names.extend([name] if callable(getattr(rules, name, None)) else [])

    Calls().visit(tree)
    return names


def moments() -> list[tuple[str, str, object]]:
    """Return when rules are called: the moment, the group, and the function that calls them."""
    kinds = (("advantaged", people.AdvantagedPerson), ("marginalized", people.MarginalizedPerson))
    steps = [(moment, group, getattr(kind, moment)) for moment in ("emit", "gather", "decide", "learn")
             for group, kind in kinds]  # fmt: skip
    return [("start", "both", state._draw_people), *steps, ("observe", "advantaged", tally_advantaged)]


def processes() -> str:
    """Return the table of rule functions in the order in which they are called."""
    rows = [
        (moment, group, f"`{name}`", first_sentence(getattr(rules, name)))
        for moment, group, function in moments() for name in rules_called(function)
    ]  # fmt: skip
    return table("moment|group|rule|what it does", rows)


def first_sentence(function) -> str:
    """Return the first line of a docstring."""
    return inspect.getdoc(function).split("\n")[0]


def purposes() -> str:
    """Return the table of what random numbers are drawn for, from the comments beside the codes."""
    found = re.findall(r"^([A-Z_]+) = (\d+)  # (.+)$", inspect.getsource(streams), re.MULTILINE)
    rows = sorted(((name, int(code), words) for name, code, words in found), key=lambda row: row[1])
    return table("purpose|code|what the draw is for", ((f"`{name}`", code, words) for name, code, words in rows))


# === what is done and what is measured ==================================================================


def interventions() -> str:
    """Return the table of ready-made interventions."""
    def does(entry):
        return "; ".join(f"{name} = {value}" for name, value in entry.defaults.items()).replace("'", "")

    rows = ((f"`{name}`", one.sentence, does(one), "harm" if one.is_harmful else "help", one.source)
            for name, one in CATALOGUE.items())  # fmt: skip
    return table("name|what it does|arguments|meant to|source", rows)


def null_models() -> str:
    """Return the table of null models."""
    return table("null model|what is taken away", ((f"`{name}`", words) for name, words in nulls.NULLS.items()))


def history() -> str:
    """Return the table of measures at every step."""
    return table("column|meaning|range", ((f"`{name}`", words, between(*RANGES[name]))
                                          for name, words in COLUMNS.items()))  # fmt: skip


def summary() -> str:
    """Return the table of what sums up a run."""
    def reach(name):
        if name == "regime":
            return ", ".join(outcomes.Regime)
        return between(*RANGES.get(name.removeprefix("final_").removeprefix("peak_"), (0, math.inf)))

    return table("entry|meaning|range", ((f"`{name}`", words, reach(name)) for name, words in outcomes.SUMMARY.items()))


def patterns() -> str:
    """Return the table of empirical patterns and what came out of each."""
    rows = ((row["id"], row["sentence"], row["source"], "emerges" if row["kind"] == "emergent" else "built in",
             "yes" if row["is_joint"] == "True" else "", row["verdict"])
            for row in rows_of("scoreboard/patterns.csv"))  # fmt: skip
    return table("id|pattern|evidence|kind|joint set|verdict", rows)


TABLES = {
    "patterns": patterns, "variables": variables, "parameters": parameters, "presets": preset_table,
    "processes": processes, "purposes": purposes, "interventions": interventions, "null_models": null_models,
    "history": history, "summary": summary,
}  # fmt: skip


def renewed(text: str) -> str:
    """Return a page with all its tables made anew."""
    return MARKED.sub(lambda found: found[1] + TABLES[found[2]]() + found[3], text)


def main() -> None:
    """Rewrite the page, or compare it."""
    reader = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    reader.add_argument("--check", action="store_true", help="write nothing; end with an error if a table is old")
    old = PAGE.read_text(encoding="utf-8")
    new = renewed(old)
    if not reader.parse_args().check:
        PAGE.write_text(new, encoding="utf-8")
    elif new != old:
        sys.exit("docs/odd.md: a table is not that of the code; run python docs/make_tables.py")


if __name__ == "__main__":
    main()
