"""Variance components of the crossed table of respondents and tasks.

The model is rating = mean + respondent + task + residual, one rating in a cell, any cell may be
empty; with domains, tasks are nested in them (`rds.analysis.nested`). Inside formulas p stands for
respondents, t for tasks and e for the residual.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from threadpoolctl import threadpool_limits

from rds.analysis.connected import count_parts
from rds.analysis.nested import check_nested, domain_labels, nested_anova
from rds.analysis.nested_reml import nested_reml
from rds.analysis.reml import reml, resampled_reml
from rds.errors import WithheldError
from rds.show import Shown, View

Floats = NDArray[np.float64]
Estimator = Literal["auto", "anova", "reml"]


@dataclass(frozen=True, repr=False)
class VarianceComponents(Shown):
    """Variance components of a crossed table, and the table they come from.

    Attributes
    ----------
    respondent, task, residual
        Variances, in squared points of the scale. With domains, `task` is within domains.
    n_respondents, n_tasks, n_ratings
        Respondents and tasks with at least one rating, and filled cells.
    n_respondents_left_out, n_tasks_left_out
        Rows and columns without any rating.
    estimator
        ``"anova"`` or ``"reml"``.
    domain, respondent_domain
        Variances of domains and of respondents × domains; None without domains.
    n_domains
        Domains with at least one rating; None without domains.
    tasks_per_domain
        Harmonic mean of their tasks; None without domains.
    """

    respondent: float
    task: float
    residual: float
    n_respondents: int
    n_tasks: int
    n_ratings: int
    n_respondents_left_out: int
    n_tasks_left_out: int
    estimator: Literal["anova", "reml"]
    domain: float | None = None
    respondent_domain: float | None = None
    n_domains: int | None = None
    tasks_per_domain: float | None = None

    def estimates(self) -> dict[str, float]:
        """Return the components by name, in the words of the report."""
        named = {
            "respondent": self.respondent,
            "domain": self.domain,
            "statement" if self.domain is None else "statement in domain": self.task,
            "respondent × domain": self.respondent_domain,
            "residual": self.residual,
        }
        return {name: value for name, value in named.items() if value is not None}

    def view(self) -> View:
        """Return the components and their shares; a negative one counts as zero in the shares."""
        estimates = self.estimates()
        total = sum(max(value, 0.0) for value in estimates.values())
        shares = [100 * max(value, 0.0) / total if total else None for value in estimates.values()]
        table = pd.DataFrame(
            {"component": list(estimates), "estimate": list(estimates.values()), "percent": shares}
        )
        title = (
            f"Variance components (squared points; {self.estimator}): {self.n_respondents} "
            f"respondents, {self.n_tasks} tasks, {self.n_ratings} ratings"
        )
        return View(title, table)


@dataclass(frozen=True)
class MeanSquares:
    """Mean squares of a complete table; `within_task` pools respondents and residual."""

    respondent: float
    task: float
    residual: float
    within_task: float


def variance_components(
    ratings: pd.DataFrame | ArrayLike,
    *,
    domains: Mapping[str, str] | Sequence[str] | None = None,
    estimator: Estimator = "auto",
) -> VarianceComponents:
    """Split the variance of ratings into respondents, tasks and residual.

    Complete tables get the exact analysis of variance. It is unbiased, and a component may come
    out negative: it is reported as it is. Tables with gaps, planned ones of split forms among them,
    get restricted maximum likelihood (REML), which keeps every component at zero or above. On
    complete tables without negative components the two agree (with domains, where these are of one
    size). Nothing is weighted by survey weights.

    Parameters
    ----------
    ratings
        Respondents in rows, tasks in columns, points of one scale; NaN where there is no answer.
        Rows and columns without any rating are left out and counted.
    domains
        Domain of each task: by column name, or in order of the columns. Tasks are then nested in
        domains, and respondents may differ from domain to domain.
    estimator
        ``"auto"`` takes ANOVA for complete tables and REML for others.

    Returns
    -------
    VarianceComponents

    Raises
    ------
    ValueError
        If `ratings` is not a numeric table, a task has no domain, or ANOVA is asked for a table
        with gaps.
    WithheldError
        If there are too few ratings to tell the components apart.

    Notes
    -----
    Expected mean squares as in Brennan (2001), *Generalizability Theory*. REML: Patterson and
    Thompson (1971), by the iteration of Anderson (1973); with domains by a quasi-Newton search.

    Examples
    --------
    Four judges of six targets, Shrout and Fleiss (1979):

    >>> judges = [[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]]
    >>> components = variance_components(judges)
    >>> round(components.respondent, 4), round(components.task, 4), round(components.residual, 4)
    (5.2444, 2.5556, 1.0194)

    The same, as if the first three targets were one domain and the others a second:

    >>> components = variance_components(judges, domains=["D1"] * 3 + ["D2"] * 3)
    >>> round(components.domain, 2), round(components.task, 2)
    (-1.13, 3.24)
    """
    whole = rating_table(ratings)
    table = separable(whole)
    chosen = _chosen(table, estimator)
    shared: dict[str, Any] = {
        "n_respondents": table.shape[0],
        "n_tasks": table.shape[1],
        "n_ratings": int((~np.isnan(table)).sum()),
        "n_respondents_left_out": whole.shape[0] - table.shape[0],
        "n_tasks_left_out": whole.shape[1] - table.shape[1],
        "estimator": chosen,
    }
    if domains is not None:
        numbers = numbered(np.array(domain_labels(ratings, domains)), whole)
        return VarianceComponents(**_nested(table, numbers, chosen), **shared)
    respondent, task, residual = map(float, _anova(table) if chosen == "anova" else reml(table))
    return VarianceComponents(respondent=respondent, task=task, residual=residual, **shared)


def resampled_components(
    ratings: pd.DataFrame | ArrayLike, *, replicates: int, seed: int
) -> pd.DataFrame:
    """REML components of tables made by drawing respondents with replacement.

    Tasks stay as they are. Two known biases of resampling are taken out: a sample drawn from n
    respondents has (n − 1)/n of their variance, and its task means differ by one more error of
    task differences than those of the study (Wiley 2000, in Tong and Brennan 2007, here with
    gaps). Task components may therefore be negative.

    Parameters
    ----------
    ratings
        Respondents in rows, tasks in columns; NaN where there is no answer.
    replicates
        Number of resamples.
    seed
        Seed of the random numbers.

    Returns
    -------
    pandas.DataFrame
        One row a resample; columns respondent, task, residual, in squared points.

    Raises
    ------
    ValueError, WithheldError
        As `variance_components`.

    Examples
    --------
    >>> table = [[1, 2, 4], [2, 3, np.nan], [1, 3, 5], [2, 2, 5]]
    >>> resampled_components(table, replicates=10, seed=1).shape
    (10, 3)
    """
    table = separable(rating_table(ratings))
    # Many small matrix products: further BLAS threads only wait for each other.
    with threadpool_limits(1):
        respondent, task, residual = resampled_reml(table, replicates=replicates, seed=seed).T
    unshrunk = len(table) / (len(table) - 1)
    error = difference_error(table, respondent * unshrunk, residual * unshrunk)
    return pd.DataFrame(
        {
            "respondent": respondent * unshrunk,
            "task": task - error,
            "residual": residual * unshrunk,
        }
    )


def difference_error(table: Floats, respondent: Floats | float, residual: Floats | float) -> Floats:
    """Half the error variance of a difference of two task means, averaged over pairs of tasks.

    For tasks t and u the variance is σ²_p(1/n_t + 1/n_u − 2n_tu/(n_t·n_u)) + σ²_e(1/n_t + 1/n_u),
    where n_tu respondents rated both. Half of it is σ²_e/n in a complete table, the relative
    error of generalizability theory; tasks of forms without common respondents carry σ²_p as well.

    Parameters
    ----------
    table
        Respondents in rows, tasks in columns, NaN for gaps; every task has a rating.
    respondent, residual
        Variance components, numbers or arrays of one shape.

    Returns
    -------
    numpy.ndarray
        In squared points, shaped as the components.

    Examples
    --------
    >>> float(difference_error(np.ones((4, 3)), 5.0, 2.0))
    0.5
    """
    answered = (~np.isnan(table)).astype(float)
    inverse = 1 / answered.sum(axis=0)
    pairs = len(inverse) * (len(inverse) - 1)
    shared = (np.square(answered @ inverse).sum() - inverse.sum()) / pairs
    return np.asarray((respondent + residual) * inverse.mean() - respondent * shared)


def rating_table(ratings: pd.DataFrame | ArrayLike) -> Floats:
    """Return ratings as a two-dimensional array of floats, or say why they are none.

    Examples
    --------
    >>> rating_table([[1, 2], [3, np.nan]])
    array([[ 1.,  2.],
           [ 3., nan]])
    """
    try:
        if isinstance(ratings, pd.DataFrame):
            table = ratings.to_numpy(dtype=np.float64, na_value=np.nan)
        else:
            table = np.asarray(ratings, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"found something that is not a number ({error}); wanted points, NaN for no answer"
        ) from error
    if table.ndim != 2:
        raise ValueError(
            f"found {table.ndim} dimensions; wanted 2, respondents in rows and tasks in columns"
        )
    if np.isinf(table).any():
        raise ValueError("found an infinite rating; wanted points, NaN for no answer")
    return table


def without_empty(table: Floats) -> Floats:
    """Leave out respondents and tasks without any rating.

    Examples
    --------
    >>> without_empty(np.array([[1.0, np.nan], [np.nan, np.nan]]))
    array([[1.]])
    """
    answered = ~np.isnan(table)
    if answered.all():
        return table
    return table[answered.any(axis=1)][:, answered.any(axis=0)]


def separable(table: Floats) -> Floats:
    """Leave out empty rows and columns; withhold where effects cannot be told from the residual.

    Examples
    --------
    >>> separable(np.array([[1.0, 2, np.nan], [3, 5, np.nan]])).shape
    (2, 2)
    """
    table = without_empty(table)
    n, k = table.shape
    if n < 2 or k < 2:
        raise WithheldError(
            f"Found ratings by {n} respondents of {k} tasks; at least 2 of each are needed."
        )
    rows, columns = np.nonzero(~np.isnan(table))
    if len(rows) < n * k and len(rows) <= n + k - count_parts(rows, columns, n, k):
        raise WithheldError(
            f"Found {len(rows)} ratings by {n} respondents of {k} tasks; that is too few to tell "
            "respondents, tasks and residual apart."
        )
    return table


def mean_squares(table: Floats) -> MeanSquares:
    """Mean squares of a complete table of at least two respondents and two tasks.

    Examples
    --------
    >>> mean_squares(np.array([[1.0, 3.0], [2.0, 6.0]]))
    MeanSquares(respondent=4.0, task=9.0, residual=1.0, within_task=2.5)
    """
    n, k = table.shape
    centred = table - table.mean()
    by_respondent = centred.mean(axis=1, keepdims=True)
    by_task = centred.mean(axis=0, keepdims=True)
    sums = (
        k * np.square(by_respondent).sum(),
        n * np.square(by_task).sum(),
        np.square(centred - by_respondent - by_task).sum(),
    )
    rounding_error = 1e-24 * np.square(table).sum()
    respondent, task, residual = (float(s) if s > rounding_error else 0.0 for s in sums)
    return MeanSquares(
        respondent=respondent / (n - 1),
        task=task / (k - 1),
        residual=residual / ((n - 1) * (k - 1)),
        within_task=(respondent + residual) / (k * (n - 1)),
    )


def check_confidence(confidence: float) -> None:
    """Refuse a confidence that is no share.

    Examples
    --------
    >>> check_confidence(95)
    Traceback (most recent call last):
    ValueError: found confidence 95; wanted a share between 0 and 1
    """
    if not 0 < confidence < 1:
        raise ValueError(f"found confidence {confidence}; wanted a share between 0 and 1")


def tails(confidence: float) -> Floats:
    """Return the lower and upper probability of an interval.

    Examples
    --------
    >>> tails(0.9).round(2)
    array([0.05, 0.95])
    """
    return np.array([1 - confidence, 1 + confidence]) / 2


def numbered(labels: NDArray[np.str_], whole: Floats) -> NDArray[np.intp]:
    """Give numbers to the domains of the tasks that have a rating, from 0.

    Examples
    --------
    >>> numbered(np.array(["D2", "D1", "D2"]), np.array([[1.0, np.nan, 3.0]])).tolist()
    [0, 0]
    """
    rated = (~np.isnan(whole)).any(axis=0)
    return np.unique(labels[rated], return_inverse=True)[1]


def _nested(
    table: Floats, domains: NDArray[np.intp], chosen: Literal["anova", "reml"]
) -> dict[str, Any]:
    """Components with tasks nested in domains, by the names of their fields."""
    check_nested(table, domains)
    found = (nested_anova if chosen == "anova" else nested_reml)(table, domains)
    names = ("respondent", "domain", "task", "respondent_domain", "residual")
    sizes = np.bincount(domains)
    return {
        **dict(zip(names, map(float, found), strict=True)),
        "n_domains": len(sizes),
        "tasks_per_domain": float(1 / (1 / sizes).mean()),
    }


def _chosen(table: Floats, estimator: Estimator) -> Literal["anova", "reml"]:
    """Settle the estimator for a table."""
    gaps = int(np.isnan(table).sum())
    if estimator == "auto":
        return "reml" if gaps else "anova"
    if estimator == "anova" and gaps:
        raise ValueError(f"found {gaps} cells without a rating; ANOVA wants none, REML allows them")
    if estimator not in ("anova", "reml"):
        raise ValueError(f"found estimator “{estimator}”; wanted auto, anova or reml")
    return estimator


def _anova(table: Floats) -> Floats:
    """Components of a complete table from its mean squares."""
    n, k = table.shape
    squares = mean_squares(table)
    residual = squares.residual
    return np.array([(squares.respondent - residual) / k, (squares.task - residual) / n, residual])
