"""Reads exports of LimeSurvey: CSV and XLSX in every style of headers and answers, JSON and VV."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np
import pandas as pd

from rds.survey.export import Export, ExportColumn
from rds.survey.platforms.files import ReceivedFile
from rds.survey.platforms.limesurvey_book import Book, BookQuestion, read_book
from rds.survey.platforms.limesurvey_cells import (
    Cells,
    ColumnKind,
    is_none,
    looks_like_numbers,
    looks_like_ticks,
    settled,
    unmasked,
)
from rds.survey.platforms.limesurvey_headers import OTHERS, Header, read_headers, role_of
from rds.survey.platforms.limesurvey_table import AGAIN, Table, read_table
from rds.survey.platforms.opening import file_problem
from rds.survey.platforms.words import plain_text

_STATUS = "status (from submitdate)"
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(:\d\d)?(?:\.\d+)?)?")
_NO_DATE = "1980-01-01"
_BLIND = (
    "the file does not tell questions that were not shown from questions left empty; both count "
    "as not answered"
)
_BLIND_ARRAYS = (
    "in arrays the file does not tell rows that were not shown from rows left empty (an export of "
    "answer codes does); both count as not answered, except where nothing around was shown"
)
_NUMBERS, _TICKS = ("N", "K", ":"), ("M", "P")


def read(file: ReceivedFile) -> Export:
    """Read an export of LimeSurvey.

    Returns
    -------
    Export
        A column is added that says for every response whether it was submitted. In a question
        with a column for every option, the columns are described by their option when the
        structure or the answers show that they are ticks, else by their row. The two scales of a
        dual-scale array are two questions, ``D1dual[1]`` and ``D1dual[2]``.

    Raises
    ------
    InputError
        In one problem, why the file cannot be used.
    """
    book = read_book(file.codebook) if file.codebook else None
    table = read_table(file)
    headers = read_headers(table.headers, table.texts, book)
    _refuse_damaged(file, table, headers)
    numbered = _question_numbers(headers)
    kinds = _kinds(headers, numbered, table.cells, book)
    positions = _positions(headers, numbered, kinds)
    described = _described(table, headers, kinds, positions, book)
    frame = _frame(table, described, numbered, kinds)
    status = (ExportColumn(_STATUS, "status"),) if _STATUS in frame.columns else ()
    return Export(
        source=file.name,
        sha256=file.sha256,
        layout="wide",
        columns=tuple(frame.columns),
        blocks=lambda: iter((frame,)),
        assumed=file.assumed + _blind(table, headers, kinds),
        platform="limesurvey",
        described=(*described, *status),
    )


def _blind(table: Table, headers: Sequence[Header], kinds: Sequence[ColumnKind]) -> tuple[str, ...]:
    """Say so if the file does not tell what was not shown."""
    if not table.tells_not_shown:
        return (_BLIND,)
    nothing = is_none(table.cells)
    rows = [
        place
        for place, (header, kind) in enumerate(zip(headers, kinds, strict=True))
        if (header.row or header.row_text) and kind in ("other", "perhaps ticks")
    ]
    lost = rows and not nothing[:, rows].any() and (table.cells[:, rows] == "").any()
    return (_BLIND_ARRAYS,) if lost and nothing[:, _answers(headers)].any() else ()


def _answers(headers: Sequence[Header]) -> list[int]:
    """Return the places of the columns of answers."""
    return [place for place, header in enumerate(headers) if not header.known]


def _refuse_damaged(file: ReceivedFile, table: Table, headers: Sequence[Header]) -> None:
    """Raise if there are no responses, or a row is none."""
    if not table.numbers:
        raise file_problem(file.name, "headers only", "responses below the header row", AGAIN)
    known = [header.known for header in headers]
    wrong = [code for code in ("id", "submitdate") if known.count(code) > 1]
    if wrong or "id" not in known:
        found = f"several columns “{wrong[0]}”" if wrong else "no column “id” in the first row"
        raise file_problem(file.name, found, "the headers as LimeSurvey wrote them", AGAIN)
    ids = table.cells[:, known.index("id")]
    for number, identifier in zip(table.numbers, ids, strict=True):
        if not re.fullmatch(r"\d+(\.0+)?", identifier or ""):
            raise file_problem(
                file.name,
                f"“{identifier or ''}” instead of the number of a response",
                "one header row, then one response in every row",
                f"the file was edited, joined or cut off; {AGAIN}",
                place=f"row {number}",
            )


# What the columns are.


def _names(headers: Sequence[str]) -> tuple[str, ...]:
    """Return a name for every column: its header, with its place where that stands there twice."""
    stripped = [header.strip() for header in headers]
    return tuple(
        name if name and stripped.count(name) == 1 else f"{name} (column {place})".strip()
        for place, name in enumerate(stripped, 1)
    )


def _question_numbers(headers: Sequence[Header]) -> list[int]:
    """Return a number for the question of every column; columns of one stand side by side."""
    runs = groupby(header.block for header in headers)
    return [number for number, (_, run) in enumerate(runs) for _ in run]


def _kinds(
    headers: Sequence[Header], numbered: Sequence[int], cells: Cells, book: Book | None
) -> list[ColumnKind]:
    """Return what the cells of every column are."""
    kinds: list[ColumnKind] = ["other"] * len(headers)
    for _, group in groupby(range(len(headers)), key=lambda place: numbered[place]):
        places = list(group)
        question = book.questions.get(headers[places[0]].question) if book else None
        mine = [headers[place] for place in places]
        is_open = _open_places(mine, [cells[:, place] for place in places])
        closed = [place for place, typed in zip(places, is_open, strict=True) if not typed]
        kind = _kind([headers[n] for n in closed], [cells[:, n] for n in closed], question)
        for place, typed in zip(places, is_open, strict=True):
            kinds[place] = "open" if typed else kind
    return kinds


def _kind(
    headers: Sequence[Header], columns: Sequence[Cells], question: BookQuestion | None
) -> ColumnKind:
    """Return what the cells of a question are, its texts for “other” aside."""
    has_rows = all(header.row or header.row_text for header in headers)
    letter = question.kind if question else ""
    may_tick = has_rows and letter in ("", *_TICKS)
    if may_tick and looks_like_ticks(columns, is_known=letter in _TICKS):
        return "ticks"
    if letter:
        return "number" if letter in _NUMBERS else "nothing" if letter == "X" else "other"
    if has_rows and looks_like_ticks(columns, is_known=True):
        return "perhaps ticks"
    return "number" if looks_like_numbers(columns) else "other"


def _open_places(headers: Sequence[Header], columns: Sequence[Cells]) -> list[bool]:
    """Tell which columns of a question hold what was typed for “other”, or a comment."""
    rows = {header.row for header in headers}
    rowless = any(not (header.row or header.row_text) for header in headers)
    return [
        _is_open(header, rows)
        or (
            not header.row and header.row_text in OTHERS and (rowless or _is_typed(column, columns))
        )
        for header, column in zip(headers, columns, strict=True)
    ]


def _is_open(header: Header, rows: set[str]) -> bool:
    """Tell from its code whether a column holds what was typed."""
    ending = header.row.removesuffix("comment")
    return header.row == "other" or (ending != header.row and ending in {*rows, "other"})


def _is_typed(column: Cells, columns: Sequence[Cells]) -> bool:
    """Tell whether a column called “Other” holds something else than ticks as its neighbours do."""
    others = [one for one in columns if one is not column]
    return looks_like_ticks(others, is_known=False) and not looks_like_ticks(
        columns, is_known=False
    )


def _positions(
    headers: Sequence[Header], numbered: Sequence[int], kinds: Sequence[ColumnKind]
) -> list[int]:
    """Return which row of its question every column is, from 1; 0 for none."""
    counted: Counter[tuple[int, int]] = Counter()
    positions = []
    for header, number, kind in zip(headers, numbered, kinds, strict=True):
        is_row = bool(header.row or header.row_text) and kind != "open"
        counted[number, header.scale] += is_row
        positions.append(counted[number, header.scale] if is_row else 0)
    return positions


def _described(
    table: Table,
    headers: Sequence[Header],
    kinds: Sequence[ColumnKind],
    positions: Sequence[int],
    book: Book | None,
) -> tuple[ExportColumn, ...]:
    """Return what the file says of every column."""
    has_token = any(header.known == "token" for header in headers)
    columns = []
    for place, (name, header) in enumerate(zip(_names(table.headers), headers, strict=True)):
        if kinds[place] == "nothing":
            columns.append(ExportColumn(name, "technical"))
        elif header.known:
            is_contact = header.known == "email" and not has_token
            role = "contact" if is_contact else role_of(header.known)
            columns.append(ExportColumn(name, role))
        else:
            labels = _labels(header, table.cells[:, place], book)
            column = _answer(name, header, kinds[place], book)
            columns.append(replace(column, position=positions[place], labels=labels))
    return tuple(columns)


def _answer(name: str, header: Header, kind: ColumnKind, book: Book | None) -> ExportColumn:
    """Return what a header says of a column of answers."""
    codes, texts = (header.row, ""), (header.row_text, "")
    if kind == "ticks":
        codes, texts = ("", header.row), ("", header.row_text)
    return ExportColumn(
        name,
        "answer",
        f"{header.question}[{header.scale}]"
        if header.question and header.scale
        else header.question,
        *codes,
        f"{header.question_text} [{_scale_text(header, book)}]".strip()
        if header.scale
        else header.question_text,
        *texts,
        is_open_text=kind == "open",
    )


def _scale_text(header: Header, book: Book | None) -> str:
    """Return the words above one of two scales."""
    question = book.questions.get(header.question) if book else None
    said = book.said(question.headers[header.scale - 1]) if book and question else ""
    return plain_text(said) or f"Scale {header.scale}"


def _labels(header: Header, column: Cells, book: Book | None) -> Mapping[str, str]:
    """Return the words of the codes, unless the cells hold words already."""
    question = book.questions.get(header.question) if book else None
    if book is None or question is None or header.row in ("other", "comment"):
        return {}
    answers = question.answers[header.scale == 2]
    said = {plain_text(text) for words in answers.values() for text in words.values()} | OTHERS
    values = set(column.tolist()) - {None, ""}
    if not values <= set(answers) and said & {plain_text(value) for value in values}:
        return {}
    return {code: plain_text(book.said(words)) for code, words in answers.items()}


# The answers.


def _frame(
    table: Table,
    described: Sequence[ExportColumn],
    numbered: Sequence[int],
    kinds: Sequence[ColumnKind],
) -> pd.DataFrame:
    """Return the cells as text, with a column for the status."""
    roles = [column.role for column in described]
    submitted = roles.index("submitted") if "submitted" in roles else None
    finished = None
    if submitted is not None:
        finished = np.array([bool(cell) for cell in table.cells[:, submitted]])
    cells = np.where(is_none(table.cells), "", table.cells)
    answers = [place for place, role in enumerate(roles) if role == "answer"]
    if answers:
        cells[:, answers] = settled(
            table.cells[:, answers],
            [numbered[place] for place in answers],
            [kinds[place] for place in answers],
            finished,
        )
    for place, role in enumerate(roles):
        tidy = _date if role in ("started", "submitted") else unmasked
        cells[:, place] = [tidy(cell) for cell in cells[:, place]]
    names = [column.name for column in described]
    frame = pd.DataFrame(cells, index=list(table.numbers), columns=names, dtype=str)
    if finished is not None:
        frame[_STATUS] = np.where(finished, "complete", "partial")
    return frame


def _date(text: str) -> str:
    """Return a time as 2026-05-04T10:20:31; that of surveys without times as nothing."""
    date = _DATE.fullmatch(text.strip())
    if date is None:
        return text
    if date[1] == _NO_DATE:
        return ""
    return f"{date[1]}T{date[2] or '00:00'}{date[3] or ':00'}"
