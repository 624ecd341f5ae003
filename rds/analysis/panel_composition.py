"""Who sits on the panel, beside population and respondents, and what each of them has signed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from rds.notes import Note
from rds.outline.panel import Meeting, Member, serving

PANEL_COMPOSITION = (
    "variable", "category", "n", "percent", "question_id", "percent_population",
    "percent_respondents",
)  # fmt: skip
PANEL_SELECTION = ("step", "n")
MEETINGS = ("date", "kind", "n_attended", "percent_attended", "decisions")
PANEL = (
    "sme_id", "nominated", "served", "credentials", "years_in_practice", "setting", "region",
    "employer_type", "lived_experience", "first_work", "nda_signed", "nda", "conflict_declared",
    "conflict",
)  # fmt: skip

NOT_STATED = "not stated"
IN_TIME, LATE, MISSING = "in time", "late", "missing"

_BANDS = ((5, "up to 4 years"), (10, "5 to 9 years"), (20, "10 to 19 years"))
_LAST_BAND = "20 years or more"

Answers = Mapping[str, Mapping[str, float]]
"""Percent by category, by question."""


@dataclass(frozen=True)
class KnownShares:
    """What is known of the people that a panel stands for.

    Attributes
    ----------
    options
        The answers to choose from, by question.
    population, respondents
        Percent of the population, and of respondents, by category and question.
    """

    options: Mapping[str, Sequence[str]] = field(default_factory=dict)
    population: Answers = field(default_factory=dict)
    respondents: Answers = field(default_factory=dict)


def panel_composition(
    members: Sequence[Member], known: KnownShares | None = None
) -> tuple[pd.DataFrame, list[Note]]:
    """Return who serves on the panel, by attribute, beside what is known of others.

    A variable of the panel is set beside a question when everything the panel says is among the
    answers to exactly one question.

    Parameters
    ----------
    members
        The members; those who did not serve are left out.
    known
        Questions with their answers, and shares of population and respondents.

    Returns
    -------
    table, notes
        Columns `PANEL_COMPOSITION`: a row for each category, also for answers to the question that
        nobody on the panel gives; ``percent`` is of all who serve. Members with several
        credentials count in each. Small numbers are shown; notes say which question was taken.

    Examples
    --------
    >>> members = [Member("SME01", setting="Community"), Member("SME02", setting="Hospital")]
    >>> known = KnownShares({"Q1": ["Community", "Hospital", "Other"]}, {"Q1": {"Other": 10.0}})
    >>> table, _ = panel_composition(members, known)
    >>> table[["category", "n", "percent_population"]].values.tolist()
    [['Community', 1, nan], ['Hospital', 1, nan], ['Other', 0, 10.0]]
    """
    served = serving(members)
    known = known or KnownShares()
    rows: list[tuple[object, ...]] = []
    notes = []
    for variable, categories in _VARIABLES.items():
        found = [categories(member) for member in served]
        names = list(dict.fromkeys(name for own in found for name in own))
        if not names:
            continue
        question = _question(names, known.options)
        if question:
            reason = f"set beside {question}, whose answers use the same words"
            notes.append(Note("panel_composition", variable, "question_id", "assumed", reason))
        for name in _ordered(names, known.options.get(question, ()), len(served), found):
            n = sum(name in own or (name == NOT_STATED and not own) for own in found)
            shares = [_share(answers, question, name) for answers in _both(known)]
            rows.append((variable, name, n, 100 * n / len(served), question, *shares))
    return pd.DataFrame(rows, columns=list(PANEL_COMPOSITION)), notes


def first_work(
    meetings: Sequence[Meeting], judged: Mapping[str, date] | None = None
) -> dict[str, date]:
    """Return the day on which each member first took part.

    Parameters
    ----------
    meetings
        The meetings, with who attended.
    judged
        The day of each member's first judgement, if any.

    Examples
    --------
    >>> met = [Meeting(date(2026, 3, 14), attendance=("SME01",))]
    >>> first_work(met, {"SME01": date(2026, 3, 10)})
    {'SME01': datetime.date(2026, 3, 10)}
    """
    days = [(name, meeting.date) for meeting in meetings for name in meeting.attendance]
    earliest: dict[str, date] = {}
    for name, day in [*days, *(judged or {}).items()]:
        earliest[name] = min(day, earliest.get(name, day))
    return earliest


def statement_state(signed: date | None, began: date | None) -> str:
    """Say whether a statement was signed, and no later than the first day of work.

    Examples
    --------
    >>> statement_state(date(2026, 3, 15), date(2026, 3, 14))
    'late'
    """
    if signed is None:
        return MISSING
    return LATE if began is not None and signed > began else IN_TIME


def selection_table(members: Sequence[Member], began: Mapping[str, date]) -> pd.DataFrame:
    """Return how many were nominated, served, signed and took part.

    Parameters
    ----------
    members
        Everybody on the sheet Panel.
    began
        The day of each member's first work.

    Returns
    -------
    DataFrame
        Columns `PANEL_SELECTION`; empty without members. All steps from “took part” on are of
        those who served.
    """
    if not members:
        return pd.DataFrame(columns=list(PANEL_SELECTION))
    served = serving(members)
    nda = [statement_state(one.nda_signed, began.get(one.sme_id)) for one in served]
    conflict = [statement_state(one.conflict_declared, began.get(one.sme_id)) for one in served]
    rows = [
        ("on the list", len(members)),
        ("nominated on a date", sum(one.nominated is not None for one in members)),
        ("served", len(served)),
        ("took part", sum(one.sme_id in began for one in served)),
        *((f"non-disclosure: {state}", nda.count(state)) for state in (IN_TIME, LATE, MISSING)),
        *((f"conflicts: {state}", conflict.count(state)) for state in (IN_TIME, LATE, MISSING)),
    ]
    return pd.DataFrame(rows, columns=list(PANEL_SELECTION))


def meetings_table(meetings: Sequence[Meeting], members: Sequence[Member]) -> pd.DataFrame:
    """Return the meetings and their decisions, attendance as counts.

    Returns
    -------
    DataFrame
        Columns `MEETINGS`; ``percent_attended`` is of those who served, empty without any.
    """
    served = {member.sme_id for member in serving(members)}
    rows = []
    for meeting in meetings:
        n = len(meeting.attendance)
        percent = 100 * len(served & {*meeting.attendance}) / len(served) if served else None
        rows.append((meeting.date.isoformat(), meeting.kind, n, percent, meeting.decisions))
    return pd.DataFrame(rows, columns=list(MEETINGS))


def panel_table(members: Sequence[Member], began: Mapping[str, date]) -> pd.DataFrame:
    """Return one row a member, which is not for everybody (columns `PANEL`)."""
    rows = []
    for one in members:
        day = began.get(one.sme_id)
        states: dict[str, object] = {"first_work": day}
        if one.served is not False:
            states["nda"] = statement_state(one.nda_signed, day)
            states["conflict"] = statement_state(one.conflict_declared, day)
        rows.append({**vars(one), **states})
    return pd.DataFrame(rows, columns=list(PANEL))


def _words(text: str) -> list[str]:
    """Return a category as a list; none where it was not given."""
    return [text] if text else []


def _credentials(member: Member) -> list[str]:
    """Return a member's credentials, separated by semicolons."""
    return [part.strip() for part in member.credentials.split(";") if part.strip()]


