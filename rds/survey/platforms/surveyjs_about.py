"""What stands beside the answers in a SurveyJS result, and what it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rds.survey.export import ColumnRole
from rds.survey.platforms.column_names import names_a_person
from rds.survey.platforms.surveyjs_write import SCREENED_VALUE
from rds.survey.platforms.words import bare_name
from rds.survey.platforms.xlsform_read import moment

PARTIAL, COMPLETE, SCREENED_OUT = "partial", "complete", "screened out"

# In order of preference: of several columns that fit a role, the first keeps it.
_NAMES: dict[ColumnRole, tuple[str, ...]] = {
    "respondent": (
        *("responseid", "resultid", "respondentid", "submissionid", "instanceid"),
        *("id", "uuid", "guid", "rowkey", "respondent"),
    ),
    "started": ("startedat", "startedon", "starttime", "starttimestamp", "startdate", "started"),
    "submitted": (
        *("submittedat", "submittedon", "completedat", "completedon", "endedat", "finishedat"),
        *("endtime", "enddate", "submitdate", "submitted", "completed", "ended", "finished"),
        *("happenedat", "happendat", "createdat", "createdon", "created", "savedat", "timestamp"),
    ),
    "seconds": (
        *("timespent", "timespentseconds", "durationseconds", "durationsec", "secondsspent"),
        *("totaltimespent", "durationinseconds"),
    ),
    "status": ("status", "iscomplete", "iscompleted", "completed", "ispartial", "state"),
    "language": ("surveylanguage", "locale", "language", "lang", "languagecode", "surveylocale"),
    "contact": (
        *("token", "accesstoken", "externalid", "externalreference", "participantid"),
        *("panelistid", "prolificpid", "workerid", "userid", "email", "emailaddress"),
    ),
}
_TECHNICAL = {
    "pageno",
    "currentpageno",
    "surveyid",
    "postid",
    "formid",
    "surveyversion",
    "formname",
}
_TECHNICAL |= {"version", "formversion", "formdefinitionid", "definitionid", "surveyname", "score"}
_TECHNICAL |= {"updatedat", "modifiedat", "updated", "modified", "browser", "device", "platform"}
_TECHNICAL |= {"os", "totalscore", "maxscore", "correctanswers", "partitionkey", "etag", "v"}
_TECHNICAL |= {"createdby", "instanceversion", "currentpage", "jsonversion", "revision", "key"}
_PERSONAL = {"ip", "ipaddress", "clientip", "remoteaddress", "useragent", "referrer", "referer"}
_PERSONAL |= {"username", "user", "firstname", "lastname", "fullname", "phone", "latitude"}
_PERSONAL |= {"longitude", "location", "geolocation", "city", "fingerprint", "sessionid", "host"}
_PERSONAL |= {"createdby", "submittedby", "userid", "metadata", "country", "region"}
_TESTS = ("istest", "ispreview", "preview", "testmode", "istestsubmission", "istestresponse")

# Among the answers these may be questions as well: only there, what the column holds decides.
_AMBIGUOUS = {"state", "user", "city", "location", "country", "region", "version", "score"}
_AMBIGUOUS |= {"device", "platform", "os", "key", "v", "host", "browser", "revision", "username"}
_AMBIGUOUS |= {"updated", "modified", "surveyname", "formname", "metadata"}

_STATUS = {
    **dict.fromkeys(("complete", "completed", "submitted", "finished", "final"), COMPLETE),
    **dict.fromkeys(("partial", "incomplete", "inprogress", "started", "draft"), PARTIAL),
    **dict.fromkeys(("paused", "abandoned", "running"), PARTIAL),
    **dict.fromkeys(("screenedout", "screenout", "disqualified", "terminated"), SCREENED_OUT),
}
_YES, _NO = ("true", "yes", "1"), ("false", "no", "0")
_LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z]{2,4})?")
_TIME = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ,].*)?|1\d{9}(\d{3})?")
_NUMBER = re.compile(r"\d+(\.\d+)?")


def is_about(name: str) -> bool:
    """Tell whether a name is known to stand beside the answers.

    Examples
    --------
    >>> is_about("createdAt"), is_about("D1frequency")
    (True, False)
    """
    known = {one for names in _NAMES.values() for one in names}
    return bare_name(name) in known | _TECHNICAL | _PERSONAL | {
        *_TESTS,
        bare_name(SCREENED_VALUE),
    }


def is_test(name: str, text: str) -> bool:
    """Tell whether a value says that somebody only tried the survey out.

    Examples
    --------
    >>> is_test("isTest", "true"), is_test("isTest", "false")
    (True, False)
    """
    return bare_name(name) in _TESTS and text.casefold() in _YES


def role_of(name: str, texts: Sequence[str], *, is_around: bool) -> ColumnRole:
    """Return what a column is by its name, and by what it holds where the name says too little.

    Parameters
    ----------
    name
        Its name.
    texts
        Its distinct values, without the empty ones.
    is_around
        Whether it stands around the answers, not among them.

    Examples
    --------
    >>> role_of("createdAt", ["2026-05-04T10:20:31Z"], is_around=False)
    'submitted'
    >>> role_of("status", ["employed"], is_around=False)
    'answer'
    """
    last = bare_name(name.rpartition(".")[2])
    fitting = (role for role, names in _NAMES.items() if last in names and _holds(role, texts))
    if last == bare_name(SCREENED_VALUE):
        return "status"
    role = next(fitting, None)
    if role is not None:
        return role
    if last in _PERSONAL and (is_around or last not in _AMBIGUOUS):
        return "personal"
    if last in (_TECHNICAL - _AMBIGUOUS) or last in _TESTS:
        return "technical"
    if names_a_person(name.rpartition(".")[2]):
        return "personal"
    return "technical" if is_around else "answer"


def one_for_each_role(columns: Sequence[tuple[str, ColumnRole]]) -> list[ColumnRole]:
    """Let the best column keep each role; other contacts are personal, the rest is technical.

    Examples
    --------
    >>> one_for_each_role([("created", "submitted"), ("endedAt", "submitted"), ("Q1", "answer")])
    ['technical', 'submitted', 'answer']
    """
    kept = {role: _best(role, columns) for role in _NAMES}
    return [
        role
        if kept.get(role, number) == number
        else ("personal" if role == "contact" else "technical")
        for number, (_, role) in enumerate(columns)
    ]


def about_text(role: ColumnRole, text: str) -> str:
    """Return a value beside the answers in rds's own words.

    Examples
    --------
    >>> about_text("submitted", "2026-05-04T10:20:31.123Z")
    '2026-05-04T10:20:31'
    """
    return moment(text) if role in ("started", "submitted") else text


def status_of(values: Mapping[str, str]) -> str:
    """Return the status of a result, from all values in it that tell one.

    Examples
    --------
    >>> status_of({"isComplete": "true"})
    'complete'
    >>> status_of({"screened_out": "true", "status": "completed"})
    'screened out'
    """
    found = [_status(bare_name(name), text) for name, text in values.items() if text]
    order = (SCREENED_OUT, PARTIAL, COMPLETE)
    return next((one for one in order if one in found), "")


def _status(name: str, text: str) -> str:
    """Return what one value tells of the status."""
    answer = text.casefold()
    if name == bare_name(SCREENED_VALUE):
        return SCREENED_OUT if answer in _YES else ""
    if answer in (*_YES, *_NO):
        return PARTIAL if (answer in _YES) == (name == "ispartial") else COMPLETE
    return _STATUS.get(bare_name(text), "")


def _best(role: ColumnRole, columns: Sequence[tuple[str, ColumnRole]]) -> int:
    """Return the place of the column that keeps a role."""
    order = [*_NAMES[role], bare_name(SCREENED_VALUE)]
    places = {
        number: order.index(bare_name(name.rpartition(".")[2]))
        for number, (name, found) in enumerate(columns)
        if found == role
    }
    return min(places, key=lambda number: places[number], default=-1)


def _holds(role: ColumnRole, texts: Sequence[str]) -> bool:
    """Tell whether values are such as a role has."""
    match role:
        case "started" | "submitted":
            return all(_TIME.fullmatch(text) for text in texts)
        case "seconds":
            return all(_NUMBER.fullmatch(text) for text in texts)
        case "language":
            return all(_LOCALE.fullmatch(text) for text in texts)
        case "status":
            known = {*_STATUS, *_YES, *_NO}
            return all(bare_name(text) in known for text in texts)
        case _:
            return True
