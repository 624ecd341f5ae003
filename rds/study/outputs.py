"""Puts all outputs of a run in place together, and never over somebody's edits."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from rds.errors import FolderError
from rds.files import canonical_json, sha256, sha256_of_file, write_atomically
from rds.study.guard import open_elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

OUT = "out"
MANIFEST = "manifest.json"
JOURNAL = ".manifest-next.json"
STAGING = ".rds-staging"

_NOT_A_FILE = "not a file"


@dataclass(frozen=True)
class Published:
    """What became of the outputs; paths below `out/`, sorted.

    Parameters
    ----------
    written
        New, or replaced because their content changed.
    unchanged
        Already there with the same content, and left alone.
    removed
        Outputs of an earlier run that are no longer made.
    kept
        Names under which files that somebody had edited were kept.
    """

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]


@dataclass(frozen=True)
class _Plan:
    """What is to be done, as paths below `out/`."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    edited: tuple[str, ...]


def publish(
    folder: Path,
    outputs: Mapping[str, bytes],
    manifest: Mapping[str, object],
    *,
    force: bool = False,
) -> Published:
    """Bring `out/` up to date with the outputs of a run, its manifest last.

    The caller holds the lock of the folder. Everything is written beside `out/` first, then
    moved into place file by file. Before anything is moved, a journal notes the hashes of what
    is coming, so that a run that was stopped half-way can simply be repeated: no file of its
    making is then taken for an edited one. Files in `out/` that are neither outputs now nor were
    before are left alone.

    Parameters
    ----------
    folder
        The study folder.
    outputs
        Content by path below `out/`, such as `"tables/task_weights.csv"`.
    manifest
        What the manifest says besides the hashes, which are added to it as `"outputs"`.
    force
        Whether to go on if outputs were edited; each is kept under another name, such as
        `blueprint.edited-1.xlsx`.

    Returns
    -------
    Published
        What was written, left alone, removed and kept.

    Raises
    ------
    FolderError
        If an output was edited since it was written, or is open in another program: all are
        named, and nothing is replaced. Also if a file cannot be moved into place.
    ValueError
        If a path is not a plain relative one, or the manifest cannot be written as JSON.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     publish(pathlib.Path(folder), {"tables/ties.csv": b"where"}, {"rds": "0.1.0"}).written
    ('tables/ties.csv',)
    """
    _require_plain_paths(outputs)
    out = folder / OUT
    hashes = {path: sha256(outputs[path]) for path in sorted(outputs)}
    listing = _manifest_text(manifest, hashes)
    known = _known_hashes(out)
    plan = _plan(out, hashes, known)
    _refuse_to_disturb(out, plan, force=force)
    try:
        _stage(folder / STAGING, out, outputs, plan.written)
        _write_journal(out, known, hashes)
        kept = tuple(_keep(out, path) for path in plan.edited)
        _move(folder / STAGING, out, plan.written)
        _remove(out, plan.removed)
        _write_if_changed(out / MANIFEST, listing)
        (out / JOURNAL).unlink()
    except OSError as error:
        raise FolderError(
            f"The outputs could not all be put in place ({error}). "
            "Mend that and repeat the command; it takes up where this one stopped."
        ) from error
    finally:
        shutil.rmtree(folder / STAGING, ignore_errors=True)
    return Published(plan.written, plan.unchanged, plan.removed, kept)


def _require_plain_paths(paths: Iterable[str]) -> None:
    """Refuse paths that lead out of the folder, onto files of our own, or onto each other."""
    folded = [path.casefold() for path in paths]
    wrong = [path for path in paths if not _is_plain(path) or folded.count(path.casefold()) > 1]
    if wrong:
        raise ValueError(
            f"These paths of outputs cannot be used: {', '.join(map(repr, sorted(wrong)))}; wanted "
            "different names below the folder out, divided by “/”, none beginning with a full stop."
        )


def _is_plain(path: str) -> bool:
    """Tell whether a path leads to an ordinary name below `out/` on every system."""
    pure = PurePosixPath(path)
    ours = path.casefold() == MANIFEST
    hidden = any(part.startswith(".") for part in pure.parts)
    foreign = pure.is_absolute() or any(sign in path for sign in '\\:*?"<>|')
    return str(pure) == path and bool(pure.name) and not (ours or hidden or foreign)


def _manifest_text(manifest: Mapping[str, object], hashes: Mapping[str, str]) -> bytes:
    """Write the manifest for people and machines to read."""
    listing = json.loads(canonical_json({**manifest, "outputs": hashes}))
    text = json.dumps(listing, sort_keys=True, ensure_ascii=False, indent=2)
    return f"{text}\n".encode()


