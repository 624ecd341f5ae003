"""The sheet on which people confirm which old statements became which new ones."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import pandas as pd

from rds.blueprint.crosswalk import RELATIONS
from rds.columns import Column, Sheet
from rds.documents.form_book import Cover, FormSheet, form_workbook

SHEET = "Crosswalk"
_INPUTS = ("relation", "note")
_ROWS_TO_FILL = 40
_GUIDE = (
    "Look at every line of the sheet Crosswalk: an old statement, a new one, and what their words "
    "suggest. Choose under “relation” what is true; empty leaves what is suggested.",
    "same, reworded: one old and one new statement. merged: several old ones became one; write a "
    "line for each. split: one old statement became several; write a line for each.",
    "dropped: an old statement without a new one. new: a new statement without an old one.",
    "Every old and every new statement stands in at least one line. Lines may be added.",
    "Save the file where it is (previous/crosswalk.xlsx) and run rds compare again.",
)
_CROSSWALK = Sheet(
    SHEET,
    "Old and new statements side by side: confirm how they belong together.",
    (
        Column("unit", "domain or task.", width=6),
        Column("old_id", "The old statement.", width=8),
        Column("old_statement", "Its words.", width=46),
        Column("new_id", "The new statement.", width=8),
        Column("new_statement", "Its words.", width=46),
        Column("similarity", "Share of words in common, from 0 to 1.", width=9),
        Column("suggested", "What the words suggest.", width=11),
        Column("relation", "What is true.", choices=RELATIONS, width=12),
        Column("note", "Anything to remember.", width=28),
    ),
)


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
    rows = [
        {
            "unit": link["unit"],
            "old_id": link["old_id"],
            "old_statement": old.get(link["old_id"], ""),
            "new_id": link["new_id"],
            "new_statement": new.get(link["new_id"], ""),
            "similarity": "" if pd.isna(link["similarity"]) else f"{link['similarity']:.2f}",
            "suggested": link["relation"],
        }
        for link in links.to_dict("records")
    ]
    cover = Cover("crosswalk", "From the old blueprint to the new", study_id, "staff", guide=_GUIDE)
    sheet = FormSheet(_CROSSWALK, rows, inputs=_INPUTS, blank_rows=_ROWS_TO_FILL)
    return form_workbook(cover, [sheet], date=date)
