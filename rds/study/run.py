"""From an opened study to everything in ``out/``."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version

import pandas as pd

from rds.analysis.analysis import Analysis, analyze_ratings
from rds.blueprint.build import build
from rds.blueprint.models import find_model
from rds.blueprint.plan import Blueprint
from rds.documents.committee import committee_files
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
from rds.study.compare import Compared, compared_if_known
from rds.study.folder import copy_problems
from rds.study.guard import lock
from rds.study.others import other_answers
from rds.study.outputs import Published, publish
from rds.study.participation import with_participation
from rds.study.previous import previous_inputs
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
    return with_participation(study, analysis, ratings, found)


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
    return build(
        study.outline,
        ratings,
        study.settings,
        analyze(study),
        task_decisions={task: value for task, (value, _, _) in study.task_decisions.items()},
        cell_decisions=study.cell_decisions,
        others=other_answers(study),
        raking=None if found is None else found.plan,
    )


def build_what_if(
    study: Study,
    changes: Mapping[str, object],
    *,
    drop: Sequence[str],
    keep: Sequence[str] = (),
) -> Blueprint:
    """Build the blueprint that other settings and other tasks would give; see `Study.what_if`."""
    given = {**study.given, **{key: (value, key) for key, value in changes.items()}}
    settings, problems = validate_settings(given, file="what_if")
    known = {task.task_id for task in study.outline.active_tasks}
    problems += [
        Problem("what_if", "drop or keep", f"“{name}”", "active tasks", "name tasks of the outline")
        for name in (*drop, *keep)
        if name not in known
    ]
    if settings is None or problems:
        raise InputError(problems)
    other = replace(study, settings_or_none=settings)
    asked = dict.fromkeys(drop, ("drop", "what if", ""))
    asked |= dict.fromkeys(keep, ("keep", "what if", ""))
    decisions = {**study.task_decisions, **asked}
    ratings, found = weighted_ratings(other)
    blueprint = build(
        study.outline,
        ratings,
        settings,
        analyze(other, decisions={**study.statement_decisions, **asked}),
        task_decisions={task: value for task, (value, _, _) in decisions.items()},
        cell_decisions=study.cell_decisions,
        others=other_answers(other),
        raking=None if found is None else found.plan,
    )
    said = [f"{key} = {value}" for key, value in changes.items()]
    said += [f"{name} is dropped" for name in drop]
    said += [f"{name} is kept" for name in keep]
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
    files = output_files(
        blueprint, compared, as_of=as_of(study), survey_weights=survey_weights(study)
    )
    if dry_run:
        return Run(blueprint, None)
    with lock(study.folder.root):
        published = publish(study.folder.root, files, manifest(study), force=force)
    return Run(blueprint, published)


def output_files(
    blueprint: Blueprint,
    compared: Compared | None = None,
    *,
    as_of: date,
    survey_weights: pd.Series[float] | None = None,
) -> dict[str, bytes]:
    """Return the content of every output by its path below ``out/``."""
    tables = blueprint_tables(blueprint)
    if compared is not None:
        tables["crosswalk"] = compared.table
    restricted = restricted_tables(blueprint.analysis.screening, survey_weights)
    return {
        **table_files(tables),
        **table_files(restricted, folder="restricted"),
        **committee_files(blueprint, tables, date=as_of),
    }


def as_of(study: Study) -> date:
    """Return the date of the outputs: the newest of the study's opening, answers and decisions."""
    dates = [study.settings.study.opened]
    dates += [received_at(source).date() for source in study.sources]
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
    inputs += previous_inputs(folder)
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