def _known_hashes(out: Path) -> dict[str, set[str]]:
    """Return the hashes that rds has written, or was about to write, for each plain path."""
    known: dict[str, set[str]] = {}
    for name in (MANIFEST, JOURNAL):
        for path, listed in _listed(out / name).items():
            hashes = listed if isinstance(listed, list) else [listed]
            known.setdefault(path, set()).update(map(str, hashes))
    return {path: hashes for path, hashes in known.items() if _is_plain(path)}


def _listed(path: Path) -> dict[str, object]:
    """Read the outputs that a manifest or journal lists; none if it cannot be read."""
    try:
        return dict(json.loads(path.read_bytes())["outputs"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _plan(out: Path, hashes: Mapping[str, str], known: Mapping[str, set[str]]) -> _Plan:
    """Compare what is there with what is coming and with what rds has written before."""
    states = {path: _state(out / path) for path in sorted({*hashes, *known})}
    edited = {
        path
        for path, state in states.items()
        if state is not None and state not in {*known.get(path, ()), hashes.get(path)}
    }
    coming = {path.casefold() for path in hashes}
    gone = (path for path in states if states[path] and path.casefold() not in coming)
    return _Plan(
        written=tuple(path for path in hashes if states[path] != hashes[path]),
        unchanged=tuple(path for path in hashes if states[path] == hashes[path]),
        removed=tuple(path for path in gone if path not in edited),
        edited=tuple(sorted(edited)),
    )


def _state(path: Path) -> str | None:
    """Return the hash of a file, or None if nothing is there."""
    if not path.exists():
        return None
    return sha256_of_file(path) if path.is_file() else _NOT_A_FILE


def _refuse_to_disturb(out: Path, plan: _Plan, *, force: bool) -> None:
    """Name all outputs that somebody edited, unless forced, or has open."""
    touched = sorted({*plan.written, *plan.removed, *plan.edited, MANIFEST})
    busy = [path for path in touched if open_elsewhere(out / path)]
    problems = []
    if plan.edited and not force:
        problems.append(
            f"These files in {OUT} were changed since rds wrote them, or are not from rds: "
            f"{', '.join(plan.edited)}. Move them elsewhere, or repeat the command with --force, "
            "which keeps each under another name, such as blueprint.edited-1.xlsx."
        )
    if busy:
        problems.append(
            f"These files in {OUT} are open in another program: {', '.join(busy)}. Close them and "
            "repeat the command. If they are not open, a program that crashed has left its hidden "
            "file, whose name begins with “~$” or “.~lock”, beside them: delete that."
        )
    if problems:
        raise FolderError("\n".join([*problems, "Nothing was replaced."]))


def _stage(staging: Path, out: Path, outputs: Mapping[str, bytes], paths: Iterable[str]) -> None:
    """Write what is coming to a folder of its own, and make the folders it will move to."""
    out.mkdir(exist_ok=True)
    for path in paths:
        for root in (staging, out):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
        write_atomically(staging / path, outputs[path])


def _write_journal(out: Path, known: Mapping[str, set[str]], hashes: Mapping[str, str]) -> None:
    """Note every hash that may be found in `out/` until the next manifest is there."""
    # What an earlier journal knew stays known: files of a run stopped before may still stand.
    either = {
        path: sorted({*known.get(path, ()), *([hashes[path]] if path in hashes else [])})
        for path in {*known, *hashes}
    }
    write_atomically(out / JOURNAL, canonical_json({"outputs": either}).encode("utf-8"))


def _keep(out: Path, path: str) -> str:
    """Give an edited file the next free name that says so, and return that."""
    pure = PurePosixPath(path)
    names = (pure.with_name(f"{pure.stem}.edited-{n}{pure.suffix}") for n in count(1))
    name = next(name for name in names if not (out / name).exists())
    (out / path).replace(out / name)
    return str(name)


def _move(staging: Path, out: Path, paths: Iterable[str]) -> None:
    """Move staged files into place, each in one step."""
    for path in paths:
        (staging / path).replace(out / path)


def _remove(out: Path, paths: Iterable[str]) -> None:
    """Remove files, and folders that they leave empty."""
    for path in paths:
        (out / path).unlink()
        for parent in PurePosixPath(path).parents[:-1]:
            with suppress(OSError):
                (out / parent).rmdir()


def _write_if_changed(path: Path, content: bytes) -> None:
    """Write a file unless it already says the same."""
    if not path.is_file() or path.read_bytes() != content:
        write_atomically(path, content)
