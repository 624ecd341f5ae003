"""What a survey asks beside ratings: consent, several answers, checks, write-ins, fielding."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rds.ratings.mapping import ColumnMap
from rds.ratings.personal import without_personal_data
from rds.ratings.pseudonyms import pseudonym
from rds.ratings.table import Column, Report, Table, Texts
from rds.survey.asked import Asked
from rds.survey.export import NOT_SHOWN_TEXT, TICKED
from rds.survey.platforms.words import comparable, folded, plain_text

_TICKS = {TICKED, "y", "yes", "checked", "true", "x"}
_WHOLE = re.compile(r"(-?\d+)[.,]0+")


def in_words(table: Table, columns: ColumnMap) -> Table:
    """Return the answers in the study's own words, wherever codes or another language stand.

    Ratings keep their codes, unless a codebook says what these mean on the platform.
    """
    translated = {
        name: _in_words(column, columns.asked[name], columns.labels.get(name, {}))
        if name in columns.asked and _is_chosen(columns, name)
        else column
        for name, column in table.columns.items()
    }
    return table._replace(columns=translated)


def _is_chosen(columns: ColumnMap, name: str) -> bool:
    """Tell whether a column holds a choice among options, and no typed text or tick."""
    asked = columns.asked[name]
    return bool(asked.options) and not asked.option and not _is_open_text(columns, name)


def _is_open_text(columns: ColumnMap, name: str) -> bool:
    """Tell whether a column holds what people typed for “other”."""
    return columns.extras.get(name, "").endswith("(other)")


def without_addresses(table: Table, columns: ColumnMap) -> tuple[Table, int]:
    """Return the answers without addresses and telephone numbers, and from how many they went."""
    cleaned, n_cleaned = dict(table.columns), 0
    for name in filter(table.columns.__contains__, _typed_by_people(columns)):
        column = table.columns[name]
        levels = [without_personal_data(text) for text in column.levels]
        changed = [new != old for new, old in zip(levels, column.levels, strict=True)]
        n_cleaned += int(np.array(changed, dtype=bool)[column.codes].sum())
        cleaned[name] = column._replace(levels=levels)
    return table._replace(columns=cleaned), n_cleaned


def _typed_by_people(columns: ColumnMap) -> set[str]:
    """Return the columns that may hold what people typed themselves."""
    asked = {
        name
        for name, one in columns.asked.items()
        if not one.options or _is_open_text(columns, name)
    }
    return asked | (columns.demographics.keys() - columns.asked.keys())


def _in_words(column: Column, asked: Asked, codebook: Mapping[str, str]) -> Column:
    """Return a column with each of its texts in the words of the base language."""
    is_rating = asked.purpose == "rating" and asked.row_purpose != "attention check"
    codes = {} if is_rating else asked.labels_by_code

    def words(text: str) -> str:
        code = _WHOLE.sub(r"\1", text)
        said = codebook.get(text, codebook.get(code, text))
        return asked.labels.get(comparable(said), codes.get(code, said))

    return column._replace(levels=[words(text) for text in column.levels])


def untrusted_numbers(table: Table, columns: ColumnMap, report: Report) -> None:
    """Report ratings given as numbers that the platform may have chosen itself."""
    doubtful = [
        name
        for name in columns.ratings
        if name in columns.untrusted
        and columns.asked[name].options
        and any(map(_is_number, _present(table.columns[name])))
    ]
    if doubtful:
        report(
            table.columns[doubtful[0]].place,
            f"numbers in {len(doubtful)} columns of ratings, which the platform may have chosen",
            "answers in words, or numbers with a codebook that says what they mean",
            "export the answers as text (labels), or give the platform's codebook with --codebook",
        )


def _present(column: Column) -> list[str]:
    """Return the texts that stand in a column."""
    return [column.levels[level] for level in np.unique(column.codes)]


def _is_number(text: str) -> bool:
    """Tell whether a text is a number other than “not shown”."""
    return bool(re.fullmatch(r"\d+(?:[.,]\d+)?", text))


class Agreed(NamedTuple):
    """The rows of those who agreed to take part, and how many did not, by what happened."""

    table: Table
    left_out: dict[str, int]


def who_agreed(table: Table, columns: ColumnMap) -> Agreed:
    """Leave out the rows of people who did not agree to take part."""
    asked = {name: one for name, one in columns.asked.items() if one.purpose == "consent"}
    if not asked:
        return Agreed(table, {})
    name, one = next(iter(asked.items()))
    agreeing = {one.labels_by_code[str(code)] for code in one.eligible}
    texts = table.columns[name].texts()
    agreed = np.isin(texts, list(agreeing))
    silent = np.isin(texts, ["", NOT_SHOWN_TEXT])
    counts = {
        "did not agree to take part": int((~agreed & ~silent).sum()),
        "left before agreeing to take part": int(silent.sum()),
    }
    return Agreed(_rows(table, agreed), {why: count for why, count in counts.items() if count})


def _rows(table: Table, kept: NDArray[np.bool_]) -> Table:
    """Return some rows of a table."""
    return table._replace(
        columns={name: c._replace(codes=c.codes[kept]) for name, c in table.columns.items()},
        rows=table.rows[kept],
    )


def several_answers(table: Table, columns: ColumnMap) -> dict[str, Texts]:
    """Return the answers to questions with several, joined by semicolons, by question.

    They stand in a column each, ticked or not, or in one cell with a separator.
    """
    joined: dict[str, Texts] = {}
    for name, question in columns.demographics.items():
        asked = columns.asked.get(name)
        if asked is not None and asked.joined:
            column = table.columns[name]
            levels = [
                _apart(text, asked, columns.separators.get(name, "")) for text in column.levels
            ]
            joined[question] = column._replace(levels=levels).texts()
    for name, (question, option) in columns.options.items():
        column = table.columns[name]
        empty = np.full(len(column.codes), "", dtype=object)
        before = joined.setdefault(question, empty)
        asked = columns.asked[name]
        ticks = _TICKS | asked.option_texts
        marks = [comparable(text) in ticks for text in column.levels]
        ticked = np.array(marks, dtype=bool)[column.codes]
        first = before == ""
        joined[question] = np.where(
            ticked, np.where(first, option, before + "; " + option), before
        ).astype(object)
    return joined


def _apart(text: str, asked: Asked, separator: str) -> str:
    """Return several answers that stand in one cell, in the study's words, joined by semicolons."""
    words = {**asked.labels_by_code, **asked.labels}
    known = sorted(words, key=len, reverse=True)
    mark = separator.strip() or (" " if separator else "," if "," in text else ";")
    rest, answers = "" if text == NOT_SHOWN_TEXT else plain_text(text), []
    while rest:
        label = next((one for one in known if _begins(rest, one, mark)), "")
        part = rest[: len(label)] if label else rest.partition(mark)[0]
        answers.append(words[label] if label else part.strip())
        rest = rest[len(part) :].strip().removeprefix(mark).strip()
    return "; ".join(filter(None, answers))


