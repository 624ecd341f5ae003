"""Effective weights: how much each scale really contributes to how tasks differ."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rds.blueprint.models import Combined

EFFECTIVE_WEIGHTS = (
    "model", "component", "exponent", "nominal", "effective", "sd", "correlation",
)  # fmt: skip
MINIMUM_TASKS = 10


def effective_weights(combined: Combined, *, model: str, minimum_tasks: int = 2) -> pd.DataFrame:
    """Return the nominal and the effective weight of each scale.

    The effective weight is the component's covariance with the combined rating over the combined
    rating's variance, over tasks: of logarithms for a multiplicative model, of means for an
    additive one. Effective weights sum to 1; where a model multiplies before averaging, a
    remainder (the covariance of ratings within tasks) is a component of its own. Where a model
    makes combined ratings in another way than from means, effective weights have no meaning and
    are NaN.

    Parameters
    ----------
    combined
        Combined ratings of the tasks that are kept.
    model
        Name for the table.
    minimum_tasks
        With fewer tasks of positive mean, effective weights are NaN.

    Returns
    -------
    DataFrame
        ``model``, ``component``, ``exponent``, ``nominal`` and ``effective`` (shares), ``sd`` (of
        the logarithm or mean, over tasks), ``correlation`` with the combined rating.

    Examples
    --------
    >>> means = pd.DataFrame({"importance": [3.0, 2.0, 4.0], "frequency": [1.0, 5.0, 3.0]})
    >>> average = Combined(
    ...     means.mean(axis=1),
    ...     means,
    ...     "additive",
    ...     exponents=dict.fromkeys(means, 0.5),
    ...     nominal=dict.fromkeys(means, 0.5),
    ... )
    >>> effective_weights(average, model="additive")["effective"].round(4).tolist()
    [0.0, 1.0]
    """
    if combined.combination == "undefined":
        rows = [{"model": model, "component": k, "nominal": v} for k, v in combined.nominal.items()]
        return pd.DataFrame(rows).reindex(columns=list(EFFECTIVE_WEIGHTS))
    parts, whole = _parts(combined)
    enough = len(whole) >= max(minimum_tasks, 2) and float(whole.var(ddof=1)) > 1e-15
    rows = [
        {
            "model": model,
            "component": name,
            "exponent": combined.exponents.get(name, np.nan),
            "nominal": combined.nominal.get(name, np.nan),
            "effective": part.cov(whole) / whole.var(ddof=1) if enough else np.nan,
            "sd": part.std(ddof=1) if len(part) > 1 else np.nan,
            "correlation": _correlation(part, whole) if enough else np.nan,
        }
        for name, part in parts.items()
    ]
    return pd.DataFrame(rows, columns=list(EFFECTIVE_WEIGHTS))


def _parts(combined: Combined) -> tuple[dict[str, pd.Series[float]], pd.Series[float]]:
    """Return the components that add up to the (logarithm of the) combined rating."""
    defined = combined.rating.notna() & combined.means.notna().all(axis=1)
    if combined.combination != "multiplicative":
        means = combined.means[defined]
        parts = {name: factor * means[name] for name, factor in combined.exponents.items()}
        return parts, combined.rating[defined]
    positive = defined & (combined.rating > 0) & (combined.means > 0).all(axis=1)
    logs = combined.means[positive].apply(np.log)
    whole = pd.Series(np.log(combined.rating[positive]))
    parts = {name: exponent * logs[name] for name, exponent in combined.exponents.items()}
    remainder = whole - sum(parts.values())
    if len(remainder) and float(remainder.abs().max()) > 1e-9:
        parts["remainder"] = remainder
    return parts, whole


def _correlation(part: pd.Series[float], whole: pd.Series[float]) -> float:
    """Return the correlation, NaN where the component does not vary."""
    if float(part.std(ddof=1)) < 1e-12:
        return float("nan")
    return float(part.corr(whole))
