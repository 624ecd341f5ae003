"""Which version of a study's documents one holds: its number, its state, what it was made from."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

State = Literal["draft", "approved"]

SHORT = 12
"""How many digits of a fingerprint people compare."""


@dataclass(frozen=True)
class Version:
    """The version that a document carries.

    Parameters
    ----------
    number
        1 for the first version that was issued; None before any was.
    state
        Whether people have approved it.
    fingerprint
        SHA-256 of what the document follows from: settings, inputs and decisions; empty where it is
        not known.
    date
        The date of the newest input or decision; None where the document has its own.
    approved_on
        When it was approved; only where it was.
    signed
        Which role signed it when, each with its day; only where it was approved.

    Raises
    ------
    ValueError
        When a version is approved without number or day, or has a day without being approved.

    Examples
    --------
    >>> Version().name, Version(2).name
    ('DRAFT', 'DRAFT version 2')
    >>> print(Version(2, "approved", approved_on=datetime.date(2026, 11, 21)))
    APPROVED v2, 2026-11-21
    """

    number: int | None = None
    state: State = "draft"
    fingerprint: str = ""
    date: datetime.date | None = None
    approved_on: datetime.date | None = None
    signed: tuple[tuple[str, datetime.date], ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if self.is_approved and (self.number is None or self.approved_on is None):
            raise ValueError("found an approved version without number or day; wanted both")
        if not self.is_approved and self.approved_on is not None:
            raise ValueError("found a draft with a day of approval; wanted none")

    def __str__(self) -> str:
        """Return the words that stand on documents."""
        if self.is_approved:
            return f"APPROVED v{self.number}, {self.approved_on}"
        number = "" if self.number is None else f" of version {self.number}"
        return f"DRAFT{number}, not approved"

    @property
    def is_approved(self) -> bool:
        """Whether people have approved it."""
        return self.state == "approved"

    @property
    def name(self) -> str:
        """State and number in words."""
        words = self.state.upper()
        return words if self.number is None else f"{words} version {self.number}"

    @property
    def status(self) -> str:
        """Whether it was approved and when, in words."""
        if self.approved_on is not None:
            return f"APPROVED on {self.approved_on.isoformat()}"
        return "DRAFT, not approved"

    @property
    def short_fingerprint(self) -> str:
        """The first characters of the fingerprint, enough to tell two apart."""
        return self.fingerprint[:SHORT]
