"""Signing a version of the blueprint, approving it, and opening the next."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from rds.blueprint.plan import Blueprint
from rds.errors import FolderError, InputError, Problem, nearest
from rds.files import sha256, sha256_of_file, write_atomically
from rds.record import Record, append, read_record
from rds.study.guard import lock
from rds.study.made import make_outputs
from rds.study.open_matters import build_if_possible, open_matters, tables_digest
from rds.study.run import manifest, put_in_place
from rds.study.seal import APPROVED_FOLDER, approved_manifest, keep_copies
from rds.study.signing import (
    AMENDMENT,
    APPROVED,
    SIGN_OFF,
    Approval,
    SignOff,
    read_approval,
    sign_offs,
    standing_approval,
    version_number,
)
from rds.study.study import Study
from rds.study.versions import current_version, fingerprint

DOCUMENTS = "documents"
AS_SHOWN = "Approved as shown in the outputs."


@dataclass(frozen=True)
class Signed:
    """What became of a signature.

    Parameters
    ----------
    version
        Number of the version.
    line
        The signature's line of the record; None for a dry run.
    again
        Whether this role had signed this very state before; then no line was added.
    missing
        Roles that have still to sign.
    approval
        The approval, if this was the last signature.
    """

    version: int
    line: int | None
    again: bool
    missing: tuple[str, ...]
    approval: Approval | None


@dataclass(frozen=True)
class Signature:
    """How a role signs.

    Parameters
    ----------
    role
        One of the roles of the setting approval.roles.
    date
        The day it signed.
    reason
        What the record says of it.
    scan
        A scanned signature; it is copied to ``documents/`` and its hash recorded.
    voters
        Panel members who voted, where the settings ask for a quorum.
    """

    role: str
    date: datetime.date
    reason: str = AS_SHOWN
    scan: Path | None = None
    voters: int | None = None


def approve(
    study: Study, signature: Signature, *, today: datetime.date, dry_run: bool = False
) -> Signed:
    """Record the signature of a role; with the last one the version is approved.

    A signature counts for the state it was given for: settings, inputs, decisions and tables. When
    all roles have signed that state, exact copies of all outputs go to ``approved/``, that is
    recorded, and the outputs say APPROVED. A command that was stopped can be repeated at any time.

    Parameters
    ----------
    study
        The study, opened with ``strict=False``.
    signature
        Who signs, when and how.
    today
        Signatures are not dated later.
    dry_run
        Check only.

    Raises
    ------
    InputError
        With everything that is still open; nothing is recorded then.
    FolderError
        If files cannot be put in place. What was recorded stays, and the command can be repeated.
    """
    _refuse_approved(study)
    built, problems = build_if_possible(study)
    outputs: Mapping[str, bytes] = {}
    if built:
        outputs = make_outputs(study, current_version(study), blueprints=built).files
        problems = open_matters(study, built, outputs)
    problems += _wrong_signature(study, signature, today)
    if problems:
        raise InputError(problems)
    tables = tables_digest(outputs)
    own = replace(signature, role=_roles(study)[signature.role.strip().casefold()])
    before = _standing(study, study.record, tables)
    again = any(one.role == own.role and _says_no_more(own, one) for one in before)
    if dry_run:
        signed = {one.role for one in before} | {own.role}
        return Signed(version_number(study.record), None, again, _missing(study, signed), None)
    with lock(study.folder.root):
        _refuse_moved_on(study)
        if not again:
            _record_signature(study, own, tables)
        record = read_record(study.folder.record, study=study.settings.study.id)
    signing = replace(study, record=record)
    standing = _standing(signing, record, tables)
    line = max(one.line for one in standing if one.role == own.role)
    missing = _missing(study, {one.role for one in standing})
    approval = None if missing else _complete(signing, built, standing)
    return Signed(version_number(record), line, again, missing, approval)


def amend(study: Study, *, role: str, reason: str) -> int:
    """Open the next version of an approved blueprint, and return its number.

    Raises
    ------
    InputError
        If the version is a draft still, or role or reason is missing.
    """
    if standing_approval(study.record) is None:
        number = version_number(study.record)
        mend = "go on with it; an amendment opens the next version of one that was approved"
        found = f"version {number}, which is a draft"
        raise InputError([Problem("rds amend", "", found, "an approved version", mend)])
    number = version_number(study.record) + 1
    with lock(study.folder.root):
        _refuse_moved_on(study)
        append(
            study.folder.record,
            study=study.settings.study.id,
            role=role,
            kind=AMENDMENT,
            subject=f"approval.v{number}",
            value=number,
            reason=reason,
        )
    return number


def _refuse_approved(study: Study) -> None:
    """Refuse to sign what is approved already."""
    approval = standing_approval(study.record)
    if approval is not None:
        found = f"version {approval.version}, approved {approval.approved_on} ({approval.folder})"
        mend = "nothing is left to sign; rds amend FOLDER opens the next version"
        raise InputError([Problem("rds approve", "", found, "a draft", mend)])


def _refuse_moved_on(study: Study) -> None:
    """Refuse to go on if somebody else has added to the record since it was read."""
    now = read_record(study.folder.record, study=study.settings.study.id)
    if now.head != study.record.head:
        raise FolderError("Another command has added to the record meanwhile; repeat yours.")


def _roles(study: Study) -> dict[str, str]:
    """Return the roles that sign, by their name without regard to case."""
    return {role.casefold(): role for role in study.settings.approval.roles}


def _wrong_signature(study: Study, signature: Signature, today: datetime.date) -> Iterator[Problem]:
    """Yield what is wrong with who signs, when and how."""
    settings = study.settings_or_none
    if settings is None:
        return
    roles, where = _roles(study), "rds approve"
    if signature.role.strip().casefold() not in roles:
        close = nearest(signature.role, roles.values())
        wanted = f"one of the roles of approval.roles: {', '.join(roles.values())}"
        mend = f"write --role “{close}”" if close else "name one of them with --role"
        yield Problem(where, "--role", f"“{signature.role}”", wanted, mend)
    if not settings.study.opened <= signature.date <= today:
        wanted = f"a day from {settings.study.opened}, when the study was opened, to today"
        yield Problem(where, "--date", str(signature.date), wanted, "correct the date")
    if not signature.reason.strip():
        yield Problem(where, "--reason", "nothing", "a reason", "say why, or leave it out")
    if signature.scan is not None and not signature.scan.is_file():
        wanted, mend = "the scanned signature", "check the name"
        yield Problem(where, "--signature", f"no file {signature.scan.name}", wanted, mend)
    yield from _wrong_quorum(study, signature)


def _wrong_quorum(study: Study, signature: Signature) -> Iterator[Problem]:
    """Yield what is wrong with the number of panel members who voted."""
    quorum, served = study.settings.approval.quorum, _served(study)
    known = [one.voters for one in sign_offs(study.record) if one.fingerprint == fingerprint(study)]
    voters = signature.voters
    wanted = f"at least {quorum} panel members, the quorum of the settings"
    if voters is None:
        if quorum and not any(number is not None for number in known):
            mend = "say with --voters how many panel members voted"
            yield Problem("rds approve", "--voters", "no number of voters", wanted, mend)
    elif voters < quorum:
        mend = "let the panel vote again with more of its members"
        yield Problem("rds approve", "--voters", f"{voters} voters", wanted, mend)
    elif served and voters > served:
        wanted, mend = f"at most {served}, who served by the sheet Panel", "correct one of the two"
        yield Problem("rds approve", "--voters", f"{voters} voters", wanted, mend)


def _served(study: Study) -> int:
    """Count the panel members who served by the sheet Panel; 0 where it does not say."""
    told = [row.text("served").casefold() for row in study.rows.get("Panel", ())]
    return sum(text not in ("", "no", "false") for text in told)


def _standing(study: Study, record: Record, tables: str) -> list[SignOff]:
    """Return each role's last signature for exactly this state and these tables."""
    state = fingerprint(study)
    own = [one for one in sign_offs(record) if (one.fingerprint, one.tables) == (state, tables)]
    return list({one.role: one for one in own}.values())


