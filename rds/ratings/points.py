"""From the texts of rating columns to points of a scale: codes, labels, or what is neither."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from textwrap import shorten
from typing import NamedTuple

import numpy as np

from rds.errors import nearest
from rds.ratings.frames import NO_ANSWER, NOT_APPLICABLE, NOT_SHOWN, Codes
from rds.ratings.mapping import some
from rds.ratings.table import Column, Report
from rds.scales import Scale
from rds.values import read_text

_STATES = {
    "": NO_ANSWER,
    "-1": NO_ANSWER,
    "99": NOT_APPLICABLE,
    "-2": NOT_APPLICABLE,
    "n/a": NOT_APPLICABLE,
    "na": NOT_APPLICABLE,
    "not applicable": NOT_APPLICABLE,
    "-3": NOT_SHOWN,
    "not shown": NOT_SHOWN,
}
_STORED = {"not applicable": NOT_APPLICABLE, "unable to rate": NO_ANSWER}
_WHOLE = re.compile(r"([-+]?\d+)(?:\.0+|,0{1,2})?")
_CODE_THEN_LABEL = re.compile(r"(?P<code>\d+)\s*[-–—=:.)]\s*(?P<label>.+)")
_LABEL_THEN_CODE = re.compile(r"(?P<label>.+?)\s*\((?P<code>\d+)\)")
_LONGEST_EXAMPLE = 40


class Typed(NamedTuple):
    """Answers on one scale by statement, how each was read, and how many became no answer.

    These were “unable to rate” (`n_unable`), or points that do not add up to 100 (`n_off_total`).
    """

    codes: dict[str, Codes]
    read_as: dict[str, str]
    n_unable: int = 0
    n_off_total: int = 0


class _Reading(NamedTuple):
    """What a text is on a scale: a state, or the point it names as a code and as a label."""

    state: int | None = None
    as_code: int | None = None
    as_label: int | None = None


class _Answer(NamedTuple):
    """A distinct text of a column, how often it stands there, and what it is on the scale."""

    level: int
    text: str
    n_cells: int
    reading: _Reading


def type_answers(scale: Scale, columns: Mapping[str, Column], report: Report) -> Typed:
    """Type the answers on one scale; a column that can be read in two ways follows the others.

    Parameters
    ----------
    scale
        The scale.
    columns
        By statement, a column with a row for each respondent.
    report
        Is told of answers off the scale, and of columns that mix codes and labels.
    """
    answers = {name: _answers(column, _reader(scale)) for name, column in columns.items()}
    read_as = {name: _kind(answers[name]) for name in columns}
    settled = set(read_as.values()) & {"codes", "labels"}
    codes, n_unable = {}, 0
    for name, column in columns.items():
        if read_as[name] == "either" and len(settled) == 1:
            read_as[name] = min(settled)
        if read_as[name] in ("either", "neither"):
            _report_unreadable(column.place, scale, answers[name], report)
        else:
            values, unable = _stored_values(scale, answers[name], read_as[name])
            codes[name] = values[column.codes]
            n_unable += unable
    return Typed(codes, read_as, n_unable)


def _answers(column: Column, read: Callable[[str], _Reading]) -> list[_Answer]:
    """Return the distinct texts that stand in a column, with what they are."""
    counts = np.bincount(column.codes, minlength=len(column.levels)).tolist()
    return [
        _Answer(level, text, counts[level], read(text))
        for level, text in enumerate(column.levels)
        if counts[level]
    ]


def _reader(scale: Scale) -> Callable[[str], _Reading]:
    """Return the function that reads a text on a scale."""
    labels = {_folded(point.label): point.value for point in scale.points if point.label}
    values = {point.value for point in scale.points}

    def read(text: str) -> _Reading:
        folded = _folded(text)
        number = _WHOLE.fullmatch(folded)
        code = int(number[1]) if number else None
        state = _STATES.get(folded if code is None else str(code))
        if folded not in labels and state is not None:
            return _Reading(state)
        if folded in labels or code is not None:
            return _Reading(None, code if code in values else None, labels.get(folded))
        point = _agreed_point(folded, labels)
        return _Reading(None, point, point)

    return read


def _folded(text: str) -> str:
    """Return a text as labels are compared."""
    return " ".join(read_text(text).casefold().split())


def _agreed_point(folded: str, labels: Mapping[str, int]) -> int | None:
    """Return the point that a text names twice, as in “4 - very important”."""
    match = _CODE_THEN_LABEL.fullmatch(folded) or _LABEL_THEN_CODE.fullmatch(folded)
    if match is None or labels.get(match["label"]) != int(match["code"]):
        return None
    return int(match["code"])


def _kind(answers: Sequence[_Answer]) -> str:
    """Tell whether a column holds codes, labels, either of them, neither, or is empty."""
    readings = [answer.reading for answer in answers if answer.reading.state is None]
    if not readings:
        return "empty"
    codes = all(reading.as_code is not None for reading in readings)
    labels = all(reading.as_label is not None for reading in readings)
    if codes and labels:
        agree = all(reading.as_code == reading.as_label for reading in readings)
        return "codes" if agree else "either"
    return "codes" if codes else "labels" if labels else "neither"


def _stored_values(scale: Scale, answers: Sequence[_Answer], kind: str) -> tuple[Codes, int]:
    """Return what is stored for each level, and how many answers are “unable to rate”."""
    meanings = {point.value: point.meaning for point in scale.points}
    values = np.full(1 + max(answer.level for answer in answers), NO_ANSWER, dtype=np.int8)
    n_unable = 0
    for level, _, count, reading in answers:
        point = reading.as_code if kind == "codes" else reading.as_label
        if point is None:
            values[level] = NO_ANSWER if reading.state is None else reading.state
        else:
            values[level] = _STORED.get(meanings[point], point)
            n_unable += count * (meanings[point] == "unable to rate")
    return values, n_unable


def _report_unreadable(
    place: str, scale: Scale, answers: Sequence[_Answer], report: Report
) -> None:
    """Report answers off the scale, codes mixed with labels, and answers that may be both."""
    off, codes, labels = (
        [
            answer
            for answer in answers
            if answer.reading.state is None
            and (answer.reading.as_code is None, answer.reading.as_label is None) == lacks
        ]
        for lacks in ((True, True), (False, True), (True, False))
    )
    if off:
        points = "; ".join(f"{point.value} ({point.label})" for point in scale.points)
        meant = nearest(off[0].text, [point.label for point in scale.points])
        report(
            place,
            _counted(off, "answers off the scale"),
            f"points of “{scale.name}”: {points}",
            f"write “{meant}” for “{off[0].text}”" if meant else "correct the answers or the scale",
        )
    if codes and labels:
        report(
            place,
            f"{_counted(codes, 'codes')} and {_counted(labels, 'labels')}",
            "codes or labels, one kind in a column",
            "export the answers again, all as codes or all as labels",
        )
    if not off and not (codes and labels):
        first = scale.points[0]
        report(
            place,
            _counted(answers, f"answers that are points as well as other labels of “{scale.name}”"),
            "answers that can be read in one way",
            f"write points and labels together, such as “{first.value} = {first.label}”",
        )


def _counted(answers: Sequence[_Answer], what: str) -> str:
    """Say how many cells hold such answers, with examples."""
    examples = [shorten(answer.text, _LONGEST_EXAMPLE, placeholder=" …") for answer in answers]
    count = sum(answer.n_cells for answer in answers)
    return f"{count} {what} ({some(f'“{example}”' for example in examples)})"
