"""Restricted maximum likelihood for respondents crossed with tasks that are nested in domains.

What tasks, domains and the mean share are columns of the table, so all that matters of the
respondents is K = Z_t'H⁻¹Z_t and Z_t'H⁻¹y. H is the covariance of the ratings without tasks and
domains; it falls apart by respondent. Respondents who rated the same tasks are eliminated
together. Formulas keep the symbols of `rds.analysis.reml`; variances are divided by the residual.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import fmin_l_bfgs_b
from threadpoolctl import threadpool_limits

from rds.errors import WithheldError

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

_LARGEST_SHARE = 1 - 1e-9
_ROUNDING = 1e-14
_LEAST_RESIDUAL = 1e-6
_ITERATIONS = 500
# In units of the rounding error of the deviance.
_PRECISION = 500.0


def nested_reml(table: Floats, domains: Places) -> Floats:
    """Variances that maximise the restricted likelihood, with tasks nested in domains.

    Parameters
    ----------
    table
        Respondents in rows, tasks in columns, NaN for gaps; no empty row or column.
    domains
        Number of each task's domain, from 0.

    Returns
    -------
    numpy.ndarray
        Shape (5,): respondents, domains, tasks within domains, respondents × domains, residual;
        none below zero.

    Raises
    ------
    WithheldError
        If the ratings leave no residual, or the search does not end.

    Examples
    --------
    >>> table = np.array([[1.0, 2, 4, 5], [2, 3, np.nan, 3], [1, 3, 5, 5], [3, 5, 5, 4]])
    >>> nested_reml(table, np.array([0, 0, 1, 1])).round(3)
    array([0.   , 1.155, 0.5  , 0.746, 0.302])
    """
    if np.nanmax(table) == np.nanmin(table):
        return np.zeros(5)
    crossed = _crossed(table, domains)
    with threadpool_limits(1):
        shares, _, report = fmin_l_bfgs_b(
            lambda shares: _deviance(crossed, shares)[:2],
            np.full(4, 0.3),
            bounds=[(0.0, _LARGEST_SHARE)] * 4,
            factr=_PRECISION,
            pgtol=1e-8 * table.size,
            maxiter=_ITERATIONS,
        )
        if report["warnflag"] == 1:
            raise WithheldError(f"REML found no answer in {_ITERATIONS} steps.")
        residual = _deviance(crossed, shares)[2]
    if residual < _LEAST_RESIDUAL * crossed.square / crossed.n_ratings:
        raise WithheldError("The ratings leave no residual; their components are not defined.")
    return np.append(residual * shares / (1 - shares), residual)


@dataclass(frozen=True)
class _Crossed:
    """A table, its patterns of gaps, and how they fall into domains.

    Attributes
    ----------
    domains, members
        (T,): domain of each task; (T, D): the same as indicators.
    answered, counts
        (n, T): 1 where there is a rating; (n, D): ratings by domain.
    by_task, by_domain, square
        (T,), (n, D), number: sums of the ratings less their grand mean, and of their squares.
    patterns, pattern_counts, respondents
        The different rows of `answered`, their counts by domain, and how many respondents each has.
    n_ratings
        Filled cells.
    """

    domains: Places
    members: Floats
    answered: Floats
    counts: Floats
    by_task: Floats
    by_domain: Floats
    square: float
    patterns: Floats
    pattern_counts: Floats
    respondents: Floats
    n_ratings: int


@dataclass(frozen=True)
class _Respondents:
    """What eliminating respondents leaves, for the patterns of gaps.

    Attributes
    ----------
    U
        (m, T): 1/(1 + cθ_pd) where a task is rated, c the ratings in its domain.
    shrinkage
        (m, D): the same by domain.
    h, kappa
        (m,): Σ_d c/(1 + cθ_pd), and θ_p/(1 + θ_p·h).
    """

    U: Floats
    shrinkage: Floats
    h: Floats
    kappa: Floats


def _crossed(table: Floats, domains: Places) -> _Crossed:
    """Centre a table and count its patterns of gaps."""
    answered = ~np.isnan(table)
    members = np.eye(int(domains.max()) + 1)[domains]
    _, first, sizes = np.unique(
        np.packbits(answered, axis=1), axis=0, return_index=True, return_counts=True
    )
    as_floats = answered.astype(float)
    ratings = np.where(answered, table - np.nanmean(table), 0.0)
    return _Crossed(
        domains=domains,
        members=members,
        answered=as_floats,
        counts=as_floats @ members,
        by_task=ratings.sum(axis=0),
        by_domain=ratings @ members,
        square=float(np.square(ratings).sum()),
        patterns=as_floats[first],
        pattern_counts=as_floats[first] @ members,
        respondents=sizes.astype(float),
        n_ratings=int(answered.sum()),
    )


def _deviance(crossed: _Crossed, shares: Floats) -> tuple[float, Floats, float]:
    """Minus twice the restricted log-likelihood, its slope in θ/(1 + θ), and the residual.

    The residual variance is the one that fits best with these θ of respondents, domains, tasks and
    respondents × domains.
    """
    theta = shares / (1 - shares)
    parts = _eliminated(crossed, theta)
    K = _information(crossed, parts, theta)
    T = len(K)
    G = theta[1] * crossed.members @ crossed.members.T + theta[2] * np.eye(T)
    inverse = np.linalg.inv(np.eye(T) + G @ K)
    m = inverse @ np.ones(T)
    weight = float(m @ K.sum(axis=1))
    r = crossed.by_task - _taken(crossed, *_sums(crossed, crossed.by_domain, theta), theta)[1]
    mean = float(m @ r) / weight
    effects = mean * m + inverse @ G @ r
    rest = crossed.by_domain - crossed.answered @ (effects[:, None] * crossed.members)
    by_respondent, by_domain = _sums(crossed, rest, theta)
    taken, _ = _taken(crossed, by_respondent, by_domain, theta)
    form = crossed.square - float(crossed.by_task @ effects + (crossed.by_domain * taken).sum())
    form = max(form, _ROUNDING * crossed.square)
    df = crossed.n_ratings - 1
    deviance = df * np.log(form / df) + _log_determinant(crossed, parts, theta)
    deviance += np.linalg.slogdet(np.eye(T) + G @ K).logabsdet + np.log(weight)
    by_task = r - K @ effects
    forms = np.array(
        [
            np.square(by_respondent).sum(),
            np.square(by_task @ crossed.members).sum(),
            np.square(by_task).sum(),
            np.square(by_domain).sum(),
        ]
    )
    Q = inverse @ G + np.outer(m, m) / weight
    slope = _traces(crossed, parts, K, Q) - df * forms / form
    return float(deviance), slope / (1 - shares) ** 2, form / df


def _eliminated(crossed: _Crossed, theta: Floats) -> _Respondents:
    """Prepare what the patterns of gaps contribute."""
    shrinkage = 1 / (1 + crossed.pattern_counts * theta[3])
    h = (crossed.pattern_counts * shrinkage).sum(axis=1)
    return _Respondents(
        U=crossed.patterns * shrinkage[:, crossed.domains],
        shrinkage=shrinkage,
        h=h,
        kappa=theta[0] / (1 + theta[0] * h),
    )


def _information(crossed: _Crossed, parts: _Respondents, theta: Floats) -> Floats:
    """K = Z_t'H⁻¹Z_t, shape (T, T)."""
    people = crossed.respondents
    K = np.diag(people @ crossed.patterns)
    K -= (parts.U * (people * parts.kappa)[:, None]).T @ parts.U
    for number, own in _blocks(crossed):
        rated = crossed.patterns[:, own]
        weights = people * parts.shrinkage[:, number] * theta[3]
        K[np.ix_(own, own)] -= (rated * weights[:, None]).T @ rated
    return K


