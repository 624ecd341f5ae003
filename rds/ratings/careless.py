"""Indices of careless answers: one number per respondent, over arrays with gaps.

Everywhere, `values` are ratings as statements × respondents, NaN where there is none, and what
cannot be said of a respondent is NaN.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def longest_runs(values: Floats, pages: Sequence[str] | None = None) -> NDArray[np.int64]:
    """Return how many ratings in a row are the same, at most, for each respondent and page.

    Gaps are passed over: they neither lengthen a run nor end it.

    Parameters
    ----------
    values
        Ratings, statements × respondents, in the order in which they were asked.
    pages
        The page of each statement; a run does not go over from page to page. Without it, all stand
        on one page.

    Returns
    -------
    ndarray
        Pages (in order of first appearance) × respondents.

    References
    ----------
    Johnson (2005), Journal of Research in Personality 39, 103–129.

    Examples
    --------
    >>> longest_runs(np.array([[3.0, 1.0], [3.0, np.nan], [3.0, 1.0], [2.0, 1.0]])).tolist()
    [[3, 3]]
    """
    names = list(pages) if pages is not None else [""] * len(values)
    runs = [_longest_run(values[_rows_of(names, page)]) for page in dict.fromkeys(names)]
    return np.array(runs, dtype=np.int64).reshape(len(runs), values.shape[1])


def _longest_run(values: Floats) -> NDArray[np.int64]:
    """Return the longest run of each respondent on a page."""
    last = np.full(values.shape[1], np.nan)
    run = np.zeros(values.shape[1], dtype=np.int64)
    longest = run.copy()
    for row in values:
        rated = ~np.isnan(row)
        run = np.where(rated, np.where(row == last, run + 1, 1), run)
        last = np.where(rated, row, last)
        np.maximum(longest, run, out=longest)
    return longest


def _rows_of(names: Sequence[str], page: str) -> list[int]:
    """Return which statements stand on a page."""
    return [row for row, name in enumerate(names) if name == page]


def variability(values: Floats) -> Floats:
    """Return the standard deviation of each respondent's ratings (n − 1 below the line).

    References
    ----------
    Dunn, Heggestad, Shanock and Theilgard (2018), Journal of Business and Psychology 33, 105–121.

    Examples
    --------
    >>> variability(np.array([[1.0, 4.0], [3.0, 4.0]])).round(3).tolist()
    [1.414, 0.0]
    """
    rated = ~np.isnan(values)
    n = rated.sum(axis=0)
    filled = np.where(rated, values, 0.0)
    mean = filled.sum(axis=0) / np.maximum(n, 1)
    squares = (np.where(rated, filled - mean, 0.0) ** 2).sum(axis=0)
    return np.asarray(np.where(n > 1, np.sqrt(squares / np.maximum(n - 1, 1)), np.nan))


def even_odd(
    values: Floats, pages: Sequence[str], *, minimum_rated: int = 1, minimum_pages: int = 3
) -> Floats:
    """Return how alike the even and the odd halves of the pages are rated, for each respondent.

    The correlation, over pages, of the mean rating of the statements in even with that of those in
    odd places, stepped up to full length (Spearman–Brown) and not below −1. 1 is full consistency:
    some programs print the number with the opposite sign.

    Parameters
    ----------
    values, pages
        As in `longest_runs`.
    minimum_rated, minimum_pages
        Ratings that a page needs to count, and pages that a respondent needs.

    References
    ----------
    Johnson (2005), Journal of Research in Personality 39, 103–129.

    Examples
    --------
    >>> ratings = np.array([[1.0], [1.0], [2.0], [3.0], [4.0], [4.0]])
    >>> even_odd(ratings, ["A", "A", "B", "B", "C", "C"]).round(3).tolist()
    [0.963]
    """
    even: list[Floats] = []
    odd: list[Floats] = []
    for page in dict.fromkeys(pages):
        own = values[_rows_of(pages, page)]
        enough = (~np.isnan(own)).sum(axis=0) >= minimum_rated
        for half, first in ((odd, 0), (even, 1)):
            half.append(np.where(enough, _mean(own[first::2]), np.nan))
    r = _correlation(np.array(even), np.array(odd), minimum=minimum_pages)
    stepped_up = 2 * r / np.where(r > -1 / 3, 1 + r, 1.0)
    return np.asarray(np.where(r > -1 / 3, stepped_up, np.where(np.isnan(r), np.nan, -1.0)))


def _mean(values: Floats) -> Floats:
    """Return the mean over statements, NaN where there is no rating."""
    n = (~np.isnan(values)).sum(axis=0)
    return np.asarray(np.where(n > 0, np.nansum(values, axis=0) / np.maximum(n, 1), np.nan))


def person_total(values: Floats, *, minimum_rated: int = 3) -> Floats:
    """Return how far each respondent's profile follows the mean profile of the others.

    The correlation, over the statements that the respondent rated, of the ratings with the mean
    ratings of everybody else.

    References
    ----------
    Curran (2016), Journal of Experimental Social Psychology 66, 4–19.

    Examples
    --------
    >>> ratings = np.array([[1.0, 2.0, 3.0], [2.0, 3.0, 2.0], [3.0, 4.0, 0.0]])
    >>> person_total(ratings).round(3).tolist()
    [-0.866, -0.866, -0.982]
    """
    rated = ~np.isnan(values)
    others = rated.sum(axis=1, keepdims=True) - rated
    total = np.nansum(values, axis=1, keepdims=True) - np.where(rated, values, 0.0)
    mean = np.where(others > 0, total / np.maximum(others, 1), np.nan)
    return _correlation(values, mean, minimum=minimum_rated)


def correlations(values: Floats, *, minimum: int = 3) -> Floats:
    """Return the correlations between statements, each over the respondents who rated both.

    Parameters
    ----------
    values
        Ratings, statements × respondents.
    minimum
        Respondents that a correlation needs; NaN with fewer, and without variance.
    """
    covariance, n = pairwise_covariance(values)
    rated = (~np.isnan(values)).astype(float)
    centred = _centred(values)
    squares, sums = centred**2 @ rated.T, centred @ rated.T
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = (squares - sums**2 / n) / (n - 1)
        r = covariance / np.sqrt(variance * variance.T)
    usable = (n >= minimum) & (variance > 1e-12) & (variance.T > 1e-12)
    return np.asarray(np.where(usable, r, np.nan))


def pairwise_covariance(values: Floats) -> tuple[Floats, Floats]:
    """Return covariances between statements over those who rated both, and how many these are.

    Returns
    -------
    covariance, n
        Statements × statements; the covariance is NaN where fewer than two rated both.
    """
    rated = (~np.isnan(values)).astype(float)
    centred = _centred(values)
    n, sums = rated @ rated.T, centred @ rated.T
    with np.errstate(divide="ignore", invalid="ignore"):
        covariance = (centred @ centred.T - sums * sums.T / n) / (n - 1)
    return np.where(n > 1, covariance, np.nan), n


def _centred(values: Floats) -> Floats:
    """Return deviations from each statement's mean, 0 where there is no rating."""
    rated = ~np.isnan(values)
    mean = np.nansum(values, axis=1) / np.maximum(rated.sum(axis=1), 1)
    return np.asarray(np.where(rated, values - mean[:, None], 0.0))


