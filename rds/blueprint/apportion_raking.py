"""Targets that add up to their totals: proportional fitting, exact where that is possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from rds.blueprint.apportion import allocate
from rds.blueprint.apportion_table_inputs import Problem, Table, axis_sums

SWEEPS = 2000
CLOSE = 1e-13

Totals = Mapping[int, Sequence[Any]]


def rake(pattern: Table, totals: Totals) -> Table:
    """Scale rows and columns in turn until all totals hold; cells that are 0 stay 0.

    Exact if one turn is enough: where only one axis has totals, or the pattern is that of rows
    times columns. Otherwise the limit of the turns (Deming and Stephan, 1940), to 13 digits.

    Parameters
    ----------
    pattern
        Exact fractions.
    totals
        Wanted totals by axis; an axis without any is left as it comes out.

    Examples
    --------
    >>> pattern = np.array([[Fraction(1), Fraction(3)], [Fraction(2), Fraction(6)]])
    >>> table = rake(pattern, {0: [Fraction(10), Fraction(5)], 1: [Fraction(5), Fraction(10)]})
    >>> [[str(cell) for cell in row] for row in table]
    [['10/3', '20/3'], ['5/3', '10/3']]
    """
    once = _turn(pattern, totals)
    if all(axis_sums(once, axis) == list(own) for axis, own in totals.items()):
        return once
    table = once.astype(float)
    wanted: dict[int, Any] = {axis: np.array(own, dtype=float) for axis, own in totals.items()}
    largest = max(float(own.max()) for own in wanted.values())
    for _ in range(SWEEPS):
        table = _turn(table, wanted)
        off = max(np.abs(axis_sums(table, axis) - own).max() for axis, own in wanted.items())
        if off <= CLOSE * largest:
            break
    return np.array([Fraction(cell) for cell in table.flat], dtype=object).reshape(table.shape)


def _turn(table: Table, totals: Totals) -> Table:
    """Scale every axis once."""
    for axis, own in totals.items():
        sums = axis_sums(table, axis)
        factors = [
            want / found if found else want * 0 for want, found in zip(own, sums, strict=True)
        ]
        shape = [-1 if k == axis else 1 for k in range(table.ndim)]
        table = table * np.array(factors, dtype=table.dtype).reshape(shape)
    return table


def fitted(problem: Problem, found: Table | None = None) -> tuple[Table, list[list[Fraction]]]:
    """Return the targets fitted to the prescribed totals, and the exact totals they have.

    Parameters
    ----------
    found
        The closest table without bounds: where its totals break what the bounds leave them, these
        become whole totals within the bounds, as `allocate` finds them.
    """
    scaled = problem.pattern * (Fraction(problem.items) / Fraction(problem.pattern.sum()))
    wanted = {}
    for axis, own in enumerate(problem.totals):
        ranges = own if found is None else _tightened(problem, axis)
        sums = axis_sums(scaled, axis)
        found_sums = sums if found is None else axis_sums(found, axis)
        broken = found is not None and any(
            not low <= total <= high for total, (low, high) in zip(found_sums, ranges, strict=True)
        )
        if broken:
            wanted[axis] = _whole(problem, axis_sums(problem.pattern, axis), ranges)
        elif any(low == high for low, high in own):
            wanted[axis] = _around_prescribed(sums, own, problem.items)
    table = rake(scaled, wanted) if wanted else scaled
    totals = [wanted.get(axis) or axis_sums(table, axis) for axis in range(table.ndim)]
    return table, totals


def _tightened(problem: Problem, axis: int) -> list[tuple[int, int]]:
    """Return the ranges of totals that the ranges of the cells leave."""
    lows, highs = axis_sums(problem.low, axis), axis_sums(problem.high, axis)
    return [
        (max(low, least), min(high, most))
        for (low, high), least, most in zip(problem.totals[axis], lows, highs, strict=True)
    ]


def _whole(
    problem: Problem, sums: Sequence[Fraction], ranges: Sequence[tuple[int, int]]
) -> list[Fraction]:
    """Return whole totals within their ranges."""
    allocation = allocate(
        sums,
        items=problem.items,
        minimum=[low for low, _ in ranges],
        maximum=[high for _, high in ranges],
    )
    return [Fraction(total) for total in allocation]


def _around_prescribed(
    sums: Sequence[Fraction], ranges: Sequence[tuple[int, int]], items: int
) -> list[Fraction]:
    """Return prescribed totals, and the rest in proportion to the others' sums."""
    fixed = [low == high for low, high in ranges]
    left = items - sum(low for (low, _), own in zip(ranges, fixed, strict=True) if own)
    rest = sum(total for total, own in zip(sums, fixed, strict=True) if not own)
    scale = max(Fraction(left), Fraction(0)) / rest if rest else Fraction(0)
    return [
        Fraction(low) if own else total * scale
        for total, (low, _), own in zip(sums, ranges, fixed, strict=True)
    ]
