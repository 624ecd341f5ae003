"""The survey weights of a study's respondents."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rds.errors import InputError
from rds.ratings.population import survey_weights_for
from rds.ratings.published import Published
from rds.ratings.raking import SurveyWeights
from rds.ratings.ratings import SURVEY_WEIGHT, Ratings
from rds.study.answers import weighting_ratings
from rds.study.study import Study


def weighted_ratings(study: Study) -> tuple[Ratings | Published, SurveyWeights | None]:
    """Return the ratings that set the weights, and the survey weights that they carry, if any.

    With survey weights, respondents without any rating are left out: nobody should stand for part
    of the population without having said anything.

    Raises
    ------
    InputError
        As `weighting_ratings`; and when the settings ask for a weighting that cannot be done.
    """
    ratings = weighting_ratings(study)
    if isinstance(ratings, Published) or study.settings.weighting.method == "none":
        return ratings, None
    rated = np.logical_or.reduce([(codes >= 0).any(axis=0) for codes in ratings.codes.values()])
    chosen = ratings.select(rated)
    found, problems = survey_weights_for(
        chosen.respondents,
        study.rows.get("Population", ()),
        study.rows.get("Demographics", ()),
        study.settings.weighting,
    )
    if problems:
        raise InputError(problems)
    return (chosen if found is None else chosen.with_survey_weights(found.weights)), found


def survey_weights(study: Study) -> pd.Series[float]:
    """Return the survey weight of each respondent whose ratings set the weights.

    Returns
    -------
    Series
        By ``respondent_id``, mean 1; empty where the study does not weight.
    """
    _, found = weighted_ratings(study)
    empty = pd.Series(index=pd.Index([], name="respondent_id"), dtype=float, name=SURVEY_WEIGHT)
    return empty if found is None else found.weights
