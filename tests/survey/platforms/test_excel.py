"""The Excel form: filled in, saved again by other programs, read back; all files are made here."""

import io
import subprocess
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.comments import Comment

from rds.errors import InputError
from rds.ratings.matching import match
from rds.survey.asked import asked_by
from rds.survey.instrument import Instrument, Option, Page, Question, Row
from rds.survey.platforms.excel import PLATFORM
from rds.survey.platforms.excel_write import FORM, column_name
from rds.survey.platforms.opening import open_file
from rds.survey.platforms.paste_sheet import SURVEYMONKEY, paste_sheet
from rds.survey.platforms.registry import platforms
from tests.survey import examples

MARK, ANSWER = 4, 3
ANSWERS = {
    "consent": "Yes",
    "Q1": "Hospital; ward",
    "Q2_1": "X",
    "Q3": 12,
    "Q4": "=peer specialist",
    "D1frequency_T01": "Never; I do not do this",
    "D1frequency_T03": "Not applicable",
    "D1frequency_check1": "Monthly",
    "D2importance_T05": "Very important",
    "D2importance_again1": "Important",
    "domainshare_D1": 62.5,
    "domainshare_D2": 37.5,
    "missing": "one\ntwo @ 50 %",
}


def form(language="en"):
    return PLATFORM.write(examples.instrument())[f"example-2026-survey-1-excel-{language}.xlsx"]


def line_of(sheet, name):
    for row in sheet.iter_rows(min_col=MARK):
        mark, *codes = [cell.value or "" for cell in row[:4]]
        if name == mark or (
            mark in ("line", "question and line") and "_".join(filter(None, codes)) == name
        ):
            return row[0].row
    raise AssertionError(name)


def filled(folder, answers=ANSWERS, *, language="en", change=lambda sheet: None, content=None):
    """Fill in a form as a respondent does, and save it."""
    book = load_workbook(io.BytesIO(content or form(language)))
    sheet = book["Survey"]
    for name, answer in answers.items():
        cell = sheet.cell(line_of(sheet, name), ANSWER)
        cell.value = answer
        if isinstance(answer, str):
            cell.data_type = "s"
    change(sheet)
    book.save(folder / "form.xlsx")
    return folder / "form.xlsx"


def read_back(path):
    file = open_file(path)
    assert PLATFORM.recognise(file)
    export = PLATFORM.read(file)
    assert tuple(column.name for column in export.described) == export.columns
    block = pd.concat(export.blocks())
    assert tuple(block.columns) == export.columns
    assert len(block) == 1
    return export, block.iloc[0].to_dict()


def refusal(path):
    with pytest.raises(InputError) as error:
        PLATFORM.read(open_file(path))
    return str(error.value)


EXPECTED = {name: str(answer) for name, answer in ANSWERS.items()} | {"Q2_1": "1"}


def answered(cells):
    return {name: cell for name, cell in cells.items() if cell and name in EXPECTED}


def test_what_is_filled_in_comes_back_as_it_is_shown(tmp_path):
    export, cells = read_back(filled(tmp_path))
    assert answered(cells) == EXPECTED
    assert (cells["Q2_2"], cells["Q2_3"]) == ("0", "0")
    assert cells["D1frequency_T02"] == cells["coverage"] == ""
    assert (cells["language"], export.platform, export.layout) == ("en", "excel", "wide")


def test_every_line_is_known_by_its_codes_and_words(tmp_path):
    export, _ = read_back(filled(tmp_path))
    instrument = examples.instrument()
    asked = asked_by(instrument)
    matches = match(export, asked, column_name=column_name, issued=True)
    answers = [column for column in export.described if column.role == "answer"]
    assert {column.name for column in answers} == set(matches.found)
    assert {one.rule for one in matches.found.values()} == {"identifier"}
    assert matches.contradicted == matches.ambiguous == {}
    statements = {c.row: c.row_text for c in answers if c.question == "D1importance"}
    assert statements == {name: examples.NASTY[name] for name in ("T01", "T02", "T03")}
    options = [c.option_text for c in answers if c.question == "Q2"]
    assert options == ["Basic, 40 hours", "Advanced", "None"]


def test_a_respondents_number_counts_when_there_is_one(tmp_path):
    export, cells = read_back(filled(tmp_path, {**ANSWERS, "respondent": "007"}))
    assert export.described[0].role == "respondent"
    assert cells["respondent"] == "007"
    export, _ = read_back(filled(tmp_path))
    assert export.described[0].role == "technical"


