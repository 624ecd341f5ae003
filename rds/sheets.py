"""The one reader of study.xlsx: sheets to typed rows, every cell with its place.

Anything that a person may have typed is accepted in form; what cannot be read becomes a `Problem`
with its cell. Sheets and columns that are not ours are kept in the file and listed as ignored.
A name that only nearly is ours is a problem, too, but is read as what it was meant to be, so that
one wrong header does not hide, or cause, other problems.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rds import values
from rds.cells import Cell, Grid, column_letter, read_grids
from rds.columns import EXAMPLE_MARK, READ_ME, SHEETS, Column, Kind, Sheet
from rds.errors import Problem, nearest

_HEADERS_WITHIN = 10
"""How many rows are searched for headers that do not stand in row 1."""


@dataclass(frozen=True)
class Row:
    """One row of a table that people filled in: typed values, and where each of them stands."""

    file: str
    values: Mapping[str, object]
    places: Mapping[str, str]
    found: Mapping[str, str] = field(default_factory=dict)

    def text(self, column: str) -> str:
        """Return the value as text; empty when there is none."""
        value = self.values.get(column)
        return "" if value is None else str(value)

    def problem(self, column: str, wanted: str, mend: str) -> Problem:
        """Return a problem at this row's cell in `column`."""
        found = self.found.get(column) or self.text(column)
        place = self.places.get(column, "")
        return Problem(self.file, place, f"“{found}”" if found else "nothing", wanted, mend)


@dataclass(frozen=True)
class Tables:
    """What study.xlsx holds: rows by sheet, what was ignored, and what is wrong.

    `rows` has an entry for every sheet that is present, `ignored` names sheets and columns that
    are not ours, `assumed` says what was read in one of two possible ways.
    """

    rows: Mapping[str, tuple[Row, ...]]
    ignored: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_tables(path: Path) -> Tables:
    """Read the sheets of a study workbook.

    Parameters
    ----------
    path
        The workbook (``.xlsx``).

    Returns
    -------
    Tables
        Rows of every known sheet. Problems of all sheets are gathered in `Tables.problems`.

    Raises
    ------
    InputError
        The file as a whole cannot be read: locked, truncated, with macros, or no workbook at all.
    """
    grids = read_grids(path, keep=_match_sheets)
    matched = _match_sheets(grids)
    findings = Findings(path.name)
    for name, sheet in matched.items():
        if name != sheet.name:
            findings.misnamed(name, "a sheet named", name, sheet.name)
    findings.ignored += [f"sheet “{name}”" for name in grids if name not in {*matched, READ_ME}]
    rows = {sheet.name: read_sheet(grids[name], sheet, findings) for name, sheet in matched.items()}
    for sheet in SHEETS:
        if sheet.required and sheet.name not in rows:
            findings.problem(
                sheet.name,
                "no such sheet",
                f"a sheet “{sheet.name}”",
                "add the sheet with its headers, or start from a new study's workbook",
            )
    return Tables(
        rows=rows,
        ignored=tuple(findings.ignored),
        assumed=tuple(findings.assumed),
        problems=tuple(dict.fromkeys(findings.problems)),
    )


def read_sheet(grid: Grid, sheet: Sheet, findings: Findings) -> tuple[Row, ...]:
    """Read the rows of one sheet, adding what is wrong, ignored or assumed to `findings`.

    Parameters
    ----------
    grid
        Its cells; headers stand in row 1.
    sheet
        Its columns.
    findings
        What came up so far in the file.
    """
    return _SheetReader(sheet, grid, findings).read()


def _match_sheets(names: Collection[str]) -> dict[str, Sheet]:
    """Match sheets of a workbook to ours; a near-miss stands for one that is missing."""
    known = {sheet.name: sheet for sheet in SHEETS}
    matched = {name: known[name] for name in names if name in known}
    for name in names:
        meant = nearest(name, known)
        if name != READ_ME and meant and known[meant] not in matched.values():
            matched[name] = known[meant]
    return matched


