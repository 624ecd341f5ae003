"""The survey as JSON for the SurveyJS Form Library."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from rds.survey.instrument import Instrument, Option, Page, Question, Row, Words

LANGUAGE_VALUE, SCREENED_VALUE = "survey_language", "screened_out"
"""What every result says beside the answers; no question has an underscore in its code."""

GUARD = "\u2060"
"""An invisible mark after a brace, so that SurveyJS does not take a text for a question's name."""

_ENGLISH = "en"
_DEFAULT = "default"
_SUM = "Σ = 100"
_OWN_VARIABLES = (
    *("locale", "pageno", "pagecount", "questioncount", "survey", "self", "panel", "item"),
    *("row", "rowvalue", "rowindex", "rowname", "rowtitle", "columnname", "choice"),
    *("correctanswers", "correctedanswers", "correctedanswercount"),
    *("incorrectanswers", "incorrectedanswers", "incorrectedanswercount"),
)

_Json = dict[str, Any]
_Said = Callable[[Words], _Json]

_BY_HAND = """Survey for SurveyJS: what to do by hand
=======================================

File: {file}
Checked with survey-core and survey-js-ui 2.5.38 (both open source).

1. Show the survey on a web page of yours with the SurveyJS Form Library, or import the file into
   SurveyJS Creator (tab “JSON Editor”) if you have it.
2. SurveyJS stores no answers. Let your page send each result to a server of yours:
     const survey = new Survey.Model(json);
     const startedAt = new Date().toISOString();
     survey.onComplete.add((sender) => send({{
       id: crypto.randomUUID(), startedAt, endedAt: new Date().toISOString(), data: sender.data
     }}));
   Collect the results as one JSON list or as one JSON object a line.
3. Languages: {languages}. SurveyJS has no language menu of its own: set survey.locale before the
   survey is shown, and load survey.i18n.min.js for the words on its buttons.
4. Eligibility: {eligibility}
5. Required answers, and points that must add up to 100, are enforced by the survey itself.
6. Anonymity: send no names, e-mail or IP addresses along with the results, or keep them apart.
7. Do not rename questions, rows or values. A result holds only what was answered: give rds the
   survey's file beside the results if nobody may have answered some question.
8. Answer the survey once yourself, and let rds check that result (dress rehearsal) before you
   invite anybody.
"""


def write(instrument: Instrument) -> Mapping[str, bytes]:
    """Return the survey in all languages, and what to do by hand."""
    stem = f"{instrument.name}-surveyjs"
    survey = json.dumps(_survey(instrument), ensure_ascii=False, indent=1) + "\n"
    return {
        f"{stem}.json": survey.encode(),
        f"{stem}-finish-by-hand.txt": _by_hand(instrument, f"{stem}.json").encode(),
    }


def column_name(question: str, row: str = "", position: int = 0, option: str = "") -> str:
    """Return the path of an answer in a result, as a flattened export names its column.

    Examples
    --------
    >>> column_name("D1frequency", "T01", 1), column_name("Q2", option="3")
    ('D1frequency.T01', 'Q2.3')
    """
    return ".".join(filter(None, (question, row, option)))


def _survey(instrument: Instrument) -> _Json:
    """Return the whole survey."""
    said = partial(_words, _variables(instrument))
    screening = " or ".join(filter(None, map(_screening, instrument.questions)))
    language = instrument.language
    return {
        "title": said(instrument.title),
        **({} if language == _ENGLISH else {"locale": language}),
        "completedHtml": _html(said(instrument.end)),
        "showQuestionNumbers": False,
        "showProgressBar": True,
        "calculatedValues": [
            _calculated(LANGUAGE_VALUE, "{locale}"),
            *([_calculated(SCREENED_VALUE, screening)] if screening else []),
        ],
        "triggers": [{"type": "complete", "expression": f"{{{SCREENED_VALUE}}} = true"}]
        if screening
        else [],
        "pages": [_page(page, said) for page in instrument.pages],
    }


def _calculated(name: str, expression: str) -> _Json:
    """Return a value that SurveyJS works out and adds to the result."""
    return {"name": name, "expression": expression, "includeIntoResult": True}


def _screening(question: Question) -> str:
    """Return the condition under which an answer ends the survey; empty if none does."""
    code = f"{{{question.code}}}"
    others = [option.code for option in question.options if option.code not in question.eligible]
    if not question.eligible or not others:
        return ""
    if question.kind == "several":
        return f"({code} notempty and {code} noneof {list(question.eligible)})"
    return f"({code} anyof {others})"


