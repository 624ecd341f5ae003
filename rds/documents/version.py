"""Which version of a study's documents one holds: its number, its state, what it was made from."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

State = Literal["DRAFT", "APPROVED"]

_SHORT = 12


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
        Hash of the study's state that the document was made from; empty where none is known.
    date
        The date that the document carries; None where its own date holds.
    approved_on
        When it was approved; only where it was.

    Raises
    ------
    ValueError
        When a version is approved without number or day, or has a day without being approved.

    Examples
    --------
    >>> Version().name, Version(2).name
    ('DRAFT', 'DRAFT version 2')
    >>> Version(2, "APPROVED", approved_on=datetime.date(2026, 11, 21)).status
    'APPROVED on 2026-11-21'
    """

    number: int | None = None
    state: State = "DRAFT"
    fingerprint: str = ""
    date: datetime.date | None = None
    approved_on: datetime.date | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if self.is_approved and (self.number is None or self.approved_on is None):
            raise ValueError("found an approved version without number or day; wanted both")
        if not self.is_approved and self.approved_on is not None:
            raise ValueError("found a draft with a day of approval; wanted none")

    @property
    def is_approved(self) -> bool:
        """Whether people have approved it."""
        return self.state == "APPROVED"

    @property
    def name(self) -> str:
        """State and number in words."""
        return self.state if self.number is None else f"{self.state} version {self.number}"

    @property
    def status(self) -> str:
        """Whether it was approved and when, in words."""
        if self.approved_on is not None:
            return f"APPROVED on {self.approved_on.isoformat()}"
        return "DRAFT, not approved"

    @property
    def short_fingerprint(self) -> str:
        """The first characters of the fingerprint, enough to tell two apart."""
        return self.fingerprint[:_SHORT]
