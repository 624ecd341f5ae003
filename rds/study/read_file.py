"""From a received file to what is stored of it: read, mapped, typed, made pseudonymous."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from rds.errors import InputError, Problem
from rds.files import write_atomically
from rds.ratings.export_mapping import Known, Mapped, map_export
from rds.ratings.ingest import IngestReport, ingest
from rds.ratings.mapping import map_columns, read_column_map
from rds.ratings.pseudonyms import key_fingerprint
from rds.ratings.published_reader import PublishedReport, published_csv, read_published
from rds.ratings.ratings import Nature, Ratings
from rds.ratings.store import responses_csv
from rds.study.forms import issued_instruments, proposed_instrument
from rds.study.keys import study_key
from rds.study.sources import PUBLISHED, Source
from rds.study.study import Study
from rds.survey.export import Export
from rds.survey.instrument import Instrument
from rds.survey.platforms.opening import open_file
from rds.survey.platforms.plain import plain_export
from rds.survey.platforms.platform import Platform
from rds.survey.platforms.registry import find_platform, recognise


@dataclass(frozen=True)
class Told:
    """What was told of a file beside the file itself.

    Parameters
    ----------
    group, wave, nature
        What holds for all its respondents.
    column_map
        A file with the columns ``column`` and ``meaning``.
    sheet
        The workbook's sheet, when several hold data.
    platform
        The platform that wrote it, when it is not to be recognised; ``"plain"`` for none.
    codebook
        A file of the platform that describes the survey.
    suggest
        Where to write a column map to complete, if columns are left that nothing is known of.
    key
        Where the key for pseudonyms lies.
    rehearsal
        Whether previews and tests count, and no key is made.
    """

    group: str = ""
    wave: str = ""
    nature: Nature = "answers"
    column_map: Path | None = None
    sheet: str | None = None
    platform: str | None = None
    codebook: Path | None = None
    suggest: Path | None = None
    key: Path | None = None
    rehearsal: bool = False


@dataclass(frozen=True)
class ReadFile:
    """What is to be stored of a file.

    Parameters
    ----------
    content
        The stored file.
    report
        How it was read.
    key
        Fingerprint of the key that made the pseudonyms; empty for means.
    is_published
        Whether it holds a report's means.
    instrument
        The survey that it answers, if it was issued.
    unmatched
        Columns that nothing is known of.
    n_newer
        Respondents whose earlier, partial answers it replaces.
    n_by_number
        Columns of ratings in which a survey that rds did not write has numbers, taken as the
        points of the study's scales.
    """

    content: bytes
    report: IngestReport | PublishedReport
    key: str = ""
    is_published: bool = False
    instrument: Instrument | None = None
    unmatched: Mapping[str, str] = field(default_factory=dict)
    n_newer: int = 0
    n_by_number: int = 0


def read_file(study: Study, path: Path, told: Told, others: Sequence[Source]) -> ReadFile:
    """Read a file of answers or means, without storing anything.

    Parameters
    ----------
    others
        The sources that stay; respondents of theirs are refused, unless this is a later export of
        the same survey.

    Raises
    ------
    InputError
        With every problem of the file at once.
    """
    export, platform = _open(path, told)
    if export.layout == "published":
        return _read_means(study, export, told, others)
    mapped = _map(study, export, platform, told)
    if mapped.columns is None:
        if told.suggest is not None:
            write_atomically(told.suggest, _suggested(mapped.unmatched))
        raise InputError(mapped.problems)
    secret = study_key(
        study.settings.study.id, study.sources, path=told.key, create=not told.rehearsal
    )
    read = ingest(
        export,
        mapped.columns,
        scales=study.scales,
        key=secret,
        group=told.group,
        wave=told.wave,
        nature=told.nature,
    )
    n_newer = _refuse_known(study, export, read.ratings, others)
    return ReadFile(
        responses_csv(read.ratings),
        read.report,
        key=key_fingerprint(secret),
        instrument=mapped.instrument,
        unmatched=mapped.unmatched,
        n_newer=n_newer,
        n_by_number=_by_number(read.report, mapped),
    )


def _open(path: Path, told: Told) -> tuple[Export, Platform | None]:
    """Open a file as an export of its platform, or as a plain table."""
    file = open_file(path, sheet=told.sheet, codebook=told.codebook)
    file = replace(file, with_tests=told.rehearsal)
    if told.platform is None:
        platform = recognise(file)
    else:
        platform = None if told.platform == "plain" else find_platform(told.platform)
    if platform is None or platform.read is None:
        return plain_export(file), platform
    return platform.read(file), platform


def _map(study: Study, export: Export, platform: Platform | None, told: Told) -> Mapped:
    """Find out what the columns mean."""
    given = read_column_map(told.column_map) if told.column_map else None
    if not export.described:
        columns, problems = map_columns(
            export, expected=study.statements_by_scale, questions=study.question_ids, given=given
        )
        return Mapped(columns, problems, None, {})
    issued = issued_instruments(study.folder)
    mapped = map_export(
        export,
        Known(issued, proposed_instrument(study), platform.column_name if platform else None),
        expected=study.statements_by_scale,
        questions=study.question_ids,
        given=given,
    )
    instrument = mapped.instrument if mapped.instrument in issued else None
    form = instrument.form if instrument else ""
    person = f"{told.group}|{told.wave}|{form}|"
    columns = None if mapped.columns is None else replace(mapped.columns, person=person)
    return replace(mapped, columns=columns, instrument=instrument)


def _by_number(report: IngestReport, mapped: Mapped) -> int:
    """Return how many columns of ratings have numbers whose words nobody said."""
    if report.platform == "plain" or mapped.instrument is not None or mapped.columns is None:
        return 0
    said = mapped.columns.labels
    return sum(
        column["read_as"] == "codes" and column["column"] not in said for column in report.columns
    )


def _suggested(unmatched: Mapping[str, str]) -> bytes:
    """Return a column map to complete: what is suggested still has to be confirmed."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("column", "meaning"))
    writer.writerows(unmatched.items())
    return text.getvalue().encode()