def _page(page: Page, said: _Said) -> _Json:
    """Return a page with its questions."""
    title = {"title": said(page.words)} if page.words else {}
    elements = [_element(question, said) for question in page.questions]
    return {"name": f"page_{page.code}", **title, "elements": elements}


def _element(question: Question, said: _Said) -> _Json:
    """Return a question."""
    if question.kind == "information":
        return {"type": "html", "name": question.code, "html": _html(said(question.words))}
    common = {"name": question.code, "title": said(question.words)}
    required = {"isRequired": True} if question.required else {}
    return _asked(question, said) | common | required


def _asked(question: Question, said: _Said) -> _Json:
    """Return the type of a question, and what can be answered."""
    choices = [_value(option, said) for option in question.options]
    match question.kind:
        case "grid":
            every = {"eachRowRequired": True} if question.required else {}
            rows = [_value(row, said) for row in question.rows]
            return {"type": "matrix", "columns": choices, "rows": rows, **every}
        case "choice":
            return {"type": "radiogroup", "choices": choices}
        case "several":
            return {"type": "checkbox", "choices": choices}
        case "number":
            return {"type": "text", "inputType": "number"}
        case "allocation":
            return _allocation(question, said)
        case _:
            return {"type": "comment" if question.purpose == "write in" else "text"}


def _value(one: Option | Row, said: _Said) -> _Json:
    """Return an option or a row."""
    return {"value": one.code, "text": said(one.words)}


def _allocation(question: Question, said: _Said) -> _Json:
    """Return fields for points that must add up to 100."""
    limits = {"type": "numeric", "minValue": 0, "maxValue": 100}
    items = [
        {
            "name": row.code,
            "inputType": "number",
            "title": said(row.words),
            "validators": [limits],
        }
        for row in question.rows
    ]
    fields = [f"{{{question.code}.{row.code}}}" for row in question.rows]
    adds_up = f"{{{question.code}}} empty or sum({', '.join(fields)}) = 100"
    check = {"type": "expression", "text": _SUM, "expression": adds_up}
    return {"type": "multipletext", "items": items, "validators": [check]}


def _words(names: frozenset[str], words: Words) -> _Json:
    """Return a text in all languages; what SurveyJS calls the default is English, if there is any.

    The words of the default are those shown for English, whatever language the survey begins in.
    """
    texts = {language: _guarded(text, names) for language, text in words.items() if text}
    if not texts:
        return {}
    first = _ENGLISH if _ENGLISH in texts else next(iter(texts))
    others = {language: text for language, text in texts.items() if language != _ENGLISH}
    return {_DEFAULT: texts[first], **others}


def _variables(instrument: Instrument) -> frozenset[str]:
    """Return what SurveyJS would replace if it stood in braces."""
    codes = (question.code.casefold() for question in instrument.questions)
    return frozenset((*codes, *_OWN_VARIABLES, LANGUAGE_VALUE, SCREENED_VALUE))


def _guarded(text: str, names: frozenset[str]) -> str:
    """Return a text in which no braces hold the name of anything that SurveyJS knows."""

    def guard(found: re.Match[str]) -> str:
        name = re.split(r"[.\[\s-]", found[1].strip(" #").casefold())[0]
        return f"{{{GUARD}{found[1]}}}" if name in names else found[0]

    return re.sub(r"\{([^{}]*)\}", guard, text)


def _html(texts: _Json) -> _Json:
    """Return texts as HTML."""
    return {
        language: html.escape(text, quote=False).replace("\n", "<br>")
        for language, text in texts.items()
    }


def _by_hand(instrument: Instrument, file: str) -> str:
    """Return what to do by hand."""
    screening = [question.code for question in instrument.questions if question.eligible]
    return _BY_HAND.format(
        file=file,
        languages=", ".join(instrument.languages),
        eligibility=_eligibility(screening),
    )


def _eligibility(screening: Sequence[str]) -> str:
    """Say what happens to people who may not go on."""
    if not screening:
        return "everybody may answer everything; nothing to do."
    return (
        f"the survey ends by itself after {', '.join(screening)} for people\n"
        f"   who may not go on; their result says “{SCREENED_VALUE}”. They read the same words at\n"
        "   the end as others."
    )
