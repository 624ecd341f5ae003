"""Split-half reliability of the profile of task means."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from rds.analysis.components import rating_table, without_empty
from rds.errors import WithheldError
from rds.show import ShownFields

Floats = NDArray[np.float64]

_FEWEST_TASKS = 3
_NUMBERS_AT_ONCE = 4_000_000
_ROUNDING = 1e-12


@dataclass(frozen=True, repr=False)
class SplitHalf(ShownFields):
    """Split-half reliability, and what it rests on.

    Attributes
    ----------
    value
        Reliability of the profile of all respondents: the correlation, stepped up.
    correlation
        Mean correlation of the profiles of two random halves.
    splits
        Random splits that gave a correlation.
    n_respondents, n_tasks
        Respondents and tasks with at least one rating.
    """

    value: float
    correlation: float
    splits: int
    n_respondents: int
    n_tasks: int


def split_half(
    ratings: pd.DataFrame | ArrayLike, *, splits: int = 500, seed: int = 20260301
) -> SplitHalf:
    """How well the profile of task means comes out again in the other half of the respondents.

    Respondents are split at random, the two halves' task means correlated, the correlations
    averaged (as Fisher's z) and stepped up to the full number of respondents by the formula of
    Spearman and Brown, 2r/(1 + r). With gaps, a task's mean is over those of the half who rated
    it, and a task that a half did not rate is left out of that split.

    A correlation takes no notice of level, and a few trivial tasks make it high.

    Parameters
    ----------
    ratings
        Respondents in rows, tasks in columns, points of one scale; NaN where there is no answer.
    splits
        Number of random splits.
    seed
        Seed of the random numbers.

    Raises
    ------
    ValueError
        If `ratings` is not a numeric table, or `splits` is below 1.
    WithheldError
        If there are fewer than 4 respondents or 3 tasks, the means do not differ, or the halves'
        profiles correlate negatively.

    Notes
    -----
    Spearman (1910); Brown (1910).

    Examples
    --------
    >>> random = np.random.default_rng(1)
    >>> table = random.normal(size=(40, 12)) + random.normal(size=12)
    >>> found = split_half(table)
    >>> round(found.correlation, 2), round(found.value, 2)
    (0.97, 0.98)
    """
    if splits < 1:
        raise ValueError(f"found {splits} splits; wanted 1 or more")
    table = without_empty(rating_table(ratings))
    n, k = table.shape
    if n < 4 or k < _FEWEST_TASKS:
        raise WithheldError(
            f"Found ratings by {n} respondents of {k} tasks; halves need at least 4 respondents "
            f"and {_FEWEST_TASKS} tasks."
        )
    found = np.concatenate([_correlations(table, halves) for halves in _halves(n, k, splits, seed)])
    known = found[~np.isnan(found)]
    if not len(known):
        raise WithheldError("The halves' task means do not differ; there is no correlation.")
    correlation = float(np.tanh(np.arctanh(np.clip(known, _ROUNDING - 1, 1 - _ROUNDING)).mean()))
    if correlation < 0:
        raise WithheldError(
            f"The halves' profiles do not go together (r = {correlation:.2f}); there is no "
            "reliability to step up."
        )
    return SplitHalf(2 * correlation / (1 + correlation), correlation, len(known), n, k)


def _halves(n: int, k: int, splits: int, seed: int) -> list[Floats]:
    """Draw who is in the first half (splits × n), as many splits at once as memory likes."""
    random = np.random.default_rng(seed)
    first = np.zeros(n)
    first[: n // 2] = 1.0
    at_once = max(1, _NUMBERS_AT_ONCE // (n + k))
    sizes = [min(at_once, splits - done) for done in range(0, splits, at_once)]
    return [random.permuted(np.tile(first, (size, 1)), axis=1) for size in sizes]


def _correlations(table: Floats, halves: Floats) -> Floats:
    """Correlate the task means of each half with the other's; NaN where one does not vary."""
    answered = (~np.isnan(table)).astype(float)
    centred = np.where(answered > 0, table - np.nanmean(table), 0.0)
    counts, sums = halves @ answered, halves @ centred
    others, rest = answered.sum(axis=0) - counts, centred.sum(axis=0) - sums
    shared = (counts > 0) & (others > 0)
    first = np.where(shared, sums / np.maximum(counts, 1), 0.0)
    second = np.where(shared, rest / np.maximum(others, 1), 0.0)
    n_shared = np.maximum(shared.sum(axis=1, keepdims=True), 1)
    first = np.where(shared, first - first.sum(axis=1, keepdims=True) / n_shared, 0.0)
    second = np.where(shared, second - second.sum(axis=1, keepdims=True) / n_shared, 0.0)
    spread = np.sqrt(np.square(first).sum(axis=1) * np.square(second).sum(axis=1))
    defined = (spread > _ROUNDING) & (n_shared[:, 0] >= _FEWEST_TASKS)
    products = (first * second).sum(axis=1)
    return np.where(defined, products / np.where(defined, spread, 1.0), np.nan)
