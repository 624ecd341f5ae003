"""Agreement of raters on the level of one statement: r_wg and average deviation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, combinations
from math import comb
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaln

from rds.analysis.components import rating_table

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]
Coefficient = Literal["r_wg", "AD_M", "AD_Md"]

WITHIN_GROUP = (
    "statement_id",
    "coefficient",
    "n",
    "value",
    "p",
    "critical_value",
    "null",
    "attained_p",
    "reason",
)
"""Columns of the table of `within_group_agreement`."""

_COEFFICIENTS: tuple[Coefficient, ...] = get_args(Coefficient)
_NUMBERS = ("value", "p", "critical_value", "attained_p")
_MOST_DISTRIBUTIONS = 500_000
_ROUNDING = 1e-9


@dataclass(frozen=True)
class CriticalValue:
    """The weakest agreement that chance would hardly give.

    Attributes
    ----------
    value
        r_wg of this size or more, AD of this size or less, is rare by chance; None where not even
        perfect agreement is.
    attained_p
        Probability of `value` or better by chance; of perfect agreement where `value` is None.
    """

    value: float | None
    attained_p: float


def within_group_agreement(
    ratings: pd.DataFrame,
    *,
    points: int,
    significance: float = 0.05,
    minimum_n: int = 2,
) -> pd.DataFrame:
    """Agreement of raters on each statement: r_wg, and deviation from the mean and the median.

    r_wg is 1 − s²/σ², s² with n − 1, σ² = (A² − 1)/12 the variance when all A points are equally
    likely. It is not cut off at 0: below, raters differ more than chance makes them. AD_M and AD_Md
    are mean absolute deviations from mean and median, in points; smaller is better.

    The uniform null is easy to beat: raters who all keep to one part of the scale agree by habit.
    On large surveys the coefficients only describe how much respondents differ; there, with more
    than 500,000 ways in which ratings can fall on points, they come without probabilities.

    Parameters
    ----------
    ratings
        Raters in rows, statements in columns; whole points of one scale; NaN for no rating.
    points
        Number A of points of the scale, spaced by 1.
    significance
        Largest probability by chance at the critical value.
    minimum_n
        Ratings below which the values of a statement are withheld, at least 2.

    Returns
    -------
    DataFrame
        Columns `WITHIN_GROUP`, three rows per statement. ``p`` is the probability of so much
        agreement or more when all points are equally likely, ``attained_p`` that of the critical
        value; both exact. Empty cells have a ``reason``.

    Raises
    ------
    ValueError
        If ratings are not whole, lie further apart than the scale is long, or an option is no use.

    Notes
    -----
    James, Demaree and Wolf (1984); Burke, Finkelstein and Dusig (1999); exact critical values
    after Dunlap, Burke and Smith-Crowe (2003).

    Examples
    --------
    >>> table = pd.DataFrame({"T1": [4, 4, 5, 4, 3], "T2": [5, 5, 5, 5, 5]})
    >>> rows = within_group_agreement(table, points=5)
    >>> rows.round(4)[["statement_id", "coefficient", "value", "critical_value", "attained_p"]]
      statement_id coefficient  value  critical_value  attained_p
    0           T1        r_wg   0.75            0.85      0.0400
    1           T1        AD_M   0.40            0.40      0.0336
    2           T1       AD_Md   0.40            0.20      0.0144
    3           T2        r_wg   1.00            0.85      0.0400
    4           T2        AD_M   0.00            0.40      0.0336
    5           T2       AD_Md   0.00            0.20      0.0144
    """
    _check(points, significance)
    counts = _point_counts(rating_table(ratings), points)
    rows = [
        {"statement_id": name, "coefficient": coefficient, "n": int(row.sum()), "null": "uniform"}
        | _describe(row, coefficient, significance, max(minimum_n, 2))
        for name, row in zip(ratings.columns, counts, strict=True)
        for coefficient in _COEFFICIENTS
    ]
    table = pd.DataFrame(rows, columns=list(WITHIN_GROUP))
    return table.astype(dict.fromkeys(_NUMBERS, float))


def critical_value(
    coefficient: Coefficient, *, n: int, points: int, significance: float = 0.05
) -> CriticalValue:
    """Exact critical value of an agreement coefficient when all points are equally likely.

    All ways in which n ratings can fall on the points are put in order of agreement; the critical
    value is the last whose cumulated probability does not exceed `significance`.

    Parameters
    ----------
    coefficient
        ``"r_wg"``, ``"AD_M"`` or ``"AD_Md"``.
    n
        Number of ratings, at least 2.
    points
        Number of points of the scale.
    significance
        Largest probability by chance.

    Raises
    ------
    ValueError
        If an option cannot be used, or there are more than 500,000 distributions of the ratings.

    Notes
    -----
    Dunlap, Burke and Smith-Crowe (2003); Cohen, Doveh and Nahum-Shani (2009).

    Examples
    --------
    >>> critical_value("AD_M", n=3, points=5).value
    0.0
    >>> critical_value("AD_M", n=2, points=5).value is None
    True
    """
    _check(points, significance)
    if coefficient not in _COEFFICIENTS:
        raise ValueError(f"found “{coefficient}”; wanted one of {', '.join(_COEFFICIENTS)}")
    if n < 2:
        raise ValueError(f"found n = {n}; wanted 2 ratings or more")
    if not _enumerable(n, points):
        raise ValueError(
            f"found {n} ratings on {points} points; wanted no more than "
            f"{_MOST_DISTRIBUTIONS:,} ways in which ratings can fall on points"
        )
    disagreements, cumulated = _null(n, points)[coefficient]
    rare = np.searchsorted(cumulated, significance * (1 + _ROUNDING), side="right")
    if rare == 0:
        return CriticalValue(None, float(cumulated[0]))
    value = _value(coefficient, int(disagreements[rare - 1]), n, points)
    return CriticalValue(value, float(cumulated[rare - 1]))


def _check(points: int, significance: float) -> None:
    """Refuse scales without a choice, and probabilities that are none."""
    if points < 2:
        raise ValueError(f"found {points} points; wanted a scale of 2 or more")
    if not 0 < significance < 1:
        raise ValueError(f"found significance {significance}; wanted a share between 0 and 1")


def _point_counts(table: Floats, points: int) -> Counts:
    """Count the ratings on each point, from the lowest that was used: statements × points."""
    rated = ~np.isnan(table)
    used = table[rated]
    if (used != np.round(used)).any():
        raise ValueError("found a rating between two points; wanted whole points")
    lowest = used.min() if used.size else 0.0
    if used.size and used.max() - lowest > points - 1:
        raise ValueError(
            f"found ratings from {lowest:g} to {used.max():g}; wanted a scale of {points} points"
        )
    codes = np.where(rated, table - lowest, -1)
    return np.column_stack([(codes == point).sum(axis=0) for point in range(points)])


def _describe(
    counts: Counts, coefficient: Coefficient, significance: float, minimum_n: int
) -> dict[str, object]:
    """Value, probability and critical value of one statement, or the reason why not."""
    n, points = int(counts.sum()), len(counts)
    if n < minimum_n:
        return {"reason": f"rated by {n} only" if n else "rated by nobody"}
    disagreement = int(_disagreements(counts[None, :])[coefficient][0])
    value = _value(coefficient, disagreement, n, points)
    if not _enumerable(n, points):
        return {"value": value, "reason": f"too many ratings ({n}) for exact probabilities"}
    critical = critical_value(coefficient, n=n, points=points, significance=significance)
    found = {"value": value, "p": _probability(coefficient, disagreement, n, points)}
    if critical.value is None:
        chance = f"even perfect agreement has probability {critical.attained_p:.3g} by chance"
        return found | {"reason": f"{chance}, above {significance:g}"}
    known = {"critical_value": critical.value, "attained_p": critical.attained_p}
    return found | known | {"reason": ""}


def _probability(coefficient: Coefficient, disagreement: int, n: int, points: int) -> float:
    """Probability of at most this disagreement when all points are equally likely."""
    disagreements, cumulated = _null(n, points)[coefficient]
    return float(cumulated[np.searchsorted(disagreements, disagreement)])


def _value(coefficient: Coefficient, disagreement: int, n: int, points: int) -> float:
    """Turn a whole-numbered disagreement into the coefficient."""
    if coefficient == "r_wg":
        return 1 - 12 * disagreement / (n * (n - 1) * (points**2 - 1))
    return disagreement / n**2 if coefficient == "AD_M" else disagreement / n


def _disagreements(counts: Counts) -> Mapping[Coefficient, Counts]:
    """Disagreement of each row of counts in whole numbers, so that equal ones compare equal.

    n Σ(x − x̄)² for r_wg, n Σ|x − x̄| for AD_M, Σ|x − median| for AD_Md.
    """
    x = np.arange(counts.shape[1])
    n, total = counts.sum(axis=1), counts @ x
    # Any point between the two middle ratings has the same sum of distances.
    median = (counts.cumsum(axis=1) >= ((n + 1) // 2)[:, None]).argmax(axis=1)
    return {
        "r_wg": n * (counts @ x**2) - total**2,
        "AD_M": (counts * np.abs(n[:, None] * x - total[:, None])).sum(axis=1),
        "AD_Md": (counts * np.abs(x - median[:, None])).sum(axis=1),
    }


def _enumerable(n: int, points: int) -> bool:
    """Whether the ways in which n ratings can fall on the points are few enough to list."""
    return comb(n + points - 1, points - 1) <= _MOST_DISTRIBUTIONS


@lru_cache(maxsize=64)
def _null(n: int, points: int) -> Mapping[Coefficient, tuple[Counts, Floats]]:
    """Distinct disagreements in rising order, with their cumulated probabilities by chance."""
    counts = _distributions(n, points)
    logarithms = gammaln(n + 1) - gammaln(counts + 1).sum(axis=1) - n * np.log(points)
    probabilities = np.exp(logarithms)
    null: dict[Coefficient, tuple[Counts, Floats]] = {}
    for coefficient, disagreement in _disagreements(counts).items():
        distinct, place = np.unique(disagreement, return_inverse=True)
        cumulated = np.bincount(place, weights=probabilities).cumsum()
        null[coefficient] = (distinct, np.minimum(cumulated, 1.0))
    return null


def _distributions(n: int, points: int) -> Counts:
    """All ways in which n ratings can fall on the points: one per row."""
    places = chain.from_iterable(combinations(range(n + points - 1), points - 1))
    bars = np.fromiter(places, dtype=np.int64).reshape(-1, points - 1)
    return np.diff(bars, axis=1, prepend=-1, append=n + points - 1) - 1
