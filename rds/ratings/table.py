"""An export as columns that keep each distinct text once, and whose each row is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rds.errors import InputError, Problem, nearest
from rds.ratings.mapping import ColumnMap, some
from rds.survey.export import Export
from rds.values import read_text

Pair = tuple[str, str]
"""A statement and the scale it is rated on."""

Positions = NDArray[np.integer[Any]]
Texts = NDArray[np.object_]

Report = Callable[[str, str, str, str], None]
"""Takes place, found, wanted and mend of a problem."""


class Column(NamedTuple):
    """A column of text: `levels` are its distinct texts, `codes` their positions, row by row."""

    place: str
    levels: list[str]
    codes: Positions

    def texts(self) -> Texts:
        """Return the text of each row."""
        texts: Texts = np.array(self.levels, dtype=object)[self.codes]
        return texts


class Table(NamedTuple):
    """The columns that are read, the numbers of the rows, and how many rows were left out."""

    columns: dict[str, Column]
    rows: Positions
    n_empty: int


class People(NamedTuple):
    """What the platform calls the respondents, and whose each row is."""

    identifiers: list[str]
    of_row: Positions


def encode(export: Export, columns: ColumnMap) -> Table:
    """Read an export block by block; rows that hold nothing are left out and counted.

    Raises
    ------
    InputError
        When no row is left.
    """
    names = [columns.respondent, columns.group, columns.wave, *columns.demographics]
    names += [*columns.ratings, *columns.options, *columns.extras, *(columns.answers or ())]
    levels: dict[str, dict[str, int]] = {name: {} for name in names if name}
    codes: dict[str, list[Positions]] = {name: [] for name in levels}
    rows, n_empty = [], 0
    for block in export.blocks():
        kept = block[(block != "").any(axis=1)]
        n_empty += len(block) - len(kept)
        rows.append(kept.index.to_numpy())
        for name, known in levels.items():
            codes[name].append(_positions(kept[name], known))
    if not sum(map(len, rows)):
        raise InputError([nobody(export, export.left_out)])
    encoded = {
        name: Column(f"column “{name}”", list(known), np.concatenate(codes[name]))
        for name, known in levels.items()
    }
    return Table(encoded, np.concatenate(rows), n_empty)


def nobody(export: Export, left_out: Mapping[str, int]) -> Problem:
    """Return the problem of a file without answers, or in which everybody was left out."""
    counts = ", ".join(f"{count} {why}" for why, count in left_out.items())
    found = f"no answers ({counts})" if counts else "no answers"
    return Problem(export.source, "", found, "at least one", "export the answers again")


def _positions(cells: pd.Series[Any], levels: dict[str, int]) -> Positions:
    """Return the position of each cell's text among the levels, adding new ones to them."""
    codes, texts = pd.factorize(cells)
    positions = [levels.setdefault(read_text(text), len(levels)) for text in texts]
    return np.array(positions, dtype=np.min_scalar_type(len(levels)))[codes]


def find_people(table: Table, columns: ColumnMap, sha256: str, report: Report) -> People:
    """Find out who the respondents are; report rows without an identifier, and doubled ones."""
    every_row = np.arange(len(table.rows))
    if columns.respondent is None:
        times = [name for name, extra in columns.extras.items() if extra == "submitted"]
        return People(_unnamed(table, sha256, times), every_row)
    column = table.columns[columns.respondent]
    texts = column.texts()
    blank = texts == ""
    if blank.any():
        report(
            column.place,
            f"{blank.sum()} rows without a respondent: rows {some(table.rows[blank])}",
            "an identifier in each row",
            "fill it in, or remove these rows",
        )
    if columns.answers:
        return People(column.levels, column.codes)
    _report_doubled(column.place, texts[~blank], table.rows[~blank], "respondents", report)
    return People(texts.tolist(), every_row)


def _unnamed(table: Table, sha256: str, times: list[str]) -> list[str]:
    """Name respondents without an identifier: by the time of answering, else by file and row.

    The time stays the same in a later export of the same survey.
    """
    if not times:
        return [f"{sha256} row {row}" for row in table.rows]
    texts = pd.Series(table.columns[times[0]].texts())
    number = texts.groupby(texts).cumcount()
    return [f"time {time} {count}" for time, count in zip(texts, number, strict=True)]


