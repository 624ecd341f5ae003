"""The record of a study: decisions appended line by line, each carrying the hash of the last.

A line of `record.jsonl` is one entry as canonical JSON in UTF-8, ended by a line feed. Its
`previous` is the SHA-256 of the exact bytes of the line before (without the line end; 64 zeros
for the first), its `checksum` the SHA-256 of the line itself without `checksum`. The chain shows
lines that were edited, removed, moved or put in; the checksum shows an edited last line, which
no other line vouches for yet. What cannot be seen from the file alone, lines missing at the end,
is noticed by comparing head and length with those that outputs and forms carry.
"""

from __future__ import annotations

import datetime
import json
import os
from dataclasses import dataclass, field
from itertools import count
from types import NoneType
from typing import TYPE_CHECKING

from rds.errors import InputError, Problem, RecordError
from rds.files import canonical_json, sha256, write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

Value = str | int | float | bool | None

FORMAT = 1
"""The format that every line states, and the newest that is read."""

EMPTY_HEAD = "0" * 64
"""What stands for the hash of a line before the first."""

_TYPES: Mapping[str, tuple[type, ...]] = {
    "sequence": (int,),
    "time": (str,),
    "study": (str,),
    "role": (str,),
    "kind": (str,),
    "subject": (str,),
    "value": (str, int, float, bool, NoneType),
    "reason": (str,),
    "previous": (str,),
    "details": (dict,),
}


@dataclass(frozen=True)
class Entry:
    """One line of the record.

    Parameters
    ----------
    sequence
        1 for the first line, one more for each line after it.
    time
        When it was appended, in UTC: `2026-11-21T09:30:00Z`.
    study
        The identifier of the study.
    role
        Who is behind it, as a role such as “panel chair”; never a name.
    kind
        `"decision"`, `"withdrawal"`, `"received"`, `"note"`, `"revision"` and others to come.
    subject
        What it is about, such as `retention.T07`.
    value
        What was decided; for a withdrawal, the sequence number of what is withdrawn.
    reason
        Why.
    previous
        SHA-256 of the line before; 64 zeros for the first.
    hash
        SHA-256 of this line, which the next line carries as its `previous`.
    details
        Whatever else belongs to it, as JSON can hold it.
    """

    sequence: int
    time: str
    study: str
    role: str
    kind: str
    subject: str
    value: Value
    reason: str
    previous: str
    hash: str
    details: Mapping[str, object] = field(hash=False)


@dataclass(frozen=True)
class Record:
    """A record as it was read.

    Parameters
    ----------
    entries
        All whole lines, oldest first.
    head
        Hash of the last line; 64 zeros for an empty record.
    length
        Number of entries.
    torn
        The text of a last line that was only partly written, or None. It is not among the
        entries; the next `append` sets it aside.
    """

    entries: tuple[Entry, ...]
    head: str
    length: int
    torn: str | None


@dataclass(frozen=True)
class Examined:
    """A record as it lies there, whether or not its chain holds.

    Parameters
    ----------
    lines
        An entry for each whole line, None for one that was altered or cannot be read.
    problems
        What is wrong with which lines, in plain words; empty if the chain holds.
    torn
        As in `Record`.
    """

    lines: tuple[Entry | None, ...]
    problems: tuple[str, ...]
    torn: str | None


def read_record(path: Path, *, study: str) -> Record:
    """Read a record and prove its chain.

    Parameters
    ----------
    path
        The file `record.jsonl`; a missing file is an empty record.
    study
        The identifier that every line must carry.

    Returns
    -------
    Record
        The entries, with head and length to compare with those that outputs carry.

    Raises
    ------
    RecordError
        If a line was altered, removed, moved or put in, or belongs to another study; one
        message with the numbers of all such lines. If a newer version wrote it. A torn last line
        is not an error.

    Examples
    --------
    >>> import pathlib
    >>> read_record(pathlib.Path("no such file"), study="cps-2026").length
    0
    """
    found = examine_record(path, study=study)
    if found.problems:
        raise RecordError(
            f"{path.name} is not as rds wrote it: {'; '.join(found.problems)}. "
            "Restore the file from a copy made before it was changed."
        )
    entries = tuple(entry for entry in found.lines if entry is not None)
    return Record(entries, entries[-1].hash if entries else EMPTY_HEAD, len(entries), found.torn)


