"""docs/odd.md says what the code does: its tables, names, headings, defaults and constants are those of the code."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import math
import re
from pathlib import Path

import pytest

import sim
from sim import arithmetic, nulls, rules, streams, tallies
from sim.interventions import CATALOGUE, RULES, Intervention
from sim.interventions.intervention import MOST_NEW_TIES
from sim.measures import COLUMNS, RANGES
from sim.networks import GENERATORS, REAL, regular, rings
from sim.networks.nulls import SWAPS_PER_TIE
from sim.outcomes import SUMMARY, TOOK_HOLD
from sim.parameters import KNOBS, presets
from sim.patterns.pattern import RESAMPLES
from sim.run import MOST_STEPS
from sim.state import STARTS, VARIABLES

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
PROSE = re.sub(r"<!-- table: .*?<!-- end -->", "", PAGE, flags=re.DOTALL)
NUMBERS = {float(number) for number in re.findall(r"(?<![\w.])\d+\.?\d*(?:e-?\d+)?", PAGE.replace(",000", "000"))}

spec = importlib.util.spec_from_file_location("make_tables", ROOT / "docs" / "make_tables.py")
make_tables = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make_tables)

ELEMENTS = (
    "1. Purpose and patterns", "2. Entities, state variables, and scales", "3. Process overview and scheduling",
    "4. Design concepts", "5. Initialization", "6. Input data", "7. Submodels",
)  # fmt: skip
CONCEPTS = (
    "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing", "Interaction",
    "Stochasticity", "Collectives", "Observation",
)  # fmt: skip
HUMAN_DECISIONS = (
    "Theoretical and empirical background", "Individual decision-making", "Learning", "Individual sensing",
    "Individual prediction", "Heterogeneity",
)  # fmt: skip


# === the tables =========================================================================================


def test_the_tables_are_those_of_the_code():
    assert make_tables.renewed(PAGE) == PAGE


def test_every_table_stands_on_the_page_once():
    assert sorted(name for _, name, _ in make_tables.MARKED.findall(PAGE)) == sorted(make_tables.TABLES)


def test_a_changed_default_is_noticed(monkeypatch):
    changed = [*KNOBS]
    changed[0] = make_tables.KNOBS[0].__class__(**{**vars(KNOBS[0]), "default": 0.123})
    monkeypatch.setattr(make_tables, "KNOBS", tuple(changed))
    assert make_tables.renewed(PAGE) != PAGE


def test_rules_stand_in_the_order_in_which_they_are_called():
    assert make_tables.rules_called(rules.next_trust) == ["clip", "larger", "smaller"]
    assert make_tables.rules_called(rules.felt_norm) == []
    assert make_tables.rules_called(rules.stance_utilities) == ["oppose_utility", "token_utility", "ally_utility"]


def test_what_is_declared_of_states_and_measures_is_so():
    network = sim.networks.two_groups(60, 0.3, seed=1)
    run = sim.simulate(sim.Parameters(revise=0.5), network, steps=30, start=0.5, seed=3)
    assert list(run.summary) == list(SUMMARY)
    assert list(run.history) == list(COLUMNS) == list(RANGES)
    for name, (low, high) in RANGES.items():
        assert run.history[name].dropna().between(low, high).all(), name
    for variable in VARIABLES:
        is_other = run.network.is_marginalized != (variable.group == "marginalized")
        values = getattr(run.state, variable.name)
        assert ((values >= variable.low) & (values <= variable.high)).all()
        assert variable.group == "both" or not values[is_other].any()


# === the protocol =======================================================================================


def headings(level: int, text: str = PAGE) -> list[str]:
    return re.findall(rf"^{'#' * level} (.+)$", text, re.MULTILINE)


def test_all_seven_elements_stand_in_their_order():
    assert tuple(headings(2)[:7]) == ELEMENTS


def test_all_eleven_design_concepts_stand_in_their_order():
    concepts = PAGE[PAGE.index("## 4. Design concepts") : PAGE.index("## 5. Initialization")]
    assert tuple(headings(3, concepts)[:11]) == CONCEPTS


@pytest.mark.parametrize("name", HUMAN_DECISIONS)
def test_the_additions_for_human_decisions_are_there(name):
    assert name in headings(3) or f"**{name}" in PROSE
    assert re.search(rf"^\| I[IV.x]+\w* .*{name}", PAGE, re.MULTILINE)


def anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(#([^)]+)\)", PAGE))))
def test_links_within_the_page_lead_somewhere(link):
    assert link in {anchor(heading) for level in (2, 3) for heading in headings(level)}


@pytest.mark.parametrize("section", re.findall(r"experiments/README.md, section (\w+)", PAGE))
def test_sections_of_the_experiments_are_there(section):
    assert section in headings(2, (ROOT / "experiments" / "README.md").read_text(encoding="utf-8"))


# === names ==============================================================================================


def names_in(module) -> list[str]:
    functions = inspect.getmembers(module, inspect.isfunction)
    return [name for name, function in functions if function.__module__ == module.__name__]


@pytest.mark.parametrize("name", [
    *(knob.name for knob in KNOBS), *names_in(rules), *GENERATORS, *REAL, *RULES, "rewired", "rewired_within",
    "shuffled_groups",
])  # fmt: skip
def test_what_the_code_has_is_told_outside_the_tables(name):
    assert f"`{name}`" in PROSE


@pytest.mark.parametrize("name", [
    *(name for name in vars(streams) if name.isupper() and name != "LARGEST_SEED"), *CATALOGUE, *presets(),
    *nulls.NULLS,
])  # fmt: skip
def test_what_the_code_lists_is_on_the_page(name):
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("word", [*(f'"{start}"' for start in STARTS), *rules.Stance.__members__,
                                  *rules.Response.__members__, "Synchronous schedule", "Shuffled schedule",
                                  *(regime.name for regime in sim.Regime)])  # fmt: skip
def test_starts_schedules_options_and_regimes_are_told(word):
    assert word in PROSE


@pytest.mark.parametrize("name", sorted({*Intervention.names()} - {"kind", "count", "people", "group"}))
def test_what_an_intervention_can_be_given_is_told(name):
    assert name in PROSE[PROSE.index("### Interventions") : PROSE.index("### Null models")]


def test_what_the_null_model_without_influence_takes_away_is_told():
    told = re.search(r"`no_influence` sets these to 0: ([^.]+)\.", PROSE)[1]
    assert re.findall(r"`(\w+)`", told) == list(nulls.NO_INFLUENCE)
    assert not any(nulls.NO_INFLUENCE.values())


# === numbers ============================================================================================


def literals(function) -> set[float]:
    """Return all numbers but small whole ones that a function holds."""
    nodes = ast.walk(ast.parse(inspect.getsource(function)))
    found = [node.value for node in nodes if isinstance(node, ast.Constant) and type(node.value) in (int, float)]
    return {float(value) for value in found if value != int(value) or abs(value) > 12}


@pytest.mark.parametrize("function", [
    arithmetic.exponential, arithmetic.logarithm, arithmetic.normal_quantile, rules.average_level, rules.shown_level,
])  # fmt: skip
def test_the_numbers_in_a_formula_are_on_the_page(function):
    assert literals(function) <= NUMBERS | {1.9082149292705877e-10, 0.0}
    assert literals(function)


def test_split_numbers_are_on_the_page():
    assert f"{arithmetic.LN2_LOW}".replace("e-10", r" \times 10^{-10}") in PAGE
    assert r"$5.5 \times 10^{-17}$" in PAGE
    assert "5.5e-17" in inspect.getsource(rules.drawn_trait)


def test_random_numbers_are_made_as_told():
    for word in re.findall(r"0x([0-9A-F]{8})\b", inspect.getsource(streams.philox)):
        assert word in PAGE or word == "FFFFFFFF"
    for counter, answer in re.findall(r"(all 0|all ffffffff) give ((?:[0-9a-f]{8}\s*){4})", PAGE):
        words = [0 if counter == "all 0" else 2**32 - 1] * 6
        assert [f"{word:08x}" for word in streams.philox(*words)] == answer.split()
    assert streams.to_uniform(2**32 - 1, 2**32 - 1) == (2**27 - 1) * 67108864 * 2.0**-53 + (2**26 - 1) * 2.0**-53
    assert "67108864" in PAGE
    assert r"2^{-53}$, in [0, 1)" in PAGE
    assert streams.to_coarse_uniform(1) == 2.0**-32


DEFAULT_OF = {name: parameter.default for family in (sim.simulate, sim.networks.two_groups, sim.networks.small_world)
              for name, parameter in inspect.signature(family).parameters.items()}  # fmt: skip


@pytest.mark.parametrize(("words", "value"), [
    ("`GRID` = {}", rules.GRID),
    ("divided by $2^{{{}}}$", int(math.log2(tallies.FIXED))),
    ("`TOOK_HOLD` is {}", TOOK_HOLD),
    ("tries {} swaps", SWAPS_PER_TIE),
    ("After {} failed trials", rings._MOST_TRIALS),
    ("at most {:,})", regular._MOST_ATTEMPTS),
    ("step ${} \\cdot draw + j$", MOST_NEW_TIES),
    ("at most {:,} in one run", MOST_STEPS),
    ("({:,} resamples)", RESAMPLES),
    ("`revise` $rev$ = {}", sim.Parameters().revise),
    ("{} by default, at most", DEFAULT_OF["steps"]),
    ("`marginalized_share` ({})", DEFAULT_OF["marginalized_share"]),
    ("`mean_degree` $d$ ({})", DEFAULT_OF["mean_degree"]),
    ("`homophily` $H$ = {}", DEFAULT_OF["homophily"]),
    ("`rewiring` {};", DEFAULT_OF["rewiring"]),
])  # fmt: skip
def test_constants_and_defaults_are_those_of_the_code(words, value):
    assert words.format(value) in " ".join(PROSE.split())


def test_options_are_gone_through_in_the_order_that_is_told():
    """At noise 0 and equal utilities the first in order is taken, then the next as options are forbidden."""
    order = re.search(r"\*\*(\w+), (\w+), (\w+), (\w+)\*\*, or\s+\*\*(\w+), (\w+), (\w+)\*\*", PAGE).groups()
    allowed, found = {}, []
    for _ in range(4):
        p = sim.Parameters(noise=0, **allowed)
        found.append(sim.Stance(rules.choose_stance(p, 0.0, 0.0, 0.0, 0.9)).name)
        allowed[f"{found[-1].lower()}_allowed"] = False
        if len(allowed) == 4:
            break
    p, utilities = sim.Parameters(noise=0), ((0.0, 0.0, 0.0), (0.0, -1.0, 0.0), (0.0, -1.0, -1.0))
    found += [sim.Response(rules.choose_response(p, *three, 0.9)).name for three in utilities]
    assert tuple(found) == order
