"""The sheet “Blueprint”: items by domain and cognitive level, live in the exam length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rds.documents.blueprint_workbook.cells import Cell, Formula, at, blank, fixed
from rds.documents.blueprint_workbook.checks import (
    Excess,
    check,
    equality,
    mark,
    within_one,
)
from rds.documents.blueprint_workbook.exam_length import write_exam_length
from rds.documents.blueprint_workbook.hamilton import DECIMALS, items_formula
from rds.documents.blueprint_workbook.layout import (
    DOMAIN,
    EXACT,
    FIRST,
    FIRST_LEVEL_WORKINGS,
    HEADER_ROW,
    ITEMS,
    LENGTH,
    MAXIMUM,
    MINIMUM,
    PERCENT,
    PLACE,
    PLACE_CELL,
    SHARE,
    SHEET,
    WHOLE,
    WHOLE_CELL,
    Layout,
)
from rds.documents.blueprint_workbook.page import Column, Page, begin, print_as
from rds.documents.blueprint_workbook.plan import DomainPlan, Plan
from rds.documents.blueprint_workbook.theme import Styles
from rds.documents.blueprint_workbook.words import title_case
from rds.documents.blueprint_workbook.workings import write_workings


def write_blueprint(workbook: Any, plan: Plan, style: Styles) -> None:
    """Write the sheet."""
    layout = Layout.of(plan)
    page = begin(workbook, SHEET, plan, style, title="Blueprint", widths=_widths(plan, layout))
    columns = _columns(plan, layout)
    write_exam_length(workbook, page, plan)
    page.table(HEADER_ROW, columns, _domain_rows(plan, layout))
    page.row(layout.total, columns, _totals(plan, layout), "total")
    mark(page, FIRST, layout.check, layout.total, layout.check)
    if plan.levels:
        _write_targets(page, plan, layout, columns)
    if layout.has_pretest:
        _write_pretest(page, plan, layout)
    if layout.domains_live or layout.cells_live:
        write_workings(page, plan, layout)
        page.sheet.set_h_pagebreaks([layout.workings])
    page.sheet.freeze_panes(FIRST, DOMAIN + 1)
    print_as(page, plan, layout.end)


def _widths(plan: Plan, layout: Layout) -> list[float]:
    """Return the widths of the columns; the workings have the levels further to the left."""
    longest = max((len(word) for level in plan.levels for word in level.split()), default=0)
    level = max(12.0, 1.1 * longest + 2)
    bounds = [11.0, 11.0] if layout.is_bounded else []
    sums = [9.0] if layout.n_levels else []
    return [10, 42, level, level, level, *bounds, *[level] * layout.n_levels, *sums, 18]


def _columns(plan: Plan, layout: Layout) -> list[Column]:
    """Return the columns of the main table."""
    bounds = ["Minimum", "Maximum"] if layout.is_bounded else []
    return [
        Column("Domain", ("bold",)),
        Column("Title", ("wrap",)),
        Column("Percent of exam", ("one decimal",)),
        Column("Exact items", ("two decimals",)),
        Column("Items", ("whole", "bold")),
        *[Column(bound, ("whole",)) for bound in bounds],
        *[Column(title_case(level), ("whole",)) for level in plan.levels],
        *([Column("Sum", ("whole", "bold"))] if plan.levels else []),
        Column("Check", ("centre",)),
    ]


def _domain_rows(plan: Plan, layout: Layout) -> list[list[Cell]]:
    """Return the rows of the main table."""
    return [
        [
            domain.domain_id,
            domain.title,
            domain.percent,
            Formula(f"={at(row, PERCENT)}/100*{LENGTH}", domain.exact),
            _items(domain, position, layout),
            *([blank(domain.minimum), blank(domain.maximum)] if layout.is_bounded else []),
            *_cells(domain, position, layout, plan),
            *_sum(row, sum(domain.cells), layout),
            _check(domain, row, layout),
        ]
        for position, (row, domain) in enumerate(enumerate(plan.domains, start=FIRST))
    ]


def _items(domain: DomainPlan, position: int, layout: Layout) -> Cell:
    """Return a domain's items, by formula where formulas can find them."""
    if not layout.domains_live:
        return domain.items
    row = layout.domain_workings + 1 + position
    formula = items_formula(at(row, WHOLE), at(row, PLACE), fixed(layout.left_over, WHOLE))
    return Formula(formula, domain.items)


def _cells(domain: DomainPlan, position: int, layout: Layout, plan: Plan) -> list[Cell]:
    """Return a domain's items by cognitive level, by formula where formulas can find them."""
    if not layout.cells_live:
        return list(domain.cells)
    whole, place = (layout.step(position, step) for step in (WHOLE_CELL, PLACE_CELL))
    left = fixed(whole, FIRST_LEVEL_WORKINGS + layout.n_levels)
    cells: list[Cell] = []
    for column, items in enumerate(domain.cells, start=FIRST_LEVEL_WORKINGS):
        formula = items_formula(at(whole, column), at(place, column), left)
        if plan.cells_pinned:
            formula = f"=IF({LENGTH}={plan.length},{items},{formula.removeprefix('=')})"
        cells.append(Formula(formula, items))
    return cells


