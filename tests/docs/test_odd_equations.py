"""The displayed equations of docs/odd.md, read from the page and worked out, give what the rules give, bit for bit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim import Parameters, rules, streams
from sim.parameters import KNOBS
from sim.rules import ALLY, BYSTAND, OPPOSE, TOKEN

PAGE = (Path(__file__).resolve().parent.parent.parent / "docs" / "odd.md").read_text(encoding="utf-8")

# What stands on the page for what; everything else is the symbol of a knob.
GREEK = {"ν": "nu", "π": "pi", "κ": "kappa", "ψ": "psi", "η": "eta", "δ": "delta", "ω": "omega", "τ": "tau",
         "σ": "sigma", "ρ": "rho", "θ": "theta"}  # fmt: skip
TRAITS = {"loyalty", "sympathy", "trust"}  # of these knobs the symbols stand for what a person has
SHORTER = [
    (r"\\(?:quad|begin\{split\}|end\{split\}|[,;!])", " "),
    (r"\\text\{[^}]*\}", " "),
    (r"\\(?:mathit|mathrm)\{(\w+)\}", r"\1"),
    (r"\\bar\{?\s*(\w)\}?", r"bar_\1"),
    (r"\|(\w+)\|", r"abs(\1)"),
    (r"\\cdot", "*"),
    (r"\\(\w+)", r"\1"),
    (r"\{(\w+)\}", r"\1"),
    (r"\b(\w+)'", r"next_\1"),
    (r"\bint\b", "internalise_rate"),
    (r"\blambda\b", "loyalty"),
]


def plain(text: str) -> str:
    """Return an equation as plain arithmetic."""
    text = re.sub(r"\\Sigma_\{(\w+)\}", r"total_\1", re.sub(r"\\,", "", text))
    for pattern, into in SHORTER:
        text = re.sub(pattern, into, text)
    return text.strip().rstrip(",").strip()


def equations() -> dict[str, str]:
    """Return all displayed equations: what is on the left, and the arithmetic on the right."""
    found = {}
    for block in re.findall(r"^\$\$\n(.*?)^\$\$", PAGE, re.MULTILINE | re.DOTALL):
        for line in block.replace("&=", "=").split(r"\\"):
            left, _, right = line.partition("=")
            if right:
                found[plain(left)] = plain(right)
    return found


EQUATIONS = equations()


def worked_out(name: str, known: dict) -> float:
    """Return what an equation gives, working out those that it needs first."""
    if name not in known:
        needs = {word for word in re.findall(r"[A-Za-z_]\w*", EQUATIONS[name]) if word in EQUATIONS and word != name}
        for word in sorted(needs):
            worked_out(word, known)
        known[name] = eval(EQUATIONS[name], {"__builtins__": {}}, known)
    return known[name]


def symbols(p: Parameters) -> dict:
    """Return the values of all knobs by the symbols of the page."""
    values = {}
    for knob in KNOBS:
        if knob.symbol and knob.name not in TRAITS:
            symbol = knob.symbol
            for letter, name in GREEK.items():
                symbol = symbol.replace(letter, name)
            values[{"int": "internalise_rate"}.get(symbol, symbol)] = getattr(p, knob.name)
    functions = {"min": min, "max": max, "abs": abs, "clip": lambda z, a, b: min(max(z, a), b)}
    return values | functions | {"iota": rules.per_tie}


def numbers(seed: int, count: int) -> list[float]:
    return streams.uniforms(seed, streams.DESIGN, count).tolist()


def case(seed: int):
    """Return parameters, what a person sees and what the equations know of both."""
    values = numbers(seed, 80)
    p = Parameters(**{knob.name: knob.usual_low + share * (knob.usual_high - knob.usual_low)
                      for knob, share in zip(KNOBS, values, strict=False) if not knob.is_switch})  # fmt: skip
    n_a, n_m = (int(9 * value) for value in values[60:62])
    allies, tokens, opposers = int(n_a * values[62]), 0, 0
    tokens = int((n_a - allies) * values[63])
    opposers = int((n_a - allies - tokens) * values[64])
    seen = rules.Seen(allies, tokens, opposers, int(opposers * values[65]), int(2 * n_m * values[66] + 0.5),
                      int(64 * (n_a - allies - tokens - opposers) * values[67]), int(64 * allies * values[68]),
                      int(64 * tokens * values[69]), int(64 * n_m * values[70]), n_a, n_m)  # fmt: skip
    person = {"x": 2 * values[71] - 1, "loyalty": values[72], "S": values[73], "t": values[74], "told": values[75]}
    totals = {"allies": seen.allies, "tokens": seen.tokens, "opposers": seen.opposers, "betrayals": seen.betrayals,
              "response": seen.responses, "trust": seen.trust}  # fmt: skip
    known = symbols(p) | person | {f"total_{name}": total for name, total in totals.items()}
    known |= {"n_A": n_a, "n_M": n_m, "has": float(n_m > 0)}
    for name, total in (("silent", seen.silent_loyalty), ("allystigma", seen.ally_stigma),
                        ("tokenstigma", seen.token_stigma)):  # fmt: skip
        known[f"bar_L_{name}"] = worked_out("bar_L_z", known | {"total_z": total})
    return p, seen, person, known


CASES = pytest.mark.parametrize("seed", range(40))


@CASES
def test_what_advantaged_people_see(seed):
    p, seen, person, known = case(seed)
    view = rules.advantaged_view(p, seen, person["told"])
    names = ("v", "o", "norm", "k", "cost", "g_S", "bar_w", "mix")
    assert tuple(worked_out(name, known) for name in names) == tuple(view)


@CASES
def test_what_marginalized_people_see(seed):
    p, seen, _, known = case(seed)
    names = ("v", "o", "cred", "b", "tok", "bar_w", "bar_t")
    assert (*(worked_out(name, known) for name in names), known["has"]) == tuple(rules.marginalized_view(p, seen))


@CASES
def test_what_options_are_worth(seed):
    p, seen, person, known = case(seed)
    view = rules.advantaged_view(p, seen, person["told"])
    stances = rules.stance_utilities(p, person["x"], person["loyalty"], person["S"], view)
    assert tuple(worked_out(f"U_{name}", known) for name in ("oppose", "token", "ally")) == stances
    responses = rules.response_utilities(p, person["t"], rules.marginalized_view(p, seen))
    assert tuple(worked_out(f"U_{name}", known) for name in ("gatekeep", "withdraw", "welcome")) == responses


@CASES
@pytest.mark.parametrize("stance", [OPPOSE, BYSTAND, TOKEN, ALLY])
def test_what_people_learn(seed, stance):
    p, seen, person, known = case(seed)
    view = rules.advantaged_view(p, seen, person["told"])
    act = {OPPOSE: -1.0, TOKEN: p.token_visibility, ALLY: 1.0}.get(stance, 0.0)
    known |= {"act": act, "v_own": max(act, 0.0)}
    stigma = worked_out("next_S", known)
    stigma = (1 - p.stigma_memory) * stigma if stance == OPPOSE else stigma
    assert stigma == rules.next_stigma(p, person["S"], stance, view)
    assert worked_out("next_x", known) == rules.next_sympathy(p, person["x"], stance, view)
    assert worked_out("next_t", known) == rules.next_trust(p, person["t"], rules.marginalized_view(p, seen))
