"""What `allocate_table` returns: a table of whole items that shows itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from rds.blueprint.apportion import BindingBound, Tie
from rds.blueprint.apportion_table_solve import rounded_down_and_up
from rds.show import Shown, View

if TYPE_CHECKING:
    import pandas as pd

TableMethod = Literal["controlled", "biproportional"]


@dataclass(frozen=True)
class TableCell:
    """One cell of a table of items.

    Parameters
    ----------
    row, column, part
        Its identifiers; no part in a table of two ways.
    target
        Exact items, fitted to the totals.
    minimum, maximum
        Bounds in items.
    items
        Whole items.
    """

    row: str
    column: str
    part: str
    target: float
    minimum: int
    maximum: int
    items: int

    @property
    def label(self) -> str:
        """The identifiers in one."""
        return " × ".join(filter(None, (self.row, self.column, self.part)))

    @property
    def is_rounded(self) -> bool:
        """Whether the items are the target rounded down or up."""
        return self.items in rounded_down_and_up(self.target)


@dataclass(frozen=True, repr=False)
class TableAllocation(Shown):
    """Whole items by row and column, and by part where there are parts.

    Parameters
    ----------
    rows, columns, parts
        Identifiers in the order given; no parts in a table of two ways.
    cells
        All cells, row by row.
    method
        ``"controlled"`` or ``"biproportional"``.
    ties
        Cells that could have changed places with others at no cost; where there are any, the
        table is one of several that are equally good.
    bounds
        Bounds of cells that moved items.
    row_multipliers, column_multipliers
        For a biproportional table: cell = pattern × row's × column's multiplier, rounded.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    parts: tuple[str, ...]
    cells: tuple[TableCell, ...]
    method: TableMethod
    ties: tuple[Tie, ...]
    bounds: tuple[BindingBound, ...]
    row_multipliers: tuple[float, ...] = ()
    column_multipliers: tuple[float, ...] = ()

    @property
    def items(self) -> tuple[tuple[int, ...], ...]:
        """Whole items by row and column, parts added up."""
        shape = (len(self.rows), len(self.columns), max(len(self.parts), 1))
        table = np.array([cell.items for cell in self.cells]).reshape(shape).sum(axis=2)
        return tuple(tuple(row) for row in table.tolist())

    @property
    def row_totals(self) -> tuple[int, ...]:
        """Items by row."""
        return tuple(map(sum, self.items))

    @property
    def column_totals(self) -> tuple[int, ...]:
        """Items by column."""
        return tuple(map(sum, zip(*self.items, strict=True)))

    @property
    def part_totals(self) -> tuple[int, ...]:
        """Items by part."""
        return tuple(
            sum(cell.items for cell in self.cells if cell.part == part) for part in self.parts
        )

    @property
    def is_unique(self) -> bool:
        """Whether every other table would be worse."""
        return not self.ties

    @property
    def distance(self) -> float:
        """Sum of squared differences between items and targets."""
        return sum((cell.items - cell.target) ** 2 for cell in self.cells)

    @property
    def beyond_rounding(self) -> tuple[TableCell, ...]:
        """The cells whose items are neither the target rounded down nor rounded up."""
        return tuple(cell for cell in self.cells if not cell.is_rounded)

    def as_frame(self) -> pd.DataFrame:
        """Return row, column, part (if any), target, minimum, maximum and items, a row per cell."""
        import pandas as pd

        names = ["row", "column", *(["part"] if self.parts else []), "target", "minimum"]
        names += ["maximum", "items"]
        return pd.DataFrame(
            [[getattr(cell, name) for name in names] for cell in self.cells], columns=names
        )

    def view(self) -> View:
        """Return the table as it is printed, with its totals and what has to be known of it."""
        import pandas as pd

        keys = ["part", "row"] if self.parts else ["row"]
        wide = self.as_frame().pivot_table(
            index=keys, columns="column", values="items", aggfunc="sum", sort=False
        )
        wide = wide.reindex(columns=list(self.columns)).astype(int)
        wide["total"] = wide.sum(axis=1)
        total = pd.DataFrame([wide.sum()], index=_total_index(keys))
        table = pd.concat([wide, total]).reset_index().rename_axis(columns=None)
        title = f"{sum(self.row_totals)} items, {_TITLES[self.method]}"
        return View(title, table.rename(columns={"index": "row"}), tuple(self._remarks()))

    def _remarks(self) -> Iterable[str]:
        """Yield what has to be known beside the numbers."""
        for cell in self.beyond_rounding:
            yield f"{cell.label}: {cell.items} items, target {cell.target:.2f}."
        for bound in self.bounds:
            yield f"{bound.identifier}: {bound.kind} {bound.bound}; without bounds {bound.without}."
        if self.ties:
            yield "Other tables are equally good:"
        for tie in self.ties:
            yield f"Tied: {', '.join(tie.identifiers)}; decided by {tie.rule}."


_TITLES: Mapping[str, str] = {
    "controlled": "closest whole table",
    "biproportional": "biproportional by webster",
}


def _total_index(keys: Sequence[str]) -> pd.Index[Any]:
    """Return the label of the line of totals."""
    import pandas as pd

    if len(keys) == 1:
        return pd.Index(["total"], name="row")
    return pd.MultiIndex.from_tuples([("", "total")], names=list(keys))
