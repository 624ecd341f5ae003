"""A Qualtrics survey file (QSF) as the codebook of an export."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from rds.survey.platforms.opening import file_problem
from rds.survey.platforms.words import plain_text

_SEVERAL_SELECTORS = ("MAVR", "MAHR", "MACOL", "MSB")
_TYPED_MATRICES = ("TE", "CS", "RO")


class SurveyQuestion(NamedTuple):
    """A question of a QSF, or one column of a side-by-side question.

    `texts` are its text, its label and its translations. `rows` and `options` hold texts by
    Qualtrics' own number, in the order people see them; `codes` the number that an export shows
    for every option, by Qualtrics' own number.
    """

    identifier: str
    tag: str
    kind: str
    texts: tuple[str, ...]
    rows: Mapping[str, str]
    row_tags: Mapping[str, str]
    options: Mapping[str, str]
    codes: Mapping[str, str]
    takes_several: bool

    @property
    def labels(self) -> dict[str, str]:
        """The words of every code; nothing when two options with other words share a code."""
        labels: dict[str, str] = {}
        for number, words in self.options.items():
            if labels.setdefault(self.codes[number], words) != words:
                return {}
        return labels


def read_codebook(path: Path) -> dict[str, SurveyQuestion]:
    """Return the questions of a QSF by identifier, those in the trash left out.

    Raises
    ------
    InputError
        If the file is no QSF.
    """
    try:
        elements = json.loads(path.read_text(encoding="utf-8-sig"))["SurveyElements"]
        trash = set(_trash(elements))
        payloads = [
            element["Payload"]
            for element in elements
            if element["Element"] == "SQ" and element["PrimaryAttribute"] not in trash
        ]
        questions = [question for payload in payloads for question in _questions(payload)]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise file_problem(
            path.name,
            "a file that is no Qualtrics survey, or a damaged one",
            "the survey as a QSF file",
            "export the survey in Qualtrics: Tools, Import/Export, Export Survey",
        ) from None
    return {question.identifier: question for question in questions}


def _trash(elements: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the identifiers of questions that were thrown away."""
    for element in elements:
        if element["Element"] == "BL":
            for block in _by_number(element["Payload"]).values():
                if block.get("Type") == "Trash":
                    parts = _by_number(block.get("BlockElements")).values()
                    yield from (part["QuestionID"] for part in parts if "QuestionID" in part)


def _by_number(found: object) -> dict[str, Any]:
    """Return what may stand as an object, as a list numbered from 0, or not at all."""
    if isinstance(found, list):
        return {str(number): value for number, value in enumerate(found)}
    return {str(key): value for key, value in found.items()} if isinstance(found, dict) else {}


def _questions(payload: dict[str, Any]) -> Iterator[SurveyQuestion]:
    """Yield a question, or the columns of a side-by-side question."""
    question = _question(payload)
    yield question
    for number, part in _by_number(payload.get("AdditionalQuestions")).items():
        rows = {"Choices": payload.get("Choices"), "ChoiceOrder": payload.get("ChoiceOrder")}
        column = _question({"QuestionType": "Matrix", "DataExportTag": "", **part, **rows})
        yield column._replace(
            identifier=f"{question.identifier}#{number}",
            tag=column.tag or f"{question.tag}#{number}",
            texts=tuple(f"{whole} - {text}" for whole in question.texts for text in column.texts),
        )


def _question(payload: dict[str, Any]) -> SurveyQuestion:
    """Return a question as its payload describes it."""
    kind, selector = str(payload["QuestionType"]), str(payload.get("Selector"))
    choices = _ordered(payload, "Choice")
    is_choice = kind == "MC"
    is_rated = kind == "Matrix" and selector not in _TYPED_MATRICES
    options = choices if is_choice else _ordered(payload, "Answer") if kind == "Matrix" else {}
    several = selector in _SEVERAL_SELECTORS or payload.get("SubSelector") == "MultipleAnswer"
    recoded = _by_number(payload.get("RecodeValues"))
    translations = _by_number(payload.get("Language")).values()
    texts = (
        payload.get("QuestionText"),
        payload.get("QuestionDescription"),
        *(words.get("QuestionText") for words in translations if isinstance(words, dict)),
    )
    return SurveyQuestion(
        identifier=str(payload.get("QuestionID", "")),
        tag=str(payload["DataExportTag"]).strip(),
        kind=kind if is_choice or is_rated or kind != "Matrix" else "typed matrix",
        texts=tuple(plain_text(str(text or "")) for text in texts),
        rows={} if is_choice else choices,
        row_tags={
            number: str(tag).strip()
            for number, tag in _by_number(payload.get("ChoiceDataExportTags")).items()
            if tag
        },
        options=options,
        codes={number: str(recoded.get(number, number)) for number in options},
        takes_several=several,
    )


def _ordered(payload: dict[str, Any], what: str) -> dict[str, str]:
    """Return choices or answers in the order people see them, as plain texts."""
    found = _by_number(payload.get(f"{what}s"))
    texts = {
        number: plain_text(str(choice.get("Display", "")))
        for number, choice in found.items()
        if isinstance(choice, dict) and "Display" in choice
    }
    order = map(str, _by_number(payload.get(f"{what}Order")).values())
    first = {number: texts[number] for number in order if number in texts}
    return first | texts
