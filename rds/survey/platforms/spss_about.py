"""What the columns of a file of SPSS or Stata say about the respondent, by name and label."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence

from rds.survey.export import ColumnRole
from rds.survey.platforms.column_names import names_a_person
from rds.survey.platforms.words import bare_name

_ROLES: Mapping[ColumnRole, tuple[str, ...]] = {
    "respondent": (
        *("responseid", "respondentid", "respid", "respondent", "recordid", "caseid"),
        *("participant", "participantid", "subjectid", "id"),
    ),
    "contact": (
        *("recipientemail", "emailaddress", "email", "externalreference"),
        *("externaldatareference", "token", "redcapsurveyidentifier", "contactid", "panelid"),
        *("panelistid", "memberid", "workerid", "prolificpid", "prolificid"),
    ),
    "started": ("startdate", "starttime", "timestarted", "datestarted", "vdatestart", "started"),
    "submitted": (
        *("enddate", "submitdate", "datesubmitted", "vdatesub", "datecompleted", "submitted"),
        *("completiontime", "endtime", "submissiontime", "submissiondate", "recordeddate"),
    ),
    "seconds": ("durationinseconds", "duration", "interviewtime", "totaltime", "seconds"),
    "status": ("finished", "vstatus", "responsestatus", "completionstatus", "status", "progress"),
    "language": ("userlanguage", "startlanguage", "surveylanguage", "vlanguage"),
}
"""Names without capitals and marks, the best first."""

_PERSONAL = re.compile(
    r"v?ip|v?ipaddr(ess)?|v?lat(itude)?|v?long?(itude)?|location(latitude|longitude|accuracy)"
    r"|v?(session|device|submitter|subscriber)(id|name)|v?(city|region|postal|country|referer)"
    r"|recipient(first|last)name|v?useragent|refurl|name|customdata\d*|attribute\d+|submittedby"
    r"|username|vcomments?|returncode|phone(number)?|dob|birth(date|day)|dateofbirth"
)
_TECHNICAL = re.compile(
    r"distributionchannel|lastpage|seed|datestamp|collectorid|weights?|surveyweight|wt\d?"
    r"|consentversion|surveyid|formversion|sc\d+|filter\w*|q(recaptcha|relevantid|duplicate|"
    r"ballotbox|terminate|totalduration|fraud|chl|url|unansw|metadata).*"
    r"|.*(firstclick|lastclick|pagesubmit|clickcount|metainfo|metainfo(browser|version|os))"
)
_ORDER = re.compile(r".*_DO(_.*)?|.*_(Browser|Version|Operating_System|Resolution)")
_CODED = {"finished", "progress", "vstatus", "responsestatus", "completionstatus"}
"""Columns about the respondent that may have value labels; others with labels are answers."""

_ADDRESS = re.compile(
    r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}|(\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f]{1,4}(:[0-9A-Fa-f]{0,4}){3,7}"
)
_QUALTRICS = {"responseid", "distributionchannel", "recordeddate", "finished", "progress"}
_COMPLETE = {"complete", "completed", "finished", "submitted"}
_SCREENED = {"disqualified", "screened out", "screenout", "terminated"}
_MANY_QUALTRICS = 3


def is_qualtrics(names: Iterable[str]) -> bool:
    """Tell whether a file came from Qualtrics, by the columns that it adds to the answers."""
    return len(_QUALTRICS & set(map(bare_name, names))) >= _MANY_QUALTRICS


def roles(
    names: Sequence[str],
    texts: Mapping[str, str],
    cells: Mapping[str, Iterable[str]],
    coded: Container[str] = frozenset(),
) -> dict[str, ColumnRole]:
    """Return the roles of the columns that hold no answers.

    Parameters
    ----------
    names
        All columns in order.
    texts
        Their labels.
    cells
        The different texts in those that hold typed text.
    coded
        Those whose codes have labels, as an answer to choose has.

    Examples
    --------
    >>> roles(["id", "ResponseId", "Email", "T01_importance"], {}, {})
    {'id': 'personal', 'ResponseId': 'respondent', 'Email': 'contact'}
    >>> roles(["region", "status"], {}, {}, {"region", "status"})
    {}
    """
    of_qualtrics = is_qualtrics(names)
    found: dict[str, ColumnRole] = {}
    if of_qualtrics:
        found = {name: "technical" for name in names if bare_name(name) in ("status", "progress")}
    free = [
        name
        for name in names
        if name not in found and (name not in coded or bare_name(name) in _CODED or of_qualtrics)
    ]
    by_key = {bare_name(name): name for name in reversed(free)}
    for role, known in _ROLES.items():
        present = [by_key[one] for one in known if one in by_key]
        spare: ColumnRole = "personal" if role in ("respondent", "contact") else "technical"
        found |= dict.fromkeys(present[1:], spare) | dict.fromkeys(present[:1], role)
    for name in free:
        other = _other(name, texts.get(name, ""), cells.get(name)) if name not in coded else None
        if name not in found and other is not None:
            found[name] = other
    return {name: found[name] for name in names if name in found}


def status_word(text: str) -> str:
    """Return a status as complete, partial or screened out; else as it stands.

    Examples
    --------
    >>> status_word("Completed"), status_word("Disqualified"), status_word("?")
    ('complete', 'screened out', '?')
    """
    word = text.strip().casefold()
    if word in _COMPLETE:
        return "complete"
    if word in _SCREENED:
        return "screened out"
    return "partial" if word in ("partial", "incomplete", "in progress", "started") else text


def _other(name: str, text: str, cells: Iterable[str] | None) -> ColumnRole | None:
    """Return the role of a column that is no known one; None for an answer."""
    if _TECHNICAL.fullmatch(bare_name(name)) or _ORDER.fullmatch(name):
        return "technical"
    is_typed = cells is not None
    if _PERSONAL.fullmatch(bare_name(name)) or names_a_person(name):
        return "personal"
    if is_typed and (names_a_person(text) or _are_addresses(cells or ())):
        return "personal"
    return None


def _are_addresses(cells: Iterable[str]) -> bool:
    """Tell whether at least half of some texts are addresses of people or computers."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and sum(map(bool, map(_ADDRESS.fullmatch, filled))) * 2 >= len(filled)
