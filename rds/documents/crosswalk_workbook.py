"""The sheet on which people confirm which old statements became which new ones."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping
from typing import Any

import pandas as pd

from rds.blueprint.crosswalk import RELATIONS
from rds.documents.blueprint_workbook.theme import new_workbook
from rds.documents.study_look import fit_height, styles
from rds.files import deterministic_zip

SHEET = "Crosswalk"
COLUMNS: Mapping[str, int] = {
    "unit": 9, "old_id": 10, "old_statement": 50, "new_id": 10, "new_statement": 50,
    "similarity": 11, "suggested": 12, "relation": 14, "note": 30,
}  # fmt: skip
_ROWS_TO_FILL = 200


def crosswalk_workbook(
    links: pd.DataFrame,
    old: Mapping[str, str],
    new: Mapping[str, str],
    *,
    study_id: str,
    date: datetime.date,
) -> bytes:
    """Return the sheet with what is suggested, for people to fill in the column “relation”.

    Parameters
    ----------
    links
        As `rds.blueprint.crosswalk.suggest_crosswalk` returns it, of domains and tasks.
    old, new
        Statement by identifier.
    """
    target = io.BytesIO()
    with new_workbook(target, study_id=study_id, kind="crosswalk") as workbook:
        workbook.set_properties({"created": datetime.datetime(date.year, date.month, date.day)})
        style, widths = styles(workbook), list(COLUMNS.values())
        sheet = workbook.add_worksheet(SHEET)
        sheet.freeze_panes(1, 0)
        for column, (name, width) in enumerate(COLUMNS.items()):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, style("needed" if name == "relation" else "header"))
        for row, link in enumerate(links.to_dict("records"), start=1):
            values = _values(dict(link), old, new)
            for column, (name, text) in enumerate(zip(COLUMNS, values, strict=True)):
                sheet.write_string(
                    row, column, text, style("input" if name == "relation" else "text")
                )
            fit_height(sheet, row, values, widths)
        column = list(COLUMNS).index("relation")
        rule = {"validate": "list", "source": list(RELATIONS), "error_message": "Choose one."}
        sheet.data_validation(1, column, len(links) + _ROWS_TO_FILL, column, rule)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    return deterministic_zip(target.getvalue(), date=date)


def _values(link: Mapping[Any, Any], old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """Return the cells of a row."""
    alike = "" if pd.isna(link["similarity"]) else f"{link['similarity']:.2f}"
    ids = str(link["old_id"]), str(link["new_id"])
    texts = old.get(ids[0], ""), new.get(ids[1], "")
    return [str(link["unit"]), ids[0], texts[0], ids[1], texts[1], alike, link["relation"], "", ""]