def _blocks(crossed: _Crossed) -> list[tuple[int, Places]]:
    """Return the tasks of each domain."""
    return [(number, np.flatnonzero(own)) for number, own in enumerate(crossed.members.T)]


def _sums(crossed: _Crossed, by_domain: Floats, theta: Floats) -> tuple[Floats, Floats]:
    """Z_p'H⁻¹v and Z_pd'H⁻¹v, shapes (n,) and (n, D), from the sums of v by domain."""
    shrinkage = 1 / (1 + crossed.counts * theta[3])
    sums = shrinkage * by_domain
    scaled = crossed.counts * shrinkage
    by_respondent = sums.sum(axis=1) / (1 + theta[0] * scaled.sum(axis=1))
    return by_respondent, sums - theta[0] * scaled * by_respondent[:, None]


def _taken(
    crossed: _Crossed, by_respondent: Floats, by_domain: Floats, theta: Floats
) -> tuple[Floats, Floats]:
    """Return v − H⁻¹v in each cell by respondent and domain, and summed by task."""
    taken = theta[3] * by_domain + theta[0] * by_respondent[:, None]
    by_task = (crossed.answered.T @ taken)[np.arange(len(crossed.domains)), crossed.domains]
    return taken, by_task


def _log_determinant(crossed: _Crossed, parts: _Respondents, theta: Floats) -> float:
    """log|H|."""
    of_pattern = np.log1p(theta[0] * parts.h) - np.log(parts.shrinkage).sum(axis=1)
    return float(crossed.respondents @ of_pattern)


def _traces(crossed: _Crossed, parts: _Respondents, K: Floats, Q: Floats) -> Floats:
    """tr(PV_i) for respondents, domains, tasks, respondents × domains; P = H⁻¹ − H⁻¹Z_tQZ_t'H⁻¹."""
    people, U, kappa = crossed.respondents, parts.U, parts.kappa
    scaled = crossed.pattern_counts * parts.shrinkage
    products = ((U @ Q) * U) @ crossed.members
    own, crosswise = products.sum(axis=1), (products * scaled).sum(axis=1)
    squares = np.square(scaled).sum(axis=1)
    shared = people * np.square(1 - kappa * parts.h)
    respondent = people @ (parts.h * (1 - kappa * parts.h)) - shared @ own
    within = people @ (parts.h - kappa * squares)
    within += people @ (kappa * (2 * crosswise - kappa * squares * own))
    for number, block in _blocks(crossed):
        rated = crossed.patterns[:, block] * parts.shrinkage[:, [number]]
        within -= people @ np.einsum("mt,mt->m", rated @ Q[np.ix_(block, block)], rated)
    projected = K - K @ Q @ K
    domain = np.einsum("td,tu,ud->", crossed.members, projected, crossed.members)
    return np.array([respondent, domain, projected.trace(), within])
