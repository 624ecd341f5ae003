"""Receiving copies of the committee's workbook: kept, compared, and gathered for a meeting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from rds.documents.blueprint_workbook.inputs import (
    BLUEPRINT,
    DIFFERENCES,
    EXAM,
    READ_ME,
    TASKS,
    inputs,
)
from rds.documents.meeting_workbook import Gathered, meeting_workbook
from rds.documents.review_copy import CopyFacts, committee_facts, read_copy
from rds.documents.version import SHORT
from rds.errors import InputError, Problem
from rds.files import sha256_of_file, write_atomically
from rds.study.building import build_blueprint
from rds.study.folder import copy_problems
from rds.study.form_kinds import FormKind
from rds.study.guard import lock
from rds.study.review_effects import effects
from rds.study.review_folders import received_folder
from rds.study.review_issue import IssuedReview, issue_review, issued_reviews
from rds.study.review_lines import (
    Line,
    ReadCopy,
    comment_rows,
    counted,
    review_lines,
    sign_off_rows,
    unfit_edits,
)
from rds.study.review_state import MEETING, is_ours, is_settled, note_meeting, settled_lines
from rds.study.study import Study
from rds.study.versions import as_of

_BELONGS = {
    (TASKS, "statement"): "study.xlsx, sheet Tasks; or drafts of the outline (rds form draft)",
    (BLUEPRINT, "title"): "study.xlsx, sheet Domains",
    (DIFFERENCES, "wording"): "study.xlsx, sheet Tasks or KSAs",
}
_COMPUTED = "nowhere: it follows from the answers and settings; say it on the sheet Comments"


@dataclass(frozen=True)
class CopiesReceived:
    """What became of copies that came back.

    Parameters
    ----------
    review
        The review that they count for.
    copies
        Every copy of that review by name, with the review it is a copy of.
    lines
        Every difference in words.
    remarks
        What has to be said besides.
    written
        What became of the meeting workbook.
    """

    review: int
    copies: Mapping[str, int]
    lines: tuple[str, ...]
    remarks: tuple[str, ...]
    written: str
    stored: bool
    next_command: str = "status"

    def as_lines(self) -> list[str]:
        """Return what happened in plain sentences."""
        names = ", ".join(self.copies)
        n_copies = f"{len(self.copies)} {'copy' if len(self.copies) == 1 else 'copies'}"
        found = f"{len(self.lines)} differences" if len(self.lines) != 1 else "1 difference"
        head = f"Review {self.review}: {n_copies} ({names}), {found}."
        end = self.written if self.stored else "Nothing was stored."
        return [head, *self.lines, *self.remarks, end]

    def as_dict(self) -> dict[str, Any]:
        """Return what happened for machines."""
        return asdict(self)


def receive_copies(study: Study, paths: Sequence[Path], dry_run: bool = False) -> CopiesReceived:
    """Read copies of the committee's workbook and write the meeting workbook of the review anew.

    They count for the review of the newest version, together with those received before; a copy
    of an older version is compared with what was issued then. Copies are kept as they came.

    Raises
    ------
    InputError
        With every problem of every copy; nothing is stored.
    """
    problems = copy_problems(study.folder)
    if problems:
        raise InputError(problems)
    issued = issued_reviews(study.folder)
    if not issued:
        mend = "issue a version first: rds form review FOLDER"
        found = "a committee workbook, but no version was issued for review"
        raise InputError(
            [Problem(p.name, "", found, "a copy of an issued one", mend) for p in paths]
        )
    newest = issued[-1]
    place = received_folder(study.folder, newest.number)
    kept = {path.name: path for path in sorted(place.glob("*.xlsx"))}
    named, remarks = _named(paths, kept)
    copies = _read_all(study, {**kept, **named}, issued)
    remarks += _older(copies, newest, named)
    blueprint = build_blueprint(study)
    present = {(one.sheet, one.key, one.field): one.value for one in inputs(blueprint)}
    lines = review_lines(copies, newest, present)
    remarks += [text for own in copies for text in _remarks(own)]
    written = ""
    if not dry_run:
        effect = effects(study, blueprint, lines)
        with lock(study.folder.root):
            place.mkdir(parents=True, exist_ok=True)
            for name, path in named.items():
                write_atomically(place / name, path.read_bytes())
            written = _write_meeting(study, newest, copies, (lines, effect))
    return CopiesReceived(
        newest.number,
        {own.name: own.version.number for own in copies},
        tuple(map(str, lines)),
        tuple(remarks),
        written,
        stored=not dry_run,
    )


def lines_of_review(study: Study, issued: IssuedReview) -> tuple[Line, ...]:
    """Return what the copies of a review that were received want, compared with what holds now."""
    paths = sorted(received_folder(study.folder, issued.number).glob("*.xlsx"))
    copies = _read_all(study, {path.name: path for path in paths}, issued_reviews(study.folder))
    values = {(o.sheet, o.key, o.field): o.value for o in inputs(build_blueprint(study))}
    return review_lines(copies, issued, values)


def _older(
    copies: Sequence[ReadCopy], newest: IssuedReview, named: Mapping[str, Path]
) -> Iterator[str]:
    """Yield which new copies are of an older version."""
    for own in copies:
        if own.version.number != newest.number and own.name in named:
            yield (
                f"{own.name} is a copy of review {own.version.number}; review {newest.number} "
                "was issued since. It is compared with what was issued then."
            )


def is_committee_workbook(path: Path) -> bool:
    """Tell whether a file is the committee's workbook, by what it says and holds."""
    return committee_facts(path) is not None


