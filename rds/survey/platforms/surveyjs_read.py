"""SurveyJS results read as text: JSON in every shape it is kept in, or a flattened table."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from rds.errors import InputError
from rds.survey.export import Export
from rds.survey.platforms.blocks import BLOCK_CELLS
from rds.survey.platforms.column_names import column_names
from rds.survey.platforms.files import ReceivedFile
from rds.survey.platforms.opening import file_problem, holds_anything
from rds.survey.platforms.surveyjs_about import is_test
from rds.survey.platforms.surveyjs_book import SEVERAL, Book, is_survey, read_book
from rds.survey.platforms.surveyjs_columns import cells_of, columns_of, text_of
from rds.survey.platforms.surveyjs_records import (
    COMMENT,
    Result,
    Said,
    flatten,
    has_results,
    is_result,
    nested,
    paths_of,
    results_in,
    with_lists,
)
from rds.survey.platforms.surveyjs_write import LANGUAGE_VALUE, SCREENED_VALUE

AGAIN = "export the results again"

_MARKS = (LANGUAGE_VALUE, SCREENED_VALUE)
_OWN_HEADERS = {"pageNo", "timeSpent", "HappenedAt", "happenedAt", "surveyResult"}
_START = 4000
_GRID_START = re.compile(r'"[^"]+"\s*:\s*\{\s*"[^"]+"\s*:\s*("[^"]*"|-?\d)')
_FOREIGN_START = re.compile(r'"(submitdate|SurveyEntry|SurveyElements|_xform_id_string|values)"')

_Numbered = list[tuple[int, Any]]


def recognise(file: ReceivedFile) -> bool:
    """Tell from its content whether a file holds results of SurveyJS, or a survey by mistake."""
    if file.kind == "json":
        documents = _documents(file)
        if documents is None or any(map(is_survey, documents)):
            return documents is not None or _starts_like_results(file)
        return has_results(results_in(documents), _MARKS)
    if file.kind not in ("text", "workbook"):
        return False
    if file.kind == "text" and _starts_like_results(file):
        return True
    try:
        return _is_flattened(file)
    except InputError:
        return False


def read(file: ReceivedFile) -> Export:
    """Return results of SurveyJS; the survey's JSON, given beside them, tells words and options.

    Without it a column exists only if somebody answered it, and several answers to a question
    stay in one cell.

    Raises
    ------
    InputError
        In one problem, why the file cannot be used.
    """
    book = read_book(file.codebook)
    said = Said()
    numbers, results = _results(file, book, said)
    _refuse_another_survey(file, book, results)
    tests = {n for n, one in zip(numbers, results, strict=True) if _is_test(one)}
    outside = set() if file.with_tests else tests
    kept = [(n, one) for n, one in zip(numbers, results, strict=True) if n not in outside]
    described = columns_of([one for _, one in kept], book, said)
    names = tuple(column.described.name for column in described)
    if not names:
        found = "results without a single answer"
        raise file_problem(file.name, found, "at least one answer", AGAIN)
    cells = [cells_of(described, one) for _, one in kept]
    return Export(
        source=file.name,
        sha256=file.sha256,
        layout="wide",
        columns=names,
        blocks=lambda: _blocks([n for n, _ in kept], cells, names),
        assumed=file.assumed,
        platform="surveyjs",
        described=tuple(column.described for column in described),
        left_out={"survey preview": len(outside)} if outside else {},
    )


def _documents(file: ReceivedFile) -> tuple[Any, ...] | None:
    """Return what a JSON file holds; None when a line of it is damaged."""
    try:
        return file.documents
    except json.JSONDecodeError:
        return None


def _starts_like_results(file: ReceivedFile) -> bool:
    """Tell whether a text begins as results do, so that only its end can be missing or damaged."""
    with file.path.open(encoding=file.encoding) as text:
        start = text.read(_START)
    return (
        start.lstrip()[:1] in ("{", "[")
        and _GRID_START.search(start) is not None
        and _FOREIGN_START.search(start) is None
    )


def _is_flattened(file: ReceivedFile) -> bool:
    """Tell whether a table holds flattened results: paths as headers, and a sign of SurveyJS."""
    rows = [row for row in file.head if holds_anything(list(row))]
    if not rows:
        return False
    headers = [header.strip() for header in rows[0]]
    if not set(headers).isdisjoint(_MARKS):
        return True
    paths = [path for path in paths_of(headers, {}) if len(path) > 1]
    grids = {path[0] for path in paths}
    comments = {h.removesuffix(COMMENT) for h in headers if h.endswith(COMMENT)}
    signs = not comments.isdisjoint({*headers, *grids}) or not _OWN_HEADERS.isdisjoint(headers)
    if len(paths) > len(grids) and signs:
        return True
    return not paths and _holds_whole_results(headers, rows[1:])


def _holds_whole_results(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether a column of a table holds nothing but JSON, and that results."""
    if len(set(headers)) < len(headers):
        return False
    results = [nested([(header,) for header in headers], row) for row in rows]
    for header in headers:
        held = [one[header] for one in results if header in one]
        if held and all(isinstance(value, dict | list) for value in held):
            return has_results(results, _MARKS)
    return False