def _refuse_known(study: Study, export: Export, ratings: Ratings, others: Sequence[Source]) -> int:
    """Refuse respondents of other sources; return how many partial answers a later export ends."""
    known = [source for source in others if source.nature != PUBLISHED]
    if not known:
        return 0
    before = replace(study, sources=tuple(known)).ratings
    now = set(_who_and_when(ratings))
    doubled = before.select(np.array([each in now for each in _who_and_when(before)], dtype=bool))
    people = list(doubled.respondents.index)
    if export.platform != "plain" and _only_go_on(doubled, ratings, people):
        return len(people)
    _refuse_doubled(export.source, len(people), "respondents whose answers", known)
    return 0


def _who_and_when(ratings: Ratings) -> Iterator[tuple[str, str]]:
    """Yield who answered in which wave; the same respondents may come again in another."""
    return zip(ratings.respondents.index, ratings.respondents["wave"], strict=True)


def _only_go_on(before: Ratings, now: Ratings, people: Sequence[str]) -> bool:
    """Tell whether answers only go on where they were partial, and are the same elsewhere."""
    if "status" not in before.respondents:
        return False
    partial = before.respondents["status"] == "partial"
    whole = [name for name in people if not partial.get(name, False)]
    return bool(people) and all(
        before.frame(scale.name).reindex(whole).equals(now.frame(scale.name).reindex(whole))
        for scale in now.scales
    )


def _read_means(study: Study, export: Export, told: Told, others: Sequence[Source]) -> ReadFile:
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
    return ReadFile(published_csv(published), report, is_published=True)


def _refuse_doubled(file: str, n: int, what: str, others: Sequence[Source]) -> None:
    """Refuse what came before in another file."""
    if n:
        names = ", ".join(source.name for source in others)
        mend = f"to replace an earlier file, receive this one with --source NAME (one of {names})"
        found = f"{n} {what} were received before"
        raise InputError([Problem(file, "", found, "each in one file", mend)])
