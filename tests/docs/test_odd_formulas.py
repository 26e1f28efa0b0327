"""The formulas and blocks in the running text of docs/odd.md, worked out as they stand, give what the code gives.

Each formula stands in the table below beside the piece of code that it tells; both are worked out with the same random
numbers. A formula that is changed on the page is not in the table any more; one that is wrong in both gives another
number; code that is changed is not found. Displayed equations: `test_odd_equations.py`.
"""

from __future__ import annotations

import ast
import inspect
import itertools
import math
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from sim import arithmetic, measures, model, outcomes, rules, state, streams, tallies
from sim.interventions import course, targets
from sim.interventions.intervention import Intervention
from sim.networks import asked, blocks, drawing, nulls, regular, rings, scale_free
from sim.parameters import KNOBS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "odd.md").read_text(encoding="utf-8")
PROSE = re.sub(r"<!-- table: .*?<!-- end -->|^\$\$\n.*?^\$\$", "", PAGE, flags=re.DOTALL | re.MULTILINE)
FLAT = " ".join(PROSE.split())
FORMULAS = list(dict.fromkeys(re.findall(r"\$([^$]+)\$", FLAT)))
ARITHMETIC = re.compile(r"(?<!_)\d|[-+*/<>=|^.]|\\(?:cdot|times|bmod|lfloor|le|ge|,)")  # all else: names, lists of them

