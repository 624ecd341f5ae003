"""Pseudonyms: respondents are known by a keyed hash of what their platform calls them."""

from __future__ import annotations

import hashlib
import hmac


def pseudonym(platform_id: str, key: bytes) -> str:
    """Return the respondent identifier that stands for a platform's identifier.

    The same key gives the same pseudonym in every wave; without the key, nobody can find out
    which identifier it stands for, nor test a guess (HMAC-SHA256: RFC 2104, FIPS 180-4).

    Parameters
    ----------
    platform_id
        What the platform calls the respondent.
    key
        The study's secret key.

    Returns
    -------
    str
        ``R`` and ten hexadecimal digits.

    Raises
    ------
    ValueError
        For an empty key or an empty identifier.

    Examples
    --------
    >>> pseudonym("what do ya want for nothing?", b"Jefe")
    'R5bdcc146bf'
    """
    if not key:
        raise ValueError("the key is empty; wanted the study's secret key")
    if not platform_id:
        raise ValueError("the identifier is empty; wanted what the platform calls the respondent")
    return "R" + hmac.digest(key, platform_id.encode(), "sha256").hex()[:10]


def key_fingerprint(key: bytes) -> str:
    """Return twelve hexadecimal digits by which a key is recognised without being shown.

    Examples
    --------
    >>> key_fingerprint(b"one key") == key_fingerprint(b"another key")
    False
    """
    return hashlib.sha256(b"rds key fingerprint:" + key).hexdigest()[:12]
