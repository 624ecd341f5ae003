"""Parts, bounds of cells and forms, from the sheets to the outputs."""

import json

import pandas as pd
import pytest

from rds.errors import InputError
from rds.study.building import build_blueprint
from rds.study.export import export
from rds.study.receive import receive
from rds.study.run import run
from rds.study.study import Study
from tests.study.examples import make_study, write_answers

PARTS = [{"part": "written", "percent": 80}, {"part": "oral", "percent": 20}]
MIXED = [
    {"part": "written", "percent": 70, "units": 90},
    {"part": "practical", "percent": 30, "units": 12, "unit": "stations"},
]


def study(tmp_path, *, answered=True, strict=True, sheets=None, **settings):
    folder = make_study(tmp_path / "study", sheets=sheets, **settings)
    if answered:
        receive(Study.open(folder), write_answers(tmp_path / "a.csv"))
    return Study.open(folder, strict=strict)


def problems(tmp_path, **options):
    return [str(own) for own in study(tmp_path, answered=False, strict=False, **options).problems]


def only_problem(tmp_path, **options):
    (said,) = problems(tmp_path, **options)
    return said


def test_parts_reach_every_output(tmp_path):
    opened = study(tmp_path, sheets={"Parts": PARTS}, blueprint__pretest_items=10)
    made = run(opened).blueprint
    form = made.cells[made.cells["set"] == "form"]
    assert form.groupby("part")["items"].sum().to_dict() == {"written": 80, "oral": 20}
    domains = form.groupby("domain_id")["items"].sum()
    assert domains.to_dict() == made.domain_weights.set_index("domain_id")["items"].to_dict()
    levels = form.groupby("cognitive_level")["items"].sum().to_dict()
    assert levels == {"recall": 30, "application": 50, "analysis": 20}
    pretest = made.cells[made.cells["set"] == "pretest"]
    assert pretest.groupby("part")["items"].sum().to_dict() == {"written": 8, "oral": 2}
    precision = made.precision[made.precision["unit"] == "cell"]
    assert len(precision) == len(form)
    assert precision["weight"].sum() == pytest.approx(1)
    assert "D1, recall, oral" in set(precision["id"])
    table = pd.read_csv(opened.folder.out / "tables" / "blueprint.csv")
    assert set(table["part"]) == {"written", "oral"}
    assert (opened.folder.out / "restricted" / "blueprint.xlsx").exists()


def test_tasks_and_domains_go_only_where_they_may_be_examined(tmp_path):
    parts = [{**PARTS[0], "domain_ids": "d1, D2"}, {"part": "Oral", "percent": 20}]
    parts[0]["percent"], parts[1]["percent"] = 60, 40
    made = build_blueprint(study(tmp_path, sheets={"Parts": parts}))
    cells = made.cells.set_index(["part", "domain_id"])["items"]
    assert cells["written"].get("D3", pd.Series([0])).sum() == 0
    assert cells["Oral"]["D3"].sum() == made.domain_weights["items"].iloc[2]


def test_parts_counted_in_units_of_their_own_have_these_units(tmp_path):
    opened = study(tmp_path, sheets={"Parts": MIXED}, blueprint__pretest_items=9)
    made = run(opened).blueprint
    form = made.cells[made.cells["set"] == "form"]
    assert form.groupby("part")["items"].sum().to_dict() == {"written": 90, "practical": 12}
    assert set(made.cells.loc[made.cells["set"] == "pretest", "part"]) == {"written"}
    assert made.domain_weights["items"].sum() == 100
    own = made.precision.set_index("id")
    margins = own.loc[["D1, recall, written", "D1, recall, practical"], "items_margin"]
    # The same share of the domain's error, each in its own units: 90 items, 12 stations.
    assert margins.iloc[0] / margins.iloc[1] == pytest.approx(90 / 12)


def test_every_form_has_its_constraints_and_the_bank_is_none(tmp_path):
    opened = study(
        tmp_path, sheets={"Parts": PARTS}, blueprint__forms=2, blueprint__bank_multiple=1.5
    )
    made = build_blueprint(opened)
    form, bank = (made.cells[made.cells["set"] == name] for name in ("form", "bank"))
    assert (bank["items"].to_numpy() >= 1.5 * form["items"].to_numpy()).all()
    said = [note.reason for note in made.notes if note.table == "blueprint"]
    assert "the cells of set form hold for each of the 2 forms" in said
    assert "2 forms have to share items: the bank is to hold only 1.5 times a form's" in said
    csv, as_json = export(opened, "assembly")
    table = pd.read_csv(csv)
    assert set(table["set"]) == {"form"}
    totals = table[table["scope"] == "total"].groupby("form")["minimum"].sum()
    assert totals.to_dict() == {1: 100, 2: 100}
    assert table["constraint_id"].is_unique
    assert json.loads(as_json.read_text(encoding="utf-8"))["forms"] == 2


