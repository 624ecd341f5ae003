"""Approved files, outputs and inputs against the hashes they had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rds.errors import InputError
from rds.files import sha256_of_file
from rds.record import Entry
from rds.study.folder import Folder, copy_problems
from rds.study.forms import issued_instruments
from rds.study.manifests import Listing, approved_listings, out_listing
from rds.study.outputs import JOURNAL, MANIFEST
from rds.study.seal import APPROVED_FOLDER, contents
from rds.study.signing import (
    APPROVED,
    SIGN_OFF,
    Approval,
    read_approval,
    read_sign_off,
)
from rds.study.sources import changed_sources
from rds.study.study import Study
from rds.study.versions import study_inputs


def approved_findings(folder: Folder, entries: Sequence[Entry]) -> Iterator[str]:
    """Yield every approved file that was edited, removed or added, and folders nobody approved."""
    made = {one.folder: one for one in _approvals(entries)}
    listings = {listing.place: listing for listing in approved_listings(folder)}
    for place in sorted({*made, *listings}):
        if place not in listings:
            yield f"{place} is missing: the copies of version {made[place].version}"
            continue
        if place not in made:
            yield (
                f"{place} is in no line of the record: the line is missing, a command was stopped "
                "before it wrote it (repeat rds approve), or somebody else made the folder"
            )
        yield from _of_one(folder.root / place, listings[place], made.get(place))
    loose = folder.root / APPROVED_FOLDER
    for path in sorted(loose.iterdir()) if loose.is_dir() else ():
        if path.is_file():
            yield f"{APPROVED_FOLDER}/{path.name} was added"


def output_findings(folder: Folder) -> Iterator[str]:
    """Yield every output that is not as the last run wrote it."""
    listing = out_listing(folder)
    if (folder.out / JOURNAL).exists():
        yield "out: a run was stopped half-way; repeat rds run"
    elif listing is not None:
        if not listing.hashes("outputs"):
            yield f"out/{MANIFEST} cannot be read"
        yield from _differing(folder.out, listing.hashes("outputs"), "out/")
    elif folder.out.is_dir() and any(folder.out.iterdir()):
        yield f"out/{MANIFEST} is missing: nothing says what the outputs were"


def input_findings(
    folder: Folder, study: Study | None, entries: Sequence[Entry]
) -> tuple[str, ...]:
    """Return every input that is missing, added, or not what was approved or last computed with."""
    by_file: dict[str, str] = {}
    for name, text in _inputs(folder, study, entries):
        by_file.setdefault(name, text)
    return tuple(by_file.values())


def _inputs(
    folder: Folder, study: Study | None, entries: Sequence[Entry]
) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with inputs, with the file."""
    for listing, when in _baselines(folder, entries):
        known = listing.hashes("inputs")
        for name, text in _named(folder.root, known, f" since {when}"):
            yield name, text
        now = {} if study is None else study_inputs(study)
        for name in sorted(now.keys() - known.keys() if known else ()):
            yield name, f"{name} was added since {when}"
    for entry in entries:
        own = read_sign_off(entry) if entry.kind == SIGN_OFF else None
        if own is not None and own.file:
            yield from _named(folder.root, {own.file: own.file_sha256}, f" since {own.role} signed")
    problems = [] if study is None else changed_sources(folder, study.sources)
    problems += copy_problems(folder)
    try:
        issued_instruments(folder)
    except InputError as error:
        problems += error.problems
    for problem in problems:
        yield problem.file, f"{problem.file}: {problem.found}; wanted {problem.wanted}"


def _baselines(folder: Folder, entries: Sequence[Entry]) -> Iterator[tuple[Listing, str]]:
    """Yield the lists of inputs that have to hold now: of the approval, of the last run."""
    made = _approvals(entries)
    number = 1 + sum(entry.kind == "amendment" for entry in entries)
    if made and made[-1].version == number:
        for listing in approved_listings(folder):
            if listing.place == made[-1].folder:
                yield listing, f"version {number} was approved"
    last = out_listing(folder)
    if last is not None:
        yield last, "out was made (if that was meant: rds run)"


def _approvals(entries: Sequence[Entry]) -> list[Approval]:
    """Return the approvals that the readable lines of the record tell of."""
    return [read_approval(entry) for entry in entries if entry.kind == APPROVED]


def _of_one(folder: Path, listing: Listing, approval: Approval | None) -> Iterator[str]:
    """Yield what is wrong below one folder of approved files."""
    there, files = contents(folder), listing.hashes("files")
    name = f"{listing.place}/{MANIFEST}"
    if MANIFEST not in there:
        yield f"{name} was removed"
        return
    if not files:
        yield f"{name} cannot be read"
    elif approval is not None and there[MANIFEST] != approval.manifest:
        yield f"{name} was edited: line {approval.line} of the record has another hash of it"
    yield from _differing(folder, files, f"{listing.place}/")
    for path in sorted(there.keys() - files.keys() - {MANIFEST}):
        yield f"{listing.place}/{path} was added"


def _differing(folder: Path, hashes: Mapping[str, str], prefix: str) -> Iterator[str]:
    """Yield the files that are missing or have another hash."""
    for _, text in _named(folder, hashes, "", prefix):
        yield text


def _named(
    folder: Path, hashes: Mapping[str, str], since: str, prefix: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield the files that are missing or have another hash, each with a sentence."""
    for name, hash_ in hashes.items():
        path = folder / name
        if not path.is_file():
            yield name, f"{prefix}{name} was removed{since}"
        elif sha256_of_file(path) != hash_:
            yield name, f"{prefix}{name} was edited{since}"
