"""The sheet “Read me”: what the workbook is, and what may be done with it."""

from __future__ import annotations

from typing import Any

from rds.documents.blueprint_workbook.page import BODY, Column, begin, print_as
from rds.documents.blueprint_workbook.plan import Plan
from rds.documents.blueprint_workbook.theme import Styles
from rds.documents.blueprint_workbook.words import CLAIMS, RESTRICTED
from rds.settings import StudySection

SHEET = "Read me"
_SHEETS = (
    ("Summary", "The plan on one page: percent of the exam and items of each domain."),
    ("Blueprint", "Items by domain and cognitive level, with checks and every step of rounding."),
    ("Tasks", "Every task: its ratings, its rank, its percent of the exam. Filters work."),
    ("Method", "How ratings became items; what is withheld, assumed or left out; words used."),
)
_KEYS = (
    ("input", "100", "A cell that may be changed: pale yellow with a thick frame, and “may be "
     "changed” beside it. There is one: the exam length on the sheet Blueprint."),
    ("header", "Header", "White on dark blue: names of columns."),
    ("total", "Total", "Bold on grey-blue: totals."),
    ("good", "OK", "A check that holds says OK."),
    ("bad", "3 short", "A check that fails says by how much, in bold on pale red. A changed exam "
     "length is announced in the same way, with the word PREVIEW."),
    ("muted", "dropped", "Grey italics: a task that carries no weight; the column Retained says "
     "dropped."),
    ("cell", "–", "A number that does not apply or is withheld; the sheet Method says why."),
)  # fmt: skip


def write_read_me(workbook: Any, study: StudySection, plan: Plan, style: Styles) -> None:
    """Write the sheet."""
    title = f"{plan.credential}: blueprint workbook"
    page = begin(workbook, SHEET, plan, style, title=title, widths=(24.0, 100.0))
    row = BODY
    for label, text in _facts(study, plan):
        page.paragraph(row, text, first=1)
        page.put(row, 0, label, "bold", "paragraph")
        row += 1
    row = page.line(row + 1, "The sheets", "heading", height=22)
    row = page.table(row, (Column("Sheet", ("bold",)), Column("What it shows", ("wrap",))), _SHEETS)
    row = page.line(row + 1, "What colours and signs mean", "heading", height=22)
    columns = (Column("Looks like this", ()), Column("Meaning", ("wrap",)))
    page.table(row, columns, [(sample, meaning) for _, sample, meaning in _KEYS])
    for offset, (name, sample, _) in enumerate(_KEYS, start=1):
        page.put(row + offset, 0, sample, "cell", name, "locked", "centre")
    print_as(page, plan, row + len(_KEYS), on_one_page=True)


def _facts(study: StudySection, plan: Plan) -> list[tuple[str, str]]:
    """Return what the workbook is, as labels and texts."""
    facts = [
        (
            "What this is",
            f"The test specifications that the study “{study.title or plan.credential}” proposes: "
            "how many items of the exam each domain and each cognitive level gets, and what these "
            "numbers rest on.",
        ),
        ("Credential", study.credential),
        ("Sponsor", study.sponsor),
        ("Purpose", study.purpose),
        (
            "Status",
            "DRAFT. Nobody has approved it yet; numbers may still change. It replaces nothing "
            "until it has been approved and a date has been set.",
        ),
        ("Date", f"{plan.date.isoformat()}; planned to take effect {study.effective.isoformat()}"),
        ("What may be changed", _changes(plan)),
        (
            "What is locked",
            "Everything else, without a password: it guards against slips, not against intent. "
            "Column widths and filters stay usable. Changes belong in the study, not in this "
            "file.",
        ),
        ("Who may see it", RESTRICTED),
        ("What it does not say", CLAIMS),
    ]
    return [(label, text) for label, text in facts if text]


def _changes(plan: Plan) -> str:
    """Say which cells may be changed."""
    if plan.domains_live:
        return (
            "One cell: the exam length, on the sheet Blueprint. All items follow at once, and a "
            f"line says PREVIEW until the length is the issued one again, {plan.length}."
        )
    return "Nothing: this workbook cannot recompute the items; the sheet Blueprint says why."
