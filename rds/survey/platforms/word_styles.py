"""The styles of printed forms: paper, fonts, paragraphs. No content."""

from __future__ import annotations

import datetime
from typing import Any

from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

DATE = datetime.date(2026, 1, 1)
"""The date that the document carries: no output contains the clock."""

SHORT_SIDE, LONG_SIDE, MARGIN = 21.0, 29.7, 2.0
NUMBER_WIDTH = 1.0
"""Width of the paper's sides, its margins, and the room for a question's number, in cm."""

GREY = RGBColor(89, 89, 89)
_NAVY, _INK = RGBColor(0x1F, 0x3A, 0x5F), RGBColor(0x1F, 0x29, 0x37)
_FONT = "Arial"


def set_properties(document: Any, title: str, language: str) -> None:
    """Set what the file says of itself; nothing of the machine it was made on."""
    properties = document.core_properties
    midnight = datetime.datetime(DATE.year, DATE.month, DATE.day)
    properties.title, properties.language = title[:255], language
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = midnight
    properties.revision = 1
    settings = document.settings.element
    for mode in settings.iter(qn("w:compatSetting")):
        if mode.get(qn("w:name")) == "compatibilityMode":
            mode.set(qn("w:val"), "15")


def set_page(section: Any, *, lying: bool) -> None:
    """Set paper and margins."""
    sides = (LONG_SIDE, SHORT_SIDE) if lying else (SHORT_SIDE, LONG_SIDE)
    section.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = map(Cm, sides)
    section.left_margin = section.right_margin = Cm(MARGIN)
    section.top_margin, section.bottom_margin = Cm(1.8), Cm(1.9)
    section.header_distance = section.footer_distance = Cm(0.9)


def set_styles(document: Any, language: str) -> None:
    """Set the styles of paragraphs."""
    normal = document.styles["Normal"]
    _set_font(normal, size=10.5)
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing = 1.15
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), language)
    normal.element.get_or_add_rPr().append(spoken)
    _adapt(document, "Title", size=20, colour=_NAVY, bold=True, before=0, after=10)
    _adapt(document, "Heading 1", size=14, colour=_NAVY, bold=True, before=18, after=6)
    _adapt(document, "Form question", size=10.5, bold=True, before=12, after=3, hanging=True)
    _adapt(document, "Form how", size=9, colour=GREY, after=4)
    _adapt(document, "Form option", after=3, hanging=True, indent=1.7)
    _adapt(document, "Form line", before=10, after=0, indent=1.0)
    _adapt(document, "Form stop", size=10, bold=True, before=6, after=6, indent=1.0)
    _adapt(document, "Form header", size=8.5, bold=True, colour=_NAVY, before=2, after=2)
    _adapt(document, "Form cell", size=10, before=2.5, after=2.5)
    _adapt(document, "Form gap", size=4, after=0)
    _adapt(document, "Form closing", size=11, bold=True, before=20, after=4)
    _adapt(document, "Form footer", size=8, colour=GREY, after=0)
    document.styles["Form footer"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for name in ("Title", "Heading 1", "Form question"):
        document.styles[name].paragraph_format.keep_with_next = True
    for name in ("Form question", "Form option", "Form stop", "Form closing"):
        document.styles[name].paragraph_format.keep_together = True
    _without_borders(document.styles["Title"])


def _adapt(
    document: Any,
    name: str,
    *,
    size: float = 10.5,
    colour: RGBColor = _INK,
    bold: bool = False,
    before: float = 0,
    after: float = 6,
    indent: float = 0,
    hanging: bool = False,
) -> None:
    """Set a style of paragraphs, made if the document has none of that name."""
    styles = document.styles
    is_known = name in [style.name for style in styles]
    style = styles[name] if is_known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = None if name == "Normal" else styles["Normal"]
    _set_font(style, size=size, colour=colour, bold=bold)
    layout = style.paragraph_format
    layout.space_before, layout.space_after = Pt(before), Pt(after)
    layout.line_spacing = 1.1
    layout.left_indent = Cm(indent or (NUMBER_WIDTH if hanging else 0))
    if hanging:
        layout.first_line_indent = Cm(-0.7 if indent else -NUMBER_WIDTH)
        layout.tab_stops.add_tab_stop(Cm(indent or NUMBER_WIDTH))


def _set_font(style: Any, *, size: float, colour: RGBColor = _INK, bold: bool = False) -> None:
    """Set the font of a style, for all scripts."""
    font = style.font
    font.name, font.size, font.bold, font.color.rgb = _FONT, Pt(size), bold, colour
    fonts = style.element.rPr.rFonts
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    fonts.set(qn("w:cs"), _FONT)


def _without_borders(style: Any) -> None:
    """Take the line off a style."""
    borders = style.element.pPr.find(qn("w:pBdr"))
    if borders is not None:
        style.element.pPr.remove(borders)
