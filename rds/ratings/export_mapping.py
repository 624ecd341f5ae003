"""What the columns of a platform's export mean, with every column accounted for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rds.errors import Problem, nearest
from rds.ratings.mapping import IGNORE, ColumnMap, missing_problems, some
from rds.ratings.matching import Match, Matches, doubled, match
from rds.survey.asked import Asked, asked_by
from rds.survey.export import Export, ExportColumn
from rds.survey.instrument import Instrument
from rds.survey.platforms.platform import Names

ABOUT = ("started", "submitted", "seconds", "status", "language", "contact")
"""What a platform may say of a respondent, by role of the column."""

_SHOWN = 5
_ANOTHER_STUDY = (
    "make sure that this is the survey of this study, in the words of its sheets Scales and "
    "Tasks; if it is, give a column map that says what the columns mean"
)


@dataclass(frozen=True)
class Known:
    """What is known of the surveys that an export may come from.

    Parameters
    ----------
    instruments
        Surveys that were issued, newest first.
    proposed
        The survey as it would be issued now; its words are known, its codes may be anybody's.
    column_name
        How the platform names the columns of an instrument.
    """

    instruments: Sequence[Instrument] = ()
    proposed: Instrument | None = None
    column_name: Names | None = None


@dataclass(frozen=True)
class Mapped:
    """What the columns of an export mean.

    Parameters
    ----------
    columns
        The column map; None when there is any problem.
    problems
        All that has to be mended.
    instrument
        The survey that explains most columns, if any is known.
    unmatched
        Columns with answers that nothing is known of, and what they are perhaps meant to be.
    """

    columns: ColumnMap | None
    problems: list[Problem]
    instrument: Instrument | None
    unmatched: Mapping[str, str]


def map_export(
    export: Export,
    known: Known,
    *,
    expected: Mapping[str, tuple[str, ...]],
    questions: Sequence[str],
    given: Mapping[str, str] | None = None,
) -> Mapped:
    """Find out what each column of a platform's export means.

    Parameters
    ----------
    export
        What came back, with a description of its columns.
    known
        The surveys it may come from; the one that explains most columns is taken.
    expected
        Identifiers of the statements each scale is asked about, by scale name.
    questions
        Identifiers of the demographic questions.
    given
        Column map: meaning by column, in the words that reports and suggestions use.

    Returns
    -------
    Mapped
        Problems are: codes of ours with other words, columns that may be several answers, two
        columns for one answer, a column map that names what is not there, more than half of the
        ratings missing, or ratings missing while columns are left whose meaning nobody knows.
        Unmatched columns do no harm when every rating was found.
    """
    instrument, matches = _best(export, known)
    asked = asked_by(instrument) if instrument else ()
    told, problems = _told(export, asked, given or {})
    found = {name: one for name, one in matches.found.items() if name not in (given or {})} | told
    left = _left(export, found, given or {})
    suggestions = _suggestions(left, found, asked, known.column_name) | _in_order(
        left, matches.ambiguous
    )
    problems += _contradictions(export, matches, given or {})
    problems += _ambiguities(export, matches, given or {})
    problems += _twice(export, found)
    columns = _column_map(export, found, expected, questions)
    if instrument in known.instruments:
        columns = _issued(columns, found)
    wanted = _wanted(asked) if instrument in known.instruments else _all_pairs(expected)
    absent = tuple(name for name in columns.missing if name in wanted)
    problems += missing_problems(export.source, absent, len(wanted), mend=_ANOTHER_STUDY)
    problems += _unknown(export, absent, left, suggestions) if absent and not problems else []
    unmatched = {column.name: suggestions.get(column.name, "") for column in left}
    return Mapped(None if problems else columns, problems, instrument, unmatched)


def _best(export: Export, known: Known) -> tuple[Instrument | None, Matches]:
    """Return the survey that explains most columns, and its matches."""
    candidates = [(instrument, True) for instrument in known.instruments]
    if known.proposed is not None:
        candidates.append((known.proposed, False))
    tried = [
        (instrument, match(export, asked_by(instrument), column_name=name, issued=issued))
        for instrument, issued in candidates
        for name in [known.column_name]
    ]
    nothing: tuple[Instrument | None, Matches] = (None, Matches({}, {}, {}))
    return max(tried, key=lambda pair: len(pair[1].found), default=nothing)


def _told(
    export: Export, asked: Sequence[Asked], given: Mapping[str, str]
) -> tuple[dict[str, Match], list[Problem]]:
    """Return what the column map says, and which of its words are unknown."""
    meanings = {one.meaning.casefold(): one for one in asked}
    names = {name.casefold(): name for name in export.columns}
    told: dict[str, Match] = {}
    problems: list[Problem] = []
    for name, meaning in given.items():
        column, one = names.get(name.casefold()), meanings.get(meaning.casefold())
        if column is None:
            problems.append(_no_such(export, "column", name, export.columns))
        if one is None and meaning.casefold() != IGNORE:
            known = [one.meaning for one in asked]
            problems.append(_no_such(export, "meaning", meaning, known))
        if column is not None and one is not None:
            told[column] = Match(one, "column map")
    return told, problems


def _no_such(export: Export, what: str, word: str, candidates: Iterable[str]) -> Problem:
    """Return the problem for a word of the column map that nothing is called by."""
    meant = nearest(word, candidates)
    wanted = {
        "column": "a column of the file",
        "meaning": "something that the survey asks, such as “T01_importance”, or “ignore”",
    }[what]
    mend = f"write “{meant}”" if meant else "correct the column map"
    return Problem(export.source, "column map", f"the {what} “{word}”", wanted, mend)


def _left(
    export: Export, found: Mapping[str, Match], given: Mapping[str, str]
) -> tuple[ExportColumn, ...]:
    """Return the answer columns that nothing is known of."""
    joined = {one.asked.question for one in found.values() if one.asked.option}
    return tuple(
        column
        for column in export.described
        if column.role == "answer"
        and column.name not in found
        and column.name not in given
        and not (column.question and column.question in joined and not column.option)
    )


def _suggestions(
    left: Sequence[ExportColumn],
    found: Mapping[str, Match],
    asked: Sequence[Asked],
    column_name: Names | None,
) -> dict[str, str]:
    """Return for columns that nothing is known of what they are perhaps meant to be."""
    taken = {one.meaning for one in found.values()}
    free = [one for one in asked if one.meaning not in taken]
    by_words = {
        min(texts, key=len): one.meaning
        for one in free
        for texts in [one.row_texts or one.option_texts or one.question_texts]
        if texts
    }
    codes = {one.meaning: one.meaning for one in free}
    if column_name is not None:
        codes |= {column_name(o.question, o.row, o.position, o.option): o.meaning for o in free}
    suggested = {}
    for column in left:
        words = column.row_text or column.option_text or column.question_text
        near = nearest(words.casefold(), by_words) if words else None
        code = nearest(column.name, codes)
        meant = by_words[near] if near else codes[code] if code else None
        if meant:
            suggested[column.name] = meant
    return suggested


def _in_order(
    left: Iterable[ExportColumn], ambiguous: Mapping[str, tuple[str, ...]]
) -> dict[str, str]:
    """Return for words that stand several times what they mean if they keep the survey's order."""
    return {
        column.name: ambiguous[column.name][column.position - 1]
        for column in left
        if 0 < column.position <= len(ambiguous.get(column.name, ()))
    }


