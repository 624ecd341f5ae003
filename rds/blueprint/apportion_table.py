"""Whole items in two ways at once: exact totals of rows and columns, closest to the targets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import product
from typing import Any, cast, get_args

from rds.blueprint.apportion import BindingBound, Tie, TieRule
from rds.blueprint.apportion_conflict import explain
from rds.blueprint.apportion_inputs import unknown
from rds.blueprint.apportion_parts import nearest_parts
from rds.blueprint.apportion_raking import fitted
from rds.blueprint.apportion_table_inputs import AXES, Cell, Problem, Table, axis_sums, read_problem
from rds.blueprint.apportion_table_result import TableAllocation, TableCell, TableMethod
from rds.blueprint.apportion_table_solve import (
    NEAR,
    UNIT,
    Exchange,
    Filled,
    biproportional_table,
    nearest_table,
    rounded_problem,
)
from rds.errors import InfeasibleError


def allocate_table(
    targets: Any,
    *,
    row_totals: Any = None,
    column_totals: Any = None,
    part_totals: Any = None,
    items: int | None = None,
    method: TableMethod = "controlled",
    minimum: Any = None,
    maximum: Any = None,
    zeros: Iterable[Sequence[str]] = (),
) -> TableAllocation:
    """Make a table of targets whole, with exact totals of rows and columns.

    ``"controlled"`` fits the targets to the totals that are prescribed and takes the closest whole
    table: the least sum of squared differences between items and fitted targets, every number
    rounded down or up wherever that is possible. Totals that are not prescribed are chosen
    together with the cells: row totals come first, then column totals, then cells.
    ``"biproportional"`` takes the targets as a pattern: each cell is the pattern times a multiplier
    of its row and one of its column, rounded at one half (Webster).

    A float is read as the decimal that prints it. Of tables that are equally good within 1e-9, the
    one with more items in the row with the largest target is taken, then in the column, then in the
    cell; equal targets go by identifier. Bounds that do not bind change nothing. A target of zero
    receives its minimum and no more.

    Parameters
    ----------
    targets
        Numbers, zero or more and not all zero, in any unit: a DataFrame, an array, a sequence of
        rows or a mapping of rows. With parts, a mapping from part to such tables; the whole table
        is then found by integer programming, ``"controlled"`` only.
    row_totals, column_totals, part_totals
        Whole items, or (fewest, most), by identifier or in order; None where a total is free.
    items
        Number of items; may be left out where totals or targets say it.
    method
        ``"controlled"`` or ``"biproportional"``.
    minimum, maximum
        Bounds of cells in items: one for all, a table like the targets, or numbers by (row,
        column). None means no bound.
    zeros
        Cells that must stay empty, as (row, column), beside those whose target is zero.

    Returns
    -------
    TableAllocation
        Whole items with fitted targets, ties, bounds and cells that are not the rounded target.

    Raises
    ------
    ValueError
        If an argument is not what it should be.
    InfeasibleError
        If no table keeps the totals and bounds; names the fewest of them that contradict each
        other, and the smallest change that mends it.

    Notes
    -----
    Causey, Cox and Ernst (1985), Applications of transportation theory to statistical problems,
    JASA 80, 903-909; Cox (1987), A constructive procedure for unbiased controlled rounding, JASA
    82, 520-524. Balinski and Demange (1989), An axiomatic approach to proportionality between
    matrices, Math. Oper. Res. 14, 700-719.

    Examples
    --------
    >>> table = allocate_table(
    ...     {"D1": {"recall": 6.2, "use": 8.8}, "D2": {"recall": 3.8, "use": 6.2}},
    ...     row_totals=[15, 10],
    ...     column_totals=[10, 15],
    ... )
    >>> table
    25 items, closest whole table
    row    recall  use  total
    D1          6    9     15
    D2          4    6     10
    total      10   15     25
    >>> pattern = [[123, 45, 815], [912, 714, 414], [312, 255, 215]]
    >>> seats = allocate_table(
    ...     pattern, row_totals=[5, 11, 4], column_totals=[7, 5, 8], method="biproportional"
    ... )
    >>> seats.items
    ((1, 0, 4), (4, 4, 3), (2, 1, 1))
    >>> allocate_table([[1, 1], [1, 1]], row_totals=[2, 1], minimum={("2", "1"): 2})
    Traceback (most recent call last):
    ...
    rds.errors.InfeasibleError: No table keeps these together: 1 item in row “2”; at least 2 items
    in “2 × 1”. The smallest change: the minimum of “2 × 1” from 2 to 1.
    """
    if method not in get_args(TableMethod):
        raise ValueError(unknown("method", method, get_args(TableMethod)))
    problem, order = read_problem(
        targets,
        (row_totals, column_totals, part_totals),
        items=items,
        minimum=minimum,
        maximum=maximum,
        zeros=zeros,
    )
    if method == "biproportional" and len(problem.names) > len(AXES[:2]):
        raise ValueError("Parts need the method “controlled”.")
    fill = _biproportional if method == "biproportional" else _controlled
    fitted_targets, filled = fill(problem)
    free = filled
    if problem.is_bounded:
        with suppress(InfeasibleError):
            _, free = fill(problem.without_bounds())
    return _result(problem, order, fitted_targets, filled, free=free, method=method)


def _controlled(problem: Problem) -> tuple[Table, Filled]:
    """Return the fitted targets and the closest table, with bounds only if these are broken."""
    free = problem.without_bounds()
    targets, totals = fitted(free)
    solve = partial(_solver(problem), targets=targets, totals=totals)
    for tried in (rounded_problem(free, targets, totals), free):
        filled = solve(tried)
        if filled is not None:
            break
    if filled is not None and problem.keeps(filled.items):
        if problem.is_bounded:
            # The same table once more, as its ties may be with tables that break the bounds.
            filled = cast(Filled, solve(tried.within(problem)))
        return targets, filled
    if solve(problem) is None:
        raise InfeasibleError(explain(problem))
    targets, totals = fitted(problem, None if filled is None else filled.items)
    solve = partial(_solver(problem), targets=targets, totals=totals)
    filled = solve(rounded_problem(problem, targets, totals)) or solve(problem)
    return targets, cast(Filled, filled)


def _solver(problem: Problem) -> Callable[..., Filled | None]:
    """Return what finds the closest table of two ways, or of three."""
    return nearest_parts if problem.pattern.ndim == len(AXES) else nearest_table


def _biproportional(problem: Problem) -> tuple[Table, Filled]:
    """Return the fitted pattern and Webster's table."""
    targets, _ = fitted(problem.without_bounds())
    filled = biproportional_table(problem, targets)
    if filled is None:
        raise InfeasibleError(explain(problem))
    return targets, filled


