"""Reading exports of Alchemer: one header row, each header “row:question”."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

import pandas as pd

from rds.survey.export import ColumnRole, Export, ExportColumn
from rds.survey.platforms.files import ReceivedFile
from rds.survey.platforms.header_tables import (
    are_options,
    header_of,
    made_export,
    open_text,
    records,
    repeats_label,
    ticks,
    unique_names,
)
from rds.survey.platforms.opening import file_problem
from rds.survey.platforms.words import plain_text

_OWN: Mapping[str, ColumnRole] = {
    "Response ID": "respondent",
    "Time Started": "started",
    "Date Submitted": "submitted",
    "Status": "status",
    "Contact ID": "contact",
    "Language": "language",
    **dict.fromkeys(("Legacy Comments", "Comments", "Referer", "Extended Referer"), "personal"),
    **dict.fromkeys(("SessionID", "Session ID", "User Agent", "Extended User Agent"), "personal"),
    **dict.fromkeys(("IP Address", "Longitude", "Latitude", "Country", "City"), "personal"),
    **dict.fromkeys(("State/Region", "Postal", "Email", "First Name", "Last Name"), "personal"),
    "Tags": "technical",
}
_MARKS = {"Status", "SessionID", "Session ID", "Legacy Comments", "Extended User Agent"}
_ADDED = re.compile(r"URL Variable: .*|(Invite )?Custom Field( \d+)?")
_NUMBER = re.compile(r"\d+[a-z]?\s*[:.)]\s+(?=\S)")
_COLON = re.compile(r":(?=[^\s:])")
_LOOSE_COLON = re.compile(r":\s+(?=[^\s:])")
_OPEN = re.compile(r"other\b.*write.?in.*|comments?", re.IGNORECASE)
_STATUS = {"complete": "complete", "partial": "partial", "disqualified": "screened out"}
_LEFT_OUT = {
    "deleted": "deleted response",
    "test": "test response",
    "test data": "test response",
}


def recognise(file: ReceivedFile) -> bool:
    """Tell whether a file is an export of Alchemer, by the columns it adds to the answers."""
    header = {cell.strip() for cell in header_of(file)[1]}
    return bool(
        header & {"Time Started", "Date Submitted"}
        and header & _MARKS
        and len(header & {*_OWN}) > 2
    )


def read(file: ReceivedFile) -> Export:
    """Read an export of Alchemer, with reporting values or labels as they stand.

    Where a header is split into row and question shows in its neighbours: the question is what
    they end in. Rows may hold colons themselves.

    Raises
    ------
    InputError
        If the file is no such export, is damaged, or has a status that is not known.
    """
    number, header = header_of(file)
    if not recognise(file):
        raise file_problem(
            file.name,
            "a table without the columns that Alchemer adds" if header else "an empty file",
            "an export of Alchemer with at least Time Started, Date Submitted and Status",
            "export the answers again with the response data",
        )
    names = unique_names(header)
    frame, left_out = _kept(file, records(file, number, names), header)
    described, frame = _described([plain_text(cell) for cell in header], names, frame)
    return made_export(file, "alchemer", described, frame, left_out=left_out)


def _kept(
    file: ReceivedFile, frame: pd.DataFrame, header: Sequence[str]
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the responses with their status in our words, and how many were left out and why."""
    at = next((at for at, cell in enumerate(header) if cell.strip() == "Status"), None)
    if at is None:
        return frame, {}
    name = frame.columns[at]
    status = frame[name].str.strip().str.casefold()
    unknown = status[~status.isin([*_STATUS, *_LEFT_OUT, ""])]
    if len(unknown):
        raise file_problem(
            file.name,
            f"the status “{frame[name][unknown.index[0]]}”",
            "Complete, Partial or Disqualified",
            "remove these rows, or export these answers without them",
            place=f"row {unknown.index[0]}",
        )
    reasons = status.map(_LEFT_OUT)
    kept = frame[reasons.isna()].copy()
    kept[name] = status[reasons.isna()].map(_STATUS).fillna("").astype(str)
    return kept, dict(Counter(reasons.dropna()))