def test_a_form_in_another_language_holds_the_words_of_that_language(tmp_path):
    instrument = examples.instrument()
    export, cells = read_back(filled(tmp_path, {"consent": "Yes (auf Deutsch)"}, language="de"))
    assert (cells["language"], cells["consent"]) == ("de", "Yes (auf Deutsch)")
    assert set(match(export, asked_by(instrument), issued=True).found) == set(export.columns[2:])


def test_no_cell_is_a_formula_but_the_total():
    book = load_workbook(io.BytesIO(form()))
    formulas = [c.value for row in book["Survey"].iter_rows() for c in row if c.data_type == "f"]
    assert len(book.sheetnames) == len(formulas) == 1
    assert formulas[0].startswith("=SUM(C")


def test_answers_alone_are_unlocked_and_lists_offer_the_options_of_their_question():
    sheet = load_workbook(io.BytesIO(form()))["Survey"]
    assert sheet.protection.sheet
    assert not sheet.protection.password
    unlocked = [c for row in sheet.iter_rows() for c in row if not c.protection.locked]
    assert {cell.column for cell in unlocked} == {ANSWER}
    names = {line_of(sheet, name) for name in ANSWERS}
    assert names <= {cell.row for cell in unlocked}
    lists = {
        rule.formula1: rule for rule in sheet.data_validations.dataValidation if rule.type == "list"
    }
    offered = [[c.value for row in sheet[s] for c in row] for s in lists if s.startswith("$")]
    assert [*examples.FREQUENCY.values(), "Not applicable"] in offered
    assert all(rule.error for rule in lists.values())


def test_the_same_survey_gives_the_same_bytes():
    assert PLATFORM.write(examples.instrument()) == PLATFORM.write(examples.instrument())


@pytest.mark.parametrize("column", [1, 2, 3, 4, 12])
def test_columns_may_move(tmp_path, column):
    export, cells = read_back(filled(tmp_path, change=lambda sheet: sheet.insert_cols(column)))
    assert answered(cells) == EXPECTED
    assert export.described[5].question == "Q2"


def test_comments_and_notes_beside_the_answers_and_rows_above_do_no_harm(tmp_path):
    def change(sheet):
        sheet["C9"].comment = Comment("unsure about this", "somebody")
        sheet["B3"] = "my own note"
        sheet.insert_rows(1, 2)

    _, cells = read_back(filled(tmp_path, change=change))
    assert answered(cells) == EXPECTED


def test_capitals_and_blanks_in_answers_do_no_harm(tmp_path):
    answers = {"consent": " yes ", "Q2_1": "x", "Q2_2": "Advanced", "D1frequency_T01": "MONTHLY"}
    _, cells = read_back(filled(tmp_path, answers))
    read = [cells[name] for name in ("consent", "Q2_1", "Q2_2", "Q2_3", "D1frequency_T01")]
    assert read == ["Yes", "1", "1", "0", "Monthly"]


def test_answers_that_no_list_has_are_refused_all_at_once_with_their_cells(tmp_path):
    wrong = {"D1frequency_T01": "sometimes", "Q1": "School", "Q2_3": "perhaps"}
    message = refusal(filled(tmp_path, {**ANSWERS, **wrong}))
    assert message.count("form.xlsx, cell C") == 3
    assert "found “School”; wanted one of “Community”, “Hospital; ward”, “Other”" in message
    assert "found “perhaps”; wanted X, or nothing" in message


def test_a_form_with_lines_missing_or_doubled_is_refused(tmp_path):
    def remove(sheet):
        sheet.delete_rows(line_of(sheet, "D1frequency_T02"))

    def double(sheet):
        at = line_of(sheet, "D1frequency_T02")
        for cell in list(sheet[at]):
            sheet.cell(sheet.max_row + (cell.column == 1), cell.column).value = cell.value

    assert "found 22 lines to answer; wanted 23" in refusal(filled(tmp_path, change=remove))
    message = refusal(filled(tmp_path, change=double))
    assert "two lines for “Plan 1-2 goals" in message


def test_an_empty_form_and_a_changed_first_line_are_refused(tmp_path):
    assert "nothing was filled in" in refusal(filled(tmp_path, {}))

    def rename(sheet):
        sheet["C1"] = "Mine"

    assert "a form whose first line was changed" in refusal(filled(tmp_path, change=rename))
    without = filled(tmp_path, change=lambda sheet: sheet.delete_cols(MARK, 12))
    assert not PLATFORM.recognise(open_file(without))
    assert "no hidden columns with the codes of a form" in refusal(without)


