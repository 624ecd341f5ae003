"""Word: a form to print and to fill in with a pen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

from rds.survey.instrument import Instrument, Page, Question
from rds.survey.platforms.form_phrases import (
    Phrases,
    form_name,
    last_words,
    phrases,
    printable,
    stop_words,
)
from rds.survey.platforms.platform import Platform
from rds.survey.platforms.word_look import Paper

_SHORT_LINE, _WRITE_IN_LINES = 5.0, 6


def write(instrument: Instrument) -> Mapping[str, bytes]:
    """Return a form to print for each language; the same bytes for the same survey.

    Answers are numbered through as on the Excel form, so that answers given on paper can be typed
    into it.
    """
    return {
        f"{instrument.name}-word-{language}.docx": _form(instrument, language)
        for language in instrument.languages
    }


def _form(instrument: Instrument, language: str) -> bytes:
    """Return the form in a language."""
    said = phrases(language)
    title = printable(instrument.title[language])
    paper = Paper(title=title, language=language)
    paper.footer(form_name(instrument, language), said.page)
    paper.title(title)
    paper.field(said.respondent)
    paper.note(said.how_on_paper)
    numbers = count(1)
    for page in instrument.pages:
        _write_page(paper, page, language, numbers)
    for number, text in enumerate(last_words(instrument, language, said.give_back)):
        paper.closing(text, first=not number)
    return paper.content()


def _write_page(paper: Paper, page: Page, language: str, numbers: Iterator[int]) -> None:
    """Write a page of the survey: lying if one of its tables needs the width, else upright."""
    points = [
        [printable(option.words[language]) for option in question.options]
        for question in page.questions
        if question.kind == "grid"
    ]
    paper.turn(points)
    paper.heading(printable(page.words[language]))
    for question in page.questions:
        _write_question(paper, question, language, numbers)


def _write_question(
    paper: Paper, question: Question, language: str, numbers: Iterator[int]
) -> None:
    """Write a question with room for its answer."""
    said = phrases(language)
    words = printable(question.words[language])
    if question.kind == "information":
        paper.text(words)
        return
    rows = [(f"{next(numbers)}", printable(row.words[language])) for row in question.rows]
    paper.question(words, number="" if rows else f"{next(numbers)}", how=_how(question, said))
    options = [printable(option.words[language]) for option in question.options]
    if question.kind == "grid":
        paper.grid(said.statement, options, rows)
    elif question.kind == "allocation":
        paper.shares((said.statement, said.points, said.total), rows)
    elif question.kind in ("choice", "several"):
        paper.boxes(options)
    elif question.kind == "number":
        paper.lines(1, width=_SHORT_LINE)
    else:
        paper.lines(_WRITE_IN_LINES if question.purpose == "write in" else 1)
    stop = stop_words(question, language)
    if stop:
        paper.stop(stop)


def _how(question: Question, said: Phrases) -> str:
    """Return how a question is answered; empty where that goes without saying."""
    return {
        "grid": said.each_line,
        "choice": said.one,
        "several": said.several,
        "allocation": said.share,
    }.get(question.kind, "")


PLATFORM = Platform(name="word", title="Word form", write=write)
