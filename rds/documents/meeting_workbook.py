"""review-meeting.xlsx: what copies of the committee's workbook want, to be decided line by line."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rds.columns import Column, Sheet
from rds.documents.form_book import Cover, FormSheet, form_workbook
from rds.documents.form_reader import ReturnedForm, read_form
from rds.errors import InputError, Problem, nearest
from rds.sheets import Row

FORM = "decisions of a review"
ACCEPT, DEFER, REFUSE = "accept", "defer", "refuse"
ROLE = "Decided by (role)"

_LINES = Sheet(
    "To decide",
    "Every difference between the copies and what was issued: decide each.",
    (
        Column("about", "Sheet and row of the committee's workbook.", needed=True, width=18),
        Column("statement", "What it is.", width=24),
        Column("issued", "What was issued.", width=10),
        Column("wanted", "What copies want instead, whose they are, and why.", needed=True,
               width=34),
        Column("now", "What holds now.", width=10),
        Column("heed", "Conflicts, what changed since, and copies that left it as it was.",
               width=17),
        Column("effect", "What it would move, in items; without changes of other lines.", width=17),
        Column(
            "decision",
            "accept: it goes into the record. defer: it stays open. refuse: it stays as it is.",
            choices=(ACCEPT, DEFER, REFUSE),
            needed=True,
            width=11,
        ),
        Column("value", "The value that is accepted. Needed where copies differ.", kind="any",
               needed=True, width=9),
        Column("reason", "Why. Where accepted and empty, the one reason that copies give.",
               needed=True, width=24),
        Column("role", "Who decided, if not as on the sheet Meeting.", needed=True, width=11),
    ),
)  # fmt: skip
_MEETING = Sheet(
    "Meeting",
    "Who decided.",
    (
        Column("what", "What has to be said.", needed=True, width=24),
        Column("answer", "Your answer.", needed=True, width=60),
    ),
)
_COMMENTS = Sheet(
    "Comments",
    "Points, motions and votes of all copies, and what was noted on cells.",
    (
        Column("copy", "Whose it is.", width=20),
        Column("row", "Row of the sheet Comments, or note.", width=9),
        Column("about", "What it concerns.", width=20),
        Column("point", "What was said.", width=50),
        Column("motion", "What was put to the vote.", width=30),
        Column("yes", "Votes for it.", width=7),
        Column("no", "Votes against it.", width=7),
        Column("abstain", "Abstentions.", width=9),
        Column("resolution", "What was agreed.", width=30),
    ),
)
_SIGN_OFF = Sheet(
    "Sign-off",
    "What roles wrote on the sheets Sign-off. It approves nothing: rds approve does.",
    (
        Column("copy", "Whose it is.", width=24),
        Column("review", "Of which review it is a copy.", width=10),
        Column("row", "The role.", width=24),
        Column("decision", "What it says.", width=22),
        Column("date", "When.", width=13),
        Column("remarks", "Conditions or remarks.", width=60),
    ),
)
_ELSEWHERE = Sheet(
    "Not here",
    "What was changed that cannot be accepted here, and where it belongs.",
    (
        Column("copy", "Whose it is.", width=20),
        Column("cell", "Where it stands.", width=16),
        Column("about", "What it is.", width=24),
        Column("issued", "What was issued.", width=40),
        Column("found", "What stands there.", width=40),
        Column("belongs", "Where it belongs.", width=34),
    ),
)
_COPIES = Sheet(
    "Copies",
    "The copies that were received.",
    (
        Column("copy", "Its name.", width=30),
        Column("review", "Of which review it is a copy.", width=10),
        Column("differences", "How many lines it asks for.", width=13),
        Column("remark", "What has to be said of it.", width=70),
    ),
)
_GUIDE = (
    "Decide every line of the sheet “To decide”: accept, defer or refuse. Where copies differ, "
    "write the value that is accepted.",
    "Give a reason for each line. If a line is accepted and its reason left empty, the one reason "
    "that copies give is recorded.",
    "Cells of the blueprint that are accepted must add up, with all others, to the exam length.",
    "On the sheet Meeting write the role that decided, never a name. Then receive this file: "
    "accepted lines go into the record, deferred ones stay open, refused ones are recorded with "
    "their reason. “rds run” builds the blueprint anew.",
)


@dataclass(frozen=True)
class Gathered:
    """What all copies want and say, in words, ready to be written.

    Parameters
    ----------
    lines, comments, sign_offs, elsewhere, copies
        Rows of the sheets by column.
    """

    lines: Sequence[Mapping[str, object]]
    comments: Sequence[Mapping[str, object]] = ()
    sign_offs: Sequence[Mapping[str, object]] = ()
    elsewhere: Sequence[Mapping[str, object]] = ()
    copies: Sequence[Mapping[str, object]] = ()


@dataclass(frozen=True)
class DecidedLine:
    """A line as it was decided.

    Parameters
    ----------
    about, wanted
        What it is about, and what copies wanted as the meeting saw it.
    decision
        ``"accept"``, ``"defer"`` or ``"refuse"``.
    value
        What is accepted; empty for what all copies want.
    reason, role
        Why, and who.
    row
        Where it stands.
    """

    about: str
    wanted: str
    decision: str
    value: str
    reason: str
    role: str
    row: Row


@dataclass(frozen=True)
class DecidedMeeting:
    """A meeting workbook that came back: which review it is about, and its lines."""

    review: int
    lines: tuple[DecidedLine, ...]
    form: ReturnedForm


def meeting_workbook(
    gathered: Gathered, *, study_id: str, review: int, date: datetime.date
) -> bytes:
    """Return the workbook in which a meeting decides what copies want.

    Parameters
    ----------
    gathered
        What the copies want and say.
    study_id, review, date
        The study, the number of the review, and the date of the file.

    Returns
    -------
    bytes
        An xlsx file, the same bytes for the same content.
    """
    cover = Cover(
        FORM,
        f"Review {review}: to decide",
        study_id,
        "the committee's meeting",
        str(review),
        _GUIDE,
    )
    inputs = ("decision", "value", "reason", "role")
    sheets = [
        FormSheet(_LINES, gathered.lines, inputs=inputs),
        FormSheet(_MEETING, [{"what": ROLE}], inputs=("answer",)),
        FormSheet(_COMMENTS, gathered.comments),
        FormSheet(_SIGN_OFF, gathered.sign_offs),
        FormSheet(_ELSEWHERE, gathered.elsewhere),
        FormSheet(_COPIES, gathered.copies),
    ]
    return form_workbook(cover, sheets, date=date)


def read_meeting(path: Path, *, study_id: str) -> DecidedMeeting:
    """Read a meeting workbook that came back.

    Raises
    ------
    InputError
        With every line without decision, reason or role, and every cell that cannot be read.
    """
    form = read_form(path, [_LINES, _MEETING])
    problems = [*form.problems_of_study(study_id), *form.problems]
    said = {row.text("what"): row.text("answer") for row in form.rows.get(_MEETING.name, ())}
    role = said.get(ROLE, "")
    lines = [_line(row, role) for row in form.rows.get(_LINES.name, ()) if row.text("about")]
    unread = {problem.place for problem in problems}
    for line in lines:
        problems += _faults(line, unread)
    problems += _doubled(lines)
    if lines and not all(line.role for line in lines):
        place = f"{_MEETING.name}, {ROLE}"
        problems.append(Problem(path.name, place, "nothing", "the role that decided", "fill it in"))
    if not form.version.isdecimal():
        mend = "send the workbook that was written, with its sheet “About this form”"
        problems.append(Problem(path.name, "", "no version", "the review it is about", mend))
    if problems:
        raise InputError(dict.fromkeys(problems))
    return DecidedMeeting(int(form.version), tuple(lines), form)


def _line(row: Row, role: str) -> DecidedLine:
    """Return a line as it was decided."""
    return DecidedLine(
        row.text("about"),
        row.text("wanted"),
        row.text("decision"),
        row.text("value"),
        row.text("reason"),
        row.text("role") or role,
        row,
    )


def _faults(line: DecidedLine, unread: set[str]) -> Iterator[Problem]:
    """Yield what is missing in a line."""
    if not line.decision and line.row.places.get("decision", "") not in unread:
        yield line.row.problem("decision", "accept, defer or refuse", "decide the line")
    if line.decision in (DEFER, REFUSE) and not line.reason:
        yield line.row.problem("reason", f"a reason, since it says {line.decision}", "say why")


def _doubled(lines: Sequence[DecidedLine]) -> Iterator[Problem]:
    """Yield lines that stand there twice."""
    seen: set[str] = set()
    for line in lines:
        if line.about in seen:
            yield line.row.problem("about", "each line once", "remove one of the two")
        seen.add(line.about)


def unknown_line(line: DecidedLine, known: Sequence[str]) -> Problem:
    """Return the problem of a line that no copy asks for."""
    close = nearest(line.about, known)
    mend = f"write “{close}”" if close else "remove the line"
    return line.row.problem("about", "a line as it was written", mend)
