"""The tables that lie in a study folder against those that come out now."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

from rds.errors import RdsError
from rds.files import sha256_of_file
from rds.study.folder import Folder
from rds.study.made import study_tables
from rds.study.manifests import Listing, approved_listings, out_listing
from rds.study.run import versions_used
from rds.study.study import Study
from rds.study.versions import fingerprint

TOLERANCE = 1e-9
_MOST_CELLS = 3
_COPIED = ("study.xlsx", "study.toml", "record.jsonl")

Cells = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Compared:
    """What comparing found: differences, and what else has to be known."""

    findings: tuple[str, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class _Computed:
    """Tables that came out again with versions of the software, or why none did."""

    tables: Mapping[str, bytes]
    versions: Mapping[str, str]
    why_not: str = ""


def compare_numbers(folder: Folder, study: Study | None, why: str) -> Compared:
    """Compute all tables again, of every approved version and of ``out/``, and compare.

    An approved version is computed from its own copies of settings and record and from the inputs
    that are still what they were. Numbers are the same when they differ by no more than 1e-9, of
    themselves if they are larger than 1.

    Parameters
    ----------
    folder
        The study folder.
    study
        The study as it is; None where it cannot be opened, and `why`.
    """
    said = list(_compare_all(folder, study, why))
    return Compared(
        tuple(text for text, is_finding in said if is_finding),
        tuple(text for text, is_finding in said if not is_finding),
    )


def _compare_all(folder: Folder, study: Study | None, why: str) -> Iterator[tuple[str, bool]]:
    """Yield sentences on all tables, each with whether it is a finding."""
    made: dict[str, _Computed] = {}
    for listing in approved_listings(folder):
        with TemporaryDirectory() as scratch:
            changed = _restore(folder, listing, Path(scratch))
            again = None if changed else _computed(Path(scratch))
        if again is None:
            text = "its numbers cannot come out again in this folder, since these inputs are no "
            text += f"longer what they were: {', '.join(changed)}"
            yield f"{listing.place}: {text}", False
            continue
        made[str(listing.data.get("fingerprint"))] = again
        yield from _against(folder, listing, again)
    last = out_listing(folder)
    if last is None:
        if not made:
            yield "There are no outputs to compare with: rds run makes them.", False
    elif study is None:
        yield f"out: the numbers cannot be computed again: {why}", True
    elif last.data.get("fingerprint") != fingerprint(study):
        yield "out was made from other settings, inputs or decisions: rds run", False
    else:
        yield from _against(folder, last, made.get(fingerprint(study)) or _computed(study))


def _computed(source: Study | Path) -> _Computed:
    """Compute the tables of a study, or say why that is not possible."""
    try:
        study = source if isinstance(source, Study) else Study.open(source)
        return _Computed(study_tables(study), versions_used(study))
    except (RdsError, OSError, ValueError) as error:
        return _Computed({}, {}, str(error))


def _against(folder: Folder, listing: Listing, again: _Computed) -> Iterator[tuple[str, bool]]:
    """Yield how the tables that lie there differ from those computed again."""
    if again.why_not:
        yield f"{listing.place}: the numbers cannot be computed again: {again.why_not}", True
        return
    other = _other_versions(listing, again.versions)
    if other:
        text = f"was made with other versions of the software ({other}). That is no tampering."
        yield f"{listing.place} {text}", False
    for text in _differences(folder, listing, again.tables, other):
        yield text, True


def _restore(folder: Folder, listing: Listing, to: Path) -> list[str]:
    """Lay out what an approved version was made from; return the inputs that cannot be had."""
    changed = []
    copies = folder.root / listing.place
    for name in _COPIED:
        if (copies / name).is_file():
            shutil.copy(copies / name, to / name)
    for name, hash_ in listing.hashes("inputs").items():
        source = copies / name if name in _COPIED else folder.root / name
        if not source.is_file() or sha256_of_file(source) != hash_:
            changed.append(name)
        elif name not in _COPIED:
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, to / name)
    return changed if listing.hashes("inputs") else ["all of them: the manifest cannot be read"]


def _other_versions(listing: Listing, here: Mapping[str, str]) -> str:
    """Say which software differs from what a listing was made with."""
    then = listing.hashes("versions")
    return ", ".join(
        f"{name} {then.get(name, 'none')} there, {here.get(name, 'none')} here"
        for name in sorted({*then, *here})
        if then.get(name) != here.get(name)
    )


def _differences(
    folder: Folder, listing: Listing, tables: Mapping[str, bytes], other: str
) -> Iterator[str]:
    """Yield a sentence for each table that does not come out again."""
    for name, content in tables.items():
        path = folder.root / listing.place / name
        if not path.is_file():
            continue  # the first answer names it
        found = list(different_cells(_cells(path.read_bytes()), _cells(content)))
        if found:
            more = f"; and {len(found) - _MOST_CELLS} more" if len(found) > _MOST_CELLS else ""
            reason = f". Other versions of the software may be the reason: {other}" if other else ""
            yield f"{listing.place}/{name}: {'; '.join(found[:_MOST_CELLS])}{more}{reason}"


def different_cells(there: Cells, again: Cells) -> Iterator[str]:
    """Yield the cells that are not the same, with line and column.

    Examples
    --------
    >>> list(different_cells([["id", "se"], ["D1", "0.25"]], [["id", "se"], ["D1", "0.26"]]))
    ['line 2 (D1), se: 0.25 there, 0.26 computed']
    """
    header = list(again[0]) if again else []
    for number, (own, new) in enumerate(zip_longest(there, again, fillvalue=()), start=1):
        for column, (cell, computed) in enumerate(zip_longest(own, new, fillvalue="nothing")):
            if not _same(cell, computed):
                name = header[column] if column < len(header) else f"column {column + 1}"
                row = next(iter(own or new), "")
                yield f"line {number} ({row}), {name}: {cell} there, {computed} computed"


def _same(one: str, other: str) -> bool:
    """Tell whether two cells are the same text, or numbers that are the same."""
    if one == other:
        return True
    try:
        a, b = float(one), float(other)
    except ValueError:
        return False
    return abs(a - b) <= TOLERANCE * max(1.0, abs(a), abs(b))


def _cells(content: bytes) -> Cells:
    """Read a CSV table as text; one that is no text is one cell that says so."""
    try:
        return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        return [["not a table"]]
