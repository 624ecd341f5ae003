"""study-proposed.xlsx: what drafts propose, side by side, to be decided line by line."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from rds.columns import KSAS, REQUIREMENTS, Column, Sheet
from rds.documents.draft_form import Change
from rds.documents.form_book import Cover, FormSheet, form_workbook
from rds.documents.form_reader import ReturnedForm, read_form
from rds.errors import InputError, Problem
from rds.outline.drafts import UNITS, Proposed, Unit, find_domain
from rds.outline.near_duplicates import NEAR
from rds.outline.proposal import DECISIONS, Decided, Decision, decision_faults
from rds.sheets import Row

FORM = "proposal of the outline"
ROUND = "Round"
ACCEPT, DECLINE = "accept", "decline"

_SHEET_NAMES: Mapping[Unit, str] = {
    "domain": "Domains",
    "task": "Tasks",
    "KSA": "KSAs",
    "requirement": "Requirements",
}
_PURPOSES: Mapping[Unit, str] = {
    "domain": "The parts of the role that were proposed.",
    "task": "The tasks that were proposed, by domain; those alike stand together.",
    "KSA": "The knowledge, skills, abilities and attitudes that were proposed.",
    "requirement": "The requirements that were proposed; say which tasks each is for.",
}
_KINDS: Mapping[Unit, tuple[str, ...]] = {
    "KSA": KSAS.columns[1].choices,
    "requirement": REQUIREMENTS.columns[1].choices,
}
_DECISION = Column(
    "decision", f"One of: {', '.join(DECISIONS)}.", choices=DECISIONS, needed=True, width=14
)
_INTO = Column("into", "Of “merge into”: the statement that takes this one in.", width=9)
_WORDING = Column("wording", "Its final words, if they change.", needed=True, width=34)
_REASON = Column("reason", "Why, if it is not kept as it is.", needed=True, width=24)
_CHANGES = Sheet(
    "Changes",
    "What drafters want changed of the present statements.",
    (
        Column("change_id", "The line.", needed=True, width=10),
        Column("statement_id", "The statement.", needed=True, width=12),
        Column("present_words", "Its words now.", width=46),
        Column("proposed", "What was proposed.", width=12),
        Column("new_words", "New words, or the domain.", width=46),
        Column("proposed_by", "Who proposed it, and why.", width=30),
        Column("decision", "accept or decline.", choices=(ACCEPT, DECLINE), needed=True, width=12),
        Column("wording", "Final words, if others.", needed=True, width=40),
        Column("reason", "Why.", needed=True, width=30),
    ),
)
_ANSWERS = Sheet(
    "The role",
    "What was said of the role as a whole: write the text that holds.",
    (
        Column("section", "What it is about.", needed=True, width=18),
        Column("answers", "What drafters wrote.", width=80),
        Column("text", "The panel's text.", needed=True, width=70),
    ),
)
_ACCEPTANCE = Sheet(
    "Acceptance",
    "Who decided, and when.",
    (
        Column("what", "What has to be said.", needed=True, width=24),
        Column("answer", "Your answer.", needed=True, width=60),
    ),
)
ROLE, WHY = "Accepted by (role)", "How it was decided"
_GUIDE = (
    "Decide every line of the sheets Domains, Tasks, KSAs, Requirements and Changes: keep; merge "
    "into another line (name it under “into”); drop; outside the role. Give a reason wherever "
    "a line is not kept.",
    "Lines with the same number under “alike” resemble each other: {percent:g} % or more of their "
    "words are common to both. Nothing was merged beforehand except lines in the very same words.",
    "Under “wording” write the final words, if they change. What was drafted stays on record.",
    "A task needs a domain, by identifier or title; a requirement the tasks it is for.",
    "On the sheet Acceptance write the role that decided (never a name). Then receive this file: "
    "every line with its decision goes into the record, the kept ones into the outline.",
)


@dataclass(frozen=True)
class DecidedChange:
    """What was decided about a change of a present statement."""

    change: Change
    decision: str
    wording: str
    reason: str


@dataclass(frozen=True)
class DecidedProposal:
    """A proposal that came back, decided.

    Parameters
    ----------
    round_number
        The round of drafts that it brought together.
    role, reason
        Who decided, and how.
    decided, changes
        Every line with its decision.
    texts
        What holds of the role as a whole, by section.
    form
        The form as it was read.
    """

    round_number: int
    role: str
    reason: str
    decided: tuple[Decided, ...]
    changes: tuple[DecidedChange, ...]
    texts: Mapping[str, str]
    form: ReturnedForm


def proposal_workbook(
    proposed: Sequence[Proposed],
    changes: Sequence[Change],
    answers: Mapping[str, Sequence[str]],
    *,
    study_id: str,
    round_number: int,
    present: Mapping[str, str],
    date: datetime.date,
) -> bytes:
    """Return the proposal as a workbook to decide in.

    Parameters
    ----------
    proposed
        The statements, as `rds.outline.drafts.merge_drafts` returns them.
    changes
        What drafters want changed of present statements.
    answers
        What they said of the role, each with its author, by section.
    study_id, round_number, date
        Written into the workbook.
    present
        Words of the statements that the outline holds, by identifier.
    """
    title = f"Proposal of the outline, from the drafts of round {round_number}"
    guide = [line.format(percent=100 * NEAR) for line in _GUIDE]
    cover = Cover(FORM, title, study_id, "the panel", "", guide, {ROUND: str(round_number)})
    sheets = [_unit_sheet(unit, [one for one in proposed if one.unit == unit]) for unit in UNITS]
    if changes:
        inputs = ("decision", "wording", "reason")
        sheets.append(FormSheet(_CHANGES, _change_rows(changes, present), inputs=inputs))
    said = [{"section": name, "answers": "\n".join(own)} for name, own in answers.items()]
    sheets.append(FormSheet(_ANSWERS, said, inputs=("text",)))
    asked = [{"what": ROLE}, {"what": WHY}]
    sheets.append(FormSheet(_ACCEPTANCE, asked, inputs=("answer",)))
    return form_workbook(cover, sheets, date=date)


def read_proposal(
    path: Path,
    *,
    study_id: str,
    titles: Mapping[str, str],
    known: Mapping[Unit, Mapping[str, str]],
) -> DecidedProposal:
    """Read a decided proposal.

    Parameters
    ----------
    path
        The workbook.
    study_id
        The study it has to belong to.
    titles
        Titles of the domains that the outline holds already, by identifier.
    known
        Its other statements, by kind and identifier.

    Raises
    ------
    InputError
        With every problem at once: undecided lines, decisions without a reason, merges into
        nothing, tasks without a domain, no role.
    """
    form = read_form(path, [*(_sheet(unit) for unit in UNITS), _CHANGES, _ANSWERS, _ACCEPTANCE])
    absent = (_CHANGES.name,)
    problems = [*form.problems_of_study(study_id)]
    problems += [problem for problem in form.problems if problem.place not in absent]
    problems += _undecided(form)
    said = {row.text("what"): row.text("answer") for row in form.rows.get(_ACCEPTANCE.name, ())}
    problems += [
        Problem(path.name, f"{_ACCEPTANCE.name}, {what}", "nothing", "an answer", "fill it in")
        for what in (ROLE, WHY)
        if not said.get(what)
    ]
    lines = dict(_lines(form))
    decided = list(lines)
    kept = {one.name: one.statement for one in decided if _is_kept_domain(one)}
    problems += [
        lines[one].problem(column, wanted, mend)
        for name, column, wanted, mend in decision_faults(decided, {**titles, **kept}, known)
        for one in decided
        if one.name == name
    ]
    changes = tuple(_decided_changes(form))
    if problems:
        raise InputError(dict.fromkeys(problems))
    placed = {**titles, **kept}
    return DecidedProposal(
        int(form.facts.get(ROUND, "0")),
        said[ROLE],
        said[WHY],
        tuple(_spelt(one, placed, decided, known) for one in decided),
        changes,
        {
            row.text("section"): row.text("text")
            for row in form.rows.get(_ANSWERS.name, ())
            if row.text("text")
        },
        form,
    )


def _sheet(unit: Unit) -> Sheet:
    """Return the columns of the sheet for a kind of statement."""
    words = "title" if unit == "domain" else "statement"
    own: list[Column] = []
    if unit in _KINDS:
        own.append(Column("kind", "What it is.", choices=_KINDS[unit], needed=True, width=14))
    if unit == "task":
        meaning = "Its domain, by identifier or title."
        own.append(Column("domain", meaning, needed=True, width=14))
    if unit == "requirement":
        meaning = "The tasks it is for."
        own.append(Column("task_ids", meaning, kind="identifiers", needed=True, width=16))
    return Sheet(
        _SHEET_NAMES[unit],
        _PURPOSES[unit],
        (
            Column("id", "The identifier it would get.", kind="identifier", needed=True, width=8),
            Column(words, "As drafted.", needed=True, width=44),
            Column("proposed_by", "Who wrote it.", width=16),
            Column("alike", "A number shared by statements that resemble each other.", width=8),
            Column("in_what", "What they have in common, and in what they differ.", width=24),
            Column("remarks", "What was written beside it.", width=24),
            *own,
            _DECISION,
            _INTO,
            _WORDING,
            _REASON,
        ),
    )


def _unit_sheet(unit: Unit, proposed: Sequence[Proposed]) -> FormSheet:
    """Return the sheet with the proposed statements of a kind."""
    words = "title" if unit == "domain" else "statement"
    rows = [
        {
            "id": one.name,
            words: one.statement,
            "proposed_by": ", ".join(one.by),
            "alike": one.group or None,
            "in_what": "\n".join(one.alike),
            "remarks": "\n".join(one.remarks),
            "domain": one.domain,
            "kind": one.kind,
        }
        for one in proposed
    ]
    fixed = {"id", words, "proposed_by", "alike", "in_what", "remarks"}
    sheet = _sheet(unit)
    return FormSheet(sheet, rows, inputs=[c.name for c in sheet.columns if c.name not in fixed])


def _change_rows(changes: Sequence[Change], present: Mapping[str, str]) -> list[dict[str, object]]:
    """Return the lines about present statements."""
    return [
        {
            "change_id": f"C{number}",
            "statement_id": one.statement_id,
            "present_words": present[one.statement_id],
            "proposed": one.verdict,
            "new_words": one.new_words,
            "proposed_by": f"{one.by}: {one.reason}",
        }
        for number, one in enumerate(changes, start=1)
    ]


def _lines(form: ReturnedForm) -> Iterator[tuple[Decided, Row]]:
    """Yield every decided line and where it stands."""
    for unit in UNITS:
        words = "title" if unit == "domain" else "statement"
        for row in form.rows.get(_SHEET_NAMES[unit], ()):
            if row.text("id") and row.text("decision"):
                yield (
                    Decided(
                        name=row.text("id"),
                        unit=unit,
                        drafted=row.text(words),
                        statement=row.text("wording") or row.text(words),
                        decision=cast("Decision", row.text("decision")),
                        into=row.text("into"),
                        reason=row.text("reason"),
                        by=row.text("proposed_by"),
                        kind=row.text("kind"),
                        domain=row.text("domain"),
                        task_ids=cast("tuple[str, ...]", row.values.get("task_ids") or ()),
                    ),
                    row,
                )


def _undecided(form: ReturnedForm) -> Iterator[Problem]:
    """Yield a problem for each sheet with lines that nobody decided."""
    for name in (*_SHEET_NAMES.values(), _CHANGES.name):
        rows = form.rows.get(name, ())
        unread = {problem.place for problem in form.problems}
        waiting = [
            row
            for row in rows
            if not row.text("decision") and row.places.get("decision", "") not in unread
        ]
        if waiting:
            places = [row.places.get("decision", "") for row in waiting]
            first = ", ".join(place.rpartition("!")[2] for place in places[:6])
            first += " …" if len(places) > 6 else ""
            found = f"{len(waiting)} of {len(rows)} lines without a decision ({first})"
            yield Problem(form.file, name, found, "a decision in every line", "decide them")


def _decided_changes(form: ReturnedForm) -> Iterator[DecidedChange]:
    """Yield what was decided about present statements."""
    for row in form.rows.get(_CHANGES.name, ()):
        by, _, reason = row.text("proposed_by").partition(": ")
        change = Change(
            row.text("statement_id"), row.text("proposed"), row.text("new_words"), reason, by
        )
        wording = row.text("wording") or row.text("new_words")
        yield DecidedChange(change, row.text("decision"), wording, row.text("reason") or reason)


def _is_kept_domain(one: Decided) -> bool:
    """Tell whether a line is a domain that is kept."""
    return one.unit == "domain" and one.decision == "keep"


def _spelt(
    one: Decided,
    titles: Mapping[str, str],
    decided: Sequence[Decided],
    known: Mapping[Unit, Mapping[str, str]],
) -> Decided:
    """Return a line with identifiers as they are spelt in the outline."""
    names = [other.name for other in decided] + [n for own in known.values() for n in own]
    spelt = {name.casefold(): name for name in names}
    return replace(
        one,
        domain=find_domain(one.domain, titles) if one.domain else "",
        into=spelt.get(one.into.casefold(), one.into),
        task_ids=tuple(spelt.get(name.casefold(), name) for name in one.task_ids),
    )
