"""The sheet “Blueprint”: items by domain and cognitive level, to be changed, summed and checked."""

from __future__ import annotations

from collections.abc import Sequence
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
from rds.documents.blueprint_workbook.cells import Cell, Formula, at, blank, block, fixed
from rds.documents.blueprint_workbook.checks import Excess, check, mark, within_one
from rds.documents.blueprint_workbook.entries import hint
from rds.documents.blueprint_workbook.exam_length import write_exam_length
from rds.documents.blueprint_workbook.hamilton import DECIMALS, items_formula
from rds.documents.blueprint_workbook.inputs import REASON
from rds.documents.blueprint_workbook.layout import (
    DOMAIN,
    EXACT,
    FIRST,
    FIRST_LEVEL_WORKINGS,
    HEADER_ROW,
    HINT_ROW,
    ITEMS,
    LENGTH,
    MAXIMUM,
    MINIMUM,
    PERCENT,
    PLACE,
    SHARE,
    SHEET,
    WHOLE,
    Layout,
)
from rds.documents.blueprint_workbook.page import Column, Page, begin, print_as
from rds.documents.blueprint_workbook.parts import write_parts
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
    if not plan.mixed_units:
        mark(page, FIRST, layout.check, layout.total, layout.check)
    if plan.parts:
        write_parts(workbook, page, plan, layout, columns)
    else:
        _write_entries(workbook, page, plan, layout)
    if not plan.mixed_units:
        _write_targets(page, plan, layout, columns)
    if layout.has_pretest:
        _write_pretest(page, plan, layout)
    if layout.domains_live or layout.cells_live:
        write_workings(page, plan, layout)
        page.sheet.set_h_pagebreaks([layout.workings])
    total = ITEMS if plan.mixed_units else layout.sum
    workbook.define_name("total_items", f"={SHEET}!{fixed(layout.total, total)}")
    sums = block(FIRST, total, layout.last, total)
    workbook.define_name("domain_totals", f"={SHEET}!{sums}")
    page.sheet.freeze_panes(FIRST, DOMAIN + 1)
    print_as(page, plan, layout.end)


def _write_entries(workbook: Any, page: Page, plan: Plan, layout: Layout) -> None:
    """Write the cells that may be changed over the table."""
    hint(page, HINT_ROW, [layout.first_level, layout.reason], plan)
    for row, domain in enumerate(plan.domains, start=FIRST):
        write_cell_row(page, plan, layout, row, cell_row(plan, domain.domain_id))
    own = cell_row(plan, plan.domains[0].domain_id)
    validate_cell_rows(workbook, page, layout, (FIRST, layout.last), own, name="blueprint")


def _widths(plan: Plan, layout: Layout) -> list[float]:
    """Return the widths of the columns; the workings have the levels further to the left."""
    longest = max((len(word) for level in plan.levels for word in level.split()), default=0)
    level = max(11.0, 1.1 * longest + 1.5)
    bounds = [10.0, 10.0] if layout.is_bounded else []
    return [9, 32, level, level, level, *bounds, *[level] * layout.n_levels, 8, 16, 22, 28]


def _columns(plan: Plan, layout: Layout) -> list[Column]:
    """Return the columns of the main table."""
    bounds = ["Minimum", "Maximum"] if layout.is_bounded else []
    return [
        Column("Domain", ("bold",)),
        Column("Title", ("wrap",)),
        Column("Percent of exam", ("one decimal",)),
        Column("Exact items", ("two decimals",)),
        Column("Items by the ratings", ("whole",)),
        *[Column(bound, ("whole",)) for bound in bounds],
        *[Column(title_case(level), ("whole",)) for level in plan.levels],
        Column("Sum", ("whole", "bold")),
        Column("Check", ("centre",)),
        Column("Change", ("wrap",)),
        Column(REASON, ("wrap",)),
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
            *_summed(domain, row, layout, plan),
            *_change(domain, row, layout, plan),
        ]
        for position, (row, domain) in enumerate(enumerate(plan.domains, start=FIRST))
    ]


