"""The lines of a form of judgements that came back, held against what was asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rds.documents.form_reader import ReturnedForm
from rds.documents.judgement_sheets import (
    LEVELS,
    PERCENTS,
    RELEVANCE,
    SORTING,
    link_sheets,
    rating_sheets,
)
from rds.errors import Problem, nearest
from rds.outline.judgements import Ask, Judged
from rds.sheets import Row


class Line(NamedTuple):
    """One judgement: its place and its value."""

    place: Judged
    value: str


class _Asked(NamedTuple):
    """What one sheet asks about: its key, and the words by identifier."""

    key: str
    words: Mapping[str, str]


def lines_of(
    form: ReturnedForm, ask: Ask, tasks: Sequence[str]
) -> tuple[list[Line], list[Problem]]:
    """Return the judgements of all sheets but the percentages, and what is wrong with identifiers.

    Parameters
    ----------
    form
        The form, read.
    ask
        What was asked.
    tasks
        The tasks whose links were asked of this person.
    """
    lines: list[Line] = []
    problems: list[Problem] = []
    for sheet, asked in _asked(ask, tasks).items():
        rows = form.rows.get(sheet, ())
        problems += _identifier_problems(rows, asked)
    columns = {SORTING: ("sorting", "domain_id"), RELEVANCE: ("relevance", "relevance")}
    columns[LEVELS] = ("levels", "level")
    for sheet, (part, column) in columns.items():
        key = "statement_id" if part == "relevance" else "task_id"
        lines += [
            Line((part, row.text(key), ""), row.text(column))
            for row in form.rows.get(sheet, ())
            if row.text(column)
        ]
    for sheet, own in link_sheets([name for name in ask.tasks if name in tasks]):
        lines += _links(form.rows.get(sheet, ()), own, ask)
    for sheet, (_, scales) in rating_sheets(ask).items():
        lines += [
            Line(("ratings", row.text("statement_id"), scale.name), row.text(scale.name))
            for row in form.rows.get(sheet, ())
            for scale in scales
            if row.text(scale.name)
        ]
    return lines, problems


def reworded(form: ReturnedForm, ask: Ask) -> Iterator[tuple[str, str]]:
    """Yield what people wrote in place of a statement, once for each of them."""
    seen = set()
    for sheet, asked in _asked(ask, list(ask.tasks)).items():
        for row in form.rows.get(sheet, ()):
            name, text = row.text(asked.key), _plain(row.text("statement"))
            if text and name in asked.words and text != _plain(asked.words[name]):
                if (name, text) not in seen:
                    yield name, f"reworded: {row.text('statement')}"
                seen.add((name, text))


def _asked(ask: Ask, tasks: Sequence[str]) -> dict[str, _Asked]:
    """Return what each sheet of a form asks about."""
    own = [name for name in ask.tasks if name in tasks]
    sheets: dict[str, _Asked] = {}
    if "sorting" in ask.parts:
        sheets[SORTING] = _Asked("task_id", ask.tasks)
    if "relevance" in ask.parts:
        sheets[RELEVANCE] = _Asked("statement_id", ask.statements("relevance"))
    if "levels" in ask.parts:
        sheets[LEVELS] = _Asked("task_id", ask.tasks)
    if "links" in ask.parts:
        sheets |= {name: _Asked("ksa_id", ask.ksas) for name, _ in link_sheets(own)}
    if "percents" in ask.parts:
        sheets[PERCENTS] = _Asked("domain_id", ask.domains)
    ratings = {
        name: _Asked("statement_id", words) for name, (words, _) in rating_sheets(ask).items()
    }
    return {**sheets, **ratings}


def _links(rows: Sequence[Row], tasks: Sequence[str], ask: Ask) -> Iterator[Line]:
    """Yield the links of the tasks that were judged; a KSA left empty is not needed."""
    given = {(row.text("ksa_id"), task): row.text(task) for row in rows for task in tasks}
    for task in tasks:
        if any(given.get((ksa, task)) for ksa in ask.ksas):
            present = [ksa for ksa in ask.ksas if (ksa, task) in given]
            yield from (Line(("links", task, k), given[k, task] or "0") for k in present)


def _identifier_problems(rows: Sequence[Row], asked: _Asked) -> Iterator[Problem]:
    """Yield what is wrong with a sheet's identifiers: unknown, doubled, beside other words."""
    seen: set[str] = set()
    by_words = {_plain(text): name for name, text in asked.words.items()}
    for row in rows:
        name = row.text(asked.key)
        if name not in asked.words:
            if _is_filled(row, asked.key):
                close = nearest(name, asked.words) if name else ""
                mend = f"write “{close}”" if close else "restore the identifier as it was"
                yield row.problem(asked.key, "an identifier as the form was issued", mend)
            continue
        if name in seen:
            yield row.problem(asked.key, "each identifier once", "remove one of the rows")
        seen.add(name)
        other = by_words.get(_plain(row.text("statement") or row.text("title")), name)
        if other != name and _plain(asked.words[name]) != _plain(asked.words[other]):
            yield row.problem(
                asked.key,
                f"“{other}”, whose statement stands in this row",
                "undo the sorting of single columns; only whole rows may be sorted",
            )


def _is_filled(row: Row, key: str) -> bool:
    """Tell whether a row says anything beside a note."""
    return bool(row.text(key)) or any(value is not None for value in row.values.values())


def _plain(text: str) -> str:
    """Return words without regard to spaces."""
    return " ".join(text.split())
