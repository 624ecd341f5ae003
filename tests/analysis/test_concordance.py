"""Kendall's W, corrected for ties."""

from __future__ import annotations

import json
from itertools import permutations, product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from rds.analysis.concordance import kendall_w
from rds.errors import WithheldError

FOLDER = Path(__file__).parents[1] / "oracles"
# Data and values of the R package irr; the source stands in the file.
ANXIETY = json.loads((FOLDER / "agreement.json").read_text("utf-8"))["O-R10"]
# vegan::kendall.global, by tests/oracles/agreement.R.
VEGAN = json.loads((FOLDER / "agreement_R.json").read_text("utf-8"))

panels = st.lists(st.lists(st.integers(1, 5), min_size=9, max_size=9), min_size=3, max_size=6).map(
    lambda rows: np.array(rows, dtype=float)
)


def assume_told_apart(panel):
    assume((panel != panel[:, :1]).any())


def test_the_anxiety_data_have_their_published_concordance():
    expected = ANXIETY["expected"]
    found = kendall_w(pd.DataFrame(ANXIETY["data"]).T)
    assert found.w == pytest.approx(expected["Wt"], abs=1e-9)
    assert found.w_uncorrected == pytest.approx(expected["W_uncorrected"], abs=1e-8)
    assert found.chi2 == pytest.approx(expected["chi2"], abs=1e-8)
    assert found.p == pytest.approx(expected["p"], abs=1e-8)
    assert (found.df, found.test, found.replicates) == (expected["df"], "chi-squared", 0)
    assert (found.n_judges, found.n_statements) == (3, 20)


@pytest.mark.parametrize("panel", ["few_statements", "many_statements"])
def test_values_agree_with_vegan(panel):
    found = kendall_w(VEGAN[panel]["data"])
    assert found.w == pytest.approx(VEGAN[panel]["w"], abs=1e-9)
    assert found.chi2 == pytest.approx(VEGAN[panel]["chi2"], abs=1e-9)


def test_below_eight_statements_p_is_a_permutation_p_like_that_of_vegan():
    found = kendall_w(VEGAN["few_statements"]["data"])
    assert found.test == "permutation"
    # Both are estimates, of 9,999 and 99,999 random orders: five standard errors.
    error = 5 * np.sqrt(0.026 * 0.974 / 9999)
    assert found.p == pytest.approx(VEGAN["few_statements"]["permutation_p"], abs=error)


def test_permutation_p_is_near_that_of_all_orders():
    panel = np.array([[1, 2, 3, 4], [1, 2, 4, 3], [2, 1, 3, 4]])
    own = ((panel.sum(axis=0) - 7.5) ** 2).sum()
    orders = list(permutations([1, 2, 3, 4]))
    all_sums = np.array([np.sum(rows, axis=0) for rows in product(orders, orders, [panel[2]])])
    exact = (((all_sums - 7.5) ** 2).sum(axis=1) >= own - 1e-9).mean()
    error = 5 * np.sqrt(exact * (1 - exact) / 9999)
    assert kendall_w(panel).p == pytest.approx(exact, abs=error)


def test_the_same_seed_gives_the_same_p():
    panel = [[1, 2, 3, 4], [1, 3, 2, 4], [4, 2, 3, 1]]
    assert kendall_w(panel, seed=7) == kendall_w(panel, seed=7)
    assert kendall_w(panel, seed=7).p != kendall_w(panel, seed=8).p


@pytest.mark.parametrize("ranking", [[1, 2, 3, 4, 5], [1, 1, 1, 2, 2], [5, 3, 3, 3, 3]])
def test_the_same_order_by_everybody_is_exactly_one(ranking):
    assert kendall_w([ranking] * 7).w == 1


def test_opposite_orders_cancel():
    found = kendall_w([[1, 2, 3, 4, 5], [5, 4, 3, 2, 1]])
    assert (found.w, found.chi2, found.p) == (0, 0, 1)


def test_leniency_does_not_matter():
    assert kendall_w([[1, 2, 3], [3, 4, 5], [1, 3, 5]]).w == 1


def test_an_sme_with_a_gap_is_left_out_and_counted():
    panel = pd.DataFrame([[1, 2, 3, 4], [2, 1, 3, 4], [4, None, 1, 2]], dtype=float)
    found = kendall_w(panel)
    assert (found.n_judges, found.n_judges_left_out) == (2, 1)
    assert found.w == kendall_w(panel.dropna()).w


@pytest.mark.parametrize(
    "panel",
    [
        [[1, 2, 3]],
        [[1], [1], [2]],
        [[1, 2, None], [2, 1, 3]],
        [[None, None], [None, None]],
    ],
)
def test_concordance_is_withheld_without_two_complete_rankings_of_two(panel):
    with pytest.raises(WithheldError, match="needs 2 of each"):
        kendall_w(np.array(panel, dtype=float))


def test_concordance_is_withheld_where_nobody_tells_the_statements_apart():
    with pytest.raises(WithheldError, match="tells the statements apart"):
        kendall_w([[3, 3, 3], [4, 4, 4]])


def test_no_replicates_are_refused():
    with pytest.raises(ValueError, match="wanted 1 or more"):
        kendall_w([[1, 2], [2, 1]], replicates=0)


@settings(max_examples=40, deadline=None)
@given(panels)
def test_chi_squared_is_that_of_friedman_s_test(panel):
    assume_told_apart(panel)
    friedman = stats.friedmanchisquare(*panel.T)
    found = kendall_w(panel)
    assert found.chi2 == pytest.approx(friedman.statistic, abs=1e-9)
    assert found.p == pytest.approx(friedman.pvalue, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(panels, st.permutations(range(9)))
def test_order_of_statements_and_direction_do_not_matter(panel, order):
    assume_told_apart(panel)
    assert kendall_w(-panel[:, order]).w == pytest.approx(kendall_w(panel).w)


@settings(max_examples=40, deadline=None)
@given(panels)
def test_w_lies_between_zero_and_one_and_ties_only_raise_it(panel):
    assume_told_apart(panel)
    found = kendall_w(panel)
    assert 0 <= found.w_uncorrected <= found.w <= 1
