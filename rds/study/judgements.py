"""Judgements of a study: forms that come back, stored round by round, and what they say now."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rds.documents.form_book import COVER, FORM, HOLDER, STUDY
from rds.documents.form_reader import form_facts
from rds.documents.judgement_form import (
    REVIEW_FORM,
    ROUND,
    JudgementForm,
    read_judgement_form,
)
from rds.errors import InputError, Problem
from rds.files import sha256_of_file, write_atomically
from rds.outline.judgements import differences, gaps
from rds.study.folder import Folder, copy_problems
from rds.study.guard import lock
from rds.study.judgement_store import (
    COMMENT,
    FINDING,
    SUGGESTION,
    Stored,
    judgement_file,
    receipt_of,
    store_judgements,
    stored_judgements,
)
from rds.study.judging_rounds import Round, Who, asked_now, read_rounds
from rds.study.study import Study


@dataclass(frozen=True)
class JudgementsReceived:
    """What became of a form of judgements that came back."""

    holder: str
    who: Who
    round: int
    n_judgements: int
    n_new: int
    n_changed: int
    n_kept: int
    gaps: Mapping[str, Sequence[str]]
    remarks: tuple[str, ...]
    comments: tuple[tuple[str, str], ...]
    n_findings: int
    stored: str
    already: bool = False
    next_command: str = "status"

    def as_lines(self) -> list[str]:
        """Return what happened in plain sentences."""
        name = f"{self.holder}, round {self.round}"
        if self.already:
            return [f"{name}: this file was received before; nothing changed."]
        lines = [f"{name}: {self.n_judgements} judgements."]
        if self.n_changed or self.n_kept:
            lines.append(
                f"A form of this round was received before. {self.n_new} judgements are new, "
                f"{self.n_changed} replace others, {self.n_kept} of before stay as they were."
            )
        lines += [f"Left open: {len(own)} of {part}{some(own)}." for part, own in self.gaps.items()]
        lines += self.remarks
        lines += [f"Comment on {place}: {text}" for place, text in self.comments]
        if self.n_findings:
            lines.append(f"{self.n_findings} findings wait for an answer.")
        return [*lines, f"Stored as {self.stored}." if self.stored else "Nothing was stored."]

    def as_dict(self) -> dict[str, Any]:
        """Return what happened for machines."""
        return asdict(self)


def receive_judgements(
    study: Study, path: Path, dry_run: bool = False, *, now: datetime | None = None
) -> JudgementsReceived:
    """Read a form of judgements back into a study.

    A later form of the same person and round adds to the earlier one: what it says replaces what
    was said, what it leaves open stays. Both files are kept under ``received/``.

    Parameters
    ----------
    study
        The study, opened.
    path
        The workbook.
    dry_run
        Read and report, store nothing.
    now
        The time to note, for tests and the demonstration.

    Raises
    ------
    InputError
        With every problem at once: a form of another study, of an outline that has changed since,
        of nobody, or as `rds.documents.judgement_form.read_judgement_form` says.
    """
    facts = form_facts(path)
    who: Who = "independent" if facts.get(FORM) == REVIEW_FORM else "judgements"
    one, holder = _round_of(study, path, facts, who)
    form = read_judgement_form(path, one.issued(holder, study.settings.study.id))
    place = judgement_file(study.folder, who, one.number, holder)
    before, receipt = stored_judgements(place), receipt_of(place)
    hash_ = sha256_of_file(path)
    if hash_ in [file["sha256"] for file in receipt["files"]]:
        return _report(one, holder, form, before, before, stored="", already=True)
    said = {**form.judgements, **_findings(one, holder, form), **_comments(before, form)}
    merged = {**before, **said}
    name = place.relative_to(study.folder.root).as_posix()
    if not dry_run:
        time = (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
        with lock(study.folder.root):
            copy = _keep_copy(study.folder, path, f"{who}-{one.number}-{holder}")
            receipt["files"].append(
                {"file": path.name, "sha256": hash_, "received": time, "copy": copy}
            )
            receipt["remarks"] = list(form.remarks)
            store_judgements(study.folder, who, one.number, holder, merged, receipt=receipt)
    return _report(one, holder, form, before, merged, stored="" if dry_run else name)


def _round_of(study: Study, path: Path, facts: Mapping[str, str], who: Who) -> tuple[Round, str]:
    """Return the round that a form belongs to and whose it is, or refuse it."""
    problems = copy_problems(study.folder)
    own = study.settings.study.id
    if facts.get(STUDY) != own:
        found = f"a form of the study “{facts.get(STUDY, '')}”"
        mend = "receive it in its own study"
        raise InputError([*problems, Problem(path.name, COVER, found, f"“{own}”", mend)])
    rounds = {str(one.number): one for one in read_rounds(study.folder, who)}
    one, holder = rounds.get(facts.get(ROUND, "")), facts.get(HOLDER, "")
    if one is None:
        found = f"a form of round “{facts.get(ROUND, '')}”"
        wanted = f"a round that was issued: {', '.join(rounds) or 'none was'}"
        mend = "use the form as it was written; its round is kept in forms/"
        raise InputError([*problems, Problem(path.name, COVER, found, wanted, mend)])
    if holder not in one.tasks:
        wanted = f"one of {', '.join(one.tasks)}"
        mend = "use the form as it was written for that person"
        problems.append(Problem(path.name, COVER, f"a form for “{holder}”", wanted, mend))
    problems += _older(study, path, one)
    if problems:
        raise InputError(problems)
    return one, holder


def _older(study: Study, path: Path, one: Round) -> list[Problem]:
    """Return a problem if the outline has changed since the form was issued, with what differs."""
    changes = differences(one.ask, asked_now(study, one.ask.parts))
    if not changes:
        return []
    command = "judge" if one.who == "judgements" else "independent"
    return [
        Problem(
            path.name,
            COVER,
            f"a form of an older outline ({'; '.join(changes)})",
            "a form of the outline as it is",
            f"write new forms with: rds form {command} {study.folder.root}",
        )
    ]


def _comments(before: Stored, form: JudgementForm) -> Stored:
    """Return what was said in words, in this form and before, each once."""
    known = [(name, text) for (part, name, _), text in before.items() if part == COMMENT]
    every = dict.fromkeys([*known, *form.comments])
    return {(COMMENT, name, str(k)): text for k, (name, text) in enumerate(every)}


def _findings(one: Round, holder: str, form: JudgementForm) -> Stored:
    """Return a reviewer's findings, each by an identifier that follows from its words."""
    found: Stored = {}
    for own in form.findings:
        text = f"{one.number}\n{holder}\n{own.finding}"
        name = "F" + hashlib.sha256(text.encode()).hexdigest()[:8].upper()
        found[FINDING, name, own.statement_id] = own.finding
        if own.suggestion:
            found[SUGGESTION, name, own.statement_id] = own.suggestion
    return found


