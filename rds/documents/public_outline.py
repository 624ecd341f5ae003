"""What candidates and the public may see: the content outline, and how it was made."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from typing import Any

import pandas as pd

from rds.blueprint.models import find_model
from rds.blueprint.plan import Blueprint, data_warnings
from rds.documents.bank_outline import bank_outline
from rds.documents.blueprint_workbook.page import Column, Page, text_height
from rds.documents.blueprint_workbook.theme import Styles, new_workbook
from rds.documents.blueprint_workbook.words import CLAIMS, DOMAIN_RULES, ROUNDING
from rds.documents.tables import csv_bytes
from rds.documents.version import Version
from rds.files import deterministic_zip
from rds.ratings.demographics import SMALLEST_CELL, suppressed_cells

CONTENT_OUTLINE = ("number", "id", "kind", "statement", "percent_of_exam", "items", "status")

_WIDTHS = (10.0, 9.0, 11.0, 74.0, 12.0, 9.0)


def content_outline(blueprint: Blueprint, version: Version) -> pd.DataFrame:
    """Return domains with their percent of the exam and items, and their tasks without.

    Returns
    -------
    DataFrame
        Columns `CONTENT_OUTLINE`: ``number`` (1, 1.1, …), ``id``, ``kind`` (domain, task),
        ``statement``, ``percent_of_exam`` and ``items`` (of domains only: how single tasks weigh is
        not for the public; the percentage is that of the items), ``status`` (DRAFT or APPROVED, on
        every row, since a table has no title).
    """
    table = bank_outline(blueprint)
    is_domain = table["kind"] == "domain"
    length = blueprint.settings.blueprint.items
    table["percent_of_exam"] = (100 * table["items"].astype(float) / length).where(is_domain)
    table["items"] = table["items"].astype("Int64").where(is_domain)
    table["status"] = _status(version)
    return table[list(CONTENT_OUTLINE)]


def public_files(
    blueprint: Blueprint, version: Version, *, date: datetime.date, folder: str = "public"
) -> dict[str, bytes]:
    """Return the files of ``out/public/``, or of a folder in it, by their path below ``out/``."""
    outline = content_outline(blueprint, version)
    return {
        f"{folder}/content-outline-public.csv": csv_bytes(outline),
        f"{folder}/content-outline-public.xlsx": _workbook(blueprint, outline, version, date),
    }


def method_sentences(blueprint: Blueprint) -> tuple[str, ...]:
    """Return how the outline was made, in sentences for everybody; small groups are not told."""
    return tuple(_method(blueprint))


def _method(blueprint: Blueprint) -> Iterator[str]:
    """Yield the sentences."""
    settings, length = blueprint.settings, blueprint.settings.blueprint.items
    yield from data_warnings(blueprint.notes)
    people = _people(blueprint)
    scales = ", ".join(settings.weights.scales) or "the scales of the survey"
    yield f"Experts described what practitioners do; {people} rated the tasks ({scales})."
    kept = int(blueprint.task_weights["retained"].astype(bool).sum())
    yield f"{kept} of {len(blueprint.task_weights)} tasks were kept by declared rules or decisions."
    model = find_model(settings.weights.model)
    yield f"Ratings were combined as follows: {model.description} Source: {model.source}."
    yield DOMAIN_RULES.get(settings.weights.domain_rule, settings.weights.domain_rule)
    if settings.weights.panel_share_percent:
        yield f"The experts' own percentages count for {settings.weights.panel_share_percent:g} %."
    yield f"The exam has {length} scored items. {ROUNDING[settings.blueprint.rounding]}"
    if settings.blueprint.pretest_items:
        yield f"{settings.blueprint.pretest_items} further items are tried out and not scored."
    yield from _levels(blueprint)
    yield CLAIMS.replace("This workbook", "This outline")


def _people(blueprint: Blueprint) -> str:
    """Say how many rated, by group; a small group, and what would give it away, is not counted."""
    groups = blueprint.analysis.respondents
    wanted = blueprint.settings.respondents.weight_from
    own = groups if "all" in wanted else groups[groups["group"].isin(list(wanted))]
    counts = [int(n) for n in own["n"]]
    if not counts or sum(counts) < SMALLEST_CELL:
        return f"fewer than {SMALLEST_CELL} people"
    hidden = suppressed_cells(counts)
    named = [
        f"{n} {group}"
        for n, group, is_hidden in zip(counts, own["group"], hidden, strict=True)
        if group and not is_hidden
    ]
    listed = f" (among them {', '.join(named)})" if len(counts) > 1 and named else ""
    return f"{sum(counts)} respondents{listed}"


def _levels(blueprint: Blueprint) -> Iterator[str]:
    """Yield the items by cognitive level, if there are several."""
    form = blueprint.cells[blueprint.cells["set"] == "form"]
    by_level = form.groupby("cognitive_level", sort=False)["items"].sum()
    if len(by_level) > 1:
        said = ", ".join(f"{level} {items}" for level, items in by_level.items())
        yield f"Items by cognitive level: {said}."


def _status(version: Version) -> str:
    """Return the words of the version, and what a draft must not be used for."""
    if version.is_approved:
        return f"{version.name}, approved on {version.approved_on}"
    return f"{version.name}, not approved: not to be handed out"


def _workbook(
    blueprint: Blueprint, outline: pd.DataFrame, version: Version, date: datetime.date
) -> bytes:
    """Return the outline and the method as a workbook of two sheets."""
    study, target = blueprint.settings.study, io.BytesIO()
    title = f"{study.credential or study.title}: content outline of the exam"
    with new_workbook(target, study_id=study.id, kind="content outline") as workbook:
        workbook.set_properties(
            {
                "title": f"{title} ({version.state})",
                "company": study.sponsor,
                "created": datetime.datetime(date.year, date.month, date.day),
            }
        )
        style = Styles(workbook)
        page, row = _begin(workbook, "Content outline", _WIDTHS, style, (title, version))
        for warning in data_warnings(blueprint.notes):
            row = page.paragraph(row, warning, "banner") + 1
        _outline(page, row, outline)
        page.sheet.repeat_rows(row)
        page, row = _begin(workbook, "How it was made", (90.0,), style, (title, version))
        for sentence in method_sentences(blueprint):
            row = page.paragraph(row, sentence) + 1
    return deterministic_zip(target.getvalue(), date=date)


def _begin(
    workbook: Any, name: str, widths: tuple[float, ...], style: Styles, head: tuple[str, Version]
) -> tuple[Page, int]:
    """Add a sheet with title and status, ready to print; return the row to go on with."""
    sheet = workbook.add_worksheet(name)
    for position, width in enumerate(widths):
        sheet.set_column(position, position, width)
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.6)
    sheet.set_footer("&L&8Public&R&8page &P of &N")
    page, (title, version) = Page(sheet, style, widths), head
    page.paragraph(0, title, "title")
    sheet.set_row(0, 2 * text_height(title, sum(widths) / 2) + 6)
    page.paragraph(1, _status(version), "status" if version.is_approved else "notice")
    return page, 3


def _outline(page: Page, row: int, outline: pd.DataFrame) -> None:
    """Write the table: domains in bold, tasks below them, and the total of the highest domains."""
    columns = (
        Column("No."),
        Column("Id"),
        Column("Kind"),
        Column("Statement", ("wrap",)),
        Column("Percent of exam", ("one decimal",)),
        Column("Items", ("whole",)),
    )
    page.headers(row, [column.header for column in columns])
    page.sheet.freeze_panes(row + 1, 0)
    rows = outline.to_dict("records")
    for offset, own in enumerate(rows, start=1):
        numbers = ("", "") if own["kind"] == "task" else (own["percent_of_exam"], int(own["items"]))
        cells = (own["number"], own["id"], own["kind"], own["statement"], *numbers)
        page.row(row + offset, columns, cells, *(("bold",) if own["kind"] == "domain" else ()))
    top = [own for own in rows if "." not in str(own["number"])]
    total = (sum(own["percent_of_exam"] for own in top), sum(int(own["items"]) for own in top))
    page.row(row + len(rows) + 1, columns, ("", "", "", "Whole exam", *total), "total")
