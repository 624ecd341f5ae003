"""What the panel's work leaves open: advice that stops nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import pandas as pd

from rds.analysis.evidence import NOTHING, SOFTWARE_ONLY, UNUSED, WORDS_ONLY
from rds.analysis.linkage import NO_LINK, WEAK_LINKS
from rds.analysis.panel_composition import LATE, MISSING, statement_state
from rds.analysis.requirements import TIED
from rds.errors import Problem
from rds.outline.panel import Meeting, Member, serving

FILE = "study.xlsx"
SMALLEST_PANEL, LARGEST_PANEL = 12, 15
STATEMENTS = {
    "nda_signed": "a non-disclosure statement",
    "conflict_declared": "a conflict statement",
}
"""Columns of the sheet Panel with the day of a statement, and what it is called."""

_NOTICED_PERCENT = 10.0


def linkage_advice(
    gaps: pd.DataFrame, *, minimum_level: float, orphans: bool = True
) -> Iterator[Problem]:
    """Yield tasks without KSAs, and KSAs without tasks, one line a finding.

    Parameters
    ----------
    gaps
        As `rds.analysis.linkage.linkage_gaps` returns them.
    minimum_level
        The level from which a link counts.
    orphans
        Whether to name those without any link, which the statement rules name one by one.
    """
    weak = ((WEAK_LINKS, "a link that counts"),)
    for unit, other in (("task", "KSA"), ("KSA", "task")):
        own = gaps[gaps["unit"] == unit]
        for finding, short in ((NO_LINK, "any link"), *weak) if orphans else weak:
            names = own.loc[own["finding"] == finding, "id"].tolist()
            if names:
                found = f"{_plural(names, unit)} without {short}: {', '.join(names)}"
                wanted = f"a {other} at level {minimum_level:g} or more for each {unit}"
                yield _advice(
                    "Linkage", found, wanted, f"link {_them(names)}, or drop {_it(names)}"
                )


def requirement_advice(requirements: pd.DataFrame, preparation: pd.DataFrame) -> Iterator[Problem]:
    """Yield requirements that tie to nothing, and tasks that nothing prepares for.

    Parameters
    ----------
    requirements, preparation
        As `rds.analysis.requirements` returns them.
    """
    loose = requirements.loc[requirements["tie"] != TIED, "requirement_id"].tolist()
    if loose:
        found = f"{_plural(loose, 'requirement')} tied to no task in force: {', '.join(loose)}"
        wanted = "every requirement tied back to what practitioners do"
        mend = "fill in task_ids, or ask whether the requirement is needed"
        yield _advice("Requirements", found, wanted, mend)
    alone = preparation.loc[~preparation["prepared"].astype(bool), "task_id"].tolist()
    if alone:
        found = f"{_plural(alone, 'task')} that nothing prepares for: {', '.join(alone)}"
        wanted = "education, training, experience or supervision for every task"
        mend = "tie a requirement to each, or say why the exam may ask for it all the same"
        yield _advice("Requirements", found, wanted, mend)


def evidence_advice(evidence: pd.DataFrame, sources: pd.DataFrame) -> Iterator[Problem]:
    """Yield statements with nothing behind them, and sources that nothing rests on.

    Parameters
    ----------
    evidence, sources
        As `rds.analysis.evidence` returns them.
    """
    wishes = {
        NOTHING: "a source, or a theme that led to it",
        WORDS_ONLY: "a key of the sheet Sources",
        SOFTWARE_ONLY: "a source that people made, or a theme, beside the draft",
    }
    for finding, wanted in wishes.items():
        names = evidence.loc[evidence["finding"] == finding, "statement_id"].tolist()
        if names:
            found = f"{_plural(names, 'statement')} with {finding}: {', '.join(names)}"
            yield _advice("Sources", found, wanted, "fill in the column source, or add a theme")
    unused = sources.loc[sources["finding"] == UNUSED, "source_id"].tolist()
    if unused:
        found = f"{_plural(unused, 'source')} that nothing rests on: {', '.join(unused)}"
        mend = "name it at the statements it led to, or keep it as background"
        yield _advice("Sources", found, "statements or themes that rest on each source", mend)


def panel_advice(
    members: Sequence[Member], meetings: Sequence[Meeting], began: Mapping[str, date]
) -> Iterator[Problem]:
    """Yield what is missing of the panel's size, statements and attendance.

    Parameters
    ----------
    members, meetings
        What the sheets Panel and Meetings hold.
    began
        The day of each member's first work, as `first_work` returns it.
    """
    served = serving(members)
    if members and not SMALLEST_PANEL <= len(served) <= LARGEST_PANEL:
        found = f"a panel of {len(served)}"
        wanted = f"{SMALLEST_PANEL} to {LARGEST_PANEL} experts"
        mend = "invite others, or say in the report why this number is right"
        yield _advice("Panel", found, wanted, mend)
    for column, what in STATEMENTS.items():
        yield from _statement_advice(served, began, column, what)
    yield from _attendance_advice(members, meetings)


def composition_advice(composition: pd.DataFrame) -> Iterator[Problem]:
    """Yield the larger groups of the population that nobody on the panel belongs to.

    Parameters
    ----------
    composition
        As `rds.analysis.panel_composition.panel_composition` returns it.
    """
    empty = composition[composition["n"] == 0]
    known = pd.to_numeric(empty["percent_population"])
    for row, percent in zip(empty.itertuples(), known, strict=True):
        if percent >= _NOTICED_PERCENT:
            found = f"nobody on the panel for {row.variable} “{row.category}”"
            wanted = f"a member from {percent:g} percent of the population"
            mend = "invite one, or say in the report how their view was heard"
            yield _advice("Panel", found, wanted, mend)


def _statement_advice(
    served: Sequence[Member], began: Mapping[str, date], column: str, what: str
) -> Iterator[Problem]:
    """Yield whose statement is missing, and who worked before it was signed."""
    signed = {one.sme_id: getattr(one, column) for one in served}
    states = {name: statement_state(day, began.get(name)) for name, day in signed.items()}
    missing = [name for name, state in states.items() if state == MISSING]
    if missing:
        found = f"no {what.removeprefix('a ')} of {', '.join(missing)}"
        yield _advice("Panel", found, f"{what} from everybody", f"fill in {column}")
    late = [
        f"{name} (worked {began[name].isoformat()}, signed {signed[name].isoformat()})"
        for name, state in states.items()
        if state == LATE
    ]
    if late:
        found = f"work before {what}: {', '.join(late)}"
        mend = "correct the dates, or record what the panel made of it"
        yield _advice("Panel", found, f"{what} before the first meeting or judgement", mend)


def _attendance_advice(members: Sequence[Member], meetings: Sequence[Meeting]) -> Iterator[Problem]:
    """Yield what attendance names that is no number of the panel, and who never took part."""
    for meeting in meetings:
        if meeting.unknown:
            words = ", ".join(f"“{word}”" for word in meeting.unknown)
            found = f"{words} at the meeting of {meeting.date.isoformat()}"
            wanted, mend = "numbers of the sheet Panel", "write numbers such as SME01, never names"
            yield _advice("Meetings", found, wanted, mend)
    attended = {name for meeting in meetings for name in meeting.attendance}
    absent = [one.sme_id for one in serving(members) if one.sme_id not in attended]
    if attended and absent:
        found = f"no meeting attended by {', '.join(absent)}"
        mend = "complete attendance, or set served to no"
        yield _advice("Panel", found, "members who took part", mend)


def _advice(place: str, found: str, wanted: str, mend: str) -> Problem:
    """Return advice on a sheet of the study's workbook."""
    return Problem(FILE, place, found, wanted, mend, "advice")


def _plural(names: Sequence[str], word: str) -> str:
    """Return how many there are of something."""
    return f"{len(names)} {word}{'' if len(names) == 1 else 's'}"


def _them(names: Sequence[str]) -> str:
    """Return the pronoun for one or several."""
    return "it" if len(names) == 1 else "them"


def _it(names: Sequence[str]) -> str:
    """Return what may be dropped of one or several."""
    return "it" if len(names) == 1 else "those that are not needed"
