"""Reading exports of SurveyMonkey: two header rows, or one in which question and row are joined."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from rds.survey.export import ColumnRole, Export, ExportColumn
from rds.survey.platforms.files import ReceivedFile
from rds.survey.platforms.header_tables import (
    are_options,
    folded,
    header_of,
    made_export,
    open_text,
    records,
    repeats_label,
    row_below,
    ticks,
    unique_names,
)
from rds.survey.platforms.opening import file_problem, holds_anything
from rds.survey.platforms.surveymonkey_expanded import condensed
from rds.survey.platforms.words import comparable, plain_text

_RESPONDENT = ("respondent id", "respondentid")
_OWN: dict[str, ColumnRole] = {
    **dict.fromkeys(_RESPONDENT, "respondent"),
    **dict.fromkeys(("collector id", "collectorid", "collector", "collection mode"), "technical"),
    **dict.fromkeys(("start date", "startdate", "date created"), "started"),
    **dict.fromkeys(("end date", "enddate", "date modified"), "submitted"),
    **dict.fromkeys(("email address", "emailaddress"), "contact"),
    **dict.fromkeys(("ip address", "ipaddress", "first name", "firstname"), "personal"),
    **dict.fromkeys(("last name", "lastname", "custom data", "customdata"), "personal"),
}
_CUSTOM = re.compile(r"custom ?data ?\d*")
_WHOLE = frozenset(
    {
        *("", "response", "open-ended response", "réponse", "réponse ouverte", "respuesta"),
        *("respuesta abierta", "antwort", "resposta", "risposta"),
    }
)
_OTHER = frozenset(
    {
        *("other (please specify)", "other (please describe)", "other, please specify"),
        *("sonstiges (bitte angeben)", "autre (veuillez préciser)"),
        *("otro (especifique)", "outro (especifique)"),
    }
)
_CONTACT_LINES = frozenset(
    {
        *("name", "company", "address", "address 2", "city/town", "state/province"),
        *("zip/postal code", "country", "email address", "phone number"),
    }
)
_SCIENTIFIC = re.compile(r"\d[.,]\d+E\+\d+", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"\d{8,}(\.0)?|\d[.,]\d+E\+\d+", re.IGNORECASE)


class _Heads(NamedTuple):
    """The headers: the last header row's number, and question and label of every column.

    `starts` tells where a question begins, in files that name it over its first column only.
    """

    row: int
    questions: tuple[str, ...]
    labels: tuple[str, ...]
    starts: tuple[bool, ...]
    is_joined: bool


def recognise(file: ReceivedFile) -> bool:
    """Tell whether a file is an export of SurveyMonkey, in one of its layouts."""
    number, header = header_of(file)
    if len(header) < 2 or folded(header[0]) not in _RESPONDENT:
        return False
    below = row_below(file, number)
    if not below:
        return False
    names = {folded(cell) for cell in header}
    if names & {"collector id", "collectorid"}:
        return True
    labelled = not below[0].strip() and holds_anything(list(below))
    asks = any(len(cell.split()) > 2 for cell in header[1:])
    return labelled or (asks and bool(_LONG_NUMBER.fullmatch(below[0])))


def read(file: ReceivedFile) -> Export:
    """Read an export of SurveyMonkey: all responses, as text or as numbers.

    Raises
    ------
    InputError
        If the file is no such export, is damaged, or spreads a grid over one column an answer in a
        way that cannot be put together with certainty.
    """
    heads = _heads(file)
    names = unique_names(
        [
            question if comparable(label) in _WHOLE else f"{question} - {label}"
            for question, label in zip(heads.questions, heads.labels, strict=True)
        ]
    )
    frame = records(file, heads.row, names)
    _refuse_scientific(file, frame[names[0]])
    if heads.is_joined:
        heads = _split(heads, frame)
    described, frame = _described(file, heads, frame)
    return made_export(file, "surveymonkey", described, frame)


def _heads(file: ReceivedFile) -> _Heads:
    """Return the headers, a question's text at each of its columns."""
    number, header = header_of(file)
    if not header or folded(header[0]) not in _RESPONDENT:
        raise file_problem(
            file.name,
            f"a table whose first column is “{header[0]}”" if header else "an empty file",
            "an export of SurveyMonkey, which begins with Respondent ID",
            "export all individual responses again, and leave all columns in their places",
        )
    below = row_below(file, number)
    if not below:
        raise file_problem(
            file.name, "headers only", "answers below the headers", "export the answers again"
        )
    if below[0].strip():
        return _one_row(file, number, header)
    labels = tuple(map(plain_text, below))
    questions: list[str] = []
    for cell, label in zip(map(plain_text, header), labels, strict=True):
        questions.append(questions[-1] if label and not cell else cell)
    filled = tuple(bool(cell.strip()) for cell in header)
    named_once = any(label and not full for label, full in zip(labels, filled, strict=True))
    starts = filled if named_once else (False,) * len(header)
    return _Heads(number + 1, tuple(questions), labels, starts, is_joined=False)


