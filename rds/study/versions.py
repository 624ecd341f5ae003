"""The version that a study's outputs show, and all that they follow from."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from rds.documents.version import Version
from rds.errors import InputError
from rds.files import canonical_json, sha256, sha256_of_file
from rds.study.codings import coding_files
from rds.study.forms import issued_paths
from rds.study.judgement_store import judgement_days, judgement_files
from rds.study.locking import kept_paths
from rds.study.previous import previous_inputs
from rds.study.signing import (
    amend_first,
    changing_entries,
    standing_approval,
    version_number,
)
from rds.study.sources import received_at
from rds.study.study import Study


def study_inputs(study: Study) -> dict[str, str]:
    """Return the hash of every file that outputs follow from, by its path in the folder."""
    folder = study.folder
    paths = [folder.workbook, folder.text, folder.ingest]
    paths += [folder.responses / source.stored_name for source in study.sources]
    paths += [*coding_files(folder), *judgement_files(folder), *previous_inputs(folder)]
    paths += [*kept_paths(study), *issued_paths(folder)]
    return {
        path.relative_to(folder.root).as_posix(): sha256_of_file(path)
        for path in paths
        if path.exists()
    }


def fingerprint(study: Study, inputs: Mapping[str, str] | None = None) -> str:
    """Return the hash of all that outputs follow from: the study's files and the decisions.

    Software is not part of it: the same study has the same fingerprint in every version of rds.
    """
    return sha256(
        canonical_json(
            {
                "study": study.settings.study.id,
                "inputs": dict(study_inputs(study) if inputs is None else inputs),
                "decisions": [entry.hash for entry in changing_entries(study.record)],
            }
        ).encode()
    )


def as_of(study: Study) -> datetime.date:
    """Return the date of the outputs: the newest of the study's opening, answers and decisions."""
    dates = [study.settings.study.opened]
    dates += [received_at(source).date() for source in study.sources]
    dates += judgement_days(study.folder)
    last = changing_entries(study.record)[-1:]
    dates += [datetime.date.fromisoformat(entry.time[:10]) for entry in last]
    return max(dates)


def current_version(study: Study) -> Version:
    """Return the version that the study's outputs show."""
    approval = standing_approval(study.record)
    return Version(
        number=version_number(study.record),
        state="draft" if approval is None else "approved",
        fingerprint=fingerprint(study),
        date=as_of(study),
        approved_on=None if approval is None else approval.approved_on,
        signed=() if approval is None else approval.signed,
    )


def refuse_changed_inputs(study: Study) -> None:
    """Refuse to make other outputs under the name of an approved version.

    Raises
    ------
    InputError
        When settings or inputs are not those that were approved.
    """
    approval = standing_approval(study.record)
    if approval is not None and approval.fingerprint != fingerprint(study):
        found = "settings, inputs or decisions that are not those approved (rds verify names them)"
        raise InputError([amend_first(study.folder, approval, found)])
