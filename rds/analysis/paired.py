"""Two ratings of the same statement by the same respondents: tests and effect sizes."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from rds.analysis.components import check_confidence
from rds.analysis.reported import paired_t_from_report

PairedTest = Literal["paired_t", "wilcoxon"]
Floats = NDArray[np.float64]

PAIRED_TESTS: tuple[PairedTest, ...] = ("paired_t", "wilcoxon")

PAIRED = (
    "n", "mean_a", "mean_b", "difference", "sd_difference", "ci_low", "ci_high", "test",
    "statistic", "df", "p", "d_z", "d_low", "d_high", "remark",
)  # fmt: skip


def paired_tests(
    a: pd.DataFrame, b: pd.DataFrame, *, test: PairedTest = "paired_t", confidence: float = 0.95
) -> pd.DataFrame:
    """Compare two ratings of every statement by the same respondents.

    Parameters
    ----------
    a, b
        The two ratings: the same respondents in rows, the same statements in columns, NaN where
        there is no answer. Whoever gave only one of two ratings is left out of that statement.
    test
        ``"paired_t"``, or ``"wilcoxon"``: signed rank test, differences of 0 left out, normal
        approximation with corrections for ties and continuity.
    confidence
        Confidence of the intervals, a share.

    Returns
    -------
    DataFrame
        One row per statement, columns `PAIRED`. ``n`` counts pairs; ``difference`` is mean a −
        mean b in points with its t interval; ``statistic`` is t, or V, the sum of the ranks of
        positive differences; ``d_z`` the mean difference in SDs of the differences, with the
        interval of the noncentral t distribution. What is not defined is empty, and ``remark``
        says why.

    Raises
    ------
    ValueError
        If the frames have other rows or statements, or the test or the confidence is none.

    References
    ----------
    Wilcoxon, F. (1945). Individual comparisons by ranking methods. Steiger, J. H. and Fouladi,
    R. T. (1997). Noncentrality interval estimation and the evaluation of statistical models.

    Examples
    --------
    >>> before = pd.DataFrame({"T1": [2, 3, 2, 3, 1]})
    >>> after = pd.DataFrame({"T1": [3, 3, 4, 4, 3]})
    >>> paired_tests(after, before)[["n", "difference", "statistic", "df", "p"]].round(3)
        n  difference  statistic  df      p
    T1  5         1.2      3.207   4  0.033
    """
    check_confidence(confidence)
    if test not in PAIRED_TESTS:
        raise ValueError(f"found the test “{test}”; wanted one of {', '.join(PAIRED_TESTS)}")
    if not a.index.equals(b.index) or set(a.columns) != set(b.columns):
        raise ValueError("the ratings have other respondents or statements; wanted the same")
    first, second = a.to_numpy(dtype=float).T, b[list(a.columns)].to_numpy(dtype=float).T
    pairs = np.where(np.isnan(first - second), np.nan, [first, second])
    n = (~np.isnan(pairs[0])).sum(axis=1)
    mean_a, mean_b = _means(pairs[0], n), _means(pairs[1], n)
    differences = pairs[0] - pairs[1]
    difference = _means(differences, n)
    sd = _spread(differences, difference, n)
    error = np.where(sd > 0, sd, np.nan) / np.sqrt(np.maximum(n, 1))
    reach = stats.t.ppf((1 + confidence) / 2, np.maximum(n - 1, 1)) * error
    table = pd.DataFrame(
        {
            "n": n,
            "mean_a": mean_a,
            "mean_b": mean_b,
            "difference": difference,
            "sd_difference": sd,
            "ci_low": difference - reach,
            "ci_high": difference + reach,
        },
        index=pd.Index(a.columns),
    ).join(_t_tests(n, difference / error, confidence, pd.Index(a.columns)))
    if test == "wilcoxon":
        v, p = wilcoxon(differences)
        table = table.assign(statistic=v, df=np.nan, p=p)
    remark = np.select(
        [n < 2, sd == 0], ["fewer than two pairs", "all differences are the same"], ""
    )
    table = table.assign(test=np.where(table["p"].isna(), "", test), remark=remark)
    return table.reindex(columns=list(PAIRED))


def wilcoxon(differences: Floats) -> tuple[Floats, Floats]:
    """Return V and the two-sided p of the signed rank test for each row of differences.

    Parameters
    ----------
    differences
        Statements × pairs; NaN where there is no pair.

    Examples
    --------
    >>> v, p = wilcoxon(np.array([[1.0, 0.0, 2.0, 1.0, -1.0, 2.0, np.nan]]))
    >>> v.item(), round(p.item(), 4)
    (13.0, 0.1675)
    """
    sizes = np.where(differences == 0, np.nan, np.abs(differences))
    ranks = np.asarray(stats.rankdata(sizes, axis=1, nan_policy="omit"), dtype=float)
    v = np.where(differences > 0, ranks, 0.0).sum(axis=1)
    n = (~np.isnan(sizes)).sum(axis=1).astype(float)
    values = np.unique(sizes[~np.isnan(sizes)])
    ties = (sizes[:, :, None] == values).sum(axis=1).astype(float)
    variance = n * (n + 1) * (2 * n + 1) / 24 - (ties**3 - ties).sum(axis=1) / 48
    sigma = np.sqrt(np.where(variance > 0, variance, np.nan))
    z = np.maximum(np.abs(v - n * (n + 1) / 4) - 0.5, 0) / sigma
    return np.where(np.isnan(sigma), np.nan, v), 2 * stats.norm.sf(z)


def _t_tests(n: NDArray[np.int64], t: Floats, confidence: float, names: pd.Index) -> pd.DataFrame:
    """Return the t tests and effect sizes where t is defined, by statement."""
    printed = pd.DataFrame({"n": n, "t": t}, index=names)
    tested = paired_t_from_report(printed[printed["t"].notna()], confidence=confidence)
    return tested.drop(columns="n").rename(columns={"t": "statistic"}).reindex(names)


def _means(values: Floats, n: NDArray[np.int64]) -> Floats:
    """Return the mean of each row's numbers; NaN where there are none."""
    total: Floats = np.nansum(values, axis=1) / np.where(n > 0, n, np.nan)
    return total


def _spread(values: Floats, means: Floats, n: NDArray[np.int64]) -> Floats:
    """Return the standard deviation (n − 1) of each row's numbers; NaN below two."""
    squares = np.nansum((values - means[:, None]) ** 2, axis=1)
    spread: Floats = np.sqrt(squares / np.where(n > 1, n - 1.0, np.nan))
    return spread
