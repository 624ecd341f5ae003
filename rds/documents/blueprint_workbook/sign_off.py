"""The sheet “Sign-off”: what each role decides about this version."""

from __future__ import annotations

from typing import Any

from rds.documents.blueprint_workbook.cells import DASH, Cell, Formula, at
from rds.documents.blueprint_workbook.entries import hint, name_range, put_entry, validate
from rds.documents.blueprint_workbook.inputs import NO_FINGERPRINT, SIGN_OFF, SIGN_OFF_FIELDS
from rds.documents.blueprint_workbook.page import BODY, Column, begin, print_as
from rds.documents.blueprint_workbook.plan import Plan
from rds.documents.blueprint_workbook.tasks import mark_states
from rds.documents.blueprint_workbook.theme import Styles

SHEET = SIGN_OFF
_NOTE_ROW, _HINT_ROW, _HEADER = range(BODY, BODY + 3)
_FIRST = _HEADER + 1
_WIDTHS = (26.0, 24.0, 14.0, 50.0, 28.0, 30.0, 20.0)
_HEIGHT = 34
_NOTE = (
    "Each role decides about the version whose number and fingerprint stand here, and no other. "
    "Approve with changes: say which in the column beside. A role is enough; a name stands here "
    "only if whoever signs writes it."
)


def write_sign_off(workbook: Any, plan: Plan, style: Styles) -> None:
    """Write the sheet."""
    page = begin(workbook, SHEET, plan, style, title="Sign-off", widths=_WIDTHS)
    page.paragraph(_NOTE_ROW, _NOTE)
    fields = SIGN_OFF_FIELDS
    hint(page, _HINT_ROW, range(1, len(fields) + 1), plan)
    columns = [Column("Role", ("bold", "wrap")), *[Column(field.header) for field in fields]]
    columns += [Column("Version and fingerprint", ("wrap",)), Column("Check", ("wrap",))]
    page.table(_HEADER, columns, [])
    own = plan.inputs_of(SHEET)
    roles = list(dict.fromkeys(role for role, _ in own))
    version = plan.version
    mark = f"{version.name}, {version.short_fingerprint or NO_FINGERPRINT}"
    for row, role in enumerate(roles, start=_FIRST):
        cells: list[Cell] = [role, *[""] * len(fields), mark, _check(row)]
        if version.is_approved:
            cells = [role, *_signed(plan, role), *[""] * (len(fields) - 2), mark, "OK"]
        page.row(row, columns, cells)
        page.sheet.set_row(row, _HEIGHT)
        for column, field in enumerate(() if version.is_approved else fields, start=1):
            put_entry(page, row, column, own[role, field.name], plan)
    last = _FIRST + max(len(roles), 1) - 1
    for column, field in enumerate(fields, start=1) if roles else ():
        validate(page, (_FIRST, column, last, column), own[roles[0], field.name])
    if roles:
        name_range(workbook, "sign_off", SHEET, (_FIRST, 1, last, len(fields)))
    mark_states(page, (_FIRST, len(columns) - 1, last, len(columns) - 1))
    page.sheet.freeze_panes(_FIRST, 1)
    print_as(page, plan, last, repeat=_HEADER)


def _signed(plan: Plan, role: str) -> tuple[str, str]:
    """Return what a role decided about an approved version, and when."""
    day = dict(plan.version.signed).get(role)
    return "approve", DASH if day is None else day.isoformat()


def _check(row: int) -> Formula:
    """Say what is missing of a sign-off."""
    decision, day, remarks = (at(row, column) for column in (1, 2, 3))
    stated = f'IF(LEN(TRIM({remarks}))=0,"say what and why","OK")'
    stated = f'IF({decision}="approve","OK",{stated})'
    dated = f'IF({day}="","date missing",{stated})'
    return Formula(f'=IF({decision}="","open",{dated})', "open")
