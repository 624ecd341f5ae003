"""The key that makes pseudonyms of respondents' identifiers; never kept in the study folder."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from pathlib import Path

from rds.errors import InputError, Problem
from rds.files import write_atomically
from rds.ratings.pseudonyms import key_fingerprint
from rds.study.sources import Source

DEMONSTRATION = "demo-"
"""Studies whose id begins with this use a public key: their respondents are no people."""


def study_key(
    study_id: str,
    sources: Sequence[Source],
    *,
    path: Path | None = None,
    create: bool = True,
) -> bytes:
    """Return the study's key, made on first use.

    Parameters
    ----------
    study_id
        The study's identifier.
    sources
        What was received before: a later file must use the same key.
    path
        Where the key lies; without it, in the user's configuration folder.
    create
        Whether a new key may be stored.

    Raises
    ------
    InputError
        When answers were received before and the key is missing or another one.
    """
    if study_id.startswith(DEMONSTRATION):
        return hashlib.sha256(b"rds: public key of the demonstration studies").digest()
    place = path or _default_place(study_id)
    fingerprints = {source.key for source in sources if source.key}
    if not place.exists():
        if fingerprints:
            raise _refused(place, "no key there", "the key that earlier answers were received with")
        key = secrets.token_bytes(32)
        if create:
            place.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(place, key.hex().encode())
            place.chmod(0o600)
        return key
    try:
        key = bytes.fromhex(place.read_text(encoding="ascii").strip())
    except ValueError:
        raise _refused(place, "a file that is no key", "a key as rds wrote it") from None
    if fingerprints - {key_fingerprint(key)}:
        raise _refused(place, "another key", "the key that earlier answers were received with")
    return key


def _default_place(study_id: str) -> Path:
    """Return where the key of a study lies for this user."""
    import platformdirs

    return Path(platformdirs.user_config_dir("rds", appauthor=False)) / "keys" / f"{study_id}.key"


def _refused(place: Path, found: str, wanted: str) -> InputError:
    """Return the error of a key that cannot be used."""
    mend = "copy the key file from the machine that received the first answers, or name it with "
    mend += "--key FILE"
    return InputError([Problem(place.name, "the respondents' key", found, wanted, mend)])
