"""A workbook that cannot be read is refused in a sentence; any other is read as people see it."""

from __future__ import annotations

import datetime
import io
import random
import warnings
import zipfile
from contextlib import suppress

import openpyxl
import pytest
import xlsxwriter
from openpyxl.styles import numbers

from rds.cells import column_letter, read_grids
from rds.errors import InputError
from tests.workbooks import replace_in, write

FIRST = "xl/worksheets/sheet1.xml"


def read(path):
    return read_grids(path, keep=set)


def refusal(path):
    with pytest.raises(InputError) as refused:
        read(path)
    (problem,) = refused.value.problems
    assert (problem.file, problem.place) == (path.name, "")
    assert problem.wanted == "an .xlsx workbook without password and macros"
    return problem.found


@pytest.fixture
def good(tmp_path):
    return write(tmp_path / "study.xlsx", {"Tasks": [["task_id"], ["T01"]]})


def with_content(path, content):
    path.write_bytes(content)
    return path


def zipped(path, **members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_missing_file_is_refused(tmp_path):
    assert refusal(tmp_path / "study.xlsx") == (
        "a file that cannot be opened (No such file or directory)"
    )


def test_a_folder_is_refused(tmp_path):
    assert refusal(tmp_path).startswith("a file that cannot be opened (")


def test_an_empty_file_is_refused(tmp_path):
    assert refusal(with_content(tmp_path / "study.xlsx", b"")) == "an empty file"


@pytest.mark.parametrize("name", ["study.xlsx", "study.xls"])
def test_a_workbook_with_a_password_or_of_the_old_kind_is_refused(tmp_path, name):
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
    found = "a workbook with a password, or of the old .xls kind"
    assert refusal(with_content(tmp_path / name, ole)) == found


def test_a_text_file_under_the_name_of_a_workbook_is_refused(tmp_path):
    path = with_content(tmp_path / "study.xlsx", b"task_id,statement\nT01,Listen.\n")
    assert refusal(path) == "a file that is cut off or is no workbook"


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.99])
def test_a_workbook_that_was_cut_off_is_refused(good, kept):
    content = good.read_bytes()
    path = with_content(good, content[: int(len(content) * kept)])
    assert refusal(path) == "a file that is cut off or is no workbook"


def test_a_zip_file_that_is_no_workbook_is_refused(tmp_path):
    path = zipped(tmp_path / "study.xlsx", **{"word/document.xml": "", "[Content_Types].xml": ""})
    assert refusal(path) == "a zip file that is no workbook"


def test_a_zip_file_without_members_is_refused(tmp_path):
    assert refusal(zipped(tmp_path / "study.xlsx")) == "a file that is cut off or is no workbook"


def test_a_workbook_with_macros_is_refused(good):
    with zipfile.ZipFile(good, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"")
    assert refusal(good) == "a workbook with macros"


@pytest.mark.parametrize(
    "member", ["xl/workbook.xml", "[Content_Types].xml", FIRST, "xl/styles.xml"]
)
def test_a_workbook_with_broken_parts_is_refused(good, member):
    replace_in(good, member, r"(?s)^.*$", "<broken")
    assert refusal(good) == "a damaged workbook"


@pytest.mark.parametrize("seed", range(30))
def test_bytes_that_changed_on_the_way_are_read_or_refused_in_a_sentence(good, seed):
    chance = random.Random(seed)
    content = bytearray(good.read_bytes())
    for _ in range(5):
        content[chance.randrange(len(content))] = chance.randrange(256)
    with_content(good, bytes(content))
    with suppress(InputError):
        assert read(good).keys() == {"Tasks"}


def test_the_name_of_the_file_does_not_matter(good):
    assert read(good.rename(good.with_name("study (1).backup"))).keys() == {"Tasks"}


def test_cells_have_places_values_and_texts(tmp_path):
    path = write(
        tmp_path / "study.xlsx", {"Tasks": [["a", None, 2.0], [], [None, "\u201cb\u201d "]]}
    )
    grid = read(path)["Tasks"]
    found = {c.place: (c.value, c.text) for row in grid.rows.values() for c in row.values()}
    assert found == {
        "Tasks!A1": ("a", "a"),
        "Tasks!C1": (2, "2"),
        "Tasks!B3": ("\u201cb\u201d ", '"b"'),
    }
    assert grid.cell(2, 28).place == "Tasks!AB2"
    assert grid.cell(2, 28).text == ""


def test_sheets_that_are_not_kept_are_named_and_not_read(tmp_path):
    path = write(tmp_path / "study.xlsx", {"Mine": [["a"]], "Tasks": [["b"]]})
    grids = read_grids(path, keep=lambda names: [name for name in names if name == "Tasks"])
    assert list(grids) == ["Mine", "Tasks"]
    assert grids["Mine"].rows == {}


