"""A workbook of everything to copy and paste into a platform that imports no survey."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import xlsxwriter

from rds.files import deterministic_zip
from rds.survey.instrument import Instrument, Page, Question, QuestionKind
from rds.survey.platforms.sheet_look import Line, Look, write_guide, write_lines
from rds.survey.platforms.words import one_line

_DATE = datetime.date(2026, 1, 1)
"""The date that the workbook carries: no output contains the clock."""

_ELIGIBILITY_LAST = "Put the question at the end of its page."


@dataclass(frozen=True)
class PasteTarget:
    """A platform as the people know it who build the survey there.

    Parameters
    ----------
    title
        What it is called.
    types
        What to choose there for each kind of question; empty for what it does not have.
    screen_out
        How to let a respondent go who may not take part.
    steps
        What to do there, in order.
    afterwards
        How to export the answers.
    most_questions
        The most questions that it takes; 0 for no known limit.
    """

    title: str
    types: Mapping[QuestionKind, str]
    screen_out: str
    steps: tuple[str, ...]
    afterwards: tuple[str, ...]
    most_questions: int = 0


class Asked(NamedTuple):
    """One question to make on the platform."""

    kind: str
    title: str
    rows: tuple[str, ...]
    answers: tuple[tuple[str, int], ...]


_COPY = (
    "Make one question for each numbered block of the sheets that follow, in that order. Copy the "
    "title, then all rows at once, then all answers at once: pasted into the first empty field, "
    "each cell becomes a line of its own."
)
_WORDS = (
    "Change no word, neither on the platform nor here: answers are found again by the words of "
    "question and row. If something must change, change the study and write this sheet again."
)
_TEST = (
    "Before the survey goes out, answer it once yourself, export that answer, and run "
    "“rds receive --dry-run” with the file. Delete the answer on the platform."
)

SURVEYMONKEY = PasteTarget(
    title="SurveyMonkey",
    types={
        "grid": "Matrix / Rating Scale, one answer a row",
        "choice": "Multiple Choice",
        "several": "Checkboxes",
        "number": "Single Textbox, to be a number",
        "text": "Comment Box",
        "allocation": "Multiple Textboxes, numbers only; let them add up to 100",
        "information": "Text",
    },
    screen_out="add question logic: with this answer, go to the disqualification page",
    steps=(
        "Make a new survey from scratch, and a page for each page of the sheets.",
        _COPY,
        "Add “Not applicable” as an ordinary column of a grid, where the sheets have it among the "
        "answers; do not use the N/A column of the platform.",
        "Give every column of a grid the weight that stands under “Stored as”.",
        "Set the questions marked as required, and the logic that is written beside a question.",
        "Other languages: add them as translations of this survey, each from its own sheet.",
        "In the collector, turn on anonymous responses, so that no IP addresses are kept.",
        _WORDS,
        _TEST,
    ),
    afterwards=(
        "Analyze results, Save as, Export file, All individual responses; CSV or XLSX; columns "
        "“condensed”; cells “actual answer text”.",
    ),
)

ALCHEMER = PasteTarget(
    title="Alchemer",
    types={
        "grid": "Radio Button Grid",
        "choice": "Radio Buttons",
        "several": "Checkboxes",
        "number": "Number",
        "text": "Essay / Long Answer",
        "allocation": "Continuous Sum, total 100",
        "information": "Text / Instructions",
    },
    screen_out="add a disqualify logic action for this answer",
    steps=(
        "Make a new survey, and a page for each page of the sheets.",
        _COPY,
        "Where the platform asks for a reporting value, give the number under “Stored as”.",
        "Set the questions marked as required, and the logic that is written beside a question.",
        "Other languages: add them under Translations, each from its own sheet.",
        "Turn on anonymous responses in the settings, so that neither IP addresses nor locations "
        "are kept.",
        _WORDS,
        _TEST,
    ),
    afterwards=("Results, Exports, CSV: all questions, with reporting values or labels.",),
)

GOOGLE_FORMS = PasteTarget(
    title="Google Forms",
    types={
        "grid": "Multiple choice grid",
        "choice": "Multiple choice",
        "several": "Checkboxes",
        "number": "Short answer, response validation: Number",
        "text": "Paragraph",
        "information": "Title and description",
    },
    screen_out="turn on “Go to section based on answer” and choose “Submit form” for this answer",
    steps=(
        "The script beside this workbook makes the forms by itself, one a language: open "
        "script.google.com, make a new project, paste the whole script, choose “makeForms” and "
        "run it. The rest of this workbook serves to check them, or to make them by hand.",
        "By hand: make a form for each language, and a section for each page of the sheets.",
        _COPY,
        "Set the questions marked as required; in a grid, “Require a response in each row”.",
        "Do not collect e-mail addresses, and do not limit to one response: both need a sign-in.",
        _WORDS,
        _TEST,
    ),
    afterwards=("Responses, Link to Sheets; in Sheets: File, Download, CSV.",),
)

MICROSOFT_FORMS = PasteTarget(
    title="Microsoft Forms",
    types={
        "grid": "Likert",
        "choice": "Choice",
        "several": "Choice, Multiple answers on",
        "number": "Text, restriction: Number",
        "text": "Text, Long answer on",
        "information": "the description of the section",
    },
    screen_out="add branching: with this answer, go to End of the form",
    steps=(
        "Make a new form, and a section for each page of the sheets.",
        _COPY,
        "A grid is exported with its rows as the only headers: keep the order of the questions as "
        "it is here, so that the same statement on two scales can be told apart.",
        "Set the questions marked as required, and the branching written beside a question.",
        "Other languages: Settings, Multilingual, each from its own sheet.",
        "In the settings, let anyone respond, or turn “Record name” off.",
        _WORDS,
        _TEST,
    ),
    afterwards=("Responses, Open in Excel; hand over the workbook as it was downloaded.",),
    most_questions=200,
)


def paste_sheet(instrument: Instrument, target: PasteTarget) -> bytes:
    """Write what to copy and paste, question by question, a sheet for each language.

    Parameters
    ----------
    instrument
        The survey.
    target
        Where it is to be built.

    Returns
    -------
    bytes
        An xlsx file, the same bytes for the same survey. All texts are text, whatever they begin
        with.

    Examples
    --------
    >>> from rds.survey.instrument import Instrument
    >>> survey = Instrument("cps", 1, "", ("en",), {"en": "Survey"}, ())
    >>> paste_sheet(survey, MICROSOFT_FORMS)[:2]
    b'PK'
    """
    target_file = io.BytesIO()
    with xlsxwriter.Workbook(target_file, {"in_memory": True}) as workbook:
        midnight = datetime.datetime(_DATE.year, _DATE.month, _DATE.day)
        title = f"{instrument.title[instrument.language]}: paste sheet for {target.title}"
        workbook.set_properties({"title": title, "created": midnight})
        look = Look(workbook)
        write_guide(
            look,
            title=f"How to make this survey in {target.title}",
            facts=_facts(instrument),
            warning=too_many_questions(instrument, target),
            parts={"On the platform": target.steps, "When answers have come": target.afterwards},
        )
        for language in instrument.languages:
            write_lines(look, f"Questions {language}", list(lines(instrument, target, language)))
    return deterministic_zip(target_file.getvalue(), date=_DATE)


def _facts(instrument: Instrument) -> Mapping[str, str]:
    """Return what the survey is, by name."""
    return {
        "Survey": instrument.title[instrument.language],
        "Study": instrument.study_id,
        "Version": f"{instrument.version}{f', form {instrument.form}' if instrument.form else ''}",
        "Languages": ", ".join(instrument.languages),
        "At the end people read": one_line(instrument.end.get(instrument.language, "")),
    }


def too_many_questions(instrument: Instrument, target: PasteTarget) -> str:
    """Return a warning if a platform does not take that many questions; else an empty text."""
    number = sum(
        len(asked(question, target, instrument.language))
        for question in instrument.questions
        if question.kind != "information"
    )
    if not target.most_questions or number <= target.most_questions:
        return ""
    return (
        f"This survey has {number} questions; {target.title} takes at most "
        f"{target.most_questions} in a form. Use split forms, or another platform."
    )


def lines(instrument: Instrument, target: PasteTarget, language: str) -> Iterator[Line]:
    """Yield the lines of a language's sheet: a band for each page, a block for each question."""
    number = 0
    for count, page in enumerate(instrument.pages, 1):
        yield Line("page", number=f"Page {count}", title=one_line(page.words[language]))
        for question in page.questions:
            for made in asked(question, target, language):
                number += question.kind != "information"
                label = str(number) if question.kind != "information" else "–"
                yield from _block(label, question, made, _notes(question, page, target, language))


