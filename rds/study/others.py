"""Whose answers could have set a study's weights instead."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd

from rds.blueprint.consequences import Mask, OtherAnswers
from rds.errors import WithheldError
from rds.ratings.population import survey_weights_for
from rds.ratings.ratings import Ratings
from rds.study.answers import (
    answered,
    field_answers,
    panel_answers,
    received_answers,
    weighting_ratings,
)
from rds.study.study import Study


def other_answers(study: Study) -> OtherAnswers:
    """Return the answers of groups, of the panel, and who counts under other screenings."""
    method = study.settings.weighting.method
    return OtherAnswers(
        answers=field_answers(study),
        received=received_answers(study),
        screenings=_screenings(study),
        survey_weights=_raked(study) if method == "none" else {},
        weigh_anew=None if method == "none" else partial(_weighed_anew, study),
        panel=panel_answers(study),
        questions=study.compared_questions,
    )


def _screenings(study: Study) -> Mapping[str, Mask]:
    """Return who counts if nobody is left out, by the declared rules, and without the suspect."""
    if not answered(study):
        return {}
    found = study.screening
    table = found.table
    flagged = set(table.loc[table["flagged"].astype(bool), "respondent_id"])
    spared = ~np.isin(found.respondents.index, list(flagged))
    masks = {
        "nobody excluded": np.ones(found.n_received, dtype=bool),
        "two flags or more excluded": found.usable & ~found.suspect,
        "everyone flagged excluded": found.usable & spared,
    }
    # Where a screening leaves the same people as the declared rules there is nothing to show.
    return {name: mask for name, mask in masks.items() if (mask != found.usable).any()}


def _raked(study: Study) -> dict[str, pd.Series[float]]:
    """Return the survey weights that raking would give, where the population is known."""
    ratings = weighting_ratings(study)
    if not isinstance(ratings, Ratings) or not study.rows.get("Population"):
        return {}
    try:
        weighted = _weighed_anew(study, ratings, method="raking")
    except WithheldError:
        return {}
    own = pd.Series(weighted.survey_weights, index=weighted.respondents.index)
    return {"raking": own}


def _weighed_anew(study: Study, ratings: Ratings, *, method: str = "") -> Ratings:
    """Return respondents with survey weights; those without any rating are left out."""
    rated = np.logical_or.reduce([(codes >= 0).any(axis=0) for codes in ratings.codes.values()])
    chosen = ratings.select(rated)
    section = study.settings.weighting
    found, problems = survey_weights_for(
        chosen.respondents,
        study.rows.get("Population", ()),
        study.rows.get("Demographics", ()),
        section.model_copy(update={"method": method or section.method}),
    )
    if problems or found is None:
        reason = str(problems[0]) if problems else "no margins of the population are known"
        raise WithheldError(f"these respondents cannot be weighted: {reason}")
    return chosen.with_survey_weights(found.weights)
