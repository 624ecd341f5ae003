"""The lists of files and hashes in a study folder: of ``out/``, and of what was approved."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rds.study.folder import Folder
from rds.study.outputs import MANIFEST
from rds.study.seal import APPROVED_FOLDER


@dataclass(frozen=True)
class Listing:
    """A manifest as it lies there.

    Parameters
    ----------
    place
        The folder it lists, from the study folder.
    data
        What it says; empty where it cannot be read.
    """

    place: str
    data: Mapping[str, Any]

    def hashes(self, name: str) -> dict[str, str]:
        """Return what it says under a name, as hashes by path; nothing where it is something else.

        Examples
        --------
        >>> Listing("out", {"outputs": ["a"]}).hashes("outputs")
        {}
        """
        said = self.data.get(name)
        return {str(k): str(v) for k, v in said.items()} if isinstance(said, dict) else {}


def out_listing(folder: Folder) -> Listing | None:
    """Return the manifest of ``out/``; None where there is none."""
    path = folder.out / MANIFEST
    return Listing("out", _read(path)) if path.exists() else None


def approved_listings(folder: Folder) -> tuple[Listing, ...]:
    """Return the manifest of every folder of approved files, empty where it is missing."""
    root = folder.root / APPROVED_FOLDER
    places = sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []
    return tuple(
        Listing(f"{APPROVED_FOLDER}/{path.name}", _read(path / MANIFEST))
        for path in places
        if not path.name.startswith(".") and ".unfinished-" not in path.name
    )


def record_witnesses(folder: Folder) -> Iterator[tuple[str, str, int]]:
    """Yield what manifests and issued forms say of the record: where, its head, its length then."""
    root = folder.root
    paths = [folder.out / MANIFEST, *sorted((root / APPROVED_FOLDER).glob(f"*/{MANIFEST}"))]
    paths += sorted(folder.forms.rglob("*.json"))
    for path in paths:
        said = _read(path).get("record")
        if isinstance(said, dict) and isinstance(said.get("length"), int):
            yield path.relative_to(root).as_posix(), str(said.get("head")), said["length"]


def _read(path: Path) -> dict[str, Any]:
    """Read a JSON object; an empty one if there is none."""
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}
