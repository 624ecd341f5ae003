"""Variance components of respondents crossed with tasks that are nested in domains.

The model is rating = mean + respondent + domain + task + respondent × domain + residual. Inside
formulas p stands for respondents, d for domains and t for tasks within domains. Functions take a
table without empty rows and columns, and the number of each task's domain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from rds.analysis.connected import count_parts
from rds.errors import WithheldError

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


def domain_labels(
    ratings: pd.DataFrame | ArrayLike, domains: Mapping[str, str] | Sequence[str]
) -> list[str]:
    """Return the domain of every column.

    Parameters
    ----------
    ratings
        The table; its columns have names only if it is a DataFrame.
    domains
        Domain by column name, or one domain for each column in order.

    Raises
    ------
    ValueError
        If a column has no domain.

    Examples
    --------
    >>> domain_labels(pd.DataFrame({"T1": [1], "T2": [2]}), {"T1": "D1", "T2": "D2"})
    ['D1', 'D2']
    """
    if isinstance(domains, Mapping):
        if not isinstance(ratings, pd.DataFrame):
            raise ValueError("found domains by name and columns without names; wanted a DataFrame")
        homeless = [str(name) for name in ratings.columns if name not in domains]
        if homeless:
            raise ValueError(f"found no domain for {', '.join(homeless)}; wanted one for each")
        return [domains[name] for name in ratings.columns]
    width = np.asarray(ratings).shape[-1]
    if len(domains) != width:
        raise ValueError(f"found {len(domains)} domains for {width} columns; wanted one for each")
    return list(domains)


def check_nested(table: Floats, domains: Places) -> None:
    """Withhold components where the five effects cannot be told apart.

    Raises
    ------
    WithheldError
        Saying which effects are confounded.

    Examples
    --------
    >>> check_nested(np.ones((3, 2)), np.array([0, 1]))
    Traceback (most recent call last):
    rds.errors.WithheldError: Found 2 tasks in 2 domains; no domain has two tasks.
    """
    n, n_tasks, n_domains = *table.shape, int(domains.max()) + 1
    if n_domains < 2:
        raise WithheldError("All tasks are in one domain; at least 2 domains are needed.")
    if n_tasks == n_domains:
        raise WithheldError(
            f"Found {n_tasks} tasks in {n_domains} domains; no domain has two tasks."
        )
    rows, columns = np.nonzero(~np.isnan(table))
    cells, place = np.unique(rows * n_domains + domains[columns], return_inverse=True)
    in_domain = count_parts(place, columns, len(cells), n_tasks)
    if len(rows) <= len(cells) + n_tasks - in_domain:
        raise WithheldError(
            "Respondents rated too few tasks of a domain to tell how they differ between domains "
            "from the residual."
        )
    across = count_parts(cells // n_domains, cells % n_domains, n, n_domains)
    if len(cells) <= n + n_domains - across:
        raise WithheldError(
            "Respondents rated too few domains to tell their leniency from how they differ between "
            "domains."
        )


def nested_anova(table: Floats, domains: Places) -> Floats:
    """Components of a complete table by analysis of variance; domains may differ in size.

    Uncorrected sums of squares are set equal to their expectations, which gives the usual
    mean-square estimates when all domains have as many tasks. Components may be negative.

    Parameters
    ----------
    table
        Respondents in rows, tasks in columns, no gaps.
    domains
        Number of each task's domain, from 0.

    Returns
    -------
    numpy.ndarray
        Shape (5,): respondents, domains, tasks within domains, respondents × domains, residual.

    Notes
    -----
    Henderson's method 1 (1953), the analogous-ANOVA procedure of Brennan (2001), *Generalizability
    Theory*, chapter 7.

    Examples
    --------
    >>> table = np.array([[1.0, 2, 4, 5], [2, 3, 3, 3], [1, 3, 5, 5], [3, 5, 5, 4]])
    >>> nested_anova(table, np.array([0, 0, 1, 1])).round(3).tolist()
    [-0.083, 1.021, 0.5, 0.917, 0.25]
    """
    members = np.eye(int(domains.max()) + 1)[domains]
    sizes, n = members.sum(axis=0), len(table)
    centred = table - table.mean()
    by_domain = centred @ members
    sums = np.array(
        [
            np.square(centred.sum(axis=1)).sum() / len(domains),
            (np.square(by_domain.sum(axis=0)) / sizes).sum() / n,
            np.square(centred.sum(axis=0)).sum() / n,
            (np.square(by_domain) / sizes).sum(),
            np.square(centred).sum(),
        ]
    )
    sums[sums < 1e-24 * np.square(table).sum()] = 0.0
    components: Floats = np.linalg.solve(_expectations(n, sizes), sums)
    return components


def _expectations(n: int, sizes: Floats) -> Floats:
    """Coefficients of p, d, t:d, pd, residual in the expected sums of p, d, t:d, pd and all.

    Each sum is less that of the mean.
    """
    D, T = len(sizes), sizes.sum()
    N, q = n * T, np.square(sizes).sum() / T
    sums = [
        [N, n * q, n, n * q, n],
        [T, N, n * D, T, D],
        [T, N, N, T, T],
        [N, N, n * D, N, n * D],
        [N, N, N, N, N],
    ]
    expected: Floats = np.array(sums, dtype=float) - np.array([T, n * q, n, q, 1.0])
    return expected


def domain_errors(table: Floats, domains: Places, components: Floats) -> tuple[float, float]:
    """Relative and absolute error variance of the domains' means over the given tasks.

    The mean of a domain is the mean of its tasks' means, each over whoever rated it. The relative
    error is half the error variance of a difference of two domains, averaged over pairs: in a
    complete table σ²_pd/n + σ²_e/n·mean(1/k), k tasks in a domain. Leniency enters it where gaps
    give domains different respondents, as in split forms.

    Parameters
    ----------
    table, domains
        As for `nested_anova`; gaps are allowed.
    components
        Shape (5,), none below zero, as `nested_anova` returns them.

    Returns
    -------
    tuple
        Variances in squared points.

    Examples
    --------
    >>> parts = np.array([0.3, 1.0, 1.0, 0.2, 0.8])
    >>> relative, absolute = domain_errors(np.ones((10, 4)), np.array([0, 0, 1, 1]), parts)
    >>> round(relative, 6), round(absolute, 6)
    (0.06, 0.09)
    """
    members = np.eye(int(domains.max()) + 1)[domains]
    sizes, D = members.sum(axis=0), members.shape[1]
    answered = ~np.isnan(table)
    per_task = answered.sum(axis=0)
    W = (answered / per_task) @ (members / sizes)
    squares = np.square(W).sum(axis=0)
    between = (D * squares.sum() - np.square(W.sum(axis=1)).sum()) / (D * (D - 1))
    within = float(components[3] * squares.mean())
    within += float(components[4] * ((1 / per_task) @ (members / sizes**2)).mean())
    return within + float(components[0] * between), within + float(components[0] * squares.mean())
