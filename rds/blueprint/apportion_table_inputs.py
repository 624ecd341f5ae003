"""What `allocate_table` is given, made exact and checked: targets, totals and bounds of cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rds.blueprint.apportion_inputs import (
    check_known,
    check_unique,
    is_labelled,
    labels_and_values,
    natural_key,
    ratio,
    shown,
    whole_number,
)
from rds.errors import InfeasibleError

AXES = ("row", "column", "part")

Cell = tuple[int, ...]
Range = tuple[int, int]
Table = NDArray[Any]
"""Cells by row and column, and by part where there are parts; exact fractions or whole numbers."""


@dataclass(frozen=True, eq=False)
class Problem:
    """A table to fill with whole items, rows and columns in the order that decides ties.

    Parameters
    ----------
    names
        Identifiers by axis: rows, columns and, if there are any, parts.
    pattern
        Exact targets; 0 where nothing may stand but a minimum.
    items
        All items.
    totals
        Fewest and most items of every row, column and part, by axis.
    low, high
        Fewest and most items of every cell.
    """

    names: tuple[tuple[str, ...], ...]
    pattern: Table
    items: int
    totals: tuple[tuple[Range, ...], ...]
    low: Table
    high: Table

    @property
    def cells(self) -> list[Cell]:
        """The places of all cells."""
        return list(np.ndindex(self.pattern.shape))

    def label(self, cell: Cell) -> str:
        """Return a cell's identifiers."""
        return " × ".join(own[i] for own, i in zip(self.names, cell, strict=True))

    def without_bounds(self) -> Problem:
        """Return the problem with prescribed totals and empty cells only."""
        free = (0, self.items)
        totals = tuple(tuple(r if r[0] == r[1] else free for r in own) for own in self.totals)
        high = np.where(self.pattern == 0, 0, self.items)
        return replace(self, totals=totals, low=np.zeros_like(self.low), high=high)

    @property
    def is_bounded(self) -> bool:
        """Whether there are bounds beside prescribed totals and empty cells."""
        free = self.without_bounds()
        cells = (free.low != self.low).any() or (free.high != self.high).any()
        return bool(cells) or free.totals != self.totals

    def within(self, other: Problem) -> Problem:
        """Return the problem with the bounds of both."""
        totals = (
            tuple((max(a[0], b[0]), min(a[1], b[1])) for a, b in zip(own, theirs, strict=True))
            for own, theirs in zip(self.totals, other.totals, strict=True)
        )
        low, high = np.maximum(self.low, other.low), np.minimum(self.high, other.high)
        return replace(self, totals=tuple(totals), low=low, high=high)

    def keeps(self, items: Table) -> bool:
        """Tell whether a table keeps all bounds."""
        within = bool(((self.low <= items) & (items <= self.high)).all())
        return within and all(
            low <= total <= high
            for axis, own in enumerate(self.totals)
            for (low, high), total in zip(own, axis_sums(items, axis), strict=True)
        )


def axis_sums(table: Table, axis: int) -> list[Any]:
    """Return the totals of an axis.

    Examples
    --------
    >>> [int(total) for total in axis_sums(np.array([[1, 2], [3, 4]]), 1)]
    [4, 6]
    """
    return list(table.sum(axis=tuple(k for k in range(table.ndim) if k != axis)))


def read_targets(targets: Any) -> tuple[list[list[str]], bool, Table]:
    """Return identifiers by axis, whether they were given, and the targets as exact fractions."""
    if isinstance(targets, Mapping) and all(_is_table(own) for own in targets.values()):
        parts = {str(name): _read_two_way(own) for name, own in targets.items()}
        first = next(iter(parts.values()))
        if any(own[0] != first[0] for own in parts.values()):
            raise ValueError("The parts differ in rows or columns; all need the same, in order.")
        table = np.stack([own[2] for own in parts.values()], axis=-1)
        return [*first[0], list(parts)], first[1], table
    return _read_two_way(targets)


def _is_table(given: Any) -> bool:
    """Tell whether something has rows and columns of its own."""
    values = _rows(given)[1] if not isinstance(given, (str, bytes)) else []
    return bool(values) and all(
        hasattr(row, "__iter__") and not isinstance(row, str) for row in values
    )


def _rows(given: Any) -> tuple[list[str] | None, list[Any]]:
    """Return labels and contents of the rows; a frame is read by row, each with its columns."""
    if hasattr(given, "columns") and hasattr(given, "index"):
        return [str(name) for name in given.index], [row for _, row in given.iterrows()]
    return labels_and_values("targets", given) if hasattr(given, "__iter__") else (None, [])


