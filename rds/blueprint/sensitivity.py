"""How far the plan would move under other choices, in items."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rds.blueprint.apportion import AllocationMethod
from rds.blueprint.items import allocate_domains
from rds.outline.outline import Domain

SENSITIVITY = ("dimension", "variant", "domain_id", "weight", "items", "items_moved")


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
        Columns `SENSITIVITY`; ``items_moved`` is the variant's items minus the printed ones.
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
        },
        columns=list(SENSITIVITY),
    )


def items_moved(rows: pd.DataFrame) -> int:
    """Return how many items change place between the printed plan and a variant."""
    return int(rows["items_moved"].clip(lower=0).sum())
