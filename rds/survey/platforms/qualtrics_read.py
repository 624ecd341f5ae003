"""Qualtrics exports: three header rows (also those of 2016), two header rows, workbooks."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

import pandas as pd

from rds.survey.export import NOT_TICKED, TICKED, Export, ExportColumn
from rds.survey.platforms import qualtrics_about as about
from rds.survey.platforms.blocks import BLOCK_CELLS
from rds.survey.platforms.files import ReceivedFile
from rds.survey.platforms.opening import file_problem, holds_anything
from rds.survey.platforms.qualtrics_codebook import read_codebook
from rds.survey.platforms.qualtrics_columns import (
    Asked,
    agrees,
    asked_columns,
    describe,
    strangers,
)
from rds.survey.platforms.qualtrics_layout import Layout, is_header_again, read_layout

_SEEN_BUT_UNANSWERED = "-99"
_NOT_CHOSEN = ("", "0", _SEEN_BUT_UNANSWERED, "false")
_SEVERAL_NUMBERS = re.compile(r"-?\d+(?:,-?\d+)+")
_E_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-zA-Z]{2,}")
_ENDED = "q_terminateflag"
_SHOWN = 3

_Rows = dict[int, list[str]]
_Table = dict[str, list[str]]


def read(file: ReceivedFile) -> Export:
    """Return a Qualtrics export.

    Numbers among the answers are what Qualtrics calls recode values; they are known to be ours
    only if the survey file (QSF) is given as codebook.

    Raises
    ------
    InputError
        In one problem, why the export or its codebook cannot be used.
    """
    layout = read_layout(file)
    rows = _answer_rows(file, layout)
    codebook = read_codebook(file.codebook) if file.codebook else None
    asked = asked_columns(layout.headers, layout.style, codebook)
    if codebook is not None:
        _refuse_other_survey(file, asked)
    kept, left_out, unknown = _kept_rows(layout, rows, with_tests=file.with_tests)
    table = _table(layout, kept)
    described = _described(layout, asked, table, _table(layout, rows))
    cells = _cells(layout, asked, described, table)
    columns = tuple(column.name for column in described)
    differing = [column.header.header for column in asked.values() if not agrees(column)]
    all_known = all(column.question for column in asked.values())
    return Export(
        source=file.name,
        sha256=file.sha256,
        layout="wide",
        columns=columns,
        blocks=lambda: _blocks(cells, list(kept)),
        assumed=(*file.assumed, *_assumed(unknown, differing, file)),
        platform="qualtrics",
        described=described,
        left_out=left_out,
        codes_are_ours=codebook is not None and all_known and not differing,
    )


def _answer_rows(file: ReceivedFile, layout: Layout) -> _Rows:
    """Return the rows below the header rows that hold anything, by row number."""
    width = len(layout.headers)
    rows: _Rows = {}
    for number, row in islice(enumerate(file.rows(), 1), layout.first_row - 1, None):
        if not holds_anything(row):
            continue
        if is_header_again(row, layout):
            raise file_problem(
                file.name,
                "the header rows a second time",
                "header rows at the top only",
                "export the answers again; give several exports as several files",
                place=f"row {number}",
            )
        rows[number] = [*row[:width], *[""] * (width - len(row))]
    if not rows:
        raise file_problem(
            file.name,
            "header rows only",
            "answers below the header rows",
            "export the answers again",
        )
    _refuse_cut_off(file)
    return rows


def _refuse_cut_off(file: ReceivedFile) -> None:
    """Refuse a text file that ends in the middle of a row: fewer cells and no end of line."""
    if file.kind != "text":
        return
    with file.path.open(encoding=file.encoding, newline="") as text:
        widths = [len(row) for row in csv.reader(text, delimiter=file.separator) if row]
    with file.path.open(encoding=file.encoding, newline="") as text:
        ended = text.read().endswith(("\n", "\r"))
    if widths[-1] < widths[0] and not ended:
        raise file_problem(
            file.name,
            f"{widths[-1]} of {widths[0]} cells in the last row: the file was cut short",
            "the whole file",
            "download or copy the export again",
        )


def _refuse_other_survey(file: ReceivedFile, asked: Mapping[str, Asked]) -> None:
    """Refuse a codebook that does not know the questions of the export."""
    codebook = file.codebook.name if file.codebook else ""
    foreign = strangers(asked.values())
    if not foreign and (not asked or any(column.question for column in asked.values())):
        return
    names = ", ".join(f"“{column.header.header}”" for column in foreign[:_SHOWN])
    more = ", …" if len(foreign) > _SHOWN else ""
    raise file_problem(
        codebook,
        f"other questions than in {file.name}" + (f": {names}{more}" if foreign else ""),
        "the survey that the answers were exported from",
        "export survey file and answers once more from the same Qualtrics survey",
    )


def _kept_rows(
    layout: Layout, rows: _Rows, *, with_tests: bool
) -> tuple[_Rows, dict[str, int], list[str]]:
    """Return the rows of respondents, how many others there are, and unknown response types."""
    places = {about.key(header): place for place, header in enumerate(layout.headers)}
    status, channel = places.get("status"), places.get("distributionchannel")
    reasons: Counter[str] = Counter()
    unknown: dict[str, None] = {}
    kept = {}
    for number, row in rows.items():
        kind = "" if status is None else row[status]
        reason = about.reason_to_leave_out(kind, "" if channel is None else row[channel])
        if reason and not with_tests:
            reasons[reason] += 1
            continue
        if not reason and not about.is_known_status(kind):
            unknown[kind] = None
        kept[number] = row
    return kept, dict(reasons), list(unknown)


def _table(layout: Layout, rows: _Rows) -> _Table:
    """Return the cells by column name."""
    cells = zip(*rows.values(), strict=True) if rows else ((),) * len(layout.headers)
    names = (header.name for header in layout.headers)
    return {name: list(column) for name, column in zip(names, cells, strict=True)}


def _described(
    layout: Layout, asked: Mapping[str, Asked], table: _Table, all_rows: _Table
) -> tuple[ExportColumn, ...]:
    """Return what is known of every column."""
    others = [header for header in layout.headers if header.name not in asked]
    filled = {name: any(cell.strip() for cell in cells) for name, cells in table.items()}
    known = {
        name: ExportColumn(name=name, role=role)
        for name, role in about.roles(others, filled).items()
    }
    known |= {
        name: _refined(column, asked[name], all_rows[name])
        for name, column in describe(asked, layout.style).items()
    }
    return tuple(known[header.name] for header in layout.headers)


def _refined(column: ExportColumn, place: Asked, cells: Sequence[str]) -> ExportColumn:
    """Add what only the answers show: several numbers in a cell, e-mail addresses."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    addresses = sum(1 for cell in filled if _E_MAIL.fullmatch(cell))
    if addresses * 2 > len(filled):
        return ExportColumn(name=column.name, role="personal")
    is_typed = place.header.import_id.upper().endswith("TEXT") or not place.header.import_id
    if place.place.numbers or place.question or is_typed:
        return column
    several = any(_SEVERAL_NUMBERS.fullmatch(cell) for cell in filled)
    return replace(column, separator=",") if several else column