def _summed(domain: DomainPlan, row: int, layout: Layout, plan: Plan) -> list[Cell]:
    """Return a domain's items by level, their sum, and its check; nothing where units differ."""
    if plan.mixed_units:
        return [""] * (layout.n_levels + 2)
    cells = _cells(domain, layout, plan)
    return [*cells, row_sum(row, sum(domain.cells), layout), _check(domain, row, layout)]


def _items(domain: DomainPlan, position: int, layout: Layout) -> Cell:
    """Return a domain's items, by formula where formulas can find them."""
    if not layout.domains_live:
        return domain.items
    row = layout.domain_workings + 1 + position
    formula = items_formula(at(row, WHOLE), at(row, PLACE), fixed(layout.left_over, WHOLE))
    return Formula(formula, domain.items)


def _cells(domain: DomainPlan, layout: Layout, plan: Plan) -> list[Cell]:
    """Return a domain's items by cognitive level: inputs, or what its rows in all parts add to."""
    if not plan.parts:
        return list(domain.cells)
    rows = [
        layout.part_row(position) + part.domains.index(domain.domain_id)
        for position, part in enumerate(plan.parts)
        if domain.domain_id in part.domains
    ]
    return [
        Formula("=" + "+".join(at(row, column) for row in rows), items) if rows else items
        for column, items in enumerate(domain.cells, start=layout.first_level)
    ]


def _change(domain: DomainPlan, row: int, layout: Layout, plan: Plan) -> list[Cell]:
    """Return what was changed, and room for the reason; with several parts both stand there."""
    if plan.parts:
        return ["", ""]
    own = cell_row(plan, domain.domain_id)
    return [what_changed(row, layout, own, by_ratings=domain.by_ratings), ""]


def _check(domain: DomainPlan, row: int, layout: Layout) -> Formula:
    """Compare the sum over levels with the domain's bounds, and with the items of the ratings."""
    found, low, high = at(row, layout.sum), at(row, MINIMUM), at(row, MAXIMUM)
    total = sum(domain.cells)
    checks: list[Excess] = []
    if domain.minimum is not None:
        checks.append(Excess(low, found, domain.minimum - total, "below minimum"))
    if domain.maximum is not None:
        checks.append(Excess(found, high, total - domain.maximum, "above maximum"))
    if layout.part_sizes or domain.by_ratings:
        checks += row_check(row, layout, str(total), 0)
    else:
        checks += row_check(row, layout, at(row, ITEMS), total - domain.items)
    return check(*checks)


def _totals(plan: Plan, layout: Layout) -> list[Cell]:
    """Return the row of totals; the grand total is checked against the exam length."""
    row, domains = layout.total, plan.domains
    cells = [domain.cells for domain in domains]
    found = sum(map(sum, cells))

    def total(column: int, value: float) -> Formula:
        return Formula(f"=SUM({at(FIRST, column)}:{at(layout.last, column)})", value)

    # Parts may be counted in other units than items, so that only their own sums are known.
    wanted, amount = (str(found), 0) if plan.parts else (LENGTH, found - plan.length)
    return [
        "Total",
        "",
        total(PERCENT, sum(domain.percent for domain in domains)),
        total(EXACT, sum(domain.exact for domain in domains)),
        total(ITEMS, sum(domain.items for domain in domains)),
        *(["", ""] if layout.is_bounded else []),
        *(
            [""] * (layout.n_levels + 2)
            if plan.mixed_units
            else [
                *column_sums(layout, FIRST, layout.last, cells),
                row_sum(row, found, layout),
                total_check(row, layout, wanted, amount),
            ]
        ),
        "",
        "",
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
    # Headers of their own: a returned copy is read by those of the inputs.
    levels = [Column(f"{title_case(level)}, pretest", ("whole",)) for level in plan.levels]
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
