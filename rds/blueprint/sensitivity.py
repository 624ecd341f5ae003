"""How far the plan would move under other choices, in items."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rds.blueprint.apportion import Allocation, AllocationMethod
from rds.blueprint.items import allocate_domains
from rds.blueprint.weights import domain_shares
from rds.errors import InfeasibleError, WithheldError
from rds.notes import Note
from rds.outline.outline import Domain, Outline

SENSITIVITY = (
    "dimension", "variant", "status", "domain_id", "weight", "items", "items_moved",
    "within_range",
)  # fmt: skip
DECIDED, WHAT_IF = "decided", "what if"
SPLIT_TASK = "split task"
"""The dimension in which tasks are written as two; nobody chooses among its variants."""

TaskWeights = Callable[[], "pd.Series[float]"]


@dataclass(frozen=True)
class Choice:
    """A choice that was made, or could have been: what is varied, how, and the tasks' weights."""

    dimension: str
    variant: str
    weights: TaskWeights
    status: str = WHAT_IF


def choice_rows(
    choices: Iterable[Choice],
    outline: Outline,
    form: Allocation,
    *,
    method: AllocationMethod = "hamilton",
    ranges: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, list[Note]]:
    """Return the plan under every choice, and why one could not be computed.

    Parameters
    ----------
    choices
        The choices, in order.
    outline
        The domains, with their bounds, and the domain of every task.
    form
        The printed plan.
    method
        The apportionment method.
    ranges
        By domain ``items_low`` and ``items_high``, where sampling error is known.

    Returns
    -------
    table, notes
        Columns `SENSITIVITY`.
    """
    printed = pd.Series(list(form.items), index=list(form.identifiers))
    parts: list[pd.DataFrame] = []
    notes: list[Note] = []
    for choice in choices:
        try:
            by_domain = domain_shares(
                choice.weights(), outline.task_domains, order=form.identifiers
            )
            rows = variant_rows(
                by_domain,
                outline.domains,
                printed,
                dimension=choice.dimension,
                variant=choice.variant,
                method=method,
            )
        except (ValueError, WithheldError, InfeasibleError) as error:
            notes.append(Note("sensitivity", choice.variant, "items", "withheld", str(error)))
        else:
            parts.append(rows.assign(status=choice.status))
    return with_range(pd.concat(parts, ignore_index=True), ranges), notes


def variant_rows(
    weights: pd.Series[float],
    domains: Sequence[Domain],
    printed: pd.Series[int],
    *,
    dimension: str,
    variant: str,
    method: AllocationMethod = "hamilton",
) -> pd.DataFrame:
    """Return the plan that other weights would give, beside the printed one.

    Parameters
    ----------
    weights
        Weight by domain under the variant.
    domains
        The domains, with their bounds.
    printed
        Items by domain in the printed plan.
    dimension, variant
        What is varied (model, baseline …), and how.

    Returns
    -------
    DataFrame
        Columns ``dimension``, ``variant``, ``domain_id``, ``weight``, ``items``, ``items_moved``:
        the variant's items minus the printed ones.
    """
    allocation = allocate_domains(weights, domains, items=int(printed.sum()), method=method)
    items = np.array(allocation.items)
    return pd.DataFrame(
        {
            "dimension": dimension,
            "variant": variant,
            "domain_id": [str(name) for name in weights.index],
            "weight": weights.to_numpy(),
            "items": items,
            "items_moved": items - printed.loc[list(weights.index)].to_numpy(),
        }
    )


def with_range(rows: pd.DataFrame, ranges: pd.DataFrame | None) -> pd.DataFrame:
    """Say of each row whether other respondents alone could have brought its items.

    Parameters
    ----------
    rows
        With ``domain_id`` and ``items``.
    ranges
        By domain ``items_low`` and ``items_high``; None or missing where they are not known.
    """
    if ranges is None or ranges[["items_low", "items_high"]].isna().any(axis=None):
        return rows.assign(within_range=None).reindex(columns=list(SENSITIVITY))
    own = ranges.loc[rows["domain_id"]]
    low, high = (own[name].to_numpy(dtype=float) for name in ("items_low", "items_high"))
    inside = (low <= rows["items"]) & (rows["items"] <= high)
    return rows.assign(within_range=np.where(inside, "yes", "no")).reindex(
        columns=list(SENSITIVITY)
    )


def what_if_rows(sensitivity: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the table ``sensitivity`` that are not the plan itself."""
    return sensitivity[sensitivity["status"] != DECIDED]


def other_choice_rows(sensitivity: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the table ``sensitivity`` for choices that could be made instead."""
    rows = what_if_rows(sensitivity)
    return rows[rows["dimension"] != SPLIT_TASK]


def items_moved(rows: pd.DataFrame) -> int:
    """Return how many items change place between the printed plan and a variant."""
    return int(rows["items_moved"].clip(lower=0).sum())
