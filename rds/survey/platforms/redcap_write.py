"""The survey as data dictionaries for REDCap, one for each language."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping

from rds.survey.instrument import Instrument, Page, Question, Row
from rds.survey.platforms.redcap_dictionary import HEADERS

FORM = "practice_survey"
SUM_SUFFIX, SUM_NOTE_SUFFIX = "_sum_all", "_sum_note"

_Line = dict[str, str]

_NAME, _SECTION, _KIND, _LABEL = HEADERS[0], HEADERS[2], HEADERS[3], HEADERS[4]
_CHOICES, _VALIDATION, _MINIMUM, _MAXIMUM = HEADERS[5], HEADERS[7], HEADERS[8], HEADERS[9]
_BRANCHING, _REQUIRED, _MATRIX = HEADERS[11], HEADERS[12], HEADERS[15]

_KINDS = {"choice": "radio", "several": "checkbox", "information": "descriptive"}

_BY_HAND = """Survey for REDCap: what to do by hand
=====================================

Files: {files}

1. Make a new, empty project (or one in development). Uploading a dictionary replaces ALL fields
   of a project; fields that are not in the file are deleted with their answers.
2. Under “Data Dictionary”, upload {first}.
{languages}
4. Under “Project Setup”, enable surveys and make the instrument “Practice Survey” a survey.
   Title: {title}
   Text at the end: {end}
5. In the survey's settings choose “One section per page”, so that every rating table and its
   header stand on a page of their own, and allow people to save and return later.
6. Eligibility: {eligibility}
7. Points that must add up to 100: REDCap cannot enforce a sum. A field shows the sum, and a note
   appears while it is not 100; do not delete these fields.
8. Anonymity: use the public survey link and do not designate an e-mail field if answers are to
   be anonymous. Mark every field you add that identifies people as “Identifier”.
9. Do not rename variables or recode choices. Look once at every text that holds < > or [ ].
10. Fill in the survey once yourself, export the answers as “CSV / Raw data” without removing the
   record identifier, and let rds check them (dress rehearsal) before you invite anybody.
