"""Reading a file back into a study: pseudonymous, once, and accounted for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rds.errors import InputError, Problem
from rds.files import sha256, sha256_of_file, write_atomically
from rds.ratings.ingest import IngestReport, ingest
from rds.ratings.mapping import map_columns, read_column_map
from rds.ratings.pseudonyms import key_fingerprint
from rds.ratings.published_reader import PublishedReport, published_csv, read_published
from rds.ratings.ratings import Nature
from rds.ratings.store import responses_csv
from rds.study.folder import copy_problems
from rds.study.guard import lock
from rds.study.keys import study_key
from rds.study.sources import PUBLISHED, Source, ingest_toml
from rds.study.study import Study
from rds.survey.export import Export
from rds.survey.platforms.plain import read_plain

if TYPE_CHECKING:
    import pandas as pd


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
    """

    source: str
    stored: bool
    already: bool
    report: IngestReport | PublishedReport | None

    def as_lines(self) -> list[str]:
        """Return what happened in plain sentences."""
        if self.report is None:
            return [f"This file was received before as “{self.source}”; nothing changed."]
        end = f"Stored as responses/{self.source}.csv." if self.stored else "Nothing was stored."
        return [*self.report.as_lines(), end]

    def as_dict(self) -> dict[str, Any]:
        """Return what happened for machines."""
        report = {} if self.report is None else self.report.as_dict()
        return {"source": self.source, "stored": self.stored, "already": self.already, **report}


def receive(
    study: Study,
    path: Path,
    *,
    name: str | None = None,
    group: str = "",
    wave: str = "",
    nature: Nature = "answers",
    column_map: Path | None = None,
    sheet: str | None = None,
    key: Path | None = None,
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
        A CSV or XLSX file: answers, wide or long, or a report's means.
    name
        Name of the source; without it, from the file's name. A source of that name is replaced.
    group, wave
        What holds for all its respondents, when no column says it.
    nature
        Whether they are answers, reconstructed from published figures, or simulated.
    column_map
        A file with the columns ``column`` and ``meaning``.
    sheet
        The workbook's sheet, when several hold data.
    key
        Where the key for pseudonyms lies.
    keep
        Also keep the file as it came, under ``received/``; it may hold personal data.
    dry_run
        Read and report, store nothing.
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
    source_name = _source_name(name or path.stem)
    replaced = next((source for source in study.sources if source.name == source_name), None)
    if replaced is not None and name is None:
        raise _name_taken(path, replaced)
    others = [source for source in study.sources if source.name != source_name]
    told = Told(group, wave, nature, column_map, key, may_make_key=not dry_run)
    export = read_plain(path, sheet=sheet)
    published = export.layout == "published"
    read = (_read_means if published else _read_answers)(study, export, told, others)
    if not dry_run:
        source = Source(
            name=source_name,
            file=path.name,
            sha256=hash_,
            received=(now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds"),
            stored_sha256=sha256(read.content),
            key=read.key,
            group=group,
            wave=wave,
            nature=PUBLISHED if published else nature,
            replaced=() if replaced is None else (*replaced.replaced, replaced.sha256),
            report=read.report.as_dict(),
        )
        _store(study, source, read.content, others, copy_of=path if keep else None)
    return Received(source_name, stored=not dry_run, already=False, report=read.report)


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


@dataclass(frozen=True)
class Told:
    """What was told of a file beside the file itself."""

    group: str
    wave: str
    nature: Nature
    column_map: Path | None
    key: Path | None
    may_make_key: bool


class _Read(NamedTuple):
    """What is to be stored of a file, how it was read, and the fingerprint of the key."""

    content: bytes
    report: IngestReport | PublishedReport
    key: str


def _read_answers(study: Study, export: Export, told: Told, others: Sequence[Source]) -> _Read:
    """Make typed answers of an export; refuse respondents of other sources."""
    secret = study_key(
        study.settings.study.id, study.sources, path=told.key, create=told.may_make_key
    )
    columns, problems = map_columns(
        export,
        expected=study.statements_by_scale,
        questions=study.question_ids,
        given=read_column_map(told.column_map) if told.column_map else None,
    )
    if columns is None:
        raise InputError(problems)
    read = ingest(
        export,
        columns,
        scales=study.scales,
        key=secret,
        group=told.group,
        wave=told.wave,
        nature=told.nature,
    )
    known = [source for source in others if source.nature != PUBLISHED]
    if known:
        before = replace(study, sources=tuple(known)).ratings.respondents
        doubled = _who_and_when(read.ratings.respondents) & _who_and_when(before)
        _refuse_doubled(export.source, len(doubled), "respondents whose answers", known)
    return _Read(responses_csv(read.ratings), read.report, key_fingerprint(secret))


def _who_and_when(respondents: pd.DataFrame) -> set[tuple[str, str]]:
    """Return who answered in which wave."""
    return set(zip(respondents.index, respondents["wave"], strict=True))


def _read_means(study: Study, export: Export, told: Told, others: Sequence[Source]) -> _Read:
    """Read a report's means; refuse those that came before."""
    published, report = read_published(
        export,
        scales=study.scales,
        expected=study.statements_by_scale,
        group=told.group,
        wave=told.wave,
    )
    before = [source for source in others if source.nature == PUBLISHED]
    if before:
        keys = ["statement_id", "scale", "group", "wave"]
        known = replace(study, sources=tuple(before)).published
        earlier = set() if known is None else set(known.table[keys].itertuples(index=False))
        doubled = earlier & set(published.table[keys].itertuples(index=False))
        _refuse_doubled(export.source, len(doubled), "means that", before)
    return _Read(published_csv(published), report, "")


def _refuse_doubled(file: str, n: int, what: str, others: Sequence[Source]) -> None:
    """Refuse what came before in another file."""
    if n:
        names = ", ".join(source.name for source in others)
        mend = f"to replace an earlier file, receive this one with --source NAME (one of {names})"
        found = f"{n} {what} were received before"
        raise InputError([Problem(file, "", found, "each in one file", mend)])


def _store(
    study: Study,
    source: Source,
    content: bytes,
    others: Sequence[Source],
    *,
    copy_of: Path | None,
) -> None:
    """Write the pseudonymous file, then ingest.toml, which makes it count."""
    folder = study.folder
    with lock(folder.root):
        folder.responses.mkdir(exist_ok=True)
        if copy_of is not None:
            folder.received.mkdir(exist_ok=True)
            write_atomically(folder.received / copy_of.name, copy_of.read_bytes())
        write_atomically(folder.responses / source.stored_name, content)
        toml = ingest_toml(study.settings.study.id, [*others, source])
        write_atomically(folder.ingest, toml)


def _source_name(text: str) -> str:
    """Return a name fit for a file: lower case, letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "answers"
