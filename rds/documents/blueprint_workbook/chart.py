"""The bar chart of items by domain."""

from __future__ import annotations

from typing import Any

from rds.documents.blueprint_workbook.page import Page, pixels
from rds.documents.blueprint_workbook.plan import Plan
from rds.documents.blueprint_workbook.theme import BAR, FONT, INK

_TEXT = {"name": FONT["font_name"], "color": INK}
_NO_LINE = {"none": True}
_HEAD, _BAR, _HIGHEST = 90, 36, 480
_ROW = 20
"""Heights on screen, in pixels."""


def insert_bars(
    workbook: Any, page: Page, plan: Plan, row: int, *, table: tuple[int, int, int, int]
) -> int:
    """Draw items by domain as bars and return the row below them.

    Parameters
    ----------
    row
        The row at whose top left corner the chart begins.
    table
        First and last row of the domains on the page, column of their titles, column of items.
    """
    first, last, titles, items = table
    name = page.sheet.get_name()
    chart = workbook.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": "Items",
            "categories": [name, first, titles, last, titles],
            "values": [name, first, items, last, items],
            "fill": {"color": BAR},
            "border": _NO_LINE,
            "gap": 60,
            "data_labels": {"value": True, "font": {**_TEXT, "size": 10, "bold": True}},
        }
    )
    _style(chart)
    height = min(_HEAD + _BAR * len(plan.domains), _HIGHEST)
    chart.set_size({"width": pixels(page.widths), "height": height})
    page.sheet.insert_chart(
        row, 0, chart, {"description": _alternative_text(plan), "object_position": 1}
    )
    return row + height // _ROW + 2


def _style(chart: Any) -> None:
    """Title above, first domain on top, numbers at the bars instead of a value axis."""
    chart.set_title(
        {"name": "Items by domain", "overlay": False, "name_font": {**_TEXT, "size": 12}}
    )
    chart.set_legend({"none": True})
    chart.set_chartarea({"border": _NO_LINE})
    chart.set_y_axis(
        {
            "reverse": True,
            "num_font": {**_TEXT, "size": 10},
            "line": {"color": INK},
            "major_tick_mark": "none",
        }
    )
    chart.set_x_axis(
        {
            "min": 0,
            "major_gridlines": {"visible": False},
            "label_position": "none",
            "line": _NO_LINE,
            "major_tick_mark": "none",
        }
    )


def _alternative_text(plan: Plan) -> str:
    """Say what the chart shows to those who cannot see it."""
    shown = ((d.title, d.items if plan.parts else sum(d.cells)) for d in plan.domains)
    parts = ", ".join(f"{title} {items}" for title, items in shown)
    return f"Bar chart of the items each domain gets at the issued length: {parts}."