def test_a_number_shown_as_a_percentage_is_what_it_shows(tmp_path):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    formats = {
        "0%": 0.62,
        "0.0 %": 0.005,
        "0%;[Red]-0%": 1,
        '0" %"': 62,
        r"0\%": 62,
        "General": 0.62,
    }
    for row, (shown_as, value) in enumerate(formats.items(), start=1):
        sheet.cell(row, 1, value).number_format = shown_as
    workbook.save(tmp_path / "study.xlsx")
    grid = read(tmp_path / "study.xlsx")["Sheet"]
    assert [grid.cell(row, 1).value for row in range(1, 7)] == [
        "62 %",
        "0.5 %",
        "100 %",
        62,
        62,
        0.62,
    ]


def test_a_formula_is_the_value_last_computed_for_it(tmp_path):
    path = write(tmp_path / "study.xlsx", {"Tasks": [["=1+1"], ['=IF(1,"","x")']]})
    replace_in(path, FIRST, r"<f>1\+1</f><v ?/?>(</v>)?", "<f>1+1</f><v>2</v>")
    replace_in(path, FIRST, r'<c r="A2">', '<c r="A2" t="str">')
    grid = read(path)["Tasks"]
    assert (grid.cell(1, 1).value, grid.cell(1, 1).fault) == (2, "")
    assert (grid.cell(2, 1).text, grid.cell(2, 1).fault) == ("", "")


def test_a_formula_that_was_never_computed_is_a_fault(tmp_path):
    cell = read(write(tmp_path / "study.xlsx", {"Tasks": [["=1+1"]]}))["Tasks"].cell(1, 1)
    assert cell.fault == "a formula that was never computed"
    assert "save it" in cell.mend


def test_an_error_is_a_fault(tmp_path):
    cell = read(write(tmp_path / "study.xlsx", {"Tasks": [["#REF!"]]}))["Tasks"].cell(1, 1)
    assert cell.fault == "the error #REF!"


def test_a_date_is_a_date_and_a_day_that_is_none_a_fault(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.append([datetime.date(2026, 3, 1), 9e9])
    workbook.active["B1"].number_format = numbers.FORMAT_DATE_YYYYMMDD2
    workbook.save(tmp_path / "study.xlsx")
    grid = read(tmp_path / "study.xlsx")["Sheet"]
    assert grid.cell(1, 1).value == datetime.datetime(2026, 3, 1)
    assert grid.cell(1, 2).fault == "the error #VALUE!"


def test_ends_of_lines_that_were_pasted_are_ends_of_lines(tmp_path):
    path = write(tmp_path / "study.xlsx", {"Tasks": [["one_x000D_\ntwo_x000B_three _xABCD_"]]})
    assert read(path)["Tasks"].cell(1, 1).text == "one\ntwo\nthree _xABCD_"


def test_a_cell_far_away_costs_nothing(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "task_id"
    workbook.active["XFD1048576"] = "lost"
    workbook.save(tmp_path / "study.xlsx")
    rows = read(tmp_path / "study.xlsx")["Sheet"].rows
    assert {row: list(cells) for row, cells in rows.items()} == {1: [1], 1_048_576: [16_384]}


def test_a_size_that_the_file_states_wrongly_hides_nothing(good):
    replace_in(good, FIRST, '<dimension ref="A1:A2"', '<dimension ref="A1"')
    assert list(read(good)["Tasks"].rows) == [1, 2]


def test_what_the_parser_does_not_know_is_no_warning_to_anyone(good):
    extension = (
        '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"'
        ' xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"/></extLst>'
    )
    replace_in(good, FIRST, "</worksheet>", f"{extension}</worksheet>")
    with pytest.warns(UserWarning, match="Data Validation extension is not supported"):
        openpyxl.load_workbook(io.BytesIO(good.read_bytes()))
    assert list(read(good)["Tasks"].rows) == [1, 2]


def test_warnings_of_others_are_not_silenced(good):
    def keep(names):
        warnings.warn("look here", UserWarning, stacklevel=1)
        return set(names)

    with pytest.warns(UserWarning, match="look here"):
        read_grids(good, keep=keep)


def test_a_sheet_of_a_chart_holds_no_cells(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "study.xlsx") as workbook:
        workbook.add_worksheet("Data").write_column(0, 0, [1, 2, 3])
        chart = workbook.add_chart({"type": "line"})
        chart.add_series({"values": "=Data!$A$1:$A$3"})
        workbook.add_chartsheet("Tasks").set_chart(chart)
    assert read(tmp_path / "study.xlsx")["Tasks"].rows == {}


def test_columns_are_named_as_spreadsheets_do():
    for column in (1, 26, 27, 52, 702, 703, 16_384):
        assert column_letter(column) == openpyxl.utils.get_column_letter(column)
