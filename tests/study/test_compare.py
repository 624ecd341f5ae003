"""Comparing a study with the blueprint it replaces, from the file to the outputs."""

import shutil

import pandas as pd
import pytest
from openpyxl import load_workbook

from rds.errors import InputError
from rds.study.building import build_blueprint
from rds.study.compare import compare
from rds.study.decide import decide
from rds.study.previous import read_previous
from rds.study.read_file import Told
from rds.study.receive import receive
from rds.study.run import run
from rds.study.study import Study
from tests.study.examples import make_study, write_answers
from tests.test_cli import rds

TABLE = (
    "domain,title,percent,items\nA,Domain 1,30 %,45\nB,Domain 2,30 %,45\nC,Old matters,40 %,60\n"
)


@pytest.fixture
def folder(tmp_path):
    made = make_study(tmp_path / "study")
    receive(Study.open(made), write_answers(tmp_path / "a.csv"), told=Told(group="practitioners"))
    return made


def old_table(tmp_path, text=TABLE):
    path = tmp_path / "old.csv"
    path.write_text(text, encoding="utf-8")
    return path


def fill(folder, *changes):
    """Write the relation of each row, and other cells, as a person would."""
    path = folder / "previous" / "crosswalk.xlsx"
    book = load_workbook(path)
    sheet = book["Crosswalk"]
    headers = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        row[headers.index("relation")].value = row[headers.index("suggested")].value
    for number, column, value in changes:
        sheet.cell(number, headers.index(column) + 1).value = value
    book.save(path)


def empty_row(folder, number):
    path = folder / "previous" / "crosswalk.xlsx"
    book = load_workbook(path)
    book["Crosswalk"].delete_rows(number)
    book.save(path)


def compared(folder, old=None):
    study = Study.open(folder)
    return compare(study, build_blueprint(study), old=old)


def test_the_first_comparison_keeps_the_old_blueprint_and_writes_the_sheet(folder, tmp_path):
    made = rds("compare", folder, old_table(tmp_path))
    assert made.exit_code == 0
    assert (folder / "previous" / "old.csv").exists()
    assert (folder / "previous" / "crosswalk.xlsx").exists()
    assert "fill in the column “relation”" in made.output
    assert made.output.strip().splitlines()[-1].startswith("Next: rds run")


def test_what_is_only_suggested_says_so_until_it_is_confirmed(folder, tmp_path):
    first = compared(folder, old_table(tmp_path))
    assert not first.table["confirmed"].any()
    assert any("not confirmed" in note.reason for note in first.notes)
    fill(folder)
    second = compared(folder)
    assert second.table["confirmed"].all()
    assert second.table["change"].sum() == pytest.approx(0)
    assert not any("not confirmed" in note.reason for note in second.notes)


def test_what_people_wrote_wins_over_the_suggestion(folder, tmp_path):
    compared(folder, old_table(tmp_path))
    fill(folder, (4, "new_id", "D3"), (4, "relation", "reworded"))
    empty_row(folder, 5)
    rows = compared(folder).table.set_index("old_ids")
    assert rows.loc["C", "new_ids"] == "D3"


def test_all_faults_of_the_sheet_come_at_once(folder, tmp_path):
    compared(folder, old_table(tmp_path))
    fill(folder, (2, "relation", "sames"), (3, "new_id", "D9"), (4, "unit", "chapter"))
    with pytest.raises(InputError) as error:
        compared(folder)
    text = str(error.value)
    assert "write “same”" in text
    assert "new_id “D9”" in text
    assert "unit “chapter”" in text


def test_a_statement_that_the_sheet_leaves_out_is_named(folder, tmp_path):
    compared(folder, old_table(tmp_path))
    fill(folder, (2, "new_id", None), (2, "relation", "dropped"))
    with pytest.raises(InputError, match="no row for new domain D1"):
        compared(folder)


def test_a_statement_in_two_rows_must_be_merged_or_split(folder, tmp_path):
    compared(folder, old_table(tmp_path))
    fill(folder, (3, "new_id", "D1"), (3, "relation", "same"))
    with pytest.raises(InputError, match="merged or split, if it stands in several rows"):
        compared(folder)