def _one_row(file: ReceivedFile, number: int, header: tuple[str, ...]) -> _Heads:
    """Return the headers of a file with one header row."""
    unnamed = [at for at, cell in enumerate(header) if not cell.strip()]
    if any(row[at].strip() for row in file.head[number:] for at in unnamed):
        raise file_problem(
            file.name,
            "columns without a header, and no second header row",
            "two header rows: the questions, and below them rows and options",
            "export all individual responses again, and leave both header rows",
            place=f"row {number}",
        )
    questions = tuple(map(plain_text, header))
    nothing = len(header) * ("",)
    return _Heads(number, questions, nothing, len(header) * (False,), is_joined=True)


def _refuse_scientific(file: ReceivedFile, respondents: pd.Series[str]) -> None:
    """Refuse respondent numbers of which a spreadsheet program kept the first digits only."""
    cut = respondents[respondents.str.fullmatch(_SCIENTIFIC)]
    if len(cut):
        raise file_problem(
            file.name,
            f"the respondent number “{cut.iloc[0]}”, of which the last digits are lost",
            "respondent numbers with all their digits",
            "export the answers again, and do not save the file from a spreadsheet program",
            place=f"row {cut.index[0]}",
        )


def _split(heads: _Heads, frame: pd.DataFrame) -> _Heads:
    """Split joined headers where it is certain: their columns or their answers say where."""
    headers = heads.questions
    splits = [
        [(text[: mark.start()].rstrip(), text[mark.end() :]) for mark in re.finditer(" - ", text)]
        for text in headers
    ]
    pairs = []
    for at, text in enumerate(headers):
        near = {
            question
            for beside in (at - 1, at + 1)
            if 0 <= beside < len(headers)
            for question, _ in splits[beside]
        }
        near |= {headers[at - 1]} if at else set()
        told = [split for split in splits[at] if repeats_label(frame.iloc[:, at], split[1])]
        shared = [split for split in splits[at] if split[0] in near]
        certain = next((found for found in (told, shared) if len(found) == 1), [(text, "")])
        pairs.append(certain[0])
    questions, labels = zip(*pairs, strict=True)
    return heads._replace(questions=questions, labels=labels)


def _described(
    file: ReceivedFile, heads: _Heads, frame: pd.DataFrame
) -> tuple[list[ExportColumn], pd.DataFrame]:
    """Return what the headers say of every column, and the answers, one column a row of a grid."""
    own = [
        None if role == "technical" and not name and (frame.iloc[:, at] != "").any() else role
        for at, (role, name) in enumerate(zip(_own_roles(heads), heads.questions, strict=True))
    ]
    described: list[ExportColumn] = []
    cells = []
    for at, role in enumerate(own):
        if role is not None:
            described.append(ExportColumn(str(frame.columns[at]), role=role))
            cells.append(frame.iloc[:, [at]])
    for group in _groups(heads, own):
        columns, answers = _question(
            file,
            heads.questions[group[0]],
            [heads.labels[at] for at in group],
            frame.iloc[:, group],
        )
        described += columns
        cells.append(answers)
    return described, pd.concat(cells, axis=1)


