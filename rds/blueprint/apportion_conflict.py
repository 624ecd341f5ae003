"""Why no table keeps all wishes: the fewest that contradict each other, and the smallest mend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from rds.blueprint.apportion_inputs import joined
from rds.blueprint.apportion_table_inputs import AXES, Cell, Problem

EMPTY = 1000
"""What an item in a cell that must stay empty costs, against 1 for any other broken wish."""

SLIGHT = 1e-3
"""What a cell that must stay empty counts in a conflict, against 1 for any other wish."""

SMALL = 1e-5
"""Multiples that integer programming may take for 0."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Wish:
    """Fewest and most items of a cell, of a total, or of all.

    Parameters
    ----------
    name
        What it is about, in words.
    cells
        1 for the cells that are added up, 0 for the others.
    low, high
        Fewest and most items.
    is_empty
        Whether it is about a cell that must stay empty.
    """

    name: str
    cells: Floats
    low: int
    high: int
    is_empty: bool = False

    def words(self, low: int, high: int, items: int) -> str:
        """Say a range of items in words."""
        if low == high:
            return f"{_items(low)} {self.name}"
        ends = [f"at least {_items(low)}"] if low else []
        ends += [f"at most {_items(high)}"] if high < items else []
        return f"{' and '.join(ends) or 'any number of items'} {self.name}"


def _items(count: int) -> str:
    """Return a number of items in words."""
    return f"{count or 'no'} item{'' if count == 1 else 's'}"


def explain(problem: Problem) -> str:
    """Say which wishes contradict each other, and what would mend it."""
    wishes = _wishes(problem)
    conflict = _conflict(problem, wishes)
    parts = [wish.words(*ends, problem.items) for wish, ends in conflict]
    return f"No table keeps these together: {'; '.join(parts)}. {_mend(problem, wishes)}"


def _wishes(problem: Problem) -> list[Wish]:
    """Return everything that was wished of the table, the number of all items first."""
    shape = problem.pattern.shape
    wishes = [Wish("in all", np.ones(problem.pattern.size), problem.items, problem.items)]
    for axis, ranges in enumerate(problem.totals):
        for i, (name, ends) in enumerate(zip(problem.names[axis], ranges, strict=True)):
            mask = np.zeros(shape)
            mask[(slice(None),) * axis + (i,)] = 1
            wishes.append(Wish(f"in {AXES[axis]} “{name}”", mask.ravel(), *ends))
    for number, cell in enumerate(problem.cells):
        own = np.eye(1, problem.pattern.size, number)[0]
        ends = problem.low[cell], problem.high[cell]
        name = f"in “{problem.label(cell)}”"
        wishes.append(Wish(name, own, *ends, is_empty=_is_empty(problem, cell)))
    return [wish for wish in wishes if wish.low or wish.high < problem.items]


def _is_empty(problem: Problem, cell: Cell) -> bool:
    """Tell whether nothing may stand in a cell because its target is 0."""
    return bool(problem.pattern[cell] == 0 and problem.high[cell] == 0)


def _conflict(problem: Problem, wishes: Sequence[Wish]) -> list[tuple[Wish, tuple[int, int]]]:
    """Return the fewest wishes that contradict each other, each with the end that counts.

    Farkas' lemma: no table keeps the wishes if multiples of them add up to 0 on every cell and to
    more than 0 on the right side. Integer programming finds multiples of the fewest wishes.
    """
    n = len(wishes)
    sums = np.array([wish.cells for wish in wishes]).T
    low, high = (
        np.array([getattr(wish, end) for wish in wishes], float) for end in ("low", "high")
    )
    zero, one = np.zeros(n), np.eye(n)
    # Variables: multiples of low ends, multiples of high ends, whether a wish is used. Cells hold
    # no less than 0, so that what is left over on a cell may be below 0.
    found = milp(
        np.concatenate([zero, zero, [SLIGHT if wish.is_empty else 1 for wish in wishes]]),
        integrality=np.repeat([0, 0, 1], n),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(np.hstack([sums, -sums, 0 * sums]), -np.inf, 0),
            LinearConstraint(np.concatenate([low, -high, zero])[None], 0.5, np.inf),
            LinearConstraint(np.hstack([one, one, -one]), -np.inf, 0),
        ],
        options={"mip_rel_gap": 0},
    )
    if found.x is None:
        return [(wish, (wish.low, wish.high)) for wish in wishes]
    lows, highs, used = np.split(found.x > SMALL, 3)
    return [
        (wish, (wish.low if at_low else 0, wish.high if at_high else problem.items))
        if wish.low != wish.high
        else (wish, (wish.low, wish.high))
        for wish, at_low, at_high, counts in zip(wishes, lows, highs, used, strict=True)
        if counts and (at_low or at_high)
    ]


def _mend(problem: Problem, wishes: Sequence[Wish]) -> str:
    """Say which wishes to change, by the fewest items in all."""
    soft = [wish for wish in wishes if wish.name != "in all"]
    n, size = len(soft), problem.pattern.size
    sums = np.array([wish.cells for wish in soft])
    costs = np.array([EMPTY if wish.is_empty else 1 for wish in soft])
    whole = np.concatenate([np.ones(size), np.zeros(2 * n)])
    found = milp(
        np.concatenate([np.zeros(size), costs, costs]),
        integrality=np.ones(size + 2 * n, dtype=int),
        constraints=[
            LinearConstraint(
                np.hstack([sums, np.eye(n), -np.eye(n)]),
                [wish.low for wish in soft],
                [wish.high for wish in soft],
            ),
            LinearConstraint(whole[None], problem.items, problem.items),
        ],
        options={"mip_rel_gap": 0},
    )
    values = np.asarray(found.x)[size:]
    short, over = np.split(np.rint(values).astype(int), 2)
    changes = [
        change
        for wish, less, more in zip(soft, short, over, strict=True)
        for change in _change(wish, wish.low - int(less), wish.high + int(more))
    ]
    return f"The smallest change: {joined(changes)}."


def _change(wish: Wish, low: int, high: int) -> Iterator[str]:
    """Say from what to what the ends of a wish are changed."""
    place = wish.name.removeprefix("in ")
    if wish.low == wish.high:
        if (low, high) != (wish.low, wish.high):
            yield f"{place} from {wish.low} to {low if low < wish.low else high}"
    elif low < wish.low:
        yield f"the minimum of {place} from {wish.low} to {low}"
    elif high > wish.high:
        yield f"the maximum of {place} from {wish.high} to {high}"
