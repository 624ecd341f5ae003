"""Opening a received file: what it is, its encoding, its separator, its sheet."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from zipfile import BadZipFile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from rds.cells import refuse_unreadable
from rds.errors import InputError, Problem, nearest
from rds.files import sha256_of_file
from rds.survey.platforms.files import Kind, ReceivedFile
from rds.values import read_text

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xls")
_WORKBOOK_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_UTF_16_STARTS = (b"\xff\xfe", b"\xfe\xff")
_ROWS_SAMPLED = 20
_WINDOWS = "the file is not UTF-8; it was read as Windows-1252"

_Row = list[str]
_Rows = Callable[[], Iterator[_Row]]

_BINARY_STARTS = (b"$FL2", b"$FL3", b"<stata_dta>", b"PAR1")
_OLD_STATA_STARTS = (b"\x71", b"\x72", b"\x73")


def open_file(
    path: Path, *, sheet: str | None = None, codebook: Path | None = None
) -> ReceivedFile:
    """Open a file far enough to tell what it is; what it is shows in its content, not its name.

    Parameters
    ----------
    path
        The file.
    sheet
        The sheet of a workbook; needed only if several hold data.
    codebook
        A file that describes the survey.

    Returns
    -------
    ReceivedFile
        Its rows, for a text file or a workbook, are all as wide as the first that holds anything.
        Rows with more cells are found only while the rows are read, and raised after the last.

    Raises
    ------
    InputError
        In one problem, why the file cannot be used.
    """
    if _is_workbook(path):
        rows, assumed = _open_workbook(path, sheet)
        return _received(path, "workbook", rows=rows, assumed=assumed, codebook=codebook)
    if _is_binary(path):
        return _received(path, "binary", codebook=codebook)
    encoding = _encoding(path)
    assumed = () if encoding != "cp1252" else (_WINDOWS,)
    if _is_json(path, encoding):
        return _received(path, "json", encoding=encoding, assumed=assumed, codebook=codebook)
    separator = _separator(path, encoding)
    if separator != ",":
        assumed += (f"cells are separated by {_SEPARATORS[separator]}",)
    return _received(
        path,
        "text",
        encoding=encoding,
        separator=separator,
        rows=lambda: _text_rows(path, encoding, separator),
        assumed=assumed,
        codebook=codebook,
    )


def holds_anything(row: _Row) -> bool:
    """Tell whether any cell of a row holds more than blanks."""
    return any(cell.strip() for cell in row)


def file_problem(file: str, found: str, wanted: str, mend: str, *, place: str = "") -> InputError:
    """Return the error for a file that cannot be used."""
    return InputError([Problem(file, place, found, wanted, mend)])


def _received(
    path: Path,
    kind: Kind,
    *,
    encoding: str = "",
    separator: str = "",
    rows: _Rows = lambda: iter(()),
    assumed: tuple[str, ...] = (),
    codebook: Path | None = None,
) -> ReceivedFile:
    """Return what is known of an opened file."""
    sha256 = sha256_of_file(path)
    return ReceivedFile(path, sha256, kind, encoding, separator, rows, assumed, codebook)


def _is_binary(path: Path) -> bool:
    """Tell whether a file is one of SPSS, Stata or Parquet."""
    with path.open("rb") as file:
        start = file.read(11)
    old_stata = start[:1] in _OLD_STATA_STARTS and start[1:3] in (b"\x01\x01", b"\x02\x01")
    return start.startswith(_BINARY_STARTS) or old_stata


def _is_json(path: Path, encoding: str) -> bool:
    """Tell whether a text file is JSON: one document, or one a line."""
    with path.open(encoding=encoding) as file:
        lines = (line.strip() for line in file)
        first = next((line for line in lines if line), "")
    if first[:1] not in ("{", "["):
        return False
    try:
        json.loads(first)
    except json.JSONDecodeError:
        return _is_document(path.read_text(encoding=encoding))
    return True


def _is_document(text: str) -> bool:
    """Tell whether a text is one JSON document."""
    try:
        json.loads(text)
    except json.JSONDecodeError:
        return False
    return True


def _is_workbook(path: Path) -> bool:
    """Tell whether a file is a workbook, or calls itself one."""
    with path.open("rb") as file:
        start = file.read(4)
    return start in _WORKBOOK_STARTS or path.suffix.casefold() in _WORKBOOK_SUFFIXES


def _encoding(path: Path) -> str:
    """Return the encoding of a text file: by its byte-order mark, or the first that fits."""
    with path.open("rb") as file:
        marked = file.read(2) in _UTF_16_STARTS
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        if _is_text(path, encoding):
            return encoding
    raise file_problem(
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
                if not width and holds_anything(row):
                    width = len(row)
                if len(row) > width and holds_anything(row[width:]):
                    too_long.append(last_line + 1)
                yield row if len(row) == width else row[:width] + [""] * (width - len(row))
                last_line = reader.line_num
        except csv.Error:
            raise file_problem(
                path.name,
                "a quotation mark that is not closed, or text after a closing one",
                "cells with quotation marks in pairs, those inside a cell doubled",
                "mend that line, or save the table as .xlsx",
                place=f"line {last_line + 1}",
            ) from None
    if too_long:
        shown = ", ".join(map(str, too_long[:3])) + (", …" if len(too_long) > 3 else "")
        raise file_problem(
            path.name,
            f"{len(too_long)} rows with more cells than the header row",
            f"at most {width} cells in a row",
            "put cells that hold a separator in quotation marks, or save the table as .xlsx",
            place=f"line {shown}",
        )


def _open_workbook(path: Path, sheet: str | None) -> tuple[_Rows, tuple[str, ...]]:
    """Return the rows of the sheet that was named, or of the only one that holds anything."""
    damaged = file_problem(
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
        raise file_problem(
            file,
            f"no sheet “{wanted}”",
            f"one of its sheets: {', '.join(sheets)}",
            f"write “{meant}”" if meant else "name one of them",
        )
    filled = [name for name in sheets if any(map(any, sheets[name].iter_rows()))]
    if wanted is None and len(filled) > 1:
        raise file_problem(
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
