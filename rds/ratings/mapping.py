"""Which column of an export means what: told by a column map or found by name, never guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from rds.errors import InputError, Problem, nearest
from rds.survey.asked import Asked
from rds.survey.export import Export
from rds.survey.platforms.plain import read_plain
from rds.values import read_text

IGNORE = "ignore"
"""What a column map says of a column that is not to be read."""

_ABOUT_RESPONDENTS = {
    "respondent": "respondent",
    "respondent_id": "respondent",
    "group": "group",
    "wave": "wave",
}
_OF_LONG_TABLES = {
    "statement": "statement",
    "statement_id": "statement",
    "scale": "scale",
    "rating": "rating",
}
_NEAR_MISSES_SHOWN = 5
_NAMES_OR_MAP = (
    "name the columns like “T01_importance”, or give a column map that says what they mean"
)


@dataclass(frozen=True)
class ColumnMap:
    """What the columns of an export mean.

    Parameters
    ----------
    respondent, group, wave
        The columns that hold them, or None.
    ratings
        Statement and scale by column, in outline order; empty for a long table.
    demographics
        Question identifier by column.
    dropped
        Columns that are not stored.
    missing
        Ratings that were expected and have no column (``"T01_importance"``): not shown. What a
        long table lacks is known only once it is read.
    expected
        The statements that each scale is asked about, by scale name.
    answers
        In a long table, the columns with the statement, the scale and the rating.
    options
        Question identifier and option by column, where several answers stand in a column each.
    extras
        Other columns that are stored, by what they are called there: ``consent``, ``coverage``,
        ``missing tasks``, attention checks, statements asked again, and what a platform says of
        the respondent (``started``, ``submitted``, ``seconds``, ``status``, ``language``,
        ``contact``).
    asked
        What the instrument asks in a column, where an instrument is known.
    rules
        By which rule it is known what a column means.
    labels
        Words of codes by column, from a codebook.
    separators
        What separates several answers in one cell, by column.
    untrusted
        Columns in which numbers may be the platform's own.
    person
        What is put before a respondent's identifier, where the platform counts in each survey.
    """

    respondent: str | None
    group: str | None
    wave: str | None
    ratings: Mapping[str, tuple[str, str]]
    demographics: Mapping[str, str]
    dropped: tuple[str, ...]
    missing: tuple[str, ...]
    expected: Mapping[str, tuple[str, ...]]
    answers: tuple[str, str, str] | None = None
    options: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    extras: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, Asked] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    separators: Mapping[str, str] = field(default_factory=dict)
    untrusted: frozenset[str] = frozenset()
    person: str = ""


def map_columns(
    export: Export,
    *,
    expected: Mapping[str, tuple[str, ...]],
    questions: Sequence[str],
    given: Mapping[str, str] | None = None,
) -> tuple[ColumnMap | None, list[Problem]]:
    """Find out what each column of an export means.

    A column means what the column map says; else what its name says, without regard to case:
    ``T01_importance``, or ``T01`` if there is only one scale; ``respondent`` or
    ``respondent_id``, ``group``, ``wave``; a question identifier. A name that is nearly right is
    a problem, not a match. All other columns are left out and listed.

    Parameters
    ----------
    export
        What came back.
    expected
        Identifiers of the statements each scale is asked about, by scale name.
    questions
        Identifiers of the demographic questions.
    given
        Column map: by column, ``"respondent"``, ``"group"``, ``"wave"``, a rating such as
        ``"T01_importance"``, a question identifier, or ``"ignore"``.

    Returns
    -------
    columns, problems
        None for the columns when there is any problem: an unknown column or meaning in the column
        map, two columns of one meaning, a near-miss of a column that is missing, or more than
        half of the expected ratings missing.

    Examples
    --------
    >>> export = Export("a.csv", "", "wide", ("T01_importance", "T2_importance"), lambda: iter(()))
    >>> columns, problems = map_columns(
    ...     export, expected={"importance": ("T01", "T02")}, questions=[]
    ... )
    >>> print(problems[0])
    a.csv, column “T2_importance”: found a name that is nearly right; wanted “T02_importance”. ...
    """
    meanings = _meanings(export.layout, expected, questions)
    told, problems = _told(export, meanings, given or {})
    named = {
        column: meanings[_folded(column)]
        for column in export.columns
        if column not in told and _folded(column) in meanings
    }
    found = told | named
    problems += _doubled(export.source, found)
    wanted = list(_rating_names(expected)) if export.layout == "wide" else []
    absent = [name for name in wanted if name not in found.values()]
    near = _near_misses(export, found, meanings, {*absent, "respondent"})
    problems += _near_miss_problems(export.source, near)
    missing = tuple(name for name in absent if name not in near.values())
    problems += missing_problems(export.source, missing, len(wanted))
    problems += _lacking(export, found)
    if problems:
        return None, problems
    return _column_map(export, found, expected, questions, missing), []


def read_column_map(path: Path) -> dict[str, str]:
    """Read a column map: a CSV or XLSX table with the columns ``column`` and ``meaning``.

    Returns
    -------
    dict
        Meaning by column, both as typed; `map_columns` checks them.

    Raises
    ------
    InputError
        When the table cannot be read, lacks a column, leaves a meaning empty or names a column
        twice.
    """
    export = read_plain(path)
    headers = {column.casefold(): column for column in export.columns}
    lacking = [name for name in ("column", "meaning") if name not in headers]
    if lacking:
        raise InputError(
            Problem(
                path.name,
                "",
                f"no column “{name}”",
                "a table with the columns “column” and “meaning”",
                "add it to the header row",
            )
            for name in lacking
        )
    table = pd.concat(export.blocks())[[headers["column"], headers["meaning"]]]
    return _checked_column_map(path.name, table.itertuples(name=None))


def missing_problems(
    source: str, missing: Sequence[str], wanted: int, *, mend: str = _NAMES_OR_MAP
) -> list[Problem]:
    """Return a problem when more than half of the wanted ratings are missing, else none."""
    if 2 * len(missing) <= wanted:
        return []
    return [
        Problem(
            source,
            "",
            f"no ratings {some(missing)}: {len(missing)} of {wanted} are missing",
            "at least half of the ratings that were asked for",
            mend,
        )
    ]


def some(things: Iterable[object]) -> str:
    """Name up to three things, and how many more there are.

    Examples
    --------
    >>> some([2, 3, 5, 7, 11]), some(["T01"])
    ('2, 3, 5 and 2 more', 'T01')
    """
    words = [str(thing) for thing in things]
    return ", ".join(words[:3]) + (f" and {len(words) - 3} more" if len(words) > 3 else "")


def _folded(name: str) -> str:
    """Return a name as it is compared."""
    return read_text(name).casefold()


def _rating_names(expected: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, str]]:
    """Return statement and scale by the name of their column."""
    return {
        f"{statement}_{scale}": (statement, scale)
        for scale, statements in expected.items()
        for statement in statements
    }


def _meanings(
    layout: str, expected: Mapping[str, tuple[str, ...]], questions: Sequence[str]
) -> dict[str, str]:
    """Return what a column can mean, by every name that says so."""
    meanings = {_folded(question): question for question in questions}
    if layout == "long":
        return meanings | _ABOUT_RESPONDENTS | _OF_LONG_TABLES
    if sum(map(bool, expected.values())) == 1:
        meanings |= {_folded(pair[0]): name for name, pair in _rating_names(expected).items()}
    return meanings | {_folded(name): name for name in _rating_names(expected)} | _ABOUT_RESPONDENTS


def _told(
    export: Export, meanings: Mapping[str, str], given: Mapping[str, str]
) -> tuple[dict[str, str], list[Problem]]:
    """Return what the column map says of columns, and which of its words are unknown."""
    columns = {_folded(column): column for column in export.columns}
    columns |= {column: column for column in export.columns}
    known = {**meanings, IGNORE: IGNORE}
    told: dict[str, str] = {}
    problems: list[Problem] = []
    for name, meaning in given.items():
        column = columns.get(name, columns.get(_folded(name)))
        target = known.get(_folded(meaning))
        if column is None:
            problems.append(_unknown(export.source, "column", name, export.columns))
        if target is None:
            problems.append(_unknown(export.source, "meaning", meaning, set(known.values())))
        if column is not None and target is not None:
            told[column] = target
    return told, problems


def _unknown(source: str, what: str, word: str, candidates: Iterable[str]) -> Problem:
    """Return the problem for a word of the column map that nothing is called by."""
    meant = nearest(word, candidates)
    wanted = {
        "column": "a column of the file",
        "meaning": "respondent, group, wave, a rating such as “T01_importance”, a question or "
        "“ignore”",
    }[what]
    mend = f"write “{meant}”" if meant else "correct the column map"
    return Problem(source, "column map", f"the {what} “{word}”", wanted, mend)


def _doubled(source: str, found: Mapping[str, str]) -> list[Problem]:
    """Report meanings that several columns have."""
    columns: dict[str, list[str]] = {}
    for column, meaning in found.items():
        columns.setdefault(meaning, []).append(column)
    return [
        Problem(
            source,
            "",
            f"{len(names)} columns for “{meaning}”: {', '.join(f'“{name}”' for name in names)}",
            "one",
            "remove the others, or give a column map that says “ignore” for them",
        )
        for meaning, names in columns.items()
        if len(names) > 1 and meaning != IGNORE
    ]


def _near_misses(
    export: Export, found: Mapping[str, str], meanings: Mapping[str, str], sought: set[str]
) -> dict[str, str]:
    """Return what unknown columns were probably meant to be, of the meanings that are sought."""
    open_names = [
        name
        for name, meaning in meanings.items()
        if meaning in sought and meaning not in found.values()
    ]
    near = {column: nearest(column, open_names) for column in export.columns if column not in found}
    return {column: meanings[name] for column, name in near.items() if name}


def _near_miss_problems(source: str, near: Mapping[str, str]) -> list[Problem]:
    """Report near-misses one by one; of many, the last ones together."""
    columns = list(near)
    problems = [
        Problem(
            source,
            f"column “{column}”",
            "a name that is nearly right",
            f"“{near[column]}”",
            f"rename it, or give a column map that says “{near[column]}” or “{IGNORE}” for it",
        )
        for column in columns[:_NEAR_MISSES_SHOWN]
    ]
    rest = columns[_NEAR_MISSES_SHOWN:]
    if rest:
        problems.append(
            Problem(
                source,
                "",
                f"{len(rest)} more columns with names that are nearly right: {some(rest)}",
                some(near[column] for column in rest),
                "rename them, or give a column map",
            )
        )
    return problems


def _lacking(export: Export, found: Mapping[str, str]) -> list[Problem]:
    """Report what a long table cannot do without, if the column map has taken it away."""
    needed = ("respondent", *dict.fromkeys(_OF_LONG_TABLES.values()))
    return [
        Problem(
            export.source,
            "",
            f"no column for “{meaning}”",
            "respondent, statement, scale and rating in a table with one row a rating",
            "correct the column map",
        )
        for meaning in needed
        if export.layout == "long" and meaning not in found.values()
    ]


def _column_map(
    export: Export,
    found: Mapping[str, str],
    expected: Mapping[str, tuple[str, ...]],
    questions: Sequence[str],
    missing: tuple[str, ...],
) -> ColumnMap:
    """Put the findings together, in the order of outline and questions."""
    column_of = {meaning: column for column, meaning in found.items() if meaning != IGNORE}
    long = export.layout == "long"
    return ColumnMap(
        respondent=column_of.get("respondent"),
        group=column_of.get("group"),
        wave=column_of.get("wave"),
        ratings={
            column_of[name]: pair
            for name, pair in _rating_names(expected).items()
            if name in column_of
        },
        demographics={column_of[name]: name for name in questions if name in column_of},
        dropped=tuple(column for column in export.columns if column not in column_of.values()),
        missing=missing,
        expected=dict(expected),
        answers=(column_of["statement"], column_of["scale"], column_of["rating"]) if long else None,
    )


def _checked_column_map(file: str, rows: Iterable[tuple[int, str, str]]) -> dict[str, str]:
    """Return meaning by column; refuse empty meanings and columns that stand there twice."""
    meanings: dict[str, str] = {}
    problems: list[Problem] = []
    for number, *cells in rows:
        column, meaning = map(read_text, cells)
        place = f"row {number}"
        if column and not meaning:
            mend = f"write what it means, or “{IGNORE}”"
            problems.append(Problem(file, place, f"no meaning for “{column}”", "one", mend))
        if column in meanings:
            mend = "remove one of the rows"
            problems.append(Problem(file, place, f"“{column}” again", "each column once", mend))
        if column:
            meanings[column] = meaning
    if problems:
        raise InputError(problems)
    return meanings
