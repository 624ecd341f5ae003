"""The survey as data: pages of questions in every language, from which all forms are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Words = Mapping[str, str]
"""A text by language code."""

QuestionKind = Literal["grid", "choice", "several", "number", "text", "allocation", "information"]
Purpose = Literal["rating", "demographic", "consent", "coverage", "write in", "information"]
RowPurpose = Literal["statement", "repeat", "attention check"]

NOT_APPLICABLE_CODE = 99
"""The code of “not applicable” on every platform."""

LONGEST_QUESTION_CODE = 15
LONGEST_ROW_CODE = 10


@dataclass(frozen=True)
class Option:
    """An answer that can be chosen: the code stored, and its words."""

    code: int
    words: Words


@dataclass(frozen=True)
class Row:
    """A line of a grid or of an allocation.

    Parameters
    ----------
    code
        Its code, a letter followed by letters and digits, at most 10 characters: the statement's
        identifier, or a code of its own for an attention check or a repeated statement.
    words
        What people read.
    statement
        The statement it asks about; empty for an attention check.
    purpose
        Whether it asks about a statement, asks again, or checks attention.
    expected
        The option that an attention check asks to choose; else None.
    """

    code: str
    words: Words
    statement: str = ""
    purpose: RowPurpose = "statement"
    expected: int | None = None


@dataclass(frozen=True)
class Question:
    """A question.

    Parameters
    ----------
    code
        Its code, a letter followed by letters and digits, at most 15 characters, unique without
        regard to case among all questions.
    kind
        ``"grid"``: every row is rated with one of the options. ``"choice"``: one option.
        ``"several"``: any number of options. ``"number"``, ``"text"``: typed in.
        ``"allocation"``: points typed in for every row that add up to 100. ``"information"``:
        nothing is asked.
    words
        What people read.
    purpose
        What the answer is for.
    subject
        The scale of a rating, the question identifier of a demographic question; else empty.
    options
        What can be chosen, in order.
    rows
        The lines of a grid or an allocation.
    required
        Whether people must answer before they go on.
    eligible
        Codes of the options that let a respondent go on; empty when all do.
    """

    code: str
    kind: QuestionKind
    words: Words
    purpose: Purpose
    subject: str = ""
    options: tuple[Option, ...] = ()
    rows: tuple[Row, ...] = ()
    required: bool = False
    eligible: tuple[int, ...] = ()


@dataclass(frozen=True)
class Page:
    """A page of the survey: a code for its group, a title, and its questions."""

    code: str
    words: Words
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Instrument:
    """A survey form.

    Parameters
    ----------
    study_id
        The study it belongs to.
    version
        Number of the instrument, from 1; a changed instrument has a new number.
    form
        The letter of a split form; empty when everybody gets the same statements.
    languages
        Language codes; the first is the base language, and every text has all of them.
    title
        Title of the survey.
    pages
        Its pages in order: consent and instructions, questions about the respondent, one page for
        each domain, questions at the end.
    end
        What people read when they are done.
    """

    study_id: str
    version: int
    form: str
    languages: tuple[str, ...]
    title: Words
    pages: tuple[Page, ...]
    end: Words = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The base language."""
        return self.languages[0]

    @property
    def name(self) -> str:
        """A name for files: study, version and form, such as ``cps-2026-survey-1``."""
        return f"{self.study_id}-survey-{self.version}{self.form.lower()}"

    @property
    def questions(self) -> Iterator[Question]:
        """All questions in order."""
        return (question for page in self.pages for question in page.questions)
