"""What a study declares of its weights: model, domain rule, percentages, tasks without ratings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from rds.blueprint.direct import HIGHEST_SUM, LOWEST_SUM, n_left_out
from rds.blueprint.domain_rules import DomainRule
from rds.blueprint.models import find_model
from rds.blueprint.weighing import Weighing, combined_of, weigh, weigh_rows
from rds.errors import WithheldError
from rds.notes import Note
from rds.outline.outline import Domain, Outline, Task
from rds.ratings.published import Published
from rds.ratings.ratings import Ratings
from rds.settings import Settings


def declared_weighing(outline: Outline, settings: Settings, tasks: Sequence[Task]) -> Weighing:
    """Return the weighing that settings and outline declare for these tasks."""
    section = settings.weights
    domains = {task.task_id: task.domain_id for task in tasks}
    unrated = {name.casefold() for name in section.unrated_tasks}
    return Weighing(
        domains=domains,
        model=section.model,
        scales=section.scales,
        options=declared_options(settings, section.model),
        rule=DomainRule(
            kind=section.domain_rule,
            blend_exponent=section.blend_exponent,
            panel=_shares(outline.domains, "panel_percent"),
            panel_share=section.panel_share_percent / 100,
            fixed=_shares(outline.domains, "fixed_percent"),
            parents={d.domain_id: d.parent_id for d in outline.domains if d.parent_id},
        ),
        domain_scale=section.domain_scale,
        unrated=tuple(name for name in domains if name.casefold() in unrated),
        unrated_rule=section.unrated_rule,
    )


def declared_options(settings: Settings, model: str) -> dict[str, Any]:
    """Return the settings that a model takes as options; those not declared are left out."""
    section = settings.weights
    given: dict[str, Any] = {}
    if section.scale_percents:
        most = find_model(model).scales[1]
        given["scale_shares"] = [percent / 100 for percent in section.scale_percents[:most]]
    if section.threshold is not None:
        given["threshold"] = section.threshold
    return {name: given[name] for name in find_model(model).options if name in given}


def with_other_model(weighing: Weighing, settings: Settings, model: str) -> Weighing:
    """Return the weighing by another model, on as many of the declared scales as it takes."""
    most = find_model(model).scales[1]
    return replace(
        weighing,
        model=model,
        scales=settings.weights.scales[:most],
        options=declared_options(settings, model),
    )


def with_tasks(weighing: Weighing, tasks: Sequence[str]) -> Weighing:
    """Return the weighing of some of the tasks."""
    return replace(
        weighing,
        domains={task: weighing.domains[task] for task in tasks},
        unrated=tuple(task for task in weighing.unrated if task in tasks),
    )


def with_unrated_found(ratings: Ratings | Published, weighing: Weighing) -> Weighing:
    """Return the weighing with every task that has no usable ratings counted as unrated.

    Without a rule for such tasks nothing is changed, and weighing refuses them by name.
    """
    if weighing.unrated_rule == "refuse" or not weighing.rated:
        return weighing
    combined = combined_of(ratings, weighing)
    missing = set(combined.rating.index[combined.rating.isna()]) | set(weighing.unrated)
    return replace(weighing, unrated=tuple(task for task in weighing.domains if task in missing))


def equal_weights(weighing: Weighing) -> pd.Series[float]:
    """Return the tasks' weights if all ratings, those of domains included, were equal."""
    parents = weighing.rule.parents
    names = {*weighing.domains.values(), *parents, *parents.values()}
    direct = {name: np.ones(1) for name in names} if weighing.rule.kind == "direct" else {}
    row = weigh_rows(np.ones((1, len(weighing.rated))), weighing, direct)[0]
    return pd.Series(row, index=weighing.tasks, name="weight")


def weights_if_examined(
    ratings: Ratings | Published, weighing: Weighing, removed: Mapping[str, str]
) -> pd.Series[float] | None:
    """Return the weights that tasks would have if the exam assessed all of them.

    Parameters
    ----------
    weighing
        The weighing of the tasks that the exam assesses.
    removed
        Domain by task that it does not assess.

    Returns
    -------
    Series or None
        By task; None where ratings do not tell.
    """
    whole = replace(weighing, domains={**weighing.domains, **removed})
    try:
        return weigh(ratings, with_unrated_found(ratings, whole)).tasks
    except (ValueError, WithheldError):
        return None


def weighing_notes(
    ratings: Ratings | Published, weighing: Weighing, removed: pd.Series[float] | None
) -> Iterator[Note]:
    """Yield what was assumed or left out on the way from ratings to weights."""
    if removed is not None and len(removed):
        total = f"{100 * float(removed.sum()):.1f}"
        reason = f"tasks not assessed by the exam would have {total} percent of it; the rest "
        yield Note("domain_weights", "", "weight", "assumed", f"{reason}was scaled up to 100")
    for task in weighing.unrated:
        reason = f"no field ratings of its present wording; it gets the {weighing.unrated_rule}"
        yield Note("task_weights", task, "combined", "assumed", reason)
    if weighing.rule.kind == "direct":
        left_out = n_left_out(ratings, scale=weighing.domain_scale, parents=weighing.rule.parents)
        if left_out:
            reason = f"{left_out} respondents whose points do not sum to {LOWEST_SUM:g} to "
            reason += f"{HIGHEST_SUM:g} were left out of the domains' weights"
            yield Note("domain_weights", "", "weight", "dropped", reason)
    if origin := find_model(weighing.model).origin:
        reason = f"the model “{weighing.model}” comes from {origin}"
        yield Note("task_weights", "", "model", "assumed", reason)


def _shares(domains: Sequence[Domain], column: str) -> dict[str, float]:
    """Return a column of percentages as shares by domain, where given."""
    return {
        domain.domain_id: getattr(domain, column) / 100
        for domain in domains
        if getattr(domain, column) is not None
    }
