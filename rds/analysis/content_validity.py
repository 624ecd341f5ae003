"""Content validity: how many SMEs call a statement essential or relevant, and whether by chance."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from rds.analysis.chance_corrected import judgement_counts
from rds.errors import WithheldError
from rds.show import ShownFields

Floats = NDArray[np.float64]

CONTENT_VALIDITY = (
    "statement_id",
    "n",
    "n_agreeing",
    "cvr",
    "critical_count",
    "critical_cvr",
    "attained_p",
    "reaches_critical",
    "i_cvi",
    "p_chance",
    "modified_kappa",
    "kappa_band",
    "reason",
)
"""Columns of the table of `content_validity`."""

_ROUNDING = 1e-9
_VALUES = ["cvr", "i_cvi", "p_chance", "modified_kappa"]
_CRITICAL = ["critical_count", "critical_cvr", "attained_p"]


@dataclass(frozen=True, repr=False)
class ScaleContentValidity(ShownFields):
    """Content validity of a set of statements.

    Attributes
    ----------
    average
        S-CVI/Ave: mean I-CVI.
    universal
        S-CVI/UA: share of statements on which all SMEs agree.
    cvi
        Lawshe's index: mean CVR of the statements that reach the critical count; None if none does.
    n_statements, n_reaching
        Statements with values, and those that reach the critical count.
    """

    average: float
    universal: float
    cvi: float | None
    n_statements: int
    n_reaching: int


def content_validity(
    judgements: pd.DataFrame,
    *,
    options: Sequence[Hashable],
    agreeing: Collection[Hashable],
    significance: float = 0.05,
    minimum_n: int = 1,
) -> pd.DataFrame:
    """Content validity ratio, content validity index and modified kappa of every statement.

    Everything rests on the SMEs who judged the statement, so that the critical count may differ
    from statement to statement.

    Parameters
    ----------
    judgements
        SMEs in rows, statements in columns; NaN where there is no judgement.
    options
        All judgements that could be chosen.
    agreeing
        Those that speak for the statement: “essential” of Lawshe's three, 3 and 4 of four points
        of relevance.
    significance
        Largest probability that chance alone reaches the critical count, one-tailed.
    minimum_n
        Judgements below which the values of a statement are withheld.

    Returns
    -------
    DataFrame
        Columns `CONTENT_VALIDITY`, statements in order. ``cvr`` is (n_agreeing − n/2)/(n/2),
        ``i_cvi`` the share agreeing, ``p_chance`` the probability of exactly this count when both
        answers are equally likely, ``modified_kappa`` the index corrected for it, ``kappa_band``
        excellent (above .74), good (.60), fair (.40) or poor. Empty cells have a ``reason``: too
        few judgements, or too few SMEs for any count to be critical.

    Raises
    ------
    ValueError
        If a judgement is no option, an agreeing one is none, or `significance` is no share.

    Notes
    -----
    Lawshe (1975); critical counts: Ayre and Scally (2014); I-CVI: Lynn (1986); modified kappa and
    bands: Polit, Beck and Owen (2007). Chance means one half, whatever the number of options.

    Examples
    --------
    >>> table = pd.DataFrame({"T1": [4, 4, 3, 4, 3, 4], "T2": [4, 2, 3, 4, 1, np.nan]})
    >>> rows = content_validity(table, options=[1, 2, 3, 4], agreeing=[3, 4])
    >>> rows[["statement_id", "n", "n_agreeing", "cvr", "critical_count", "reaches_critical"]]
      statement_id  n  n_agreeing  cvr  critical_count  reaches_critical
    0           T1  6           6  1.0             6.0              True
    1           T2  5           3  0.2             5.0             False
    """
    _check(options, agreeing)
    counts = judgement_counts(judgements, options)
    n = counts.sum(axis=1)
    agreed = counts[:, [option in agreeing for option in options]].sum(axis=1)
    rows = pd.DataFrame({"statement_id": judgements.columns, "n": n, "n_agreeing": agreed})
    rows = rows.join(_indices(agreed, n)).join(_critical(n, significance))
    few = rows["n"] < max(minimum_n, 1)
    rows.loc[few, _VALUES + _CRITICAL] = np.nan
    rows["reaches_critical"] = rows["n_agreeing"] >= rows["critical_count"]
    rows["kappa_band"] = [_band(kappa) for kappa in rows["modified_kappa"]]
    rows["reason"] = [
        _reason(int(size), bool(thin), bool(empty), significance)
        for size, thin, empty in zip(n, few, rows["critical_count"].isna(), strict=True)
    ]
    return rows[list(CONTENT_VALIDITY)]


def scale_content_validity(rows: pd.DataFrame) -> ScaleContentValidity:
    """Sum up the content validity of statements.

    Parameters
    ----------
    rows
        Rows of `content_validity`; those whose values are withheld are left out.

    Raises
    ------
    WithheldError
        If no statement has a value.

    Notes
    -----
    Lawshe (1975); Polit and Beck (2006).

    Examples
    --------
    >>> table = pd.DataFrame({"T1": [4, 4, 3, 4, 3, 4], "T2": [4, 2, 3, 4, 1, 3]})
    >>> rows = content_validity(table, options=[1, 2, 3, 4], agreeing=[3, 4])
    >>> result = scale_content_validity(rows)
    >>> round(result.average, 3), result.universal, result.cvi
    (0.833, 0.5, 1.0)
    """
    known = rows[rows["i_cvi"].notna()]
    if known.empty:
        raise WithheldError("No statement was judged by enough SMEs; the index is not defined.")
    reaching = known.loc[known["reaches_critical"], "cvr"]
    return ScaleContentValidity(
        average=float(known["i_cvi"].mean()),
        universal=float((known["n_agreeing"] == known["n"]).mean()),
        cvi=None if reaching.empty else float(reaching.mean()),
        n_statements=len(known),
        n_reaching=len(reaching),
    )


@cache
def critical_count(n: int, *, significance: float = 0.05) -> int | None:
    """Return the fewest agreeing SMEs of n that chance alone would hardly give, or None.

    Parameters
    ----------
    n
        SMEs who judged the statement.
    significance
        Largest probability of this count or more when each SME agrees with probability one half.

    Returns
    -------
    int or None
        None where not even all of n would do. The share of n may rise when n rises.

    Raises
    ------
    ValueError
        If n is negative or `significance` no share.

    Notes
    -----
    Ayre and Scally (2014).

    Examples
    --------
    >>> [critical_count(n) for n in (4, 5, 8, 9, 10)]
    [None, 5, 7, 8, 9]
    """
    if n < 0:
        raise ValueError(f"found n = {n}; wanted the number of SMEs who judged")
    if not 0 < significance < 1:
        raise ValueError(f"found significance {significance}; wanted a share between 0 and 1")
    tails = stats.binom.sf(np.arange(n + 1) - 1, n, 0.5)
    enough = np.flatnonzero(tails <= significance * (1 + _ROUNDING))
    return int(enough[0]) if enough.size else None


def _check(options: Sequence[Hashable], agreeing: Collection[Hashable]) -> None:
    """Refuse agreeing judgements that nobody could choose, or that all must choose."""
    strangers = [judgement for judgement in agreeing if judgement not in options]
    if strangers or not 0 < len(set(agreeing)) < len(options):
        raise ValueError(
            f"found the agreeing judgements {list(agreeing)}; wanted some, but not all, "
            f"of {list(options)}"
        )


def _indices(agreed: NDArray[np.int64], n: NDArray[np.int64]) -> pd.DataFrame:
    """Return the indices that need no critical value; they mean nothing where n is 0."""
    share = agreed / np.maximum(n, 1)
    chance = stats.binom.pmf(agreed, n, 0.5)
    # Someone always could have said otherwise: chance is at most one half where anybody judged.
    kappa = (share - chance) / np.where(n > 0, 1 - chance, 1.0)
    values = {"cvr": 2 * share - 1, "i_cvi": share, "p_chance": chance, "modified_kappa": kappa}
    return pd.DataFrame(values)


def _critical(n: NDArray[np.int64], significance: float) -> pd.DataFrame:
    """Return critical count, its CVR and its probability by statement; NaN where there is none."""
    counts = [critical_count(int(size), significance=significance) for size in n]
    count = np.array([np.nan if value is None else value for value in counts], dtype=float)
    return pd.DataFrame(
        {
            "critical_count": count,
            "critical_cvr": 2 * count / np.maximum(n, 1) - 1,
            "attained_p": stats.binom.sf(count - 1, n, 0.5),
        }
    )


def _band(kappa: float) -> str:
    """Return the band of a modified kappa (Polit, Beck and Owen 2007)."""
    if np.isnan(kappa):
        return ""
    if kappa > 0.74:
        return "excellent"
    return "good" if kappa >= 0.60 else "fair" if kappa >= 0.40 else "poor"


def _reason(n: int, thin: bool, no_critical: bool, significance: float) -> str:
    """Say why cells are empty."""
    if thin:
        return f"judged by {n} SMEs only" if n else "judged by nobody"
    if no_critical:
        return f"with {n} SMEs no count is rarer by chance than {significance:g}"
    return ""
