"""Restricted maximum likelihood, against the likelihood written out in full and against lme4."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from rds.analysis import reml as module
from rds.analysis.reml import reml, resampled_reml

# lme4, by tests/oracles/reliability.R.
LME4 = json.loads((Path(__file__).parents[1] / "oracles" / "reliability_R.json").read_text("utf-8"))
CASES = {**LME4["complete"], **LME4["gaps"]}


def table_with_gaps(seed, respondents=12, tasks=5, share=0.2):
    random = np.random.default_rng(seed)
    leniency, difficulty = random.normal(size=(respondents, 1)), random.normal(size=tasks)
    table = np.round(3 + leniency + difficulty + random.normal(size=(respondents, tasks)))
    gaps = random.random(table.shape) < share
    gaps[0], gaps[:, 0] = False, False
    table[gaps] = np.nan
    return table


def deviance_in_full(variances, table):
    """Minus twice the restricted log-likelihood, from the covariance matrix of all ratings."""
    rows, columns = np.nonzero(~np.isnan(table))
    ratings, ones = table[rows, columns], np.ones(len(rows))
    covariance = (
        variances[0] * (rows[:, None] == rows)
        + variances[1] * (columns[:, None] == columns)
        + variances[2] * np.eye(len(rows))
    )
    inverse = np.linalg.inv(covariance)
    information = ones @ inverse @ ones
    rest = ratings - ones @ inverse @ ratings / information
    return np.linalg.slogdet(covariance)[1] + np.log(information) + rest @ inverse @ rest


@pytest.mark.parametrize("seed", range(8))
def test_no_search_of_the_likelihood_written_out_in_full_finds_a_better_point(seed):
    table = table_with_gaps(seed, respondents=7, tasks=4, share=0.35)
    searches = [
        minimize(
            deviance_in_full,
            start,
            args=(table,),
            method="L-BFGS-B",
            bounds=[(0, None), (0, None), (1e-6, None)],
            options={"ftol": 1e-15, "gtol": 1e-9},
        )
        for start in ([1, 1, 1], [0.1, 1, 0.5], [5, 0.1, 1])
    ]
    best = min(searches, key=lambda search: search.fun)
    found = reml(table)
    assert deviance_in_full(found, table) <= best.fun + 1e-9
    np.testing.assert_allclose(found, best.x, atol=1e-3)


@pytest.mark.parametrize("name", CASES)
def test_components_agree_with_lme4(name):
    expected = CASES[name]["reml"]
    found = reml(np.array(CASES[name]["ratings"], dtype=float))
    # lme4 stops near the optimum, not at it (methods.md 3.3): compare at 1e-3.
    np.testing.assert_allclose(
        found, [expected[key] for key in ("respondent", "task", "Residual")], rtol=1e-3, atol=1e-6
    )


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), share=st.sampled_from([0.0, 0.1, 0.4]))
def test_tasks_and_respondents_are_treated_alike(seed, share):
    # Respondents are eliminated and tasks kept; turning the table must not matter.
    table = table_with_gaps(seed, share=share)
    respondent, task, residual = reml(table)
    np.testing.assert_allclose(reml(table.T), [task, respondent, residual], rtol=1e-6, atol=1e-7)


def test_components_are_never_negative_and_reach_zero():
    opposed = np.array([[1.0, 2, 3, 4], [4, 3, 2, 1], [1, 2, 3, 4], [4, 3, 2, np.nan]])
    respondent, task, residual = reml(opposed)
    assert (respondent, task) == (0, 0)
    assert residual > 1


def test_ratings_without_residual_have_residual_zero():
    table = np.add.outer([0.0, 1, 2, 4], [1.0, 2, 4])
    table[0, 0] = np.nan
    respondent, task, residual = reml(table)
    assert residual == 0
    assert respondent > 1
    assert task > 1


def test_constant_ratings_have_no_variance():
    assert reml(np.array([[2.0, 2], [2, 2], [np.nan, 2]])).tolist() == [0, 0, 0]


def test_a_resample_is_the_fit_of_the_table_drawn():
    table = table_with_gaps(3, respondents=15)
    table = table[np.argsort((~np.isnan(table)).sum(axis=1), kind="stable")]
    drawn = np.random.default_rng(5).integers(15, size=(6, 15))
    expected = [reml(table[places]) for places in drawn]
    np.testing.assert_allclose(
        resampled_reml(table, replicates=6, seed=5), expected, rtol=2e-3, atol=2e-3
    )


def test_resamples_do_not_depend_on_how_many_are_fitted_together(monkeypatch):
    table = table_with_gaps(4, respondents=16)
    together = resampled_reml(table, replicates=20, seed=9)
    monkeypatch.setattr(module, "_NUMBERS_AT_ONCE", 1000)
    np.testing.assert_allclose(resampled_reml(table, replicates=20, seed=9), together, atol=1e-3)


def test_resamples_that_lose_a_task_are_fitted_all_the_same():
    table = table_with_gaps(6, respondents=12)
    table[1:, 4] = np.nan
    resamples = resampled_reml(table, replicates=50, seed=1)
    assert np.isfinite(resamples).all()
    assert (resamples >= 0).all()


def test_no_resamples_are_an_empty_table():
    assert resampled_reml(table_with_gaps(1), replicates=0, seed=1).shape == (0, 3)
