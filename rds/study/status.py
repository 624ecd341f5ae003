"""Where a study stands, and what to do next."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from rds.errors import InputError
from rds.outline.build import is_empty_outline
from rds.study.codings import open_write_ins
from rds.study.drafts import PROPOSED, open_drafts
from rds.study.forms import issued_instruments, unrehearsed
from rds.study.judging_status import missing_forms, open_judgements, panel_progress
from rds.study.outputs import MANIFEST
from rds.study.phase_one import open_phase_one
from rds.study.review_state import MEETING, awaited_copies, open_review, undecided_lines
from rds.study.revisions import fixed_sentence, is_fixable, unexplained
from rds.study.signing import standing_approval
from rds.study.signing_lines import approval_lines, next_signature
from rds.study.sources import PUBLISHED, Source
from rds.study.start_list import open_list
from rds.study.study import Study
from rds.study.versions import current_version


@dataclass(frozen=True)
class Status:
    """Where a study stands.

    Parameters
    ----------
    title, study_id
        The study.
    scope, panel, survey, blueprint
        One sentence about each phase; of the panel none before forms are issued.
    approval
        Which version this is, and who has signed it, one line each.
    fixed
        Whether outline and settings are fixed, since when and by whom.
    changes
        What changed since they were fixed and nobody gave a reason for, one line each.
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
    panel: str
    survey: str
    blueprint: str
    approval: tuple[str, ...]
    fixed: str
    changes: tuple[str, ...]
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
        panel=panel_progress(study.folder),
        survey=_survey(study),
        blueprint=_blueprint(study),
        approval=approval_lines(study),
        fixed=fixed_sentence(study),
        changes=_changes(study),
        decisions=tuple(
            f"{entry.sequence}: {entry.subject} = {entry.value} ({entry.role}: {entry.reason})"
            for entry in study.decisions.values()
        ),
        open_matters=(
            *open_drafts(study),
            *open_list(study),
            *open_phase_one(study),
            *_open_matters(study),
            *open_write_ins(study),
            *open_judgements(study),
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
    if study.settings_or_none is None:
        return False
    made_from = json.loads(path.read_text(encoding="utf-8"))
    shown = current_version(study)
    version = {"number": shown.number, "state": shown.state}
    said: tuple[object, object] = made_from.get("fingerprint"), made_from.get("version")
    return said == (shown.fingerprint, version)


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
    if current is None or not study.sources:
        return "no blueprint yet"
    state = "DRAFT" if standing_approval(study.record) is None else "APPROVED"
    return f"{state} blueprint in out/, " + ("up to date" if current else "older than its inputs")


def _changes(study: Study) -> tuple[str, ...]:
    """Return what changed since outline and settings were fixed, if that can be told."""
    try:
        return tuple(map(str, unexplained(study)))
    except InputError:
        return ()  # rds check says what is wrong


def _open_matters(study: Study) -> Iterator[str]:
    """Yield statements on which panel and field differ and nobody has decided."""
    if not study.sources or _has_errors(study):
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


def _panel_step(study: Study, folder: str) -> tuple[str, str] | None:
    """Return what comes next while the panel judges; None before, and after."""
    if study.sources or issued_instruments(study.folder) or not panel_progress(study.folder):
        return None
    if missing_forms(study.folder):
        return "read the panel's forms back in", f"rds receive {folder} FORM.xlsx"
    if not outputs_are_current(study):
        return "see where the panel agrees", f"rds run {folder}"
    return None


def _next(study: Study) -> tuple[str, str]:
    """Return the next step and its command."""
    folder = shlex.quote(str(study.folder.root))
    errors = [problem for problem in study.problems if problem.severity == "error"]
    if errors and all(is_empty_outline(problem) for problem in errors):
        return _next_draft(study, folder)
    if errors:
        return "mend what rds check lists", f"rds check {folder}"
    step = _panel_step(study, folder) or _to_fix(study, folder) or _to_receive(study, folder)
    if step:
        return step
    if not outputs_are_current(study):
        return "build the blueprint", f"rds run {folder}"
    return _signing(study, folder)


def _signing(study: Study, folder: str) -> tuple[str, str]:
    """Return what to do once outputs are up to date: discuss, sign, or look after them."""
    if standing_approval(study.record) is not None:
        return "keep the head of the record elsewhere, too, and check now and then", (
            f"rds verify {folder}"
        )
    if undecided_lines(study):
        return "decide what copies of the workbook want", f"rds receive {folder} {MEETING}"
    if awaited_copies(study):
        return "read the committee's copies as they come back", f"rds receive {folder} COPY.xlsx …"
    role = next_signature(study)
    if role:
        return f"sign, as {role}", f"rds approve {folder} --role {shlex.quote(role)}"
    return "read the workbook with the panel; record decisions, then sign (rds approve)", (
        f"rds decide {folder} TASK drop --role 'panel chair' --reason '…'"
    )


def _to_fix(study: Study, folder: str) -> tuple[str, str] | None:
    """Return what is to be done so that outline and settings are fixed, if anything."""
    command = f"rds lock {folder} --role 'panel chair' --reason '…'"
    if _changes(study):
        return "record why outline or settings were changed, or undo it", command
    if is_fixable(study) and not unrehearsed(study.folder):
        return "fix outline and settings before the first answer counts", command
    return None


def _to_receive(study: Study, folder: str) -> tuple[str, str] | None:
    """Return what is to be received next, if no answers are there."""
    waiting = unrehearsed(study.folder)
    if study.sources:
        return None
    if waiting:
        return f"answer {waiting[0]} once yourself, and read that answer back before it goes out", (
            f"rds receive {folder} EXPORT --dry-run"
        )
    return "read the survey's answers in", f"rds receive {folder} ANSWERS.csv"
