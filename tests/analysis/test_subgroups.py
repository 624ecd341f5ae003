"""Groups of respondents compared."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pingouin
import pytest

from rds.analysis.comparison import ComparisonPlan
from rds.analysis.hypotheses import read_hypothesis
from rds.analysis.subgroups import SUBGROUPS, compare_groups, shown_groups
from rds.ratings.ratings import Ratings
from rds.scales import ordinal
from rds.settings import RetentionSection
from tests.oracles import oracle

# p.adjust and t.test of R, by tests/oracles/comparisons.R.
R = oracle("comparisons_R")
IMPORTANCE = ordinal("importance", {k: str(k) for k in range(1, 6)}, role="importance")
FREQUENCY = ordinal("frequency", {k: str(k) for k in range(6)}, role="frequency", not_performed=0)


def of_r():
    """Return the two groups that R compared, as ratings."""
    frame = pd.DataFrame(R["a"] + R["b"], dtype=float).add_prefix("T")
    group = ["a"] * len(R["a"]) + ["b"] * len(R["b"])
    return Ratings.from_frames(importance=frame, scales=[IMPORTANCE], group=group)


def drawn(sizes, *, seed=1, statements=3, scales=("importance",)):
    rng = np.random.default_rng(seed)
    n = sum(sizes.values())
    names = [f"T{k}" for k in range(1, statements + 1)]
    return Ratings.from_frames(
        scales=[s for s in (IMPORTANCE, FREQUENCY) if s.name in scales],
        group=[name for name, count in sizes.items() for _ in range(count)],
        **{
            scale: pd.DataFrame(rng.integers(1, 6, (n, statements)), columns=names)
            for scale in scales
        },
    )


def reasons(comparison):
    return {(note.row, note.reason) for note in comparison.notes}


def test_every_statement_is_compared_with_adjusted_p_as_r_does():
    found = compare_groups(of_r()).table
    assert tuple(found) == SUBGROUPS
    assert found["q"].tolist() == pytest.approx(R["bh"], abs=1e-12)
    assert found["hedges_g"].tolist() == pytest.approx([g["hedges_g"] for g in R["groups"]])


def test_two_groups_are_adjusted_where_pingouin_leaves_p_as_it_is():
    """With two groups pingouin 0.7 ignores the adjustment it was asked for."""
    long = of_r().frame("importance").melt(value_name="rating", ignore_index=False)
    long["group"] = of_r().respondents["group"]
    witness = pingouin.pairwise_tests(long, dv="rating", between="group", padjust="fdr_bh")
    assert "p_corr" not in witness
    table = compare_groups(of_r()).table
    assert (table["q"] > table["p"]).any()


def test_more_than_two_groups_are_compared_two_at_a_time():
    table = compare_groups(drawn({"a": 20, "b": 20, "c": 20, "d": 20})).table
    pairs = list(dict.fromkeys(zip(table["group_a"], table["group_b"], strict=True)))
    assert pairs == [("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("c", "d")]


@pytest.mark.parametrize("family", ["all", "variable", "scale"])
def test_the_declared_family_decides_what_is_adjusted_together(family):
    ratings = drawn({"a": 30, "b": 30}, scales=("importance", "frequency"))
    ratings.respondents["Q1"] = ["x", "y"] * 30
    plan = ComparisonPlan(family=family)
    table = compare_groups(ratings, by={"group": (), "Q1": ()}, plan=plan).table
    keys = {"all": [], "variable": ["variable"], "scale": ["variable", "scale"]}[family]
    parts = [own for _, own in table.groupby(keys)] if keys else [table]
    for part in parts:
        assert part["q"].max() == pytest.approx(part["p"].max())
    assert len({round(part["q"].max(), 9) for part in parts}) == len(parts)


def test_the_declared_test_is_used():
    table = compare_groups(of_r(), plan=ComparisonPlan(test="mann_whitney")).table
    expected = [group["mann_whitney"]["p"] for group in R["groups"]]
    assert table["p"].tolist() == pytest.approx(expected)
    assert set(table["test"]) == {"mann_whitney"}
    assert table["df"].isna().all()


def test_groups_below_the_minimum_are_not_shown_and_their_size_is_not_told():
    found = compare_groups(drawn({"a": 20, "b": 20, "c": 4}))
    assert set(found.table["group_b"]) == {"b"}
    reason = "fewer than 5 respondents: not shown (comparison.minimum_group)"
    assert ("group: c", reason) in reasons(found)
    larger = compare_groups(drawn({"a": 20, "b": 20, "c": 4}), plan=ComparisonPlan(minimum=3))
    assert set(larger.table["group_b"]) == {"b", "c"}


@pytest.mark.parametrize("sizes", [{"a": 20}, {"a": 20, "b": 1}, {"a": 3, "b": 3}])
def test_nothing_is_compared_where_fewer_than_two_groups_remain(sizes):
    found = compare_groups(drawn(sizes))
    assert found.table.empty
    assert tuple(found.table) == SUBGROUPS
    assert any("fewer than two groups" in reason for _, reason in reasons(found))


@pytest.mark.parametrize(
    ("n", "shown", "empty"),
    [
        (4, ["n_a", "n_b", "mean_b"], ["mean_a", "difference", "hedges_g", "p", "q"]),
        (9, ["mean_a", "mean_b", "difference"], ["sd_a", "ci_low", "hedges_g", "p", "q"]),
        (19, ["sd_a", "ci_low", "hedges_g", "detectable_g"], ["statistic", "df", "p", "q"]),
        (20, ["hedges_g", "p", "q"], []),
    ],
)
def test_numbers_are_withheld_where_one_side_has_too_few_answers(n, shown, empty):
    ratings = drawn({"a": 40, "b": 40}, statements=1)
    frame = ratings.frame("importance")
    frame.iloc[n:40, 0] = np.nan
    thin = Ratings.from_frames(
        importance=frame, scales=[IMPORTANCE], group=ratings.respondents["group"]
    )
    found = compare_groups(thin)
    row = found.table.iloc[0]
    assert row[shown].notna().all()
    assert row[empty].isna().all()
    assert bool(found.notes) == bool(empty)


def test_no_variance_all_missing_and_an_unused_scale_are_withheld_with_a_reason():
    frame = pd.DataFrame({"T1": [4.0] * 60, "T2": [np.nan] * 60, "T3": [4.0, 3.0] * 30})
    frequency = pd.DataFrame(np.nan, index=range(60), columns=list(frame))
    ratings = Ratings.from_frames(
        importance=frame,
        frequency=frequency,
        scales=[IMPORTANCE, FREQUENCY],
        group=["a", "b"] * 30,
    )
    found = compare_groups(ratings)
    assert found.table["statement_id"].tolist() == ["T1", "T3"]
    assert found.table["scale"].unique().tolist() == ["importance"]
    assert found.table.loc[0, ["statistic", "p", "hedges_g", "q"]].isna().all()
    why = "nobody differs from the others in either group"
    assert ("group: a – b, importance", why) in reasons(found)


def test_reconstructed_answers_are_compared_by_their_means_alone():
    ratings = drawn({"a": 30, "b": 30})
    ratings.respondents["nature"] = "reconstructed"
    found = compare_groups(ratings)
    assert found.table[["mean_a", "difference"]].notna().all(axis=None)
    assert found.table[["sd_a", "hedges_g", "cliffs_delta", "p", "q"]].isna().all(axis=None)
    assert any("reconstructed" in reason for _, reason in reasons(found))


def test_verdicts_are_those_of_the_point_rules_and_differences_come_up_for_review():
    rng = np.random.default_rng(4)
    low, high = rng.choice([1, 2, 3], 40), rng.choice([3, 4, 5], 40)
    near = rng.choice([2, 3, 4], (80, 1))
    near[:40, 0], near[40:, 0] = [3] * 20 + [2] * 5 + [4] * 15, [3] * 20 + [2] * 15 + [4] * 5
    frame = pd.DataFrame({"T1": np.r_[low, high], "T2": near[:, 0], "T3": np.r_[high, high]})
    ratings = Ratings.from_frames(
        importance=frame, scales=[IMPORTANCE], group=["a"] * 40 + ["b"] * 40
    )
    table = compare_groups(ratings).table.set_index("statement_id")
    assert table.loc["T1", ["verdict_a", "verdict_b", "tier"]].tolist() == [
        "drop",
        "keep",
        "review",
    ]
    assert table.loc["T3", ["verdict_a", "verdict_b", "tier"]].tolist() == ["keep", "keep", ""]
    lower = ComparisonPlan(retention=RetentionSection(cut="1"))
    assert compare_groups(ratings, plan=lower).table["tier"].tolist()[0] == "noted"


def test_a_verdict_that_differs_within_error_says_so():
    frame = pd.DataFrame({"T1": [3, 3, 3, 4] * 10 + [3, 3, 3, 2] * 10 + [2, 4] * 20})
    frame["T1"] = [3.0] * 39 + [4.0] + [3.0] * 39 + [2.0] + [1.0, 5.0] * 20
    ratings = Ratings.from_frames(
        importance=frame, scales=[IMPORTANCE], group=["a"] * 40 + ["b"] * 40 + ["c"] * 40
    )
    table = compare_groups(ratings).table
    assert table["tier"].tolist()[0] == "review, within error"


def test_verdicts_concern_tasks_and_the_scale_of_the_rules():
    ratings = drawn({"a": 30, "b": 30}, scales=("importance", "frequency"))
    kinds = {"T1": "task", "T2": "knowledge", "T3": "task"}
    table = compare_groups(ratings, kinds=kinds).table
    told = table[table["verdict_a"] != ""]
    assert set(zip(told["statement_id"], told["scale"], strict=True)) == {
        ("T1", "importance"),
        ("T3", "importance"),
    }


def test_stated_hypotheses_are_a_family_of_their_own_and_the_rest_is_exploratory():
    """Holm over the two stated tests, p.adjust of R for the other ten."""
    stated = ("T1 importance group: a < b", "T2 importance group: a < b")
    plan = ComparisonPlan(hypotheses=tuple(map(read_hypothesis, stated)))
    table = compare_groups(of_r(), plan=plan).table.set_index("statement_id")
    assert table.loc["T1", "q"] == pytest.approx(2 * R["p"][1])
    assert table.loc[["T1", "T2"], "hypothesis"].tolist() == ["b > a", "b > a"]
    assert table.loc["T1", "outcome"] == "as stated"
    assert table.loc["T2", "outcome"] == "not shown"
    rest = table.drop(index=["T1", "T2"])
    assert set(rest["hypothesis"]) == {"exploratory"}
    assert set(rest["outcome"]) == {""}
    assert rest["q"].max() == pytest.approx(rest["p"].max())


def test_the_opposite_of_a_hypothesis_and_one_that_is_not_tested_are_named():
    stated = ("T3 importance group: a < b", "T9 importance group: b > a")
    plan = ComparisonPlan(hypotheses=tuple(map(read_hypothesis, stated)))
    ratings = of_r()
    table = compare_groups(ratings, plan=plan).table.set_index("statement_id")
    assert table.loc[["T3", "T9"], "outcome"].tolist() == ["as stated", "the opposite"]
    thin = ratings.select(np.arange(len(ratings)) >= 8)
    fewer = compare_groups(thin, plan=plan).table.set_index("statement_id")
    assert fewer.loc[["T3", "T9"], "outcome"].tolist() == ["not tested", "not tested"]


@pytest.mark.parametrize("text", ["", "T1 importance", "T1 importance Q1: a = b", "Q1: a > b"])
def test_a_hypothesis_in_another_form_is_refused(text):
    with pytest.raises(ValueError, match="wanted a hypothesis such as “T07 frequency Q1"):
        read_hypothesis(text)


def test_groups_stand_in_the_order_of_the_options_whatever_their_capitals():
    ratings = drawn({"x": 30})
    ratings.respondents["Q1"] = ["hospital"] * 10 + ["Community "] * 10 + ["Other"] * 6 + [""] * 4
    groups, notes = shown_groups(ratings, "Q1", ["Hospital", "Community"])
    assert [group.name for group in groups] == ["Hospital", "Community", "Other"]
    assert [(note.kind, note.reason) for note in notes] == [
        ("dropped", "4 respondents did not say: they are in no group")
    ]


def test_a_variable_that_nobody_has_is_refused():
    with pytest.raises(ValueError, match="respondents have no variable “Q9”"):
        compare_groups(drawn({"a": 10, "b": 10}), by="Q9")


def test_a_comparison_shows_itself_with_its_reasons():
    found = compare_groups(drawn({"a": 12, "b": 12, "c": 2}))
    text = repr(found)
    assert text.startswith("Groups compared (points of the scale)")
    assert "group: c: fewer than 5 respondents" in text
    assert "statistic" not in text.splitlines()[1]


def test_the_order_of_respondents_changes_nothing():
    ratings = of_r()
    turned = Ratings.from_frames(
        importance=ratings.frame("importance").iloc[::-1],
        scales=[IMPORTANCE],
        group=ratings.respondents["group"].iloc[::-1],
    )
    pd.testing.assert_frame_equal(compare_groups(ratings).table, compare_groups(turned).table)
