"""Tests recomputed from a printed report, which gives n, t, means and perhaps SDs, but no answers.

What a report does not print is withheld, with the reason, and never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan, sqrt

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special, stats

from rds.analysis.two_samples import hedges_g, welch
from rds.errors import WithheldError

PAIRED_COLUMNS = ("n", "t")
"""What `paired_t_from_report` reads."""

WELCH_COLUMNS = ("n_a", "mean_a", "sd_a", "n_b", "mean_b", "sd_b")
"""What `welch_from_report` reads."""

Floats = NDArray[np.float64]


def paired_t_from_report(table: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Recompute p and the effect size of paired t tests from the printed n and t.

    Parameters
    ----------
    table
        One row a test: ``n`` pairs and ``t``, which has the sign of the mean difference; other
        columns are kept. Text such as ``"-2.058"`` is read as a number.
    confidence
        Confidence of the intervals, a share.

    Returns
    -------
    DataFrame
        `table` with ``df`` (n − 1), ``p`` (two-sided), ``d_z`` (t/√n: the mean difference in SDs
        of the differences) and ``d_low``, ``d_high``: the effects for which a t as small or as
        large as this has the probability (1 − confidence)/2, by the noncentral t distribution.

    Raises
    ------
    ValueError
        For a missing column, a cell that is no number, or fewer than 2 pairs.

    References
    ----------
    Steiger, J. H. and Fouladi, R. T. (1997). Noncentrality interval estimation and the evaluation
    of statistical models.

    Examples
    --------
    >>> printed = pd.DataFrame({"statement_id": ["T04"], "n": [38], "t": ["2.058"]})
    >>> paired_t_from_report(printed)[["df", "p", "d_z", "d_low", "d_high"]].round(3)
       df      p    d_z  d_low  d_high
    0  37  0.047  0.334  0.005   0.659
    """
    numbers = _numbers(table, PAIRED_COLUMNS, may_miss=())
    n, t = _counts(numbers, "n"), numbers["t"].to_numpy()
    df, tail = n - 1, (1 - confidence) / 2
    return table.assign(
        df=df,
        p=2 * stats.t.sf(np.abs(t), df),
        d_z=t / np.sqrt(n),
        d_low=_noncentralities(t, df, 1 - tail) / np.sqrt(n),
        d_high=_noncentralities(t, df, tail) / np.sqrt(n),
    )


