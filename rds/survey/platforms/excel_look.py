"""How fill-in forms look: styles, widths, heights, lists to choose from. No content."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from rds.survey.platforms.sheet_look import GREY, INK, LINE, NAVY, PALE

NUMBER, STATEMENT, ANSWER, CODES = range(4)
"""The columns of the sheet; codes stand in hidden columns from the last on."""

_WIDTHS = (6, 76, 38)
_LINE_HEIGHT, _TALLEST_ROW, _GAP = 13.5, 400, 10
_TALLER_LINES = {"title": 22.0}
_LETTERS_PER_WIDTH, _OTHER_LETTERS = 1.15, {"how": 1.3, "title": 0.7}
_YELLOW = "#FFF6D6"
_BASE = {"font_name": "Arial", "font_size": 10, "font_color": INK, "valign": "vcenter"}
_INPUT = {
    "border": 1,
    "border_color": LINE,
    "bg_color": _YELLOW,
    "locked": False,
    "text_wrap": True,
    "align": "left",
    "indent": 1,
}
_STYLES: Mapping[str, Mapping[str, object]] = {
    "title": {
        "font_size": 16,
        "bold": True,
        "font_color": "#FFFFFF",
        "bg_color": NAVY,
        "text_wrap": True,
    },
    "answers": {"bold": True, "font_color": "#FFFFFF", "bg_color": NAVY, "indent": 1},
    "page": {"font_size": 12, "bold": True, "font_color": NAVY, "bg_color": PALE},
    "question": {"bold": True, "text_wrap": True, "valign": "bottom"},
    "asked": {"bold": True, "text_wrap": True},
    "text": {"text_wrap": True},
    "how": {"text_wrap": True, "font_size": 9, "font_color": GREY, "valign": "top"},
    "number": {"font_size": 9, "font_color": GREY, "align": "center"},
    "row": {"border": 1, "border_color": LINE, "text_wrap": True, "indent": 1},
    "bare": {"text_wrap": True, "bold": True},
    "total": {"bold": True, "align": "right"},
    "sum": {"bold": True, "align": "left", "indent": 1},
    "list": {**_INPUT, "num_format": "@"},
    "typed": {**_INPUT, "num_format": "@", "valign": "top"},
    "points": _INPUT,
    "code": {"font_size": 8, "font_color": GREY, "num_format": "@"},
}


class Sheet:
    """A sheet to fill in, written from top to bottom.

    Parameters
    ----------
    workbook
        The workbook that it is added to.
    name
        Its name.
    footer
        What is printed at the bottom of every page.
    """

    def __init__(self, workbook: Any, name: str, footer: str) -> None:
        self.row = -1
        self._last_column = CODES
        self._styles = {
            style: workbook.add_format({**_BASE, **properties})
            for style, properties in _STYLES.items()
        }
        self._filled = workbook.add_format({"bg_color": "#FFFFFF"})
        self._wrong = workbook.add_format({"font_color": "#B00020"})
        self._sheet = workbook.add_worksheet(name)
        self._set_up(footer)

    def line(
        self,
        cells: Mapping[int, tuple[str, str]],
        *,
        codes: Sequence[str] = (),
        least_height: float = 0,
    ) -> None:
        """Write a line: text and style by column, and its hidden codes."""
        self.row += 1
        for column, (text, style) in cells.items():
            self._write(column, text, style)
        for position, code in enumerate(codes):
            self._write(CODES + position, code, "code")
        self._last_column = max(self._last_column, CODES + len(codes) - 1)
        self._fit(cells, least_height)

    def offer(self, rows: tuple[int, int], source: tuple[int, int], message: str) -> None:
        """Let cells be filled from a list, which stands in hidden columns.

        Parameters
        ----------
        rows
            First and last row of the cells.
        source
            The row of the list, and how many answers it holds.
        message
            What is said of anything else.
        """
        at, number = source
        first, last = _column(CODES + 4), _column(CODES + 3 + number)
        cells = f"=${first}${at + 1}:${last}${at + 1}"
        self._check(rows, {"validate": "list", "source": cells}, message)

    def offer_x(self, rows: tuple[int, int], hint: str) -> None:
        """Let cells be filled with an X."""
        rule = {"validate": "list", "source": ["X"], "input_message": hint[:255]}
        self._check(rows, rule, hint)

    def want_number(self, rows: tuple[int, int], message: str, *, most: int | None = None) -> None:
        """Let cells be filled with numbers, from 0 to `most` if it is given."""
        limits: dict[str, object] = (
            {"criteria": ">=", "value": 0}
            if most is None
            else {"criteria": "between", "minimum": 0, "maximum": most}
        )
        rule = {"validate": "decimal", **limits, "input_message": message[:255]}
        self._check(rows, rule, message)

    def add_up(self, label: str, rows: tuple[int, int]) -> None:
        """Write a line with the total of some answers, in red when it is another than 100."""
        self.line({STATEMENT: (label, "total")})
        letter = _column(ANSWER)
        cells = f"{letter}{rows[0] + 1}:{letter}{rows[1] + 1}"
        self._sheet.write_formula(self.row, ANSWER, f"=SUM({cells})", self._styles["sum"], 0)
        total = f"{letter}{self.row + 1}"
        wrong = f"=AND({total}<>0,{total}<>100)"
        rule = {"type": "formula", "criteria": wrong, "format": self._wrong}
        self._sheet.conditional_format(self.row, ANSWER, self.row, ANSWER, rule)

    def begin_here(self) -> None:
        """Have the form open at the answer of the last line."""
        self._sheet.set_selection(self.row, ANSWER, self.row, ANSWER)

    def finish(self) -> None:
        """Turn answered cells white, hide the codes, and lock all but the answers."""
        mark, answer = _column(CODES), _column(ANSWER)
        rule = {
            "type": "formula",
            "criteria": f'=AND(${mark}1<>"",LEN(${answer}1)>0,ROW()>1)',
            "format": self._filled,
        }
        self._sheet.conditional_format(0, ANSWER, self.row, ANSWER, rule)
        self._sheet.set_column(CODES, self._last_column, 10, None, {"hidden": True})
        self._sheet.print_area(0, 0, self.row, ANSWER)
        self._sheet.protect("", {"format_rows": True, "format_columns": True})

    def _set_up(self, footer: str) -> None:
        """Set widths, what stays in view, and how the sheet prints."""
        sheet = self._sheet
        for position, width in enumerate(_WIDTHS):
            sheet.set_column(position, position, width)
        sheet.hide_gridlines(2)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.75)
        sheet.set_footer(f"&C&8{footer}")

    def _write(self, column: int, text: str, style: str) -> None:
        """Write a text as text, whatever it begins with; nothing as an empty cell."""
        if text:
            self._sheet.write_string(self.row, column, text, self._styles[style])
        else:
            self._sheet.write_blank(self.row, column, None, self._styles[style])

    def _fit(self, cells: Mapping[int, tuple[str, str]], least: float) -> None:
        """Make a row as tall as its longest text."""
        if not cells:
            self._sheet.set_row(self.row, _GAP)
            return
        tallest = max(
            _lines(text, column, style) * _TALLER_LINES.get(style, _LINE_HEIGHT)
            for column, (text, style) in cells.items()
        )
        tall = {"title": 34, "answers": 34, "page": 24, "question": 20, "asked": 20}
        extra = max(tall.get(style, 0) for _, style in cells.values())
        height = max(tallest + 6, extra, least)
        self._sheet.set_row(self.row, min(height, _TALLEST_ROW))

    def _check(self, rows: tuple[int, int], rule: Mapping[str, object], message: str) -> None:
        """Have answers checked while people type."""
        told = {**rule, "error_message": message[:255]}
        self._sheet.data_validation(rows[0], ANSWER, rows[1], ANSWER, told)


def _lines(text: str, column: int, style: str) -> int:
    """Return how many lines a text needs in a column."""
    width = int(_WIDTHS[column] * _OTHER_LETTERS.get(style, _LETTERS_PER_WIDTH))
    return sum(max(len(textwrap.wrap(part, width)), 1) for part in text.split("\n"))


def _column(position: int) -> str:
    """Return the letters of a column counted from 0."""
    before, last = divmod(position, 26)
    return (_column(before - 1) if before else "") + chr(ord("A") + last)