def test_bounds_of_cells_levels_and_domains_hold(tmp_path):
    cells = [
        {"domain_id": "D1", "cognitive_level": "Analysis", "minimum_items": 9},
        {"domain_id": "D2", "cognitive_level": "recall", "maximum_items": 0},
        {"cognitive_level": "recall", "minimum_items": 20, "maximum_items": 25},
        {"domain_id": "D3", "maximum_items": 30},
    ]
    made = build_blueprint(study(tmp_path, sheets={"Cells": cells}, blueprint__pretest_items=10))
    form = made.cells[made.cells["set"] == "form"].set_index(["domain_id", "cognitive_level"])
    assert form.loc[("D1", "analysis"), "items"] >= 9
    assert form.loc[("D2", "recall"), "items"] == 0
    assert 20 <= form.groupby("cognitive_level")["items"].sum()["recall"] <= 25
    assert made.domain_weights.set_index("domain_id").loc["D3", "items"] <= 30
    empty = made.cells.query("domain_id == 'D2' and cognitive_level == 'recall'")
    assert empty["items"].tolist() == [0, 0]
    assert any(note.row == "D1 × analysis" for note in made.notes if note.table == "blueprint")


@pytest.mark.parametrize(
    ("sheets", "settings", "found"),
    [
        ({"Parts": [{"part": "a", "percent": 60}, {"part": "b", "percent": 30}]}, {},
         "parts that add up to 90 percent"),
        ({"Parts": [{"part": "a", "units": 60}, {"part": "b", "units": 30}]}, {},
         "parts with 90 items; wanted 100 (blueprint.items)"),
        ({"Parts": [{"part": "a", "percent": 60}, {"part": "b", "units": 40}]}, {},
         "size is given in different ways"),
        ({"Parts": [{"part": "a", "percent": 60}, {"part": "b", "percent": 40, "unit": "cases"}]},
         {}, "units of different kinds: items, cases"),
        ({"Parts": [{"part": "a", "percent": 60}, {"part": "A", "percent": 40}]}, {},
         "each of them once"),
        ({"Parts": [{"part": "a", "percent": 100}, {"part": "b", "percent": 0}]}, {},
         "more than 0"),
        ({"Parts": [{"part": "a"}]}, {}, "its share of the exam, or its units"),
        ({"Parts": PARTS}, {"blueprint__cell_rounding": "biproportional"}, "controlled"),
        ({"Parts": [{**PARTS[0], "cognitive_levels": "recal"}, PARTS[1]]}, {}, "write “recall”"),
        ({"Cells": [{"domain_id": "D1", "cognitive_level": "recall", "minimum_items": 9,
                     "maximum_items": 5}]}, {}, "at most the maximum of 5"),
        ({"Cells": [{"domain_id": "D1", "cognitive_level": "recall"}]}, {},
         "a minimum or a maximum"),
        ({"Cells": [{"minimum_items": 5}]}, {}, "what it is the bound of"),
        ({"Cells": [{"domain_id": "D1", "cognitive_level": "recall", "part": "oral",
                     "minimum_items": 1}]}, {}, "no part, as none is defined"),
        ({"Parts": PARTS, "Cells": [{"domain_id": "D1", "cognitive_level": "recall",
                                     "minimum_items": 1}]}, {}, "a row about D1 × recall"),
        ({"Parts": MIXED, "Cells": [{"part": "practical", "minimum_items": 1}]}, {},
         "its units stand in the sheet Parts"),
        ({"Cells": [{"cognitive_level": "recall", "minimum_items": 70},
                    {"cognitive_level": "analysis", "minimum_items": 31}]}, {},
         "minima of levels that add up to 101 items; wanted at most 100"),
        ({"Credentials": [{"credential": "Entry", "cognitive_levels": "recall 40, use 50"}]}, {},
         "cognitive levels that add up to 90 percent"),
        ({"Credentials": [{"credential": "Entry", "cognitive_levels": "recall"}]}, {},
         "levels with their percents"),
        ({"Credentials": [{"credential": "Entry", "items": 0}]}, {}, "at least 1"),
        ({"Credentials": [{"credential": "Entry I"}, {"credential": "entry (i)"}]}, {},
         "rename one of them"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_clear_problem(tmp_path, sheets, settings, found):
    assert found in only_problem(tmp_path, sheets=sheets, **settings)


def test_percents_that_nearly_add_up_are_taken_in_proportion_and_reported(tmp_path):
    parts = [{"part": "written", "percent": 79.5}, {"part": "oral", "percent": 20}]
    made = build_blueprint(study(tmp_path, sheets={"Parts": parts}))
    assert made.cells.groupby("part")["items"].sum().to_dict() == {"written": 80, "oral": 20}
    said = [note.reason for note in made.notes if note.column == "target"]
    assert said == ["the percents of the parts add up to 99.5 and are taken in proportion"]


def test_more_cells_than_items_is_advice(tmp_path):
    opened = study(tmp_path, sheets={"Parts": PARTS}, blueprint__items=17)
    (advice,) = opened.problems
    assert advice.severity == "advice"
    assert advice.found == "18 cells for 17 items"
    assert build_blueprint(opened).cells["items"].sum() == 17


def test_a_task_that_no_part_examines_is_refused_by_name(tmp_path):
    parts = [{**part, "domain_ids": "D1, D2"} for part in PARTS]
    with pytest.raises(InputError, match="no place for T02, T05, T08, T11"):
        build_blueprint(study(tmp_path, sheets={"Parts": parts}))
