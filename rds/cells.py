"""A workbook's cells as its owner sees them, whatever a spreadsheet program did to the file."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rds.errors import InputError, Problem
from rds.values import read_text

if TYPE_CHECKING:
    from openpyxl import Workbook

_ENCRYPTED = b"\xd0\xcf\x11\xe0"
_LAST_ROW = 1_048_576
_ESCAPED_CONTROLS = re.compile(r"(_x00[01][0-9A-Fa-f]_)+\n?")
"""How workbooks store what is pasted from elsewhere: “_x000D_” before the end of a line."""


@dataclass(frozen=True)
class Cell:
    """One cell: its value as last computed, where it stands, and what is wrong with it, if so.

    `text` is the value as `rds.values.read_text` reads it, empty for an empty cell; `fault` and how
    to `mend` it are empty for a sound one.
    """

    place: str
    value: object
    text: str
    fault: str = ""
    mend: str = ""


@dataclass(frozen=True)
class Grid:
    """The cells of a sheet that hold anything, by row and column, both counted from 1."""

    sheet: str
    rows: Mapping[int, Mapping[int, Cell]]

    def cell(self, row: int, column: int) -> Cell:
        """Return a cell; an empty one has its place, too."""
        filled = self.rows.get(row, {}).get(column)
        return filled or Cell(f"{self.sheet}!{column_letter(column)}{row}", None, "")


def read_grids(path: Path, keep: Callable[[Sequence[str]], Collection[str]]) -> dict[str, Grid]:
    """Read the cells of a workbook, formulas as the values last computed for them.

    Parameters
    ----------
    path
        The workbook (``.xlsx``).
    keep
        Given the names of all sheets, which of them to read.

    Returns
    -------
    dict
        Cells by sheet name, in the order of the workbook; sheets not kept have none.

    Raises
    ------
    InputError
        In one sentence, why the file cannot be used.
    """
    with _opened(path, data_only=False) as workbook:
        kept = keep(workbook.sheetnames)
        formulas = {s.title: _formulas(s) for s in workbook.worksheets if s.title in kept}
    with _opened(path, data_only=True) as workbook:
        grids = {name: Grid(name, {}) for name in workbook.sheetnames}
        return grids | {
            sheet.title: _grid(sheet, formulas[sheet.title])
            for sheet in workbook.worksheets
            if sheet.title in formulas
        }


def column_letter(column: int) -> str:
    """Return the letters of a column counted from 1.

    Examples
    --------
    >>> column_letter(1), column_letter(27)
    ('A', 'AA')
    """
    before, last = divmod(column - 1, 26)
    return (column_letter(before) if before else "") + chr(ord("A") + last)


@contextmanager
def _opened(path: Path, *, data_only: bool) -> Iterator[Workbook]:
    """Open a workbook; whatever its parser stumbles over means that the file is damaged.

    The parser reads while its sheets are walked through, and warns of what it does not need.
    """
    from openpyxl import load_workbook

    refuse_unreadable(path)
    with warnings.catch_warnings(), path.open("rb") as file:
        warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")
        try:
            yield load_workbook(file, read_only=True, data_only=data_only, keep_links=False)
        except Exception:
            raise _file_problem(
                path,
                "a damaged workbook",
                "open it in a spreadsheet program and save it again as .xlsx, or take it from a "
                "backup",
            ) from None


def _formulas(sheet: Any) -> set[tuple[int, int]]:
    """Return row and column of every formula."""
    return {
        (cell.row, cell.column) for _, row in _rows(sheet) for cell in row if cell.data_type == "f"
    }


def _grid(sheet: Any, formulas: Collection[tuple[int, int]]) -> Grid:
    """Return the cells that hold a value or a formula."""
    rows: dict[int, dict[int, Cell]] = {}
    for number, row in _rows(sheet):
        for column, cell in enumerate(row, start=1):
            is_formula = (number, column) in formulas
            if is_formula or cell.value is not None:
                place = f"{sheet.title}!{column_letter(column)}{number}"
                read = _cell(place, cell, is_formula=is_formula)
                if read.text:
                    rows.setdefault(number, {})[column] = read
    return Grid(sheet.title, rows)


def _rows(sheet: Any) -> Iterable[tuple[int, Sequence[Any]]]:
    """Return numbered rows; the size that the file states for the sheet may be wrong."""
    sheet.reset_dimensions()
    return zip(range(1, _LAST_ROW + 1), sheet.iter_rows(), strict=False)


def _cell(place: str, cell: Any, *, is_formula: bool) -> Cell:
    """Return a cell; a percentage becomes what it shows, so 0.62 shown as 62 % is “62 %”."""
    value = cell.value
    if cell.data_type == "e":
        mend = "mend the formula, or type the value"
        return Cell(place, None, str(value), f"the error {value}", mend)
    if is_formula and value is None and cell.data_type != "str":
        mend = "open the workbook in a spreadsheet program and save it, or type the value"
        return Cell(place, None, "=", "a formula that was never computed", mend)
    if isinstance(value, (int, float)) and _shows_percent(str(cell.number_format)):
        value = f"{value * 100:.10g} %"
    if isinstance(value, str):
        value = _ESCAPED_CONTROLS.sub("\n", value)
    return Cell(place, value, read_text(value))


def _shows_percent(number_format: str) -> bool:
    """Tell whether a number format multiplies by 100; a quoted percent sign does not."""
    return "%" in re.sub(r'"[^"]*"|\\.', "", number_format)


def refuse_unreadable(path: Path) -> None:
    """Refuse a workbook that is locked, cut off, empty, of another kind, or carries macros.

    Raises
    ------
    InputError
        Saying which of these it is.
    """
    try:
        reason = _unreadable(path)
    except OSError as error:
        found = f"a file that cannot be opened ({error.strerror})"
        mend = "check its name, and close it in other programs"
        raise _file_problem(path, found, mend) from None
    if reason is not None:
        raise _file_problem(path, *reason)


def _unreadable(path: Path) -> tuple[str, str] | None:
    """Return what a file is instead of a workbook, and how to mend that."""
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        return "an empty file", "take the workbook from a backup"
    if start.startswith(_ENCRYPTED):
        found = "a workbook with a password, or of the old .xls kind"
        return found, "remove the password and save it as .xlsx"
    names = _members(path)
    if not names:
        found = "a file that is cut off or is no workbook"
        return found, "copy it again from where it came, or save it as .xlsx"
    if any(name.endswith("vbaProject.bin") for name in names):
        return "a workbook with macros", "save it as .xlsx, which leaves the macros out"
    if not any(name.startswith("xl/") for name in names):
        return "a zip file that is no workbook", "save it as .xlsx"
    return None


def _members(path: Path) -> list[str]:
    """Return the names in a zip file; none if it is cut off or no zip file."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, ValueError):
        return []


def _file_problem(path: Path, found: str, mend: str) -> InputError:
    """Return the error for a file that cannot be read at all."""
    return InputError(
        [Problem(path.name, "", found, "an .xlsx workbook without password and macros", mend)]
    )