@dataclass
class Findings:
    """What comes up while a file is read: problems, what is ignored, what is assumed."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)

    def problem(self, place: str, found: str, wanted: str, mend: str) -> None:
        """Add a problem."""
        self.problems.append(Problem(self.file, place, found, wanted, mend))

    def misnamed(self, place: str, what: str, name: str, meant: str) -> None:
        """Add the problem of a name that is nearly one of ours."""
        self.problem(place, f"{what} “{name}”", f"“{meant}”", f"rename it to “{meant}”")


class _SheetReader:
    """Reads one sheet; gathers its problems, ignored columns and assumptions on the way."""

    def __init__(self, sheet: Sheet, grid: Grid, findings: Findings) -> None:
        self.sheet, self.grid, self.findings = sheet, grid, findings
        self.header_row = _header_row(sheet, grid)
        self.headers = grid.rows.get(self.header_row, {})

    def read(self) -> tuple[Row, ...]:
        """Return the rows that hold anything, examples left out."""
        if not self.grid.rows:
            if self.sheet.required:
                names = ", ".join(column.name for column in self.sheet.columns)
                self._problem("row 1", "an empty sheet", f"the headers {names}", "add them")
            return ()
        if self.header_row > 1:
            wanted, mend = "the headers in row 1", "remove the rows above them"
            self._problem(f"row {self.header_row}", "the headers", wanted, mend)
        self._ignore_columns_without_header()
        if self.sheet.name == "Linkage" and _is_grid([h.text for h in self.headers.values()]):
            return self._read_crossed()
        columns = self._match_headers()
        return tuple(
            read_row(
                {name: self.grid.cell(row, at) for name, at in columns.items()},
                self.sheet,
                self.findings,
            )
            for row, cells in self._filled_rows()
            if not cells.keys().isdisjoint(columns.values())
        )

    def _filled_rows(self) -> Iterator[tuple[int, Mapping[int, Cell]]]:
        """Return the rows below the headers that hold anything and are no examples."""
        for row, cells in self.grid.rows.items():
            if row > self.header_row and not self._is_example(list(cells.values())):
                yield row, cells

    def _is_example(self, cells: Sequence[Cell]) -> bool:
        """Tell whether the row is an example; say so if it was changed and yet left out."""
        if not cells[0].text.casefold().startswith(EXAMPLE_MARK):
            return False
        examples = {column.example for column in self.sheet.columns}
        if not examples.issuperset(cell.text for cell in cells[1:]):
            left_out = f"row left out as an example, since it begins with “{EXAMPLE_MARK}”"
            self.findings.assumed.append(f"{cells[0].place}: {left_out}")
        return True

    def _ignore_columns_without_header(self) -> None:
        """List columns that hold something under no header."""
        rows = [cells for row, cells in self.grid.rows.items() if row > self.header_row]
        columns = {column for cells in rows for column in cells if column not in self.headers}
        self.findings.ignored += [
            f"column {column_letter(column)} of sheet “{self.grid.sheet}”, which has no header"
            for column in sorted(columns)
        ]

    def _match_headers(self) -> dict[str, int]:
        """Match our columns to headers; report near-misses, doubles and missing ones."""
        matched: dict[str, int] = {}
        for at, header in self.headers.items():
            name = self._meant_column(header)
            if name in matched:
                wanted, mend = "one", "remove one of them"
                self.findings.problem(header.place, f"a second column “{name}”", wanted, mend)
            elif name:
                matched[name] = at
        for column in self.sheet.columns:
            if (column.required or column.needed) and column.name not in matched:
                wanted, mend = f"“{column.name}”", "add the column; headers stand in row 1"
                self._problem("row 1", f"no column “{column.name}”", wanted, mend)
        return matched

    def _meant_column(self, header: Cell) -> str:
        """Return the column of a header; report a near-miss, list any other as ignored."""
        names = [column.name for column in self.sheet.columns]
        meant = nearest(header.text, names) or ""
        if header.text == meant:
            return meant
        if meant and meant not in {other.text for other in self.headers.values()}:
            self.findings.misnamed(header.place, "a column", header.text, meant)
            return meant
        self.findings.ignored.append(f"column “{header.text}” of sheet “{self.grid.sheet}”")
        return ""

    def _read_crossed(self) -> tuple[Row, ...]:
        """Read Linkage with the tasks down and the KSAs across."""
        at = self._task_column()
        ksas = [column for column in self.headers if column != at and self._is_ksa(column)]
        return tuple(
            read_row(
                {
                    "task_id": self.grid.cell(row, at),
                    "ksa_id": self.headers[column],
                    "level": cells[column],
                },
                self.sheet,
                self.findings,
            )
            for row, cells in self._filled_rows()
            if at in cells or row > self.header_row + 1
            for column in ksas
            if column in cells
        )

    def _task_column(self) -> int:
        """Return the column of the tasks in a grid; report a near-miss, or that there is none."""
        for at, header in self.headers.items():
            if nearest(header.text, ["task_id"]):
                if header.text != "task_id":
                    self.findings.misnamed(header.place, "a column", header.text, "task_id")
                return at
        self._problem("row 1", "no column “task_id”", "“task_id”", "add the column")
        return 1

    def _is_ksa(self, column: int) -> bool:
        """Tell whether a column of a grid stands for a KSA, not for the eye."""
        header = self.headers[column].text
        if " " in header:
            self.findings.ignored.append(f"column “{header}” of sheet “{self.grid.sheet}”")
        return " " not in header and header not in _FOR_THE_EYE

    def _problem(self, place: str, found: str, wanted: str, mend: str) -> None:
        """Add a problem of this sheet."""
        self.findings.problem(f"{self.grid.sheet}, {place}", found, wanted, mend)


def _header_row(sheet: Sheet, grid: Grid) -> int:
    """Return the row of the headers: row 1, unless only a row soon after it names our columns."""
    names = {column.name for column in sheet.columns}
    rows = [row for row in grid.rows if row <= _HEADERS_WITHIN]
    hits = {row: sum(c.text in names for c in grid.rows[row].values()) for row in rows}
    best = max(hits, key=lambda row: hits[row], default=1)
    return best if hits.get(best) and not hits.get(1) else 1


_FOR_THE_EYE = frozenset(column.name for sheet in SHEETS for column in sheet.columns)
"""Headers that name no KSA in a grid of tasks by KSAs."""


def _is_grid(headers: Sequence[str]) -> bool:
    """Tell whether Linkage has KSAs across instead of one link a row."""
    return len(headers) > 1 and not any(nearest(name, ["ksa_id", "level"]) for name in headers)


def read_row(cells: Mapping[str, Cell], sheet: Sheet, findings: Findings) -> Row:
    """Read one row of a sheet from its cells by column, adding what is wrong to `findings`."""
    columns = {column.name: column for column in sheet.columns}
    return Row(
        file=findings.file,
        values={name: _value(cell, columns[name], findings) for name, cell in cells.items()},
        places={name: cell.place for name, cell in cells.items()},
        found={name: cell.text for name, cell in cells.items()},
    )


def _value(cell: Cell, column: Column, findings: Findings) -> object:
    """Read one cell, or report why it cannot be read."""
    if cell.fault:
        findings.problem(cell.place, cell.fault, "a value", cell.mend)
        return None
    if not cell.text:
        if column.required:
            wanted = _within_sentence(column.meaning)
            findings.problem(cell.place, "nothing", wanted, "fill it in")
        return None
    try:
        value = read_cell(cell.value, column)
    except ValueError as wanted:
        mend = how_to_mend(cell.text, str(wanted), column.choices)
        findings.problem(cell.place, f"“{cell.text}”", str(wanted), mend)
        return None
    if column.kind == "percent" and values.is_read_as_share(cell.value):
        findings.assumed.append(f"{cell.place}: {cell.text} read as {value:g} percent")
    return value


def _within_sentence(meaning: str) -> str:
    """Return a meaning without its full stop and its capital."""
    text = meaning.rstrip(".")
    return text[0].lower() + text[1:] if text[1:2].islower() else text


def how_to_mend(text: str, wanted: str, choices: Iterable[str]) -> str:
    """Return advice to write the nearest choice, or else what was wanted."""
    close = nearest(text, choices)
    return f"write “{close}”" if close else f"write {wanted.partition(' (')[0]}"


def _read_count(cell: object) -> int:
    """Read a whole number that counts something."""
    number = values.read_whole(cell)
    if number < 0:
        raise ValueError("a whole number, 0 or more")
    return number


_READERS: Mapping[Kind, Callable[[object], object]] = {
    "text": values.read_text,
    "any": lambda cell: cell.strip() if isinstance(cell, str) else cell,
    "identifier": values.read_text,
    "whole": _read_count,
    "percent": values.read_percent,
    "date": values.read_date,
    "yes/no": values.read_yes_no,
}


def read_cell(cell: object, column: Column) -> object:
    """Return a cell as its column's kind of value.

    Raises
    ------
    ValueError
        Saying what was wanted.

    Examples
    --------
    >>> read_cell("Active", Column("status", "", choices=("active", "dropped")))
    'active'
    >>> read_cell("t01, T02", Column("task_ids", "", kind="identifiers"))
    ('t01', 'T02')
    """
    if column.kind in ("names", "identifiers"):
        between = r"[,;\s]+" if column.kind == "identifiers" else r"[,;\n]"
        parts = (part.strip() for part in re.split(between, values.read_text(cell)))
        return tuple(_choice(part, column.choices) for part in parts if part)
    value = _READERS[column.kind](cell)
    if column.choices and column.kind != "yes/no":
        chosen = _choice(values.read_text(value), column.choices)
        return int(chosen) if column.kind == "whole" else chosen
    return value


def _choice(text: str, choices: Iterable[str]) -> str:
    """Return the choice that the text names, without regard to case."""
    allowed = list(choices)
    by_folded = {choice.casefold(): choice for choice in allowed}
    if allowed and text.casefold() not in by_folded:
        raise ValueError(f"one of {', '.join(allowed)}")
    return by_folded.get(text.casefold(), text)
