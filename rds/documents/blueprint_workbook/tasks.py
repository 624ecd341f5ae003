"""The sheet “Tasks”: every task with its ratings and its percent of the exam."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from rds.blueprint.plan import Blueprint
from rds.documents.blueprint_workbook.cells import DASH, Cell, Formula, at, block, fixed, number
from rds.documents.blueprint_workbook.page import BODY, Column, begin, print_as
from rds.documents.blueprint_workbook.plan import Plan
from rds.documents.blueprint_workbook.ratings import ScaleRatings, percent_performing, scale_ratings
from rds.documents.blueprint_workbook.theme import Styles
from rds.documents.blueprint_workbook.words import BASES, TASK_WEIGHT, title_case

SHEET = "Tasks"
KEPT, DROPPED = "kept", "dropped"
_NOTE_ROW, _HEADER = BODY, BODY + 1
_FIRST = _HEADER + 1
_AS_GOOD_AS_EQUAL = "0.000000001"


@dataclass(frozen=True)
class _Places:
    """Where the columns after the ratings stand, and the row of the last task."""

    combined: int
    last_row: int

    @property
    def percent(self) -> int:
        return self.combined + 2

    @property
    def items(self) -> int:
        return self.combined + 3

    @property
    def retained(self) -> int:
        return self.combined + 4

    @property
    def total(self) -> int:
        return self.last_row + 1

    def tasks(self, column: int) -> str:
        """Return a column over all tasks."""
        return block(_FIRST, column, self.last_row, column)


def write_tasks(workbook: Any, blueprint: Blueprint, plan: Plan, style: Styles) -> None:
    """Write the sheet."""
    scales, performing = scale_ratings(blueprint), percent_performing(blueprint)
    columns = _columns(scales, asked=len(performing) > 0)
    widths = [8.0, 9.0, 56.0, *[12.5] * (len(columns) - 9), 11.0, 8.0, 10.0, 9.0, 11.0, 11.0]
    page = begin(workbook, SHEET, plan, style, title="Tasks", widths=widths)
    page.paragraph(_NOTE_ROW, _note(scales))
    tasks = blueprint.task_weights
    places = _Places(len(columns) - 6, _FIRST + len(tasks) - 1)
    after = page.table(_HEADER, columns, [])
    combined = _kept_ratings(tasks)
    live = _percent_follows(tasks)
    verdicts = _verdicts(blueprint)
    for position, task in enumerate(tasks.itertuples()):
        known = [
            *_ratings(str(task.task_id), scales),
            *([number(performing.get(task.task_id))] if len(performing) else []),
        ]
        row = after + position
        weights = _weights(task, row, places, combined, live)
        verdict = verdicts.get(str(task.task_id), DASH)
        cells = [*_names(blueprint, task), *known, *weights, verdict]
        page.row(row, columns, cells, *(() if task.retained else ("muted",)))
    page.row(places.total, columns, _totals(tasks, places), "total")
    page.sheet.autofilter(_HEADER, 0, places.last_row, len(columns) - 1)
    page.sheet.freeze_panes(_FIRST, 1)
    print_as(page, plan, places.total, repeat=_HEADER)


def _columns(scales: Sequence[ScaleRatings], *, asked: bool) -> list[Column]:
    """Return the columns of the table."""
    rated = [
        column
        for scale in scales
        for column in (
            Column(f"{title_case(scale.scale)}: n", ("whole",)),
            Column(f"{title_case(scale.scale)}: mean", ("two decimals",)),
        )
    ]
    return [
        Column("Task", ("bold",)),
        Column("Domain"),
        Column("Statement", ("wrap",)),
        *rated,
        *([Column("Percent performing", ("one decimal",))] if asked else []),
        Column("Combined rating", ("two decimals",)),
        Column("Rank", ("whole",)),
        Column("Percent of exam", ("one decimal", "bold")),
        Column("Items as issued", ("whole", "bold")),
        Column("Retained", ("centre",)),
        Column("Rules say", ("centre",)),
    ]


def _note(scales: Sequence[ScaleRatings]) -> str:
    """Say what the means rest on and how the percent of the exam comes about."""
    means = "".join(f"Mean {scale.scale}: {BASES[scale.base]}. " for scale in scales)
    return (
        f"{means}{TASK_WEIGHT} Tasks with equal combined ratings share a rank. A task under review "
        "counts as the settings say until the panel has decided."
    )


def _names(blueprint: Blueprint, task: Any) -> list[Cell]:
    """Return a task's identifier, domain and statement."""
    name = str(task.task_id)
    statements = {task.task_id: task.statement for task in blueprint.outline.tasks}
    return [name, str(task.domain_id), statements.get(name, "")]