# Code is looked for in the module. Names in it that are not those of the page are replaced in the order in which they
# stand; `it` is what comes out of the code, if the page tells something that is made of it.
TOLD_IN_CODE = [
    # --- process and start
    (r"s + 1", course, "step + 1", {"step": "s"}),
    (r"told = 2 \cdot (n_{x>0} / n_{adv}) - 1", model,
     "2.0 * (sum(person.sympathy > 0 for person in advantaged) / len(advantaged)) - 1.0",
     {"sum(person.sympathy > 0 for person in advantaged)": "n_x0", "len(advantaged)": "n_adv"}),
    (r"\mathrm{trait}(\mu, sd, u, a, b) = \mathrm{clip}(\mu + sd \cdot \Phi^{-1}(u), a, b)", rules,
     "clip(mean + spread * normal_quantile(draw), low, high)",
     {"mean": "mu", "spread": "sd", "draw": "u", "low": "a", "high": "b"}),
    (r"u = 0", rules, "draw > 0.0", {"draw": "u"}, "not it"),
    (r"5.5 \times 10^{-17}", rules, "5.5e-17"),
    (r"(1 - \chi)", rules, "1.0 - p.crossing_release", {"p.crossing_release": "chi"}),
    (r"\mathrm{round}(X \cdot n_{adv})", state, "round(p.crossing_share * len(people))",
     {"p.crossing_share": "X", "len(people)": "n_adv"}),
    (r"\mathrm{round}(z \cdot n_{adv})", state, "round(share * len(people))", {"share": "z", "len(people)": "n_adv"}),
    # --- networks
    (r"\mathrm{round}(share \cdot n)", asked, "round(share * n_people)", {"n_people": "n"}),
    (r"n - 1", asked, "n_people - 1", {"n_people": "n"}),
    (r"n \ge 2", asked, "n_people >= 2", {"n_people": "n"}),
    (r"\lfloor z + 0.5 \rfloor", blocks, "math.floor(number + 0.5)", {"number": "z"}),
    (r"k = 0, ..., c - 1", drawing, "range(count)", {"count": "c"}, "(it[0], it[-1])"),
    (r"top = m - c + k", drawing, "total - count + at", {"total": "m", "count": "c", "at": "k"}),
    (r"z = \lfloor u(k, step, \mathtt{TIES}) \cdot (top + 1) \rfloor", drawing,
     "int(uniform(at, step, purpose, k0, k1) * (top + 1))", {"at": "k", "purpose": "TIES"}),
    (r"(1 - H)", blocks, "1 - homophily", {"homophily": "H"}),
    (r"d \, n_a n_m / (n - 1)", blocks, "mean_degree * n_a * n_m / (n_people - 1)",
     {"mean_degree": "d", "n_people": "n"}),
    (r"(n_m d - across) / 2", blocks, "(n_m * mean_degree - across) / 2", {"mean_degree": "d"}),
    (r"n d / 2", blocks, "n_people * mean_degree / 2", {"mean_degree": "d", "n_people": "n"}),
    (r"\lfloor z / n_m \rfloor", blocks, "np.divmod(numbers, max(marginalized.size, 1))",
     {"numbers": "z", "marginalized.size": "n_m"}, "it[0]"),
    (r"z \bmod n_m", blocks, "np.divmod(numbers, max(marginalized.size, 1))",
     {"numbers": "z", "marginalized.size": "n_m"}, "it[1]"),
    (r"i + 1, ..., i + d/2", rings, "range(1, mean_degree // 2 + 1)", {"mean_degree": "d"}, "(i + it[0], i + it[-1])"),
    (r"i = k \bmod n", rings, "tie % n_people", {"tie": "k", "n_people": "n"}),
    (r"i + \lfloor k / n \rfloor + 1", rings, "person + tie // n_people + 1",
     {"person": "i", "tie": "k", "n_people": "n"}),
    (r"u(k, 0, \mathtt{REWIRE})", rings, "uniform(tie, 0, REWIRE, k0, k1)", {"tie": "k"}),
    (r"\lfloor u(k, trial, \mathtt{REWIRE}) \cdot n \rfloor", rings,
     "int(uniform(tie, trial, REWIRE, k0, k1) * n_people)", {"tie": "k", "n_people": "n"}),
    (r"\lfloor u(k, 65, \mathtt{REWIRE}) (n - 1 - degree_i) \rfloor", rings,
     "int(uniform(tie, _MOST_TRIALS + 1, REWIRE, k0, k1) * (n_people - 1 - degree))",
     {"tie": "k", "n_people": "n", "degree": "degree_i"}),
    (r"\lfloor n d / 2 + 0.5 \rfloor", scale_free, "math.floor(n_people * mean_degree / 2 + 0.5)",
     {"n_people": "n", "mean_degree": "d"}),
    (r"\min(i, base)", scale_free, "np.minimum(np.arange(n_people), low)", {"np.arange(n_people)": "i", "low": "base"}),
    (r"able = n - base - 1", scale_free, "n_people - low - 1", {"n_people": "n", "low": "base"}),
    (r"base + 1", scale_free, "low + 1", {"low": "base"}),
    (r"\lfloor (k+1) rest / able \rfloor - \lfloor k \, rest / able \rfloor", scale_free,
     "np.arange(able + 1) * (n_ties - _total(n_people, low)) // able",
     {"able + 1": "k + 2", "n_ties - _total(n_people, low)": "rest"}, "np.diff(it)[k]"),
    (r"\lfloor u \cdot 2 m \rfloor", scale_free, "int(uniform(draw, 0, TIES, k0, k1) * n_ends)", {"n_ends": "(2 * m)"}),
    (r"u(k, 0, \mathtt{TIES})", scale_free, "uniform(draw, 0, TIES, k0, k1)", {"draw": "k"}),
    (r"\lfloor u \cdot i \rfloor", scale_free, "int(uniform(draw, 0, TIES, k0, k1) * person)", {"person": "i"}),
    (r"n d", regular, "n_people * mean_degree", {"n_people": "n", "mean_degree": "d"}),
    (r"last = nd - 1, ..., 1", regular, "range(ends.size - 1, 0, -1)", {"ends.size": "(n * d)"}, "(it[0], it[-1])"),
    (r"\lfloor u(last, attempt, \mathtt{TIES}) (last + 1) \rfloor", regular,
     "int(uniform(last, attempt, TIES, k0, k1) * (last + 1))"),
    (r"2k", regular, "2 * tie", {"tie": "k"}),
    (r"2k + 1", regular, "2 * tie + 1", {"tie": "k"}),
    (r"place = \lfloor u(draw, attempt, \mathtt{REWIRE}) \cdot 2 \cdot n_{ties} \rfloor", regular,
     "int(uniform(draw, attempt, REWIRE, k0, k1) * 2 * n_ties)"),
    (r"a = c", regular, "a == c"),
    (r"b = e", regular, "b == d", {"d": "e"}),
    (r"100 + 100 \, n_{ties}", regular, "100 + 100 * n_ties"),
    (r"d > (n-1)/2", regular, "left_out < mean_degree", {"left_out": "(n - 1 - d)", "mean_degree": "d"}),
    # --- random numbers
    (r"2^{64} - 1", streams, "2**64 - 1"),
    (r"k0 = seed \bmod 2^{32}", streams, "seed & 0xFFFFFFFF"),
    (r"k1 = \lfloor seed / 2^{32} \rfloor", streams, "seed >> 32"),
    (r"(\lfloor w_0 / 2^5 \rfloor \cdot 67108864 + \lfloor w_1 / 2^6 \rfloor) \cdot 2^{-53}", streams,
     "((high >> 5) * 67108864 + (low >> 6)) * 1.1102230246251565e-16", {"high": "w_0", "low": "w_1"}),
    (r"\lfloor person / 4 \rfloor", streams, "person >> 2"),
    (r"person \bmod 4", streams, "person & 3"),
    (r"2^{-32}", streams, "2.3283064365386963e-10"),
    # --- arithmetic
    (r"z = -700", arithmetic, "-700.0"),
    (r"n = \lfloor z \cdot 1.4426950408889634 + 0.5 \rfloor", arithmetic, "x * 1.4426950408889634 + 0.5", {"x": "z"},
     "math.floor(it)"),
    (r"r = (z - n \cdot 0.6931471803691238) - n \cdot 1.9082149292705877 \times 10^{-10}", arithmetic,
     "(x - n * 0.6931471803691238) - n * 1.9082149292705877e-10", {"x": "z"}),
    (r"p = p \cdot r + c", arithmetic, "p * r + 0.5", {"0.5": "c"}),
    (r"p \cdot 2^n", arithmetic, "p * power_of_two(n)"),
    (r"y = (z - 1) / (z + 1)", arithmetic, "(x - 1.0) / (x + 1.0)", {"x": "z"}),
    (r"q = y \cdot y", arithmetic, "z * z", {"z": "y"}),
    (r"k = 12, 11, ..., 0", arithmetic, "range(12, -1, -1)", {}, "(it[0], it[1], it[-1])"),
    (r"total = total \cdot q + 1 / (2k + 1)", arithmetic, "total * square + 1.0 / (2 * k + 1)", {"square": "q"}),
    (r"2 \cdot y \cdot total - n \cdot 0.6931471805599453", arithmetic, "2.0 * z * total - n * 0.6931471805599453",
     {"z": "y"}),
    (r"q = u - 0.5", arithmetic, "u - 0.5"),
    (r"|q| \le 0.425", arithmetic, "abs(q) <= 0.425"),
    (r"r = 0.180625 - q \cdot q", arithmetic, "0.180625 - q * q"),
    (r"q \cdot top / low", arithmetic, "q * top / low"),
    (r"q < 0", arithmetic, "q < 0.0"),
    (r"1 - u", arithmetic, "1.0 - u"),
    (r"r \le 5", arithmetic, "r <= 5.0"),
    (r"r - 1.6", arithmetic, "r - 1.6"),
    (r"r - 5", arithmetic, "r - 5.0"),
    (r"top / low", arithmetic, "top / low"),
    # --- emit, gather, decide, learn, observe
    (r"L(z) = \lfloor 64 z + 0.5 \rfloor", rules, "int(feeling * 64.0 + 0.5)", {"feeling": "z"}),
    (r"\iota(n) = 1 / n", rules, "1.0 / n_ties if n_ties > 0 else 0.0", {"n_ties": "n"}),
    (r"n = 0", rules, "n_ties > 0", {"n_ties": "n"}, "not it"),
    (r"1 - \psi + \psi S", rules, "(1.0 - p.cost_credibility) * allies + p.cost_credibility * ally_stigma",
     {"p.cost_credibility": "psi", "allies": "1", "ally_stigma": "S"}),
    (r"U_{bystand} = 0", rules, "0.0 if p.bystand_allowed > 0.0 else -1e300", {"p.bystand_allowed": "1.0"}),
    (r"\exp((U - best) / T)", rules, "exponential((utility - best) / noise)", {"utility": "U", "noise": "T"}),
    (r"u \cdot W", rules, "luck * (w_bystand + w_token + w_ally + w_oppose)",
     {"luck": "u", "(w_bystand + w_token + w_ally + w_oppose)": "W"}),
    (r"T = 0", rules, "noise > 0.0", {"noise": "T"}, "not it"),
    (r"1 - \rho", rules, "1.0 - p.stigma_memory", {"p.stigma_memory": "rho"}),
    (r"\lfloor z \cdot 2^{32} + 0.5 \rfloor", tallies, "int(value * 4294967296.0 + 0.5)", {"value": "z"}),
    (r"2^{32}", tallies, "4294967296.0"),
    (r"z + 1", tallies, "crowd.sympathy[i] + 1.0", {"crowd.sympathy[i]": "z"}),
    (r"0.5 \cdot (1 + \mathit{seen} + \mathit{fb} \cdot (\mathit{told} - \mathit{seen}))", rules,
     "0.5 * (1.0 + norm + p.feedback * (told - norm))", {"norm": "seen", "p.feedback": "fb"}),
    (r"(f_2 - f^2) / (f - f^2)", measures, "(both - one**2) / (one - one**2)", {"both": "f_2", "one": "f"}),
    (r"\lfloor R/10 \rfloor", outcomes, 'len(history["step"]) // 10', {'len(history["step"])': "R"}),
    # --- interventions
    (r"\max(1, \mathrm{round}(share \cdot pool))", targets,
     "max(round(intervention.share * len(pool)), 1 if intervention.share > 0 and len(pool) else 0)",
     {"intervention.share": "share", "len(pool)": "pool"}),
    (r"2 \cdot draw", targets, "2 * intervention.draw", {"intervention.draw": "draw"}),
    (r"2 \cdot draw + 1", targets, "2 * intervention.draw + 1", {"intervention.draw": "draw"}),
    (r"\lfloor u \cdot degree \rfloor", targets, "(draws[has_ties] * network.degree[has_ties]).astype(np.int64)",
     {"draws[has_ties]": "u", "network.degree[has_ties]": "degree"}),
    (r"begin \le s < end", Intervention, "self.begin <= step and (self.end is None or step < self.end)",
     {"self.": "", "step": "s"}),
    (r"begin \le s + 1 < end", Intervention, "self.begin <= step and (self.end is None or step < self.end)",
     {"self.": "", "step": "(s + 1)"}),
    (r"\max(0, 1 + f \cdot (factor - 1))", course, "max(0.0, 1.0 + strength * (factor - 1.0))", {"strength": "f"}),
    (r"f \cdot shift", course, "strength * amount", {"strength": "f", "amount": "shift"}),
    (r"\lfloor u \cdot size \rfloor", course, "(draws[mine] * others.size).astype(np.int64)",
     {"draws[mine]": "u", "others.size": "size"}),
    (r"1000 \cdot draw + j", course, "MOST_NEW_TIES * one.draw + place", {"one.draw": "draw", "place": "j"}),
    # --- null models
    (r"\lfloor u \cdot n_{ties} \rfloor", nulls,
     "int(uniform(2 * attempt & 0xFFFFFFFF, 2 + (attempt >> 31), NULL, k0, k1) * low.size)",
     {"attempt": "0", "low.size": "n_ties"}),
    (r"z = \lfloor u \cdot 2 \cdot n_{ties} \rfloor", nulls,
     "uniform(2 * attempt + 1 & 0xFFFFFFFF, 2 + (attempt >> 31), NULL, k0, k1) * 2 * low.size",
     {"attempt": "0", "low.size": "n_ties"}, "int(it)"),
    (r"\lfloor z / 2 \rfloor", nulls, "int(draw) >> 1", {"draw": "z"}),
]  # fmt: skip


