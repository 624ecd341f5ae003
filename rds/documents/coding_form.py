"""The form on which a coder says what each write-in is, and the reader of what comes back."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import xlsxwriter

from rds.analysis.write_ins import CODER_DISPOSITIONS, CODERS, CODINGS, CONSENSUS, COVERED
from rds.cells import Grid, read_grids
from rds.errors import InputError, Problem, nearest
from rds.files import deterministic_zip

SHEET, ABOUT = "Write-ins", "About"
FORM = "coding of write-ins"
HEADERS = ("write_in_id", "text", "disposition", "task_id", "comment")

_WIDTHS = (14, 70, 18, 12, 40)
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


@dataclass(frozen=True, eq=False)
class CodingForm:
    """A coding form that came back.

    Attributes
    ----------
    study_id, coder
        Whose it is.
    codings
        Columns of `rds.analysis.write_ins.CODINGS`; lines that were not coded are left out.
    n_open
        Lines that were not coded.
    """

    study_id: str
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
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as workbook:
        bold = workbook.add_format({"bold": True, "bottom": 1})
        wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        about = workbook.add_worksheet(ABOUT)
        guide = [*(_CONSENSUS_GUIDE if coder == CONSENSUS else ()), *_GUIDE]
        facts = (("form", FORM), ("study", study_id), ("coder", coder))
        for row, (key, value) in enumerate(facts):
            about.write_row(row, 0, [key, value], bold)
        about.write_column(len(facts) + 1, 0, guide)
        about.set_column(0, 0, 16)
        sheet = workbook.add_worksheet(SHEET)
        sheet.write_row(0, 0, HEADERS, bold)
        sheet.freeze_panes(1, 1)
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width, wrapped)
        for row, line in enumerate(texts.itertuples(), 1):
            comment = (comments or {}).get(str(line.write_in_id), "")
            sheet.write_row(row, 0, [line.write_in_id, line.text, "", "", comment])
        listed = workbook.add_worksheet("Tasks")
        listed.write_row(0, 0, ["task_id", "statement"], bold)
        for row, (name, statement) in enumerate(tasks.items(), 1):
            listed.write_row(row, 0, [name, statement])
        listed.set_column(1, 1, 90, wrapped)
        last = max(len(texts), 1)
        choices = {"validate": "list", "source": list(CODER_DISPOSITIONS)}
        sheet.data_validation(1, 2, last, 2, choices)
        if tasks:
            own = {"validate": "list", "source": f"=Tasks!$A$2:$A${len(tasks) + 1}"}
            sheet.data_validation(1, 3, last, 3, own)
        sheet.activate()
    return deterministic_zip(buffer.getvalue(), date=on)


def is_coding_form(path: Path) -> bool:
    """Tell from its content whether a file is a coding form."""
    try:
        with path.open("rb") as file:
            if file.read(2) != b"PK":
                return False
        grids = read_grids(path, lambda names: [ABOUT] if {ABOUT, SHEET} <= {*names} else [])
    except (InputError, OSError):
        return False
    return ABOUT in grids and _facts(grids[ABOUT]).get("form") == FORM


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
    grids = read_grids(path, lambda names: [name for name in names if name in (ABOUT, SHEET)])
    facts = _facts(grids[ABOUT])
    problems = list(_wrong_facts(path.name, facts, study_id))
    headers = {
        cell.text.casefold(): column for column, cell in grids[SHEET].rows.get(1, {}).items()
    }
    for name in HEADERS:
        if name not in headers and name != "text":
            mend = "use the form as it was written"
            problems.append(Problem(path.name, SHEET, f"no column “{name}”", "it", mend))
    if problems:
        raise InputError(problems)
    lines, n_open = [], 0
    seen: set[str] = set()
    for number in sorted(set(grids[SHEET].rows) - {1}):
        line = _Line(path.name, grids[SHEET], number, headers)
        name, disposition = line.text("write_in_id"), line.text("disposition").casefold()
        if not name:
            continue
        if not disposition:
            n_open += 1
            continue
        problems += line.problems(disposition, tasks, seen)
        seen.add(name)
        task = line.task(tasks) if disposition == COVERED else ""
        lines.append((facts["coder"], name, disposition, task, line.text("comment")))
    if problems:
        raise InputError(problems)
    return CodingForm(
        facts["study"], facts["coder"], pd.DataFrame(lines, columns=list(CODINGS)), n_open
    )


@dataclass(frozen=True)
class _Line:
    """One line of the sheet of write-ins."""

    file: str
    grid: Grid
    number: int
    headers: Mapping[str, int]

    def text(self, column: str) -> str:
        """Return a cell's text."""
        return self.grid.cell(self.number, self.headers[column]).text.strip()

    def task(self, tasks: Sequence[str]) -> str:
        """Return the task named, as the outline spells it."""
        known = {name.casefold(): name for name in tasks}
        return known.get(self.text("task_id").casefold(), "")

    def problems(self, disposition: str, tasks: Sequence[str], seen: set[str]) -> Iterator[Problem]:
        """Yield what is wrong with the line."""
        if self.text("write_in_id") in seen:
            yield self._problem("write_in_id", "each write-in once", "remove one of the lines")
        if disposition not in CODER_DISPOSITIONS:
            close = nearest(disposition, CODER_DISPOSITIONS) or CODER_DISPOSITIONS[0]
            wanted = f"one of {', '.join(CODER_DISPOSITIONS)}"
            yield self._problem("disposition", wanted, f"choose “{close}”")
        if disposition == COVERED and not self.task(tasks):
            named = nearest(self.text("task_id"), tasks)
            mend = f"write “{named}”" if named else "name the task that covers it"
            yield self._problem("task_id", "a task of the sheet Tasks", mend)

    def _problem(self, column: str, wanted: str, mend: str) -> Problem:
        """Return a problem at one of the line's cells."""
        cell = self.grid.cell(self.number, self.headers[column])
        found = f"“{cell.text}”" if cell.text else "nothing"
        return Problem(self.file, cell.place, found, wanted, mend)


def _facts(grid: Grid) -> dict[str, str]:
    """Return what the sheet About says of the form."""
    return {row[1].text: row[2].text for row in grid.rows.values() if 1 in row and 2 in row}


def _wrong_facts(file: str, facts: Mapping[str, str], study_id: str) -> Iterator[Problem]:
    """Yield a problem for a form of another study, or of nobody."""
    if facts.get("study") != study_id:
        found = f"a form of the study “{facts.get('study', '')}”"
        yield Problem(file, ABOUT, found, f"“{study_id}”", "receive it in its own study")
    if facts.get("coder") not in (*CODERS, CONSENSUS):
        found = f"coder “{facts.get('coder', '')}”"
        yield Problem(file, ABOUT, found, "a, b or consensus", "use the form as it was written")
