"""The closest whole table of three ways (rows, columns, parts), by integer programming."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from rds.blueprint.apportion_table_inputs import Cell, Problem, Range, Table
from rds.blueprint.apportion_table_solve import Filled

EQUAL = Fraction(1, 10**8)
"""Sums of squared differences that are nearer than this are equal."""

HALF = Fraction(1, 2)

Terms = dict[int, float]
Values = NDArray[np.int64]


@dataclass
class _Model:
    """An integer program that grows: variables with ranges, and sums of them with ranges."""

    ranges: list[Range] = field(default_factory=list)
    sums: list[tuple[Terms, float, float]] = field(default_factory=list)

    def variables(self, ranges: Sequence[Range]) -> list[int]:
        """Add whole variables and return their numbers."""
        self.ranges += ranges
        return list(range(len(self.ranges) - len(ranges), len(self.ranges)))

    def counted(self, terms: Terms, low: int, high: int) -> list[int]:
        """Return variables 0 or 1 of which a sum has as many 1 as it exceeds its lower end."""
        units = self.variables([(0, 1)] * (high - low))
        self.sums.append((terms | dict.fromkeys(units, -1.0), low, low))
        return units

    def solve(self, costs: Terms) -> Values | None:
        """Return the cheapest values, None if there are none."""
        weights = np.zeros(len(self.ranges))
        weights[list(costs)] = list(costs.values())
        entries = [(i, k, v) for i, (terms, _, _) in enumerate(self.sums) for k, v in terms.items()]
        rows, columns, values = zip(*entries, strict=True)
        shape = (len(self.sums), len(weights))
        low, high = zip(*self.ranges, strict=True)
        found = milp(
            weights,
            integrality=np.ones(len(weights), dtype=int),
            bounds=Bounds(list(low), list(high)),
            constraints=LinearConstraint(
                csr_array((values, (rows, columns)), shape=shape),
                [own[1] for own in self.sums],
                [own[2] for own in self.sums],
            ),
            options={"mip_rel_gap": 0},
        )
        return None if found.x is None else np.rint(found.x).astype(np.int64)


def nearest_parts(
    problem: Problem, targets: Table, totals: Sequence[Sequence[Fraction]]
) -> Filled | None:
    """Return the whole table closest to the targets within the bounds, None if there is none.

    As for two ways: totals of rows, of columns and of parts come first, then cells. Where several
    tables are equally close, the cell with the largest target gets as much as it can, then the
    next; equal targets go by identifier.
    """
    model = _Model()
    model.variables([(problem.low[cell], problem.high[cell]) for cell in problem.cells])
    for axis in range(3):
        _add_totals(model, problem, axis)
    if model.solve({}) is None:
        return None
    for axis in range(3):
        _settle_totals(model, problem, axis, totals[axis])
    found, costs = _closest_cells(model, problem, targets)
    return _settle_ties(model, problem, targets, found, costs)


def _add_totals(model: _Model, problem: Problem, axis: int) -> None:
    """Add the ranges of the totals of an axis."""
    for i, (low, high) in enumerate(problem.totals[axis]):
        model.sums.append((_slice(problem, axis, i), low, high))
    if axis == 0:
        everything = dict.fromkeys(range(problem.pattern.size), 1.0)
        model.sums.append((everything, problem.items, problem.items))


def _slice(problem: Problem, axis: int, i: int) -> Terms:
    """Return the cells that a total adds up."""
    return {number: 1.0 for number, cell in enumerate(problem.cells) if cell[axis] == i}


def _settle_totals(model: _Model, problem: Problem, axis: int, wanted: Sequence[Fraction]) -> None:
    """Keep the totals of an axis, where they are free, as close to the wanted ones as they can."""
    costs: Terms = {}
    for i, ((low, high), total) in enumerate(zip(problem.totals[axis], wanted, strict=True)):
        if low < high:
            units = model.counted(_slice(problem, axis, i), low, high)
            costs |= _squares(units, low, total)
    if costs:
        least = _value(costs, _existing(model.solve(costs)))
        model.sums.append((costs, -np.inf, least + float(EQUAL)))


def _existing(found: Values | None) -> Values:
    """Return the solution of a program that is known to have one."""
    if found is None:
        raise AssertionError("integer programming found no table where there is one")
    return found


def _squares(units: Sequence[int], low: int, target: Fraction) -> Terms:
    """Price each further item by the growth of the squared difference."""
    return {unit: float(2 * k - 1 - 2 * target) for k, unit in enumerate(units, start=low + 1)}


def _closest_cells(model: _Model, problem: Problem, targets: Table) -> tuple[Values, Terms]:
    """Return the closest table, and the price of each item within the window it was sought in.

    A table with a cell further from its target than the window is wide costs more than the square
    of that width: once the sum of squares is less, no such table can be closer.
    """
    n_ranges, n_sums, width = len(model.ranges), len(model.sums), 1
    while True:
        costs: Terms = {}
        for number, cell in enumerate(problem.cells):
            low, high = problem.low[cell], problem.high[cell]
            centre = min(max(round(targets[cell]), low), high)
            low, high = max(low, centre - width), min(high, centre + width)
            costs |= _squares(model.counted({number: 1.0}, low, high), low, targets[cell])
        found = model.solve(costs)
        if found is not None:
            distance = _distance(_table(problem, found), targets)
            if width >= problem.items or distance < (width + HALF) ** 2:
                return found, costs
        del model.ranges[n_ranges:], model.sums[n_sums:]
        width *= 2


def _table(problem: Problem, found: Values) -> Table:
    """Return the cells of a solution."""
    return found[: problem.pattern.size].reshape(problem.pattern.shape)


def _distance(items: Table, targets: Table) -> Fraction:
    """Return the sum of squared differences."""
    return Fraction(((items.astype(object) - targets) ** 2).sum())


def _settle_ties(
    model: _Model, problem: Problem, targets: Table, found: Values, costs: Terms
) -> Filled:
    """Choose among closest tables, and return one more that would have been as close, if any."""
    items = _table(problem, found)
    limit = _distance(items, targets) + EQUAL
    another = partial(_another, model, problem, targets, units=list(costs), limit=limit)
    model.sums.append((costs, -np.inf, _value(costs, found) + float(EQUAL)))
    if another(found) is None:
        return Filled(items, ())
    for number in _by_target(problem, targets):
        candidate = model.solve({number: -1.0})
        if candidate is not None and _distance(_table(problem, candidate), targets) <= limit:
            found = candidate
        model.ranges[number] = (int(found[number]), int(found[number]))
    for number, cell in enumerate(problem.cells):
        model.ranges[number] = (problem.low[cell], problem.high[cell])
    items, other = _table(problem, found), another(found)
    return Filled(items, () if other is None else (_exchange(problem, items, other),))


def _value(costs: Terms, found: Values) -> float:
    """Return what a solution costs."""
    return float(sum(value * found[k] for k, value in costs.items()))


def _another(
    model: _Model,
    problem: Problem,
    targets: Table,
    found: Values,
    *,
    units: Sequence[int],
    limit: Fraction,
) -> Table | None:
    """Return another table that is as close, None if there is none."""
    differs = {unit: -1.0 if found[unit] else 1.0 for unit in units}
    model.sums.append((differs, 1 - float(found[units].sum()), np.inf))
    other = model.solve({})
    model.sums.pop()
    items = None if other is None else _table(problem, other)
    return items if items is not None and _distance(items, targets) <= limit else None


def _by_target(problem: Problem, targets: Table) -> list[int]:
    """List cells by larger target; targets equal within 1e-9 go by identifier."""
    values = [round(targets[cell] * 10**9) for cell in problem.cells]
    return sorted(range(len(values)), key=lambda i: (-values[i], i))


def _exchange(
    problem: Problem, items: Table, other: Table
) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    """Return the cells that would lose and those that would gain."""
    lose = tuple(cell for cell in problem.cells if other[cell] < items[cell])
    return lose, tuple(cell for cell in problem.cells if other[cell] > items[cell])
