"""Reliability of ratings: Cronbach's alpha with respondents or with tasks as cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from rds.analysis.components import (
    check_confidence,
    mean_squares,
    rating_table,
    resampled_components,
    separable,
    tails,
)
from rds.analysis.reml import reml
from rds.errors import WithheldError
from rds.show import ShownFields

Floats = NDArray[np.float64]
Cases = Literal["respondents", "tasks"]

_FEWEST_TO_RESAMPLE = 10
_LARGEST_WORK = 2e10


@dataclass(frozen=True, repr=False)
class Alpha(ShownFields):
    """Cronbach's alpha, its interval, and what they rest on.

    Attributes
    ----------
    value
        Alpha; may be negative.
    ci_low, ci_high
        Interval at `confidence`; None where `interval` is ``"none"``.
    cases
        What the coefficient tells apart: ``"respondents"`` or ``"tasks"``.
    estimator
        ``"exact"`` for complete tables, ``"reml"`` for tables with gaps.
    interval
        ``"F"``, ``"bootstrap"`` (of respondents), or ``"none"``: fewer than 10 respondents, no
        resamples wanted, or resamples without a finite alpha.
    confidence
        Share, between 0 and 1.
    replicates
        Resamples drawn; 0 unless `interval` is ``"bootstrap"``.
    n_respondents, n_tasks
        Respondents and tasks with at least one rating.
    share_missing
        Share of their cells without a rating.
    """

    value: float
    ci_low: float | None
    ci_high: float | None
    cases: Cases
    estimator: Literal["exact", "reml"]
    interval: Literal["F", "bootstrap", "none"]
    confidence: float
    replicates: int
    n_respondents: int
    n_tasks: int
    share_missing: float


def cronbach_alpha(
    ratings: pd.DataFrame | ArrayLike,
    *,
    cases: Cases = "respondents",
    confidence: float = 0.95,
    replicates: int | None = None,
    seed: int = 20260301,
) -> Alpha:
    """Cronbach's alpha of ratings, with an interval.

    With respondents as cases, the habit of the field, alpha says how consistently respondents
    differ in leniency. With tasks as cases it says how well the profile of task means would come
    out again with other respondents. A long list of tasks, or many respondents, always gives a
    high value. Nothing is clipped: alpha of a complete table may be negative.

    Complete tables have the exact alpha and an interval from the F distribution, which takes the
    cases for a sample. Tables with gaps have alpha from REML variance components as if every cell
    were filled, and the percentile interval of resampled respondents. It takes the tasks as given:
    with tasks as cases it is narrower than the interval from F, and answers another question.

    Parameters
    ----------
    ratings
        Respondents in rows, tasks in columns, points of one scale; NaN where there is no answer.
        Rows and columns without any rating are left out.
    cases
        ``"respondents"`` or ``"tasks"``.
    confidence
        Confidence of the interval, a share.
    replicates
        Number of resamples when there are gaps. By default 2,000; fewer for large tables, where one
        resample is slow and sampling error small: 444 for 2,000 × 150, never fewer than 200.
    seed
        Seed of the resamples.

    Returns
    -------
    Alpha

    Raises
    ------
    ValueError
        If `ratings` is not a numeric table or an option is unknown.
    WithheldError
        If alpha is undefined: fewer than two respondents or tasks, too few ratings, no variance.

    Notes
    -----
    Cronbach (1951); interval: Feldt (1965). With gaps alpha is ICC(3,k) = σ²_p/(σ²_p + σ²_e/k),
    k all tasks, or for tasks as cases σ²_t/(σ²_t + σ²_e/k), k all respondents.

    Examples
    --------
    Four respondents with nearly the same profile: nothing tells them apart, the tasks stand out.

    >>> table = pd.DataFrame([[1, 3, 5, 4], [1, 3, 5, 4], [1, 3, 5, 4], [2, 3, 5, 4]])
    >>> round(cronbach_alpha(table).value, 3)
    0.0
    >>> round(cronbach_alpha(table, cases="tasks").value, 3)
    0.994
    """
    if cases not in ("respondents", "tasks"):
        raise ValueError(f"found cases “{cases}”; wanted respondents or tasks")
    check_confidence(confidence)
    table = separable(rating_table(ratings))
    return alpha_of(table, cases, confidence, resamples(table, replicates, seed))


def resamples(table: Floats, replicates: int | None, seed: int) -> pd.DataFrame | None:
    """Components of resampled respondents, or None where the interval does not need or bear it."""
    n, k = table.shape
    if replicates is None:
        replicates = int(np.clip(_LARGEST_WORK // (n * k * k), 200, 2000))
    if not np.isnan(table).any() or n < _FEWEST_TO_RESAMPLE or replicates == 0:
        return None
    return resampled_components(table, replicates=replicates, seed=seed)


def alpha_of(
    table: Floats, cases: Cases, confidence: float, resamples: pd.DataFrame | None
) -> Alpha:
    """Alpha of a table that is fit for it."""
    complete = not np.isnan(table).any()
    low: float | None
    high: float | None
    if complete:
        value, low, high = _exact_alpha(table, cases, confidence)
    else:
        value = _reml_alpha(table, cases)
        low, high = _percentile_limits(table, cases, confidence, resamples)
    resampled = 0 if resamples is None or low is None else len(resamples)
    return Alpha(
        value=value,
        ci_low=low,
        ci_high=high,
        cases=cases,
        estimator="exact" if complete else "reml",
        interval="F" if complete else "bootstrap" if resampled else "none",
        confidence=confidence,
        replicates=0 if complete else resampled,
        n_respondents=table.shape[0],
        n_tasks=table.shape[1],
        share_missing=float(np.isnan(table).mean()),
    )


def _exact_alpha(table: Floats, cases: Cases, confidence: float) -> tuple[float, float, float]:
    """Alpha of a complete table and the limits of Feldt (1965)."""
    squares = mean_squares(table)
    between = squares.respondent if cases == "respondents" else squares.task
    if between == 0:
        raise WithheldError(f"All {cases} have the same mean rating; alpha is not defined.")
    n, k = table.shape if cases == "respondents" else table.shape[::-1]
    quantiles = stats.f.ppf(tails(confidence), n - 1, (n - 1) * (k - 1))
    error = squares.residual / between
    high, low = map(float, 1 - error * quantiles)
    return 1 - error, low, high


def _reml_alpha(table: Floats, cases: Cases) -> float:
    """Alpha of a table with gaps, as if they were filled."""
    respondent, task, residual = map(float, reml(table))
    between = respondent if cases == "respondents" else task
    if between == 0 and residual == 0:
        raise WithheldError(f"Neither {cases} nor residuals vary; alpha is not defined.")
    return between / (between + residual / _parts(table, cases))


def _percentile_limits(
    table: Floats, cases: Cases, confidence: float, resamples: pd.DataFrame | None
) -> tuple[float, float] | tuple[None, None]:
    """Percentile limits of alpha; none where a limit would be infinite."""
    if resamples is None:
        return None, None
    error = resamples["residual"].to_numpy() / _parts(table, cases)
    total = resamples[cases.removesuffix("s")].to_numpy() + error
    positive = total > 0
    alphas = np.where(positive, 1 - error / np.where(positive, total, 1.0), -np.inf)
    low, high = np.quantile(alphas, tails(confidence), method="inverted_cdf")
    return (float(low), float(high)) if np.isfinite(low) else (None, None)


def _parts(table: Floats, cases: Cases) -> int:
    """Count the ratings of a case, k in the formulas."""
    return int(table.shape[1] if cases == "respondents" else table.shape[0])
