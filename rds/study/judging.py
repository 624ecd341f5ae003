"""Forms for the panel and for outside reviewers to judge on: issued round by round."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from rds.documents.judgement_form import PANEL_FORM, REVIEW_FORM, judgement_form
from rds.errors import InputError, Problem, nearest
from rds.files import write_atomically
from rds.outline.judgements import PARTS, Ask, Judged, empty_parts
from rds.outline.judging_work import MINUTES_TO_BEGIN, minutes, people_per_task, share_work
from rds.study.folder import copy_problems
from rds.study.form_kinds import FormKind, FormsIssued, FormWishes
from rds.study.guard import lock
from rds.study.judgement_store import who_answered
from rds.study.judgements import receive_judgements
from rds.study.judging_rounds import Round, Who, asked_now, read_rounds, write_round
from rds.study.study import Study

FIRST_REVIEWER = "REV1"
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9]{0,9}")


def issue_judgement_forms(
    study: Study,
    *,
    who: Who = "judgements",
    parts: Sequence[str] = (),
    people: Sequence[str] = (),
    prefill: bool = False,
) -> FormsIssued:
    """Write the forms of a round of judgements.

    Forms join the last round as long as it asks the same and none of their holders has answered
    in it; otherwise a new round begins. A form that lies there already stays as it is.

    Parameters
    ----------
    study
        The study, opened.
    who
        The panel, or outside reviewers.
    parts
        What to ask: of `PARTS`; without it everything the outline has statements for, of reviewers
        the relevance.
    people
        SMEs of the sheet Panel; without it all who served. Or reviewers, by any identifier.
    prefill
        Let links, levels and percentages of the outline stand in the forms as proposals.

    Raises
    ------
    InputError
        When there is no panel, or somebody or a part is not known.
    """
    problems = [
        *copy_problems(study.folder),
        *_unknown_parts(parts),
        *_wrong_people(study, who, people),
    ]
    if problems:
        raise InputError(problems)
    holders = _holders(study, who, people)
    chosen = tuple(parts) or (("relevance",) if who == "independent" else ())
    ask = asked_now(study, chosen)
    if empty_parts(ask) or not ask.parts:
        found = f"nothing to ask about for {', '.join(empty_parts(ask)) or 'any part'}"
        mend = "fill in the outline first, or ask for other parts with --part"
        raise InputError([Problem("study.xlsx", "", found, "statements to judge", mend)])
    proposals = _proposals(study, ask) if prefill else {}
    if prefill and not proposals:
        found = "no links, levels or percentages in the outline for what is asked"
        mend = "fill in Linkage, cognitive_level or panel_percent, or leave --prefill out"
        raise InputError([Problem("rds form", "--prefill", found, "proposals", mend)])
    with lock(study.folder.root):
        one = _round(study, who, ask, holders, proposals)
        written = _write(study, one, holders)
    return FormsIssued(written, tuple(_remarks(study, one, holders)), file="FORM.xlsx")


def panel(study: Study) -> tuple[str, ...]:
    """Return the SMEs who serve: those of the sheet Panel that it does not say “no” of."""
    rows = study.rows.get("Panel", ())
    return tuple(row.text("sme_id") for row in rows if row.values.get("served") is not False)


def _holders(study: Study, who: Who, people: Sequence[str]) -> list[str]:
    """Return whose forms to write."""
    if who == "independent":
        return list(dict.fromkeys(people)) or [FIRST_REVIEWER]
    wanted = {name.casefold() for name in people}
    return [name for name in panel(study) if not wanted or name.casefold() in wanted]


def _unknown_parts(parts: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for each part that there is not."""
    for part in parts:
        if part not in PARTS:
            close = nearest(part, PARTS)
            mend = f"write “{close}”" if close else "choose one of them"
            yield Problem("rds form", "--part", f"“{part}”", f"one of {', '.join(PARTS)}", mend)


def _wrong_people(study: Study, who: Who, people: Sequence[str]) -> Iterator[Problem]:
    """Yield a problem for each person who cannot have a form."""
    served = {name.casefold(): name for name in panel(study)}
    if who == "judgements" and not served:
        mend = "fill in the sheet Panel: sme_id and whether they served"
        yield Problem("study.xlsx", "Panel", "no SME who serves", "at least one", mend)
        return
    for name in people:
        known = name.casefold() in served
        if who == "judgements" and not known:
            close = nearest(name, served.values())
            mend = f"write “{close}”" if close else "add them to the sheet Panel"
            yield Problem("rds form", "--for", f"“{name}”", "an SME of the sheet Panel", mend)
        elif who == "independent" and (known or not _IDENTIFIER.fullmatch(name)):
            wanted = "an outside reviewer: a letter, then letters and digits, and no SME"
            yield Problem("rds form", "--for", f"“{name}”", wanted, "write, for example, REV1")


