"""The sheet “Tasks”: every task with its percent of the exam, its verdict, and a decision."""

from __future__ import annotations

from typing import Any

from rds.blueprint.plan import Blueprint
from rds.documents.blueprint_workbook.cells import DASH, Cell, Formula, at, block
from rds.documents.blueprint_workbook.entries import (
    PREVIEW,
    differs,
    hint,
    name_range,
    preview_line,
    put_entry,
    validate,
)
from rds.documents.blueprint_workbook.inputs import TASKS, Input
from rds.documents.blueprint_workbook.page import BODY, Column, Page, begin, print_as
from rds.documents.blueprint_workbook.plan import Plan
from rds.documents.blueprint_workbook.task_words import Said, task_words
from rds.documents.blueprint_workbook.theme import Styles
from rds.documents.blueprint_workbook.words import TASK_WEIGHT, TASK_WEIGHT_WITHIN

SHEET = TASKS
_PREVIEW_ROW, _NOTE_ROW, _HINT_ROW, _HEADER = range(BODY, BODY + 4)
_FIRST = _HEADER + 1
_COLUMNS = (
    (Column("Task", ("bold",)), 7.0),
    (Column("Domain"), 8.0),
    (Column("Statement", ("wrap",)), 38.0),
    (Column("Status", ("wrap",)), 13.0),
    (Column("Rank", ("whole",)), 7.0),
    (Column("Percent of exam", ("one decimal", "bold")), 9.5),
    (Column("Items as issued", ("whole", "bold")), 9.0),
    (Column("What respondents said", ("wrap",)), 30.0),
    (Column("The rule says", ("centre",)), 9.0),
    (Column("Why", ("wrap",)), 24.0),
    (Column("Decision", ("centre",)), 13.0),
    (Column("Reason", ("wrap",)), 26.0),
    (Column("Check", ("wrap",)), 14.0),
)
_PERCENT, _ITEMS, _VERDICT, _DECISION, _REASON, _CHECK = 5, 6, 8, 10, 11, 12
_NOTE = (
    "{weight} Rank 1 is the largest percent; equal ones share a rank. Without a decision the rule "
    "holds. A decision that differs from the rule needs a reason. Percents and items follow "
    "decisions once the file has been received and rds has run again."
)


def write_tasks(workbook: Any, blueprint: Blueprint, plan: Plan, style: Styles) -> None:
    """Write the sheet."""
    widths = [width for _, width in _COLUMNS]
    page = begin(workbook, SHEET, plan, style, title="Tasks", widths=widths)
    columns, said = [column for column, _ in _COLUMNS], task_words(blueprint)
    last = _FIRST + len(said) - 1
    preview_line(page, _PREVIEW_ROW, block(_FIRST, _CHECK, last, _CHECK), what="decisions")
    by_sum = blueprint.settings.weights.domain_rule == "sum"
    page.paragraph(_NOTE_ROW, _NOTE.format(weight=TASK_WEIGHT if by_sum else TASK_WEIGHT_WITHIN))
    hint(page, _HINT_ROW, [_DECISION, _REASON], plan)
    page.table(_HEADER, columns, [])
    own = plan.inputs_of(SHEET)
    for row, task in enumerate(said, start=_FIRST):
        _write_task(page, plan, (row, columns), task, own)
    page.row(last + 1, columns, _totals(said, last), "total")
    _open_entries(workbook, page, last, own)
    mark_states(page, (_FIRST, _CHECK, last, _CHECK))
    page.sheet.autofilter(_HEADER, 0, last, len(columns) - 1)
    page.sheet.freeze_panes(_FIRST, 1)
    print_as(page, plan, last + 1, repeat=_HEADER)


def _write_task(
    page: Page,
    plan: Plan,
    place: tuple[int, list[Column]],
    task: Said,
    own: dict[tuple[str, str], Input],
) -> None:
    """Write one task with its decision and reason."""
    row, columns = place
    decision, reason = own[task.task_id, "decision"], own[task.task_id, "reason"]
    cells: list[Cell] = [
        task.task_id,
        task.domain_id,
        task.statement,
        task.status,
        DASH if task.rank is None else task.rank,
        task.percent,
        task.items,
        task.ratings,
        task.verdict or DASH,
        task.why,
        decision.value or "",
        reason.value or "",
        _check(row, task, decision, reason),
    ]
    page.row(row, columns, cells, *(() if task.retained else ("muted",)))
    put_entry(page, row, _DECISION, decision, plan)
    put_entry(page, row, _REASON, reason, plan)


def _check(row: int, task: Said, decision: Input, reason: Input) -> Formula:
    """Say whether a decision is needed, lacks its reason, or was changed."""
    said, why, rule = at(row, _DECISION), at(row, _REASON), at(row, _VERDICT)
    missing = f'IF(LEN(TRIM({why}))=0,"reason missing","OK")'
    state = f'IF({said}="",IF({rule}="review","to decide","OK"),IF({said}={rule},"OK",{missing}))'
    changed = differs([(said, decision), (why, reason)])
    return Formula(f'=IF({changed},"{PREVIEW}: ","")&{state}', _state(task, decision, reason))


def _state(task: Said, decision: Input, reason: Input) -> str:
    """Return what the check says of what was issued."""
    if decision.value is None:
        return "to decide" if task.verdict == "review" else "OK"
    return "OK" if decision.value == task.verdict or reason.value else "reason missing"


def _totals(said: list[Said], last: int) -> list[Cell]:
    """Return the row of totals: percents, items, and how many are kept."""

    def total(column: int, value: float) -> Formula:
        return Formula(f"=SUM({at(_FIRST, column)}:{at(last, column)})", value)

    kept = sum(task.retained for task in said)
    cells: list[Cell] = [""] * len(_COLUMNS)
    cells[0], cells[3] = "Total", f"{kept} kept"
    cells[_PERCENT] = total(_PERCENT, sum(task.percent for task in said))
    cells[_ITEMS] = total(_ITEMS, sum(task.items for task in said))
    return cells


def _open_entries(workbook: Any, page: Page, last: int, own: dict[tuple[str, str], Input]) -> None:
    """Let decisions and reasons take what they may, and name both areas."""
    for column, field in ((_DECISION, "decision"), (_REASON, "reason")):
        cells = (_FIRST, column, last, column)
        first = next(entry for (_, name), entry in own.items() if name == field)
        validate(page, cells, first)
        name_range(workbook, f"task_{field}s", SHEET, cells)
    name_range(workbook, "task_identifiers", SHEET, (_FIRST, 0, last, 0))


def mark_states(page: Page, cells: tuple[int, int, int, int]) -> None:
    """Colour check cells by what they say; the words say it too."""
    rules = (
        ("equal to", "good", '"OK"'),
        ("begins with", "bad", PREVIEW),
        ("not equal to", "notice", '"OK"'),
    )
    for criteria, style, value in rules:
        rule = {"type": "cell", "criteria": criteria, "value": value}
        if criteria == "begins with":
            rule["type"] = "text"
        page.sheet.conditional_format(*cells, {**rule, "format": page.style.conditional(style)})
