"""What the columns of a Qualtrics export say about the respondent rather than the survey."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from rds.survey.export import ColumnRole
from rds.survey.platforms.qualtrics_layout import Header

_ROLES: dict[str, ColumnRole] = {
    "startdate": "started",
    "enddate": "submitted",
    "duration": "seconds",
    "duration (in seconds)": "seconds",
    "finished": "status",
    "_recordid": "respondent",
    "responseid": "respondent",
    "userlanguage": "language",
    "name": "personal",
    "ipaddress": "personal",
    "recipientlastname": "personal",
    "recipientfirstname": "personal",
    "recipientemail": "personal",
    "emailaddress": "personal",
    "externaldatareference": "personal",
    "externalreference": "personal",
    "locationlatitude": "personal",
    "locationlongitude": "personal",
    "locationaccuracy": "personal",
}
_CONTACTS = (
    re.compile(r"recipientemail|emailaddress"),
    re.compile(r"externaldatareference|externalreference"),
    re.compile(r"e-?mail"),
    re.compile(r"prolific|(worker|participant|panel|respondent|member|contact)[_ ]?id|token"),
    re.compile(r"(r|p|ps|tr|twin)_?id|transaction_?id|q_chl"),
)
_PERSONAL = re.compile(
    r".*(e-?mail|phone|mobile|address|birth|latitude|longitude|postal|"
    r"(first|last|full|sur|user|nick)[_ ]?name|prolific|worker[_ ]?id|ip[_ ]?addr).*"
    r"|name|dob|ip|zip|tel"
)
_PREFIX = re.compile(r"^(panel|location)-", re.IGNORECASE)

_LEFT_OUT = {
    "1": "survey preview",
    "2": "survey test",
    "8": "spam",
    "9": "survey preview",
    "12": "spam",
    "17": "survey preview",
    "40": "spam",
    "256": "synthetic answers",
}
_KEPT = ("0", "4", "16", "32", "48", "132", "")
_STATUS_WORDS = (
    (re.compile(r"preview|vorschau|aperçu|vista previa|anteprima"), "survey preview"),
    (re.compile(r"spam"), "spam"),
    (re.compile(r"\btest"), "survey test"),
    (re.compile(r"synthetic"), "synthetic answers"),
)
_KEPT_WORDS = ("ip address", "imported", "offline", "ex", "ex offline", "reimported")

_ISO = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?")
_RESAVED = re.compile(
    r"(\d{1,2})([/.])(\d{1,2})[/.](\d{4})[ ,]+(\d{1,2}):(\d\d)(?::(\d\d))?( ?[AP]M)?", re.IGNORECASE
)
_MONTHS = 12
_NOON = 12


def key(header: Header) -> str:
    """Return the name by which a column about the respondent is known.

    Examples
    --------
    >>> key(Header("Nachname", "Nachname", "", "panel-RecipientLastName", ""))
    'recipientlastname'
    """
    return _PREFIX.sub("", header.import_id or header.header).casefold()


def roles(headers: Sequence[Header], filled: Mapping[str, bool]) -> dict[str, ColumnRole]:
    """Return the roles of columns that hold no answers, by column name.

    Parameters
    ----------
    headers
        The columns that hold no answers.
    filled
        Which columns hold anything at all.
    """
    found = {header.name: _role(header) for header in headers}
    keys = {header.name: key(header) for header in headers}
    if "submitted" not in found.values():
        found |= {name: "submitted" for name in found if keys[name] == "recordeddate"}
    if "status" not in found.values():
        found |= {name: "status" for name in found if keys[name] == "progress"}
    candidates = [
        name
        for pattern in _CONTACTS
        for name in found
        if pattern.fullmatch(keys[name]) and filled.get(name)
    ]
    return _once(found | dict.fromkeys(candidates[:1], "contact"))


def reason_to_leave_out(status: str, channel: str) -> str:
    """Return why a row is no answer of a respondent; empty when it is one.

    Examples
    --------
    >>> reason_to_leave_out("1", ""), reason_to_leave_out("Survey Test", "")
    ('survey preview', 'survey test')
    >>> reason_to_leave_out("IP Address", "preview"), reason_to_leave_out("0", "anonymous")
    ('survey preview', '')
    """
    code, words = status.strip().removesuffix(".0"), status.strip().casefold()
    if code in _LEFT_OUT:
        return _LEFT_OUT[code]
    by_words = (reason for pattern, reason in _STATUS_WORDS if pattern.search(words))
    by_channel = {"preview": "survey preview", "test": "survey test"}
    return next(by_words, "") or by_channel.get(channel.strip().casefold(), "")


def is_known_status(status: str) -> bool:
    """Tell whether it is known what a response type means."""
    words = status.strip().casefold()
    return words.removesuffix(".0") in _KEPT or words in _KEPT_WORDS


def status_of(finished: str, progress: str, ended: str) -> str:
    """Return whether an answer is complete, partial or screened out; else what stands there.

    Examples
    --------
    >>> status_of("True", "100", ""), status_of("0", "40", ""), status_of("1", "100", "Screened")
    ('complete', 'partial', 'screened out')
    """
    word = finished.strip().casefold().removesuffix(".0")
    if ended.strip():
        return "screened out"
    if word in ("1", "true", "yes", "wahr", "vrai", "verdadero"):
        return "complete"
    if word in ("0", "false", "no", "falsch", "faux", "falso"):
        return "partial"
    number = progress.strip().removesuffix(".0")
    if number.isdecimal():
        return "complete" if number == "100" else "partial"
    return finished


def date_reader(cells: Sequence[str]) -> Callable[[str], str]:
    """Return a function that writes the dates of a column as 2026-05-04T10:20:31.

    Dates saved by a spreadsheet are read only if the column shows which number is the month.

    Examples
    --------
    >>> read = date_reader(["5/4/2025 9:21", "5/30/2025 17:02"])
    >>> read("5/4/2025 9:21"), read("2026-05-04 10:20:31"), date_reader(["5/4/2025 9:21"])("5/4")
    ('2025-05-04T09:21:00', '2026-05-04T10:20:31', '5/4')
    """
    matches = [match for cell in cells if (match := _RESAVED.fullmatch(cell.strip()))]
    day_first = any(int(match[1]) > _MONTHS or match[2] == "." for match in matches)
    month_first = any(int(match[3]) > _MONTHS for match in matches)
    order = "" if day_first == month_first else "day" if day_first else "month"
    return lambda cell: _iso_date(cell, order)


def _once(found: dict[str, ColumnRole]) -> dict[str, ColumnRole]:
    """Return the roles, each but personal and technical given once, to the first column."""
    first: dict[ColumnRole, str] = {}
    for name, role in found.items():
        first.setdefault(role, name)
    again: dict[ColumnRole, ColumnRole] = {"respondent": "personal", "personal": "personal"}
    return {
        name: role if first[role] == name else again.get(role, "technical")
        for name, role in found.items()
    }


def _role(header: Header) -> ColumnRole:
    """Return the role of a column that holds no answers."""
    name = key(header)
    if name in _ROLES:
        return _ROLES[name]
    return "personal" if _PERSONAL.fullmatch(name) or _is_contact(name) else "technical"


def _is_contact(name: str) -> bool:
    """Tell whether a name is that of something that identifies a person."""
    return any(pattern.fullmatch(name) for pattern in _CONTACTS)


def _iso_date(cell: str, order: str) -> str:
    """Return a date as 2026-05-04T10:20:31, or as it stands when its order is unknown."""
    text = cell.strip()
    if match := _ISO.fullmatch(text):
        clock = match[2] if match[2].count(":") > 1 else f"{match[2]}:00"
        return f"{match[1]}T{clock}"
    match = _RESAVED.fullmatch(text)
    if match is None or not order:
        return cell
    first, second, hour = int(match[1]), int(match[3]), int(match[5])
    day, month = (first, second) if order == "day" else (second, first)
    if match[8]:
        hour = hour % _NOON + (_NOON if match[8].strip().upper() == "PM" else 0)
    return f"{match[4]}-{month:02}-{day:02}T{hour:02}:{match[6]}:{match[7] or '00'}"
