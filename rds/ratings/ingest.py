"""From an export to typed answers, with a report of how they were made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from rds.errors import InputError, Problem
from rds.ratings.allocation import type_allocation
from rds.ratings.frames import NOT_SHOWN, Codes
from rds.ratings.mapping import ColumnMap, missing_problems, some
from rds.ratings.points import Typed, type_answers
from rds.ratings.pseudonyms import pseudonym
from rds.ratings.ratings import Nature, Ratings, respondent_table
from rds.ratings.survey_answers import (
    in_words,
    several_answers,
    survey_columns,
    untrusted_numbers,
    who_agreed,
    without_addresses,
)
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
    nobody,
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
        For each column that was read: ``column``, ``meaning``, ``read_as`` (``codes``, ``labels``,
        ``text``, or ``empty`` where nobody gave a rating), and in a platform's export the ``rule``
        by which its meaning is known.
    dropped
        Columns that were not stored.
    missing
        Ratings the file does not have (``"T01_importance"``), stored as not shown.
    assumed
        What was assumed in reading.
    platform
        The platform whose export it is; ``"plain"`` for any other table.
    left_out
        Number of rows left out, by reason.
    personal
        Those of the dropped columns that hold personal data.
    n_texts_cleaned
        Texts from which addresses or telephone numbers were removed.
    n_off_total
        Respondents whose shared points do not add up to 100, stored as no answer.
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
    platform: str = "plain"
    left_out: Mapping[str, int] = field(default_factory=dict)
    personal: tuple[str, ...] = ()
    n_texts_cleaned: int = 0
    n_off_total: int = 0

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
            "Respondents whose points do not add up to 100, stored as no answer": self.n_off_total,
            "Empty rows left out": self.n_empty_rows,
            **{f"Rows left out, {why}": count for why, count in self.left_out.items()},
            "Texts from which addresses or telephone numbers were removed": self.n_texts_cleaned,
        }
        listed = {
            "Not in the file, stored as not shown": self.missing,
            "Personal data, not stored": self.personal,
            "Columns not stored": [name for name in self.dropped if name not in self.personal],
        }
        rules = Counter(column["rule"] for column in self.columns if "rule" in column)
        known = ", ".join(f"{count} by {rule}" for rule, count in rules.items())
        what = f"{self.layout} table" if self.platform == "plain" else f"export of {self.platform}"
        return [
            f"{self.source}: {self.n_respondents} respondents, {self.n_answers} answers ({what}).",
            *([f"Columns known {known}."] if known else []),
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

    clean, n_cleaned = without_addresses(encode(export, columns), columns)
    agreed = who_agreed(in_words(clean, columns), columns)
    table = agreed.table
    if not len(table.rows):
        raise InputError([nobody(export, {**export.left_out, **agreed.left_out})])
    untrusted_numbers(table, columns, report)
    people = find_people(table, columns, export.sha256, report)
    about = describe_people(table, columns, people, {"group": group, "wave": wave}, report)
    rated = rating_columns(table, columns, people, report)
    typed = {scale.name: _typed(scale, rated, report) for scale in scales}
    if columns.answers:
        missing = _missing(columns, typed)
        problems += missing_problems(export.source, missing, len(missing) + len(rated))
    extras = _beside_ratings(table, columns, scales, key, report)
    pseudonyms = _pseudonyms(table, people, columns.person, key, report)
    if problems:
        raise InputError(problems)
    order = np.argsort(pseudonyms)
    statements = {scale.name: columns.expected.get(scale.name, ()) for scale in scales}
    ratings = Ratings(
        scales=tuple(scales),
        statements=statements,
        codes={name: _stacked(typed[name], statements[name], order) for name in statements},
        respondents=_respondents(pseudonyms[order], {**about, **extras}, order, nature),
    )
    made = _report(export, columns, table, typed, ratings)
    left_out = {**export.left_out, **agreed.left_out}
    return Ingested(ratings, replace(made, left_out=left_out, n_texts_cleaned=n_cleaned))


def _beside_ratings(
    table: Table, columns: ColumnMap, scales: Sequence[Scale], key: bytes, report: Report
) -> dict[str, Texts]:
    """Return what is stored beside ratings, by name."""
    stored = survey_columns(table, columns, key)
    again = {
        name: one.subject
        for name, one in columns.asked.items()
        if name in columns.extras and one.row_purpose == "repeat"
    }
    for scale in scales:
        repeated = {name: table.columns[name] for name, on in again.items() if on == scale.name}
        for name, codes in type_answers(scale, repeated, report).codes.items():
            texts = ["" if code < 0 else str(code) for code in codes.tolist()]
            stored[columns.extras[name]] = np.array(texts, dtype=object)
    return {**several_answers(table, columns), **stored}


def _typed(scale: Scale, rated: Mapping[Pair, Column], report: Report) -> Typed:
    """Type the answers on one scale."""
    columns = {statement: column for (statement, on), column in rated.items() if on == scale.name}
    if scale.is_allocation:
        return type_allocation(columns, report)
    return type_answers(scale, columns, report)


def _missing(columns: ColumnMap, typed: Mapping[str, Typed]) -> tuple[str, ...]:
    """Return the expected ratings that the file does not have."""
    return tuple(
        f"{statement}_{scale}"
        for statement, scale in expected_pairs(columns)
        if statement not in typed[scale].read_as
    )


def _pseudonyms(table: Table, people: People, before: str, key: bytes, report: Report) -> Texts:
    """Return the respondents' pseudonyms; report two identifiers that share one by chance."""
    known = {name: pseudonym(before + name, key) for name in people.identifiers if name}
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
        platform=export.platform,
        personal=tuple(c.name for c in export.described if c.role == "personal"),
        n_off_total=sum(one.n_off_total for one in typed.values()),
    )


def _columns_read(columns: ColumnMap, typed: Mapping[str, Typed]) -> Iterator[dict[str, str]]:
    """Say of each column what it means, and of ratings how they were read."""
    texts = {"respondent": columns.respondent, "group": columns.group, "wave": columns.wave}
    texts |= {question: column for column, question in columns.demographics.items()}
    texts |= {f"{name} = {option}": column for column, (name, option) in columns.options.items()}
    texts |= {extra: column for column, extra in columns.extras.items()}
    for meaning, column in texts.items():
        if column is not None:
            yield _column_read(columns, column, meaning, "text")
    sources = {pair: column for column, pair in columns.ratings.items()}
    for scale, one in typed.items():
        for statement, kind in one.read_as.items():
            source = columns.answers[2] if columns.answers else sources[statement, scale]
            yield _column_read(columns, source, f"{statement}_{scale}", kind)


def _column_read(columns: ColumnMap, column: str, meaning: str, read_as: str) -> dict[str, str]:
    """Say of a column what it means, how it was read, and by which rule that is known."""
    rule = {"rule": columns.rules[column]} if column in columns.rules else {}
    return {"column": column, "meaning": meaning, "read_as": read_as, **rule}
