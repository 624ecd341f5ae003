"""What is important and not supported."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from rds.analysis.comparison import ComparisonPlan
from rds.analysis.gaps import GAPS, compare_scales, gap_tables
from rds.ratings.ratings import Ratings
from rds.scales import ordinal
from rds.settings import RetentionSection
from tests.oracles import oracle

# t.test(paired = TRUE) and p.adjust of R, by tests/oracles/comparisons.R.
R = oracle("comparisons_R")
POINTS = {k: str(k) for k in range(1, 6)}
IMPORTANCE = ordinal("importance", POINTS, role="importance")
SUPPORT = replace(ordinal("support", POINTS), use="describe")


def rated(importance, support, *, scales=(IMPORTANCE, SUPPORT)):
    frames = (pd.DataFrame(rows, dtype=float).add_prefix("T") for rows in (importance, support))
    return Ratings.from_frames(
        scales=list(scales), **dict(zip((s.name for s in scales), frames, strict=True))
    )


def of_r():
    return rated(R["after"], R["before"])


def test_the_same_respondents_two_ratings_are_compared_as_r_does():
    found = compare_scales(of_r(), "importance", "support").table
    assert tuple(found) == GAPS
    for name in ("n", "mean_a", "mean_b", "difference", "ci_low", "ci_high", "d_z"):
        expected = [pair[name] for pair in R["paired"]]
        assert found[name].tolist() == pytest.approx(expected, abs=1e-12)
    assert found["p"].tolist() == pytest.approx([p["paired_t"]["p"] for p in R["paired"]])
    assert (found["q"] >= found["p"]).all()


def test_ranks_may_be_tested_instead():
    plan = ComparisonPlan(test="mann_whitney")
    found = compare_scales(of_r(), "importance", "support", plan=plan).table
    assert set(found["test"]) == {"wilcoxon"}
    assert found["p"].tolist() == pytest.approx([p["wilcoxon"]["p"] for p in R["paired"]])


def test_what_is_important_and_not_supported_is_named_and_so_is_the_reverse():
    important = [[5, 1, 5, 3], [4, 2, 4, 4]] * 15
    supported = [[1, 5, 5, 2], [2, 4, 4, 4]] * 15
    table = compare_scales(rated(important, supported), "importance", "support").table
    assert table["finding"].tolist() == [
        "important, but low on support",
        "not important, but high on support",
        "",
        "",
    ]
    assert table["rank_a"].tolist() == ["1–2", "4", "1–2", "3"]
    assert table["rank_b"].tolist() == ["4", "1–2", "1–2", "3"]


def test_a_gap_within_error_says_so():
    important, supported = [[3], [4], [2], [3]] * 10, [[4], [2], [3], [3]] * 9 + [[2]] * 4
    table = compare_scales(rated(important, supported), "importance", "support").table
    assert table[["mean_a", "mean_b"]].values.tolist() == [[3.0, 2.9]]
    assert table["finding"].tolist() == ["important, but low on support, within error"]


def test_the_cut_of_retention_decides_what_is_important():
    ratings = rated([[3], [3], [4], [3], [3]] * 4, [[1], [2], [2], [1], [1]] * 4)
    for cut, finding in (("3", "important, but low on support"), ("4", "")):
        plan = ComparisonPlan(retention=RetentionSection(cut=cut))
        table = compare_scales(ratings, "importance", "support", plan=plan).table
        assert table["finding"].tolist() == [finding]


def test_scales_with_other_points_have_a_finding_but_no_difference():
    shorter = replace(ordinal("support", {k: str(k) for k in range(1, 4)}), use="describe")
    ratings = rated([[5], [4]] * 12, [[1], [2]] * 12, scales=(IMPORTANCE, shorter))
    found = compare_scales(ratings, "importance", "support")
    row = found.table.iloc[0]
    assert row["finding"] == "important, but low on support"
    assert row[["difference", "p", "d_z"]].isna().all()
    assert "the scales have different points" in found.notes[0].reason


def test_only_scales_that_only_describe_have_a_gap_table():
    weighing = replace(SUPPORT, use="weights")
    assert gap_tables(of_r()).table["scale_b"].unique().tolist() == ["support"]
    assert gap_tables(rated([[4]] * 9, [[4]] * 9, scales=(IMPORTANCE, weighing))).table.empty
    plan = ComparisonPlan(retention=RetentionSection(scale="criticality"))
    assert gap_tables(of_r(), plan=plan).table.empty


@pytest.mark.parametrize(
    ("importance", "support", "reason"),
    [
        ([[4]] * 25, [[4]] * 25, "all differences are the same"),
        ([[4]] * 4, [[3]] * 4, "fewer than 5 answers on one side"),
        ([[5], [4]] * 8, [[1], [3]] * 8, "fewer than 20 answers on one side"),
    ],
)
def test_what_is_too_thin_or_does_not_vary_is_withheld_with_its_reason(importance, support, reason):
    found = compare_scales(rated(importance, support), "importance", "support")
    assert found.table[["p", "q"]].isna().all(axis=None)
    assert reason in {note.reason for note in found.notes}


def test_nobody_who_rated_both_is_no_row():
    found = compare_scales(rated([[4]] * 9, [[np.nan]] * 9), "importance", "support")
    assert found.table.empty
    assert found.notes == ()


def test_one_scale_twice_or_unknown_is_refused():
    with pytest.raises(ValueError, match="wanted two scales"):
        compare_scales(of_r(), "support", "Support")
    with pytest.raises(ValueError, match="there is no scale “risk”"):
        compare_scales(of_r(), "importance", "risk")
