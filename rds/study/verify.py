"""Whether what was approved, recorded and computed is still what it was: three answers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rds.errors import RdsError
from rds.record import Examined, examine_record
from rds.study.folder import Folder, study_folder
from rds.study.manifests import approved_listings, out_listing
from rds.study.study import Study
from rds.study.verify_files import approved_findings, input_findings, output_findings
from rds.study.verify_numbers import compare_numbers
from rds.study.verify_record import record_findings

FILES = "Are the approved files, and the outputs, as they were written?"
RECORD = "Are the record and the inputs as they were?"
NUMBERS = "Do the same numbers come out again?"


@dataclass(frozen=True)
class Answer:
    """One of the three answers.

    Parameters
    ----------
    question
        What was looked at.
    findings
        What is wrong, one sentence each, with the file and the line or cell; empty if nothing is.
    remarks
        What else has to be known.
    """

    question: str
    findings: tuple[str, ...]
    remarks: tuple[str, ...] = ()

    def as_lines(self) -> list[str]:
        """Return the answer in plain words."""
        count = len(self.findings)
        verdict = f"NO: {count} finding{'s' * (count > 1)}." if count else "Yes."
        marked = [f"  ! {finding}" for finding in self.findings]
        return [f"{self.question} {verdict}", *marked, *(f"  {text}" for text in self.remarks)]


@dataclass(frozen=True)
class Verified:
    """What was found in a study folder.

    Parameters
    ----------
    answers
        On the approved files and outputs, on record and inputs, on the numbers.
    """

    answers: tuple[Answer, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not any(answer.findings for answer in self.answers)

    def as_dict(self) -> dict[str, Any]:
        """Return everything for machines."""
        return {"sound": self.is_sound, "answers": [asdict(answer) for answer in self.answers]}


def verify(path: Path | str) -> Verified:
    """Look at everything in a study folder that must not change; nothing is written.

    Works on a folder whose record or workbook is broken, too: that is a finding then, and the rest
    is looked at all the same.

    Parameters
    ----------
    path
        The study folder.

    Raises
    ------
    InputError
        When there is no study folder at that path.
    """
    folder = study_folder(path)
    study, why = _opened(folder)
    record = examine_record(folder.record, study=_study_id(folder, study))
    entries = tuple(entry for entry in record.lines if entry is not None)
    numbers = compare_numbers(folder, study, why)
    return Verified(
        (
            Answer(FILES, (*approved_findings(folder, entries), *output_findings(folder))),
            Answer(
                RECORD,
                (*record_findings(folder, record), *input_findings(folder, study, entries)),
                (_head(record),),
            ),
            Answer(NUMBERS, numbers.findings, numbers.remarks),
        )
    )


def _opened(folder: Folder) -> tuple[Study | None, str]:
    """Open a study, or say why that is not possible."""
    try:
        study = Study.open(folder.root, strict=False)
    except (RdsError, OSError, ValueError) as error:
        return None, str(error)
    errors = [str(problem) for problem in study.problems if problem.severity == "error"]
    return (None, errors[0]) if errors else (study, "")


def _study_id(folder: Folder, study: Study | None) -> str:
    """Return the identifier of a study, from a manifest or the record where it cannot be opened."""
    if study is not None:
        return study.settings.study.id
    last = out_listing(folder)
    said = [
        one.data.get("study") for one in (*approved_listings(folder), *([last] if last else ()))
    ]
    first = examine_record(folder.record, study="").lines[:1]
    said += [entry.study for entry in first if entry is not None]
    return next((str(name) for name in said if name), "")


def _head(record: Examined) -> str:
    """Say what to compare with the head that was written down when a version was approved."""
    last = record.lines[-1] if record.lines else None
    head = "" if last is None else f"; its head is {last.hash}"
    return f"The record has {len(record.lines)} lines{head}."