def _named(paths: Sequence[Path], kept: Mapping[str, Path]) -> tuple[dict[str, Path], list[str]]:
    """Give every new file a name of its own; leave out those that are there already."""
    hashes = {sha256_of_file(path): name for name, path in kept.items()}
    named: dict[str, Path] = {}
    remarks = []
    for path in paths:
        hash_ = sha256_of_file(path)
        if hash_ in hashes:
            remarks.append(f"{path.name} is the same file as {hashes[hash_]}; it counts once.")
            continue
        name = _free_name(path.name, {*kept, *named})
        if name != path.name:
            remarks.append(
                f"{path.name} has the name of another copy and is kept as {name}; both count. If "
                f"it replaces the other, remove that from received/ and receive it again."
            )
        named[name], hashes[hash_] = path, name
    return named, remarks


def _free_name(name: str, taken: set[str]) -> str:
    """Return a name that no other copy has, whatever the capitals."""
    folded = {other.casefold() for other in taken}
    stem, suffix = Path(name).stem, ".xlsx"
    found, number = f"{stem}{suffix}", 1
    while found.casefold() in folded:
        number += 1
        found = f"{stem}-{number}{suffix}"
    return found


def _read_all(
    study: Study, paths: Mapping[str, Path], issued: Sequence[IssuedReview]
) -> list[ReadCopy]:
    """Read copies, each against its own version; gather the problems of all."""
    problems: list[Problem] = []
    copies = []
    for name, path in paths.items():
        try:
            copies.append(_read(study, name, path, issued))
        except InputError as error:
            problems += [replace(one, file=name) for one in error.problems]
    for own in copies:
        problems += unfit_edits(own)
    if problems:
        raise InputError(dict.fromkeys(problems))
    return copies


def _read(study: Study, name: str, path: Path, issued: Sequence[IssuedReview]) -> ReadCopy:
    """Read one copy against the version that it is a copy of."""
    version = _version_of(study, name, committee_facts(path) or CopyFacts(), issued)
    return ReadCopy(name, version, read_copy(path, version.inputs, version.workbook))


def _version_of(
    study: Study, name: str, facts: CopyFacts, issued: Sequence[IssuedReview]
) -> IssuedReview:
    """Return the version that a copy is of, or say why it is of none."""
    listed = ", ".join(f"{one.fingerprint[:SHORT]}… (review {one.number})" for one in issued)
    wanted = f"a copy of a workbook issued for review; fingerprints: {listed}"

    def refuse(found: str, mend: str) -> InputError:
        return InputError([Problem(name, READ_ME, found, wanted, mend)])

    if not facts.study and not facts.version:
        found = "a committee workbook without the lines that say which study and version it is"
        raise refuse(found, "put the sheet “Read me” back as it was issued")
    if facts.study != study.settings.study.id:
        found = f"the workbook of another study, “{facts.study}”"
        raise refuse(found, "receive it in its own study folder")
    if facts.is_approved:
        found = f"an APPROVED workbook (version {facts.version})"
        mend = "leave it; to change what is approved, open the next version: rds amend"
        raise refuse(found, mend)
    for one in reversed(issued):
        if facts.fingerprint == one.fingerprint:
            return one
    found = f"version {facts.version} with the fingerprint {facts.fingerprint[:SHORT]}…, "
    found += "which was never issued for review"
    mend = f"carry the changes over into a copy of forms/review-{issued[-1].number}/blueprint.xlsx"
    raise refuse(found, mend)


