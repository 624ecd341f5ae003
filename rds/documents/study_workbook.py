"""study.xlsx: what staff and panel decide, as a workbook to fill in."""

from __future__ import annotations

import datetime
import io
import re
import sys
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from rds.columns import EXAMPLE_MARK, SETTINGS, SHEETS, Column, Sheet
from rds.documents.blueprint_workbook.theme import NAVY, new_workbook
from rds.documents.study_look import TAB, Style, fit_height, shown, styles
from rds.documents.study_read_me import STAGES, write_read_me
from rds.errors import nearest
from rds.files import deterministic_zip, write_atomically
from rds.scales import PROPOSED_SCALES, scale_rows
from rds.settings import PROPOSED_SETTINGS, Setting, StudySection, list_settings
from rds.settings_toml import settings_toml
from rds.sheets import read_cell
from rds.values import is_read_as_share, read_percent

Rows = Sequence[Mapping[str, object]]

TEMPLATE_DATE = StudySection().opened
"""The date that the workbook shipped as a template carries."""

_COMMENT = {"author": "rds", "font_name": "Arial", "font_size": 9, "width": 260, "height": 90}
_LAST_ROW = 5000
_LONGEST_TEXT = 32_767
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]+\n?")


def study_workbook(
    rows: Mapping[str, Rows] | None = None,
    *,
    settings: Mapping[str, object] | None = None,
    date: datetime.date,
) -> bytes:
    """Write study.xlsx: every sheet with its headers, lists of values, and what is known already.

    Parameters
    ----------
    rows
        Rows by sheet, values by column: as `rds.sheets.read_tables` returns them (percentages from
        0 to 100, dates, lists), or text as people type it. A sheet without rows gets an example;
        Scales without rows gets `rds.scales.PROPOSED_SCALES`.
    settings
        Settings as typed, by dotted key; they win over rows of the sheet Settings. With neither,
        `rds.settings.PROPOSED_SETTINGS`.
    date
        The date the workbook carries.

    Returns
    -------
    bytes
        An xlsx file, the same bytes for the same content. `rds.sheets.read_tables` reads from it
        the rows that were given.

    Raises
    ------
    ValueError
        If a sheet, column or setting is none of ours, or a text is too long for a cell.

    Examples
    --------
    >>> import datetime, pathlib, tempfile
    >>> from rds.sheets import read_tables
    >>> domains = [{"domain_id": "D1", "title": "Support", "panel_percent": 62.0}]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "study.xlsx")
    ...     day = datetime.date(2026, 3, 1)
    ...     _ = path.write_bytes(study_workbook({"Domains": domains}, date=day))
    ...     read_tables(path).rows["Domains"][0].values["panel_percent"]
    62.0
    """
    given = {name: list(table) for name, table in (rows or {}).items()}
    _refuse_unknown(given)
    said = {
        str(row["setting"]): row.get("value")
        for row in given.get(SETTINGS.name, ())
        if row.get("setting")
    }
    told = {**said, **(settings or {})}
    listed = list_settings(told or PROPOSED_SETTINGS)
    scales = given.get("Scales") or scale_rows(PROPOSED_SCALES)
    target = io.BytesIO()
    study_id = str(told.get("study.id") or "")
    with new_workbook(target, study_id=study_id, kind="study workbook") as workbook:
        midnight = datetime.datetime(date.year, date.month, date.day)
        workbook.set_properties({"title": "Role delineation study", "created": midnight})
        style = styles(workbook)
        write_read_me(workbook, style)
        for sheet in SHEETS:
            worksheet = _begin(workbook, sheet, style)
            if sheet is SETTINGS:
                _write_settings(worksheet, listed, style)
            else:
                table = scales if sheet.name == "Scales" else given.get(sheet.name, [])
                _write_table(worksheet, sheet, table, style)
    return deterministic_zip(target.getvalue(), date=date)


def write_templates(folder: Path) -> None:
    """Write the templates study.xlsx and study.toml into a folder.

    They hold what a new study starts with.
    """
    write_atomically(folder / "study.xlsx", study_workbook(date=TEMPLATE_DATE))
    write_atomically(folder / "study.toml", settings_toml(PROPOSED_SETTINGS).encode())


