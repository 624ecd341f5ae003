"""The closest whole table, and Webster's biproportional one, as cheapest flows."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from rds.blueprint.apportion_flow import Arc, Network, Swap, potentials, send, settle
from rds.blueprint.apportion_table_inputs import Cell, Problem, Range, Table, axis_sums

UNIT = 10**12
"""Prices and targets are counted in units of 1e-12 item."""

NEAR = 10**3
"""Targets, and logarithms of priorities, that differ by no more units (1e-9) are equal."""

Exchange = tuple[tuple[Cell, ...], tuple[Cell, ...]]


@dataclass(frozen=True, eq=False)
class Filled:
    """A whole table, and what would have been as good.

    Parameters
    ----------
    items
        Whole items.
    exchanges
        Cells that would lose and cells that would gain an item at no cost.
    multipliers
        For a biproportional table, the numbers by which rows and columns are multiplied.
    """

    items: Table
    exchanges: tuple[Exchange, ...]
    multipliers: tuple[tuple[float, ...], ...] = ()


def nearest_table(
    problem: Problem, targets: Table, totals: Sequence[Sequence[Fraction]]
) -> Filled | None:
    """Return the whole table closest to the targets within the bounds, None if there is none.

    Row totals come first, then column totals, then cells: of each the least sum of squared
    differences. Of tables that are equally close, the one with more items in the row with the
    largest target, then in the column, then in the cell; equal targets go by identifier.
    """
    levels = _levels(problem.items)
    prices = [
        [partial(_square, level, _units(total, own_grid)) for total in own]
        for level, own, own_grid in zip(levels, totals, (NEAR, NEAR), strict=False)
    ]
    starts = [[round(total) for total in own] for own in totals]
    cells = {c: partial(_square, 1, _units(targets[c])) for c in problem.cells}
    begin = {c: round(targets[c]) for c in problem.cells}
    network = _network(problem, prices, starts, cells, begin)
    if not send(network):
        return None
    # Remainders differ by half of what the prices of exchanges differ.
    swaps = settle(network, _order(problem, targets, totals), 2 * NEAR)
    return Filled(_items(problem, network), _exchanges(problem, swaps))


def biproportional_table(problem: Problem, targets: Table) -> Filled | None:
    """Return Webster's biproportional table within the bounds, None if there is none.

    Each cell is its pattern times a multiplier of its row and one of its column, rounded at one
    half; a multiplier is 1 (all of them times one number) where a total is free. It is the table
    with the least product over its items of (k − 1/2) / pattern (Balinski and Demange, 1989).
    """
    scale = Fraction(problem.items) / Fraction(problem.pattern.sum())
    scaled = {c: float(problem.pattern[c] * scale) for c in problem.cells}
    free: list[list[Callable[[int], int]]] = [[_nothing] * len(own) for own in problem.totals]
    starts = [[round(total) for total in axis_sums(targets, axis)] for axis in range(2)]
    cells = {c: partial(_logarithm, scaled[c]) if scaled[c] else _nothing for c in problem.cells}
    begin = {c: math.floor(scaled[c] + 0.5) for c in problem.cells}
    network = _network(problem, free, starts, cells, begin)
    if not send(network):
        return None
    # Tables as good within the tolerance share the multipliers of the one that was found first;
    # in the one that is chosen, rounded prices could fall for ever around a circle.
    multipliers = _multipliers(problem, potentials(network), float(scale))
    totals = [axis_sums(targets, axis) for axis in range(2)]
    swaps = settle(network, _order(problem, targets, totals), NEAR)
    return Filled(_items(problem, network), _exchanges(problem, swaps), multipliers)


def _multipliers(
    problem: Problem, prices: Sequence[int], scale: float
) -> tuple[tuple[float, ...], ...]:
    """Return what rows and columns are multiplied by."""
    n = len(problem.names[0])
    rows, columns = prices[1 : n + 1], prices[n + 1 : -1]
    return (
        tuple(math.exp(-price / UNIT) * scale for price in rows),
        tuple(math.exp(price / UNIT) for price in columns),
    )


def _square(level: int, target: int, k: int) -> int:
    """Price the k-th item by the growth of the squared difference."""
    return level * ((2 * k - 1) * UNIT - 2 * target)


def _logarithm(pattern: float, k: int) -> int:
    """Price the k-th item by the logarithm of (k − 1/2) / pattern."""
    return round(math.log((k - 0.5) / pattern) * UNIT)


def _nothing(k: int) -> int:
    """Price an item at nothing."""
    return 0 * k


def _units(target: Fraction, grid: int = 1) -> int:
    """Return a target in units, rounded to a grid."""
    return round(target * UNIT / grid) * grid


def _levels(items: int) -> tuple[int, int]:
    """Return prices so high that rows come before columns, and these before cells."""
    most = 10 * (items + 1) ** 2 * UNIT
    return most**2, most


def _network(
    problem: Problem,
    prices: Sequence[Sequence[Callable[[int], int]]],
    starts: Sequence[Sequence[int]],
    cells: Mapping[Cell, Callable[[int], int]],
    begin: Mapping[Cell, int],
) -> Network:
    """Return the table as a network: from a source by rows, cells and columns to a sink."""
    n, m = problem.pattern.shape
    sink = n + m + 1
    ends = [[(0, 1 + i) for i in range(n)], [(1 + n + j, sink) for j in range(m)]]
    margins = [
        Arc(*end, low, high, start, price)
        for axis in range(2)
        for end, (low, high), start, price in zip(
            ends[axis], problem.totals[axis], starts[axis], prices[axis], strict=True
        )
    ]
    inner = [
        Arc(1 + i, 1 + n + j, problem.low[i, j], problem.high[i, j], begin[i, j], cells[i, j])
        for i, j in problem.cells
    ]
    return Network([problem.items, *[0] * (n + m), -problem.items], [*margins, *inner])


def _order(problem: Problem, targets: Table, totals: Sequence[Sequence[Fraction]]) -> list[int]:
    """List arcs by larger target; targets equal within 1e-9 go by identifier."""
    values = [*totals, [targets[cell] for cell in problem.cells]]
    starts = [0, *np.cumsum([len(own) for own in values]).tolist()]
    ranked = (
        sorted(range(len(own)), key=lambda i, own=own: (-_units(own[i], NEAR), i))  # type: ignore[misc]
        for own in values
    )
    return [start + i for start, own in zip(starts, ranked, strict=False) for i in own]


def _items(problem: Problem, network: Network) -> Table:
    """Return the flow of the cells as a table."""
    first = sum(problem.pattern.shape)
    return np.array(network.flow[first:], dtype=np.int64).reshape(problem.pattern.shape)


def _exchanges(problem: Problem, swaps: Sequence[Swap]) -> tuple[Exchange, ...]:
    """Return swaps as cells that would lose and gain."""
    first, cells = sum(problem.pattern.shape), problem.cells

    def named(arcs: Sequence[int]) -> tuple[Cell, ...]:
        return tuple(cells[arc - first] for arc in arcs if arc >= first)

    return tuple(dict.fromkeys((named(swap.lose), named(swap.gain)) for swap in swaps))


def rounded_problem(
    problem: Problem, targets: Table, totals: Sequence[Sequence[Fraction]]
) -> Problem:
    """Return the problem with every number allowed only its target rounded down or up.

    Where a bound excludes both neighbours of a target, the bound nearest to it takes their place.
    """
    return replace(
        problem,
        totals=tuple(
            tuple(_neighbours(total, own) for total, own in zip(wanted, ranges, strict=True))
            for wanted, ranges in zip(totals, problem.totals, strict=True)
        ),
        low=_of_cells(problem, targets, 0),
        high=_of_cells(problem, targets, 1),
    )


def _of_cells(problem: Problem, targets: Table, end: int) -> Table:
    """Return the lower or upper neighbours of all targets."""
    ends = [
        _neighbours(targets[cell], (problem.low[cell], problem.high[cell]))[end]
        for cell in problem.cells
    ]
    return np.array(ends, dtype=object).reshape(targets.shape)


def _neighbours(target: Fraction, allowed: Range) -> Range:
    """Return the target rounded down and up, each moved into the range that is allowed."""
    low, high = rounded_down_and_up(target)
    return min(max(low, allowed[0]), allowed[1]), max(min(high, allowed[1]), allowed[0])


def rounded_down_and_up(target: Any) -> Range:
    """Return the whole numbers beside a target; both the same if it is whole within 1e-9.

    Examples
    --------
    >>> rounded_down_and_up(Fraction(5, 2)), rounded_down_and_up(2.9999999999)
    ((2, 3), (3, 3))
    """
    nearest = round(target)
    if abs(target - nearest) * UNIT <= NEAR:
        return nearest, nearest
    return math.floor(target), math.ceil(target)
