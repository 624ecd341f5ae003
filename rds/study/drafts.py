"""Drafts of the outline: forms for the experts, what comes back, and the proposal they make."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rds.documents.draft_form import FORM, KEEP, Draft, draft_form, read_draft
from rds.documents.proposal_workbook import proposal_workbook
from rds.errors import InputError, Problem
from rds.files import sha256_of_file, write_atomically
from rds.outline.build import is_empty_outline
from rds.outline.drafts import Proposed, Unit, merge_drafts
from rds.outline.proposal import KEY_OF
from rds.study.accepted import accepted_rounds, names_in_record
from rds.study.folder import Folder, copy_problems
from rds.study.form_kinds import FormKind, FormsIssued, FormWishes
from rds.study.guard import lock
from rds.study.study import Study

PROPOSED = "study-proposed.xlsx"
_WRITTEN = "proposal.json"
_WORDS: Mapping[str, tuple[Unit, str]] = {
    "Domains": ("domain", "title"),
    "Tasks": ("task", "statement"),
    "KSAs": ("KSA", "statement"),
    "Requirements": ("requirement", "statement"),
}
_GONE = ("dropped", "outside the role")


@dataclass(frozen=True)
class DraftReceived:
    """What became of a draft that came back."""

    holder: str
    round_number: int
    n_statements: int
    n_changes: int
    remarks: tuple[str, ...]
    proposal: str
    stored: bool
    next_command: str = "status"

    def as_lines(self) -> list[str]:
        """Return what happened in plain sentences."""
        said = f"Draft of {self.holder}, round {self.round_number}: {self.n_statements} statements"
        said += f", {self.n_changes} remarks on present ones." if self.n_changes else "."
        end = [self.proposal or "Kept."] if self.stored else ["Nothing was stored."]
        return [said, *self.remarks, *end]

    def as_dict(self) -> dict[str, Any]:
        """Return what happened for machines."""
        return asdict(self)


def present_statements(study: Study) -> dict[Unit, dict[str, str]]:
    """Return the words of the outline's statements in force, by kind and identifier."""
    return {
        unit: {
            row.text(KEY_OF[sheet]): row.text(column)
            for row in study.rows.get(sheet, ())
            if row.text("status") not in _GONE
        }
        for sheet, (unit, column) in _WORDS.items()
    }


def issue_drafts(study: Study, wishes: FormWishes) -> FormsIssued:
    """Write a form for every expert who serves, or for those and the groups named.

    Raises
    ------
    InputError
        When nobody is named and the sheet Panel is empty, or the round was decided already.
    """
    people = wishes.people or tuple(
        row.text("sme_id")
        for row in study.rows.get("Panel", ())
        if row.values.get("served") is not False
    )
    number = wishes.round_number or _next_round(study.folder)
    problems = [] if people else [_nobody()]
    problems += _refused_round(study, number)
    if problems:
        raise InputError(problems)
    root = study.folder.forms / f"drafts-{number}"
    present = list(_present_rows(study))
    paths = {who: root / f"{_file_name(who)}.xlsx" for who in people}
    with lock(study.folder.root):
        root.mkdir(parents=True, exist_ok=True)
        for who, path in paths.items():
            content = draft_form(
                study_id=study.settings.study.id,
                holder=who,
                round_number=number,
                present=present,
                date=study.settings.study.opened,
            )
            write_atomically(path, content)
    remark = f"Round {number}: each fills in one form, alone or as a group, and sends it back."
    written = tuple(path.relative_to(study.folder.root) for path in paths.values())
    return FormsIssued(written, (remark,), "DRAFT.xlsx …")


def receive_draft(
    study: Study, path: Path, dry_run: bool = False, *, propose: bool = True
) -> DraftReceived:
    """Read a draft into a study and write the proposal of its round anew.

    The form is kept as it came. A later one of the same author replaces the earlier, which is
    kept too. A proposal in which somebody wrote is left alone.

    Parameters
    ----------
    study
        The study, opened.
    path
        The workbook.
    dry_run
        Read and report, store nothing.
    propose
        Whether to write the proposal; where many come at once, the last one does.

    Raises
    ------
    InputError
        As `read_draft`; and when the round was decided already.
    """
    draft = _read(study, path)
    problems = [*copy_problems(study.folder), *_refused_round(study, draft.round_number)]
    if problems:
        raise InputError(problems)
    place = _received(study.folder, draft.round_number) / f"{_file_name(draft.holder)}.xlsx"
    remarks = [*_remarks(draft)]
    if place.exists() and place.read_bytes() != path.read_bytes():
        remarks.append(f"It replaces the draft that {draft.holder} sent before, which is kept.")
    said = ""
    if not dry_run:
        with lock(study.folder.root):
            _keep(place, path)
            said = _propose(study, draft.round_number) if propose else ""
    return DraftReceived(
        draft.holder,
        draft.round_number,
        len(draft.drafted),
        sum(change.verdict != KEEP for change in draft.changes),
        tuple(remarks),
        said,
        stored=not dry_run,
    )


def open_drafts(study: Study) -> tuple[str, ...]:
    """Return a sentence for each draft that is missing, and for a proposal that waits."""
    number = _next_round(study.folder) - 1
    if number < 1 or number in accepted_rounds(study.record):
        return ()
    asked = {path.stem for path in (study.folder.forms / f"drafts-{number}").glob("*.xlsx")}
    came = {path.stem for path in _received(study.folder, number).glob("*.xlsx")}
    missing = sorted(asked - came)
    said = [f"drafts of round {number} missing from {', '.join(missing)}"] if missing else []
    if came and (study.folder.root / PROPOSED).exists():
        said.append(f"{PROPOSED} waits to be decided and received")
    return tuple(said)


