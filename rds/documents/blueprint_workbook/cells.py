"""What stands in a cell, and how to point at it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

DASH = "–"
"""Stands where a number does not apply or is withheld."""


@dataclass(frozen=True)
class Formula:
    """A formula and its value, which readers that do not calculate show."""

    text: str
    value: str | float


Cell = str | float | Formula | None


def at(row: int, column: int) -> str:
    """Return a relative reference such as ``C4`` from positions that count from 0.

    Examples
    --------
    >>> at(3, 2)
    'C4'
    """
    return str(xl_rowcol_to_cell(row, column))


def fixed(row: int, column: int) -> str:
    """Return an absolute reference such as ``$C$4``."""
    return str(xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True))


def block(first_row: int, first_column: int, last_row: int, last_column: int) -> str:
    """Return an absolute range such as ``$C$4:$C$6``.

    Examples
    --------
    >>> block(3, 2, 5, 2)
    '$C$4:$C$6'
    """
    if (first_row, first_column) == (last_row, last_column):
        return fixed(first_row, first_column)
    return str(xl_range_abs(first_row, first_column, last_row, last_column))


def value(cell: Cell) -> str | float | None:
    """Return what a cell shows."""
    return cell.value if isinstance(cell, Formula) else cell


def blank(cell: Cell) -> Cell:
    """Return an empty cell, with borders, where there is nothing."""
    return "" if cell is None else cell


def number(cell: object, kind: Callable[[float], float] = float) -> Cell:
    """Return a number from a table, or a dash where there is none.

    Examples
    --------
    >>> number(float("nan")), number(3.0, int)
    ('–', 3)
    """
    if not isinstance(cell, (int, float)) and not hasattr(cell, "__float__"):
        return DASH
    found = float(cell)
    return kind(found) if math.isfinite(found) else DASH


def rounded(x: float, digits: int) -> float:
    """Round as spreadsheets do: halves of the decimal that prints the number, away from zero.

    Examples
    --------
    >>> rounded(2.5, 0), rounded(1.25, 1), rounded(-0.05, 1)
    (3.0, 1.3, -0.1)
    """
    step = Decimal(1).scaleb(-digits)
    return float(Decimal(repr(float(x))).quantize(step, rounding=ROUND_HALF_UP))
