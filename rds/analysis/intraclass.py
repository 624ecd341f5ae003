"""Intraclass correlations: how well respondents' ratings tell tasks apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from rds.analysis.components import (
    MeanSquares,
    check_confidence,
    difference_error,
    mean_squares,
    rating_table,
    separable,
    tails,
)
from rds.analysis.reml import reml
from rds.errors import WithheldError

Floats = NDArray[np.float64]

_LEAST_DF = 0.1


def icc(ratings: pd.DataFrame | ArrayLike, *, confidence: float = 0.95) -> pd.DataFrame:
    """Intraclass correlations with tasks as targets and respondents as raters.

    ICC1, ICC2 and ICC3 describe one respondent; ICC1k, ICC2k and ICC3k the mean of all. Type 1:
    every task has its own respondents; type 2: the same respondents, leniency is error (absolute
    cuts); type 3: leniency is not error (weights, ranks).

    Complete tables have exact values and intervals. With gaps, ICC2 and ICC3 come from REML
    variance components. ICC3k then takes the error of task differences as error, ICC2k the mean
    error of a task mean. There are no intervals (NaN), and no rows ICC1 and ICC1k.

    When task means differ less than chance makes them differ, ICC2k may have no lower limit (NaN)
    or not exist; its row is then left out.

    Parameters
    ----------
    ratings
        Respondents in rows, tasks in columns, points of one scale; NaN where there is no answer.
        Rows and columns without any rating are left out.
    confidence
        Confidence of the intervals, a share.

    Returns
    -------
    pandas.DataFrame
        Index ICC1, ICC2, ICC3, ICC1k, ICC2k, ICC3k; columns value, ci_low, ci_high,
        n_respondents, n_tasks.

    Raises
    ------
    ValueError
        If `ratings` is not a numeric table or `confidence` no share.
    WithheldError
        If there are fewer than two respondents or tasks, too few ratings, or no variance.

    Notes
    -----
    Shrout and Fleiss (1979); intervals: McGraw and Wong (1996).

    Examples
    --------
    >>> judges = [[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]]
    >>> icc(judges)["value"].round(2).to_dict()
    {'ICC1': 0.17, 'ICC2': 0.29, 'ICC3': 0.71, 'ICC1k': 0.44, 'ICC2k': 0.62, 'ICC3k': 0.91}
    """
    check_confidence(confidence)
    table = separable(rating_table(ratings))
    complete = not np.isnan(table).any()
    rows = _complete_icc(table, confidence) if complete else _icc_with_gaps(table)
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["value", "ci_low", "ci_high"])
    return frame.assign(n_respondents=table.shape[0], n_tasks=table.shape[1])


def _complete_icc(table: Floats, confidence: float) -> dict[str, list[float]]:
    """Value and limits of the six coefficients: each at F = 1 and at two quantiles of F."""
    k, n = table.shape
    squares = mean_squares(table)
    if squares.task == 0:
        raise WithheldError(
            "All tasks have the same mean rating; intraclass correlations are not defined."
        )

    def factors(df_error: float) -> Floats:
        low, high = stats.f.ppf(tails(confidence), n - 1, df_error)
        return np.array([1.0, high, low])

    one_way = factors(n * (k - 1)) * squares.within_task
    two_way = factors((n - 1) * (k - 1)) * squares.residual
    absolute = factors(_absolute_df(squares, n, k))
    residual = absolute * squares.residual
    leniency = absolute * (squares.respondent - squares.residual) / n
    signal = squares.task - residual
    rows = {
        "ICC1": (squares.task - one_way) / (squares.task + (k - 1) * one_way),
        "ICC2": signal / (squares.task + (k - 1) * residual + k * leniency),
        "ICC3": (squares.task - two_way) / (squares.task + (k - 1) * two_way),
        "ICC1k": 1 - one_way / squares.task,
        "ICC2k": _where_positive(signal, squares.task + leniency),
        "ICC3k": 1 - two_way / squares.task,
    }
    return {name: list(map(float, row)) for name, row in rows.items() if not np.isnan(row[0])}


def _absolute_df(squares: MeanSquares, n: int, k: int) -> float:
    """Satterthwaite's degrees of freedom of the error of ICC2."""
    leniency = (squares.task - squares.residual) * squares.respondent
    residual = (squares.respondent + (n - 1) * squares.task) * squares.residual
    spread = leniency**2 / (k - 1) + residual**2 / ((n - 1) * (k - 1))
    return max((leniency + residual) ** 2 / spread, _LEAST_DF) if spread else 1.0


def _where_positive(above: Floats, below: Floats) -> Floats:
    """Divide where the denominator is positive, NaN elsewhere."""
    return np.where(below > 0, above / np.where(below > 0, below, 1.0), np.nan)


def _icc_with_gaps(table: Floats) -> dict[str, list[float]]:
    """Coefficients from REML components, without limits."""
    respondent, task, residual = map(float, reml(table))
    if task == 0 and residual == 0:
        raise WithheldError("Tasks do not differ; intraclass correlations are not defined.")
    per_task = float((1 / (~np.isnan(table)).sum(axis=0)).mean())
    errors = {
        "ICC2": respondent + residual,
        "ICC3": residual,
        "ICC2k": (respondent + residual) * per_task,
        "ICC3k": float(difference_error(table, respondent, residual)),
    }
    return {name: [task / (task + error), np.nan, np.nan] for name, error in errors.items()}