def _remarks(own: ReadCopy) -> Iterator[str]:
    """Yield what a copy changed that cannot be accepted here."""
    for change in own.copy.locked:
        yield (
            f"{own.name}, {change.place}: {change.key}, “{change.header}” was changed from "
            f"“{change.issued}” to “{change.found}”. It cannot be accepted here; it belongs into "
            f"{_belongs(change.sheet, change.header)}."
        )


def _belongs(sheet: str, header: str) -> str:
    """Return where a change of something locked belongs."""
    return _BELONGS.get((sheet, header), _COMPUTED)


def _write_meeting(
    study: Study,
    newest: IssuedReview,
    copies: Sequence[ReadCopy],
    found: tuple[Sequence[Line], Mapping[str, str]],
) -> str:
    """Write the meeting workbook unless somebody wrote in it; say what became of it."""
    lines, effect = found
    settled = settled_lines(study.record, newest.number)
    waiting = [line for line in lines if not is_settled(settled.get(line.about), line.asked)]
    asked = {line.about: line.asked for line in waiting}
    if not is_ours(study.folder, study.record):
        note_meeting(study.folder, newest.number, asked, written=False)
        return (
            f"{MEETING} was changed by somebody and is left as it is, without these copies. They "
            "are kept: move it away and receive any of them again to have it written anew."
        )
    gathered = Gathered(
        [_row(study, line, effect) for line in waiting],
        comment_rows(copies),
        sign_off_rows(copies),
        [_elsewhere(own.name, change) for own in copies for change in own.copy.locked],
        [_copy_row(own, lines, newest) for own in copies],
    )
    content = meeting_workbook(
        gathered,
        study_id=study.settings.study.id,
        review=newest.number,
        date=as_of(study),
    )
    write_atomically(study.folder.root / MEETING, content)
    note_meeting(study.folder, newest.number, asked)
    conflicts = sum(line.is_conflict for line in waiting)
    n_lines = f"{len(waiting)} line{'' if len(waiting) == 1 else 's'} to decide"
    said = f"Wrote {MEETING}: {n_lines}, {conflicts} with conflicts"
    done = len(lines) - len(waiting)
    said += f"; {done} decided already are left out." if done else "."
    return f"{said} Decide every line, then receive it." if waiting else said


def _row(study: Study, line: Line, effect: Mapping[str, str]) -> dict[str, object]:
    """Return a line as the meeting sees it."""
    return {
        "about": line.about,
        "statement": statement_of(study, line),
        "issued": _shown(line, line.issued),
        "wanted": line.proposed,
        "now": _shown(line, line.present),
        "heed": f"{line.marks}\n{counted(len(line.keeping))} it".strip(),
        "effect": effect.get(line.about, ""),
    }


def _shown(line: Line, value: str | int | None) -> str | int:
    """Return a value as it stands in the meeting workbook: numbers stay numbers."""
    return value if isinstance(value, int) else line.said(value)


def statement_of(study: Study, line: Line) -> str:
    """Return what a line is about, in the words of the outline."""
    if line.key == EXAM:
        return "Exam length (scored items)"
    names = line.key.split(" | ")
    texts = {one.task_id: one.statement for one in study.outline.tasks}
    texts |= {one.ksa_id: one.statement for one in study.outline.ksas}
    texts |= {one.domain_id: one.title for one in study.outline.domains}
    return " · ".join(texts.get(name, name) for name in names)


def _elsewhere(name: str, change: Any) -> dict[str, object]:
    """Return a change that cannot be accepted here."""
    return {
        "copy": name,
        "cell": change.place,
        "about": f"{change.key}, {change.header}",
        "issued": change.issued,
        "found": change.found,
        "belongs": _belongs(change.sheet, change.header),
    }


def _copy_row(own: ReadCopy, lines: Sequence[Line], newest: IssuedReview) -> dict[str, object]:
    """Return what is to be said of a copy."""
    asked = sum(own.name in {one.copy for one in line.proposals} for line in lines)
    older = own.version.number != newest.number
    remark = f"compared with what review {own.version.number} issued" if older else ""
    return {
        "copy": own.name,
        "review": own.version.number,
        "differences": asked,
        "remark": remark,
    }


REVIEW = FormKind(
    "review",
    "the committee's workbook for review",
    issue_review,
    receive_together=receive_copies,
    recognises=is_committee_workbook,
)
