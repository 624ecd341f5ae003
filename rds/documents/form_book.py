"""Forms in Excel: a cover that says what the form is and what to do, then the sheets to fill in."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rds.cells import column_letter
from rds.columns import Column, Sheet
from rds.documents.blueprint_workbook.theme import new_workbook
from rds.documents.study_look import Style, fit_height, shown, styles
from rds.files import deterministic_zip

COVER = "About this form"
"""The sheet on which a form says what it is."""

FORM, STUDY, HOLDER, VERSION = "Form", "Study", "For", "Version"
"""The facts that every form states, by the words in front of them."""

TOTAL = "Sum"
"""What begins the line that adds up a sheet's columns; it is no row to read."""

_COVER_WIDTHS = (18, 96)
_SPARE_WIDTH = 5
_LONGEST_LIST = 255


@dataclass(frozen=True)
class Cover:
    """What a form says of itself.

    Parameters
    ----------
    form
        What kind of form it is, such as ``"coding of write-ins"``; it is known again by this.
    title
        What people read first.
    study_id
        The study it belongs to.
    holder
        Whose form it is: ``"SME05"``, ``"coder a"``.
    version
        What stands for the state of the outline or the round it asks about; empty where that
        makes no difference.
    guide
        What to do, one step a line.
    facts
        More that has to be known when the form returns, by the words in front of it.
    """

    form: str
    title: str
    study_id: str
    holder: str
    version: str = ""
    guide: Sequence[str] = ()
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def stated(self) -> dict[str, str]:
        """All facts, by the words in front of them."""
        own = {FORM: self.form, STUDY: self.study_id, HOLDER: self.holder, VERSION: self.version}
        return {label: text for label, text in {**own, **self.facts}.items() if text}


@dataclass(frozen=True)
class FormSheet:
    """One sheet of a form.

    Parameters
    ----------
    sheet
        Its columns; the first is its key.
    rows
        What stands there already, values by column.
    inputs
        The columns to fill in; the others are not to be changed. A sheet without any is there to
        look things up.
    blank_rows
        How many empty rows follow, to be filled in whole.
    headings
        What stands under the name of a column in its header, such as a statement.
    sums
        Columns whose cells have to add up to 100; a line below them says whether they do.
    proposed
        Whether what stands in the columns to fill in is a proposal, and looks like one.
    """

    sheet: Sheet
    rows: Sequence[Mapping[str, object]] = ()
    inputs: Sequence[str] = ()
    blank_rows: int = 0
    headings: Mapping[str, str] = field(default_factory=dict)
    sums: Sequence[str] = ()
    proposed: bool = False


def form_workbook(cover: Cover, sheets: Sequence[FormSheet], *, date: datetime.date) -> bytes:
    """Write a form.

    Parameters
    ----------
    cover
        What it is and what to do.
    sheets
        What to fill in, and what to look up.
    date
        The date that the file carries.

    Returns
    -------
    bytes
        An xlsx file, the same bytes for the same content.
    """
    target = io.BytesIO()
    with new_workbook(target, study_id=cover.study_id, kind=cover.form) as workbook:
        midnight = datetime.datetime(date.year, date.month, date.day)
        workbook.set_properties({"title": cover.title, "created": midnight})
        style = styles(workbook)
        _write_cover(workbook, cover, sheets, style)
        for sheet in sheets:
            _write_sheet(workbook, sheet, cover, style)
    return deterministic_zip(target.getvalue(), date=date)


def _write_cover(workbook: Any, cover: Cover, sheets: Sequence[FormSheet], style: Style) -> None:
    """Write what the form is, what to do, and what its sheets are for."""
    page = workbook.add_worksheet(COVER)
    page.hide_gridlines(2)
    for column, width in enumerate(_COVER_WIDTHS):
        page.set_column(column, column, width, style())
    page.set_row(0, 28)
    page.write_string(0, 0, cover.title, style("title"))
    row = _write_lines(page, 2, list(cover.stated.items()), style)
    page.write_string(row + 1, 0, "What to do", style("heading"))
    page.write_blank(row + 1, 1, None, style("heading"))
    steps = [(str(number), text) for number, text in enumerate(cover.guide, start=1)]
    row = _write_lines(page, row + 2, steps, style)
    page.write_string(row + 1, 0, "Sheets", style("heading"))
    page.write_blank(row + 1, 1, None, style("heading"))
    listed = [(one.sheet.name, one.sheet.purpose) for one in sheets]
    row = _write_lines(page, row + 2, listed, style)
    if any(one.inputs for one in sheets):
        page.write_string(row + 1, 0, "to fill in", style("framed", "input"))
        page.write_string(row + 1, 1, "Cells of this colour wait for your answer.", style())
        page.write_string(row + 2, 0, "not to change", style("framed", "fixed"))
        page.write_string(row + 2, 1, "Cells of this colour stay as they are.", style())
    _print_as(page, cover, repeat=None)