def _round(
    study: Study, who: Who, ask: Ask, holders: Sequence[str], proposals: dict[Judged, str]
) -> Round:
    """Return the last round with these people in it, or a new one."""
    known = read_rounds(study.folder, who)
    last = known[-1] if known else None
    answered = who_answered(study.folder, who, last.number) if last else set()
    if (
        last is not None
        and (last.ask, dict(last.proposals)) == (ask, proposals)
        and answered.isdisjoint(holders)
    ):
        new = [name for name in holders if name not in last.tasks]
        return replace(last, tasks={**last.tasks, **_shares(study, ask, new, given=last)})
    shares = _shares(study, ask, holders, given=None)
    return Round(who, last.number + 1 if last else 1, ask, shares, proposals)


def _shares(
    study: Study, ask: Ask, people: Sequence[str], *, given: Round | None
) -> dict[str, tuple[str, ...]]:
    """Return the tasks whose links each person judges."""
    if "links" not in ask.parts or not people:
        return dict.fromkeys(people, ())
    section = study.settings.judgements
    per_task = people_per_task(
        len(ask.tasks),
        len(ask.ksas),
        len(people),
        fewest=section.smes_per_link,
        largest_share=section.links_per_sme,
    )
    own = None if given is None else given.tasks
    return share_work(list(ask.tasks), people, per_task=per_task, given=own)


def _proposals(study: Study, ask: Ask) -> dict[Judged, str]:
    """Return what the outline proposes for what is asked."""
    found: dict[Judged, str] = {}
    if "levels" in ask.parts:
        known = {task.task_id: task.cognitive_level for task in study.outline.tasks}
        found |= {("levels", n, ""): known[n] for n in ask.tasks if known[n] in ask.levels}
    if "links" in ask.parts:
        found |= {
            ("links", link.task_id, link.ksa_id): str(link.level)
            for link in study.outline.links
            if link.task_id in ask.tasks and link.ksa_id in ask.ksas
        }
    if "percents" in ask.parts:
        percents = {d.domain_id: d.panel_percent for d in study.outline.domains}
        given = {n: percents[n] for n in ask.domains}
        if all(value is not None for value in given.values()):
            found |= {("percents", n, ""): f"{value:.12g}" for n, value in given.items()}
    return found


def _write(study: Study, one: Round, holders: Sequence[str]) -> tuple[Path, ...]:
    """Write the forms that do not lie there yet, and what the round asks."""
    place = one.place(study.folder)
    place.mkdir(parents=True, exist_ok=True)
    section = study.settings.study
    for name in holders:
        path = place / f"{name}.xlsx"
        if not path.exists():
            issued = one.issued(name, section.id)
            title = section.practitioner or section.title
            write_atomically(path, judgement_form(issued, title=title, on=section.opened))
    write_round(study.folder, one)
    return tuple((place / f"{name}.xlsx").relative_to(study.folder.root) for name in holders)


def _remarks(study: Study, one: Round, holders: Sequence[str]) -> Iterator[str]:
    """Yield what has to be said of the forms: time, shares of the work, what proposals do."""
    times = {n: MINUTES_TO_BEGIN + sum(minutes(one.ask, one.tasks[n]).values()) for n in holders}
    low, high = min(times.values()), max(times.values())
    span = f"{low}" if low == high else f"{low} to {high}"
    yield f"Round {one.number}: {', '.join(one.ask.parts)}. Each form takes about {span} minutes."
    counts = [sum(task in own for own in one.tasks.values()) for task in one.ask.tasks]
    if "links" in one.ask.parts and min(counts) < len(one.tasks):
        yield (
            f"The links are split: each SME judges {len(one.tasks[holders[0]])} of "
            f"{len(one.ask.tasks)} tasks, each task is judged by {min(counts)} SMEs or more."
        )
    fewest = study.settings.judgements.smes_per_link
    if one.who == "judgements" and len(one.tasks) < fewest:
        yield (
            f"{len(one.tasks)} SMEs have forms; below {fewest} most statistics of agreement are "
            "withheld."
        )
    if one.proposals:
        yield "The forms hold proposals, which draw judgements to them: agreement will look better."


def _issue_to_panel(study: Study, wishes: FormWishes) -> FormsIssued:
    """Write the panel's forms."""
    return issue_judgement_forms(
        study, parts=wishes.parts, people=wishes.people, prefill=wishes.prefill
    )


def _issue_to_reviewers(study: Study, wishes: FormWishes) -> FormsIssued:
    """Write the forms of outside reviewers."""
    return issue_judgement_forms(study, who="independent", parts=wishes.parts, people=wishes.people)


JUDGE = FormKind(
    "judge",
    "what the panel judges: relevance, links, levels, percentages, sorting, ratings",
    _issue_to_panel,
    wishes=("parts", "people", "prefill"),
    form=PANEL_FORM,
    receive=receive_judgements,
)
INDEPENDENT = FormKind(
    "independent",
    "what outside reviewers judge, and what they find",
    _issue_to_reviewers,
    wishes=("parts", "people"),
    form=REVIEW_FORM,
    receive=receive_judgements,
)
