"""Paste sheets: everything to copy, question by question, in every language."""

import io
import subprocess
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from rds.survey.instrument import Page
from rds.survey.platforms import alchemer, google_forms, microsoft_forms, surveymonkey
from rds.survey.platforms.paste_sheet import (
    ALCHEMER,
    GOOGLE_FORMS,
    MICROSOFT_FORMS,
    SURVEYMONKEY,
    paste_sheet,
    too_many_questions,
)
from tests.survey import examples

TARGETS = [SURVEYMONKEY, ALCHEMER, GOOGLE_FORMS, MICROSOFT_FORMS]
TITLE, ROWS, ANSWERS, STORED, REQUIRED, LOGIC = range(2, 8)


def sheets(content):
    book = load_workbook(io.BytesIO(content))
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    return {
        sheet.title: [["" if cell is None else cell for cell in row] for row in sheet.values]
        for sheet in book
    }


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.title)
def test_every_statement_and_answer_stands_in_a_cell_of_its_own_in_every_language(target):
    instrument = examples.instrument()
    book = sheets(paste_sheet(instrument, target))
    assert list(book) == ["Read me", "Questions en", "Questions de"]
    for language in instrument.languages:
        lines = book[f"Questions {language}"]
        grids = [question for question in instrument.questions if question.kind == "grid"]
        for grid in grids:
            assert any(line[TITLE] == grid.words[language] for line in lines)
        rows = [line[ROWS] for line in lines[1:] if line[ROWS]]
        asked = [row.words[language] for grid in grids for row in grid.rows]
        assert rows[: len(asked)] == asked
        answers = [(line[ANSWERS], line[STORED]) for line in lines[1:] if line[ANSWERS]]
        assert answers == [
            (option.words[language], option.code)
            for question in instrument.questions
            for option in question.options
        ]


def test_required_questions_and_the_way_out_are_said():
    lines = sheets(paste_sheet(examples.instrument(), GOOGLE_FORMS))["Questions en"]
    consent = next(line for line in lines if line[TITLE] == "Do you agree to take part?")
    assert consent[REQUIRED] == "yes"
    assert consent[LOGIC].startswith("If the answer is “No”: turn on “Go to section")


def test_points_are_asked_row_by_row_where_there_is_no_sum():
    lines = sheets(paste_sheet(examples.instrument(), MICROSOFT_FORMS))["Questions en"]
    titles = [line[TITLE] for line in lines]
    assert "Share 100 points between the domains. [Supporting people]" in titles
    lines = sheets(paste_sheet(examples.instrument(), ALCHEMER))["Questions en"]
    share = next(line for line in lines if line[TITLE].startswith("Share 100"))
    assert share[1:4] == [
        "Continuous Sum, total 100",
        "Share 100 points between the domains.",
        "Supporting people",
    ]


def test_microsoft_forms_warns_of_more_than_two_hundred_questions():
    instrument = examples.instrument()
    (years,) = (question for question in instrument.questions if question.code == "Q3")
    many = tuple(replace(years, code=f"N{number}") for number in range(201))
    big = replace(instrument, pages=(Page("many", {"en": "Many", "de": "Viele"}, many),))
    warning = "This survey has 201 questions; Microsoft Forms takes at most 200 in a form."
    assert too_many_questions(big, MICROSOFT_FORMS).startswith(warning)
    assert any(
        str(row[0]).startswith(warning)
        for row in sheets(paste_sheet(big, MICROSOFT_FORMS))["Read me"]
    )
    assert too_many_questions(big, SURVEYMONKEY) == ""
    assert too_many_questions(instrument, MICROSOFT_FORMS) == ""


@pytest.mark.parametrize("module", [surveymonkey, alchemer, google_forms, microsoft_forms])
def test_every_platform_writes_its_files_the_same_every_time(module):
    instrument = examples.instrument()
    files = module.PLATFORM.write(instrument)
    assert files == module.PLATFORM.write(instrument)
    assert all(name.startswith("example-2026-survey-1-") for name in files)


@pytest.mark.libreoffice
def test_libreoffice_opens_the_sheet_and_keeps_every_text(tmp_path):
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(paste_sheet(examples.instrument(), SURVEYMONKEY))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "ods", "--outdir", tmp_path, path]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    back = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", tmp_path / "back"]
    subprocess.run([*back, tmp_path / "sheet.ods"], check=True, capture_output=True, timeout=120)
    again = sheets((tmp_path / "back" / "sheet.xlsx").read_bytes())
    assert again["Questions en"][:20] == sheets(path.read_bytes())["Questions en"][:20]
