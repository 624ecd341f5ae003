"""The exam length, and what is said at the top of a sheet when anything of the plan was changed."""

from __future__ import annotations

from typing import Any

from rds.documents.blueprint_workbook.cells import Formula
from rds.documents.blueprint_workbook.entries import (
    MOST_ITEMS,
    PREVIEW,
    changed_rows,
    entry_styles,
    put_entry,
    validate,
    warn,
)
from rds.documents.blueprint_workbook.inputs import EXAM, EXAM_LENGTH, LENGTH_REASON
from rds.documents.blueprint_workbook.layout import (
    INPUT_COLUMN,
    INPUT_ROW,
    ITEMS,
    LENGTH,
    NOTE_ROW,
    PERCENT,
    PREVIEW_ROW,
    REASON_ROW,
    SHEET,
    Layout,
)
from rds.documents.blueprint_workbook.page import Page
from rds.documents.blueprint_workbook.plan import Plan

_CELLS = (
    "Items stand by domain and cognitive level. Change what should be otherwise; sums and checks "
    "follow at once, and each changed row needs a reason. "
)
_APPROVED = "This version is approved: nothing may be changed. The next version is a new workbook. "
_LIVE = (
    "“Items by the ratings” follow the exam length: whole numbers found by Hamilton’s method "
    "(largest remainders), the steps stand below. "
)
_FIXED = "“Items by the ratings” stand as issued: {reason}. Another exam length needs “rds run”."


def write_exam_length(workbook: Any, page: Page, plan: Plan) -> None:
    """Write the exam length above the table and name what others may point at."""
    layout, own = Layout.of(plan), plan.inputs_of(SHEET)
    write_preview(page, PREVIEW_ROW, plan, layout)
    _write_length(page, plan, own[EXAM, "items"])
    reason = own[EXAM, "reason"]
    page.sheet.set_row(REASON_ROW, 20)
    page.put(REASON_ROW, INPUT_COLUMN - 1, LENGTH_REASON, "bold", "right", "middle")
    put_entry(page, REASON_ROW, INPUT_COLUMN, reason, plan)
    across = page.style(*entry_styles("text", plan))
    page.sheet.merge_range(REASON_ROW, INPUT_COLUMN, REASON_ROW, layout.sum, "", across)
    validate(page, (REASON_ROW, INPUT_COLUMN, REASON_ROW, INPUT_COLUMN), reason)
    page.paragraph(NOTE_ROW, _note(plan))
    workbook.define_name("exam_length", f"={SHEET}!{LENGTH}")
    workbook.define_name("domain_items", f"={SHEET}!{layout.domain_rows(ITEMS)}")
    workbook.define_name("domain_percent", f"={SHEET}!{layout.domain_rows(PERCENT)}")


def _write_length(page: Page, plan: Plan, own: Any) -> None:
    """Write the exam length with its label."""
    page.sheet.set_row(INPUT_ROW, 24)
    page.put(INPUT_ROW, INPUT_COLUMN - 1, EXAM_LENGTH, "bold", "right", "middle")
    is_open = not plan.version.is_approved
    page.put(INPUT_ROW, INPUT_COLUMN, plan.length, "input" if is_open else "fixed")
    if is_open:
        page.put(INPUT_ROW, INPUT_COLUMN + 1, f"◄ may be changed; issued: {plan.length}", "status")
    place = (INPUT_ROW, INPUT_COLUMN, INPUT_ROW, INPUT_COLUMN)
    validate(page, place, own, most=max(MOST_ITEMS, 10 * plan.length))


def write_preview(page: Page, row: int, plan: Plan, layout: Layout, *, sheet: str = "") -> None:
    """Say in large letters whether exam length and items are those that were issued.

    Parameters
    ----------
    sheet
        The name of the sheet “Blueprint” with an exclamation mark, on other sheets.
    """
    page.paragraph(row, "", "preview")
    page.put(row, 0, preview(plan, layout, sheet), "preview")
    page.sheet.set_row(row, 26)
    warn(page, row)


def preview(plan: Plan, layout: Layout, sheet: str = "") -> Formula:
    """Return what says whether exam length and items are those that were issued."""
    length, count = f"{sheet}{LENGTH}", changed_rows(f"{sheet}{layout.changes}")
    issued = f"As issued: exam length {plan.length} items, no cell changed."
    longer = f"{PREVIEW}: exam length changed from the issued {plan.length} to "
    cells = f"{PREVIEW}: items changed in "
    end = " This is not the plan that was issued."
    return Formula(
        f'=IF({length}<>{plan.length},"{longer}"&{length}&" items.{end}",'
        f'IF({count}>0,"{cells}"&{count}&IF({count}=1," row."," rows.")&"{end}","{issued}"))',
        issued,
    )


def _note(plan: Plan) -> str:
    """Say what may be changed, and what follows."""
    start = _APPROVED if plan.version.is_approved else _CELLS
    if plan.domains_live:
        return start + _LIVE
    bounded = any(domain.items in {domain.minimum, domain.maximum} for domain in plan.domains)
    if plan.parts:
        reason = "the exam has several parts"
    elif bounded:
        reason = "a minimum or maximum decides some of them"
    else:
        reason = f"they were rounded by the method “{plan.rounding}”"
    return start + _FIXED.format(reason=reason)
