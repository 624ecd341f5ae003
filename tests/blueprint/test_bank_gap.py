"""An inventory against a blueprint: counts by hand, conservation, what is refused."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rds.analysis.analysis import analyze_ratings
from rds.blueprint.bank_gap import BANK_GAP, INVENTORY, bank_gap
from rds.blueprint.build import build
from tests.blueprint import examples

DOCS = Path(__file__).parents[2] / "docs"


@cache
def plan():
    """Return a plan of 60 items in which T12 was dropped and levels come from the tasks."""
    outline = examples.outline()
    answers = examples.ratings(outline)
    chosen = examples.settings(
        blueprint={"items": 60, "cognitive_source": "tasks"}, resampling={"replicates": 100}
    )
    decisions = {"T12": ("drop", "rare", "panel")}
    analysis = analyze_ratings(answers, outline, chosen, decisions=decisions)
    return build(outline, answers, chosen, analysis, task_decisions={"T12": "drop"})


def inventory(*rows):
    table = pd.DataFrame([{"count": 1, **row} for row in rows])
    table = table.reindex(columns=list(INVENTORY)).astype(object)
    return table.where(table.notna(), "").astype({"count": int})


def enough(blueprint, times=1):
    """Return an inventory that holds exactly what a form takes, by task."""
    tasks = {task.task_id: task for task in blueprint.outline.tasks}
    rows = blueprint.task_weights
    return inventory(
        *(
            {
                "task_id": name,
                "cognitive_level": tasks[name].cognitive_level,
                "count": int(times * items),
            }
            for name, items in zip(rows["task_id"], rows["items"], strict=True)
        )
    )


def scope(found, name):
    return found.table[found.table["scope"] == name]


def test_need_is_the_plan_and_the_gap_what_is_missing():
    blueprint = plan()
    cell = blueprint.cells.iloc[0]
    where = {"domain_id": cell["domain_id"], "cognitive_level": cell["cognitive_level"]}
    found = bank_gap(blueprint, inventory({**where, "count": 2, "item_id": "a"}))
    assert found.cells["need"].tolist() == blueprint.cells["items"].tolist()
    row = found.cells.iloc[0]
    assert (row["have"], row["gap"], row["surplus"]) == (2, row["need"] - 2, 0)
    assert row["finding"] == f"{row['need'] - 2} missing"
    assert found.sentence.startswith("The bank lacks 58 of the 60 items needed, in ")
    assert "58 of the 60" in repr(found)


def test_a_bank_that_holds_what_forms_take_has_no_gap_in_any_task():
    found = bank_gap(plan(), enough(plan()))
    assert (scope(found, "task")["gap"] == 0).all()
    assert (scope(found, "task")["surplus"] == 0).all()
    assert len(scope(found, "task")) == 11
    assert found.cells["have"].sum() == 60


@given(st.integers(1, 40))
def test_needs_of_a_multiple_are_rounded_up_cell_by_cell(tenths):
    found = bank_gap(plan(), enough(plan()), multiple=tenths / 10)
    expected = [-(-tenths * int(items) // 10) for items in plan().cells["items"]]
    assert found.cells["need"].tolist() == expected


def test_what_the_blueprint_says_of_the_bank_is_needed_unless_told_otherwise():
    blueprint = plan()
    form = blueprint.cells
    bank = form.assign(set="bank", items=form["items"] * 3)
    wider = examples_with(blueprint, pd.concat([form, bank], ignore_index=True))
    found = bank_gap(wider, enough(blueprint))
    assert found.cells["need"].tolist() == bank["items"].tolist()
    assert found.basis == "what the blueprint says the bank should hold"
    assert scope(found, "task")["need"].sum() == 180
    assert bank_gap(wider, enough(blueprint), multiple=2).cells["need"].sum() == 120


def examples_with(blueprint, cells):
    from dataclasses import replace

    return replace(blueprint, cells=cells)


def test_parts_are_compared_apart_where_the_inventory_has_them():
    blueprint = plan()
    written, oral = (blueprint.cells.assign(part=name) for name in ("written", "oral"))
    two = examples_with(blueprint, pd.concat([written, oral], ignore_index=True))
    items = enough(blueprint)
    apart = bank_gap(two, items.assign(part="oral")).cells
    assert apart.groupby("part")["have"].sum().to_dict() == {"oral": 60, "written": 0}
    together = bank_gap(two, items)
    assert together.cells["need"].sum() == 120
    assert "parts are taken together" in " ".join(together.notes)


def test_without_levels_domains_are_compared_as_a_whole():
    found = bank_gap(plan(), inventory({"domain_id": "D1", "count": 70}))
    assert found.cells["domain_id"].tolist() == ["D1", "D2", "D3"]
    assert "no cognitive levels" in found.notes[0]


def test_domains_may_be_named_by_title_and_in_any_case():
    found = bank_gap(plan(), inventory({"domain_id": "domain 2"}, {"task_id": "t06"}))
    assert found.cells.set_index("domain_id").loc["D2", "have"] == 2


def test_items_that_do_not_count_are_listed_with_the_reason():
    found = bank_gap(
        plan(),
        inventory(
            {"task_id": "T12", "count": 4},
            {"task_id": "T99", "count": 3},
            {"domain_id": "Law", "count": 2},
            {"domain_id": "", "count": 6},
            {"task_id": "T01", "status": "retired"},
            {"domain_id": "D1", "cognitive_level": "creation", "count": 5},
        ),
    )
    rows = scope(found, "not counted").set_index("finding")["have"].to_dict()
    assert rows == {
        "the task was dropped": 4,
        "the task is not in the outline": 3,
        "the domain is not in the outline": 2,
        "no domain and no task": 6,
        "the status is “retired”": 1,
        "no cell of the blueprint has this domain and level": 5,
    }
    assert "21 items were not counted" in repr(found)


def test_an_item_counts_in_the_domain_its_task_has_now():
    found = bank_gap(plan(), inventory({"task_id": "T01", "domain_id": "D3", "count": 2}))
    assert found.cells.set_index("domain_id")["have"].to_dict() == {"D1": 2, "D2": 0, "D3": 0}
    assert found.notes[-1].startswith("2 items name a task of another domain")


words = st.fixed_dictionaries(
    {
        "task_id": st.sampled_from(["", "T01", "T05", "T12", "T77", "t03"]),
        "domain_id": st.sampled_from(["", "D1", "D2", "d3", "Domain 1", "Law"]),
        "cognitive_level": st.sampled_from(["", "recall", "Application", "analysis", "creation"]),
        "status": st.sampled_from(["", "active", "Retired", "draft"]),
        "count": st.integers(0, 9),
    }
)


@settings(deadline=None)
@given(st.lists(words, min_size=1, max_size=12), st.randoms())
def test_every_item_is_accounted_for_once_in_any_order(rows, random):
    items = inventory({"task_id": "T01", "cognitive_level": "recall"}, *rows)
    found = bank_gap(plan(), items)
    counted = found.table[found.table["scope"] != "task"]["have"].sum()
    assert counted == items["count"].sum()
    assert (found.cells["need"] - found.cells["have"]).tolist() == (
        found.cells["gap"] - found.cells["surplus"]
    ).tolist()
    order = list(range(len(items)))
    random.shuffle(order)
    turned = bank_gap(plan(), items.iloc[order])
    assert turned.cells["have"].tolist() == found.cells["have"].tolist()


def test_statuses_that_count_can_be_named():
    items = inventory({"task_id": "T01", "status": "in bank"}, {"task_id": "T02", "status": "old"})
    with pytest.raises(ValueError, match="whether items of the status in bank, old can be used"):
        bank_gap(plan(), items)
    found = bank_gap(plan(), items, statuses=["In bank"])
    assert found.cells["have"].sum() == 1
    with pytest.raises(ValueError, match="no item has the status live"):
        bank_gap(plan(), items, statuses=["live"])


def test_an_inventory_of_another_exam_is_refused():
    with pytest.raises(ValueError, match="no item names a domain or a task of this study"):
        bank_gap(plan(), inventory({"domain_id": "Law"}, {"task_id": "X1"}))


@pytest.mark.parametrize("multiple", [0.0, -1.0, np.inf])
def test_a_multiple_that_is_no_positive_number_is_refused(multiple):
    with pytest.raises(ValueError, match="wanted a number above zero"):
        bank_gap(plan(), enough(plan()), multiple=multiple)


def test_the_columns_are_those_documented():
    text = " ".join((DOCS / "tables.md").read_text(encoding="utf-8").split())
    assert f"scope (cell, task, not counted), {', '.join(BANK_GAP[1:])}." in text
