"""What a Qualtrics export says of its columns, with or without the survey file as codebook."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rds.survey.export import ExportColumn
from rds.survey.platforms.qualtrics_codebook import SurveyQuestion
from rds.survey.platforms.qualtrics_layout import METADATA, Header, Style
from rds.survey.platforms.words import comparable

_QUESTION_ID = re.compile(
    r"(?P<loop>(?:[^_#]+_)*)(?P<question>QID\d+(?:#\d+)?)"
    r"(?P<numbers>(?:[-_]x?\d+)*)(?P<text>(?:[-_]TEXT)?)"
)
_NUMBER_AT_END = re.compile(r"(?P<tag>.+)_(?P<number>-?\d+)(?P<text>(?:_TEXT)?)")
_TECHNICAL = re.compile(
    r".+_DO(?:_.+)?|FL_\d+.*|SC\d+|Q_.+"
    r"|.+_(?:First Click|Last Click|Page Submit|Click Count"
    r"|Browser|Version|Operating System|Resolution)"
)
_NOT_ASKED = ("Timing", "Meta", "Captcha", "DB", "FileUpload", "Draw", "HeatMap", "HotSpot")
_CUT = "..."
_CHOSEN = " - Selected Choice"
_PIPED = ("${", "[Field-", "[QID")
_JOINT = re.compile(r"\s*[-:]\s*")


class Place(NamedTuple):
    """Where a column stands: its loop, its question, and Qualtrics' numbers of row and option."""

    loop: str
    question: str
    numbers: tuple[str, ...]
    is_text: bool


class Asked(NamedTuple):
    """A column that holds answers: its header, its place, and its question in the codebook."""

    header: Header
    place: Place
    question: SurveyQuestion | None

    @property
    def group(self) -> tuple[str, str]:
        """What all columns of one question share."""
        return self.place.loop, self.place.question

    @property
    def ticks(self) -> bool:
        """Whether it holds one option of several that can be chosen."""
        if self.place.is_text:
            return False
        if self.header.choice_id:
            return True
        needed = 1 if self.question and self.question.kind == "MC" else 2
        return bool(
            self.question and self.question.takes_several and len(self.place.numbers) == needed
        )


class Split(NamedTuple):
    """A text of the second header row, taken apart."""

    question: str
    row: str
    option: str


def asked_columns(
    headers: Sequence[Header], style: Style, codebook: Mapping[str, SurveyQuestion] | None
) -> dict[str, Asked]:
    """Return the columns that hold answers to questions, by name."""
    places = (
        ((header, _place_by_id(header)) for header in headers)
        if style in ("modern", "2016")
        else _places_by_name(headers, codebook or {})
    )
    asked = [
        Asked(header, place, (codebook or {}).get(place.question))
        for header, place in places
        if place is not None
    ]
    return {
        column.header.name: column
        for column in asked
        if column.question is None or column.question.kind not in _NOT_ASKED
    }


def strangers(asked: Iterable[Asked]) -> list[Asked]:
    """Return the columns whose name cannot come from their question in the codebook."""
    return [
        column
        for column in asked
        if column.question is not None and not _can_be_named(column, column.question)
    ]


def describe(asked: Mapping[str, Asked], style: Style) -> dict[str, ExportColumn]:
    """Return what is known of every column that holds answers, by name."""
    groups: dict[tuple[str, str], list[Asked]] = defaultdict(list)
    for column in asked.values():
        groups[column.group].append(column)
    separator = " - " if style in ("modern", "two rows") else "-"
    described = {}
    for group in groups.values():
        positions = _positions(group)
        for column, split in zip(group, _splits(group, separator), strict=True):
            name = column.header.name
            described[name] = (
                _by_codebook(column, column.question, split)
                if column.question
                else _by_header(column, split, positions.get(name, 0))
            )
    return described


def agrees(column: Asked) -> bool:
    """Tell whether the file shows the question as the codebook has it; texts piped in may differ.

    A label that replaces the question's text, or a text cut short, counts as the question.
    """
    if column.question is None:
        return True
    shown = _without_joints(column.header.text)
    wanted = column.question.texts
    if any(piped in text for text in (*wanted, column.header.text) for piped in _PIPED):
        return True
    texts = [text for text in wanted if text] or [column.question.tag]
    return any(shown.startswith(_without_joints(text)) for text in texts)


def _without_joints(text: str) -> str:
    """Return a text as two texts are compared whose parts Qualtrics joins in several ways."""
    return _JOINT.sub("-", comparable(text))


def _place_by_id(header: Header) -> Place | None:
    """Return the place that Qualtrics' identifier names; None when it names no question."""
    match = _QUESTION_ID.fullmatch(header.import_id)
    if match is None:
        return None
    numbers = tuple(re.findall(r"x?\d+", match["numbers"]))
    # An answer typed into a question of its own has an identifier that ends in TEXT as well.
    is_text = bool(match["text"]) and header.header.upper().endswith("_TEXT")
    if header.choice_id:
        numbers = (*numbers, header.choice_id)
    return Place(match["loop"], match["question"], numbers, is_text)


