"""Which version of a blueprint a document shows, and whether it was approved."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

State = Literal["draft", "approved"]

SHORT = 12
"""How many digits of a fingerprint people compare."""


@dataclass(frozen=True)
class Version:
    """A version of a blueprint.

    Parameters
    ----------
    number
        1 for the first, one more for each amendment.
    state
        ``"draft"`` or ``"approved"``.
    fingerprint
        SHA-256 of what the blueprint follows from: settings, inputs and decisions.
    date
        The date of the outputs: that of the newest input or decision.
    approved_on
        When the last role signed; None for a draft.
    """

    number: int
    state: State
    fingerprint: str
    date: datetime.date
    approved_on: datetime.date | None = None

    def __str__(self) -> str:
        """Return the words that stand on documents.

        Examples
        --------
        >>> day = datetime.date(2026, 11, 21)
        >>> print(Version(1, "draft", "", day))
        DRAFT of version 1, not approved
        >>> print(Version(1, "approved", "", day, day))
        APPROVED v1, 2026-11-21
        """
        if self.state == "draft":
            return f"DRAFT of version {self.number}, not approved"
        return f"APPROVED v{self.number}, {self.approved_on}"
