"""The workbook of details: every table of the study for people, with words about each."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from rds.blueprint.plan import Blueprint
from rds.documents.blueprint_workbook.page import BODY, Column, Page, begin, print_as
from rds.documents.blueprint_workbook.plan import Plan, read_plan
from rds.documents.blueprint_workbook.theme import Styles, new_workbook
from rds.documents.blueprint_workbook.words import CLAIMS, RESTRICTED, title_case
from rds.documents.details_workbook.method import SHEET as METHOD
from rds.documents.details_workbook.method import write_method
from rds.documents.details_workbook.reasons import Reasons
from rds.documents.details_workbook.table_sheet import (
    INDEX,
    Sheet,
    shown_table,
    write_table,
)
from rds.documents.details_workbook.table_texts import table_texts, title_of
from rds.documents.version import Version
from rds.files import deterministic_zip

HOW_TO_READ = "How to read"
_FIRST_TABLES = (
    "domain_weights", "blueprint", "task_weights", "ksa_weights", "linkage", "requirements",
    "crosswalk", "sensitivity", "precision", "retention", "statement_ratings",
)  # fmt: skip
_PURPOSE = (
    "This workbook shows every number behind the blueprint, one sheet for each table; the same "
    "tables stand in out/tables as text. Nothing here can be changed. Filters work; to sort, "
    "unprotect the sheet first (there is no password)."
)


def details_workbook(
    blueprint: Blueprint,
    tables: Mapping[str, pd.DataFrame],
    *,
    date: datetime.date | None = None,
    version: Version | None = None,
) -> bytes:
    """Make the workbook of details.

    Parameters
    ----------
    blueprint
        The blueprint.
    tables
        The tables by name, as they go to ``out/tables``.
    date, version
        As for the committee's workbook.

    Returns
    -------
    bytes
        An xlsx file, the same bytes for the same blueprint, tables, date and version: an index with
        links, the method in words, how to read the tables, and a sheet for each table, with what
        its columns mean and why cells are empty.
    """
    own, study = version or Version(), blueprint.settings.study
    day = date or own.date or study.opened
    plan = read_plan(blueprint, date=day, version=own)
    sheets, reasons = _sheets(blueprint, tables), Reasons.of(blueprint.notes)
    target = io.BytesIO()
    with new_workbook(target, study_id=study.id, kind="details workbook") as workbook:
        workbook.set_properties(
            {
                "title": f"{plan.credential}: details ({own.name})",
                "subject": study.title,
                "company": study.sponsor,
                "created": datetime.datetime(day.year, day.month, day.day),
            }
        )
        style = Styles(workbook)
        _write_index(workbook, plan, style, sheets)
        write_method(workbook, blueprint, plan, style)
        _write_how_to_read(workbook, plan, style)
        for sheet in sheets:
            write_table(workbook, sheet, plan, style, reasons)
    return deterministic_zip(target.getvalue(), date=day)


def _sheets(blueprint: Blueprint, tables: Mapping[str, pd.DataFrame]) -> list[Sheet]:
    """Return every table as it is shown, the blueprint's own first."""
    links = [(link.task_id, link.ksa_id, link.level) for link in blueprint.outline.links]
    known = dict(tables)
    if links:
        known.setdefault("linkage", pd.DataFrame(links, columns=["task_id", "ksa_id", "level"]))
    first = [name for name in _FIRST_TABLES if name in known]
    order = [*first, *(name for name in known if name not in first)]
    outline, reasons = blueprint.outline, Reasons.of(blueprint.notes)
    words = {domain.domain_id: domain.title for domain in outline.domains}
    words |= {task.task_id: task.statement for task in outline.tasks}
    words |= {ksa.ksa_id: ksa.statement for ksa in outline.ksas}
    shown = [name for name in order if len(known[name].columns)]
    return [shown_table(name, known[name], words, reasons) for name in shown]


def _write_index(workbook: Any, plan: Plan, style: Styles, sheets: Sequence[Sheet]) -> None:
    """Write what there is, with links."""
    title, widths = f"{plan.credential}: details", (30.0, 78.0, 12.0, 34.0)
    page = begin(workbook, INDEX, plan, style, title=title, widths=widths)
    row = page.paragraph(BODY, _PURPOSE)
    row = page.paragraph(row, RESTRICTED)
    row = page.paragraph(row, CLAIMS)
    columns = (
        Column("Sheet", ("bold",)),
        Column("One row is", ("wrap",)),
        Column("Rows", ("whole",)),
        Column("The same as text", ()),
    )
    header = row + 1
    lines: list[Sequence[Any]] = [
        (METHOD, "How ratings became items; what is withheld, assumed or left out", "", ""),
        (HOW_TO_READ, "A remark on how columns and tables are meant", "", ""),
        *((own.name, _index_words(own.name), len(own.frame), _file(own.name)) for own in sheets),
    ]
    row = page.table(header, columns, lines)
    for offset, line in enumerate(lines, start=header + 1):
        _link(page, offset, str(line[0]))
    page.sheet.autofilter(header, 0, row - 1, len(columns) - 1)
    page.sheet.freeze_panes(header + 1, 0)
    print_as(page, plan, row - 1, repeat=header)


def _index_words(name: str) -> str:
    """Return what one row of a table is, or the table's title."""
    return title_case(table_texts().one_row(name) or title_of(name))


def _file(name: str) -> str:
    """Return where the table stands as text."""
    return "" if name == "linkage" else f"tables/{name}.csv"


def _link(page: Page, row: int, name: str) -> None:
    """Make a cell lead to a sheet."""
    page.sheet.write_url(row, 0, f"internal:'{name}'!A1", page.style("cell", "link"), name)


def _write_how_to_read(workbook: Any, plan: Plan, style: Styles) -> None:
    """Write the remarks on how to read the tables."""
    widths = (34.0, 110.0)
    page = begin(workbook, HOW_TO_READ, plan, style, title="How to read the tables", widths=widths)
    columns = (Column("About", ("bold", "wrap")), Column("Remark", ("wrap",)))
    row = page.table(BODY, columns, table_texts().remarks)
    page.sheet.freeze_panes(BODY + 1, 0)
    print_as(page, plan, row - 1, repeat=BODY)