def strength_at(strength, begin, s, ramp):
    return Intervention.strength_at(SimpleNamespace(strength=strength, begin=begin, end=None, ramp=ramp), s)


WORKED_OUT = {  # by functions, as no one line of code says it
    r"h(h-1)/2 + l": lambda h, l: drawing.n_pairs(h) + l,  # noqa: E741
    r"\max(0, n_a (d - (n_a - 1)), n_m (d - (n_m - 1)))": lambda n_a, n_m, d: blocks._room_across(n_a, n_m, d)[0],
    r"\min(n_a n_m, n_a d, n_m d)": lambda n_a, n_m, d: blocks._room_across(n_a, n_m, d)[1],
    r"m - 1": lambda m: drawing.distinct_numbers(m, m, 1, streams.TIES, 0).max(),
    r"f = strength \cdot \min(1, (s - begin + 1) / ramp)": strength_at,
    r"f = strength": lambda strength: strength_at(strength, 3, 4, 0),
}  # fmt: skip
# No numbers, or told by the words around them.
IN_WORDS = {r"h > l", r"\lfloor z \rfloor", r"\Phi^{-1}", r"+ - \times /", r"z \le 0", r"-\ln"}


# === reading ============================================================================================

INTO_PYTHON = [
    (r"n_\{x>0\}", "n_x0"), (r"([\d.]+) \\times 10\^\{(-\d+)\}", r"\1e\2"), (r"\\mathrm\{trait\}\([^)]*\) =", ""),
    (r"\\Phi\^\{-1\}", "normal_quantile"), (r"\\(?:mathrm|mathit|mathtt)\{(\w+)\}", r"\1"), (r"_\{(\w+)\}", r"_\1"),
    (r"\^\{([^}]*)\}|\^(\w)", r"**(\1\2)"), (r"\\lfloor", "floor("), (r"\\rfloor", ")"), (r"\\bmod", "%"),
    (r"\\(?:cdot|times|,)", "*"), (r"\\le", "<="), (r"\\ge", ">="), (r"\|(\w+)\|", r"abs(\1)"), (r"\bnd\b", "n * d"),
    (r"\\(\w+)", r"\1"), (r"\.\.\., ", ""),
]  # fmt: skip
FUNCTIONS = {"floor", "min", "max", "round", "clip", "exp", "abs", "normal_quantile", "u"}


