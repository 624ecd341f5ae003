"""Signatures in the record: who has signed which version, and what is approved."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from rds.errors import InputError, Problem
from rds.record import Entry, Record
from rds.study.folder import Folder
from rds.study.study import Study

SIGN_OFF, APPROVED, AMENDMENT = "sign-off", "approved", "amendment"
"""Kinds of lines of the record."""


@dataclass(frozen=True)
class SignOff:
    """What a role signed.

    Parameters
    ----------
    role
        As the settings name it.
    version
        Number of the version.
    date
        When it was signed.
    fingerprint, tables
        Hashes of what the outputs follow from, and of the tables that were signed.
    voters
        Panel members who voted; None where nobody said.
    file, file_sha256
        The scanned signature, from the study folder; empty without one.
    line
        Its line of the record.
    """

    role: str
    version: int
    date: datetime.date
    fingerprint: str
    tables: str
    voters: int | None
    file: str
    file_sha256: str
    line: int


@dataclass(frozen=True)
class Approval:
    """A version that all roles have signed.

    Parameters
    ----------
    version
        Its number.
    approved_on
        When the last role signed.
    folder
        Where its copies lie, from the study folder.
    fingerprint
        Hash of what it follows from.
    manifest
        Hash of the list of its files.
    line
        Its line of the record.
    signed
        Which role signed when.
    """

    version: int
    approved_on: datetime.date
    folder: str
    fingerprint: str
    manifest: str
    line: int
    signed: tuple[tuple[str, datetime.date], ...] = ()


def changing_entries(record: Record) -> tuple[Entry, ...]:
    """Return the lines that outputs may follow from: all but signatures."""
    return tuple(entry for entry in record.entries if entry.kind not in (SIGN_OFF, APPROVED))


def version_number(record: Record) -> int:
    """Return the number of the version that is being worked on, or was approved last."""
    return 1 + sum(entry.kind == AMENDMENT for entry in record.entries)


def approvals(record: Record) -> tuple[Approval, ...]:
    """Return the versions approved so far, oldest first."""
    return tuple(read_approval(entry) for entry in record.entries if entry.kind == APPROVED)


def read_approval(entry: Entry) -> Approval:
    """Return the approval that a line of the record tells of."""
    details: Any = entry.details
    return Approval(
        version=int(str(details["version"])),
        approved_on=datetime.date.fromisoformat(str(details["approved_on"])),
        folder=str(details["folder"]),
        fingerprint=str(details["fingerprint"]),
        manifest=str(details["manifest"]),
        line=entry.sequence,
        signed=tuple(
            (str(role), datetime.date.fromisoformat(day)) for role, day in details["signed"]
        ),
    )


def sign_offs(record: Record) -> tuple[SignOff, ...]:
    """Return every sign-off of the version that is being worked on, oldest first."""
    number = version_number(record)
    signed = (read_sign_off(entry) for entry in record.entries if entry.kind == SIGN_OFF)
    return tuple(one for one in signed if one.version == number)


def read_sign_off(entry: Entry) -> SignOff:
    """Return the sign-off that a line of the record tells of."""
    details = entry.details
    voters = details.get("voters")
    return SignOff(
        role=entry.role,
        version=int(str(details["version"])),
        date=datetime.date.fromisoformat(str(details["date"])),
        fingerprint=str(details["fingerprint"]),
        tables=str(details["tables"]),
        voters=None if voters is None else int(str(voters)),
        file=str(details.get("file", "")),
        file_sha256=str(details.get("file_sha256", "")),
        line=entry.sequence,
    )


def standing_approval(record: Record) -> Approval | None:
    """Return the approval in force: none while the next version is being worked on."""
    made = approvals(record)
    return made[-1] if made and made[-1].version == version_number(record) else None


def refuse_if_approved(study: Study) -> None:
    """Refuse to change what an approved version follows from.

    Raises
    ------
    InputError
        With the command that opens the next version.
    """
    approval = standing_approval(study.record)
    if approval is not None:
        raise InputError([amend_first(study.folder, approval, "a version that was approved", "")])


def amend_first(
    folder: Folder, approval: Approval, found: str, other: str = "put it back as it was, or "
) -> Problem:
    """Return the problem that the next version has to be opened first."""
    return Problem(
        folder.root.name,
        f"version {approval.version}, approved {approval.approved_on}",
        found,
        "a draft",
        f"{other}open the next version: rds amend FOLDER --role … --reason …",
    )
