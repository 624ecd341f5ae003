"""Whether the ratings support the proportions of the exam, in words and items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rds.blueprint.apportion import Allocation
from rds.blueprint.parts import Shares
from rds.blueprint.plan_cells import PlannedCells
from rds.blueprint.plan_errors import PlanErrors
from rds.blueprint.sensitivity import other_choice_rows, what_if_rows
from rds.outline.outline import Task
from rds.settings import Settings

Floats = NDArray[np.float64]

PRECISION = (
    "unit", "id", "weight", "se", "cv", "items_margin", "p_within_1", "verdict", "reason",
)  # fmt: skip
SUPPORTED, NOT_SUPPORTED, UNKNOWN = "supported", "not supported", "unknown"


@dataclass(frozen=True)
class Tolerance:
    """What was declared in advance: the difference in items that does not matter, and how sure."""

    items: int
    confidence_percent: float


def declared_tolerance(settings: Settings) -> Tolerance:
    """Return the tolerance that the settings declare."""
    return Tolerance(settings.sensitivity.tolerance_items, settings.resampling.confidence_percent)


def precision_of_plan(
    kept: Sequence[Task],
    domains: pd.DataFrame,
    tasks: pd.DataFrame,
    cells: PlannedCells,
    *,
    form: Allocation,
    settings: Settings,
    errors: PlanErrors,
) -> pd.DataFrame:
    """Return the table ``precision`` of a plan."""
    weights = tasks.set_index("task_id")["weight"].loc[[task.task_id for task in kept]]
    by_cell = cell_repeats(
        cells,
        kept,
        weights=weights,
        errors=errors,
        form=form,
        by_task=settings.blueprint.cognitive_source == "tasks",
    )
    return precision_table(
        domains,
        tasks,
        by_cell,
        errors=errors,
        tolerance=declared_tolerance(settings),
        n_items=settings.blueprint.items,
    )


def precision_table(
    domains: pd.DataFrame,
    tasks: pd.DataFrame,
    cells: pd.DataFrame,
    *,
    errors: PlanErrors,
    tolerance: Tolerance,
    n_items: int,
) -> pd.DataFrame:
    """Return how precise each share of the exam is, and whether the ratings support it.

    A share is supported when, in the declared percent of all repeats of the survey, the unit's
    items stay within the tolerance of the plan. Of a cell repeats give an exact target: it stays
    within the tolerance when every whole number next to it does.

    Parameters
    ----------
    domains, tasks
        The tables ``domain_weights`` and ``task_weights``.
    cells
        As `cell_repeats` returns them.
    errors
        Errors of the adopted weights and ranges of items, where they are known.
    tolerance
        What was declared.
    n_items
        Items of the form.

    Returns
    -------
    DataFrame
        Columns `PRECISION`; ``cv`` is se/weight, ``items_margin`` the half-width of the weight's
        interval in items.
    """
    kept = tasks[tasks["retained"].astype(bool)]
    parts = [
        _with_errors(_part("domain", domains, "domain_id", "adopted_weight"), errors),
        _with_errors(_part("task", kept, "task_id", "weight"), errors),
        cells,
    ]
    reach = np.nan if errors.weights is None else errors.weights.reach
    table = pd.concat(parts, ignore_index=True)
    table["cv"] = (table["se"] / table["weight"]).where(table["weight"] > 0)
    worth = table["worth"].fillna(1.0) if "worth" in table else 1.0
    table["items_margin"] = reach * table["se"] * n_items / worth
    found = [_verdict(dict(row), tolerance, errors.why_unknown) for row in table.to_dict("records")]
    table["verdict"], table["reason"] = zip(*found, strict=True) if found else ((), ())
    return table.reindex(columns=list(PRECISION))


def cell_repeats(
    cells: PlannedCells,
    tasks: Sequence[Task],
    *,
    weights: pd.Series[float],
    errors: PlanErrors,
    form: Allocation,
    by_task: bool,
) -> pd.DataFrame:
    """Return each cell's weight, and where repeats of the survey would put its exact target.

    As in the table ``blueprint``, the target is the domain's exact quota times the level's share,
    or where a minimum or maximum binds the domain's whole items times the share. How a domain's
    weight, or a task's at its level, spreads over the parts of the exam is taken as given.

    Parameters
    ----------
    cells
        The cells of the plan.
    tasks, weights
        The tasks that are kept, and their weights.
    errors
        The resamples, where they are known.
    form
        Items of the domains.
    by_task
        Whether levels come from the tasks.
    """
    printed = cells.form.frame
    places = list(
        zip(printed["domain_id"], printed["cognitive_level"], printed["part"], strict=True)
    )
    members = _members_of_cells(cells.shares, tasks, places, by_task=by_task)
    items = printed["items"].to_numpy(dtype=float)
    worth = np.array([cells.worth[part] for _, _, part in places])
    table = pd.DataFrame(
        {
            "unit": "cell",
            "id": [", ".join(filter(None, place)) for place in places],
            "weight": weights.to_numpy() @ members,
            "items": items,
            "worth": worth,
        }
    )
    if errors.items is None or errors.weights is None or not len(table):
        return table
    repeats = errors.items.task_weights @ members
    targets = sum(form.items) * repeats
    if form.bounds:
        by_domain = errors.items.task_weights @ _members(tasks, [name for name, _, _ in places])
        columns = [form.identifiers.index(name) for name, _, _ in places]
        targets = errors.items.domain_items[:, columns] * repeats / np.maximum(by_domain, 1e-300)
    targets = targets / worth
    low, high = _limits(targets, errors.items.confidence)
    return table.assign(
        se=np.sqrt(((errors.weights.deviations @ members) ** 2).sum(axis=0)),
        items_low=low,
        items_high=high,
        p_within_1=(np.abs(targets - items) <= 1).mean(axis=0),
    )


def _members_of_cells(
    shares: Shares, tasks: Sequence[Task], places: Sequence[tuple[str, str, str]], *, by_task: bool
) -> Floats:
    """Return which share of a task's weight belongs to which cell, tasks × cells."""

    def share(task: Task, domain: str, level: str, part: str) -> float:
        if task.domain_id != domain or (by_task and task.cognitive_level != level):
            return 0.0
        of_domain = shares[domain]
        own = float(of_domain[level, part])
        whole = float(of_domain.xs(level, level=0).sum()) if by_task else 1.0
        return own / whole if whole > 0 else 0.0

    return np.array([[share(task, *place) for place in places] for task in tasks])


