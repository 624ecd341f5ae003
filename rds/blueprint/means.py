"""What weight models start from: means by scale, persons' products, and the share of each scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rds.ratings.published import Published
from rds.ratings.ratings import Ratings

Floats = NDArray[np.float64]


def scale_means(ratings: Ratings | Published, scales: Sequence[str]) -> pd.DataFrame:
    """Return each task's mean on each scale, from the answers available for it, or as published.

    Means of answers are of performers, except on a frequency scale, where people who do not
    perform the task count with the value of that point (0): leaving them out would make a rare
    task look frequent. Respondents count by their survey weights, if they have any.

    Returns
    -------
    DataFrame
        Tasks × scales, tasks in the order of the first scale.
    """
    if isinstance(ratings, Published):
        return ratings.means(scales)
    means = {}
    for name in scales:
        scale = ratings.scale(name)
        values = ratings.values(name, base="all" if scale.role == "frequency" else "performers")
        rows = row_means(values, ratings.survey_weights)
        means[name] = pd.Series(rows, index=list(ratings.statements[scale.name]))
    return pd.DataFrame(means).reindex(list(means[scales[0]].index))


def equal_parts(scales: Sequence[str]) -> dict[str, float]:
    """Return the same share for each scale."""
    return dict.fromkeys(scales, 1 / len(scales))


def shares_of_scales(
    scales: Sequence[str], declared: Sequence[float] | None = None
) -> dict[str, float]:
    """Return the share of each scale, as declared or else the same for each.

    Shares within 1 % of a sum of 1 are normalised.

    Raises
    ------
    ValueError
        For shares that are not one positive number per scale with sum 1.

    Examples
    --------
    >>> shares_of_scales(["importance", "frequency"], [0.75, 0.25])
    {'importance': 0.75, 'frequency': 0.25}
    """
    if not declared:
        return equal_parts(scales)
    total = sum(declared)
    if len(declared) != len(scales) or min(declared) <= 0 or abs(total - 1) > 0.01:
        raise ValueError(
            f"wanted one positive share for each of {', '.join(scales)}, 100 percent together; "
            f"found {', '.join(f'{100 * share:g}' for share in declared)}"
        )
    return {name: share / total for name, share in zip(scales, declared, strict=True)}


def products_of(ratings: Ratings, scales: Sequence[str], statements: Sequence[str]) -> Floats:
    """Return each person's product of ratings, statements × respondents; 0 for not performed."""
    products = np.ones((len(statements), len(ratings)))
    for name in scales:
        own = pd.Index(ratings.statements[ratings.scale(name).name])
        values = np.full_like(products, np.nan)
        shared = own.get_indexer(pd.Index(statements))
        values[shared >= 0] = ratings.values(name, base="performers")[shared[shared >= 0]]
        products *= values
    products[ratings.not_performed(statements)] = 0.0
    return products


def row_means(values: Floats, survey_weights: Floats | None = None) -> list[float]:
    """Return the mean of each row over the answers there are; NaN for a row without any.

    Parameters
    ----------
    values
        Statements × respondents.
    survey_weights
        One per respondent; without them, everybody counts the same.
    """
    present = ~np.isnan(values)
    filled = np.where(present, values, 0.0)
    if survey_weights is None:
        n, totals = present.sum(axis=1), filled.sum(axis=1)
    else:
        n, totals = present @ survey_weights, filled @ survey_weights
    return [float(t / k) if k else float("nan") for t, k in zip(totals, n, strict=True)]
