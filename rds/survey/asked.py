"""Every answer that an instrument asks for, with all that an export may know it by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from rds.survey.instrument import (
    Instrument,
    Option,
    Page,
    Purpose,
    Question,
    Row,
    RowPurpose,
    Words,
)
from rds.survey.platforms.words import comparable

_MARKS = ("", ".", ":", ")", " -")
"""What may stand between an identifier or a title and the words after it."""


@dataclass(frozen=True)
class Asked:
    """An answer that an instrument asks for.

    Parameters
    ----------
    meaning
        What the answer is, as a column map says it: ``"T01_importance"``, ``"Q1"``, or where the
        options stand in a column each ``"Q2 = Advanced"``.
    purpose, row_purpose
        What question and row are for.
    subject
        Scale or question identifier.
    statement
        The statement that is rated; empty if none is.
    question, row, option
        Codes; empty where there is none.
    position, n_rows
        Which row of its grid it is, from 1, and how many rows the grid has; 0 without a grid.
    expected
        The option that an attention check asks to choose.
    question_texts, row_texts, option_texts
        What people may read there, in all languages, as texts are compared.
    options
        The options to choose from.
    eligible
        Codes of the options that let a respondent go on; empty when all do.
    language
        The base language.
    joined
        Whether several options may be chosen and stand in one cell.
    """

    meaning: str
    purpose: Purpose
    subject: str
    question: str
    row_purpose: RowPurpose = "statement"
    statement: str = ""
    row: str = ""
    option: str = ""
    position: int = 0
    n_rows: int = 0
    expected: int | None = None
    question_texts: frozenset[str] = frozenset()
    row_texts: frozenset[str] = frozenset()
    option_texts: frozenset[str] = frozenset()
    options: tuple[Option, ...] = ()
    eligible: tuple[int, ...] = ()
    language: str = ""
    joined: bool = False

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """The base language's words of every option, by its words in any language, compared."""
        return {
            comparable(text): option.words[self.language]
            for option in self.options
            for text in option.words.values()
        }

    @cached_property
    def labels_by_code(self) -> Mapping[str, str]:
        """The base language's words of every option by its code."""
        return {str(option.code): option.words[self.language] for option in self.options}


def asked_by(instrument: Instrument) -> tuple[Asked, ...]:
    """Return every answer that an instrument asks for, in order.

    Examples
    --------
    >>> question = Question("Q1", "number", {"en": "Years?"}, "demographic", subject="Q1")
    >>> page = Page("about", {"en": "About you"}, (question,))
    >>> instrument = Instrument("cps", 1, "", ("en",), {"en": "Survey"}, (page,))
    >>> [asked.meaning for asked in asked_by(instrument)]
    ['Q1']
    """
    return tuple(
        asked
        for page in instrument.pages
        for question in page.questions
        for asked in _asked(instrument, page, question)
    )


def _asked(instrument: Instrument, page: Page, question: Question) -> Iterator[Asked]:
    """Yield the answers to a question."""
    if question.kind == "information":
        return
    common = Asked(
        meaning=question.subject or question.code,
        purpose=question.purpose,
        subject=question.subject,
        question=question.code,
        question_texts=_question_texts(page, question),
        options=question.options,
        eligible=question.eligible,
        language=instrument.language,
    )
    if question.rows:
        for position, row in enumerate(question.rows, 1):
            yield _row(common, row, position, len(question.rows))
        return
    yield replace(common, joined=question.kind == "several")
    if question.kind == "several" or (question.kind == "choice" and question.subject):
        for option in question.options:
            yield replace(
                common,
                meaning=f"{common.meaning} = {option.words[instrument.language]}",
                option=str(option.code),
                option_texts=_texts(option.words),
            )


def _row(common: Asked, row: Row, position: int, n_rows: int) -> Asked:
    """Return the answer to a row of a grid."""
    rating = f"{row.statement}_{common.subject}"
    meanings = {
        "statement": rating,
        "repeat": f"{row.code} {rating}",
        "attention check": row.code,
    }
    own = _texts(row.words)
    return replace(
        common,
        meaning=meanings[row.purpose],
        row_purpose=row.purpose,
        statement=row.statement,
        row=row.code,
        position=position,
        n_rows=n_rows,
        expected=row.expected,
        row_texts=own | {comparable(f"{row.code}{mark} {text}") for text in own for mark in _MARKS},
    )


def _question_texts(page: Page, question: Question) -> frozenset[str]:
    """Return what a question may be headed by: its words, alone or after the page's title."""
    texts = set(_texts(question.words))
    for language, words in question.words.items():
        title = page.words.get(language, "")
        if title:
            texts |= {comparable(f"{title}{mark} {words}") for mark in _MARKS}
            texts |= {comparable(f"{words} {title}"), comparable(f"{words} ({title})")}
    return frozenset(texts)


def _texts(words: Words) -> frozenset[str]:
    """Return words in all languages as they are compared."""
    return frozenset(comparable(text) for text in words.values() if text)
