"""Names of columns in exports: made unique, aligned with a codebook, known to be personal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_PERSONAL_WORDS = {"name", "firstname", "lastname", "surname", "forename", "fullname", "username"}
_PERSONAL_WORDS |= {"email", "mail", "phone", "telephone", "phonenumber", "mobile", "address"}
_PERSONAL_WORDS |= {"street", "zip", "zipcode", "postcode", "dob", "birthdate", "birthday", "ssn"}
_PERSONAL_WORDS |= {"ip", "ipaddress", "latitude", "longitude", "altitude", "geopoint", "gps"}
_PERSONAL_WORDS |= {"deviceid", "subscriberid", "simserial"}
_PERSONAL_LABELS = frozenset(
    {
        "e-mail",
        "e-mail address",
        "email address",
        "your email",
        "your name",
        "first name",
        "last name",
        "family name",
        "given name",
        "full name",
        "phone number",
        "mobile number",
        "date of birth",
        "birth date",
        "home address",
        "street address",
        "postal code",
        "zip code",
        "ip address",
    }
)
_LONGEST_NAME_WORDS = 3


def column_names(headers: Sequence[str]) -> tuple[str, ...]:
    """Return the headers as unique names: one that stands there twice, or is blank, is numbered.

    Examples
    --------
    >>> column_names(["id", "Complete?", "", "Complete?"])
    ('id', 'Complete? (column 2)', '(column 3)', 'Complete? (column 4)')
    """
    counts = {header: headers.count(header) for header in set(headers)}
    return tuple(
        header if header and counts[header] == 1 else f"{header} (column {number})".strip()
        for number, header in enumerate(headers, 1)
    )


def names_a_person(name: str) -> bool:
    """Tell whether a column's name or short label promises personal data.

    Examples
    --------
    >>> names_a_person("telephone_1"), names_a_person("E-mail"), names_a_person("name_first")
    (True, True, True)
    >>> names_a_person("Street, City, State, ZIP")
    True
    >>> names_a_person("d1frequency_t01"), names_a_person("Ask for the name of the client first")
    (False, False)
    """
    text = name.strip().casefold()
    if text.rstrip(" :.?*") in _PERSONAL_LABELS:
        return True
    if len(_PERSONAL_WORDS.intersection(re.split(r"\s*[,/]\s*", text))) > 1:
        return True
    words = re.split(r"[_.]", text) if " " not in text else [text]
    return len(words) <= _LONGEST_NAME_WORDS and not _PERSONAL_WORDS.isdisjoint(words)


def aligned(keys: Sequence[str], expected: Sequence[str]) -> list[int | None]:
    """Return for every key its place among the expected ones, None where that is not certain.

    The same key may be expected at several places. The order tells them apart: a place is certain
    if taking the first fitting places and taking the last ones agree.

    Examples
    --------
    >>> aligned(["a", "b", "a"], ["a", "b", "a"])
    [0, 1, 2]
    >>> aligned(["b", "a"], ["a", "b", "a"]), aligned(["a"], ["a", "b", "a"])
    ([1, 2], [None])
    """
    counts = Counter(expected)
    known = [key for key in keys if key in counts]
    first = _earliest(known, expected)
    backwards = _earliest(known[::-1], expected[::-1])
    if first is None or backwards is None:
        # The columns stand in another order than the fields: only labels used once are certain.
        certain = iter([expected.index(key) if counts[key] == 1 else None for key in known])
    else:
        last = [len(expected) - 1 - at for at in reversed(backwards)]
        certain = iter([a if a == b else None for a, b in zip(first, last, strict=True)])
    return [next(certain) if key in counts else None for key in keys]


def _earliest(keys: Sequence[str], expected: Sequence[str]) -> list[int] | None:
    """Return the first places where the keys stand one after the other; None if they do not."""
    found, start = [], 0
    for key in keys:
        try:
            at = expected.index(key, start)
        except ValueError:
            return None
        found.append(at)
        start = at + 1
    return found
