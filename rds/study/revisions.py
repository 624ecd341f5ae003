"""What changed after outline and settings were fixed: a table, notes, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rds.errors import InputError, Problem
from rds.notes import Note
from rds.outline.matching import normal
from rds.outline.word_changes import word_changes
from rds.record import Entry
from rds.study.fixed import fixed_of
from rds.study.fixed_changes import Difference
from rds.study.folder import STUDY_WORKBOOK
from rds.study.forms import issued_instruments
from rds.study.locking import (
    LOCK_KINDS,
    answers_came,
    changes_since,
    is_automatic,
    kept_copy,
    last_lock,
    lock_at_first_answers,
)
from rds.study.study import Study
from rds.survey.instrument import Instrument

REVISIONS = (
    "line", "date", "role", "reason", "change", "subject", "before", "after", "after_answers",
)  # fmt: skip
ASKED = "asked in other words"
_FIXED = "outline and settings fixed"
_NO_REASON = "no reason recorded"


@dataclass(frozen=True)
class Revision:
    """A row of the table `REVISIONS`."""

    line: int | None
    date: str
    role: str
    reason: str
    change: str
    subject: str
    before: str
    after: str
    after_answers: bool

    @property
    def because(self) -> str:
        """Who changed it and why, in words."""
        return f"{self.role}: {self.reason}" if self.reason else _NO_REASON


def revisions(study: Study) -> tuple[Revision, ...]:
    """Return locks and all changes since, recorded ones first, then those without a reason.

    A change that was made after answers arrived says so. Where the survey as issued asked for other
    words than the outline has now and no other change says why, that is a row as well.

    Raises
    ------
    InputError
        When a kept copy or an issued survey was changed.
    """
    recorded = [row for entry in study.record.entries for row in _recorded(entry)]
    rows = [*recorded, *(_open(study, one) for one in unexplained(study))]
    return (*rows, *_asked_otherwise(study, rows))


def revisions_table(rows: Iterable[Revision]) -> pd.DataFrame:
    """Return revisions as the table `REVISIONS`."""
    table = pd.DataFrame([vars(row) for row in rows], columns=list(REVISIONS))
    return table.astype({"line": "Int64"})


def unexplained(study: Study) -> tuple[Difference, ...]:
    """Return what changed since outline and settings were last fixed, for which no reason is known.

    Raises
    ------
    InputError
        When outline or settings cannot be read, or the kept copy was changed.
    """
    last = last_lock(study.record)
    return () if last is None else changes_since(study, last)


def revision_notes(study: Study, rows: Iterable[Revision]) -> Iterator[Note]:
    """Yield a note for each change after answers arrived, and for ratings of other words."""
    for row in rows:
        if row.after_answers and row.change not in (_FIXED, ASKED):
            said = Difference(row.change, row.subject, row.before, row.after)
            reason = f"changed after answers arrived: {said} ({row.because})"
            yield Note("revisions", row.subject, "", "changed", reason)
    if not answers_came(study):
        return
    if last_lock(study.record) is None:
        reason = "nobody fixed outline and settings before answers came: what changed since is not "
        yield Note("revisions", "", "", "assumed", f"{reason}known")
    not_counted = {name.casefold() for name in study.settings.weights.unrated_tasks}
    for name, asked in rated_in_other_words(study).items():
        reason = "ratings are of other words than the outline has now: "
        reason += word_changes(asked, study.outline.statements[name])
        if name.casefold() not in not_counted:
            yield Note("statement_ratings", name, "mean", "changed", reason)


def rated_in_other_words(study: Study) -> dict[str, str]:
    """Return the words that respondents rated, by identifier, where the outline has others now.

    What was asked stands in the surveys as issued; where none was, in the outline as it was fixed
    when the first answers came.
    """
    now = study.outline.statements
    return {
        name: words
        for name, words in _asked(study).items()
        if name in now and normal(words) != normal(now[name])
    }


def version_problems(study: Study) -> list[Problem]:
    """Return advice for each change without a reason; an error where a kept copy was changed."""
    if study.outline_or_none is None or study.settings_or_none is None:
        return []
    try:
        last, found = last_lock(study.record), unexplained(study)
    except InputError as error:
        return list(error.problems)
    mend = "undo it, or record why: rds lock FOLDER --role … --reason …"
    return [
        Problem(STUDY_WORKBOOK, "", str(one), f"what {last.subject} fixed", mend, "advice")
        for one in found
        if last is not None
    ]


def _recorded(entry: Entry) -> Iterator[Revision]:
    """Yield what an entry of the record says of outline and settings."""
    if entry.kind not in LOCK_KINDS:
        return
    by_nobody = is_automatic(entry)
    role, reason = ("", "") if by_nobody else (entry.role, entry.reason)
    late = bool(entry.details.get("after_answers"))
    head = (entry.sequence, entry.time[:10])
    changes: Any = entry.details.get("changes", ())
    for one in changes:
        texts = one["change"], one["subject"], one["before"], one["after"]
        yield Revision(*head, role, reason, *texts, after_answers=late)
    if entry.kind == "lock":
        yield Revision(*head, entry.role, entry.reason, _FIXED, entry.subject, "", "", late)


def _open(study: Study, one: Difference) -> Revision:
    """Return a change for which no reason is recorded."""
    texts = one.change, one.subject, one.before, one.after
    return Revision(None, "", "", "", *texts, after_answers=answers_came(study))


def _asked_otherwise(study: Study, rows: Iterable[Revision]) -> Iterator[Revision]:
    """Yield statements that the survey asked in other words, where no change says so."""
    surveys = _answered_surveys(study)
    if not surveys or study.outline_or_none is None:
        return
    said = [row.before for row in rows]
    now = study.outline.statements
    for name, words in _asked_by(surveys).items():
        other = name in now and normal(words) != normal(now[name])
        if other and not any(normal(words) in before for before in said):
            late = answers_came(study)
            yield Revision(None, "", "", "", ASKED, name, words, now[name], after_answers=late)


def _asked(study: Study) -> Mapping[str, str]:
    """Return the words that respondents rated by identifier, as far as that is known."""
    surveys = _answered_surveys(study)
    if surveys:
        return _asked_by(surveys)
    held = lock_at_first_answers(study.record)
    return {} if held is None else kept_copy(study.folder, held).outline.statements


def _answered_surveys(study: Study) -> list[Instrument]:
    """Return the surveys that the answers are of: those that sources name, or else the newest."""
    issued = issued_instruments(study.folder)
    named = {source.report.get("survey", 0) for source in study.sources}
    versions = {one.version for one in issued} & named or {one.version for one in issued[:1]}
    return [one for one in issued if one.version in versions]


def _asked_by(surveys: Iterable[Instrument]) -> dict[str, str]:
    """Return the words of the statements in the surveys' first language; the oldest win."""
    return {
        row.statement: row.words[survey.languages[0]]
        for survey in surveys
        for question in survey.questions
        if question.purpose == "rating"
        for row in question.rows
        if row.purpose == "statement"
    }


def fixed_sentence(study: Study) -> str:
    """Say when outline and settings were fixed, and by whom."""
    last = last_lock(study.record)
    if last is None:
        return "not fixed" if answers_came(study) else "not fixed yet"
    who = "by rds, with the first answers" if is_automatic(last) else f"by {last.role}"
    return f"fixed {last.time[:10]} {who} (line {last.sequence}, {last.subject})"


def advice_before_fielding(study: Study) -> list[str]:
    """Return what should be done before the survey goes out, if outline or settings are open."""
    if is_fixable(study):
        return [
            "Fix outline and settings before it goes out: rds lock FOLDER --role … --reason …. "
            "Otherwise they are fixed as they stand when the first answers come."
        ]
    return [
        f"Changed since outline and settings were fixed, no reason recorded: {one}"
        for one in unexplained(study)
    ]


def is_fixable(study: Study) -> bool:
    """Tell whether the study can be fixed now: read whole, never fixed, no answers yet."""
    try:
        fixed_of(study)
    except InputError:
        return False
    return last_lock(study.record) is None and not answers_came(study)
