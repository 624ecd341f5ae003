"""Reading a returned copy of the committee's workbook, whatever was done to it."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from rds import values
from rds.cells import Cell, Grid, read_grids
from rds.documents.blueprint_workbook.inputs import (
    BLUEPRINT,
    COMMENTS,
    EXAM,
    FINGERPRINT,
    READ_ME,
    SIGN_OFF,
    STUDY,
    TASKS,
    VERSION,
    Input,
)
from rds.documents.form_reader import comments_on_cells
from rds.documents.review_tables import (
    FoundRow,
    FoundTable,
    TableKind,
    exam_length_cells,
    find_table,
    folded,
    table_kinds,
)
from rds.errors import InputError, Problem, nearest

STATUS = "Status"
_APPROVED = "APPROVED"
_PROPERTIES = "docProps/custom.xml"
_SHOWN_AS_PERCENT = re.compile(r"(-?[\d.]+(?:e[+-]?\d+)?) %")
_MOST_DIGITS = 9

Place = tuple[str, str, str]
"""Sheet, key and field: what names an input."""


@dataclass(frozen=True)
class CopyFacts:
    """What a committee workbook says of itself; texts are empty where it does not."""

    study: str = ""
    version: str = ""
    fingerprint: str = ""
    is_approved: bool = False


@dataclass(frozen=True)
class LockedChange:
    """Something that is no input and was changed all the same."""

    place: str
    sheet: str
    key: str
    header: str
    issued: str
    found: str


@dataclass(frozen=True)
class CommitteeCopy:
    """A returned copy as it was read.

    Parameters
    ----------
    file
        Its name.
    values
        What every input holds, by sheet, key and field.
    places
        The cell of every input.
    locked
        What was changed that is no input.
    notes
        What people noted on cells: place and text.
    """

    file: str
    values: Mapping[Place, str | int | None]
    places: Mapping[Place, str]
    locked: tuple[LockedChange, ...]
    notes: tuple[tuple[str, str], ...]


def committee_facts(path: Path) -> CopyFacts | None:
    """Return what a file says of itself if it is the committee's workbook; None if it is not.

    It is known by its sheet “Read me”, or if that is gone by its properties, or if these are gone
    too by its other sheets: then nothing is known but what it is.

    Parameters
    ----------
    path
        Any file; it need not exist.
    """
    try:
        with path.open("rb") as file:
            if file.read(2) != b"PK":
                return None
        grids = read_grids(path, lambda names: [READ_ME] if READ_ME in names else [])
    except (InputError, OSError):
        return None
    lines = _lines(grids.get(READ_ME, Grid(READ_ME, {})))
    stated = _properties(path)
    if {STUDY, VERSION, FINGERPRINT} <= lines.keys():
        approved = lines.get(STATUS, "").startswith(_APPROVED)
        return CopyFacts(lines[STUDY], lines[VERSION], lines[FINGERPRINT], approved)
    if stated.get("rds.kind") == "blueprint workbook":
        return CopyFacts(
            stated.get("rds.study", ""),
            stated.get("rds.version", ""),
            stated.get("rds.fingerprint", ""),
            stated.get("rds.state") == _APPROVED,
        )
    return CopyFacts() if {BLUEPRINT, TASKS, SIGN_OFF} <= grids.keys() else None


def _lines(grid: Grid) -> dict[str, str]:
    """Return labelled lines: the first text of a row, and the next one."""
    found: dict[str, str] = {}
    for cells in grid.rows.values():
        texts = [cells[at].text for at in sorted(cells)]
        if len(texts) > 1:
            found.setdefault(texts[0], texts[1])
    return found


def _properties(path: Path) -> dict[str, str]:
    """Return the custom properties of a workbook."""
    with zipfile.ZipFile(path) as archive:
        if _PROPERTIES not in archive.namelist():
            return {}
        text = archive.read(_PROPERTIES)
    if b"<!DOCTYPE" in text:
        return {}
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        return {}
    return {own.get("name", ""): "".join(own.itertext()).strip() for own in root}


def read_copy(path: Path, inputs: Sequence[Input], issued: Path) -> CommitteeCopy:
    """Read what every input of a returned copy holds.

    Rows may have been sorted, filtered or added, columns moved, sheets and notes added, formats
    changed.

    Parameters
    ----------
    path
        The copy.
    inputs
        The inputs of the version that it is a copy of.
    issued
        The workbook of that version, as it was issued.

    Raises
    ------
    InputError
        With everything that is missing, doubled, unknown or cannot be read, by cell.
    """
    reader = _Reader(path.name)
    wanted = list(dict.fromkeys(own.sheet for own in inputs))
    grids = read_grids(path, lambda names: [name for name in names if name in wanted])
    given = read_grids(issued, lambda names: [name for name in names if name in wanted])
    for name in wanted:
        if name not in grids:
            reader.no_sheet(name, list(grids))
    tables = {
        kind: find_table(grids[kind.sheet], kind)
        for kind in table_kinds(inputs)
        if kind.sheet in grids
    }
    for table in tables.values():
        reader.read_table(table, [own for own in inputs if _is_in(own, table.kind)])
    if BLUEPRINT in grids:
        reader.read_exam_length(grids[BLUEPRINT], inputs)
    if reader.problems:
        raise InputError(dict.fromkeys(reader.problems))
    formulas = _formulas(issued)
    known = {tuple(map(folded, own.row)) for own in inputs}
    locked = [
        change
        for kind, table in tables.items()
        for change in _locked(find_table(given[kind.sheet], kind), table, formulas, known)
    ]
    notes = tuple(comments_on_cells(path))
    return CommitteeCopy(path.name, reader.values, reader.places, tuple(locked), notes)


def _is_in(own: Input, kind: TableKind) -> bool:
    """Tell whether an input stands in a table."""
    return (own.sheet, own.identified_by) == (kind.sheet, kind.identified_by)


class _Reader:
    """Reads the inputs of one copy; gathers its problems on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.values: dict[Place, str | int | None] = {}
        self.places: dict[Place, str] = {}
        self.problems: list[Problem] = []

    def read_table(self, table: FoundTable, inputs: Sequence[Input]) -> None:
        """Read the inputs of a table."""
        kind = table.kind
        for name in table.missing:
            what = f"no column “{name}”"
            self._problem(kind.sheet, what, f"“{name}”", "put the header back as it was issued")
        for name, place in table.doubled:
            self._problem(place, f"a second column “{name}”", "one", "remove one of them")
        if table.missing or table.doubled:
            return
        by_row: dict[tuple[str, ...], list[Input]] = {}
        for own in inputs:
            by_row.setdefault(tuple(map(folded, own.row)), []).append(own)
        found: dict[tuple[str, ...], FoundRow] = {}
        for row in table.rows:
            key = tuple(map(folded, row.names))
            if key not in by_row:
                self._unknown(row, kind, [own.row for own in inputs])
            elif key in found:
                self._doubled(row, found[key], kind)
            else:
                found[key] = row
                for own in by_row[key]:
                    self._read(own, row.cells[folded(own.header)])
        for key, own_inputs in by_row.items():
            if key not in found:
                name = ", ".join(own_inputs[0].row)
                mend = "put the row back with its identifier; to drop a task, decide so in its row"
                self._problem(kind.sheet, f"no row {name}", f"a row {name}", mend)

    def read_exam_length(self, grid: Grid, inputs: Sequence[Input]) -> None:
        """Read exam length and reason."""
        cells = dict(zip(("items", "reason"), exam_length_cells(grid), strict=True))
        for own in inputs:
            if (own.sheet, own.key) == (BLUEPRINT, EXAM):
                cell = cells[own.field]
                if cell is None:
                    mend = "put the label back as it was issued"
                    found = f"no “{own.header}”"
                    self._problem(BLUEPRINT, found, f"“{own.header}”, beside it the value", mend)
                else:
                    self._read(own, cell)

    def no_sheet(self, name: str, others: Sequence[str]) -> None:
        """Report a sheet that is gone or was renamed."""
        close = nearest(name, others)
        mend = f"rename “{close}” to “{name}”" if close else "send the workbook with all its sheets"
        self._problem(name, "no such sheet", f"the sheet “{name}”", mend)

    def _read(self, own: Input, cell: Cell) -> None:
        """Read one input."""
        place = own.sheet, own.key, own.field
        self.places[place] = cell.place
        if cell.fault:
            self._problem(cell.place, cell.fault, "a value", cell.mend)
            return
        try:
            self.values[place] = read_input(cell, own)
        except ValueError as wanted:
            close = nearest(cell.text, own.choices)
            mend = f"write “{close}”" if close else f"write {wanted}"
            if own.kind == "whole" and own.value is not None:
                mend += f"; issued was {own.value}"
            self._problem(cell.place, f"“{cell.text}”" if cell.text else "nothing", str(wanted),
                          mend)  # fmt: skip

    def _unknown(self, row: FoundRow, kind: TableKind, known: Sequence[tuple[str, ...]]) -> None:
        """Report a row whose identifier is none of ours if anything was filled in there."""
        filled = [name for name in kind.headers if row.cells[folded(name)].text]
        # Sums and targets stand below the rows of the sheet Blueprint, without identifiers.
        if not filled or (kind.sheet == BLUEPRINT and not any(row.names)):
            return
        name = ", ".join(row.names)
        place = row.cells[folded(kind.identified_by[-1])].place
        close = nearest(row.names[-1], [names[-1] for names in known])
        found = f"“{name}”, an identifier that was not issued" if name.strip(", ") else "nothing"
        mend = f"write “{close}”" if close else "remove the row, or say it on the sheet Comments"
        if kind.sheet == COMMENTS:
            mend = "write it into a free row of the sheet"
        self._problem(place, found, f"a {kind.identified_by[-1].casefold()} as issued", mend)

    def _doubled(self, row: FoundRow, first: FoundRow, kind: TableKind) -> None:
        """Report a second row of the same identifier."""
        header = folded(kind.identified_by[-1])
        found = f"a second row {', '.join(row.names)} (the first is row {first.number})"
        self._problem(row.cells[header].place, found, "one row", "remove one of the two")

    def _problem(self, place: str, found: str, wanted: str, mend: str) -> None:
        """Add a problem."""
        self.problems.append(Problem(self.file, place, found, wanted, mend))


