"""Commands that fix an outline, and compare it with another: lock, compare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rds.cli.options import AsJson, DryRun, Reason, RoleName, StudyFolder
from rds.cli.saying import print_json, problems_to_exit, quoted, say_all, say_next

if TYPE_CHECKING:
    from rds.study.compare import Compared
    from rds.study.outline_versions import OutlineCompared


def lock(
    folder: StudyFolder,
    role: RoleName = "",
    reason: Reason = "",
    dry_run: DryRun = False,
) -> None:
    """Fix outline and settings before the first answer counts; later, record what changed."""
    with problems_to_exit():
        from rds.study.locking import lock_study
        from rds.study.study import Study

        study = Study.open(folder)
        say_all(lock_study(study, role=role, reason=reason, dry_run=dry_run).as_lines())
        say_next(f"rds status {quoted(folder)}")


def compare(
    folder: StudyFolder,
    old: Annotated[
        Path | None,
        typer.Argument(help="The earlier blueprint or study (kept in previous/), or a workbook."),
    ] = None,
    locked: Annotated[
        bool, typer.Option("--locked", help="Compare the outline with the locked one.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compare outline and blueprint with earlier ones; write the crosswalk to confirm."""
    with problems_to_exit():
        from rds.study.building import build_blueprint
        from rds.study.compare import compare as compare_with
        from rds.study.compare import has_blueprints
        from rds.study.outline_versions import (
            compare_with_kept,
            compare_with_locked,
            compare_with_old,
        )
        from rds.study.study import Study

        study, done = Study.open(folder), None
        if locked:
            outline: OutlineCompared | None = compare_with_locked(study)
        else:
            outline = compare_with_kept(study) if old is None else compare_with_old(study, old)
        if outline is None or (not locked and has_blueprints(study, old)):
            done = compare_with(study, build_blueprint(study), old=old)
        if as_json:
            print_json(_records(outline, done))
            return
        _say(outline, done)
        say_next(f"rds {'status' if done is None else 'run'} {quoted(folder)}")


def _records(outline: OutlineCompared | None, done: Compared | None) -> object:
    """Return what was compared for machines: the outlines beside the blueprints, if any."""
    blueprint = [] if done is None else done.table.to_dict("records")
    if outline is None:
        return blueprint
    return {"outline": outline.table.to_dict("records"), "blueprint": blueprint}


def _say(outline: OutlineCompared | None, done: Compared | None) -> None:
    """Print what was compared."""
    if outline is not None:
        say_all(outline.as_lines())
    if done is not None:
        print(f"\n{done}" if outline else done)
        if done.written is not None:
            print(f"\nWrote {done.written}: fill in the column “relation”, then compare again.")
