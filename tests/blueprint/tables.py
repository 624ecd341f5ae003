"""Small tables to allocate, and every whole table that keeps their totals and bounds."""

from itertools import product

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

shapes = st.sampled_from([(2, 2), (2, 3), (3, 2)])


@st.composite
def cases(draw, *, zeros=True, both=False):
    """Small targets, totals of rows and perhaps of columns, and bounds of cells."""
    n, m = draw(shapes)
    items = draw(st.integers(1, 6))
    cell = st.sampled_from([0, 1, 2, 3, 5, 7, 40] if zeros else [1, 2, 3, 5, 7, 40])
    targets = [[draw(cell) for _ in range(m)] for _ in range(n)]
    assume(any(map(sum, targets)))
    totals = {"row_totals": split(draw, items, n)}
    if both or draw(st.booleans()):
        totals["column_totals"] = split(draw, items, m)
    low = [[draw(st.sampled_from([0, 0, 0, 1])) for _ in range(m)] for _ in range(n)]
    high = [[draw(st.sampled_from([items, max(2, own)])) for own in row] for row in low]
    return {"targets": targets, "items": items, **totals}, {"minimum": low, "maximum": high}


def split(draw, items, parts):
    cuts = sorted(draw(st.integers(0, items)) for _ in range(parts - 1))
    return [b - a for a, b in zip([0, *cuts], [*cuts, items], strict=True)]


def all_tables(n, m, items):
    """Yield every table of whole items."""
    for cells in product(range(items + 1), repeat=n * m - 1):
        if sum(cells) <= items:
            yield np.array([*cells, items - sum(cells)]).reshape(n, m)


def feasible(case, bounds):
    """Yield every table that keeps totals and bounds; an empty target gets its minimum only."""
    targets = np.array(case["targets"])
    low, high = (np.array(bounds.get(k, d)) for k, d in (("minimum", 0), ("maximum", 99)))
    for table in all_tables(*targets.shape, case["items"]):
        if table.sum(axis=1).tolist() != case["row_totals"]:
            continue
        if table.sum(axis=0).tolist() != case.get("column_totals", table.sum(axis=0).tolist()):
            continue
        if ((low <= table) & (table <= np.where(targets == 0, low, high))).all():
            yield table
