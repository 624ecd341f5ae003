"""The comparison of an item bank with the blueprint as a workbook: a guide, then the table."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from typing import Any

import pandas as pd

from rds.blueprint.bank_gap import BANK_GAP, CELL, NOT_COUNTED, TASK, BankGap
from rds.documents.blueprint_workbook.theme import new_workbook
from rds.documents.study_look import Style, fit_height, styles
from rds.files import deterministic_zip

_GUIDE_WIDTHS = (20, 92)
_SHEETS = {
    CELL: ("Cells", "Domains and cognitive levels: items needed, usable items there are."),
    TASK: ("Tasks", "The same by task, where items name their task."),
    NOT_COUNTED: ("Not counted", "Items that no cell can take, with the reason."),
}
_WIDTHS = {
    "credential": 14, "part": 12, "domain_id": 12, "task_id": 10, "cognitive_level": 18,
    "need": 9, "have": 9, "gap": 9, "surplus": 9, "finding": 46,
}  # fmt: skip
_NUMBERS = ("need", "have", "gap", "surplus")
_WORDS = (
    ("need", "Scored items that forms take, as the blueprint has them; pretest items come on top."),
    ("have", "Items of the inventory that can be used there now."),
    ("gap", "Items that have to be written: need less have, never below zero."),
    ("surplus", "Items beyond what is needed; they do not help another cell."),
    ("finding", "What that means, or why items were not counted."),
)


def bank_gap_workbook(
    found: BankGap, *, study_id: str, inventory: str, date: datetime.date
) -> bytes:
    """Write the comparison as a workbook.

    Parameters
    ----------
    found
        The comparison.
    study_id
        The study.
    inventory
        Name of the inventory's file.
    date
        The date that the file carries.

    Returns
    -------
    bytes
        An xlsx file, the same bytes for the same content.
    """
    target = io.BytesIO()
    with new_workbook(target, study_id=study_id, kind="bank gap") as workbook:
        midnight = datetime.datetime(date.year, date.month, date.day)
        workbook.set_properties({"title": "Item bank and blueprint", "created": midnight})
        style = styles(workbook)
        parts = {scope: found.table[found.table["scope"] == scope] for scope in _SHEETS}
        shown = {scope: part for scope, part in parts.items() if len(part)}
        _write_guide(workbook, found, [study_id, inventory, str(date)], list(shown), style)
        for scope, part in shown.items():
            _write_table(workbook, scope, part, style)
    return deterministic_zip(target.getvalue(), date=date)


def _write_guide(
    workbook: Any, found: BankGap, facts: Sequence[str], scopes: Sequence[str], style: Style
) -> None:
    """Write what was compared, what was found, and how to read it."""
    page = workbook.add_worksheet("Guide")
    page.hide_gridlines(2)
    for column, width in enumerate(_GUIDE_WIDTHS):
        page.set_column(column, column, width, style())
    page.set_row(0, 28)
    page.write_string(0, 0, "Item bank and blueprint", style("title"))
    about = [*zip(("Study", "Inventory", "Date"), facts, strict=True), ("Needed", found.basis)]
    row = _write_lines(page, 2, about, style)
    row = _write_section(page, row, "What was found", style)
    said = [found.sentence, *found.notes]
    row = _write_lines(page, row, [("", text) for text in said], style)
    row = _write_section(page, row, "Sheets", style)
    row = _write_lines(page, row, [_SHEETS[scope] for scope in scopes], style)
    row = _write_section(page, row, "Columns", style)
    _write_lines(page, row, _WORDS, style)
    _print_as(page)


def _write_section(page: Any, row: int, title: str, style: Style) -> int:
    """Write a heading after an empty row; return the row below it."""
    page.write_string(row + 1, 0, title, style("heading"))
    page.write_blank(row + 1, 1, None, style("heading"))
    return row + 2


def _write_lines(page: Any, row: int, lines: Sequence[tuple[str, str]], style: Style) -> int:
    """Write labelled lines; return the row after them."""
    for number, (label, text) in enumerate(lines, start=row):
        page.write_string(number, 0, label, style("bold"))
        page.write_string(number, 1, text, style())
        fit_height(page, number, (label, text), _GUIDE_WIDTHS)
    return row + len(lines)


def _write_table(workbook: Any, scope: str, part: pd.DataFrame, style: Style) -> None:
    """Write the rows of one scope with a total that is computed in the sheet."""
    name, _ = _SHEETS[scope]
    page = workbook.add_worksheet(name)
    columns = _columns(scope, part)
    last = len(part)
    for at, column in enumerate(columns):
        page.set_column(at, at, _WIDTHS[column], style())
        names = ("header", "right") if column in _NUMBERS else ("header",)
        page.write_string(0, at, column, style(*names))
    page.set_row(0, 22)
    for number, row in enumerate(part.to_dict("records"), start=1):
        for at, column in enumerate(columns):
            if column in _NUMBERS:
                is_short = column == "gap" and row["gap"]
                names = ("framed", "right", *(("input", "bold") if is_short else ()))
                page.write_number(number, at, int(row[column]), style(*names))
            else:
                page.write_string(number, at, str(row[column]), style("framed"))
    page.write_string(last + 1, 0, "Total", style("framed", "header"))
    for at, column in enumerate(columns[1:], start=1):
        if column in _NUMBERS:
            letter = chr(ord("A") + at)
            formula = f"=SUM({letter}2:{letter}{last + 1})"
            total = int(part[column].sum())
            page.write_formula(last + 1, at, formula, style("framed", "header", "right"), total)
        else:
            page.write_blank(last + 1, at, None, style("framed", "header"))
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, last, len(columns) - 1)
    page.repeat_rows(0)
    _print_as(page)


def _columns(scope: str, part: pd.DataFrame) -> list[str]:
    """Return the columns that say something in a scope."""
    without = {"scope"} | ({"need", "gap", "surplus"} if scope == NOT_COUNTED else set())
    named = [name for name in BANK_GAP if name not in without]
    return [name for name in named if name in _NUMBERS or part[name].ne("").any()]


def _print_as(page: Any) -> None:
    """Print landscape and one page wide."""
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.75)
    page.set_footer("&L&8Item bank and blueprint&C&8&A&R&8Page &P of &N")