def _described(
    header: Sequence[str], names: Sequence[str], frame: pd.DataFrame
) -> tuple[list[ExportColumn], pd.DataFrame]:
    """Return what the headers say, and the answers with options marked as ticked or not."""
    first = _first_question(header)
    described = [
        ExportColumn(name, role=_OWN.get(cell, "personal"))
        for name, cell in zip(names[:first], header[:first], strict=True)
    ]
    asked = split_headers(_without_numbers(header[first:]))
    for _, run in groupby(_blocks(asked), key=lambda block: block[0]):
        group = [first + at for _, at in run]
        labels = [asked[at - first][0] for at in group]
        question = asked[group[0] - first][1]
        columns = [ExportColumn(names[at], question_text=question) for at in group]
        more, frame = _question(columns, labels, frame)
        described += more
    return described, frame


def _first_question(header: Sequence[str]) -> int:
    """Return the position of the first column that Alchemer does not add itself.

    A header of Alchemer's that stands there a second time is a question of that name.
    """
    return next(
        (
            at
            for at, cell in enumerate(header)
            if (cell not in _OWN and not _ADDED.fullmatch(cell)) or cell in header[:at]
        ),
        len(header),
    )


def _without_numbers(header: Sequence[str]) -> list[str]:
    """Return headers without the numbers of the questions, if every header has one.

    Examples
    --------
    >>> _without_numbers(["2: Tees:Which do you wear?", "3: Why?"])
    ['Tees:Which do you wear?', 'Why?']
    """
    numbered = all(_NUMBER.match(cell) for cell in header if cell)
    return [_NUMBER.sub("", cell, count=1) if numbered else cell for cell in header]


def split_headers(header: Sequence[str]) -> list[tuple[str, str]]:
    """Return label and question of every header.

    The question is what most neighbours end in after a colon, and of several such endings the
    longest; a header that shares none with a neighbour is a question as a whole. A blank after
    the colon belongs to row or question, and so splits only where nothing else does.

    Examples
    --------
    >>> split_headers(["Why?", "Plan: short:Rate: how?", "Ratio 1:2:Rate: how?", "Other::Why?"])
    [('', 'Why?'), ('Plan: short', 'Rate: how?'), ('Ratio 1:2', 'Rate: how?'), ('', 'Other::Why?')]
    >>> split_headers(["Data: What for?", "Web: What for?", "Other::What for?"])
    [('Data', 'What for?'), ('Web', 'What for?'), ('Other:', 'What for?')]
    """
    splits = [[("", cell), *_split_at(_COLON, cell)] for cell in header]
    loose = [_split_at(_LOOSE_COLON, cell) for cell in header]
    endings = [
        {question for _, question in (*found, *more)}
        for found, more in zip(splits, loose, strict=True)
    ]

    def run(at: int, question: str) -> int:
        """Count the neighbours that end in a question."""
        after = next((n for n in range(at, len(header)) if question not in endings[n]), len(header))
        before = next((n for n in range(at, -1, -1) if question not in endings[n]), -1)
        return after - before - 1

    def best(at: int) -> tuple[str, str]:
        """Return the split of a header that most neighbours share."""
        for found in (splits[at], loose[at]):
            told = max(found, key=lambda split: (run(at, split[1]), len(split[1])), default=None)
            if told is not None and run(at, told[1]) > 1:
                return told
        return "", header[at]

    return [best(at) for at in range(len(header))]


def _split_at(colon: re.Pattern[str], cell: str) -> list[tuple[str, str]]:
    """Return the ways to split a header at colons of a kind into label and question."""
    return [(cell[: m.start()].strip(), cell[m.end() :]) for m in colon.finditer(cell, 1)]


