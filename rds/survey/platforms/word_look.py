"""How printed forms look: page, styles, tables, lines to write on. No content."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from rds.files import deterministic_zip
from rds.survey.platforms.word_styles import (
    DATE,
    GREY,
    LONG_SIDE,
    MARGIN,
    NUMBER_WIDTH,
    SHORT_SIDE,
    set_page,
    set_properties,
    set_styles,
)

_SYMBOLS, _BOX = "Segoe UI Symbol", "☐"
_PALE, _BAND, _LINE = "E4EAF1", "F5F7FA", "B8C1CC"
_LEAST_STATEMENT, _LEAST_POINT, _SHARE_WIDTH = 7.0, 1.75, 2.6
"""Widths of columns in cm."""

_LETTER_WIDTH, _CELL_MARGINS = 0.16, 0.35
"""Width of a letter of a bold point's words, and what a cell leaves free, in cm."""


class Paper:
    """A document to print, written from top to bottom.

    Parameters
    ----------
    title
        Title of the document.
    language
        Language of its words, for the spelling checker.
    """

    def __init__(self, *, title: str, language: str) -> None:
        self._document: Any = Document()
        self._lying = False
        set_properties(self._document, title, language)
        set_styles(self._document, language)
        set_page(self._document.sections[0], lying=False)
        self._style_ids = {style.name: style.style_id for style in self._document.styles}

    @property
    def _width(self) -> float:
        """The width between the margins, in cm."""
        return (LONG_SIDE if self._lying else SHORT_SIDE) - 2 * MARGIN

    def footer(self, name: str, page: str) -> None:
        """Write the footer: a name, and the number of the page among all pages."""
        paragraph = self._document.sections[0].footer.paragraphs[0]
        self._set_style(paragraph, "Form footer")
        before, _, rest = page.partition("{page}")
        between, _, after = rest.partition("{pages}")
        paragraph.add_run(f"{name} · {before}")
        _add_field(paragraph, "PAGE")
        paragraph.add_run(between)
        _add_field(paragraph, "NUMPAGES")
        paragraph.add_run(after)

    def title(self, text: str) -> None:
        """Write the title of the form."""
        self._add(text, "Title")

    def heading(self, text: str) -> None:
        """Write the title of a page of the survey."""
        self._add(text, "Heading 1")

    def text(self, text: str) -> None:
        """Write something to read."""
        self._add(text, "Normal")

    def note(self, text: str) -> None:
        """Write how the form is filled in."""
        self._add(text, "Form how")

    def field(self, label: str) -> None:
        """Write a label with a line beside it."""
        paragraph = self._add(f"{label}: \t", "Normal")
        stop = self._width
        paragraph.paragraph_format.tab_stops.add_tab_stop(
            Cm(stop), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES
        )

    def turn(self, points: Sequence[Sequence[str]]) -> None:
        """Begin a new sheet of paper if tables with these points need it the other way round."""
        lying = any(_needs_width(words) for words in points)
        if lying == self._lying:
            return
        self._lying = lying
        set_page(self._document.add_section(WD_SECTION.NEW_PAGE), lying=lying)

    def question(self, text: str, *, number: str, how: str) -> None:
        """Write a question, and how it is answered; both stay with what follows."""
        paragraph = self._add(f"{number}\t{text}" if number else text, "Form question")
        if not number:
            paragraph.paragraph_format.left_indent = Cm(0)
            paragraph.paragraph_format.first_line_indent = Cm(0)
        if how:
            instruction = self._add(how, "Form how")
            instruction.paragraph_format.keep_with_next = True
            instruction.paragraph_format.left_indent = Cm(NUMBER_WIDTH if number else 0)

    def boxes(self, options: Sequence[str]) -> None:
        """Write options with a box before each."""
        for position, option in enumerate(options, 1):
            paragraph = self._add("", "Form option")
            _add_box(paragraph)
            paragraph.add_run(f"\t{option}")
            paragraph.paragraph_format.keep_with_next = position < len(options)

    def lines(self, number: int, *, width: float = 0) -> None:
        """Write lines to write on, over the whole width unless another is named."""
        for position in range(1, number + 1):
            paragraph = self._add("\t", "Form line")
            paragraph.paragraph_format.tab_stops.add_tab_stop(
                Cm(NUMBER_WIDTH + width if width else self._width),
                WD_TAB_ALIGNMENT.RIGHT,
                WD_TAB_LEADER.LINES,
            )
            paragraph.paragraph_format.keep_with_next = position < number

    def stop(self, text: str) -> None:
        """Write that some have to stop here."""
        paragraph = self._add(f"➔  {text}", "Form stop")
        previous = paragraph._p.getprevious()
        if previous is not None and previous.tag == qn("w:p"):
            previous.get_or_add_pPr().get_or_add_keepNext().val = True

    def grid(self, header: str, points: Sequence[str], rows: Sequence[tuple[str, str]]) -> None:
        """Write a table with a statement in each row and a box for each point."""
        room = (self._width - _LEAST_STATEMENT) / len(points)
        each = min(max(_LEAST_POINT, _word_width(points)), room)
        widths = [NUMBER_WIDTH, self._width - NUMBER_WIDTH - each * len(points)]
        widths += [each] * len(points)
        table = self._table(["", header, *points], widths)
        if _word_width(points) > room:
            _shrink(table.rows[0].cells[2:])
        for number, statement in rows:
            first, second, *boxes = self._row(table, widths)
            _fill(first, number)
            _fill(second, statement)
            for cell in boxes:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
                _add_box(cell.paragraphs[0])
        self._finish(table)

    def shares(self, headers: tuple[str, str, str], rows: Sequence[tuple[str, str]]) -> None:
        """Write a table with room for points in each row, and their total."""
        statement, points, total = headers
        widths = [NUMBER_WIDTH, self._width - NUMBER_WIDTH - _SHARE_WIDTH, _SHARE_WIDTH]
        table = self._table(["", statement, points], widths)
        for number, words in rows:
            first, second, _ = self._row(table, widths)
            _fill(first, number)
            _fill(second, words)
        _, second, third = self._row(table, widths)
        _fill(second, total).bold = True
        _fill(third, "= 100").bold = True
        third.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self._finish(table)

    def closing(self, text: str, *, first: bool) -> None:
        """Write the last words."""
        paragraph = self._add(text, "Form closing")
        if not first:
            paragraph.paragraph_format.space_before = Pt(2)
            paragraph.runs[0].bold = False

    def content(self) -> bytes:
        """Return the document, free of the clock."""
        target = io.BytesIO()
        self._document.save(target)
        return deterministic_zip(target.getvalue(), date=DATE)

    def _add(self, text: str, style: str) -> Any:
        """Add a paragraph."""
        paragraph = self._document.add_paragraph(text)
        self._set_style(paragraph, style)
        return paragraph

    def _set_style(self, paragraph: Any, style: str) -> None:
        """Set a paragraph's style by its identifier: python-docx searches names at length."""
        paragraph._p.style = self._style_ids[style]

    def _table(self, headers: Sequence[str], widths: Sequence[float]) -> Any:
        """Add a table with a header row that is repeated on each page."""
        table = self._document.add_table(rows=0, cols=len(widths), style="Table Grid")
        table.autofit = False
        table.alignment = WD_TABLE_ALIGNMENT.LEFT
        _set_table_borders(table)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        cells = self._row(table, widths)
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for position, (cell, header) in enumerate(zip(cells, headers, strict=True)):
            paragraph = cell.paragraphs[0]
            paragraph.add_run(header)
            self._set_style(paragraph, "Form header")
            paragraph.paragraph_format.keep_with_next = True
            if position > 1:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _shade(cell, _PALE)
        return table

    def _row(self, table: Any, widths: Sequence[float]) -> Sequence[Any]:
        """Add a row that stays on one page, every other one with a faint background."""
        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        cells: Sequence[Any] = row.cells
        shaded = len(table._tbl.tr_lst) % 2 == 1
        for cell, width in zip(cells, widths, strict=True):
            cell.width = Cm(width)
            self._set_style(cell.paragraphs[0], "Form cell")
            _centre(cell)
            if shaded:
                _shade(cell, _BAND)
        return cells

    def _finish(self, table: Any) -> None:
        """Leave no row of a table alone on a page, grey its numbers, leave room below it."""
        rows = [row.cells for row in table.rows]
        for cells in rows[1:]:
            for run in cells[0].paragraphs[0].runs:
                run.font.color.rgb, run.font.size = GREY, Pt(8)
        for cells in (*rows[1:2], *rows[-2:-1]):
            for cell in cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True
        self._add("", "Form gap")