def _places_by_name(
    headers: Sequence[Header], codebook: Mapping[str, SurveyQuestion]
) -> Iterator[tuple[Header, Place | None]]:
    """Yield the place of every column of a file without identifiers."""
    names: dict[str, list[Place]] = defaultdict(list)
    for question in codebook.values():
        for name, place in _names(question):
            names[name.casefold()].append(place)
    grouped = defaultdict(list)
    for header in headers:
        if match := _NUMBER_AT_END.fullmatch(header.header):
            grouped[match["tag"]].append(header)
    for header in headers:
        yield header, _place_in_codebook(header, names, codebook) or _place_by_name(header, grouped)


def _place_in_codebook(
    header: Header, names: Mapping[str, list[Place]], codebook: Mapping[str, SurveyQuestion]
) -> Place | None:
    """Return the only place in the codebook that has this name and this text."""
    fitting = {
        place
        for place in names.get(header.header.casefold(), ())
        if _fits(header, place, codebook[place.question])
    }
    return fitting.pop() if len(fitting) == 1 else None


def _fits(header: Header, place: Place, question: SurveyQuestion) -> bool:
    """Tell whether the text in the file is that of a question and its row or option."""
    number = place.numbers[0] if place.numbers else ""
    part = comparable(question.rows.get(number, question.options.get(number, "")))
    column = Asked(header, place, question)
    return agrees(column) and part in comparable(header.text)


def _place_by_name(header: Header, grouped: Mapping[str, list[Header]]) -> Place | None:
    """Return a place from the name alone: a number at the end counts if others share its start."""
    name = header.header
    is_field = name.casefold() == header.text.casefold()
    if not name or is_field or name in METADATA or _TECHNICAL.fullmatch(name):
        return None
    match = _NUMBER_AT_END.fullmatch(name)
    if match and len(grouped[match["tag"]]) > 1:
        return Place("", match["tag"], (match["number"],), bool(match["text"]))
    if name.upper().endswith("_TEXT"):
        return Place("", name[: -len("_TEXT")], (), True)
    return Place("", name, (), False)


def _names(question: SurveyQuestion) -> Iterator[tuple[str, Place]]:
    """Yield the names that the columns of a question may have, and their places."""
    tag, asked = question.tag, question.identifier
    yield tag, Place("", asked, (), False)
    yield f"{tag}_TEXT", Place("", asked, (), True)
    if question.kind == "MC":
        parts = {f"{tag}_{code}": number for number, code in question.codes.items()}
        parts |= {f"{tag}_{number}": number for number in question.options}
        for name, number in parts.items():
            yield name, Place("", asked, (number,), False)
            yield f"{name}_TEXT", Place("", asked, (number,), True)
    for position, number in enumerate(question.rows, 1):
        for name in _row_names(question, position, number):
            yield name, Place("", asked, (number,), False)
            yield f"{name}_TEXT", Place("", asked, (number,), True)
            for option_position, option in enumerate(question.options, 1):
                for end in {str(option_position), question.codes[option]}:
                    yield f"{name}_{end}", Place("", asked, (number, option), False)
                    yield f"{name}_{end}_TEXT", Place("", asked, (number, option), True)


def _row_names(question: SurveyQuestion, position: int, number: str) -> set[str]:
    """Return the names that the column of a row may have."""
    tag, row_tag = question.tag, question.row_tags.get(number)
    numbered = {f"{tag}_{position}" if "atrix" in question.kind else f"{tag}_{number}"}
    if not row_tag:
        return numbered
    side = tag.rpartition("#")[2]
    tagged = {row_tag, f"{tag}_{row_tag}", f"{tag}{row_tag}"}
    # A column of a side-by-side question puts its number behind the row's tag.
    by_side = {f"{row_tag}: {side}", f"{tag}_{row_tag}_{side}"} if "#" in tag else set()
    return numbered | tagged | by_side


def _can_be_named(column: Asked, question: SurveyQuestion) -> bool:
    """Tell whether a column's name begins as the names of its question do."""
    name = column.header.header.casefold().removeprefix(column.place.loop.casefold())
    # An export may be made with Qualtrics' own identifiers instead of the tags.
    starts = (question.tag, question.identifier, *question.row_tags.values())
    return any(name.startswith(start.casefold()) for start in starts if start)


def _positions(group: Sequence[Asked]) -> dict[str, int]:
    """Return the rows' positions if the names of the columns number them from 1 without a gap."""
    rows = [
        column
        for column in group
        if len(column.place.numbers) == 1 and not column.ticks and not column.place.is_text
    ]
    if any(column.header.header == column.header.import_id for column in rows):
        return {}
    matches = [_NUMBER_AT_END.fullmatch(column.header.header) for column in rows]
    numbers = [int(match["number"]) for match in matches if match]
    if sorted(numbers) != list(range(1, len(rows) + 1)):
        return {}
    names = (column.header.name for column in rows)
    return dict(zip(names, numbers, strict=True))


