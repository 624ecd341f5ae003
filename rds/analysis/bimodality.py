"""Whether ratings of a statement fall into two camps."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

MINIMUM_N_BIMODAL = 30
"""Fewest ratings of a statement for the flag to be printed."""

_LEAST_SHARE = 0.20
_ROUNDING = 1e-12


def bimodal(counts: ArrayLike) -> NDArray[np.bool_]:
    """Tell whose ratings have two peaks with a valley between them.

    Two points a < b at least two apart each hold at least 20 percent of the ratings, and some point
    between them holds at most half of what the smaller of the two does. With 30 ratings, false
    flags are as good as none for bell-shaped and at most 7 in 100 for J-shaped distributions.

    Parameters
    ----------
    counts
        Ratings on each point of the scale in its order: statements × points, or one statement.

    Returns
    -------
    numpy.ndarray
        One truth value per statement; False where there are no ratings.

    Raises
    ------
    ValueError
        If counts are negative or not finite.

    Notes
    -----
    A rule of rds, fixed in advance; the mean of such ratings describes nobody.

    Examples
    --------
    >>> bimodal([[15, 2, 1, 2, 15], [2, 5, 15, 8, 5], [20, 6, 4, 3, 2]]).tolist()
    [True, False, False]
    """
    table = np.atleast_2d(np.asarray(counts, dtype=float))
    if not np.isfinite(table).all() or (table < 0).any():
        raise ValueError("found counts that are negative or no numbers; wanted 0 or more")
    total = table.sum(axis=1, keepdims=True)
    shares = table / np.where(total > 0, total, 1.0)
    flagged = np.zeros(len(shares), dtype=bool)
    points = shares.shape[1]
    for low in range(points - 2):
        for high in range(low + 2, points):
            smaller = np.minimum(shares[:, low], shares[:, high])
            valley = shares[:, low + 1 : high].min(axis=1)
            deep = valley <= smaller / 2 + _ROUNDING
            flagged |= (smaller >= _LEAST_SHARE - _ROUNDING) & deep
    return flagged
