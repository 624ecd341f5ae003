"""The columns of SurveyJS results: what each holds, and its cells."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rds.survey.export import NOT_TICKED, TICKED, ColumnRole, ExportColumn
from rds.survey.platforms.column_names import column_names, names_a_person
from rds.survey.platforms.surveyjs_about import about_text, one_for_each_role, role_of, status_of
from rds.survey.platforms.surveyjs_book import FILES, NO_ANSWERS, SEVERAL, TYPED, AskedFor, Book
from rds.survey.platforms.surveyjs_records import COMMENT, TOTAL, Leaf, Result, Said, is_code
from rds.survey.platforms.words import plain_text

_SEPARATORS = (";", "|", ",", "\n")
_APART = re.compile(r"\s*[,;|]\s*")


@dataclass(frozen=True)
class Column:
    """A column: where in a result it stands, one of several options if so, and what it is.

    `options` are the codes of all options of the question; `tells_status` holds also for a column
    that another one of the kind outdid.
    """

    leaf: Leaf
    described: ExportColumn
    options: tuple[str, ...] = ()
    tells_status: bool = False


def columns_of(results: Sequence[Result], book: Book, said: Said) -> tuple[Column, ...]:
    """Return the columns of results, in the order of the survey if that is known."""
    values = _values(results, book)
    columns = [
        column for leaf in values for column in _columns(leaf, values[leaf], values, book, said)
    ]
    names = column_names([column.described.name for column in columns])
    roles = one_for_each_role([(c.leaf.name, c.described.role) for c in columns])
    return tuple(
        replace(
            column,
            described=_with_role(replace(column.described, name=name), role),
            tells_status=column.described.role == "status",
        )
        for column, name, role in zip(columns, names, roles, strict=True)
    )


def cells_of(columns: Sequence[Column], result: Result) -> list[str]:
    """Return the cells of a result."""
    telling = [column.leaf for column in columns if column.tells_status]
    status = status_of({leaf.name: text_of(result.get(leaf)) for leaf in telling})
    return [_cell(column, result.get(column.leaf), status) for column in columns]


def text_of(value: Any, separator: str = "") -> str:
    """Return a value as text.

    Examples
    --------
    >>> text_of(3.0), text_of(True), text_of(None), text_of([1, 2], ";")
    ('3', 'true', '', '1;2')
    """
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if separator and isinstance(value, list) and not any(isinstance(v, dict) for v in value):
        return separator.join(map(text_of, value))
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return str(value)


def _values(results: Sequence[Result], book: Book) -> dict[Leaf, list[Any]]:
    """Return the distinct values of everything asked and answered, question by question."""
    by_question: dict[tuple[str, bool], dict[Leaf, dict[str, Any]]] = {}
    asked = ((leaf, None) for one in book.values() for leaf in _leaves(one))
    answered = ((leaf, value) for result in results for leaf, value in result.items())
    for leaf, value in (*asked, *answered):
        question = leaf.question.removesuffix(COMMENT)
        of_question = by_question.setdefault((question, leaf.is_about), {})
        values = of_question.setdefault(leaf, {})
        if text_of(value):
            values.setdefault(text_of(value), value)
    return {
        leaf: list(values.values())
        for of_question in by_question.values()
        for leaf, values in of_question.items()
    }


def _leaves(asked: AskedFor) -> Iterator[Leaf]:
    """Yield where the answers to a question stand."""
    if asked.kind in NO_ANSWERS:
        return
    if not asked.rows and not asked.columns:
        yield Leaf(asked.name)
    for row in asked.rows:
        for column in asked.columns or ("",):
            yield Leaf(asked.name, row, column)


def _columns(
    leaf: Leaf, values: list[Any], leaves: Iterable[Leaf], book: Book, said: Said
) -> Iterator[Column]:
    """Yield the columns that a value is spread over."""
    asked = book.get(leaf.question.removesuffix(COMMENT))
    described = ExportColumn(leaf.name, _role(leaf, values, leaves, asked))
    if described.role != "answer":
        yield Column(leaf, described)
        return
    described = _with_texts(_with_codes(leaf, described), leaf, asked, said)
    options = tuple(asked.options) if asked and asked.kind in SEVERAL else ()
    if options and not described.is_open_text and _all_known(values, options):
        for option in options:
            words = asked.options[option] if asked else ""
            name = f"{leaf.name}.{option}"
            of_option = replace(described, name=name, option=option, option_text=words)
            yield Column(leaf, of_option, options)
        return
    separator = _separator(values)
    labels = {} if described.is_open_text else _labels(leaf, values, asked, said)
    yield Column(leaf, replace(described, labels=labels, separator=separator))


def _role(
    leaf: Leaf, values: Sequence[Any], leaves: Iterable[Leaf], asked: AskedFor | None
) -> ColumnRole:
    """Return what a column is."""
    base = leaf.question.removesuffix(TOTAL)
    if asked is not None:
        return _role_asked(asked)
    if base != leaf.question and any(one.question == base for one in leaves):
        return "technical"
    if any(map(_is_file, values)):
        return "personal"
    name = leaf.question.removesuffix(COMMENT)
    if leaf.row or leaf.column:
        return "answer"
    if name != leaf.question:
        return "personal" if names_a_person(name) else "answer"
    return role_of(name, [text_of(value) for value in values], is_around=leaf.is_about)


def _role_asked(asked: AskedFor) -> ColumnRole:
    """Return what a column is whose question is known."""
    if asked.kind in NO_ANSWERS:
        return "technical"
    named = names_a_person(asked.name) or names_a_person(asked.text)
    private = asked.personal or asked.kind in FILES or (asked.kind in TYPED and named)
    return "personal" if private else "answer"


def _is_file(value: Any) -> bool:
    """Tell whether a value is something sent up: files, a signature."""
    if isinstance(value, list):
        return any(isinstance(one, dict) and "content" in one for one in value)
    return isinstance(value, str) and value.startswith("data:")


def _with_codes(leaf: Leaf, described: ExportColumn) -> ExportColumn:
    """Add question and row, and whether it holds what was typed beside an answer."""
    question, column = leaf.question.removesuffix(COMMENT), leaf.column.removesuffix(COMMENT)
    return replace(
        described,
        question=".".join(filter(None, (question, column))),
        row=leaf.row,
        is_open_text=(question, column) != (leaf.question, leaf.column),
    )


def _with_texts(
    described: ExportColumn, leaf: Leaf, asked: AskedFor | None, said: Said
) -> ExportColumn:
    """Add what people read: from the survey, from plain data, or names that are no codes."""
    name = leaf.question.removesuffix(COMMENT)
    question = asked.text if asked else said.questions.get(name, _own_words(name))
    row = said.rows.get((leaf.question, leaf.row), "" if asked else _own_words(leaf.row))
    position = 0
    if asked and leaf.row in asked.rows:
        row, position = asked.rows[leaf.row], list(asked.rows).index(leaf.row) + 1
    column = asked.columns.get(leaf.column) if asked else None
    words = column.text if column else _own_words(leaf.column)
    text = f"{question} [{words}]" if words and question else question or words
    return replace(described, question_text=text, row_text=row, position=position)


def _own_words(name: str) -> str:
    """Return a name that people read, since it is no code."""
    return "" if not name or is_code(name) else plain_text(name)


def _labels(
    leaf: Leaf, values: Sequence[Any], asked: AskedFor | None, said: Said
) -> Mapping[str, str]:
    """Return the words of codes, where the cells hold codes."""
    if asked is None:
        return {} if said.is_contradicted else said.labels.get(leaf, {})
    column = asked.columns.get(leaf.column)
    options = column.options if column else asked.options
    codes = {text_of(value) for value in values if not isinstance(value, list)}
    return {} if codes and codes.isdisjoint(options) else options


def _all_known(values: Sequence[Any], options: Sequence[str]) -> bool:
    """Tell whether every answer is made of known options."""
    return all(_chosen(value, options) <= set(options) for value in values)


def _chosen(value: Any, options: Sequence[str]) -> set[str]:
    """Return the options that an answer names."""
    if isinstance(value, list):
        return set(map(text_of, value))
    text = text_of(value)
    return {text} if text in options else set(filter(None, _APART.split(text)))


def _separator(values: Sequence[Any]) -> str:
    """Return what can stand between several answers in one cell; nothing if no cell has them."""
    lists = [value for value in values if isinstance(value, list)]
    inside = "".join(text_of(one) for value in lists for one in value)
    free = (mark for mark in _SEPARATORS if mark not in inside)
    return next(free, "\n") if lists else ""


def _with_role(described: ExportColumn, role: ColumnRole) -> ExportColumn:
    """Return a column with its role; what is no answer has no codes."""
    return described if role == "answer" else ExportColumn(described.name, role)


def _cell(column: Column, value: Any, status: str) -> str:
    """Return the cell of a column."""
    described = column.described
    if described.role == "status":
        return status
    if not column.options:
        return about_text(described.role, text_of(value, described.separator))
    chosen = _chosen(value, column.options)
    return "" if not chosen else TICKED if described.option in chosen else NOT_TICKED
