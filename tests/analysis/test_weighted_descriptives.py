"""Weighted estimates, against R's survey package (tests/oracles/survey_weights.R)."""

import numpy as np
import pandas as pd
import pytest

from rds.analysis.descriptives import Group, statement_ratings
from rds.analysis.weighted_descriptives import weighted_medians
from rds.ratings.ratings import Ratings
from tests.oracles import oracle

ORACLE = oracle("survey_weights")


def described(ratings):
    group = Group("", "weighted", "", ratings)
    return statement_ratings([group], kinds={}, domains={})[0]


def ratings_of(weights):
    table = pd.DataFrame({"T1": ORACLE["people"]["rating"]}, dtype=float)
    return Ratings.from_frames(importance=table).with_survey_weights(weights)


@pytest.mark.parametrize("design", ["raked", "post_stratified"])
def test_mean_and_linearised_error_are_those_of_r(design):
    row = described(ratings_of(ORACLE[design]["weights"])).iloc[0]
    expected = ORACLE[design]["estimate"]
    assert row["weighted"]
    found = [row[name] for name in ("mean", "se", "n_eff")]
    assert found == pytest.approx([expected[name] for name in ("mean", "se", "n_eff")])
    assert row["sd"] ** 2 == pytest.approx(expected["variance"])


def test_equal_weights_change_nothing():
    weighted = ratings_of(np.full(120, 1.0))
    columns = ["n", "n_eff", "mean", "sd", "se", "ci_low", "ci_high", "median"]
    plain = described(weighted.without_survey_weights())[columns].to_numpy(float)
    assert described(weighted)[columns].to_numpy(float) == pytest.approx(plain)


def test_percent_performing_is_weighted_where_the_study_asked():
    frequency = pd.DataFrame({"T1": [0] * 10 + [3] * 10})
    ratings = Ratings.from_frames(frequency=frequency, not_performed={"frequency": 0})
    row = described(ratings.with_survey_weights([1.0] * 10 + [3.0] * 10)).iloc[0]
    assert row["percent_performing"] == pytest.approx(75)
    assert row["performing_ci_low"] < 75 < row["performing_ci_high"]


def test_the_weighted_median_lies_where_half_the_weight_is_reached():
    values = np.array([[1.0, 2, 3, 4], [1, 2, 3, 4], [np.nan] * 4])
    found = weighted_medians(values, np.array([1.0, 1, 1, 1]))
    assert found[0] == 2.5
    assert weighted_medians(values, np.array([5.0, 1, 1, 1]))[1] == 1
    assert np.isnan(found[2])


@pytest.mark.parametrize("weights", [[1.0] * 119, [0.0] * 120, [np.nan] * 120])
def test_weights_are_positive_numbers_one_a_respondent(weights):
    with pytest.raises(ValueError, match="120 positive survey weights"):
        ratings_of(weights)
