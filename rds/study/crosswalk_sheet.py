"""The crosswalk that people confirmed, read back with every problem at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from rds.blueprint.crosswalk import LINKS, RELATIONS
from rds.documents.crosswalk_workbook import SHEET
from rds.errors import InputError, Problem, nearest
from rds.survey.platforms.opening import open_file
from rds.values import read_text

Known = Mapping[str, tuple[set[str], set[str]]]
"""Old and new identifiers by unit."""

_PAIRED = ("same", "reworded", "merged", "split")


def confirmed_links(sheet: Path, known: Known) -> pd.DataFrame:
    """Read the sheet that people filled in; an empty relation leaves what was suggested.

    Parameters
    ----------
    sheet
        The workbook.
    known
        Old and new identifiers that have to stand in it, by unit.

    Returns
    -------
    DataFrame
        Columns `LINKS` and ``confirmed`` (bool).

    Raises
    ------
    InputError
        With everything that cannot be.
    """
    rows = _filled_rows(sheet)
    problems = [problem for row in rows for problem in _row_problems(row, known, sheet.name)]
    problems += [] if problems else list(_together_problems(rows, known, sheet.name))
    if problems:
        raise InputError(problems)
    table = [(r["unit"], r["old_id"], r["new_id"], np.nan, r["relation"]) for r in rows]
    links = pd.DataFrame(table, columns=list(LINKS))
    return links.assign(confirmed=[bool(row["is_confirmed"]) for row in rows])


def _filled_rows(sheet: Path) -> list[dict[str, str]]:
    """Return the filled rows of the sheet by column."""
    headers: list[str] = []
    rows = []
    for number, cells in enumerate(open_file(sheet, sheet=SHEET).rows(), start=1):
        texts = [read_text(cell) for cell in cells]
        if not headers:
            headers = [text.casefold() for text in texts]
            if missing := [c for c in ("unit", "old_id", "new_id", "relation") if c not in headers]:
                mend = "restore the headers, or move the sheet away and run rds compare again"
                raise InputError(
                    [Problem(sheet.name, "", "other headers", ", ".join(missing), mend)]
                )
        elif any(texts):
            row = dict(zip(headers, texts, strict=False))
            filled = row["relation"].casefold()
            relation = filled or row.get("suggested", "").casefold()
            unit = row["unit"].casefold()
            place = {"place": f"row {number}", "is_confirmed": "yes" if filled else ""}
            rows.append({**row, **place, "unit": unit, "relation": relation})
    return rows


def _row_problems(row: Mapping[str, str], known: Known, file: str) -> Iterator[Problem]:
    """Yield what is wrong with one row."""
    place, relation = row["place"], row["relation"]
    if row["unit"] not in known:
        yield Problem(file, place, f"unit “{row['unit']}”", "domain or task", "correct it")
        return
    if relation not in RELATIONS:
        close = nearest(relation, RELATIONS)
        mend = f"write “{close}”" if close else "choose one of them"
        yield Problem(file, place, f"“{relation}”", f"one of {', '.join(RELATIONS)}", mend)
        return
    for side, own in zip(("old", "new"), known[row["unit"]], strict=True):
        name = row[f"{side}_id"]
        if name and name not in own:
            wanted = f"a {row['unit']} of the {side} blueprint"
            yield Problem(file, place, f"{side}_id “{name}”", wanted, "correct or remove it")
    wants = {"old": relation in (*_PAIRED, "dropped"), "new": relation in (*_PAIRED, "new")}
    for side, wanted_here in wants.items():
        if bool(row[f"{side}_id"]) != wanted_here:
            wanted = f"{'an' if wanted_here else 'no'} {side}_id"
            mend = "correct the relation or the identifiers"
            found = f"“{relation}” with {side}_id “{row[f'{side}_id']}”"
            yield Problem(file, place, found, wanted, mend)


def _together_problems(rows: list[dict[str, str]], known: Known, file: str) -> Iterator[Problem]:
    """Yield statements that are left out, or that stand more than once but are one to one."""
    for unit, sides in known.items():
        own = [row for row in rows if row["unit"] == unit]
        for side, names in zip(("old", "new"), sides, strict=True):
            given = [row[f"{side}_id"] for row in own]
            for name in sorted(names - {*given}):
                mend = "add a row, or move the sheet away and run rds compare again"
                yield Problem(file, "", f"no row for {side} {unit} {name}", "each once", mend)
            for row in own:
                name = row[f"{side}_id"]
                if name and given.count(name) > 1 and row["relation"] not in ("merged", "split"):
                    wanted = "merged or split, if it stands in several rows"
                    found = f"{name} as “{row['relation']}”"
                    mend = "correct the relation, or remove a row"
                    yield Problem(file, row["place"], found, wanted, mend)