def welch_from_report(table: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Compare two independent groups by their printed n, means and SDs.

    Parameters
    ----------
    table
        One row a comparison: columns `WELCH_COLUMNS`; other columns are kept. Rows are named by
        ``statement_id`` in messages if there is such a column.
    confidence
        Confidence of the intervals of g, a share.

    Returns
    -------
    DataFrame
        `table` with ``difference`` (a − b), ``statistic`` (Welch's t), ``df``, ``p`` (two-sided),
        ``hedges_g`` (pooled SD, corrected for small samples), ``g_low``, ``g_high`` (normal
        interval with SE √(1/n_a + 1/n_b + g²/(2(n_a + n_b)))).

    Raises
    ------
    WithheldError
        When an SD is missing, or both SDs of a row are 0.
    ValueError
        For a missing column, another cell that is no number, a negative SD, or n below 2.

    References
    ----------
    Welch, B. L. (1947). The generalization of “Student's” problem when several different
    population variances are involved. Hedges, L. V. (1981). Distribution theory for Glass's
    estimator of effect size and related estimators.

    Examples
    --------
    >>> printed = pd.DataFrame([(28, 3.61, 0.6, 15, 2.93, 0.9)], columns=WELCH_COLUMNS)
    >>> welch_from_report(printed)[["difference", "statistic", "df", "p", "hedges_g"]].round(3)
       difference  statistic      df      p  hedges_g
    0        0.68       2.63  20.848  0.016     0.931
    """
    numbers = _numbers(table, WELCH_COLUMNS, may_miss=("sd_a", "sd_b"))
    _check_spreads(numbers, _names(table))
    n_a, n_b = (_counts(numbers, column).astype(float) for column in ("n_a", "n_b"))
    _, mean_a, sd_a, _, mean_b, sd_b = (numbers[column].to_numpy() for column in WELCH_COLUMNS)
    difference = mean_a - mean_b
    error, df = welch(n_a, sd_a, n_b, sd_b)
    g, g_low, g_high = hedges_g(difference, n_a, sd_a, n_b, sd_b, confidence=confidence)
    statistic = difference / error
    return table.assign(
        difference=difference,
        statistic=statistic,
        df=df,
        p=2 * stats.t.sf(np.abs(statistic), df),
        hedges_g=g,
        g_low=g_low,
        g_high=g_high,
    )


def adjusted_p(p: ArrayLike, *, tests: int | None = None) -> Floats:
    """Return Benjamini–Hochberg adjusted p values, where a report may not print every p.

    Parameters
    ----------
    p
        The printed p values.
    tests
        Number of tests that were made; those whose p is not printed count as p = 1, so each
        result is the largest that the adjusted value can be. By default all p are printed.

    Raises
    ------
    ValueError
        For a p outside 0 to 1, or fewer tests than p values.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate.

    Examples
    --------
    >>> adjusted_p([0.01, 0.04]).tolist(), adjusted_p([0.01, 0.04], tests=10).round(3).tolist()
    ([0.02, 0.04], [0.1, 0.2])
    """
    printed = np.atleast_1d(np.asarray(p, dtype=float))
    made = len(printed) if tests is None else tests
    if not np.all((printed >= 0) & (printed <= 1)):
        raise ValueError(f"found p = {printed.tolist()}; wanted values from 0 to 1")
    if made < len(printed):
        raise ValueError(f"there are {len(printed)} p values for {made} tests; wanted no fewer")
    every = np.concatenate([printed, np.ones(made - len(printed))])
    adjusted: Floats = stats.false_discovery_control(every)
    return adjusted[: len(printed)]


def _numbers(
    table: pd.DataFrame, columns: Sequence[str], *, may_miss: Sequence[str]
) -> pd.DataFrame:
    """Read columns as numbers."""
    missing = [column for column in columns if column not in table]
    if missing:
        raise ValueError(f"the table has no column “{missing[0]}”; wanted {', '.join(columns)}")
    numbers = pd.DataFrame(
        {column: pd.to_numeric(table[column], errors="coerce").astype(float) for column in columns}
    )
    for column in columns:
        unread = ~np.isfinite(numbers[column])
        if column in may_miss:
            unread &= table[column].notna()
        if unread.any():
            raise ValueError(
                f"found {column} = {table.loc[unread, column].iloc[0]}; wanted a number"
            )
    return numbers


def _counts(numbers: pd.DataFrame, column: str) -> NDArray[np.int64]:
    """Return a column of numbers of answers, each 2 or more."""
    wrong = (numbers[column] < 2) | (numbers[column] % 1 != 0)
    if wrong.any():
        found = f"{numbers.loc[wrong, column].iloc[0]:g}"
        raise ValueError(f"found {column} = {found}; wanted a whole number, 2 or more")
    return numbers[column].to_numpy().astype(np.int64)


def _names(table: pd.DataFrame) -> pd.Series[str]:
    """Return what rows are called in messages."""
    if "statement_id" in table:
        return table["statement_id"].astype(str)
    return pd.Series([f"row {row}" for row in table.index], index=table.index)


def _check_spreads(numbers: pd.DataFrame, names: pd.Series[str]) -> None:
    """Refuse to test without a spread."""
    spreads = numbers[["sd_a", "sd_b"]]
    if (spreads < 0).any(axis=None):
        raise ValueError("found a negative SD; wanted 0 or more")
    for wrong, reason in (
        (spreads.isna().any(axis=1), "the report prints no SD"),
        ((spreads == 0).all(axis=1), "both SDs are 0"),
    ):
        if wrong.any():
            raise WithheldError(f"{reason} for {', '.join(names[wrong])}, so t and p are not known")


def _noncentralities(t: Floats, df: NDArray[np.int64], share: float) -> Floats:
    """Return, for each t, the noncentrality at which that share of all t lies below it."""
    pairs = zip(t.tolist(), df.tolist(), strict=True)
    return np.array([_noncentrality(one_t, one_df, share) for one_t, one_df in pairs])


def _noncentrality(t: float, df: int, share: float) -> float:
    """Search step by step for two noncentralities around the one that is wanted, then between."""
    if t < 0:
        return -_noncentrality(-t, df, 1 - share)

    def excess(delta: float) -> float:
        below = float(special.nctdtr(df, delta, t))
        # SciPy gives NaN far out in the tails, where all or none of t lies below.
        return (float(delta < t) if isnan(below) else below) - share

    step = sqrt(1 + t**2 / (2 * df))
    low = high = t
    while excess(low) < 0:
        low -= step
    while excess(high) > 0:
        high += step
    return float(optimize.brentq(excess, low, high, xtol=1e-12))
