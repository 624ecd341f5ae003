"""The parts of an exam that has several: a block of cells for each, below the plan of the whole."""

from __future__ import annotations

from typing import Any

from rds.documents.blueprint_workbook.cell_rows import (
    cell_row,
    column_sums,
    row_check,
    row_sum,
    total_check,
    validate_cell_rows,
    what_changed,
    write_cell_row,
)
from rds.documents.blueprint_workbook.cells import Cell
from rds.documents.blueprint_workbook.checks import check, mark
from rds.documents.blueprint_workbook.entries import hint
from rds.documents.blueprint_workbook.layout import PERCENT, TITLE, Layout
from rds.documents.blueprint_workbook.page import Column, Page
from rds.documents.blueprint_workbook.plan import PartPlan, Plan

_HEADING = "Items by part of the exam"


def write_parts(
    workbook: Any, page: Page, plan: Plan, layout: Layout, columns: list[Column]
) -> None:
    """Write a block of rows for each part, under one header."""
    page.line(layout.parts, _HEADING, "heading", height=22)
    if plan.mixed_units:
        units = " and ".join(dict.fromkeys(part.unit for part in plan.parts))
        text = f"Parts are counted in units of their own: {units}. These do not add up over parts."
        page.put(layout.parts, layout.first_level, text, "muted")
    hint(page, layout.parts + 1, [layout.first_level, layout.reason], plan)
    own = list(columns)
    own[TITLE] = Column("Part", ("wrap",))
    page.headers(layout.parts + 2, [column.header for column in own])
    for position, part in enumerate(plan.parts):
        _write_part(workbook, page, plan, (layout, position, part), own)


def _write_part(
    workbook: Any,
    page: Page,
    plan: Plan,
    place: tuple[Layout, int, PartPlan],
    columns: list[Column],
) -> None:
    """Write the rows of a part and their total."""
    layout, position, part = place
    first = layout.part_row(position)
    last = first + len(part.domains) - 1
    between: list[Cell] = [""] * (layout.first_level - PERCENT)
    for row, domain in enumerate(part.domains, start=first):
        own = cell_row(plan, part.name, domain)
        issued = sum(own.issued)
        before: list[Cell] = [domain, part.name, *between]
        compared = check(*row_check(row, layout, str(issued), 0))
        after: list[Cell] = [
            row_sum(row, issued, layout),
            compared,
            what_changed(row, layout, own),
            "",
        ]
        page.row(row, columns, [*before, *own.issued, *after])
        write_cell_row(page, plan, layout, row, own)
    total = last + 1
    sums = column_sums(layout, first, last, part.cells)
    checked = total_check(total, layout, str(part.length), 0)
    name = f"{part.name} ({part.unit})" if plan.mixed_units else part.name
    totals: list[Cell] = ["Total", name, *between, *sums]
    totals += [row_sum(total, part.length, layout), checked, "", ""]
    page.row(total, columns, totals, "total")
    own = cell_row(plan, part.name, part.domains[0])
    validate_cell_rows(workbook, page, layout, (first, last), own, name=f"part_{position + 1}")
    mark(page, first, layout.check, total, layout.check)
