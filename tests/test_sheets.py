"""Whatever people do to study.xlsx, every problem is one plain message with its sheet and cell."""

from __future__ import annotations

import datetime

import openpyxl
import pytest

from rds.columns import READ_ME, SHEETS, Column
from rds.sheets import read_cell, read_tables
from tests.workbooks import LEAST, messages, replace_in, save_again, write, write_study

LINKS = {"KSAs": [["ksa_id", "kind", "statement"], ["K01", "skill", "Listening."]]}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "study.xlsx"


def problems(path, sheets=None):
    return messages(read_tables(write_study(path, sheets)).problems)


def cells(path, sheets, name):
    """Return what was read from a sheet, as lists of values in the order of the headers."""
    return [list(row.values.values()) for row in read_tables(write_study(path, sheets)).rows[name]]


def domains(*rows, headers=("domain_id", "title")):
    return {"Domains": [list(headers), *map(list, rows)]}


def test_the_least_that_makes_an_outline_has_no_problems(path):
    tables = read_tables(write_study(path))
    assert (tables.problems, tables.ignored, tables.assumed) == ((), (), ())
    assert set(tables.rows) == {"Domains", "Tasks"}
    row = tables.rows["Tasks"][0]
    assert row.values == {"task_id": "T01", "domain_id": "D1", "statement": "Listen to people."}
    assert row.places["statement"] == "Tasks!C2"


def test_missing_sheets_are_all_named(path):
    assert messages(read_tables(write(path, {"Other": [["a"]]})).problems) == [
        f"study.xlsx, {name}: found no such sheet; wanted a sheet “{name}”. To mend: add the sheet "
        "with its headers, or start from a new study's workbook."
        for name in ("Domains", "Tasks")
    ]


def test_a_sheet_whose_name_is_nearly_ours_is_one_problem_and_is_read_all_the_same(path):
    sheets = {"Domains": LEAST["Domains"], "Task": [*LEAST["Tasks"], ["T02", "D1", None]]}
    tables = read_tables(write(path, sheets))
    assert messages(tables.problems) == [
        "study.xlsx, Task: found a sheet named “Task”; wanted “Tasks”. To mend: rename it to "
        "“Tasks”.",
        "study.xlsx, Task!C3: found nothing; wanted the statement, as respondents read it. To "
        "mend: fill it in.",
    ]
    assert len(tables.rows["Tasks"]) == 2


def test_sheets_that_are_not_ours_are_ignored_and_listed(path):
    sheets = {"Budget": [["cost"]], "Tasks (2)": [["x"]], READ_ME: [["Welcome"]]}
    tables = read_tables(write_study(path, sheets))
    assert tables.ignored == ("sheet “Budget”", "sheet “Tasks (2)”")
    assert tables.problems == ()


def test_a_missing_column_is_one_problem_however_many_rows_there_are(path):
    sheets = {"Tasks": [["task_id", "domain_id"], ["T01", "D1"], ["T02", "D1"]]}
    assert problems(path, sheets) == [
        "study.xlsx, Tasks, row 1: found no column “statement”; wanted “statement”. To mend: add "
        "the column; headers stand in row 1."
    ]


def test_columns_whose_names_are_nearly_ours_are_one_problem_each_and_are_read(path):
    sheets = {"Tasks": [["task_id", "domain id", "Statment"], ["T01", "D1", "Listen."]]}
    tables = read_tables(write_study(path, sheets))
    assert messages(tables.problems) == [
        "study.xlsx, Tasks!B1: found a column “domain id”; wanted “domain_id”. To mend: rename it "
        "to “domain_id”.",
        "study.xlsx, Tasks!C1: found a column “Statment”; wanted “statement”. To mend: rename it "
        "to “statement”.",
    ]
    assert tables.rows["Tasks"][0].text("statement") == "Listen."


def test_columns_that_are_not_ours_are_ignored_and_listed(path):
    headers = ("domain_id", "title", "colour", "titles")
    tables = read_tables(write_study(path, domains(("D1", "Support", "red", "x"), headers=headers)))
    assert tables.problems == ()
    assert tables.ignored == (
        "column “colour” of sheet “Domains”",
        "column “titles” of sheet “Domains”",
    )
    assert set(tables.rows["Domains"][0].values) == {"domain_id", "title"}


def test_a_column_that_is_there_twice_is_a_problem_at_the_second(path):
    headers = ("domain_id", "title", "title")
    assert problems(path, domains(("D1", "a", "b"), headers=headers)) == [
        "study.xlsx, Domains!C1: found a second column “title”; wanted one. To mend: remove one of "
        "them."
    ]


def test_what_stands_under_no_header_is_ignored_and_listed(path):
    tables = read_tables(write_study(path, domains(("D1", "Support", None, "mine"))))
    assert tables.problems == ()
    assert tables.ignored == ("column D of sheet “Domains”, which has no header",)


def test_headers_below_row_1_are_one_problem(path):
    sheets = {"Domains": [["Our domains"], [], ["domain_id", "title"], ["D1", None]]}
    assert problems(path, sheets) == [
        "study.xlsx, Domains, row 3: found the headers; wanted the headers in row 1. To mend: "
        "remove the rows above them.",
        "study.xlsx, Domains!B4: found nothing; wanted its name. To mend: fill it in.",
    ]