def _needs_width(points: Sequence[str]) -> bool:
    """Tell whether a table with these points needs paper that lies."""
    room = SHORT_SIDE - 2 * MARGIN - _LEAST_STATEMENT
    return len(points) * max(_LEAST_POINT, _word_width(points)) > room


def _word_width(points: Sequence[str]) -> float:
    """Return the width that the longest word of some points needs, in cm."""
    longest = max((len(word) for text in points for word in text.split()), default=0)
    return longest * _LETTER_WIDTH + _CELL_MARGINS


def _shrink(cells: Sequence[Any]) -> None:
    """Write what cells hold in small letters."""
    for cell in cells:
        cell.paragraphs[0].runs[0].font.size = Pt(7)


def _fill(cell: Any, text: str) -> Any:
    """Write into a cell, and return what was written."""
    return cell.paragraphs[0].add_run(text)


def _add_box(paragraph: Any) -> None:
    """Add a box to put a cross in."""
    run = paragraph.add_run(_BOX)
    run.font.name, run.font.size = _SYMBOLS, Pt(13)
    fonts = run._r.rPr.rFonts
    for name in ("eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), _SYMBOLS)


def _add_field(paragraph: Any, instruction: str) -> None:
    """Add a field that the word processor computes."""
    for kind, text in (("begin", ""), ("", instruction), ("separate", ""), ("", "1"), ("end", "")):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        elif text == instruction:
            told = OxmlElement("w:instrText")
            told.set(qn("xml:space"), "preserve")
            told.text = f" {instruction} "
            run._r.append(told)
        else:
            run.text = text


def _set_table_borders(table: Any) -> None:
    """Draw fine grey lines between all cells, and leave little room inside them."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        border = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", _LINE)):
            border.set(qn(f"w:{name}"), value)
        borders.append(border)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "70")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties = table._tbl.tblPr
    following = properties.find(qn("w:tblLayout"))
    following.addprevious(borders)
    following.addnext(margins)


def _shade(cell: Any, colour: str) -> None:
    """Give a cell a background."""
    shade = cell._tc.get_or_add_tcPr().find(qn("w:shd"))
    if shade is None:
        shade = OxmlElement("w:shd")
        properties = cell._tc.get_or_add_tcPr()
        alignment = properties.find(qn("w:vAlign"))
        if alignment is None:
            properties.append(shade)
        else:
            alignment.addprevious(shade)
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{name}"), value)


def _centre(cell: Any) -> None:
    """Put what a cell holds halfway up."""
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
