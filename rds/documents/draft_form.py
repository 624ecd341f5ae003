"""The form on which an expert or a group drafts the outline, and the reader of what comes back."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rds.columns import KSAS, REQUIREMENTS, Column, Sheet
from rds.documents.form_book import Cover, FormSheet, form_workbook
from rds.documents.form_reader import ReturnedForm, read_form
from rds.errors import InputError, Problem
from rds.outline.drafts import Drafted, Unit
from rds.sheets import Row

FORM = "draft of the outline"
ROUND = "Round"

KEEP, REWORD, MOVE, DROP = "keep", "reword", "move", "drop"
VERDICTS = (KEEP, REWORD, MOVE, DROP)
"""What a drafter may say of a statement that the outline holds already."""

QUESTIONS: Mapping[str, str] = {
    "Target audience": "Who practises this role, and with whom?",
    "At the start": "What must somebody have and be able to do on the first day?",
    "Setting": "Where is the role practised, and with what supervision?",
    "Not the role": "What do others believe belongs to the role and does not?",
}
"""What is asked about the role as a whole, by the section of the Narrative it belongs to."""

_BLANK_ROWS: Mapping[Unit, int] = {"domain": 10, "task": 40, "KSA": 40, "requirement": 12}
_KSA_KINDS = KSAS.columns[1].choices
_REQUIREMENT_KINDS = REQUIREMENTS.columns[1].choices
_SOURCE = Column("source", "Where it comes from, if not from your own practice.", width=24)
_REMARK = Column("remark", "Anything the others should know.", width=30)

AUDIENCE = Sheet(
    "The role",
    "Questions about the role as a whole.",
    (
        Column("section", "What it is about.", width=18),
        Column("question", "The question.", width=44),
        Column("answer", "Your answer, in a few sentences.", width=80),
    ),
)
DOMAINS = Sheet(
    "Domains",
    "The four to nine parts into which the role falls.",
    (
        Column("domain", "A short title.", width=36),
        Column("description", "What belongs to it, and what does not.", width=70),
        _REMARK,
    ),
)
TASKS = Sheet(
    "Tasks",
    "What practitioners do: one task a line.",
    (
        Column("domain", "The part of the role it belongs to.", width=28),
        Column("statement", "Verb, object, purpose.", width=80),
        _SOURCE,
        _REMARK,
    ),
)
KSA_SHEET = Sheet(
    "Knowledge and skills",
    "What one has to know, be able to do, or hold to, for these tasks: one a line.",
    (
        Column("kind", "What it is.", choices=_KSA_KINDS, width=14),
        Column("statement", "It begins with Knowledge of, Skill in, Ability to.", width=70),
        Column("needed_for", "The task or tasks that need it, in a few words.", width=36),
        _SOURCE,
        _REMARK,
    ),
)
REQUIREMENT_SHEET = Sheet(
    "Requirements",
    "What candidates must bring, and which tasks it prepares for.",
    (
        Column("kind", "What it is.", choices=_REQUIREMENT_KINDS, width=20),
        Column("statement", "The requirement.", width=70),
        Column("needed_for", "The task or tasks it prepares for or protects.", width=36),
        _REMARK,
    ),
)
PRESENT = Sheet(
    "Present statements",
    "What the outline holds now: say what should change.",
    (
        Column("statement_id", "Its identifier.", kind="identifier", needed=True, width=14),
        Column("domain", "Its domain.", width=24),
        Column("statement", "Its words now.", width=60),
        Column("verdict", "Keep it, reword it, move or drop it.", choices=VERDICTS, width=12),
        Column("new_words", "Its new words, or the domain to move it to.", width=60),
        Column("reason", "Why.", width=36),
    ),
)
_HOW = Sheet(
    "How to write",
    "Rules for good statements, with examples.",
    (
        Column("what", "What it is about.", width=14),
        Column("rule", "The rule.", width=60),
        Column("good", "An example.", width=56),
        Column("not", "What not to write.", width=44),
    ),
)
_RULES = (
    ("task", "Begin with a verb that somebody could watch; say what is done, and what for.",
     "Help people name goals of their own so that they direct their recovery.",
     "Understand the importance of goals."),
    ("task", "One idea in each line: where “and” joins two jobs, write two lines.",
     "Lead a support group.", "Lead groups and keep the accounts."),
    ("task", "Write what is done, not what should be done, nor how well.",
     "Tell a supervisor when the work becomes too much.",
     "Should always take excellent care of oneself."),
    ("task", "Plain words, spelt out, that a newcomer to the field understands.",
     "Write notes in the person’s own words.", "Do POC docs per agency SOP."),
    ("knowledge", "Begin with “Knowledge of”.",
     "Knowledge of the rights of people who use services.", "Knows the law."),
    ("skill", "Begin with “Skill in”: something done well after practice.",
     "Skill in asking open questions.", "Good communicator."),
    ("ability", "Begin with “Ability to”: something one brings or has grown into.",
     "Ability to stay calm when others are upset.", "Calm personality."),
    ("requirement", "Say which tasks it prepares for or protects; one that no task needs falls.",
     "Complete forty hours of training in peer support.", "Be a good citizen."),
)  # fmt: skip
_GUIDE = (
    "Work alone (or as the group named above). Write what practitioners do today, not what is "
    "fashionable or what ought to be done.",
    "Read the sheet “How to write”. Then fill in Domains, Tasks, Knowledge and skills, "
    "Requirements, and The role. Lines may be added; leave empty what you do not need.",
    "Give no identifiers: the software does. Name the domain of a task by its title.",
    "Where the outline holds statements already, say on the sheet “Present statements” what "
    "should change and why; an empty verdict means that you did not look at the line.",
    "Comments and pictures are welcome; they are kept with your form. Send the file back as .xlsx.",
)


@dataclass(frozen=True)
class Change:
    """What one drafter wants changed of a statement that the outline holds."""

    statement_id: str
    verdict: str
    new_words: str
    reason: str
    by: str


@dataclass(frozen=True)
class Draft:
    """A draft that came back.

    Parameters
    ----------
    holder, round_number
        Whose it is, and of which round.
    drafted
        The statements in it.
    answers
        What it says of the role as a whole, by section.
    changes
        What should change of the present statements; those to keep are among them.
    unclear
        Lines that hold something but no statement, as they stand.
    form
        The form as it was read: what was ignored, assumed and commented.
    """

    holder: str
    round_number: int
    drafted: tuple[Drafted, ...]
    answers: Mapping[str, str]
    changes: tuple[Change, ...]
    unclear: tuple[str, ...]
    form: ReturnedForm


def draft_form(
    *,
    study_id: str,
    holder: str,
    round_number: int,
    present: Sequence[Mapping[str, object]] = (),
    version: str = "",
    date: datetime.date,
) -> bytes:
    """Return a workbook in which an expert or a group drafts the outline.

    Parameters
    ----------
    study_id, holder, round_number, version
        Written on the cover, so that it is known again.
    present
        Statements that the outline holds already: columns of `PRESENT`.
    date
        The date that the file carries.
    """
    title = f"Drafting the role, round {round_number}"
    facts = {ROUND: str(round_number)}
    cover = Cover(FORM, title, study_id, holder, version, _GUIDE, facts)
    asked = [{"section": name, "question": text} for name, text in QUESTIONS.items()]
    sheets = [
        FormSheet(_HOW, [dict(zip(_names(_HOW), rule, strict=True)) for rule in _RULES]),
        _blank(DOMAINS, "domain"),
        _blank(TASKS, "task"),
        _blank(KSA_SHEET, "KSA"),
        _blank(REQUIREMENT_SHEET, "requirement"),
        FormSheet(AUDIENCE, asked, inputs=("answer",)),
    ]
    if present:
        inputs = ("verdict", "new_words", "reason")
        sheets.append(FormSheet(PRESENT, present, inputs=inputs))
    return form_workbook(cover, sheets, date=date)


def read_draft(path: Path, *, study_id: str, known: Mapping[str, str]) -> Draft:
    """Read a draft.

    Parameters
    ----------
    path
        The workbook.
    study_id
        The study it has to belong to.
    known
        Words of the statements that the outline holds, by identifier.

    Raises
    ------
    InputError
        With every problem at once: another study, a missing sheet, words that are no verdict,
        identifiers that were changed, a change that says nothing.
    """
    sheets = [DOMAINS, TASKS, KSA_SHEET, REQUIREMENT_SHEET, AUDIENCE]
    form = read_form(path, [*sheets, PRESENT])
    without_present = [p for p in form.problems if known or p.place != PRESENT.name]
    problems = [*form.problems_of_study(study_id), *without_present]
    problems += [p for row in form.rows.get(PRESENT.name, ()) for p in _change_problems(row, known)]
    number = form.facts.get(ROUND, "")
    if not number.isdecimal():
        mend = "use the form as it was written"
        problems.append(Problem(path.name, "", f"round “{number}”", "the form's round", mend))
    if problems:
        raise InputError(problems)
    return Draft(
        form.holder,
        int(number),
        tuple(_drafted(form)),
        {
            row.text("section"): row.text("answer")
            for row in form.rows.get(AUDIENCE.name, ())
            if row.text("section") and row.text("answer")
        },
        tuple(_changes(form, known)),
        tuple(_unclear(form)),
        form,
    )


def _blank(sheet: Sheet, unit: Unit) -> FormSheet:
    """Return a sheet to be filled in from its first line."""
    return FormSheet(sheet, inputs=_names(sheet), blank_rows=_BLANK_ROWS[unit])


def _names(sheet: Sheet) -> tuple[str, ...]:
    """Return the names of a sheet's columns."""
    return tuple(column.name for column in sheet.columns)