def examine_record(path: Path, *, study: str) -> Examined:
    """Read a record line by line, whether or not its chain holds.

    Parameters
    ----------
    path, study
        As for `read_record`.

    Raises
    ------
    RecordError
        If a newer version wrote it.

    Examples
    --------
    >>> import pathlib
    >>> examine_record(pathlib.Path("no such file"), study="cps-2026").problems
    ()
    """
    lines, torn = _split(_bytes_of(path))
    if any(_format(line) > FORMAT for line in lines):
        raise RecordError(f"{path.name} was written by a newer version of rds; install it.")
    read = tuple(_entry(line) for line in lines)
    text = torn.decode("utf-8", errors="replace") if torn else None
    return Examined(read, tuple(_problems(read, study)), text)


def append(
    path: Path,
    *,
    study: str,
    role: str,
    kind: str,
    subject: str,
    value: Value,
    reason: str,
    details: Mapping[str, object] | None = None,
    now: datetime.datetime | None = None,
) -> Entry:
    """Append one entry to a record and see it onto the disk.

    The caller holds the lock of the study folder. If an earlier command was stopped while it
    wrote, the torn last line is first set aside as `record.torn-1.txt` (or the next free number)
    beside the record.

    Parameters
    ----------
    path
        The file `record.jsonl`; made if it is missing. Its folder exists.
    study, role, kind, subject, value, reason, details
        As in `Entry`. Role and reason must say something.
    now
        The time to record, with its time zone; the clock's if None.

    Returns
    -------
    Entry
        The entry as it will be read back.

    Raises
    ------
    InputError
        If role or reason is empty.
    RecordError
        If the chain of the record is broken; nothing is appended then.
    ValueError
        If value or details hold what JSON cannot, or `now` has no time zone.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "record.jsonl")
    ...     entry = append(path, study="cps-2026", role="panel chair", kind="decision",
    ...                    subject="retention.T07", value="keep", reason="Rare, but vital.")
    ...     read_record(path, study="cps-2026").entries == (entry,)
    True
    """
    _require(path, role=role, reason=reason)
    record = read_record(path, study=study)
    line = _line(
        {
            "sequence": record.length + 1,
            "time": _utc(now or datetime.datetime.now(datetime.UTC)),
            "study": study,
            "role": role,
            "kind": kind,
            "subject": subject,
            "value": value,
            "reason": reason,
            "previous": record.head,
            "details": dict(details or {}),
        }
    )
    entry = _entry(line)
    if entry is None:
        raise ValueError(f"The value {value!r} is neither text, a number, True, False nor None.")
    _set_torn_line_aside(path)
    with path.open("ab") as file:
        file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return entry


def withdraw(
    path: Path,
    sequence: int,
    *,
    study: str,
    role: str,
    reason: str,
    now: datetime.datetime | None = None,
) -> Entry:
    """Withdraw a decision by appending an entry that says so.

    Parameters
    ----------
    path, study, role, reason, now
        As for `append`.
    sequence
        The sequence number of the decision. It may be one that a later decision on the same
        subject has replaced: then it can no longer come back.

    Returns
    -------
    Entry
        The withdrawal: its subject is that of the decision, its value `sequence`.

    Raises
    ------
    InputError
        If there is no such decision, or it has been withdrawn already; the message lists what
        stands. Also if role or reason is empty.
    RecordError
        If the chain of the record is broken.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "record.jsonl")
    ...     _ = append(path, study="cps-2026", role="panel chair", kind="decision",
    ...                subject="retention.T07", value="drop", reason="Hardly anybody does it.")
    ...     _ = withdraw(path, 1, study="cps-2026", role="panel chair", reason="Misread.")
    ...     standing_decisions(read_record(path, study="cps-2026"))
    {}
    """
    record = read_record(path, study=study)
    decision = _decisions_in_force(record).get(sequence)
    if decision is None:
        raise InputError([_not_to_be_withdrawn(path, sequence, record)])
    return append(
        path,
        study=study,
        role=role,
        kind="withdrawal",
        subject=decision.subject,
        value=sequence,
        reason=reason,
        now=now,
    )


def standing_decisions(record: Record) -> dict[str, Entry]:
    """Return what holds now: for each subject, its last decision that was not withdrawn.

    A withdrawal takes away one decision, not all on its subject. When the latest is withdrawn,
    the one before it holds again, unless that was withdrawn, too. A withdrawal itself cannot be
    withdrawn: decide again instead. Entries of other kinds decide nothing.

    Parameters
    ----------
    record
        As read by `read_record`.

    Returns
    -------
    dict
        Entries by subject, in the order in which the subjects came up.

    Examples
    --------
    >>> standing_decisions(Record((), EMPTY_HEAD, 0, None))
    {}
    """
    return {entry.subject: entry for entry in _decisions_in_force(record).values()}


