"""The sheet “Read me”: what the workbook is, which version, and what may be done with it."""

from __future__ import annotations

from typing import Any

from rds.documents.blueprint_workbook.inputs import (
    FINGERPRINT,
    NO_FINGERPRINT,
    NOT_NUMBERED,
    READ_ME,
    STUDY,
    VERSION,
)
from rds.documents.blueprint_workbook.page import BODY, Column, Page, begin, print_as
from rds.documents.blueprint_workbook.plan import Plan
from rds.documents.blueprint_workbook.theme import Styles
from rds.documents.blueprint_workbook.words import CLAIMS, RESTRICTED, WORDS
from rds.settings import StudySection

SHEET = READ_ME
_SHEETS = (
    ("Summary", "The plan on one page: percent of the exam and items of each domain."),
    ("Blueprint", "Items by domain and cognitive level: to be changed, with sums and checks."),
    ("Tasks", "Every task: what respondents said, what the rule says, and your decision."),
    ("Weights", "The declared choice, and what other choices would give. To be read only."),
    ("Differences", "Where panel and field lie far apart, and how that is resolved."),
    ("Comments", "Points, motions and votes."),
    ("Sign-off", "What each role decides about this version."),
)
_KEYS = (
    ("entry", "100", "A cell that may be changed: pale yellow with a dark frame, under the words "
     "“may be changed”."),
    ("header", "Header", "White on dark blue: names of columns. Leave them as they are."),
    ("total", "Total", "Bold on grey-blue: totals, and on the sheet Weights what was decided."),
    ("good", "OK", "A check that holds says OK."),
    ("bad", "3 short", "A check that fails says by how much, in bold on pale red. Whatever was "
     "changed is announced in the same way, with the word PREVIEW, until the file has been "
     "received."),
    ("muted", "dropped", "Grey italics: a task that carries no weight; its status says dropped."),
    ("cell", "–", "A number that does not apply or is withheld; details.xlsx says why."),
)  # fmt: skip


_RETURN = (
    "Save it as .xlsx under any name and return it. “rds receive” reads it, compares it with what "
    "was issued, and shows every difference before anything is accepted."
)


def write_read_me(workbook: Any, study: StudySection, plan: Plan, style: Styles) -> None:
    """Write the sheet."""
    title = f"{plan.credential}: blueprint workbook"
    page = begin(workbook, SHEET, plan, style, title=title, widths=(26.0, 122.0))
    row = page.paragraph(BODY, _state(plan), "preview")
    page.sheet.set_row(BODY, 26)
    for label, text in (*_identity(study, plan), *_facts(study, plan)):
        page.paragraph(row, text, first=1)
        page.put(row, 0, label, "bold", "paragraph")
        row += 1
    page.sheet.set_h_pagebreaks([row + 1])
    row = page.line(row + 1, "The sheets", "heading", height=22)
    row = page.table(row, (Column("Sheet", ("bold",)), Column("What it shows", ("wrap",))), _SHEETS)
    row = page.line(row + 1, "What colours and signs mean", "heading", height=22)
    row = _write_keys(page, row)
    row = page.line(row + 1, "Words", "heading", height=22)
    columns = (Column("Word", ("bold", "wrap")), Column("Meaning", ("wrap",)))
    row = page.table(row, columns, list(WORDS.items()))
    print_as(page, plan, row - 1)


def _write_keys(page: Page, row: int) -> int:
    """Write what colours and signs mean; return the next row."""
    columns = (Column("Looks like this", ()), Column("Meaning", ("wrap",)))
    after = page.table(row, columns, [(sample, meaning) for _, sample, meaning in _KEYS])
    for offset, (name, sample, _) in enumerate(_KEYS, start=1):
        page.put(row + offset, 0, sample, "cell", name, "locked", "centre")
    return after


def _state(plan: Plan) -> str:
    """Say in large letters whether this version is approved."""
    version = plan.version
    number = "" if version.number is None else f", version {version.number}"
    if version.approved_on is not None:
        return f"APPROVED{number}, on {version.approved_on.isoformat()}"
    return f"DRAFT{number}: not approved"


def _identity(study: StudySection, plan: Plan) -> list[tuple[str, str]]:
    """Return what tells this copy from others; a returned copy is recognised by these cells."""
    version = plan.version
    number = NOT_NUMBERED if version.number is None else str(version.number)
    return [
        (STUDY, study.id or "–"),
        (VERSION, number),
        (FINGERPRINT, version.fingerprint or NO_FINGERPRINT),
        ("Date", plan.date.isoformat()),
    ]


def _facts(study: StudySection, plan: Plan) -> list[tuple[str, str]]:
    """Return what the workbook is, as labels and texts."""
    facts = [
        (
            "What this is",
            f"The test specifications that the study “{study.title or plan.credential}” proposes: "
            "how many items of the exam each domain and each cognitive level gets, and what these "
            "numbers rest on. The file details.xlsx shows every number behind it.",
        ),
        ("Credential", study.credential),
        ("Sponsor", study.sponsor),
        ("Purpose", study.purpose),
        ("Status", _status(plan)),
        ("Takes effect", f"planned for {study.effective.isoformat()}"),
        ("What may be changed", _changes(plan)),
        (
            "What is locked",
            "Everything else, without a password: it guards against slips, not against intent. "
            "Column widths and filters stay usable.",
        ),
        (
            "How to sort",
            "Filters work at once. To sort, first choose Review, Unprotect Sheet (Excel), or "
            "Tools, Protect Sheet (LibreOffice); there is no password. Rows may be sorted and "
            "columns moved: a copy is read by its identifiers and headers; leave those in place.",
        ),
        ("How it comes back", "" if plan.version.is_approved else _RETURN),
        (
            "What a fingerprint is",
            "It tells two states of the study apart: settings, outline, answers and decisions that "
            "this file was made from. Approvals name it.",
        ),
        ("Who may see it", RESTRICTED),
        ("What it does not say", CLAIMS),
    ]
    return [(label, text) for label, text in facts if text]


def _status(plan: Plan) -> str:
    """Say what the state of this version means."""
    if plan.version.approved_on is not None:
        return (
            f"APPROVED on {plan.version.approved_on.isoformat()}. It stays as it is; whatever is "
            "changed from here on is a new version."
        )
    return (
        "DRAFT. Nobody has approved it yet; numbers may still change. It replaces nothing until it "
        "has been approved and a date has been set."
    )


def _changes(plan: Plan) -> str:
    """Say which cells may be changed."""
    if plan.version.is_approved:
        return "Nothing: this version is approved."
    return (
        "Exam length and items on the sheet Blueprint, decisions on Tasks, resolutions on "
        "Differences, everything on Comments and Sign-off; beside each the reason. Nothing counts "
        "until the file has been received: until then a line says PREVIEW."
    )
