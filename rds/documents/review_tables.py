"""Finding the tables of a returned committee workbook, wherever rows and columns went."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rds.cells import Cell, Grid
from rds.documents.blueprint_workbook.inputs import EXAM_LENGTH, LENGTH_REASON, Input
from rds.values import read_text

_TOTAL = "total"
_HINT = "◄"


@dataclass(frozen=True)
class TableKind:
    """A table of a sheet that people fill in: what identifies its rows, and its headers."""

    sheet: str
    identified_by: tuple[str, ...]
    headers: tuple[str, ...]


@dataclass(frozen=True)
class FoundRow:
    """A row of a table: the texts that identify it, and its cells by header."""

    names: tuple[str, ...]
    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class FoundTable:
    """A table as it was found.

    Parameters
    ----------
    kind
        What was looked for.
    rows
        The rows below its header.
    missing
        Headers that are not there; all of them where the table is not there at all.
    doubled
        Headers that stand there twice, with the place of the second.
    """

    kind: TableKind
    rows: tuple[FoundRow, ...]
    missing: tuple[str, ...] = ()
    doubled: tuple[tuple[str, str], ...] = ()


def folded(text: str) -> str:
    """Return a text as it is compared: one space between words, no capitals.

    Examples
    --------
    >>> folded(" Reason  for  a change ")
    'reason for a change'
    """
    return re.sub(r"\s+", " ", read_text(text)).casefold()


def table_kinds(inputs: Sequence[Input]) -> list[TableKind]:
    """Return the tables that inputs stand in."""
    headers: dict[tuple[str, tuple[str, ...]], dict[str, None]] = {}
    for own in inputs:
        if own.identified_by:
            headers.setdefault((own.sheet, own.identified_by), {})[own.header] = None
    return [TableKind(sheet, by, tuple(names)) for (sheet, by), names in headers.items()]


def find_table(grid: Grid, kind: TableKind) -> FoundTable:
    """Find a table on a sheet by its headers, whatever stands above, beside or below it.

    Parameters
    ----------
    grid
        The cells of the sheet.
    kind
        The table.
    """
    wanted = {folded(name) for name in (*kind.identified_by, *kind.headers)}
    by = {folded(name) for name in kind.identified_by}
    scores = {
        number: len(wanted & {folded(cell.text) for cell in cells.values()})
        for number, cells in grid.rows.items()
        if by <= {folded(cell.text) for cell in cells.values()}
    }
    best = max(scores, key=lambda number: (scores[number], -number), default=None)
    if best is None or scores[best] <= len(by):
        return FoundTable(kind, (), (*kind.identified_by, *kind.headers))
    columns: dict[str, int] = {}
    doubled = []
    for at, cell in grid.rows[best].items():
        if folded(cell.text) in columns and folded(cell.text) in wanted:
            doubled.append((cell.text, cell.place))
        columns.setdefault(folded(cell.text), at)
    missing = [name for name in kind.headers if folded(name) not in columns]
    rows = tuple(_rows(grid, best, columns, kind))
    return FoundTable(kind, rows, tuple(missing), tuple(doubled))


def _rows(
    grid: Grid, header: int, columns: Mapping[str, int], kind: TableKind
) -> Iterator[FoundRow]:
    """Yield the rows below a header, up to the header of another table."""
    by = [folded(name) for name in kind.identified_by]
    for number in sorted(grid.rows):
        if number <= header:
            continue
        cells = {name: grid.cell(number, at) for name, at in columns.items()}
        names = tuple(read_text(cells[name].text) for name in by)
        if [folded(name) for name in names] == by:
            others = {folded(cell.text) for cell in grid.rows[number].values()}
            if {folded(name) for name in kind.headers} <= others:
                continue  # the same header once more, as where rows were pasted twice
            return
        if _TOTAL not in {folded(name) for name in names}:
            yield FoundRow(names, number, cells)


def exam_length_cells(grid: Grid) -> tuple[Cell | None, Cell | None]:
    """Return the cells of the exam length and of its reason; None where their label is gone.

    They stand to the right of their labels, unless columns were moved: then the length is the
    number in its row, and the reason stands in the same column.
    """
    length, reason = _labelled(grid, EXAM_LENGTH), _labelled(grid, LENGTH_REASON)
    if length is None:
        return None, None
    row, label = length
    own = {at: cell for at, cell in grid.rows[row].items() if at != label}
    own = {at: cell for at, cell in own.items() if not cell.text.startswith(_HINT)}
    numbers = [at for at, cell in own.items() if isinstance(cell.value, (int, float))]
    right = [at for at in (*numbers, *own) if at > label] or [*numbers, *own]
    at = label + 1 if label + 1 in own or not right else right[0]
    return grid.cell(row, at), None if reason is None else grid.cell(reason[0], at)


def _labelled(grid: Grid, label: str) -> tuple[int, int] | None:
    """Return row and column of a label."""
    for number, cells in grid.rows.items():
        for at, cell in cells.items():
            if folded(cell.text) == folded(label):
                return number, at
    return None
