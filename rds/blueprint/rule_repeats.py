"""Repeats of a survey in which the retention rule is applied anew to tasks nobody decided about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rds.analysis.retention_repeats import Judged, judged_tasks
from rds.blueprint.answers import (
    Answers,
    answers_of,
    follows_from_means,
    weighted_means,
)
from rds.blueprint.declared import declared_weighing, with_tasks, with_unrated_found
from rds.blueprint.drawn import Form, domain_items
from rds.blueprint.plan_errors import AS_DECIDED, ITEM_DISTRIBUTION, PlanErrors
from rds.blueprint.resample import LARGEST_SHARE_DROPPED, draws, item_shares, times_drawn
from rds.blueprint.weighing import Weighing, combined_of
from rds.errors import WithheldError
from rds.notes import Note
from rds.outline.outline import Outline
from rds.ratings.published import Published
from rds.ratings.raking import RakingPlan
from rds.ratings.ratings import Ratings
from rds.settings import ResamplingSection, Settings

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

RULE_APPLIED = "rule applied anew"
"""In ``item_distribution``: resamples in which the retention rule decides, not the panel."""


@dataclass(frozen=True, eq=False)
class RuleRepeats:
    """Plans of resamples in which the retention rule decides about tasks nobody decided about.

    Attributes
    ----------
    domain_items
        Whole items, resamples that were used × domains.
    domains
        The domains.
    kept
        By task that nobody decided about: share of resamples in which the rule keeps it.
    n_dropped
        Resamples that gave no plan and were left out.
    """

    domain_items: NDArray[np.int64]
    domains: list[str]
    kept: pd.Series[float]
    n_dropped: int

    @property
    def distribution(self) -> pd.DataFrame:
        """How often each domain got how many items: rows of the table ``item_distribution``."""
        rows = item_shares(self.domain_items, self.domains).assign(task_list=RULE_APPLIED)
        return rows.reindex(columns=list(ITEM_DISTRIBUTION))


def undecided_tasks(retention: pd.DataFrame) -> list[str]:
    """Return the tasks that the rule judged and nobody decided about.

    Parameters
    ----------
    retention
        The table ``retention``.
    """
    declared = retention[retention["rule"] == "declared"]
    return [str(task) for task in declared.loc[declared["decision"] == "", "task_id"]]


def with_rule_applied(
    errors: PlanErrors,
    outline: Outline,
    ratings: Ratings | Published,
    settings: Settings,
    retention: pd.DataFrame,
    *,
    weighing: Weighing,
    order: Sequence[str],
    raking: RakingPlan | None = None,
) -> tuple[pd.DataFrame, list[Note]]:
    """Return the table ``item_distribution``: tasks as decided, and with the rule applied anew.

    The latter is left out where the former is withheld or every task was decided; where it cannot
    be computed, a note says why.
    """
    decided, undecided = errors.distribution, undecided_tasks(retention)
    if errors.items is None or isinstance(ratings, Published) or not undecided:
        return decided, []
    form = Form(settings.blueprint.items, outline.domains, order, settings.blueprint.rounding)
    why = partial(Note, "item_distribution", RULE_APPLIED, "share_of_resamples")
    try:
        found = rule_repeats(
            outline, ratings, settings, undecided, weighing=weighing, form=form, raking=raking
        )
    except (ValueError, WithheldError) as error:
        return decided, [why("withheld", str(error))]
    left_out = f"{found.n_dropped} of {settings.resampling.replicates} resamples gave no plan"
    notes = [why("dropped", left_out)] if found.n_dropped else []
    return pd.concat([decided, found.distribution], ignore_index=True), notes


def rule_repeats(
    outline: Outline,
    ratings: Ratings,
    settings: Settings,
    undecided: Sequence[str],
    *,
    weighing: Weighing,
    form: Form,
    raking: RakingPlan | None = None,
) -> RuleRepeats:
    """Resample respondents and, each time, apply the retention rule, weigh and allocate anew.

    The resamples are those of `resample_items`, with the same seed. Tasks that somebody decided
    about, or that the rule cannot judge, stay as they are; what the rule says of the others, those
    under review included, holds for the resample. So the range tells how far the plan rests on a
    rule that other respondents could have turned.

    Parameters
    ----------
    outline, ratings, settings
        As for `rds.blueprint.build.build`.
    undecided
        Tasks that the rule judged and nobody decided about.
    weighing
        Model, domain rule and tasks that are kept.
    form
        Items, bounds and order of the domains.
    raking
        How the survey weights came about, where the ratings carry any.

    Raises
    ------
    WithheldError
        For a model that has to be run anew for every resample, or when more than 1 % of the
        resamples give no plan.

    Notes
    -----
    Rao and Wu (1988), JASA 83; that selection is part of what is resampled: Efron (2014),
    Estimation and accuracy after model selection, JASA 109.
    """
    if not follows_from_means(weighing.model):
        raise WithheldError(
            f"the model “{weighing.model}” takes too long to run for every list of tasks"
        )
    wide = _all_candidates(outline, ratings, settings, undecided, weighing=weighing)
    judged = judged_tasks(ratings, settings, [task for task in wide.tasks if task in undecided])
    answers = answers_of(ratings, wide)
    if raking is None:
        usable = answers.usable() | judged.of_respondents()
        chosen = ratings.select(usable)
        judged, answers = judged_tasks(chosen, settings, judged.tasks), answers_of(chosen, wide)
    shares, kept = _repeated(answers, judged, settings.resampling, raking)
    items = domain_items(shares, wide, form)
    used = items[(items >= 0).all(axis=1)]
    n_dropped = len(items) - len(used)
    if n_dropped > LARGEST_SHARE_DROPPED * len(items):
        raise WithheldError(
            f"{n_dropped} of {len(items)} resamples gave no plan; a range of items needs 99 % of "
            "the resamples"
        )
    names = list(form.order) or list(dict.fromkeys(wide.domains.values()))
    index = pd.Index(judged.tasks, name="task_id")
    return RuleRepeats(used, names, pd.Series(kept, index=index, name="kept"), n_dropped)


def _all_candidates(
    outline: Outline,
    ratings: Ratings,
    settings: Settings,
    undecided: Sequence[str],
    *,
    weighing: Weighing,
) -> Weighing:
    """Return the weighing of every task that is kept or that the rule could keep."""
    tasks = [
        task
        for task in outline.active_tasks
        if task.task_id in weighing.domains
        or ("exam" in task.assessed_by and task.task_id in undecided)
    ]
    wide = with_unrated_found(ratings, declared_weighing(outline, settings, tasks))
    rating = combined_of(ratings, wide).rating
    without = set(rating.index[rating.isna()]) - set(weighing.domains)
    return with_tasks(wide, [task for task in wide.tasks if task not in without])


def _repeated(
    answers: Answers, judged: Judged, section: ResamplingSection, raking: RakingPlan | None
) -> tuple[Floats, Floats]:
    """Return task weights of every resample, and in which share of them the rule keeps a task."""
    n = len(answers.all_tables[0])
    columns = [answers.weighing.tasks.index(task) for task in judged.tasks]
    shares, kept = [], []
    for part in draws(n, section.replicates, section.seed):
        times = times_drawn(part, n)
        weights = None if raking is None else raking.replicate_weights(times)
        stays = judged.kept(times, weights)
        masks = np.ones((len(times), len(answers.weighing.tasks)), dtype=bool)
        masks[:, columns] = stays
        own = times.astype(float) if weights is None else weights
        shares.append(weigh_lists(answers, weighted_means(answers.all_tables, own), masks))
        kept.append(stays)
    return np.vstack(shares), np.vstack(kept).mean(axis=0)


def weigh_lists(answers: Answers, means: Sequence[Floats], kept: Bools) -> Floats:
    """Return task weights of resamples that each keep tasks of their own.

    Parameters
    ----------
    answers
        Of all tasks that any resample keeps.
    means
        Means of `Answers.all_tables` in each resample.
    kept
        Which tasks each resample keeps, resamples × tasks.

    Returns
    -------
    ndarray
        Resamples × tasks, 0 for a task not kept; NaN in a row that gives no weights.
    """
    shares = np.where(kept.any(axis=1, keepdims=True), 0.0, np.nan) * np.ones(kept.shape)
    lists, which = np.unique(kept, axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    ends = np.cumsum(np.bincount(which.ravel(), minlength=len(lists)))[:-1]
    for own, rows in zip(lists, np.split(order, ends), strict=True):
        shares[np.ix_(rows, own)] = _weigh_list(answers, [mean[rows] for mean in means], own)
    return shares


def _weigh_list(answers: Answers, means: Sequence[Floats], own: NDArray[np.bool_]) -> Floats:
    """Return the weights of the tasks on one list; NaN where it gives none."""
    weighing = answers.weighing
    tasks = [task for task, stays in zip(weighing.tasks, own, strict=True) if stays]
    columns = [place for place, task in enumerate(weighing.rated) if task in tasks]
    shorter = replace(
        answers,
        weighing=with_tasks(weighing, tasks),
        tables=tuple(table[:, columns] for table in answers.tables),
    )
    n_tables = len(answers.tables)
    try:
        return shorter.weigh([mean[:, columns] for mean in means[:n_tables]] + [*means[n_tables:]])
    except ValueError:
        return np.full((len(means[0]), len(tasks)), np.nan)


def rule_sentence(
    distribution: pd.DataFrame, undecided: Sequence[str], *, confidence: float
) -> str:
    """Say how much wider the range of items is where the rule decides anew; empty if nowhere.

    Parameters
    ----------
    distribution
        The table ``item_distribution``.
    undecided
        Tasks that nobody decided about.
    confidence
        Share, between 0 and 1.
    """
    lists = distribution.groupby("task_list", sort=False)
    ranges = {name: _ranges(own, confidence) for name, own in lists}
    if not {AS_DECIDED, RULE_APPLIED} <= set(ranges) or not undecided:
        return ""
    decided, anew = ranges[AS_DECIDED], ranges[RULE_APPLIED]
    wider = (anew["high"] - anew["low"]) - (decided["high"] - decided["low"])
    if not (wider > 0).any():
        return ""
    name = str(wider.idxmax())
    one, other = decided.loc[name], anew.loc[name]
    count = "the 1 task" if len(undecided) == 1 else f"the {len(undecided)} tasks"
    return (
        f"The range of items holds for the list of tasks as decided. Were the retention rule "
        f"applied anew in every repeat to {count} nobody decided about, {name} would have "
        f"{other['low']} to {other['high']} items in {100 * confidence:g} of 100 repeats instead "
        f"of {one['low']} to {one['high']}."
    )


def _ranges(distribution: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Return the percentile limits of each domain's items."""
    tail = round((1 - confidence) / 2, 12)
    limits = {}
    for name, own in distribution.sort_values("items").groupby("domain_id", sort=False):
        reached = own["share_of_resamples"].cumsum().to_numpy() + 1e-9
        items = own["items"].to_numpy()
        limits[name] = [int(items[np.searchsorted(reached, p)]) for p in (tail, 1 - tail)]
    return pd.DataFrame.from_dict(limits, orient="index", columns=["low", "high"])
