"""Whole items by domain, level and part."""

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rds.blueprint.cell_limits import CellLimits
from rds.blueprint.cells import CellRules, allocate_cells, bank_cells
from rds.blueprint.items import allocate_domains
from rds.blueprint.parts import ExamPart, exam_parts
from rds.errors import InfeasibleError
from rds.outline.outline import CellBound, Domain, Part

LEVELS = {"recall": 30.0, "use": 50.0, "judge": 20.0}
WEIGHTS = pd.Series({"A": 0.5, "B": 0.3, "C": 0.2})


def form(weights=WEIGHTS, items=60):
    return allocate_domains(weights, [Domain(name, name) for name in weights.index], items=items)


def shares(parts, names="ABC"):
    total = sum(LEVELS.values())
    own = {
        (level, part.name): percent / total * part.share
        for level, percent in LEVELS.items()
        for part in parts or [ExamPart("", 1.0, 0)]
    }
    return {name: pd.Series(own) for name in names}


def cells(items=60, parts=(), bounds=(), levels=LEVELS, weights=WEIGHTS):
    sizes = exam_parts(parts, items=items)
    rules = CellRules(
        levels,
        parts=sizes,
        own_units=any(p.percent and p.units for p in parts),
        limits=CellLimits(bounds),
    )
    return allocate_cells(form(weights, items), shares(sizes), rules)


def totals(made, column):
    return made.frame.groupby(column, sort=False)["items"].sum().to_dict()


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.integers(1, 60), min_size=3, max_size=3),
    st.lists(st.integers(10, 90), min_size=2, max_size=3),
    st.integers(12, 120),
)
def test_domains_levels_and_parts_are_exact_together(weights, percents, items):
    parts = [Part(f"P{k}", percent) for k, percent in enumerate(percents)]
    own = pd.Series(weights, index=list("ABC")) / sum(weights)
    made = cells(items, parts, weights=own)
    assert totals(made, "domain_id") == dict(zip("ABC", form(own, items), strict=True))
    levels = allocate_domains(pd.Series(LEVELS), [Domain(v, v) for v in LEVELS], items=items)
    assert totals(made, "cognitive_level") == dict(zip(LEVELS, levels, strict=True))
    units = {part.name: part.units for part in exam_parts(parts, items=items)}
    assert totals(made, "part") == units
    assert made.frame["target"].sum() == pytest.approx(items)


def test_parts_of_their_own_units_keep_these_and_round_every_cell():
    parts = [Part("written", 70, 90), Part("practical", 30, 12, "stations")]
    made = cells(100, parts)
    assert totals(made, "part") == {"written": 90, "practical": 12}
    assert made.beyond_rounding().empty
    assert made.frame.groupby("part")["unit"].first().to_dict() == {
        "practical": "stations", "written": "items",
    }  # fmt: skip
    # A domain's units, each at its worth, come to its weight: 0.7 / 90 an item, 0.3 / 12 a station.
    worth = made.frame["part"].map({"written": 0.7 / 90, "practical": 0.3 / 12})
    reached = (made.frame["items"] * worth).groupby(made.frame["domain_id"]).sum()
    assert reached.to_dict() == pytest.approx(WEIGHTS.to_dict(), abs=0.3 / 12)


@settings(max_examples=20, deadline=None)
@given(st.integers(20, 90), st.integers(0, 1))
def test_bounds_that_do_not_bind_change_nothing(items, slack):
    free = cells(items).frame
    bounds = [
        CellBound(row.domain_id, row.cognitive_level, "", max(own - slack, 0), own + slack)
        for row, own in zip(free.itertuples(), free["items"], strict=True)
        if own
    ]
    made = cells(items, bounds=bounds)
    assert made.frame.equals(free)
    assert made.tables["cells"].bounds == ()


def test_a_minimum_holds_and_says_what_it_moved():
    made = cells(bounds=[CellBound("C", "judge", minimum_items=6)])
    own = made.frame.set_index(["domain_id", "cognitive_level"])["items"]
    assert own["C", "judge"] == 6
    (bound,) = (b for b in made.tables["cells"].bounds if b.identifier == "C × judge")
    assert (bound.kind, bound.bound) == ("minimum", 6)
    assert totals(made, "domain_id") == dict(zip("ABC", form(), strict=True))
    assert totals(made, "cognitive_level") == {"recall": 18, "use": 30, "judge": 12}


def test_a_bound_of_one_part_holds_in_that_part_alone():
    parts = [Part("written", 80), Part("oral", 20)]
    free = cells(60, parts).frame.set_index(["domain_id", "cognitive_level", "part"])["items"]
    bounds = [CellBound("C", "judge", "oral", minimum_items=2)]
    own = cells(60, parts, bounds).frame.set_index(["domain_id", "cognitive_level", "part"])
    assert free["C", "judge", "oral"] < 2
    assert own["items"]["C", "judge", "oral"] == 2


def test_a_level_with_a_range_moves_no_further_than_it_must():
    made = cells(bounds=[CellBound("", "judge", minimum_items=15)])
    assert totals(made, "cognitive_level")["judge"] == 15
    assert sum(totals(made, "cognitive_level").values()) == 60
    free = cells(bounds=[CellBound("", "judge", minimum_items=5, maximum_items=20)])
    assert totals(free, "cognitive_level") == {"recall": 18, "use": 30, "judge": 12}


def test_a_part_with_a_range_keeps_it():
    parts = [Part("written", 80), Part("oral", 20)]
    made = cells(60, parts, [CellBound("", "", "oral", 15, 20)])
    assert totals(made, "part") == {"written": 45, "oral": 15}


def test_wishes_that_contradict_each_other_are_named_with_the_smallest_mend():
    message = (
        r"12 items in domain “C”; at least 9 items in “C × judge”; at least 5 items in “C × use”\. "
        "The smallest change: "
    )
    bounds = [CellBound("C", "judge", "", 9), CellBound("C", "use", "", 5)]
    with pytest.raises(InfeasibleError, match=message):
        cells(bounds=bounds)


def test_within_a_part_of_its_own_units_domains_and_levels_may_be_bound():
    parts = [Part("written", 70, 90), Part("practical", 30, 12, "stations")]
    bounds = [
        CellBound("C", "", "practical", 5),
        CellBound("", "judge", "practical", maximum_items=1),
    ]
    own = cells(100, parts, bounds).frame.query("part == 'practical'")
    assert own.groupby("domain_id")["items"].sum()["C"] == 5
    assert own.groupby("cognitive_level")["items"].sum()["judge"] == 1
    assert own["items"].sum() == 12


@pytest.mark.parametrize("multiple", [1, 2.5, 3])
def test_a_bank_holds_at_least_the_multiple_of_every_cell(multiple):
    frame = cells().frame
    bank = bank_cells(frame, multiple)
    assert bank["items"].tolist() == [math.ceil(multiple * items) for items in frame["items"]]
    assert set(bank["set"]) == {"bank"}