def into_python(formula: str) -> str:
    """Return a formula of the page as Python; of "name = value" the value, unless `=` asks whether they are equal."""
    for pattern, into in INTO_PYTHON:
        formula = re.sub(pattern, into, formula)
    tokens = re.findall(r"\d+\.?\d*(?:e-?\d+)?|\w+|\*\*|[<>]=|\S", formula)
    out = []
    for before, token in itertools.pairwise(["(", *tokens]):
        starts, ended = token == "(" or token[0].isalnum(), before == ")" or before[0].isalnum()
        out += ["*"] * (starts and ended and not (token == "(" and before in FUNCTIONS)) + [token]
    return " ".join(out)


WHOLE = {"n", "n_a", "n_m", "n_adv", "n_x0", "d", "k", "c", "m", "h", "l", "i", "j", "top", "base", "rest", "able",
         "last", "n_ties", "draw", "step", "trial", "attempt", "person", "begin", "end", "s", "R", "pool", "degree",
         "size", "across", "strength", "ramp"}  # fmt: skip
BELOW = {"seed": 2**64, "w_0": 2**32, "w_1": 2**32, "degree_i": 2}
AT_THE_EDGE = [  # of what is asked
    {"u": 0.0, "T": 0.0, "n": 0, "q": 0.425, "r": 5.0}, {"a": 4, "b": 4, "c": 4, "e": 4},
]