def _contradictions(export: Export, matches: Matches, given: Mapping[str, str]) -> list[Problem]:
    """Report columns with a code of ours and other words."""
    names = [name for name in matches.contradicted if name not in given]
    return [
        Problem(
            export.source,
            f"column “{name}”",
            f"the code of “{matches.contradicted[name]}” with other words",
            "the words that the study has for this code",
            "restore the words, or say in a column map what the column means",
        )
        for name in names[:_SHOWN]
    ] + _rest(export, names, "columns with a code of the study and other words")


def _ambiguities(export: Export, matches: Matches, given: Mapping[str, str]) -> list[Problem]:
    """Report columns that may be several answers."""
    names = [name for name in matches.ambiguous if name not in given]
    return [
        Problem(
            export.source,
            f"column “{name}”",
            f"words that fit {some(matches.ambiguous[name])}",
            "words, or a code, that fit one answer",
            "export the answers with codes as headings, or say in a column map what it means",
        )
        for name in names[:_SHOWN]
    ] + _rest(export, names, "columns that fit several answers")


def _twice(export: Export, found: Mapping[str, Match]) -> list[Problem]:
    """Report answers that several columns hold."""
    return [
        Problem(
            export.source,
            "",
            f"{len(names)} columns for “{meaning}”: {some(f'“{name}”' for name in names)}",
            "one",
            "say in a column map which one counts, and “ignore” for the others",
        )
        for meaning, names in doubled(found).items()
    ]