def _blocks(asked: Sequence[tuple[str, str]]) -> list[tuple[int, int]]:
    """Return number of the question and position for every column.

    A question goes on while its text stays the same and no label comes again.
    """
    blocks: list[tuple[int, int]] = []
    seen: set[str] = set()
    for at, (label, question) in enumerate(asked):
        if (
            not at
            or question != asked[at - 1][1]
            or (label in seen and not _OPEN.fullmatch(label))
            or not label
        ):
            seen = set()
            blocks.append((at, at))
        else:
            blocks.append((blocks[-1][0], at))
        seen.add(label)
    return blocks


def _question(
    columns: list[ExportColumn], labels: list[str], frame: pd.DataFrame
) -> tuple[list[ExportColumn], pd.DataFrame]:
    """Return what is known of a question's columns, and the answers with its options marked."""
    if not labels[0]:
        others = [open_text(*other) for other in zip(columns[1:], labels[1:], strict=True)]
        return [_whole(columns[0], frame[columns[0].name]), *others], frame
    is_open = [
        bool(_OPEN.fullmatch(label)) and not repeats_label(frame[column.name], label)
        for column, label in zip(columns, labels, strict=True)
    ]
    picked = [at for at in range(len(labels)) if not is_open[at]]
    beside = [column.name for column, other in zip(columns, is_open, strict=True) if other]
    described, frame = _lines(
        [columns[at] for at in picked], [labels[at] for at in picked], frame, beside
    )
    lines = iter(described)
    return [
        open_text(columns[at], label) if is_open[at] else next(lines)
        for at, label in enumerate(labels)
    ], frame


def _whole(column: ExportColumn, cells: pd.Series[str]) -> ExportColumn:
    """Return the one column of a question, or a column without header that holds nothing."""
    if not column.question_text and not (cells != "").any():
        return replace(column, role="technical")
    return replace(column, separator=";" if cells.str.contains(";", regex=False).any() else "")


def _lines(
    columns: list[ExportColumn], labels: list[str], frame: pd.DataFrame, beside: Sequence[str]
) -> tuple[list[ExportColumn], pd.DataFrame]:
    """Return the columns of a grid's rows, of options, or of both, and the options marked."""
    shown = frame[[column.name for column in columns]]
    grid = _ticked_grid(labels, shown)
    if grid is not None:
        described = [
            replace(column, row_text=row, option_text=option)
            for column, (option, row) in zip(columns, grid, strict=True)
        ]
        for row in dict.fromkeys(row for _, row in grid):
            line = [column.name for column in described if column.row_text == row]
            frame = frame.assign(**ticks(frame, line))
        return described, frame
    pairs = list(zip(columns, labels, strict=True))
    if are_options(shown, labels):
        marked = frame.assign(**ticks(frame, list(shown.columns), beside))
        return [replace(column, option_text=label) for column, label in pairs], marked
    return [
        replace(column, row_text=label, position=line)
        for line, (column, label) in enumerate(pairs, 1)
    ], frame


def _ticked_grid(labels: Sequence[str], frame: pd.DataFrame) -> list[tuple[str, str]] | None:
    """Return option and row of every column of a checkbox grid, “option:row”; None for no such.

    Every row has the same options in the same order, and each column holds its option only.
    """
    for width in range(2, len(labels) // 2 + 1):
        if len(labels) % width:
            continue
        for mark in _COLON.finditer(labels[0], 1):
            ending = labels[0][mark.start() :]
            options = [label.removesuffix(ending) for label in labels[:width]]
            rows = [label.removeprefix(f"{options[0]}:") for label in labels[::width]]
            pairs = [(option, row) for row in rows for option in options]
            filled = [at for at in range(len(labels)) if (frame.iloc[:, at] != "").any()]
            holds = all(repeats_label(frame.iloc[:, at], pairs[at][0]) for at in filled)
            if filled and holds and [f"{option}:{row}" for option, row in pairs] == list(labels):
                return pairs
    return None