def _splits(group: Sequence[Asked], separator: str) -> list[Split]:
    """Take the texts of a question's columns apart where its columns begin to differ."""
    texts = [column.header.text for column in group]
    if not any(column.place.numbers or column.place.is_text for column in group):
        return [Split(text.removesuffix(_CHOSEN), "", "") for text in texts]
    start = _shared_start(texts, separator)
    return [_split(column, group, start, separator) for column in group]


def _split(column: Asked, group: Sequence[Asked], start: str, separator: str) -> Split:
    """Take the text of one column apart."""
    text = column.header.text
    if not column.place.numbers and not column.place.is_text:
        return Split(start or text, "", "")
    alike = [
        other.header.text
        for other in group
        if other.place.is_text == column.place.is_text and other.place.numbers
    ]
    shared = _shared_start(alike, separator) if column.ticks else start
    rest = text.removeprefix(shared or start).removeprefix(separator) if start else text
    if column.place.is_text:
        return Split(start or text, "", rest.rpartition(separator)[0] or rest if start else "")
    if column.ticks and len(column.place.numbers) == 1:
        return Split(start or text, "", rest)
    if len(column.place.numbers) == 1:
        return Split(start or text, rest if start else "", "")
    row = [
        other.header.text
        for other in group
        if other.place.numbers[:1] == column.place.numbers[:1] and not other.place.is_text
    ]
    row_start = _shared_start(row, separator)
    row_text = row_start.removeprefix(start).removeprefix(separator)
    return Split(start or text, row_text, text.removeprefix(row_start).removeprefix(separator))


def _shared_start(texts: Iterable[str], separator: str) -> str:
    """Return the longest start, up to a separator, that all texts share; of one text, the last.

    Where Qualtrics cut the question short, the question ends there.
    """
    distinct = sorted(set(texts))
    if not distinct:
        return ""
    cut = distinct[0].find(_CUT + separator)
    starts = [
        distinct[0][: match.start()] for match in re.finditer(re.escape(separator), distinct[0])
    ]
    if separator == "-" and cut >= 0:
        starts = [distinct[0][: cut + len(_CUT)]]
    shared = (
        start
        for start in reversed(starts)
        if all(text.startswith(start + separator) for text in distinct)
    )
    return next(shared, "")


def _by_header(column: Asked, split: Split, position: int) -> ExportColumn:
    """Describe a column by what its header rows say."""
    header, place = column.header.header, column.place
    bare = header[: -len("_TEXT")] if place.is_text else header
    ends = bare.rsplit("_", len(place.numbers))
    numbered = len(ends) == 1 + len(place.numbers) and all(
        re.fullmatch(r"-?\d+", end) for end in ends[1:]
    )
    is_option = bool(place.numbers) and (column.ticks or place.is_text or len(place.numbers) > 1)
    return ExportColumn(
        name=column.header.name,
        question=ends[0] if numbered else bare,
        option=ends[-1] if numbered and is_option else "",
        question_text=split.question.removesuffix(_CHOSEN),
        row_text=split.row,
        option_text=split.option,
        position=int(ends[1]) if numbered and len(place.numbers) > 1 else position,
        is_open_text=place.is_text,
    )


def _by_codebook(column: Asked, question: SurveyQuestion, split: Split) -> ExportColumn:
    """Describe a column by its question in the codebook; words that differ are the file's."""
    place = column.place
    numbers = list(place.numbers)
    row = numbers.pop(0) if numbers and question.kind != "MC" else ""
    option = numbers.pop(0) if numbers else ""
    whole = question.kind == "MC" and not place.numbers
    rated = (whole or question.kind == "Matrix") and not place.is_text and not column.ticks
    same = agrees(column) and not any(mark in column.header.text for mark in _PIPED)
    row_text = question.rows.get(row, "")
    row_tag = question.row_tags.get(row, "")
    shown_tag = row_tag and row_tag.casefold() in column.header.header.casefold()
    is_typed = question.kind in ("TE", "typed matrix")
    return ExportColumn(
        name=column.header.name,
        question=place.loop + question.tag,
        row=row_tag if shown_tag else "",
        option=question.codes.get(option, option),
        question_text=question.texts[0] or split.question if same else split.question,
        row_text=row_text if _is_shown(row_text, column) else split.row,
        option_text=question.options.get(option, split.option),
        position=list(question.rows).index(row) + 1 if row in question.rows else 0,
        labels=question.labels if rated and agrees(column) else {},
        separator="," if whole and question.takes_several and not place.is_text else "",
        is_open_text=place.is_text and not is_typed,
    )


def _is_shown(text: str, column: Asked) -> bool:
    """Tell whether the file shows a row's text."""
    return not column.header.text or comparable(text) in comparable(column.header.text)
