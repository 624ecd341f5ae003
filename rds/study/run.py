"""From an opened study to everything in ``out/``."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version

import pandas as pd

from rds.analysis.analysis import Analysis, analyze_ratings
from rds.analysis.panel import PanelJudgements
from rds.blueprint.build import build
from rds.blueprint.models import find_model
from rds.blueprint.plan import Blueprint
from rds.documents.blueprint_workbook.workbook import blueprint_workbook
from rds.documents.tables import blueprint_tables, restricted_tables, table_files
from rds.errors import InputError, Problem
from rds.files import canonical_json, sha256, sha256_of_file
from rds.notes import Note
from rds.ratings.ratings import Ratings
from rds.settings import FORMAT_VERSION
from rds.settings_reader import validate_settings
from rds.study.answers import (
    answered,
    field_answers,
    field_means,
    panel_answers,
)
from rds.study.codings import coding_files
from rds.study.compare import compared_if_known
from rds.study.folder import copy_problems
from rds.study.forms import issued_paths
from rds.study.guard import lock
from rds.study.judgement_store import (
    first_judged,
    judged_links,
    judgement_days,
    judgement_files,
)
from rds.study.locking import kept_paths
from rds.study.others import other_answers
from rds.study.outline_versions import outline_changes_if_known
from rds.study.outputs import Published, publish
from rds.study.panel_results import panel_files, panel_results, proposal_files, with_panel
from rds.study.participation import with_participation
from rds.study.phase_one import phase_one
from rds.study.previous import previous_inputs
from rds.study.revisions import revision_notes, revisions, revisions_table
from rds.study.sources import received_at
from rds.study.study import Study
from rds.study.weighting import survey_weights, weighted_ratings
from rds.survey.wording import coverage_options

_LIBRARIES = ("role-delineation", "numpy", "pandas", "scipy", "XlsxWriter")


@dataclass(frozen=True)
class Run:
    """What a run made: the blueprint, and what became of the files below ``out/``."""

    blueprint: Blueprint
    published: Published | None


def analyze(
    study: Study, *, decisions: Mapping[str, tuple[str, str, str]] | None = None
) -> Analysis:
    """Analyse the ratings of a study.

    Parameters
    ----------
    study
        The study, opened.
    decisions
        What was decided about statements, if not what the record says.

    Raises
    ------
    InputError
        When nothing was received, or groups that the settings name have no respondents.
    """
    ratings, found = weighted_ratings(study)
    analysis = analyze_ratings(
        field_answers(study),
        study.outline,
        study.settings,
        published=field_means(study),
        weighted=ratings if found is not None and isinstance(ratings, Ratings) else None,
        panel=panel_answers(study),
        questions=study.compared_questions,
        decisions=study.statement_decisions if decisions is None else decisions,
        screening=study.screening if answered(study) else None,
        coverage_options=coverage_options(study.rows.get("Narrative", ())),
    )
    return with_panel(study, with_participation(study, analysis, ratings, found))


def build_blueprint(study: Study) -> Blueprint:
    """Build the blueprint of a study from the ratings received and the decisions recorded.

    Raises
    ------
    InputError
        With every reason why no blueprint can be built.
    InfeasibleError
        When minima and maxima cannot be met.
    """
    ratings, found = weighted_ratings(study)
    blueprint = build(
        study.outline,
        ratings,
        study.settings,
        analyze(study),
        task_decisions={task: value for task, (value, _, _) in study.task_decisions.items()},
        others=other_answers(study),
        raking=None if found is None else found.plan,
        judged_links=judged_links(study),
    )
    changed = revision_notes(study, revisions(study))
    return replace(blueprint, notes=(*changed, *blueprint.notes))


def build_what_if(study: Study, changes: Mapping[str, object], *, drop: Sequence[str]) -> Blueprint:
    """Build the blueprint that other settings and dropped tasks would give; see `Study.what_if`."""
    given = {**study.given, **{key: (value, key) for key, value in changes.items()}}
    settings, problems = validate_settings(given, file="what_if")
    known = {task.task_id for task in study.outline.active_tasks}
    problems += [
        Problem("what_if", "drop", f"“{name}”", "active tasks", "name tasks of the outline")
        for name in drop
        if name not in known
    ]
    if settings is None or problems:
        raise InputError(problems)
    other = replace(study, settings_or_none=settings)
    asked = dict.fromkeys(drop, ("drop", "what if", ""))
    decisions = {**study.task_decisions, **asked}
    ratings, found = weighted_ratings(other)
    blueprint = build(
        study.outline,
        ratings,
        settings,
        analyze(other, decisions={**study.statement_decisions, **asked}),
        task_decisions={task: value for task, (value, _, _) in decisions.items()},
        others=other_answers(other),
        raking=None if found is None else found.plan,
        judged_links=judged_links(other),
    )
    said = [f"{key} = {value}" for key, value in changes.items()]
    said += [f"{name} is dropped" for name in drop]
    notes = [Note("domain_weights", "", "", "what if", reason) for reason in said]
    return replace(blueprint, notes=(*notes, *blueprint.notes))


def run(study: Study, *, force: bool = False, dry_run: bool = False) -> Run:
    """Make everything in ``out/``.

    Parameters
    ----------
    study
        The study, opened.
    force
        Keep outputs that somebody edited under another name, instead of stopping.
    dry_run
        Compute, write nothing.

    Raises
    ------
    InputError, InfeasibleError
        As `build_blueprint`.
    FolderError
        When an output was edited or is open elsewhere; nothing is replaced.
    """
    problems = copy_problems(study.folder)
    if problems:
        raise InputError(problems)
    blueprint = build_blueprint(study)
    compared = compared_if_known(study.folder, blueprint)
    if compared is not None:
        blueprint = replace(blueprint, notes=(*blueprint.notes, *compared.notes))
    before = phase_one(study.rows, blueprint, judged=first_judged(study.folder))
    blueprint = replace(blueprint, notes=(*blueprint.notes, *before.notes))
    tables = {
        **before.tables,
        "revisions": revisions_table(revisions(study)),
        **outline_changes_if_known(study),
        **({} if compared is None else {"crosswalk": compared.table}),
    }
    files = output_files(
        blueprint,
        tables,
        before.restricted,
        as_of=as_of(study),
        survey_weights=survey_weights(study),
    )
    files |= proposal_files(study, blueprint.analysis.panel)
    if dry_run:
        return Run(blueprint, None)
    with lock(study.folder.root):
        published = publish(study.folder.root, files, manifest(study), force=force)
    return Run(blueprint, published)


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
        As for `run`.

    Raises
    ------
    InputError, FolderError
        As `run`.
    """
    problems = copy_problems(study.folder)
    if problems:
        raise InputError(problems)
    panel = panel_results(study)
    if dry_run:
        return PanelRun(panel, None)
    with lock(study.folder.root):
        files = panel_files(study, panel)
        return PanelRun(panel, publish(study.folder.root, files, manifest(study), force=force))