def _sum(row: int, value: int, layout: Layout) -> list[Cell]:
    """Return the sum of a row over levels, if there are any."""
    if not layout.n_levels:
        return []
    return [Formula(f"=SUM({at(row, layout.first_level)}:{at(row, layout.sum - 1)})", value)]


def _check(domain: DomainPlan, row: int, layout: Layout) -> Formula:
    """Compare the sum over levels with the domain's items, and these with their bounds."""
    items, low, high = at(row, ITEMS), at(row, MINIMUM), at(row, MAXIMUM)
    checks: list[Excess] = []
    if layout.n_levels:
        checks += equality(at(row, layout.sum), items, sum(domain.cells) - domain.items)
    if domain.minimum is not None:
        checks.append(Excess(low, items, domain.minimum - domain.items, "below minimum"))
    if domain.maximum is not None:
        checks.append(Excess(items, high, domain.items - domain.maximum, "above maximum"))
    return check(*checks)


def _totals(plan: Plan, layout: Layout) -> list[Cell]:
    """Return the row of totals; the grand total is checked against the exam length."""
    row, domains = layout.total, plan.domains
    cells = [sum(column) for column in zip(*(d.cells for d in domains), strict=True)]
    items = sum(domain.items for domain in domains)
    found = at(row, layout.sum if layout.n_levels else ITEMS)
    n_found = sum(cells) if layout.n_levels else items

    def total(column: int, value: float) -> Formula:
        return Formula(f"=SUM({at(FIRST, column)}:{at(layout.last, column)})", value)

    return [
        "Total",
        "",
        total(PERCENT, sum(domain.percent for domain in domains)),
        total(EXACT, sum(domain.exact for domain in domains)),
        total(ITEMS, items),
        *(["", ""] if layout.is_bounded else []),
        *[total(layout.first_level + i, cell) for i, cell in enumerate(cells)],
        *_sum(row, sum(cells), layout),
        check(*equality(found, LENGTH, n_found - plan.length)),
    ]


def _write_targets(page: Page, plan: Plan, layout: Layout, columns: list[Column]) -> None:
    """Write the levels' targets, and how far the sums are from them."""
    targets, differences, checks = zip(
        *(_target(plan, layout, i) for i in range(layout.n_levels)), strict=True
    )
    lines = (
        ("Target of the level", "one decimal", targets),
        ("Difference from the target", "signed one decimal", differences),
        ("Check: within one item", "centre", checks),
    )
    before, after = columns[: layout.first_level], columns[layout.sum :]
    for row, (label, style, cells) in enumerate(lines, start=layout.target):
        styled = [Column(level, (style,)) for level in plan.levels]
        contents = [None, label, *[None] * (len(before) - 2), *cells, *[None] * len(after)]
        page.row(row, [*before, *styled, *after], contents)
    mark(
        page,
        layout.target + 2,
        layout.first_level,
        layout.target + 2,
        layout.sum - 1,
        failing="notice",
    )


def _target(plan: Plan, layout: Layout, level: int) -> tuple[Cell, Cell, Cell]:
    """Return a level's target, the difference of its sum from it, and whether that matters."""
    column = layout.first_level + level
    target = sum(domain.exact * domain.shares[level] for domain in plan.domains)
    difference = round(sum(domain.cells[level] for domain in plan.domains) - target, DECIMALS)
    shares = (
        fixed(layout.step(position, SHARE), FIRST_LEVEL_WORKINGS + level)
        for position in range(layout.n_domains)
    )
    parts = (f"{at(row, EXACT)}*{share}" for row, share in enumerate(shares, start=FIRST))
    return (
        Formula("=" + "+".join(parts), target) if layout.cells_live else target,
        Formula(
            f"=ROUND({at(layout.total, column)}-{at(layout.target, column)},{DECIMALS})", difference
        ),
        within_one(at(layout.target + 1, column), difference),
    )


def _write_pretest(page: Page, plan: Plan, layout: Layout) -> None:
    """Write the unscored items that are being tried out."""
    page.line(layout.pretest, "Pretest items (not scored)", "heading", height=22)
    levels = [Column(title_case(level), ("whole",)) for level in plan.levels]
    columns = [Column("Domain", ("bold",)), Column("Title", ("wrap",)), *levels]
    columns.append(Column("Sum", ("whole", "bold")))
    header, width = layout.pretest + 1, layout.n_levels
    own = [domain.pretest or (0,) * width for domain in plan.domains]
    first, last = header + 1, header + layout.n_domains

    def line(row: int, cells: Sequence[Cell], items: int) -> list[Cell]:
        return [*cells, Formula(f"=SUM({at(row, 2)}:{at(row, 1 + width)})", items)]

    page.table(
        header,
        columns,
        [
            line(row, [domain.domain_id, domain.title, *items], sum(items))
            for row, (domain, items) in enumerate(zip(plan.domains, own, strict=True), start=first)
        ],
    )
    sums = [
        Formula(f"=SUM({at(first, column)}:{at(last, column)})", sum(items))
        for column, items in enumerate(zip(*own, strict=True), start=2)
    ]
    total = sum(map(sum, own))
    page.row(last + 1, columns, line(last + 1, ["Total", "", *sums], total), "total")
