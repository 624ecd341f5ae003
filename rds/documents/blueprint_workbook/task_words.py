"""What is said of every task in words: its status, its ratings, and what the rule says and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from rds.blueprint.plan import Blueprint
from rds.documents.blueprint_workbook.inputs import decided
from rds.documents.blueprint_workbook.ratings import ScaleRatings, percent_performing, scale_ratings
from rds.documents.blueprint_workbook.words import title_case
from rds.scales import Scale, find_scale

_NEAR = 0.3
"""How near a mean is to a point, in points, to be called by its label alone."""

_ALMOST_EQUAL = 1e-9


@dataclass(frozen=True)
class Said:
    """A task in words, with its share of the exam.

    Parameters
    ----------
    status
        Whether it is kept, and by what.
    rank
        By percent of the exam among those kept; None for others.
    ratings
        What respondents said.
    verdict
        What the retention rule says: keep, review, drop, or nothing.
    why
        What each rule found.
    """

    task_id: str
    domain_id: str
    statement: str
    retained: bool
    status: str
    rank: int | None
    percent: float
    items: int
    ratings: str
    verdict: str
    why: str


def task_words(blueprint: Blueprint) -> list[Said]:
    """Return every task of the blueprint, in outline order."""
    statements = {task.task_id: task.statement for task in blueprint.outline.tasks}
    scales, performing = scale_ratings(blueprint), percent_performing(blueprint)
    known, rules = decided(blueprint), blueprint.analysis.retention
    table = blueprint.task_weights
    kept = table.loc[table["retained"].astype(bool), "percent_of_exam"].to_numpy(np.float64)
    found = []
    for task in table.itertuples():
        name, retained = str(task.task_id), bool(task.retained)
        own = rules[rules["task_id"] == name]
        declared = own[own["rule"] == "declared"]["verdict"]
        asked = None if "percent_performing" in set(own["rule"]) else performing.get(name)
        verdict = str(declared.iloc[0]) if len(declared) else ""
        found.append(
            Said(
                task_id=name,
                domain_id=str(task.domain_id),
                statement=statements.get(name, ""),
                retained=retained,
                status=_status(retained, verdict, name in known),
                rank=_rank(float(_number(task.percent_of_exam)), kept) if retained else None,
                percent=float(_number(task.percent_of_exam)) if retained else 0.0,
                items=int(_number(task.items)) if retained else 0,
                ratings=_ratings(name, scales, blueprint.scales, asked),
                verdict=verdict,
                why=_why(own[own["rule"] != "declared"]),
            )
        )
    return found


def nearest_label(mean: float, scale: Scale) -> str:
    """Say a mean in the words of its scale.

    Examples
    --------
    >>> from rds.scales import PROPOSED_SCALES
    >>> nearest_label(3.1, PROPOSED_SCALES[0])
    'near “Important”'
    >>> nearest_label(2.5, PROPOSED_SCALES[0])
    'between “Somewhat important” and “Important”'
    """
    labels = {point.value: point.label for point in scale.points}
    below = max((value for value in labels if value <= mean), default=min(labels))
    above = min((value for value in labels if value >= mean), default=max(labels))
    nearest = below if mean - below <= above - mean else above
    if abs(mean - nearest) <= _NEAR or below == above:
        return f"near “{labels[nearest]}”"
    return f"between “{labels[below]}” and “{labels[above]}”"


def _status(retained: bool, verdict: str, is_decided: bool) -> str:
    """Say whether a task is kept, and by what."""
    kept = "kept" if retained else "dropped"
    if is_decided:
        return f"{kept} by decision"
    return f"{kept} until decided" if verdict == "review" else kept


def _rank(percent: float, kept: Sequence[float] | np.ndarray[Any, Any]) -> int:
    """Return the rank of a percent among those kept; equal ones share it."""
    return 1 + int(sum(other > percent + _ALMOST_EQUAL for other in kept))


def _number(cell: Any) -> Any:
    """Return a number, 0 where there is none."""
    return 0 if pd.isna(cell) else cell


def _ratings(
    name: str, ratings: Sequence[ScaleRatings], scales: Sequence[Scale], performing: float | None
) -> str:
    """Say what respondents said of a task."""
    said, numbers = [], []
    for own in ratings:
        mean = float(own.table["mean"].get(name, np.nan))
        if np.isnan(mean):
            continue
        scale = find_scale(scales, own.scale)
        words = f", {nearest_label(mean, scale)}" if scale is not None and _is_named(scale) else ""
        said.append(f"{title_case(own.scale)} {mean:.1f}{words}.")
        numbers.append(int(own.table["n"].get(name, 0)))
    if performing is not None:
        said.append(f"{performing:.0f} of 100 perform it.")
    if numbers:
        said.append(f"{max(numbers)} ratings.")
    return " ".join(said) or "Not rated."


def _is_named(scale: Scale) -> bool:
    """Tell whether a scale's points have words and not only their numbers."""
    return any(point.label != str(point.value) for point in scale.points)


def _why(rules: pd.DataFrame) -> str:
    """Say what each rule found of a task."""
    return " ".join(f"{_found(row)}." for row in rules.to_dict("records"))


def _found(row: dict[Any, Any]) -> str:
    """Say what one rule found."""
    verdict = str(row["verdict"]) or "no verdict"
    if pd.isna(row["value"]):
        return f"{_rule_name(row)}: {verdict}"
    if row["rule"] == "percent_performing":
        return f"{row['value']:.0f} of 100 perform it, {row['cut']:g} needed: {verdict}"
    needed = "" if pd.isna(row["cut"]) else f", {row['cut']:g} needed"
    if verdict == "review" and not pd.isna(row["ci_low"]):
        needed = f", too near {row['cut']:g} to tell"
    return f"{_rule_name(row)} {row['value']:.2f}{needed}: {verdict}"


def _rule_name(row: dict[Any, Any]) -> str:
    """Name a rule by its scale, or by itself where it has none."""
    return title_case(str(row["scale"] or "") or str(row["rule"]).replace("_", " "))
