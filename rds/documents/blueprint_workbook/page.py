"""Writing a sheet: cells, paragraphs, tables that fit, and how it prints."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rds.documents.blueprint_workbook.cells import Cell, Formula, value
from rds.documents.blueprint_workbook.plan import Plan
from rds.documents.blueprint_workbook.theme import Styles

LINE_HEIGHT = 13.5
_TALLEST = 400
_LETTERS_PER_WIDTH = 1.17
_BOLD, _LARGER, _TITLE = 0.85, 1.1, 1.7
_MOST_OF_A_FOOTER = 70

_EVERYWHERE = "A1:XFD1048576"
_NO_SLIPS = ("number_stored_as_text", "formula_differs", "formula_range")
"""What Excel would mark as a likely slip in cells that are meant to be as they are."""

TITLE, STATUS, BANNER, GAP, BODY = range(5)
"""The rows at the top of every sheet; what is its own begins with the last."""


@dataclass(frozen=True)
class Column:
    """One column of a table: its header and the styles of its cells."""

    header: str
    styles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """A worksheet that is being written, with its styles and the widths of its columns."""

    sheet: Any
    style: Styles
    widths: tuple[float, ...]

    def put(self, row: int, column: int, content: Cell, *styles: str) -> None:
        """Write one cell as what it is: text stays text, formulas carry their values.

        Empty text makes an empty cell with borders; None leaves the cell alone.
        """
        chosen = self.style(*styles)
        if content is None:
            return
        if content == "":
            self.sheet.write_blank(row, column, None, chosen)
        elif isinstance(content, Formula):
            self.sheet.write_formula(row, column, content.text, chosen, content.value)
        elif isinstance(content, str):
            self.sheet.write_string(row, column, content, chosen)
        else:
            self.sheet.write_number(row, column, content, chosen)

    def line(self, row: int, content: Cell, *styles: str, height: float = 18) -> int:
        """Write one line that may run over the empty cells beside it; return the next row."""
        self.sheet.set_row(row, height)
        self.put(row, 0, content, *styles)
        return row + 1

    def paragraph(
        self, row: int, text: str, *styles: str, first: int = 0, last: int | None = None
    ) -> int:
        """Write wrapped text across columns, outside any table; return the next row."""
        last = len(self.widths) - 1 if last is None else last
        chosen = self.style(*(styles or ("paragraph",)))
        width = sum(self.widths[first : last + 1])
        self.sheet.set_row(row, text_height(text, width))
        if first < last:
            self.sheet.merge_range(row, first, row, last, "", chosen)
        self.sheet.write_string(row, first, text, chosen)
        return row + 1

    def table(self, row: int, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> int:
        """Write a header and rows under it; return the row after the last."""
        self.headers(row, [column.header for column in columns])
        for offset, cells in enumerate(rows, start=1):
            self.row(row + offset, columns, cells)
        return row + 1 + len(rows)

    def headers(self, row: int, headers: Sequence[str], *, first: int = 0) -> None:
        """Write a row of headers that is as tall as they need."""
        for position, header in enumerate(headers, start=first):
            self.put(row, position, header, "header")
        widths = self.widths[first:]
        pairs = zip(headers, widths, strict=False)
        self.sheet.set_row(row, max(text_height(text, _BOLD * width) for text, width in pairs) + 4)

    def row(self, row: int, columns: Sequence[Column], cells: Sequence[Cell], *styles: str) -> None:
        """Write one row of a table, as tall as its longest text needs."""
        heights = [LINE_HEIGHT + 3]
        for position, (column, cell) in enumerate(zip(columns, cells, strict=True)):
            aligned = ("centre",) if value(cell) == "–" else ()
            self.put(row, position, cell, "cell", *column.styles, *aligned, *styles)
            if "wrap" in column.styles:
                heights.append(text_height(str(value(cell)), self.widths[position] - 2) + 3)
        self.sheet.set_row(row, max(heights))


def text_height(text: str, width: float) -> float:
    """Estimate the height of wrapped text in points.

    Parameters
    ----------
    width
        Width of the cell in characters, as columns are measured.

    Examples
    --------
    >>> text_height("one line", 40), text_height("two " * 14, 40)
    (13.5, 27.0)
    """
    letters = max(int(width * _LETTERS_PER_WIDTH), 1)
    lines = sum(max(len(textwrap.wrap(part, letters)), 1) for part in text.split("\n"))
    return float(min(lines * LINE_HEIGHT, _TALLEST))


def begin(
    workbook: Any, name: str, plan: Plan, style: Styles, *, title: str, widths: Sequence[float]
) -> Page:
    """Add a sheet with its title, its status and what has to be said about the data first."""
    sheet = workbook.add_worksheet(name)
    for position, width in enumerate(widths):
        sheet.set_column(position, position, width, style())
    page = Page(sheet, style, tuple(widths))
    page.paragraph(TITLE, title, "title")
    sheet.set_row(TITLE, text_height(title, sum(widths) / _TITLE) * _TITLE + 8)
    page.line(STATUS, status_line(plan), "status")
    _write_banner(page, plan.banners)
    sheet.set_row(GAP, 6)
    _protect(sheet)
    sheet.hide_gridlines(2)
    sheet.ignore_errors(dict.fromkeys(_NO_SLIPS, _EVERYWHERE))
    return page


def _write_banner(page: Page, banners: Sequence[str]) -> None:
    """Say what has to be said about the data before anything else."""
    if not banners:
        page.sheet.set_row(BANNER, 4)
        return
    text = "\n".join(banners)
    page.paragraph(BANNER, text, "banner")
    page.sheet.set_row(BANNER, text_height(text, _BOLD * sum(page.widths)) * _LARGER + 8)


def status_line(plan: Plan) -> str:
    """Return status, date and who may see it, in words."""
    name = textwrap.shorten(plan.credential, _MOST_OF_A_FOOTER, placeholder=" …")
    version = plan.version
    number = [] if version.number is None else [f"version {version.number}"]
    said = [version.status, *number, plan.date.isoformat(), "Restricted", name]
    return "  ·  ".join(said)


def print_as(
    page: Page, plan: Plan, last_row: int, *, repeat: int | None = None, pages: int = 0
) -> None:
    """Set how a sheet prints: landscape, one page wide, with status and pages in the footer.

    Parameters
    ----------
    last_row
        The last row to print.
    repeat
        A row to repeat at the top of every page.
    pages
        On how many pages the sheet has to fit; 0 for as many as it needs.
    """
    sheet = page.sheet
    sheet.set_landscape()
    sheet.set_paper(1)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.75)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, pages)
    sheet.print_area(0, 0, last_row, len(page.widths) - 1)
    if repeat is not None:
        sheet.repeat_rows(repeat)
    name = textwrap.shorten(plan.credential, _MOST_OF_A_FOOTER, placeholder=" …")
    name = name.replace("&", "&&")
    said = ["Restricted", f"{plan.version.name}, {plan.date.isoformat()}"]
    left = "  ·  ".join([*said, *filter(None, [plan.version.short_fingerprint])])
    # Digits after a font size need a blank before them.
    sheet.set_footer(f"&L&8 {left}&C&8 {name}&R&8 Page &P of &N")


def _protect(sheet: Any) -> None:
    """Lock everything but inputs, without a password; columns and filters stay usable."""
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})


def pixels(widths: Sequence[float]) -> int:
    """Return how wide columns are on screen."""
    return sum(math.floor(width * 7 + 5) for width in widths)
