"""How paste sheets look: styles, widths, heights. No content."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

NAVY, INK, GREY, LINE = "#1F3A5F", "#1F2937", "#595959", "#B8C1CC"
PALE, PASTE = "#E4EAF1", "#FFF6D6"
_LINE_HEIGHT, _TALLEST_ROW, _LETTERS_PER_WIDTH = 13.5, 400, 1.1
_BASE = {"font_name": "Arial", "font_size": 10, "font_color": INK, "valign": "top"}
_FRAME = {"border": 1, "border_color": LINE, "text_wrap": True, "align": "left", "indent": 1}
_STYLES: Mapping[str, Mapping[str, object]] = {
    "title": {"font_size": 16, "bold": True, "font_color": NAVY},
    "heading": {
        "font_size": 11,
        "bold": True,
        "font_color": NAVY,
        "bottom": 1,
        "bottom_color": NAVY,
    },
    "fact": {"font_color": GREY, "align": "left"},
    "text": {"text_wrap": True},
    "warning": {
        "bold": True,
        "font_color": "#7A2E00",
        "bg_color": "#FDEBD3",
        "text_wrap": True,
        "valign": "vcenter",
    },
    "header": {
        "bold": True,
        "font_color": "#FFFFFF",
        "bg_color": NAVY,
        "text_wrap": True,
        "valign": "vcenter",
        "indent": 1,
        "border": 1,
        "border_color": LINE,
    },
    "page": {
        "bold": True,
        "font_size": 11,
        "font_color": NAVY,
        "bg_color": PALE,
        "top": 1,
        "top_color": NAVY,
        "valign": "vcenter",
        "indent": 1,
    },
    "told": _FRAME,
    "stored": {**_FRAME, "align": "center", "indent": 0},
    "paste": {**_FRAME, "bg_color": PASTE, "num_format": "@"},
    "plain": {"text_wrap": True},
}

_COLUMNS: Mapping[str, int] = {
    "No.": 8,
    "Type to choose": 22,
    "Title to paste": 44,
    "Rows to paste": 52,
    "Answers to paste": 26,
    "Stored as": 9,
    "Required": 10,
    "Logic, and what else to set": 40,
}


@dataclass(frozen=True)
class Line:
    """A line of a sheet: the band of a page, the first of a question, or one more of it."""

    place: Literal["page", "question", "more"]
    number: str = ""
    kind: str = ""
    title: str = ""
    row: str = ""
    answer: str = ""
    stored: int | None = None
    required: str = ""
    notes: str = ""

    @property
    def cells(self) -> tuple[str | int | None, ...]:
        """Its cells in the order of the columns."""
        return (
            self.number,
            self.kind,
            self.title,
            self.row,
            self.answer,
            self.stored,
            self.required,
            self.notes,
        )


class Look:
    """A workbook with its formats, each made once."""

    def __init__(self, workbook: Any) -> None:
        self.workbook = workbook
        self.styles = {
            name: workbook.add_format({**_BASE, **style}) for name, style in _STYLES.items()
        }

    def sheet(self, name: str, widths: Sequence[int]) -> Any:
        """Add a sheet that prints landscape, one page wide."""
        worksheet = self.workbook.add_worksheet(name)
        for position, width in enumerate(widths):
            worksheet.set_column(position, position, width)
        worksheet.hide_gridlines(2)
        worksheet.set_landscape()
        worksheet.set_paper(9)
        worksheet.fit_to_pages(1, 0)
        worksheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.75)
        worksheet.set_footer("&L&8&A&R&8Page &P of &N")
        return worksheet


def write_guide(
    look: Look,
    *,
    title: str,
    facts: Mapping[str, str],
    warning: str,
    parts: Mapping[str, Sequence[str]],
) -> None:
    """Write the first sheet: what this is, and numbered steps.

    Parameters
    ----------
    look
        The workbook.
    title
        Its title.
    facts
        What the survey is, by name.
    warning
        What speaks against this platform; empty for nothing.
    parts
        Steps by heading.
    """
    widths = (4, 24, 90)
    worksheet = look.sheet("Read me", widths)
    worksheet.write_string(0, 0, title, look.styles["title"])
    worksheet.set_row(0, 26)
    at = 2
    if warning:
        worksheet.merge_range(at, 0, at, 2, "", look.styles["warning"])
        worksheet.write_string(at, 0, warning, look.styles["warning"])
        worksheet.set_row(at, 32)
        at += 2
    for name, fact in facts.items():
        worksheet.write_string(at, 1, name, look.styles["fact"])
        worksheet.write_string(at, 2, fact, look.styles["text"])
        _fit(worksheet, at, [fact], [widths[2]])
        at += 1
    for heading, steps in parts.items():
        at += 1
        for position in range(3):
            worksheet.write_blank(at, position, None, look.styles["heading"])
        worksheet.write_string(at, 0, heading, look.styles["heading"])
        for number, step in enumerate(steps, 1):
            at += 1
            worksheet.write_number(at, 0, number, look.styles["fact"])
            worksheet.merge_range(at, 1, at, 2, "", look.styles["text"])
            worksheet.write_string(at, 1, step, look.styles["text"])
            _fit(worksheet, at, [step], [widths[1] + widths[2]])
        at += 1


def write_lines(look: Look, name: str, lines: Sequence[Line]) -> None:
    """Write the sheet of a language; what is to be pasted stands on yellow."""
    widths = list(_COLUMNS.values())
    worksheet = look.sheet(name, widths)
    worksheet.set_row(0, 30)
    for position, header in enumerate(_COLUMNS):
        worksheet.write_string(0, position, header, look.styles["header"])
    worksheet.freeze_panes(1, 0)
    worksheet.repeat_rows(0)
    for at, line in enumerate(lines, 1):
        for position, cell in enumerate(line.cells):
            _write(worksheet, (at, position), cell, look.styles[_style(line, position)])
        _fit(worksheet, at, line.cells, widths)


def _style(line: Line, position: int) -> str:
    """Return how a cell looks: to paste, told, or nothing where there is nothing."""
    if line.place == "page":
        return "page"
    filled = line.cells[position] not in ("", None)
    if position in (2, 3, 4) and filled:
        return "paste"
    if position == 5 and filled:
        return "stored"
    return "told" if line.place == "question" and position not in (3, 4, 5) else "plain"


def _write(worksheet: Any, place: tuple[int, int], cell: str | int | None, style: Any) -> None:
    """Write a number as a number, and every text as text."""
    if cell is None or cell == "":
        worksheet.write_blank(*place, None, style)
    elif isinstance(cell, int):
        worksheet.write_number(*place, cell, style)
    else:
        worksheet.write_string(*place, cell, style)


def _fit(
    worksheet: Any, row: int, cells: Sequence[str | int | None], widths: Sequence[int]
) -> None:
    """Make a row as tall as its longest text."""
    tallest = max(
        sum(
            max(len(textwrap.wrap(part, int(width * _LETTERS_PER_WIDTH))), 1)
            for part in str(cell or "").split("\n")
        )
        for cell, width in zip(cells, widths, strict=True)
    )
    worksheet.set_row(row, min(_LINE_HEIGHT * tallest + 3, _TALLEST_ROW))