"""

_ONE_LANGUAGE = "3. The survey has one language; nothing to do for others."
_MORE_LANGUAGES = """3. A project holds one dictionary. Either make one project for each language
   with its own file, or use the Multi-Language Management of REDCap with the texts of the others:
   {others}. All files have the same variables and codes."""


def write(instrument: Instrument) -> Mapping[str, bytes]:
    """Return a data dictionary for every language, and what to do by hand."""
    stem = f"{instrument.name}-redcap"
    files = {
        f"{stem}-{language}.csv": _dictionary(instrument, language).encode("utf-8")
        for language in instrument.languages
    }
    return files | {f"{stem}-finish-by-hand.txt": _by_hand(instrument, list(files)).encode("utf-8")}


def column_name(question: str, row: str = "", position: int = 0, option: str = "") -> str:
    """Return the variable that holds an answer, as a raw export names it.

    Examples
    --------
    >>> column_name("D1frequency", "T01", 1), column_name("Q2", option="3")
    ('d1frequency_t01', 'q2___3')
    """
    name = "_".join(part.lower() for part in (question, row) if part)
    whole = name if len(name) > 1 else f"{name}_1"
    return f"{whole}___{option}" if option else whole


def _dictionary(instrument: Instrument, language: str) -> str:
    """Return the data dictionary in a language."""
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, HEADERS, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerow({_NAME: "record_id", HEADERS[1]: FORM, _KIND: "text", _LABEL: "Record ID"})
    for line in _lines(instrument, language):
        writer.writerow({HEADERS[1]: FORM} | line)
    return table.getvalue()


def _lines(instrument: Instrument, language: str) -> Iterator[_Line]:
    """Yield the fields of all questions, shown only to those who may go on."""
    conditions: list[str] = []
    for page in instrument.pages:
        for question, heading in _headed(page, language):
            shown = " and ".join(conditions)
            for line in _with_section(list(_question_lines(question, language)), heading):
                both = [part for part in (shown, line.get(_BRANCHING, "")) if part]
                yield line | {_BRANCHING: " and ".join(both)}
            if question.eligible:
                conditions.append(_condition(question))


def _headed(page: Page, language: str) -> Iterator[tuple[Question, str]]:
    """Yield the questions of a page with the section header that stands above each."""
    title, open_section = _label(page.words[language]), False
    for number, question in enumerate(page.questions):
        if question.rows:
            heading = f"<h4>{title}</h4>" if number == 0 else ""
            yield question, heading + _label(question.words[language])
        else:
            yield question, "" if open_section else title
        open_section = not question.rows


def _with_section(lines: list[_Line], heading: str) -> list[_Line]:
    """Put a section header above the first of some fields."""
    return [lines[0] | {_SECTION: heading}, *lines[1:]]


def _condition(question: Question) -> str:
    """Return the logic that holds for those who may go on after a question."""
    name = column_name(question.code)
    if question.kind == "several":
        choices = [f"[{name}({code})] = '1'" for code in question.eligible]
    else:
        choices = [f"[{name}] = '{code}'" for code in question.eligible]
    return choices[0] if len(choices) == 1 else f"({' or '.join(choices)})"


def _question_lines(question: Question, language: str) -> Iterator[_Line]:
    """Yield the fields of a question."""
    required = {_REQUIRED: "y"} if question.required and question.kind != "information" else {}
    if question.kind == "grid":
        yield from (required | line for line in _matrix_lines(question, language))
    elif question.kind == "allocation":
        yield from (required | _points_line(question, row, language) for row in question.rows)
        yield from _sum_lines(question)
    else:
        line = {_NAME: column_name(question.code), _LABEL: _label(question.words[language])}
        yield required | line | _typed(question) | _chosen(question, language)


def _typed(question: Question) -> _Line:
    """Return the field type of a question, and what may be typed in."""
    if question.kind == "number":
        return {_KIND: "text", _VALIDATION: "number"}
    if question.kind == "text":
        return {_KIND: "notes" if question.purpose == "write in" else "text"}
    return {_KIND: _KINDS[question.kind]}


def _chosen(question: Question, language: str) -> _Line:
    """Return the choices of a question that has any."""
    pairs = (f"{option.code}, {_choice(option.words[language])}" for option in question.options)
    return {_CHOICES: " | ".join(pairs)} if question.options else {}


def _matrix_lines(question: Question, language: str) -> Iterator[_Line]:
    """Yield the fields of a matrix."""
    shared = {_KIND: "radio", _MATRIX: column_name(question.code)} | _chosen(question, language)
    for row in question.rows:
        name = column_name(question.code, row.code)
        yield {_NAME: name, _LABEL: _label(row.words[language])} | shared


def _points_line(question: Question, row: Row, language: str) -> _Line:
    """Return the field for the points of a row."""
    name = column_name(question.code, row.code)
    limits = {_VALIDATION: "integer", _MINIMUM: "0", _MAXIMUM: "100"}
    return {_NAME: name, _KIND: "text", _LABEL: _label(row.words[language])} | limits


def _sum_lines(question: Question) -> Iterator[_Line]:
    """Yield the field that adds the points, and the note shown while they are not 100."""
    name = column_name(question.code)
    fields = ",".join(f"[{column_name(question.code, row.code)}]" for row in question.rows)
    total = f"{name}{SUM_SUFFIX}"
    yield {_NAME: total, _KIND: "calc", _LABEL: "Σ (= 100)", _CHOICES: f"sum({fields})"}
    yield {
        _NAME: f"{name}{SUM_NOTE_SUFFIX}",
        _KIND: "descriptive",
        _LABEL: f"Σ = [{total}] ≠ 100",
        _BRANCHING: f"([{total}] <> '' and [{total}] <> '100')",
    }


def _label(text: str) -> str:
    """Write a text so that REDCap takes nothing in it for a tag, an entity or a field's name."""
    text = re.sub(r"&(?=[#\w])", "&amp;", text)
    text = re.sub(r"<(?=\s*/?[A-Za-z!])", "&lt;", text)
    text = re.sub(r"\[(?=[\w:.-]+\])", "&#91;", text)
    return re.sub(r"\s*[\r\n]+\s*", "<br>", text.strip())


def _choice(text: str) -> str:
    """Write the words of a choice on one line and without the sign that separates choices."""
    return _label(" ".join(text.split())).replace("|", "&#124;")


def _by_hand(instrument: Instrument, files: list[str]) -> str:
    """Return what to do by hand."""
    screening = [q.code for q in instrument.questions if q.eligible]
    language = instrument.language
    return _BY_HAND.format(
        files=", ".join(files),
        first=files[0],
        languages=_MORE_LANGUAGES.format(others=", ".join(files[1:]))
        if files[1:]
        else _ONE_LANGUAGE,
        title=instrument.title[language],
        end=instrument.end.get(language, "") or "(none)",
        eligibility=_eligibility(screening),
    )


def _eligibility(screening: list[str]) -> str:
    """Say what remains to be done for people who may not go on."""
    if not screening:
        return "everybody may answer everything; nothing to do."
    fields = ", ".join(column_name(code) for code in screening)
    return (
        f"who may not go on sees no further questions. To end the survey there,\n"
        f"   set “Stop Actions” on the other choices of: {fields}."
    )
