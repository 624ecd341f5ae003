"""Accepting what drafts propose: through the record into the outline, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rds.documents.draft_form import DROP, MOVE, REWORD
from rds.documents.proposal_workbook import (
    ACCEPT,
    FORM,
    DecidedChange,
    DecidedProposal,
    read_proposal,
)
from rds.documents.study_workbook import study_workbook
from rds.errors import InputError, Problem
from rds.files import sha256_of_file, write_atomically
from rds.outline.build import is_empty_outline
from rds.outline.drafts import find_domain
from rds.outline.proposal import KEY_OF, SHEET_OF, accepted_rows
from rds.record import EMPTY_HEAD, Entry, Record, append
from rds.sheets import Row
from rds.study.accepted import SUBJECT, accepted_rounds, with_accepted
from rds.study.drafts import present_statements
from rds.study.folder import copy_problems
from rds.study.form_kinds import FormKind
from rds.study.guard import lock
from rds.study.signing import refuse_if_approved
from rds.study.study import Study

ACCEPTED = "study-accepted.xlsx"


@dataclass(frozen=True)
class ProposalReceived:
    """What became of a decided proposal."""

    round_number: int
    role: str
    counts: Mapping[str, int]
    n_changes: int
    line: int
    stored: bool
    next_command: str = "check"

    def as_lines(self) -> list[str]:
        """Return what happened in plain sentences."""
        counted = ", ".join(f"{name}: {n}" for name, n in self.counts.items())
        said = [f"Round {self.round_number}, decided by {self.role}: {counted}."]
        if self.n_changes:
            said.append(f"{self.n_changes} changes of present statements accepted.")
        if not self.stored:
            return [*said, "Nothing was stored."]
        return [
            *said,
            f"Recorded as line {self.line} of record.jsonl; the outline holds what was kept.",
            f"Wrote {ACCEPTED}: study.xlsx with these statements. Put it in its place to go on "
            "editing there.",
        ]

    def as_dict(self) -> dict[str, Any]:
        """Return what happened for machines."""
        return asdict(self)


def receive_proposal(study: Study, path: Path, dry_run: bool = False) -> ProposalReceived:
    """Record what was decided about every line of a proposal.

    Raises
    ------
    InputError
        As `read_proposal`; when its round was decided already, or its requirements name tasks
        that there are not.
    """
    read = _read_proposal(study, path)
    accepted = [one for one in read.changes if one.decision == ACCEPT]
    counts: dict[str, int] = {}
    for one in read.decided:
        counts[one.decision] = counts.get(one.decision, 0) + 1
    if not dry_run:
        refuse_if_approved(study)
    line = 0 if dry_run else _record(study, read, path)
    return ProposalReceived(
        read.round_number, read.role, counts, len(accepted), line, stored=not dry_run
    )


def _record(study: Study, read: DecidedProposal, path: Path) -> int:
    """Append the decisions as one line, and write the workbook that holds them."""
    rows = _accepted_rows(read)
    with lock(study.folder.root):
        kept = study.folder.received / f"drafts-{read.round_number}" / "decided"
        kept.mkdir(parents=True, exist_ok=True)
        write_atomically(kept / path.name, path.read_bytes())
        entry = append(
            study.folder.record,
            study=study.settings.study.id,
            role=read.role,
            kind="decision",
            subject=f"{SUBJECT}{read.round_number}",
            value=len(rows),
            reason=read.reason,
            details=_details(study, read, rows) | {"proposal": sha256_of_file(path)},
        )
        after = Study.open(study.folder.root, strict=False)
        write_atomically(study.folder.root / ACCEPTED, _workbook(after))
    return entry.sequence


def _accepted_rows(read: DecidedProposal) -> list[tuple[str, dict[str, Any]]]:
    """Return the rows that a decided proposal adds, each with its sheet."""
    source = f"drafts, round {read.round_number}"
    rows = list(accepted_rows(read.decided, source=source, accepted_by=read.role))
    return rows + [("Narrative", {"section": k, "text": t}) for k, t in read.texts.items()]


def _details(
    study: Study, read: DecidedProposal, rows: Sequence[tuple[str, Mapping[str, Any]]]
) -> dict[str, object]:
    """Return what the record holds of a decided proposal."""
    return {
        "lines": [asdict(one) for one in read.decided],
        "rows": [[sheet, row] for sheet, row in rows],
        "changes": list(_changes(study, read)),
        "declined": [
            asdict(one.change) | {"because": one.reason}
            for one in read.changes
            if one.decision != ACCEPT
        ],
    }


def rows_if_accepted(study: Study, path: Path) -> dict[str, Sequence[Row]]:
    """Return the rows of a study as they would be with a decided proposal; nothing is recorded.

    Raises
    ------
    InputError
        As `receive_proposal`.
    """
    read = _read_proposal(study, path)
    rows = _accepted_rows(read)
    subject, details = f"{SUBJECT}{read.round_number}", _details(study, read, rows)
    head = (1, "", study.settings.study.id, read.role, "decision", subject, len(rows), read.reason)
    entry = Entry(*head, EMPTY_HEAD, EMPTY_HEAD, details)
    return with_accepted(study.rows, Record((entry,), EMPTY_HEAD, 1, None))[0]


def _read_proposal(study: Study, path: Path) -> DecidedProposal:
    """Read a decided proposal, with everything that stands in its way."""
    known = present_statements(study)
    titles = known["domain"]
    read = read_proposal(path, study_id=study.settings.study.id, titles=titles, known=known)
    problems = [*copy_problems(study.folder), *_unfit(study, read, path.name)]
    if problems:
        raise InputError(problems)
    return read


def _workbook(study: Study) -> bytes:
    """Return study.xlsx with everything that holds now."""
    rows = {name: [row.values for row in own] for name, own in study.rows.items()}
    rows.pop("Settings", None)
    settings = {key: value for key, (value, _) in study.given.items()}
    return study_workbook(rows, settings=settings, date=study.settings.study.opened)


def _changes(study: Study, read: DecidedProposal) -> Iterator[dict[str, str]]:
    """Yield the cells that accepted changes of present statements alter."""
    sheets = {
        name: SHEET_OF[unit] for unit, own in present_statements(study).items() for name in own
    }
    rows = {row.text(KEY_OF[sheet]): row for sheet in KEY_OF for row in study.rows.get(sheet, ())}
    for one in read.changes:
        name = one.change.statement_id
        if one.decision == ACCEPT:
            column, now = _cell(one, sheets[name], read, study)
            yield {
                "sheet": sheets[name],
                "name": name,
                "column": column,
                "was": rows[name].text(column),
                "now": now,
                "reason": one.reason,
            }


def _cell(one: DecidedChange, sheet: str, read: DecidedProposal, study: Study) -> tuple[str, str]:
    """Return which column an accepted change alters, and what it says then."""
    if one.change.verdict == MOVE:
        return "domain_id", find_domain(one.wording, _titles(study, read))
    if one.change.verdict == DROP:
        return "status", "dropped"
    return ("title" if sheet == "Domains" else "statement"), one.wording


def _titles(study: Study, read: DecidedProposal) -> dict[str, str]:
    """Return the titles of the domains that there will be."""
    kept = {
        one.name: one.statement
        for one in read.decided
        if one.unit == "domain" and one.decision == "keep"
    }
    return {**present_statements(study)["domain"], **kept}


def _unfit(study: Study, read: DecidedProposal, file: str) -> Iterator[Problem]:
    """Yield what the study cannot take."""
    entry = accepted_rounds(study.record).get(read.round_number)
    if entry is not None:
        found = f"round {read.round_number}, which was decided already"
        mend = f"withdraw decision {entry.sequence} first, or leave it"
        yield Problem(file, "", found, "a round that is open", mend)
    known = present_statements(study)
    tasks = {one.name for one in read.decided if one.unit == "task" and one.decision == "keep"}
    tasks |= set(known["task"])
    for line in read.decided:
        unknown = [name for name in line.task_ids if name not in tasks]
        if unknown and line.decision == "keep":
            found = f"{line.name} for {', '.join(unknown)}"
            yield Problem(file, "Requirements", found, "tasks that are kept", "correct them")
    movable = {*known["task"]}
    for change in read.changes:
        name, verdict = change.change.statement_id, change.change.verdict
        place = f"Changes, {name}"
        if change.decision != ACCEPT:
            continue
        if name not in {n for own in known.values() for n in own}:
            yield Problem(file, place, f"“{name}”", "a statement of the outline", "decline it")
        elif verdict == MOVE and (
            name not in movable or not find_domain(change.wording, _titles(study, read))
        ):
            wanted = "a task, and a domain that is kept"
            yield Problem(file, place, f"move to “{change.wording}”", wanted, "correct or decline")
        elif verdict == DROP and name in {*known["domain"], *known["requirement"]}:
            wanted = "tasks and KSAs; domains and requirements are removed in study.xlsx"
            yield Problem(file, place, f"drop of {name}", wanted, "decline it here")
        elif verdict == REWORD and not change.wording:
            yield Problem(file, place, "nothing", "the new words", "fill in wording")


PROPOSAL = FormKind(
    "proposal",
    "the proposal that drafts make",
    None,
    form=FORM,
    receive=receive_proposal,
    tolerates=is_empty_outline,
)
