"""The pages on constructs and theory speak of what is there, of all of it, and give every concept a source."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from citations import citations

import sim
from sim import rules
from sim.measures import COLUMNS, RANGES
from sim.outcomes import Regime
from sim.parameters import KNOBS
from sim.state import FIELDS, VARIABLES

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


# Whose scale stands in the cell of a concept, in order; what stands there in words for those without a number.
SCALES = {
    "Advantaged and marginalized group": "One of two, fixed", "In-group loyalty": ["loyalty"],
    "Second identity": ["crossing_release"], "Ties": "Tied or not",
    "Ally": "Shown or not", "Token ally": ["token_visibility"], "Bystander": "Shown or not",
    "Opposer": "Shown or not", "Accountability": ["accountability"],
    "Private sympathy": ["sympathy"], "Stigma": ["group_stigma"],
    "Stigma transfer (stigma by association)": ["stigma_transfer", "proximity"], "Felt stigma": ["stigma"],
    "Distancing, proving loyalty": ["distancing"], "Contact": ["contact"], "Internalisation": ["internalise"],
    "Appeals": ["appeals"],
    "Perceived norm": ["visible_norm", "conformity"], "Punishment, sanction": ["sanction"],
    "Complicity": ["complicity"], "Shield of other allies": ["shield"], "Status threat": ["threat"],
    "Image": ["image"], "Norm feedback": ["feedback"],
    "Trust": ["trust", "trust_gain"], "Cost as a signal": ["cost_credibility"], "Betrayal": ["betrayal_loss"],
    "Repair": ["repair"], "Gossip": ["gossip"], "Wariness": ["wariness"],
    "Authenticity threat": ["authenticity_threat"], "Gatekeeping": "Shown or not",
    "Welcome, acceptance": ["average_response", "acceptance"], "Withdrawal": "Shown or not",
    "Pluralistic ignorance": ["perception_gap"], "Regime": "One of five", "Ally segregation": ["ally_segregation"],
    "Tenure": "Steps",
}  # fmt: skip
REACHED = {"visible_norm": (rules.visible_norm(0, 1), rules.visible_norm(1, 0)),
           "average_response": (rules.average_response(0, 1), rules.average_response(2, 1))}  # fmt: skip
SCALE = re.compile(r"-?\d+ to -?\d+|weight|rates? per step(?:, either sign)?", re.IGNORECASE)


def scale_of(name: str) -> str:
    """Return the scale of a knob, a variable, a measure or a rule as the page writes it."""
    knob = {knob.name: knob for knob in KNOBS}.get(name)
    if knob is None:
        low, high = REACHED.get(name) or RANGES.get(name) or {one.name: (one.low, one.high) for one in VARIABLES}[name]
        return f"{low:g} to {high:g}"
    if (knob.low, knob.high) == (0, 100):
        return "weight"
    if "per step" in knob.meaning and name != "stigma_memory":
        return "rate per step" + ", either sign" * (knob.low < 0)
    return f"{knob.low:g} to {knob.high:g}"


def test_the_scales_of_concepts_are_those_of_the_code():
    cells = {re.match(r"\*\*(.+?)\.\*\*", row[0])[1]: row[2] for table in tables(CONSTRUCTS)
             for row in table[1:] if table[0][0].startswith("Concept")}  # fmt: skip
    assert list(cells) == list(SCALES)
    for concept, cell in cells.items():
        whose = SCALES[concept]
        told = [scale.lower().replace("rates", "rate") for scale in SCALE.findall(re.sub(r" \([^)]*\)", "", cell))]
        assert cell == whose if isinstance(whose, str) else told == [scale_of(name) for name in whose], concept
    assert scale_of("crossing_release") == scale_of("crossing_stigma")  # "both effects"
    assert scale_of("feedback") == scale_of("heed")  # "both"
    assert scale_of("perception_gap") == scale_of("expression_gap")
    assert len(Regime) == 5


def test_the_state_of_a_person_is_that_of_the_code():
    (rows,) = (table[1:] for table in tables(CONSTRUCTS) if table[0][0] == "variable")
    assert [row[0].strip("`") for row in rows] == list(FIELDS)
    for (_, whose, scale, _), variable in zip(rows, VARIABLES, strict=True):
        assert whose == ("everybody's" if variable.group == "both" else variable.group)
        acts = [f"`{name}`" for kind in (rules.Stance, rules.Response) for name in kind.__members__]
        expected = {"act": acts, "betrayed": ["0 or 1"]}.get(variable.name, [f"{variable.low:g} to {variable.high:g}"])
        assert re.findall(r"`[A-Z]+`|-?\d+ (?:to|or) -?\d+", scale) == expected, variable.name


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