def _cells(
    layout: Layout,
    asked: Mapping[str, Asked],
    described: Sequence[ExportColumn],
    table: _Table,
) -> _Table:
    """Return the cells with Qualtrics' own marks made plain."""
    keys = {about.key(header): header.name for header in layout.headers}
    none = [""] * len(next(iter(table.values())))
    progress, ended = (table.get(keys.get(name, ""), none) for name in ("progress", _ENDED))
    cells = {}
    for column in described:
        found = table[column.name]
        if column.role == "status":
            found = list(map(about.status_of, found, progress, ended))
        elif column.role in ("started", "submitted"):
            found = list(map(about.date_reader(found), found))
        elif column.role == "answer":
            found = [_answer(cell, column.labels) for cell in found]
        cells[column.name] = found
    for names in _ticked_together(asked, described):
        cells |= _ticks({name: table[name] for name in names})
    return cells


def _answer(cell: str, labels: Mapping[str, str]) -> str:
    """Return an answer; nothing for “seen but unanswered”, unless it is the code of an option."""
    if _SEEN_BUT_UNANSWERED not in cell or _SEEN_BUT_UNANSWERED in labels:
        return cell
    return "" if cell.strip().removesuffix(".0") == _SEEN_BUT_UNANSWERED else cell


def _ticked_together(
    asked: Mapping[str, Asked], described: Sequence[ExportColumn]
) -> Iterator[list[str]]:
    """Yield the names of columns that are ticked together: those of a question, or of a row."""
    together: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for column in described:
        if column.role == "answer" and asked[column.name].ticks:
            place = asked[column.name].place
            together[place.loop, place.question, place.numbers[:-1]].append(column.name)
    yield from together.values()


def _ticks(columns: _Table) -> _Table:
    """Return ticked or not ticked; nothing where no option of the question was chosen."""
    chosen = {
        name: [cell.strip().removesuffix(".0").casefold() not in _NOT_CHOSEN for cell in cells]
        for name, cells in columns.items()
    }
    answered = [any(row) for row in zip(*chosen.values(), strict=True)]
    return {
        name: [
            "" if not any_chosen else TICKED if ticked else NOT_TICKED
            for ticked, any_chosen in zip(ticks, answered, strict=True)
        ]
        for name, ticks in chosen.items()
    }


def _assumed(unknown: Sequence[str], differing: Sequence[str], file: ReceivedFile) -> Iterator[str]:
    """Yield what had to be assumed beyond the opening of the file."""
    if unknown:
        kinds = ", ".join(f"“{kind}”" for kind in unknown)
        yield f"answers of the response type {kinds} were kept as those of respondents"
    if differing and file.codebook:
        names = ", ".join(f"“{name}”" for name in differing[:_SHOWN])
        more = ", …" if len(differing) > _SHOWN else ""
        yield (
            f"{names}{more}: {file.codebook.name} has another question text; "
            "its answers were not used there"
        )


def _blocks(cells: _Table, numbers: list[int]) -> Iterator[pd.DataFrame]:
    """Yield the rows as blocks of text; one without rows when every row was left out."""
    step = 1 + BLOCK_CELLS // max(1, len(cells))
    for start in range(0, max(1, len(numbers)), step):
        part = {name: column[start : start + step] for name, column in cells.items()}
        yield pd.DataFrame(part, index=numbers[start : start + step], dtype=str)
