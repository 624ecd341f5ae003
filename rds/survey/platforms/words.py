"""Texts as platforms write them, made plain so that they can be compared."""

from __future__ import annotations

import html
import re
import unicodedata

_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_STRAIGHT = str.maketrans("“”„‘’‚–—‑", "\"\"\"'''---")
_BREAK = re.compile(r"<\s*(br|p|div|li|tr|td)\b[^<>]*>", re.IGNORECASE)


def plain_text(text: str) -> str:
    """Return a text without tags and entities, in one Unicode form, its blanks collapsed.

    Examples
    --------
    >>> plain_text("<p>Assess risk &amp;<br>report&nbsp;findings</p>")
    'Assess risk & report findings'
    >>> plain_text("fewer than 3 < 5 items > 2")
    'fewer than 3 < 5 items > 2'
    """
    spaced = _BREAK.sub(" ", text)
    bare = html.unescape(_TAG.sub("", spaced))
    return " ".join(unicodedata.normalize("NFKC", bare).split())


def one_line(text: str) -> str:
    """Return a text without line breaks; what looks like a tag stays."""
    return " ".join(text.split())


def bare_name(name: str) -> str:
    """Return a name as it is compared: small letters and digits alone.

    Examples
    --------
    >>> bare_name("Duration__in_seconds_"), bare_name("Happened-At")
    ('durationinseconds', 'happenedat')
    """
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def folded(text: str) -> str:
    """Return a text without capitals and with straight quotation marks and dashes."""
    return text.translate(_STRAIGHT).casefold()


def comparable(text: str) -> str:
    """Return a text as two texts are compared: plain, no capitals, no mark at the end.

    Examples
    --------
    >>> comparable("How often do you do this?:") == comparable("how often do you do this?")
    True
    >>> comparable("“Listen”") == comparable('"Listen".')
    True
    """
    return folded(plain_text(text)).rstrip(" .:;")
