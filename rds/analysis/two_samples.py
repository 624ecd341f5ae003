"""Two independent groups, statement by statement: tests, effect sizes, what could be detected.

Ratings take few values, so how often each group gave each value says all that the tests need.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

from rds.analysis.components import check_confidence
from rds.analysis.descriptives import moments

Test = Literal["welch", "student", "mann_whitney"]
Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

TESTS: tuple[Test, ...] = ("welch", "student", "mann_whitney")

TWO_SAMPLES = (
    "n_a", "n_b", "mean_a", "mean_b", "sd_a", "sd_b", "difference", "ci_low", "ci_high", "test",
    "statistic", "df", "p", "hedges_g", "g_low", "g_high", "cliffs_delta", "detectable_g", "remark",
)  # fmt: skip

_HIGHEST_NONCENTRALITY = 200.0
_HALVINGS = 50


def two_sample_tests(
    a: pd.DataFrame, b: pd.DataFrame, *, test: Test = "welch", confidence: float = 0.95
) -> pd.DataFrame:
    """Compare two independent groups on every statement.

    Parameters
    ----------
    a, b
        Ratings of each group: respondents in rows, the same statements in columns, NaN where there
        is no answer.
    test
        The test, chosen before the answers were seen. ``"welch"``: t test without the assumption
        of equal variances; ``"student"``: with it; ``"mann_whitney"``: rank sum test, normal
        approximation with corrections for ties and continuity.
    confidence
        Confidence of the intervals, a share.

    Returns
    -------
    DataFrame
        One row per statement, columns `TWO_SAMPLES`. ``difference`` is mean a − mean b in points,
        its interval Student's where that is the test and Welch's otherwise. ``statistic`` is t, or
        U of group a. ``hedges_g`` is the difference in pooled SDs, corrected for small samples,
        with a normal interval; ``cliffs_delta`` the share of pairs in which a rates higher less
        the share in which b does; ``detectable_g`` as `detectable_effect`. What is not defined is
        empty, and ``remark`` says why.

    Raises
    ------
    ValueError
        If the frames have other statements, or the test or the confidence is none.

    References
    ----------
    Welch, B. L. (1947). The generalization of “Student's” problem. Mann, H. B. and Whitney, D. R.
    (1947). On a test of whether one of two random variables is stochastically larger than the
    other. Hedges, L. V. (1981). Distribution theory for Glass's estimator of effect size. Cliff,
    N. (1993). Dominance statistics.

    Examples
    --------
    >>> a = pd.DataFrame({"T1": [4, 4, 3, 4], "T2": [2, 2, 2, 2]})
    >>> b = pd.DataFrame({"T1": [3, 2, 3, 2], "T2": [2, 2, 2, None]})
    >>> found = two_sample_tests(a, b)
    >>> found.loc["T1", ["difference", "statistic", "df", "p"]].astype(float).round(3).tolist()
    [1.25, 3.273, 5.88, 0.017]
    >>> found.loc["T2", "remark"]
    'nobody differs from the others in either group'
    """
    if set(a.columns) != set(b.columns):
        raise ValueError("the groups rated different statements; wanted the same columns")
    frames = a.astype(float), b[list(a.columns)].astype(float)
    values = np.unique(np.concatenate([frame.to_numpy().ravel() for frame in frames]))
    values = values[~np.isnan(values)]
    of_a, of_b = (_value_counts(frame, values) for frame in frames)
    table = compare_counts(of_a, of_b, values, test=test, confidence=confidence)
    return table.set_axis(pd.Index(a.columns))


def compare_counts(
    a: Counts,
    b: Counts,
    values: Sequence[float] | Floats,
    *,
    test: Test = "welch",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Compare two groups from how often each gave each value.

    Parameters
    ----------
    a, b
        Counts: statements × values.
    values
        The values, ascending, in points of the scale.
    test, confidence
        As for `two_sample_tests`, which says what is returned.
    """
    check_confidence(confidence)
    if test not in TESTS:
        raise ValueError(f"found the test “{test}”; wanted one of {', '.join(TESTS)}")
    (n_a, mean_a, sd_a), (n_b, mean_b, sd_b) = (moments(counts, values) for counts in (a, b))
    n_a, n_b, sd_a, sd_b = _at_least_two(n_a, n_b, sd_a, sd_b)
    difference = mean_a - mean_b
    spread = student if test == "student" else welch
    error, df = spread(n_a, sd_a, n_b, sd_b)
    reach = stats.t.ppf((1 + confidence) / 2, df) * error
    g, g_low, g_high = hedges_g(difference, n_a, sd_a, n_b, sd_b, confidence=confidence)
    u, p_ranks = mann_whitney(a, b)
    by_ranks = test == "mann_whitney"
    t = difference / error
    p = p_ranks if by_ranks else 2 * stats.t.sf(np.abs(t), df)
    return pd.DataFrame(
        {
            "n_a": a.sum(axis=1),
            "n_b": b.sum(axis=1),
            "mean_a": mean_a,
            "mean_b": mean_b,
            "sd_a": sd_a,
            "sd_b": sd_b,
            "difference": difference,
            "ci_low": difference - reach,
            "ci_high": difference + reach,
            "test": np.where(np.isnan(p), "", test),
            "statistic": np.where(np.isnan(p), np.nan, u if by_ranks else t),
            "df": np.nan if by_ranks else df,
            "p": p,
            "hedges_g": g,
            "g_low": g_low,
            "g_high": g_high,
            "cliffs_delta": 2 * u / _positive(a.sum(axis=1) * b.sum(axis=1)) - 1,
            "detectable_g": detectable_effect(n_a, n_b, alpha=1 - confidence),
            "remark": _remarks(n_a, n_b, sd_a, sd_b),
        },
        columns=list(TWO_SAMPLES),
    )


