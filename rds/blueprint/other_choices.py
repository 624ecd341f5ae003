"""The other choices a study could have made: model, origin of scales, domain rule, retention."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from rds.analysis.analysis import Analysis
from rds.analysis.retention import open_reviews
from rds.blueprint.answers import why_no_survey_weights
from rds.blueprint.declared import (
    declared_weighing,
    equal_weights,
    with_other_model,
    with_tasks,
    with_unrated_found,
)
from rds.blueprint.domain_rules import DomainRuleKind
from rds.blueprint.models import find_model
from rds.blueprint.scale_origin import with_origin
from rds.blueprint.sensitivity import DECIDED, Choice
from rds.blueprint.weighing import Weighing, weigh
from rds.errors import WithheldError
from rds.outline.outline import Outline, Task
from rds.ratings.published import Published
from rds.ratings.ratings import Ratings
from rds.settings import Settings

ALL_EQUAL = "all ratings equal"

_RULES: tuple[DomainRuleKind, ...] = ("sum", "mean", "blend", "direct")


@dataclass(frozen=True, eq=False)
class Decided:
    """What the plan rests on.

    Parameters
    ----------
    outline, ratings, settings, analysis
        As for `rds.blueprint.build.build`.
    weighing
        Model, domain rule and tasks as decided.
    removed
        Domain by task that is kept, but that the exam does not assess.
    """

    outline: Outline
    ratings: Ratings | Published
    settings: Settings
    analysis: Analysis
    weighing: Weighing
    removed: Mapping[str, str]


def other_choices(decided: Decided) -> Iterator[Choice]:
    """Yield the plan itself among the choices that a study could have made with its ratings."""
    weighing = decided.weighing
    yield Choice("baseline", ALL_EQUAL, partial(equal_weights, weighing))
    yield from _models(decided)
    yield from _origins(decided)
    yield from _rules(decided)
    yield from _retention(decided)
    if weighing.unrated and weighing.rated:
        without = with_tasks(weighing, weighing.rated)
        yield Choice("unrated tasks", "left out", _by(decided.ratings, without))
    if decided.removed:
        every = replace(weighing, domains={**weighing.domains, **decided.removed})
        yield Choice("not assessed", "included", _by(decided.ratings, every))


def task_weights(ratings: Ratings | Published, weighing: Weighing) -> pd.Series[float]:
    """Return the tasks' weights that ratings give, those without ratings by the declared rule."""
    return weigh(ratings, with_unrated_found(ratings, weighing)).tasks


def _by(ratings: Ratings | Published, weighing: Weighing) -> partial[pd.Series[float]]:
    """Return the weighing of ratings, still to be done."""
    return partial(task_weights, ratings, weighing)


def _models(decided: Decided) -> Iterator[Choice]:
    """Yield the declared model, those declared for comparison, and the ratings unweighted."""
    ratings, weighing, settings = decided.ratings, decided.weighing, decided.settings
    yield Choice("model", weighing.model, _by(ratings, weighing), DECIDED)
    for model in settings.sensitivity.models:
        if _is_weighted(ratings) and why_no_survey_weights(model):
            yield Choice("model", model, partial(_no_survey_weights, model))
        elif model != weighing.model:
            other = with_other_model(weighing, settings, model)
            yield Choice("model", model, _by(ratings, other))
    if isinstance(ratings, Ratings) and _is_weighted(ratings):
        plain = ratings.without_survey_weights()
        yield Choice("survey weights", "none", _by(plain, weighing))


def _is_weighted(ratings: Ratings | Published) -> bool:
    """Tell whether respondents count by survey weights."""
    return isinstance(ratings, Ratings) and ratings.survey_weights is not None


def _no_survey_weights(model: str) -> pd.Series[float]:
    """Withhold what a model cannot give."""
    raise WithheldError(why_no_survey_weights(model))


def _origins(decided: Decided) -> Iterator[Choice]:
    """Yield the points of all the model's scales counted from 0 and from 1, if that differs.

    A model with a threshold is left out: what it asks for is stated in the declared points.
    """
    weighing, ratings = decided.weighing, decided.ratings
    if not weighing.rated or "threshold" in find_model(weighing.model).options:
        return
    scales = weighing.scales or [scale.name for scale in ratings.scales]
    for lowest in (0, 1):
        moved = with_origin(ratings, scales, lowest=lowest)
        if moved is not None:
            yield Choice("scale origin", f"points from {lowest}", _by(moved, weighing))


def _rules(decided: Decided) -> Iterator[Choice]:
    """Yield the other domain rules, and more or less of the panel's and the fixed percentages."""
    weighing, ratings = decided.weighing, decided.ratings
    rule = weighing.rule
    possible = _RULES if weighing.domain_scale else _RULES[:-1]
    for kind in possible:
        if kind != rule.kind and weighing.rated:
            other = replace(weighing, rule=replace(rule, kind=kind))
            yield Choice("domain rule", kind, _by(ratings, other))
    if rule.panel_share or rule.fixed:
        yield Choice("panel share", "ratings alone", _by(ratings, weighing.by_ratings()))
    if rule.panel and rule.panel_share < 1:
        alone = replace(weighing, rule=replace(rule, panel_share=1.0))
        yield Choice("panel share", "panel's percentages alone", _by(ratings, alone))


def _retention(decided: Decided) -> Iterator[Choice]:
    """Yield other lists of tasks: reviews dropped, all kept, and the rule without decisions."""
    weighing, retention = decided.weighing, decided.analysis.retention
    reviews = open_reviews(retention)
    without_reviews = [task for task in weighing.tasks if task not in reviews]
    exam = [task for task in decided.outline.active_tasks if "exam" in task.assessed_by]
    by_rule = _kept_by_rule(decided, exam)
    lists = {
        "reviews dropped": [task for task in exam if task.task_id in without_reviews],
        "all tasks kept": exam,
        "rule without decisions": by_rule,
    }
    for variant, tasks in lists.items():
        if tasks and [task.task_id for task in tasks] != weighing.tasks:
            other = declared_weighing(decided.outline, decided.settings, tasks)
            yield Choice("retention", variant, _by(decided.ratings, other))


def _kept_by_rule(decided: Decided, tasks: Sequence[Task]) -> list[Task]:
    """Return the tasks that the declared rule keeps; those it does not judge stay as decided."""
    retention = decided.analysis.retention
    declared = retention[retention["rule"] == "declared"]
    verdicts = dict(zip(declared["task_id"], declared["verdict"], strict=True))
    keeps = {"keep"}
    if decided.settings.retention.review_counts_as == "keep":
        keeps.add("review")
    kept = set(decided.weighing.tasks)
    return [
        task
        for task in tasks
        if (verdicts[task.task_id] in keeps if task.task_id in verdicts else task.task_id in kept)
    ]
