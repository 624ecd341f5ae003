"""Models that need answers: shares within persons, filters of published practice."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from rds.blueprint.effective import effective_weights
from rds.blueprint.models import combine, combined_ratings
from rds.blueprint.models_of_answers import shares_within_persons
from rds.errors import WithheldError
from rds.ratings.ratings import Ratings


def of(**frames):
    return Ratings.from_frames(
        **{name: pd.DataFrame(table) for name, table in frames.items()},
        not_performed={"frequency": 0} if "frequency" in frames else None,
    )


tables = st.lists(st.lists(st.integers(1, 5), min_size=4, max_size=4), min_size=2, max_size=10)


@given(tables)
def test_complete_answers_give_the_mean_of_shares(rows):
    values = np.array(rows, dtype=float)
    expected = (values / values.sum(axis=1, keepdims=True)).mean(axis=0)
    assert_allclose(shares_within_persons(values), expected, rtol=1e-12)


@given(tables, st.integers(2, 9))
def test_a_respondent_who_rates_everything_higher_does_not_count_for_more(rows, factor):
    values = np.array(rows, dtype=float)
    lenient = values.copy()
    lenient[0] *= factor
    assert_allclose(shares_within_persons(lenient), shares_within_persons(values), rtol=1e-12)


def test_whoever_rated_few_tasks_does_not_inflate_them():
    # All agree that tasks weigh 1 : 2 : 3 : 4; the second half saw two of them only.
    whole = np.tile([1.0, 2, 3, 4], (6, 1))
    whole[3:, 2:] = np.nan
    assert_allclose(shares_within_persons(whole), [0.1, 0.2, 0.3, 0.4], atol=1e-9)


def test_a_person_without_any_positive_rating_has_no_shares_and_is_left_out():
    values = np.array([[0.0, 0], [1, 3]])
    assert shares_within_persons(values).tolist() == [0.25, 0.75]
    with pytest.raises(WithheldError, match="nobody has shares"):
        shares_within_persons(np.zeros((3, 2)))


def test_a_task_without_ratings_has_no_share():
    found = shares_within_persons(np.array([[1.0, np.nan], [2.0, np.nan]]))
    assert np.isnan(found).tolist() == [False, True]


def test_effective_weights_of_shares_within_persons_have_no_meaning():
    ratings = of(importance=[[1, 2], [3, 1]], frequency=[[1, 2], [2, 2]])
    table = effective_weights(combine(ratings, model="within_person_shares"), model="shares")
    assert table["nominal"].tolist() == [0.5, 0.5]
    assert table["effective"].isna().all()


def test_only_tasks_that_reach_the_threshold_are_summed():
    ratings = of(importance=[[4, 2, 3], [5, 3, 3]], frequency=[[3, 1, 4], [4, 2, 2]])
    found = combine(ratings, model="critical_tasks", options={"threshold": 9})
    # Mean products 16, 4, 9: the threshold itself counts.
    assert found.rating.tolist() == [16, 0, 9]
    assert found.notes == ("no weight by the model, for a mean below the threshold of 9: 1",)
    with pytest.raises(ValueError, match="needs a threshold"):
        combine(ratings, model="critical_tasks")


def test_the_opm_filter_takes_out_what_half_do_not_perform_and_what_is_below_three():
    ratings = of(
        importance=[[5, 5, 2, 4], [5, 5, 2, 4], [5, 5, 3, 4], [5, 5, 3, 4]],
        frequency=[[4, 4, 4, 0], [4, 0, 4, 4], [4, 0, 4, 4], [4, 4, 4, 2]],
    )
    found = combine(ratings, model="opm_filter")
    # Task 1: two of four do not perform it. Task 2: mean importance 2.5. Task 3: 4 and 10/3.
    assert_allclose(found.rating, [4.5, 0, 0, (4 + 10 / 3) / 2])
    assert [note.split(": ")[-1] for note in found.notes] == ["1", "2"]


def test_the_midpoint_itself_stays():
    ratings = of(importance=[[1, 2, 5], [3, 4, 4]])
    assert combined_ratings(ratings, model="midpoint_filter").tolist() == [0, 3, 4.5]


def test_models_that_need_answers_name_the_one_for_means():
    from rds.blueprint.models import find_model

    for model in ("within_person_shares", "critical_tasks", "opm_filter", "rasch", "product"):
        assert find_model(model).instead