def _decisions_in_force(record: Record) -> dict[int, Entry]:
    """Return all decisions that were not withdrawn, by sequence number."""
    withdrawn = {entry.value for entry in record.entries if entry.kind == "withdrawal"}
    return {
        entry.sequence: entry
        for entry in record.entries
        if entry.kind == "decision" and entry.sequence not in withdrawn
    }


def _not_to_be_withdrawn(path: Path, sequence: int, record: Record) -> Problem:
    """Say that a decision cannot be withdrawn, and which can."""
    standing = standing_decisions(record).values()
    listed = ", ".join(f"{entry.sequence} ({entry.subject} = {entry.value})" for entry in standing)
    past = any(entry.kind == "withdrawal" and entry.value == sequence for entry in record.entries)
    return Problem(
        file=path.name,
        place="",
        found=f"decision {sequence} withdrawn already" if past else f"no decision {sequence}",
        wanted=f"one that stands: {listed}" if listed else "a decision that stands; there is none",
        mend="give the sequence number of a decision that stands",
    )


def _require(path: Path, **texts: str) -> None:
    """Refuse texts that say nothing."""
    problems = [
        Problem(path.name, "", f"no {name}", f"a {name} for every entry", f"state the {name}")
        for name, text in texts.items()
        if not text.strip()
    ]
    if problems:
        raise InputError(problems)


def _utc(moment: datetime.datetime) -> str:
    """Write a moment in UTC, to the second."""
    if moment.tzinfo is None:
        raise ValueError(f"The time {moment} has no time zone; wanted one that says which.")
    return f"{moment.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}"


def _line(fields: Mapping[str, object]) -> bytes:
    """Write the fields of an entry as a line, without its end: with format and checksum."""
    stated = {**fields, "format": FORMAT}
    checksum = sha256(canonical_json(stated).encode("utf-8"))
    return canonical_json({**stated, "checksum": checksum}).encode("utf-8")


def _format(line: bytes) -> int:
    """Return the format a line states; 0 where it states none."""
    try:
        stated = json.loads(line.decode("utf-8"))["format"]
    except (ValueError, TypeError, KeyError):
        return 0
    return stated if isinstance(stated, int) else 0


def _entry(line: bytes) -> Entry | None:
    """Read a line, or return None if it is not exactly as `_line` writes it."""
    try:
        fields = json.loads(line.decode("utf-8"))
        del fields["checksum"], fields["format"]
        untouched = _line(fields) == line
    except (ValueError, TypeError, KeyError):
        return None
    typed = fields.keys() == _TYPES.keys() and all(
        isinstance(fields[name], types) for name, types in _TYPES.items()
    )
    return Entry(**fields, hash=sha256(line)) if untouched and typed else None


def _problems(entries: Sequence[Entry | None], study: str) -> Iterator[str]:
    """Say which lines are not what the lines before them call for."""
    head: str | None = EMPTY_HEAD
    sequence = 0
    for number, entry in enumerate(entries, start=1):
        if entry is None:
            yield f"line {number} was altered or cannot be read"
            head, sequence = None, sequence + 1
            continue
        if entry.study != study:
            yield f"line {number} belongs to the study “{entry.study}”, not to “{study}”"
        if entry.sequence != sequence + 1:
            yield (
                f"line {number} is entry {entry.sequence} where entry {sequence + 1} belongs: "
                "lines were removed, moved or put in"
            )
        elif head not in (None, entry.previous):
            yield (
                f"line {number} does not carry the hash of the line before: "
                "one of the two was altered"
            )
        head, sequence = entry.hash, entry.sequence


def _bytes_of(path: Path) -> bytes:
    """Read a file; a missing one is empty."""
    return path.read_bytes() if path.exists() else b""


def _split(content: bytes) -> tuple[list[bytes], bytes]:
    """Split a record into its lines, without their ends, and a torn last line as it stands."""
    *lines, rest = content.split(b"\n")
    if not rest and lines and not _is_json(lines[-1]):
        rest = lines.pop() + b"\n"
    # A synchronising tool may have turned \n into \r\n; JSON itself never ends in \r.
    return [line.removesuffix(b"\r") for line in lines], rest


def _is_json(line: bytes) -> bool:
    """Tell whether a line can be read as JSON at all."""
    try:
        json.loads(line.decode("utf-8"))
    except ValueError:
        return False
    return True


def _set_torn_line_aside(path: Path) -> None:
    """Move a torn last line to a file of its own beside the record."""
    content = _bytes_of(path)
    _, torn = _split(content)
    if torn:
        names = (path.with_name(f"{path.stem}.torn-{number}.txt") for number in count(1))
        write_atomically(next(name for name in names if not name.exists()), torn)
        write_atomically(path, content.removesuffix(torn))
