"""How our workbooks look: colours, fonts, number formats. No content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

import xlsxwriter

from rds.settings import FORMAT_VERSION

FONT = {"font_name": "Arial", "font_size": 10}
"""Arial, or Liberation Sans with the same widths where it is missing."""

NAVY, INK, GREY, LINE = "#1F3A5F", "#1F2937", "#595959", "#B8C1CC"
BAR = "#2F6DA8"

NUMBERS = {
    "whole": "0_)",
    "one decimal": "0.0_)",
    "two decimals": "0.00_)",
    "four decimals": "0.0000_)",
    "signed": "+0_);-0_);0_);@_)",
    "signed one decimal": "+0.0_);-0.0_);0.0_)",
}
"""Number formats; each ends in the room of a bracket, so that digits keep off the border."""

STYLES: Mapping[str, Mapping[str, Any]] = {
    "title": {
        "font_size": 16,
        "bold": True,
        "font_color": NAVY,
        "valign": "vcenter",
        "text_wrap": True,
    },
    "status": {"font_color": GREY, "valign": "vcenter"},
    "banner": {
        "bold": True,
        "font_size": 11,
        "font_color": "#7A2E00",
        "bg_color": "#FDEBD3",
        "valign": "vcenter",
        "text_wrap": True,
        "indent": 1,
    },
    "preview": {
        "bold": True,
        "font_size": 14,
        "font_color": NAVY,
        "valign": "vcenter",
        "text_wrap": True,
        "indent": 1,
    },
    "heading": {"bold": True, "font_size": 12, "font_color": NAVY, "valign": "vcenter"},
    "paragraph": {"text_wrap": True, "valign": "top"},
    "header": {
        "bold": True,
        "font_color": "#FFFFFF",
        "bg_color": NAVY,
        "text_wrap": True,
        "align": "center",
        "valign": "vcenter",
        "border": 1,
        "border_color": LINE,
    },
    "cell": {
        "border": 1,
        "border_color": LINE,
        "valign": "vcenter",
        "align": "left",
        "indent": 1,
    },
    "total": {"bold": True, "bg_color": "#E4EAF1", "top": 2, "top_color": NAVY},
    "first": {"top": 1, "top_color": NAVY},
    "input": {
        "locked": False,
        "bold": True,
        "font_size": 12,
        "bg_color": "#FFF6D6",
        "border": 2,
        "border_color": NAVY,
        "align": "center",
        "valign": "vcenter",
    },
    "entry": {
        "locked": False,
        "bg_color": "#FFF6D6",
        "border": 1,
        "border_color": NAVY,
        "valign": "vcenter",
    },
    "text": {"align": "left", "indent": 1, "text_wrap": True, "num_format": "@"},
    "date": {"num_format": "yyyy-mm-dd", "align": "center"},
    "link": {"font_color": "#1F5FA8", "underline": 1},
    "meaning": {
        "font_size": 8,
        "font_color": GREY,
        "text_wrap": True,
        "valign": "bottom",
        "align": "center",
    },
    "hint": {"font_color": "#7A4B00", "bold": True, "align": "center", "font_size": 8},
    "fixed": {"bold": True, "font_size": 12, "align": "center", "valign": "vcenter"},
    "locked": {"locked": True},
    "left": {"align": "left"},
    "right": {"align": "right", "indent": 1},
    "centre": {"align": "center", "indent": 0},
    "middle": {"valign": "vcenter"},
    "bold": {"bold": True},
    "wrap": {"text_wrap": True},
    "muted": {"font_color": GREY, "italic": True},
    **{
        name: {"num_format": number_format, "align": "right", "indent": 0}
        for name, number_format in NUMBERS.items()
    },
    "good": {"font_color": "#1B5E20"},
    "notice": {"bold": True, "font_color": "#7A2E00"},
    "bad": {"bold": True, "font_color": "#8B0000", "bg_color": "#FBE3E4"},
}


def new_workbook(
    target: IO[bytes], *, study_id: str, kind: str, properties: Mapping[str, str] | None = None
) -> Any:
    """Begin a workbook in which text stays text, in our font, and that says what it belongs to."""
    workbook = xlsxwriter.Workbook(
        target,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
            # A copy: XlsxWriter writes into the properties it is given.
            "default_format_properties": dict(FONT),
        },
    )
    known = {"study": study_id, "kind": kind, "format": FORMAT_VERSION, **(properties or {})}
    for name, value in known.items():
        workbook.set_custom_property(f"rds.{name}", value)
    return workbook


class Styles:
    """The formats of one workbook, made when first asked for.

    Parameters
    ----------
    workbook
        An open XlsxWriter workbook.
    """

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._formats: dict[tuple[str, ...], Any] = {}

    def __call__(self, *names: str) -> Any:
        """Return the format that the named styles give together, later ones over earlier."""
        if names not in self._formats:
            properties: dict[str, Any] = {**FONT, "font_color": INK}
            for name in names:
                properties |= STYLES[name]
            self._formats[names] = self._workbook.add_format(properties)
        return self._formats[names]

    def conditional(self, name: str) -> Any:
        """Return one style alone, for a conditional format."""
        key = ("conditional", name)
        if key not in self._formats:
            properties = {k: v for k, v in STYLES[name].items() if not k.startswith("font_size")}
            self._formats[key] = self._workbook.add_format(properties)
        return self._formats[key]
