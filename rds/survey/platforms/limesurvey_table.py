"""The answers in a LimeSurvey export of any kind, as they stand there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rds.errors import InputError
from rds.survey.platforms.files import ReceivedFile
from rds.survey.platforms.limesurvey_cells import Cells, vv_cell
from rds.survey.platforms.limesurvey_headers import looks_like_limesurvey
from rds.survey.platforms.opening import file_problem, holds_anything

AGAIN = "export the answers from LimeSurvey again"
"""What to do about a damaged file."""


@dataclass(frozen=True)
class Table:
    """The answers as they stand in the file.

    `texts` is the row of question texts above the codes of a VV file; `numbers` counts the rows as
    a spreadsheet does; a cell is None where LimeSurvey stored nothing.
    """

    headers: tuple[str, ...]
    texts: tuple[str, ...]
    numbers: tuple[int, ...]
    cells: Cells
    tells_not_shown: bool


def recognise(file: ReceivedFile) -> bool:
    """Tell from its headers whether a file is an export of LimeSurvey."""
    if file.kind == "json":
        return any(looks_like_limesurvey(list(record)) for record in _responses(file)[:1])
    if file.kind == "text" and _starts_like_json(file):
        return True
    if file.kind not in ("text", "workbook"):
        return False
    try:
        return any(map(looks_like_limesurvey, file.head[:2]))
    except InputError:
        return file.kind == "text" and looks_like_limesurvey(_first_line(file))


def _starts_like_json(file: ReceivedFile) -> bool:
    """Tell whether a text begins as LimeSurvey's JSON does, so that only its end can be missing."""
    with file.path.open(encoding=file.encoding) as text:
        start = text.read(2000)
    return bool(
        re.match(r'\s*\{\s*"responses"\s*:\s*\[\s*\{\s*("\d+"\s*:\s*\{\s*)?"(id|Resp)', start)
    )


def _first_line(file: ReceivedFile) -> list[str]:
    """Return the cells of the first line of a text that cannot be read as a table."""
    with file.path.open(encoding=file.encoding) as text:
        return [cell.strip('"\n') for cell in text.readline().split(file.separator)]


def _responses(file: ReceivedFile) -> list[dict[str, Any]]:
    """Return the responses of a JSON export; older versions put each under its number."""
    try:
        documents = file.documents
    except json.JSONDecodeError:
        return []
    document = documents[0] if len(documents) == 1 else None
    responses = document.get("responses") if isinstance(document, dict) else None
    if not isinstance(responses, list) or not all(isinstance(one, dict) for one in responses):
        return []
    flat = []
    for response in responses:
        inner = list(response.values())
        flat.append(inner[0] if len(inner) == 1 and isinstance(inner[0], dict) else response)
    return flat


def read_table(file: ReceivedFile) -> Table:
    """Return the answers of a file of any kind."""
    if file.kind == "json":
        return _json_table(file)
    if _starts_like_json(file) if file.kind == "text" else False:
        raise file_problem(
            file.name, "JSON that breaks off or is damaged", "the whole export", AGAIN
        )
    if file.kind == "text" and _all_is_quoted(file) and not _is_vv(file):
        return _quoted_table(file)
    return _plain_table(file)


def _json_table(file: ReceivedFile) -> Table:
    """Return the answers of a JSON export."""
    responses = _responses(file)
    headers = tuple(responses[0])
    other = [n for n, response in enumerate(responses, 1) if tuple(response) != headers]
    if other:
        raise file_problem(
            file.name,
            "responses with different questions",
            "the same questions in every response",
            AGAIN,
            place=f"response {other[0]}",
        )
    rows = [
        [None if value is None else _json_text(value) for value in response.values()]
        for response in responses
    ]
    return Table(headers, (), tuple(range(1, len(rows) + 1)), _array(rows, len(headers)), True)


def _json_text(value: object) -> str:
    """Return a value of a JSON export as text."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _all_is_quoted(file: ReceivedFile) -> bool:
    """Tell whether the first lines hold no cell without quotation marks, as LimeSurvey writes."""
    with file.path.open(encoding=file.encoding, newline="") as opened:
        start = opened.read(1 << 20)
    outside = re.sub(r'"[^"]*(?:""[^"]*)*("|$)', "", start)
    return start.startswith('"') and not outside.strip(f"{file.separator}\r\n")


def _is_vv(file: ReceivedFile) -> bool:
    """Tell whether there is a row of texts above the row of codes."""
    first, second = (*file.head[:2], (), ())[:2]
    is_filled = 2 * sum(map(bool, first)) > len(first)
    return is_filled and "id" in second and "id" not in first and looks_like_limesurvey(second)


def _quoted_table(file: ReceivedFile) -> Table:
    """Return the answers of a CSV as LimeSurvey wrote it: nothing between separators is None."""
    with file.path.open(encoding=file.encoding, newline="") as opened:
        records = list(_records(opened.read(), file))
    headers = tuple(cell or "" for cell in records[0])
    kept = [(n, record) for n, record in enumerate(records, 1) if n > 1 and any(record)]
    short = [n for n, record in kept if len(record) != len(headers)]
    if short:
        raise file_problem(
            file.name,
            "a row with fewer or more cells than the header row",
            f"{len(headers)} cells in every row",
            f"the file was cut off or edited; {AGAIN}",
            place=f"row {short[0]}",
        )
    cells = _array([row for _, row in kept], len(headers))
    return Table(headers, (), tuple(n for n, _ in kept), cells, True)


def _records(text: str, file: ReceivedFile) -> Iterator[list[str | None]]:
    """Yield the records of a CSV; a cell without quotation marks and content is None."""
    separator = re.escape(file.separator)
    cell = re.compile(
        rf'(?:"([^"]*(?:""[^"]*)*)"|([^"\r\n{separator}]*))({separator}|\r\n|\r|\n|$)'
    )
    place, record = 0, list[str | None]()
    while place < len(text):
        found = cell.match(text, place)
        if found is None:
            list(file.rows())
            raise file_problem(file.name, "a damaged row", "cells in quotation marks", AGAIN)
        quoted, bare, end = found.groups()
        record.append(quoted.replace('""', '"') if quoted is not None else bare or None)
        if end != file.separator:
            yield record
            record = []
        place = found.end()
    if record:
        yield [*record, None]


def _plain_table(file: ReceivedFile) -> Table:
    """Return the answers of a workbook, a VV file, or a CSV that another program saved."""
    rows = [(n, row) for n, row in enumerate(file.rows(), 1) if holds_anything(row)]
    is_vv = _is_vv(file)
    texts = tuple(rows.pop(0)[1]) if is_vv else ()
    headers = tuple(rows.pop(0)[1])
    cells = [list(map(vv_cell, row)) if is_vv else list[str | None](row) for _, row in rows]
    numbers = tuple(n for n, _ in rows)
    return Table(headers, texts, numbers, _array(cells, len(headers)), is_vv)


def _array(rows: Sequence[Sequence[str | None]], width: int) -> Cells:
    """Return rows as an array of cells."""
    cells = np.empty((len(rows), width), dtype=object)
    for place, row in enumerate(rows):
        cells[place] = row
    return cells