def _read(study: Study, path: Path) -> Draft:
    """Read a draft of this study."""
    known = {name: text for own in present_statements(study).values() for name, text in own.items()}
    return read_draft(path, study_id=study.settings.study.id, known=known)


def _present_rows(study: Study) -> Iterator[dict[str, object]]:
    """Yield the outline's statements as they stand in the form."""
    titles = present_statements(study)["domain"]
    domains = {row.text("task_id"): row.text("domain_id") for row in study.rows.get("Tasks", ())}
    for own in present_statements(study).values():
        for name, text in own.items():
            domain = domains.get(name, "")
            title = f"{domain} {titles.get(domain, '')}".strip()
            yield {"statement_id": name, "domain": title, "statement": text}


def _remarks(draft: Draft) -> Iterator[str]:
    """Yield what has to be said of a draft."""
    if draft.unclear:
        yield f"Lines without a statement, kept in the form only: {'; '.join(draft.unclear)}"
    yield from (f"Assumed: {text}" for text in draft.form.assumed)
    if draft.form.ignored:
        yield f"Not ours, kept in the form only: {', '.join(draft.form.ignored)}"
    yield from (f"Comment at {place}: {text}" for place, text in draft.form.comments)


def _keep(place: Path, path: Path) -> None:
    """Keep a form as it came; an earlier one of the same author gets a number."""
    place.parent.mkdir(parents=True, exist_ok=True)
    content = path.read_bytes()
    if place.exists() and place.read_bytes() != content:
        before = place.parent / "replaced"
        before.mkdir(exist_ok=True)
        number = len(list(before.glob(f"{place.stem}-*.xlsx"))) + 1
        place.replace(before / f"{place.stem}-{number}.xlsx")
    write_atomically(place, content)


def _propose(study: Study, number: int) -> str:
    """Write the proposal of a round from all its drafts; say what became of it."""
    drafts = [_read(study, path) for path in sorted(_received(study.folder, number).glob("*.xlsx"))]
    target, noted = study.folder.root / PROPOSED, study.folder.forms / f"drafts-{number}" / _WRITTEN
    written = json.loads(noted.read_bytes())["sha256"] if noted.exists() else ""
    if target.exists() and sha256_of_file(target) != written:
        return (
            f"{PROPOSED} was changed by somebody and is left as it is, without this draft. Move "
            "it away and receive the draft again to have it written anew."
        )
    proposed = _merged(study, drafts)
    content = proposal_workbook(
        proposed,
        [one for draft in drafts for one in draft.changes if one.verdict != KEEP],
        _answers(drafts),
        study_id=study.settings.study.id,
        round_number=number,
        present={n: t for own in present_statements(study).values() for n, t in own.items()},
        date=study.settings.study.opened,
    )
    write_atomically(target, content)
    noted.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(noted, json.dumps({"sha256": sha256_of_file(target)}).encode())
    alike = len({one.group for one in proposed if one.group})
    return (
        f"Wrote {PROPOSED}: {len(proposed)} statements from {len(drafts)} drafts, {alike} groups "
        "that are alike. Decide every line, then receive it."
    )


def _merged(study: Study, drafts: Sequence[Draft]) -> tuple[Proposed, ...]:
    """Bring the statements of all drafts together."""
    taken = names_in_record(study.record)
    taken |= {row.text(KEY_OF[sheet]) for sheet in _WORDS for row in study.rows.get(sheet, ())}
    drafted = [one for draft in drafts for one in draft.drafted]
    return merge_drafts(drafted, known=present_statements(study), taken=taken)


def _answers(drafts: Sequence[Draft]) -> dict[str, list[str]]:
    """Return what drafters said of the role, each with its author, by section."""
    said: dict[str, list[str]] = {}
    for draft in drafts:
        for section, text in draft.answers.items():
            said.setdefault(section, []).append(f"{draft.holder}: {text}")
    return said


def _next_round(folder: Folder) -> int:
    """Return the number of the round that comes next."""
    names = [path.name for path in folder.forms.glob("drafts-*")]
    numbers = [int(name.partition("-")[2]) for name in names if name[7:].isdecimal()]
    return max(numbers, default=0) + 1


def _refused_round(study: Study, number: int) -> list[Problem]:
    """Return a problem where the round was decided already."""
    entry = accepted_rounds(study.record).get(number)
    if entry is None:
        return []
    found = f"round {number}, which was decided (record.jsonl, line {entry.sequence})"
    mend = f"write forms for another round, or withdraw decision {entry.sequence}"
    return [Problem("drafts", "", found, "a round that is open", mend)]


def _received(folder: Folder, number: int) -> Path:
    """Return where the drafts of a round are kept."""
    return folder.received / f"drafts-{number}"


def _file_name(who: str) -> str:
    """Return a name for the file of somebody's form."""
    return re.sub(r"[^A-Za-z0-9]+", "-", who).strip("-") or "form"


def _nobody() -> Problem:
    """Return the problem that nobody is there to draft."""
    mend = "fill in the sheet Panel, or name them: --for SME01 --for SME02"
    return Problem("study.xlsx", "Panel", "nobody who serves", "the experts who draft", mend)


DRAFT = FormKind(
    "draft",
    "drafts of the outline, one form an expert or group",
    issue_drafts,
    wishes=("people", "round_number"),
    form=FORM,
    receive=receive_draft,
    tolerates=is_empty_outline,
)