def _own_roles(heads: _Heads) -> list[ColumnRole | None]:
    """Return the role of every column that SurveyMonkey adds; None for an answer.

    With two header rows, whatever stands before the first label came with the invitation.
    """
    labelled = [at for at, label in enumerate(heads.labels) if label]
    first = 0 if heads.is_joined or not labelled else labelled[0]
    roles: list[ColumnRole | None] = []
    known = True
    for at, (question, label) in enumerate(zip(heads.questions, heads.labels, strict=True)):
        name = folded(question)
        known = known and (name in _OWN or bool(_CUSTOM.fullmatch(name)) or at < first)
        if not question and not label:
            roles.append("technical")
        elif not label and (at < first or known):
            roles.append(_OWN.get(name, "personal"))
        else:
            roles.append(None)
    return roles


def _groups(heads: _Heads, own: Sequence[ColumnRole | None]) -> list[list[int]]:
    """Return the positions of each question's columns."""
    groups: list[list[int]] = []
    for at, role in enumerate(own):
        if role is not None:
            continue
        goes_on = (
            groups
            and groups[-1][-1] == at - 1
            and not heads.starts[at]
            and heads.questions[at] == heads.questions[at - 1]
            and comparable(heads.labels[at]) not in _WHOLE
        )
        if goes_on:
            groups[-1].append(at)
        else:
            groups.append([at])
    return groups


def _question(
    file: ReceivedFile, question: str, labels: list[str], frame: pd.DataFrame
) -> tuple[list[ExportColumn], pd.DataFrame]:
    """Return what is known of a question's columns, and their answers."""
    columns = [ExportColumn(str(name), question_text=question) for name in frame.columns]
    if len(labels) > 1 and comparable(labels[0]) in _WHOLE:
        beside = [open_text(*other) for other in zip(columns[1:], labels[1:], strict=True)]
        return [columns[0], *beside], frame
    if comparable(labels[0]) in _WHOLE:
        return columns, frame
    if sum(label.casefold() in _CONTACT_LINES for label in labels) > 1:
        return [replace(column, role="personal") for column in columns], frame
    is_open = _open_texts(labels, frame)
    picked = [at for at in range(len(labels)) if not is_open[at]]
    shown = frame.iloc[:, picked]
    if are_options(shown, [labels[at] for at in picked]):
        others = [str(name) for at, name in enumerate(frame.columns) if is_open[at]]
        marked = frame.assign(**ticks(frame, [str(name) for name in shown.columns], others))
        return [
            open_text(column, label) if is_open[at] else replace(column, option_text=label)
            for at, (column, label) in enumerate(zip(columns, labels, strict=True))
        ], marked
    rows = condensed(file, question, [labels[at] for at in picked], shown)
    texts = [open_text(columns[at], labels[at]) for at in range(len(labels)) if is_open[at]]
    typed = frame[[column.name for column in texts]]
    if rows is not None:
        return [*rows[0], *texts], pd.concat([rows[1], typed], axis=1)
    lines = [
        replace(columns[at], row_text=labels[at], position=line)
        for line, at in enumerate(picked, 1)
    ]
    return [*lines, *texts], pd.concat([shown, typed], axis=1)


def _open_texts(labels: list[str], frame: pd.DataFrame) -> list[bool]:
    """Tell of every column whether people typed into it beside choosing.

    Its label says so; beside options that repeat their own label, so does its content.
    """
    repeats = [repeats_label(frame.iloc[:, at], label) for at, label in enumerate(labels)]
    filled = [(frame.iloc[:, at] != "").any() for at in range(len(labels))]
    last = len(labels) - 1
    return [
        not repeats[at]
        and (
            comparable(label) in _OTHER
            or bool(at == last and last > 0 and filled[at] and any(repeats))
        )
        for at, label in enumerate(labels)
    ]
