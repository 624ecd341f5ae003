"""Forms in Excel: what goes out comes back, whatever people did to the file in between."""

import datetime

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment

from rds.columns import Column, Sheet
from rds.documents.form_book import COVER, Cover, FormSheet, form_workbook
from rds.documents.form_reader import form_facts, read_form
from rds.errors import InputError

DAY = datetime.date(2026, 3, 1)
SHEET = Sheet(
    "Relevance",
    "Every task, to be judged.",
    (
        Column("task_id", "The task.", needed=True),
        Column("statement", "Its words.", width=60),
        Column("relevance", "1 to 4.", kind="whole", choices=("1", "2", "3", "4"), needed=True),
        Column("remark", "What you want to say."),
    ),
)
ROWS = [
    {"task_id": "T01", "statement": "Listen to people."},
    {"task_id": "T02", "statement": "=Write & share notes."},
]
COVER_OF_FORM = Cover(
    "judgements",
    "Judging the tasks",
    "cps-2026",
    "SME05",
    "v1",
    ("Judge.", "Send it back."),
    {"Round": "2"},
)


def form(path, *, rows=ROWS, **more):
    sheet = FormSheet(SHEET, rows, inputs=("relevance", "remark"), **more)
    path.write_bytes(form_workbook(COVER_OF_FORM, [sheet], date=DAY))
    return path


def changed(path, change):
    workbook = load_workbook(path)
    change(workbook)
    workbook.save(path)
    return path


def test_a_form_says_what_it_is_and_is_known_by_it(tmp_path):
    path = form(tmp_path / "any name.xlsx")
    facts = form_facts(path)
    assert facts["Form"] == "judgements"
    read = read_form(path, [SHEET])
    assert (read.holder, read.version, read.facts["Round"]) == ("SME05", "v1", "2")
    assert list(read.problems_of_study("cps-2026")) == []
    (problem,) = read.problems_of_study("other")
    assert "“cps-2026”" in problem.found


@pytest.mark.parametrize("content", [b"", b"PK", b"name,score\na,1\n"])
def test_what_is_no_form_says_nothing(tmp_path, content):
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    assert form_facts(path) == {}
    assert form_facts(tmp_path / "missing.xlsx") == {}


def test_answers_come_back_though_columns_moved_rows_were_sorted_and_notes_added(tmp_path):
    def change(workbook):
        sheet = workbook["Relevance"]
        sheet["C2"], sheet["C3"], sheet["D3"] = 4, "2", "too narrow"
        sheet["D2"].comment = Comment("Ask the panel.", "somebody")
        sheet.move_range("C1:C3", cols=3)
        lines = [[cell.value for cell in row] for row in sheet["A2:F3"]]
        for row, line in enumerate(reversed(lines), start=2):
            for column, value in enumerate(line, start=1):
                sheet.cell(row, column).value = value
        sheet["H1"] = "my own column"
        workbook.create_sheet("scratch")

    plain = [{**row, "statement": "Listen."} for row in ROWS]
    read = read_form(changed(form(tmp_path / "a.xlsx", rows=plain), change), [SHEET])
    assert read.problems == ()
    found = {row.text("task_id"): row.values.get("relevance") for row in read.rows["Relevance"]}
    assert found == {"T01": 4, "T02": 2}
    assert read.comments == (("Relevance!D2", "Ask the panel."),)
    assert any("my own column" in name for name in read.ignored)


def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    sheet = load_workbook(form(tmp_path / "a.xlsx"))["Relevance"]
    assert (sheet["B3"].value, sheet["B3"].data_type) == ("=Write & share notes.", "s")


def test_a_heading_below_a_name_does_not_hide_the_name(tmp_path):
    path = form(tmp_path / "a.xlsx", headings={"relevance": "how much it belongs to the role"})
    assert load_workbook(path)["Relevance"]["C1"].value.splitlines()[1].startswith("how much")
    assert read_form(path, [SHEET]).problems == ()


def test_blank_rows_can_be_filled_in_and_others_are_left_out(tmp_path):
    def change(workbook):
        workbook["Relevance"]["A5"], workbook["Relevance"]["C5"] = "T09", 1

    path = changed(form(tmp_path / "a.xlsx", blank_rows=5), change)
    assert [row.text("task_id") for row in read_form(path, [SHEET]).rows["Relevance"]] == [
        "T01",
        "T02",
        "T09",
    ]


def test_every_unreadable_cell_and_missing_column_is_reported_with_its_place(tmp_path):
    def change(workbook):
        workbook["Relevance"]["C2"], workbook["Relevance"]["C3"] = "often", 9

    problems = read_form(changed(form(tmp_path / "a.xlsx"), change), [SHEET]).problems
    assert [problem.place for problem in problems] == ["Relevance!C2", "Relevance!C3"]
    lost = changed(form(tmp_path / "b.xlsx"), lambda book: book["Relevance"].delete_cols(3))
    assert "no column “relevance”" in str(read_form(lost, [SHEET]).problems[0])
    gone = changed(form(tmp_path / "c.xlsx"), lambda book: book.remove(book["Relevance"]))
    assert "no such sheet" in str(read_form(gone, [SHEET]).problems[0])


def test_a_workbook_without_our_cover_is_refused(tmp_path):
    path = changed(form(tmp_path / "a.xlsx"), lambda book: book.remove(book[COVER]))
    with pytest.raises(InputError, match="no form of rds"):
        read_form(path, [SHEET])


def test_the_same_content_gives_the_same_bytes(tmp_path):
    one, two = form(tmp_path / "a.xlsx"), form(tmp_path / "b.xlsx")
    assert one.read_bytes() == two.read_bytes()


def test_a_sum_says_at_once_whether_it_is_100_and_is_no_row_to_read(tmp_path):
    columns = (
        Column("key", "Its identifier.", width=9),
        Column("percent", "Its percentage.", "percent", needed=True),
        Column("comment", "A word."),
    )
    sheet = Sheet("Shares", "To share out.", columns)
    rows = [{"key": "A", "percent": 60.0}, {"key": "B", "percent": 40.0}]
    form = FormSheet(sheet, rows, inputs=("percent",), sums=("percent",), proposed=True)
    cover = Cover("a form", "A form", "demo-test", "SME01")
    path = tmp_path / "form.xlsx"
    path.write_bytes(form_workbook(cover, [form], date=DAY))
    page = load_workbook(path)["Shares"]
    assert [page["A4"].value, page["B4"].value] == ["Sum", "=SUM(B2:B3)"]
    assert page["C4"].value.startswith("=IF(COUNT(B2:B3)=0")
    assert page["B2"].font.italic
    assert load_workbook(path, data_only=True)["Shares"]["C4"].value == "100: right"
    read = read_form(path, [sheet])
    assert [row.text("key") for row in read.rows["Shares"]] == ["A", "B"]
    assert read.ignored == ()