def _read_two_way(targets: Any) -> tuple[list[list[str]], bool, Table]:
    """Return identifiers of rows and columns, whether they were given, and exact targets."""
    own, rows = _rows(targets)
    if not rows:
        raise ValueError("The targets must be a table with rows and columns, and not empty.")
    read = [labels_and_values("a row of targets", row) for row in rows]
    labels = read[0][0]
    if any(len(values) != len(read[0][1]) or other != labels for other, values in read):
        raise ValueError("The rows of the targets differ in their columns; all need the same.")
    names = [own or _numbers(len(rows)), labels or _numbers(len(read[0][1]))]
    for axis, identifiers in zip(AXES, names, strict=False):
        check_unique(f"{axis}s", identifiers)
    table = np.array([[_exact(cell) for cell in values] for _, values in read], dtype=object)
    if not table.size or not table.any():
        raise ValueError("No target is above zero; at least one must be.")
    return names, own is not None, table


def _numbers(count: int) -> list[str]:
    """Return the names of what has none."""
    return [str(k + 1) for k in range(count)]


def _exact(value: Any) -> Fraction:
    """Return a target as the fraction that it prints."""
    exact = ratio(value)
    if exact is None:
        raise ValueError(f"A target must be a finite number, zero or more; found {shown(value)}.")
    return Fraction(*exact)


