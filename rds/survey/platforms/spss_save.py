"""Data as an SPSS file, with labels, missing values and levels of measurement."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import pandas as pd

from rds.survey.platforms.spss_extra import library
from rds.survey.platforms.spss_names import (
    LONGEST_LABEL,
    LONGEST_VALUE_LABEL,
    shortened,
    wrong_names,
)

Level = Literal["nominal", "ordinal", "scale"]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MOMENT = slice(92, 109)
"""Where an SPSS file says when it was made: a date of 9 and a time of 8 characters."""


def write_sav(
    frame: pd.DataFrame,
    column_labels: Mapping[str, str] | None = None,
    value_labels: Mapping[str, Mapping[int, str]] | None = None,
    *,
    missing: Mapping[str, Sequence[int]] | None = None,
    levels: Mapping[str, Level] | None = None,
    title: str = "",
    date: datetime.date,
) -> bytes:
    """Return a table as the content of an SPSS file (.sav).

    Parameters
    ----------
    frame
        The data: numbers, where NaN is a missing value of the system, and texts.
    column_labels
        What columns mean, by name; cut to 255 bytes.
    value_labels
        What codes mean, by column and code; cut to 120 bytes.
    missing
        Codes declared as missing, by column; at most three in each.
    levels
        Level of measurement, by column.
    title
        Label of the file, at most 64 bytes.
    date
        The date that the file carries.

    Returns
    -------
    bytes
        The same bytes for the same content.

    Raises
    ------
    ValueError
        If SPSS does not take a name, or a column is none of the table's.
    InputError
        If pyreadstat is not installed.
    """
    given = (column_labels or {}, value_labels or {}, missing or {}, levels or {})
    _refuse_wrong(list(frame.columns), {name for names in given for name in names})
    labels = {name: shortened(text, LONGEST_LABEL) for name, text in given[0].items()}
    words = {
        name: {code: shortened(text, LONGEST_VALUE_LABEL) for code, text in codes.items()}
        for name, codes in given[1].items()
    }
    pyreadstat = library("pyreadstat", extra="spss", file="SPSS data")
    with TemporaryDirectory() as folder:
        path = Path(folder, "data.sav")
        pyreadstat.write_sav(
            frame.reset_index(drop=True),
            path,
            file_label=shortened(title, 64),
            column_labels=labels,
            variable_value_labels=words,
            missing_ranges={name: list(codes) for name, codes in given[2].items()},
            variable_measure=dict(given[3]),
            row_compress=True,
        )
        return _dated(path.read_bytes(), date)


def _refuse_wrong(columns: Sequence[str], named: set[str]) -> None:
    """Refuse names that SPSS does not take, and labels of columns that are not there."""
    wrong = wrong_names(columns)
    if wrong:
        told = "; ".join(f"“{name}” {reason}" for name, reason in wrong.items())
        raise ValueError(f"SPSS does not take these names: {told}.")
    unknown = sorted(named - set(columns))
    if unknown:
        raise ValueError(f"These columns are not in the table: {', '.join(unknown)}.")


def _dated(content: bytes, date: datetime.date) -> bytes:
    """Return an SPSS file with a date of its own instead of the clock's."""
    moment = f"{date.day:02} {_MONTHS[date.month - 1]} {date.year % 100:02}00:00:00"
    return content[: _MOMENT.start] + moment.encode() + content[_MOMENT.stop :]
