"""Notebooks are short, explain and show, define nothing, and are committed without outputs."""

import ast
import json
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))
MOST_CELLS, MOST_LINES = 30, 10
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path, kind):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def code(path):
    """Return the code of each cell."""
    return ["".join(cell["source"]) for cell in cells(path, "code")]


def test_there_are_notebooks():
    assert NOTEBOOKS


@each_notebook
def test_it_is_committed_without_outputs(path):
    for cell in cells(path, "code"):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None
        assert cell["metadata"] == {}


@each_notebook
def test_it_names_no_kernel_but_the_common_one(path):
    metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    assert metadata == {"kernelspec": kernel, "language_info": {"name": "python"}}


@each_notebook
def test_it_defines_nothing(path):
    defined = [
        node
        for source in code(path)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, DEFINITIONS)
    ]
    assert defined == []


@each_notebook
def test_it_is_short(path):
    sources = code(path)
    assert len(sources) <= MOST_CELLS
    lines = [[line for line in source.split("\n") if line.strip()] for source in sources]
    assert max(map(len, lines)) <= MOST_LINES


@each_notebook
def test_it_explains_what_it_shows(path):
    kinds = [cell["cell_type"] for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
    assert kinds[0] == "markdown"
    assert kinds.count("markdown") >= kinds.count("code") / 2
    assert "".join(cells(path, "markdown")[0]["source"]).startswith("# ")
