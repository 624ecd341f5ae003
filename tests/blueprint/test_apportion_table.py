"""Whole tables: published results, optima by enumeration, ties, bounds, conflicts and laws."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rds.blueprint.apportion import allocate
from rds.blueprint.apportion_table import allocate_table
from rds.errors import InfeasibleError
from tests.blueprint.tables import all_tables, cases, feasible, shapes
from tests.oracles import oracle

# Published examples; each source stands in the file.
EXAMPLES = oracle("apportionment_tables")
law = settings(deadline=None, max_examples=60)


def solved(case, **more):
    """Return the table, None where there is none."""
    try:
        return allocate_table(**case, **more)
    except InfeasibleError:
        return None


def array(table):
    return np.array(table.items)


# --- published results -------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
def test_published_example(name):
    arguments = ("targets", "row_totals", "column_totals", "items", "method")
    given = {key: EXAMPLES[name][key] for key in arguments if key in EXAMPLES[name]}
    table = allocate_table(**given)
    assert array(table).tolist() == EXAMPLES[name]["expected"]
    assert table.is_unique


# --- optima, by enumeration --------------------------------------------------------------------


def distance(table, targets):
    """Sum of squares, rounded so that sums in another order are equal."""
    return round(float(((table - targets) ** 2).sum()), 7)


def is_rounded(table, targets):
    return (np.abs(table - targets) < 1 - 1e-9).all()


@law
@given(cases(both=True))
def test_the_table_is_the_closest_to_the_fitted_targets(drawn):
    case, bounds = drawn
    table, tables = solved(case, **bounds), list(feasible(case, bounds))
    if table is None:
        assert tables == []
        return
    targets = np.reshape([cell.target for cell in table.cells], array(table).shape)
    # Every number rounded down or up wherever that is possible, or at the bound nearest to it.
    low, high = np.array(bounds["minimum"]), np.array(bounds["maximum"])
    high = np.where(np.array(case["targets"]) == 0, low, high)
    down = np.clip(np.floor(targets + 1e-9), low, high)
    up = np.clip(np.ceil(targets - 1e-9), low, high)
    near = [own for own in tables if ((down <= own) & (own <= up)).all()]
    distances = [distance(own, targets) for own in near or tables]
    assert distance(array(table), targets) == min(distances)
    assert table.is_unique == (distances.count(min(distances)) == 1)


@law
@given(shapes, st.data())
def test_free_totals_are_chosen_with_the_cells_rows_first(shape, data):
    cell = st.sampled_from([0, 1, 2, 3, 5, 7, 40])
    targets = np.array([[data.draw(cell) for _ in range(shape[1])] for _ in range(shape[0])])
    items = data.draw(st.integers(1, 6))
    assume(targets.any())
    exact = np.array([Fraction(items * int(v), int(targets.sum())) for v in targets.flat])
    exact = exact.reshape(shape)

    def cost(table):
        parts = ((table.sum(1), exact.sum(1)), (table.sum(0), exact.sum(0)), (table, exact))
        return tuple(((found - wanted) ** 2).sum() for found, wanted in parts)

    near = [
        table
        for table in all_tables(*shape, items)
        if is_rounded(table, exact)
        and is_rounded(table.sum(1), exact.sum(1))
        and is_rounded(table.sum(0), exact.sum(0))
    ]
    found = allocate_table(targets, items=items)
    costs = [cost(table) for table in near]
    assert cost(array(found)) == min(costs)
    assert found.is_unique == (costs.count(min(costs)) == 1)
    assert found.beyond_rounding == ()


@law
@given(cases(both=True))
def test_biproportional_minimises_its_product_and_has_multipliers(drawn):
    case, _ = drawn
    table = solved(case, method="biproportional")
    tables = list(feasible(case, {}))
    assert (table is None) == (not tables)
    if table is None:
        return

    def factor(own):
        pairs = zip(own.flat, np.array(case["targets"]).flat, strict=True)
        return math.prod(
            Fraction(2 * k - 1, 2 * int(v)) for a, v in pairs for k in range(1, int(a) + 1)
        )

    assert factor(array(table)) == min(map(factor, tables))
    scaled = (
        np.array(case["targets"])
        * np.array(table.row_multipliers)[:, None]
        * np.array(table.column_multipliers)
    )
    assert (np.abs(array(table) - scaled) <= 0.5 + 1e-6).all()


# --- laws --------------------------------------------------------------------------------------


@law
@given(cases(), st.sampled_from(["controlled", "biproportional"]))
def test_totals_are_exact(drawn, method):
    case, bounds = drawn
    table = solved(case, **bounds, method=method)
    assume(table is not None)
    assert list(table.row_totals) == case["row_totals"]
    assert list(table.column_totals) == case.get("column_totals", list(table.column_totals))
    assert sum(table.column_totals) == case["items"]
    assert (array(table) >= bounds["minimum"]).all()


@law
@given(cases(), st.sampled_from(["controlled", "biproportional"]))
def test_bounds_that_do_not_bind_change_nothing(drawn, method):
    case, bounds = drawn
    free = solved(case, method=method)
    assume(free is not None)
    kept = (array(free) >= bounds["minimum"]) & (array(free) <= bounds["maximum"])
    assume(kept.all())
    bounded = allocate_table(**case, **bounds, method=method)
    assert bounded.items == free.items
    assert bounded.bounds == ()


@law
@given(cases(), st.sampled_from(["controlled", "biproportional"]), st.randoms())
def test_the_order_of_rows_and_columns_changes_nothing(drawn, method, rng):
    case, bounds = drawn
    shape = np.array(case["targets"]).shape
    names = [[f"{axis}{i}" for i in range(n)] for axis, n in zip("RC", shape, strict=True)]
    frame = pd.DataFrame(case["targets"], index=names[0], columns=names[1])
    totals = {
        key: dict(zip(own, case[key], strict=True))
        for key, own in zip(("row_totals", "column_totals"), names, strict=True)
        if key in case
    }
    low = pd.DataFrame(bounds["minimum"], index=names[0], columns=names[1])

    def cells(rows, columns):
        arguments = {"items": case["items"], **totals, "minimum": low, "method": method}
        table = solved({"targets": frame.loc[rows, columns], **arguments})
        return table and {cell.label: cell.items for cell in table.cells}

    shuffled = [rng.sample(own, len(own)) for own in names]
    assert cells(*shuffled) == cells(*names)


weights = st.lists(st.integers(0, 40), min_size=1, max_size=6).filter(any)


@law
@given(weights, st.integers(0, 30), st.data())
def test_one_class_in_a_dimension_gives_the_one_way_allocation(own, items, data):
    column = [[weight] for weight in own]
    one_way = list(allocate(own, items=items))
    assert [row[0] for row in allocate_table(column, items=items).items] == one_way
    assert list(allocate_table([own], items=items).items[0]) == one_way
    webster = allocate_table(column, items=items, method="biproportional")
    assert [row[0] for row in webster.items] == list(allocate(own, items=items, method="webster"))
    low = [data.draw(st.integers(0, 4)) if weight else 0 for weight in own]
    high = [data.draw(st.integers(bound, 12)) for bound in low]
    try:
        bounded = list(allocate(own, items=items, minimum=low, maximum=high))
    except InfeasibleError:
        bounded = None
    for bounds in (
        {"minimum": [[bound] for bound in low], "maximum": [[bound] for bound in high]},
        {"row_totals": list(zip(low, high, strict=True))},
    ):
        table = solved({"targets": column, "items": items, **bounds})
        assert (table and [row[0] for row in table.items]) == bounded


@law
@given(cases(), st.integers(2, 9))
def test_the_unit_of_the_targets_changes_nothing(drawn, factor):
    case, _ = drawn
    table = solved(case)
    times = [[factor * cell for cell in row] for row in case["targets"]]
    again = solved({**case, "targets": times})
    assert (again and again.items) == (table and table.items)


# --- ties --------------------------------------------------------------------------------------


def test_ties_go_to_the_larger_target_and_then_to_the_identifier():
    targets = {"D10": {"a": 1.5, "b": 0.5}, "D2": {"a": 0.5, "b": 1.5}}
    table = allocate_table(targets, row_totals=[2, 2], column_totals=[2, 2])
    # Both tables are at distance 1; D2 comes before D10, so the diagonal keeps D2 × b.
    assert table.items == ((2, 0), (0, 2)) or table.items == ((1, 1), (1, 1))
    assert not table.is_unique
    equal = allocate_table([[1, 1], [1, 1]], row_totals=[2, 1], column_totals=[2, 1])
    assert equal.is_unique
    three = allocate_table([[1, 1], [1, 1]], row_totals=[1, 1], column_totals=[1, 1])
    assert three.items == ((1, 0), (0, 1))
    (tie,) = three.ties
    assert tie.identifiers == ("1 × 1", "2 × 2", "1 × 2", "2 × 1")
    assert tie.rule == "identifier"


def test_sums_with_the_noise_of_floating_point_tie():
    noisy = allocate_table([[0.1 + 0.2, 0.3], [0.3, 0.3]], row_totals=[1, 1], column_totals=[1, 1])
    assert noisy.items == ((1, 0), (0, 1))
    assert not noisy.is_unique


# --- bounds and what is impossible -------------------------------------------------------------


def test_ranges_of_totals_move_only_what_they_must():
    targets = [[30, 20], [30, 20]]
    free = allocate_table(targets, items=100)
    assert allocate_table(targets, items=100, row_totals=[(40, 60), None]).items == free.items
    moved = allocate_table(targets, items=100, row_totals=[(60, 70), None])
    assert moved.items == ((36, 24), (24, 16))
    assert [(b.identifier, b.kind, b.bound, b.without) for b in moved.bounds] == [
        ("1", "minimum", 60, 50)
    ]


def test_cells_that_cannot_be_rounded_targets_are_named():
    table = allocate_table([[9, 1], [1, 9]], items=20, minimum={("1", "2"): 4})
    assert [cell.label for cell in table.beyond_rounding][0:2] == ["1 × 1", "1 × 2"]
    assert "1 × 2: minimum 4; without bounds 1." in repr(table)


def test_structural_zeros_stay_empty():
    table = allocate_table([[5, 5], [5, 5]], row_totals=[10, 10], zeros=[("1", "2")])
    assert table.items[0] == (10, 0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"row_totals": [2, 2], "column_totals": [2, 1]}, "row_totals to 4 and column_totals to 3"),
        ({"row_totals": [(3, 2), None], "items": 4}, "ends are crossed"),
        ({"items": 4, "minimum": {("1", "1"): 3}, "maximum": 2}, r"“1 × 1” \(3 > 2\)"),
        ({"items": 4, "minimum": {("1", "1"): 1}, "zeros": [("1", "1")]}, "must be empty"),
        ({"items": 4, "minimum": 2}, "at least 2 items"),
    ],
)
def test_impossible_wishes_are_refused(arguments, message):
    with pytest.raises(InfeasibleError, match=message):
        allocate_table([[1, 1], [1, 1]], **arguments)


@pytest.mark.parametrize(
    ("targets", "arguments", "message"),
    [
        ([[1, -1]], {"items": 1}, "zero or more"),
        ([[1, math.nan]], {"items": 1}, "finite"),
        ([[0, 0]], {"items": 1}, "at least one"),
        ([], {"items": 1}, "rows and columns"),
        ([[1, 2], [1]], {"items": 1}, "differ in their columns"),
        ([[1, 0.25]], {}, "say how many items"),
        ([[1, 1]], {"items": 1.5}, "whole number"),
        ([[1, 1]], {"row_totals": [1, 1]}, "2 values of row_totals"),
        ([[1, 1]], {"items": 1, "method": "controled"}, "Did you mean “controlled”"),
        ([[1, 1]], {"items": 1, "part_totals": [1]}, "no parts"),
        ([[1, 1]], {"items": 1, "maximum": {("1", "9"): 1}}, "Unknown identifier"),
        ([[1, 1]], {"items": 1, "maximum": {("1",): 1}}, "wanted 2 identifiers"),
        ([[1, 1]], {"items": 1, "row_totals": [(1, 2, 3)]}, "a range is a pair"),
        ({"w": [[1]], "o": [[1], [1]]}, {"items": 1}, "The parts differ"),
        ({"w": [[1]], "o": [[1]]}, {"items": 1, "method": "biproportional"}, "Parts need"),
    ],
)
def test_unusable_arguments_are_refused(targets, arguments, message):
    with pytest.raises(ValueError, match=message):
        allocate_table(targets, **arguments)


# --- what it shows -----------------------------------------------------------------------------


def test_the_table_shows_itself_with_totals_and_as_one_row_per_cell():
    table = allocate_table({"D1": {"a": 2, "b": 1}, "D2": {"a": 1, "b": 2}})
    assert "total  3  3      6" in repr(table)
    assert "<table>" in table._repr_html_()
    assert table.as_frame().columns.tolist() == [
        "row", "column", "target", "minimum", "maximum", "items",
    ]  # fmt: skip
    assert table.distance == 0
    parts = allocate_table({"written": [[2, 1]], "oral": [[1, 1]]})
    assert parts.as_frame()["part"].tolist() == ["written", "oral", "written", "oral"]
    assert "total" in repr(parts)


def test_equal_patterns_end_although_rounded_prices_leave_circles():
    pattern = [50 / 126, 49 / 126, 27 / 126]
    table = allocate_table(
        [pattern] * 4,
        row_totals=[12, 30, 76, 24],
        column_totals=[56, 55, 31],
        method="biproportional",
    )
    assert array(table).sum(axis=0).tolist() == [56, 55, 31]
    assert array(table).sum(axis=1).tolist() == [12, 30, 76, 24]
