"""Recording what people decided, and withdrawing it."""

from __future__ import annotations

from collections.abc import Iterable

from rds.blueprint.decided_cells import CELL, cell_keys
from rds.errors import InputError, Problem, nearest
from rds.record import Entry, append, withdraw
from rds.settings import setting_keys
from rds.settings_reader import validate_settings
from rds.study.advice import WAIVE, looks_like_advice, waivable
from rds.study.codings import WRITE_IN_VALUES, new_tasks
from rds.study.folder import copy_problems
from rds.study.guard import lock
from rds.study.judging_status import FINDING_VALUES, findings
from rds.study.signing import refuse_if_approved
from rds.study.study import DOMAIN_BOUNDS, Study
from rds.values import read_whole

STATEMENT_VALUES = ("keep", "drop")


def decide(
    study: Study, subject: str, value: str, *, role: str, reason: str, dry_run: bool = False
) -> Entry | None:
    """Record a decision.

    Parameters
    ----------
    study
        The study, opened.
    subject
        A task or a KSA (``T07``: keep or drop), a setting (``blueprint.items``), a domain's bound
        (``D1.minimum_items``), the items of a cell (``cell D1 | application``), a write-in that
        names a new task (``W1A2B3C4D``: add or reject), a reviewer's finding (``F1A2B3C4D``:
        resolve or reject), or advice of `rds check` (``T07.one-idea``: waive).
    value
        What was decided.
    role, reason
        Who decided, as a role and never a name, and why.
    dry_run
        Check only.

    Raises
    ------
    InputError
        When there is no such subject, or the value does not suit it.
    """
    _refuse_copies(study)
    refuse_if_approved(study)
    name, checked = checked_decision(study, subject, value)
    if dry_run:
        return None
    with lock(study.folder.root):
        return append(
            study.folder.record,
            study=study.settings.study.id,
            role=role,
            kind="decision",
            subject=name,
            value=checked,
            reason=reason,
        )


def withdraw_decision(study: Study, sequence: int, *, role: str, reason: str) -> Entry:
    """Withdraw the decision of that number; an earlier one on the same subject holds again."""
    _refuse_copies(study)
    refuse_if_approved(study)
    with lock(study.folder.root):
        return withdraw(
            study.folder.record,
            sequence,
            study=study.settings.study.id,
            role=role,
            reason=reason,
        )


def _refuse_copies(study: Study) -> None:
    """Refuse to append while conflicting copies lie about."""
    problems = copy_problems(study.folder)
    if problems:
        raise InputError(problems)


def checked_decision(study: Study, subject: str, value: str) -> tuple[str, str | int]:
    """Return the subject in the outline's spelling and the value in its type.

    Raises
    ------
    InputError
        As `decide`.
    """
    names = [task.task_id for task in study.outline.tasks]
    names += [ksa.ksa_id for ksa in study.outline.ksas]
    statements = {name.casefold(): name for name in names}
    bounds = {
        f"{domain.domain_id}.{bound}".casefold(): f"{domain.domain_id}.{bound}"
        for domain in study.outline.domains
        for bound in DOMAIN_BOUNDS
    }
    folded = subject.casefold()
    if folded in statements:
        return statements[folded], _one_of(statements[folded], value, STATEMENT_VALUES)
    if folded in bounds or folded.startswith(CELL):
        name = bounds.get(folded) or _cell(study, subject)
        return name, _items(name, value)
    if folded in setting_keys():
        return folded, _setting(study, folded, value)
    if looks_like_advice(folded):
        return _waived(study, subject), _one_of(subject, value, (WAIVE,))
    subjects = [*statements.values(), *bounds.values(), *setting_keys()]
    written = {name.casefold(): name for name in new_tasks(study)}
    if folded in written:
        return written[folded], _one_of(written[folded], value, WRITE_IN_VALUES)
    found = {name.casefold(): name for name in findings(study.folder)}
    if folded in found:
        return found[folded], _one_of(found[folded], value, FINDING_VALUES)
    subjects += [*written.values(), *found.values()]
    close = nearest(subject, subjects)
    mend = f"write “{close}”" if close else "name a task such as T01, or a setting"
    wanted = "a task, a KSA, a setting, a domain's bound such as D1.minimum_items, or a cell"
    raise InputError([Problem("rds decide", "", f"“{subject}”", wanted, mend)])


def _waived(study: Study, subject: str) -> str:
    """Return the subject of advice that `rds check` gives, in the outline's spelling."""
    given = waivable(study)
    if subject.casefold() in given:
        return given[subject.casefold()]
    close = nearest(subject, given.values())
    mend = f"write “{close}”" if close else "see rds check for the advice there is"
    found = f"“{subject}”, which nothing advises"
    raise InputError([Problem("rds decide", "", found, "advice that rds check lists", mend)])


def _one_of(subject: str, value: str, allowed: Iterable[str]) -> str:
    """Return the value if it is one of those allowed."""
    if value.casefold() not in allowed:
        wanted = " or ".join(allowed)
        problem = Problem("rds decide", subject, f"“{value}”", wanted, f"write {wanted}")
        raise InputError([problem])
    return value.casefold()


def _cell(study: Study, subject: str) -> str:
    """Return the name of a cell as the blueprint spells it."""
    from rds.study.building import build_blueprint

    cells = build_blueprint(study).cells
    known = [CELL + str(name) for name in cell_keys(cells[cells["set"] == "form"])]
    by_folded = {name.casefold(): name for name in known}
    if subject.casefold() not in by_folded:
        close = nearest(subject, known)
        mend = f"write “{close}”" if close else f"name a cell such as “{known[0]}”"
        raise InputError([Problem("rds decide", "", f"“{subject}”", "a cell of the plan", mend)])
    return by_folded[subject.casefold()]


def _items(subject: str, value: str) -> int:
    """Return a number of items as a whole number."""
    try:
        number = read_whole(value)
    except ValueError:
        number = -1
    if number < 0:
        wanted = "a whole number of items"
        problem = Problem("rds decide", subject, f"“{value}”", wanted, f"write {wanted}")
        raise InputError([problem])
    return number


def _setting(study: Study, key: str, value: str) -> str:
    """Return the value if the settings are valid with it."""
    if key in ("study.id", "study.format"):
        mend = "leave it; start a new study with rds new"
        raise InputError([Problem("rds decide", key, "a decision", "none: it never changes", mend)])
    _, problems = validate_settings({**study.given, key: (value, key)}, file="rds decide")
    if problems:
        raise InputError(problems)
    return value
