"""The codebook: every answer with its words in all languages and its name on every platform."""

import io
import subprocess
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from rds.survey.instrument import Row
from rds.survey.platforms import codebook
from rds.survey.platforms.registry import platforms
from tests.survey import examples

NAME = "example-2026-survey-1-codebook.xlsx"


def sheets(instrument):
    """Return the sheets as lists of rows by header; no cell is a formula."""
    ((_, content),) = codebook.write(instrument).items()
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Read me", "Answers", "Options", "Names"]
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    found = {}
    for sheet in book.worksheets[1:]:
        headers, *rows = sheet.values
        found[sheet.title] = [dict(zip(headers, row, strict=True)) for row in rows]
    return book, found


def test_every_answer_stands_there_with_its_words_in_every_language():
    instrument = examples.instrument()
    _, found = sheets(instrument)
    answers = {
        (row["Question code"], row["Row code"], row["Option code"]): row for row in found["Answers"]
    }
    expected = [
        (question.code, part, option)
        for question in instrument.questions
        if question.kind != "information"
        for part in ([row.code for row in question.rows] or [None])
        for option in (
            [option.code for option in question.options] if question.kind == "several" else [None]
        )
    ]
    assert list(answers) == expected
    row = answers["D2frequency", "T04", None]
    assert row["Row (en)"] == "=Check the +/- balance of support @ home"
    assert row["Row (de)"] == "=Check the +/- balance of support @ home (auf Deutsch)"
    assert row["Page"] == "Working with others"
    assert row["Codes"].startswith("0 = Never; I do not do this · 1 = Yearly")
    assert row["Codes"].endswith("99 = Not applicable")
    assert answers["Q2", None, 1]["Option (de)"] == "Basic, 40 hours (auf Deutsch)"
    assert answers["D1frequency", "check1", None]["Asked for"] == "attention check"
    assert answers["consent", None, None]["Required"] == "yes"


def test_every_option_stands_there_with_its_code():
    instrument = examples.instrument()
    _, found = sheets(instrument)
    options = [(o["Question code"], o["Code"], o["Words (de)"]) for o in found["Options"]]
    assert options == [
        (question.code, option.code, option.words["de"])
        for question in instrument.questions
        for option in question.options
    ]
    ends = [(o["Question code"], o["Code"]) for o in found["Options"] if o["Goes on"] == "no"]
    assert ends == [("consent", 2)]


def test_every_platform_that_names_columns_has_its_names():
    _, found = sheets(examples.instrument())
    named = {row["Answer"]: row for row in found["Names"]}
    known = [one for one in platforms() if one.column_name is not None]
    assert known
    for platform in known:
        called = platform.column_name("D1frequency", "T03", 3, "")
        assert named["T03_frequency"][platform.title] == called
    others = [one.title for one in platforms() if one.column_name is None]
    assert not set(others) & set(named["T03_frequency"])


def test_the_tables_can_be_worked_with():
    book, found = sheets(examples.instrument())
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "C2"
        assert sheet.auto_filter.ref.endswith(str(len(found[sheet.title]) + 1))
        assert sheet["A1"].font.bold
        assert all(cell.alignment.wrap_text for cell in sheet[2])
        assert sheet.print_title_rows == "$1:$1"


def test_the_same_survey_gives_the_same_bytes():
    assert codebook.write(examples.instrument()) == codebook.write(examples.instrument())


def test_a_long_text_stands_there_whole():
    instrument = examples.instrument()
    grid = instrument.pages[3].questions[0]
    text = "Listen & " * 1000
    longer = replace(grid, rows=(Row("T04", examples.words(text), statement="T04"),))
    page = replace(instrument.pages[3], questions=(longer,))
    _, found = sheets(replace(instrument, pages=(page,)))
    assert found["Answers"][0]["Row (en)"] == text


@pytest.mark.libreoffice
def test_libreoffice_opens_it(tmp_path):
    (tmp_path / NAME).write_bytes(codebook.write(examples.instrument())[NAME])
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "csv", "--outdir", tmp_path, NAME],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=120,
    )
    assert b"Codebook" in (tmp_path / NAME).with_suffix(".csv").read_bytes()
