"""Kendall's W: how far SMEs put statements in the same order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from rds.analysis.components import rating_table
from rds.errors import WithheldError
from rds.show import ShownFields

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

_FEWEST_FOR_CHI2 = 8


@dataclass(frozen=True, repr=False)
class Concordance(ShownFields):
    """Kendall's W, its test, and what they rest on.

    Attributes
    ----------
    w
        Coefficient of concordance, corrected for ties: 0 none, 1 perfect.
    w_uncorrected
        The same without the correction; lower where there are ties.
    chi2, df
        m(n − 1)W and n − 1, with m SMEs and n statements.
    p
        Probability of such concordance or more when every SME's order is random.
    test
        How `p` was found: ``"chi-squared"``, or ``"permutation"`` below 8 statements.
    replicates
        Random orders drawn; 0 for chi-squared.
    n_judges, n_statements
        SMEs who placed all statements, and statements.
    n_judges_left_out
        SMEs who left a statement out.
    """

    w: float
    w_uncorrected: float
    chi2: float
    df: int
    p: float
    test: Literal["chi-squared", "permutation"]
    replicates: int
    n_judges: int
    n_statements: int
    n_judges_left_out: int


def kendall_w(
    judgements: pd.DataFrame | ArrayLike, *, replicates: int = 9999, seed: int = 20260301
) -> Concordance:
    """Kendall's coefficient of concordance of SMEs' rankings or ratings, corrected for ties.

    Ratings are turned into ranks within each SME, so that leniency does not matter; equal ratings
    share their mean rank. Whether ranks rise or fall does not matter, if all SMEs do the same.

    Parameters
    ----------
    judgements
        SMEs in rows, statements in columns: ranks or ratings. Rows with a gap (NaN) are left out
        and counted.
    replicates
        Random orders for the permutation test, at least 1.
    seed
        Seed of the random orders.

    Returns
    -------
    Concordance

    Raises
    ------
    ValueError
        If `judgements` is not a numeric table or `replicates` is below 1.
    WithheldError
        If there are fewer than two complete rankings or two statements, or nobody tells the
        statements apart.

    Notes
    -----
    Kendall and Babington Smith (1939). The permutation test puts each SME's own ranks, ties
    included, in random order; p is (1 + as large) / (1 + replicates).

    Examples
    --------
    >>> result = kendall_w([[1, 2, 3, 4], [1, 3, 2, 4], [2, 1, 3, 4]])
    >>> round(result.w, 3), round(result.chi2, 3), result.df, result.test
    (0.778, 7.0, 3, 'permutation')
    """
    if replicates < 1:
        raise ValueError(f"found {replicates} replicates; wanted 1 or more")
    whole = rating_table(judgements)
    table = whole[~np.isnan(whole).any(axis=1)]
    ranks = _doubled_ranks(_checked(table))
    m, n = ranks.shape
    spread = int(_spread(ranks.sum(axis=0), m, n))
    largest = m**2 * (n**3 - n)
    w = 3 * spread / (largest - m * _ties(ranks))
    chi2 = m * (n - 1) * w
    permuted = n < _FEWEST_FOR_CHI2
    p = _permutation_p(ranks, spread, replicates, seed) if permuted else stats.chi2.sf(chi2, n - 1)
    return Concordance(
        w=w,
        w_uncorrected=3 * spread / largest,
        chi2=chi2,
        df=n - 1,
        p=float(p),
        test="permutation" if permuted else "chi-squared",
        replicates=replicates if permuted else 0,
        n_judges=m,
        n_statements=n,
        n_judges_left_out=len(whole) - m,
    )


def _checked(table: Floats) -> Floats:
    """Return complete rankings, or withhold where they cannot agree or disagree."""
    if table.shape[0] < 2 or table.shape[1] < 2:
        raise WithheldError(
            f"Found {table.shape[0]} complete rankings of {table.shape[1]} statements; "
            "concordance needs 2 of each."
        )
    if (table == table[:, :1]).all():
        raise WithheldError("No SME tells the statements apart; concordance is not defined.")
    return table


def _doubled_ranks(table: Floats) -> Whole:
    """Rank within SMEs, times two: shared ranks are then whole numbers, and sums exact."""
    return np.round(2 * stats.rankdata(table, axis=1)).astype(np.int64)


def _spread(sums: Whole, m: int, n: int) -> Whole:
    """Sum of squared deviations of doubled rank sums, along the last axis: 4S."""
    return np.asarray(((sums - m * (n + 1)) ** 2).sum(axis=-1))


def _ties(ranks: Whole) -> int:
    """Sum of l³ − l over all groups of l tied ranks of all SMEs."""
    lengths = [np.unique(row, return_counts=True)[1] for row in ranks]
    return int(sum((length**3 - length).sum() for length in lengths))


def _permutation_p(ranks: Whole, spread: int, replicates: int, seed: int) -> float:
    """Share of random orders with rank sums at least as far apart."""
    random = np.random.default_rng(seed)
    m, n = ranks.shape
    sums = np.zeros((replicates, n), dtype=np.int64)
    for row in ranks:
        sums += random.permuted(np.tile(row, (replicates, 1)), axis=1)
    as_large = int((_spread(sums, m, n) >= spread).sum())
    return (1 + as_large) / (1 + replicates)