def _report_doubled(
    place: str, keys: NDArray[Any], rows: Positions, what: str, report: Report
) -> None:
    """Report keys that stand in several rows, by row number: they may be personal data."""
    doubled = pd.Series(keys).duplicated(keep=False).to_numpy()
    if doubled.any():
        by_key = pd.Series(rows[doubled]).groupby(pd.factorize(keys[doubled])[0]).agg(list)
        examples = some(" and ".join(map(str, numbers)) for numbers in by_key)
        report(
            place,
            f"{len(by_key)} {what} more than once: rows {examples}",
            "each once",
            "keep the row that counts and remove the others",
        )


def describe_people(
    table: Table, columns: ColumnMap, people: People, told: Mapping[str, str], report: Report
) -> dict[str, Texts]:
    """Return group, wave and each demographic question's answer, one per respondent.

    `told` is what holds for the whole file; a column that says otherwise is reported, and so are
    respondents whose rows contradict each other.
    """
    sources = {"group": columns.group, "wave": columns.wave}
    sources |= {question: column for column, question in columns.demographics.items()}
    about = {}
    for name, source in sources.items():
        about[name] = np.full(len(people.identifiers), told.get(name, ""), dtype=object)
        if source is not None:
            _fill_in(about[name], table, people, table.columns[source], report)
        others = sorted(set(about[name]) - {told.get(name)})
        if told.get(name) and others:
            report(
                f"column “{source}”",
                f"the {name} {some(f'“{other}”' for other in others)}",
                f"“{told[name]}”, as was said for the whole file",
                f"say no {name} for the whole file, or correct the column",
            )
    return about


def _fill_in(values: Texts, table: Table, people: People, column: Column, report: Report) -> None:
    """Fill in what a column says of each respondent; report those of whom it says two things."""
    texts = column.texts()
    filled = texts != ""
    texts, person = texts[filled], people.of_row[filled]
    values[person[::-1]] = texts[::-1]
    contradicting = table.rows[filled][texts != values[person]]
    if len(contradicting):
        report(
            column.place,
            f"rows that contradict an earlier row of their respondent: rows {some(contradicting)}",
            "the same in all rows of a respondent",
            "correct these rows",
        )


def expected_pairs(columns: ColumnMap) -> list[Pair]:
    """Return statement and scale of all ratings that are expected, in outline order."""
    return [(name, scale) for scale, names in columns.expected.items() for name in names]


def rating_columns(
    table: Table, columns: ColumnMap, people: People, report: Report
) -> dict[Pair, Column]:
    """Return the ratings as columns by statement and scale, with a row for each respondent.

    Of a long table, unknown statements and scales are reported, and ratings given twice.
    """
    if columns.answers is None:
        return {pair: table.columns[column] for column, pair in columns.ratings.items()}
    statement, scale, rating = (table.columns[name] for name in columns.answers)
    pairs = expected_pairs(columns)
    which = _which_pair(statement, scale, pairs, report)
    keys, known = which * len(people.identifiers) + people.of_row, which >= 0
    _report_doubled(rating.place, keys[known], table.rows[known], "ratings", report)
    order = np.argsort(which, kind="stable")
    edges = np.searchsorted(which[order], np.arange(len(pairs) + 1))
    levels = [*rating.levels, ""]
    pivoted = {}
    for pair, start, end in zip(pairs, edges[:-1], edges[1:], strict=True):
        if start < end:
            rows = order[start:end]
            codes = np.full(len(people.identifiers), len(levels) - 1, dtype=np.int32)
            codes[people.of_row[rows]] = rating.codes[rows]
            pivoted[pair] = Column(" on ".join(pair), levels, codes)
    return pivoted


def _which_pair(
    statement: Column, scale: Column, pairs: list[Pair], report: Report
) -> NDArray[np.int64]:
    """Return the position among the pairs of each row's statement and scale; -1 for unknown."""
    combined = statement.codes.astype(np.int64) * len(scale.levels) + scale.codes
    combinations, inverse = np.unique(combined, return_inverse=True)
    names = [
        f"{statement.levels[row // len(scale.levels)]} on {scale.levels[row % len(scale.levels)]}"
        for row in combinations.tolist()
    ]
    positions = {" on ".join(pair).casefold(): number for number, pair in enumerate(pairs)}
    which = np.array([positions.get(name.casefold(), -1) for name in names])[inverse]
    unknown = [name for name in names if name.casefold() not in positions]
    if unknown:
        wanted = [" on ".join(pair) for pair in pairs]
        meant = nearest(unknown[0], wanted)
        report(
            statement.place,
            f"{(which < 0).sum()} rows on what was not asked: {some(unknown)}",
            f"statements on the scales that apply to them: {some(wanted)}",
            f"“{unknown[0]}” is perhaps “{meant}”; correct or remove these rows"
            if meant
            else "correct or remove these rows",
        )
    return which