def _refuse_unknown(rows: Mapping[str, Rows]) -> None:
    """Refuse sheets and columns that nobody would read."""
    known = {sheet.name: sheet for sheet in SHEETS}
    for name, table in rows.items():
        if name not in known:
            raise ValueError(f"“{name}” is no sheet of study.xlsx{_meant(name, known)}.")
        columns = [column.name for column in known[name].columns]
        for column in dict.fromkeys(column for row in table for column in row):
            if column not in columns:
                wrong = f"“{column}” is no column of the sheet {name}"
                raise ValueError(f"{wrong}{_meant(column, columns)}.")


def _meant(name: str, known: Any) -> str:
    """Return a hint at the name that was probably meant."""
    close = nearest(name, known)
    return f"; wanted “{close}”" if close else ""


def _begin(workbook: Any, sheet: Sheet, style: Style) -> Any:
    """Add a sheet with its headers, the widths and formats of its columns, and how it prints."""
    worksheet = workbook.add_worksheet(sheet.name)
    worksheet.set_tab_color(NAVY if sheet.name in STAGES["Needed first"] else TAB)
    worksheet.set_row(0, 22)
    for position, (column, width) in enumerate(zip(sheet.columns, _widths(sheet), strict=True)):
        worksheet.set_column(position, position, width, style(*_column_styles(column)))
        worksheet.write_string(
            0, position, column.name, style("needed" if column.required else "header")
        )
        worksheet.write_comment(0, position, _note(column), _COMMENT)
    worksheet.freeze_panes(1, 1)
    _print_setup(worksheet)
    return worksheet


def _column_styles(column: Column) -> tuple[str, ...]:
    """Return how a column's cells look; identifiers and short texts are kept as they are typed."""
    if column.kind == "date":
        return ("date",)
    is_text = column.kind in ("text", "identifier", "identifiers", "names") and column.width < 40
    return ("text",) if is_text else ("left",)


def _note(column: Column) -> str:
    """Return what people are told about a column."""
    parts = [
        column.meaning,
        f"Any of: {', '.join(column.choices)}."
        if column.choices and column.kind == "names"
        else f"One of: {', '.join(column.choices)}."
        if column.choices
        else "",
        f"From the sheet {' or '.join(column.refers_to)}." if column.refers_to else "",
        "Must be filled in." if column.required else "",
    ]
    return "\n".join(part for part in parts if part)


def _print_setup(worksheet: Any) -> None:
    """Print landscape, one page wide, headers on every page."""
    worksheet.set_landscape()
    worksheet.fit_to_pages(1, 0)
    worksheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.75)
    worksheet.repeat_rows(0)
    worksheet.set_footer("&L&8&A&R&8Page &P of &N")


def _write_table(worksheet: Any, sheet: Sheet, rows: Rows, style: Style) -> None:
    """Write the rows of a sheet, or its example, and what its columns take."""
    for number, row in enumerate(rows, start=1):
        fit_height(worksheet, number, [row.get(c.name) for c in sheet.columns], _widths(sheet))
        for position, column in enumerate(sheet.columns):
            _write(worksheet, (number, position), row.get(column.name), column, style, "framed")
    if not rows:
        texts = [column.example for column in sheet.columns]
        texts[0] = f"{EXAMPLE_MARK} {texts[0]}"
        fit_height(worksheet, 1, texts, _widths(sheet))
        for position, text in enumerate(texts):
            worksheet.write_string(1, position, text, style("example", "framed"))
    for position, column in enumerate(sheet.columns):
        _validate(worksheet, (1, position, _LAST_ROW - 1, position), column)
    worksheet.autofilter(0, 0, max(len(rows), 1), len(sheet.columns) - 1)


def _widths(sheet: Sheet) -> list[int]:
    """Return the widths of a sheet's columns, room for the filter's button included."""
    return [max(column.width, len(column.name) + 5) for column in sheet.columns]


