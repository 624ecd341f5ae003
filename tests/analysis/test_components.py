"""Variance components of plain tables."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rds.analysis.components import (
    difference_error,
    mean_squares,
    rating_table,
    resampled_components,
    variance_components,
)
from rds.analysis.reml import resampled_reml
from rds.errors import WithheldError

# Published examples; sources stand in the file.
ORACLES = json.loads(
    (Path(__file__).parents[1] / "oracles" / "reliability.json").read_text("utf-8")
)
JUDGES = np.array(ORACLES["O-R1"]["data"], dtype=float).T
PERSONS = np.array(ORACLES["O-R4"]["data"]["data"], dtype=float)


def variances(ratings, **options):
    found = variance_components(ratings, **options)
    return np.array([found.respondent, found.task, found.residual])


@st.composite
def tables(draw, gaps=True, effects=False):
    """Whole points by 4 to 8 respondents of 3 to 6 tasks, up to a third missing."""
    n, k = draw(st.integers(4, 8)), draw(st.integers(3, 6))
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    table = random.integers(1, 6, size=(n, k)).astype(float)
    if effects:
        table += np.add.outer(random.permutation(n) * 3, random.permutation(k) * 3)
    if gaps:
        table[random.random((n, k)) < draw(st.sampled_from([0.1, 0.2, 0.33]))] = np.nan
    return table


def components_or_discard(table):
    try:
        return variances(table)
    except WithheldError:
        return assume(False)


def test_shrout_and_fleiss_data_have_their_published_components():
    expected = ORACLES["O-R1"]["expected"]
    assert variances(JUDGES) == pytest.approx(
        [expected["var_rater"], expected["var_target"], expected["var_resid"]], abs=1e-6
    )


def test_rajaratnam_data_have_their_published_components():
    expected = ORACLES["O-R4"]["expected"]
    assert variances(PERSONS) == pytest.approx(
        [expected["var_p"], expected["var_i"], expected["var_res"]], abs=1e-6
    )


def test_complete_tables_get_anova_and_tables_with_gaps_reml():
    gap = JUDGES.copy()
    gap[0, 0] = np.nan
    assert variance_components(JUDGES).estimator == "anova"
    assert variance_components(gap).estimator == "reml"
    assert variance_components(JUDGES, estimator="reml").estimator == "reml"


def test_negative_anova_components_are_kept():
    opposed = [[1, 2, 3], [3, 2, 1], [1, 2, 3], [3, 2, 1]]
    components = variance_components(opposed)
    assert components.respondent == pytest.approx(-4 / 9)
    assert components.task == pytest.approx(-1 / 3)
    assert variance_components(opposed, estimator="reml").respondent == 0


@settings(max_examples=60, deadline=None)
@given(table=tables(gaps=False, effects=True))
def test_reml_equals_anova_on_complete_tables_without_negative_components(table):
    exact = variances(table, estimator="anova")
    assume((exact > 1e-6).all())
    np.testing.assert_allclose(variances(table, estimator="reml"), exact, rtol=1e-6)


@settings(max_examples=60, deadline=None)
@given(table=tables(), seed=st.integers(0, 1000))
def test_the_order_of_respondents_and_tasks_is_irrelevant(table, seed):
    expected = components_or_discard(table)
    random = np.random.default_rng(seed)
    shuffled = random.permutation(random.permutation(table, axis=0), axis=1)
    np.testing.assert_allclose(variances(shuffled), expected, rtol=1e-5, atol=1e-6)


@settings(max_examples=60, deadline=None)
@given(table=tables(), shift=st.integers(-50, 50), factor=st.sampled_from([-2.0, 0.5, 10.0]))
def test_a_constant_changes_nothing_and_a_factor_counts_squared(table, shift, factor):
    expected = components_or_discard(table)
    np.testing.assert_allclose(
        variances(table * factor + shift), expected * factor**2, rtol=1e-5, atol=1e-6 * factor**2
    )


@settings(max_examples=30, deadline=None)
@given(table=tables())
def test_an_empty_respondent_and_an_empty_task_are_left_out_and_counted(table):
    expected = components_or_discard(table)
    wider = np.pad(table, ((1, 0), (0, 2)), constant_values=np.nan)
    before, after = variance_components(table), variance_components(wider)
    np.testing.assert_allclose(
        [after.respondent, after.task, after.residual], expected, rtol=1e-5, atol=1e-6
    )
    assert (after.n_respondents, after.n_tasks) == (before.n_respondents, before.n_tasks)
    assert after.n_ratings == before.n_ratings == (~np.isnan(table)).sum()
    assert after.n_respondents_left_out == before.n_respondents_left_out + 1
    assert after.n_tasks_left_out == before.n_tasks_left_out + 2


def test_small_integers_and_nullable_integers_give_the_same_as_floats():
    frame = pd.DataFrame(JUDGES)
    expected = variances(frame)
    assert variances(frame.astype("int8")).tolist() == expected.tolist()
    assert variances(frame.astype("Int8")).tolist() == expected.tolist()
    frame.iloc[0, 0] = np.nan
    assert variances(frame.astype("Int8")).tolist() == variances(frame).tolist()


def test_the_table_that_was_given_is_not_changed():
    given_table = np.array([[1.0, 2, np.nan], [2, 4, 3], [3, 3, 5]])
    copy = given_table.copy()
    variance_components(given_table)
    np.testing.assert_array_equal(given_table, copy)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ([[1, 2, 3]], "1 respondents of 3 tasks"),
        ([[1], [2]], "2 respondents of 1 tasks"),
        ([[1, np.nan], [np.nan, 2]], "2 ratings by 2 respondents of 2 tasks"),
        ([[1, 2, np.nan, np.nan], [np.nan, 3, 4, np.nan], [np.nan, np.nan, 1, 2]], "too few"),
        (np.full((3, 3), np.nan), "0 respondents of 0 tasks"),
    ],
)
def test_tables_that_cannot_tell_components_apart_are_withheld(table, reason):
    with pytest.raises(WithheldError, match=reason):
        variance_components(table)


def test_two_forms_without_common_respondents_or_tasks_still_have_components():
    random = np.random.default_rng(2)
    table = np.full((20, 10), np.nan)
    table[:10, :5], table[10:, 5:] = random.integers(1, 6, (2, 10, 5))
    assert (variances(table) >= 0).all()


@pytest.mark.parametrize(
    ("ratings", "message"),
    [
        ([["often", "never"], ["never", "often"]], "not a number"),
        ([1, 2, 3], "found 1 dimensions"),
        ([[1, np.inf], [2, 3]], "infinite"),
        (pd.DataFrame({"T01": ["often", "never"]}), "not a number"),
    ],
)
def test_what_is_no_table_of_points_is_refused(ratings, message):
    with pytest.raises(ValueError, match=message):
        rating_table(ratings)


def test_anova_of_a_table_with_gaps_is_refused():
    with pytest.raises(ValueError, match="found 1 cells without a rating"):
        variance_components([[1, 2, 3], [2, 4, 4], [1, 5, np.nan]], estimator="anova")


def test_an_unknown_estimator_is_refused():
    with pytest.raises(ValueError, match="wanted auto, anova or reml"):
        variance_components(JUDGES, estimator="ml")


def test_mean_squares_of_identical_respondents_are_exactly_zero():
    squares = mean_squares(np.tile([0.1, 0.7, 0.3], (7, 1)))
    assert (squares.respondent, squares.residual, squares.within_task) == (0, 0, 0)


def test_the_error_of_task_differences_follows_its_definition_pair_by_pair():
    random = np.random.default_rng(8)
    table = np.where(random.random((9, 4)) < 0.4, np.nan, 1.0)
    table[0] = 1.0
    answered = ~np.isnan(table)
    pairs = [
        0.7 * (1 / n_t + 1 / n_u - 2 * (answered[:, t] & answered[:, u]).sum() / (n_t * n_u))
        + 1.3 * (1 / n_t + 1 / n_u)
        for t, n_t in enumerate(answered.sum(axis=0))
        for u, n_u in enumerate(answered.sum(axis=0))
        if t < u
    ]
    assert difference_error(table, 0.7, 1.3) == pytest.approx(np.mean(pairs) / 2)


def test_tasks_of_forms_without_common_respondents_carry_leniency_as_well():
    forms = np.full((10, 2), np.nan)
    forms[:5, 0], forms[5:, 1] = 3, 3
    assert difference_error(forms, 0.5, 1.0) == pytest.approx((0.5 + 1.0) / 5)


def test_resampling_is_repeated_by_its_seed_alone():
    table = np.random.default_rng(1).integers(1, 6, (12, 4)).astype(float)
    first = resampled_components(table, replicates=5, seed=3)
    pd.testing.assert_frame_equal(first, resampled_components(table, replicates=5, seed=3))
    assert not first.equals(resampled_components(table, replicates=5, seed=4))


def test_resampled_components_centre_on_the_estimate_once_their_bias_is_taken_out():
    random = np.random.default_rng(12)
    table = (
        random.normal(size=(25, 1)) + 0.4 * random.normal(size=15) + random.normal(size=(25, 15))
    )
    table[random.random(table.shape) < 0.05] = np.nan
    estimate = variances(table)
    raw = resampled_reml(table, replicates=400, seed=1).mean(axis=0)
    corrected = resampled_components(table, replicates=400, seed=1).mean().to_numpy()
    np.testing.assert_allclose(corrected, estimate, atol=0.03)
    # Drawn task means differ by one more σ²_e/n; drawn respondents have (n − 1)/n of the variance.
    assert raw[1] - estimate[1] == pytest.approx(estimate[2] / 25, rel=0.25)
    assert raw[2] == pytest.approx(estimate[2] * 24 / 25, rel=0.02)
