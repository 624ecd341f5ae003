"""The Excel form: one sheet to fill in, a file for each respondent."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator, Mapping
from itertools import count

import xlsxwriter

from rds.files import deterministic_zip
from rds.survey.instrument import Instrument, Question
from rds.survey.platforms.excel_look import ANSWER, NUMBER, STATEMENT, Sheet
from rds.survey.platforms.form_phrases import (
    form_name,
    last_words,
    phrases,
    printable,
    stop_words,
)

FORM, RESPONDENT, QUESTION, LINE, BOTH = (
    "rds survey form",
    "respondent",
    "question",
    "line",
    "question and line",
)
"""What hidden cells say that a line is."""

SHEET = "Survey"

_DATE = datetime.date(2026, 1, 1)
"""The date that the workbook carries: no output contains the clock."""

_TALL, _TALLER = 34.0, 120.0


def write(instrument: Instrument) -> Mapping[str, bytes]:
    """Return a form to fill in for each language; the same bytes for the same survey.

    Beside each line, in hidden columns, stand the codes of its question; beside a question the
    answers to choose from. Answers are numbered through as on the Word form.
    """
    return {
        f"{instrument.name}-excel-{language}.xlsx": _form(instrument, language)
        for language in instrument.languages
    }


def column_name(question: str, row: str = "", position: int = 0, option: str = "") -> str:
    """Return how the answer of a line is called.

    Examples
    --------
    >>> column_name("D1frequency", "T01", 1), column_name("Q2", option="3")
    ('D1frequency_T01', 'Q2_3')
    """
    return "_".join(part for part in (question, row, option) if part)


def _form(instrument: Instrument, language: str) -> bytes:
    """Return the form in a language."""
    said = phrases(language)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        midnight = datetime.datetime(_DATE.year, _DATE.month, _DATE.day)
        title = printable(instrument.title[language])
        workbook.set_properties({"title": title[:255], "created": midnight})
        page = said.page.format(page="&P", pages="&N")
        name = form_name(instrument, language).replace("&", "&&")
        sheet = Sheet(workbook, SHEET, f"{name} · {page}")
        _write_top(sheet, instrument, language)
        numbers = count(1)
        for part in instrument.pages:
            sheet.line({})
            words = printable(part.words[language])
            sheet.line({NUMBER: ("", "page"), STATEMENT: (words, "page"), ANSWER: ("", "page")})
            for question in part.questions:
                _write_question(sheet, question, language, numbers)
        _write_end(sheet, instrument, language)
        sheet.finish()
    return deterministic_zip(target.getvalue(), date=_DATE)


def _write_top(sheet: Sheet, instrument: Instrument, language: str) -> None:
    """Write title, instructions, and the cell for a respondent's number."""
    said = phrases(language)
    title = printable(instrument.title[language])
    lines = sum(_number_of_lines(question) for question in instrument.questions)
    version, form = str(instrument.version), instrument.form
    codes = [FORM, instrument.study_id, version, form, language, str(lines), said.your_answers]
    sheet.line(
        {
            NUMBER: ("", "title"),
            STATEMENT: (title, "title"),
            ANSWER: (said.your_answers, "answers"),
        },
        codes=[*codes, title],
    )
    sheet.line({})
    sheet.line({STATEMENT: (said.how_in_file, "text")})
    sheet.line({})
    sheet.line({STATEMENT: (said.respondent, "row"), ANSWER: ("", "typed")}, codes=[RESPONDENT])
    sheet.begin_here()


def _write_end(sheet: Sheet, instrument: Instrument, language: str) -> None:
    """Write the last words, and what the form is."""
    said = phrases(language)
    sheet.line({})
    for text, style in zip(
        last_words(instrument, language, said.send_back), ("question", "text"), strict=True
    ):
        sheet.line({STATEMENT: (text, style)})
    sheet.line({})
    sheet.line({NUMBER: ("", "page"), STATEMENT: (said.about, "page"), ANSWER: ("", "page")})
    form = f", {said.form.format(letter=instrument.form)}" if instrument.form else ""
    about = said.about_this_form.format(
        study=instrument.study_id, number=instrument.version, form=form, language=language
    )
    for text in (about, said.about_columns):
        sheet.line({STATEMENT: (text, "how")})


