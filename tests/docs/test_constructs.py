"""The pages on constructs and theory speak of what is there, of all of it, and give every concept a source."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from citations import citations

import sim
from sim import rules
from sim.measures import COLUMNS
from sim.outcomes import Regime
from sim.parameters import KNOBS
from sim.state import FIELDS

DOCS = Path(__file__).parents[2] / "docs"
CONSTRUCTS, THEORY = ((DOCS / f"{name}.md").read_text(encoding="utf-8") for name in ("constructs", "theory"))
ACTS = {*rules.Stance.__members__, *rules.Response.__members__}
THERE = {*vars(rules), *ACTS, *Regime.__members__, *FIELDS, *COLUMNS, "regime_of"}
THERE |= {knob.name for knob in KNOBS}
IN_WORDS = {"allyship parameters"}


def code_in(text: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", text))


def is_there(name: str) -> bool:
    """Tell whether a name is that of a knob, rule, act, regime, variable or measure, or found in `sim`."""
    if not name.startswith("sim."):
        return name in THERE | IN_WORDS
    found = sim
    for part in name.split(".")[1:]:
        found = getattr(found, part, None)
    return found is not None


def tables(text: str) -> list[list[list[str]]]:
    """Return the rows of every table, cell by cell, the first its head."""
    blocks = re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE)
    rows = [[[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()] for block in blocks]
    return [[row for row in table if not set(row[0]) <= {"-"}] for table in rows]


@pytest.mark.parametrize("page", [CONSTRUCTS, THEORY], ids=["constructs", "theory"])
def test_every_name_on_the_page_is_there(page):
    assert {name for name in code_in(page) if not is_there(name)} == set()


def test_a_name_that_is_not_there_is_seen():
    for name in ("stigma_transfers", "next_stigmas", "SPREADING", "sim.nowhere", "sim.outcomes.nothing"):
        assert not is_there(name), name


def test_every_knob_act_regime_and_variable_has_its_concept():
    concepts = code_in(CONSTRUCTS.split("## Scales of the knobs")[0])
    missing = ({knob.name for knob in KNOBS} | ACTS | set(Regime.__members__) | (set(FIELDS) - {"act"})) - concepts
    assert not missing


def test_every_rule_of_choosing_and_learning_is_named():
    """All but the small arithmetic and what only puts things together."""
    assembling = {"advantaged_view", "marginalized_view", "shown_by_marginalized", "stance_weights", "response_weights"}
    arithmetic = {"average_level", "option_weight", "larger", "smaller", "absolute", "clip"}
    functions = {name for name, thing in vars(rules).items() if getattr(thing, "__module__", "") == rules.__name__}
    functions = {name for name in functions if name.islower()}
    assert len(functions) > 30
    assert functions - assembling - arithmetic - code_in(CONSTRUCTS + THEORY) == set()


def test_every_concept_has_a_definition_a_rule_a_scale_and_what_is_left_out():
    concepts = [row for table in tables(CONSTRUCTS) for row in table[1:] if table[0][0].startswith("Concept")]
    assert len(concepts) > 30
    for concept, here, scale, left_out in concepts:
        assert re.match(r"\*\*[^*]+\.\*\* \S", concept), concept
        assert here and scale and left_out, concept


def test_every_concept_has_a_source():
    for table in tables(CONSTRUCTS):
        for row in table[1:] if table[0][0].startswith("Concept") else ():
            assert list(citations(" ".join(row))), row[0]


def test_the_ranges_told_are_those_that_are_checked():
    (scales,) = (table for table in tables(CONSTRUCTS) if table[0][0] == "allowed")
    told = {name: allowed for allowed, _, knobs in scales[1:] for name in code_in(knobs)}
    listed = [name for *_, knobs in scales[1:] for name in re.findall(r"`([^`]+)`", knobs)]
    assert sorted(listed) == sorted(knob.name for knob in KNOBS)
    for knob in KNOBS:
        assert told[knob.name] == ("false or true" if knob.is_switch else f"{knob.low:g} to {knob.high:g}"), knob.name


def test_sections_of_experiments_that_are_pointed_to_are_there():
    text = (DOCS.parent / "experiments" / "README.md").read_text(encoding="utf-8")
    anchors = {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in re.findall(r"^#+ (.+)$", text, re.M)}
    pointed = set(re.findall(r"experiments/README\.md#([\w-]+)", CONSTRUCTS + THEORY))
    assert pointed
    assert pointed <= anchors


def test_every_equation_uses_symbols_of_the_knobs():
    """A symbol that stands in no equation of the tour is that of a spread, a start or a switch, or told in words."""
    latex = "".join(re.findall(r"\$[^$]+\$", THEORY.replace("$$", "$")))
    greek = {"λ": r"\lambda", "τ": r"\tau", "σ": r"\sigma", "ρ": r"\rho", "δ": r"\delta", "κ": r"\kappa", "π": r"\pi"}
    greek |= {"η": r"\eta", "ω": r"\omega", "ν": r"\nu", "ψ": r"\psi", "θ": r"\theta", "χ": r"\chi"}
    for knob in KNOBS:
        symbol = knob.symbol
        for letter, name in greek.items():
            symbol = symbol.replace(letter, name)
        alone = rf"(?<![A-Za-z\\]){re.escape(symbol)}(?![A-Za-z])"
        assert not symbol or symbol.startswith("sd(") or re.search(alone, latex), knob.name
