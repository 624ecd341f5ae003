"""How study.xlsx looks: styles and the heights of rows. No content."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from rds.documents.blueprint_workbook.theme import GREY, INK, LINE, NAVY

Style = Callable[..., Any]
"""Returns the format that named styles give together, later ones over earlier."""

PALE, INPUT, TAB = "#E4EAF1", "#FFF6D6", "#C9D3DF"
_LINE_HEIGHT, _TALLEST_ROW = 13.5, 400
_LETTERS_PER_WIDTH = 1.1
_STYLES: Mapping[str, Mapping[str, object]] = {
    "title": {"font_size": 16, "bold": True, "font_color": NAVY, "text_wrap": False},
    "heading": {
        "font_size": 11,
        "bold": True,
        "font_color": NAVY,
        "text_wrap": False,
        "bottom": 1,
        "bottom_color": NAVY,
    },
    "bold": {"bold": True},
    "link": {"font_color": "#1F5FA8", "underline": 1},
    "needed": {
        "bold": True,
        "font_color": "#FFFFFF",
        "bg_color": NAVY,
        "valign": "vcenter",
        "indent": 1,
    },
    "header": {
        "bold": True,
        "font_color": NAVY,
        "bg_color": PALE,
        "valign": "vcenter",
        "indent": 1,
    },
    "framed": {"border": 1, "border_color": LINE, "align": "left", "indent": 1},
    "section": {"top": 1, "top_color": NAVY},
    "fixed": {"bg_color": "#F1F3F6", "font_color": GREY},
    "input": {"bg_color": INPUT},
    "example": {"italic": True, "font_color": GREY},
    "date": {"num_format": "yyyy-mm-dd", "align": "left"},
    "percent": {"num_format": "0.0##%"},
    "text": {"num_format": "@"},
    "left": {"align": "left"},
    "right": {"align": "right"},
}


def styles(workbook: Any) -> Style:
    """Return what makes the format that named styles give together, each once."""

    @cache
    def style(*names: str) -> Any:
        properties = {"font_color": INK, "valign": "top", "text_wrap": True}
        for name in names:
            properties |= _STYLES[name]
        return workbook.add_format(properties)

    return style


def fit_height(worksheet: Any, row: int, values: Sequence[object], widths: Sequence[int]) -> None:
    """Make a row as tall as its longest text; a row of one line grows while people type."""
    lines = max(
        sum(
            max(len(textwrap.wrap(part, int(width * _LETTERS_PER_WIDTH))), 1)
            for part in shown(value).split("\n")
        )
        for value, width in zip(values, widths, strict=True)
    )
    if lines > 1:
        worksheet.set_row(row, min(_LINE_HEIGHT * lines, _TALLEST_ROW))


def shown(value: object) -> str:
    """Return a value as one types it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