def read_input(cell: Cell, own: Input) -> str | int | None:
    """Return what an input holds, whatever number format its cell got.

    Raises
    ------
    ValueError
        Saying what was wanted.

    Examples
    --------
    >>> items = Input("Blueprint", "D1 | recall", "items", "Recall", (), (), 12, "whole")
    >>> read_input(Cell("Blueprint!F11", "1200 %", "1200 %"), items)
    12
    """
    text = re.sub(r"[ \t]+", " ", values.read_text(cell.value))
    if not text:
        if own.kind == "whole" and own.value is not None:
            raise ValueError("a whole number")
        return None
    if own.kind == "whole":
        return _whole(cell.value)
    if own.kind == "choice":
        return _choice(text, own.choices)
    if own.kind == "date":
        return _date(cell.value)
    return text


def _whole(value: object) -> int:
    """Read a whole number, 0 or more."""
    number = values.read_whole(_plain(value))
    if number < 0:
        raise ValueError("a whole number, 0 or more")
    return number


def _plain(value: object) -> object:
    """Return a number that a cell shows as a percentage or as a date as the number it is."""
    from openpyxl.utils import datetime as openpyxl_datetime

    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        days: Any = openpyxl_datetime
        return days.to_excel(value)
    shown = _SHOWN_AS_PERCENT.fullmatch(value) if isinstance(value, str) else None
    return round(float(shown[1]) / 100, _MOST_DIGITS) if shown else value


