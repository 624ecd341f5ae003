"""How far each respondent's ratings lie from everybody's, with gaps: Mahalanobis distance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dposv
from scipy.stats import chi2

from rds.errors import WithheldError
from rds.ratings.careless import Floats, pairwise_covariance

FEWEST_PER_STATEMENT = 5
"""Respondents for each statement below which the distance is withheld."""

LEAST_RATED = 0.5
"""Share of the respondents who have to have rated a statement for it to enter."""

_SMALLEST_EIGENVALUE = 1e-8


@dataclass(frozen=True, eq=False)
class Distances:
    """Squared Mahalanobis distances.

    Parameters
    ----------
    squared
        Per respondent; NaN where nothing was rated.
    n_statements
        Per respondent, the ratings the distance is made of.
    p
        Per respondent, the probability of so large a distance if ratings were normally
        distributed (chi-squared with `n_statements` degrees of freedom).
    statements
        Which statements entered (positions).
    """

    squared: Floats
    n_statements: NDArray[np.int64]
    p: Floats
    statements: NDArray[np.intp]


def mahalanobis(values: Floats, *, fewest_per_statement: float = FEWEST_PER_STATEMENT) -> Distances:
    """Return squared Mahalanobis distances over what each respondent rated.

    Means are those of each statement, covariances those of the respondents who rated both
    statements. A respondent with gaps is compared on the statements rated: the distance uses the
    part of the covariance matrix that concerns them, and has their number as degrees of freedom.
    Statements rated by fewer than half of the respondents, or by all alike, do not enter.

    Parameters
    ----------
    values
        Ratings, statements × respondents, NaN for none.
    fewest_per_statement
        Respondents for each statement below which the distance is withheld.

    Raises
    ------
    WithheldError
        When respondents are too few for the number of statements, or the covariance matrix is not
        positive definite (statements that repeat each other, or never rated together).

    References
    ----------
    Mahalanobis (1936); Meade and Craig (2012), Psychological Methods 17, 437–455.

    Examples
    --------
    >>> square = np.array([[1.0, 1, 3, 3, 2, 2, 2, 2, 2, 2], [1.0, 3, 1, 3, 2, 2, 2, 2, 2, np.nan]])
    >>> mahalanobis(square).squared.round(2).tolist()
    [4.25, 4.25, 4.25, 4.25, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    """
    chosen = np.flatnonzero(_enters(values))
    n = int((~np.isnan(values)).any(axis=0).sum())
    if len(chosen) < 2:
        raise WithheldError("fewer than two statements that most respondents rated differently")
    if n < fewest_per_statement * len(chosen):
        raise WithheldError(
            f"{n} respondents for {len(chosen)} statements; at least "
            f"{fewest_per_statement * len(chosen):g} are needed"
        )
    own = values[chosen]
    covariance, _ = pairwise_covariance(own)
    _require_positive(covariance)
    squared = _squared(own, covariance)
    k = (~np.isnan(own)).sum(axis=0)
    squared = np.where(k > 0, squared, np.nan)
    p = np.where(k > 0, chi2.sf(squared, np.maximum(k, 1)), np.nan)
    return Distances(squared, k, p, chosen)


def _enters(values: Floats) -> NDArray[np.bool_]:
    """Tell which statements most respondents rated, and not all alike."""
    rated = ~np.isnan(values)
    highest = np.where(rated, values, -np.inf).max(axis=1, initial=-np.inf)
    lowest = np.where(rated, values, np.inf).min(axis=1, initial=np.inf)
    answered = max(int(rated.any(axis=0).sum()), 1)
    return np.asarray((rated.sum(axis=1) >= LEAST_RATED * answered) & (highest > lowest))


def _require_positive(covariance: Floats) -> None:
    """Refuse a covariance matrix with gaps, or of less than full rank."""
    if np.isnan(covariance).any():
        raise WithheldError("some statements were never rated by the same respondents")
    eigenvalues = np.linalg.eigvalsh(covariance)
    if eigenvalues[0] <= _SMALLEST_EIGENVALUE * eigenvalues[-1]:
        raise WithheldError("the covariances of the statements have no inverse")


def _squared(values: Floats, covariance: Floats) -> Floats:
    """Return squared distances; gaps are taken out of the inverse pattern by pattern."""
    missing = np.isnan(values)
    mean = np.nansum(values, axis=1) / (~missing).sum(axis=1)
    z: Floats = np.where(missing, 0.0, values - mean[:, None])
    inverse = np.asarray(np.linalg.inv(covariance), dtype=np.float64)
    y: Floats = inverse @ z
    squared = (z * y).sum(axis=0)
    for own in _alike(missing & ~missing.all(axis=0)):
        gaps = missing[:, own[0]]
        squared[own] = _with_gaps(z[:, own], y[:, own], covariance, inverse, gaps)
    return np.asarray(np.maximum(squared, 0.0))


def _alike(missing: NDArray[np.bool_]) -> Iterator[NDArray[np.intp]]:
    """Yield the respondents with the same gaps, for each pattern that has any."""
    with_gaps = np.flatnonzero(missing.any(axis=0))
    packed = np.packbits(missing[:, with_gaps], axis=0).T
    patterns, which = np.unique(packed, axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    ends = np.cumsum(np.bincount(which.ravel(), minlength=len(patterns)))
    yield from (own for own in np.split(with_gaps[order], ends[:-1]) if own.size)


def _with_gaps(
    z: Floats, y: Floats, covariance: Floats, inverse: Floats, gaps: NDArray[np.bool_]
) -> Floats:
    """Return the squared distances of respondents with the same gaps, by the smaller system.

    With P the inverse for all statements, o those rated and m the others, the inverse for o alone
    is P_oo − P_om P_mm⁻¹ P_mo: only as many equations as there are gaps.
    """
    m, o = np.flatnonzero(gaps), np.flatnonzero(~gaps)
    if len(m) > len(o):
        solved = dposv(covariance[np.ix_(o, o)], z[o])[1]
        return np.asarray((z[o] * solved).sum(axis=0))
    solved = dposv(inverse[np.ix_(m, m)], y[m])[1]
    return np.asarray((z * y).sum(axis=0) - (y[m] * solved).sum(axis=0))