def synonym_pairs(values: Floats, *, above: float = 0.60, minimum: int = 3) -> Flags:
    """Tell which pairs of statements are rated alike by respondents as a whole.

    Parameters
    ----------
    values
        Ratings, statements × respondents.
    above
        The correlation from which two statements are psychometric synonyms.
    minimum
        Respondents that a correlation needs.

    Returns
    -------
    ndarray
        Boolean, statements × statements, true only above the diagonal.

    References
    ----------
    Meade and Craig (2012), Psychological Methods 17, 437–455.
    """
    r = correlations(values, minimum=minimum)
    return np.asarray(np.triu(np.nan_to_num(r, nan=-1.0) > above, k=1))


def synonym_consistency(values: Floats, pairs: Flags, *, minimum_pairs: int = 3) -> Floats:
    """Return how alike each respondent rates the pairs of statements that are alike to others.

    The correlation, over pairs, of the first with the second rating.

    Parameters
    ----------
    values
        Ratings, statements × respondents.
    pairs
        As `synonym_pairs` gives them.
    minimum_pairs
        Pairs that a respondent has to have rated.

    References
    ----------
    Meade and Craig (2012), Psychological Methods 17, 437–455.
    """
    rated = (~np.isnan(values)).astype(float)
    x = np.nan_to_num(values)
    linked = pairs.astype(float)
    n_second, second, squares = linked @ rated, linked @ x, linked @ x**2
    n = (rated * n_second).sum(axis=0)
    sx, sy = (x * n_second).sum(axis=0), (rated * second).sum(axis=0)
    sxx, syy = (x**2 * n_second).sum(axis=0), (rated * squares).sum(axis=0)
    sxy = (x * second).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        r = (n * sxy - sx * sy) / np.sqrt((n * sxx - sx**2) * (n * syy - sy**2))
    usable = (n >= minimum_pairs) & (n * sxx > sx**2) & (n * syy > sy**2)
    return np.asarray(np.where(usable, np.clip(r, -1, 1), np.nan))


def _correlation(x: Floats, y: Floats, *, minimum: int) -> Floats:
    """Return the correlation of two arrays down their columns, where both have a value."""
    both = ~(np.isnan(x) | np.isnan(y))
    n = np.maximum(both.sum(axis=0), 1)
    dx, dy = (np.where(both, part, 0.0) for part in (x, y))
    dx = np.where(both, dx - dx.sum(axis=0) / n, 0.0)
    dy = np.where(both, dy - dy.sum(axis=0) / n, 0.0)
    sxx, syy = (dx**2).sum(axis=0), (dy**2).sum(axis=0)
    usable = (both.sum(axis=0) >= max(minimum, 2)) & (sxx > 1e-12 * n) & (syy > 1e-12 * n)
    r = (dx * dy).sum(axis=0) / np.sqrt(np.where(usable, sxx * syy, 1.0))
    return np.asarray(np.where(usable, np.clip(r, -1, 1), np.nan))
