"""Versions of the committee's workbook issued for review, kept exactly as they went out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rds.blueprint.plan import Blueprint
from rds.documents.blueprint_workbook.inputs import KEEP_OR_DROP, Input, inputs
from rds.documents.blueprint_workbook.workbook import blueprint_workbook
from rds.documents.review_copy import Place
from rds.errors import InputError, Problem
from rds.files import canonical_json, sha256, sha256_of_file, write_atomically
from rds.study.building import build_blueprint
from rds.study.compare import compared_if_known
from rds.study.folder import Folder, copy_problems
from rds.study.form_kinds import FormsIssued, FormWishes
from rds.study.guard import lock
from rds.study.review_folders import ISSUED, issued_lists, review_folder
from rds.study.review_state import undecided_lines
from rds.study.signing import refuse_if_approved, version_number
from rds.study.study import Study
from rds.study.versions import as_of, current_version, fingerprint

WORKBOOK = "blueprint.xlsx"


@dataclass(frozen=True)
class IssuedReview:
    """A version of the committee's workbook that was issued.

    Parameters
    ----------
    number
        Of the review: 1 for the first.
    version
        Of the workbook, as it says itself; several reviews may be about one.
    fingerprint
        Hash of what it was made from.
    record_head, record_length
        The record as it stood.
    inputs
        Every input with what was issued.
    rule
        What the retention rule said of every task: keep or drop, else nothing.
    workbook
        The workbook as issued.
    """

    number: int
    version: int
    fingerprint: str
    record_head: str
    record_length: int
    inputs: tuple[Input, ...]
    rule: Mapping[str, str]
    workbook: Path

    @property
    def values(self) -> dict[Place, str | int | None]:
        """What was issued, by sheet, key and field."""
        return {(own.sheet, own.key, own.field): own.value for own in self.inputs}


def issued_reviews(folder: Folder) -> tuple[IssuedReview, ...]:
    """Return the versions issued, oldest first.

    Raises
    ------
    InputError
        When the workbook or the list of what was issued is not as it was written.
    """
    found = [_read(folder, path) for path in issued_lists(folder)]
    problems = [one for one in found if isinstance(one, Problem)]
    if problems:
        raise InputError(problems)
    issued = [one for one in found if isinstance(one, IssuedReview)]
    return tuple(sorted(issued, key=lambda one: one.number))


def issue_review(study: Study, wishes: FormWishes) -> FormsIssued:
    """Issue a version of the committee's workbook, with all that is needed to read copies of it.

    While nothing that it follows from has changed, the version that was issued last stands.

    Raises
    ------
    InputError
        When no blueprint can be built, an issued version was changed, or differences of the last
        one are still to be decided.
    """
    problems = copy_problems(study.folder)
    if problems:
        raise InputError(problems)
    refuse_if_approved(study)
    known = {one.number: one for one in issued_reviews(study.folder)}
    last = max(known, default=0)
    shown = current_version(study)
    if last and known[last].fingerprint == shown.fingerprint:
        return _issued(study, last, "Nothing has changed since: this review goes on.")
    _refuse_undecided(study)
    number = last + 1
    blueprint = build_blueprint(study)
    root = review_folder(study.folder, number)
    compared = compared_if_known(study.folder, blueprint)
    workbook = blueprint_workbook(
        blueprint,
        date=as_of(study),
        version=shown,
        crosswalk=None if compared is None else compared.table,
    )
    with lock(study.folder.root):
        root.mkdir(parents=True, exist_ok=True)
        write_atomically(root / WORKBOOK, workbook)
        write_atomically(root / ISSUED, _list(study, blueprint, number, workbook))
    return _issued(study, number, f"Review {number}: {shown.name}, {shown.short_fingerprint}….")


def rule_of_tasks(blueprint: Blueprint) -> dict[str, str]:
    """Return what the retention rule says of every task where it says keep or drop."""
    table = blueprint.analysis.retention
    declared = table[table["rule"] == "declared"]
    return {
        str(task): str(verdict)
        for task, verdict in zip(declared["task_id"], declared["verdict"], strict=True)
        if verdict in KEEP_OR_DROP
    }


def _issued(study: Study, number: int, remark: str) -> FormsIssued:
    """Return what to say of a version."""
    path = (review_folder(study.folder, number) / WORKBOOK).relative_to(study.folder.root)
    advice = (
        "Send copies of it, under names that say whose they are; keep the file itself as it is."
    )
    return FormsIssued((path,), (remark, advice), "COPY.xlsx …")


def _list(study: Study, blueprint: Blueprint, number: int, workbook: bytes) -> bytes:
    """Return what was issued, with a checksum of its own."""
    listed: dict[str, Any] = {
        "format": 1,
        "study": study.settings.study.id,
        "review": number,
        "version": version_number(study.record),
        "fingerprint": fingerprint(study),
        "date": as_of(study).isoformat(),
        "record": {"head": study.record.head, "length": study.record.length},
        "workbook": sha256(workbook),
        "rule": rule_of_tasks(blueprint),
        "inputs": [asdict(own) for own in inputs(blueprint)],
    }
    checked = {**listed, "checksum": sha256(canonical_json(listed).encode())}
    return (json.dumps(checked, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _read(folder: Folder, path: Path) -> IssuedReview | Problem:
    """Read a version, or say what is wrong with it."""
    try:
        listed = json.loads(path.read_bytes())
        checksum = listed.pop("checksum")
        whole = checksum == sha256(canonical_json(listed).encode())
    except (ValueError, KeyError, TypeError, AttributeError):
        whole = False
    if not whole:
        place = path.relative_to(folder.root).as_posix()
        found = "the list of what was issued, changed since"
        return Problem(place, "", found, "the file as issued", "restore it from a backup")
    workbook = path.with_name(WORKBOOK)
    if not workbook.is_file() or sha256_of_file(workbook) != listed["workbook"]:
        found = "no file" if not workbook.exists() else "an issued workbook that was changed since"
        mend = "restore it from a backup or from a copy sent out; if the changes are yours, save "
        mend += "them under another name first and receive that file"
        place = workbook.relative_to(folder.root).as_posix()
        return Problem(place, "", found, "the workbook as issued", mend)
    own = tuple(_input(one) for one in listed["inputs"])
    return IssuedReview(
        int(listed["review"]),
        int(listed["version"]),
        listed["fingerprint"],
        listed["record"]["head"],
        listed["record"]["length"],
        own,
        listed["rule"],
        workbook,
    )


def _input(listed: Mapping[str, Any]) -> Input:
    """Return an input as it is listed."""
    own: Any = {
        name: tuple(value) if isinstance(value, list) else value for name, value in listed.items()
    }
    return Input(**own)


def _refuse_undecided(study: Study) -> None:
    """Refuse a new version while differences of the last one are to be decided."""
    waiting = undecided_lines(study)
    if waiting:
        found = f"undecided differences of the last review: {len(waiting)}"
        mend = "decide review-meeting.xlsx and receive it"
        raise InputError([Problem("review", "", found, "each decided, or deferred", mend)])
