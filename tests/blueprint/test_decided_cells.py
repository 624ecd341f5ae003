"""Cells that the committee decided take the place of those that the ratings gave."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rds.blueprint.decided_cells import cell_keys, with_decided
from rds.documents.blueprint_workbook.inputs import inputs
from rds.errors import InfeasibleError
from tests.documents.examples import example_blueprint


def cells(items=(6, 4, 5, 5), part=("", "", "", "")):
    return pd.DataFrame(
        {
            "credential": "",
            "part": list(part),
            "set": "form",
            "domain_id": ["D1", "D1", "D2", "D2"],
            "cognitive_level": ["recall", "use", "recall", "use"],
            "target": [float(own) for own in items],
            "items": list(items),
        }
    )


def test_without_decisions_everything_stays():
    table, notes = with_decided(cells(), {})
    assert list(table["items"]) == list(table["items_by_ratings"]) == [6, 4, 5, 5]
    assert set(table["decided_by"]) == {""}
    assert notes == []


def test_decided_cells_that_keep_the_total_leave_the_others_alone():
    table, notes = with_decided(cells(), {"D1 | recall": 8, "d2 | RECALL": 3})
    assert list(table["items"]) == [8, 4, 3, 5]
    assert list(table["decided_by"]) == ["committee", "", "committee", ""]
    assert [note.row for note in notes] == ["D1 | recall", "D2 | recall"]


def test_cells_that_nobody_decided_share_what_is_left_where_the_total_moved():
    table, notes = with_decided(cells(), {"D1 | recall": 13})
    # 7 items left for targets 4, 5, 5: exact shares 2, 2.5, 2.5; the tie goes to the first.
    assert list(table["items"]) == [13, 2, 3, 2]
    assert notes[-1].reason.endswith("leave: 7")


def test_parts_with_units_of_their_own_keep_their_totals():
    own = cells(part=("written", "oral", "written", "oral"))
    table, _ = with_decided(own, {"written | D1 | recall": 8}, by_part=True)
    assert list(table["items"]) == [8, 4, 3, 5]


@pytest.mark.parametrize("decided", [{"D1 | recall": 21}, dict.fromkeys(
    ["D1 | recall", "D1 | use", "D2 | recall", "D2 | use"], 4)])  # fmt: skip
def test_decided_cells_that_cannot_make_the_exam_are_refused(decided):
    with pytest.raises(InfeasibleError, match="items, the exam 20"):
        with_decided(cells(), decided)


NAMES = ["D1 | recall", "D1 | use", "D2 | recall"]


@given(st.dictionaries(st.sampled_from(NAMES), st.integers(0, 6)))
def test_the_total_stays_and_decided_cells_are_exact(decided):
    table, _ = with_decided(cells(), decided)
    assert table["items"].sum() == 20
    found = dict(zip(cell_keys(table), table["items"], strict=True))
    assert {name: found[name] for name in decided} == decided


def test_parts_come_first_in_names_where_there_are_several():
    names = cell_keys(cells(part=("written", "oral", "written", "oral")))
    assert list(names)[:2] == ["written | D1 | recall", "oral | D1 | use"]


def test_names_are_those_of_the_workbooks_inputs():
    blueprint = example_blueprint()
    form = blueprint.cells[blueprint.cells["set"] == "form"]
    own = [i.key for i in inputs(blueprint) if i.sheet == "Blueprint" and i.field == "items"]
    assert sorted(own[1:]) == sorted(cell_keys(form))
