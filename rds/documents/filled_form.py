"""Forms filled in as people would: for demonstrations, from lists of what they wrote."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from rds.documents.form_book import COVER
from rds.documents.study_look import row_height
from rds.files import deterministic_zip, write_atomically

Lines = Mapping[str, Sequence[Mapping[str, object]]]
"""What is written into empty rows, by sheet."""

Answers = Mapping[tuple[str, str], Mapping[str, Mapping[str, object]]]
"""What is written beside what stands there: by sheet and the column that names its rows."""

_NATURE = "Simulated"


def fill_in(
    path: Path,
    target: Path,
    *,
    nature: str,
    lines: Lines | None = None,
    answers: Answers | None = None,
    date: datetime.date,
) -> None:
    """Fill in a form and save it, the same bytes every time.

    Parameters
    ----------
    path
        The form as it was issued.
    target
        Where it is saved; its own path, to fill it in where it lies.
    nature
        What is written on its cover: that nobody filled it in.
    lines
        Values by column for the first empty rows of a sheet.
    answers
        Values by column for rows that stand there, by what names them.
    date
        The date that the file carries.
    """
    workbook: Any = load_workbook(path)
    cover = workbook[COVER]
    cover.cell(cover.max_row + 2, 1).value = _NATURE
    cover.cell(cover.max_row, 2).value = nature
    for sheet, rows in (lines or {}).items():
        for number, row in enumerate(rows, start=_first_empty(workbook[sheet])):
            _write(workbook[sheet], number, row)
    for (sheet, column), rows_by_name in (answers or {}).items():
        page = workbook[sheet]
        at = _columns(page)[column]
        for number in range(2, page.max_row + 1):
            _write(page, number, rows_by_name.get(str(page.cell(number, at).value), {}))
    content = io.BytesIO()
    workbook.save(content)
    write_atomically(target, deterministic_zip(content.getvalue(), date=date))


def _columns(page: Any) -> dict[str, int]:
    """Return where the columns of a sheet are, by the first line of their headers."""
    return {str(cell.value).partition("\n")[0]: cell.column for cell in page[1]}


def _first_empty(page: Any) -> int:
    """Return the first row with nothing in it."""
    numbers = range(2, page.max_row + 2)
    return next(n for n in numbers if all(cell.value is None for cell in page[n]))


def _write(page: Any, number: int, values: Mapping[str, object]) -> None:
    """Write values into the cells of a row, by column, and let its height follow."""
    columns = _columns(page) if values else {}
    for name, value in values.items():
        page.cell(number, columns[name]).value = value or None
    if values:
        cells = [page.cell(number, at).value for at in columns.values()]
        widths = [_width(page, at) for at in columns.values()]
        page.row_dimensions[number].height = row_height(cells, widths)


def _width(page: Any, at: int) -> int:
    """Return the width of a column; neighbours of one width are described together."""
    return next(int(d.width) for d in page.column_dimensions.values() if d.min <= at <= d.max)