def numbers(names, seed: int, *, asks: bool = False) -> dict:
    """Return random numbers of the kinds that names stand for: whole (and even), of many digits, or from 0 to 1."""
    draws = zip(sorted(names), streams.uniforms(seed, streams.DESIGN, len(names)), strict=True)
    values = {name: int(draw * BELOW[name]) if name in BELOW else 2 + 2 * int(30 * draw) if name in WHOLE else draw
              for name, draw in draws}  # fmt: skip
    edge = AT_THE_EDGE[seed] if asks and seed < len(AT_THE_EDGE) else {}
    return values | {name: value for name, value in edge.items() if name in values}


KNOWN = {"floor": math.floor, "exp": arithmetic.exponential, "exponential": arithmetic.exponential, "math": math,
         "np": np, "power_of_two": arithmetic.power_of_two,
         "normal_quantile": lambda u: arithmetic.normal_quantile(u or 5.5e-17),
         "clip": rules.clip, "MOST_NEW_TIES": course.MOST_NEW_TIES, "_MOST_TRIALS": rings._MOST_TRIALS,
         "TIES": streams.TIES, "REWIRE": streams.REWIRE, "NULL": streams.NULL, "k0": 11, "k1": 12,
         "uniform": lambda person, step, purpose, *_: streams.uniform(person, step, purpose, 11, 12),
         "min": min, "max": max, "abs": abs, "round": round, "int": int, "len": len, "range": range}  # fmt: skip