def _lines(form: ReturnedForm) -> Iterator[tuple[Unit, str, Row]]:
    """Yield every line to be filled in: its kind, the column of its words, and the line."""
    wanted: tuple[tuple[Sheet, Unit, str], ...] = (
        (DOMAINS, "domain", "domain"),
        (TASKS, "task", "statement"),
        (KSA_SHEET, "KSA", "statement"),
        (REQUIREMENT_SHEET, "requirement", "statement"),
    )
    for sheet, unit, words in wanted:
        for row in form.rows.get(sheet.name, ()):
            yield unit, words, row


def _drafted(form: ReturnedForm) -> Iterator[Drafted]:
    """Yield every statement of a form."""
    for unit, words, row in _lines(form):
        if row.text(words):
            yield Drafted(
                unit,
                row.text(words),
                form.holder,
                row.places.get(words, ""),
                domain=row.text("domain") if unit == "task" else "",
                kind=row.text("kind"),
                remark=_remark(row, (words, "domain", "kind")),
            )


def _unclear(form: ReturnedForm) -> Iterator[str]:
    """Yield lines that hold something but no statement."""
    for _, words, row in _lines(form):
        if not row.text(words):
            yield f"{row.places.get(words, '')}: {_remark(row, (words,))}"


def _remark(row: Row, own: Sequence[str]) -> str:
    """Return what else stands in a row, each with its column's name."""
    rest = [name for name in row.values if name not in own and row.text(name)]
    return "; ".join(f"{name.replace('_', ' ')}: {row.text(name)}" for name in rest)