def _choice(text: str, choices: Sequence[str]) -> str:
    """Read one of several choices, without regard to case."""
    by_folded = {choice.casefold(): choice for choice in choices}
    if text.casefold() not in by_folded:
        raise ValueError(f"one of {', '.join(choices)}")
    return by_folded[text.casefold()]


def _date(value: object) -> str:
    """Read a date; a bare number is the day that a spreadsheet counts so."""
    from openpyxl.utils.datetime import from_excel

    if isinstance(value, (int, float)):
        value = from_excel(value)
    return values.read_date(value).isoformat()


def _formulas(issued: Path) -> frozenset[str]:
    """Return the places of formulas in a workbook."""
    from openpyxl import load_workbook

    with issued.open("rb") as file:
        workbook: Any = load_workbook(file)
    return frozenset(
        f"{sheet.title}!{cell.coordinate}"
        for sheet in workbook.worksheets
        for line in sheet.iter_rows()
        for cell in line
        if cell.data_type == "f"
    )


def _locked(
    issued: FoundTable,
    found: FoundTable,
    formulas: frozenset[str],
    known: Collection[tuple[str, ...]],
) -> Iterator[LockedChange]:
    """Yield what differs from the issued workbook outside its inputs and formulas."""
    kind = issued.kind
    free = {folded(name) for name in (*kind.headers, *kind.identified_by)}
    own = {tuple(map(folded, row.names)): row for row in found.rows}
    for row in issued.rows:
        if tuple(map(folded, row.names)) not in known:
            continue
        other = own.get(tuple(map(folded, row.names)))
        for header, cell in row.cells.items() if other is not None else ():
            if header in free or cell.place in formulas or other is None:
                continue
            now = other.cells.get(header)
            if now is not None and not _same(cell, now):
                key = ", ".join(row.names)
                yield LockedChange(now.place, kind.sheet, key, header, cell.text, now.text)


def _same(issued: Cell, found: Cell) -> bool:
    """Tell whether two cells say the same, whatever their formats."""
    if isinstance(issued.value, (int, float)):
        try:
            number = values.read_number(_plain(found.value))
        except ValueError:
            return False
        return abs(number - issued.value) <= 1e-6 * max(1.0, abs(issued.value))
    return " ".join(issued.text.split()) == " ".join(found.text.split())
