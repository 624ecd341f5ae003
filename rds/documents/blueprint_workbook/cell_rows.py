"""Rows of items by cognitive level that people may change: with sum, check and what was changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rds.documents.blueprint_workbook.cells import Cell, Formula, at
from rds.documents.blueprint_workbook.checks import Excess, check, equality
from rds.documents.blueprint_workbook.entries import (
    PREVIEW,
    differs,
    name_range,
    put_entry,
    validate,
)
from rds.documents.blueprint_workbook.inputs import BLUEPRINT, Input
from rds.documents.blueprint_workbook.layout import Layout
from rds.documents.blueprint_workbook.page import Page
from rds.documents.blueprint_workbook.plan import Plan

AS_ISSUED = "as issued"


@dataclass(frozen=True)
class CellRow:
    """The inputs of a row: one for each level, and the reason."""

    items: tuple[Input, ...]
    reason: Input

    @property
    def issued(self) -> tuple[int, ...]:
        """The items that were issued."""
        return tuple(int(own.value or 0) for own in self.items)


def cell_row(plan: Plan, *names: str) -> CellRow:
    """Return the inputs of a domain, or of a part and a domain."""
    own = plan.inputs_of(BLUEPRINT)
    key = " | ".join(names)
    return CellRow(
        tuple(own[f"{key} | {level}", "items"] for level in plan.levels), own[key, "reason"]
    )


def write_cell_row(page: Page, plan: Plan, layout: Layout, row: int, own: CellRow) -> None:
    """Write the inputs over the cells of a row, and mark those that were changed."""
    style = page.style.conditional("bad")
    for column, entry in enumerate(own.items, start=layout.first_level):
        put_entry(page, row, column, entry, plan)
        rule = {"type": "cell", "criteria": "!=", "value": entry.value, "format": style}
        page.sheet.conditional_format(row, column, row, column, rule)
    put_entry(page, row, layout.reason, own.reason, plan)


def validate_cell_rows(
    workbook: Any, page: Page, layout: Layout, rows: tuple[int, int], own: CellRow, *, name: str
) -> None:
    """Let the inputs of some rows take what they may, and name both areas."""
    first, last = rows
    cells = (first, layout.first_level, last, layout.sum - 1)
    reasons = (first, layout.reason, last, layout.reason)
    validate(page, cells, own.items[0])
    validate(page, reasons, own.reason)
    name_range(workbook, f"{name}_items", BLUEPRINT, cells)
    name_range(workbook, f"{name}_reasons", BLUEPRINT, reasons)


def row_sum(row: int, value: float, layout: Layout) -> Formula:
    """Return the sum of a row over levels."""
    return Formula(f"=SUM({at(row, layout.first_level)}:{at(row, layout.sum - 1)})", value)


def row_check(row: int, layout: Layout, wanted: str, amount: float) -> tuple[Excess, Excess]:
    """Compare the sum of a row with what is wanted: a reference or a number."""
    return equality(at(row, layout.sum), wanted, amount)


def what_changed(
    row: int, layout: Layout, own: CellRow, *, by_ratings: Sequence[int] = ()
) -> Formula:
    """Say whether a row is as issued, what was issued if not, and whether a reason is missing.

    Where the committee decided cells of the row, what the ratings give is said beside it.
    """
    places = [(at(row, layout.first_level + i), entry) for i, entry in enumerate(own.items)]
    issued = ", ".join(map(str, own.issued))
    reason = f'IF(LEN(TRIM({at(row, layout.reason)}))=0,"; reason missing","")'
    given = ", ".join(map(str, by_ratings))
    same = f"{AS_ISSUED}; decided by the committee, the ratings give {given}"
    same = same if by_ratings else AS_ISSUED
    text = f'=IF({differs(places)},"{PREVIEW}: issued {issued}"&{reason},"{same}")'
    return Formula(text, same)


def column_sums(
    layout: Layout, first: int, last: int, cells: Sequence[Sequence[int]]
) -> list[Cell]:
    """Return the sums of rows by level."""
    columns = [sum(column) for column in zip(*cells, strict=True)]
    return [
        Formula(f"=SUM({at(first, column)}:{at(last, column)})", total)
        for column, total in enumerate(columns, start=layout.first_level)
    ]


def total_check(row: int, layout: Layout, wanted: str, amount: float) -> Formula:
    """Compare the sum of a row of totals with what is wanted."""
    return check(*row_check(row, layout, wanted, amount))