def _years(member: Member) -> list[str]:
    """Return the band of a member's years in practice."""
    if member.years_in_practice is None:
        return []
    years = member.years_in_practice
    return [next((band for end, band in _BANDS if years < end), _LAST_BAND)]


def _lived(member: Member) -> list[str]:
    """Return whether a member has lived experience."""
    return [] if member.lived_experience is None else ["yes" if member.lived_experience else "no"]


_VARIABLES: Mapping[str, Callable[[Member], list[str]]] = {
    "credentials": _credentials,
    "years_in_practice": _years,
    "setting": lambda member: _words(member.setting),
    "region": lambda member: _words(member.region),
    "employer_type": lambda member: _words(member.employer_type),
    "lived_experience": _lived,
}


def _question(names: Sequence[str], options: Mapping[str, Sequence[str]]) -> str:
    """Return the one question whose answers hold all names; empty for none, several, yes and no."""
    words = {name.casefold() for name in names}
    fits = [
        question
        for question, own in options.items()
        if words <= {option.casefold() for option in own}
    ]
    return fits[0] if len(fits) == 1 and not words <= {"yes", "no"} else ""


def _ordered(
    names: Sequence[str], options: Sequence[str], n: int, found: Sequence[Sequence[str]]
) -> Iterator[str]:
    """Yield the categories in the order of the question, or else of bands and words."""
    spelt = {name.casefold(): name for name in names}
    bands = [*(band for _, band in _BANDS), _LAST_BAND]
    if options:
        yield from (spelt.get(option.casefold(), option) for option in options)
    else:
        yield from sorted(names, key=lambda name: (bands.index(name) if name in bands else 0, name))
    if sum(map(bool, found)) < n:
        yield NOT_STATED


def _both(known: KnownShares) -> tuple[Answers, Answers]:
    """Return the shares of population and respondents."""
    return known.population, known.respondents


def _share(answers: Answers, question: str, name: str) -> float | None:
    """Return the percent of a category, where it is known."""
    own = {key.casefold(): percent for key, percent in answers.get(question, {}).items()}
    return own.get(name.casefold())
