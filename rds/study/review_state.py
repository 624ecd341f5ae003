"""What of a review is settled: lines that wait, are deferred, were accepted or refused."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rds.files import sha256_of_file, write_atomically
from rds.record import Entry, Record, standing_decisions
from rds.study.folder import Folder
from rds.study.review_folders import received_folder, review_folder, review_numbers
from rds.study.study import Study

MEETING = "review-meeting.xlsx"
REVIEW = "review"
"""The kind of the record's lines about what was deferred or refused."""

_NOTED = "meeting.json"
_DEFER = "defer"
_NAMED = 5


def open_review(study: Study) -> tuple[str, ...]:
    """Return a sentence for each difference that copies ask for and that is not settled.

    Nothing may be approved while there is one: differences nobody decided, and deferred ones until
    they are decided, by a meeting workbook or with ``rds decide``.

    Parameters
    ----------
    study
        The study, opened; it may have problems.
    """
    said = []
    for number in review_numbers(study.folder):
        waiting = _undecided(study, number)
        if waiting:
            n_lines = f"{len(waiting)} difference{'s' if len(waiting) > 1 else ''}"
            named = "; ".join(waiting[:_NAMED]) + (" …" if len(waiting) > _NAMED else "")
            said.append(f"review {number}: {n_lines} to decide in {MEETING}: {named}")
        for about, entry in deferred_lines(study, number).items():
            said.append(
                f"review {number}, {about}: deferred ({entry.role}: {entry.reason}); decide it in "
                f"{MEETING} or with rds decide"
            )
    return tuple(said)


def awaited_copies(study: Study) -> tuple[str, ...]:
    """Return a sentence if a version was issued and no copy of it came back yet."""
    number = max(review_numbers(study.folder), default=0)
    if not number or list(received_folder(study.folder, number).glob("*.xlsx")):
        return ()
    return (f"review {number}: issued, no copy received yet",)


def undecided_lines(study: Study) -> list[str]:
    """Return what nobody decided in any review."""
    return [text for n in review_numbers(study.folder) for text in _undecided(study, n)]


def deferred_lines(study: Study, number: int) -> dict[str, Entry]:
    """Return the lines of a review that were deferred and not decided since."""
    decided = standing_decisions(study.record)
    found = {}
    for about, entry in settled_lines(study.record, number).items():
        later = decided.get(str(entry.details.get("subject", "")))
        if entry.value == _DEFER and (later is None or later.sequence < entry.sequence):
            found[about] = entry
    return found


def settled_lines(record: Record, number: int) -> dict[str, Entry]:
    """Return the last line of the record about each line of a review."""
    return {
        str(entry.details["line"]): entry
        for entry in record.entries
        if entry.details.get("review") == number and "line" in entry.details
    }


def is_settled(entry: Entry | None, asked: Sequence[str]) -> bool:
    """Tell whether what copies want of a line was decided, or deferred."""
    return entry is not None and entry.details.get("asked") == list(asked)


def note_meeting(
    folder: Folder, number: int, lines: Mapping[str, Sequence[str]], *, written: bool = True
) -> None:
    """Note what lines of a review want, and the meeting workbook if it was just written."""
    path = folder.root / MEETING
    hash_ = sha256_of_file(path) if written else _noted(folder, number).get("sha256", "")
    noted = {"sha256": hash_, "lines": dict(lines)}
    text = json.dumps(noted, ensure_ascii=False, indent=1)
    write_atomically(review_folder(folder, number) / _NOTED, text.encode())


def is_ours(folder: Folder, record: Record) -> bool:
    """Tell whether the meeting workbook may be written over: as we wrote it, or received since."""
    path = folder.root / MEETING
    if not path.exists():
        return True
    known = {str(_noted(folder, number).get("sha256")) for number in review_numbers(folder)}
    known |= {str(entry.details.get("meeting")) for entry in record.entries}
    return sha256_of_file(path) in known


def _undecided(study: Study, number: int) -> list[str]:
    """Return the lines of a review that nobody decided."""
    settled = settled_lines(study.record, number)
    lines: Mapping[str, Sequence[str]] = _noted(study.folder, number).get("lines", {})
    return [about for about, asked in lines.items() if not is_settled(settled.get(about), asked)]


def _noted(folder: Folder, number: int) -> dict[str, Any]:
    """Return what was noted of a meeting workbook; nothing before there is one."""
    path: Path = review_folder(folder, number) / _NOTED
    try:
        return dict(json.loads(path.read_bytes()))
    except (OSError, ValueError):
        return {}
