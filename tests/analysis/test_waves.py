"""Waves of a survey compared."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from rds.analysis.comparison import ComparisonPlan
from rds.analysis.waves import WAVES, compare_waves
from rds.ratings.ratings import Ratings
from rds.scales import ordinal
from tests.oracles import oracle

# t.test and p.adjust of R, by tests/oracles/comparisons.R.
R = oracle("comparisons_R")
IMPORTANCE = ordinal("importance", {k: str(k) for k in range(1, 6)}, role="importance")


def waves(first, second, *, who=None):
    frame = pd.DataFrame(np.vstack([first, second]), dtype=float).add_prefix("T")
    frame.index = pd.Index(who or [f"R{k}" for k in range(len(frame))])
    labels = ["1"] * len(first) + ["2"] * len(second)
    return Ratings.from_frames(importance=frame, scales=[IMPORTANCE], wave=labels)


def the_same_people():
    names = [f"R{k}" for k in range(len(R["before"]))]
    before, after = (np.array(R[name], dtype=float) for name in ("before", "after"))
    return waves(before, after, who=names * 2)


def test_the_same_respondents_are_compared_with_themselves_as_r_does():
    found = compare_waves(the_same_people()).table
    assert tuple(found) == WAVES
    assert set(found["design"]) == {"paired"}
    for name, own in {
        "n": "n_a",
        "difference": "change",
        "ci_low": "ci_low",
        "d_z": "effect",
        "mean_a": "mean_b",
    }.items():
        expected = [pair[name] for pair in R["paired"]]
        assert found[own].tolist() == pytest.approx(expected, abs=1e-12)
    assert found["p"].tolist() == pytest.approx([p["paired_t"]["p"] for p in R["paired"]])
    assert set(found["effect_kind"]) == {"d_z"}


def test_other_respondents_are_compared_as_independent_groups_as_r_does():
    b, a = (np.array(R[name], dtype=float) for name in ("b", "a"))
    found = compare_waves(waves(b, a)).table  # R compared a with b: the later wave stands first
    assert set(found["design"]) == {"independent"}
    assert found["p"].tolist() == pytest.approx(R["p"], abs=1e-12)
    assert found["q"].tolist() == pytest.approx(R["bh"], abs=1e-12)
    assert found["effect"].tolist() == pytest.approx([g["hedges_g"] for g in R["groups"]])
    assert found["n_a"].tolist() == [g["n_b"] for g in R["groups"]]
    assert found["mean_a"].tolist() == pytest.approx([g["mean_b"] for g in R["groups"]])


def test_who_answered_twice_and_who_answered_once_never_mix():
    rng = np.random.default_rng(7)
    first, second = rng.integers(1, 6, (50, 2)), rng.integers(1, 6, (45, 2))
    names = (
        [f"R{k}" for k in range(50)] + [f"R{k}" for k in range(25)] + [f"S{k}" for k in range(20)]
    )
    found = compare_waves(waves(first, second, who=names)).table
    sizes = found.groupby("design")[["n_a", "n_b"]].first()
    assert sizes.loc["paired"].tolist() == [25, 25]
    assert sizes.loc["independent"].tolist() == [25, 20]
    again = waves(first[:25], second[:25], who=names[:25] * 2)
    pd.testing.assert_frame_equal(
        found[found["design"] == "paired"].drop(columns="q").reset_index(drop=True),
        compare_waves(again).table.drop(columns="q"),
        check_dtype=False,
    )


def test_each_wave_is_compared_with_the_next_in_the_order_told():
    frame = pd.DataFrame({"T1": [1, 2, 3, 4, 5] * 6})
    ratings = Ratings.from_frames(
        importance=frame, scales=[IMPORTANCE], wave=["a"] * 10 + ["b"] * 10 + ["c"] * 10
    )
    table = compare_waves(ratings).table
    assert list(zip(table["wave_a"], table["wave_b"], strict=True)) == [("a", "b"), ("b", "c")]
    turned = compare_waves(ratings, waves=["c", "a"]).table
    assert turned[["wave_a", "wave_b"]].values.tolist() == [["c", "a"]]
    with pytest.raises(ValueError, match="nobody answered in the wave “d”"):
        compare_waves(ratings, waves=["a", "d"])


def test_one_wave_is_compared_with_nothing():
    found = compare_waves(Ratings.from_frames(importance=pd.DataFrame({"T1": [1, 2, 3]})))
    assert found.table.empty
    assert tuple(found.table) == WAVES


def test_ranks_show_ties():
    first = [[5, 4, 4, 1], [5, 4, 4, 1]] * 5
    found = compare_waves(waves(first, first)).table
    assert found["rank_a"].tolist() == ["1", "2–3", "2–3", "4"]


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        (None, "nobody differs from the others in either group"),
        ([f"R{k}" for k in range(20)] * 2, "all differences are the same"),
    ],
)
def test_waves_that_agree_perfectly_have_no_test(who, reason):
    found = compare_waves(waves([[4]] * 20, [[4]] * 20, who=who))
    row = found.table.iloc[0]
    assert row["change"] == 0
    assert row[["p", "q", "effect", "ci_low"]].isna().all()
    assert [note.reason for note in found.notes] == [reason]


@pytest.mark.parametrize("n", [4, 9, 19])
def test_small_waves_show_what_their_answers_allow(n):
    rng = np.random.default_rng(7)
    found = compare_waves(waves(rng.integers(1, 6, (n, 1)), rng.integers(1, 6, (40, 1)))).table
    shown = [found[name].notna().item() for name in ("mean_a", "effect", "p")]
    assert shown == [n >= 5, n >= 10, False]


def test_reconstructed_answers_are_compared_by_their_means_alone():
    ratings = the_same_people()
    ratings.respondents["nature"] = "reconstructed"
    found = compare_waves(ratings).table
    assert found["change"].notna().all()
    assert found[["effect", "p", "q"]].isna().all(axis=None)


def test_the_declared_test_has_its_paired_form():
    found = compare_waves(the_same_people(), plan=ComparisonPlan(test="mann_whitney")).table
    assert set(found["test"]) == {"wilcoxon"}
