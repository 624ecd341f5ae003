"""Reading forms that came back: known by what they say of themselves, whatever was done to them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from rds.cells import Cell, Grid, column_letter, read_grids
from rds.columns import Sheet
from rds.documents.form_book import COVER, FORM, HOLDER, STUDY, TOTAL, VERSION
from rds.errors import InputError, Problem
from rds.sheets import Findings, Row, read_sheet


@dataclass(frozen=True)
class ReturnedForm:
    """A form that came back.

    Parameters
    ----------
    file
        Its name.
    facts
        What it says of itself, by the words in front of it.
    rows
        Rows by sheet, typed, with their places.
    ignored, assumed
        What is not ours, and what was read in one of two ways.
    comments
        What people noted on cells: place and text.
    problems
        All that is wrong with its cells.
    """

    file: str
    facts: Mapping[str, str]
    rows: Mapping[str, tuple[Row, ...]]
    ignored: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    comments: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def holder(self) -> str:
        """Whose form it is."""
        return self.facts.get(HOLDER, "")

    @property
    def version(self) -> str:
        """The version that it states."""
        return self.facts.get(VERSION, "")

    def problems_of_study(self, study_id: str) -> Iterator[Problem]:
        """Yield a problem if it belongs to another study."""
        if self.facts.get(STUDY) != study_id:
            found = f"a form of the study “{self.facts.get(STUDY, '')}”"
            yield Problem(self.file, COVER, found, f"“{study_id}”", "receive it in its own study")


def form_facts(path: Path) -> dict[str, str]:
    """Return what a file says of itself if it is one of our forms; nothing if it is none.

    Parameters
    ----------
    path
        Any file; it need not exist.
    """
    try:
        with path.open("rb") as file:
            if file.read(2) != b"PK":
                return {}
        grids = read_grids(path, lambda names: [COVER] if COVER in names else [])
    except (InputError, OSError):
        return {}
    facts = _facts(grids[COVER]) if COVER in grids else {}
    return facts if FORM in facts else {}


def read_form(path: Path, sheets: Sequence[Sheet]) -> ReturnedForm:
    """Read a form.

    Rows may have been sorted, filtered or added, columns moved, sheets and notes added: what is
    not ours is listed as ignored. Problems are gathered, none is raised but that of a file that
    cannot be read at all.

    Parameters
    ----------
    path
        The workbook.
    sheets
        The sheets to read, with their columns.

    Raises
    ------
    InputError
        When the file is no form, or cannot be opened.
    """
    wanted = {sheet.name: sheet for sheet in sheets}
    grids = read_grids(path, lambda names: [n for n in names if n == COVER or n in wanted])
    facts = _facts(grids.get(COVER, Grid(COVER, {})))
    if FORM not in facts:
        mend = "send the workbook that was filled in, with all its sheets"
        raise InputError([Problem(path.name, COVER, "no form of rds", "a form", mend)])
    findings = Findings(path.name)
    for name in wanted:
        if name not in grids:
            mend = "send the form with all its sheets"
            findings.problem(name, "no such sheet", f"the sheet “{name}”", mend)
    rows = {
        name: read_sheet(_with_names_only(grids[name]), sheet, findings)
        for name, sheet in wanted.items()
        if name in grids
    }
    return ReturnedForm(
        path.name,
        facts,
        rows,
        ignored=tuple(findings.ignored),
        assumed=tuple(findings.assumed),
        comments=tuple(comments_on_cells(path)),
        problems=tuple(dict.fromkeys(findings.problems)),
    )


def _facts(grid: Grid) -> dict[str, str]:
    """Return the labelled lines of the cover."""
    return {row[1].text: row[2].text for row in grid.rows.values() if 1 in row and 2 in row}


def _with_names_only(grid: Grid) -> Grid:
    """Return a grid whose headers are names alone, and without lines that add columns up."""
    headers = {at: _first_line(cell) for at, cell in grid.rows.get(1, {}).items()}
    rows = {
        number: cells
        for number, cells in grid.rows.items()
        if number == 1 or 1 not in cells or cells[1].text != TOTAL
    }
    return Grid(grid.sheet, {**rows, 1: headers} if headers else rows)


def _first_line(cell: Cell) -> Cell:
    """Return a header with the first line of its text."""
    name = cell.text.partition("\n")[0].strip()
    return replace(cell, text=name, value=name)


def comments_on_cells(path: Path) -> Iterator[tuple[str, str]]:
    """Yield what people noted on cells."""
    from openpyxl import load_workbook

    with ZipFile(path) as archive:
        if not any("comments" in name.casefold() for name in archive.namelist()):
            return
    with warnings.catch_warnings(), path.open("rb") as file:
        warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")
        workbook: Any = load_workbook(file, data_only=True)
    for sheet in workbook.worksheets:
        for line in sheet.iter_rows():
            for cell in line:
                if cell.comment is not None:
                    place = f"{sheet.title}!{column_letter(cell.column)}{cell.row}"
                    yield place, str(cell.comment.text).strip()