def output_files(
    blueprint: Blueprint,
    beside: Mapping[str, pd.DataFrame] | None = None,
    restricted: Mapping[str, pd.DataFrame] | None = None,
    *,
    as_of: date,
    survey_weights: pd.Series[float] | None = None,
) -> dict[str, bytes]:
    """Return the content of every output by its path below ``out/``.

    Parameters
    ----------
    beside, restricted
        Tables that are no part of the blueprint, by file name without ending.
    """
    tables = {**blueprint_tables(blueprint), **(beside or {})}
    hidden = restricted_tables(blueprint.analysis.screening, survey_weights)
    return {
        **table_files(tables),
        **table_files({**hidden, **(restricted or {})}, folder="restricted"),
        "restricted/blueprint.xlsx": blueprint_workbook(blueprint, date=as_of),
    }


def as_of(study: Study) -> date:
    """Return the date of the outputs: the newest of the study's opening, answers and decisions."""
    dates = [study.settings.study.opened]
    dates += [received_at(source).date() for source in study.sources]
    dates += judgement_days(study.folder)
    dates += [date.fromisoformat(entry.time[:10]) for entry in study.record.entries[-1:]]
    return max(dates)


def _version_of_model(study: Study) -> dict[str, str]:
    """Return which package, in which version, the weight model comes from, if it is not ours."""
    origin = find_model(study.settings.weights.model).origin
    return {"model": origin} if origin else {}


def manifest(study: Study) -> Mapping[str, object]:
    """Return what the outputs follow from: settings, inputs, record and versions."""
    folder = study.folder
    inputs = [folder.workbook, folder.text, folder.ingest]
    inputs += [folder.responses / source.stored_name for source in study.sources]
    inputs += coding_files(folder)
    inputs += judgement_files(folder)
    inputs += [*previous_inputs(folder), *kept_paths(study), *issued_paths(folder)]
    settings = study.settings.model_dump(mode="json")
    return {
        "format": FORMAT_VERSION,
        "study": study.settings.study.id,
        "as_of": as_of(study).isoformat(),
        "settings": settings,
        "settings_sha256": sha256(canonical_json(settings).encode()),
        "inputs": {
            path.relative_to(folder.root).as_posix(): sha256_of_file(path)
            for path in inputs
            if path.exists()
        },
        "record": {"head": study.record.head, "length": study.record.length},
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in _LIBRARIES},
            **_version_of_model(study),
        },
    }
