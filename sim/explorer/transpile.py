"""Python functions as JavaScript: a small subset, and a refusal for everything outside it.

The rules of the model are written once, in Python. What the page runs is made from their syntax trees, so a changed
rule changes the page, and one that uses something new stops the page from being made until somebody has thought about
it.

What is translated: arithmetic on floats and on whole numbers that fit 53 bits, comparisons of two values, conditions,
loops over ranges and lists, tuples, named tuples, comprehensions, calls by position, methods of the people. Conditions
have to be true or false (an empty list counts as true in JavaScript). Integer operators (``>> & ^``) mean what they
mean in Python for operands from 0 to 2**32 - 1 (``&``: to 2**53).
"""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterable

OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
WHOLE = {ast.RShift: ">>>", ast.BitAnd: "&", ast.BitXor: "^"}  # results are made unsigned by >>> 0
COMPARISONS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "===", ast.NotEq: "!=="}
RESERVED = {"private", "public", "new", "function", "var", "let", "const", "this", "default", "switch", "delete"}
BUILTINS = {"abs": "Math.abs", "int": "whole", "min": "Math.min"}
SAME = {"Stance", "Response"}  # enumerations of numbers: in the page an act is its number
ATTRIBUTES = {"size": "length", "append": "push"}  # of arrays and lists


class RefusedError(Exception):
    """The Python code uses something that has no agreed meaning in JavaScript."""


class Script:
    """JavaScript made from functions and classes of the library, each with everything that it uses.

    Parameters
    ----------
    primitives : iterable of str
        Names that are written by hand in JavaScript (``module.function``); what they use is not looked at.

    Examples
    --------
    >>> script = Script()
    >>> script.add_function("sim.rules", "larger")
    >>> print(script.text())
    function larger(a, b) {
      return ((a > b) ? a : b);
    }
    """

    def __init__(self, primitives: Iterable[str] = ()):
        self.primitives = set(primitives)
        self._parts: dict[str, str] = {}
        self._trees: dict[str, dict[str, ast.AST]] = {}

    def text(self) -> str:
        """Return everything added so far, in an order in which it can be run."""
        return "\n\n".join(self._parts.values())

    def add_function(self, module: str, name: str) -> None:
        """Add a function and whatever it calls."""
        self._add(f"function {name}", lambda: _Function(self, module).function(self._definition(module, name), name))

    def add_class(self, module: str, name: str, base: str, *, written_by_hand: Iterable[str] = ()) -> None:
        """Add a class with all its methods but those `written_by_hand`, which its base has to bring.

        Raises
        ------
        RefusedError
            Also when one that is said to be written by hand is not there: then the base is for another class.
        """
        tree, by_hand = self._definition(module, name), set(written_by_hand)
        methods = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        if missing := by_hand - {node.name for node in methods}:
            raise RefusedError(f"{module}.{name} has no {', '.join(sorted(missing))}")
        body = [_Function(self, module).method(node) for node in methods if node.name not in by_hand]
        self._parts[f"class {name}"] = f"class {name} extends {base} {{\n" + "\n".join(body) + "\n}"

    def add_method(self, module: str, owner: str, name: str, *, without: Iterable[str] = ()) -> None:
        """Add one method as a function of its object, leaving out some statements, given as they are written.

        Raises
        ------
        RefusedError
            Also when a statement to be left out is not there (any more).
        """
        methods = [node for node in self._definition(module, owner).body if isinstance(node, ast.FunctionDef)]
        tree = next(node for node in methods if node.name == name)
        left_out = {ast.unparse(ast.parse(text)) for text in without}
        kept = [statement for statement in tree.body if ast.unparse(statement) not in left_out]
        if len(kept) != len(tree.body) - len(left_out):
            raise RefusedError(f"{module}.{owner}.{name}: what is to be left out is not there as it was")
        tree.body = kept
        self._parts[f"function {owner}.{name}"] = _Function(self, module).function(tree, f"{owner}_{name}")

    def add_constant(self, module: str, name: str) -> None:
        """Add a number of a module."""
        value = getattr(importlib.import_module(module), name)
        self._add(f"const {name}", lambda: f"const {name} = {_number(value)};")

    def add_tuple(self, kind: type) -> None:
        """Add the constructor of a named tuple: an object with its fields."""
        names, fields = ", ".join(map(_safe, kind._fields)), ", ".join(kind._fields)
        if set(kind._fields) & RESERVED:
            raise RefusedError(f"{kind.__name__} has a field that is a word of JavaScript")
        self._add(f"tuple {kind.__name__}", lambda: f"function {kind.__name__}({names}) {{\n  return {{{fields}}};\n}}")

    def refer(self, module: str, name: str) -> str:
        """Return what a global name of a module is called in JavaScript, adding what it stands for."""
        home = importlib.import_module(module)
        if f"{module}.{name}" in self.primitives:
            return name
        value = getattr(home, name)
        if isinstance(value, bool) or (not isinstance(value, int | float | type) and not callable(value)):
            raise RefusedError(f"{module}.{name} is neither a number, a function nor a named tuple")
        if isinstance(value, int | float):
            self.add_constant(module, name)
        elif isinstance(value, type) and issubclass(value, tuple) and hasattr(value, "_fields"):
            self.add_tuple(value)
        elif isinstance(value, type):
            raise RefusedError(f"{module}.{name} is a class")
        else:
            origin = inspect.unwrap(getattr(value, "py_func", value)).__module__
            if f"{origin}.{name}" not in self.primitives:
                self.add_function(origin, name)
        return name

    def _add(self, key: str, make) -> None:
        if key not in self._parts:
            self._parts[key] = ""  # so that a function may call itself
            text = make()
            del self._parts[key]  # after what it uses, for constants are there only from their line on
            self._parts[key] = text

    def _definition(self, module: str, name: str):
        if module not in self._trees:
            tree = ast.parse(inspect.getsource(importlib.import_module(module)))
            self._trees[module] = {node.name: node for node in tree.body if hasattr(node, "name")}
        if name not in self._trees[module]:
            raise RefusedError(f"{module} defines no {name}")
        return self._trees[module][name]


