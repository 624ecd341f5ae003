"""r_wg and average deviation, with exact critical values."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rds.analysis.within_group import WITHIN_GROUP, critical_value, within_group_agreement

FOLDER = Path(__file__).parents[1] / "oracles"
# A worked example; its source stands in the file.
EXAMPLE = json.loads((FOLDER / "agreement.json").read_text("utf-8"))["O-R7"]
# The R package multilevel, by tests/oracles/agreement.R.
MULTILEVEL = json.loads((FOLDER / "agreement_R.json").read_text("utf-8"))["within_group"]
COEFFICIENTS = ("r_wg", "AD_M", "AD_Md")

statements = st.lists(st.integers(1, 5), min_size=2, max_size=9)


def of_one(ratings, points=5, **options):
    rows = within_group_agreement(pd.DataFrame({"T1": ratings}), points=points, **options)
    return rows.set_index("coefficient")


def every_pattern(n, points):
    """Coefficients of all patterns of ratings, by their definitions."""
    patterns = np.array(list(product(range(points), repeat=n)), dtype=float)
    centred = patterns - patterns.mean(axis=1, keepdims=True)
    from_median = patterns - np.median(patterns, axis=1, keepdims=True)
    return {
        "r_wg": 1 - patterns.var(axis=1, ddof=1) / ((points**2 - 1) / 12),
        "AD_M": np.abs(centred).mean(axis=1),
        "AD_Md": np.abs(from_median).mean(axis=1),
    }


def at_least(values, value, coefficient):
    """Share of patterns that agree as much as `value`."""
    better = values >= value - 1e-9 if coefficient == "r_wg" else values <= value + 1e-9
    return better.mean()


def test_the_worked_example_comes_out():
    values = of_one(EXAMPLE["data"])["value"]
    expected = {
        "r_wg": EXAMPLE["expected"]["rwg"],
        "AD_M": EXAMPLE["expected"]["AD_M"],
        "AD_Md": EXAMPLE["expected"]["AD_Md"],
    }
    assert values.to_dict() == pytest.approx(expected)


def test_values_agree_with_multilevel():
    rows = within_group_agreement(
        pd.DataFrame(MULTILEVEL["data"], dtype=float), points=MULTILEVEL["points"]
    )
    values = rows.pivot_table(index="statement_id", columns="coefficient", values="value")
    cut_off = values["r_wg"].clip(lower=0)
    assert cut_off.tolist() == pytest.approx(MULTILEVEL["r_wg_not_below_zero"], abs=1e-9)
    assert values["AD_M"].tolist() == pytest.approx(MULTILEVEL["AD_M"], abs=1e-9)
    assert values["AD_Md"].tolist() == pytest.approx(MULTILEVEL["AD_Md"], abs=1e-9)


@pytest.mark.parametrize("coefficient", COEFFICIENTS)
@pytest.mark.parametrize(("n", "points"), [(2, 21), (3, 5), (5, 5), (7, 5), (6, 4), (9, 3), (8, 2)])
def test_critical_values_are_those_of_all_patterns_listed_one_by_one(coefficient, n, points):
    values = every_pattern(n, points)[coefficient]
    critical = critical_value(coefficient, n=n, points=points)
    candidates = np.unique(values.round(9))
    rare = [v for v in candidates if at_least(values, v, coefficient) <= 0.05 + 1e-12]
    weakest = min(rare) if coefficient == "r_wg" else max(rare)
    assert critical.value == pytest.approx(weakest, abs=1e-8)
    assert critical.attained_p == pytest.approx(at_least(values, weakest, coefficient), abs=1e-12)


def test_probability_of_one_statement_is_that_of_all_patterns_at_least_as_alike():
    rows = of_one([4, 4, 5, 4, 3])
    for coefficient, values in every_pattern(5, 5).items():
        value = rows.loc[coefficient, "value"]
        assert rows.loc[coefficient, "p"] == pytest.approx(at_least(values, value, coefficient))


@pytest.mark.parametrize("coefficient", COEFFICIENTS)
def test_three_raters_must_agree_perfectly(coefficient):
    # 5 of 5³ patterns are perfect: .04. The next, two alike and one beside, are far above .05.
    critical = critical_value(coefficient, n=3, points=5)
    assert critical.value == (1 if coefficient == "r_wg" else 0)
    assert critical.attained_p == pytest.approx(0.04)


def test_two_raters_on_five_points_agree_too_often_by_chance():
    critical = critical_value("r_wg", n=2, points=5)
    assert critical.value is None
    assert critical.attained_p == pytest.approx(0.2)
    row = of_one([3, 3]).loc["r_wg"]
    assert row["value"] == 1
    assert row["reason"] == "even perfect agreement has probability 0.2 by chance, above 0.05"
    assert np.isnan(row["critical_value"])
    assert np.isnan(row["attained_p"])


def test_perfect_agreement_is_one_and_no_deviation():
    assert of_one([2] * 7)["value"].tolist() == [1, 0, 0]


def test_opposite_camps_have_r_wg_below_zero():
    # s² = 8 · 4 / 7, so r_wg = 1 − (32/7)/2.
    row = of_one([1, 5] * 4)
    assert row.loc["r_wg", "value"] == pytest.approx(1 - 32 / 14)
    assert row.loc["AD_M", "value"] == 2
    assert row.loc["r_wg", "p"] == pytest.approx(1)


def test_every_statement_counts_those_who_rated_it():
    table = pd.DataFrame({"a": [4, 4, 4, 5, 4], "b": [4, 4, 4, None, None], "c": [None] * 5})
    rows = within_group_agreement(table, points=5)
    assert list(rows.columns) == list(WITHIN_GROUP)
    assert rows["n"].tolist() == [5] * 3 + [3] * 3 + [0] * 3
    assert set(rows["null"]) == {"uniform"}
    assert rows.loc[rows["statement_id"] == "b", "attained_p"].tolist() == pytest.approx([0.04] * 3)


def test_one_rater_or_nobody_has_no_agreement_but_a_reason():
    table = pd.DataFrame({"a": [4.0, 3.0], "b": [4.0, None], "c": [None, None]})
    rows = within_group_agreement(table, points=5).set_index(["statement_id", "coefficient"])
    assert rows.loc[("b", "AD_M"), "reason"] == "rated by 1 only"
    assert rows.loc[("c", "r_wg"), "reason"] == "rated by nobody"
    assert rows.loc["b", "value"].isna().all()


def test_nobody_at_all_gives_reasons_only():
    rows = within_group_agreement(pd.DataFrame({"a": [None, None]}, dtype=float), points=5)
    assert rows["reason"].tolist() == ["rated by nobody"] * 3
    assert rows["value"].dtype == float


def test_fewer_ratings_than_wanted_are_withheld():
    assert of_one([4, 4, 4, 4], minimum_n=5)["reason"].tolist() == ["rated by 4 only"] * 3


def test_large_surveys_get_values_without_probabilities():
    row = of_one([1, 2, 3, 4, 5] * 40).loc["r_wg"]
    # s² = 2 · 200/199 with the variance 2 of a uniform distribution.
    assert row["value"] == pytest.approx(1 - 200 / 199)
    assert row["reason"] == "too many ratings (200) for exact probabilities"
    with pytest.raises(ValueError, match="found 200 ratings on 5 points"):
        critical_value("r_wg", n=200, points=5)


def test_the_place_of_the_ratings_on_the_scale_does_not_matter():
    pd.testing.assert_frame_equal(of_one([0, 1, 1, 2, 0]), of_one([3, 4, 4, 5, 3]))


@pytest.mark.parametrize(
    ("ratings", "points"), [([1, 2.5], 5), ([1, 5], 4), ([0, 5], 5), ([1, 1], 1)]
)
def test_ratings_that_are_no_points_of_the_scale_are_refused(ratings, points):
    with pytest.raises(ValueError, match="wanted"):
        of_one(ratings, points)


def test_unknown_options_are_refused():
    with pytest.raises(ValueError, match="wanted one of r_wg"):
        critical_value("a_wg", n=5, points=5)
    with pytest.raises(ValueError, match="wanted 2 ratings"):
        critical_value("r_wg", n=1, points=5)
    with pytest.raises(ValueError, match="wanted a share"):
        critical_value("r_wg", n=5, points=5, significance=5)


@settings(max_examples=40, deadline=None)
@given(statements)
def test_mirrored_ratings_agree_as_much(ratings):
    mirrored = of_one([6 - rating for rating in ratings])
    assert mirrored["value"].to_dict() == pytest.approx(of_one(ratings)["value"].to_dict())


@settings(max_examples=40, deadline=None)
@given(statements)
def test_reaching_the_critical_value_and_being_rare_are_the_same(ratings):
    rows = of_one(ratings).dropna(subset="critical_value")
    sign = np.array([1 if name == "r_wg" else -1 for name in rows.index])
    reached = sign * (rows["value"] - rows["critical_value"]) >= -1e-12
    assert (reached == (rows["p"] <= 0.05 + 1e-12)).all()
    assert (rows["attained_p"] <= 0.05 + 1e-12).all()


@settings(max_examples=40, deadline=None)
@given(statements)
def test_the_median_is_nearer_to_all_ratings_than_the_mean(ratings):
    values = of_one(ratings)["value"]
    assert values["AD_Md"] <= values["AD_M"] + 1e-12