def _members(tasks: Sequence[Task], domains: Sequence[str]) -> Floats:
    """Return which task belongs to which domain: 0 or 1, tasks × domains."""
    return np.equal.outer([task.domain_id for task in tasks], list(domains)).astype(float)


def support_sentence(precision: pd.DataFrame, tolerance: Tolerance) -> str:
    """Say whether the ratings support the proportions of the domains."""
    rows = precision[precision["unit"] == "domain"]
    within = _items(tolerance.items)
    unknown = rows[rows["verdict"] == UNKNOWN]
    if len(unknown):
        reason = unknown["reason"].iloc[0]
        return f"Whether the ratings support these proportions is not known: {reason}."
    failing = rows[rows["verdict"] == NOT_SUPPORTED]
    if failing.empty:
        return (
            f"The ratings support these proportions to within {within}, the tolerance declared in "
            f"advance: in {tolerance.confidence_percent:g} of 100 repeats of the survey each "
            "domain would stay within it."
        )
    said = "; ".join(f"{row.id} {row.reason}" for row in failing.itertuples())
    return (
        f"The ratings do not support these proportions to within {within}, the tolerance declared "
        f"in advance, in {len(failing)} of {len(rows)} domains: {said}."
    )


def movement_sentence(
    sensitivity: pd.DataFrame, domains: pd.DataFrame, tolerance: Tolerance
) -> str:
    """Set the largest movement that another declared model would bring against sampling error."""
    rows = what_if_rows(sensitivity)
    rows = rows[rows["dimension"] == "model"]
    if rows.empty:
        return ""
    most = rows.iloc[int(rows["items_moved"].abs().argmax())]
    if not most["items_moved"]:
        return "Every other model declared for comparison would give the same items."
    said = f"Of the models declared for comparison, “{most['variant']}” would move a domain most"
    return _against_error(said, "the choice of the model", most, domains, tolerance)


