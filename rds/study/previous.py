"""The blueprint that a study replaces: read from a workbook of rds, or from a simple table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import is_zipfile

import numpy as np
import pandas as pd

from rds.cells import read_grids
from rds.errors import InputError, Problem
from rds.study.folder import Folder
from rds.survey.platforms.opening import open_file
from rds.values import read_number, read_text

CROSSWALK_FILE = "crosswalk.xlsx"
"""The sheet of confirmed relations, in the folder ``previous/``."""

PREVIOUS_OUTLINE = "outline.json"
"""The outline of the earlier study, in the folder ``previous/``."""

_HEADERS: Mapping[str, tuple[str, ...]] = {
    "task": ("task", "task_id"),
    "domain": ("domain", "domain_id"),
    "words": ("title", "statement", "name"),
    "percent": ("percent of exam", "percent", "percent_of_exam", "%"),
    "weight": ("weight", "adopted_weight"),
    "items": ("items", "items as issued"),
    "se": ("se",),
    "retained": ("retained", "status"),
}
_SLACK = 0.01
"""How far percentages may be from adding up to 100, as a share."""

_TOTALS = ("all", "sum", "total")
"""What the row below a table is called that adds it up."""

Texts = Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Previous:
    """An earlier blueprint: ``statement``, ``weight``, ``se``, ``items`` of domains and tasks."""

    file: Path
    domains: pd.DataFrame
    tasks: pd.DataFrame


def previous_inputs(folder: Folder) -> list[Path]:
    """Return the files in ``previous/`` that outputs follow from."""
    found = [path for pattern in ("*.xlsx", "*.csv") for path in folder.previous.glob(pattern)]
    found += [path for path in [folder.previous / PREVIOUS_OUTLINE] if path.exists()]
    return sorted(path for path in found if not path.name.startswith(("~$", ".")))


def previous_file(folder: Folder) -> Path | None:
    """Return the earlier blueprint in ``previous/``, or None.

    Raises
    ------
    InputError
        When several files could be it.
    """
    ours = (CROSSWALK_FILE, PREVIOUS_OUTLINE)
    found = [path for path in previous_inputs(folder) if path.name not in ours]
    if len(found) > 1:
        names = ", ".join(path.name for path in found)
        mend = "leave the one that this study replaces"
        raise InputError([Problem("previous", "", names, "one earlier blueprint", mend)])
    return found[0] if found else None


def read_previous(path: Path) -> Previous:
    """Read an earlier blueprint.

    Parameters
    ----------
    path
        A ``blueprint.xlsx`` of rds, or a CSV or XLSX table with the columns domain, title, percent
        (or weight) and items, and if tasks are known task and statement: a row with a task is a
        task. ``se`` may be added, in percentage points beside percent, as a share beside weight.

    Raises
    ------
    InputError
        With all that is wrong: columns or percentages that are missing or cannot be.
    """
    if not path.is_file():
        mend = "name a blueprint.xlsx, a CSV or XLSX table, or a study folder that was run"
        raise InputError([Problem(path.name, "", "no such file", "an earlier blueprint", mend)])
    rows = list(_rows(path))
    problems: list[Problem] = []
    domains = _frame(path, [row for row in rows if not row.get("task")], "domain", problems)
    tasks = _frame(path, [row for row in rows if row.get("task")], "task", problems)
    if not len(domains) and not problems:
        wanted = "rows with the columns domain, title and percent (or weight, or items)"
        mend = "give the table these headers"
        problems.append(Problem(path.name, "", "no domains", wanted, mend))
    if problems:
        raise InputError(problems)
    return Previous(path, domains, tasks)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows below the header of each table, by our names for the columns."""
    for sheet in _sheets(path):
        columns: dict[str, int] = {}
        for cells in open_file(path, sheet=sheet).rows():
            texts = [read_text(cell) for cell in cells]
            if not columns:
                columns = _columns(texts)
                continue
            row = {name: texts[place] for name, place in columns.items() if place < len(texts)}
            name = row.get("task") or row.get("domain", "")
            if not name or name.casefold() in _TOTALS:
                break
            if not row.get("retained", "").casefold().startswith(("no", "dropped")):
                yield row


def _sheets(path: Path) -> Sequence[str | None]:
    """Return the sheets to read: of our own workbook the summary and the tasks."""
    if not is_zipfile(path):
        return [None]
    names = read_grids(path, keep=lambda names: ())
    ours = [name for name in ("Summary", "Tasks") if name in names]
    return ours if len(ours) == 2 else [None]


def _columns(texts: Sequence[str]) -> dict[str, int]:
    """Return where our columns stand, if this row holds headers; else nothing."""
    folded = [text.casefold() for text in texts]
    found = {
        name: folded.index(alias)
        for name, aliases in _HEADERS.items()
        for alias in aliases[::-1]
        if alias in folded
    }
    is_header = "domain" in found and {"percent", "weight", "items"} & found.keys()
    return found if is_header else {}


def _frame(path: Path, rows: Sequence[Texts], unit: str, problems: list[Problem]) -> pd.DataFrame:
    """Return statements with weights that add up to 1, reporting what cannot be."""
    names = [row[unit] for row in rows]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        found, mend = f"{unit}s given twice: {', '.join(twice)}", "remove or rename one"
        problems.append(Problem(path.name, "", found, "each once", mend))
    values = {
        name: [_number(path, row, name, problems) for row in rows]
        for name in ("percent", "weight", "items", "se")
    }
    table = pd.DataFrame(values, index=pd.Index(names, dtype=object), dtype=float)
    table["statement"] = [row.get("words") or row[unit] for row in rows]
    table["se"] = table["se"].where(table["percent"].isna(), table["se"] / 100)
    table["weight"] = (table["percent"] / 100).fillna(table["weight"])
    if table["weight"].isna().all() and table["items"].notna().all() and len(table):
        table["weight"] = table["items"] / table["items"].sum()
    table["weight"] = _normalised(path, table["weight"], unit, problems)
    return table[["statement", "weight", "se", "items"]]


def _number(path: Path, row: Texts, name: str, problems: list[Problem]) -> float:
    """Read a number of zero or more; an empty cell is not known."""
    text = row.get(name, "").removesuffix("%").strip()
    if text in ("", "–"):
        return np.nan
    try:
        value = read_number(text)
    except ValueError:
        value = -1.0
    if value < 0:
        where = row.get("task") or row["domain"]
        mend = "correct it"
        problems.append(Problem(path.name, f"{where}, {name}", f"“{text}”", "zero or more", mend))
    return value


def _normalised(
    path: Path, weights: pd.Series[float], unit: str, problems: list[Problem]
) -> pd.Series[float]:
    """Return weights that add up to exactly 1; refuse those that are far from it."""
    total = float(weights.sum(skipna=False))
    if np.isnan(total) or not len(weights):
        return weights
    if abs(total - 1) > _SLACK:
        found = f"percentages of {unit}s that add up to {100 * total:.4g}"
        mend = "correct them"
        problems.append(Problem(path.name, "", found, "100, or within 1 of it", mend))
    return weights / total if total > 0 else weights
