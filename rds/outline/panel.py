"""The panel: who was asked, who served, what each of them signed, and when the panel met."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rds.sheets import Row

_BETWEEN = re.compile(r"[,;\s]+")


@dataclass(frozen=True)
class Member:
    """An expert, known by number; attributes that were not filled in are None or empty.

    `served` is None while it is open; `nda_signed` and `conflict_declared` are the days on which
    the non-disclosure statement was signed and conflicts of interest were declared.
    """

    sme_id: str
    nominated: date | None = None
    served: bool | None = None
    credentials: str = ""
    years_in_practice: int | None = None
    setting: str = ""
    region: str = ""
    employer_type: str = ""
    lived_experience: bool | None = None
    nda_signed: date | None = None
    conflict_declared: date | None = None


@dataclass(frozen=True)
class Meeting:
    """A meeting; `attendance` has the experts' numbers, `unknown` what else stands there."""

    date: date
    kind: str = ""
    attendance: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    decisions: str = ""


def members_of(rows: Sequence[Row]) -> tuple[Member, ...]:
    """Return the members of the sheet Panel, each number once.

    Parameters
    ----------
    rows
        Its rows; those without a number are left out.
    """
    members: dict[str, Member] = {}
    for row in rows:
        given: dict[str, Any] = {key: own for key, own in row.values.items() if own is not None}
        if row.text("sme_id"):
            members.setdefault(row.text("sme_id").casefold(), Member(**given))
    return tuple(members.values())


def serving(members: Sequence[Member]) -> tuple[Member, ...]:
    """Return the members who took part, or of whom nothing else is said.

    Examples
    --------
    >>> [one.sme_id for one in serving([Member("SME01"), Member("SME02", served=False)])]
    ['SME01']
    """
    return tuple(member for member in members if member.served is not False)


def meetings_of(rows: Sequence[Row], members: Sequence[Member]) -> tuple[Meeting, ...]:
    """Return the meetings of the sheet Meetings, earliest first.

    Parameters
    ----------
    rows
        Its rows; those without a date are left out.
    members
        The panel, whose numbers attendance may name.
    """
    known = {member.sme_id.casefold(): member.sme_id for member in members}
    meetings = []
    for row in rows:
        day = row.values.get("date")
        if isinstance(day, date):
            words = [word for word in _BETWEEN.split(row.text("attendance")) if word]
            found = [known[word.casefold()] for word in words if word.casefold() in known]
            meetings.append(
                Meeting(
                    day,
                    row.text("kind"),
                    tuple(dict.fromkeys(found)),
                    tuple(word for word in words if word.casefold() not in known),
                    row.text("decisions"),
                )
            )
    return tuple(sorted(meetings, key=lambda meeting: meeting.date))
