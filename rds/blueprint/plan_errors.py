"""How far other respondents would have moved a study's plan, or why that cannot be said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd

from rds.blueprint.errors_of_weights import WeightErrors, errors_of_weighing
from rds.blueprint.resample import Resampled, resample_weighing
from rds.blueprint.weighing import Weighing
from rds.errors import WithheldError
from rds.notes import Note
from rds.outline.outline import Outline
from rds.ratings.published import Published
from rds.ratings.raking import RakingPlan
from rds.ratings.ratings import Ratings
from rds.settings import Settings

AS_DECIDED = "as decided"
"""The list of tasks that printed ranges hold for."""
ITEM_DISTRIBUTION = ("task_list", "domain_id", "items", "share_of_resamples")

_ALL = "se, ci_low, ci_high, items_low, items_high, p_within_1"
_FROM_MEANS = "published means do not tell how far respondents differ"
_RECONSTRUCTED = "answers reconstructed from published figures do not tell how far people differ"


@dataclass(frozen=True, eq=False)
class PlanErrors:
    """Errors of weights and the range of items; None, with a note, where they are withheld.

    Attributes
    ----------
    weights
        Errors of the adopted weights.
    by_ratings
        Errors of the weights from ratings alone, before the panel's and the fixed percentages.
    items
        Range of items.
    """

    weights: WeightErrors | None
    by_ratings: WeightErrors | None
    items: Resampled | None
    notes: tuple[Note, ...]

    @property
    def why_unknown(self) -> str:
        """Why errors are not known; empty where they are."""
        return next((note.reason for note in self.notes if note.kind == "withheld"), "")

    @property
    def distribution(self) -> pd.DataFrame:
        """How often the resamples ended in which number of items (columns `ITEM_DISTRIBUTION`)."""
        if self.items is None:
            return pd.DataFrame(columns=list(ITEM_DISTRIBUTION))
        rows = self.items.distribution.assign(task_list=AS_DECIDED)
        return rows.reindex(columns=list(ITEM_DISTRIBUTION))


def plan_errors(
    outline: Outline,
    ratings: Ratings | Published,
    settings: Settings,
    *,
    weighing: Weighing,
    order: Sequence[str],
    raking: RakingPlan | None = None,
) -> PlanErrors:
    """Return the errors of the weights and the range of the items, with the task list as decided.

    Parameters
    ----------
    outline, ratings, settings
        As for `rds.blueprint.build.build`.
    weighing
        Model, domain rule and tasks that are kept.
    order
        Domains in the order of the plan.
    raking
        How the survey weights came about, where the ratings carry any.
    """
    reason = _unknown_spread(ratings)
    if isinstance(ratings, Published) or reason:
        return PlanErrors(None, None, None, tuple(_withheld(reason, _ALL)))
    resampling = settings.resampling
    confidence = resampling.confidence_percent / 100
    notes: list[Note] = []
    weights, by_ratings, items = None, None, None
    try:
        errors = partial(errors_of_weighing, ratings, raking=raking, confidence=confidence)
        weights = by_ratings = errors(weighing)
        if weighing.rule.panel_share or weighing.rule.fixed:
            by_ratings = errors(weighing.by_ratings())
    except WithheldError as error:
        notes += _withheld(str(error), "se, ci_low, ci_high")
    try:
        items = resample_weighing(
            ratings,
            weighing,
            items=settings.blueprint.items,
            bounds=outline.domains,
            order=order,
            method=settings.blueprint.rounding,
            raking=raking,
            replicates=resampling.replicates,
            seed=resampling.seed,
            confidence=confidence,
        )
    except WithheldError as error:
        notes += _withheld(str(error), "items_low, items_high, p_within_1")
    if items is not None and items.n_dropped:
        reason = f"{items.n_dropped} of {items.replicates} resamples gave no plan and were left out"
        notes.append(Note("item_distribution", "", "share_of_resamples", "dropped", reason))
    return PlanErrors(weights, by_ratings, items, tuple(notes))


def _unknown_spread(ratings: Ratings | Published) -> str:
    """Say why nothing is known of how respondents differ; empty when it is."""
    if isinstance(ratings, Published):
        return _FROM_MEANS
    reconstructed = bool((ratings.respondents["nature"] == "reconstructed").any())
    return _RECONSTRUCTED if reconstructed else ""


def _withheld(reason: str, columns: str) -> list[Note]:
    """Return the notes of what is withheld of both tables of weights."""
    return [
        Note(table, "", columns, "withheld", reason) for table in ("task_weights", "domain_weights")
    ]
