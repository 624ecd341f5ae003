"""Fixing outline and settings before the first answer counts, and recording what changed since."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from rds.errors import InputError, Problem
from rds.files import sha256, write_atomically
from rds.ratings.ratings import PILOT
from rds.record import Entry, Record, append
from rds.study.fixed import (
    OUTLINE_FILE,
    SETTINGS_FILE,
    Fixed,
    changed_copy,
    fixed_files,
    fixed_hash,
    fixed_of,
    read_fixed,
)
from rds.study.fixed_changes import Difference, compare_fixed
from rds.study.folder import Folder, copy_problems
from rds.study.guard import lock
from rds.study.signing import refuse_if_approved
from rds.study.sources import PUBLISHED, Source
from rds.study.study import Study

LOCK_KINDS = ("lock", "revision")
FIRST_ANSWERS = "first_answers"
"""In the details of the entry that was made when the first answers that count came: their file."""

SOFTWARE = "software"
_AT_FIRST_ANSWERS = "fixed by rds when the first answers that count came"
_ALREADY_FIXED = "the first answers that count came; outline and settings are as fixed"


@dataclass(frozen=True)
class Locked:
    """What a lock did, or would do.

    Parameters
    ----------
    place
        Folder of the kept copy, from the study folder; empty when nothing had changed.
    changes
        What changed since the last lock; empty for the first.
    hash
        One hash of outline and settings.
    after_answers
        Whether answers that count had come before.
    entry
        The line of the record; None for a dry run, or when nothing had changed.
    """

    place: str
    changes: tuple[Difference, ...]
    hash: str
    after_answers: bool
    entry: Entry | None

    def as_lines(self) -> list[str]:
        """Return what happened in plain sentences."""
        if not self.place:
            return ["Outline and settings are as they were fixed; nothing was recorded."]
        lines = [str(change) for change in self.changes]
        if self.entry is None:
            return [*lines, "Nothing was recorded (dry run)."]
        what = "a revision" if self.entry.kind == "revision" else "fixed"
        when = ", after answers had come" if self.after_answers else ""
        lines.append(f"Recorded as line {self.entry.sequence}: outline and settings, {what}{when}.")
        return [*lines, f"Kept a copy in {self.place} (hash {self.hash[:12]} …)."]


def lock_study(
    study: Study, *, role: str, reason: str, dry_run: bool = False, now: datetime | None = None
) -> Locked:
    """Fix outline and settings, or record what changed since they were fixed.

    Parameters
    ----------
    study
        The study, opened.
    role, reason
        Who fixes it, as a role and never a name, and why.
    dry_run
        Only say what would be recorded.
    now
        The time to record, for tests and the demonstration.

    Raises
    ------
    InputError
        When role or reason is empty, or conflicting copies lie about.
    """
    problems = copy_problems(study.folder)
    if problems:
        raise InputError(problems)
    fixed = fixed_of(study)
    last, came = last_lock(study.record), answers_came(study)
    changes = () if last is None else changes_since(study, last)
    hash_ = fixed_hash(fixed_files(fixed))
    if last is not None and not changes:
        return Locked("", (), hash_, came, None)
    place = _next_place(study.record)
    if dry_run:
        return Locked(place, changes, hash_, came, None)
    refuse_if_approved(study)
    with lock(study.folder.root):
        entry = _record(study, fixed, role=role, reason=reason, now=now)
    return Locked(place, changes, hash_, came, entry)


def note_first_answers(study: Study, file: str, now: datetime | None) -> str:
    """Record, with the first answers that count, the state that they were given for.

    The caller holds the lock of the folder. Nothing is recorded when answers had come before.

    Returns
    -------
    str
        What has to be said of it; empty when all was fixed before.
    """
    if answers_came(study):
        return ""
    last = last_lock(study.record)
    changes = () if last is None else changes_since(study, last)
    if last is not None and not changes:
        _note_received(study, file, last, now)
        return ""
    fixed = fixed_of(study)
    entry = _record(study, fixed, role=SOFTWARE, reason=_AT_FIRST_ANSWERS, now=now, first=file)
    known = f"line {entry.sequence}, copy in forms/{entry.subject}"
    if last is None:
        return f"Nobody had locked outline and settings; with these answers they are ({known})."
    listed = "; ".join(map(str, changes))
    return f"Not as {last.subject} fixed, and no reason recorded: {listed}. Fixed now ({known})."


def last_lock(record: Record) -> Entry | None:
    """Return the last entry that fixed outline and settings, or None."""
    return next((entry for entry in reversed(record.entries) if entry.kind in LOCK_KINDS), None)


def lock_at_first_answers(record: Record) -> Entry | None:
    """Return the lock that held when the first answers that count came; None if not recorded."""
    held = None
    for entry in record.entries:
        held = entry if entry.kind in LOCK_KINDS else held
        if FIRST_ANSWERS in entry.details:
            return held
    return None


def is_automatic(entry: Entry) -> bool:
    """Tell whether rds made an entry by itself, so that nobody gave a reason."""
    return entry.role == SOFTWARE and FIRST_ANSWERS in entry.details


def answers_came(study: Study) -> bool:
    """Tell whether answers that count have been received, now or at any time."""
    noted = any(FIRST_ANSWERS in entry.details for entry in study.record.entries)
    return noted or any(_counts(study, source) for source in study.sources)


def counts(study: Study, source: Source, content: bytes) -> bool:
    """Tell whether any answer of a source counts: not the pilot's, and not the panel's."""
    if source.nature == PUBLISHED:
        return True
    panel = study.settings.respondents.panel.casefold()
    people = pd.read_csv(
        io.BytesIO(content), dtype=str, keep_default_na=False, usecols=["group", "wave"]
    )
    is_panel = (people["group"].str.casefold() == panel) & bool(panel)
    return bool(((people["wave"] != PILOT) & ~is_panel).any())


def _counts(study: Study, source: Source) -> bool:
    """Tell whether any answer of a stored source counts; a missing file is a problem itself."""
    path = study.folder.responses / source.stored_name
    has_settings = study.settings_or_none is not None
    return has_settings and path.exists() and counts(study, source, path.read_bytes())


def changes_since(study: Study, entry: Entry) -> tuple[Difference, ...]:
    """Return what changed since a lock; what was decided is in the record and not said again.

    Raises
    ------
    InputError
        When outline or settings cannot be read, or the kept copy was changed.
    """
    found = compare_fixed(kept_copy(study.folder, entry), fixed_of(study))
    decided = study.decisions
    return tuple(one for one in found if not one.decides or one.decides not in decided)


def kept_copy(folder: Folder, entry: Entry) -> Fixed:
    """Return the state that a lock fixed, from its kept copy.

    Raises
    ------
    InputError
        When the copy is missing or not as it was kept.
    """
    place = f"forms/{entry.subject}"
    files, problems = {}, []
    for name, hash_ in kept_files(entry).items():
        path = folder.forms / entry.subject / name
        content = path.read_bytes() if path.exists() else b""
        if sha256(content) != hash_:
            found = "a copy that was changed" if content else "no such file"
            problems.append(changed_copy(f"{place}/{name}", found))
        files[name] = content
    if problems:
        raise InputError(problems)
    try:
        return _read(tuple(sorted(files.items())))
    except ValueError as error:
        raise InputError([changed_copy(place, str(error))]) from None


def kept_files(entry: Entry) -> Mapping[str, str]:
    """Return the hashes of the files of a kept copy by name."""
    files: Any = entry.details.get("files", {})
    return {name: str(files.get(name, "")) for name in (OUTLINE_FILE, SETTINGS_FILE)}


def kept_paths(study: Study) -> list[Path]:
    """Return the files of all kept copies."""
    return [
        study.folder.forms / entry.subject / name
        for entry in study.record.entries
        if entry.kind in LOCK_KINDS
        for name in kept_files(entry)
    ]


def _note_received(study: Study, file: str, last: Entry, now: datetime | None) -> None:
    """Record that the first answers that count came, for the state that a lock had fixed."""
    append(
        study.folder.record,
        study=study.settings.study.id,
        role=SOFTWARE,
        kind="received",
        subject=file,
        value=last.value,
        reason=_ALREADY_FIXED,
        details={FIRST_ANSWERS: file},
        now=now,
    )


@cache
def _read(files: Sequence[tuple[str, bytes]]) -> Fixed:
    """Read a kept copy, each content once."""
    return read_fixed(dict(files))


def _next_place(record: Record) -> str:
    """Return the folder of the next kept copy, from the study folder."""
    return f"forms/{_next_name(record)}"


def _next_name(record: Record) -> str:
    """Return the name of the next lock."""
    return f"locked-{1 + sum(entry.kind in LOCK_KINDS for entry in record.entries)}"


def _record(
    study: Study, fixed: Fixed, *, role: str, reason: str, now: datetime | None, first: str = ""
) -> Entry:
    """Keep a copy of a state and append to the record what it is; the caller holds the lock."""
    last, files = last_lock(study.record), fixed_files(fixed)
    name = _next_name(study.record)
    changes = () if last is None else changes_since(study, last)
    details: dict[str, object] = {
        "files": {file: sha256(content) for file, content in files.items()},
        "after_answers": answers_came(study),
        "changes": [
            {"change": c.change, "subject": c.subject, "before": c.before, "after": c.after}
            for c in changes
        ],
    }
    _require(role, reason)
    place = study.folder.forms / name
    place.mkdir(parents=True, exist_ok=True)
    for file, content in files.items():
        write_atomically(place / file, content)
    return append(
        study.folder.record,
        study=study.settings.study.id,
        role=role,
        kind="lock" if last is None else "revision",
        subject=name,
        value=fixed_hash(files),
        reason=reason,
        details=details | ({FIRST_ANSWERS: first} if first else {}),
        now=now,
    )


def _require(role: str, reason: str) -> None:
    """Refuse a lock by nobody, or for no reason, before anything is written."""
    problems = [
        Problem("rds lock", "", f"no {name}", f"a {name}", f"add --{name} “…”")
        for name, text in (("role", role), ("reason", reason))
        if not text.strip()
    ]
    if problems:
        raise InputError(problems)
