"""The sheet “Summary”: the plan on one page."""

from __future__ import annotations

from typing import Any

from rds.documents.blueprint_workbook.cells import DASH, Cell, Formula, at, blank
from rds.documents.blueprint_workbook.chart import insert_bars
from rds.documents.blueprint_workbook.exam_length import write_preview
from rds.documents.blueprint_workbook.layout import FIRST as FIRST_ON_BLUEPRINT
from rds.documents.blueprint_workbook.layout import ITEMS as ITEMS_ON_BLUEPRINT
from rds.documents.blueprint_workbook.layout import LENGTH, Layout
from rds.documents.blueprint_workbook.layout import PERCENT as PERCENT_ON_BLUEPRINT
from rds.documents.blueprint_workbook.layout import SHEET as BLUEPRINT
from rds.documents.blueprint_workbook.page import BODY, Column, begin, print_as
from rds.documents.blueprint_workbook.plan import DomainPlan, Plan
from rds.documents.blueprint_workbook.theme import Styles
from rds.documents.blueprint_workbook.words import RESTRICTED

SHEET = "Summary"
_PREVIEW_ROW, _HEADER = BODY, BODY + 1
_FIRST = _HEADER + 1
_REPEATS = (
    "Repeats: the survey is repeated on paper by drawing respondents again from those who "
    "answered; the tasks stay as decided. The columns say where a domain’s items would end."
)
_NO_REPEATS = (
    "In how many of 100 repeats of the survey a domain would end near its items is not known: the "
    "answers of single respondents are missing, or too few."
)
_NO_PREVIOUS = "No earlier blueprint was named, so nothing is said about what changed."
_DOMAIN, _TITLE, _TASKS, _PERCENT, _ITEMS = range(5)


def write_summary(workbook: Any, plan: Plan, style: Styles) -> None:
    """Write the sheet."""
    title = f"{plan.credential}: summary of the blueprint"
    columns = _columns(plan)
    widths = [10.0, 46.0, *[12.0] * (len(columns) - 2)]
    page = begin(workbook, SHEET, plan, style, title=title, widths=widths)
    write_preview(page, _PREVIEW_ROW, plan, Layout.of(plan), sheet=f"{BLUEPRINT}!")
    total = page.table(_HEADER, columns, _rows(plan, columns))
    page.row(total, columns, _totals(plan, columns, total), "total")
    row = page.paragraph(total + 2, plan.support, "paragraph", "bold")
    row = page.paragraph(row, ratings_sentence(plan))
    if plan.movement:
        row = page.paragraph(row, plan.movement)
    row = page.paragraph(row, _REPEATS if plan.has_range else _NO_REPEATS)
    row = row if plan.has_previous else page.paragraph(row, _NO_PREVIOUS)
    table = (_FIRST, total - 1, _TITLE, _ITEMS)
    row = insert_bars(workbook, page, plan, row + 1, table=table)
    page.paragraph(row, RESTRICTED, "paragraph", "muted")
    page.sheet.freeze_panes(_FIRST, _DOMAIN + 1)
    print_as(page, plan, row, pages=1)


def _columns(plan: Plan) -> list[Column]:
    """Return the columns of the table."""
    bounds = ["Minimum items", "Maximum items"] if plan.is_bounded else []
    ranges = []
    if plan.has_range:
        ranges = [
            Column("Repeats of 100 within 1 item", ("whole",)),
            Column(f"Items in {plan.confidence:g} of 100 repeats", ("centre",)),
        ]
    previous = []
    if plan.has_previous:
        previous = [
            Column("Previous percent", ("one decimal",)),
            Column("Change in percent", ("signed one decimal",)),
        ]
    baseline = []
    if plan.has_baseline:
        baseline = [
            Column("Items if all ratings were equal", ("whole",)),
            Column("Difference", ("signed",)),
        ]
    return [
        Column("Domain", ("bold",)),
        Column("Title", ("wrap",)),
        Column("Tasks", ("whole",)),
        Column("Percent of exam", ("one decimal",)),
        Column("Items", ("whole", "bold")),
        *[Column(bound, ("whole",)) for bound in bounds],
        *ranges,
        *previous,
        *baseline,
    ]


