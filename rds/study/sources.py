"""What was received: ``responses/ingest.toml`` and the pseudonymous files beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import tomli_w

from rds.errors import InputError, Problem
from rds.files import sha256_of_file
from rds.study.folder import Folder

INGEST_FORMAT = 1

PUBLISHED = "published"
"""The nature of a source that holds a report's means instead of answers."""


@dataclass(frozen=True)
class Source:
    """One file that was received.

    Parameters
    ----------
    name
        The source's name; its answers lie in ``responses/NAME.csv``.
    file, sha256
        Name and hash of the file as it came.
    received
        When, in UTC.
    stored_sha256
        Hash of the pseudonymous file.
    key
        Fingerprint of the key that made the pseudonyms.
    group, wave, nature
        What was said of all its respondents.
    replaced
        Hashes of the files that were received under this name before, oldest first.
    report
        How it was read: columns, what was dropped, missing, assumed.
    """

    name: str
    file: str
    sha256: str
    received: str
    stored_sha256: str
    key: str
    group: str = ""
    wave: str = ""
    nature: str = "answers"
    replaced: Sequence[str] = ()
    report: Mapping[str, Any] = field(default_factory=dict)

    @property
    def stored_name(self) -> str:
        """Name of the pseudonymous file."""
        return f"{self.name}.csv"


def read_sources(folder: Folder) -> tuple[Source, ...]:
    """Return what was received, oldest first; nothing when there is no ingest.toml.

    Raises
    ------
    InputError
        When the file cannot be read, or was made by a newer version.
    """
    if not folder.ingest.exists():
        return ()
    name = "responses/ingest.toml"
    try:
        data = tomllib.loads(folder.ingest.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        mend = "take the file from a backup"
        raise InputError([Problem(name, "", str(error), "a file as rds wrote it", mend)]) from None
    if data.get("format", 0) > INGEST_FORMAT:
        found, wanted = f"format {data['format']}", f"format {INGEST_FORMAT} or older"
        raise InputError([Problem(name, "", found, wanted, "install a newer version of rds")])
    return tuple(Source(**source) for source in data.get("source", ()))


def ingest_toml(study_id: str, sources: Sequence[Source]) -> bytes:
    """Return the content of ingest.toml."""
    tables = [{**vars(source), "replaced": list(source.replaced)} for source in sources]
    data = {"format": INGEST_FORMAT, "study": study_id, "source": tables}
    return tomli_w.dumps(data).encode()


def changed_sources(folder: Folder, sources: Sequence[Source]) -> list[Problem]:
    """Return a problem for each stored file that is missing or not as it was stored."""
    problems = []
    for source in sources:
        path = folder.responses / source.stored_name
        if not path.exists():
            found = "no such file"
        elif sha256_of_file(path) != source.stored_sha256:
            found = "a file that was changed after it was received"
        else:
            continue
        mend = f"restore it from a backup, or receive {source.file} again"
        wanted = "the answers as received"
        problems.append(Problem(f"responses/{source.stored_name}", "", found, wanted, mend))
    return problems


def received_at(source: Source) -> datetime:
    """Return when a source was received."""
    return datetime.fromisoformat(source.received)