def _begins(text: str, label: str, mark: str) -> bool:
    """Tell whether a text begins with a label that ends there or at a separator."""
    after = text[len(label) :]
    ends = not after.strip() or (after if mark == " " else after.lstrip()).startswith(mark)
    return folded(text[: len(label)]) == label and ends


def survey_columns(table: Table, columns: ColumnMap, key: bytes) -> dict[str, Texts]:
    """Return what else is stored of each row, by name.

    Attention checks become ``passed`` or ``failed``; the time of answering becomes its day and the
    seconds taken; a token or address becomes a pseudonym.
    """
    stored = {}
    for name, extra in columns.extras.items():
        asked = columns.asked.get(name)
        column = table.columns[name]
        if asked is None or asked.purpose == "consent" or asked.row_purpose == "repeat":
            continue
        read = _passed if asked.row_purpose == "attention check" else _shown
        stored[extra] = column._replace(
            levels=[read(text, asked) for text in column.levels]
        ).texts()
    return stored | dict(_about(table, columns, key))


def _shown(text: str, _: Asked) -> str:
    """Return a text; nothing where the question was not shown."""
    return "" if text == NOT_SHOWN_TEXT else text


def _passed(text: str, asked: Asked) -> str:
    """Tell whether an attention check was passed."""
    if text in ("", NOT_SHOWN_TEXT):
        return ""
    return "passed" if text == asked.labels_by_code[str(asked.expected)] else "failed"


def _about(table: Table, columns: ColumnMap, key: bytes) -> Iterator[tuple[str, Texts]]:
    """Yield what the platform says of the respondents: day, seconds, status, language, contact."""
    by_role = {role: table.columns[name] for name, role in columns.extras.items()}
    for role in ("status", "language"):
        if role in by_role:
            yield role, by_role[role].texts()
    day = by_role.get("submitted", by_role.get("started"))
    if day is not None:
        yield "date", day._replace(levels=[_day(text) for text in day.levels]).texts()
    if "seconds" in by_role:
        yield "seconds", by_role["seconds"].texts()
    elif {"started", "submitted"} <= by_role.keys():
        times = zip(by_role["started"].texts(), by_role["submitted"].texts(), strict=True)
        yield "seconds", np.array([_seconds(*pair) for pair in times], dtype=object)
    if "contact" in by_role:
        contact = by_role["contact"]
        levels = [pseudonym(f"contact {text}", key) if text else "" for text in contact.levels]
        yield "contact", contact._replace(levels=levels).texts()


def _day(text: str) -> str:
    """Return the day of a time; nothing when it cannot be read for certain."""
    time = _time(text)
    return "" if time is None else time.date().isoformat()


def _seconds(started: str, submitted: str) -> str:
    """Return the seconds between two times."""
    begin, end = _time(started), _time(submitted)
    if begin is None or end is None or (begin.tzinfo is None) != (end.tzinfo is None):
        return ""
    seconds = (end - begin).total_seconds()
    return f"{seconds:.0f}" if seconds > 0 else ""


def _time(text: str) -> datetime | None:
    """Read a time."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
