"""An outline against an earlier, a proposed or the locked one: found, printed, written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from rds.errors import InputError, Problem
from rds.files import write_atomically
from rds.outline.build import build_outline
from rds.outline.changes import OUTLINE_CHANGES, Change, compare_outlines
from rds.outline.outline import Outline
from rds.outline.requirements import Requirement, requirements_of
from rds.sheets import read_tables
from rds.study.acceptance import ACCEPTED, PROPOSAL, rows_if_accepted
from rds.study.fixed import (
    changed_copy,
    outline_json,
    outline_of,
    read_outline_json,
)
from rds.study.folder import STUDY_WORKBOOK
from rds.study.form_kinds import kind_of_file
from rds.study.guard import lock
from rds.study.locking import kept_copy, last_lock
from rds.study.previous import PREVIOUS_OUTLINE
from rds.study.study import Study

_SHEETS = ("Domains", "Tasks")

Version = tuple[Outline, tuple[Requirement, ...]]


@dataclass(frozen=True)
class OutlineCompared:
    """What changed from one outline to another.

    Parameters
    ----------
    title
        Which two outlines, in words.
    changes
        In the order of `rds.outline.changes.compare_outlines`.
    """

    title: str
    changes: tuple[Change, ...]

    @property
    def table(self) -> pd.DataFrame:
        """The table `OUTLINE_CHANGES`."""
        return outline_changes_table(self.changes)

    def as_lines(self) -> list[str]:
        """Return the changes in plain lines."""
        if not self.changes:
            return [f"{self.title}: no difference."]
        count = f"{len(self.changes)} change{'s' if len(self.changes) > 1 else ''}"
        return [f"{self.title}: {count}.", *(f"  {change}" for change in self.changes)]


def compare_with_locked(study: Study) -> OutlineCompared:
    """Compare a study's outline with the one that the last lock fixed.

    Raises
    ------
    InputError
        When nothing was locked, or the kept copy was changed.
    """
    last = last_lock(study.record)
    if last is None:
        mend = "fix outline and settings with: rds lock FOLDER --role … --reason …"
        raise InputError([Problem("record.jsonl", "", "no lock", "a locked outline", mend)])
    fixed = kept_copy(study.folder, last)
    title = f"{last.subject} ({last.time[:10]}) → the outline now"
    return OutlineCompared(title, _compared((fixed.outline, fixed.requirements), _now(study)))


def compare_with_old(study: Study, old: Path) -> OutlineCompared | None:
    """Compare a study's outline with that of another study or workbook; None if it has none.

    A decided proposal (``study-proposed.xlsx``) and what came of it (``study-accepted.xlsx``) are
    what the outline would become; anything else is what it was, and is kept in ``previous/``.

    Parameters
    ----------
    old
        A study folder, a study workbook, or any other file.

    Raises
    ------
    InputError
        When its outline cannot be read, or another one is kept already.
    """
    proposed = _proposed(study, old)
    found = proposed or _version_of(old)
    if found is None:
        return None
    if proposed or old.name == ACCEPTED:
        return OutlineCompared(f"The outline now → {old.name}", _compared(_now(study), found))
    is_own = old.resolve() in (study.folder.root.resolve(), study.folder.workbook.resolve())
    if not is_own:
        _keep(study, found)
    return OutlineCompared(f"{old.name} → the outline now", _compared(found, _now(study)))


def compare_with_kept(study: Study) -> OutlineCompared | None:
    """Compare a study's outline with the earlier one in ``previous/``; None if there is none.

    Raises
    ------
    InputError
        When the kept outline was changed.
    """
    path = study.folder.previous / PREVIOUS_OUTLINE
    if not path.exists():
        return None
    try:
        old = read_outline_json(path.read_bytes())
    except ValueError as error:
        place = path.relative_to(study.folder.root).as_posix()
        raise InputError([changed_copy(place, str(error))]) from None
    return OutlineCompared("The earlier study → the outline now", _compared(old, _now(study)))


def outline_changes_if_known(study: Study) -> dict[str, pd.DataFrame]:
    """Return the table ``outline_changes`` against the earlier study's outline, if it is kept."""
    found = compare_with_kept(study)
    return {} if found is None else {"outline_changes": found.table}


def outline_changes_table(changes: Iterable[Change]) -> pd.DataFrame:
    """Return changes as the table `OUTLINE_CHANGES`."""
    return pd.DataFrame([change.as_row() for change in changes], columns=list(OUTLINE_CHANGES))


def _compared(old: Version, new: Version) -> tuple[Change, ...]:
    """Compare two outlines with their requirements."""
    return compare_outlines(old[0], new[0], old_requirements=old[1], new_requirements=new[1])


def _now(study: Study) -> Version:
    """Return the outline as the workbook has it now, decisions left out; it may be empty."""
    if not any(study.rows.get(name) for name in _SHEETS):
        return Outline((), ()), ()
    outline, problems = build_outline(study.rows)
    if outline is None:
        raise InputError(problems or study.problems)
    return outline, requirements_of(study.rows.get("Requirements", ()), outline)


def _proposed(study: Study, old: Path) -> Version | None:
    """Return the outline as it would be with a decided proposal; None for any other file."""
    if not old.is_file() or kind_of_file(old) is not PROPOSAL:
        return None
    rows = rows_if_accepted(study, old)
    outline, problems = build_outline(rows)
    if outline is None:
        raise InputError(problems or study.problems)
    return outline, requirements_of(rows.get("Requirements", ()), outline)


def _version_of(old: Path) -> Version | None:
    """Return the outline of a study folder or workbook; None for any other file."""
    if (old / STUDY_WORKBOOK).is_file():
        return outline_of(Study.open(old, strict=False))
    if old.suffix.lower() != ".xlsx" or not old.is_file():
        return None
    tables = read_tables(old)
    if not all(name in tables.rows for name in _SHEETS):
        return None
    outline, problems = build_outline(tables.rows)
    if outline is None:
        raise InputError([*tables.problems, *problems])
    return outline, requirements_of(tables.rows.get("Requirements", ()), outline)


def _keep(study: Study, found: Version) -> None:
    """Keep the earlier outline, unless another one is there."""
    path, content = study.folder.previous / PREVIOUS_OUTLINE, outline_json(*found)
    if path.exists() and path.read_bytes() != content:
        place = f"previous/{PREVIOUS_OUTLINE}"
        mend = "move it away to compare with another"
        wanted = "one, that this study replaces"
        raise InputError([Problem(place, "", "another earlier outline", wanted, mend)])
    if not path.exists():
        with lock(study.folder.root):
            study.folder.previous.mkdir(exist_ok=True)
            write_atomically(path, content)
