"""The survey as an XLSForm workbook, for ODK and KoboToolbox."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator, Mapping, Sequence

import xlsxwriter

from rds.files import deterministic_zip
from rds.survey.instrument import Instrument, Page, Question, Words

SHOWN_PREFIX = "shown__"
"""What the names of all fields begin with that show a text and ask nothing."""

LANGUAGE_NAMES = {
    "ar": "Arabic",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "hi": "Hindi",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "ru": "Русский",
    "sv": "Svenska",
    "tr": "Türkçe",
    "uk": "Українська",
    "zh": "中文",
}

_Line = dict[str, str]

_TYPES = {"number": "decimal", "text": "text"}
_SUM = "Σ = 100"
_DATE = datetime.date(2000, 1, 1)
_FULL_WIDTH_DOLLAR = "＄"

_BY_HAND = """Survey for ODK or KoboToolbox: what to do by hand
================================================

File: {file}

1. ODK Central: create a form from the file, test the draft, publish it, and share it by a public
   access link (choose “multiple responses” off if people should answer once).
   KoboToolbox: “New” → “Upload an XLSForm”, then deploy it and allow submissions to the form
   without a username and password.
2. Languages: {languages}. The title of the form stands in {first} only; translate it in the
   platform if it can.
3. Eligibility: {eligibility}
4. Required answers, and points that must add up to 100, are enforced by the form itself.
5. Anonymity: do not collect user names, locations or device identifiers; the form asks for none.
6. Look once at every text that holds < > * _ or #: some clients format text between them. A
   dollar sign before a brace is written as “{dollar}”, since “$” and “{{” together name a question.
7. Do not rename questions or choices. Answer the form once yourself, export the answers (ODK
   Central: CSV; KoboToolbox: CSV or XLSX with “XML values and headers”), and let rds check them
   (dress rehearsal) before you invite anybody.
"""


def write(instrument: Instrument) -> Mapping[str, bytes]:
    """Return the workbook with the form in all languages, and what to do by hand."""
    file = f"{instrument.name}-xlsform.xlsx"
    notes = f"{instrument.name}-xlsform-finish-by-hand.txt"
    return {file: _workbook(instrument), notes: _by_hand(instrument, file).encode("utf-8")}


def column_name(question: str, row: str = "", position: int = 0, option: str = "") -> str:
    """Return the name of the field that holds an answer, without the groups it stands in.

    Examples
    --------
    >>> column_name("D1frequency", "T01", 1), column_name("Q2", option="3")
    ('D1frequency_T01', 'Q2/3')
    """
    name = "_".join(part for part in (question, row) if part)
    return f"{name}/{option}" if option else name


def language_name(code: str) -> str:
    """Return how a form names a language.

    Examples
    --------
    >>> language_name("en"), language_name("xx")
    ('English (en)', 'xx (xx)')
    """
    return f"{LANGUAGE_NAMES.get(code, code)} ({code})"


def _workbook(instrument: Instrument) -> bytes:
    """Return the workbook."""
    languages = instrument.languages
    heads = [f"label::{language_name(language)}" for language in languages]
    messages = [f"constraint_message::{language_name(language)}" for language in languages]
    logic = ["required", "appearance", "relevant", "constraint", "calculation"]
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        _fill(book, "survey", ["type", "name", *heads, *logic, *messages], _survey(instrument))
        _fill(book, "choices", ["list_name", "name", *heads], _choices(instrument))
        settings = ["form_title", "form_id", "version", "default_language", "style"]
        _fill(book, "settings", settings, [_settings(instrument)])
    return deterministic_zip(content.getvalue(), date=_DATE)


def _fill(
    book: xlsxwriter.Workbook,
    title: str,
    headers: Sequence[str],
    lines: Iterator[_Line] | list[_Line],
) -> None:
    """Add a sheet; every cell is text, so that nothing becomes a formula or a number."""
    sheet = book.add_worksheet(title)
    rows = [dict(zip(headers, headers, strict=True)), *lines]
    for number, line in enumerate(rows):
        for column, header in enumerate(headers):
            if line.get(header):
                sheet.write_string(number, column, line[header])


def _settings(instrument: Instrument) -> _Line:
    """Return the settings of the form."""
    return {
        "form_title": _text(instrument.title[instrument.language]),
        "form_id": re.sub(r"[^\w-]", "_", instrument.name),
        "version": str(instrument.version),
        "default_language": language_name(instrument.language),
        "style": "pages",
    }


def _survey(instrument: Instrument) -> Iterator[_Line]:
    """Yield the fields of all pages, shown only to those who may go on."""
    yield {"type": "start", "name": "start"}
    yield {"type": "end", "name": "end"}
    conditions: list[str] = []
    for page in instrument.pages:
        yield from _page(page, conditions)
    if instrument.end:
        yield {"type": "note", "name": f"{SHOWN_PREFIX}end"} | _labels(instrument.end)


def _page(page: Page, conditions: list[str]) -> Iterator[_Line]:
    """Yield the fields of a page, and note what holds for those who may go on after it."""
    yield _group(f"page_{page.code}", page.words) | _relevant(conditions)
    inside: list[str] = []
    for question in page.questions:
        yield from _question(question, _relevant(inside))
        if question.eligible:
            inside.append(_condition(question))
    yield {"type": "end_group", "name": f"page_{page.code}"}
    conditions += inside


def _group(name: str, words: Words) -> _Line:
    """Return the line that opens a group."""
    return {"type": "begin_group", "name": name} | _labels(words)


def _relevant(conditions: Sequence[str]) -> _Line:
    """Return when a field is shown."""
    return {"relevant": " and ".join(conditions)} if conditions else {}


def _condition(question: Question) -> str:
    """Return the logic that holds for those who may go on after a question."""
    choices = [f"selected(${{{question.code}}}, '{code}')" for code in question.eligible]
    return choices[0] if len(choices) == 1 else f"({' or '.join(choices)})"


def _question(question: Question, shown: _Line) -> Iterator[_Line]:
    """Yield the fields of a question."""
    required = {"required": "yes"} if question.required else {}
    if question.kind == "grid":
        yield _group(question.code, question.words) | {"appearance": "table-list"} | shown
        for row in question.rows:
            name = column_name(question.code, row.code)
            yield {"type": _select("one", question), "name": name} | _labels(row.words) | required
        yield {"type": "end_group", "name": question.code}
    elif question.kind == "allocation":
        yield _group(question.code, question.words) | {"appearance": "field-list"} | shown
        yield from (line | required for line in _points(question))
        yield {"type": "end_group", "name": question.code}
    elif question.kind == "information":
        name = f"{SHOWN_PREFIX}{question.code}"
        yield {"type": "note", "name": name} | _labels(question.words) | shown
    else:
        line = {"type": _type(question), "name": question.code} | _labels(question.words)
        long = {"appearance": "multiline"} if question.purpose == "write in" else {}
        yield line | long | required | shown


def _type(question: Question) -> str:
    """Return the type of a question's field."""
    if question.kind in _TYPES:
        return _TYPES[question.kind]
    return _select("multiple" if question.kind == "several" else "one", question)


def _select(how_many: str, question: Question) -> str:
    """Return the type of a field with choices."""
    return f"select_{how_many} {question.code}_choices"


def _points(question: Question) -> Iterator[_Line]:
    """Yield a field for the points of each row; the last one takes them only if all are 100."""
    names = [column_name(question.code, row.code) for row in question.rows]
    others = " + ".join(f"coalesce(${{{name}}}, 0)" for name in names[:-1])
    for name, row in zip(names, question.rows, strict=True):
        line = {"type": "integer", "name": name} | _labels(row.words)
        limits = ". >= 0 and . <= 100"
        if name != names[-1]:
            yield line | _limited(limits, "0–100", row.words)
            continue
        whole = f"{limits} and {others} + . = 100" if others else ". = 100"
        last = _limited(whole, _SUM, row.words)
        yield line | last | ({"required": f"{others} > 0"} if others else {})


def _limited(constraint: str, message: str, words: Words) -> _Line:
    """Return what a field accepts, and what is said of anything else."""
    said = {f"constraint_message::{language_name(language)}": message for language in words}
    return {"constraint": constraint} | said


def _choices(instrument: Instrument) -> Iterator[_Line]:
    """Yield the choices of all questions."""
    for question in instrument.questions:
        for option in question.options:
            listed = {"list_name": f"{question.code}_choices", "name": str(option.code)}
            yield listed | _labels(option.words)


def _labels(words: Words) -> _Line:
    """Return a text in all languages."""
    return {f"label::{language_name(code)}": _text(text) for code, text in words.items()}


def _text(text: str) -> str:
    """Write a text so that nothing in it names a question."""
    return text.strip().replace("${", f"{_FULL_WIDTH_DOLLAR}{{")


def _by_hand(instrument: Instrument, file: str) -> str:
    """Return what to do by hand."""
    screening = ", ".join(q.code for q in instrument.questions if q.eligible)
    nothing_more = f"who may not go on after {screening} sees no further question; nothing to do."
    return _BY_HAND.format(
        file=file,
        languages=", ".join(map(language_name, instrument.languages)),
        first=language_name(instrument.language),
        eligibility=nothing_more if screening else "everybody may answer everything.",
        dollar=f"{_FULL_WIDTH_DOLLAR}{{",
    )
