"""Start lists into study folders: beside the workbook, never into it; every fault named."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from rds.cli.app import app
from rds.errors import InputError
from rds.study.start_list import LISTED, add_start_list, read_onet, read_start_list
from rds.study.study import Study
from tests.study.examples import make_study

ONET = Path(__file__).parents[1] / "data" / "onet"
TODAY = date(2026, 3, 1)
LIST = "Duty area;Task statement;No.\nSupport;Lead groups;1.1\n;Teach people their rights;1.2\n"


def rds(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def listing(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


@pytest.fixture
def onet(tmp_path):
    return Path(shutil.copytree(ONET, tmp_path / "onet"))


def statements(folder):
    return {task.statement: task for task in Study.open(folder).outline.tasks}


def test_a_list_makes_a_new_study_whose_tasks_are_proposed(listing, tmp_path):
    assert rds("outline", tmp_path / "new", listing).exit_code == 0
    study = Study.open(tmp_path / "new")
    assert study.problems == ()
    assert [task.status for task in study.outline.tasks] == ["proposed", "proposed"]
    assert study.outline.tasks[0].note == "S1: 1.1"
    assert study.outline.domains[0].title == "Support"
    assert study.rows["Sources"][0].text("citation") == "list.csv, received as a start list"
    assert "Next: rds check" in rds("outline", tmp_path / "other", listing).output


def test_beside_an_existing_study_a_workbook_with_all_its_rows_is_written(listing, tmp_path):
    folder = make_study(tmp_path / "study")
    before = (folder / "study.xlsx").read_bytes()
    old = statements(folder)
    result = rds("outline", folder, listing)
    assert result.exit_code == 0
    assert "study.xlsx is as it was" in result.output
    assert (folder / "study.xlsx").read_bytes() == before
    given = Study.open(folder).settings
    (folder / LISTED).replace(folder / "study.xlsx")
    new = statements(folder)
    assert {text: new[text] for text in old} == old
    assert set(new) - set(old) == {"Lead groups", "Teach people their rights"}
    assert new["Lead groups"].task_id == "T13"
    assert Study.open(folder).settings == given


def test_a_study_without_an_outline_takes_a_list(listing, tmp_path):
    assert rds("new", tmp_path / "cps", "--title", "Peers").exit_code == 0
    assert rds("outline", tmp_path / "cps", listing).exit_code == 0
    assert f"{LISTED} waits" in rds("status", tmp_path / "cps").output
    (tmp_path / "cps" / LISTED).replace(tmp_path / "cps" / "study.xlsx")
    study = Study.open(tmp_path / "cps")
    assert study.settings.study.title == "Peers"
    assert [task.task_id for task in study.outline.tasks] == ["T01", "T02"]


def test_a_study_with_problems_is_left_alone(listing, tmp_path):
    sheets = {"Tasks": [{"task_id": "T1", "domain_id": "D9", "statement": "Sing"}]}
    result = rds("outline", make_study(tmp_path / "study", sheets=sheets), listing)
    assert result.exit_code == 1
    assert "D9" in result.stderr


def test_a_list_that_waits_is_not_overwritten_and_a_dry_run_writes_nothing(listing, tmp_path):
    folder = make_study(tmp_path / "study")
    assert "Nothing was stored." in rds("outline", folder, listing, "--dry-run").output
    assert not (folder / LISTED).exists()
    assert rds("outline", folder, listing).exit_code == 0
    again = rds("outline", folder, listing)
    assert again.exit_code == 1
    assert "a list that waits" in again.stderr


def test_a_workbook_with_a_title_above_its_headers_and_another_sheet(tmp_path):
    book = Workbook()
    sheet = book.active
    for row in (["Our practice analysis"], [], ["Domain", "Task", "Colour"], ["A", "Sing", "red"]):
        sheet.append(row)
    book.create_sheet("Empty")
    book.save(tmp_path / "list.xlsx")
    found = read_start_list(tmp_path / "list.xlsx")
    assert [one.statement for one in found.listed] == ["A", "Sing"]
    assert found.remarks == ("not read: column “Colour”",)


def test_other_encodings_are_read(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes("Task\tNote\nÉvaluer – l’état\tx\n".encode("cp1252"))
    assert read_start_list(path).listed[0].statement == "Évaluer – l’état"
    path.write_bytes("Task\tNote\nÉvaluer\tx\n".encode("utf-16"))
    assert read_start_list(path).listed[0].statement == "Évaluer"


def test_a_column_map_says_what_headers_do_not(tmp_path):
    path, columns = tmp_path / "list.csv", tmp_path / "map.csv"
    path.write_text("Was,Wo\nSing,Chor\n", encoding="utf-8")
    with pytest.raises(InputError, match="--columns MAP"):
        read_start_list(path)
    columns.write_text("column,meaning\nWas,task\nWo,domain\n", encoding="utf-8")
    found = read_start_list(path, columns=columns)
    assert [(one.unit, one.statement) for one in found.listed] == [
        ("domain", "Chor"),
        ("task", "Sing"),
    ]
    columns.write_text("column,meaning\nWas,taks\n", encoding="utf-8")
    with pytest.raises(InputError, match="write “task”"):
        read_start_list(path, columns=columns)
    columns.write_text("column,meaning\nWann,note\nWas,task\n", encoding="utf-8")
    with pytest.raises(InputError, match="columns of the list: Was, Wo"):
        read_start_list(path, columns=columns)


@pytest.mark.parametrize(
    ("content", "message"),
    [("Task\n", "no statements"), ("", "a column of tasks"), ("Colour,Size\nred,1\n", "Colour")],
)
def test_a_list_without_statements_is_refused(tmp_path, content, message):
    path = tmp_path / "list.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_start_list(path)


def test_no_file_and_a_folder_are_refused(tmp_path):
    for path, message in ((tmp_path / "no.csv", "no such file"), (tmp_path, "--occupation")):
        with pytest.raises(InputError, match=message):
            read_start_list(path)


def test_an_occupation_of_onet_comes_with_source_and_licence(onet, tmp_path):
    result = rds("outline", tmp_path / "chw", onet, "--occupation", "Community Health Workers")
    assert result.exit_code == 0, result.output
    study = Study.open(tmp_path / "chw")
    # 20 of them were in release 18.1, 28 are in 29.3; counted in the extract.
    lines = (onet / "Task Statements.txt").read_text("utf-8").splitlines()
    assert len(study.outline.tasks) == sum(line.startswith("21-1094.00") for line in lines) == 28
    assert {task.source for task in study.outline.tasks} == {"S1"}
    assert all("S1: task " in task.note for task in study.outline.tasks)
    assert {ksa.kind for ksa in study.outline.ksas} == {"knowledge", "skill"}
    citation = study.rows["Sources"][0].text("citation")
    assert "O*NET 29.3 Database" in citation
    assert "CC BY 4.0" in citation


def test_the_release_is_asked_for_where_nothing_tells_it(onet):
    (onet / "Read Me.txt").unlink()
    with pytest.raises(InputError, match="--release"):
        read_onet(onet, "21-1094")
    assert "O*NET 29.3" in read_onet(onet, "21-1094", release="29.3").source["citation"]
    named = onet.rename(onet.parent / "db_29_3_text")
    assert "O*NET 29.3" in read_onet(named / "Task Statements.txt", "21-1094").source["citation"]


def test_missing_and_wrong_files_are_all_named(onet):
    (onet / "Occupation Data.txt").unlink()
    (onet / "Skills.txt").write_text("a,b\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_onet(onet, "21-1094")
    found = "\n".join(map(str, caught.value.problems))
    assert "no Occupation Data.txt" in found
    assert "Skills.txt, line 1: found no column O*NET-SOC Code" in found


def test_an_unknown_occupation_and_one_without_tasks_are_refused(onet):
    with pytest.raises(InputError, match="Community Health Workers"):
        read_onet(onet, "Community Helth Worker")
    path = onet / "Task Statements.txt"
    path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="no tasks of 21-1094"):
        read_onet(onet, "21-1094")


def test_the_same_list_twice_adds_nothing_again(listing, tmp_path):
    folder = tmp_path / "new"
    add_start_list(folder, read_start_list(listing), today=TODAY)
    again = add_start_list(folder, read_start_list(listing), today=TODAY, dry_run=True)
    assert again.counts == {"Sources": 1}
    assert len(again.remarks) == 2