def _number_of_lines(question: Question) -> int:
    """Return how many lines take the answers to a question."""
    if question.kind == "information":
        return 0
    if question.kind == "several":
        return len(question.options)
    return len(question.rows) or 1


def _write_question(
    sheet: Sheet, question: Question, language: str, numbers: Iterator[int]
) -> None:
    """Write a question and the lines that take its answers."""
    words = printable(question.words[language])
    if question.kind == "information":
        sheet.line({STATEMENT: (words, "text")})
        return
    sheet.line({})
    if question.rows:
        _write_rows(sheet, question, language, numbers)
    elif question.kind == "several":
        _write_several(sheet, question, language, numbers)
    else:
        _write_single(sheet, question, language, numbers)
    stop = stop_words(question, language)
    if stop:
        sheet.line({STATEMENT: (f"➔  {stop}", "bare")})


def _heading(question: Question, language: str) -> tuple[tuple[str, str], list[str]]:
    """Return a question as the text of a line, and its hidden codes and answers."""
    options = [printable(option.words[language]) for option in question.options]
    mark = QUESTION if question.rows or question.kind == "several" else BOTH
    listed = [] if question.kind == "several" else options
    words = printable(question.words[language])
    return (words, "question"), [mark, question.code, "", "", *listed]


def _write_rows(sheet: Sheet, question: Question, language: str, numbers: Iterator[int]) -> None:
    """Write a grid, or rows to share points between."""
    said = phrases(language)
    text, codes = _heading(question, language)
    sheet.line({STATEMENT: text}, codes=codes)
    at = sheet.row
    points = " · ".join(codes[4:])
    how = said.share if question.kind == "allocation" else f"{said.each_line}\n{points}"
    sheet.line({STATEMENT: (how, "how")})
    style = "points" if question.kind == "allocation" else "list"
    for row in question.rows:
        statement = (printable(row.words[language]), "row")
        sheet.line(
            {
                NUMBER: (str(next(numbers)), "number"),
                STATEMENT: statement,
                ANSWER: ("", style),
            },
            codes=[LINE, question.code, row.code, ""],
        )
    rows = (at + 2, sheet.row)
    if question.kind == "allocation":
        sheet.want_number(rows, said.up_to_100, most=100)
        sheet.add_up(said.total, rows)
    else:
        sheet.offer(rows, (at, len(question.options)), said.from_list)


def _write_several(sheet: Sheet, question: Question, language: str, numbers: Iterator[int]) -> None:
    """Write a question with a line for each of its options."""
    said = phrases(language)
    text, codes = _heading(question, language)
    sheet.line({NUMBER: (str(next(numbers)), "number"), STATEMENT: text}, codes=codes)
    sheet.line({STATEMENT: (f"{said.several} {said.choose_x}", "how")})
    first = sheet.row + 1
    for option in question.options:
        sheet.line(
            {STATEMENT: (printable(option.words[language]), "row"), ANSWER: ("", "list")},
            codes=[LINE, question.code, "", str(option.code)],
        )
    sheet.offer_x((first, sheet.row), said.choose_x)


def _write_single(sheet: Sheet, question: Question, language: str, numbers: Iterator[int]) -> None:
    """Write a question that one cell answers."""
    said = phrases(language)
    (words, _), codes = _heading(question, language)
    style = {"choice": "list", "number": "points"}.get(question.kind, "typed")
    height = _TALL if question.kind == "text" else 0
    sheet.line(
        {
            NUMBER: (str(next(numbers)), "number"),
            STATEMENT: (words, "asked"),
            ANSWER: ("", style),
        },
        codes=codes,
        least_height=_TALLER if question.purpose == "write in" else height,
    )
    rows = (sheet.row, sheet.row)
    if question.kind == "choice":
        sheet.offer(rows, (sheet.row, len(question.options)), said.from_list)
    elif question.kind == "number":
        sheet.want_number(rows, said.a_number)
