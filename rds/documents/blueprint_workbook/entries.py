"""Cells that people may change: how they look, what they take, and what is said of a change."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from rds.documents.blueprint_workbook.cells import Formula, block, fixed
from rds.documents.blueprint_workbook.inputs import Input, InputKind
from rds.documents.blueprint_workbook.page import Page
from rds.documents.blueprint_workbook.plan import Plan

PREVIEW = "PREVIEW"
"""How everything begins that was changed and is not received yet."""

HINT = "▼ may be changed"
MOST_ITEMS = 1000
_MOST_LETTERS = 2000
_FIRST_DAY, _LAST_DAY = datetime.date(2000, 1, 1), datetime.date(2100, 12, 31)
_STYLES: dict[InputKind, tuple[str, ...]] = {
    "whole": ("whole",),
    "choice": ("centre",),
    "text": ("text",),
    "date": ("date",),
}


def put_entry(page: Page, row: int, column: int, own: Input, plan: Plan) -> None:
    """Write an input with what was issued; an approved workbook has it locked."""
    content = "" if own.value is None else own.value
    page.put(row, column, content, *entry_styles(own.kind, plan))


def entry_styles(kind: InputKind, plan: Plan) -> tuple[str, ...]:
    """Return how an input looks: in an approved workbook like any other cell."""
    return ("cell" if plan.version.is_approved else "entry", *_STYLES[kind])


def validate(page: Page, cells: tuple[int, int, int, int], own: Input, *, most: int = 0) -> None:
    """Let cells take only what their kind allows, and say so where something else is typed.

    Parameters
    ----------
    cells
        First row, first column, last row, last column.
    own
        One of the inputs there.
    most
        The largest whole number that makes sense.
    """
    title = own.header[:32]
    page.sheet.data_validation(*cells, {"error_title": title, **_rule(own, most or MOST_ITEMS)})


def _rule(own: Input, most: int) -> dict[str, object]:
    """Return what a cell takes, and the message about anything else."""
    if own.kind == "whole":
        return {
            "validate": "integer",
            "criteria": "between",
            "minimum": 0,
            "maximum": most,
            "error_message": f"Write a whole number from 0 to {most}.",
        }
    if own.kind == "choice":
        words = ", ".join(own.choices[:-1]) + " or " + own.choices[-1]
        return {
            "validate": "list",
            "source": list(own.choices),
            "error_message": f"Choose {words}, or leave the cell empty.",
        }
    if own.kind == "date":
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": _FIRST_DAY,
            "maximum": _LAST_DAY,
            "error_message": "Write a date such as 2026-11-21.",
        }
    return {
        "validate": "length",
        "criteria": "<=",
        "value": _MOST_LETTERS,
        "error_message": f"Write at most {_MOST_LETTERS} characters.",
    }


def hint(page: Page, row: int, columns: Sequence[int], plan: Plan) -> None:
    """Say above the header in words which columns may be changed."""
    page.sheet.set_row(row, 15)
    for column in () if plan.version.is_approved else columns:
        page.put(row, column, HINT, "hint")


def differs(cells: Sequence[tuple[str, Input]]) -> str:
    """Return a condition that holds where any of some cells is not as issued."""
    parts = []
    for place, own in cells:
        issued = own.value if isinstance(own.value, int) else _quoted(own.value)
        parts.append(f"{place}<>{issued}")
    return parts[0] if len(parts) == 1 else f"OR({','.join(parts)})"


def _quoted(text: object) -> str:
    """Return a text as a formula holds it."""
    return '"' + str(text or "").replace('"', '""') + '"'


def changed_rows(cells: str) -> str:
    """Return an expression for the number of cells in a range that begin with “PREVIEW”."""
    return f'SUMPRODUCT((LEFT({cells},{len(PREVIEW)})="{PREVIEW}")*1)'


def preview_line(page: Page, row: int, cells: str, *, what: str) -> None:
    """Say in large letters whether anything on the sheet differs from what was issued.

    Parameters
    ----------
    cells
        The cells that begin with “PREVIEW” where their row was changed.
    what
        What a row is about, in the plural.
    """
    count = changed_rows(cells)
    issued = "As issued: nothing was changed."
    text = (
        f'=IF({count}=0,"{issued}","{PREVIEW}: {what} changed: "&{count}'
        f'&". This counts once the file has been received.")'
    )
    page.paragraph(row, "", "preview")
    page.put(row, 0, Formula(text, issued), "preview")
    page.sheet.set_row(row, 24)
    warn(page, row)


def warn(page: Page, row: int) -> None:
    """Make a line stand out when it begins with “PREVIEW”."""
    last = len(page.widths) - 1
    condition = f'=LEFT({fixed(row, 0)},{len(PREVIEW)})="{PREVIEW}"'
    style = page.style.conditional("bad")
    page.sheet.conditional_format(
        row, 0, row, last, {"type": "formula", "criteria": condition, "format": style}
    )


def name_range(workbook: Any, name: str, sheet: str, cells: tuple[int, int, int, int]) -> None:
    """Name a range of a sheet."""
    quoted = f"'{sheet}'" if not sheet.isalnum() else sheet
    workbook.define_name(name, f"={quoted}!{block(*cells)}")