def _says_no_more(signature: Signature, before: SignOff) -> bool:
    """Tell whether a signature says nothing that the role's earlier one does not."""
    same_scan = signature.scan is None or sha256_of_file(signature.scan) == before.file_sha256
    return same_scan and signature.voters in (None, before.voters)


def _missing(study: Study, signed: set[str]) -> tuple[str, ...]:
    """Return the roles that have not signed, in the order of the settings."""
    return tuple(role for role in study.settings.approval.roles if role not in signed)


def _record_signature(study: Study, own: Signature, tables: str) -> None:
    """Keep the scan, then append the line."""
    number = version_number(study.record)
    scan = {} if own.scan is None else _keep_scan(study, own.scan, f"v{number}-{own.role}")
    append(
        study.folder.record,
        study=study.settings.study.id,
        role=own.role,
        kind=SIGN_OFF,
        subject=f"approval.v{number}",
        value="signed",
        reason=own.reason,
        details={
            "version": number,
            "date": own.date.isoformat(),
            "fingerprint": fingerprint(study),
            "tables": tables,
            **scan,
            **({} if own.voters is None else {"voters": own.voters}),
        },
    )


def _keep_scan(study: Study, scan: Path, title: str) -> dict[str, str]:
    """Copy a scan to ``documents/`` under a name of its own; return where, and its hash."""
    content, folder = scan.read_bytes(), study.folder.root / DOCUMENTS
    stem = "sign-off-" + "-".join("".join(c if c.isalnum() else " " for c in title).split())
    names = (f"{stem}{'' if n == 1 else f'-{n}'}{scan.suffix.lower()}" for n in count(1))
    path = next(
        folder / name
        for name in names
        if not (folder / name).exists() or (folder / name).read_bytes() == content
    )
    folder.mkdir(exist_ok=True)
    if not path.exists():
        write_atomically(path, content)
    return {"file": f"{DOCUMENTS}/{path.name}", "file_sha256": sha256(content)}


