"""A round of drafts as a panel might have written them: issued, filled in, received, decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from rds.demo.phase_one import sheet_rows
from rds.documents.filled_form import Answers, Lines, fill_in
from rds.documents.proposal_workbook import ROLE, WHY
from rds.study.acceptance import ACCEPTED, ProposalReceived, receive_proposal
from rds.study.drafts import PROPOSED, issue_drafts, receive_draft
from rds.study.folder import STUDY_WORKBOOK
from rds.study.form_kinds import FormWishes
from rds.study.study import Study

DECIDED = datetime(2026, 4, 11, 17, tzinfo=UTC)
"""When the demonstration's proposal is said to have been decided."""

DECIDED_BY = "panel chair (simulated)"
SIMULATED_DRAFT = "Nobody wrote this draft: it was made up for the demonstration."
SIMULATED_DECISION = (
    "SIMULATED: proposals and decisions were made up for the demonstration; nobody met."
)

_SHEETS = {
    "domain": ("Domains", "Domains", "title"),
    "task": ("Tasks", "Tasks", "statement"),
    "KSA": ("Knowledge and skills", "KSAs", "statement"),
    "requirement": ("Requirements", "Requirements", "statement"),
}
"""By kind of statement: its sheets in draft and proposal, and the column of its words."""

Rows = Sequence[Mapping[str, object]]


@dataclass(frozen=True)
class DraftRound:
    """What a panel wrote in a round of drafts, and what became of it.

    Parameters
    ----------
    drafts
        Statements: ``by``, ``unit``, ``domain``, ``kind``, ``statement``, ``needed_for``.
    changes
        Verdicts on present statements: ``by``, ``statement_id``, ``verdict``, ``new_words``,
        ``reason``; and what became of them: ``decision``, ``because``.
    decisions
        What became of the statements: ``unit``, ``statement``, ``decision``, ``into``,
        ``wording``, ``reason``.
    role
        What was said of the role as a whole, by author and section.
    texts
        What holds of the role, by section.
    """

    drafts: Rows
    changes: Rows
    decisions: Rows
    role: Mapping[str, Mapping[str, str]]
    texts: Mapping[str, str]

    @property
    def authors(self) -> tuple[str, ...]:
        """Whose drafts came back, in order."""
        return tuple(sorted({str(row["by"]) for row in (*self.drafts, *self.changes)}))


def massachusetts_drafts() -> DraftRound:
    """Return the drafts of the Massachusetts demonstration.

    Examples
    --------
    >>> made = massachusetts_drafts()
    >>> len(made.authors), "SME10" in made.authors, len(made.drafts)
    (13, False, 30)
    """
    return DraftRound(
        sheet_rows("massachusetts_drafts"),
        sheet_rows("massachusetts_draft_changes"),
        sheet_rows("massachusetts_draft_decisions"),
        role={
            "SME06": {"Not the role": "We do not hand out medicines or write clinical notes."},
            "SME13": {"Not the role": "No therapy, no case management, no transport service."},
        },
        texts={
            "Not the role": "Diagnosing, prescribing, looking after medication, managing cases, "
            "transport, and supervising others belong to other roles."
        },
    )


def draft_outline(folder: Path, made: DraftRound) -> ProposalReceived:
    """Hold a round of drafts in a study, from the forms to the outline that takes it up.

    Forms go out to everybody who serves; those of `made` are filled in and received, the proposal
    is decided line by line, recorded, and the workbook with what was accepted takes the place of
    the old one.
    """
    study = Study.open(folder)
    issue_drafts(study, FormWishes())
    opened = study.settings.study.opened
    with TemporaryDirectory() as scratch:
        for author in made.authors:
            name = f"{author}.xlsx"
            issued, filled = folder / "forms" / "drafts-1" / name, Path(scratch, name)
            fill_in(
                issued,
                filled,
                nature=SIMULATED_DRAFT,
                lines=_lines(made, author),
                answers=_answers(made, author),
                date=opened,
            )
            receive_draft(study, filled, propose=author == made.authors[-1])
    proposal = folder / PROPOSED
    fill_in(proposal, proposal, nature=SIMULATED_DECISION, answers=_decided(made), date=opened)
    received = receive_proposal(study, proposal, now=DECIDED)
    (folder / ACCEPTED).replace(folder / STUDY_WORKBOOK)
    return received


def _lines(made: DraftRound, author: str) -> Lines:
    """Return the statements that one member writes, by sheet of the form."""
    lines: dict[str, list[Mapping[str, object]]] = {}
    for row in made.drafts:
        if row["by"] == author:
            sheet = _SHEETS[str(row["unit"])][0]
            words = "domain" if row["unit"] == "domain" else "statement"
            own = {name: row[name] for name in ("domain", "kind", "needed_for") if row.get(name)}
            lines.setdefault(sheet, []).append({**own, words: row["statement"]})
    return lines


def _answers(made: DraftRound, author: str) -> Answers:
    """Return what one member says of present statements and of the role."""
    return {
        ("Present statements", "statement_id"): {
            str(row["statement_id"]): _cells(row, "verdict", "new_words", "reason")
            for row in made.changes
            if row["by"] == author
        },
        ("The role", "section"): {
            section: {"answer": text} for section, text in made.role.get(author, {}).items()
        },
    }


def _decided(made: DraftRound) -> Answers:
    """Return what is written into the proposal."""
    answers: dict[tuple[str, str], dict[str, dict[str, object]]] = {
        ("Changes", "statement_id"): {
            str(row["statement_id"]): {
                "decision": row["decision"],
                "reason": row["because"],
            }
            for row in made.changes
            if row.get("decision")
        },
        ("The role", "section"): {name: {"text": text} for name, text in made.texts.items()},
        ("Acceptance", "what"): {
            ROLE: {"answer": DECIDED_BY},
            WHY: {"answer": SIMULATED_DECISION},
        },
    }
    for row in made.decisions:
        _, sheet, words = _SHEETS[str(row["unit"])]
        own = answers.setdefault((sheet, words), {})
        own[str(row["statement"])] = _cells(row, "decision", "into", "wording", "reason")
    return answers


def _cells(row: Mapping[str, object], *names: str) -> dict[str, object]:
    """Return some cells of a row, those that are filled."""
    return {name: row[name] for name in names if row.get(name)}
