"""Plain tables are read as text, whatever program wrote them, or refused in a sentence."""

import csv
import hashlib
import io
import zipfile
from datetime import date, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from rds.errors import InputError
from rds.survey.platforms import blocks
from rds.survey.platforms.plain import read_plain

TABLE = "respondent,T01_importance,setting\nA,4,Café\nB,NA,“ward”\n"


def saved(folder, content, name="answers.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def workbook(folder, name="answers.xlsx", **sheets):
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(folder / name)
    return folder / name


def rows_of(export):
    return pd.concat(export.blocks()).to_numpy().tolist()


def refusal(path, **options):
    with pytest.raises(InputError) as error:
        list(read_plain(path, **options).blocks())
    (problem,) = error.value.problems
    assert problem.file == path.name
    return str(problem)


def test_cells_stay_text_even_those_that_look_like_numbers_or_missing_values(tmp_path):
    export = read_plain(saved(tmp_path, "id,a,b,c\n007,NA,None,1e3\n,N/A,4.0,\n"))
    assert rows_of(export) == [["007", "NA", "None", "1e3"], ["", "N/A", "4.0", ""]]


def test_an_export_names_its_source_by_hash_and_assumes_nothing_about_a_plain_csv(tmp_path):
    export = read_plain(saved(tmp_path, TABLE))
    assert export.source == "answers.csv"
    assert export.sha256 == hashlib.sha256(TABLE.encode()).hexdigest()
    assert export.columns == ("respondent", "T01_importance", "setting")
    assert (export.layout, export.assumed) == ("wide", ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_encodings_read_alike(tmp_path, encoding):
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    export = read_plain(saved(tmp_path, mark + TABLE, encoding=encoding))
    assert export.columns[0] == "respondent"
    assert rows_of(export) == [["A", "4", "Café"], ["B", "NA", "“ward”"]]
    assert export.assumed == ()


def test_what_is_not_utf_8_is_read_as_windows_1252_and_that_is_said(tmp_path):
    export = read_plain(saved(tmp_path, TABLE, encoding="cp1252"))
    assert rows_of(export) == [["A", "4", "Café"], ["B", "NA", "“ward”"]]
    assert export.assumed == ("the file is not UTF-8; it was read as Windows-1252",)


@pytest.mark.parametrize(("separator", "word"), [(";", "semicolons"), ("\t", "tabs")])
def test_other_separators_are_found_and_said(tmp_path, separator, word):
    content = separator.join(["id", "setting"]) + "\n" + separator.join(["A", "1,5"]) + "\n"
    export = read_plain(saved(tmp_path, content))
    assert export.columns == ("id", "setting")
    assert rows_of(export) == [["A", "1,5"]]
    assert export.assumed == (f"cells are separated by {word}",)


def test_separators_inside_quotation_marks_do_not_count(tmp_path):
    export = read_plain(saved(tmp_path, '"id";"where, if any"\n"A";"at home, mostly"\n'))
    assert export.columns == ("id", "where, if any")


def test_a_table_of_one_column_needs_no_separator(tmp_path):
    assert rows_of(read_plain(saved(tmp_path, "T01_importance\n4\n5\n"))) == [["4"], ["5"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_systems_read_alike(tmp_path, end):
    assert len(rows_of(read_plain(saved(tmp_path, TABLE.replace("\n", end))))) == 2


def test_line_breaks_in_quotation_marks_stay_in_their_cell(tmp_path):
    export = read_plain(saved(tmp_path, 'id,note\nA,"two\nlines"\nB,one\n'))
    assert rows_of(export) == [["A", "two\nlines"], ["B", "one"]]


def test_rows_carry_the_numbers_that_a_spreadsheet_shows(tmp_path):
    export = read_plain(saved(tmp_path, '\nid,note\nA,"two\nlines"\n\nB,one\n'))
    assert pd.concat(export.blocks()).index.tolist() == [3, 4, 5]


def test_empty_rows_are_dropped_at_the_end_and_kept_between_others(tmp_path):
    export = read_plain(saved(tmp_path, "id,a\nA,4\n,\nB,5\n,\n , \n\n"))
    assert rows_of(export) == [["A", "4"], ["", ""], ["B", "5"]]


def test_short_rows_end_in_empty_cells_and_empty_surplus_cells_are_ignored(tmp_path):
    export = read_plain(saved(tmp_path, "id,a,b\nA\nB,5,6,,\n"))
    assert rows_of(export) == [["A", "", ""], ["B", "5", "6"]]


def test_rows_with_too_many_cells_are_refused_together_by_line(tmp_path):
    content = 'id,note\nA,"two\nlines"\nB,one, two\nC,fine\nD,one,two\n'
    assert refusal(saved(tmp_path, content)).startswith(
        "answers.csv, line 4, 6: found 2 rows with more cells than the header row"
    )


@pytest.mark.parametrize("bad_line", ['B,"never closed', 'B,"closed" too early'])
def test_broken_quotation_marks_are_refused_with_their_line(tmp_path, bad_line):
    message = refusal(saved(tmp_path, f"id,note\nA,fine\n{bad_line}\nC,fine\n"))
    assert message.startswith("answers.csv, line 3: found a quotation mark")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("", "an empty file"),
        ("\ufeff", "an empty file"),
        ("\n,,\n \n", "an empty file"),
        ("respondent,T01_importance\n", "headers only"),
        ("respondent,T01_importance\n,\n\n", "headers only"),
        ("id,T01,T01 ,x\nA,1,2,3\n", "more than one column “T01”"),
        (b"id,a\nA,\x00\n", "a file that is no text"),
        (b"id,a\nA,\x81\n", "a file that is no text"),
        ("id,a\nA,1\n".encode("utf-16-le"), "a file that is no text"),
        (b"\xff\xfei", "a file that is no text"),
    ],
)
def test_text_files_that_hold_no_table_are_refused(tmp_path, content, found):
    assert f"found {found}" in refusal(saved(tmp_path, content))


def test_columns_without_a_header_are_named_by_position(tmp_path):
    export = read_plain(saved(tmp_path, "id,,T01_importance,\nA,x,4,\n"))
    assert export.columns == ("id", "column 2", "T01_importance", "column 4")


@pytest.mark.parametrize(
    ("headers", "layout"),
    [
        ("respondent,statement,scale,rating", "long"),
        ("Rating,SCALE,Statement_ID,wave,respondent_id", "long"),
        ("respondent,statement,rating", "wide"),
        ("respondent,statements,scale,rating", "wide"),
    ],
)
def test_the_layout_is_seen_from_the_headers(tmp_path, headers, layout):
    content = f"{headers}\n{'x,' * headers.count(',')}x\n"
    assert read_plain(saved(tmp_path, content)).layout == layout


def test_empty_rows_between_blocks_are_kept_and_those_at_the_end_dropped(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_CELLS", 1)
    export = read_plain(saved(tmp_path, "id,a\nA,4\n,\n,\n,\nB,5\n,\n,\n,\n"))
    assert [block.index.tolist() for block in export.blocks()] == [[2], [3, 4, 5, 6]]


def test_blocks_are_small_and_can_be_read_again(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_CELLS", 1)
    export = read_plain(saved(tmp_path, "id\n" + "\n".join("ABCDE") + "\n"))
    assert [block["id"].tolist() for block in export.blocks()] == [["A", "B"], ["C", "D"], ["E"]]
    assert [block.index.tolist() for block in export.blocks()] == [[2, 3], [4, 5], [6]]


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@given(
    rows=st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=30),
    separator=st.sampled_from(",;\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_whatever_stands_in_quotation_marks_comes_back(tmp_path_factory, rows, separator, encoding):
    table = io.StringIO(newline="")
    writer = csv.writer(table, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerows([["id", "one", "two"], *(["A", *row] for row in rows)])
    path = saved(tmp_path_factory.mktemp("law"), table.getvalue(), encoding=encoding)
    assert rows_of(read_plain(path)) == [["A", *row] for row in rows]


def test_a_workbook_shows_numbers_dates_and_booleans_as_people_see_them(tmp_path):
    rows = [
        ["id", "rating", "years", "day", "time", "yes", "text", "none"],
        [7, 4.0, 2.5, date(2026, 3, 1), datetime(2026, 3, 1, 9, 30), True, " as it is ", None],
        [8, 1, 12345678901, datetime(2026, 3, 1), None, False, "4.0", "x"],
    ]
    assert rows_of(read_plain(workbook(tmp_path, Answers=rows))) == [
        ["7", "4", "2.5", "2026-03-01", "2026-03-01 09:30:00", "yes", " as it is ", ""],
        ["8", "1", "12345678901", "2026-03-01", "", "no", "4.0", "x"],
    ]


def test_a_workbook_reads_like_the_same_table_as_text(tmp_path):
    rows = [["respondent", "T01"], ["A", 4], [None, None], ["B", None], [None, " "]]
    text = read_plain(saved(tmp_path, "respondent,T01\nA,4\n,\nB,\n, \n"))
    book = read_plain(workbook(tmp_path, Answers=rows))
    assert book.columns == text.columns
    pd.testing.assert_frame_equal(pd.concat(book.blocks()), pd.concat(text.blocks()))
    pd.testing.assert_frame_equal(pd.concat(book.blocks()), pd.concat(text.blocks()))


def test_the_only_sheet_that_holds_anything_is_read(tmp_path):
    path = workbook(tmp_path, Cover=[], Answers=[["id"], ["A"]], Notes=[[None]])
    assert rows_of(read_plain(path)) == [["A"]]


def test_of_several_sheets_with_data_one_must_be_named(tmp_path):
    path = workbook(tmp_path, Wave1=[["id"], ["A"]], Wave2=[["id"], ["B"]])
    assert "2 sheets that hold data: Wave1, Wave2" in refusal(path)
    assert rows_of(read_plain(path, sheet="Wave2")) == [["B"]]
    assert "no sheet “Wave3”; wanted one of its sheets: Wave1, Wave2" in refusal(
        path, sheet="Wave3"
    )
    assert "write “Wave2”" in refusal(path, sheet="wave2")


def test_rows_of_a_workbook_count_from_the_top_of_the_sheet(tmp_path):
    path = workbook(tmp_path, Answers=[[None], [None, "id"], [None, "A"]])
    export = read_plain(path)
    assert export.columns == ("id",)
    assert next(export.blocks()).index.tolist() == [3]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([], "an empty file"),
        ([["id", "T01"]], "headers only"),
        ([["id", "id"], [1, 2]], "more than one column “id”"),
    ],
)
def test_workbooks_without_a_table_are_refused(tmp_path, rows, found):
    assert f"found {found}" in refusal(workbook(tmp_path, Answers=rows))


def test_locked_and_old_workbooks_are_refused_whatever_they_are_called(tmp_path):
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
    for name in ("answers.xlsx", "answers.xls", "answers.csv"):
        assert "a workbook with a password, or of the old .xls kind" in refusal(
            saved(tmp_path, content, name)
        )


def test_a_workbook_cut_off_at_any_point_is_refused(tmp_path):
    whole = workbook(tmp_path, Answers=[["id"], ["A"]]).read_bytes()
    for length in range(0, len(whole), 97):
        assert "answers.xlsx" in refusal(saved(tmp_path, whole[:length], "answers.xlsx"))


def with_members(path, **members):
    """Return the bytes of a workbook with members replaced or added; `None` leaves one out."""
    target = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as archive:
        contents = {name: source.read(name) for name in source.namelist()} | members
        for name, content in contents.items():
            if content is not None:
                archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("members", "found"),
    [
        ({"xl/vbaProject.bin": b"macros"}, "a workbook with macros"),
        ({"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"}, "a damaged workbook"),
        ({"xl/worksheets/sheet1.xml": None}, "a damaged workbook"),
        ({"xl/workbook.xml": b"<workbook/>"}, "a damaged workbook"),
    ],
)
def test_workbooks_that_are_damaged_or_hold_macros_are_refused(tmp_path, members, found):
    path = workbook(tmp_path, Answers=[["id"], ["A"]])
    content = with_members(path, **members)
    assert f"found {found}" in refusal(saved(tmp_path, content, "answers.xlsx"))


def test_a_zip_file_that_is_no_workbook_is_refused(tmp_path):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("answers.csv", TABLE)
    assert "a zip file that is no workbook" in refusal(saved(tmp_path, target.getvalue(), "a.zip"))
