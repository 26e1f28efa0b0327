"""Write the tables of the model card from the committed results, between its markers.

python docs/make_card.py           write them
python docs/make_card.py --check   only say whether they are as the results have them
"""

import re
import sys
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
CARD = ROOT / "docs" / "model_card.md"
STEPS = ["first assumed", "best found", "simplified", "by hand", "default"]  # on the way to the default


def table(head, rows):
    """Return rows as a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def read(name):
    """Return a committed table."""
    return pd.read_csv(ROOT / "results" / name)


def number(value):
    """Return a number as a reader wants it; endless bounds have words of their own."""
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.3g}"


def needed(clause):
    """Return where a number has to lie for its row to hold."""
    low, high = clause["low"], clause["high"]
    if low == -float("inf"):
        return f"below {high:g}"
    return f"above {low:g}" if high == float("inf") else f"{low:g} to {high:g}"


def counts():
    """Return how many rows of the scoreboard hold, by kind."""
    found = pd.crosstab(*(read("scoreboard/patterns.csv")[name] for name in ("kind", "verdict")))
    found = found.reindex(index=["emergent", "built in"], columns=["holds", "uncertain", "fails"], fill_value=0)
    words = {"emergent": "has to emerge", "built in": "built in, verifies the code"}
    return table(["rows", *found.columns], [[words[kind], *found.loc[kind]] for kind in found.index])


def failing():
    """Return every number of every row that does not hold."""
    clauses = read("scoreboard/clauses.csv")
    clauses = clauses[clauses["pattern_verdict"] != "holds"]
    return table(
        ["row", "kind", "number", "found (bounds)", "needed", "verdict"],
        [[one["pattern"], one["kind"], one["what"],
          f"{number(one['value'])} ({number(one['least'])} to {number(one['most'])})", needed(one), one["verdict"]]
         for _, one in clauses.iterrows()],
    )  # fmt: skip


def knobs():
    """Return the calibrated knobs with the values first assumed and the default."""
    from sim import Parameters
    from sim.parameters import FIRST_ASSUMED, KNOBS

    meanings, default = {knob.name: knob.meaning for knob in KNOBS}, Parameters()
    return table(
        ["knob", "meaning", "first assumed", "default"],
        [[f"`{name}`", meanings[name], f"{value:g}", f"{getattr(default, name):g}"]
         for name, value in FIRST_ASSUMED.items()],
    )  # fmt: skip


def way():
    """Return which emergent rows hold at the places on the way to the default."""
    found = read("calibration/way.csv").groupby(["pattern", "step"], sort=False)["pattern_verdict"].first().unstack()
    return table(["row", *STEPS], [[name, *found.loc[name, STEPS]] for name in found.index])


def again():
    """Return how often the rows used in the search hold with seeds of their own."""
    found = read("calibration/again.csv").groupby(["pattern", "root"], sort=False)["pattern_verdict"].first().unstack()
    return table(["row", "holds", "of roots"], [[name, int((row == "holds").sum()), len(row)]
                                                for name, row in found.iterrows()])  # fmt: skip


TABLES = {"counts": counts, "failing": failing, "knobs": knobs, "way": way, "again": again}


def filled(text):
    """Return the text of the card with every table made anew."""
    for name, make in TABLES.items():
        begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        if len(pattern.findall(text)) != 1:
            raise SystemExit(f"{CARD.name}: the markers {begin} and {end} are needed, once each")
        before, after = pattern.split(text)
        text = f"{before}{begin}\n{make()}\n{end}{after}"
    return text


if __name__ == "__main__":
    old = CARD.read_text(encoding="utf-8")
    new = filled(old)
    if "--check" in sys.argv:
        sys.exit(f"{CARD.name}: tables differ from the results; run docs/make_card.py" if new != old else 0)
    CARD.write_text(new, encoding="utf-8")
