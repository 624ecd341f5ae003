"""The sheet “Differences”: where panel and field lie far apart, and how that is resolved."""

from __future__ import annotations

from typing import Any

from rds.blueprint.plan import Blueprint
from rds.documents.blueprint_workbook.cells import Cell, Formula, at, block, number
from rds.documents.blueprint_workbook.entries import (
    PREVIEW,
    differs,
    hint,
    name_range,
    preview_line,
    put_entry,
    validate,
)
from rds.documents.blueprint_workbook.inputs import DIFFERENCES, TASKS, Input, shown_differences
from rds.documents.blueprint_workbook.page import BODY, Column, begin, print_as
from rds.documents.blueprint_workbook.plan import Plan
from rds.documents.blueprint_workbook.tasks import mark_states
from rds.documents.blueprint_workbook.theme import Styles
from rds.documents.blueprint_workbook.words import title_case

SHEET = DIFFERENCES
_PREVIEW_ROW, _NOTE_ROW, _HINT_ROW, _HEADER = range(BODY, BODY + 4)
_FIRST = _HEADER + 1
_COLUMNS = (
    (Column("Statement", ("bold",)), 11.0),
    (Column("Scale"), 13.0),
    (Column("Wording", ("wrap",)), 50.0),
    (Column("Panel mean", ("one decimal",)), 9.0),
    (Column("Field mean", ("one decimal",)), 9.0),
    (Column("What was found", ("wrap",)), 44.0),
    (Column("Resolution", ("centre",)), 16.0),
    (Column("Reason", ("wrap",)), 36.0),
    (Column("Check", ("wrap",)), 19.0),
)
_RESOLUTION, _REASON, _CHECK = 6, 7, 8
_NOTE = (
    "The panel is the group of experts who wrote the outline; the field are the practitioners who "
    "answered the survey. Only statements on which they lie far apart are listed. The resolution "
    "says whether the statement stays (keep) or goes (drop), and needs a reason. The sheet Tasks "
    "has to say the same."
)
_NONE = "No statement lies far enough apart to be resolved, or no panel rated the statements."


def write_differences(workbook: Any, blueprint: Blueprint, plan: Plan, style: Styles) -> None:
    """Write the sheet."""
    widths = [width for _, width in _COLUMNS]
    page = begin(workbook, SHEET, plan, style, title="Differences", widths=widths)
    table, columns = shown_differences(blueprint), [column for column, _ in _COLUMNS]
    own, last = plan.inputs_of(SHEET), _FIRST + max(len(table), 1) - 1
    preview_line(page, _PREVIEW_ROW, block(_FIRST, _CHECK, last, _CHECK), what="resolutions")
    page.paragraph(_NOTE_ROW, _NOTE)
    hint(page, _HINT_ROW, [_RESOLUTION, _REASON] if own else [], plan)
    page.table(_HEADER, columns, [])
    words = blueprint.outline.statements
    for row, found in enumerate(table.itertuples(), start=_FIRST):
        names = str(found.statement_id), str(found.scale)
        key = " | ".join(names)
        entries = own[key, "resolution"], own[key, "reason"]
        cells: list[Cell] = [
            *names,
            words.get(names[0], ""),
            number(found.panel_mean),
            number(found.field_mean),
            title_case(f"{found.finding}."),
            "",
            "",
            _check(row, names[0], entries, plan),
        ]
        page.row(row, columns, cells)
        for column, entry in zip((_RESOLUTION, _REASON), entries, strict=True):
            put_entry(page, row, column, entry, plan)
            validate(page, (row, column, row, column), entry)
    if table.empty:
        page.row(_FIRST, columns, ["–", "", _NONE, *[""] * (len(columns) - 3)])
    else:
        for column, name in ((_RESOLUTION, "resolutions"), (_REASON, "reasons")):
            name_range(workbook, f"difference_{name}", SHEET, (_FIRST, column, last, column))
    mark_states(page, (_FIRST, _CHECK, last, _CHECK))
    page.sheet.autofilter(_HEADER, 0, last, len(columns) - 1)
    page.sheet.freeze_panes(_FIRST, 1)
    print_as(page, plan, last, repeat=_HEADER)


def _check(row: int, name: str, entries: tuple[Input, Input], plan: Plan) -> Formula:
    """Say whether a difference is open, lacks its reason, or contradicts the sheet Tasks."""
    resolution, reason = entries
    said, why = at(row, _RESOLUTION), at(row, _REASON)
    text, state = '"OK"', "OK"
    decision = plan.inputs_of(TASKS).get((name, "decision"))
    if decision is not None:
        here = f"INDEX(task_decisions,MATCH({at(row, 0)},task_identifiers,0))"
        text = f'IF({here}={said},"OK",IF({here}="","OK","Tasks says "&{here}))'
        if decision.value not in (None, resolution.value):
            state = f"Tasks says {decision.value}"
    state = state if reason.value else "reason missing"
    text = f'IF({said}="","open",IF(LEN(TRIM({why}))=0,"reason missing",{text}))'
    changed = differs([(said, resolution), (why, reason)])
    issued = state if resolution.value else "open"
    return Formula(f'=IF({changed},"{PREVIEW}: ","")&{text}', issued)
