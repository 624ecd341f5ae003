"""The form on which an SME or an outside reviewer judges, and the reader of what comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rds.columns import Sheet
from rds.documents.form_book import COVER, Cover, form_workbook
from rds.documents.form_reader import ReturnedForm, form_facts, read_form
from rds.documents.judgement_lines import Line, lines_of, reworded
from rds.documents.judgement_percents import allocated, percents
from rds.documents.judgement_sheets import FINDINGS, PROPOSALS, judgement_sheets
from rds.errors import InputError, Problem
from rds.outline.judgements import Ask, Judged
from rds.outline.judging_work import MINUTES_TO_BEGIN, minutes

PANEL_FORM = "judgements of the panel"
REVIEW_FORM = "independent review"
ROUND = "Round"
"""The fact that says which round a form belongs to."""

_STEPS: Mapping[str, str] = {
    "sorting": "Sorting: first of all, name for each task the domain where you would look for it.",
    "relevance": "Relevance: say how relevant each statement is for the role, from 1 to 4.",
    "levels": "Cognitive levels: say what an exam item on each task would have to ask for.",
    "links": "Links: go down the column of each task and write 1, 2 or 3 beside the KSAs that it "
    "needs. What stays empty counts as not needed; a task with an empty column counts as not "
    "judged. Write a 0 somewhere for a task that needs none of them.",
    "percents": "Domain percents: share 100 percent of the exam out over the domains.",
    "ratings": "Ratings: answer the survey's own questions, as the practitioner you are.",
}


@dataclass(frozen=True)
class Issued:
    """One person's form, as it was issued.

    Parameters
    ----------
    study_id, holder, round
        Which study, whose, which round.
    ask
        What it asks.
    tasks
        The tasks whose links it asks for.
    proposals
        What stood there already.
    review
        Whether it is an outside reviewer's.
    """

    study_id: str
    holder: str
    round: int
    ask: Ask
    tasks: tuple[str, ...]
    proposals: Mapping[Judged, str]
    review: bool = False

    @property
    def form(self) -> str:
        """What the form calls itself."""
        return REVIEW_FORM if self.review else PANEL_FORM


@dataclass(frozen=True)
class Finding:
    """What an outside reviewer found: about which statement, what, and what to do."""

    statement_id: str
    finding: str
    suggestion: str


@dataclass(frozen=True)
class JudgementForm:
    """A form of judgements that came back.

    Parameters
    ----------
    judgements
        Value by place of the judgement; the level 0 stands for links left empty in a task that
        was judged.
    comments
        What was said: place (a statement, or a cell), and the words.
    findings
        A reviewer's findings.
    remarks
        What was assumed or put right, in sentences.
    """

    judgements: Mapping[Judged, str]
    comments: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    remarks: tuple[str, ...]


def judgement_form(issued: Issued, *, title: str, on: date) -> bytes:
    """Return a workbook to judge in.

    Parameters
    ----------
    issued
        Whose it is and what it asks.
    title
        The study's title.
    on
        The date that the file carries.
    """
    what = "Independent review" if issued.review else "Judgements of the panel"
    cover = Cover(
        issued.form,
        f"{what}, round {issued.round}",
        issued.study_id,
        issued.holder,
        version=issued.ask.version,
        guide=tuple(_guide(issued)),
        facts={ROUND: str(issued.round), "Role": title, "Time": _time(issued)},
    )
    return form_workbook(cover, _sheets(issued), date=on)


def round_of(path: Path) -> tuple[str, str, str]:
    """Return which round a form says it belongs to, whose it is, and of which version."""
    facts = form_facts(path)
    return facts.get(ROUND, ""), facts.get("For", ""), facts.get("Version", "")


def read_judgement_form(path: Path, issued: Issued) -> JudgementForm:
    """Read a form of judgements.

    Parameters
    ----------
    path
        The workbook.
    issued
        The form as it was issued.

    Raises
    ------
    InputError
        With every problem at once: another study, another version, changed identifiers, values
        off their scale, percentages far from 100, statements that nobody asked about.
    """
    sheets = [own.sheet for own in _sheets(issued)]
    form = read_form(path, sheets)
    problems = [*form.problems_of_study(issued.study_id), *form.problems]
    problems += _of_another(form, issued)
    lines, wrong = lines_of(form, issued.ask, issued.tasks)
    problems += [*wrong, *_unknown_columns(form, sheets)]
    shares, remarks, wrong = percents(form.rows)
    problems += wrong
    more, wrong = allocated(form.rows, issued.ask)
    problems += wrong
    if problems:
        raise InputError(dict.fromkeys(problems))
    judged = _counted({**{line.place: line.value for line in lines}, **shares}, form, issued)
    return JudgementForm(
        judgements=judged,
        comments=tuple(_comments(form, lines, issued.ask)),
        findings=tuple(_findings(form)),
        remarks=(*remarks, *more, *_left_proposals(issued, form), *form.assumed, *_ignored(form)),
    )


def _sheets(issued: Issued) -> list[Any]:
    """Return the sheets of a form."""
    return judgement_sheets(
        issued.ask,
        tasks=issued.tasks,
        seed=f"{issued.study_id} {issued.round} {issued.holder}",
        proposals=issued.proposals,
        findings=issued.review,
    )


def _guide(issued: Issued) -> Iterator[str]:
    """Yield what to do, step by step."""
    yield "Judge by yourself, before you talk about it with others; there are no right answers."
    yield from (_STEPS[part] for part in issued.ask.parts)
    if issued.proposals:
        yield (
            "Numbers and words in grey italics are proposals. Change what you see otherwise, then "
            f"say on the sheet {PROPOSALS} that you went through them."
        )
    if issued.review:
        yield f"{FINDINGS}: write down, line by line, what the board should look into."
    yield "Leave empty what you cannot judge. You may sort whole rows and add comments."
    yield "Change neither identifiers nor statements. Save the file as .xlsx and hand it back."


def _time(issued: Issued) -> str:
    """Say how long the form takes, part by part."""
    own = minutes(issued.ask, issued.tasks)
    parts = ", ".join(f"{part} {n}" for part, n in own.items())
    return f"about {MINUTES_TO_BEGIN + sum(own.values())} minutes ({parts})"


def _of_another(form: ReturnedForm, issued: Issued) -> Iterator[Problem]:
    """Yield a problem if the cover was changed since the form was issued."""
    stated = (form.facts.get("Form"), form.holder, form.facts.get(ROUND), form.version)
    wanted = (issued.form, issued.holder, str(issued.round), issued.ask.version)
    for found, own in zip(stated, wanted, strict=True):
        if found != own:
            mend = "use the form as it was written"
            yield Problem(form.file, COVER, f"“{found or ''}”", f"“{own}”", mend)


def _unknown_columns(form: ReturnedForm, sheets: Sequence[Sheet]) -> Iterator[Problem]:
    """Yield a problem for each column that was added to a grid of links and looks like a task."""
    grids = [sheet.name for sheet in sheets if sheet.name.startswith("Links ")]
    for text in form.ignored:
        name, _, sheet = text.removeprefix("column “").partition("” of sheet “")
        if sheet.removesuffix("”") in grids and name.isalnum() and name[-1].isdigit():
            wanted = "the tasks that the form asks about"
            place = f"{sheet.removesuffix('”')}, row 1"
            mend = "remove the column; add the task to the outline and write new forms"
            yield Problem(form.file, place, f"links to “{name}”", wanted, mend)


def _counted(judged: Mapping[Judged, str], form: ReturnedForm, issued: Issued) -> dict[Judged, str]:
    """Leave out proposals that stand as they were, in parts that nobody went through."""
    left = _not_gone_through(issued, form)
    if not left:
        return dict(judged)

    def whole(place: Judged) -> tuple[str, str]:
        part, name, _ = place
        return part, "" if part == "percents" else name

    changed = {
        whole(place)
        for place, value in judged.items()
        if value != issued.proposals.get(place, "0" if place[0] == "links" else "")
    }
    return {
        place: value
        for place, value in judged.items()
        if place[0] not in left or whole(place) in changed
    }


def _not_gone_through(issued: Issued, form: ReturnedForm) -> set[str]:
    """Return the parts with proposals that their reader did not say to have gone through."""
    done = {
        row.text("part")
        for row in form.rows.get(PROPOSALS, ())
        if row.values.get("gone_through") is True
    }
    return {part for part, _, _ in issued.proposals} - done


def _left_proposals(issued: Issued, form: ReturnedForm) -> Iterator[str]:
    """Say which proposals do not count as judgements."""
    left = [part for part in issued.ask.parts if part in _not_gone_through(issued, form)]
    if left:
        yield (
            f"Nobody confirmed the proposals for {', '.join(left)}: only what was changed counts "
            f"(sheet {PROPOSALS})."
        )


def _comments(form: ReturnedForm, lines: Sequence[Line], ask: Ask) -> Iterator[tuple[str, str]]:
    """Yield what people said: in columns for it, as notes on cells, by rewording statements."""
    for rows in form.rows.values():
        for row in rows:
            if row.text("comment"):
                names = ("statement_id", "task_id", "domain_id")
                yield next(row.text(n) for n in names if row.text(n)), row.text("comment")
    yield from form.comments
    yield from reworded(form, ask)


def _findings(form: ReturnedForm) -> Iterator[Finding]:
    """Yield what a reviewer found."""
    for row in form.rows.get(FINDINGS, ()):
        if row.text("finding"):
            yield Finding(row.text("statement_id"), row.text("finding"), row.text("suggestion"))


def _ignored(form: ReturnedForm) -> Iterator[str]:
    """Say what was added to the form and is kept in the file only."""
    if form.ignored:
        yield f"Kept in the file, and not read: {', '.join(form.ignored)}."
