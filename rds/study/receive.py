"""Reading a file back into a study: pseudonymous, once, and accounted for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rds.errors import InputError, Problem
from rds.files import sha256, sha256_of_file, write_atomically
from rds.ratings.ingest import IngestReport
from rds.ratings.published_reader import PublishedReport
from rds.study.folder import copy_problems
from rds.study.forms import note_rehearsal
from rds.study.guard import lock
from rds.study.locking import counts, note_first_answers
from rds.study.read_file import ReadFile, Told, read_file
from rds.study.signing import refuse_if_approved
from rds.study.sources import PUBLISHED, Source, ingest_toml
from rds.study.study import Study


@dataclass(frozen=True)
class Received:
    """What became of a received file.

    Parameters
    ----------
    source
        The source's name in ``responses/``.
    stored
        Whether anything was stored.
    already
        Whether the same file had been received before; then nothing changed.
    report
        How it was read; None for a file received before.
    remarks
        What else has to be said of it.
    rehearsed
        The survey that a preview answer was read back of, by name.
    """

    source: str
    stored: bool
    already: bool
    report: IngestReport | PublishedReport | None
    remarks: tuple[str, ...] = ()
    rehearsed: str = ""
    next_command: str = "run"

    def as_lines(self) -> list[str]:
        """Return what happened in plain sentences."""
        if self.report is None:
            return [f"This file was received before as “{self.source}”; nothing changed."]
        end = f"Stored as responses/{self.source}.csv." if self.stored else "Nothing was stored."
        done = [f"Dress rehearsal of {self.rehearsed} noted."] if self.rehearsed else []
        return [*self.report.as_lines(), *self.remarks, end, *done]

    def as_dict(self) -> dict[str, Any]:
        """Return what happened for machines."""
        report = {} if self.report is None else self.report.as_dict()
        told = {"remarks": list(self.remarks), "rehearsed": self.rehearsed}
        return (
            {"source": self.source, "stored": self.stored, "already": self.already} | told | report
        )


def receive(
    study: Study,
    path: Path,
    *,
    name: str | None = None,
    told: Told | None = None,
    keep: bool = False,
    dry_run: bool = False,
    now: datetime | None = None,
) -> Received:
    """Read a file of answers into a study.

    Parameters
    ----------
    study
        The study, opened.
    path
        Answers, as a survey platform exported them or as a table, wide or long; or a report's
        means.
    name
        Name of the source; without it, from the file's name. A source of that name is replaced.
    told
        What is to be known of the file beside the file itself.
    keep
        Also keep the file as it came, under ``received/``; it may hold personal data.
    dry_run
        Read and report, store nothing but a note that the survey's dress rehearsal was done.
        Previews and tests count as answers then.
    now
        The time to note, for tests and the demonstration.

    Raises
    ------
    InputError
        With every problem of the file at once; nothing is stored.
    """
    _refuse_unusable(study, path)
    hash_ = sha256_of_file(path)
    same = next((source for source in study.sources if source.sha256 == hash_), None)
    if same is not None and name in (None, same.name):
        return Received(same.name, stored=False, already=True, report=None)
    if not dry_run:
        refuse_if_approved(study)
    source_name = _source_name(name or path.stem)
    replaced = next((source for source in study.sources if source.name == source_name), None)
    if replaced is not None and name is None:
        raise _name_taken(path, replaced)
    others = [source for source in study.sources if source.name != source_name]
    told = replace(told or Told(), rehearsal=dry_run)
    read = read_file(study, path, told, others)
    remarks = tuple(_remarks(study, path, read))
    if dry_run:
        rehearsed = "" if read.instrument is None else read.instrument.name
        if read.instrument is not None:
            note_rehearsal(study.folder, read.instrument, path)
        return Received(source_name, False, False, read.report, remarks, rehearsed)
    source = Source(
        name=source_name,
        file=path.name,
        sha256=hash_,
        received=(now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds"),
        stored_sha256=sha256(read.content),
        key=read.key,
        group=told.group,
        wave=told.wave,
        nature=PUBLISHED if read.is_published else told.nature,
        replaced=() if replaced is None else (*replaced.replaced, replaced.sha256),
        report={**read.report.as_dict(), "remarks": list(remarks), **_survey(read)},
    )
    said = _store(study, source, read.content, others, copy_of=path if keep else None, now=now)
    return Received(source_name, True, False, read.report, (*remarks, *([said] if said else [])))


def _remarks(study: Study, path: Path, read: ReadFile) -> Iterator[str]:
    """Yield what has to be said beside the report: unknown columns, newer answers, the raw file."""
    if read.unmatched:
        names = ", ".join(f"“{name}”" for name in read.unmatched)
        yield f"Answers to what the study does not ask, not stored: {names}."
    if read.n_by_number:
        yield (
            f"Assumed: numbers in {read.n_by_number} columns of ratings are the points of the "
            "study's scales, since rds did not write this survey."
        )
    if read.n_newer:
        yield f"{read.n_newer} respondents' earlier answers are replaced by these."
    if isinstance(read.report, IngestReport) and read.report.personal:
        until = study.settings.study.due
        place = study.settings.survey.raw_files_kept or "where only the study's staff can open it"
        yield (
            f"{path.name} holds personal data and is not kept here. Keep it {place} until the "
            f"study is redone ({until.isoformat()}), then delete it."
        )


def _survey(read: ReadFile) -> dict[str, int]:
    """Return which issued survey a file answers, where that is known."""
    return {} if read.instrument is None else {"survey": read.instrument.version}


def _refuse_unusable(study: Study, path: Path) -> None:
    """Refuse a file that is not there, and a study with conflicting copies."""
    problems = copy_problems(study.folder)
    if not path.is_file():
        wanted = "a CSV or XLSX file"
        problems.append(Problem(path.name, "", "no such file", wanted, "check the name"))
    if problems:
        raise InputError(problems)


def _name_taken(path: Path, source: Source) -> InputError:
    """Return the error of another file under the name of a source."""
    found = f"another file than the one received as “{source.name}”"
    mend = (
        f"add --source {source.name} to replace that one, or --source with a new name to add this"
    )
    return InputError([Problem(path.name, "", found, "to be told which is meant", mend)])


def _store(
    study: Study,
    source: Source,
    content: bytes,
    others: Sequence[Source],
    *,
    copy_of: Path | None,
    now: datetime | None,
) -> str:
    """Write the pseudonymous file, then ingest.toml, which makes it count.

    Returns
    -------
    str
        What has to be said of the outline and settings that the first answers fix.
    """
    folder = study.folder
    with lock(folder.root):
        folder.responses.mkdir(exist_ok=True)
        if copy_of is not None:
            folder.received.mkdir(exist_ok=True)
            write_atomically(folder.received / copy_of.name, copy_of.read_bytes())
        write_atomically(folder.responses / source.stored_name, content)
        said = note_first_answers(study, source.file, now) if counts(study, source, content) else ""
        toml = ingest_toml(study.settings.study.id, [*others, source])
        write_atomically(folder.ingest, toml)
    return said


def _source_name(text: str) -> str:
    """Return a name fit for a file: lower case, letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "answers"
