"""Writes a survey for LimeSurvey: a tab-separated structure file, and what to do by hand."""

from __future__ import annotations

import csv
import hashlib
import html
import io
from collections.abc import Iterable, Iterator, Mapping

from rds.survey.instrument import Instrument, Page, Question, Words

_COLUMNS = (
    "id",
    "related_id",
    "class",
    "type/scale",
    "name",
    "relevance",
    "text",
    "help",
    "language",
    "validation",
    "mandatory",
    "encrypted",
    "other",
    "default",
    "same_default",
    "same_script",
    "equals_num_value",
    "max_num_value_n",
    "min_num_value_n",
)
_SETTINGS = {
    "format": "G",
    "anonymized": "Y",
    "datestamp": "Y",
    "savetimings": "N",
    "ipaddr": "N",
    "ipanonymize": "N",
    "refurl": "N",
    "usecookie": "N",
    "allowregister": "N",
    "allowsave": "N",
    "allowprev": "Y",
    "printanswers": "N",
    "publicstatistics": "N",
    "publicgraphs": "N",
    "listpublic": "N",
    "assessments": "N",
    "alloweditaftercompletion": "N",
    "showwelcome": "N",
    "showprogress": "Y",
    "showxquestions": "N",
    "showgroupinfo": "B",
    "shownoanswer": "N",
    "showqnumcode": "X",
    "questionindex": "0",
    "navigationdelay": "0",
}
_TYPES = {
    "grid": "F",
    "choice": "L",
    "several": "M",
    "number": "N",
    "text": "S",
    "allocation": "K",
    "information": "X",
}
_LONG_TEXT = "T"
_POINTS = {"equals_num_value": "100", "max_num_value_n": "100", "min_num_value_n": "0"}
_ESCAPED = str.maketrans(
    {"{": "&#123;", "}": "&#125;", "\\": "&#92;", "\t": " ", "\r": None, "\n": " <br />"}
)

_Line = dict[str, str]


def write(instrument: Instrument) -> Mapping[str, bytes]:
    """Return the structure file to import, and the steps that remain to be done by hand.

    All languages are in the one file. The survey keeps no IP addresses and no referring pages, is
    anonymized, and stores when it was begun and submitted. Once somebody chooses an answer that is
    not eligible, everything after it is hidden and the survey ends. Points to share must add up to
    100 or all be left out.

    Parameters
    ----------
    instrument
        The survey.

    Returns
    -------
    dict of str to bytes
        The content of both files by name.
    """
    file = f"{instrument.name}-limesurvey.txt"
    structure = io.StringIO()
    table = csv.DictWriter(
        structure, _COLUMNS, restval="", delimiter="\t", lineterminator="\n", strict=True
    )
    table.writeheader()
    table.writerows(_lines(instrument))
    return {
        file: structure.getvalue().encode(),
        f"{instrument.name}-limesurvey-steps.txt": _steps(instrument, file).encode(),
    }


def column_name(question_code: str, row_code: str, row_position: int, option_code: str) -> str:
    """Return how an export names the column of an answer.

    Examples
    --------
    >>> column_name("D1frequency", "T01", 1, ""), column_name("Q2", "", 0, "3")
    ('D1frequency[T01]', 'Q2[3]')
    """
    code = row_code or option_code
    return f"{question_code}[{code}]" if code else question_code


def escaped(text: str) -> str:
    """Return a plain text as LimeSurvey shows it unchanged: no tags, no expressions.

    Examples
    --------
    >>> escaped("fewer than 3 & {together}")
    'fewer than 3 &amp; &#123;together&#125;'
    """
    return html.escape(text, quote=False).translate(_ESCAPED)


def survey_number(instrument: Instrument) -> int:
    """Return the number to ask LimeSurvey for: six digits, the same whenever it is written."""
    return 100_000 + int(hashlib.sha256(instrument.name.encode()).hexdigest(), 16) % 900_000


def _lines(instrument: Instrument) -> Iterator[_Line]:
    """Yield settings, the survey's texts in every language, then questions by language."""
    settings = {
        "sid": str(survey_number(instrument)),
        "language": instrument.language,
        "additional_languages": " ".join(instrument.languages[1:]),
        **_SETTINGS,
    }
    for name, text in settings.items():
        yield {"class": "S", "name": name, "text": text}
    for language in instrument.languages:
        yield from _survey_texts(instrument, language)
    for language in instrument.languages:
        yield from _questions(instrument, language)


def _survey_texts(instrument: Instrument, language: str) -> Iterator[_Line]:
    """Yield title and last words of the survey in a language."""
    texts = {"surveyls_title": instrument.title, "surveyls_endtext": instrument.end}
    for name, words in texts.items():
        yield {
            "class": "SL",
            "name": name,
            "text": escaped(words.get(language, "")),
            "language": language,
        }


