"""The cells of LimeSurvey exports: what was ticked, not ticked, left empty, or not shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rds.survey.export import NOT_SHOWN_TEXT, NOT_TICKED, TICKED

ColumnKind = Literal["ticks", "perhaps ticks", "number", "open", "nothing", "other"]
Cells = NDArray[np.object_]

_HIDDEN, _UNKNOWN, _SEEN = -1, 0, 1
_YES = frozenset(
    ("Yes", "Ja", "Oui", "Sí", "Si", "Sì", "Sim", "Tak", "Ano", "Igen", "Kyllä", "Да", "はい", "是")
)
_NOT_APPLICABLE = frozenset(("N/A", "k.A.", "k. A.", "n/a", "s/o", "S/O", "n.v.t.", "NC"))
_NO = _NOT_APPLICABLE | {"N", "No", "Nein", "Non"}
_NUMBER = re.compile(r"-?\d*[.,]?\d+")
_NO_CODE = re.compile(r".*[.,].*|\d{2,}")
_MARKERS = {
    "{newline}": "\n",
    "{cr}": "\r",
    "{tab}": "\t",
    "{quote}": '"',
    "{lbrace}": "{",
}
_MARKER = re.compile("|".join(map(re.escape, _MARKERS)))
_MASKED = re.compile(r"'(?=[=+\-@|%])")


def vv_cell(text: str) -> str | None:
    r"""Return a cell of a VV file as it was answered, None for what was not shown.

    Examples
    --------
    >>> vv_cell("one{newline}{lbrace}two}"), vv_cell("{question_not_shown}")
    ('one\n{two}', None)
    """
    if text == "{question_not_shown}":
        return None
    return _MARKER.sub(lambda marker: _MARKERS[marker[0]], text)


def unmasked(text: str) -> str:
    """Return a cell without the mark by which LimeSurvey keeps spreadsheets from calculating.

    Examples
    --------
    >>> unmasked("'=1+1"), unmasked("'quoted'")
    ('=1+1', "'quoted'")
    """
    return text[1:] if _MASKED.match(text) else text


def is_none(cells: Cells) -> NDArray[np.bool_]:
    """Tell for every cell whether LimeSurvey stored nothing."""
    return np.array([[cell is None for cell in row] for row in cells], dtype=bool).reshape(
        cells.shape
    )


def looks_like_ticks(columns: Sequence[Cells], *, is_known: bool) -> bool:
    """Tell whether the columns of one question say what was ticked.

    Parameters
    ----------
    columns
        The cells of its columns.
    is_known
        Whether the structure of the survey says so. Without it the short “Y” counts, and the long
        “Yes” only together with “N/A”, which LimeSurvey writes for what was not ticked.
    """
    values = _values(columns)
    if is_known:
        return len(values - _NO) <= 1
    return values == {"Y"} or bool(len(values) == 2 and values & _YES and values & _NOT_APPLICABLE)


def looks_like_numbers(columns: Sequence[Cells]) -> bool:
    """Tell whether the columns of one question hold numbers that can hardly be answer codes."""
    values = _values(columns)
    no_codes = (
        value for value in values if _NO_CODE.fullmatch(value) and value not in ("98", "99")
    )
    empty = any((column == "").any() for column in columns)
    return all(map(_NUMBER.fullmatch, values)) and any(no_codes) and not empty


def settled(
    cells: Cells,
    questions: Sequence[int],
    kinds: Sequence[ColumnKind],
    finished: NDArray[np.bool_] | None,
) -> Cells:
    """Return the cells of answers, with what was not shown told from what was left empty.

    LimeSurvey stores nothing (None here) where a question was hidden or its page not reached, and
    an empty text where it was seen and not answered; but nothing for an unanswered number too, and
    long answers to arrays lose the difference. What does not tell by itself is taken to be hidden
    if the nearest answers that do tell, before and after it, are. Beside what is perhaps a tick,
    nothing is perhaps no tick. Whatever follows the last answer of a respondent who did not finish
    was not reached, and counts as not answered.

    Parameters
    ----------
    cells
        Respondents by columns; text, or None.
    questions
        A number for the question of every column.
    kinds
        What every column holds.
    finished
        Whether each respondent submitted the survey; None when the file does not tell.
    """
    ticks = np.array([kind == "ticks" for kind in kinds])
    nothing = is_none(cells)
    is_empty = cells == ""
    unticked = np.zeros(cells.shape, dtype=bool)
    unticked[:, ticks] = [[cell in _NO for cell in row] for row in cells[:, ticks]]
    is_answer = ~(nothing | is_empty | unticked)
    state = np.full(cells.shape, _UNKNOWN, dtype=np.int8)
    state[nothing] = _HIDDEN
    state[is_empty & nothing.any(axis=0)] = _SEEN
    vague = np.array([kind in ("number", "open", "nothing") for kind in kinds])
    state[:, vague] = _UNKNOWN
    state[is_answer] = _SEEN
    state[_not_reached(state, finished)] = _SEEN
    answered = _of_question(is_answer, questions)
    perhaps = np.array([kind == "perhaps ticks" for kind in kinds])
    hidden = _hidden(state, questions) & ~(perhaps & answered)
    settled_cells = np.where(is_answer, cells, np.where(hidden, NOT_SHOWN_TEXT, ""))
    known_ticks = ticks & answered
    return np.where(known_ticks, np.where(is_answer, TICKED, NOT_TICKED), settled_cells)


def _values(columns: Sequence[Cells]) -> set[str]:
    """Return the different values of some columns."""
    return {value for column in columns for value in set(column.tolist())} - {None, ""}


def _not_reached(state: NDArray[np.int8], finished: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
    """Tell which cells come after the last answer of a respondent who did not finish."""
    seen = np.logical_or.accumulate((state == _SEEN)[:, ::-1], axis=1)[:, ::-1]
    open_end = np.asarray(~seen, dtype=np.bool_)
    if finished is not None:
        open_end[finished] = False
    return open_end


def _of_question(flags: NDArray[np.bool_], questions: Sequence[int]) -> NDArray[np.bool_]:
    """Tell for every cell whether any cell of the same question and respondent is flagged."""
    spread = np.zeros_like(flags)
    for _, group in groupby(range(len(questions)), key=lambda place: questions[place]):
        places = list(group)
        spread[:, places] = flags[:, places].any(axis=1, keepdims=True)
    return spread


def _hidden(state: NDArray[np.int8], questions: Sequence[int]) -> NDArray[np.bool_]:
    """Tell which questions were not shown, from what tells by itself and from its neighbours."""
    known = state.copy()
    known[(state == _UNKNOWN) & _of_question(state == _SEEN, questions)] = _SEEN
    before, after = _nearest(known), _nearest(known[:, ::-1])[:, ::-1]
    vague = (known == _UNKNOWN) & (before != _SEEN) & (after != _SEEN)
    hidden = vague & ((before == _HIDDEN) | (after == _HIDDEN))
    hidden[known == _HIDDEN] = True
    return np.asarray(hidden, dtype=np.bool_)


def _nearest(state: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return for every cell the last state to its left that is known."""
    nearest = state.copy()
    for place in range(1, state.shape[1]):
        column = nearest[:, place]
        nearest[:, place] = np.where(column == _UNKNOWN, nearest[:, place - 1], column)
    return nearest