def test_merged_headers_leave_one_column_missing(path):
    write_study(path)
    workbook = openpyxl.load_workbook(path)
    workbook["Domains"].merge_cells("A1:B1")
    workbook.save(path)
    tables = read_tables(path)
    assert messages(tables.problems) == [
        "study.xlsx, Domains, row 1: found no column “title”; wanted “title”. To mend: add the "
        "column; headers stand in row 1."
    ]
    assert tables.ignored == ("column B of sheet “Domains”, which has no header",)


def test_an_empty_sheet_is_one_problem_if_it_is_needed_and_none_if_not(path):
    assert problems(path, {"Domains": [], "Panel": []}) == [
        "study.xlsx, Domains, row 1: found an empty sheet; wanted the headers domain_id, "
        "parent_id, title, description, panel_percent, fixed_percent, minimum_items, "
        "maximum_items. To mend: add them."
    ]


def test_the_settings_sheet_needs_its_column_of_values(path):
    assert problems(path, {"Settings": [["setting", "meaning"], ["study.id", ""]]}) == [
        "study.xlsx, Settings, row 1: found no column “value”; wanted “value”. To mend: add the "
        "column; headers stand in row 1."
    ]


def test_empty_rows_between_rows_are_passed_over(path):
    rows = domains(("D1", "a"), (), (None, "  "), ("D2", "b"))
    assert cells(path, rows, "Domains") == [["D1", "a"], ["D2", "b"]]


def test_examples_are_passed_over_wherever_their_column_stands(path):
    sheets = {"Domains": [["title", "domain_id"], ["E.g. D1", "x"], ["Support", "D1"]]}
    assert cells(path, sheets, "Domains") == [["Support", "D1"]]


def test_an_example_that_somebody_filled_in_is_told(path):
    example = ("e.g. D1", "Providing peer support")
    tables = read_tables(write_study(path, domains(example, ("e.g. D2", "Changing services"))))
    assert tables.rows["Domains"] == ()
    assert tables.assumed == (
        "Domains!A3: row left out as an example, since it begins with “e.g.”",
    )


def test_byte_order_marks_and_curly_quotes_do_no_harm(path):
    rows = domains(("\ufeffD1", "the person\u2019s goals"), headers=("\ufeffdomain_id", "title"))
    assert cells(path, rows, "Domains") == [["D1", "the person's goals"]]


def test_percentages_are_read_in_any_form_and_shares_are_told(path):
    rows = domains(
        *((f"D{n}", "a", cell) for n, cell in enumerate(["62 %", 0.62, 62, "0,62"], start=1)),
        headers=("domain_id", "title", "panel_percent"),
    )
    tables = read_tables(write_study(path, rows))
    assert [row.values["panel_percent"] for row in tables.rows["Domains"]] == [62] * 4
    assert tables.assumed == (
        "Domains!C3: 0.62 read as 62 percent",
        "Domains!C5: 0,62 read as 62 percent",
    )


def test_all_cells_that_cannot_be_read_are_told_at_once(path):
    headers = ("domain_id", "title", "panel_percent", "minimum_items", "maximum_items")
    rows = domains(("D1", "a", "a lot", "ten", 2.5), ("D2", None, 120, -1, 9), headers=headers)
    assert problems(path, rows) == [
        "study.xlsx, Domains!C2: found “a lot”; wanted a percentage between 0 and 100. To mend: "
        "write a percentage between 0 and 100.",
        "study.xlsx, Domains!D2: found “ten”; wanted a whole number. To mend: write a whole "
        "number.",
        "study.xlsx, Domains!E2: found “2.5”; wanted a whole number. To mend: write a whole "
        "number.",
        "study.xlsx, Domains!B3: found nothing; wanted its name. To mend: fill it in.",
        "study.xlsx, Domains!C3: found “120”; wanted a percentage between 0 and 100. To mend: "
        "write a percentage between 0 and 100.",
        "study.xlsx, Domains!D3: found “-1”; wanted a whole number, 0 or more. To mend: write a "
        "whole number, 0 or more.",
    ]


def test_formulas_without_value_and_errors_are_told_even_where_a_cell_may_be_empty(path):
    rows = domains(("=A9", "a", "#REF!"), headers=("domain_id", "title", "description"))
    assert problems(path, rows) == [
        "study.xlsx, Domains!A2: found a formula that was never computed; wanted a value. To mend: "
        "open the workbook in a spreadsheet program and save it, or type the value.",
        "study.xlsx, Domains!C2: found the error #REF!; wanted a value. To mend: mend the formula, "
        "or type the value.",
    ]


def test_a_choice_may_have_capitals_and_a_near_miss_is_told(path):
    sheets = {"KSAs": [*LINKS["KSAs"], ["K02", "Knowlege", "x"], ["K03", "SKILL", "y"]]}
    assert problems(path, sheets) == [
        "study.xlsx, KSAs!B3: found “Knowlege”; wanted one of knowledge, skill, ability, attitude. "
        "To mend: write “knowledge”."
    ]