def read_totals(what: str, given: Any, names: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Return fewest and most items for each name, None where nothing was said."""
    if given is None:
        return [(None, None)] * len(names)
    own, values = labels_and_values(what, given)
    if own is not None:
        check_unique(f"identifiers in {what}", own)
        check_known(what, own, names)
        by_name = dict(zip(own, values, strict=True))
        values = [by_name.get(name) for name in names]
    if len(values) != len(names):
        raise ValueError(f"Found {len(values)} values of {what}; the targets have {len(names)}.")
    return [_range(f"{what} of “{name}”", value) for name, value in zip(names, values, strict=True)]


def _range(what: str, value: Any) -> tuple[int | None, int | None]:
    """Read a number of items, or a pair of fewest and most."""
    if not isinstance(value, (tuple, list)):
        whole = None if value is None else whole_number(what, value)
        return whole, whole
    if len(value) != 2:
        raise ValueError(f"{what} is {shown(value)}; a range is a pair of fewest and most items.")
    low, high = (None if bound is None else whole_number(what, bound) for bound in value)
    if low is not None and high is not None and low > high:
        raise InfeasibleError(f"The range of {what} is {low} to {high}; its ends are crossed.")
    return low, high


def read_bounds(what: str, given: Any, names: Sequence[Sequence[str]]) -> dict[Cell, int]:
    """Return the bounds that were given, by cell.

    Parameters
    ----------
    given
        None, one number for all cells, numbers by tuples of identifiers, or a table like the
        targets; None inside means no bound.
    """
    shape = tuple(len(own) for own in names)
    if given is None:
        return {}
    if not hasattr(given, "__iter__"):
        return dict.fromkeys(np.ndindex(shape), whole_number(what, given))
    if is_labelled(given) and not hasattr(given, "columns") and _keys_are_cells(given):
        pairs = [(cell_of(what, key, names), value) for key, value in given.items()]
    elif len(shape) == 2:
        pairs = _table_of_bounds(what, given, names)
    else:
        raise ValueError(f"With parts, {what} is one number or numbers by (row, column, part).")
    return {
        cell: whole_number(f"{what} of “{' × '.join(_labels(cell, names))}”", value)
        for cell, value in pairs
        if not _is_missing(value)
    }


def _keys_are_cells(given: Any) -> bool:
    """Tell whether all keys are tuples of identifiers."""
    return all(isinstance(key, tuple) for key, _ in given.items())


def _table_of_bounds(
    what: str, given: Any, names: Sequence[Sequence[str]]
) -> list[tuple[Cell, Any]]:
    """Read a table of bounds, by identifiers where it has any."""
    own, rows = _rows(given)
    read = [labels_and_values(what, row) for row in rows]
    pairs: list[tuple[Cell, Any]] = []
    for i, (labels, values) in enumerate(read):
        if own is None and (len(read), len(values)) != (len(names[0]), len(names[1])):
            raise ValueError(f"{what} has other rows or columns than the targets.")
        for j, value in enumerate(values):
            cell: Cell = (i, j)
            if own is not None and labels is not None:
                cell = cell_of(what, (own[i], labels[j]), names)
            pairs.append((cell, value))
    return pairs


def cell_of(what: str, key: Iterable[Any], names: Sequence[Sequence[str]]) -> Cell:
    """Return the place of a cell that is named by its identifiers."""
    labels = [str(label) for label in key]
    if len(labels) != len(names):
        raise ValueError(f"Found {shown(labels)} in {what}; wanted {len(names)} identifiers.")
    for label, own in zip(labels, names, strict=True):
        check_known(what, [label], own)
    return tuple(own.index(label) for label, own in zip(labels, names, strict=True))


def _labels(cell: Cell, names: Sequence[Sequence[str]]) -> list[str]:
    """Return the identifiers of a cell."""
    return [own[i] for own, i in zip(names, cell, strict=True)]


def _is_missing(value: Any) -> bool:
    """Tell whether a bound is absent: None, or an empty cell of a frame."""
    return value is None or value != value  # noqa: PLR0124


def number_of_items(
    items: int | None, totals: Mapping[str, Sequence[tuple[int | None, int | None]]], pattern: Table
) -> int:
    """Return the number of items: as said, as totals add up, or as the targets do."""
    sums = {
        what: sum(low for low, _ in own if low is not None)
        for what, own in totals.items()
        if all(low is not None and low == high for low, high in own)
    }
    if items is not None:
        sums["items"] = whole_number("items", items)
    if len(set(sums.values())) > 1:
        said = " and ".join(f"{what} to {total}" for what, total in sums.items())
        raise InfeasibleError(f"The totals contradict each other: {said}; they must be equal.")
    if sums:
        return next(iter(sums.values()))
    total = Fraction(pattern.sum())
    if abs(total - round(total)) > Fraction(1, 10**9):
        raise ValueError(f"The targets add up to {float(total):g}; say how many items there are.")
    return round(total)


def read_problem(
    targets: Any,
    totals: Sequence[Any],
    *,
    items: int | None,
    minimum: Any,
    maximum: Any,
    zeros: Iterable[Sequence[Any]],
) -> tuple[Problem, list[list[int]]]:
    """Return the problem in the order that decides ties, and by axis where each name stood."""
    names, labelled, pattern = read_targets(targets)
    whats = [f"{axis}_totals" for axis in AXES[: len(names)]]
    if len(names) == 2 and totals[2] is not None:
        raise ValueError("There are part_totals but no parts; give targets by part.")
    read = {w: read_totals(w, t, own) for w, t, own in zip(whats, totals, names, strict=False)}
    empty = [cell_of("zeros", cell, names) for cell in zeros]
    for cell in empty:
        pattern[cell] = Fraction(0)
    if not pattern.any():
        raise ValueError("No target is above zero; at least one must be.")
    length = number_of_items(items, read, pattern)
    low, high = _cell_bounds(names, pattern, length, given=(minimum, maximum), empty=empty)
    order = [sorted(range(len(n)), key=lambda i, n=n: natural_key(n[i])) for n in names]  # type: ignore[misc]
    if not labelled:
        order = [list(range(len(own))) for own in names]
    grid = np.ix_(*order)
    ranges = tuple(
        tuple(_ends(own[i], length) for i in places)
        for own, places in zip(read.values(), order, strict=True)
    )
    problem = Problem(
        names=tuple(
            tuple(own[i] for i in places) for own, places in zip(names, order, strict=True)
        ),
        pattern=pattern[grid],
        items=length,
        totals=ranges,
        low=low[grid],
        high=high[grid],
    )
    return problem, order


def _ends(given: tuple[int | None, int | None], items: int) -> Range:
    """Return fewest and most items where either may not have been said."""
    low, high = given
    low = low or 0
    return low, max(items, low) if high is None else high


def _cell_bounds(
    names: Sequence[Sequence[str]],
    pattern: Table,
    items: int,
    *,
    given: tuple[Any, Any],
    empty: Sequence[Cell],
) -> tuple[Table, Table]:
    """Return fewest and most items of every cell; a target of 0 gets its minimum and no more."""
    lowest, highest = (
        read_bounds(what, own, names)
        for what, own in zip(("minimum", "maximum"), given, strict=True)
    )
    low, high = np.zeros(pattern.shape, dtype=object), np.full(pattern.shape, items, dtype=object)
    for cell in product(*map(range, pattern.shape)):
        label = " × ".join(_labels(cell, names))
        low[cell] = lowest.get(cell, 0)
        high[cell] = max(low[cell], min(highest.get(cell, items), items))
        if cell in empty and hasattr(given[0], "__iter__") and low[cell]:
            raise InfeasibleError(f"“{label}” must be empty, but has a minimum of {low[cell]}.")
        low[cell] = 0 if cell in empty else low[cell]
        if low[cell] > highest.get(cell, low[cell]):
            raise InfeasibleError(
                f"The minimum exceeds the maximum of “{label}” ({low[cell]} > {highest[cell]})."
            )
        high[cell] = low[cell] if pattern[cell] == 0 else high[cell]
    return low, high
