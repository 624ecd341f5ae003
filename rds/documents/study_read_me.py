"""The first sheet of study.xlsx: what the workbook is, and how to fill it in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rds.columns import EXAMPLE_MARK, READ_ME, SHEETS
from rds.documents.study_look import Style, fit_height

_WIDTHS = (24, 100)
STAGES: Mapping[str, tuple[str, ...]] = {
    "Needed first": ("Settings", "Scales", "Domains", "Tasks"),
    "Before the survey": (
        "KSAs",
        "Linkage",
        "Demographics",
        "Population",
        "Panel",
        "Sources",
        "Themes",
        "Translations",
    ),
    "If the exam asks for it": ("Parts", "Cells", "Credentials"),
    "As the study goes on, and for the report": (
        "Meetings",
        "Fielding",
        "Schedule",
        "Requirements",
        "Narrative",
    ),
}
_GUIDANCE = (
    (
        "What this is",
        "Everything that staff and panel decide in a role delineation study, one sheet for each "
        "kind of thing. The sheets that are needed first have dark tabs.",
    ),
    (
        "How to fill it in",
        "One row for each thing, under the headers in row 1. Columns with dark headers may not be "
        "left empty, the others may. Point at a header to read what belongs under it. Cells with "
        "few possible values offer them in a list.",
    ),
    (
        "Examples",
        f"Rows that begin with “{EXAMPLE_MARK}” are examples. They are not read; overwrite or "
        "delete them.",
    ),
    (
        "Identifiers",
        "A letter, then letters and digits, at most 10 characters: D1, T07, K112. Each is used "
        "once in the whole study, and capitals make no difference.",
    ),
    (
        "Numbers and dates",
        "62 %, 62 and 0.62 all mean 62 percent. A date has to be readable in one way only: "
        "2026-03-04 or 4 March 2026, not 03/04/2026.",
    ),
    (
        "Your own notes",
        "Sheets and columns that you add are kept; they are not read, and rds lists them. Names of "
        "people do not belong in this workbook.",
    ),
    (
        "What to do next",
        "Save and close the workbook, then run “rds check” with the name of the study folder. It "
        "lists what is missing or has to be mended, with sheet and cell, and changes nothing.",
    ),
)


def write_read_me(workbook: Any, style: Style) -> None:
    """Write the first sheet: what the workbook is and how to fill it in."""
    worksheet = workbook.add_worksheet(READ_ME)
    worksheet.hide_gridlines(2)
    for position, width in enumerate(_WIDTHS):
        worksheet.set_column(position, position, width, style())
    worksheet.set_row(0, 30)
    worksheet.write_string(0, 0, "Role delineation study", style("title"))
    row = 2
    for label, text in _GUIDANCE:
        fit_height(worksheet, row, [label, text], _WIDTHS)
        worksheet.write_string(row, 0, label, style("bold"))
        worksheet.write_string(row, 1, text, style())
        row += 1
    for stage, names in STAGES.items():
        row = _write_stage(worksheet, row + 1, stage, names, style)
    worksheet.set_landscape()
    worksheet.fit_to_pages(1, 1)
    worksheet.print_area(0, 0, row, 1)


def _write_stage(worksheet: Any, row: int, stage: str, names: Sequence[str], style: Style) -> int:
    """Write the sheets of one stage, each with what it is for; return the next row."""
    purposes = {sheet.name: sheet.purpose for sheet in SHEETS}
    worksheet.write_string(row, 0, stage, style("heading"))
    worksheet.write_blank(row, 1, None, style("heading"))
    for below, name in enumerate(names, start=1):
        worksheet.write_url(row + below, 0, f"internal:'{name}'!A1", style("link"), name)
        worksheet.write_string(row + below, 1, purposes[name], style())
    return row + len(names) + 1
