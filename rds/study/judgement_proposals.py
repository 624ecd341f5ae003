"""A study workbook that takes up what the panel agrees on: links, levels, percentages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rds.analysis.panel import PanelJudgements
from rds.blueprint.apportion import allocate
from rds.documents.study_workbook import study_workbook

if TYPE_CHECKING:
    from rds.study.study import Study

PROPOSED = "restricted/study-proposed.xlsx"
"""Where it lies below ``out/``; it never takes the place of study.xlsx by itself."""

Rows = list[dict[str, object]]


def proposed_workbook(study: Study, panel: PanelJudgements) -> bytes | None:
    """Return the study's workbook with the panel's consensus in it; None where nothing changes.

    Links that count take the place of those of the tasks that were judged, at the median of the
    SMEs' levels; a task's level is the one that enough SMEs chose; `panel_percent` is the mean of
    the SMEs' percentages, in tenths. All else stays as it is.

    Parameters
    ----------
    study
        The study, opened.
    panel
        What its panel judged.
    """
    before = {
        name: [dict(row.values) for row in study.rows.get(name, ())] for name in _sheets(study)
    }
    after = dict(before)
    after["Linkage"] = proposed_links(before.get("Linkage", []), panel)
    after["Tasks"] = _with(before.get("Tasks", []), "task_id", "cognitive_level", _levels(panel))
    percents = proposed_percents(panel)
    after["Domains"] = _with(before.get("Domains", []), "domain_id", "panel_percent", percents)
    if all(after[name] == before.get(name, []) for name in ("Linkage", "Tasks", "Domains")):
        return None
    settings = {key: value for key, (value, _) in study.given.items()}
    kept = {name: rows for name, rows in after.items() if name != "Settings" and rows}
    return study_workbook(kept, settings=settings, date=study.settings.study.opened)


def proposed_links(before: Rows, panel: PanelJudgements) -> Rows:
    """Return the links of the sheet Linkage with those that the panel's judgements make count."""
    table = panel.judgements[panel.judgements["part"] == "links"]
    judged = set(table["statement_id"])
    counted = table[table["choice"] == "linked"]
    levels = (counted["median"].to_numpy(np.float64) + 0.5).astype(int).clip(1)
    own: Rows = [
        {"task_id": task, "ksa_id": ksa, "level": int(level)}
        for task, ksa, level in zip(counted["statement_id"], counted["aspect"], levels, strict=True)
    ]
    rest = [row for row in before if row.get("task_id") not in judged]
    return [*own, *rest] if judged else before


def proposed_percents(panel: PanelJudgements) -> dict[str, object]:
    """Return the mean percentage of each domain, in tenths that add up to 100."""
    table: pd.DataFrame = panel.domain_percents
    if table.empty or not float(table["mean"].sum()) > 0:
        return {}
    names = table["domain_id"].tolist()
    tenths = allocate(table["mean"].tolist(), items=1000, method="hamilton", identifiers=names)
    return {name: count / 10 for name, count in zip(names, tenths, strict=True)}


def _levels(panel: PanelJudgements) -> dict[str, object]:
    """Return the level that enough SMEs chose, by task."""
    table = panel.judgements[panel.judgements["part"] == "levels"]
    agreed = table[table["consensus"].astype(bool)]
    return dict(zip(agreed["statement_id"], agreed["choice"], strict=True))


def _with(rows: Rows, key: str, column: str, values: Mapping[str, object]) -> Rows:
    """Return rows with the values of one column where there are any."""
    return [
        {**row, column: values[str(row[key])]} if str(row.get(key)) in values else row
        for row in rows
    ]


def _sheets(study: Study) -> list[str]:
    """Return the sheets that hold anything."""
    return [name for name, rows in study.rows.items() if rows]
