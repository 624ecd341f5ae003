"""Survey weights, against R's survey package (tests/oracles/survey_weights.R)."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from rds.ratings.raking import population_shares, rake
from tests.oracles import oracle

ORACLE = oracle("survey_weights")
PEOPLE = pd.DataFrame(ORACLE["people"])
MARGINS = ORACLE["margins"]


def people(**counts):
    return pd.DataFrame({"v": [name for name, n in counts.items() for _ in range(n)]})


def test_raked_weights_are_those_of_r():
    found = rake(PEOPLE, margins=MARGINS)
    assert_allclose(found.weights, ORACLE["raked"]["weights"], rtol=1e-8)
    assert found.n_eff == pytest.approx(ORACLE["raked"]["n_eff"])
    assert found.design_effect == pytest.approx(len(PEOPLE) / ORACLE["raked"]["n_eff"])


def test_with_one_variable_raking_is_post_stratification():
    found = rake(PEOPLE, margins={"setting": MARGINS["setting"]})
    assert_allclose(found.weights, ORACLE["post_stratified"]["weights"], rtol=1e-12)


def test_a_jackknife_that_rakes_anew_is_that_of_r():
    n = len(PEOPLE)
    plan = rake(PEOPLE, margins=MARGINS).plan
    weights = plan.replicate_weights(1 - np.eye(n))
    rating = PEOPLE["rating"].astype(float)
    given_ = rating.notna().to_numpy()
    means = weights[:, given_] @ rating[given_] / weights[:, given_].sum(axis=1)
    squares = ((means - means.mean()) ** 2).sum()
    # Resamples settle to 1e-5 of a weight.
    assert np.sqrt((n - 1) / n * squares) == pytest.approx(ORACLE["jackknife_se"], rel=1e-4)


@given(
    counts=st.lists(st.integers(1, 40), min_size=4, max_size=4),
    first=st.floats(0.05, 0.95),
    second=st.floats(0.05, 0.95),
)
def test_raked_margins_are_met_and_weights_average_one(counts, first, second):
    cells = [("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")]
    rows = [cell for cell, n in zip(cells, counts, strict=True) for _ in range(n)]
    table = pd.DataFrame(rows, columns=["one", "two"])
    margins = {"one": {"a": first, "b": 1 - first}, "two": {"x": second, "y": 1 - second}}
    found = rake(table, margins=margins)
    assert found.weights.mean() == pytest.approx(1)
    assert found.largest_miss < 1e-6
    assert found.n_eff <= found.n + 1e-9


def test_trimmed_weights_stay_below_the_limit_and_still_meet_the_margins_where_they_can():
    plain, trimmed = (rake(PEOPLE, margins=MARGINS, trim=trim) for trim in (None, 4))
    limit = 4 * plain.weights.median()
    assert plain.largest > limit >= trimmed.largest - 1e-6
    assert trimmed.n_trimmed > 0
    assert trimmed.largest_miss < 1e-6
    assert trimmed.design_effect < plain.design_effect


def test_a_limit_that_the_margins_do_not_allow_holds_and_the_miss_is_told():
    found = rake(people(a=90, b=10), margins={"v": {"a": 20, "b": 80}}, trim=5)
    # The middle weight is .2222, so that the limit is 1.1111: b cannot reach 80 %.
    assert found.largest == pytest.approx(5 * 20 / 90)
    assert found.weights.mean() == pytest.approx(1)
    assert found.largest_miss == pytest.approx(80 - 10 * 5 * 20 / 90)
    assert "points to the population" in repr(found)


def test_those_without_an_answer_keep_their_share():
    table = pd.DataFrame({"v": ["a"] * 5 + ["b"] * 3 + [None, ""]})
    found = rake(table, margins={"v": {"a": 50, "b": 50}})
    assert found.weights.to_numpy() == pytest.approx([0.8] * 5 + [4 / 3] * 3 + [1, 1])


def test_one_category_changes_nothing():
    found = rake(people(a=7), margins={"v": {"a": 100}})
    assert (found.weights == 1).all()
    assert (found.n_eff, found.design_effect) == (7, 1)


@pytest.mark.parametrize(
    ("table", "margins", "words"),
    [
        (people(a=5), {"v": {"a": 50, "b": 50}}, "nobody answered “b” to v"),
        (people(a=5, c=2), {"v": {"a": 100}}, "2 answered “c” to v, which has no share"),
        (people(a=5, b=5), {"v": {"a": 100, "b": 0}}, "“b” of v has no share, and 5 chose it"),
        (people(a=5, b=5), {"v": {"a": 50, "b": 30}}, "add up to 80"),
        (people(a=5, b=5), {"v": {"a": 150, "b": -50}}, "0 or more"),
        (people(a=5), {"w": {"a": 100}}, "no column 'w'"),
        (people(), {"v": {"a": 100}}, "no respondents"),
        (people(a=5), {}, "no variables"),
    ],
)
def test_what_cannot_be_raked_is_said_by_name(table, margins, words):
    with pytest.raises(ValueError, match=words):
        rake(table if "v" in table else table.assign(v=""), margins=margins)


def test_margins_that_contradict_the_answers_do_not_converge():
    table = pd.DataFrame({"one": ["a"] * 5 + ["b"] * 5, "two": ["x"] * 5 + ["y"] * 5})
    margins = {"one": {"a": 50, "b": 50}, "two": {"x": 20, "y": 80}}
    with pytest.raises(ValueError, match="did not converge"):
        rake(table, margins=margins)


def test_a_resample_without_a_category_has_no_weights():
    plan = rake(people(a=3, b=2), margins={"v": {"a": 50, "b": 50}}).plan
    found = plan.replicate_weights([[1, 1, 1, 1, 1], [2, 2, 1, 0, 0]])
    assert np.isnan(found).any(axis=1).tolist() == [False, True]


@pytest.mark.parametrize("trim", [1, 0.5])
def test_a_limit_is_a_multiple_above_one(trim):
    with pytest.raises(ValueError, match="above 1"):
        rake(people(a=3), margins={"v": {"a": 1}}, trim=trim)


def test_shares_may_be_rounded_percentages():
    assert sum(population_shares("v", {"a": 33.3, "b": 33.3, "c": 33.3}).values()) == 1
