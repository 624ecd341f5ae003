"""The outputs of a study before its survey has come back: what the panel judged."""

from __future__ import annotations

from dataclasses import dataclass

from rds.analysis.panel import PanelJudgements
from rds.errors import InputError
from rds.study.folder import copy_problems
from rds.study.judgement_store import judgement_files
from rds.study.outputs import Published
from rds.study.panel_results import panel_files, panel_results
from rds.study.run import put_in_place
from rds.study.study import Study


@dataclass(frozen=True)
class PanelRun:
    """What a run made before the survey: what the panel judged, and the files below ``out/``."""

    panel: PanelJudgements
    published: Published | None


def panel_only(study: Study) -> bool:
    """Tell whether nothing was received but the panel's judgements."""
    return not study.sources and bool(judgement_files(study.folder))


def run_panel(study: Study, *, force: bool = False, dry_run: bool = False) -> PanelRun:
    """Make the outputs of a study whose survey has not come back: what its panel judged.

    Parameters
    ----------
    study, force, dry_run
        As for `rds.study.run.run`.

    Raises
    ------
    InputError, FolderError
        As `rds.study.run.run`.
    """
    problems = copy_problems(study.folder)
    if problems:
        raise InputError(problems)
    panel = panel_results(study)
    if dry_run:
        return PanelRun(panel, None)
    return PanelRun(panel, put_in_place(study, panel_files(study, panel), force=force))