def _rest(export: Export, names: Sequence[str], what: str) -> list[Problem]:
    """Report together what is left of a long list."""
    if len(names) <= _SHOWN:
        return []
    found = f"{len(names) - _SHOWN} more {what}: {some(names[_SHOWN:])}"
    return [Problem(export.source, "", found, "none", "mend them in the same way")]


def _unknown(
    export: Export,
    absent: Sequence[str],
    left: Sequence[ExportColumn],
    suggestions: Mapping[str, str],
) -> list[Problem]:
    """Report columns that nothing is known of, while ratings are missing."""
    problems = []
    for column in left[:_SHOWN]:
        meant = suggestions.get(column.name)
        words = column.row_text or column.option_text or column.question_text
        mend = f"“{meant}”" if meant else "what it is, or “ignore”"
        problems.append(
            Problem(
                export.source,
                f"column “{column.name}”",
                f"an answer that nothing is known of{f': “{words}”' if words else ''}",
                f"the code or the words of what was asked; {some(absent)} missing",
                f"say in a column map: {mend}",
            )
        )
    return problems + _rest(export, [column.name for column in left], "such columns")


def _wanted(asked: Iterable[Asked]) -> set[str]:
    """Return the ratings that an issued survey asks for."""
    return {
        one.meaning for one in asked if one.purpose == "rating" and one.row_purpose == "statement"
    }


def _all_pairs(expected: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Return every rating that the study asks for."""
    return {f"{statement}_{scale}" for scale, names in expected.items() for statement in names}


def _column_map(
    export: Export,
    found: Mapping[str, Match],
    expected: Mapping[str, tuple[str, ...]],
    questions: Sequence[str],
) -> ColumnMap:
    """Put the findings together, in the order of outline and questions."""
    ratings = {
        name: (one.asked.statement, one.asked.subject)
        for name, one in found.items()
        if one.asked.purpose == "rating" and one.asked.row_purpose == "statement"
    }
    pairs = [(statement, scale) for scale in expected for statement in expected[scale]]
    column_of = {pair: name for name, pair in ratings.items()}
    roles = {column.role: column.name for column in export.described}
    about = {roles[role]: role for role in ABOUT if role in roles}
    demographics = {
        name: one.asked.subject
        for name, one in found.items()
        if one.asked.purpose == "demographic" and not one.asked.option and not one.is_open_text
    }
    options = {
        name: (one.asked.subject, one.meaning.partition(" = ")[2])
        for name, one in found.items()
        if one.asked.option
    }
    order = {question: position for position, question in enumerate(questions)}
    used = {*ratings, *demographics, *options}
    extras = {name: one.meaning for name, one in found.items() if name not in used} | about
    stored = {*used, *extras, roles.get("respondent")}
    return ColumnMap(
        respondent=roles.get("respondent"),
        group=None,
        wave=None,
        ratings={column_of[pair]: pair for pair in pairs if pair in column_of},
        demographics=dict(sorted(demographics.items(), key=lambda item: order.get(item[1], 0))),
        dropped=tuple(name for name in export.columns if name not in stored),
        missing=tuple(f"{name}_{scale}" for name, scale in pairs if (name, scale) not in column_of),
        expected=dict(expected),
        options=options,
        extras=extras,
        asked={name: one.asked for name, one in found.items()},
        rules={name: one.rule for name, one in found.items()},
        labels={c.name: c.labels for c in export.described if c.labels and c.name in found},
        separators={c.name: c.separator for c in export.described if c.separator},
        untrusted=frozenset(
            column.name
            for column in export.described
            if not export.codes_are_ours and not column.labels and column.name in found
        ),
    )


def _issued(columns: ColumnMap, found: Mapping[str, Match]) -> ColumnMap:
    """Trust the codes of columns that the issued survey named."""
    ours = {name for name, one in found.items() if one.rule == "identifier"}
    return replace(columns, untrusted=columns.untrusted - ours)
