"""The tables ``task_weights`` and ``domain_weights``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rds.blueprint.apportion import Allocation
from rds.blueprint.plan_errors import PlanErrors
from rds.blueprint.weighing import Weighed
from rds.outline.outline import Outline
from rds.settings import Settings

Floats = NDArray[np.float64]

TASK_WEIGHTS = (
    "task_id", "domain_id", "retained", "model", "combined", "weight", "se", "ci_low", "ci_high",
    "percent_of_exam", "quota", "items", "items_low", "items_high",
)  # fmt: skip
DOMAIN_WEIGHTS = (
    "domain_id", "model", "domain_rule", "weight", "se", "ci_low", "ci_high", "confidence_percent",
    "panel_weight", "adopted_weight", "quota", "minimum", "maximum", "items",
    "items_by_ratings", "items_low", "items_high", "p_within_1",
)  # fmt: skip


_ERRORS = ["se", "ci_low", "ci_high"]
_RANGE = ["items_low", "items_high"]


def task_table(
    outline: Outline,
    combined: pd.Series[float],
    weights: pd.Series[float],
    allocations: Mapping[str, Allocation],
    *,
    settings: Settings,
    errors: PlanErrors,
) -> pd.DataFrame:
    """Return the table ``task_weights``: active tasks in outline order, dropped ones with weight 0.

    Parameters
    ----------
    combined, weights
        Combined rating and weight of the tasks that are kept.
    allocations
        Items of the tasks within each domain, by domain.
    errors
        Errors of weights and ranges of items, where they are known.
    """
    items = {
        task: whole
        for allocation in allocations.values()
        for task, whole in zip(allocation.identifiers, allocation.items, strict=True)
    }
    tasks = outline.active_tasks
    names = [task.task_id for task in tasks]
    kept = weights.reindex(names)
    share = kept.fillna(0.0).to_numpy()
    table = pd.DataFrame(
        {
            "task_id": names,
            "domain_id": [task.domain_id for task in tasks],
            "retained": kept.notna().to_numpy(),
            "model": settings.weights.model,
            "combined": combined.reindex(names).to_numpy(),
            "weight": share,
            "percent_of_exam": 100 * share,
            "quota": settings.blueprint.items * share,
            "items": [items.get(name, 0) for name in names],
        }
    )
    known = [] if errors.weights is None else [errors.weights.tasks[_ERRORS]]
    known += [] if errors.items is None else [errors.items.tasks[_RANGE]]
    return _joined(table, "task_id", known).reindex(columns=list(TASK_WEIGHTS))


def domain_table(
    weighed: Weighed,
    allocation: Allocation,
    by_ratings: Allocation,
    *,
    settings: Settings,
    errors: PlanErrors,
) -> pd.DataFrame:
    """Return the table ``domain_weights``, in the order of the allocation.

    Parameters
    ----------
    allocation, by_ratings
        The domains' items as decided, and as the ratings gave them.
    """
    known = [] if errors.by_ratings is None else [errors.by_ratings.domains[_ERRORS]]
    known += [] if errors.items is None else [errors.items.domains[[*_RANGE, "p_within_1"]]]
    confidence = settings.resampling.confidence_percent if known else np.nan
    table = pd.DataFrame(
        {
            "domain_id": list(allocation.identifiers),
            "model": settings.weights.model,
            "domain_rule": settings.weights.domain_rule,
            "weight": _of_all(weighed.domains, allocation),
            "panel_weight": np.nan if weighed.panel is None else _of_all(weighed.panel, allocation),
            "adopted_weight": _of_all(weighed.adopted, allocation),
            "confidence_percent": confidence,
            "quota": list(allocation.quotas),
            "minimum": [low or np.nan for low in allocation.minimum],
            "maximum": [np.nan if high is None else high for high in allocation.maximum],
            "items": list(allocation.items),
            "items_by_ratings": list(by_ratings.items),
        }
    )
    return _joined(table, "domain_id", known).reindex(columns=list(DOMAIN_WEIGHTS))


def _of_all(weights: pd.Series[float], allocation: Allocation) -> Floats:
    """Return the weight of every domain of the plan, 0 for one without tasks."""
    return np.array(weights.reindex(list(allocation.identifiers), fill_value=0.0), dtype=np.float64)


def _joined(table: pd.DataFrame, key: str, known: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Add columns by identifier; whole numbers stay whole where some are missing."""
    for columns in known:
        table = table.join(columns, on=key)
    whole = [name for name in _RANGE if name in table]
    return table.astype(dict.fromkeys(whole, "Int64"))
