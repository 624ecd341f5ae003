"""The rating scale model against two R packages, and its limiting cases."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from rds.blueprint.models import combined_ratings
from rds.blueprint.rating_scale import rating_scale
from rds.errors import WithheldError
from rds.ratings.ratings import Ratings
from tests.oracles import oracle

EXPECTED = oracle("rasch")


_ = np.nan
SPLIT = [[1, 2, _, _], [2, 1, _, _], [_, _, 2, 1], [_, _, 1, 2]]


def ratings(name):
    return np.array(EXPECTED[name]["ratings"], dtype=float)


@pytest.mark.parametrize("name", ["complete", "gaps"])
def test_joint_estimates_are_those_of_the_adjacent_category_model(name):
    """VGAM; see tests/oracles/rasch.R."""
    fitted = rating_scale(ratings(name))
    assert_allclose(fitted.tasks, EXPECTED[name]["measures"], atol=1e-7)
    assert_allclose(fitted.thresholds, EXPECTED[name]["thresholds"], atol=1e-7)
    assert_allclose(fitted.expected, EXPECTED[name]["expected"], atol=1e-7)


def test_corrected_measures_are_close_to_conditional_estimates():
    """The package eRm prints difficulties, the opposite of measures."""
    fitted = rating_scale(ratings("complete"))
    tasks = len(fitted.tasks)
    difficulties = np.array(EXPECTED["conditional"])
    assert_allclose(
        fitted.tasks * (tasks - 1) / tasks, difficulties.mean() - difficulties, atol=0.02
    )


def test_with_complete_answers_expected_ratings_are_the_means():
    table = ratings("complete")
    assert_allclose(rating_scale(table).expected, table.mean(axis=0), atol=1e-9)


def test_respondents_who_used_one_end_only_count_with_it():
    table = np.vstack([ratings("complete"), np.full((2, 6), 4.0), np.full((1, 6), np.nan)])
    fitted = rating_scale(table)
    assert_allclose(fitted.expected, np.nanmean(table, axis=0), atol=1e-9)
    assert np.isposinf(fitted.respondents[-3:-1]).all()
    assert np.isnan(fitted.respondents[-1])


def test_a_task_that_only_the_severe_rated_is_not_taken_for_unimportant():
    table = ratings("complete")
    severe = table.mean(axis=1) < np.median(table.mean(axis=1))
    table[~severe, 0] = np.nan
    truth = ratings("complete")[:, 0].mean()
    plain, corrected = np.nanmean(table[:, 0]), rating_scale(table).expected[0]
    assert abs(corrected - truth) < abs(plain - truth) / 2


def test_a_point_that_nobody_used_is_no_point():
    table = np.where(ratings("complete") == 4, 5.0, ratings("complete"))
    fitted = rating_scale(table)
    assert fitted.points.tolist() == [1, 2, 3, 5]
    assert_allclose(fitted.expected, table.mean(axis=0), atol=1e-9)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ([[1, 2], [2, 1]] * 10, "30 respondents"),
        ([[1, 1, 3], [2, 1, 3], [3, 1, 2]] * 20, "nothing but the lowest"),
        (SPLIT * 20, "no origin"),
        (np.full((50, 3), np.nan), "no ratings"),
        ([[1, 2], [1, 2], [1, 3], [2, 3]] * 20, "part the tasks completely"),
    ],
)
def test_measures_that_answers_cannot_give_are_withheld(table, reason):
    with pytest.raises(WithheldError, match=reason):
        rating_scale(table)


def test_the_model_weighs_by_expected_ratings():
    frame = pd.DataFrame(ratings("gaps")).rename(columns="T{}".format)
    found = combined_ratings(Ratings.from_frames(importance=frame), model="rasch")
    assert_allclose(found, EXPECTED["gaps"]["expected"], atol=1e-7)
