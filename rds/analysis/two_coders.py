"""How far two coders agree: percent, Cohen's kappa and Gwet's AC1, with intervals."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from rds.analysis.chance_corrected import chance_corrected_agreement
from rds.errors import WithheldError

Floats = NDArray[np.float64]
Pair = tuple[Hashable, Hashable]

TWO_CODERS = ("coefficient", "value", "se", "ci_low", "ci_high", "n_coded")
FEWEST_CODED = 10
"""Fewer things coded by both than this give a percentage and no coefficient."""

_EXACT = 1e-12


def two_coder_agreement(
    first: Sequence[Hashable], second: Sequence[Hashable], *, confidence: float = 0.95
) -> pd.DataFrame:
    """Return how far two coders agree on the categories of the same things.

    Parameters
    ----------
    first, second
        Each coder's codes, in the same order; None or empty where a coder gave none. Things that
        one of them did not code are left out.
    confidence
        Confidence of the intervals.

    Returns
    -------
    DataFrame
        Columns `TWO_CODERS`; rows percent agreement (a share, Wilson's interval), Cohen's kappa
        and AC1 (t intervals with n − 1 degrees of freedom, not beyond 1). Categories are the codes
        that were used. Where kappa or AC1 cannot be told, its cells are NaN: with fewer than
        `FEWEST_CODED` things, and kappa also where both coders put everything in one category.

    Raises
    ------
    WithheldError
        When nothing was coded by both.
    ValueError
        When the two have different lengths.

    Notes
    -----
    Cohen (1960); Fleiss, Cohen and Everitt (1969) for the standard error of kappa; Gwet (2008) for
    AC1 and its standard error.

    Examples
    --------
    >>> codes = ["role"] * 6 + ["culture"] * 6
    >>> other = ["role"] * 5 + ["culture"] * 7
    >>> two_coder_agreement(codes, other)["value"].round(3).tolist()
    [0.917, 0.833, 0.834]
    """
    if len(first) != len(second):
        raise ValueError("both coders' codes must stand for the same things, one each")
    pairs = [(a, b) for a, b in zip(first, second, strict=True) if _given(a) and _given(b)]
    if not pairs:
        raise WithheldError("two coders have coded nothing in common yet")
    n, agreed = len(pairs), sum(a == b for a, b in pairs)
    wilson = stats.binomtest(agreed, n).proportion_ci(confidence, method="wilson")
    rows = [("percent agreement", agreed / n, np.nan, float(wilson.low), float(wilson.high), n)]
    t = float(stats.t.ppf((1 + confidence) / 2, max(n - 1, 1)))
    for name, (value, error) in _coefficients(pairs).items():
        rows.append((name, value, error, value - t * error, min(value + t * error, 1.0), n))
    return pd.DataFrame(rows, columns=list(TWO_CODERS))


def _coefficients(pairs: Sequence[Pair]) -> dict[str, tuple[float, float]]:
    """Return kappa and AC1 with their standard errors; NaN where they cannot be told."""
    n = len(pairs)
    if n < FEWEST_CODED:
        return dict.fromkeys(("Cohen's kappa", "AC1"), (np.nan, np.nan))
    categories = sorted({code for pair in pairs for code in pair}, key=str)
    p = np.zeros((len(categories), len(categories)))
    for a, b in pairs:
        p[categories.index(a), categories.index(b)] += 1 / n
    ac1 = (1.0, 0.0) if len(categories) == 1 else _ac1(pairs, categories, p)
    return {"Cohen's kappa": _kappa(p, n), "AC1": ac1}


def _given(code: Hashable) -> bool:
    """Tell whether a code was given."""
    return code is not None and code == code and code != ""  # noqa: PLR0124


def _kappa(p: Floats, n: int) -> tuple[float, float]:
    """Return Cohen's kappa and its standard error from shares of first × second codes."""
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    p_o, p_e = float(np.trace(p)), float(rows @ columns)
    if p_e > 1 - _EXACT:
        return np.nan, np.nan
    kappa = (p_o - p_e) / (1 - p_e)
    # Of the code a that the first gave, the second's share; of the code b, the first's.
    margins = np.add.outer(columns, rows)
    on = np.diag(p) * (1 - np.diag(margins) * (1 - kappa)) ** 2
    off = (1 - kappa) ** 2 * (p * margins**2).sum()
    off -= (1 - kappa) ** 2 * (np.diag(p) * np.diag(margins) ** 2).sum()
    last = (kappa - p_e * (1 - kappa)) ** 2
    variance = (float(on.sum()) + float(off) - last) / (n * (1 - p_e) ** 2)
    return float(kappa), float(np.sqrt(max(variance, 0.0)))


def _ac1(pairs: Sequence[Pair], categories: Sequence[Hashable], p: Floats) -> tuple[float, float]:
    """Return AC1 and its standard error, by what each thing contributes."""
    n, q = len(pairs), len(categories)
    table = pd.DataFrame(list(zip(*pairs, strict=True)), dtype=object)
    found = chance_corrected_agreement(table, categories=categories)
    ac1 = float(found.loc[found["coefficient"] == "AC1", "value"].iloc[0])
    pi = (p.sum(axis=0) + p.sum(axis=1)) / 2
    p_e = float((pi * (1 - pi)).sum() / (q - 1))
    chance = np.array([_chance(pair, categories, pi) for pair in pairs])
    agreed = np.array([float(a == b) for a, b in pairs])
    own = (agreed - p_e) / (1 - p_e) - 2 * (1 - ac1) * (chance - p_e) / (1 - p_e)
    return ac1, float(np.sqrt(((own - ac1) ** 2).sum() / (n * (n - 1))))


def _chance(pair: Pair, categories: Sequence[Hashable], pi: Floats) -> float:
    """Return the mean share of codes other than the two given, over q − 1."""
    own = [1 - float(pi[categories.index(code)]) for code in pair]
    return sum(own) / 2 / (len(categories) - 1)
