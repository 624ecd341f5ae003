"""A SurveyJS survey read as a codebook: questions, rows, values and their words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rds.survey.platforms.opening import file_problem
from rds.survey.platforms.surveyjs_write import GUARD
from rds.survey.platforms.words import plain_text

SEVERAL = ("checkbox", "tagbox")
TYPED = ("text", "comment", "multipletext")
NO_ANSWERS = ("html", "image", "expression", "empty")
FILES = ("file", "signaturepad")

_GRIDS = ("matrix", "matrixdropdown")
_OTHERS = {
    "other": ("showOtherItem", "hasOther", "otherText", "Other"),
    "none": ("showNoneItem", "hasNone", "noneText", "None"),
}


@dataclass(frozen=True)
class AskedFor:
    """A question of a survey, or one of the columns of a table of several questions.

    Parameters
    ----------
    name
        What its answers stand under.
    kind
        SurveyJS's type.
    text
        What people read.
    rows
        The words of every row of a grid, and of every field of a group of fields, by name.
    columns
        The questions that a table asks in every row.
    options
        The words of every value that can be chosen; empty when the survey does not list them.
    personal
        Whether it asks for an e-mail address or telephone number.
    """

    name: str
    kind: str
    text: str = ""
    rows: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, AskedFor] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    personal: bool = False


Book = Mapping[str, AskedFor]


def is_survey(document: Any) -> bool:
    """Tell whether a JSON document is a survey, not its results.

    Examples
    --------
    >>> is_survey({"pages": [{"elements": [{"type": "text", "name": "Q1"}]}]})
    True
    >>> is_survey({"pages": {"T01": 3}})
    False
    """
    return isinstance(document, dict) and any(
        isinstance(one, dict) and isinstance(one.get("type"), str) and "name" in one
        for one in _elements(document)
    )


def read_book(path: Path | None) -> Book:
    """Return the questions of a survey by name; none without a file.

    Raises
    ------
    InputError
        When the file is no survey of SurveyJS.
    """
    if path is None:
        return {}
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError:
        document = None
    if not is_survey(document):
        raise file_problem(
            path.name,
            "a file that is no survey of SurveyJS",
            "the JSON of the survey, with its pages and elements",
            "give the survey's JSON, or read the answers without it",
        )
    return book_of(document)


def book_of(survey: Mapping[str, Any]) -> Book:
    """Return the questions of a survey by the name their answers stand under."""
    language = str(survey.get("locale", ""))
    asked = (_asked_for(one, language) for one in _elements(survey))
    return {one.name: one for one in asked}


def _elements(survey: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the questions of a survey, also those in panels."""
    for part in ("pages", "elements", "questions"):
        inside = survey.get(part)
        for one in inside if isinstance(inside, list) else ():
            if isinstance(one, dict) and (part == "pages" or one.get("type") == "panel"):
                yield from _elements(one)
            else:
                yield one


def _asked_for(question: Mapping[str, Any], language: str) -> AskedFor:
    """Return a question."""
    kind, name = str(question.get("type", "")), str(question.get("valueName", question["name"]))
    is_matrix = kind == "matrix"
    options = question.get("columns" if is_matrix else "choices")
    return AskedFor(
        name=name,
        kind=kind,
        text=_said(question.get("title"), language) or _own_words(name),
        rows=_texts(question.get("items" if kind == "multipletext" else "rows"), language)
        if kind in (*_GRIDS, "multipletext")
        else {},
        columns={} if is_matrix else _columns(question, language),
        options=_options(question, options, language),
        personal=question.get("inputType") in ("email", "tel"),
    )


def _columns(question: Mapping[str, Any], language: str) -> dict[str, AskedFor]:
    """Return what a table asks in every row."""
    columns = [one for one in question.get("columns", ()) if isinstance(one, dict)]
    shared = {"choices": question.get("choices"), "type": question.get("cellType", "dropdown")}
    made = (
        {**shared, **one, "type": one.get("cellType", shared["type"])}
        for one in columns
        if "name" in one
    )
    return {str(one["name"]): _asked_for(one, language) for one in made}


def _options(question: Mapping[str, Any], options: Any, language: str) -> dict[str, str]:
    """Return the words of all values that can be chosen."""
    listed = _texts(options, language)
    further = {
        value: _said(question.get(words), language) or default
        for value, (shown, shown_before, words, default) in _OTHERS.items()
        if question.get(shown) or question.get(shown_before)
    }
    return listed | further if listed else {}


def _texts(listed: Any, language: str) -> dict[str, str]:
    """Return the words of rows or values, each of which may be its own words."""
    texts = {}
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, dict):
            value = str(one.get("value", one.get("name", "")))
            texts[value] = _said(one.get("text", one.get("title")), language) or plain_text(value)
        else:
            texts[str(one)] = plain_text(str(one))
    return texts


def _own_words(name: str) -> str:
    """Return what people read where a question has no title: its name."""
    return plain_text(name)


def _said(text: Any, language: str) -> str:
    """Return a text in the language that a survey begins in, or its default."""
    if isinstance(text, dict):
        text = text.get(language) or text.get("default") or next(iter(text.values()), "")
    return plain_text(str(text or "").replace(f"{{{GUARD}", "{"))
