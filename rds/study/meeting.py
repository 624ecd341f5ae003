"""Receiving a decided meeting workbook: accepted, deferred and refused, each through the record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from rds.documents.blueprint_workbook.inputs import BLUEPRINT, EXAM, inputs
from rds.documents.meeting_workbook import (
    ACCEPT,
    FORM,
    DecidedLine,
    DecidedMeeting,
    read_meeting,
    unknown_line,
)
from rds.documents.review_tables import folded
from rds.errors import InfeasibleError, InputError, Problem
from rds.files import sha256_of_file, write_atomically
from rds.record import Entry, append
from rds.study.building import build_blueprint
from rds.study.decide import checked_decision
from rds.study.folder import copy_problems
from rds.study.form_kinds import FormKind
from rds.study.guard import lock
from rds.study.review import lines_of_review
from rds.study.review_folders import received_folder
from rds.study.review_issue import IssuedReview, issued_reviews
from rds.study.review_lines import Line, in_words
from rds.study.review_state import REVIEW, is_settled, settled_lines
from rds.study.signing import refuse_if_approved
from rds.study.study import Study, with_decided_entries
from rds.values import read_whole


@dataclass(frozen=True)
class MeetingReceived:
    """What became of a decided meeting workbook."""

    review: int
    counts: Mapping[str, int]
    recorded: tuple[str, ...]
    already: int
    stored: bool
    next_command: str = "run"

    def as_lines(self) -> list[str]:
        """Return what happened in plain sentences."""
        counted = ", ".join(f"{name}: {n}" for name, n in self.counts.items()) or "no lines"
        said = [f"Review {self.review}, decided: {counted}.", *self.recorded]
        if self.already:
            said.append(f"{self.already} lines had been recorded before; they stay as they are.")
        end = "Recorded in record.jsonl." if self.recorded else "Nothing new was recorded."
        return [*said, end if self.stored else "Nothing was stored."]

    def as_dict(self) -> dict[str, Any]:
        """Return what happened for machines."""
        return asdict(self)


@dataclass(frozen=True)
class _Decision:
    """A line of the meeting beside what copies want, with what is to be recorded."""

    decided: DecidedLine
    line: Line
    subject: str
    value: str | int
    reason: str


def receive_meeting(study: Study, path: Path, dry_run: bool = False) -> MeetingReceived:
    """Record what a meeting decided about every line of a review.

    Accepted lines become decisions, as `rds.study.decide.decide` makes them; deferred and refused
    ones are recorded with their reason. Lines that were recorded before stay as they are, so that
    a command that was stopped can be repeated.

    Raises
    ------
    InputError
        As `read_meeting`; when a line is not as it was written, values are missing, unknown or miss
        a total, or no blueprint can be built with what was accepted. Nothing is recorded.
    """
    problems = copy_problems(study.folder)
    if problems:
        raise InputError(problems)
    refuse_if_approved(study)
    read = read_meeting(path, study_id=study.settings.study.id)
    issued = _issued(study, read, path.name)
    lines = {line.about: line for line in lines_of_review(study, issued)}
    decisions, already = _decisions(study, read, lines)
    _refuse_misfits(study, [own for own in decisions if own.decided.decision == ACCEPT], path.name)
    counts: dict[str, int] = {}
    for own in read.lines:
        counts[own.decision] = counts.get(own.decision, 0) + 1
    recorded = tuple(_said(own) for own in decisions)
    if not dry_run:
        _record(study, decisions, path, issued.number)
    return MeetingReceived(issued.number, counts, recorded, already, stored=not dry_run)


def _issued(study: Study, read: DecidedMeeting, file: str) -> IssuedReview:
    """Return the version that a meeting was about."""
    known = {one.number: one for one in issued_reviews(study.folder)}
    if read.review not in known:
        found = f"decisions about review {read.review}, which was not issued here"
        mend = "receive it in the study folder that it was written in"
        raise InputError([Problem(file, "", found, "an issued review", mend)])
    return known[read.review]


def _decisions(
    study: Study, read: DecidedMeeting, lines: Mapping[str, Line]
) -> tuple[list[_Decision], int]:
    """Return what is to be recorded, and how many lines were recorded before."""
    problems: list[Problem] = []
    found: list[_Decision] = []
    already = 0
    settled = settled_lines(study.record, read.review)
    for own in read.lines:
        line = lines.get(own.about)
        if line is None:
            problems.append(unknown_line(own, list(lines)))
        elif folded(line.proposed) != folded(own.wanted):
            problems.append(_outdated(own))
        elif _is_recorded(own, settled.get(own.about), line):
            already += 1
        else:
            earlier = settled.get(own.about)
            if _was_accepted(earlier, line):
                problems.append(_decided_otherwise(own, earlier))
                continue
            try:
                found.append(_decision(study, own, line))
            except InputError as error:
                problems += [replace(one, file=own.row.file) for one in error.problems]
    problems += _contradictions(found)
    if problems:
        raise InputError(dict.fromkeys(problems))
    return found, already


def _is_recorded(own: DecidedLine, entry: Entry | None, line: Line) -> bool:
    """Tell whether a line was recorded before with the same decision, value and reason."""
    if entry is None or not is_settled(entry, line.asked):
        return False
    said = entry.details.get("decision"), entry.details.get("given")
    return said == (own.decision, [own.value, own.reason])


def _was_accepted(entry: Entry | None, line: Line) -> bool:
    """Tell whether a line was accepted before, as copies want it now."""
    return (
        entry is not None
        and entry.details.get("decision") == ACCEPT
        and is_settled(entry, line.asked)
    )


def _decided_otherwise(own: DecidedLine, entry: Entry | None) -> Problem:
    """Return the problem of a line that was accepted before, and is decided anew."""
    number = entry.sequence if entry is not None else 0
    wanted = f"as recorded (record.jsonl, line {number})"
    mend = f"leave the line as it was, or withdraw first: rds decide FOLDER --withdraw {number} …"
    return own.row.problem("decision", wanted, mend)


def _outdated(own: DecidedLine) -> Problem:
    """Return the problem of a line that other copies have changed since, or somebody edited."""
    mend = "move this file away, receive any copy again, and decide the new review-meeting.xlsx"
    return own.row.problem("wanted", "what the copies received by now want", mend)


def _decision(study: Study, own: DecidedLine, line: Line) -> _Decision:
    """Return what is to be recorded of a line."""
    if own.decision != ACCEPT:
        return _Decision(own, line, line.subject, own.decision, own.reason)
    value = _value(own, line)
    reason = own.reason or (line.reasons[0] if len(line.reasons) == 1 else "")
    if not reason:
        what = "the one that is recorded: copies give several" if line.reasons else "a reason"
        raise InputError([own.row.problem("reason", what, "say why it is accepted")])
    if line.sheet == BLUEPRINT and line.key != EXAM:
        return _Decision(own, line, line.subject, _number(own, value), reason)
    try:
        subject, checked = checked_decision(study, line.subject, value)
    except InputError as error:
        place = own.row.places.get("value", "")
        raise InputError([replace(one, place=place) for one in error.problems]) from None
    return _Decision(own, line, subject, checked, reason)


def _value(own: DecidedLine, line: Line) -> str:
    """Return the value that is accepted, as text."""
    wanted = line.wanted
    if own.value:
        words = {in_words(value): str(value) for value in wanted if value is not None}
        return words.get(own.value.casefold(), own.value)
    if len(wanted) > 1:
        choices = ", ".join(in_words(value) for value in wanted)
        raise InputError([own.row.problem("value", f"one value, since copies differ: {choices}",
                                          "write the value that is accepted")])  # fmt: skip
    if wanted[0] is None:
        mend = "refuse the line, and withdraw the decision itself: rds decide FOLDER --withdraw …"
        raise InputError([own.row.problem("value", "a value; copies took one away", mend)])
    return str(wanted[0])


def _number(own: DecidedLine, value: str) -> int:
    """Return a number of items."""
    try:
        number = read_whole(value)
    except ValueError:
        number = -1
    if number < 0:
        wanted = "a whole number of items, 0 or more"
        raise InputError([own.row.problem("value", wanted, "write a whole number")])
    return number


def _contradictions(found: Sequence[_Decision]) -> Iterator[Problem]:
    """Yield accepted lines about the same subject that say different things."""
    first: dict[str, _Decision] = {}
    for own in found:
        if own.decided.decision != ACCEPT:
            continue
        other = first.setdefault(own.subject, own)
        if other.value != own.value:
            wanted = f"the same as in the line “{other.line.about}”: {in_words(other.value)}"
            yield own.decided.row.problem("decision", wanted, "accept one of the two lines")


def _refuse_misfits(study: Study, accepted: Sequence[_Decision], file: str) -> None:
    """Refuse what would miss a total or a bound, or leave no blueprint to build."""
    if not accepted:
        return
    cells = {own.line.key: int(own.value) for own in accepted if _is_cell(own.line)}
    length = study.settings.blueprint.items
    for own in accepted:
        if own.subject == "blueprint.items":
            length = int(own.value)
    present = {o.key: int(o.value or 0) for o in inputs(build_blueprint(study)) if _is_items(o)}
    problems = [
        own.decided.row.problem("about", "a cell of the plan as it is now", "refuse the line")
        for own in accepted
        if _is_cell(own.line) and own.line.key not in present
    ]
    if problems:
        raise InputError(problems)
    if cells:
        _refuse_total({**present, **cells}, length, file)
    try:
        trial = build_blueprint(
            with_decided_entries(study, {own.subject: own.value for own in accepted})
        )
    except InfeasibleError as error:
        mend = "defer or refuse lines until a blueprint can be built"
        problem = Problem(file, "To decide", str(error), "lines that go together", mend)
        raise InputError([problem]) from None
    if cells:
        _refuse_bounds(trial.domain_weights.to_dict("records"), file)


def _is_cell(line: Line) -> bool:
    """Tell whether a line is about the items of a cell."""
    return line.sheet == BLUEPRINT and line.key != EXAM


def _is_items(own: Any) -> bool:
    """Tell whether an input holds the items of a cell."""
    return bool(own.sheet == BLUEPRINT and own.field == "items" and own.key != EXAM)


def _refuse_total(cells: Mapping[str, int], length: int, file: str) -> None:
    """Refuse cells that do not add to the exam length."""
    # Parts may be counted in units of their own; the build adds those up.
    total = sum(cells.values())
    if total != length and not any(name.count(" | ") > 1 for name in cells):
        missed = f"{length - total} short" if total < length else f"{total - length} over"
        found = f"cells that add up to {total} items with those accepted, {missed}"
        wanted = f"the exam length of {length}"
        mend = "accept further cells, other values, or none of these lines"
        raise InputError([Problem(file, "To decide", found, wanted, mend)])


def _refuse_bounds(domains: Sequence[Mapping[Any, Any]], file: str) -> None:
    """Refuse cells that take a domain beyond its minimum or maximum."""
    problems = [
        Problem(
            file,
            "To decide",
            f"{row['items']} items in {row['domain_id']}",
            f"its {name} of {row[name]:g}",
            "accept other values, or change the bound first: rds decide",
        )
        for row in domains
        for name, sign in (("minimum", -1), ("maximum", 1))
        if row[name] == row[name] and sign * (row["items"] - row[name]) > 0
    ]
    if problems:
        raise InputError(problems)


def _said(own: _Decision) -> str:
    """Say what is recorded of a line."""
    done = {"accept": "accepted", "defer": "deferred", "refuse": "refused"}[own.decided.decision]
    value = f": {in_words(own.value)}" if own.decided.decision == ACCEPT else ""
    return f"{own.line.about}: {done}{value} ({own.decided.role}: {own.reason})"


def _record(study: Study, decisions: Sequence[_Decision], path: Path, number: int) -> None:
    """Keep the decided workbook, and append what was decided, line by line."""
    hash_ = sha256_of_file(path)
    with lock(study.folder.root):
        kept = received_folder(study.folder, number) / "decided"
        kept.mkdir(parents=True, exist_ok=True)
        write_atomically(kept / f"meeting-{hash_[:12]}.xlsx", path.read_bytes())
        for own in decisions:
            accepted = own.decided.decision == ACCEPT
            append(
                study.folder.record,
                study=study.settings.study.id,
                role=own.decided.role,
                kind="decision" if accepted else REVIEW,
                subject=own.subject if accepted else f"review {number}, {own.line.about}",
                value=own.value,
                reason=own.reason,
                details=_details(own, number, hash_),
            )


def _details(own: _Decision, number: int, hash_: str) -> dict[str, object]:
    """Return what the record says of a line besides."""
    return {
        "review": number,
        "line": own.line.about,
        "subject": own.line.subject,
        "decision": own.decided.decision,
        "given": [own.decided.value, own.decided.reason],
        "asked": own.line.asked,
        "wanted": own.line.proposed,
        "issued": own.line.issued,
        "copies": [one.copy for one in own.line.proposals],
        "meeting": hash_,
    }


MEETING_FORM = FormKind(
    "meeting",
    "the decisions about a review",
    None,
    form=FORM,
    receive=receive_meeting,
)
