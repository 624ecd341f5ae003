"""The sheet “Comments”: points, motions and votes, in rows that people fill in."""

from __future__ import annotations

from typing import Any

from rds.documents.blueprint_workbook.cells import Cell, Formula, at
from rds.documents.blueprint_workbook.entries import hint, name_range, put_entry, validate
from rds.documents.blueprint_workbook.inputs import COMMENT_FIELDS, COMMENT_ROWS, COMMENTS
from rds.documents.blueprint_workbook.page import BODY, Column, begin, print_as
from rds.documents.blueprint_workbook.plan import Plan
from rds.documents.blueprint_workbook.tasks import mark_states
from rds.documents.blueprint_workbook.theme import Styles

SHEET = COMMENTS
_NOTE_ROW, _HINT_ROW, _HEADER = range(BODY, BODY + 3)
_FIRST = _HEADER + 1
_WIDTHS = (7.0, 18.0, 46.0, 40.0, 8.0, 8.0, 9.0, 40.0, 20.0)
_VOTES = (4, 5, 6)
_MOST_VOTES = 500
_HEIGHT = 30
_NOTE = (
    "One row for each point that is raised. About: what it concerns, such as T07, D1 or Blueprint. "
    "If a motion is put to the vote, write how many said yes, no, and how many abstained. "
    "Resolution: what was agreed. Write no names."
)


def write_comments(workbook: Any, quorum: int, plan: Plan, style: Styles) -> None:
    """Write the sheet.

    Parameters
    ----------
    quorum
        Fewest people who have to vote; 0 for any number.
    """
    page = begin(workbook, SHEET, plan, style, title="Comments", widths=_WIDTHS)
    wanted = f" At least {quorum} people have to vote." if quorum else ""
    page.paragraph(_NOTE_ROW, _NOTE + wanted)
    hint(page, _HINT_ROW, [1, 2, 3, 5, 7], plan)
    columns = [Column("Row", ("bold",)), *[Column(field.header) for field in COMMENT_FIELDS]]
    columns.append(Column("Check", ("wrap",)))
    page.table(_HEADER, columns, [])
    last, own = _FIRST + COMMENT_ROWS - 1, plan.inputs_of(SHEET)
    for row in range(_FIRST, last + 1):
        name = f"C{row - _FIRST + 1:02}"
        cells: list[Cell] = [name, *[""] * len(COMMENT_FIELDS), _check(row, quorum)]
        page.row(row, columns, cells)
        page.sheet.set_row(row, _HEIGHT)
        for column, field in enumerate(COMMENT_FIELDS, start=1):
            put_entry(page, row, column, own[name, field.name], plan)
    for column, field in enumerate(COMMENT_FIELDS, start=1):
        cells_of = (_FIRST, column, last, column)
        validate(page, cells_of, own["C01", field.name], most=_MOST_VOTES)
    name_range(workbook, "comments", SHEET, (_FIRST, 1, last, len(COMMENT_FIELDS)))
    mark_states(page, (_FIRST, len(columns) - 1, last, len(columns) - 1))
    page.sheet.autofilter(_HEADER, 0, last, len(columns) - 1)
    page.sheet.freeze_panes(_FIRST, 1)
    print_as(page, plan, last, repeat=_HEADER)


def _check(row: int, quorum: int) -> Formula:
    """Say whether a motion that was voted on passed, or what is missing; “OK” for an empty row."""
    votes = f"{at(row, _VOTES[0])}:{at(row, _VOTES[-1])}"
    point, motion, yes, no = (at(row, column) for column in (2, 3, *_VOTES[:2]))
    counted = f'IF({yes}>{no},"passed","not passed")'
    if quorum:
        counted = f'IF(SUM({votes})<{quorum},"quorum of {quorum} missed",{counted})'
    unstated = f'IF(LEN(TRIM({motion}))=0,"motion missing",{counted})'
    empty = f'IF(LEN(TRIM({motion}))=0,"OK",IF(LEN(TRIM({point}))=0,"point missing","no vote"))'
    return Formula(f"=IF(COUNT({votes})>0,{unstated},{empty})", "OK")
