"""The sheet “Weights”: the declared choice, and what other choices would give, to be read only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rds.blueprint.plan import Blueprint
from rds.documents.blueprint_workbook.cells import DASH, Cell, Formula, at, number
from rds.documents.blueprint_workbook.page import BODY, Column, Page, begin, print_as
from rds.documents.blueprint_workbook.plan import Plan
from rds.documents.blueprint_workbook.theme import Styles
from rds.documents.blueprint_workbook.words import title_case

SHEET = "Weights"
DECIDED, WHAT_IF, BESIDE = "decided", "what if", "for comparison"
_CHOICE, _STATUS, _FIRST_DOMAIN = range(3)
_NOTE = (
    "The study declared its model before the answers were seen, and items follow from it: it is "
    "marked “decided”. All other rows are what-ifs: what the same answers would give under another "
    "choice. Nothing here can be changed; another choice is a decision of the study."
)
_WITHIN = (
    "Items that moved: how many items of the exam change their domain. By chance alone: yes where "
    "every domain stays within the items that other respondents could have brought by chance."
)
_DIMENSIONS = {
    "baseline": "All tasks rated equal",
    "model": "Model",
    "scale origin": "Scale",
    "domain rule": "Domain rule",
    "panel share": "Panel share",
    "retention": "Tasks that stay",
    "unrated tasks": "Tasks without ratings",
    "not assessed": "Tasks that are not assessed",
    "screening": "Who is left out",
    "survey weights": "Survey weights",
    "panel": "Ratings of the panel",
}


@dataclass(frozen=True)
class Choice:
    """A choice and what it gives, domain by domain; None where that is not known.

    Parameters
    ----------
    words
        The choice in words.
    status
        Decided, what if, or a policy or a panel's wish set beside them.
    percents, items
        By domain, in the order of the plan.
    moved
        Items that change their domain against the plan.
    by_chance
        Whether other respondents alone could have brought these items; empty where not known.
    """

    words: str
    status: str
    percents: tuple[float | None, ...]
    items: tuple[int | None, ...]
    moved: int | None = None
    by_chance: str = ""


def choices(blueprint: Blueprint) -> list[Choice]:
    """Return the declared choice first, then all others that were computed."""
    table = blueprint.sensitivity
    domains = [str(name) for name in blueprint.domain_weights["domain_id"]]
    found = [
        _choice(str(dimension), str(variant), own, domains)
        for (dimension, variant), own in table.groupby(["dimension", "variant"], sort=False)
    ]
    decided = [choice for choice in found if choice.status == DECIDED]
    others = [choice for choice in found if choice.status != DECIDED]
    return [*(decided or [_declared(blueprint)]), *others]


def wishes(blueprint: Blueprint) -> list[Choice]:
    """Return the percentages that a policy fixes and that the panel gave itself, if any."""
    own = {domain.domain_id: domain for domain in blueprint.outline.domains}
    domains = [own[str(name)] for name in blueprint.domain_weights["domain_id"]]
    none = (None,) * len(domains)
    given = {
        "Policy: fixed percent": tuple(domain.fixed_percent for domain in domains),
        "Panel: its own percent": tuple(domain.panel_percent for domain in domains),
    }
    return [
        Choice(words, BESIDE, percents, none)
        for words, percents in given.items()
        if any(percent is not None for percent in percents)
    ]


def _choice(dimension: str, variant: str, own: pd.DataFrame, domains: Sequence[str]) -> Choice:
    """Return one choice of the table “sensitivity”."""
    rows = {str(row["domain_id"]): row for row in own.to_dict("records")}
    known = [rows.get(name) for name in domains]
    within = {str(row["within_range"]) for row in rows.values()}
    moved = [float(row["items_moved"]) for row in rows.values()]
    status = DECIDED if (own["status"] == DECIDED).all() else WHAT_IF
    name = _DIMENSIONS.get(dimension, title_case(dimension))
    return Choice(
        name if dimension == "baseline" else f"{name}: {variant.replace('_', ' ')}",
        status,
        tuple(None if row is None else 100 * float(row["weight"]) for row in known),
        tuple(None if row is None else int(row["items"]) for row in known),
        None if status == DECIDED else round(sum(map(abs, moved)) / 2),
        "" if status == DECIDED or not within <= {"yes", "no"} else _yes(within == {"yes"}),
    )


def _yes(holds: bool) -> str:
    """Return yes or no."""
    return "yes" if holds else "no"


def _declared(blueprint: Blueprint) -> Choice:
    """Return the declared model where no other was computed."""
    plan = blueprint.domain_weights
    return Choice(
        f"Model: {blueprint.settings.weights.model.replace('_', ' ')}",
        DECIDED,
        tuple(100 * float(weight) for weight in plan["adopted_weight"]),
        tuple(int(items) for items in plan["items"]),
    )


def write_weights(workbook: Any, blueprint: Blueprint, plan: Plan, style: Styles) -> None:
    """Write the sheet."""
    n_domains = len(plan.domains)
    widths = [40.0, 15.0, *[max(12.0, 76.0 / n_domains)] * n_domains, 10.0, 12.0]
    page = begin(workbook, SHEET, plan, style, title="Weights", widths=widths)
    found, given = choices(blueprint), wishes(blueprint)
    row = page.paragraph(BODY, _NOTE)
    for label, text in _declared_words(blueprint):
        row = page.paragraph(row, f"{label}: {text}")
    row = page.line(row + 1, "Percent of the exam", "heading", height=22)
    row = _write_percents(page, plan, row, [*found, *given])
    row = page.line(row + 1, f"Items of an exam of {plan.length}", "heading", height=22)
    page.paragraph(row, _WITHIN)
    row = _write_items(page, plan, row + 1, found)
    if plan.movement:
        row = page.paragraph(row + 1, plan.movement, "paragraph", "bold")
    page.sheet.freeze_panes(BODY, 1)
    print_as(page, plan, row)


def _declared_words(blueprint: Blueprint) -> Iterator[tuple[str, str]]:
    """Yield the declared model and why it was chosen."""
    section = blueprint.settings.weights
    yield "Decided", f"{section.model.replace('_', ' ')}, of {', '.join(section.scales)}"
    if section.rationale:
        yield "Why", section.rationale


def _headers(plan: Plan) -> list[str]:
    """Name the domains with their titles."""
    return [f"{domain.domain_id} {domain.title}".strip() for domain in plan.domains]


def _write_percents(page: Page, plan: Plan, row: int, found: Sequence[Choice]) -> int:
    """Write the percents of every choice with their sums; return the next row."""
    columns = [
        Column("Choice", ("wrap",)),
        Column("Status", ("centre",)),
        *[Column(header, ("one decimal",)) for header in _headers(plan)],
        Column("Sum", ("one decimal",)),
    ]
    return _write(page, row, columns, [(own, own.percents, ()) for own in found])


def _write_items(page: Page, plan: Plan, row: int, found: Sequence[Choice]) -> int:
    """Write the items of every choice with their sums; return the next row."""
    columns = [
        Column("Choice", ("wrap",)),
        Column("Status", ("centre",)),
        *[Column(header, ("whole",)) for header in _headers(plan)],
        Column("Items that moved", ("whole",)),
        Column("By chance alone", ("centre",)),
    ]
    row = _write(page, row, columns, [(own, own.items, _after(own)) for own in found])
    if plan.has_range:
        ranges = [_range(domain.items_low, domain.items_high) for domain in plan.domains]
        label = f"Items in {plan.confidence:g} of 100 repeats"
        page.row(row, columns, [label, "by chance", *ranges, "", ""])
        row += 1
    return row


def _after(own: Choice) -> tuple[Cell, Cell]:
    """Return how many items moved, and whether chance alone could have moved them."""
    return (DASH if own.moved is None else own.moved), own.by_chance or DASH


def _range(low: int | None, high: int | None) -> str:
    """Return a range of items in words."""
    return str(low) if low == high else f"{low}–{high}"


def _write(
    page: Page,
    row: int,
    columns: Sequence[Column],
    found: Sequence[tuple[Choice, Sequence[float | None], tuple[Cell, ...]]],
) -> int:
    """Write a table of choices; return the next row."""
    page.headers(row, [column.header for column in columns])
    for offset, (own, values, after) in enumerate(found, start=row + 1):
        cells = [number(value) for value in values]
        ends = after or (_sum(offset, values),)
        styles = ("total",) if own.status == DECIDED else ()
        page.row(offset, columns, [own.words, own.status, *cells, *ends], *styles)
    return row + 1 + len(found)


def _sum(row: int, values: Sequence[float | None]) -> Cell:
    """Return the sum of a row by formula; nothing where a value is missing."""
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return DASH
    first, last = _FIRST_DOMAIN, _FIRST_DOMAIN + len(values) - 1
    return Formula(f"=SUM({at(row, first)}:{at(row, last)})", sum(known))
