"""Printed means of whole answers: whether they are possible, and answers that have them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import floor

import pandas as pd

from rds.scales import Scale, named_scale

GRIM_COLUMNS = ("statement_id", "scale", "n", "mean")
"""What `grim_table` needs to know of every printed mean."""


def attainable_totals(
    mean: float | str, n: int, *, decimals: int = 2, lowest: int, highest: int
) -> tuple[int, ...]:
    """Return the totals of `n` whole answers whose mean is printed as `mean`.

    The GRIM test: a mean of whole answers is a whole total divided by `n`, so not every printed
    mean can be one. Means may have been rounded half up or half to even: both are accepted.

    Parameters
    ----------
    mean
        The printed mean; a float is read as the decimal that prints it.
    n
        Number of answers.
    decimals
        Decimals that the source prints.
    lowest, highest
        Lowest and highest answer on the scale.

    Returns
    -------
    tuple of int
        Ascending; empty when no total fits, that is, when the mean or `n` is wrong.

    Raises
    ------
    ValueError
        For a mean that is no number or has more decimals, or an `n` that is no whole number.

    References
    ----------
    Brown, N. J. L. and Heathers, J. A. J. (2017). The GRIM test.

    Examples
    --------
    >>> attainable_totals("3.61", 28, lowest=1, highest=4)
    (101,)
    >>> attainable_totals("3.79", 15, lowest=1, highest=4)
    ()
    """
    if not n >= 1 or n % 1:
        raise ValueError(
            f"the mean {mean} has n = {n}; wanted a whole number of answers, 1 or more"
        )
    n, printed, unit = int(n), _last_places(mean, decimals), 10**decimals
    first = max(lowest * n, (printed - 1) * n // unit)
    last = min(highest * n, (printed + 1) * n // unit + 1)
    return tuple(
        total
        for total in range(first, last + 1)
        if printed in _roundings(Fraction(total * unit, n))
    )


def reconstruct_answers(
    mean: float | str, n: int, *, decimals: int = 2, points: Sequence[int]
) -> tuple[int, ...]:
    """Return `n` whole answers whose mean is printed as `mean`, as close together as they can be.

    Only `n` and the mean of the result are real. The answers lie on one point or two neighbouring
    points, so their spread is the smallest possible and says nothing about the people who answered.

    Parameters
    ----------
    mean, n, decimals
        As for `attainable_totals`.
    points
        The points of the scale.

    Returns
    -------
    tuple of int
        Ascending. Where several totals fit, the one closest to the printed mean is taken, and the
        smaller of two that are equally close.

    Raises
    ------
    ValueError
        When no such answers exist.

    Examples
    --------
    >>> reconstruct_answers("2.33", 6, points=(1, 2, 3, 4))
    (2, 2, 2, 2, 3, 3)
    """
    ordered = sorted(set(points))
    if not ordered:
        raise ValueError("no points were given; wanted the points of the scale")
    lowest, highest = ordered[0], ordered[-1]
    totals = attainable_totals(mean, n, decimals=decimals, lowest=lowest, highest=highest)
    wanted = Fraction(str(mean)) * n
    for total in sorted(totals, key=lambda total: abs(total - wanted)):
        if answers := _closest_together(total, n, ordered):
            return answers
    raise ValueError(
        f"no {n} answers on the points {', '.join(map(str, ordered))} have the mean {mean}; "
        "wanted a mean and an n that fit each other"
    )


def grim_table(frame: pd.DataFrame, *, scales: Sequence[Scale], decimals: int = 2) -> pd.DataFrame:
    """Tell of every printed mean whether whole answers can have it.

    Parameters
    ----------
    frame
        One row a mean: ``statement_id``, ``scale``, ``n``, ``mean``; other columns are kept.
    scales
        The scales that are named; their rated points bound the answers.
    decimals
        Decimals that the source prints.

    Returns
    -------
    DataFrame
        `frame` with ``possible`` (bool) and ``totals`` (tuple of the totals that fit).

    Raises
    ------
    ValueError
        For a missing column, a scale that was not given, or a mean that cannot be read.

    Examples
    --------
    >>> from rds.scales import ordinal
    >>> labels = {1: "Not", 2: "Somewhat", 3: "Important", 4: "Very"}
    >>> printed = pd.DataFrame(
    ...     {"statement_id": ["T20"] * 2, "scale": "importance", "n": [14, 15], "mean": "3.79"}
    ... )
    >>> grim_table(printed, scales=[ordinal("importance", labels)])["possible"].tolist()
    [True, False]
    """
    missing = [column for column in GRIM_COLUMNS if column not in frame]
    if missing:
        raise ValueError(f"the table has no column “{missing[0]}”; wanted {GRIM_COLUMNS}")
    ranges = {name: _range(str(name), scales) for name in frame["scale"].unique()}
    totals = [
        attainable_totals(
            mean, n, decimals=decimals, lowest=ranges[scale][0], highest=ranges[scale][1]
        )
        for scale, n, mean in zip(frame["scale"], frame["n"], frame["mean"], strict=True)
    ]
    fitting = pd.Series(totals, index=frame.index, dtype=object)
    return frame.assign(possible=fitting.map(bool).astype(bool), totals=fitting)


def _last_places(mean: float | str, decimals: int) -> int:
    """Return a printed mean in units of its last decimal place."""
    try:
        places = Decimal(str(mean)).scaleb(decimals)
    except InvalidOperation:
        places = Decimal("NaN")
    if not places.is_finite() or places != places.to_integral_value():
        raise ValueError(f"the mean is {mean}; wanted a number with at most {decimals} decimals")
    return int(places)


def _roundings(value: Fraction) -> tuple[int, int]:
    """Round half up and half to even."""
    return floor(value + Fraction(1, 2)), round(value)


def _closest_together(total: int, n: int, points: Sequence[int]) -> tuple[int, ...]:
    """Return `n` answers with that total on neighbouring points; empty if there are none."""
    low = max(point for point in points if point * n <= total)
    left = total - low * n
    if not left:
        return (low,) * n
    high = points[points.index(low) + 1]
    at_high, rest = divmod(left, high - low)
    return () if rest else (low,) * (n - at_high) + (high,) * at_high


def _range(name: str, scales: Sequence[Scale]) -> tuple[int, int]:
    """Return the lowest and the highest rated point of a scale."""
    scale = named_scale(scales, name)
    return min(scale.rated_values), max(scale.rated_values)
