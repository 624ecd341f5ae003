"""From an opened study to its analysis and its blueprints; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rds.analysis.analysis import Analysis, analyze_ratings
from rds.blueprint.build import build
from rds.blueprint.plan import Blueprint
from rds.errors import InfeasibleError, InputError, Problem
from rds.notes import Note
from rds.ratings.ratings import Ratings
from rds.settings_reader import validate_settings
from rds.study.answers import answered, field_answers, field_means, panel_answers
from rds.study.credentials import credentials, main_credential, with_given
from rds.study.judgement_store import judged_links
from rds.study.others import other_answers
from rds.study.panel_results import with_panel
from rds.study.participation import with_participation
from rds.study.revisions import revision_notes, revisions
from rds.study.study import Study
from rds.study.weighting import weighted_ratings
from rds.survey.wording import coverage_options


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

    Where the study has several credentials, that of the first; see `build_blueprints`. Decisions
    about single cells concern that of the first.

    Raises
    ------
    InputError
        With every reason why no blueprint can be built.
    InfeasibleError
        When minima and maxima cannot be met.
    """
    return _build(main_credential(study), of=study)


def _build(study: Study, *, of: Study, is_main: bool = True) -> Blueprint:
    """Build the blueprint of one credential of a study; what was changed is said of the study."""
    ratings, found = weighted_ratings(study)
    blueprint = build(
        study.outline,
        ratings,
        study.settings,
        analyze(study),
        task_decisions={task: value for task, (value, _, _) in study.task_decisions.items()},
        cell_decisions=study.cell_decisions if is_main else {},
        others=other_answers(study),
        raking=None if found is None else found.plan,
        judged_links=judged_links(study),
    )
    changed = revision_notes(of, revisions(of))
    return replace(blueprint, notes=(*changed, *blueprint.notes))


def build_blueprints(study: Study) -> dict[str, Blueprint]:
    """Build the blueprint of every credential, by its name, the main one first.

    Raises
    ------
    InputError, InfeasibleError
        As `build_blueprint`.
    """
    variants = credentials(study)
    built: dict[str, Blueprint] = {}
    for name, own in variants.items():
        try:
            built[name] = _build(own, of=study, is_main=not built)
        except InfeasibleError as error:
            raise InfeasibleError(f"{name}: {error}" if len(variants) > 1 else str(error)) from None
    return built


def build_what_if(
    study: Study,
    changes: Mapping[str, object],
    *,
    drop: Sequence[str],
    keep: Sequence[str] = (),
) -> Blueprint:
    """Build the blueprint that other settings and other tasks would give; see `Study.what_if`."""
    study = main_credential(study)
    given = {**study.given, **{key: (value, key) for key, value in changes.items()}}
    asked_for, problems = validate_settings(given, file="what_if")
    known = {task.task_id for task in study.outline.active_tasks}
    problems += [
        Problem("what_if", "drop or keep", f"“{name}”", "active tasks", "name tasks of the outline")
        for name in (*drop, *keep)
        if name not in known
    ]
    if asked_for is None or problems:
        raise InputError(problems)
    settings = with_given(study.settings, asked_for, changes)
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
        judged_links=judged_links(other),
    )
    said = [f"{key} = {value}" for key, value in changes.items()]
    said += [f"{name} is dropped" for name in drop]
    said += [f"{name} is kept" for name in keep]
    notes = [Note("domain_weights", "", "", "what if", reason) for reason in said]
    return replace(blueprint, notes=(*notes, *blueprint.notes))
