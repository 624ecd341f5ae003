"""The form on which a coder says what each write-in is, and the reader of what comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from rds.analysis.write_ins import CODER_DISPOSITIONS, CODERS, CODINGS, CONSENSUS, COVERED
from rds.columns import Column, Sheet
from rds.documents.form_book import COVER, Cover, FormSheet, form_workbook
from rds.documents.form_reader import read_form
from rds.errors import InputError, Problem, nearest
from rds.sheets import Row

FORM = "coding of write-ins"

_GUIDE = (
    "Code every line of the sheet Write-ins by yourself, without seeing the other coder's form.",
    "covered by task: a task of the list says the same; name it under task_id (sheet Tasks).",
    "new task: work of the role that no task of the list covers.",
    "out of scope: work, but not of this role.",
    "no task named: praise, complaints, remarks on the survey.",
    "Where a line names several things, code the first that no task covers; say so under comment.",
    "Change neither write_in_id nor text. Hand the file back; the lines may be personal.",
)
_CONSENSUS_GUIDE = (
    "The two coders coded these lines differently, as the comment says. Settle each together.",
)
_INPUTS = ("disposition", "task_id", "comment")
_WRITE_INS = Sheet(
    "Write-ins",
    "What respondents said is missing: to be coded.",
    (
        Column("write_in_id", "Its identifier.", needed=True, width=14),
        Column("text", "What was written.", width=70),
        Column("disposition", "What it is.", needed=True, choices=CODER_DISPOSITIONS, width=18),
        Column("task_id", "The task that covers it, if one does.", needed=True, width=12),
        Column("comment", "What you want to say of it.", needed=True, width=40),
    ),
)
_TASKS = Sheet(
    "Tasks",
    "The tasks of the role, to look up.",
    (Column("task_id", "Its identifier."), Column("statement", "The task.", width=90)),
)


@dataclass(frozen=True, eq=False)
class CodingForm:
    """A coding form that came back.

    Attributes
    ----------
    coder
        Whose it is.
    codings
        Columns of `rds.analysis.write_ins.CODINGS`; lines that were not coded are left out.
    n_open
        Lines that were not coded.
    """

    coder: str
    codings: pd.DataFrame
    n_open: int


def coding_form(
    texts: pd.DataFrame,
    tasks: Mapping[str, str],
    *,
    study_id: str,
    coder: str,
    on: date,
    comments: Mapping[str, str] | None = None,
) -> bytes:
    """Return a workbook in which a coder codes write-ins.

    Parameters
    ----------
    texts
        ``write_in_id`` and ``text``.
    tasks
        Statement by task, for the list to choose from.
    study_id, coder
        Written into the form, so that it is known again.
    on
        The date that the file carries.
    comments
        What stands under comment already, by write-in.
    """
    known = comments or {}
    lines = [
        {"write_in_id": name, "text": text, "comment": known.get(str(name), "")}
        for name, text in zip(texts["write_in_id"], texts["text"], strict=True)
    ]
    listed = [{"task_id": name, "statement": text} for name, text in tasks.items()]
    guide = (*(_CONSENSUS_GUIDE if coder == CONSENSUS else ()), *_GUIDE)
    cover = Cover(
        FORM, "Coding what respondents found missing", study_id, _holder(coder), guide=guide
    )
    sheets = [FormSheet(_WRITE_INS, lines, inputs=_INPUTS), FormSheet(_TASKS, listed)]
    return form_workbook(cover, sheets, date=on)


def _holder(coder: str) -> str:
    """Return whose form it is, as the cover says it."""
    return coder if coder == CONSENSUS else f"coder {coder}"


def read_coding_form(path: Path, *, study_id: str, tasks: Sequence[str]) -> CodingForm:
    """Read a coding form.

    Parameters
    ----------
    path
        The workbook.
    study_id
        The study it has to belong to.
    tasks
        Identifiers of the tasks that may be named.

    Raises
    ------
    InputError
        With every problem at once: another study, a form of nobody, dispositions that are none,
        tasks that there are not, or that “covered by task” lacks.
    """
    form = read_form(path, [_WRITE_INS])
    coder = form.holder.removeprefix("coder ")
    problems = [*form.problems_of_study(study_id), *form.problems]
    if coder not in (*CODERS, CONSENSUS):
        found = f"a form for “{form.holder}”"
        wanted = "coder a, coder b or consensus"
        problems.append(Problem(path.name, COVER, found, wanted, "use the form as it was written"))
    rows = [row for row in form.rows.get(_WRITE_INS.name, ()) if row.text("write_in_id")]
    coded = [row for row in rows if row.text("disposition")]
    problems += _doubled(coded)
    problems += [problem for row in coded for problem in _task_problems(row, tasks)]
    if problems:
        raise InputError(problems)
    known = {name.casefold(): name for name in tasks}
    lines = [
        (
            coder,
            row.text("write_in_id"),
            row.text("disposition"),
            known[row.text("task_id").casefold()] if row.text("disposition") == COVERED else "",
            row.text("comment"),
        )
        for row in coded
    ]
    table = pd.DataFrame(lines, columns=list(CODINGS))
    return CodingForm(coder, table, len(rows) - len(coded))


def _doubled(rows: Sequence[Row]) -> Iterator[Problem]:
    """Yield a problem for each write-in that is coded twice."""
    seen: set[str] = set()
    for row in rows:
        if row.text("write_in_id") in seen:
            yield row.problem("write_in_id", "each write-in once", "remove one of the lines")
        seen.add(row.text("write_in_id"))


def _task_problems(row: Row, tasks: Sequence[str]) -> Iterator[Problem]:
    """Yield a problem where a line says that a task covers it, and names none."""
    task = row.text("task_id")
    known = {name.casefold() for name in tasks}
    if row.text("disposition") == COVERED and task.casefold() not in known:
        named = nearest(task, tasks) if task else ""
        mend = f"write “{named}”" if named else "name the task that covers it"
        yield row.problem("task_id", "a task of the sheet Tasks", mend)
