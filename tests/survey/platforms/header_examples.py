"""What the tests of SurveyMonkey, Alchemer, Google Forms and Microsoft Forms share."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from openpyxl import Workbook

from rds.errors import InputError
from rds.survey.platforms.opening import open_file
from rds.survey.platforms.words import plain_text

DATA = Path(__file__).parents[2] / "data"

LOOK_ALIKES = {
    "plain": [["respondent", "T01_importance", "setting"], ["A", "4", "ward - night"]],
    "plain with an underscore": [["respondent_id", "T01 - x", "T02 - x"], ["100001", "4", "3"]],
    "plain with a time": [["Timestamp", "respondent", "the setting"], ["2026-05-04", "A", "w"]],
    "long": [["respondent", "statement", "scale", "rating"], ["A", "T01", "importance", "4"]],
    "LimeSurvey in full": [
        ["Response ID", "Date submitted", "Last page", "Start language", "How often? [Listen]"],
        ["1", "2026-05-04 10:20:31", "3", "en", "Daily"],
    ],
    "Qualtrics": [
        ["StartDate", "EndDate", "Status", "ResponseId", "Q1"],
        ["Start Date", "End Date", "Response Type", "Response ID", "How often?"],
    ],
    "ODK": [["SubmissionDate", "KEY", "D1-T01"], ["2026-05-04T10:20:31Z", "uuid:1", "3"]],
    "REDCap": [["record_id", "survey_timestamp", "d1_t01"], ["1", "2026-05-04 10:20:31", "3"]],
}


def comma_separated(rows, **options):
    target = io.StringIO()
    csv.writer(target, **options).writerows(rows)
    return target.getvalue()


def saved(folder, rows, name="export.csv", encoding="utf-8", **options):
    path = Path(folder) / name
    if name.endswith(".xlsx"):
        book = Workbook()
        for row in rows:
            book.active.append(row)
            for cell in book.active[book.active.max_row]:
                cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
        book.save(path)
    else:
        content = rows if isinstance(rows, (str, bytes)) else comma_separated(rows, **options)
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def answers(platform, path):
    """Return what an export says of each answer column, with the column's cells."""
    export, frame = opened(platform, path)
    return [
        (*told(column), frame[column.name].tolist())
        for column in export.described
        if column.role == "answer"
    ]


def told(column):
    return column.question_text, column.row_text, column.option_text, column.position


def opened(platform, path):
    """Return an export and all its answers, having checked that it recognises and names them."""
    file = open_file(Path(path))
    assert platform.recognise(file)
    export = platform.read(file)
    (frame,) = export.blocks()
    assert tuple(frame.columns) == export.columns == tuple(c.name for c in export.described)
    assert len(set(export.columns)) == len(export.columns)
    assert (export.platform, export.layout) == (platform.name, "wide")
    assert not export.codes_are_ours
    return export, frame


def roles(export):
    return {column.name: column.role for column in export.described if column.role != "answer"}


def refusal(platform, path):
    with pytest.raises(InputError) as error:
        platform.read(open_file(Path(path)))
    (problem,) = error.value.problems
    assert problem.file == Path(path).name
    return str(problem)


def read_rows(platform, rows, **options):
    with TemporaryDirectory() as folder:
        return answers(platform, saved(folder, rows, **options))


def expected(instrument, respondents, *, cell):
    """Return what the rated questions of a survey must give: question, row, and the cells."""
    return [
        (
            plain_text(question.words["en"]),
            plain_text(row.words["en"]),
            [cell(question, row, number) for number in range(respondents)],
        )
        for question in instrument.questions
        for row in question.rows
    ]


def label(question, row, number):
    """Return the label that a respondent chose: a different one for every row and respondent."""
    if question.kind == "allocation":
        return str(50 + number)
    return question.options[(len(row.code) + number) % len(question.options)].words["en"]