def asked(question: Question, target: PasteTarget, language: str) -> list[Asked]:
    """Return what to make for a question: one question, or one a row for want of such a kind.

    Examples
    --------
    >>> from rds.survey.instrument import Question, Row
    >>> rows = (Row("D1", {"en": "Support"}), Row("D2", {"en": "Work"}))
    >>> share = Question("share", "allocation", {"en": "Share 100"}, "rating", rows=rows)
    >>> [made.title for made in asked(share, GOOGLE_FORMS, "en")]
    ['Share 100 [Support]', 'Share 100 [Work]']
    """
    title = question.words[language].strip()
    rows = tuple(one_line(row.words[language]) for row in question.rows)
    kind = target.types.get(question.kind)
    if kind is None:
        number = f"{target.types['number']}, between 0 and 100"
        return [Asked(number, f"{one_line(title)} [{row}]", (), ()) for row in rows]
    answers = tuple((one_line(option.words[language]), option.code) for option in question.options)
    return [Asked(kind, title, rows, answers)]


def _notes(question: Question, page: Page, target: PasteTarget, language: str) -> str:
    """Return what else to set for a question."""
    notes = []
    out = [option for option in question.options if option.code not in question.eligible]
    if question.eligible and out:
        names = " or ".join(f"“{one_line(option.words[language])}”" for option in out)
        notes.append(f"If the answer is {names}: {target.screen_out}.")
        if question is not page.questions[-1]:
            notes.append(_ELIGIBILITY_LAST)
    if question.kind == "allocation":
        notes.append("The numbers must add up to 100.")
    return " ".join(notes)


def _block(label: str, question: Question, made: Asked, notes: str) -> Iterator[Line]:
    """Yield the lines of a question: its title, beside it rows and answers, one a cell."""
    height = max(len(made.rows), len(made.answers), 1)
    for at in range(height):
        answer, stored = made.answers[at] if at < len(made.answers) else ("", None)
        first = at == 0
        yield Line(
            "question" if first else "more",
            number=label if first else "",
            kind=made.kind if first else "",
            title=made.title if first else "",
            row=made.rows[at] if at < len(made.rows) else "",
            answer=answer,
            stored=stored,
            required=_required(question) if first else "",
            notes=notes if first else "",
        )


def _required(question: Question) -> str:
    """Return whether an answer is required; nothing where nothing is asked."""
    if question.kind == "information":
        return ""
    return "yes" if question.required else "no"
