"""Weighted estimates of ratings, with linearised standard errors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from rds.analysis.descriptives import MINIMUM_N_INTERVAL, divide, wilson
from rds.ratings.ratings import Base, Ratings
from rds.scales import Scale

Floats = NDArray[np.float64]


def weighted_columns(
    ratings: Ratings, scale: Scale, base: Base, *, confidence: float
) -> dict[str, Floats]:
    """Return the columns of ``statement_ratings`` that survey weights change.

    The weighted mean Σwx/Σw is a ratio, so that SE² = n/(n − 1)·Σ(w(x − x̄))²/(Σw)² over those who
    answered (linearisation; the weights are taken as fixed), with n_eff − 1 degrees of freedom. The
    variance is Σw(x − x̄)²/Σw·n/(n − 1), the median the value at which half the weight is reached.
    The interval of the percentage performing is Wilson's with the effective n.

    Parameters
    ----------
    ratings
        Ratings with survey weights.
    scale, base
        Which ratings.
    confidence
        Confidence of the intervals, a share.

    Notes
    -----
    Cochran (1977), Sampling Techniques, chapter 6; Kish (1965), Survey Sampling.
    """
    weights = ratings.survey_weights
    if weights is None:
        raise ValueError("found ratings without survey weights")
    values = ratings.values(scale.name, base=base)
    n_eff, mean, sd, se = _moments(values, weights)
    freedom = np.maximum(n_eff - 1, 1e-9)
    reach = stats.t.ppf((1 + confidence) / 2, freedom) * se
    chosen = [point.value for point in scale.points if point.meaning != "not applicable"]
    location = {
        "n_eff": n_eff,
        "mean": mean,
        "sd": sd,
        "se": se,
        "ci_low": np.maximum(mean - reach, min(chosen)),
        "ci_high": np.minimum(mean + reach, max(chosen)),
        "median": weighted_medians(values, weights),
    }
    return location | _performing(ratings, ratings.statements[scale.name], weights, confidence)


def weighted_medians(values: Floats, weights: Floats) -> Floats:
    """Return the weighted median of each row, NaN for no answer.

    The lowest value with more than half of the weight at or below it; where exactly half is
    reached, the mean of that value and the next.

    Examples
    --------
    >>> weighted_medians(np.array([[1.0, 2.0, 4.0], [1.0, 2.0, np.nan]]), np.array([1, 1, 3.0]))
    array([4. , 1.5])
    """
    return np.array([_median(row, weights) for row in values], dtype=float)


def _median(row: Floats, weights: Floats) -> float:
    """Return the weighted median of the answers there are."""
    present = ~np.isnan(row)
    if not present.any():
        return float("nan")
    points, place = np.unique(row[present], return_inverse=True)
    reached = np.cumsum(np.bincount(place, weights=weights[present]))
    share = reached / reached[-1]
    low = int(np.argmax(share >= 0.5 - 1e-12))
    high = int(np.argmax(share > 0.5 + 1e-12))
    return float((points[low] + points[high]) / 2)


def _moments(values: Floats, weights: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return effective n, mean, standard deviation and standard error of each row."""
    present = ~np.isnan(values)
    n = present.sum(axis=1).astype(float)
    total = present @ weights
    n_eff = divide(total**2, present @ weights**2)
    mean = divide(np.where(present, values, 0.0) @ weights, total)
    residuals = np.where(present, values - mean[:, None], 0.0)
    correction = divide(n, n - 1)
    sd = np.sqrt(divide(residuals**2 @ weights, total) * correction)
    se = np.sqrt(correction * (residuals**2 @ weights**2)) / np.where(total > 0, total, np.nan)
    return n_eff, mean, sd, se


def _performing(
    ratings: Ratings, statements: Sequence[str], weights: Floats, confidence: float
) -> dict[str, Floats]:
    """Return the weighted percentage performing each statement, with its interval."""
    performs, answered = ratings.performance(statements)
    total = answered @ weights
    share = divide(performs @ weights, total)
    n_eff = np.nan_to_num(divide(total**2, answered @ weights**2))
    low, high = wilson(np.nan_to_num(share) * n_eff, n_eff, confidence=confidence)
    thin = answered.sum(axis=1) < MINIMUM_N_INTERVAL
    return {
        "percent_performing": 100 * share,
        "performing_ci_low": np.where(thin, np.nan, 100 * low),
        "performing_ci_high": np.where(thin, np.nan, 100 * high),
    }
