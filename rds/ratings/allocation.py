"""Points shared between statements: typed, and checked to add up to 100."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rds.ratings.frames import NO_ANSWER, NOT_SHOWN, Codes
from rds.ratings.points import Typed
from rds.ratings.table import Column, Report
from rds.values import read_number

LOWEST_TOTAL, HIGHEST_TOTAL = 95, 105
"""Totals from here to there are taken as meant to be 100."""


def type_allocation(columns: Mapping[str, Column], report: Report) -> Typed:
    """Type the points that respondents shared between statements.

    An empty cell beside other points is 0. Points whose total is not between 95 and 105 are no
    answer; what is done with totals near 100 is up to whoever uses them as shares.

    Parameters
    ----------
    columns
        What was typed, by statement.
    report
        Takes what is no number from 0 to 100.
    """
    points = {name: _points(column, report)[column.codes] for name, column in columns.items()}
    if not points:
        return Typed({}, {})
    table = np.vstack(list(points.values()))
    shared = np.where(table >= 0, table, 0).sum(axis=0)
    answered = (table >= 0).any(axis=0)
    sound = answered & (shared >= LOWEST_TOTAL) & (shared <= HIGHEST_TOTAL)
    codes = np.where(
        table == NOT_SHOWN, NOT_SHOWN, np.where(sound, np.maximum(table, 0), NO_ANSWER)
    )
    return Typed(
        dict(zip(points, codes.astype(np.int8), strict=True)),
        {name: "codes" if (points[name] >= 0).any() else "empty" for name in points},
        n_off_total=int((answered & ~sound).sum()),
    )


def _points(column: Column, report: Report) -> Codes:
    """Return the points that each distinct text of a column says."""
    values = np.full(max(len(column.levels), 1), NO_ANSWER, dtype=np.int8)
    wrong = []
    for level, text in enumerate(column.levels):
        if text in ("", "-1"):
            continue
        if text == str(NOT_SHOWN):
            values[level] = NOT_SHOWN
            continue
        try:
            number = read_number(text.removesuffix("%"))
        except ValueError:
            number = -1.0
        if 0 <= number <= 100:
            values[level] = round(number)
        elif (column.codes == level).any():
            wrong.append(text)
    if wrong:
        found = f"{len(wrong)} entries such as “{wrong[0]}”"
        report(column.place, found, "numbers from 0 to 100", "correct the entries")
    return values