def _rows(plan: Plan, columns: list[Column]) -> list[list[Cell]]:
    """Return one row per domain, pointing at the sheet “Blueprint”."""
    equal, layout = len(columns) - 2, Layout.of(plan)
    return [
        [
            domain.domain_id,
            domain.title,
            domain.n_tasks,
            _same(FIRST_ON_BLUEPRINT + i, PERCENT_ON_BLUEPRINT, domain.percent),
            _items(plan, layout, i, domain),
            *([blank(domain.minimum), blank(domain.maximum)] if plan.is_bounded else []),
            *_range(plan, domain),
            *_previous(plan, domain),
            *_baseline(plan, _issued(plan, domain), domain.equal_items, _FIRST + i, equal),
        ]
        for i, domain in enumerate(plan.domains)
    ]


def _same(row: int, column: int, value: float) -> Formula:
    """Point at a cell of the sheet “Blueprint”."""
    return Formula(f"={BLUEPRINT}!{at(row, column)}", value)


def _items(plan: Plan, layout: Layout, position: int, domain: DomainPlan) -> Cell:
    """Return a domain's items: of the cells, or by the ratings at a length they do not add up to.

    With several parts, which may be counted in other units, the items by the ratings.
    """
    row = FIRST_ON_BLUEPRINT + position
    by_ratings = f"{BLUEPRINT}!{at(row, ITEMS_ON_BLUEPRINT)}"
    if plan.parts:
        return Formula(f"={by_ratings}", domain.items)
    length, cells = f"{BLUEPRINT}!{LENGTH}", f"{BLUEPRINT}!{at(row, layout.sum)}"
    total = f"{BLUEPRINT}!{at(layout.total, layout.sum)}"
    holds = f"({length}={plan.length})+({total}={length})>0"
    return Formula(f"=IF({holds},{cells},{by_ratings})", sum(domain.cells))


def _range(plan: Plan, domain: DomainPlan) -> list[Cell]:
    """Return where repeats of the survey would put the domain's items, at the issued length."""
    if not plan.has_range or domain.within_1 is None:
        return []
    low, high = domain.items_low, domain.items_high
    return [round(100 * domain.within_1), str(low) if low == high else f"{low}–{high}"]


def _previous(plan: Plan, domain: DomainPlan) -> list[Cell]:
    """Return the percent in the blueprint that this one replaces, and the change."""
    if not plan.has_previous:
        return []
    return [
        "new" if domain.previous is None else domain.previous,
        DASH if domain.change is None else domain.change,
    ]


def _baseline(plan: Plan, items: int, equal: int | None, row: int, column: int) -> list[Cell]:
    """Return the items if all ratings were equal, and the difference at the issued length."""
    if not plan.has_baseline or equal is None:
        return []
    length = f"{BLUEPRINT}!{LENGTH}"
    difference = f"{at(row, _ITEMS)}-{at(row, column)}"
    return [equal, Formula(f'=IF({length}={plan.length},{difference},"–")', items - equal)]


def _totals(plan: Plan, columns: list[Column], row: int) -> list[Cell]:
    """Return the row of totals."""

    def total(column: int, value: float) -> Formula:
        return Formula(f"=SUM({at(_FIRST, column)}:{at(row - 1, column)})", value)

    equal = sum(domain.equal_items or 0 for domain in plan.domains)
    baseline: list[Cell] = [total(len(columns) - 2, equal), ""] if plan.has_baseline else []
    return [
        "Total",
        "",
        total(_TASKS, sum(domain.n_tasks for domain in plan.domains)),
        total(_PERCENT, sum(domain.percent for domain in plan.domains)),
        total(_ITEMS, sum(_issued(plan, domain) for domain in plan.domains)),
        *(["", ""] if plan.is_bounded else []),
        *(["", ""] if plan.has_range else []),
        *(["", ""] if plan.has_previous else []),
        *baseline,
    ]


def _issued(plan: Plan, domain: DomainPlan) -> int:
    """Return the items of a domain as issued."""
    return domain.items if plan.parts else sum(domain.cells)


def ratings_sentence(plan: Plan) -> str:
    """Say in one sentence how far the ratings moved the plan from what equal ratings would give.

    Half the sum of absolute differences: what one part of the plan gained, another lost.
    """
    if not plan.has_baseline:
        return "What equal ratings for all tasks would give was not computed."
    points = sum(abs(d.percent - (d.equal_percent or 0)) for d in plan.domains) / 2
    items = sum(abs(d.items - (d.equal_items or 0)) for d in plan.domains) // 2
    moved = f"or {items} of {plan.length} items" if items else "which is no whole item"
    bounds = ", and from minimum and maximum items" if plan.is_bounded else ""
    return (
        "How much the ratings matter: compared with a plan in which every task counts the same, "
        f"they moved {points:.1f} percent of the exam, {moved}, from one domain to another. "
        f"The rest follows from how many tasks each domain has{bounds}."
    )