def consequence_sentence(
    sensitivity: pd.DataFrame, domains: pd.DataFrame, tolerance: Tolerance
) -> str:
    """Set the largest movement by any choice but the model against sampling error."""
    rows = other_choice_rows(sensitivity)
    rows = rows[~rows["dimension"].isin(["model", "baseline"])]
    if rows.empty:
        return ""
    looked_at = ", ".join(dict.fromkeys(rows["dimension"]))
    most = rows.iloc[int(rows["items_moved"].abs().argmax())]
    if not most["items_moved"]:
        return f"No other choice that was looked at ({looked_at}) would move any item."
    choice = f"{most['dimension']}, “{most['variant']}”"
    said = f"Of the other choices that were looked at ({looked_at}), {choice} would move a domain "
    return _against_error(f"{said}most", "this choice", most, domains, tolerance)


def _against_error(
    said: str, subject: str, most: pd.Series[Any], domains: pd.DataFrame, tolerance: Tolerance
) -> str:
    """Say to how many items a choice would bring a domain, and what other respondents would."""
    own = domains.set_index("domain_id").loc[most["domain_id"]]
    said += f": {most['domain_id']} to {int(most['items'])} items instead of {int(own['items'])}"
    if abs(int(most["items_moved"])) <= tolerance.items:
        return f"{said}, which is within the tolerance of {_items(tolerance.items)}."
    if pd.isna(own["items_low"]):
        return f"{said}; how that compares with sampling error is not known."
    low, high = int(own["items_low"]), int(own["items_high"])
    sampling = f"other respondents alone would give it {low} to {high}"
    if low <= int(most["items"]) <= high:
        return f"{said}; {sampling}, so this is no more than sampling error."
    return f"{said}; {sampling}, so {subject} matters more than who answered."


def _part(unit: str, table: pd.DataFrame, key: str, weight: str) -> pd.DataFrame:
    """Return the rows of a table of weights as rows of the table ``precision``."""
    columns = {key: "id", weight: "weight"}
    wanted = [key, weight, "se", "items", "items_low", "items_high"]
    return table[wanted].rename(columns=columns).assign(unit=unit)


def _with_errors(rows: pd.DataFrame, errors: PlanErrors) -> pd.DataFrame:
    """Give rows the errors of the adopted weights and how often repeats stay within one item."""
    if errors.weights is not None:
        known = pd.concat([errors.weights.domains["se"], errors.weights.tasks["se"]])
        # A domain without tasks has weight 0 in every repeat.
        rows = rows.assign(se=rows["id"].map(known).fillna(0.0))
    if errors.items is not None:
        within = pd.concat([errors.items.domains, errors.items.tasks])["p_within_1"]
        rows = rows.assign(p_within_1=rows["id"].map(within))
    return rows


def _limits(values: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Return percentile limits, rounded outwards to whole numbers."""
    tail = round((1 - confidence) / 2, 12)
    low, high = np.quantile(values, [tail, 1 - tail], axis=0, method="inverted_cdf")
    return np.floor(low + 1e-9), np.ceil(high - 1e-9)


def _verdict(row: Mapping[Any, Any], tolerance: Tolerance, unknown: str) -> tuple[str, str]:
    """Return the verdict on one unit, and the reason in words."""
    items, low, high = row["items"], row.get("items_low"), row.get("items_high")
    if low is None or high is None or pd.isna(low) or pd.isna(high):
        return UNKNOWN, unknown
    fits = items - tolerance.items <= low and high <= items + tolerance.items
    span = f"{low:.0f}" if low == high else f"{low:.0f} to {high:.0f}"
    span += " item" if span == "1" else " items"
    reason = f"in {tolerance.confidence_percent:g} of 100 repeats {span}, planned {items:.0f}"
    return (SUPPORTED if fits else NOT_SUPPORTED), reason


def _items(number: int) -> str:
    """Return a number of items in words."""
    return "1 item" if number == 1 else f"{number} items"