def welch(n_a: Floats, sd_a: Floats, n_b: Floats, sd_b: Floats) -> tuple[Floats, Floats]:
    """Return the error of a difference of means and its degrees of freedom (Welch 1947).

    Examples
    --------
    >>> sizes = np.array([28.0]), np.array([15.0])
    >>> error, df = welch(sizes[0], np.array([0.6]), sizes[1], np.array([0.9]))
    >>> round(error.item(), 4), round(df.item(), 3)
    (0.2586, 20.848)
    """
    part_a, part_b = sd_a**2 / n_a, sd_b**2 / n_b
    total = _positive(part_a + part_b)
    return np.sqrt(total), total**2 / (part_a**2 / (n_a - 1) + part_b**2 / (n_b - 1))


def student(n_a: Floats, sd_a: Floats, n_b: Floats, sd_b: Floats) -> tuple[Floats, Floats]:
    """Return the error of a difference of means and its degrees of freedom, for equal variances."""
    pooled = _pooled_sd(n_a, sd_a, n_b, sd_b)
    return pooled * np.sqrt(1 / n_a + 1 / n_b), n_a + n_b - 2


def hedges_g(
    difference: Floats,
    n_a: Floats,
    sd_a: Floats,
    n_b: Floats,
    sd_b: Floats,
    *,
    confidence: float = 0.95,
) -> tuple[Floats, Floats, Floats]:
    """Return Hedges' g of a difference of means, and its limits.

    g = d·J with the pooled SD, J = 1 − 3/(4·df − 1), df = n_a + n_b − 2; the interval is normal
    with the error √(1/n_a + 1/n_b + g²/(2(n_a + n_b))) (Hedges 1981).

    Examples
    --------
    >>> numbers = [np.array([value]) for value in (0.68, 28, 0.6, 15, 0.9)]
    >>> [round(value.item(), 3) for value in hedges_g(*numbers)]
    [0.931, 0.274, 1.589]
    """
    df = n_a + n_b - 2
    g = difference / _pooled_sd(n_a, sd_a, n_b, sd_b) * (1 - 3 / (4 * df - 1))
    error = np.sqrt(1 / n_a + 1 / n_b + g**2 / (2 * (n_a + n_b)))
    reach = stats.norm.ppf((1 + confidence) / 2) * error
    return g, g - reach, g + reach


