"""The header rows of a Qualtrics export: names, question texts and Qualtrics' own identifiers."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple

from rds.survey.platforms.files import ReceivedFile
from rds.survey.platforms.opening import file_problem, holds_anything
from rds.survey.platforms.words import plain_text

Style = Literal["modern", "2016", "legacy", "two rows"]

METADATA = frozenset(
    {
        "StartDate",
        "EndDate",
        "Status",
        "IPAddress",
        "Progress",
        "Duration (in seconds)",
        "Finished",
        "RecordedDate",
        "ResponseId",
        "ResponseID",
        "ResponseSet",
        "RecipientLastName",
        "RecipientFirstName",
        "RecipientEmail",
        "ExternalReference",
        "ExternalDataReference",
        "LocationLatitude",
        "LocationLongitude",
        "DistributionChannel",
        "UserLanguage",
    }
)
_DISTINCTIVE = frozenset(
    {
        "Duration (in seconds)",
        "RecordedDate",
        "ResponseId",
        "ResponseSet",
        "ExternalReference",
        "DistributionChannel",
        "UserLanguage",
    }
)
_LEGACY_NAMES = tuple(f"V{number}" for number in range(1, 11))
_LEGACY_LABELS = (
    "ResponseID",
    "ResponseSet",
    "Name",
    "ExternalDataReference",
    "EmailAddress",
    "IPAddress",
    "Status",
    "StartDate",
    "EndDate",
    "Finished",
)
_IMPORT_ID = re.compile(r"""\{\s*["']ImportId["']\s*:""")
_ANSWERED = re.compile(r"R_\w{9,}|\d{4}-\d\d-\d\d[ T].*|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b.*")
_OF_ANSWERS = ("ImportId", "choiceId", "timeZone")
_FEWEST_METADATA = 3
_FEWEST_LEGACY = 5
_WANTED = "the header rows as Qualtrics writes them: names, question texts, identifiers"
_AGAIN = "export the answers again from Qualtrics as CSV and leave the header rows as they are"


class Header(NamedTuple):
    """What the header rows say of a column.

    `name` is unique; `header` is the first row's cell, or for the first ten columns of a legacy
    export the label that says what they are. `import_id` and `choice_id` are empty where the file
    has none.
    """

    name: str
    header: str
    text: str
    import_id: str
    choice_id: str


class Layout(NamedTuple):
    """The header rows: how they are written, where the answers begin, and the columns."""

    style: Style
    first_row: int
    headers: tuple[Header, ...]


def recognise(file: ReceivedFile) -> bool:
    """Tell by its first rows whether a file is an export of Qualtrics."""
    if file.kind not in ("text", "workbook"):
        return False
    filled = [row for row in file.head if holds_anything(list(row))]
    return bool(filled) and (
        any(_is_identifiers(row) for row in filled[:6])
        or _is_legacy(filled)
        or _names_metadata(filled[0])
    )


def read_layout(file: ReceivedFile) -> Layout:
    """Return the header rows of an export.

    Raises
    ------
    InputError
        If a header row is missing, doubled, damaged or not in its place.
    """
    numbers = [n for n, row in enumerate(file.head) if holds_anything(list(row))]
    rows = [file.head[number] for number in numbers]
    found = [place for place, row in enumerate(rows) if _is_identifiers(row)]
    _refuse_misplaced(file.name, found, numbers)
    if found:
        return _three_rows(file.name, rows, numbers)
    return _two_rows(file.name, rows, numbers)


def is_header_again(row: Sequence[str], layout: Layout) -> bool:
    """Tell whether a row below the header rows is one of them once more."""
    pairs = list(zip(row, layout.headers, strict=False))
    return (
        _is_identifiers(row)
        or all(cell.strip() in (header.header, header.name) for cell, header in pairs)
        or all(plain_text(cell) == header.text for cell, header in pairs)
    )


def _is_identifiers(row: Sequence[str]) -> bool:
    """Tell whether a row holds Qualtrics' identifiers."""
    return any("ImportId" in cell and _IMPORT_ID.match(cell.strip()) for cell in row)


def _is_legacy(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether columns are named V1 to V10 and labelled as only Qualtrics does."""
    names, labels = ({cell.strip() for cell in row} for row in (*rows[:2], (), ())[:2])
    return min(len(names & set(_LEGACY_NAMES)), len(labels & set(_LEGACY_LABELS))) >= (
        _FEWEST_LEGACY
    )


def _names_metadata(row: Sequence[str]) -> bool:
    """Tell whether a row names columns as only Qualtrics does."""
    names = {cell.strip() for cell in row}
    known = names & METADATA
    if len(names & set(_LEGACY_NAMES)) >= _FEWEST_LEGACY:
        return bool(known)
    return len(known) >= _FEWEST_METADATA and bool(known & _DISTINCTIVE)


def _refuse_misplaced(file: str, found: list[int], numbers: list[int]) -> None:
    """Refuse a row of identifiers that is not the third, and a second one."""
    if len(found) > 1:
        raise file_problem(
            file, "the header rows twice", _WANTED, _AGAIN, place=f"row {numbers[found[1]] + 1}"
        )
    if found and found[0] != 2:
        missing = "row is missing" if found[0] == 1 else "rows are missing"
        what = f"{2 - found[0]} header {missing}" if found[0] < 2 else "a row too many"
        raise file_problem(
            file,
            f"Qualtrics' identifiers in row {numbers[found[0]] + 1}: {what} above them",
            _WANTED,
            _AGAIN,
        )


def _three_rows(file: str, rows: list[tuple[str, ...]], numbers: list[int]) -> Layout:
    """Return the layout of an export with names, texts and identifiers."""
    names, texts, identifiers = rows[:3]
    parsed = [_identifier(file, number, cell) for number, cell in enumerate(identifiers, 1)]
    old = any(cell.strip().startswith("{'") for cell in identifiers)
    headers = _headers(names, texts, parsed)
    return Layout("2016" if old else "modern", numbers[2] + 2, headers)


def _two_rows(file: str, rows: list[tuple[str, ...]], numbers: list[int]) -> Layout:
    """Return the layout of an export with names and texts only."""
    texts = rows[1] if len(rows) > 1 else ()
    labelled = zip(rows[0], texts, strict=False)
    answered = any(
        _ANSWERED.fullmatch(text.strip())
        for name, text in labelled
        if name.strip() in METADATA or name.strip() in _LEGACY_NAMES
    )
    if not texts or answered:
        raise file_problem(
            file, "one header row", _WANTED, _AGAIN, place=f"row {numbers[0] + 1 if numbers else 1}"
        )
    if list(texts) == list(rows[0]):
        raise file_problem(
            file, "the header row twice", _WANTED, _AGAIN, place=f"row {numbers[1] + 1}"
        )
    legacy = _is_legacy(rows)
    labels = dict(zip(_LEGACY_NAMES, _LEGACY_LABELS, strict=True)) if legacy else {}
    names = [labels.get(name.strip(), name) for name in rows[0]]
    headers = _headers(names, texts, [("", "")] * len(names), shown=rows[0])
    return Layout("legacy" if legacy else "two rows", numbers[1] + 2, headers)


def _headers(
    names: Sequence[str],
    texts: Sequence[str],
    identifiers: Sequence[tuple[str, str]],
    *,
    shown: Sequence[str] | None = None,
) -> tuple[Header, ...]:
    """Return the columns, those at the end left out that no header row names."""
    bare = [name.strip() for name in names]
    times = Counter(name.strip() for name in shown or names)
    headers = [
        Header(_unique(visible.strip(), number, times), name, plain_text(text), *identifier)
        for number, (name, visible, text, identifier) in enumerate(
            zip(bare, shown or names, texts, identifiers, strict=False), 1
        )
    ]
    while headers and not any((headers[-1].header, headers[-1].text, headers[-1].import_id)):
        headers.pop()
    return tuple(headers)


def _unique(name: str, number: int, times: Counter[str]) -> str:
    """Return a name that no other column has."""
    if not name:
        return f"column {number}"
    return f"{name} (column {number})" if times[name] > 1 else name


def _identifier(file: str, number: int, cell: str) -> tuple[str, str]:
    """Return the ImportId and the choiceId of a column; empty for a column that was added."""
    text = cell.strip()
    if not _IMPORT_ID.match(text):
        return "", ""
    try:
        parsed = json.loads(text) if text.startswith('{"') else ast.literal_eval(text)
        # Points of a heat map share the identifier of their question: tell them from an answer.
        more = [name for name in parsed if name not in _OF_ANSWERS]
        return "_".join([str(parsed["ImportId"]), *more]), str(parsed.get("choiceId", ""))
    except (ValueError, SyntaxError, KeyError, TypeError, AttributeError):
        raise file_problem(
            file, f"a damaged identifier “{text}”", _WANTED, _AGAIN, place=f"column {number}"
        ) from None
