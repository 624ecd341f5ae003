"""Generalizability of the profile of means over respondents: coefficients, errors, how many.

Statements (tasks, or domains) are the objects of measurement and respondents the facet: how nearly
the same profile would come out with other respondents. Relative error is what ranks and weights
suffer from, absolute error what a fixed cut suffers from.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import Literal, NamedTuple, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from rds.analysis.components import VarianceComponents, variance_components
from rds.errors import WithheldError

Profile = Literal["tasks", "domains"]
Error = Literal["relative", "absolute"]

DSTUDY = ("n_respondents", "relative", "absolute", "sem_relative", "sem_absolute")
"""Columns of `dstudy`."""

CURVE = (1, 2, 5, 10, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1000)
"""Numbers of respondents for which `dstudy` is computed unless told otherwise."""

_ROUNDING = 1e-9


class Variances(NamedTuple):
    """Variance of the profile, and of the relative and absolute error with one respondent."""

    profile: float
    relative: float
    absolute: float


def dstudy(
    ratings: VarianceComponents | pd.DataFrame | ArrayLike,
    *,
    n_respondents: Iterable[int] = CURVE,
    profile: Profile = "tasks",
) -> pd.DataFrame:
    """Generalizability of the profile of means, over the number of respondents.

    The relative coefficient (Eρ²) says how well weights and ranks would come out again with as
    many other respondents who rate every task, the absolute one (Φ) how well the means themselves
    would. Negative components count as zero.

    Parameters
    ----------
    ratings
        Variance components, or the ratings they are to be computed from: respondents in rows,
        tasks in columns, NaN where there is no answer.
    n_respondents
        Numbers of respondents, each at least 1.
    profile
        ``"tasks"``: the means of tasks. ``"domains"``: the means of domains over their given
        tasks; takes components with domains.

    Returns
    -------
    pandas.DataFrame
        Columns `DSTUDY`: number of respondents, relative and absolute coefficient, and their
        standard errors of a mean, in points of the scale.

    Raises
    ------
    ValueError
        If an option cannot be used, or `ratings` are no numbers.
    WithheldError
        If the components cannot be told apart, or nothing varies.

    Notes
    -----
    Tasks: Eρ² = σ²_t/(σ²_t + σ²_e/n), Φ = σ²_t/(σ²_t + (σ²_p + σ²_e)/n); with domains σ²_d is
    added to σ²_t and σ²_pd to σ²_e. Domains of k tasks (harmonic mean): σ²_d + σ²_t/k, and
    σ²_pd + σ²_e/k. Cronbach, Gleser, Nanda and Rajaratnam (1972); Brennan (2001).

    Examples
    --------
    >>> judges = [[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]]
    >>> dstudy(judges, n_respondents=[1, 4]).round(2)
       n_respondents  relative  absolute  sem_relative  sem_absolute
    0              1      0.71      0.29          1.01          2.50
    1              4      0.91      0.62          0.50          1.25
    """
    numbers = _whole(n_respondents)
    variances = profile_variances(_components(ratings), profile)
    rows = [
        (int(n), *coefficients(variances, variances.relative / n, variances.absolute / n))
        for n in numbers
    ]
    return pd.DataFrame(rows, columns=list(DSTUDY))


def respondents_needed(
    ratings: VarianceComponents | pd.DataFrame | ArrayLike,
    *,
    coefficient: float = 0.9,
    error: Error = "relative",
    profile: Profile = "tasks",
) -> int:
    """How many respondents a generalizability coefficient takes.

    n = R/(1 − R)·σ²(1)/σ²(profile), rounded up; σ²(1) is the error with one respondent.

    Parameters
    ----------
    ratings, profile
        As for `dstudy`.
    coefficient
        The coefficient R to be reached, between 0 and 1.
    error
        ``"relative"`` for weights and ranks, ``"absolute"`` for fixed cuts.

    Raises
    ------
    ValueError
        If an option cannot be used, or `ratings` are no numbers.
    WithheldError
        If the components cannot be told apart, or the profile does not differ beyond chance: then
        no number of respondents is enough.

    Notes
    -----
    The Spearman-Brown formula turned round; Brennan (2001).

    Examples
    --------
    >>> judges = [[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]]
    >>> respondents_needed(judges), respondents_needed(judges, error="absolute")
    (4, 23)
    """
    if not 0 < coefficient < 1:
        raise ValueError(f"found coefficient {coefficient}; wanted a number between 0 and 1")
    if error not in get_args(Error):
        raise ValueError(f"found error “{error}”; wanted relative or absolute")
    return needed(profile_variances(_components(ratings), profile), coefficient, error)


def needed(variances: Variances, coefficient: float, error: Error) -> int:
    """Return the respondents that a coefficient takes, at least 1.

    Examples
    --------
    >>> needed(Variances(1.0, 4.0, 6.0), 0.8, "relative")
    16
    """
    if variances.profile <= 0:
        raise WithheldError(
            "The means differ no more than chance makes them; no number of respondents is enough."
        )
    single: float = getattr(variances, error)
    n = coefficient / (1 - coefficient) * single / variances.profile
    return max(1, ceil(n * (1 - _ROUNDING)))


def profile_variances(components: VarianceComponents, profile: Profile) -> Variances:
    """Return the variance of a profile and of its errors with one respondent.

    Raises
    ------
    ValueError
        For domains without components of domains.

    Examples
    --------
    >>> table = [[1, 3], [2, 6]]
    >>> profile_variances(variance_components(table), "tasks")
    Variances(profile=4.0, relative=1.0, absolute=2.5)
    """
    if profile not in get_args(Profile):
        raise ValueError(f"found profile “{profile}”; wanted tasks or domains")
    if profile == "domains" and components.domain is None:
        raise ValueError("found components without domains; wanted variance_components(domains=…)")
    k = components.tasks_per_domain if profile == "domains" else 1.0
    between = max(components.domain or 0.0, 0.0) + max(components.task, 0.0) / (k or 1.0)
    relative = max(components.respondent_domain or 0.0, 0.0)
    relative += max(components.residual, 0.0) / (k or 1.0)
    return Variances(between, relative, relative + max(components.respondent, 0.0))


def coefficients(
    variances: Variances, relative: float, absolute: float
) -> tuple[float, float, float, float]:
    """Return both coefficients and both standard errors from the error variances of a mean.

    Raises
    ------
    WithheldError
        If neither the profile nor the error varies.

    Examples
    --------
    >>> coefficients(Variances(1.0, 4.0, 6.0), 0.25, 1.0)
    (0.8, 0.5, 0.5, 1.0)
    """
    if variances.profile + relative == 0:
        raise WithheldError("Neither the means nor residuals vary; coefficients are not defined.")
    return (
        variances.profile / (variances.profile + relative),
        variances.profile / (variances.profile + absolute),
        float(np.sqrt(relative)),
        float(np.sqrt(absolute)),
    )


def _components(ratings: VarianceComponents | pd.DataFrame | ArrayLike) -> VarianceComponents:
    """Compute components unless they are given."""
    return ratings if isinstance(ratings, VarianceComponents) else variance_components(ratings)


def _whole(numbers: Iterable[int]) -> list[int]:
    """Refuse numbers of respondents that are none."""
    listed = list(numbers)
    wrong = [n for n in listed if n < 1 or n != int(n)]
    if wrong:
        raise ValueError(f"found {wrong[0]} respondents; wanted whole numbers from 1")
    return listed
