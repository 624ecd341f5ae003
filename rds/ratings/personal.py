"""Personal data that people type into free text: found by their form and taken out."""

from __future__ import annotations

import re

REMOVED = "[removed]"

_PATTERNS = (
    re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE),
    re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b"),
    re.compile(r"(?<![\w.])(?:\+|00)?\(?\d{2,4}\)?(?:[ ./-]\(?\d{2,8}\)?){1,5}(?![\w.])"),
    re.compile(r"(?<!\w)\+?\d{9,15}(?!\w)"),
)
_DIGITS_OF_A_NUMBER = 7


def without_personal_data(text: str) -> str:
    """Return a text with e-mail and web addresses, IP addresses and telephone numbers removed.

    Names cannot be found by their form: free text stays restricted all the same.

    Examples
    --------
    >>> without_personal_data("Call 617-555-0123 or write to someone@example.org.")
    'Call [removed] or write to [removed].'
    >>> without_personal_data("I hold 2-3 groups of 10 people in 2024-2025.")
    'I hold 2-3 groups of 10 people in 2024-2025.'
    """
    for pattern in _PATTERNS[:3]:
        text = pattern.sub(REMOVED, text)
    for pattern in _PATTERNS[3:]:
        text = pattern.sub(_unless_short, text)
    return text


def _unless_short(match: re.Match[str]) -> str:
    """Keep numbers that are too short for a telephone number, ranges and dates."""
    parts = re.split(r"\D+", match[0])
    is_range = len(parts) == 2 and len(parts[0]) == len(parts[1])
    is_date = re.fullmatch(r"(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{4})", match[0])
    is_short = sum(map(len, parts)) < _DIGITS_OF_A_NUMBER
    return match[0] if is_short or is_range or is_date else REMOVED
