"""Grids of SurveyMonkey's expanded exports: one column an answer, made one column a row again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from rds.errors import InputError
from rds.survey.export import ExportColumn
from rds.survey.platforms.files import ReceivedFile
from rds.survey.platforms.opening import file_problem
from rds.survey.platforms.words import comparable

_JOIN = " - "


class _Spread(NamedTuple):
    """A way to read labels: the rows, and the options that each has a column for.

    Options are empty where the labels name the row only.
    """

    rows: tuple[str, ...]
    options: tuple[str, ...]

    @property
    def width(self) -> int:
        """Number of columns a row."""
        return len(self.options)


def condensed(
    file: ReceivedFile, question: str, labels: list[str], frame: pd.DataFrame
) -> tuple[list[ExportColumn], pd.DataFrame] | None:
    """Return one column a row of a grid that the file spreads over one column an answer.

    Parameters
    ----------
    file
        The file, for errors.
    question
        The question's text.
    labels
        The label of every column: the row, or “row - option”.
    frame
        The answers, a column a label.

    Returns
    -------
    tuple or None
        What is known of the rows, and their answers; None if nothing is spread.

    Raises
    ------
    InputError
        If the columns are spread, but do not say for certain what was answered.
    """
    by_row = _by_row(labels)
    if by_row is not None:
        if not _is_certain(by_row, frame) or not _is_single(by_row, frame):
            raise _uncertain(file, question)
        return _joined(question, by_row, frame)
    spread = [found for found in _by_option(labels) if _shows_options(found, frame)]
    if not spread:
        return None
    if len(spread) > 1 or not _is_single(spread[0], frame):
        raise _uncertain(file, question)
    return _joined(question, spread[0], frame)


def _by_row(labels: list[str]) -> _Spread | None:
    """Return the rows if each label stands there equally often, and more than once, in a run."""
    rows = tuple(dict.fromkeys(labels))
    width = len(labels) // len(rows)
    in_runs = [row for row in rows for _ in range(width)] == labels
    return _Spread(rows, ("",) * width) if width > 1 and in_runs else None


def _by_option(labels: list[str]) -> Iterator[_Spread]:
    """Yield the ways to read labels as “row - option”, with the same options in every row."""
    for width in range(2, len(labels) + 1):
        if len(labels) % width:
            continue
        parts = labels[0].split(_JOIN)
        for cut in range(1, len(parts)):
            row = _JOIN.join(parts[:cut]) + _JOIN
            block = labels[:width]
            if all(label.startswith(row) for label in block):
                options = tuple(label.removeprefix(row) for label in block)
                rows = tuple(_row(label, options[0]) for label in labels[::width])
                spread = _Spread(rows, options)
                if len(set(options)) == width and _labels(spread) == labels:
                    yield spread


def _row(label: str, option: str) -> str:
    """Return the row of a label, given the option it ends with."""
    return label.removesuffix(f"{_JOIN}{option}")


def _labels(spread: _Spread) -> list[str]:
    """Return the labels that a way of reading them gives."""
    return [f"{row}{_JOIN}{option}" for row in spread.rows for option in spread.options]


def _values(spread: _Spread, frame: pd.DataFrame) -> list[set[str]]:
    """Return what the columns of every option hold, over all rows."""
    return [
        {cell for name in frame.columns[at :: spread.width] for cell in frame[name].unique()} - {""}
        for at in range(spread.width)
    ]


def _is_certain(spread: _Spread, frame: pd.DataFrame) -> bool:
    """Tell whether every option's columns hold one value, and no two options the same."""
    values = _values(spread, frame)
    alone = [cells for cells in values if cells]
    return all(len(cells) == 1 for cells in alone) and len(set().union(*alone)) == len(alone)


def _shows_options(spread: _Spread, frame: pd.DataFrame) -> bool:
    """Tell whether the answers are those that the labels name, or one number an option."""
    values = _values(spread, frame)
    if not _is_certain(spread, frame) or not any(values):
        return False
    named = all(
        comparable(cell) == comparable(option)
        for option, cells in zip(spread.options, values, strict=True)
        for cell in cells
    )
    numbered = all(cell.isdigit() for cells in values for cell in cells)
    return named or (numbered and sum(map(bool, values)) > 1 and _is_single(spread, frame))


def _is_single(spread: _Spread, frame: pd.DataFrame) -> bool:
    """Tell whether nobody gave two answers to a row."""
    return all((block != "").sum(axis=1).le(1).all() for block in _blocks(spread, frame))


def _blocks(spread: _Spread, frame: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the columns of every row."""
    starts = range(0, frame.shape[1], spread.width)
    return [frame.iloc[:, start : start + spread.width] for start in starts]


def _joined(
    question: str, spread: _Spread, frame: pd.DataFrame
) -> tuple[list[ExportColumn], pd.DataFrame]:
    """Return one column a row, holding the one answer given."""
    columns, cells = [], {}
    blocks = _blocks(spread, frame)
    for position, (row, block) in enumerate(zip(spread.rows, blocks, strict=True), 1):
        name = f"{question} - {row} ({block.columns[0]}, and {spread.width - 1} more)"
        columns.append(ExportColumn(name, question_text=question, row_text=row, position=position))
        cells[name] = block.agg("".join, axis=1)
    return columns, pd.DataFrame(cells, index=frame.index, dtype=str)


def _uncertain(file: ReceivedFile, question: str) -> InputError:
    """Return the error for a grid whose columns cannot be put together."""
    return file_problem(
        file.name,
        f"more than one answer in a row of the grid “{question}”, in columns that do not say which",
        "one answer a row, or one column a row",
        "export all individual responses again with the columns “condensed”",
    )
