"""Hypotheses about groups that a study states before it sees the answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

EXPLORATORY = "exploratory"
WANTED = "“T07 frequency Q1: Hospital > Community”"

_FORM = re.compile(r"(\w+)\s+(\w+)\s+(\w+)\s*:\s*(.+?)\s*([<>])\s*(.+?)\s*")


@dataclass(frozen=True)
class Hypothesis:
    """That one group rates a statement higher than another.

    Parameters
    ----------
    statement_id, scale
        What is rated.
    variable
        What the groups differ in.
    higher, lower
        The group that is expected to rate higher, and the other.
    """

    statement_id: str
    scale: str
    variable: str
    higher: str
    lower: str

    def __str__(self) -> str:
        return f"{self.higher} > {self.lower}"


def read_hypothesis(text: str) -> Hypothesis:
    """Read a hypothesis: statement, scale, variable, colon, the two groups with > or <.

    Raises
    ------
    ValueError
        When it is written in another way.

    Examples
    --------
    >>> str(read_hypothesis("T07 frequency Q1: Community < Hospital"))
    'Hospital > Community'
    """
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"found “{text}”; wanted a hypothesis such as {WANTED}")
    statement, scale, variable, left, sign, right = match.groups()
    higher, lower = (left, right) if sign == ">" else (right, left)
    return Hypothesis(statement, scale, variable, higher, lower)


def stated_for(table: pd.DataFrame, hypotheses: Sequence[Hypothesis]) -> list[Hypothesis | None]:
    """Return, for each comparison, the hypothesis that was stated about it, if any.

    Parameters
    ----------
    table
        Rows with ``statement_id``, ``scale``, ``variable``, ``group_a``, ``group_b``.
    """
    known = {
        (h.statement_id, h.scale.casefold(), h.variable, *sorted((h.higher, h.lower))): h
        for h in hypotheses
    }
    keys = ["statement_id", "scale", "variable", "group_a", "group_b"]
    return [
        known.get((statement, scale.casefold(), variable, *sorted((a, b))))
        for statement, scale, variable, a, b in table[keys].itertuples(index=False)
    ]


def outcomes(
    table: pd.DataFrame, stated: Sequence[Hypothesis | None], *, alpha: float
) -> list[str]:
    """Say of each stated hypothesis what the answers show; empty where none was stated.

    Parameters
    ----------
    table
        Rows with ``group_a``, ``mean_a``, ``mean_b``, ``q``.
    stated
        For each row its hypothesis, if any.
    alpha
        Significance level of q.
    """
    rows = zip(stated, *(table[name] for name in ("group_a", "mean_a", "mean_b", "q")), strict=True)
    return [
        "" if h is None else _outcome(a - b if h.higher == group else b - a, q, alpha)
        for h, group, a, b, q in rows
    ]


def _outcome(difference: float, q: float, alpha: float) -> str:
    """Say how a difference, positive if as stated, stands to a hypothesis."""
    if isnan(q):
        return "not tested"
    if q >= alpha:
        return "not shown"
    return "as stated" if difference > 0 else "the opposite"
