"""From Python to JavaScript: what is translated is meant, and what is not understood is refused."""

from __future__ import annotations

import importlib
import sys

import pytest

from sim.explorer.model_script import PRIMITIVES, model_script
from sim.explorer.page import data
from sim.explorer.transpile import RefusedError, Script


@pytest.fixture
def translated(tmp_path, monkeypatch):
    """Return a function that writes a module and translates its function f."""
    monkeypatch.syspath_prepend(str(tmp_path))
    count = iter(range(1000))

    def translate(source: str) -> str:
        name = f"rules_to_translate_{next(count)}"
        (tmp_path / f"{name}.py").write_text(source)
        importlib.invalidate_caches()
        script = Script()
        try:
            script.add_function(name, "f")
        finally:
            sys.modules.pop(name, None)
        return script.text()

    return translate


def test_a_rule_becomes_what_it_means(translated):
    text = translated("LIMIT = 0.5\n\ndef f(p, x):\n    '''Words.'''\n    return p.weight * x if x > LIMIT else -x\n")
    assert text == (
        "const LIMIT = 0.5;\n\nfunction f(p, x) {\n  return ((x > LIMIT) ? (p.weight * x) : (-x));\n}"
    )


def test_all_values_are_worked_out_before_any_is_put_in_place(translated):
    lines = translated("def f(a, b):\n    a, b = b, a\n    return a - b\n").splitlines()
    assert lines[1:5] == ["  const $1 = b;", "  const $2 = a;", "  a = $1;", "  b = $2;"]


def test_whole_number_operators_stay_unsigned(translated):
    assert "(((a ^ 1) >>> 0) >>> 3) >>> 0" in translated("def f(a):\n    return (a ^ 1) >> 3\n")


@pytest.mark.parametrize(
    "body",
    [
        "return x ** 2", "return x // 2", "return x % 2", "return 0 < x < 1", "return x in (1, 2)", "return [*x][1:]",
        "return x[-1]", "return max(x, 1)", "return round(x)", "return lambda y: y", "return f'{x}'", "return g(k=x)",
        "import math", "with x: return 1", "try:\n        return 1\n    except ValueError:\n        return 2",
        "return {x: 1}", "return [y for y in x if y]", "global z", "return 9007199254740993", "del x", "x @= 2",
        "return x | 1", "return ~x", "raise ValueError", "assert x", "return 'a\"b'", "return None",
        "for a, b in x:\n        pass", "return x is True", "return (y := x)", "return range(0, x, 2)",
    ],
)  # fmt: skip
def test_what_has_no_agreed_meaning_is_refused(translated, body):
    with pytest.raises((RefusedError, AttributeError)):
        translated(f"def g(k):\n    return k\n\n\ndef f(x):\n    {body}\n")


@pytest.mark.parametrize("head", ["def f(*x):", "def f(*, x):", "def f(x, /):", "def f(**x):"])
def test_unusual_arguments_are_refused(translated, head):
    with pytest.raises(RefusedError):
        translated(f"{head}\n    return 1.0\n")


def test_a_step_that_reads_differently_is_refused():
    script = Script(PRIMITIVES)
    with pytest.raises(RefusedError, match="not there as it was"):
        script.add_method("sim.model", "AllyshipModel", "step", without=["self._changes[:] = 1"])


def test_people_who_gain_a_moment_written_by_hand_are_refused():
    with pytest.raises(RefusedError, match="has no dream"):
        Script(PRIMITIVES).add_class("sim.people", "Person", "Being", written_by_hand=("dream",))


def test_a_changed_rule_changes_the_page(monkeypatch):
    from sim.explorer import transpile

    before, digest = model_script(), data()["digest"]
    real = transpile.inspect.getsource
    monkeypatch.setattr(
        transpile.inspect, "getsource", lambda module: real(module).replace("- cost\n", "- 2.0 * cost\n")
    )
    model_script.cache_clear()
    try:
        assert "(2.0 * cost)" in model_script()
        assert model_script() != before
        assert data()["digest"] != digest  # so that a link of the page before is noticed
    finally:
        model_script.cache_clear()
