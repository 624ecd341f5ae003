"""Wishes that contradict each other, and the smallest change that mends it, by enumeration."""

import re

import numpy as np
import pytest
from hypothesis import assume, given, settings

from rds.blueprint.apportion_table import allocate_table
from rds.errors import InfeasibleError
from tests.blueprint.tables import all_tables, cases, feasible

law = settings(deadline=None, max_examples=60)
EMPTY = 1000
RANGE = re.compile(r"(?:at least (\d+|no) items?)?(?: and )?(?:at most (\d+|no) items?)? in (.*)")
EXACT = re.compile(r"(\d+|no) items? in (.*)")


def refusal(case, bounds):
    """Return why a case is refused, None where it is not."""
    try:
        allocate_table(**case, **bounds)
    except InfeasibleError as error:
        return str(error)
    return None


def read(phrase, items):
    """Return what a phrase is about, and its fewest and most items."""

    def number(text):
        return 0 if text == "no" else int(text)

    exact = EXACT.fullmatch(phrase)
    if exact:
        return exact[2], number(exact[1]), number(exact[1])
    low, high, place = RANGE.fullmatch(phrase).groups()
    return place, number(low) if low else 0, number(high) if high else items


def count(table, place):
    """Return the items of the row, column or cell that a phrase is about."""
    numbers = [int(number) - 1 for number in re.findall(r"\d+", place)]
    if place == "all":
        return table.sum()
    if place.startswith("row"):
        return table[numbers[0]].sum()
    return table[:, numbers[0]].sum() if place.startswith("column") else table[tuple(numbers)]


@law
@given(cases(both=True))
def test_what_is_named_is_a_contradiction_and_without_any_one_of_it_there_is_none(drawn):
    case, bounds = drawn
    text = refusal(case, bounds)
    assume(text is not None)
    assert not list(feasible(case, bounds))
    named = re.match("No table keeps these together: (.*?)\\. The smallest", text)[1]
    wishes = [read(phrase, case["items"]) for phrase in named.split("; ")]
    tables = list(all_tables(*np.shape(case["targets"]), case["items"]))

    def kept(wishes):
        return any(all(a <= count(t, place) <= b for place, a, b in wishes) for t in tables)

    assert not kept(wishes)
    for left_out in (wish for wish in wishes if wish[0] != "all"):
        assert kept([wish for wish in wishes if wish != left_out])


@law
@given(cases(both=True))
def test_no_smaller_change_than_the_one_that_is_named_would_do(drawn):
    case, bounds = drawn
    text = refusal(case, bounds)
    assume(text is not None)
    targets, low, high = (
        np.array(own) for own in (case["targets"], bounds["minimum"], bounds["maximum"])
    )
    empty = (targets == 0) & (low == 0)
    high = np.where(targets == 0, low, high)

    def change(table):
        totals = np.abs(table.sum(1) - case["row_totals"]).sum()
        totals += np.abs(table.sum(0) - case["column_totals"]).sum()
        cells = np.maximum(low - table, 0) + np.maximum(table - high, 0)
        return totals + (cells * np.where(empty, EMPTY, 1)).sum()

    mends = re.findall(r"from (\d+) to (\d+)", text.split("The smallest change: ")[1])
    smallest = min(change(table) for table in all_tables(*targets.shape, case["items"]))
    if smallest < EMPTY:
        assert sum(abs(int(b) - int(a)) for a, b in mends) == smallest


def test_contradictory_totals_are_explained_in_words():
    with pytest.raises(InfeasibleError) as error:
        allocate_table(
            [[40.643, 0, 0], [0, 0, 12.617], [31.2, 65.54, 0]],
            row_totals=[41, 12, 97],
            column_totals=[72, 65, 13],
        )
    assert str(error.value) == (
        "No table keeps these together: 12 items in row “2”; 13 items in column “3”; no items in "
        "“1 × 3”; no items in “3 × 3”. The smallest change: column “2” from 65 to 66 and "
        "column “3” from 13 to 12."
    )


def test_bounds_that_contradict_a_total_are_explained_in_words():
    with pytest.raises(InfeasibleError) as error:
        allocate_table([[4, 4], [4, 4]], row_totals=[(0, 6), 10], maximum=4)
    assert str(error.value) == (
        "No table keeps these together: 10 items in row “2”; at most 4 items in “2 × 1”; at most "
        "4 items in “2 × 2”. The smallest change: the maximum of “2 × 1” from 4 to 6."
    )


def test_parts_that_cannot_be_met_are_explained_too():
    targets = {"written": [[1, 1], [1, 1]], "oral": [[1, 1], [1, 1]]}
    with pytest.raises(InfeasibleError, match="no items in row “2”; at least 1 item in “2 × 1 × "):
        allocate_table(targets, row_totals=[9, 0], minimum={("2", "1", "oral"): 1})