def _questions(instrument: Instrument, language: str) -> Iterator[_Line]:
    """Yield pages and questions in a language, each shown while respondents are eligible."""
    asked: list[Question] = []
    for number, page in enumerate(instrument.pages, 1):
        yield _group(page, number, _relevance(asked), language)
        before = len(asked)
        for question in page.questions:
            yield from _question(question, _relevance(asked[before:]), language)
            asked += [question] if question.eligible else []


def _group(page: Page, number: int, relevance: str, language: str) -> _Line:
    """Return the line of a page."""
    return {
        "class": "G",
        "type/scale": str(number),
        "name": escaped(page.words[language]),
        "relevance": relevance,
        "language": language,
    }


def _question(question: Question, relevance: str, language: str) -> Iterator[_Line]:
    """Yield the lines of a question, its rows and its answers."""
    is_long = question.kind == "text" and question.purpose != "demographic"
    line = {
        "class": "Q",
        "type/scale": _LONG_TEXT if is_long else _TYPES[question.kind],
        "name": question.code,
        "relevance": relevance,
        "text": escaped(question.words[language]),
        "language": language,
        "mandatory": "Y" if question.required and question.kind != "information" else "N",
        "encrypted": "N",
        "other": "N",
    }
    yield {**line, **(_POINTS if question.kind == "allocation" else {})}
    options = [(str(option.code), option.words) for option in question.options]
    rows = [(row.code, row.words) for row in question.rows]
    is_several = question.kind == "several"
    yield from _coded("SQ", options if is_several else rows, language)
    yield from _coded("A", [] if is_several else options, language)


def _coded(what: str, coded: Iterable[tuple[str, Words]], language: str) -> Iterator[_Line]:
    """Yield a line for every row or answer."""
    for code, words in coded:
        yield {
            "class": what,
            "type/scale": "0",
            "name": code,
            "relevance": "1" if what == "SQ" else "",
            "text": escaped(words[language]),
            "language": language,
        }


def _relevance(asked: Iterable[Question]) -> str:
    """Return the expression that is true while all these questions were answered eligibly."""
    return " && ".join(map(_is_eligible, asked)) or "1"


def _is_eligible(question: Question) -> str:
    """Return the expression that is true when a question was answered eligibly."""
    if question.kind == "several":
        chosen = [f'{question.code}_{code}.NAOK == "Y"' for code in question.eligible]
        every = [f"is_empty({question.code}_{one.code}.NAOK)" for one in question.options]
        nothing = f"({' && '.join(every)})"
    else:
        chosen = [f'{question.code}.NAOK == "{code}"' for code in question.eligible]
        nothing = f"is_empty({question.code}.NAOK)"
    return f"({' || '.join(chosen if question.required else [*chosen, nothing])})"


def _steps(instrument: Instrument, file: str) -> str:
    """Return what remains to be done by hand."""
    languages = ", ".join(instrument.languages)
    eligible = [question.code for question in instrument.questions if question.eligible]
    points = [question.code for question in instrument.questions if question.kind == "allocation"]
    steps = [
        f"In LimeSurvey choose “Create survey”, then “Import”, and select {file}. If the number "
        f"{survey_number(instrument)} is taken, LimeSurvey gives the survey another; that does not "
        "matter.",
        f"Check that the languages are there: {languages}. The first is the base language.",
        "Check under “Participant settings” and “Notification & data” that answers are anonymized, "
        "dates are stored (“Date stamp”), and neither IP addresses nor referrer URLs are. These "
        "cannot be changed once the survey is active.",
        *(
            [
                f"Preview the survey and give an answer to {', '.join(eligible)} that is not "
                "eligible: nothing more may be asked, and “Submit” must lead to the last page."
            ]
            if eligible
            else []
        ),
        *(
            [
                f"Enter points in {', '.join(points)} that do not add up to 100: LimeSurvey must "
                "object."
            ]
            if points
            else []
        ),
        "Change no codes of questions, rows or answers; the texts may be formatted.",
        "Before inviting anybody, activate the survey, answer it once yourself, export that answer "
        "and let rds receive it with --dry-run. Then delete the answer.",
        "To export: “Responses”, “Export responses”, format CSV or JSON (they tell questions that "
        "were not shown from questions left empty; Excel does not), export questions as “Question "
        "code”, responses as “Answer codes”, completion state “All responses”. Do not select "
        "participant fields.",
    ]
    lines = [f"{number}. {step}" for number, step in enumerate(steps, 1)]
    return "\n".join([f"LimeSurvey: steps by hand for {instrument.name}", "", *lines, ""])
