"""From an opened study to everything in ``out/``."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version

import pandas as pd

from rds.analysis.analysis import Analysis, analyze_ratings
from rds.blueprint.build import build
from rds.blueprint.models import find_model
from rds.blueprint.plan import Blueprint
from rds.documents.blueprint_workbook.workbook import blueprint_workbook
from rds.documents.out_read_me import out_read_me
from rds.documents.public_outline import public_files
from rds.documents.tables import blueprint_tables, restricted_tables, table_files
from rds.documents.version import Version
from rds.errors import InputError, Problem
from rds.files import canonical_json, sha256
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
from rds.study.compare import compared_if_known
from rds.study.folder import copy_problems
from rds.study.guard import lock
from rds.study.others import other_answers
from rds.study.outline_versions import outline_changes_if_known
from rds.study.outputs import Published, publish
from rds.study.participation import with_participation
from rds.study.phase_one import PhaseOne, phase_one
from rds.study.revisions import revision_notes, revisions, revisions_table
from rds.study.study import Study
from rds.study.versions import as_of, current_version, refuse_changed_inputs, study_inputs
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
    blueprint = build(
        study.outline,
        ratings,
        study.settings,
        analyze(study),
        task_decisions={task: value for task, (value, _, _) in study.task_decisions.items()},
        others=other_answers(study),
        raking=None if found is None else found.plan,
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
    refuse_changed_inputs(study)
    blueprint, files = make_outputs(study, current_version(study))
    if dry_run:
        return Run(blueprint, None)
    return Run(blueprint, put_in_place(study, files, force=force))


def make_outputs(
    study: Study, shown: Version, *, blueprint: Blueprint | None = None
) -> tuple[Blueprint, dict[str, bytes]]:
    """Return a study's blueprint, built if need be, and every output for a version of it."""
    blueprint, tables, before = _with_tables(study, blueprint)
    hidden = restricted_tables(blueprint.analysis.screening, survey_weights(study))
    files = {
        **table_files(tables),
        **public_files(blueprint, shown, date=as_of(study)),
        **table_files({**hidden, **before.restricted}, folder="restricted"),
        "restricted/blueprint.xlsx": blueprint_workbook(blueprint, date=shown.date),
    }
    title = study.settings.study.title or study.settings.study.id
    return blueprint, {**files, "README.txt": out_read_me(files, shown, title=title)}


def study_tables(study: Study) -> dict[str, bytes]:
    """Return the tables of a study, by their path below ``out/``."""
    return table_files(_with_tables(study)[1])


def _with_tables(
    study: Study, blueprint: Blueprint | None = None
) -> tuple[Blueprint, dict[str, pd.DataFrame], PhaseOne]:
    """Return the blueprint with all notes, every table, and what came before the survey."""
    blueprint = build_blueprint(study) if blueprint is None else blueprint
    compared = compared_if_known(study.folder, blueprint)
    if compared is not None:
        blueprint = replace(blueprint, notes=(*blueprint.notes, *compared.notes))
    before = phase_one(study.rows, blueprint)
    blueprint = replace(blueprint, notes=(*blueprint.notes, *before.notes))
    tables = {
        **blueprint_tables(blueprint),
        **before.tables,
        "revisions": revisions_table(revisions(study)),
        **outline_changes_if_known(study),
        **({} if compared is None else {"crosswalk": compared.table}),
    }
    return blueprint, tables, before


def put_in_place(study: Study, files: Mapping[str, bytes], *, force: bool = False) -> Published:
    """Bring ``out/`` up to date; see `publish`."""
    with lock(study.folder.root):
        about = manifest(study, current_version(study))
        return publish(study.folder.root, files, about, force=force)


def _version_of_model(study: Study) -> dict[str, str]:
    """Return which package, in which version, the weight model comes from, if it is not ours."""
    origin = find_model(study.settings.weights.model).origin
    return {"model": origin} if origin else {}


def manifest(study: Study, shown: Version) -> Mapping[str, object]:
    """Return what the outputs follow from: settings, inputs, record and versions."""
    settings = study.settings.model_dump(mode="json")
    return {
        "format": FORMAT_VERSION,
        "study": study.settings.study.id,
        "as_of": as_of(study).isoformat(),
        "version": {"number": shown.number, "state": shown.state},
        "fingerprint": shown.fingerprint,
        "settings": settings,
        "settings_sha256": sha256(canonical_json(settings).encode()),
        "inputs": study_inputs(study),
        "record": {"head": study.record.head, "length": study.record.length},
        "versions": versions_used(study),
    }


def versions_used(study: Study) -> dict[str, str]:
    """Return the versions of the software that numbers follow from."""
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
        **_version_of_model(study),
    }
