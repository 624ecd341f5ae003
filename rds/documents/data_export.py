"""Pseudonymous data for other programs: one table, and a codebook that says what stands in it."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from rds.documents.blueprint_workbook.theme import Styles, new_workbook
from rds.documents.tables import csv_bytes
from rds.files import deterministic_zip
from rds.ratings.frames import NO_ANSWER, NOT_APPLICABLE, NOT_SHOWN
from rds.ratings.ratings import Ratings
from rds.ratings.screening import Screening
from rds.ratings.screening_rules import numbers_from
from rds.scales import Scale
from rds.survey.platforms.spss_save import Level, write_sav

NOT_APPLICABLE_CODE, SHARED_NOT_APPLICABLE, NOT_SHOWN_CODE = 99, -2, -3

_FREE_TEXT = re.compile(r"contact|missing|.* \(other\)")
_AGAIN = re.compile(r"(again\d+) (\w+)")
_KNOWN = {
    "group": "Group of respondents",
    "wave": "Wave of the survey",
    "nature": "Where the answers come from: answers, reconstructed or simulated",
    "excluded_as": "Screening rule for which the respondent is left out; empty if none",
    "status": "Complete, partial, or screened out, as the platform says",
    "date": "Day of answering",
    "seconds": "Seconds taken",
    "language": "Language of answering",
    "coverage": "How well the statements cover the work",
}
_README = (
    "One row in the data is a respondent, known by a pseudonym.",
    "A blank is no answer. 99 is not applicable (−2 where 100 points are shared), −3 not shown.",
    "Contacts, write-ins and other free texts are not in the data: they may identify people.",
    "Everybody received is in the data; “excluded_as” says who does not count, and why.",
)
_READ_ME_WIDTHS = {"Read me": 100}
_VARIABLES_WIDTHS = {"variable": 24, "meaning": 80, "kind": 10, "no ratings": 12, "respondents": 13}
_VALUES_WIDTHS = {"variable": 24, "code": 8, "label": 50, "no rating": 10}


@dataclass(frozen=True)
class Variable:
    """A column of the data.

    Parameters
    ----------
    name, meaning
        Its name, and what it holds.
    kind
        ``"text"``, ``"number"`` or ``"rating"``.
    values
        What codes mean.
    missing
        Codes that are no ratings.
    """

    name: str
    meaning: str
    kind: str
    values: Mapping[int, str] = field(default_factory=dict)
    missing: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Data:
    """A table of data with a row for each respondent, and its variables in the same order."""

    table: pd.DataFrame
    variables: tuple[Variable, ...]


def study_data(
    ratings: Ratings,
    screening: Screening,
    *,
    statements: Mapping[str, str],
    questions: Mapping[str, str],
    kinds: Mapping[str, str],
) -> Data:
    """Return a study's answers as one table with what its columns mean.

    Parameters
    ----------
    ratings
        Everybody's answers.
    screening
        Says who does not count, and why.
    statements
        Wording by statement.
    questions, kinds
        Wording and kind of the questions about the respondents; those with free text stay out.
    """
    people = screening.respondents.rename(columns=lambda name: _AGAIN.sub(r"\1_\2", str(name)))
    kept = [name for name in people if not _is_free_text(str(name), kinds)]
    columns: dict[str, Any] = {
        str(name): _column(people[name], _kind(str(name), kinds)) for name in kept
    }
    columns |= {
        f"{statement}_{scale.name}": _codes(scale, codes)
        for scale in ratings.scales
        for statement, codes in zip(
            ratings.statements[scale.name], ratings.codes[scale.name], strict=True
        )
    }
    table = pd.DataFrame(columns, index=people.index).sort_index()
    variables = (
        Variable("respondent_id", "Pseudonym of the respondent", "text"),
        *(_about(str(name), questions, kinds) for name in kept),
        *_rated(ratings, statements),
    )
    return Data(table.reset_index(names="respondent_id"), variables)


def _is_free_text(name: str, kinds: Mapping[str, str]) -> bool:
    """Tell whether a column may identify a person."""
    return bool(_FREE_TEXT.fullmatch(name)) or kinds.get(name) == "text"


def _kind(name: str, kinds: Mapping[str, str]) -> str:
    """Tell what a column about respondents holds."""
    number = name == "seconds" or name.startswith("again") or kinds.get(name) == "number"
    return "number" if number else "text"


def _column(texts: pd.Series[str], kind: str) -> pd.Series[Any]:
    """Return a column as numbers or texts; numbers typed as words are left out."""
    if kind == "text":
        return texts.fillna("").astype(str)
    return pd.Series(numbers_from(texts), index=texts.index)


def _codes(scale: Scale, codes: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return answers as numbers: blank for no answer, codes for what is no rating."""
    applicable = SHARED_NOT_APPLICABLE if scale.is_allocation else NOT_APPLICABLE_CODE
    values = np.where(codes == NOT_APPLICABLE, applicable, codes).astype(float)
    values = np.where(codes == NOT_SHOWN, NOT_SHOWN_CODE, values)
    return np.where(codes == NO_ANSWER, np.nan, values)