def _write_settings(worksheet: Any, settings: Sequence[Setting], style: Style) -> None:
    """Write every setting with its value, its default and its meaning, section by section."""
    number = 0
    for _, section in groupby(settings, key=lambda setting: setting.key.partition(".")[0]):
        for position, setting in enumerate(section):
            number += 1
            edge = ("framed", "section") if position == 0 else ("framed",)
            worksheet.write_string(number, 0, setting.key, style("fixed", *edge))
            value = setting.value
            if setting.column.kind == "percent" and is_read_as_share(value):
                value = read_percent(value)
            _write(worksheet, (number, 1), value, setting.column, style, "input", *edge)
            _validate(worksheet, (number, 1, number, 1), setting.column)
            default = shown(setting.default)
            texts = [setting.key, value, default, setting.column.meaning]
            fit_height(worksheet, number, texts, _widths(SETTINGS))
            worksheet.write_string(number, 2, default, style("fixed", *edge))
            worksheet.write_string(number, 3, setting.column.meaning, style(*edge))
    worksheet.autofilter(0, 0, number, len(SETTINGS.columns) - 1)


def _write(
    worksheet: Any, at: tuple[int, int], value: object, column: Column, style: Style, *styles: str
) -> None:
    """Write one value as the kind of cell a spreadsheet program would have made of it."""
    value = _typed(value, column)
    looks = (*_column_styles(column), *styles)
    if value is None or value == "":
        worksheet.write_blank(*at, None, style(*looks))
    elif isinstance(value, datetime.date):
        worksheet.write_datetime(*at, value, style(*looks))
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        # 0.5 would be read as half of everything.
        as_share = column.kind == "percent" and 0 < value < 1
        number = round(value / 100, 15) if as_share else value
        worksheet.write_number(*at, number, style(*looks, *(["percent"] if as_share else [])))
    else:
        worksheet.write_string(*at, _fitting(shown(value)), style(*looks))


def _typed(value: object, column: Column) -> object:
    """Return a number or date that was given as text as what it is, if it can be read."""
    if isinstance(value, str) and value and column.kind in ("whole", "percent", "date"):
        try:
            return read_cell(value, column)
        except ValueError:
            return value
    return value


def _fitting(text: str) -> str:
    """Return a text as a cell can hold it: without control characters, and not too long."""
    if len(text) > _LONGEST_TEXT:
        raise ValueError(
            f"A text of {len(text)} characters, “{text[:40]} …”, is too long for a cell; wanted at "
            f"most {_LONGEST_TEXT}."
        )
    return _CONTROLS.sub("\n", text)


def _validate(worksheet: Any, area: tuple[int, int, int, int], column: Column) -> None:
    """Offer the values that cells take, and warn of others; what reads well is not refused."""
    rule = _rule(column)
    if rule:
        message = _note(column)[:255]
        warning = {
            "error_type": "warning",
            "error_title": column.name[:32],
            "error_message": message,
        }
        worksheet.data_validation(*area, rule | warning)


def _rule(column: Column) -> dict[str, object]:
    """Return the rule that a spreadsheet program checks while people type."""
    if column.kind in ("names", "identifiers"):
        return {}
    if column.choices:
        return {"validate": "list", "source": list(column.choices)}
    if len(column.refers_to) == 1:
        cells = f"{column.refers_to[0]}!$A$2:$A${_LAST_ROW}"
        filled = f"{column.refers_to[0]}!$A$2:INDEX({cells},MAX(1,COUNTA({cells})))"
        return {"validate": "list", "source": f"={filled}"}
    rules: Mapping[str, dict[str, object]] = {
        "whole": {"validate": "integer", "criteria": ">=", "value": 0},
        "percent": {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100},
        "date": {
            "validate": "date",
            "criteria": "between",
            "minimum": datetime.date(1950, 1, 1),
            "maximum": datetime.date(2150, 1, 1),
        },
    }
    return rules.get(column.kind, {})


if __name__ == "__main__":
    write_templates(Path(sys.argv[1]))