def mann_whitney(a: Counts, b: Counts) -> tuple[Floats, Floats]:
    """Return U of group a and the two-sided p of the rank sum test, from counts of ordered values.

    Parameters
    ----------
    a, b
        Counts: statements × values in ascending order.

    Examples
    --------
    >>> u, p = mann_whitney(np.array([[1, 2, 5]]), np.array([[4, 3, 1]]))
    >>> u.item(), round(p.item(), 4)
    (50.5, 0.0451)
    """
    below = b.cumsum(axis=1) - b
    u = (a * (below + b / 2)).sum(axis=1)
    ties = a + b
    n_a, n_b, n = (counts.sum(axis=1).astype(float) for counts in (a, b, ties))
    tied = (ties.astype(float) ** 3 - ties).sum(axis=1) / _positive(n * (n - 1))
    sigma = np.sqrt(_positive(n_a * n_b / 12 * (n + 1 - tied)))
    z = np.maximum(np.abs(u - n_a * n_b / 2) - 0.5, 0) / sigma
    return np.where(n_a * n_b > 0, u, np.nan), 2 * stats.norm.sf(z)


def detectable_effect(
    n_a: ArrayLike, n_b: ArrayLike, *, alpha: float = 0.05, power: float = 0.80
) -> Floats:
    """Return the smallest true difference, in SDs, that a two-sided t test finds often enough.

    Parameters
    ----------
    n_a, n_b
        Numbers of answers; below 2 nothing can be detected, and the result is NaN.
    alpha
        Probability of a false finding, before any adjustment for many tests.
    power
        Probability of finding the difference, a share.

    Returns
    -------
    ndarray
        From the noncentral t distribution (Cohen 1988); about 2.80·√(1/n_a + 1/n_b) for an alpha
        of .05 and a power of .80.

    Examples
    --------
    >>> detectable_effect([20, 50, 100], [20, 50, 100]).round(2).tolist()
    [0.91, 0.57, 0.4]
    """
    sizes = np.stack(np.broadcast_arrays(np.asarray(n_a, float), np.asarray(n_b, float)))
    usable = np.nan_to_num(sizes).min(axis=0) >= 2
    found = np.full(sizes.shape[1:], np.nan)
    pairs, place = np.unique(sizes[:, usable], axis=1, return_inverse=True)
    if pairs.size:
        df, root = pairs.sum(axis=0) - 2, np.sqrt((1 / pairs).sum(axis=0))
        found[usable] = (_noncentrality(df, alpha, power) * root)[place.ravel()]
    return found


def _noncentrality(df: Floats, alpha: float, power: float) -> Floats:
    """Return the noncentrality at which t lies beyond its critical values that often."""
    critical = stats.t.ppf(1 - alpha / 2, df)
    low, high = np.zeros_like(df), np.full_like(df, _HIGHEST_NONCENTRALITY)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        # SciPy gives NaN far out in the tails, where nothing of t lies below.
        inside = np.nan_to_num(special.nctdtr(df, middle, critical)) - np.nan_to_num(
            special.nctdtr(df, middle, -critical)
        )
        enough = 1 - inside >= power
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return (low + high) / 2


def _pooled_sd(n_a: Floats, sd_a: Floats, n_b: Floats, sd_b: Floats) -> Floats:
    """Return the pooled standard deviation; NaN where there is no variance."""
    squares = (n_a - 1) * sd_a**2 + (n_b - 1) * sd_b**2
    return np.sqrt(_positive(squares / (n_a + n_b - 2)))


def _at_least_two(*arrays: Floats) -> tuple[Floats, ...]:
    """Empty n and SD of both groups where one of them has a single answer or none."""
    n_a, n_b = arrays[:2]
    enough = np.minimum(n_a, n_b) >= 2
    return tuple(np.where(enough, array, np.nan) for array in arrays)


def _remarks(n_a: Floats, n_b: Floats, sd_a: Floats, sd_b: Floats) -> list[str]:
    """Say why a comparison is not defined."""
    few, alike = np.isnan(n_a) | np.isnan(n_b), (sd_a == 0) & (sd_b == 0)
    reasons = [
        "fewer than two answers in a group",
        "nobody differs from the others in either group",
    ]
    return [str(text) for text in np.select([few, alike], reasons, "")]


def _value_counts(frame: pd.DataFrame, values: Floats) -> Counts:
    """Count how often each value stands in each column: columns × values."""
    return np.asarray((frame.to_numpy()[:, :, None] == values).sum(axis=0), dtype=np.int64)


def _positive(numbers: ArrayLike) -> Floats:
    """Return numbers as floats, NaN where they are not positive."""
    values = np.asarray(numbers, dtype=float)
    return np.where(values > 0, values, np.nan)
