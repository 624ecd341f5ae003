"""Issued reviews and edited copies of the committee's workbook, for tests."""

import io
from pathlib import Path

import openpyxl
from typer.testing import CliRunner

from rds.cli.app import app
from rds.study.form_kinds import FormWishes
from rds.study.receive import receive
from rds.study.review_issue import issue_review
from rds.study.study import Study
from tests.study.examples import make_study, write_answers


def rds(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def issued_study(folder: Path, **settings) -> Path:
    """Return a study whose workbook was issued for review."""
    made = make_study(folder / "s", **settings)
    receive(Study.open(made), write_answers(folder / "answers.csv"))
    issue_review(Study.open(made), FormWishes())
    return made


def issued_workbook(folder: Path, number: int = 1) -> Path:
    return folder / f"forms/review-{number}/blueprint.xlsx"


def column_of(sheet, header):
    """Return row and column of a header."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value == header:
                return cell.row, cell.column
    raise LookupError(header)


def put(workbook, sheet, key, header, value):
    """Write into the row of an identifier, under a header."""
    page = workbook[sheet]
    row, column = column_of(page, header)
    for number in range(row + 1, page.max_row + 1):
        if page.cell(number, 1).value == key:
            page.cell(number, column).value = value
            return
    raise LookupError(key)


def copy_of(folder: Path, target: Path, *edits, number: int = 1, change=None) -> Path:
    """Save a copy of the issued workbook, edited with a spreadsheet library."""
    workbook = openpyxl.load_workbook(io.BytesIO(issued_workbook(folder, number).read_bytes()))
    for edit in edits:
        put(workbook, *edit)
    if change is not None:
        change(workbook)
    workbook.save(target)
    return target


def drop(task, reason="Hardly anybody does it."):
    return ("Tasks", task, "Decision", "drop"), ("Tasks", task, "Reason", reason)


def decide_all(folder: Path, target: Path, decisions, *, role="panel chair") -> Path:
    """Fill in the meeting workbook: columns by what a line is about."""
    workbook = openpyxl.load_workbook(folder / "review-meeting.xlsx")
    page = workbook["To decide"]
    columns = {str(cell.value): cell.column for cell in page[1]}
    for number in range(2, page.max_row + 1):
        for name, value in decisions.get(page.cell(number, 1).value, {}).items():
            page.cell(number, columns[name]).value = value
    workbook["Meeting"]["B2"] = role
    workbook.save(target)
    return target


def lines_of(folder: Path) -> dict[str, dict[str, object]]:
    """Return the lines of the meeting workbook by what they are about."""
    page = openpyxl.load_workbook(folder / "review-meeting.xlsx")["To decide"]
    names = [cell.value for cell in page[1]]
    rows = [dict(zip(names, row, strict=True)) for row in page.iter_rows(2, values_only=True)]
    return {row["about"]: row for row in rows if row["about"]}