def test_only_forms_of_ours_are_recognised(tmp_path):
    (tmp_path / "paste.xlsx").write_bytes(paste_sheet(examples.instrument(), SURVEYMONKEY))
    (tmp_path / "plain.csv").write_text("respondent,T01_importance\nA,4\n", encoding="utf-8")
    (tmp_path / "data.json").write_text('{"a": 1}', encoding="utf-8")
    for name in ("plain.csv", "data.json"):
        assert not PLATFORM.recognise(open_file(tmp_path / name))
    assert not PLATFORM.recognise(open_file(tmp_path / "paste.xlsx", sheet="Questions en"))
    file = open_file(filled(tmp_path))
    others = [one for one in platforms() if one.name != "excel" and one.recognise]
    assert [one.name for one in others if one.recognise(file)] == []


def survey_of(statements, labels):
    rows = tuple(
        Row(f"T{n:02}", {"en": text}, statement=f"T{n:02}") for n, text in enumerate(statements, 1)
    )
    options = tuple(Option(n, {"en": text}) for n, text in enumerate(labels, 1))
    grid = Question(
        "D1f", "grid", {"en": "How often?"}, "rating", subject="f", options=options, rows=rows
    )
    return Instrument(
        "cps", 1, "", ("en",), {"en": "Survey"}, (Page("D1", {"en": "Domain"}, (grid,)),)
    )


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), min_size=1
).filter(lambda text: text.strip() and text.strip().casefold() not in ("survey", "your answers"))


@settings(max_examples=12)
@given(
    st.lists(TEXTS, min_size=1, max_size=4),
    st.lists(TEXTS, min_size=2, max_size=4, unique_by=lambda text: text.strip()),
)
def test_nasty_words_survive_writing_and_reading(tmp_path_factory, statements, labels):
    survey = survey_of(statements, labels)
    (content,) = PLATFORM.write(survey).values()
    answers = {
        f"D1f_T{n:02}": labels[n % len(labels)].strip() for n in range(1, len(statements) + 1)
    }
    path = filled(tmp_path_factory.mktemp("form"), answers, content=content)
    export, cells = read_back(path)
    assert {name: cells[name] for name in answers} == answers
    assert set(match(export, asked_by(survey), column_name=column_name, issued=True).found) == set(
        answers
    )


@pytest.mark.parametrize("text", ["two\nlines", "tab\tin between", "1-2", "007", "#N/A"])
def test_words_that_workbooks_treat_in_their_own_way_stay(tmp_path, text):
    survey = survey_of([text, "another"], [text, "other"])
    (content,) = PLATFORM.write(survey).values()
    export, cells = read_back(filled(tmp_path, {"D1f_T01": text}, content=content))
    assert cells["D1f_T01"] == text
    assert export.described[2].row_text == " ".join(text.split())
    assert len(match(export, asked_by(survey), column_name=column_name, issued=True).found) == 2


def converted(path, kind, folder):
    """Have LibreOffice save a file as another kind."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", folder, path]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / f"{path.stem}.{kind.partition(':')[0]}"


@pytest.mark.libreoffice
def test_what_libreoffice_saves_again_reads_back_equal(tmp_path):
    path = filled(tmp_path, {**ANSWERS, "respondent": "007"})
    again = converted(path, "xlsx:Calc MS Excel 2007 XML", tmp_path / "again")
    first, second = read_back(path), read_back(again)
    assert first[1] == second[1]
    assert first[0].described == second[0].described
    sheet = load_workbook(again)["Survey"]
    assert sheet.protection.sheet
    kinds = [rule.type for rule in sheet.data_validations.dataValidation]
    assert (kinds.count("list"), kinds.count("decimal")) == (8, 2)
    assert sheet.column_dimensions["D"].hidden
    total = next(c for c in sheet["C"] if str(c.value).startswith("=SUM"))
    assert load_workbook(again, data_only=True)["Survey"][total.coordinate].value == 100
    table = read_back(converted(path, "csv", tmp_path / "table"))
    assert {**table[1]} == first[1]


def test_split_forms_say_which_form_they_are():
    split = replace(examples.instrument(), form="A", version=2)
    files = PLATFORM.write(split)
    assert sorted(files) == [
        "example-2026-survey-2a-excel-de.xlsx",
        "example-2026-survey-2a-excel-en.xlsx",
    ]
    sheet = load_workbook(io.BytesIO(files["example-2026-survey-2a-excel-en.xlsx"]))["Survey"]
    said = [cell.value for row in sheet.iter_rows() for cell in row if cell.value]
    assert said[2:7] == [FORM, "example-2026", "2", "A", "en"]
    assert "Study example-2026, survey version 2, Form A, language en." in said
