"""The record against itself, its approved copies, and all that remembers its head and length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rds.files import sha256
from rds.record import Entry, Examined
from rds.study.folder import Folder
from rds.study.manifests import approved_listings, record_witnesses


def record_findings(folder: Folder, record: Examined) -> tuple[str, ...]:
    """Return every line of the record that was edited, removed, moved or put in.

    Parameters
    ----------
    folder
        The study folder.
    record
        What `rds.record.examine_record` found.
    """
    name = folder.record.name
    witnesses = list(record_witnesses(folder))
    if not folder.record.exists():
        return tuple(
            f"{name} was removed: it had {length} lines when {place} was written"
            for place, _, length in witnesses
            if length
        )
    found = [f"{name}: {problem}" for problem in record.problems]
    if record.torn is not None:
        found.append(
            f"{name}: the last line is incomplete: a command was stopped while it wrote, or "
            "somebody cut it"
        )
    found += _against_copies(folder, record.lines)
    found += _against_witnesses(name, record.lines, witnesses)
    return tuple(dict.fromkeys(found))


def _against_copies(folder: Folder, lines: Sequence[Entry | None]) -> Iterator[str]:
    """Yield lines that are not as in the copy kept with an approved version."""
    name = folder.record.name
    for listing in approved_listings(folder):
        copy = folder.root / listing.place / name
        kept = copy.read_bytes().splitlines() if copy.is_file() else []
        for number, (own, line) in enumerate(zip(kept, lines, strict=False), start=1):
            if line is None or line.hash != sha256(own):
                yield f"{name}: line {number} is not as in the copy in {listing.place}"


def _against_witnesses(
    name: str, lines: Sequence[Entry | None], witnesses: Sequence[tuple[str, str, int]]
) -> Iterator[str]:
    """Yield what head and length elsewhere say of missing or other lines."""
    for place, head, length in witnesses:
        if len(lines) < length:
            missing = (
                f"line {length} is"
                if len(lines) + 1 == length
                else (f"lines {len(lines) + 1} to {length} are")
            )
            yield f"{name}: {missing} missing at the end: {place} was written when it was there"
        elif length:
            line = lines[length - 1]
            if line is None or line.hash != head:
                yield f"{name}: line {length} is not what stood there when {place} was written"
