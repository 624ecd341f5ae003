"""People's names: kept in a file of their own, and warned of wherever else they seem to stand."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rds.errors import Problem
from rds.sheets import Row
from rds.values import read_text

NAMES = "names.csv"
"""The list of names by number. Nothing but this check reads it, and it never enters an output."""

_PERSONAL = re.compile(r"\b(name|surname|e-?mail|phone|telephone|address)s?\b", re.IGNORECASE)
_COLUMN = re.compile(r"column “(?P<column>.+)” of sheet “(?P<sheet>Panel|Meetings)”")
_SHEET = re.compile(r"sheet “(?P<sheet>.*\bnames?\b.*)”", re.IGNORECASE)
_TITLED = re.compile(r"\b(Dr|Mr|Mrs|Ms|Prof|Professor)\b\.? +[A-Z]|[\w.+-]+@[\w-]+\.\w+")
_NUMBERED = re.compile(r"\d")
_SHORTEST = 4
_WANTED = "numbers only; outputs are made from this file"
_MEND = f"keep names in {NAMES} beside {{file}} (columns sme_id, name), which never enters out/"


def name_advice(
    rows: Mapping[str, Sequence[Row]], ignored: Sequence[str], folder: Path
) -> Iterator[Problem]:
    """Yield where people's names seem to stand in the workbook.

    Parameters
    ----------
    rows
        Rows by sheet.
    ignored
        Columns and sheets that are not ours, as the reader lists them.
    folder
        The study's folder; names listed in its ``names.csv`` are looked for on every sheet.
    """
    file = "study.xlsx"
    for line in ignored:
        if (own := _COLUMN.fullmatch(line)) and _is_personal(own["column"]):
            yield _advice(file, own["sheet"], f"a column “{own['column']}”")
        elif own := _SHEET.fullmatch(line):
            yield _advice(file, own["sheet"], "a sheet of names")
    for row in rows.get("Panel", ()):
        if row.text("sme_id") and not _NUMBERED.search(row.text("sme_id")):
            yield _advice(row.file, row.places.get("sme_id", ""), f"“{row.text('sme_id')}”")
        for column, value in row.values.items():
            if isinstance(value, str) and _TITLED.search(value):
                yield _advice(row.file, row.places.get(column, ""), f"“{value}”")
    yield from _listed_names(rows, known_names(folder / NAMES))


def known_names(path: Path) -> tuple[str, ...]:
    """Return the names listed in a file; none if there is no such file, or it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ()
    table = list(csv.DictReader(text.splitlines()))
    cells = [
        read_text(cell)
        for line in table
        for key, cell in line.items()
        if key and _is_personal(key) and isinstance(cell, str)
    ]
    return tuple(dict.fromkeys(cell for cell in cells if len(cell) >= _SHORTEST))


def _is_personal(header: str) -> bool:
    """Tell whether a column is one of names, or of other personal data."""
    return bool(_PERSONAL.search(header.replace("_", " ")))


def _listed_names(rows: Mapping[str, Sequence[Row]], names: Sequence[str]) -> Iterator[Problem]:
    """Yield the cells in which a listed name stands; the name itself is not repeated."""
    if not names:
        return
    words = "|".join(re.escape(name) for name in names)
    pattern = re.compile(rf"(?<!\w)({words})(?!\w)", re.IGNORECASE)
    for own in rows.values():
        for row in own:
            for column, value in row.values.items():
                if isinstance(value, str) and pattern.search(value):
                    place = row.places.get(column, "")
                    yield _advice(row.file, place, f"a name that {NAMES} lists")


def _advice(file: str, place: str, found: str) -> Problem:
    """Return advice to keep names elsewhere."""
    looks = found if found.startswith("a ") else f"{found}, which looks like a person"
    return Problem(file, place, looks, _WANTED, _MEND.format(file=file), "advice")
