"""Reading an inventory of an item bank, whatever it calls its columns; nothing of it is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from rds.blueprint.bank_gap import INVENTORY
from rds.errors import InputError, Problem
from rds.survey.platforms.opening import holds_anything, open_file
from rds.values import read_whole

HEADERS: Mapping[str, tuple[str, ...]] = {
    "item_id": ("item_id", "item", "id", "item number", "item code", "question id"),
    "count": ("count", "items", "n", "number", "number of items", "n items"),
    "domain_id": ("domain_id", "domain", "topic", "content area", "section"),
    "task_id": ("task_id", "task", "subtopic", "objective"),
    "cognitive_level": ("cognitive_level", "level", "cognitive", "bloom", "bloom level"),
    "part": ("part", "exam part", "component"),
    "status": ("status", "state", "item status"),
}
"""What the columns of an inventory may be called, in any case, with spaces, hyphens or _."""

_WANTED = "a column domain_id or task_id with the identifiers of the outline"


def read_inventory(path: Path, *, sheet: str | None = None) -> pd.DataFrame:
    """Read an inventory, one row an item or, with a column ``count``, one row so many items.

    Parameters
    ----------
    path
        A CSV file or workbook.
    sheet
        The workbook's sheet, when several hold data.

    Returns
    -------
    DataFrame
        Columns `rds.blueprint.bank_gap.INVENTORY`; what the file does not have is empty, and
        ``count`` 1.

    Raises
    ------
    InputError
        When the file cannot be read, has no column of domains or tasks, names an item twice, or a
        count is no whole number.
    """
    if not path.is_file():
        found, mend = "no such file", "check the name and where it lies"
        raise InputError([Problem(str(path), "", found, "an inventory, CSV or xlsx", mend)])
    received = open_file(path, sheet=sheet)
    if received.kind not in ("text", "workbook"):
        mend = "export the inventory as CSV or xlsx"
        raise InputError([Problem(path.name, "", f"a {received.kind} file", "a table", mend)])
    rows = [[cell.strip() for cell in row] for row in received.rows() if holds_anything(row)]
    columns = _columns(path.name, rows[0] if rows else [])
    table = pd.DataFrame(
        [
            {"place": f"row {number}", **{name: row[at] for name, at in columns.items()}}
            for number, row in enumerate(rows[1:], start=2)
        ],
        columns=["place", *columns],
    )
    problems = [*_doubled(path.name, table), *_uncounted(path.name, table)]
    if table.empty:
        mend = "export the items with their domain or task"
        problems.append(Problem(path.name, "", "no items below the headers", "items", mend))
    if problems:
        raise InputError(problems)
    counts = [read_whole(cell) for cell in table["count"]] if "count" in table else 1
    return table.assign(count=counts).reindex(columns=list(INVENTORY), fill_value="")


def _columns(file: str, headers: Sequence[str]) -> dict[str, int]:
    """Return the place of every column that is known, or refuse the file with what it has."""
    plain = [header.casefold().replace("_", " ").replace("-", " ") for header in headers]
    found: dict[str, int] = {}
    for name, words in HEADERS.items():
        known = [word.replace("_", " ") for word in words]
        places = [plain.index(word) for word in known if word in plain]
        if places and places[0] not in found.values():
            found[name] = places[0]
    if not {"domain_id", "task_id"} & set(found):
        named = ", ".join(filter(None, headers)) or "nothing"
        mend = "add one of the two, or rename the column that holds it"
        raise InputError([Problem(file, "row 1", f"the columns {named}", _WANTED, mend)])
    return found


def _doubled(file: str, table: pd.DataFrame) -> list[Problem]:
    """Return a problem for each item that stands in two rows."""
    if "item_id" not in table:
        return []
    rows = table[table["item_id"].ne("") & table["item_id"].duplicated()]
    mend = "keep one row for each item"
    return [
        Problem(file, str(row.place), f"the item {row.item_id} again", "each item once", mend)
        for row in rows.itertuples()
    ]


def _uncounted(file: str, table: pd.DataFrame) -> list[Problem]:
    """Return a problem for each count that is no whole number of 0 or more."""
    problems = []
    rows = zip(table["place"], table["count"], strict=True) if "count" in table else ()
    for place, cell in rows:
        try:
            is_count = read_whole(cell) >= 0
        except ValueError:
            is_count = False
        if not is_count:
            found = f"“{cell}”" if cell else "nothing"
            wanted = "a whole number of items, 0 or more"
            problems.append(Problem(file, f"{place}, count", found, wanted, "correct the count"))
    return problems
