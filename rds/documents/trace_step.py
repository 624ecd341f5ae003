"""What a trace is made of: its steps, and what is known of files and of the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Step:
    """One line of a trace: what it says, and where that stands."""

    step: str
    what: str
    value: str
    where: str = ""


@dataclass(frozen=True)
class SourceFact:
    """A file that was received: name, hash, when, of what nature, and how many respondents."""

    name: str
    file: str
    sha256: str
    received: str
    nature: str
    respondents: str


@dataclass(frozen=True)
class LineFact:
    """A line of the record: its number, day, kind, who, on what, which value, why, if it holds."""

    line: int
    date: str
    kind: str
    role: str
    subject: str
    value: str
    reason: str
    holds: bool


@dataclass(frozen=True)
class Provenance:
    """What is known of files and of the record.

    Parameters
    ----------
    sources
        The files that were received.
    lines
        The lines of the record, oldest first.
    places
        Where each setting that the study states stands, by its key.
    citations
        What the sources of statements are, by their identifier.
    """

    sources: tuple[SourceFact, ...] = ()
    lines: tuple[LineFact, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    citations: Mapping[str, str] = field(default_factory=dict)


def row_of(table: pd.DataFrame, column: str, name: str) -> dict[str, Any]:
    """Return the row in which a column holds a name.

    Examples
    --------
    >>> row_of(pd.DataFrame({"task_id": ["T1", "T2"], "items": [3, 4]}), "task_id", "T2")["items"]
    4
    """
    row: dict[Any, Any] = table[table[column] == name].to_dict("records")[0]
    return row


def digits(value: float) -> str:
    """Return a number with enough digits to compute with.

    Examples
    --------
    >>> digits(1 / 3), digits(25.0)
    ('0.33333333', '25')
    """
    return f"{value:.8g}"


def percent(share: float) -> str:
    """Return a share in percent.

    Examples
    --------
    >>> percent(0.26613691)
    '26.613691 %'
    """
    return f"{100 * share:.8g} %"
