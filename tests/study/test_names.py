"""Names of people stay in their own file."""

import pytest

from rds.sheets import Row
from rds.study.names import known_names, name_advice


def panel(**values):
    return {"Panel": [Row("study.xlsx", values, {key: f"Panel!{key}" for key in values})]}


def found(rows, folder, ignored=()):
    return [problem.found for problem in name_advice(rows, ignored, folder)]


@pytest.mark.parametrize(
    "line",
    [
        "column “name” of sheet “Panel”",
        "column “First name” of sheet “Panel”",
        "column “last_name” of sheet “Panel”",
        "column “E-mail” of sheet “Panel”",
        "sheet “Names”",
        "sheet “panel names”",
    ],
)
def test_columns_and_sheets_of_names_are_pointed_out(line, tmp_path):
    assert len(found({}, tmp_path, [line])) == 1


@pytest.mark.parametrize(
    "line",
    [
        "column “remark” of sheet “Panel”",
        "column “name” of sheet “Tasks”",
        "sheet “Budget”",
    ],
)
def test_other_columns_and_sheets_are_left_alone(line, tmp_path):
    assert found({}, tmp_path, [line]) == []


@pytest.mark.parametrize("cell", ["Dr. Somebody", "somebody@example.org", "Prof Nobody"])
def test_what_looks_like_a_person_is_pointed_out(cell, tmp_path):
    assert found(panel(sme_id="SME01", credentials=cell), tmp_path) == [
        f"“{cell}”, which looks like a person"
    ]


@pytest.mark.parametrize("cell", ["certified peer specialist", "Western Massachusetts", "MSW"])
def test_ordinary_attributes_are_not(cell, tmp_path):
    assert found(panel(sme_id="SME01", region=cell), tmp_path) == []


def test_an_identifier_without_a_number_may_be_a_name(tmp_path):
    assert found(panel(sme_id="Somebody"), tmp_path) == ["“Somebody”, which looks like a person"]


def test_listed_names_are_found_on_any_sheet_and_not_repeated(tmp_path):
    (tmp_path / "names.csv").write_text("sme_id,name\nSME01,Ada Nobody\n", encoding="utf-8")
    decisions = Row("study.xlsx", {"decisions": "ADA NOBODY agreed."}, {"decisions": "Meetings!D2"})
    (problem,) = name_advice({"Meetings": [decisions]}, (), tmp_path)
    assert problem.place == "Meetings!D2"
    assert "ada" not in str(problem).casefold()
    assert problem.severity == "advice"


def test_parts_of_words_are_no_names(tmp_path):
    (tmp_path / "names.csv").write_text("sme_id,name\nSME01,Nobo\n", encoding="utf-8")
    assert found(panel(sme_id="SME01", region="Nobody"), tmp_path) == []


def test_a_list_with_a_byte_order_mark_or_several_columns_is_read(tmp_path):
    path = tmp_path / "names.csv"
    path.write_text("\ufeffname,sme_id,email\nAda Nobody,SME01,ada@example.org\n", encoding="utf-8")
    assert known_names(path) == ("Ada Nobody", "ada@example.org")


def test_without_a_list_there_are_no_names(tmp_path):
    assert known_names(tmp_path / "names.csv") == ()