class _Function:
    """The translation of one function."""

    def __init__(self, script: Script, module: str):
        self.script, self.module = script, module
        self.locals: set[str] = set()
        self.fresh = 0

    # --- definitions ----------------------------------------------------------------------------------------

    def function(self, tree: ast.FunctionDef, name: str) -> str:
        return f"function {_safe(name)}({self._signature(tree)}) " + self._body(tree, "")

    def method(self, tree: ast.FunctionDef) -> str:
        decorators = [ast.unparse(one) for one in tree.decorator_list]
        if decorators not in ([], ["property"]):
            self._refuse(tree, f"a method under {decorators}")
        kind = "get " if decorators else ""
        return f"  {kind}{tree.name}({self._signature(tree)}) " + self._body(tree, "  ")

    def _signature(self, tree: ast.FunctionDef) -> str:
        given = tree.args
        if given.vararg or given.kwarg or given.kwonlyargs or given.posonlyargs:
            self._refuse(tree, "arguments that are not plain ones")
        names = [one.arg for one in given.args]
        self.locals |= set(names)
        defaults = [None] * (len(names) - len(given.defaults)) + given.defaults
        return ", ".join(
            _safe(name) + (f" = {self.value(default)}" if default else "")
            for name, default in zip(names, defaults, strict=True)
            if name != "self"
        )

    def _body(self, tree: ast.FunctionDef, indent: str) -> str:
        arguments = set(self.locals)
        for node in ast.walk(tree):  # names of comprehensions belong to these alone
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self.locals.add(node.id)
        lines = self.statements(tree.body, indent + "  ")
        ours = sorted(self.locals - arguments - _names_of_comprehensions(tree))
        declared = [f"{indent}  let {', '.join(map(_safe, ours))};"] if ours else []
        return "{\n" + "\n".join([*declared, *lines]) + f"\n{indent}}}"

    # --- statements -----------------------------------------------------------------------------------------

    def statements(self, body, indent: str) -> list[str]:
        return [line for node in body for line in self.statement(node, indent)]

    def statement(self, node, indent: str) -> list[str]:
        make = getattr(self, f"_{type(node).__name__.lower()}_statement", None)
        if make is None:
            self._refuse(node, "this statement")
        return make(node, indent)

    def _expr_statement(self, node, indent):
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            return []  # a docstring
        return [f"{indent}{self.value(node.value)};"]

    def _return_statement(self, node, indent):
        return [f"{indent}return {self.value(node.value)};"]

    def _assign_statement(self, node, indent):
        if len(node.targets) > 1:
            if not isinstance(node.value, ast.Constant):
                self._refuse(node, "one value that is not a number for several names")
            return [line for target in node.targets for line in self._put(target, self.value(node.value), indent)]
        target = node.targets[0]
        if isinstance(target, ast.Tuple):
            return self._put_tuple(target, node.value, indent)
        return self._put(target, self.value(node.value), indent)

    def _put(self, target, value: str, indent: str):
        if not isinstance(target, ast.Name | ast.Attribute | ast.Subscript):
            self._refuse(target, "an assignment to this")
        return [f"{indent}{self.value(target)} = {value};"]

    def _put_tuple(self, target: ast.Tuple, value, indent: str):
        """Work out all values before any is put in its place, as Python does."""
        if isinstance(value, ast.Tuple):
            if len(value.elts) != len(target.elts):
                self._refuse(target, "an assignment of another number of values")
            fresh = [self._fresh() for _ in value.elts]
            lines = [f"{indent}const {name} = {self.value(v)};" for name, v in zip(fresh, value.elts, strict=True)]
        else:
            whole = self._fresh()
            lines = [f"{indent}const {whole} = {self.value(value)};"]
            fresh = [f"{whole}[{i}]" for i in range(len(target.elts))]
        for one, name in zip(target.elts, fresh, strict=True):
            lines += self._put(one, name, indent)
        return lines

    def _augassign_statement(self, node, indent):
        if type(node.op) not in OPERATORS:
            self._refuse(node, "this operator")
        return [f"{indent}{self.value(node.target)} {OPERATORS[type(node.op)]}= {self.value(node.value)};"]

    def _if_statement(self, node, indent):
        lines = [f"{indent}if ({self.value(node.test)}) {{", *self.statements(node.body, indent + "  ")]
        if node.orelse:
            lines += [f"{indent}}} else {{", *self.statements(node.orelse, indent + "  ")]
        return [*lines, f"{indent}}}"]

    def _while_statement(self, node, indent):
        if node.orelse:
            self._refuse(node, "else of a loop")
        head = f"{indent}while ({self.value(node.test)}) {{"
        return [head, *self.statements(node.body, indent + "  "), f"{indent}}}"]

    def _for_statement(self, node, indent):
        if node.orelse or not isinstance(node.target, ast.Name):
            self._refuse(node, "this kind of loop")
        name, over = _safe(node.target.id), node.iter
        if isinstance(over, ast.Call) and isinstance(over.func, ast.Name) and over.func.id == "range":
            head = self._range(name, over)
        else:
            head = f"for ({name} of {self.value(over)})"
        return [f"{indent}{head} {{", *self.statements(node.body, indent + "  "), f"{indent}}}"]

    def _range(self, name: str, over: ast.Call) -> str:
        values = [self.value(one) for one in over.args]
        low, high = ("0", values[0]) if len(values) == 1 else values[:2]
        step = ast.literal_eval(over.args[2]) if len(values) == 3 else 1
        if step not in (1, -1):
            self._refuse(over, "a range in larger steps")
        test, move = ("<", "++") if step == 1 else (">", "--")
        return f"for ({name} = {low}; {name} {test} {high}; {name}{move})"

    # --- values ---------------------------------------------------------------------------------------------

    def value(self, node) -> str:
        make = getattr(self, f"_{type(node).__name__.lower()}", None)
        if make is None:
            self._refuse(node, "this expression")
        return make(node)

    def _constant(self, node):
        if isinstance(node.value, bool):
            return str(node.value).lower()
        if isinstance(node.value, str):
            return _text(node.value)
        return _number(node.value)

    def _name(self, node):
        if node.id in self.locals:
            return "this" if node.id == "self" else _safe(node.id)
        return self.script.refer(self.module, node.id)

    def _attribute(self, node):
        if isinstance(node.value, ast.Name) and node.value.id not in self.locals:
            home = getattr(importlib.import_module(self.module), node.value.id)
            if inspect.ismodule(home):
                return self.script.refer(home.__name__, node.attr)
            if isinstance(getattr(home, node.attr, None), str):  # a name of an enumeration of texts
                return _text(str(getattr(home, node.attr)))
            self._refuse(node, "this attribute")
        return f"{self.value(node.value)}.{ATTRIBUTES.get(node.attr, node.attr)}"

    def _subscript(self, node):
        if isinstance(node.slice, ast.Slice | ast.Tuple | ast.UnaryOp):
            self._refuse(node, "this kind of index")
        return f"{self.value(node.value)}[{self.value(node.slice)}]"

    def _unaryop(self, node):
        signs = {ast.USub: "-", ast.Not: "!"}
        if type(node.op) not in signs:
            self._refuse(node, "this operator")
        return f"({signs[type(node.op)]}{self.value(node.operand)})"

    def _binop(self, node):
        left, right = self.value(node.left), self.value(node.right)
        if type(node.op) in OPERATORS:
            return f"({left} {OPERATORS[type(node.op)]} {right})"
        if type(node.op) in WHOLE:
            return f"(({left} {WHOLE[type(node.op)]} {right}) >>> 0)"
        return self._refuse(node, "this operator")

    def _boolop(self, node):
        sign = " && " if isinstance(node.op, ast.And) else " || "
        return "(" + sign.join(map(self.value, node.values)) + ")"

    def _compare(self, node):
        if len(node.ops) == 1 and isinstance(node.ops[0], ast.Is | ast.IsNot):
            if not isinstance(node.comparators[0], ast.Constant) or node.comparators[0].value is not None:
                self._refuse(node, "this comparison")
            return f"({self.value(node.left)} {'===' if isinstance(node.ops[0], ast.Is) else '!=='} null)"
        if len(node.ops) > 1 or type(node.ops[0]) not in COMPARISONS:
            self._refuse(node, "this comparison")
        return f"({self.value(node.left)} {COMPARISONS[type(node.ops[0])]} {self.value(node.comparators[0])})"

    def _ifexp(self, node):
        return f"({self.value(node.test)} ? {self.value(node.body)} : {self.value(node.orelse)})"

    def _tuple(self, node):
        return "[" + ", ".join(map(self.value, node.elts)) + "]"

    _list = _tuple

    def _starred(self, node):
        return f"...{self.value(node.value)}"

    def _dict(self, node):
        if any(not isinstance(key, ast.Constant) for key in node.keys):
            self._refuse(node, "a dictionary of keys that are worked out")
        pairs = zip(node.keys, node.values, strict=True)
        return "{" + ", ".join(f"{_text(key.value)}: {self.value(value)}" for key, value in pairs) + "}"

    def _listcomp(self, node):
        return self._comprehension(node.elt, node.generators)

    def _generatorexp(self, node):
        return self._comprehension(node.elt, node.generators)

    def _comprehension(self, element, generators) -> str:
        first, *rest = generators
        if first.ifs or first.is_async:
            self._refuse(element, "a comprehension with a condition")
        over = self.value(first.iter)
        names = first.target.elts if isinstance(first.target, ast.Tuple) else [first.target]
        listed = ", ".join(_safe(name.id) for name in names)
        bound = f"([{listed}])" if isinstance(first.target, ast.Tuple) else f"({listed})"
        inner = self._comprehension(element, rest) if rest else self.value(element)
        return f"{over}.{'flatMap' if rest else 'map'}({bound} => {inner})"

    def _call(self, node):
        if node.keywords:
            self._refuse(node, "arguments by name")
        given = ", ".join(map(self.value, node.args))
        if isinstance(node.func, ast.Name) and node.func.id not in self.locals:
            if node.func.id in SAME:
                return given
            if node.func.id in BUILTINS:
                return f"{BUILTINS[node.func.id]}({given})"
        if isinstance(node.func, ast.Attribute):
            if ast.unparse(node.func) == "math.sqrt":
                return f"Math.sqrt({given})"
            if node.func.attr == "items" and not node.args:
                return f"Object.entries({self.value(node.func.value)})"
        return f"{self.value(node.func)}({given})"

    def _fresh(self) -> str:
        self.fresh += 1
        return f"${self.fresh}"

    def _refuse(self, node, what: str):
        place = f"{self.module}, line {node.lineno}" if hasattr(node, "lineno") else self.module
        raise RefusedError(f"{what} has no agreed meaning in the page: {ast.unparse(node)} ({place})")


def _names_of_comprehensions(tree) -> set[str]:
    kinds = (ast.ListComp, ast.GeneratorExp)
    targets = [part.target for node in ast.walk(tree) if isinstance(node, kinds) for part in node.generators]
    inside = {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    outside = {
        name.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AugAssign | ast.For)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        for name in ast.walk(target)
        if isinstance(name, ast.Name)
    }
    return inside - outside


def _number(value) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RefusedError(f"{value!r} is not a number")
    if (isinstance(value, int) and abs(value) > 2**53) or value != value:
        raise RefusedError(f"{value} is no number that JavaScript holds exactly")
    return repr(value)


def _text(value: str) -> str:
    if not value.isprintable() or set(value) & set("\"\\<"):
        raise RefusedError(f"the text {value!r} would need care in a page")
    return f'"{value}"'


def _safe(name: str) -> str:
    return f"{name}_" if name in RESERVED else name
