"""From an export to typed answers, with a report of how they were made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from rds.errors import InputError, Problem
from rds.ratings.frames import NOT_SHOWN, Codes
from rds.ratings.mapping import ColumnMap, missing_problems, some
from rds.ratings.points import Typed, type_answers
from rds.ratings.pseudonyms import pseudonym
from rds.ratings.ratings import Nature, Ratings, respondent_table
from rds.ratings.table import (
    Column,
    Pair,
    People,
    Positions,
    Report,
    Table,
    Texts,
    describe_people,
    encode,
    expected_pairs,
    find_people,
    rating_columns,
)
from rds.scales import Scale
from rds.survey.export import Export


@dataclass(frozen=True)
class IngestReport:
    """What was made of a file.

    Parameters
    ----------
    source, sha256, layout
        Name and hash of the file; ``"wide"`` or ``"long"``.
    n_respondents, n_answers
        Respondents, and points they chose.
    n_empty_rows
        Rows that held nothing and were left out.
    n_unable_to_rate
        Answers “unable to rate”, stored as no answer.
    columns
        For each column that was read: ``column``, ``meaning``, and ``read_as`` (``codes``,
        ``labels``, ``text``, or ``empty`` where nobody gave a rating).
    dropped
        Columns that were not stored.
    missing
        Ratings the file does not have (``"T01_importance"``), stored as not shown.
    assumed
        What was assumed in reading.
    """

    source: str
    sha256: str
    layout: str
    n_respondents: int
    n_answers: int
    n_empty_rows: int
    n_unable_to_rate: int
    columns: tuple[dict[str, str], ...]
    dropped: tuple[str, ...]
    missing: tuple[str, ...]
    assumed: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values, for ingest.toml and JSON."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }

    def as_lines(self) -> list[str]:
        """Return the report as sentences for the terminal."""
        read_as = [column["read_as"] for column in self.columns]
        kinds = [f"{n} as {kind}" for kind in ("codes", "labels") if (n := read_as.count(kind))]
        counted = {
            "Rating columns without any rating": read_as.count("empty"),
            "Answers “unable to rate”, stored as no answer": self.n_unable_to_rate,
            "Empty rows left out": self.n_empty_rows,
        }
        listed = {
            "Not in the file, stored as not shown": self.missing,
            "Columns not stored": self.dropped,
        }
        return [
            f"{self.source}: {self.n_respondents} respondents, {self.n_answers} answers "
            f"({self.layout} table).",
            f"Rating columns read: {', '.join(kinds) or 'none'}.",
            *(f"{what}: {count}." for what, count in counted.items() if count),
            *(f"{what}: {', '.join(names)}." for what, names in listed.items() if names),
            *(f"Assumed: {assumption}." for assumption in self.assumed),
        ]


@dataclass(frozen=True)
class Ingested:
    """Typed answers, and the report of how they were made."""

    ratings: Ratings
    report: IngestReport


def ingest(
    export: Export,
    columns: ColumnMap,
    *,
    scales: Sequence[Scale],
    key: bytes,
    group: str = "",
    wave: str = "",
    nature: Nature = "answers",
) -> Ingested:
    """Make typed answers of an export.

    A rating column is read as codes if all it holds are points of its scale, and as labels if all
    are labels; “4 - Very important” and the like serve as both. An empty cell is no answer;
    “99”, “N/A” and “not applicable” are not applicable, and “-3” is not shown, unless they are
    labels of the scale. Points that mean “not applicable” or “unable to rate” are stored as not
    applicable and as no answer; a point that means “not performed” keeps its value.

    Parameters
    ----------
    export
        What came back, its blocks indexed by row number.
    columns
        What its columns mean.
    scales
        The rating scales.
    key
        The study's key for pseudonyms.
    group, wave
        Group and wave of all respondents, where no column says them.
    nature
        Where the answers come from.

    Returns
    -------
    Ingested
        Ratings with respondents in the order of their pseudonyms and statements in outline order,
        so that the order of rows and columns in the file does not matter; and the report.

    Raises
    ------
    InputError
        All problems at once: answers off the scale, columns that mix codes and labels, doubled or
        missing identifiers of respondents, a group or wave that contradicts the file; in a long
        table also unknown statements or scales, and statements rated twice.

    Examples
    --------
    >>> from rds.scales import ordinal
    >>> importance = ordinal("importance", {1: "Low", 2: "High"})
    >>> block = pd.DataFrame({"id": ["ann", "bob"], "T01": ["high", "N/A"]}, index=[2, 3])
    >>> export = Export("a.csv", "", "wide", ("id", "T01"), lambda: iter([block]))
    >>> columns = ColumnMap(
    ...     respondent="id", group=None, wave=None, ratings={"T01": ("T01", "importance")},
    ...     demographics={}, dropped=(), missing=(), expected={"importance": ("T01",)},
    ... )
    >>> ingested = ingest(export, columns, scales=[importance], key=b"example")
    >>> sorted(ingested.ratings.codes["importance"][0].tolist())
    [-2, 2]
    """
    problems: list[Problem] = []

    def report(place: str, found: str, wanted: str, mend: str) -> None:
        problems.append(Problem(export.source, place, found, wanted, mend))

    table = encode(export, columns)
    people = find_people(table, columns, export.sha256, report)
    about = describe_people(table, columns, people, {"group": group, "wave": wave}, report)
    rated = rating_columns(table, columns, people, report)
    typed = {scale.name: _typed(scale, rated, report) for scale in scales}
    if columns.answers:
        missing = _missing(columns, typed)
        problems += missing_problems(export.source, missing, len(missing) + len(rated))
    pseudonyms = _pseudonyms(table, people, key, report)
    if problems:
        raise InputError(problems)
    order = np.argsort(pseudonyms)
    statements = {scale.name: columns.expected.get(scale.name, ()) for scale in scales}
    ratings = Ratings(
        scales=tuple(scales),
        statements=statements,
        codes={name: _stacked(typed[name], statements[name], order) for name in statements},
        respondents=_respondents(pseudonyms[order], about, order, nature),
    )
    return Ingested(ratings, _report(export, columns, table, typed, ratings))


def _typed(scale: Scale, rated: Mapping[Pair, Column], report: Report) -> Typed:
    """Type the answers on one scale."""
    columns = {statement: column for (statement, on), column in rated.items() if on == scale.name}
    return type_answers(scale, columns, report)


def _missing(columns: ColumnMap, typed: Mapping[str, Typed]) -> tuple[str, ...]:
    """Return the expected ratings that the file does not have."""
    return tuple(
        f"{statement}_{scale}"
        for statement, scale in expected_pairs(columns)
        if statement not in typed[scale].read_as
    )


def _pseudonyms(table: Table, people: People, key: bytes, report: Report) -> Texts:
    """Return the respondents' pseudonyms; report two identifiers that share one by chance."""
    known = {name: pseudonym(name, key) for name in people.identifiers if name}
    pseudonyms = np.array([known.get(name, "") for name in people.identifiers], dtype=object)
    if len(set(known.values())) < len(known):
        _, first_rows = np.unique(people.of_row, return_index=True)
        shared = table.rows[first_rows][pd.Series(pseudonyms).duplicated(keep=False).to_numpy()]
        report(
            "",
            f"respondents whose pseudonyms agree by chance: rows {some(shared)}",
            "a pseudonym for each",
            "change the identifier of one of them, for instance add a letter to it",
        )
    return pseudonyms


