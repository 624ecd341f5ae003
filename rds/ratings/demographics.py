"""Who answered: counts and percentages by question, small cells and what would give them away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from rds.notes import Note
from rds.values import read_number, split_list

DEMOGRAPHICS = ("variable", "kind", "category", "n", "percent", "value", "suppressed")

QuestionKind = Literal["choice", "several", "number", "text"]

MOST_CATEGORIES = 30
"""Categories printed of a question; the others are counted together."""

NO_ANSWER, OTHER = "no answer", "other answers"
SMALLEST_CELL = 5
FEWEST_FOR_SPREAD = 10
_STATISTICS = ("mean", "sd", "lower quartile", "median", "upper quartile")


@dataclass(frozen=True)
class DescribedQuestion:
    """A question about respondents, as far as its answers are described.

    Parameters
    ----------
    name
        Its identifier, the column of the answers.
    kind
        ``"choice"`` (one answer), ``"several"`` (joined by semicolons), ``"number"``, ``"text"``
        (only counted, never printed).
    options
        The answers it offers; all others are counted together. Without any, all answers are
        categories.
    """

    name: str
    kind: QuestionKind = "choice"
    options: tuple[str, ...] = ()


def describe_respondents(
    respondents: pd.DataFrame,
    questions: Sequence[DescribedQuestion],
    *,
    smallest_cell: int = SMALLEST_CELL,
) -> tuple[pd.DataFrame, list[Note]]:
    """Describe respondents by what they said of themselves.

    Parameters
    ----------
    respondents
        One row a respondent, a column a question; missing or empty for no answer.
    questions
        The questions to describe.
    smallest_cell
        Counts from 1 to one less than this are suppressed, and further cells of the same question
        until no suppressed count follows from the total: two at least, that together reach it. How
        many gave no answer is always printed.

    Returns
    -------
    table, notes
        Columns `DEMOGRAPHICS`. ``percent`` is of those who answered (no answer: of all); for a
        question with several answers the percentages can exceed 100 together. Of a number, ``n``
        counts the answers and ``value`` holds the statistic that ``category`` names.

    Examples
    --------
    >>> people = pd.DataFrame({"Q1": ["A"] * 12 + ["B"] * 7 + ["C"] * 2})
    >>> asked = DescribedQuestion("Q1", options=("A", "B", "C"))
    >>> table, _ = describe_respondents(people, [asked])
    >>> table[["category", "n", "suppressed"]].to_numpy().tolist()[:3]
    [['A', 12.0, False], ['B', nan, True], ['C', nan, True]]
    """
    parts, notes = [], []
    for question in questions:
        if question.name not in respondents:
            reason = "nobody was asked, or no answers were received"
            notes.append(Note("demographics", question.name, "n", "withheld", reason))
            continue
        texts = respondents[question.name].fillna("").map(str).map(str.strip)
        describe = {"number": _numbers, "several": _several, "text": _texts}.get(
            question.kind, _choices
        )
        part, own = describe(texts, question, smallest_cell)
        parts.append(part.assign(variable=question.name, kind=question.kind))
        notes += [
            Note("demographics", question.name, column, "withheld", why) for column, why in own
        ]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return table.reindex(columns=list(DEMOGRAPHICS)), notes


def suppressed_cells(counts: Sequence[int], *, smallest_cell: int = SMALLEST_CELL) -> list[bool]:
    """Tell which counts of a table with a known total may not be printed.

    Counts from 1 to `smallest_cell` − 1 are suppressed; then the next larger ones, until at least
    two are and together they reach `smallest_cell`, so that the total gives none of them away.
    Zeros are printed.

    Examples
    --------
    >>> suppressed_cells([40, 12, 7, 2, 0])
    [False, False, True, True, False]
    >>> suppressed_cells([40, 4, 3])
    [False, True, True]
    """
    hidden = [0 < n < smallest_cell for n in counts]
    if not any(hidden):
        return hidden
    for place in sorted(range(len(counts)), key=lambda k: (counts[k], k)):
        total = sum(n for n, is_hidden in zip(counts, hidden, strict=True) if is_hidden)
        if sum(hidden) >= 2 and total >= smallest_cell:
            break
        if counts[place] and not hidden[place]:
            hidden[place] = True
    return hidden


def categories_of(
    texts: pd.Series[str], options: Sequence[str], smallest: int
) -> tuple[pd.Series[str], list[str]]:
    """Return the category of each answer, empty for none, and the categories in order.

    That is the order of the options or, without any, the largest first. Answers that no option
    names, and those of thin categories where there are no options, may be words of a respondent's
    own: they are counted together as `OTHER`.
    """
    if options:
        words = {option.casefold(): option for option in options}
        order = list(options)
    else:
        found = texts[texts != ""].value_counts()
        order = [str(name) for name, n in found.items() if n >= smallest][:MOST_CATEGORIES]
        words = {name.casefold(): name for name in order}
    named = texts.map(lambda text: words.get(text.casefold(), OTHER) if text else "")
    return named, list(dict.fromkeys([*order, *([OTHER] if (named == OTHER).any() else [])]))


def category_counts(texts: pd.Series[str], options: Sequence[str], smallest: int) -> dict[str, int]:
    """Count answers by the categories of `categories_of`."""
    named, order = categories_of(texts, options, smallest)
    counts = named.value_counts()
    return {name: int(counts.get(name, 0)) for name in order}


Part = tuple[pd.DataFrame, list[tuple[str, str]]]


def _choices(texts: pd.Series[str], question: DescribedQuestion, smallest_cell: int) -> Part:
    """Describe a question with one answer."""
    counts = category_counts(texts, question.options, smallest_cell)
    silent = int((texts == "").sum())
    names, numbers = [*counts, NO_ANSWER], [*counts.values(), silent]
    hidden = [*suppressed_cells(numbers[:-1], smallest_cell=smallest_cell), False]
    bases = [sum(counts.values())] * len(counts) + [len(texts)]
    table = pd.DataFrame({"category": names, "n": numbers, "suppressed": hidden})
    table["percent"] = [
        100 * n / base if base else np.nan for n, base in zip(numbers, bases, strict=True)
    ]
    notes = []
    n_other = texts[texts != ""].nunique() - len(counts)
    if not question.options and OTHER in counts and n_other > 0:
        notes.append(
            ("category", "answers that few gave, or beyond the 30 most frequent, together")
        )
    return _without_hidden(table), [*notes, *_said(hidden, smallest_cell)]


def _several(texts: pd.Series[str], question: DescribedQuestion, smallest_cell: int) -> Part:
    """Describe a question with several answers; percentages of those who gave any."""
    given = texts[texts != ""]
    chosen = given.map(lambda text: list({*split_list(text)}))
    flat = chosen.explode().dropna()
    counts = category_counts(flat.map(str), question.options, smallest_cell)
    if OTHER in counts:
        counts[OTHER] = int(flat[~flat.isin(list(counts))].index.nunique())
    names, numbers = [*counts, NO_ANSWER], [*counts.values(), len(texts) - len(given)]
    # Options do not add up to a total, so that none gives another away.
    hidden = [*(0 < n < smallest_cell for n in counts.values()), False]
    bases = [len(given)] * len(counts) + [len(texts)]
    table = pd.DataFrame({"category": names, "n": numbers, "suppressed": hidden})
    table["percent"] = [
        100 * n / base if base else np.nan for n, base in zip(numbers, bases, strict=True)
    ]
    return _without_hidden(table), _said(hidden, smallest_cell)


def _numbers(texts: pd.Series[str], question: DescribedQuestion, smallest_cell: int) -> Part:
    """Describe a question that asks for a number."""
    values = pd.Series([_number(text) for text in texts], dtype=float).dropna()
    n_unread = int((texts != "").sum()) - len(values)
    n = len(values)
    shown = [n >= smallest_cell, n >= FEWEST_FOR_SPREAD]
    found = [
        values.mean() if shown[0] else np.nan,
        values.std(ddof=1) if shown[1] else np.nan,
        values.quantile(0.25) if shown[1] else np.nan,
        values.median() if shown[0] else np.nan,
        values.quantile(0.75) if shown[1] else np.nan,
    ]
    is_hidden = 0 < n < smallest_cell
    table = pd.DataFrame(
        {
            "category": list(_STATISTICS),
            "n": np.nan if is_hidden else n,
            "value": found,
            "suppressed": is_hidden,
        }
    )
    notes = [("value", f"{n_unread} answers are no numbers")] if n_unread else []
    if not shown[1]:
        wanted = f"fewer than {FEWEST_FOR_SPREAD if shown[0] else smallest_cell} numbers were given"
        notes.append(("value", wanted))
    return table, notes


def _texts(texts: pd.Series[str], question: DescribedQuestion, smallest_cell: int) -> Part:
    """Count the answers to an open question; their words are never printed."""
    counts = {"answered": int((texts != "").sum()), NO_ANSWER: int((texts == "").sum())}
    table = pd.DataFrame(
        {"category": list(counts), "n": list(counts.values()), "suppressed": False}
    )
    table["percent"] = 100 * table["n"] / max(len(texts), 1)
    return _without_hidden(table), []


def _number(text: str) -> float:
    """Read a number; NaN for what is none."""
    try:
        return float(read_number(text)) if text else float("nan")
    except ValueError:
        return float("nan")


def _without_hidden(table: pd.DataFrame) -> pd.DataFrame:
    """Empty the suppressed cells."""
    shown = ~table["suppressed"]
    return table.assign(
        n=table["n"].astype(float).where(shown), percent=table["percent"].where(shown)
    )


def _said(hidden: Sequence[bool], smallest_cell: int) -> list[tuple[str, str]]:
    """Say that cells are suppressed."""
    reason = f"cells below {smallest_cell} respondents, and those that would give them away"
    return [("n", reason)] if any(hidden) else []


def hidden_categories(table: pd.DataFrame) -> Mapping[str, set[str]]:
    """Return the suppressed categories of each variable of a table of demographics."""
    rows = table[table["suppressed"].astype(bool)]
    return {str(name): set(part["category"]) for name, part in rows.groupby("variable")}
