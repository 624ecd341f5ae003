"""Exports of ODK and KoboToolbox read as text: what both have in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd

from rds.survey.export import NOT_TICKED, TICKED, Export, ExportColumn
from rds.survey.platforms.blocks import text_blocks
from rds.survey.platforms.files import ReceivedFile
from rds.survey.platforms.opening import file_problem, holds_anything
from rds.survey.platforms.xlsform_book import FormField, read_form
from rds.survey.platforms.xlsform_columns import Flavour, described_columns

_TICKS = {"1": TICKED, "true": TICKED, "0": NOT_TICKED, "false": NOT_TICKED}
_CODES = re.compile(r"\d{1,5}( \d{1,5})*")
_TIMES = ("started", "submitted")

_Row = list[str]
Reason = Callable[[dict[str, str]], str]
"""Why a row, by header, is no answer of a respondent; empty when it is one."""


def headers_of(file: ReceivedFile) -> list[str]:
    """Return the headers of a table, trimmed; none if it is no table."""
    if file.kind not in ("text", "workbook"):
        return []
    row = next((row for row in file.head if holds_anything(list(row))), ())
    return [cell.strip() for cell in row]


def read_export(file: ReceivedFile, platform: str, flavour: Flavour, reason: Reason) -> Export:
    """Return an export; the form, given beside it, tells labels and questions.

    Raises
    ------
    InputError
        In one problem, why the file cannot be used.
    """
    header_row, headers = _header(file)
    fields = read_form(file.codebook) if file.codebook else ()
    described = described_columns(headers, flavour, fields)
    _refuse_another_form(file, described, fields)
    outside = _outside(file, header_row, headers, reason)
    described = _with_separators(file, header_row, described, outside)
    described = _with_options(file, header_row, described, outside)
    columns = tuple(column.name for column in described)

    def blocks() -> Iterator[pd.DataFrame]:
        rows = _mended_rows(file, header_row, described)
        for block in text_blocks(rows, header_row, columns):
            kept = block.loc[~block.index.isin(list(outside))] if outside else block
            if len(kept):
                yield kept

    return Export(
        source=file.name,
        sha256=file.sha256,
        layout="wide",
        columns=columns,
        blocks=blocks,
        assumed=file.assumed,
        platform=platform,
        described=described,
        left_out=dict(Counter(outside.values())),
        codes_are_ours=bool(fields),
    )


def _header(file: ReceivedFile) -> tuple[int, list[str]]:
    """Return the number of the header row and its headers, or say why there is none to read."""
    filled = ((n, row) for n, row in enumerate(file.rows(), 1) if holds_anything(row))
    number, cells = next(filled, (0, []))
    headers = [cell.strip() for cell in cells]
    below = next(filled, None)
    again = "download the answers again"
    if below is None:
        raise file_problem(
            file.name, "a header row without answers", "answers below the header row", again
        )
    if [cell.strip() for cell in below[1]] == headers:
        raise file_problem(
            file.name, "the header row twice", "the header row once", again, place=f"row {below[0]}"
        )
    return number, headers


def _refuse_another_form(
    file: ReceivedFile, described: Sequence[ExportColumn], fields: Sequence[FormField]
) -> None:
    """Raise if a form was given that asks for less than half of the answers."""
    names = {field.name for field in fields}
    answers = [column for column in described if column.role == "answer"]
    missing = [column for column in answers if column.question not in names]
    if fields and 2 * len(missing) > len(answers):
        raise file_problem(
            file.name,
            f"{len(missing)} of {len(answers)} columns of answers that the form"
            f" {file.codebook and file.codebook.name} does not ask for",
            "the form that the answers come from",
            "give the form of the same project, or read the answers without it",
        )


def _below(file: ReceivedFile, header_row: int) -> Iterator[tuple[int, _Row]]:
    """Yield the numbered rows below the header that hold anything."""
    for number, row in enumerate(file.rows(), 1):
        if number > header_row and holds_anything(row):
            yield number, row


def _outside(
    file: ReceivedFile, header_row: int, headers: Sequence[str], reason: Reason
) -> dict[int, str]:
    """Return why rows are no answers of respondents, by row number."""
    pairs = (
        (number, reason(dict(zip(headers, row, strict=False))))
        for number, row in _below(file, header_row)
    )
    return {number: why for number, why in pairs if why}


def _with_separators(
    file: ReceivedFile,
    header_row: int,
    described: Sequence[ExportColumn],
    outside: dict[int, str],
) -> tuple[ExportColumn, ...]:
    """Note where cells hold several codes, which only a blank can separate."""
    open_columns = {n for n, c in enumerate(described) if c.role == "answer" and not c.option}
    several: set[int] = set()
    for number, row in _below(file, header_row):
        if number in outside:
            continue
        for column in list(open_columns):
            cell = row[column].strip()
            codes = cell.split(" ")
            if cell and (not _CODES.fullmatch(cell) or len(set(codes)) < len(codes)):
                open_columns.discard(column)
            elif len(codes) > 1:
                several.add(column)
    return tuple(
        replace(column, separator=" ") if n in several & open_columns else column
        for n, column in enumerate(described)
    )


def _with_options(
    file: ReceivedFile,
    header_row: int,
    described: Sequence[ExportColumn],
    outside: dict[int, str],
) -> tuple[ExportColumn, ...]:
    """Take the lines of a group for the options of a question where ticks alone stand below.

    Only labels need this: a rating shows its label, and names say what is an option.
    """
    lines = {n for n, c in enumerate(described) if c.row_text and not c.question}
    groups = {described[n].question_text for n in lines}
    ticked: set[str] = set()
    for number, row in _below(file, header_row) if lines else ():
        if number in outside:
            continue
        for n in lines:
            cell, group = row[n].strip(), described[n].question_text
            if cell == TICKED:
                ticked.add(group)
            elif cell not in ("", NOT_TICKED):
                groups.discard(group)
    return tuple(
        replace(column, row_text="", option_text=column.row_text)
        if n in lines and column.question_text in groups & ticked
        else column
        for n, column in enumerate(described)
    )


def _mended_rows(
    file: ReceivedFile, header_row: int, described: Sequence[ExportColumn]
) -> Iterator[_Row]:
    """Yield all rows of a file, those below the header in rds's own words."""
    times = [n for n, column in enumerate(described) if column.role in _TIMES]
    options: dict[str, list[int]] = {}
    for n, column in enumerate(described):
        if column.role == "answer" and (column.option or column.option_text):
            options.setdefault(column.question or column.question_text, []).append(n)
    for number, row in enumerate(file.rows(), 1):
        yield row if number <= header_row else _mended(row, times, list(options.values()))


def _mended(row: _Row, times: Sequence[int], options: Sequence[Sequence[int]]) -> _Row:
    """Return a row with times and ticks as rds writes them.

    A question without a single tick was not answered: some exports write zeros for that.
    """
    cells = list(row)
    for number in times:
        cells[number] = moment(cells[number])
    for numbers in options:
        ticks = [_TICKS.get(cells[n].strip().casefold(), cells[n]) for n in numbers]
        for number, tick in zip(numbers, ticks, strict=True):
            unknown = tick == NOT_TICKED and TICKED not in ticks
            cells[number] = "" if unknown else tick
    return cells


def moment(cell: str) -> str:
    """Return a time as 2026-05-04T10:20:31, in UTC if its offset is known; else as it stands.

    Examples
    --------
    >>> moment("2017-10-23T05:40:39.000-04:00"), moment("2026-01-01 10:20:00"), moment("1/2/26")
    ('2017-10-23T09:40:39', '2026-01-01T10:20:00', '1/2/26')
    """
    text = cell.strip()
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return text
    if len(text) <= len("2026-01-01"):
        return text
    utc = read.astimezone(UTC) if read.tzinfo else read
    return utc.replace(tzinfo=None, microsecond=0).isoformat()
