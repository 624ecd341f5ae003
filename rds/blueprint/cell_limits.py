"""Fewest and most items of cells, levels and parts, as `allocate_table` takes them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rds.outline.outline import CellBound

Range = tuple[int | None, int | None]


@dataclass(frozen=True)
class CellLimits:
    """The bounds of cells of a plan.

    Examples
    --------
    >>> limits = CellLimits(
    ...     (CellBound("D1", "analysis", minimum_items=2), CellBound("", "recall", "", 10, 20))
    ... )
    >>> limits.minimum([("D1", "analysis", ""), ("D2", "analysis", "")])
    {('D1', 'analysis', ''): 2}
    >>> limits.levels(["recall", "analysis"])
    {'recall': (10, 20), 'analysis': (None, None)}
    """

    bounds: Sequence[CellBound] = ()

    def minimum(self, cells: Collection[tuple[str, str, str]]) -> dict[tuple[str, str, str], int]:
        """Return the minima of those cells that have one."""
        return {
            _key(own): own.minimum_items
            for own in self.bounds
            if _key(own) in cells and own.minimum_items
        }

    def maximum(self, cells: Collection[tuple[str, str, str]]) -> dict[tuple[str, str, str], int]:
        """Return the maxima of those cells that have one."""
        return {
            _key(own): own.maximum_items
            for own in self.bounds
            if _key(own) in cells and own.maximum_items is not None
        }

    @property
    def empty(self) -> frozenset[tuple[str, str, str]]:
        """The cells that must stay empty."""
        return frozenset(
            _key(own)
            for own in self.bounds
            if own.domain_id and own.cognitive_level and own.maximum_items == 0
        )

    def levels(self, names: Sequence[str], part: str = "") -> dict[str, Range] | None:
        """Return the ranges of the levels' totals; None where no level has one."""
        return _ranges(
            names,
            {
                own.cognitive_level: own
                for own in self.bounds
                if not own.domain_id and own.cognitive_level and own.part == part
            },
        )

    def parts(self, names: Sequence[str]) -> dict[str, Range] | None:
        """Return the ranges of the parts' totals; None where no part has one."""
        return _ranges(
            names,
            {b.part: b for b in self.bounds if not b.domain_id and not b.cognitive_level},
        )

    def domains(self, names: Sequence[str], part: str) -> dict[str, Range] | None:
        """Return the ranges of the domains' totals within a part; None where no domain has one."""
        return _ranges(
            names,
            {
                own.domain_id: own
                for own in self.bounds
                if own.domain_id and not own.cognitive_level and own.part == part
            },
        )

    def only_empty(self) -> CellLimits:
        """Return the limits that hold for other items than the scored ones, too."""
        return CellLimits(tuple(own for own in self.bounds if _key(own) in self.empty))


def _key(bound: CellBound) -> tuple[str, str, str]:
    """Return the cell that a bound is about."""
    return bound.domain_id, bound.cognitive_level, bound.part


def _ranges(names: Sequence[str], known: dict[str, CellBound]) -> dict[str, Range] | None:
    """Return fewest and most items by name; None where nothing is known of any."""
    if not set(known) & set(names):
        return None
    return {
        name: (known[name].minimum_items, known[name].maximum_items)
        if name in known
        else (None, None)
        for name in names
    }