def _result(
    problem: Problem,
    order: Sequence[Sequence[int]],
    targets: Table,
    filled: Filled,
    *,
    free: Filled,
    method: TableMethod,
) -> TableAllocation:
    """Return the table in the order in which it was given."""
    places = [[own.index(i) for i in range(len(own))] for own in order]
    names = [tuple(own[i] for i in at) for own, at in zip(problem.names, places, strict=True)]
    multipliers = [
        tuple(own[i] for i in at) for own, at in zip(filled.multipliers, places, strict=False)
    ]
    return TableAllocation(
        rows=names[0],
        columns=names[1],
        parts=names[2] if len(names) > 2 else (),
        cells=tuple(_cell(problem, targets, filled.items, cell) for cell in product(*places)),
        method=method,
        ties=tuple(_tie(problem, targets, exchange) for exchange in filled.exchanges),
        bounds=tuple(_binding(problem, filled.items, free.items)),
        row_multipliers=multipliers[0] if multipliers else (),
        column_multipliers=multipliers[1] if multipliers else (),
    )


def _cell(problem: Problem, targets: Table, items: Table, cell: Cell) -> TableCell:
    """Return one cell with its identifiers."""
    names = [own[i] for own, i in zip(problem.names, cell, strict=True)]
    row, column, part = [*names, ""][: len(AXES)]
    return TableCell(
        row=row,
        column=column,
        part=part,
        target=float(targets[cell]),
        minimum=int(problem.low[cell]),
        maximum=int(problem.high[cell]),
        items=int(items[cell]),
    )


def _tie(problem: Problem, targets: Table, exchange: Exchange) -> Tie:
    """Name the cells of an exchange and the rule that decided against it."""
    lose, gain = exchange
    largest = (
        max((round(targets[c] * UNIT / NEAR) for c in own), default=0) for own in (lose, gain)
    )
    rule: TieRule = "identifier" if len(set(largest)) == 1 else "larger target"
    return Tie(tuple(problem.label(cell) for cell in (*lose, *gain)), rule)


def _binding(problem: Problem, items: Table, free: Table) -> Iterator[BindingBound]:
    """Yield the bounds of cells that moved items, and those of totals."""
    for cell in problem.cells:
        own = int(items[cell])
        if own == problem.low[cell] > free[cell]:
            yield BindingBound(problem.label(cell), "minimum", own, int(free[cell]))
        if own == problem.high[cell] < free[cell]:
            yield BindingBound(problem.label(cell), "maximum", own, int(free[cell]))
    for axis, ranges in enumerate(problem.totals):
        found, before = axis_sums(items, axis), axis_sums(free, axis)
        for name, (low, high), own, was in zip(
            problem.names[axis], ranges, found, before, strict=True
        ):
            if own == low > was:
                yield BindingBound(name, "minimum", int(own), int(was))
            if own == high < was:
                yield BindingBound(name, "maximum", int(own), int(was))
