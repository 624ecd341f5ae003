"""Inventories as files: what columns may be called, what is refused, what is written."""

import pandas as pd
import pytest
from openpyxl import load_workbook

from rds.errors import InputError
from rds.study.bank import compare_bank
from rds.study.inventory import read_inventory
from rds.study.read_file import Told
from rds.study.receive import receive
from rds.study.study import Study
from tests.study.examples import make_study, write_answers
from tests.test_cli import rds


@pytest.fixture
def folder(tmp_path):
    made = make_study(tmp_path / "study")
    receive(Study.open(made), write_answers(tmp_path / "a.csv"), told=Told(group="practitioners"))
    return made


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "header", ["Item ID;Content Area;Bloom-Level;STATE", "id;domain;level;status"]
)
def test_columns_may_have_their_usual_names_and_csv_any_separator(tmp_path, header):
    table = read_inventory(write(tmp_path / "bank.csv", f"{header}\nI1;D1;recall;active\n\n"))
    row = table.iloc[0].to_dict()
    assert (row["item_id"], row["domain_id"], row["count"]) == ("I1", "D1", 1)
    assert (row["cognitive_level"], row["status"], row["task_id"]) == ("recall", "active", "")


def test_a_workbook_is_read_like_a_csv_file(tmp_path):
    path = tmp_path / "bank.xlsx"
    pd.DataFrame({"task": ["T01", "T02"], "count": [12, 3]}).to_excel(path, index=False)
    table = read_inventory(path)
    assert table["count"].tolist() == [12, 3]
    assert table["task_id"].tolist() == ["T01", "T02"]


def problems(error):
    return [(problem.place, problem.found) for problem in error.value.problems]


def test_an_inventory_without_our_identifiers_is_refused_with_its_columns(tmp_path):
    with pytest.raises(InputError) as error:
        read_inventory(write(tmp_path / "bank.csv", "number,stem,key\n1,What?,B\n"))
    assert problems(error) == [("row 1", "the columns number, stem, key")]
    assert "domain_id or task_id" in str(error.value)


def test_all_faults_of_rows_are_said_at_once(tmp_path):
    text = "item_id,task_id,count\nI1,T01,2\nI1,T02,-1\nI3,T03,many\nI4,T04,\n"
    with pytest.raises(InputError) as error:
        read_inventory(write(tmp_path / "bank.csv", text))
    assert problems(error) == [
        ("row 3", "the item I1 again"),
        ("row 3, count", "“-1”"),
        ("row 4, count", "“many”"),
        ("row 5, count", "nothing"),
    ]


@pytest.mark.parametrize("text", ["task_id\n", "task_id\n\n"])
def test_an_inventory_without_items_is_refused(tmp_path, text):
    with pytest.raises(InputError, match="no items below the headers"):
        read_inventory(write(tmp_path / "bank.csv", text))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_inventory(tmp_path / "bank.csv")


def test_the_command_writes_the_table_and_a_workbook_and_never_the_inventory(folder, tmp_path):
    text = "item_id,task_id,status\nSECRET1,T01,active\nSECRET2,T99,active\n"
    before = {path for path in folder.rglob("*") if "export" not in path.parts}
    made = rds("bank", folder, write(tmp_path / "bank.csv", text), "--multiple", "2")
    assert made.exit_code == 0
    assert "The bank lacks 199 of the 200 items needed" in made.output
    assert "was not copied" in made.output
    written = folder / "export" / "bank-gap"
    table = pd.read_csv(written / "bank_gap.csv")
    assert table.loc[table["scope"] == "cell", "need"].sum() == 200
    assert "SECRET" not in (written / "bank_gap.csv").read_text(encoding="utf-8")
    assert {path for path in folder.rglob("*") if "export" not in path.parts} == before
    book = load_workbook(written / "bank_gap.xlsx")
    assert book.sheetnames == ["Guide", "Cells", "Tasks", "Not counted"]
    cells = {cell.value for row in book["Cells"].iter_rows() for cell in row}
    assert {"need", "have", "gap", "Total"} <= cells
    assert not any("SECRET" in str(value) for value in cells)


def test_the_total_of_the_workbook_is_stored_with_its_formula(folder, tmp_path):
    path = write(tmp_path / "bank.csv", "task_id,count\nT01,5\n")
    compare_bank(Study.open(folder), path, to=tmp_path / "to")
    stored = load_workbook(tmp_path / "to" / "bank_gap.xlsx", data_only=True)["Cells"]
    formulas = load_workbook(tmp_path / "to" / "bank_gap.xlsx")["Cells"]
    headers = [cell.value for cell in stored[1]]
    at, last = headers.index("need"), stored.max_row
    assert stored[last][at].value == 100
    assert formulas[last][at].value.startswith("=SUM(")


def test_the_same_inventory_gives_the_same_bytes(folder, tmp_path):
    path = write(tmp_path / "bank.csv", "domain_id,count\nD1,5\n")
    first = compare_bank(Study.open(folder), path, to=tmp_path / "one").written
    again = compare_bank(Study.open(folder), path, to=tmp_path / "two").written
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in again]


def test_what_the_blueprint_cannot_place_is_a_problem_of_the_inventory(folder, tmp_path):
    path = write(tmp_path / "bank.csv", "domain_id\nLaw\n")
    made = rds("bank", folder, path)
    assert made.exit_code == 1
    assert "no item names a domain or a task of this study" in " ".join(made.output.split())


def test_json_holds_the_table(folder, tmp_path):
    made = rds("bank", folder, write(tmp_path / "b.csv", "domain_id\nD1\n"), "--json")
    assert made.exit_code == 0
    assert '"scope": "cell"' in made.output
