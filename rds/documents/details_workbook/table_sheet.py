"""One sheet for each table: title, explanation, what each column means, and why cells are empty."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rds.documents.blueprint_workbook.cells import DASH, Cell
from rds.documents.blueprint_workbook.page import BODY, Page, begin, print_as, text_height
from rds.documents.blueprint_workbook.plan import Plan
from rds.documents.blueprint_workbook.theme import Styles
from rds.documents.blueprint_workbook.words import title_case
from rds.documents.details_workbook.reasons import Reasons
from rds.documents.details_workbook.table_texts import table_texts, title_of

INDEX = "Index"
WORDING, WHY = "wording", "noted"
_STATEMENTS = ("statement_id", "task_id", "ksa_id")
_IDENTIFIERS = (*_STATEMENTS, "domain_id", "id")
_NARROWEST, _WIDEST, _WORDS = 10.0, 44.0, 44.0
_SCREEN = 150.0
_ROWS_MEASURED = 300
_MEANING_LETTERS = 1.3
_LINE = 10.5


@dataclass(frozen=True, eq=False)
class Sheet:
    """A table as it is shown: its columns with headers, meanings, widths and number formats."""

    name: str
    frame: pd.DataFrame
    meanings: tuple[str, ...]
    widths: tuple[float, ...]
    formats: tuple[str, ...]


def shown_table(
    name: str, table: pd.DataFrame, words: Mapping[str, str], reasons: Reasons
) -> Sheet:
    """Return a table with the wording of its statements, and with why cells are empty.

    Parameters
    ----------
    words
        Wording by identifier, of domains, tasks and KSAs.
    """
    frame = table.reset_index(drop=True)
    why = [reasons.of_row(name, row) for row in frame.to_dict("records")]
    for key in _worded(frame):
        own = [words.get(str(value), "") for value in frame[key]]
        header = f"{WORDING} of {key}" if WORDING in frame else WORDING
        frame.insert(list(frame).index(key) + 1, header, own)
    if any(why):
        frame = frame.assign(**{WHY: why})
    columns = [str(column) for column in frame]
    return Sheet(
        name,
        frame,
        tuple(_meaning(name, column) for column in columns),
        tuple(_width(column, frame[column]) for column in columns),
        tuple(_format(column, frame[column]) for column in columns),
    )


def _meaning(table: str, column: str) -> str:
    """Return what a column means, also of those that only this workbook has."""
    if column == WHY:
        return "why cells are empty or special"
    own = column.startswith(WORDING)
    return (
        "the statement, or the title of the domain" if own else table_texts().meaning(table, column)
    )


def _worded(frame: pd.DataFrame) -> list[str]:
    """Return the columns whose identifiers are said in words: statements, or else domains."""
    statements = [name for name in _STATEMENTS if name in frame]
    return statements or [name for name in _IDENTIFIERS if name in frame][:1]


def write_table(workbook: Any, own: Sheet, plan: Plan, style: Styles, reasons: Reasons) -> None:
    """Write the sheet of a table."""
    page = begin(workbook, own.name, plan, style, title=title_of(own.name), widths=own.widths)
    row = _write_explanation(page, own, reasons)
    header = _write_headers(page, own, row)
    formats = [style("cell", *_styles(own, position)) for position in range(len(own.widths))]
    dash = style("cell", "centre", "muted")
    for offset, values in enumerate(own.frame.itertuples(index=False), start=header + 1):
        _write_row(page, own, (offset, values), formats, dash)
    last = header + max(len(own.frame), 1)
    if own.frame.empty:
        page.put(last, 0, "Nothing: this study has no such rows.", "muted")
    page.sheet.autofilter(header, 0, last, len(own.widths) - 1)
    page.sheet.freeze_panes(header + 1, _frozen(own))
    print_as(page, plan, last, repeat=header)


def _write_explanation(page: Page, own: Sheet, reasons: Reasons) -> int:
    """Write the way back, what a row is, how to read it, and what holds for the whole table."""
    page.sheet.write_url(BODY, 0, f"internal:'{INDEX}'!A1", page.style("link"), "◄ Index")
    texts = table_texts()
    said = [f"One row is {texts.one_row(own.name)}."] if texts.one_row(own.name) else []
    said += [f"{name} {text}" for name, text in texts.remarks if own.name in name.split(", ")]
    said += reasons.of_table(own.name)
    row = BODY + 1
    for text in said:
        row = _spread(page, row, title_case(text))
    return row


def _spread(page: Page, row: int, text: str) -> int:
    """Write a paragraph over as many columns as a screen shows; return the next row."""
    last, width = 0, page.widths[0]
    while last + 1 < len(page.widths) and width + page.widths[last + 1] <= _SCREEN:
        last += 1
        width += page.widths[last]
    return page.paragraph(row, text, last=last)


def _write_headers(page: Page, own: Sheet, row: int) -> int:
    """Write what each column means and, below it, its name; return the row of the names."""
    heights = [_LINE]
    for position, (meaning, width) in enumerate(zip(own.meanings, own.widths, strict=True)):
        page.put(row, position, meaning, "meaning")
        lines = text_height(meaning, width * _MEANING_LETTERS - 2) / text_height("", 10)
        heights.append(_LINE * lines)
    page.sheet.set_row(row, max(heights) + 4)
    page.headers(row + 1, [str(column) for column in own.frame])
    return row + 1


def _write_row(
    page: Page, own: Sheet, place: tuple[int, Sequence[object]], formats: list[Any], dash: Any
) -> None:
    """Write one row, as tall as its longest text needs."""
    row, values = place
    height = 16.0
    for column, value in enumerate(values):
        cell = _cell(value)
        if cell == DASH:
            page.sheet.write_string(row, column, DASH, dash)
        elif isinstance(cell, str):
            page.sheet.write_string(row, column, cell, formats[column])
            if len(cell) > own.widths[column]:
                height = max(height, text_height(cell, own.widths[column] - 2) + 3)
        else:
            page.sheet.write_number(row, column, cell, formats[column])
    page.sheet.set_row(row, height)


def _cell(value: object) -> Cell:
    """Return a value as a cell shows it: a dash for nothing, yes and no, numbers, text."""
    if value is None or value is pd.NaT or value is pd.NA:
        return DASH
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if hasattr(value, "__float__"):
        number = float(value)
        return number if math.isfinite(number) else DASH
    return str(value)


def _styles(own: Sheet, position: int) -> tuple[str, ...]:
    """Return the styles of a column."""
    name = own.formats[position]
    return ("wrap",) if name == "text" else (name,)


def _frozen(own: Sheet) -> int:
    """Return how many columns stay in sight: up to the first identifier."""
    columns = [str(column) for column in own.frame]
    first = next((columns.index(name) for name in _IDENTIFIERS if name in columns), 0)
    return first + 1 if sum(own.widths[: first + 1]) <= _WIDEST else 0


def _width(name: str, column: pd.Series[Any]) -> float:
    """Return how wide a column has to be."""
    if name.startswith((WORDING, WHY)):
        return _WORDS
    longest_word = max((len(word) for word in name.split("_")), default=0)
    header = max(longest_word + 3, min(len(name), 14) + 2)
    texts = [value for value in column.head(_ROWS_MEASURED) if isinstance(value, str)]
    longest = max(map(len, texts), default=0) + 3
    return float(min(max(_NARROWEST, header, longest), _WIDEST))


def _format(name: str, column: pd.Series[Any]) -> str:
    """Return how a column's numbers are shown; “text” where it holds words."""
    known = [value for value in column if isinstance(_cell(value), float | int)]
    if not known:
        return "text"
    if all(float(value).is_integer() for value in known):
        return "whole"
    if "percent" in name:
        return "one decimal"
    return "four decimals" if all(abs(float(value)) <= 1 for value in known) else "two decimals"