def _keep_copy(folder: Folder, path: Path, name: str) -> str:
    """Keep a file as it came, beside those that came before."""
    folder.received.mkdir(exist_ok=True)
    copy, number = folder.received / f"{name}.xlsx", 1
    while copy.exists():
        number += 1
        copy = folder.received / f"{name}-{number}.xlsx"
    write_atomically(copy, path.read_bytes())
    return copy.relative_to(folder.root).as_posix()


def _report(
    one: Round,
    holder: str,
    form: JudgementForm,
    before: Stored,
    merged: Stored,
    *,
    stored: str,
    already: bool = False,
) -> JudgementsReceived:
    """Return what became of a form."""
    earlier = {place: value for place, value in before.items() if place[0] in one.ask.parts}
    now = form.judgements
    return JudgementsReceived(
        holder,
        one.who,
        one.number,
        n_judgements=len(now),
        n_new=sum(place not in earlier for place in now),
        n_changed=sum(now.get(place, value) != value for place, value in earlier.items()),
        n_kept=sum(place not in now for place in earlier),
        gaps=gaps(one.ask, merged.keys(), tasks=one.tasks[holder]),
        remarks=form.remarks,
        comments=form.comments,
        n_findings=len(form.findings),
        stored=stored,
        already=already,
    )


def some(names: Sequence[str]) -> str:
    """Return some names in brackets."""
    return f" ({', '.join(names[:12])}{' …' if len(names) > 12 else ''})"
