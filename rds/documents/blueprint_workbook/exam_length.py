"""The exam length: the one input of the workbook, and what is said when it is changed."""

from __future__ import annotations

from typing import Any

from rds.documents.blueprint_workbook.cells import Formula, fixed
from rds.documents.blueprint_workbook.layout import (
    INPUT_COLUMN,
    INPUT_ROW,
    ITEMS,
    LENGTH,
    NOTE_ROW,
    PREVIEW_ROW,
    SHEET,
    Layout,
)
from rds.documents.blueprint_workbook.page import Page
from rds.documents.blueprint_workbook.plan import Plan

_LONGEST = 1000
_LIVE = (
    "Only the exam length may be changed; everything else follows from it. Items are whole numbers "
    "found by Hamilton’s method (largest remainders): first for the domains, then for the levels "
    "within each domain. The steps stand below the table. "
)
_FOLLOWING = "Levels are rounded within each domain, so a level’s sum can miss its target a little."
_PINNED = (
    "At the issued length the cells of domains and levels stand as rds found them: domains and "
    "levels both add up. At another length a level’s sum can miss its target a little."
)
_FIXED = "The items of domains are fixed here: {reason}. Another exam length needs “rds run”."


def write_exam_length(workbook: Any, page: Page, plan: Plan) -> None:
    """Write the exam length above the table and name what others may point at."""
    sheet, live = page.sheet, plan.domains_live
    sheet.set_row(INPUT_ROW, 24)
    page.put(INPUT_ROW, INPUT_COLUMN - 1, "Exam length (scored items)", "bold", "right", "middle")
    page.put(INPUT_ROW, INPUT_COLUMN, plan.length, "input" if live else "fixed")
    if live:
        page.put(
            INPUT_ROW, INPUT_COLUMN + 1, "◄ may be changed, to look at another length", "status"
        )
        sheet.data_validation(INPUT_ROW, INPUT_COLUMN, INPUT_ROW, INPUT_COLUMN, _validation(plan))
    page.line(PREVIEW_ROW, preview(plan), "preview", height=22)
    warn_of_preview(page, PREVIEW_ROW)
    page.paragraph(NOTE_ROW, _note(plan))
    workbook.define_name("exam_length", f"={SHEET}!{LENGTH}")
    workbook.define_name("domain_items", f"={SHEET}!{Layout.of(plan).domain_rows(ITEMS)}")


def preview(plan: Plan, length: str = LENGTH) -> Formula:
    """Say by formula whether the exam length is the one that was issued."""
    issued = f"Exam length as issued: {plan.length} items."
    changed = f"PREVIEW: exam length changed from the issued {plan.length} to "
    return Formula(
        f'=IF({length}={plan.length},"{issued}","{changed}"&{length}'
        f'&" items. This is not the plan that was issued.")',
        issued,
    )


def warn_of_preview(page: Page, row: int) -> None:
    """Make the line stand out when it says that the exam length was changed."""
    page.sheet.conditional_format(
        row,
        0,
        row,
        len(page.widths) - 1,
        {
            "type": "formula",
            "criteria": f'=LEFT({fixed(row, 0)},7)="PREVIEW"',
            "format": page.style.conditional("bad"),
        },
    )


def _validation(plan: Plan) -> dict[str, object]:
    """Allow whole numbers only."""
    longest = max(_LONGEST, 10 * plan.length)
    return {
        "validate": "integer",
        "criteria": "between",
        "minimum": 1,
        "maximum": longest,
        "input_title": "Exam length",
        "input_message": f"Scored items, a whole number. Issued: {plan.length}.",
        "error_title": "Exam length",
        "error_message": f"Write a whole number from 1 to {longest}.",
    }


def _note(plan: Plan) -> str:
    """Say what may be changed, or why nothing may."""
    if plan.domains_live:
        return _LIVE + (_PINNED if plan.cells_pinned else _FOLLOWING)
    bounded = any(domain.items in {domain.minimum, domain.maximum} for domain in plan.domains)
    reason = (
        "a minimum or maximum decides some of them"
        if bounded
        else f"they were rounded by the method “{plan.rounding}”"
    )
    return _FIXED.format(reason=reason)