def _changes(form: ReturnedForm, known: Mapping[str, str]) -> Iterator[Change]:
    """Yield what is said of the present statements."""
    spelt = {name.casefold(): name for name in known}
    for row in form.rows.get(PRESENT.name, ()):
        if row.text("verdict"):
            name = spelt[row.text("statement_id").casefold()]
            words = row.text("new_words")
            yield Change(name, row.text("verdict"), words, row.text("reason"), form.holder)


def _change_problems(row: Row, known: Mapping[str, str]) -> Iterator[Problem]:
    """Yield what is wrong with a line about a present statement."""
    spelt = {name.casefold(): text for name, text in known.items()}
    name = row.text("statement_id")
    if not any(row.text(column) for column in ("verdict", "new_words", "reason")):
        return
    if name.casefold() not in spelt:
        mend = "restore the identifier as it was issued"
        yield row.problem("statement_id", "a statement of the outline", mend)
    elif row.text("statement") and row.text("statement") != spelt[name.casefold()]:
        mend = (
            "leave the words as they were and write others under new_words, or ask for a new form"
        )
        yield row.problem("statement", f"“{spelt[name.casefold()]}”", mend)
    if row.text("verdict") in (REWORD, MOVE) and not row.text("new_words"):
        wanted = "the new words" if row.text("verdict") == REWORD else "the domain to move it to"
        yield row.problem("new_words", wanted, "fill it in")
    if row.text("verdict") != KEEP and not row.text("reason"):
        yield row.problem("reason", "a reason for the change", "fill it in")
    if row.text("new_words") and not row.text("verdict"):
        yield row.problem("verdict", f"{REWORD} or {MOVE}", "choose one")