def _ratings(name: str, scales: Sequence[ScaleRatings]) -> list[Cell]:
    """Return n and mean on each scale."""
    cells: list[Cell] = []
    for scale in scales:
        known = name in scale.table.index
        cells.append(number(scale.table.at[name, "n"], int) if known else DASH)
        cells.append(number(scale.table.at[name, "mean"]) if known else DASH)
    return cells


def _verdicts(blueprint: Blueprint) -> dict[str, str]:
    """Return what the retention rules together say of each task."""
    table = blueprint.analysis.retention
    declared = table[table["rule"] == "declared"]
    return dict(zip(declared["task_id"], declared["verdict"], strict=True))


def _kept_ratings(tasks: pd.DataFrame) -> list[float]:
    """Return the combined ratings of the tasks that are kept."""
    return [float(rating) for rating in tasks["combined"][tasks["retained"].astype(bool)]]


def _percent_follows(tasks: pd.DataFrame) -> bool:
    """Tell whether percents of the exam are shares of the combined ratings, as the formula says."""
    kept = tasks["retained"].astype(bool)
    combined = tasks["combined"].where(kept, 0.0)
    shares = 100 * combined / combined.sum()
    return bool(np.allclose(shares, tasks["percent_of_exam"].where(kept, 0.0), rtol=0, atol=1e-9))


def _weights(task: Any, row: int, places: _Places, kept: Sequence[float], live: bool) -> list[Cell]:
    """Return combined rating, rank, percent of the exam, items and whether the task is kept."""
    own, percent = at(row, places.combined), float(task.percent_of_exam)
    if not task.retained:
        return [number(task.combined), DASH, 0.0, 0, DROPPED]
    higher = (
        f'({places.tasks(places.retained)}="{KEPT}")'
        f"*({places.tasks(places.combined)}>{own}+{_AS_GOOD_AS_EQUAL})"
    )
    rank = 1 + sum(other > float(task.combined) + float(_AS_GOOD_AS_EQUAL) for other in kept)
    share = f"={own}/{fixed(places.total, places.combined)}*100"
    return [
        float(task.combined),
        Formula(f"=1+SUMPRODUCT({higher})", rank),
        Formula(share, percent) if live else percent,
        int(task.items),
        KEPT,
    ]


def _totals(tasks: pd.DataFrame, places: _Places) -> list[Cell]:
    """Return the row of totals: combined ratings, percents, items, and how many are kept."""
    kept = tasks["retained"].astype(bool)
    retained, combined = places.tasks(places.retained), places.tasks(places.combined)
    percent, items = places.tasks(places.percent), places.tasks(places.items)
    return [
        "Total",
        *[""] * (places.combined - 1),
        Formula(f'=SUMIF({retained},"{KEPT}",{combined})', float(tasks["combined"][kept].sum())),
        "",
        Formula(f"=SUM({percent})", float(tasks["percent_of_exam"][kept].sum())),
        Formula(f"=SUM({items})", int(tasks["items"].sum())),
        Formula(f'=COUNTIF({retained},"{KEPT}")&" {KEPT}"', f"{int(kept.sum())} {KEPT}"),
        "",
    ]
