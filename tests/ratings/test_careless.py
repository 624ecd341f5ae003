"""Indices of careless answers against the R package careless, and in limiting cases."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from rds.errors import WithheldError
from rds.ratings.careless import (
    correlations,
    even_odd,
    longest_runs,
    pairwise_covariance,
    person_total,
    synonym_consistency,
    synonym_pairs,
    variability,
)
from rds.ratings.distance import mahalanobis

# R 4.2.2, careless 1.2.2 and stats, by tests/oracles/careless.R.
R = json.loads((Path(__file__).parents[1] / "oracles" / "careless_R.json").read_text("utf-8"))
PAGES = [f"D{1 + k // 4}" for k in range(24)]
BOTH = pytest.mark.parametrize("which", ["complete", "gaps"])


def numbers(listed):
    return np.array([np.nan if v is None else v for v in listed], dtype=float)


def values(which):
    return np.array([numbers(row) for row in R[which]["data"]]).T


def test_longest_run_is_that_of_r():
    runs = longest_runs(values("complete"))
    assert runs[0].tolist() == R["longest_run"]
    by_page = longest_runs(values("complete"), PAGES)
    assert by_page[0].tolist() == R["longest_run_on_the_first_page"]
    assert by_page.shape == (6, 150)


@BOTH
def test_variability_is_that_of_r(which):
    assert_allclose(variability(values(which)), numbers(R[which]["irv"]), atol=1e-9)


@BOTH
def test_even_odd_is_that_of_r_with_the_sign_turned(which):
    assert_allclose(even_odd(values(which), PAGES), numbers(R[which]["even_odd"]), atol=1e-9)


@BOTH
def test_person_total_is_that_of_r(which):
    assert_allclose(person_total(values(which)), numbers(R[which]["person_total"]), atol=1e-9)


@BOTH
def test_synonyms_are_those_of_r(which):
    own, expected = values(which), R[which]["synonyms"]
    pairs = synonym_pairs(own)
    rated = ~np.isnan(own)
    n = [int(np.triu(np.outer(one, one) & pairs).sum()) for one in rated.T]
    assert n == expected["pairs"]
    assert_allclose(synonym_consistency(own, pairs), numbers(expected["r"]), atol=1e-9)


@BOTH
def test_mahalanobis_is_that_of_r(which):
    found = mahalanobis(values(which))
    assert_allclose(found.squared, numbers(R[which]["mahalanobis"]), rtol=1e-9)
    assert found.n_statements.tolist() == (~np.isnan(values(which))).sum(axis=0).tolist()


def test_mahalanobis_agrees_with_the_package_careless():
    assert_allclose(
        mahalanobis(values("complete")).squared, R["mahalanobis_of_careless"], rtol=1e-9
    )


def test_correlations_are_those_of_numpy():
    own = values("complete")
    assert_allclose(correlations(own), np.corrcoef(own), atol=1e-12)


def test_a_gap_neither_ends_nor_lengthens_a_run():
    column = np.array([[2.0], [np.nan], [2.0], [3.0], [2.0]])
    assert longest_runs(column).tolist() == [[2]]


def test_the_distance_is_the_same_whichever_way_gaps_are_taken_out():
    own = values("gaps").copy()
    own[2:, 0] = np.nan
    covariance = pairwise_covariance(own)[0][:2, :2]
    deviation = own[:2, 0] - np.nanmean(own[:2], axis=1)
    expected = deviation @ np.linalg.inv(covariance) @ deviation
    assert_allclose(mahalanobis(own).squared[0], expected, rtol=1e-9)


def test_the_distance_is_withheld_with_fewer_than_five_respondents_a_statement():
    own = values("complete")
    with pytest.raises(WithheldError, match="119 respondents for 24 statements; at least 120"):
        mahalanobis(own[:, :119])
    assert mahalanobis(own[:, :120]).squared.shape == (120,)


def test_the_distance_is_withheld_where_statements_repeat_each_other():
    own = values("complete")
    own[1] = own[0]
    with pytest.raises(WithheldError, match="no inverse"):
        mahalanobis(own)


def test_the_distance_is_withheld_where_statements_were_never_rated_together():
    own = values("complete")
    own[:12, :75], own[12:, 75:] = np.nan, np.nan
    with pytest.raises(WithheldError, match="never rated by the same"):
        mahalanobis(own)


def test_a_statement_that_few_rated_or_all_alike_does_not_enter_the_distance():
    own = values("complete")
    own[3, 20:], own[5] = np.nan, 4
    assert mahalanobis(own).statements.tolist() == [k for k in range(24) if k not in (3, 5)]


def test_nobody_and_one_respondent_give_no_number():
    for n in (0, 1):
        own = np.full((3, n), 2.0)
        assert np.isnan(person_total(own)).all()
        assert not synonym_pairs(own).any()
        assert np.isnan(even_odd(own, ["A", "B", "C"])).all()
        assert longest_runs(own).tolist() == [[3] * n]
        with pytest.raises(WithheldError):
            mahalanobis(own)


def test_who_rated_nothing_gets_no_number():
    own = values("complete")
    own[:, 7] = np.nan
    assert np.isnan(variability(own)[7])
    assert np.isnan(person_total(own)[7])
    assert np.isnan(mahalanobis(own).squared[7])
    assert longest_runs(own)[0, 7] == 0


@given(st.lists(st.integers(1, 5), min_size=2, max_size=30), st.integers(1, 4))
def test_adding_a_constant_changes_neither_runs_nor_variability(points, constant):
    column = np.array(points, dtype=float)[:, None]
    assert longest_runs(column + constant).tolist() == longest_runs(column).tolist()
    assert_allclose(variability(column + constant), variability(column), atol=1e-12)


@settings(deadline=None, max_examples=20)
@given(st.permutations(range(24)))
def test_the_order_of_statements_matters_neither_to_distance_nor_to_person_total(order):
    own = values("gaps")
    assert_allclose(mahalanobis(own[order]).squared, mahalanobis(own).squared, rtol=1e-7)
    assert_allclose(person_total(own[order]), person_total(own), atol=1e-9)
