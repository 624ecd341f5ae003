"""Excel forms that came back filled in: one respondent a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from rds.cells import column_letter
from rds.errors import InputError, Problem
from rds.survey.export import NOT_TICKED, TICKED, Export, ExportColumn
from rds.survey.platforms.excel_write import (
    BOTH,
    FORM,
    LINE,
    QUESTION,
    RESPONDENT,
    column_name,
)
from rds.survey.platforms.files import ReceivedFile
from rds.survey.platforms.opening import file_problem
from rds.survey.platforms.words import comparable, one_line

_AGAIN = "ask for the form again, or give its answers as a table"
_CODES, _LIST = 3, 4
"""How many codes follow what a line is; where the answers of a list begin after it."""

_YES = frozenset({"x", "✓", "✔", "☒", "☑", "1", "yes", "true"})
_NO = frozenset({"0", "no", "false", "-", "–"})


@dataclass(frozen=True)
class _Form:
    """Where things stand in a form that came back.

    Parameters
    ----------
    row
        The row, from 0, that says what the file is.
    mark, statement, answer
        Columns, from 0: the first of the codes, the statements, the answers.
    language
        Its language.
    n_lines
        How many lines take answers.
    """

    row: int
    mark: int
    statement: int
    answer: int
    language: str
    n_lines: int


@dataclass(frozen=True)
class _Line:
    """A line that takes an answer: its row from 1, what it asks, the answer, its list."""

    row: int
    column: ExportColumn
    answer: str
    choices: tuple[str, ...] = ()


def recognise(file: ReceivedFile) -> bool:
    """Tell whether a file is a form of ours, by the mark among its codes."""
    return file.kind in ("text", "workbook") and any(
        FORM in map(str.strip, row) for row in file.head
    )


def read(file: ReceivedFile) -> Export:
    """Read a form that was filled in, as an export with one row.

    Lines and columns may have moved, and other programs may have saved it again. What stands
    elsewhere in the sheet is not read.

    Raises
    ------
    InputError
        If lines are missing or doubled, or answers are not among those of their list; if nothing
        was filled in.
    """
    rows = [[cell.strip() for cell in row] for row in file.rows()]
    form = _form(file, rows)
    lines = list(_lines(rows, form))
    _refuse_other_lines(file, form, lines)
    answers = _answers(file, form, lines)
    if not any(answers.values()):
        raise file_problem(
            file.name,
            "a form in which nothing was filled in",
            "answers beside the questions",
            "leave this file out",
        )
    number = next((row[form.answer] for row in rows if row[form.mark] == RESPONDENT), "")
    described = (
        ExportColumn("respondent", role="respondent" if number else "technical"),
        ExportColumn("language", role="language"),
        *(line.column for line in lines),
    )
    cells = {"respondent": number, "language": form.language, **answers}
    columns = tuple(column.name for column in described)

    def blocks() -> Iterator[pd.DataFrame]:
        yield pd.DataFrame([cells], index=[form.row + 1], columns=list(columns), dtype=str)

    return Export(
        source=file.name,
        sha256=file.sha256,
        layout="wide",
        columns=columns,
        blocks=blocks,
        assumed=file.assumed,
        platform="excel",
        described=described,
    )


def _form(file: ReceivedFile, rows: Sequence[Sequence[str]]) -> _Form:
    """Find out where things stand; columns are known by what stands in the first line."""
    at = next((n for n, row in enumerate(rows) if FORM in row), None)
    if at is None:
        raise file_problem(
            file.name,
            "no hidden columns with the codes of a form",
            "an Excel form of rds as it was filled in",
            f"restore the columns, or {_AGAIN}",
        )
    row = rows[at]
    mark = row.index(FORM)
    _, _, _, language, n_lines, answers, title = [*row[mark + 1 :], *[""] * 7][:7]
    visible = [cell if n < mark or n > mark + 7 else None for n, cell in enumerate(row)]
    if not n_lines.isdecimal() or answers not in visible or title not in visible:
        raise file_problem(
            file.name,
            "a form whose first line was changed",
            f"“{title}” above the questions and “{answers}” above the answers",
            f"restore the first line, or {_AGAIN}",
            place=f"row {at + 1}",
        )
    return _Form(at, mark, visible.index(title), visible.index(answers), language, int(n_lines))


def _lines(rows: Sequence[Sequence[str]], form: _Form) -> Iterator[_Line]:
    """Yield the lines that take answers, each with its question."""
    asked = {row[form.mark + 1]: row for row in rows if row[form.mark] in (QUESTION, BOTH)}
    for number, row in enumerate(rows, 1):
        if row[form.mark] not in (LINE, BOTH):
            continue
        question, own, option = row[form.mark + 1 : form.mark + 1 + _CODES]
        heading = asked.get(question, [""] * len(row))
        words = one_line(row[form.statement])
        column = ExportColumn(
            column_name(question, own, option=option),
            question=question,
            row=own,
            option=option,
            question_text=one_line(heading[form.statement]),
            row_text=words if own else "",
            option_text=words if option else "",
        )
        choices = tuple(filter(None, heading[form.mark + _LIST :]))
        yield _Line(number, column, row[form.answer], choices)


def _refuse_other_lines(file: ReceivedFile, form: _Form, lines: Sequence[_Line]) -> None:
    """Refuse a form with lines missing or doubled."""
    names = [line.column.name for line in lines]
    twice = [line for line in lines if names.count(line.column.name) > 1]
    if twice:
        raise file_problem(
            file.name,
            f"two lines for “{twice[0].column.row_text or twice[0].column.name}”",
            "each line once",
            "remove the one that was added",
            place=f"rows {', '.join(str(line.row) for line in twice[:2])}",
        )
    if len(names) != form.n_lines:
        raise file_problem(
            file.name,
            f"{len(names)} lines to answer",
            f"{form.n_lines}, as the form was written",
            _AGAIN,
        )


def _answers(file: ReceivedFile, form: _Form, lines: Sequence[_Line]) -> dict[str, str]:
    """Return the answers by column; report all that are none of their list's."""
    problems, answers = [], {}
    for line in lines:
        read = _ticked if line.column.option else _chosen
        answer = read(line)
        if answer is None:
            wanted = "X, or nothing" if line.column.option else _shown(line.choices)
            place = f"cell {column_letter(form.answer + 1)}{line.row}"
            mend = "ask the respondent, or empty the cell"
            problems.append(Problem(file.name, place, f"“{line.answer}”", wanted, mend))
        answers[line.column.name] = answer or ""
    if problems:
        raise InputError(problems)
    return answers | _not_ticked(lines, answers)


def _chosen(line: _Line) -> str | None:
    """Return an answer in the words of its list; None if it is not there."""
    if not line.answer or not line.choices:
        return line.answer
    if line.answer in line.choices:
        return line.answer
    known = {comparable(choice): choice for choice in line.choices}
    return known.get(comparable(line.answer))


def _ticked(line: _Line) -> str | None:
    """Return whether an option was chosen; nothing where the cell is empty."""
    answer = line.answer.casefold()
    if answer in _YES or (answer and comparable(answer) == comparable(line.column.option_text)):
        return TICKED
    return {"": "", **dict.fromkeys(_NO, NOT_TICKED)}.get(answer)


def _not_ticked(lines: Sequence[_Line], answers: dict[str, str]) -> dict[str, str]:
    """Return the options that were not chosen, where others of the question were."""
    ticked = {
        line.column.question
        for line in lines
        if line.column.option and answers[line.column.name] == TICKED
    }
    return {
        line.column.name: NOT_TICKED
        for line in lines
        if line.column.option
        and line.column.question in ticked
        and answers[line.column.name] != TICKED
    }


def _shown(choices: Sequence[str]) -> str:
    """Return the answers of a list as a message names them."""
    return "one of " + ", ".join(f"“{choice}”" for choice in choices)
