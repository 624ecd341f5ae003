"""The workings below the blueprint: how exact shares become whole items, step by step."""

from __future__ import annotations

from rds.documents.blueprint_workbook.cells import Cell, Formula, at, fixed
from rds.documents.blueprint_workbook.hamilton import (
    Steps,
    items_formula,
    place_formula,
    remainder_formula,
    whole_formula,
)
from rds.documents.blueprint_workbook.layout import (
    EXACT,
    EXACT_CELL,
    FIRST,
    FIRST_LEVEL_WORKINGS,
    ITEMS,
    ITEMS_CELL,
    LENGTH,
    ORDER,
    PERCENT,
    PLACE_CELL,
    REMAINDER,
    REMAINDER_CELL,
    SHARE,
    STEPS,
    WHOLE,
    WHOLE_CELL,
    Layout,
)
from rds.documents.blueprint_workbook.page import Column, Page
from rds.documents.blueprint_workbook.plan import DomainPlan, Plan, cell_steps, domain_steps
from rds.documents.blueprint_workbook.words import title_case

_HEADING = "What the ratings give at the exam length above, step by step"
_EXPLANATION = (
    "Each gets the whole part of its exact share at once. The items left over go one each to the "
    "largest remainders. Of equal remainders the larger share comes first, then the identifier "
    "that comes first."
)
_PREVIEW_ONLY = (
    " For the levels within a domain the steps hold at other lengths only: the issued cells were "
    "found for all domains and levels together."
)
_STEP_STYLES = {
    SHARE: "four decimals",
    EXACT_CELL: "four decimals",
    WHOLE_CELL: "whole",
    REMAINDER_CELL: "four decimals",
}


def write_workings(page: Page, plan: Plan, layout: Layout) -> None:
    """Write the steps that formulas in the table above take their items from."""
    page.line(layout.workings, _HEADING, "heading", height=22)
    explanation = _EXPLANATION + (_PREVIEW_ONLY if plan.cells_pinned else "")
    page.paragraph(layout.workings + 1, explanation)
    if layout.domains_live:
        _write_domains(page, plan, layout)
    if layout.cells_live:
        _write_cells(page, plan, layout)


def _write_domains(page: Page, plan: Plan, layout: Layout) -> None:
    """Write whole part, remainder and place of every domain."""
    columns = [
        Column("Domain", ("bold",)),
        Column("Title", ("wrap",)),
        Column("Whole part", ("whole",)),
        Column("Remainder", ("four decimals",)),
        Column("Place by remainder", ("whole",)),
        Column("Order of identifiers", ("whole",)),
    ]
    found = domain_steps(plan.domains, plan.length)
    rows: list[list[Cell]] = [
        [domain.domain_id, domain.title, *_domain_steps(layout, i, found), order]
        for i, (domain, order) in enumerate(zip(plan.domains, plan.domain_order, strict=True))
    ]
    page.table(layout.domain_workings, columns, rows)
    left = Formula(f"={LENGTH}-SUM({layout.working_rows(WHOLE)})", plan.length - sum(found.whole))
    page.row(layout.left_over, columns, ["", "Items left over", left, "", "", ""], "total")


def _domain_steps(layout: Layout, position: int, found: Steps) -> list[Cell]:
    """Return whole part, remainder and place of one domain."""
    row, source = layout.domain_workings + 1 + position, FIRST + position
    exact = at(source, EXACT)
    place = place_formula(
        (at(row, REMAINDER), at(source, PERCENT), at(row, ORDER)),
        layout.working_rows(REMAINDER),
        layout.domain_rows(PERCENT),
        layout.working_rows(ORDER),
    )
    return [
        Formula(whole_formula(exact), found.whole[position]),
        Formula(remainder_formula(exact, at(row, WHOLE)), found.remainders[position]),
        Formula(place, found.places[position]),
    ]


def _write_cells(page: Page, plan: Plan, layout: Layout) -> None:
    """Write the same steps for the levels within each domain."""
    levels = [Column(f"{title_case(level)}, steps", ("whole",)) for level in plan.levels]
    columns = [
        Column("Domain", ("bold",)),
        Column("Step"),
        *levels,
        Column("Left over", ("whole",)),
    ]
    header = layout.cell_workings
    page.headers(header, [column.header for column in columns])
    page.row(header + 1, columns, ["", "order of the levels’ names", *plan.level_order, ""])
    for position, domain in enumerate(plan.domains):
        for step, cells in enumerate(_cell_steps(plan, layout, position)):
            style = _STEP_STYLES.get(step, "whole")
            name = domain.domain_id if step == SHARE else ""
            strong = ("bold",) if step == ITEMS_CELL else ()
            numbers = [Column(column.header, (style, *strong)) for column in levels]
            page.row(
                layout.step(position, step),
                [*columns[:2], *numbers, columns[-1]],
                [name, STEPS[step], *cells, _left_over(domain, layout, position, step)],
                *(("first",) if step == SHARE else ()),
            )


def _cell_steps(plan: Plan, layout: Layout, position: int) -> list[list[Cell]]:
    """Return the steps of one domain, each with one cell per level."""
    domain = plan.domains[position]
    found = cell_steps(domain, plan.level_order)
    share, exact, whole, remainder = (layout.step(position, i) for i in range(PLACE_CELL))
    rows: list[list[Cell]] = [[] for _ in STEPS]
    for i in range(layout.n_levels):
        column = FIRST_LEVEL_WORKINGS + i
        own = (at(remainder, column), at(share, column), fixed(layout.cell_workings + 1, column))
        place = place_formula(
            own,
            layout.level_cells(remainder),
            layout.level_cells(share),
            layout.level_cells(layout.cell_workings + 1),
        )
        items = fixed(FIRST + position, ITEMS)
        cells: tuple[Cell, ...] = (
            domain.shares[i],
            Formula(f"={items}*{at(share, column)}", domain.items * domain.shares[i]),
            Formula(whole_formula(at(exact, column)), found.whole[i]),
            Formula(remainder_formula(at(exact, column), at(whole, column)), found.remainders[i]),
            Formula(place, found.places[i]),
            _items(plan, layout, position, i),
        )
        for row, cell in zip(rows, cells, strict=True):
            row.append(cell)
    return rows


def _items(plan: Plan, layout: Layout, position: int, level: int) -> Formula:
    """Return the items of a cell; at the issued length those that were issued."""
    column, items = FIRST_LEVEL_WORKINGS + level, plan.domains[position].cells[level]
    whole, place = (layout.step(position, step) for step in (WHOLE_CELL, PLACE_CELL))
    left = fixed(whole, FIRST_LEVEL_WORKINGS + layout.n_levels)
    formula = items_formula(at(whole, column), at(place, column), left)
    if plan.cells_pinned:
        formula = f"=IF({LENGTH}={plan.length},{items},{formula.removeprefix('=')})"
    return Formula(formula, items)


def _left_over(domain: DomainPlan, layout: Layout, position: int, step: int) -> Cell:
    """Return the items left over beside the whole parts, nothing beside the other steps."""
    if step != WHOLE_CELL:
        return ""
    wholes = layout.level_cells(layout.step(position, WHOLE_CELL))
    given = sum(cell_steps(domain, range(1, layout.n_levels + 1)).whole)
    return Formula(f"={fixed(FIRST + position, ITEMS)}-SUM({wholes})", domain.items - given)
