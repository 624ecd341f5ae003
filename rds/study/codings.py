"""Write-ins of a study: forms for their coders, what comes back, and what waits for a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from rds.analysis.write_ins import (
    CODERS,
    CODINGS,
    CONSENSUS,
    NEW_TASK,
    write_in_texts,
    write_ins_table,
)
from rds.documents.coding_form import FORM, coding_form, read_coding_form
from rds.errors import InputError, Problem
from rds.files import write_atomically
from rds.study.folder import Folder, copy_problems
from rds.study.form_kinds import FormKind, FormsIssued, FormWishes, next_place
from rds.study.guard import lock
from rds.study.signing import refuse_if_approved
from rds.study.study import Study

WRITE_IN_VALUES = ("add", "reject")
"""What may be decided about a new task that respondents named."""


@dataclass(frozen=True)
class CodingsReceived:
    """What became of a coding form that came back."""

    coder: str
    n_coded: int
    n_open: int
    n_replaced: int
    stored: bool
    next_command: str = "run"

    def as_lines(self) -> list[str]:
        """Return what happened in plain sentences."""
        lines = [f"Coder {self.coder}: {self.n_coded} write-ins coded, {self.n_open} left open."]
        if self.n_replaced:
            lines.append(f"{self.n_replaced} of them had been coded before and are replaced.")
        end = f"Stored as codings/coder-{self.coder}.csv." if self.stored else "Nothing was stored."
        return [*lines, end]

    def as_dict(self) -> dict[str, Any]:
        """Return what happened for machines."""
        return asdict(self)


def read_codings(folder: Folder) -> pd.DataFrame:
    """Return all codings received (columns `CODINGS`)."""
    parts = [
        pd.read_csv(path, dtype=str, keep_default_na=False)
        for path in (_place(folder, coder) for coder in (*CODERS, CONSENSUS))
        if path.exists()
    ]
    empty = pd.DataFrame(columns=list(CODINGS))
    return pd.concat(parts, ignore_index=True) if parts else empty


def issue_coding_forms(study: Study) -> list[Path]:
    """Write a form for each coder with the write-ins that still have to be coded.

    Where both have coded and differ, a third form asks to settle it.

    Returns
    -------
    list of Path
        The files written, from the study folder.

    Raises
    ------
    InputError
        When there is nothing to code.
    """
    texts = write_in_texts(study.ratings.respondents)
    codings = read_codings(study.folder)
    forms: dict[str, tuple[pd.DataFrame, dict[str, str]]] = {}
    for coder in CODERS:
        done = set(codings.loc[codings["coder"] == coder, "write_in_id"])
        forms[coder] = (texts[~texts["write_in_id"].isin(done)], {})
    differing = _differing(codings)
    forms[CONSENSUS] = (texts[texts["write_in_id"].isin(list(differing))], differing)
    wanted = {coder: form for coder, form in forms.items() if len(form[0])}
    if not wanted:
        found = "no write-in that still has to be coded"
        mend = "receive answers that say which tasks are missing"
        problem = Problem("responses", "missing", found, "write-ins of respondents", mend)
        raise InputError([problem])
    tasks = {task.task_id: task.statement for task in study.outline.active_tasks}
    with lock(study.folder.root):
        root = next_place(study.folder.forms, "coding")
        root.mkdir(parents=True)
        for coder, (own, comments) in wanted.items():
            content = coding_form(
                own,
                tasks,
                study_id=study.settings.study.id,
                coder=coder,
                on=study.settings.study.opened,
                comments=comments,
            )
            write_atomically(root / f"coder-{coder}.xlsx", content)
    names = [root / f"coder-{coder}.xlsx" for coder in wanted]
    return [path.relative_to(study.folder.root) for path in names]


def receive_codings(study: Study, path: Path, *, dry_run: bool = False) -> CodingsReceived:
    """Read a coding form back into a study; a coder's later word replaces the earlier.

    Raises
    ------
    InputError
        As `read_coding_form`; and for write-ins that nobody wrote.
    """
    tasks = [task.task_id for task in study.outline.tasks]
    form = read_coding_form(path, study_id=study.settings.study.id, tasks=tasks)
    known = set(write_in_texts(study.ratings.respondents)["write_in_id"])
    strange = [name for name in form.codings["write_in_id"] if name not in known]
    problems = copy_problems(study.folder)
    if strange:
        found = f"{len(strange)} write-ins that no respondent wrote, such as {strange[0]}"
        mend = "use the form as it was written, or write it again with: rds form code"
        problems.append(Problem(path.name, "", found, "write-ins of this study", mend))
    if problems:
        raise InputError(problems)
    if not dry_run:
        refuse_if_approved(study)
    place = _place(study.folder, form.coder)
    before = read_codings(study.folder)
    before = before[before["coder"] == form.coder]
    again = before["write_in_id"].isin(form.codings["write_in_id"])
    if not dry_run:
        table = pd.concat([before[~again], form.codings]).sort_values("write_in_id")
        with lock(study.folder.root):
            place.parent.mkdir(exist_ok=True)
            write_atomically(place, table.to_csv(index=False, lineterminator="\n").encode())
    return CodingsReceived(
        form.coder, len(form.codings), form.n_open, int(again.sum()), stored=not dry_run
    )


def write_in_decisions(study: Study) -> dict[str, str]:
    """Return what was decided about new tasks, by write-in."""
    names = set(read_codings(study.folder)["write_in_id"])
    return {name: str(entry.value) for name, entry in study.decisions.items() if name in names}


def new_tasks(study: Study) -> list[str]:
    """Return the write-ins that name a new task, decided or not."""
    table = write_ins_table(read_codings(study.folder), write_in_decisions(study))
    return [str(name) for name in table.loc[table["disposition"] == NEW_TASK, "write_in_id"]]


def open_write_ins(study: Study) -> tuple[str, ...]:
    """Return a sentence for each matter of write-ins that waits for somebody."""
    codings = read_codings(study.folder)
    if not len(codings):
        return ()
    decided = write_in_decisions(study)
    waiting = [name for name in new_tasks(study) if name not in decided]
    sentences = [f"write-in {name} names a new task: decide add or reject" for name in waiting]
    differing = _differing(codings)
    if differing:
        sentences.append(f"{len(differing)} write-ins are coded differently: settle them")
    return tuple(sentences)


def coding_files(folder: Folder) -> Sequence[Path]:
    """Return the files of codings that there may be."""
    return [_place(folder, coder) for coder in (*CODERS, CONSENSUS)]


def _differing(codings: pd.DataFrame) -> dict[str, str]:
    """Return what both coders said of each write-in that they coded differently."""
    table = write_ins_table(codings, {})
    both = (table["coder_a"] != "") & (table["coder_b"] != "")
    rows = table[both & (table["disposition"] == "")]
    said: dict[str, list[str]] = {str(name): [] for name in rows["write_in_id"]}
    for coder, name, *coded in codings[list(CODINGS[:4])].itertuples(index=False):
        if name in said:
            said[str(name)].append(f"coder {coder}: {' '.join(coded).strip()}")
    return {name: "; ".join(own) for name, own in said.items()}


def _place(folder: Folder, coder: str) -> Path:
    """Return where the codings of a coder are stored."""
    return folder.root / "codings" / f"coder-{coder}.csv"


def _issue(study: Study, wishes: FormWishes) -> FormsIssued:
    """Write the coders' forms."""
    remark = "Each coder fills in one form alone. What they wrote may be personal: keep it so."
    return FormsIssued(tuple(issue_coding_forms(study)), (remark,))


def _receive(study: Study, path: Path, dry_run: bool) -> CodingsReceived:
    """Read a coder's form."""
    return receive_codings(study, path, dry_run=dry_run)


CODING = FormKind(
    "code",
    "what respondents found missing, for two coders",
    _issue,
    form=FORM,
    receive=_receive,
)
