"""Keeps commands, people and synchronised folders out of each other's way."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from rds.errors import FolderError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK = ".rds.lock"
"""The lock file of a study; it stays when the lock is released."""

_ON_WINDOWS = os.name == "nt"

_WATCHED = ("record.jsonl", "study.xlsx", "study.toml", "responses/ingest.toml")

_KEPT_BY_RDS = ("record.jsonl", "responses/ingest.toml")

_COPY_MARKS = (
    r" ?\(\d+\)",  # Google Drive
    r" \d{1,2}",  # iCloud Drive
    r" ?\(.*(?i:[ck]onfli).*\)",  # Dropbox in most languages, Nextcloud
    r"[._](sync-)?conflict-\d{8}-\d{6}(-\w+)?",  # Syncthing, ownCloud
)
_COMPUTER = r"-(?=[^a-z]*[A-Z])[A-Z0-9-]{3,}"  # OneDrive, for files whose other copies are people's
_ANY_COMPUTER = r"-[\w-]+"


@contextmanager
def lock(folder: Path, *, timeout: float = 2.0) -> Iterator[None]:
    """Hold the one lock of a study folder.

    Parameters
    ----------
    folder
        The study folder.
    timeout
        How long to wait for another command to end, in seconds.

    Raises
    ------
    FolderError
        If another command holds the lock, or the folder is missing or cannot be written to.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder, lock(pathlib.Path(folder)):
    ...     print("nobody else writes here now")
    nobody else writes here now
    """
    if not folder.is_dir():
        raise FolderError(f"There is no folder {folder}.")
    file_lock = FileLock(folder / LOCK)
    try:
        file_lock.acquire(timeout=timeout)
    except Timeout as error:
        raise FolderError(
            f"Another rds command is working in this folder ({folder.name}). "
            "Wait until it has ended, then repeat yours."
        ) from error
    except OSError as error:
        raise FolderError(f"The folder {folder.name} cannot be written to ({error}).") from error
    try:
        yield
    finally:
        file_lock.release()


def conflict_copies(folder: Path) -> list[Path]:
    """Find copies that a synchronised folder made of a file changed in two places at once.

    The record, the settings and outline, and the list of what was ingested are looked after.
    Known are the names given by Dropbox, OneDrive, Google Drive, iCloud Drive, Syncthing,
    Nextcloud and ownCloud. OneDrive adds the name of a computer: beside `study.xlsx` and
    `study.toml`, which people copy under names of their own, only one in capitals counts.

    Parameters
    ----------
    folder
        The study folder.

    Returns
    -------
    list of Path
        The copies, sorted; empty if there is none.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name in ["study.xlsx", "study (1).xlsx", "study-proposed.xlsx"]:
    ...         pathlib.Path(folder, name).touch()
    ...     [copy.name for copy in conflict_copies(pathlib.Path(folder))]
    ['study (1).xlsx']
    """
    return sorted(copy for watched in _WATCHED for copy in _copies_of(folder, watched))


def open_elsewhere(path: Path) -> bool:
    """Tell whether a file seems to be open in another program.

    Excel and Word leave an owner file (`~$name`) beside a file they have open, LibreOffice a
    lock file (`.~lock.name#`). On Windows a file is open, too, if it cannot be opened for writing.

    Parameters
    ----------
    path
        The file; it need not exist.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pathlib.Path(folder, "~$blueprint.xlsx").touch()
    ...     open_elsewhere(pathlib.Path(folder, "blueprint.xlsx"))
    True
    """
    names = (_office_owner_name(path), f".~lock.{path.name}#")
    marked = any(path.with_name(name).exists() for name in names)
    return marked or (_ON_WINDOWS and path.is_file() and not _can_be_written(path))


def _copies_of(folder: Path, watched: str) -> Iterator[Path]:
    """Find the copies of one file."""
    path = folder / watched
    computer = _ANY_COMPUTER if watched in _KEPT_BY_RDS else _COMPUTER
    marks = "|".join((*_COPY_MARKS, computer))
    copy_name = re.compile(f"{re.escape(path.stem)}({marks}){re.escape(path.suffix)}")
    if path.parent.is_dir():
        yield from (other for other in path.parent.iterdir() if copy_name.fullmatch(other.name))


def _office_owner_name(path: Path) -> str:
    """Name the owner file; Word lets it take the place of the first letters of a long name."""
    replaced = min(max(len(path.stem) - 6, 0), 2) if path.suffix.lower() == ".docx" else 0
    return f"~${path.name[replaced:]}"


def _can_be_written(path: Path) -> bool:
    """Tell whether the file can be opened for writing; it is not changed."""
    try:
        with path.open("r+b"):
            return True
    except PermissionError:
        return False