def test_a_run_writes_the_crosswalk_when_there_is_an_earlier_blueprint(folder, tmp_path):
    run(Study.open(folder))
    assert not (folder / "out" / "tables" / "crosswalk.csv").exists()
    compared(folder, old_table(tmp_path))
    run(Study.open(folder))
    table = pd.read_csv(folder / "out" / "tables" / "crosswalk.csv")
    assert set(table["confirmed"]) == {"no"}
    notes = pd.read_csv(folder / "out" / "tables" / "notes.csv")
    assert "crosswalk" in set(notes["table"])
    before = (folder / "out" / "manifest.json").read_bytes()
    assert b"previous/crosswalk.xlsx" in before
    assert run(Study.open(folder)).published.written == ()


def test_a_study_against_its_own_earlier_run_has_not_changed(folder, tmp_path):
    run(Study.open(folder))
    earlier = tmp_path / "earlier"
    shutil.copytree(folder, earlier)
    found = compared(folder, earlier)
    domains = found.table[found.table["unit"] == "domain"]
    assert domains["relation"].tolist() == ["same", "same", "same"]
    assert found.table["change"].abs().max() < 1e-9
    assert (found.table["items_change"] == 0).all()
    assert (found.table["unit"] == "task").sum() == 12


def test_a_task_dropped_after_the_crosswalk_was_confirmed_has_no_weight_left(folder, tmp_path):
    run(Study.open(folder))
    earlier = tmp_path / "earlier"
    shutil.copytree(folder, earlier)
    compared(folder, earlier)
    fill(folder)
    decide(Study.open(folder), "T01", "drop", role="chair", reason="rare")
    rows = compared(folder).table.set_index(["unit", "old_ids"])
    assert rows.loc[("task", "T01"), "new_weight"] == 0
    assert rows.loc[("task", "T01"), "change"] < 0


def test_another_earlier_blueprint_is_refused(folder, tmp_path):
    compared(folder, old_table(tmp_path))
    other = old_table(tmp_path, TABLE.replace("30 %", "35 %").replace("40 %", "30 %"))
    with pytest.raises(InputError, match="another earlier blueprint"):
        compared(folder, other)


def test_without_an_earlier_blueprint_the_command_says_what_it_needs(folder):
    answer = rds("compare", folder)
    assert answer.exit_code == 1
    assert "rds compare study OLD" in answer.stderr


def test_tasks_of_a_simple_table_are_rows_with_a_task(tmp_path):
    text = "domain;task;statement;weight\nA;;Care;0,4\nB;;Law;0,6\nA;T1;Plan care;1\n"
    previous = read_previous(old_table(tmp_path, text))
    assert previous.domains["weight"].tolist() == pytest.approx([0.4, 0.6])
    assert previous.tasks["statement"].to_dict() == {"T1": "Plan care"}


def test_an_error_is_in_the_unit_of_the_column_beside_it(tmp_path):
    percent = read_previous(old_table(tmp_path, "domain,percent,se\nA,40,1.5\nB,60,\n")).domains
    weight = read_previous(old_table(tmp_path, "domain,weight,se\nA,0.4,0.015\nB,0.6,\n")).domains
    pd.testing.assert_series_equal(percent["se"], weight["se"])
    assert percent["se"].iloc[0] == pytest.approx(0.015)


def test_shares_within_one_percent_are_normalised_and_items_alone_suffice(tmp_path):
    near = read_previous(old_table(tmp_path, "domain,percent\nA,33.3\nB,33.3\nC,33.3\n"))
    assert near.domains["weight"].tolist() == pytest.approx([1 / 3] * 3)
    items = read_previous(old_table(tmp_path, "domain,items\nA,30\nB,90\n"))
    assert items.domains["weight"].tolist() == [0.25, 0.75]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("domain,percent\nA,50\nB,40\n", "add up to 90"),
        ("domain,percent\nA,50\nA,50\n", "given twice: A"),
        ("domain,percent\nA,many\nB,40\n", "“many”"),
        ("domain,percent\nA,-10\nB,110\n", "“-10”"),
        ("area,share\nA,50\nB,50\n", "no domains"),
    ],
)
def test_a_table_that_is_no_blueprint_is_refused(tmp_path, text, message):
    with pytest.raises(InputError, match=message):
        read_previous(old_table(tmp_path, text))
