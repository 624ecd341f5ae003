"""Many allocations at once: the same whole items as one by one, row by row."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from rds.blueprint.apportion import AllocationMethod

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Allocate = Callable[[Sequence[float], int], Sequence[int]]

NEAR = 1e-6


def allocate_rows(
    weights: Floats, *, items: Counts, method: AllocationMethod, exact: Allocate
) -> Counts:
    """Apportion many rows of weights without bounds, each as `exact` would.

    Hamilton and Webster are computed for all rows at once; rows near a tie, and those of other
    methods, go to `exact` one by one.

    Parameters
    ----------
    weights
        Shares, rows × identifiers; every row sums to 1.
    items
        Items to give out, by row.
    method
        The apportionment method.
    exact
        From the weights of a row and its items to whole items.

    Returns
    -------
    ndarray
        Whole items, rows × identifiers.

    Examples
    --------
    >>> allocate_rows(
    ...     np.array([[0.41, 0.33, 0.26]]),
    ...     items=np.array([10]),
    ...     method="hamilton",
    ...     exact=lambda weights, items: allocate(weights, items=items),
    ... ).tolist()
    [[4, 3, 3]]
    """
    if weights.shape[1] == 1:
        return items[:, None]
    if method == "hamilton":
        counts, clear = _hamilton_rows(weights, items)
    elif method == "webster":
        counts, clear = _webster_rows(weights, items)
    else:
        counts, clear = np.zeros(weights.shape, dtype=np.int64), np.zeros(len(weights), dtype=bool)
    if not clear.all():
        rest = np.column_stack([items[~clear], weights[~clear]])
        rows, place = np.unique(rest, axis=0, return_inverse=True)
        allocated = np.array([exact(row[1:].tolist(), int(row[0])) for row in rows])
        counts[~clear] = allocated[place.ravel()]
    return counts


def _hamilton_rows(weights: Floats, items: Counts) -> tuple[Counts, NDArray[np.bool_]]:
    """Return Hamilton's items, and which rows are far from a tie."""
    quotas = weights * items[:, None]
    counts = np.floor(quotas).astype(np.int64)
    remainders = quotas - counts
    left = items - counts.sum(axis=1)
    order = np.argsort(-remainders, axis=1, kind="stable")
    ranks = np.argsort(order, axis=1, kind="stable")
    gains = ranks < left[:, None]
    last = np.min(remainders, axis=1, where=gains, initial=1.0)
    first_without = np.max(remainders, axis=1, where=~gains, initial=0.0)
    near_whole = (np.abs(quotas - np.rint(quotas)) < NEAR) & (weights > 0)
    clear = (last - first_without > NEAR) & ~near_whole.any(axis=1)
    return counts + gains, clear


def _webster_rows(weights: Floats, items: Counts) -> tuple[Counts, NDArray[np.bool_]]:
    """Return Webster's items, and which rows are far from a tie."""
    counts = np.rint(weights * items[:, None]).astype(np.int64)
    while (wrong := np.flatnonzero(excess := counts.sum(axis=1) - items)).size:
        lost, gained = _webster_priorities(weights[wrong], counts[wrong])
        over = excess[wrong] > 0
        moved = np.where(over, lost.argmin(axis=1), gained.argmax(axis=1))
        counts[wrong, moved] += np.where(over, -1, 1)
    lost, gained = _webster_priorities(weights, counts)
    clear = lost.min(axis=1) > gained.max(axis=1) * (1 + NEAR)
    return counts, clear


def _webster_priorities(weights: Floats, counts: Counts) -> tuple[Floats, Floats]:
    """Return the priority of each one's last item (infinite without items), and of its next."""
    lost = np.where(counts > 0, weights / np.maximum(counts - 0.5, 0.5), np.inf)
    return lost, np.asarray(weights / (counts + 0.5), dtype=float)
