"""Which column of a platform's export answers what: by order of trust, never by resemblance."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rds.survey.asked import Asked
from rds.survey.export import Export, ExportColumn
from rds.survey.platforms.words import comparable

Rule = Literal["column map", "identifier", "text", "beginning of the text", "position"]

_SHORTEST_BEGINNING = 20
_CUT = re.compile(r"(\.{2,}|…)\s*$")


@dataclass(frozen=True)
class Match:
    """What a column answers, and by which rule that is known."""

    asked: Asked
    rule: Rule
    is_open_text: bool = False

    @property
    def meaning(self) -> str:
        """What the column means, as a column map says it."""
        return f"{self.asked.meaning} (other)" if self.is_open_text else self.asked.meaning


@dataclass(frozen=True)
class Matches:
    """The matches of an export with what an instrument asks.

    Parameters
    ----------
    found
        By column.
    contradicted
        Columns whose code is one of the instrument's while their words are others, and the words
        that were expected; in a survey that rds did not write, ratings and demographics only.
    ambiguous
        Columns that could be several answers, and which.
    """

    found: Mapping[str, Match]
    contradicted: Mapping[str, str]
    ambiguous: Mapping[str, tuple[str, ...]]


def match(
    export: Export,
    asked: Sequence[Asked],
    *,
    column_name: Callable[[str, str, int, str], str] | None = None,
    issued: bool = False,
) -> Matches:
    """Find out what each answer column of an export is an answer to.

    A statement that is asked a second time in the same words is told apart by the order of the
    columns. Trusted in this order: the codes that the instrument gave; the exact words of
    question, row and option, without regard to tags, blanks, capitals and the mark at the end;
    their beginning, where the platform cut them and only one fits; the position in a grid whose
    question is known and whose number of rows agrees. A column that fits nothing is left without
    a match.

    Parameters
    ----------
    export
        What came back, with a description of its columns.
    asked
        Every answer that the instrument asks for.
    column_name
        How the platform names a column of the instrument.
    issued
        Whether the survey was written by rds, so that its codes are known to be ours.
    """
    columns = [column for column in export.described if column.role == "answer"]
    found: dict[str, Match] = {}
    contradicted: dict[str, str] = {}
    by_code = _by_code(asked, column_name)
    for column in columns:
        known = next((by_code[code] for code in _codes(column) if code in by_code), None)
        if known is None or _other_shape(column, known, issued=issued):
            continue
        if _agrees(column, known) or (issued and not column.row_text and known.row):
            found[column.name] = Match(known, "identifier", column.is_open_text)
        elif issued or known.subject:
            contradicted[column.name] = _words(known)
    ambiguous: dict[str, tuple[str, ...]] = {}
    by_words = _WordIndex(asked)
    taken = {one.meaning for one in found.values()}
    for column in columns:
        if column.name in found:
            continue
        rule, fitting = by_words.find(column)
        fitting = _next_time(fitting, taken)
        if len(fitting) == 1:
            found[column.name] = Match(fitting[0], rule, column.is_open_text)
            taken.add(fitting[0].meaning)
        elif fitting:
            ambiguous[column.name] = tuple(one.meaning for one in fitting)
    found |= _by_position(columns, found, asked)
    return Matches(
        found=_without_joined(found),
        contradicted={name: words for name, words in contradicted.items() if name not in found},
        ambiguous={name: meanings for name, meanings in ambiguous.items() if name not in found},
    )


def _next_time(fitting: list[Asked], taken: set[str]) -> list[Asked]:
    """Of the times that one statement is asked on one scale, return the first that is left."""
    if len({(one.statement, one.subject) for one in fitting}) == 1 and len(fitting) > 1:
        return [one for one in fitting if one.meaning not in taken][:1] or fitting[:1]
    return fitting


def _folded(text: str) -> str:
    """Return a code as it is compared: no capitals, no marks except between two digits."""
    marked = re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")
    return re.sub(r"(?<![0-9])_|_(?![0-9])", "", marked)


def _joined(*codes: str) -> str:
    """Return codes put together as they are compared."""
    return _folded("_".join(filter(None, codes)))


def _codes(column: ExportColumn) -> list[str]:
    """Return what a column is called, most telling first; a position only where no row is named."""
    at = f"{_folded(column.question)}#{column.position}"
    if column.position and not column.row:
        return [at, _folded(column.name)]
    return [_joined(column.question, column.row, column.option), _folded(column.name)]


def _by_code(
    asked: Iterable[Asked], column_name: Callable[[str, str, int, str], str] | None
) -> dict[str, Asked]:
    """Return every answer by the codes that say which it is; codes of two answers are left out."""
    by_code: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        codes = {_joined(one.question, one.row, one.option)}
        if one.row_purpose == "statement" and one.statement:
            codes |= {_folded(one.meaning), _joined(one.subject, one.statement)}
        if one.position and not one.option:
            codes.add(f"{_folded(one.question)}#{one.position}")
        if column_name is not None:
            codes.add(_folded(column_name(one.question, one.row, one.position, one.option)))
        for code in codes:
            by_code[code].append(one)
    return {code: answers[0] for code, answers in by_code.items() if len(answers) == 1}


def _agrees(column: ExportColumn, asked: Asked) -> bool:
    """Tell whether the words of a column, where it has any, are those of an answer."""
    row, option = column.row_text, "" if column.is_open_text else column.option_text
    if asked.option and not asked.row and not option:
        row, option = "", row
    return _one_text(column) in _one_texts(asked) or (
        _fits(column.question_text, asked.question_texts)
        and _fits(row, asked.row_texts)
        and _fits(option, asked.option_texts)
    )


def _other_shape(column: ExportColumn, asked: Asked, *, issued: bool) -> bool:
    """Tell whether a column is an option where a row was asked for, or a row for an option."""
    is_row = bool(column.position and not column.option and not issued)
    return bool(column.option and asked.row) or bool(is_row and asked.option)


def _one_text(column: ExportColumn) -> str:
    """Return all words of a column as one text, since a platform may have put them together."""
    option = "" if column.is_open_text else column.option_text
    return comparable(" - ".join(filter(None, (column.question_text, column.row_text, option))))


def _one_texts(asked: Asked) -> Iterator[str]:
    """Yield the words of an answer as one text, in every combination."""
    for question in asked.question_texts:
        for row in asked.row_texts or {""}:
            for option in asked.option_texts or {""}:
                yield " - ".join(filter(None, (question, row, option)))


def _fits(text: str, texts: frozenset[str]) -> bool:
    """Tell whether a text is empty, one of some texts, or the beginning of one where it was cut."""
    if not text or not texts or comparable(text) in texts:
        return True
    beginning = _beginning(text)
    return bool(beginning) and any(known.startswith(beginning) for known in texts)


def _beginning(text: str) -> str:
    """Return what a platform left of a text that it cut; empty if it did not."""
    if not _CUT.search(text):
        return ""
    beginning = comparable(_CUT.sub("", text))
    return beginning if len(beginning) >= _SHORTEST_BEGINNING else ""


def _words(asked: Asked) -> str:
    """Return the words that people read at an answer, for messages."""
    texts = (asked.row_texts, asked.option_texts, asked.question_texts)
    return min(next(filter(None, texts), frozenset({asked.meaning})), key=len)


class _WordIndex:
    """Answers by the words that people read there."""

    def __init__(self, asked: Sequence[Asked]) -> None:
        self._asked = asked
        self._by_words: dict[tuple[str, str, str], list[Asked]] = defaultdict(list)
        self._by_one_text: dict[str, list[Asked]] = defaultdict(list)
        for one in asked:
            for text in _one_texts(one):
                self._by_one_text[text].append(one)
            for question in one.question_texts:
                for row in one.row_texts or {""}:
                    for option in one.option_texts or {""}:
                        self._by_words[question, row, option].append(one)
                if not one.row:
                    for option in one.option_texts:
                        self._by_words[question, option, ""].append(one)

    def find(self, column: ExportColumn) -> tuple[Rule, list[Asked]]:
        """Return the answers whose words are those of a column."""
        option = "" if column.is_open_text else column.option_text
        words = (comparable(column.question_text), comparable(column.row_text), comparable(option))
        if words in self._by_words:
            return "text", self._by_words[words]
        if column.row_text and _one_text(column) in self._by_one_text:
            return "text", self._by_one_text[_one_text(column)]
        bracketed = comparable(f"{column.question_text} [{column.row_text}]")
        if (bracketed, "", "") in self._by_words:
            return "text", self._by_words[bracketed, "", ""]
        if bool(column.row_text) != bool(column.question_text) and not option:
            return "text", self._rows(words[1] or words[0])
        if any(map(_beginning, (column.question_text, column.row_text, option))):
            fitting = [one for one in self._asked if self._fits_whole(column, one)]
            return "beginning of the text", fitting
        return "text", []

    def _rows(self, words: str) -> list[Asked]:
        """Return the answers to a row whose question the file does not say."""
        return [one for one in self._asked if words in one.row_texts]

    @staticmethod
    def _fits_whole(column: ExportColumn, asked: Asked) -> bool:
        """Tell whether an answer has words wherever a column has them, and they agree."""
        option = "" if column.is_open_text else column.option_text
        return (
            bool(column.row_text) == bool(asked.row)
            and bool(option) == bool(asked.option)
            and bool(column.question_text)
            and _agrees(column, asked)
        )


def _by_position(
    columns: Sequence[ExportColumn], found: Mapping[str, Match], asked: Sequence[Asked]
) -> dict[str, Match]:
    """Match rows of grids by position, where the question is known and no row says otherwise."""
    grids: dict[tuple[str, str], list[ExportColumn]] = defaultdict(list)
    for column in columns:
        if column.position and not column.is_open_text:
            grids[column.question, column.question_text].append(column)
    matches: dict[str, Match] = {}
    for rows in grids.values():
        known = _same_grid(rows, found, asked)
        by_position = {one.position: one for one in known}
        names = {_folded(one.row) for one in asked if one.row}
        agreeing = [
            column.position in by_position
            and _agrees(column, by_position[column.position])
            and _folded(column.row) not in names - {_folded(by_position[column.position].row)}
            for column in rows
        ]
        if known and len(rows) == known[0].n_rows and all(agreeing):
            matches |= {
                column.name: Match(by_position[column.position], "position")
                for column in rows
                if column.name not in found and not column.row_text
            }
    return matches


def _same_grid(
    rows: Sequence[ExportColumn], found: Mapping[str, Match], asked: Sequence[Asked]
) -> list[Asked]:
    """Return the answers of the one grid whose question is that of some columns."""
    text = comparable(rows[0].question_text)
    codes = {found[column.name].asked.question for column in rows if column.name in found}
    codes |= {one.question for one in asked if one.row and text and text in one.question_texts}
    return [one for one in asked if codes == {one.question} and one.row]


def _without_joined(found: Mapping[str, Match]) -> dict[str, Match]:
    """Leave out several answers in one cell where they also stand in a column each."""
    apart = {match.asked.question for match in found.values() if match.asked.option}
    return {
        name: match
        for name, match in found.items()
        if not (match.asked.joined and match.asked.question in apart and not match.is_open_text)
    }


def doubled(found: Mapping[str, Match]) -> dict[str, list[str]]:
    """Return the columns of every meaning that more than one column has."""
    counts = Counter(match.meaning for match in found.values())
    columns: dict[str, list[str]] = defaultdict(list)
    for name, one in found.items():
        if counts[one.meaning] > 1:
            columns[one.meaning].append(name)
    return dict(columns)
