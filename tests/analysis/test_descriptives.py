"""Descriptive statistics of statements."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from rds.analysis.descriptives import (
    DISTRIBUTIONS,
    STATEMENT_RATINGS,
    distributions,
    groups_of,
    median,
    moments,
    point_counts,
    statement_ratings,
    wilson,
)
from rds.ratings.frames import NO_ANSWER, NOT_APPLICABLE, NOT_SHOWN
from rds.ratings.ratings import Ratings
from tests.oracles import oracle


def described(ratings, **options):
    table, notes = statement_ratings(groups_of(ratings, pooled=True), kinds={}, domains={})
    return table.set_index(["statement_id", "scale", "base"]), notes


def importance(values, **options):
    return Ratings.from_frames(importance=pd.DataFrame({"T1": values}), **options)


def test_mean_spread_and_interval_are_those_of_scipy():
    values = np.random.default_rng(1).integers(1, 5, 40)
    table, _ = described(importance(values))
    row = table.loc["T1", "importance", "all"]
    low, high = stats.t.interval(0.95, 39, values.mean(), stats.sem(values))
    found = row[["mean", "sd", "se", "ci_low", "ci_high", "median"]].tolist()
    expected = [values.mean(), values.std(ddof=1), stats.sem(values), low, high, np.median(values)]
    assert found == pytest.approx(expected)


def test_the_interval_stays_on_the_scale():
    table, _ = described(importance([1] + [4] * 14))
    assert table.loc["T1", "importance", "all"]["ci_high"] == 4


def test_percent_performing_and_its_wilson_interval():
    # 35 of 50; Wilson score interval without continuity correction, agrees with R prop.test.
    frequency = pd.DataFrame({"T1": [0] * 15 + [3] * 35})
    ratings = Ratings.from_frames(frequency=frequency, not_performed={"frequency": 0})
    row = described(ratings)[0].loc["T1", "frequency", "all"]
    found = row[["percent_performing", "performing_ci_low", "performing_ci_high"]].tolist()
    assert found == pytest.approx([70, 56.24965, 80.896446])


def test_not_applicable_counts_in_the_denominator_of_performing_only():
    ratings = Ratings.from_frames(
        frequency=pd.DataFrame({"T1": [0] * 10 + [3] * 20 + [NOT_APPLICABLE] * 10}),
        not_performed={"frequency": 0},
    )
    row = described(ratings)[0].loc["T1", "frequency", "all"]
    assert row["percent_performing"] == 50
    assert row["n"] == 30


def test_five_kinds_of_answer_are_counted_apart():
    codes = [3] * 12 + [0] * 3 + [NOT_APPLICABLE] * 2 + [NO_ANSWER] * 4 + [NOT_SHOWN]
    ratings = Ratings.from_frames(
        frequency=pd.DataFrame({"T1": codes}), not_performed={"frequency": 0}
    )
    row = described(ratings)[0].loc["T1", "frequency", "performers"]
    counts = ["n", "n_not_performed", "n_not_applicable", "n_no_answer", "n_not_shown"]
    assert row[counts].tolist() == [12, 3, 2, 4, 1]


def test_frequency_counts_people_who_never_do_it_and_importance_does_not():
    ratings = Ratings.from_frames(
        importance=pd.DataFrame({"T1": [4] * 5 + [1] * 5}),
        frequency=pd.DataFrame({"T1": [2] * 5 + [0] * 5}),
        not_performed={"frequency": 0},
    )
    table, _ = described(ratings)
    assert table.loc["T1", "frequency", "all"]["mean"] == 1
    assert table.loc["T1", "frequency", "performers"]["mean"] == 2
    assert table.loc["T1", "importance", "performers"]["mean"] == 4


def test_few_answers_are_withheld_with_the_reason():
    table, notes = described(importance([3, 4, 4, 2]))
    assert np.isnan(table.loc["T1", "importance", "all"]["mean"])
    assert "4 answers; at least 5 are needed" in [note.reason for note in notes]


def test_no_interval_when_everybody_gave_the_same_rating():
    table, notes = described(importance([4] * 20))
    assert np.isnan(table.loc["T1", "importance", "all"]["ci_low"])
    assert "all 20 gave 4" in [note.reason for note in notes]


def test_reconstructed_answers_have_a_mean_but_no_spread():
    table, notes = described(importance([3, 4] * 10, nature="reconstructed"))
    row = table.loc["T1", "importance", "all"]
    assert row["mean"] == 3.5
    assert row[["sd", "se", "ci_low", "ci_high", "median"]].isna().all()
    assert any("only n and the rounded means are real" in note.reason for note in notes)


def test_groups_are_described_apart_and_pooled_only_when_that_means_something():
    ratings = importance([1, 2, 3, 4], group=["a", "a", "b", "b"])
    assert [g.name for g in groups_of(ratings, pooled=False)] == ["a", "b"]
    assert [g.name for g in groups_of(ratings, pooled=True)] == ["all", "a", "b"]


def test_statements_a_group_was_not_asked_about_are_left_out():
    ratings = Ratings.from_frames(
        importance=pd.DataFrame({"T1": [4] * 6, "T2": [NOT_SHOWN] * 6}),
    )
    assert described(ratings)[0].index.get_level_values(0).tolist() == ["T1"]


def test_distributions_name_every_point_even_an_unused_one():
    table, _ = distributions(groups_of(importance([1, 1, 4, 4, 3]), pooled=True))
    assert table["point"].tolist() == [1, 2, 3, 4]
    assert table["n"].tolist() == [2, 0, 1, 2]
    assert table["percent"].sum() == pytest.approx(100)


def test_distributions_of_reconstructed_answers_are_withheld():
    ratings = importance([3, 4] * 10, nature="reconstructed")
    table, notes = distributions(groups_of(ratings, pooled=True))
    assert table.empty
    assert notes[0].kind == "withheld"


def test_tables_have_the_documented_columns():
    groups = groups_of(importance([3, 4] * 10), pooled=True)
    assert tuple(statement_ratings(groups, kinds={}, domains={})[0]) == STATEMENT_RATINGS
    assert tuple(distributions(groups)[0]) == DISTRIBUTIONS


@given(st.lists(st.integers(1, 5), min_size=2, max_size=40))
def test_counts_give_the_moments_of_the_answers(values):
    ratings = importance(values)
    scale = ratings.scales[0]
    points = [point.value for point in scale.points]
    n, mean, sd = moments(point_counts(ratings, scale), points)
    found = [n[0], mean[0], sd[0], median(point_counts(ratings, scale), points)[0]]
    expected = [len(values), np.mean(values), np.std(values, ddof=1), np.median(values)]
    assert found == pytest.approx(expected)


@given(st.integers(0, 60), st.integers(1, 60))
def test_wilsons_interval_holds_the_share_and_stays_between_0_and_1(successes, extra):
    n = successes + extra
    low, high = wilson(np.array([float(successes)]), np.array([float(n)]))
    assert -1e-12 <= low[0] <= successes / n + 1e-12
    assert successes / n - 1e-12 <= high[0] <= 1 + 1e-12


def test_a_declared_frame_narrows_the_error_as_in_the_survey_package_of_r():
    # survey::svymean with fpc, by tests/oracles/description.R.
    expected = oracle("description_R")
    groups = groups_of(importance(expected["ratings"]), pooled=True)
    sizes = {"all": expected["frame_size"]}
    table, notes = statement_ratings(groups, kinds={}, domains={}, frame_sizes=sizes)
    found = table.loc[0, ["mean", "se", "ci_low", "ci_high"]].tolist()
    assert found == pytest.approx([expected[name] for name in ("mean", "se", "ci_low", "ci_high")])
    assert [note.kind for note in notes] == ["assumed"]
    assert "frame of 150 people" in notes[0].reason


def test_a_frame_narrows_the_interval_of_percent_performing_and_a_census_closes_it():
    frequency = pd.DataFrame({"T1": [0] * 15 + [3] * 35})
    groups = groups_of(
        Ratings.from_frames(frequency=frequency, not_performed={"frequency": 0}), pooled=True
    )

    def width(size):
        table, _ = statement_ratings(groups, kinds={}, domains={}, frame_sizes={"all": size})
        row = table.iloc[0]
        assert row["performing_ci_low"] <= 70.0001
        assert row["performing_ci_high"] >= 69.9999
        return row["performing_ci_high"] - row["performing_ci_low"]

    assert width(10**9) == pytest.approx(80.896446 - 56.24965, abs=1e-4)
    assert width(1000) > width(100) > width(50)
    assert width(50) == pytest.approx(0, abs=1e-3)


def test_performers_are_part_of_the_same_sample():
    frames = {
        "importance": pd.DataFrame({"T1": [1, 2, 3, 4] * 10}),
        "frequency": pd.DataFrame({"T1": [0] * 20 + [3, 4] * 10}),
    }
    groups = groups_of(Ratings.from_frames(**frames, not_performed={"frequency": 0}), pooled=True)
    plain, _ = statement_ratings(groups, kinds={}, domains={})
    table, _ = statement_ratings(groups, kinds={}, domains={}, frame_sizes={"all": 160})
    assert (table["se"] / plain["se"]).tolist() == pytest.approx([0.75**0.5] * 4)


def test_more_respondents_than_the_frame_holds_get_no_correction_and_a_note():
    groups = groups_of(importance([1, 2, 3, 4] * 5), pooled=True)
    plain, _ = statement_ratings(groups, kinds={}, domains={})
    table, notes = statement_ratings(groups, kinds={}, domains={}, frame_sizes={"all": 19})
    assert table["se"].tolist() == plain["se"].tolist()
    assert notes[0].reason.startswith("20 respondents cannot come from a frame of 19")


def test_two_camps_are_flagged_from_thirty_answers():
    flags = [
        described(importance(values))[0].loc["T1", "importance", "all"]["bimodal"]
        for values in ([1, 4] * 15, [1, 2, 3, 4, 3] * 6, [1, 4] * 14)
    ]
    assert flags == [True, False, None]
    _, notes = described(importance([1, 4] * 14))
    assert [note.reason for note in notes if note.column == "bimodal"] == [
        "statements with fewer than 30 answers: 1"
    ]