def _stacked(typed: Typed, statements: Sequence[str], order: Positions) -> Codes:
    """Return codes as statements × respondents, “not shown” where the file has none."""
    codes = np.full((len(statements), len(order)), NOT_SHOWN, dtype=np.int8)
    for row, statement in enumerate(statements):
        if statement in typed.codes:
            codes[row] = typed.codes[statement][order]
    return codes


def _respondents(
    pseudonyms: Texts, about: Mapping[str, Texts], order: Positions, nature: Nature
) -> pd.DataFrame:
    """Return the table of respondents with their demographics."""
    texts = {name: values[order].tolist() for name, values in about.items()}
    table = respondent_table(
        pseudonyms.tolist(),
        group=texts.pop("group"),
        wave=texts.pop("wave"),
        nature=[nature] * len(order),
    )
    return pd.concat([table, pd.DataFrame(texts, index=table.index)], axis=1)


def _report(
    export: Export,
    columns: ColumnMap,
    table: Table,
    typed: Mapping[str, Typed],
    ratings: Ratings,
) -> IngestReport:
    """Say what was made of the file."""
    assumed = export.assumed
    if columns.respondent is None:
        assumed += ("each row is another respondent, since no column says who answered",)
    return IngestReport(
        source=export.source,
        sha256=export.sha256,
        layout=export.layout,
        n_respondents=len(ratings),
        n_answers=sum(int((codes >= 0).sum()) for codes in ratings.codes.values()),
        n_empty_rows=table.n_empty,
        n_unable_to_rate=sum(one.n_unable for one in typed.values()),
        columns=tuple(_columns_read(columns, typed)),
        dropped=columns.dropped,
        missing=_missing(columns, typed),
        assumed=assumed,
    )


def _columns_read(columns: ColumnMap, typed: Mapping[str, Typed]) -> Iterator[dict[str, str]]:
    """Say of each column what it means, and of ratings how they were read."""
    texts = {"respondent": columns.respondent, "group": columns.group, "wave": columns.wave}
    texts |= {question: column for column, question in columns.demographics.items()}
    for meaning, column in texts.items():
        if column is not None:
            yield {"column": column, "meaning": meaning, "read_as": "text"}
    sources = {pair: column for column, pair in columns.ratings.items()}
    for scale, one in typed.items():
        for statement, kind in one.read_as.items():
            source = columns.answers[2] if columns.answers else sources[statement, scale]
            yield {"column": source, "meaning": f"{statement}_{scale}", "read_as": kind}
