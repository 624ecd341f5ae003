"""How far other respondents would have moved a study's plan, or why that cannot be said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from rds.blueprint.errors_of_weights import WeightErrors, weight_errors
from rds.blueprint.resample import Resampled, resample_items
from rds.errors import WithheldError
from rds.notes import Note
from rds.outline.outline import Outline
from rds.ratings.published import Published
from rds.ratings.raking import RakingPlan
from rds.ratings.ratings import Ratings
from rds.settings import Settings

ITEM_DISTRIBUTION = ("domain_id", "items", "share_of_resamples")

_ALL = "se, ci_low, ci_high, items_low, items_high, p_within_1"
_FROM_MEANS = "published means do not tell how far respondents differ"
_RECONSTRUCTED = "answers reconstructed from published figures do not tell how far people differ"


@dataclass(frozen=True, eq=False)
class PlanErrors:
    """Errors of weights and the range of items; None, with a note, where they are withheld."""

    weights: WeightErrors | None
    items: Resampled | None
    notes: tuple[Note, ...]

    @property
    def distribution(self) -> pd.DataFrame:
        """How often the resamples ended in which number of items (columns `ITEM_DISTRIBUTION`)."""
        if self.items is None:
            return pd.DataFrame(columns=list(ITEM_DISTRIBUTION))
        return self.items.distribution


def plan_errors(
    outline: Outline,
    ratings: Ratings | Published,
    settings: Settings,
    *,
    domains: Mapping[str, str],
    order: Sequence[str],
    raking: RakingPlan | None = None,
) -> PlanErrors:
    """Return the errors of the weights and the range of the items, with the task list as decided.

    Parameters
    ----------
    outline, ratings, settings
        As for `rds.blueprint.build.build`.
    domains
        Domain of every task that is kept.
    order
        Domains in the order of the plan.
    raking
        How the survey weights came about, where the ratings carry any.
    """
    reason = _unknown_spread(ratings)
    if isinstance(ratings, Published) or reason:
        return PlanErrors(None, None, tuple(_withheld(reason, _ALL)))
    section, resampling = settings.weights, settings.resampling
    chosen = ratings.of_statements(domains)
    confidence = resampling.confidence_percent / 100
    notes: list[Note] = []
    weights, items = None, None
    try:
        weights = weight_errors(
            chosen,
            domains=domains,
            model=section.model,
            scales=section.scales,
            confidence=confidence,
            raking=raking,
        )
    except WithheldError as error:
        notes += _withheld(str(error), "se, ci_low, ci_high")
    try:
        items = resample_items(
            chosen,
            domains=domains,
            model=section.model,
            scales=section.scales,
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
    return PlanErrors(weights, items, tuple(notes))


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
