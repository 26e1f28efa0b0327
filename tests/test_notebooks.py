"""What every lesson keeps to; that they run is checked by .ci/notebooks."""

import ast
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "notebooks"
LESSONS = sorted(FOLDER.glob("*.ipynb"))
PARTS = ["Predict", "Run", "Investigate", "Modify", "Make", "What this cannot tell"]
ALLOWED = {"sim", "pandas", "networkx", "ipywidgets"}
SEEDED = {"simulate", "compare", "won_over", "two_groups"}
MOST_BYTES = 500_000
LONGEST_FUNCTION = 8

each = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def cells(path, kind):
    found = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == kind]
    return ["".join(cell["source"]) for cell in found]


def nodes(path, *kinds):
    return [node for text in cells(path, "code") for node in ast.walk(ast.parse(text)) if isinstance(node, kinds)]


def prose(path):
    return "\n".join(cells(path, "markdown"))


def test_there_are_eight_small_lessons_in_order():
    assert [path.name[:2] for path in LESSONS] == [f"{number}_" for number in range(1, 9)]
    assert sum(path.stat().st_size for path in LESSONS) < MOST_BYTES
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"\]\((\d_\w+\.ipynb)\)", readme) == [path.name for path in LESSONS]


@each
def test_nothing_that_was_computed_is_stored(path):
    book = json.loads(path.read_text(encoding="utf-8"))
    assert [cell["id"] for cell in book["cells"]] == [f"cell-{i:02d}" for i in range(1, len(book["cells"]) + 1)]
    for cell in book["cells"]:
        assert not cell.get("outputs") and cell.get("execution_count") is None
        assert cell["metadata"] == {}
        assert "interact(" not in "".join(cell["source"])  # see .ci/notebooks
    assert set(book["metadata"]) == {"kernelspec", "language_info"}


@each
def test_a_lesson_has_its_parts_in_order(path):
    text = prose(path)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == PARTS
    assert text.startswith(f"# {path.name[0]} · ")
    assert text.index("**You need**") < text.index("**You learn**") < text.index("## Predict")


@each
def test_exercises_have_folded_answers(path):
    text = prose(path)
    assert text.count("**Exercise.**") >= 2
    assert text.count("<details><summary>") == text.count("</summary>\n\n") == text.count("\n\n</details>")
    after = [part.split("**Exercise.**")[0] for part in text.split("**Exercise.**")[1:]]
    assert all("<details>" in part for part in after)


@each
def test_code_is_short_and_defines_no_classes(path):
    assert not nodes(path, ast.ClassDef)
    for function in nodes(path, ast.FunctionDef):
        assert function.end_lineno - function.lineno < LONGEST_FUNCTION, function.name
    for text in cells(path, "code"):
        assert len(text.splitlines()) <= 12 and max(map(len, text.splitlines())) <= 120


@each
def test_only_the_library_and_what_comes_with_it_is_imported(path):
    plain = {alias.name.split(".")[0] for node in nodes(path, ast.Import) for alias in node.names}
    parts = {node.module.split(".")[0] for node in nodes(path, ast.ImportFrom)}
    assert plain | parts <= ALLOWED


@each
def test_no_run_is_without_a_seed(path):
    for call in nodes(path, ast.Call):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name in SEEDED:
            has_seed = any(word.arg == "seed" for word in call.keywords) or name == "won_over"
            assert has_seed, ast.unparse(call)
    for mapping in nodes(path, ast.Dict):
        keys = {key.value for key in mapping.keys if isinstance(key, ast.Constant)}
        assert "replicates" not in keys or "seed" in keys


@each
def test_paths_are_relative_and_lead_somewhere(path):
    text = "\n".join(cells(path, "code") + cells(path, "markdown"))
    assert not re.search(r"[\"'(](/|[A-Z]:\\|~|https?:)", text)
    for file in re.findall(r"read_csv\(\"([^\"]+)\"", text):
        assert (FOLDER / file).is_file()
