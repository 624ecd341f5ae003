"""Standard errors of agreement corrected for chance: statements vary, the SMEs are given."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]


def linearised_error(counts: Floats, credit: Floats, expected: float, by_unit: Floats) -> float:
    """Return the standard error of (observed − expected)/(1 − expected).

    Parameters
    ----------
    counts
        Judgements by statement and category; every statement with at least one.
    credit
        Credit for each pair of categories.
    expected
        Agreement expected by chance.
    by_unit
        What each statement contributes to it: their mean is `expected`, or the same for all where
        chance does not depend on the judgements.

    Returns
    -------
    float
        NaN with fewer than two statements, or where chance alone agrees perfectly.

    Notes
    -----
    Gwet (2014), *Handbook of Inter-Rater Reliability*, chapter 5, for a large population of
    statements.
    """
    n, judges = len(counts), counts.sum(axis=1)
    paired = judges >= 2
    if n < 2 or expected >= 1:
        return float("nan")
    pairs = np.where(paired, judges * (judges - 1), 1.0)
    observed = (counts * (counts @ credit - 1)).sum(axis=1) / pairs * paired
    own = n / paired.sum() * (observed - expected * paired) / (1 - expected)
    value = own.mean()
    spread = own - 2 * (1 - value) * (by_unit - expected) / (1 - expected) - value
    return float(np.sqrt((spread**2).sum() / (n * (n - 1))))


def alpha_error(counts: Floats, credit: Floats) -> float:
    """Return the standard error of Krippendorff's alpha.

    Parameters
    ----------
    counts
        Judgements by statement and category; every statement with at least two.
    credit
        1 − distance/largest distance for each pair of categories, taken as given.

    Returns
    -------
    float
        NaN with fewer than two statements, or where chance alone agrees perfectly.

    Notes
    -----
    Gwet (2014), as `linearised_error`.
    """
    n, judges = len(counts), counts.sum(axis=1)
    mean, pi = judges.mean(), counts.mean(axis=0) / judges.mean()
    expected = float(pi @ credit @ pi)
    if n < 2 or expected >= 1:
        return float("nan")
    pairs = (counts * (counts @ credit - 1)).sum(axis=1) / (mean * (judges - 1))
    surplus = (judges - mean) / mean
    observed = pairs.mean()
    plain = (observed - expected) / (1 - expected)
    own = (pairs - observed * surplus - expected) / (1 - expected)
    chance = counts @ ((credit + credit.T) / 2 @ pi) / mean - expected * surplus
    spread = own - 2 * (1 - plain) * (chance - expected) / (1 - expected) - plain
    return float(np.sqrt((spread**2).sum() / (n * (n - 1))))


def interval(value: float, se: float, n: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """Return the t interval of a coefficient over n statements, kept between −1 and 1.

    Examples
    --------
    >>> low, high = interval(0.77544, 0.14295, 12)
    >>> round(low, 3), high
    (0.461, 1.0)
    """
    if n < 2 or np.isnan(se):
        return float("nan"), float("nan")
    half = float(stats.t.ppf((1 + confidence) / 2, n - 1)) * se
    return max(value - half, -1.0), min(value + half, 1.0)