def _complete(study: Study, built: Mapping[str, Blueprint], signed: Sequence[SignOff]) -> Approval:
    """Keep copies, record the approval, and let the outputs say so, in this order."""
    day = max(one.date for one in signed)
    number = version_number(study.record)
    by = tuple((one.role, one.date) for one in signed)
    shown = replace(current_version(study), state="approved", approved_on=day, signed=by)
    outputs = make_outputs(study, shown, blueprints=built).files
    folder = f"v{number}-{day.isoformat()}"
    with lock(study.folder.root):
        _refuse_moved_on(study)
        files = {**outputs, **_originals(study)}
        roles = [{"role": one.role, "date": str(one.date), "line": one.line} for one in signed]
        about = {**manifest(study, shown), "approved_on": str(day), "sign_offs": roles}
        listing = approved_manifest(about, files)
        keep_copies(study.folder.root, folder, files, listing)
        entry = append(
            study.folder.record,
            study=study.settings.study.id,
            role=signed[-1].role,
            kind=APPROVED,
            subject=f"approval.v{number}",
            value=f"v{number}",
            reason=f"All roles have signed: {', '.join(one.role for one in signed)}.",
            details={
                "version": number,
                "approved_on": str(day),
                "folder": f"{APPROVED_FOLDER}/{folder}",
                "fingerprint": shown.fingerprint,
                "manifest": sha256(listing),
                "signed": [[role, str(date)] for role, date in by],
            },
        )
    put_in_place(Study.open(study.folder.root), outputs)
    return read_approval(entry)


def _originals(study: Study) -> dict[str, bytes]:
    """Return what people wrote and decided, to be kept beside the outputs."""
    paths = (study.folder.workbook, study.folder.text, study.folder.record)
    return {path.name: path.read_bytes() for path in paths if path.exists()}
