"""How the tables of the codebook look: headers, widths, heights. No content."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from math import ceil
from typing import Any, NamedTuple

from rds.survey.platforms.sheet_look import Look

_LINE_HEIGHT, _TALLEST_ROW, _LETTERS_PER_WIDTH = 13.5, 400, 1.1
_FROZEN = 2
_A3, _PRINTED = 8, 240


class Column(NamedTuple):
    """A column of a table: its header and its width in letters."""

    header: str
    width: int


def write_table(
    look: Look, name: str, columns: Sequence[Column], rows: Iterable[Sequence[str | int]]
) -> None:
    """Write a sheet with a table: headers that stay in view, filters, texts that wrap.

    Parameters
    ----------
    look
        The workbook.
    name
        Name of the sheet.
    columns
        Its columns.
    rows
        Its rows; numbers are written as numbers, texts as text.
    """
    worksheet = look.sheet(name, [column.width for column in columns])
    worksheet.set_paper(_A3)
    worksheet.fit_to_pages(ceil(sum(column.width for column in columns) / _PRINTED), 0)
    worksheet.repeat_columns(0, _FROZEN - 1)
    worksheet.set_row(0, 30)
    for position, column in enumerate(columns):
        worksheet.write_string(0, position, column.header, look.styles["header"])
    last = 0
    for last, row in enumerate(rows, 1):
        for position, cell in enumerate(row):
            _write(worksheet, (last, position), cell, look)
        worksheet.set_row(last, _height(row, columns))
    worksheet.freeze_panes(1, _FROZEN)
    worksheet.repeat_rows(0)
    worksheet.autofilter(0, 0, max(last, 1), len(columns) - 1)


def _write(worksheet: Any, place: tuple[int, int], cell: str | int, look: Look) -> None:
    """Write a number as a number, and every text as text."""
    if cell == "":
        worksheet.write_blank(*place, None, look.styles["told"])
    elif isinstance(cell, int):
        worksheet.write_number(*place, cell, look.styles["stored"])
    else:
        worksheet.write_string(*place, cell, look.styles["told"])


def _height(row: Sequence[str | int], columns: Sequence[Column]) -> float:
    """Return the height that shows the longest text of a row."""
    lines = max(
        sum(
            max(len(textwrap.wrap(part, int(column.width * _LETTERS_PER_WIDTH))), 1)
            for part in str(cell).split("\n")
        )
        for cell, column in zip(row, columns, strict=True)
    )
    return min(_LINE_HEIGHT * lines + 3, _TALLEST_ROW)