def test_dates_are_read_in_any_order_that_means_one_day(path):
    meetings = [
        ["date"],
        ["25/03/2026"],
        [datetime.date(2026, 3, 25)],
        ["2026-03-25"],
        ["03/04/2026"],
    ]
    tables = read_tables(write_study(path, {"Meetings": meetings}))
    days = [row.values["date"] for row in tables.rows["Meetings"]]
    assert days == [datetime.date(2026, 3, 25)] * 3 + [None]
    assert messages(tables.problems) == [
        "study.xlsx, Meetings!A5: found “03/04/2026”; wanted a date that can be read in one way "
        "only (“03/04/2026” could be 2026-03-04 or 2026-04-03). To mend: write a date that can be "
        "read in one way only."
    ]


def test_lists_may_be_separated_as_people_do():
    tasks = Column("task_ids", "", kind="identifiers")
    where = Column("assessed_by", "", kind="names", choices=("exam", "not assessed"))
    for typed in ("T01, T02", "T01;T02", "T01 T02", "T01\nT02,"):
        assert read_cell(typed, tasks) == ("T01", "T02")
    assert read_cell("Exam; not assessed", where) == ("exam", "not assessed")


@pytest.mark.parametrize(
    "linkage",
    [
        [["task_id", "ksa_id", "level"], ["T01", "K01", 3], ["T02", "K02", "1"]],
        [["task_id", "K01", "K02"], ["T01", 3, None], ["T02", None, "1"]],
        [
            ["task_id", "statement", "K01", "K02"],
            [None, None, "Knowing rights.", "Listening."],
            ["T01", "Listen.", 3, None],
            ["T02", "Write.", None, 1],
        ],
    ],
    ids=["list", "grid", "grid with statements"],
)
def test_linkage_is_a_list_or_a_grid(path, linkage):
    tables = read_tables(write_study(path, {"Linkage": linkage}))
    assert (tables.problems, tables.ignored) == ((), ())
    found = [tuple(row.values.values()) for row in tables.rows["Linkage"]]
    assert found == [("T01", "K01", 3), ("T02", "K02", 1)]


def test_a_grid_tells_its_problems_at_their_cells(path):
    grid = [["task id", "K01", "K02", "see also"], ["T01", 4, 1, "x"], [None, 2, 3]]
    tables = read_tables(write_study(path, {"Linkage": [*grid, ["e.g. T01", 1]]}))
    assert messages(tables.problems) == [
        "study.xlsx, Linkage!A1: found a column “task id”; wanted “task_id”. To mend: rename it to "
        "“task_id”.",
        "study.xlsx, Linkage!B2: found “4”; wanted one of 1, 2, 3. To mend: write one of 1, 2, 3.",
        "study.xlsx, Linkage!A3: found nothing; wanted the task. To mend: fill it in.",
    ]
    assert tables.ignored == ("column “see also” of sheet “Linkage”",)
    assert tables.rows["Linkage"][1].places == {
        "task_id": "Linkage!A2",
        "ksa_id": "Linkage!C1",
        "level": "Linkage!C2",
    }


def test_a_grid_without_tasks_is_one_problem(path):
    assert problems(path, {"Linkage": [["K01", "K02"], ["1", 2]]}) == [
        "study.xlsx, Linkage, row 1: found no column “task_id”; wanted “task_id”. To mend: add the "
        "column."
    ]


def test_a_list_of_links_with_a_wrong_header_is_not_taken_for_a_grid(path):
    assert problems(path, {"Linkage": [["task_id", "KSA id", "level"], ["T01", "K01", 2]]}) == [
        "study.xlsx, Linkage!B1: found a column “KSA id”; wanted “ksa_id”. To mend: rename it to "
        "“ksa_id”."
    ]


def test_another_program_may_save_the_workbook(path):
    write_study(path, {**LINKS, "Meetings": [["date"], [datetime.date(2026, 3, 25)]]})
    first, again = read_tables(path), read_tables(save_again(path))
    assert [
        [row.values for row in first.rows[name]] == [row.values for row in again.rows[name]]
        for name in first.rows
    ] == [True] * 4


def test_hidden_rows_and_styled_empty_cells_change_nothing(path):
    write_study(path)
    replace_in(path, "xl/worksheets/sheet1.xml", '<row r="2"', '<row r="2" hidden="1"')
    replace_in(
        path,
        "xl/worksheets/sheet1.xml",
        "</sheetData>",
        '<row r="900"><c r="A900" s="0"/></row></sheetData>',
    )
    assert len(read_tables(path).rows["Domains"]) == 1
    assert read_tables(path).problems == ()


def test_every_reference_names_a_sheet_with_identifiers_of_its_own():
    keys = {sheet.name: sheet.columns[0] for sheet in SHEETS}
    references = {name for sheet in SHEETS for column in sheet.columns for name in column.refers_to}
    assert references
    assert all(keys[name].kind == "identifier" and not keys[name].refers_to for name in references)
