"""Copies of what was approved: written beside, moved into place in one step, then recorded."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from itertools import count
from pathlib import Path

from rds.errors import FolderError
from rds.files import canonical_json, sha256, write_atomically
from rds.study.outputs import MANIFEST

APPROVED_FOLDER = "approved"
STAGING = ".rds-staging"

_LEFT = (".DS_Store", "Thumbs.db", "desktop.ini")
_OPEN = ("~$", ".~lock.")


def approved_manifest(about: Mapping[str, object], files: Mapping[str, bytes]) -> bytes:
    """Return the list of approved files with their hashes, for people and machines to read."""
    hashes = {name: sha256(files[name]) for name in sorted(files)}
    listing = json.loads(canonical_json({**about, "files": hashes}))
    text = json.dumps(listing, sort_keys=True, ensure_ascii=False, indent=2)
    return f"{text}\n".encode()


def keep_copies(root: Path, name: str, files: Mapping[str, bytes], manifest: bytes) -> None:
    """Put copies of all files below ``approved/NAME``, all or none.

    The caller holds the lock of the folder. A folder of that name which is exactly this is left
    alone, so that a command that was stopped can be repeated; any other is set aside, never
    removed.

    Raises
    ------
    FolderError
        If the copies cannot be written.
    """
    approved, wanted = root / APPROVED_FOLDER, {**files, MANIFEST: manifest}
    staging, target = approved / STAGING, approved / name
    try:
        shutil.rmtree(staging, ignore_errors=True)
        if target.is_dir() and contents(target) == {k: sha256(v) for k, v in wanted.items()}:
            return
        for path, content in wanted.items():
            (staging / path).parent.mkdir(parents=True, exist_ok=True)
            write_atomically(staging / path, content)
        if target.exists():
            target.rename(_free_name(target))
        staging.rename(target)
    except OSError as error:
        raise FolderError(
            f"The copies could not be put into {APPROVED_FOLDER}/{name} ({error}). The signature "
            "is recorded; mend that and repeat the command, which takes up where this one stopped."
        ) from error


def contents(folder: Path) -> dict[str, str]:
    """Return the hash of every file below a folder, by its path in it.

    What systems and programs leave beside files that people look at does not count.
    """
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in _LEFT and not path.name.startswith(_OPEN)
    }


def _free_name(target: Path) -> Path:
    """Return the next free name for what a stopped command left under a name."""
    names = (target.with_name(f"{target.name}.unfinished-{number}") for number in count(1))
    return next(name for name in names if not name.exists())