def _write_lines(page: Any, row: int, lines: Sequence[tuple[str, str]], style: Style) -> int:
    """Write labelled lines; return the row after them."""
    for number, (label, text) in enumerate(lines, start=row):
        page.write_string(number, 0, label, style("bold"))
        page.write_string(number, 1, text, style())
        fit_height(page, number, (label, text), _COVER_WIDTHS)
    return row + len(lines)


def _write_sheet(workbook: Any, form: FormSheet, cover: Cover, style: Style) -> None:
    """Write a sheet with its headers, its rows, and what cells take."""
    page = workbook.add_worksheet(form.sheet.name)
    columns = form.sheet.columns
    widths = [max(column.width, len(column.name) + _SPARE_WIDTH) for column in columns]
    headers = [_header(column, form) for column in columns]
    for at, (column, width, header) in enumerate(zip(columns, widths, headers, strict=True)):
        page.set_column(at, at, width, style())
        page.write_string(0, at, header, style(*(_header_style(column, form))))
    page.set_row(0, 22)
    fit_height(page, 0, headers, widths)
    for number, row in enumerate(form.rows, start=1):
        values = [row.get(column.name) for column in columns]
        fit_height(page, number, values, widths)
        for at, (column, value) in enumerate(zip(columns, values, strict=True)):
            given = form.proposed and value not in (None, "")
            _write_cell(page, (number, at), value, style(*_cell_style(column, form, given=given)))
    last = len(form.rows) + form.blank_rows
    for number in range(len(form.rows) + 1, last + 1):
        for at in range(len(columns)):
            page.write_blank(number, at, None, style("framed", "input"))
    for at, column in enumerate(columns):
        if column.name in form.inputs and last:
            _validate(page, (1, at, last, at), column)
    if form.sums and last:
        _write_sums(page, form, last, style)
    page.freeze_panes(1, 2 if len(columns) > 2 else 1)
    page.autofilter(0, 0, max(last, 1), len(columns) - 1)
    _print_as(page, cover, repeat=0)


def _header(column: Column, form: FormSheet) -> str:
    """Return what stands over a column: its name, and below it what the name stands for."""
    heading = form.headings.get(column.name, "")
    return f"{column.name}\n{heading}" if heading else column.name


def _header_style(column: Column, form: FormSheet) -> tuple[str, ...]:
    """Return how a header looks: dark over what has to be filled in."""
    return ("needed",) if column.name in form.inputs else ("header",)


def _write_sums(page: Any, form: FormSheet, last: int, style: Style) -> None:
    """Write the line that adds columns up, and says at once whether they make 100."""
    names = [column.name for column in form.sheet.columns]
    page.write_string(last + 1, 0, TOTAL, style("bold"))
    for name in form.sums:
        at, letter = names.index(name), column_letter(names.index(name) + 1)
        values = [row.get(name) for row in form.rows]
        total = float(sum(value for value in values if isinstance(value, (int, float))))
        cells, own = f"{letter}2:{letter}{last + 1}", f"{letter}{last + 2}"
        page.write_formula(last + 1, at, f"=SUM({cells})", style("bold", "framed"), total)
        off = f'IF({own}<100,ROUND(100-{own},1)&" missing",ROUND({own}-100,1)&" too many")'
        told = f'=IF(COUNT({cells})=0,"has to be 100",IF(ABS({own}-100)<0.05,"100: right",'
        told += f'"has to be 100: "&{off}))'
        said = "has to be 100" if not total else "100: right"
        page.write_formula(last + 1, at + 1, told, style("bold"), said)


def _cell_style(column: Column, form: FormSheet, *, given: bool = False) -> tuple[str, ...]:
    """Return how a cell looks."""
    if column.name in form.inputs:
        return ("framed", "input", "example") if given else ("framed", "input")
    return ("framed", "fixed") if form.inputs else ("framed",)


def _write_cell(page: Any, at: tuple[int, int], value: object, chosen: Any) -> None:
    """Write a value; text stays text, numbers stay numbers."""
    if value is None or value == "":
        page.write_blank(*at, None, chosen)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        page.write_number(*at, value, chosen)
    else:
        page.write_string(*at, shown(value), chosen)


def _validate(page: Any, area: tuple[int, int, int, int], column: Column) -> None:
    """Offer what cells take; what reads well is not refused."""
    rule: dict[str, object] = {"validate": "any"}
    if column.choices and len(",".join(column.choices)) <= _LONGEST_LIST:
        rule = {"validate": "list", "source": list(column.choices)}
    elif column.kind in ("whole", "percent"):
        rule = {"validate": "decimal", "criteria": ">=", "value": 0}
    message = column.meaning[:255]
    page.data_validation(
        *area,
        {
            **rule,
            "input_title": column.name[:32],
            "input_message": message,
            "error_type": "warning",
            "error_title": column.name[:32],
            "error_message": message,
        },
    )


def _print_as(page: Any, cover: Cover, *, repeat: int | None) -> None:
    """Print landscape and one page wide, with the form and its holder on every page."""
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.75)
    if repeat is not None:
        page.repeat_rows(repeat)
    said = f"{cover.title}  ·  {cover.holder}".replace("&", "&&")[:200]
    page.set_footer(f"&L&8{said}&C&8&A&R&8Page &P of &N")
