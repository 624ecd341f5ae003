"""Where a study stands, and what to do next."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from rds.errors import InputError
from rds.files import sha256_of_file
from rds.outline.build import is_empty_outline
from rds.study.codings import coding_files, open_write_ins
from rds.study.drafts import PROPOSED, open_drafts
from rds.study.forms import issued_instruments, unrehearsed
from rds.study.outputs import MANIFEST
from rds.study.review_state import MEETING, awaited_copies, open_review, undecided_lines
from rds.study.sources import PUBLISHED, Source
from rds.study.study import Study


@dataclass(frozen=True)
class Status:
    """Where a study stands.

    Parameters
    ----------
    title, study_id
        The study.
    scope, survey, blueprint
        One sentence about each phase.
    decisions
        Decisions that hold, one line each.
    open_matters
        What waits for a decision, one line each.
    problems
        Number of problems that `rds check` lists.
    due
        When the study is to be redone.
    next_step
        What to do next, in words; `next_command` ready to paste.
    """

    title: str
    study_id: str
    scope: str
    survey: str
    blueprint: str
    decisions: tuple[str, ...]
    open_matters: tuple[str, ...]
    problems: int
    due: str
    next_step: str
    next_command: str

    def as_dict(self) -> dict[str, Any]:
        """Return everything for machines."""
        return asdict(self)


def status(study: Study) -> Status:
    """Say where a study stands; works on a folder with problems too."""
    settings = study.settings_or_none
    step, command = _next(study)
    return Status(
        title=settings.study.title if settings else "",
        study_id=settings.study.id if settings else "",
        scope=_scope(study),
        survey=_survey(study),
        blueprint=_blueprint(study),
        decisions=tuple(
            f"{entry.sequence}: {entry.subject} = {entry.value} ({entry.role}: {entry.reason})"
            for entry in study.decisions.values()
        ),
        open_matters=(
            *open_drafts(study),
            *_open_matters(study),
            *open_write_ins(study),
            *awaited_copies(study),
            *open_review(study),
        ),
        problems=sum(problem.severity == "error" for problem in study.problems),
        due=_due(study),
        next_step=step,
        next_command=command,
    )


def outputs_are_current(study: Study) -> bool | None:
    """Tell whether ``out/`` follows from the folder as it is; None when there is no ``out/``."""
    path = study.folder.out / MANIFEST
    if not path.exists():
        return None
    made_from = json.loads(path.read_text(encoding="utf-8"))
    inputs = {
        name: (study.folder.root / name).exists()
        and sha256_of_file(study.folder.root / name) == hash_
        for name, hash_ in made_from["inputs"].items()
    }
    stored = {f"responses/{source.stored_name}" for source in study.sources}
    coded = [path for path in coding_files(study.folder) if path.exists()]
    stored |= {path.relative_to(study.folder.root).as_posix() for path in coded}
    same_record = made_from["record"]["head"] == study.record.head
    return all(inputs.values()) and stored <= inputs.keys() and same_record


def _scope(study: Study) -> str:
    """Describe the outline."""
    outline = study.outline_or_none
    if outline is None:
        errors = [problem for problem in study.problems if problem.severity == "error"]
        empty = all(is_empty_outline(problem) for problem in errors)
        return "no outline yet" if empty else "the outline cannot be read yet"
    return (
        f"{len(outline.domains)} domains, {len(outline.active_tasks)} active tasks, "
        f"{len(outline.active_ksas)} KSAs, {len(outline.links)} links"
    )


def _survey(study: Study) -> str:
    """Describe what was received."""
    if not study.sources:
        issued = issued_instruments(study.folder)
        waiting = ", not yet rehearsed" if unrehearsed(study.folder) else ", rehearsed"
        names = ", ".join(one.name for one in issued if one.version == issued[0].version)
        return f"{names} issued{waiting}; no answers received" if issued else "no answers received"
    return "; ".join(f"{source.name}: {_count(source)}" for source in study.sources)


def _count(source: Source) -> str:
    """Say how much a source holds, and what it is if not answers."""
    if source.nature == PUBLISHED:
        return f"{source.report['n_means']} published means"
    nature = "" if source.nature == "answers" else f" ({source.nature})"
    return f"{source.report['n_respondents']} respondents{nature}"


def _blueprint(study: Study) -> str:
    """Describe the outputs."""
    current = outputs_are_current(study)
    if current is None:
        return "no blueprint yet"
    return "DRAFT blueprint in out/, " + ("up to date" if current else "older than its inputs")


def _open_matters(study: Study) -> Iterator[str]:
    """Yield statements on which panel and field differ and nobody has decided."""
    has_panel = study.settings_or_none is not None and study.settings_or_none.respondents.panel
    if not has_panel or not study.sources or _has_errors(study):
        return
    from rds.study.panel import open_panel_differences

    try:
        found = open_panel_differences(study)
    except InputError:
        return  # rds run says what is wrong with the answers
    for statement, finding in found.items():
        yield f"{statement}: panel and field differ ({finding})"


def _next_draft(study: Study, folder: str) -> tuple[str, str]:
    """Return what to do where there is no outline yet."""
    if (study.folder.root / PROPOSED).exists():
        return "decide the proposal and read it back", f"rds receive {folder} {PROPOSED}"
    if open_drafts(study):
        return "read the drafts as they come back", f"rds receive {folder} DRAFT.xlsx"
    return "ask the experts to draft the outline, or fill in Domains and Tasks", (
        f"rds form draft {folder}"
    )


def _has_errors(study: Study) -> bool:
    """Tell whether anything has to be mended first."""
    return any(problem.severity == "error" for problem in study.problems)


def _due(study: Study) -> str:
    """Return when the study is to be redone."""
    settings = study.settings_or_none
    return "" if settings is None else settings.study.due.isoformat()


def _next(study: Study) -> tuple[str, str]:
    """Return the next step and its command."""
    folder = shlex.quote(str(study.folder.root))
    errors = [problem for problem in study.problems if problem.severity == "error"]
    if errors and all(is_empty_outline(problem) for problem in errors):
        return _next_draft(study, folder)
    if errors:
        return "mend what rds check lists", f"rds check {folder}"
    waiting = unrehearsed(study.folder)
    if waiting and not study.sources:
        return f"answer {waiting[0]} once yourself, and read that answer back before it goes out", (
            f"rds receive {folder} EXPORT --dry-run"
        )
    if not study.sources:
        return "read the survey's answers in", f"rds receive {folder} ANSWERS.csv"
    return _after_answers(study, folder)


def _after_answers(study: Study, folder: str) -> tuple[str, str]:
    """Return what to do once answers are there: build, and review with the committee."""
    if not outputs_are_current(study):
        return "build the blueprint", f"rds run {folder}"
    if undecided_lines(study):
        return "decide what copies of the workbook want", f"rds receive {folder} {MEETING}"
    if awaited_copies(study):
        return "read the committee's copies as they come back", f"rds receive {folder} COPY.xlsx …"
    return "read the workbook with the panel; record decisions", (
        f"rds decide {folder} TASK drop --role 'panel chair' --reason '…'"
    )
