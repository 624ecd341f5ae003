"""Bytes on disk: written whole or not at all, hashed, and the same for the same content."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import secrets
import shutil
import zipfile
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime
    from pathlib import Path

_CONTENT_TYPES = "[Content_Types].xml"
_CORE_PROPERTIES = "docProps/core.xml"
_CORE_DATE = re.compile(rb"(<((?:\w+:)?(?:created|modified))(?:\s[^>]*)?>)[^<]*(</\2\s*>)")
_FILE_MODE = 0o100644 << 16
_FOLDER_MODE = 0o040755 << 16 | 0x10


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    The content goes to a temporary name in the same folder, reaches the disk, and then takes
    the place of `path` in one step. Whatever fails, a file that stood there stays as it was, and
    the temporary file is removed. Permissions of a file that is replaced are kept.

    Parameters
    ----------
    path
        Where the file belongs; its folder exists.
    content
        All bytes of the file.

    Raises
    ------
    OSError
        If the file cannot be written or replaced.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "note.txt")
    ...     write_atomically(path, b"kept whole")
    ...     path.read_bytes()
    b'kept whole'
    """
    temporary = path.with_name(f".rds-{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def sha256(content: bytes) -> str:
    """Return the SHA-256 of some bytes as 64 hexadecimal digits.

    Examples
    --------
    >>> sha256(b"abc")
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    """
    return hashlib.sha256(content).hexdigest()


def sha256_of_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, read in blocks.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "abc.txt")
    ...     _ = path.write_bytes(b"abc")
    ...     sha256_of_file(path) == sha256(b"abc")
    True
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def canonical_json(value: object) -> str:
    """Write a value as JSON in the one form that we hash.

    Keys sorted, no spaces, characters as they are (to be stored as UTF-8), and floats as the
    shortest decimal that reads back the same.

    Parameters
    ----------
    value
        Text, numbers, True, False, None, and lists and mappings of them.

    Raises
    ------
    ValueError
        If it holds what JSON cannot: an infinite number, NaN, or an object of another kind.

    Examples
    --------
    >>> canonical_json({"share": 0.1, "domain": "Beratung für Ältere"})
    '{"domain":"Beratung für Ältere","share":0.1}'
    """
    try:
        return json.dumps(
            value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
        )
    except (TypeError, ValueError) as error:
        raise ValueError(f"JSON cannot hold this value ({error}).") from error


def deterministic_zip(content: bytes, *, date: datetime.date) -> bytes:
    """Rewrite a zip container so that the same members always give the same bytes.

    Members are sorted (the content types of an Office file first, where its readers look for
    them), and their dates, attributes and compression are fixed. In an Office file the
    properties “created” and “modified” become midnight of `date`, too. The members are otherwise
    copied as they are.

    Parameters
    ----------
    content
        An xlsx, docx or zip file.
    date
        The date that every member is to carry; 1980 to 2107, as zip files demand.

    Returns
    -------
    bytes
        The same container, free of the clock and of the machine it was made on.

    Raises
    ------
    ValueError
        If the content is no readable zip container, holds a member twice, or the date cannot
        be stored in one.

    Examples
    --------
    >>> import datetime, io, zipfile
    >>> def zipped(*names):
    ...     buffer = io.BytesIO()
    ...     with zipfile.ZipFile(buffer, "w") as archive:
    ...         for name in names:
    ...             archive.writestr(name, name.encode())
    ...     return deterministic_zip(buffer.getvalue(), date=datetime.date(2026, 11, 21))
    >>> zipped("a.txt", "b.txt") == zipped("b.txt", "a.txt")
    True
    """
    if not 1980 <= date.year <= 2107:
        raise ValueError(f"A zip file cannot carry the date {date}; wanted a year 1980 to 2107.")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, member in sorted(_members(content).items(), key=_reading_order):
            fixed = _with_core_dates(member, date) if name == _CORE_PROPERTIES else member
            archive.writestr(_fixed_info(name, date), fixed, compresslevel=6)
    return target.getvalue()


def _members(content: bytes) -> dict[str, bytes]:
    """Read all members of a zip container by name."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            members = {name: archive.read(name) for name in names}
    except (zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(f"This is not a readable zip container ({error}).") from error
    if len(members) < len(names):
        twice = sorted(name for name in members if names.count(name) > 1)
        raise ValueError(f"The zip container holds more than one member {', '.join(twice)}.")
    return members


def _reading_order(named_member: tuple[str, bytes]) -> tuple[bool, str]:
    """Sort by name, with the content types of an Office file first."""
    name, _ = named_member
    return name != _CONTENT_TYPES, name


def _fixed_info(name: str, date: datetime.date) -> zipfile.ZipInfo:
    """Describe a member without clock or machine."""
    info = zipfile.ZipInfo(name, (date.year, date.month, date.day, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = _FOLDER_MODE if info.is_dir() else _FILE_MODE
    return info


def _with_core_dates(core: bytes, date: datetime.date) -> bytes:
    """Put one date in place of when an Office file was created and modified."""
    moment = f"{date.isoformat()}T00:00:00Z".encode("ascii")
    return _CORE_DATE.sub(rb"\g<1>" + moment + rb"\g<3>", core)