def _results(file: ReceivedFile, book: Book, said: Said) -> tuple[list[int], list[Result]]:
    """Return the results of a file and their numbers."""
    if file.kind == "json":
        numbered: _Numbered = list(enumerate(_json_results(file), 1))
    elif file.kind == "text" and _starts_like_results(file):
        raise _damaged(file)
    else:
        numbered = list(_table_results(file, book))
    numbers = [number for number, _ in numbered]
    results = [flatten(result, said) for _, result in numbered]
    if file.kind == "json":
        return numbers, results
    several = [one.name for one in book.values() if one.kind in SEVERAL]
    return numbers, with_lists(results, several)


def _json_results(file: ReceivedFile) -> list[Any]:
    """Return the results of a JSON file, or say why there are none to read."""
    documents = _documents(file)
    if documents is None:
        raise _damaged(file)
    if any(map(is_survey, documents)):
        raise file_problem(
            file.name,
            "a survey of SurveyJS, not the answers to it",
            "the results, as JSON",
            "give the file with the results; the survey can stand beside it as codebook",
        )
    results = results_in(documents)
    odd = [n for n, one in enumerate(results, 1) if not is_result(one)]
    if not results or odd:
        raise file_problem(
            file.name,
            "JSON without results" if not results else "something that is no result",
            "results as JSON objects, in a list or one a line",
            AGAIN,
            place=f"result {odd[0]}" if odd else "",
        )
    return results


def _damaged(file: ReceivedFile) -> InputError:
    """Return the error for JSON that cannot be read."""
    lines = file.path.read_text(encoding=file.encoding).splitlines()
    broken = (number for number, line in enumerate(lines, 1) if not _is_json(line))
    one_a_line = bool(lines) and _is_json(lines[0])
    place = f"line {next(broken, 1)}" if one_a_line else ""
    found = "JSON that breaks off or is damaged"
    return file_problem(file.name, found, "the whole export", AGAIN, place=place)


def _is_json(line: str) -> bool:
    """Tell whether a line is empty or a JSON document."""
    try:
        json.loads(line or "null")
    except ValueError:
        return False
    return True


def _table_results(file: ReceivedFile, book: Book) -> Iterator[tuple[int, Any]]:
    """Yield the rows of a table as results."""
    filled = ((n, row) for n, row in enumerate(file.rows(), 1) if holds_anything(row))
    _, cells = next(filled, (0, []))
    headers = [cell.strip() for cell in cells]
    known = {name: one.columns for name, one in book.items()}
    paths = paths_of(column_names(headers), known)
    number = 0
    for number, row in filled:
        if [cell.strip() for cell in row] == headers:
            found, wanted = "the header row twice", "the header row once"
            raise file_problem(file.name, found, wanted, AGAIN, place=f"row {number}")
        yield number, nested(paths, row)
    if not number:
        found = "a header row without answers" if headers else "an empty file"
        raise file_problem(file.name, found, "answers below the header row", AGAIN)


def _refuse_another_survey(file: ReceivedFile, book: Book, results: Sequence[Result]) -> None:
    """Raise if a survey was given that asks for less than half of the grids answered."""
    grids = {leaf.question for result in results for leaf in result if leaf.row}
    missing = grids - set(book)
    if book and 2 * len(missing) > len(grids):
        raise file_problem(
            file.name,
            f"{len(missing)} of {len(grids)} grids that the survey"
            f" {file.codebook and file.codebook.name} does not ask",
            "the survey that the results come from",
            "give the survey's own JSON, or read the results without it",
        )


def _is_test(result: Result) -> bool:
    """Tell whether somebody only tried the survey out."""
    return any(is_test(leaf.name, text_of(value)) for leaf, value in result.items())


def _blocks(
    numbers: Sequence[int], cells: Sequence[Sequence[str]], names: Sequence[str]
) -> Iterator[pd.DataFrame]:
    """Yield the cells in blocks."""
    size = 1 + BLOCK_CELLS // max(1, len(names))
    for start in range(0, len(cells), size):
        part = np.array(cells[start : start + size], dtype=object)
        index = list(numbers[start : start + size])
        yield pd.DataFrame(part, index=index, columns=list(names), dtype=str)
