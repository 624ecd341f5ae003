"""Respondents beside the population, and late ones beside early ones."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from rds.ratings.representativeness import (
    early_and_late,
    late_respondents,
    representativeness,
)


def people(**counts):
    return pd.DataFrame({"v": [name for name, n in counts.items() for _ in range(n)]})


def test_the_chi_square_is_that_of_the_worked_example():
    # 60, 25, 15 against 50, 30, 20 %: agrees with R's chisq.test.
    found = representativeness(people(a=60, b=25, c=15), margins={"v": {"a": 50, "b": 30, "c": 20}})
    test = found.tests.iloc[0]
    assert test["chi_square"] == pytest.approx(4.0833333)
    assert (test["df"], test["largest_difference"]) == (2, pytest.approx(10))
    assert test["p"] == pytest.approx(0.12981218)
    table = found.categories
    assert table["difference"].tolist() == pytest.approx([10, -5, -5])
    assert table["standardised"].tolist() == pytest.approx([0.2, -0.05 / 0.21**0.5, -0.125])
    assert table["flagged"].tolist() == [True, False, False]


def test_the_standardised_difference_does_not_grow_with_n():
    margins = {"v": {"a": 50, "b": 50}}
    small, large = (
        representativeness(people(a=3 * k, b=2 * k), margins=margins) for k in (10, 1000)
    )
    assert small.categories["standardised"].equals(large.categories["standardised"])
    assert small.tests["p"].item() > 0.05 > large.tests["p"].item()


def test_thin_categories_are_merged_for_the_test_and_named():
    margins = {"v": {"a": 90, "b": 6, "c": 4}}
    found = representativeness(people(a=45, b=3, c=2), margins=margins).tests.iloc[0]
    assert found["merged"] == "c + b"
    assert found["chi_square"] == pytest.approx(stats.chisquare([45, 5], [45, 5]).statistic)


def test_one_category_has_no_test():
    found = representativeness(people(a=9), margins={"v": {"a": 1.0}})
    assert np.isnan(found.tests["p"].item())
    assert found.categories["difference"].item() == 0


def test_survey_weights_give_a_weighted_share():
    found = representativeness(
        people(a=2, b=2), margins={"v": {"a": 50, "b": 50}}, survey_weights=[1, 1, 3, 3]
    )
    assert found.categories["percent_weighted"].tolist() == [25, 75]


def test_an_answer_without_a_share_is_refused():
    with pytest.raises(ValueError, match="“c” of v has no share"):
        representativeness(people(a=5, c=5), margins={"v": {"a": 50, "b": 50}})


def test_late_is_from_the_first_reminder_on_or_the_last_third():
    days = pd.Series([f"2026-05-{day:02d}" for day in range(1, 31)])
    assert late_respondents(days, ["2026-05-18", "2026-05-11"]).sum() == 20
    assert late_respondents(days, []).sum() == 10
    assert late_respondents(days, ["2026-05-29"]).sum() == 10
    assert late_respondents(days[:12], []) is None
    assert late_respondents(days[:0], []) is None


def test_late_shares_and_means_stand_beside_early_ones():
    late = np.repeat([False, True], 20)
    answers = pd.DataFrame({"Q1": ["A"] * 15 + ["B"] * 5 + ["A"] * 10 + ["B"] * 10})
    numbers = pd.DataFrame({"importance": np.r_[np.tile([3.0, 4.0], 10), np.tile([2.0, 3.0], 10)]})
    table = early_and_late(answers, numbers, late).set_index(["variable", "category"])
    row = table.loc[("Q1", "A")]
    assert row[["early", "late", "difference"]].tolist() == [75, 50, -25]
    assert row["standardised"] == pytest.approx(-0.25 / np.sqrt((0.1875 + 0.25) / 2))
    pooled = np.std([3.0, 4.0] * 10, ddof=1)
    assert table.loc[("importance", "mean"), "standardised"] == pytest.approx(-1 / pooled)


def test_small_cells_and_those_that_give_them_away_stay_empty():
    late = np.repeat([False, True], 20)
    answers = pd.DataFrame(
        {"Q1": ["A"] * 12 + ["B"] * 6 + ["C"] * 2 + ["A"] * 12 + ["B"] * 6 + ["C"] * 2}
    )
    table = early_and_late(answers, pd.DataFrame(index=answers.index), late)
    assert table["early"].isna().tolist() == [False, True, True]
