"""The codebook: a workbook of every answer, its words in all languages, its name everywhere."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import xlsxwriter

from rds.files import deterministic_zip
from rds.survey.asked import Asked, asked_by
from rds.survey.instrument import Instrument, Page, Question, Words
from rds.survey.platforms.codebook_look import Column, write_table
from rds.survey.platforms.platform import Platform
from rds.survey.platforms.sheet_look import Look, write_guide

_DATE = datetime.date(2026, 1, 1)
"""The date that the workbook carries: no output contains the clock."""

_KINDS = {
    "grid": "one option in each row",
    "choice": "one option",
    "several": "any number of options",
    "number": "number",
    "text": "text",
    "allocation": "points that add up to 100",
}
_SHEETS = (
    "Answers: every answer that can be given, one in each row, with the words that people read.",
    "Options: the options of every question, with the code that is stored for each.",
    "Names: what the column of every answer is called on each survey platform.",
)
_CODES = (
    "A number is the code of an option; codes stand on the sheet Options.",
    "99 means “not applicable”, on every platform.",
    "-3 means that the question was not shown to this respondent.",
    "A blank means that the question was shown and not answered.",
    "Where several options can be chosen, each has a column of its own: 1 chosen, 0 not chosen.",
)
_TEXT, _CODE = 40, 20


@dataclass(frozen=True)
class Entry:
    """An answer with its page and question."""

    number: int
    page: Page
    question: Question
    asked: Asked

    @property
    def row_words(self) -> Words:
        """The words of its row; empty without one."""
        return next((row.words for row in self.question.rows if row.code == self.asked.row), {})

    @property
    def option_words(self) -> Words:
        """The words of its option, where every option has a column; else empty."""
        options = self.question.options
        return next((o.words for o in options if str(o.code) == self.asked.option), {})

    @property
    def asks(self) -> str:
        """What it is for."""
        is_row = self.asked.row and self.asked.row_purpose != "statement"
        return self.asked.row_purpose if is_row else self.asked.purpose


def write(instrument: Instrument) -> Mapping[str, bytes]:
    """Return the codebook of a survey as a workbook; the same bytes for the same survey."""
    target = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, settings) as workbook:
        language = instrument.language
        workbook.set_properties(
            {
                "title": f"Codebook: {instrument.title[language]}",
                "created": datetime.datetime(_DATE.year, _DATE.month, _DATE.day),
            }
        )
        look = Look(workbook)
        entries = tuple(_entries(instrument))
        write_guide(
            look,
            title="Codebook",
            facts=_facts(instrument, entries),
            warning="",
            parts={"Sheets": _SHEETS, "What cells of the answers mean": _CODES},
        )
        write_table(look, "Answers", _answer_columns(instrument), _answers(instrument, entries))
        write_table(look, "Options", _option_columns(instrument), _options(instrument))
        names = _names()
        columns = [Column("No.", 7), Column("Answer", 30), Column("Statement or question", _TEXT)]
        columns += [Column(title, _CODE) for title in names]
        write_table(look, "Names", columns, _named(names, entries, language))
    return {f"{instrument.name}-codebook.xlsx": deterministic_zip(target.getvalue(), date=_DATE)}


def _facts(instrument: Instrument, entries: Sequence[Entry]) -> dict[str, str]:
    """Return what the survey is."""
    return {
        "Survey": instrument.title[instrument.language],
        "Study": instrument.study_id,
        "Version": str(instrument.version),
        **({"Form": instrument.form} if instrument.form else {}),
        "Languages": ", ".join(instrument.languages),
        "Answers": f"{len(entries)} for each respondent",
    }


def _entries(instrument: Instrument) -> Iterator[Entry]:
    """Yield every answer that has a column of its own."""
    places = {
        question.code: (page, question) for page in instrument.pages for question in page.questions
    }
    columns = (
        asked
        for asked in asked_by(instrument)
        if bool(asked.option) == (places[asked.question][1].kind == "several")
    )
    for number, asked in enumerate(columns, 1):
        yield Entry(number, *places[asked.question], asked)


def _answer_columns(instrument: Instrument) -> list[Column]:
    """Return the columns of the sheet Answers."""
    words = [
        Column(f"{what} ({language})", width)
        for what, width in (("Question", _TEXT), ("Row", _TEXT), ("Option", 26))
        for language in instrument.languages
    ]
    return [
        Column("No.", 7),
        Column("Answer", 30),
        Column("Page", 26),
        Column("Question code", 18),
        Column("Row code", 13),
        Column("Option code", 11),
        Column("Asked for", 17),
        Column("Answered by", 24),
        Column("Required", 11),
        *words,
        Column("Codes", 46),
    ]


def _answers(instrument: Instrument, entries: Sequence[Entry]) -> Iterator[list[str | int]]:
    """Yield the rows of the sheet Answers."""
    for entry in entries:
        asked, question = entry.asked, entry.question
        yield [
            entry.number,
            asked.meaning,
            entry.page.words[instrument.language],
            question.code,
            asked.row,
            int(asked.option) if asked.option else "",
            entry.asks,
            _KINDS[question.kind],
            "yes" if question.required else "",
            *(
                words.get(language, "")
                for words in (question.words, entry.row_words, entry.option_words)
                for language in instrument.languages
            ),
            _codes(question, instrument.language),
        ]


def _codes(question: Question, language: str) -> str:
    """Return the codes of an answer with their words."""
    if question.kind == "several":
        return "1 = chosen · 0 = not chosen"
    if question.kind == "allocation":
        return "0 to 100"
    return " · ".join(f"{one.code} = {one.words[language]}" for one in question.options)


def _option_columns(instrument: Instrument) -> list[Column]:
    """Return the columns of the sheet Options."""
    words = [Column(f"Words ({language})", _TEXT) for language in instrument.languages]
    return [Column("Question code", 18), Column("Code", 9), *words, Column("Goes on", 11)]


def _options(instrument: Instrument) -> Iterator[list[str | int]]:
    """Yield the rows of the sheet Options."""
    for question in instrument.questions:
        for option in question.options:
            ends = bool(question.eligible) and option.code not in question.eligible
            words = [option.words[language] for language in instrument.languages]
            yield [question.code, option.code, *words, "no" if ends else "yes"]


def _names() -> dict[str, Platform]:
    """Return the platforms that name the columns of answers, by title."""
    from rds.survey.platforms.registry import platforms

    return {one.title: one for one in platforms() if one.column_name is not None}


def _named(
    names: Mapping[str, Platform], entries: Sequence[Entry], language: str
) -> Iterator[list[str | int]]:
    """Yield the rows of the sheet Names."""
    for entry in entries:
        asked = entry.asked
        words = entry.row_words or entry.option_words or entry.question.words
        codes = (asked.question, asked.row, asked.position, asked.option)
        called = [one.column_name(*codes) if one.column_name else "" for one in names.values()]
        yield [entry.number, asked.meaning, words[language], *called]


PLATFORM = Platform(name="codebook", title="Codebook", write=write)