def names_in(*texts: str) -> set[str]:
    """Return the names that stand for numbers."""
    found = {node.id for text in texts for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    return found - {"it", *KNOWN}


def worked_out(text: str, values: dict):
    return eval(text, {"__builtins__": {}}, KNOWN | values)


# === the formulas =======================================================================================

ENTRIES = [(formula, module, code, *rest, *({}, "it")[len(rest) :]) for formula, module, code, *rest in TOLD_IN_CODE]


def test_every_formula_of_the_running_text_is_held_to_something():
    held = {entry[0] for entry in ENTRIES} | set(WORKED_OUT) | IN_WORDS
    assert [formula for formula in FORMULAS if formula not in held and ARITHMETIC.search(formula)] == []
    assert sorted(held - set(FORMULAS)) == []


def in_names_of_the_page(code: str, renamed: dict) -> str:
    for name, into in renamed.items():
        end = r"(?!\w)" if name[-1].isalnum() else ""
        code = re.sub(rf"(?<!\w){re.escape(name)}{end}", into, code)
    return code


@pytest.mark.parametrize(("formula", "module", "code", "renamed", "made_of_it"), ENTRIES, ids=lambda one: str(one)[:40])
def test_a_formula_gives_what_the_code_gives(formula, module, code, renamed, made_of_it):
    assert code in " ".join(inspect.getsource(inspect.getmodule(module)).split())
    code, told = in_names_of_the_page(code, renamed), into_python(formula)
    asks = made_of_it == "not it" or bool(re.search("==|<", code))
    told = told.replace(" = ", " == ") if asks else told.split(" = ")[-1]
    for seed in range(20):
        values = numbers(names_in(told, code, made_of_it), seed, asks=asks)
        if "u (" in told:
            values["u"] = KNOWN["uniform"]
        elif "uniform" in code:  # the page says "u", whatever it is drawn for
            values["uniform"] = lambda *_, luck=values["u"]: luck
        found = worked_out(made_of_it, values | {"it": worked_out(code, values)})
        assert worked_out(told, values) == found, (told, code, values)


@pytest.mark.parametrize("formula", WORKED_OUT)
def test_a_formula_gives_what_a_function_gives(formula):
    function = WORKED_OUT[formula]
    told = into_python(formula).split(" = ")[-1]
    for seed in range(20):
        values = numbers(inspect.signature(function).parameters, seed)
        values |= {"s": values["s"] + values["begin"]} if "begin" in values else {}
        assert worked_out(told, values) == function(**values), (told, values)


# === blocks, and which symbol is whose ==================================================================

BLOCKS = re.findall(r"^```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_block_on_philox_gives_its_words():
    assignments = re.sub(r" xor ", " ^ ", BLOCKS[0].replace(" (hexadecimal)", ""))
    assignments = re.sub(r"\b(?=[\dA-F]{8}\b)", "0x", assignments).replace("mod 2^32", "% 2**32")
    lines = [line for row in assignments.splitlines() for line in re.split(r" {3,}(?=[Bk])", row)]
    assert len(lines) == 5
    words = {f"c{i}": 10**9 * i + 7 for i in range(4)} | {"k0": 123456789, "k1": 2**32 - 5}
    expected = streams.philox(*words.values())
    for _ in range(10):
        for line in lines:
            target, _, value = line.partition(" = ")
            value = re.sub(r"^(.*) % (.*)$", r"(\1) % \2", value)
            made = eval(value, {"__builtins__": {}, "hi": lambda z: z >> 32, "lo": lambda z: z % 2**32}, words)
            words |= zip(target.split(", "), made, strict=True) if "," in target else {target: made}
    assert tuple(words[f"c{i}"] for i in range(4)) == expected


def test_coefficients_stand_in_their_order():
    source = inspect.getsource(arithmetic)
    told = [[float(number) for number in re.findall(r"[\d.]+(?:e-\d+)?(?=\s)", re.sub(r".*:\n", "\n", block))]
            for block in BLOCKS[1:]]  # fmt: skip
    polynomials = [r"\bp = (?:p \* r \+ )?([\d.e-]+)", r"\b(?:top|low) = (?:(?:top|low) \* r \+ )?([\d.e-]+)"]
    assert told == [[float(number) for number in re.findall(pattern, source)] for pattern in polynomials]
    assert [len(numbers) for numbers in told] == [13, 48]
    heads = re.findall(r"^(?:r <= 5|else), (?:top|low):$", BLOCKS[2], re.MULTILINE)
    assert heads == ["r <= 5, top:", "r <= 5, low:", "else, top:", "else, low:"]


GREEK = {"λ": "lambda", "τ": "tau", "σ": "sigma", "ρ": "rho", "δ": "delta", "κ": "kappa", "π": "pi", "η": "eta",
         "ω": "omega", "ν": "nu", "ψ": "psi", "θ": "theta", "χ": "chi"}  # fmt: skip


def test_symbols_beside_the_names_of_knobs_are_theirs():
    symbol_of = {knob.name: re.sub("[α-ω]", lambda letter: GREEK[letter[0]], knob.symbol) for knob in KNOBS}
    beside = re.findall(r"`(\w+)` \$\\?([^$]+)\$", FLAT)
    told = [(name, symbol) for name, symbol in beside if name in symbol_of]
    assert len(told) > 30
    assert [one for one in told if one[1] != symbol_of[one[0]]] == []


def test_ties_that_change_places_are_those_of_the_code():
    (kept,) = re.findall(r"\$c\$-\$d\$ become (\$\w\$-\$\w\$) and\s+(\$\w\$-\$\w\$)", PROSE)
    assert kept == tuple(f"${a}$-${b}$" for a, b in re.findall(r"min\((\w), (\w)\) \* n_people", _line(nulls)))
    (kept,) = re.findall(r"they become ties (\$\w\$-\$\w\$) and (\$\w\$-\$\w\$)", FLAT)
    pairs = re.findall(r"min\((\w), (\w)\) \* n_people", _line(regular))
    assert kept == tuple(f"${a}$-${b}$".replace("$d$", "$e$") for a, b in pairs)


def _line(module) -> str:
    return re.search(r"first, second = .*", inspect.getsource(module))[0]
