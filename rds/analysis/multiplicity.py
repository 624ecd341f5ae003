"""p values of many tests together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from rds.analysis.reported import adjusted_p

Floats = NDArray[np.float64]


def holm_p(p: ArrayLike) -> Floats:
    """Return p values adjusted by Holm's method, for a few tests planned in advance.

    Parameters
    ----------
    p
        p values from 0 to 1.

    Raises
    ------
    ValueError
        For a p outside 0 to 1.

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure.

    Examples
    --------
    >>> holm_p([0.01, 0.04, 0.03]).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    values = np.atleast_1d(np.asarray(p, dtype=float))
    if not np.all((values >= 0) & (values <= 1)):
        raise ValueError(f"found p = {values.tolist()}; wanted values from 0 to 1")
    order = np.argsort(values, kind="stable")
    steps = values[order] * np.arange(len(values), 0, -1)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted


def family_q(table: pd.DataFrame, family: Sequence[str] = ()) -> pd.Series[float]:
    """Return Benjamini–Hochberg adjusted p within each family of tests; no test, no number.

    Parameters
    ----------
    table
        One row a test, with ``p``, missing where there was no test.
    family
        Columns whose values together name the family; none means that all rows are one.

    Examples
    --------
    >>> tests = pd.DataFrame({"scale": ["a", "a", "b"], "p": [0.01, 0.04, 0.04]})
    >>> family_q(tests).tolist(), family_q(tests, ["scale"]).tolist()
    ([0.03, 0.04, 0.04], [0.02, 0.04, 0.04])
    """
    tested = table[table["p"].notna()]
    q = pd.Series(np.nan, index=table.index, dtype=float)
    parts = [rows for _, rows in tested.groupby(list(family), sort=False)] if family else [tested]
    for rows in parts:
        if len(rows):
            q[rows.index] = adjusted_p(rows["p"])
    return q