def _about(name: str, questions: Mapping[str, str], kinds: Mapping[str, str]) -> Variable:
    """Describe a column about respondents."""
    meaning = questions.get(name) or _KNOWN.get(name, "")
    if name.startswith("check"):
        meaning = "Attention check: passed or failed"
    elif name.startswith("again"):
        meaning = f"{name.partition('_')[2]}, asked a second time"
    return Variable(name, meaning, _kind(name, kinds))


def _rated(ratings: Ratings, statements: Mapping[str, str]) -> Iterator[Variable]:
    """Describe the columns of ratings."""
    for scale in ratings.scales:
        applicable = SHARED_NOT_APPLICABLE if scale.is_allocation else NOT_APPLICABLE_CODE
        aside = {applicable: "Not applicable", NOT_SHOWN_CODE: "Not shown"}
        points = {} if scale.is_allocation else {p.value: p.label for p in scale.points}
        for name in ratings.statements[scale.name]:
            meaning = f"{scale.name}: {statements.get(name, name)}"
            yield Variable(
                f"{name}_{scale.name}", meaning, "rating", {**points, **aside}, tuple(aside)
            )


def data_csv(data: Data) -> bytes:
    """Return the data as CSV."""
    return csv_bytes(data.table)


def data_sav(data: Data, *, title: str, date: datetime.date) -> bytes:
    """Return the data as an SPSS file, with labels and missing values.

    Raises
    ------
    InputError
        When pyreadstat, which the extra ``spss`` brings, is not installed.
    ValueError
        When SPSS does not take a name.
    """
    levels: dict[str, Level] = {"text": "nominal", "number": "scale", "rating": "ordinal"}
    return write_sav(
        data.table,
        {v.name: v.meaning for v in data.variables if v.meaning},
        {v.name: v.values for v in data.variables if v.values},
        missing={v.name: v.missing for v in data.variables if v.missing},
        levels={v.name: levels[v.kind] for v in data.variables},
        title=title,
        date=date,
    )


def codebook_workbook(data: Data, *, study_id: str, title: str, date: datetime.date) -> bytes:
    """Return the codebook of the data as a workbook: what columns and codes mean."""
    variables: list[tuple[object, ...]] = [
        (v.name, v.meaning, v.kind, ", ".join(map(str, v.missing)), _filled(data.table[v.name]))
        for v in data.variables
    ]
    values: list[tuple[object, ...]] = [
        (v.name, code, label, "yes" if code in v.missing else "")
        for v in data.variables
        for code, label in v.values.items()
    ]
    read_me: list[tuple[object, ...]] = [
        (line,) for line in (f"Data of {title or study_id}", *_README)
    ]
    target = io.BytesIO()
    with new_workbook(target, study_id=study_id, kind="codebook") as workbook:
        workbook.set_properties(
            {"title": "Codebook", "created": datetime.datetime(date.year, date.month, date.day)}
        )
        style = Styles(workbook)
        for name, widths, rows in (
            ("Read me", _READ_ME_WIDTHS, read_me),
            ("Variables", _VARIABLES_WIDTHS, variables),
            ("Values", _VALUES_WIDTHS, values),
        ):
            _write_sheet(workbook.add_worksheet(name), style, widths, rows)
    return deterministic_zip(target.getvalue(), date=date)


def _filled(column: pd.Series[Any]) -> int:
    """Count the respondents of whom a column says something."""
    return int((column.notna() & (column != "")).sum())


def _write_sheet(
    sheet: Any, style: Styles, widths: Mapping[str, int], rows: Sequence[Sequence[object]]
) -> None:
    """Write a table; `widths` are those of its columns, by header."""
    sheet.write_row(0, 0, list(widths), style("header"))
    for number, row in enumerate(rows, 1):
        sheet.write_row(number, 0, row, style("cell", "wrap"))
    for column, width in enumerate(widths.values()):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&L&8&A&R&8Page &P of &N")
