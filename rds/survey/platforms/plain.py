"""Plain data files: a table of answers as CSV, TSV or XLSX, read as text and in blocks."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import pandas as pd
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from rds.cells import refuse_unreadable
from rds.errors import InputError, Problem, nearest
from rds.files import sha256_of_file
from rds.survey.export import Export
from rds.values import read_text

BLOCK_CELLS = 250_000
"""Cells that are held as text at a time."""

_LONG = (
    {"respondent", "respondent_id"},
    {"statement", "statement_id"},
    {"scale"},
    {"rating"},
)
_PUBLISHED = ({"statement", "statement_id"}, {"n"}, {"mean"})
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xls")
_WORKBOOK_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_UTF_16_STARTS = (b"\xff\xfe", b"\xfe\xff")
_ROWS_SAMPLED = 20

_Row = list[str]
_Rows = Callable[[], Iterator[_Row]]


def read_plain(path: Path, *, sheet: str | None = None) -> Export:
    r"""Open a table of answers: one header row, then one row a respondent or one row a rating.

    Text files may be separated by commas, semicolons or tabs, in UTF-8 (with or without a
    byte-order mark), UTF-16 with a byte-order mark, or else Windows-1252. Workbooks are read as
    what their cells show: whole numbers without decimals, dates as 2026-03-01, booleans as “yes”
    and “no”. Rows after the last that holds anything are left out; rows with fewer cells than
    headers end in empty ones.

    Parameters
    ----------
    path
        The file; what it is shows in its content, not in its name.
    sheet
        The sheet of a workbook; needed only if several hold data.

    Returns
    -------
    Export
        Its blocks are indexed by row number, the header's row counted, as a spreadsheet shows it.
        Columns without a header are named by their position. The layout is ``"long"`` if there
        are columns respondent (or respondent_id), statement (or statement_id), scale and rating,
        and ``"published"`` if there are statement, n and mean.

    Raises
    ------
    InputError
        In one problem, why the file cannot be used. Rows with more cells than headers are found
        only while the blocks are read, and raised after the last.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "answers.csv")
    ...     _ = path.write_text("respondent;T01_importance\nA;4\n")
    ...     export = read_plain(path)
    ...     export.columns, export.assumed, next(export.blocks()).loc[2].tolist()
    (('respondent', 'T01_importance'), ('cells are separated by semicolons',), ['A', '4'])
    """
    rows, assumed = _open_workbook(path, sheet) if _is_workbook(path) else _open_text(path)
    header_row, columns = _headers(path.name, rows())
    return Export(
        source=path.name,
        sha256=sha256_of_file(path),
        layout=_layout(columns),
        columns=columns,
        blocks=lambda: _blocks(rows(), header_row, columns),
        assumed=assumed,
    )


def _is_workbook(path: Path) -> bool:
    """Tell whether a file is a workbook, or calls itself one."""
    with path.open("rb") as file:
        start = file.read(4)
    return start in _WORKBOOK_STARTS or path.suffix.casefold() in _WORKBOOK_SUFFIXES


def _open_text(path: Path) -> tuple[_Rows, tuple[str, ...]]:
    """Return the rows of a text file and what had to be assumed to read them."""
    encoding = _encoding(path)
    separator = _separator(path, encoding)
    assumed = []
    if encoding == "cp1252":
        assumed.append("the file is not UTF-8; it was read as Windows-1252")
    if separator != ",":
        assumed.append(f"cells are separated by {_SEPARATORS[separator]}")
    return lambda: _text_rows(path, encoding, separator), tuple(assumed)


def _encoding(path: Path) -> str:
    """Return the encoding of a text file: by its byte-order mark, or the first that fits."""
    with path.open("rb") as file:
        marked = file.read(2) in _UTF_16_STARTS
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        if _is_text(path, encoding):
            return encoding
    raise _file_problem(
        path.name,
        "a file that is no text, or text in another encoding",
        "text in UTF-8, or an .xlsx workbook",
        "save the table as “CSV UTF-8” or as .xlsx",
    )


def _is_text(path: Path, encoding: str) -> bool:
    """Tell whether all of a file can be decoded, and holds no NUL as binary files do."""
    try:
        with path.open(encoding=encoding, newline="") as file:
            return all("\0" not in part for part in iter(lambda: file.read(1 << 20), ""))
    except UnicodeError:
        return False


def _separator(path: Path, encoding: str) -> str:
    """Return what separates the cells: it gives rows of one width, and as many cells as any."""

    def fit(separator: str) -> tuple[bool, bool, int]:
        widths: list[int] = []
        split = True
        with path.open(encoding=encoding, newline="") as file:
            reader = csv.reader(file, delimiter=separator, strict=True)
            try:
                widths.extend(len(row) for row in islice(reader, _ROWS_SAMPLED) if row)
            except csv.Error:
                split = False
        width = widths[0] if widths else 0
        return width > 1, split and len(set(widths)) == 1, width

    return max(_SEPARATORS, key=fit)


def _text_rows(path: Path, encoding: str, separator: str) -> Iterator[_Row]:
    """Yield the rows of a text file, all as wide as the first that holds anything."""
    width, last_line = 0, 0
    too_long = []
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=separator, strict=True)
        try:
            for row in reader:
                if not width and _holds_anything(row):
                    width = len(row)
                if len(row) > width and _holds_anything(row[width:]):
                    too_long.append(last_line + 1)
                yield row if len(row) == width else row[:width] + [""] * (width - len(row))
                last_line = reader.line_num
        except csv.Error:
            raise _file_problem(
                path.name,
                "a quotation mark that is not closed, or text after a closing one",
                "cells with quotation marks in pairs, those inside a cell doubled",
                "mend that line, or save the table as .xlsx",
                place=f"line {last_line + 1}",
            ) from None
    if too_long:
        shown = ", ".join(map(str, too_long[:3])) + (", …" if len(too_long) > 3 else "")
        raise _file_problem(
            path.name,
            f"{len(too_long)} rows with more cells than the header row",
            f"at most {width} cells in a row",
            "put cells that hold a separator in quotation marks, or save the table as .xlsx",
            place=f"line {shown}",
        )


def _open_workbook(path: Path, sheet: str | None) -> tuple[_Rows, tuple[str, ...]]:
    """Return the rows of the sheet that was named, or of the only one that holds anything."""
    damaged = _file_problem(
        path.name,
        "a damaged workbook",
        "an .xlsx workbook that can be read",
        "open it in a spreadsheet program and save it again as .xlsx",
    )
    try:
        refuse_unreadable(path)
        workbook = CalamineWorkbook.from_path(path)
        sheets = {name: workbook.get_sheet_by_name(name) for name in workbook.sheet_names}
    except (CalamineError, BadZipFile, NotImplementedError):
        raise damaged from None
    if not sheets:
        raise damaged
    chosen = sheets[_chosen_sheet(path.name, sheets, sheet)]
    return lambda: (list(map(_cell_text, row)) for row in chosen.iter_rows()), ()


def _chosen_sheet(file: str, sheets: dict[str, CalamineSheet], wanted: str | None) -> str:
    """Return the name of the sheet to read."""
    if wanted is not None and wanted not in sheets:
        meant = nearest(wanted, sheets)
        raise _file_problem(
            file,
            f"no sheet “{wanted}”",
            f"one of its sheets: {', '.join(sheets)}",
            f"write “{meant}”" if meant else "name one of them",
        )
    filled = [name for name in sheets if any(map(any, sheets[name].iter_rows()))]
    if wanted is None and len(filled) > 1:
        raise _file_problem(
            file,
            f"{len(filled)} sheets that hold data: {', '.join(filled)}",
            "one",
            "say which sheet to read, or remove the others",
        )
    return wanted or (filled or list(sheets))[0]


# A sheet repeats few values very often; `typed` keeps True apart from 1.0.
@lru_cache(maxsize=4096, typed=True)
def _cell_text(cell: object) -> str:
    """Return what a cell of a workbook shows; text as it stands."""
    return cell if isinstance(cell, str) else read_text(cell)


def _headers(file: str, rows: Iterable[_Row]) -> tuple[int, tuple[str, ...]]:
    """Return the number of the header row, the first that holds anything, and its headers."""
    filled = ((number, row) for number, row in enumerate(rows, 1) if _holds_anything(row))
    header_row, cells = next(filled, (0, []))
    if not header_row:
        raise _file_problem(
            file, "an empty file", "a header row, then answers", "export the answers again"
        )
    if next(filled, None) is None:
        raise _file_problem(
            file, "headers only", "answers below the header row", "export the answers again"
        )
    headers = [read_text(cell) for cell in cells]
    columns = [header or f"column {number}" for number, header in enumerate(headers, 1)]
    twice = sorted(name for name in set(columns) if columns.count(name) > 1)
    if twice:
        raise _file_problem(
            file,
            f"more than one column {' and '.join(f'“{name}”' for name in twice[:3])}",
            "each header once",
            "rename or remove columns so that each header stands there once",
            place=f"row {header_row}",
        )
    return header_row, tuple(columns)


def _layout(columns: Sequence[str]) -> str:
    """Tell a row a rating (long), a row a printed mean (published), a row a respondent (wide)."""
    names = {name.casefold() for name in columns}
    layouts = {"long": _LONG, "published": _PUBLISHED}
    fitting = (name for name, wanted in layouts.items() if all(names & a for a in wanted))
    return next(fitting, "wide")


def _blocks(
    rows: Iterable[_Row], header_row: int, columns: Sequence[str]
) -> Iterator[pd.DataFrame]:
    """Yield the rows below the header, up to the last that holds anything, as blocks of text."""
    numbered = islice(enumerate(rows, 1), header_row, None)
    waiting: list[tuple[int, _Row]] = []
    while part := list(islice(numbered, 1 + BLOCK_CELLS // len(columns))):
        filled = next((n for n in range(len(part), 0, -1) if _holds_anything(part[n - 1][1])), 0)
        if filled:
            numbers, cells = zip(*waiting, *part[:filled], strict=True)
            yield pd.DataFrame(
                np.array(cells, dtype=object), index=list(numbers), columns=list(columns), dtype=str
            )
            waiting = []
        waiting += part[filled:]


def _holds_anything(row: _Row) -> bool:
    """Tell whether any cell of a row holds more than blanks."""
    return any(cell.strip() for cell in row)


def _file_problem(file: str, found: str, wanted: str, mend: str, *, place: str = "") -> InputError:
    """Return the error for a file that cannot be used."""
    return InputError([Problem(file, place, found, wanted, mend)])
