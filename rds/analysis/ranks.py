"""Ranks of statements by their means, with ties in the open."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

_EXACT = 1e-9


def ranked(means: pd.Series[float]) -> pd.DataFrame:
    """Rank statements by their means, highest first; equal means share their ranks.

    Parameters
    ----------
    means
        Mean by statement identifier; text such as ``"3.60"`` is read as a number.

    Returns
    -------
    DataFrame
        In order of rank: ``statement_id``, ``mean``, ``rank`` (text: ``"4"``, or ``"2–3"`` when
        tied), ``place`` (the best of these ranks, whole), ``tied``. Tied statements keep the order
        in which they were given.

    Raises
    ------
    ValueError
        When a mean is no number.

    Examples
    --------
    >>> ranked(pd.Series({"T1": 3.5, "T2": 3.9, "T3": 3.5}))
      statement_id  mean rank  place   tied
    0           T2   3.9    1      1  False
    1           T1   3.5  2–3      2   True
    2           T3   3.5  2–3      2   True
    """
    values = _numbers(means)
    first = values.rank(method="min", ascending=False).astype(int)
    last = values.rank(method="max", ascending=False).astype(int)
    ranks = first.astype(str).where(first == last, first.astype(str) + "–" + last.astype(str))
    table = pd.DataFrame(
        {
            "statement_id": values.index,
            "mean": values.to_numpy(),
            "rank": ranks.to_numpy(),
            "place": first.to_numpy(),
            "tied": (first != last).to_numpy(),
        }
    )
    return table.sort_values("place", kind="stable", ignore_index=True)


def extremes(means: pd.Series[float], k: int) -> pd.DataFrame:
    """Return the highest and the lowest k statements, and all that are tied at the edge.

    Parameters
    ----------
    means
        As for `ranked`.
    k
        How many statements to list at each end, if no tie makes it more.

    Returns
    -------
    DataFrame
        ``end`` (“highest”, “lowest”), ``statement_id``, ``mean``, ``rank``, ``tied``; each end
        with the most extreme first.

    Raises
    ------
    ValueError
        When k is below 1 or above the number of statements, or a mean is no number.

    Examples
    --------
    >>> means = pd.Series({"T1": 3.5, "T2": 3.9, "T3": 3.5, "T4": 2.8})
    >>> extremes(means, 2)[["end", "statement_id", "rank", "tied"]]
           end statement_id rank   tied
    0  highest           T2    1  False
    1  highest           T1  2–3   True
    2  highest           T3  2–3   True
    3   lowest           T4    4  False
    4   lowest           T1  2–3   True
    5   lowest           T3  2–3   True
    """
    if not 1 <= k <= len(means):
        raise ValueError(f"found k = {k}; wanted 1 to {len(means)}, the number of statements")
    table = ranked(means)
    rising = table.sort_values("mean", kind="stable")
    highest = table[table["mean"] >= table["mean"].iloc[k - 1] - _EXACT]
    lowest = rising[rising["mean"] <= rising["mean"].iloc[k - 1] + _EXACT]
    ends: pd.DataFrame = pd.concat([highest.assign(end="highest"), lowest.assign(end="lowest")])
    columns = ["end", "statement_id", "mean", "rank", "tied"]
    return ends.reindex(columns=columns).reset_index(drop=True)


def hidden_ties(means: pd.Series[float], listed: Collection[str]) -> tuple[str, ...]:
    """Return the statements that a list leaves out although their mean is that of one it names.

    Parameters
    ----------
    means
        As for `ranked`.
    listed
        Identifiers of the statements in the list.

    Raises
    ------
    ValueError
        When the list names a statement without a mean, or a mean is no number.

    Examples
    --------
    >>> hidden_ties(pd.Series({"T1": 3.5, "T2": 3.9, "T3": 3.5}), ["T1", "T2"])
    ('T3',)
    """
    values = _numbers(means)
    unknown = [name for name in listed if name not in values.index]
    if unknown:
        raise ValueError(f"the list names “{unknown[0]}”; wanted statements that have a mean")
    tied = values.isin(values[list(listed)]) & ~values.index.isin(list(listed))
    return tuple(values.index[tied])


def places_per_answer(means: pd.Series[float], n: pd.Series[int]) -> pd.Series[int]:
    """Return how many statements each would pass or draw level with if one answer rose one point.

    Parameters
    ----------
    means
        Mean by statement, as exact as it is known: total / n.
    n
        Number of answers by statement.

    Examples
    --------
    One answer more is worth 1/15, or 0.067:

    >>> means = pd.Series({"T1": 45 / 15, "T2": 46 / 15, "T3": 48 / 15})
    >>> places_per_answer(means, pd.Series(15, index=means.index)).to_dict()
    {'T1': 1, 'T2': 0, 'T3': 0}
    """
    values = _numbers(means)
    here = values.to_numpy()
    risen = here + 1 / n.reindex(values.index).to_numpy()
    above = here[None, :] > here[:, None] + _EXACT
    reached = here[None, :] <= risen[:, None] + _EXACT
    return pd.Series(np.sum(above & reached, axis=1), index=values.index)


def _numbers(means: pd.Series[float]) -> pd.Series[float]:
    """Return means as numbers."""
    values = pd.to_numeric(means, errors="coerce").astype(float)
    unread = ~np.isfinite(values)
    if unread.any():
        name = values.index[unread][0]
        raise ValueError(f"found the mean {means[name]} for {name}; wanted a number")
    return values
