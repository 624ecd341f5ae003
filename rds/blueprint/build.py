"""From outline, ratings and decisions to a blueprint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

import pandas as pd

from rds.analysis.analysis import Analysis
from rds.analysis.linkage import linkage_table
from rds.blueprint.answers import why_no_survey_weights
from rds.blueprint.apportion import Allocation
from rds.blueprint.apportion_table_result import TableAllocation
from rds.blueprint.cells import Cells
from rds.blueprint.consequences import OtherAnswers, consequences, subgroup_blueprints
from rds.blueprint.decided_cells import with_totals
from rds.blueprint.declared import (
    declared_weighing,
    weighing_notes,
    weights_if_examined,
    with_unrated_found,
)
from rds.blueprint.drawn import Form
from rds.blueprint.effective import MINIMUM_TASKS, effective_weights
from rds.blueprint.items import Allocations, allocate_domains, allocate_within
from rds.blueprint.linkage import declared_rule, ksa_table
from rds.blueprint.models import Combined, models
from rds.blueprint.other_choices import Decided, other_choices
from rds.blueprint.plan import Blueprint
from rds.blueprint.plan_cells import plan_cells
from rds.blueprint.plan_errors import PlanErrors, plan_errors
from rds.blueprint.plan_halves import halves_of_plan
from rds.blueprint.plan_notes import plan_notes
from rds.blueprint.plan_tables import domain_table, task_table
from rds.blueprint.precision import precision_of_plan
from rds.blueprint.role_coverage import assessment_table, linkage_coverage
from rds.blueprint.rule_repeats import with_rule_applied
from rds.blueprint.sensitivity import choice_rows
from rds.blueprint.split_tasks import split_choices
from rds.blueprint.weighing import Weighed, Weighing, combined_of, weigh
from rds.errors import InputError, Problem, WithheldError, nearest
from rds.notes import Note
from rds.outline.outline import OTHER_CREDENTIAL, Outline, Task
from rds.ratings.published import Published
from rds.ratings.raking import RakingPlan
from rds.ratings.ratings import Ratings
from rds.settings import Settings


def build(
    outline: Outline,
    ratings: Ratings | Published,
    settings: Settings,
    analysis: Analysis,
    *,
    task_decisions: Mapping[str, str] | None = None,
    cell_decisions: Mapping[str, int] | None = None,
    others: OtherAnswers | None = None,
    raking: RakingPlan | None = None,
    judged_links: pd.DataFrame | None = None,
) -> Blueprint:
    """Build the blueprint of a study.

    Parameters
    ----------
    outline
        The panel's outline.
    ratings
        Ratings of those whose ratings set the weights, or their published means.
    settings
        Validated settings, decisions already applied.
    analysis
        The analysis the documents show beside the blueprint.
    task_decisions
        ``"keep"`` or ``"drop"`` by task, as decided.
    cell_decisions
        Items by cell, as decided; see `rds.blueprint.decided_cells.with_decided`.
    others
        Whose answers could have set the weights instead: what the plan would be then.
    raking
        How the survey weights came about, where the ratings carry any.
    judged_links
        What experts judged of the links, as `rds.analysis.linkage.linkage_table` takes it.

    Raises
    ------
    InputError
        When the model is unknown or unfit, its reason is missing, or tasks have no ratings.
    InfeasibleError
        When minima and maxima cannot be met, or decided cells exceed the exam length.
    """
    decisions = task_decisions or {}
    retained = [
        task
        for task in retained_tasks(outline, decisions, analysis)
        if OTHER_CREDENTIAL not in task.assessed_by
    ]
    kept = [task for task in retained if "exam" in task.assessed_by]
    _refuse(kept, settings)
    weighing, weighed = _weigh(outline, ratings, settings, kept)
    not_assessed = {t.task_id: t.domain_id for t in retained if t not in kept}
    examined = weights_if_examined(ratings, weighing, not_assessed)
    removed = None if examined is None else examined.reindex(list(not_assessed))
    combined, weights = weighed.combined, weighed.tasks
    domains = weighed.adopted.reindex(_order(outline, kept), fill_value=0.0)
    section = settings.blueprint
    form = allocate_domains(domains, outline.domains, items=section.items, method=section.rounding)
    cells = plan_cells(
        outline,
        kept,
        weights,
        domains=domains,
        form=form,
        settings=settings,
        decided=cell_decisions or {},
    )
    plan = with_totals(form, cells.form.frame) if cells.are_items else form
    totals = dict(zip(plan.identifiers, plan.items, strict=True))
    tasks = allocate_within(weights, outline.task_domains, totals, method=section.rounding)
    errors = plan_errors(
        outline,
        ratings,
        settings,
        weighing=weighing,
        order=form.identifiers,
        raking=raking,
    )
    halves, halves_withheld = halves_of_plan(
        ratings,
        weighing,
        Form(section.items, outline.domains, form.identifiers, section.rounding),
        seed=settings.resampling.seed,
        unknown="" if errors.items is not None else errors.why_unknown,
    )
    links, ksa_weights, ksa_notes = _ksas(outline, weights, settings, errors, judged_links)
    distribution, not_repeated = with_rule_applied(
        errors,
        outline,
        ratings,
        settings,
        analysis.retention,
        weighing=weighing,
        order=form.identifiers,
        raking=raking,
    )
    task_weights = task_table(
        outline, weighed.ratings, weights, tasks, settings=settings, errors=errors
    )
    domain_weights = domain_table(weighed, plan, form, settings=settings, errors=errors)
    known = {} if removed is None else not_assessed
    decided = Decided(outline, ratings, settings, analysis, weighing, known)
    asked = others or OtherAnswers()
    sensitivity, withheld = _choices(decided, asked, form, domain_weights)
    by_group, groups_withheld = subgroup_blueprints(
        ratings, asked, outline, settings, weighing=weighing, form=form
    )
    return Blueprint(
        outline=outline,
        scales=ratings.scales,
        settings=settings,
        analysis=analysis,
        task_weights=task_weights,
        domain_weights=domain_weights,
        ksa_weights=ksa_weights,
        combined=combined,
        linkage=links,
        linkage_coverage=linkage_coverage(outline, links, weights),
        assessed_by=assessment_table(outline, retained, examined),
        precision=precision_of_plan(
            kept,
            domain_weights,
            task_weights,
            cells,
            form=plan,
            settings=settings,
            errors=errors,
        ),
        cells=cells.frame,
        effective_weights=_effective(combined, settings.weights.model),
        sensitivity=sensitivity,
        subgroup_blueprints=by_group,
        item_distribution=distribution,
        plan_halves=halves,
        ties=_ties(form, tasks, cells.form),
        notes=(
            *analysis.notes,
            *plan_notes(
                outline, kept, decisions, combined, form=form, cells=cells.form, removed=removed
            ),
            *cells.notes,
            *weighing_notes(ratings, weighing, removed),
            *errors.notes,
            *not_repeated,
            *withheld,
            *ksa_notes,
            *groups_withheld,
            *halves_withheld,
        ),
    )


def retained_tasks(
    outline: Outline, decisions: Mapping[str, str], analysis: Analysis
) -> list[Task]:
    """Return the active tasks that are kept, by decision or else by rule."""
    declared = analysis.retention[analysis.retention["rule"] == "declared"]
    stays = dict(zip(declared["task_id"], declared["retained"] == "yes", strict=True))
    stays |= {task: value == "keep" for task, value in decisions.items()}
    return [task for task in outline.active_tasks if stays.get(task.task_id, True)]


def _refuse(kept: Sequence[Task], settings: Settings) -> None:
    """Refuse what cannot be built, all reasons at once; a setting is never silently ignored."""
    section = settings.weights
    problems = []
    if not section.model:
        mend = "state the model and, in weights.rationale, why; “kane” suits two scales, "
        mend += "“importance_only” one"
        problems.append(Problem("study", "weights.model", "nothing", "a weight model", mend))
    if not section.rationale:
        mend = "write in one or two sentences why this model suits this role"
        problems.append(Problem("study", "weights.rationale", "nothing", "a reason", mend))
    if not kept:
        mend = "withdraw a decision or add active tasks"
        problems.append(Problem("study", "Tasks", "no task that is kept", "at least one", mend))
    names = {task.task_id.casefold() for task in kept}
    unknown = [name for name in section.unrated_tasks if name.casefold() not in names]
    if unknown:
        wanted, mend = "tasks that are kept", "correct or remove them"
        problems.append(Problem("study", "weights.unrated_tasks", ", ".join(unknown), wanted, mend))
    problems += _unknown_models(settings)
    if problems:
        raise InputError(problems)


def _unknown_models(settings: Settings) -> Iterator[Problem]:
    """Yield a problem for each model to compare with that does not exist."""
    known = models()
    for name in settings.sensitivity.models:
        if name not in known:
            close = nearest(name, known)
            mend = f"write “{close}”" if close else "remove it"
            wanted = f"one of {', '.join(known)}"
            yield Problem("study", "sensitivity.models", f"“{name}”", wanted, mend)


def _weigh(
    outline: Outline, ratings: Ratings | Published, settings: Settings, kept: Sequence[Task]
) -> tuple[Weighing, Weighed]:
    """Weigh the kept tasks; turn what data or percentages cannot give into problems."""
    model = settings.weights.model
    weighing = None
    try:
        weighing = with_unrated_found(ratings, declared_weighing(outline, settings, kept))
        combined = combined_of(ratings, weighing)
    except (ValueError, WithheldError) as error:
        wanted = "a model that suits the scales and the data"
        mend = "change weights.model or weights.scales"
        raise _cannot("weights.model", f"“{model}”: {error}", wanted, mend) from None
    weighted = isinstance(ratings, Ratings) and ratings.survey_weights is not None
    why = why_no_survey_weights(model) if weighted else ""
    if why:
        wanted = "a model that comes with rds, or weighting.method “none”"
        mend = "change one of the two, or have the model register survey_weights=True"
        raise _cannot("weights.model", why, wanted, mend)
    if combined.rating.isna().any():
        missing = ", ".join(map(str, combined.rating.index[combined.rating.isna()]))
        mend = "receive their ratings, decide to drop them, or declare weights.unrated_rule"
        raise _cannot("Tasks", f"no usable ratings for {missing}", "ratings for every task", mend)
    if weighing.rated and not float(combined.rating.sum()) > 0:
        mend = "check the file that was received, and what the model takes out"
        raise _cannot("Tasks", "combined ratings that are all zero", "a task people perform", mend)
    positive = int((combined.means > 0).all(axis=1).sum())
    if model == "kane" and weighing.rated and positive < MINIMUM_TASKS:
        found = f"“kane” with {positive} tasks of positive mean"
        mend = "use “product_of_means” or “importance_only”"
        raise _cannot("weights.model", found, f"at least {MINIMUM_TASKS}", mend)
    try:
        return weighing, weigh(ratings, weighing)
    except ValueError as error:
        wanted = "domains that can be weighed by the rule and the percentages declared"
        mend = "correct the percentages of the domains, or weights.domain_rule"
        raise _cannot("Domains", str(error), wanted, mend) from None


def _ksas(
    outline: Outline,
    weights: pd.Series[float],
    settings: Settings,
    errors: PlanErrors,
    judged: pd.DataFrame | None,
) -> tuple[pd.DataFrame, pd.DataFrame, list[Note]]:
    """Return links and weights of the KSAs; turn what the linkage cannot give into a problem."""
    try:
        links = linkage_table(outline, declared_rule(settings), judgements=judged)
        found = ksa_table(outline, links, weights, settings=settings, errors=errors.weights)
        return links, *found
    except ValueError as error:
        wanted = "links that every task's weight can be passed on by"
        mend = "add links, lower linkage.minimum_level, or set linkage.unlinked to “row”"
        raise _cannot("Linkage", str(error), wanted, mend) from None


def _cannot(place: str, found: str, wanted: str, mend: str) -> InputError:
    """Return the error for one problem of the study as a whole."""
    return InputError([Problem("study", place, found, wanted, mend)])


def _order(outline: Outline, kept: Sequence[Task]) -> list[str]:
    """Return the domains that hold tasks, or could: parents without own tasks are left out."""
    parents = {domain.parent_id for domain in outline.domains if domain.parent_id}
    own = {task.domain_id for task in kept}
    names = [domain.domain_id for domain in outline.domains]
    return [name for name in names if name in own or name not in parents]


def _ties(form: Allocation, tasks: Mapping[str, Allocation], cells: Cells) -> pd.DataFrame:
    """Return the table ``ties`` of all allocations."""
    places: dict[str, Allocation | TableAllocation] = {"domains": form}
    places |= {f"tasks of {name}": allocation for name, allocation in tasks.items()}
    places |= {"cognitive levels": cells.levels} if cells.levels else {}
    return Allocations(places | dict(cells.tables)).ties()


def _choices(
    decided: Decided, others: OtherAnswers, form: Allocation, ranges: pd.DataFrame
) -> tuple[pd.DataFrame, list[Note]]:
    """Return the plan under every other choice, and why one could not be computed."""
    return choice_rows(
        chain(
            other_choices(decided),
            split_choices(decided.ratings, decided.weighing),
            consequences(decided.ratings, others, decided.settings, decided.weighing),
        ),
        decided.outline,
        form,
        method=decided.settings.blueprint.rounding,
        ranges=ranges.set_index("domain_id"),
    )


def _effective(combined: Combined, model: str) -> pd.DataFrame:
    """Return effective weights; of an adjusted product also what they would be unadjusted."""
    fewest = 1 if combined.combination == "single" else MINIMUM_TASKS
    table = effective_weights(combined, model=model, minimum_tasks=fewest)
    if set(combined.exponents.values()) == {1.0} or combined.combination != "multiplicative":
        return table
    plain = replace(
        combined,
        rating=combined.means.prod(axis=1, skipna=False),
        exponents=dict.fromkeys(combined.exponents, 1.0),
    )
    unadjusted = effective_weights(plain, model=f"{model}, unadjusted", minimum_tasks=fewest)
    return pd.concat([table, unadjusted], ignore_index=True)
