"""Whole tables of three ways: the closest one by enumeration, and totals that are kept."""

import random
from fractions import Fraction
from itertools import product

import numpy as np

from rds.blueprint.apportion_table import allocate_table


def is_rounded(table, targets):
    return (np.abs(table - targets) < 1 - 1e-9).all()


def test_parts_are_the_closest_table_of_three_ways():
    rng = random.Random(8)
    for _ in range(6):
        targets = {p: [[rng.randint(0, 9) for _ in "ab"] for _ in "cd"] for p in ("w", "o")}
        exact = np.array([targets["w"], targets["o"]]).transpose(1, 2, 0)
        total, items = int(exact.sum()), 6
        exact = np.array([Fraction(items * int(v), total) for v in exact.flat]).reshape(2, 2, 2)

        def cost(table, exact=exact):
            squares = [
                (table.sum(axis=axes) - exact.sum(axis=axes)) ** 2
                for axes in ((1, 2), (0, 2), (0, 1))
            ]
            return (*(own.sum() for own in squares), ((table - exact) ** 2).sum())

        tables = (np.array(t).reshape(2, 2, 2) for t in product(range(4), repeat=8))
        near = [t for t in tables if t.sum() == items and is_rounded(t, exact)]
        costs = [cost(table) for table in near]
        found = allocate_table(targets, items=items)
        whole = np.array([cell.items for cell in found.cells]).reshape(2, 2, 2)
        assert cost(whole) == min(costs)
        assert found.is_unique == (costs.count(min(costs)) == 1)


def test_parts_keep_all_totals_beyond_rounding_where_they_must():
    targets = {"written": [[6, 2], [1, 1]], "oral": [[2, 6], [1, 1]]}
    table = allocate_table(
        targets, row_totals=[10, 10], column_totals=[10, 10], part_totals=[16, 4],
        minimum={("1", "1", "oral"): 3},
    )  # fmt: skip
    assert (table.row_totals, table.column_totals) == ((10, 10), (10, 10))
    assert table.part_totals == (16, 4)
    assert next(cell.items for cell in table.cells if cell.label == "1 × 1 × oral") == 3
