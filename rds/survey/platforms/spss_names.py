"""Names and labels as SPSS takes them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

NOT_APPLICABLE, NOT_SHOWN = 99, -3
"""Codes that are declared as missing values in what rds writes."""

LONGEST_NAME, LONGEST_LABEL, LONGEST_VALUE_LABEL = 64, 255, 120
"""In bytes of UTF-8."""

JOINT = " - "
"""What stands in a label between question and row, or question and option."""

CUT = "…"
_RESERVED = frozenset(
    {"ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"}
)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._@#$]*(?<!\.)")
_ROOM_FOR_QUESTION = 60


def column_name(question: str, row: str = "", position: int = 0, option: str = "") -> str:
    """Return the variable that holds an answer.

    Examples
    --------
    >>> column_name("D1frequency", "T01", 1), column_name("Q2", option="3"), column_name("by")
    ('D1frequency_T01', 'Q2_3', 'by_')
    """
    name = "_".join(part for part in (question, row, option) if part)
    return f"{name}_" if name.upper() in _RESERVED else name


def wrong_names(names: Iterable[str]) -> dict[str, str]:
    """Return what is wrong with names that SPSS does not take, by name.

    Examples
    --------
    >>> wrong_names(["T01", "1st", "to", "Ab", "aB"])["aB"]
    'differs from another name only in capitals'
    """
    known = list(names)
    counts = Counter(name.upper() for name in known)
    wrong = {}
    for name in known:
        if not _NAME.fullmatch(name):
            wrong[name] = "is no letter followed by letters, digits and . _ @ # $"
        elif len(name.encode()) > LONGEST_NAME:
            wrong[name] = f"is longer than {LONGEST_NAME} characters"
        elif name.upper() in _RESERVED:
            wrong[name] = "is a word of the command language"
        elif counts[name.upper()] > 1:
            wrong[name] = "differs from another name only in capitals"
    return wrong


def shortened(text: str, longest: int = LONGEST_LABEL) -> str:
    """Return a text on one line, cut with “…” where it is longer than a number of bytes.

    Examples
    --------
    >>> shortened("one  line"), shortened("Écouter et noter", 12)
    ('one line', 'Écouter…')
    """
    line = " ".join(text.split())
    if len(line.encode()) <= longest:
        return line
    kept = line.encode()[: longest - len(CUT.encode())].decode(errors="ignore")
    return kept.rstrip() + CUT


def joined_label(question: str, part: str) -> str:
    """Return the label of a row or option: its question and its own words, the question cut first.

    Examples
    --------
    >>> joined_label("How often?", "Assess risk & report")
    'How often? - Assess risk & report'
    """
    own, asked = shortened(part), shortened(question, LONGEST_LABEL * 4)
    room = LONGEST_LABEL - len(f"{JOINT}{own}".encode())
    return shortened(shortened(asked, max(room, _ROOM_FOR_QUESTION)) + JOINT + own)
