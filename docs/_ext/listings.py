"""Tables of what the library has, made from the library itself: ``{listing} knobs``."""

import re
from pathlib import Path

from sphinx.util.docutils import SphinxDirective

import sim
from sim.parameters import KNOBS

ROOT = Path(__file__).resolve().parents[2]


def knobs():
    """All parameters."""
    yield "name", "symbol", "meaning", "default", "worth exploring", "source"
    for knob in KNOBS:
        usual = "true, false" if knob.is_switch else f"{knob.usual_low:g} to {knob.usual_high:g}"
        default = str(knob.default).lower() if knob.is_switch else f"{knob.default:g}"
        yield f"`{knob.name}`", knob.symbol, knob.meaning, default, usual, knob.source


def measures():
    """The columns of a history."""
    yield "column", "meaning"
    for name, meaning in sim.measures.COLUMNS.items():
        yield f"`{name}`", meaning


def interventions():
    """The ready-made interventions."""
    yield "name", "what it does", "source", "meant to"
    for name, entry in sim.interventions.CATALOGUE.items():
        yield f"`{name}`", entry.sentence, entry.source, "harm" if entry.is_harmful else "help"


def nulls():
    """The null models."""
    yield "name", "what is taken away"
    for name, meaning in sim.nulls.NULLS.items():
        yield f"`{name}`", meaning


def notebooks():
    """The notebooks, each with its heading."""
    yield "notebook", "file"
    for file in sorted((ROOT / "notebooks").glob("*.ipynb")):
        heading = re.search(r'"# (.+?)(?:\\n)?"', file.read_text(encoding="utf-8"))
        yield f"[{heading[1] if heading else file.stem}](../notebooks/{file.name})", f"`{file.name}`"


LISTINGS = {listing.__name__: listing for listing in (knobs, measures, interventions, nulls, notebooks)}


class Listing(SphinxDirective):
    """A table by name."""

    required_arguments = 1

    def run(self):
        """Return the table."""
        head, *rows = LISTINGS[self.arguments[0]]()
        lines = [head, ("---",) * len(head), *rows]
        text = "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
        return self.parse_text_to_nodes(text)


def setup(app):
    """Make it known to Sphinx."""
    app.add_directive("listing", Listing)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
