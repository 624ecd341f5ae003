"""Two independent groups: tests, effect sizes, what could be detected."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rds.analysis.two_samples import TWO_SAMPLES, detectable_effect, two_sample_tests
from tests.oracles import oracle

# R's t.test, wilcox.test, power.t.test and written-out formulas, by tests/oracles/comparisons.R.
R = oracle("comparisons_R")
A, B = (pd.DataFrame(R[name], dtype=float) for name in ("a", "b"))
SHARED = ("n_a", "n_b", "mean_a", "mean_b", "sd_a", "sd_b", "hedges_g", "g_low", "g_high")

ratings = st.lists(st.integers(1, 5), min_size=3, max_size=25)


def frame(*columns):
    return pd.DataFrame({f"T{k}": column for k, column in enumerate(columns, 1)}, dtype=float)


def one(a, b, **options):
    return two_sample_tests(frame(a), frame(b), **options).iloc[0]


@pytest.mark.parametrize("test", ["welch", "student", "mann_whitney"])
def test_statistic_degrees_of_freedom_and_p_are_those_of_r(test):
    found = two_sample_tests(A, B, test=test)
    for name in R["groups"][0][test]:
        expected = [group[test][name] for group in R["groups"]]
        assert found[name].tolist() == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert set(found["test"]) == {test}


@pytest.mark.parametrize("name", [*SHARED, "cliffs_delta"])
def test_means_spreads_and_effect_sizes_are_those_of_r(name):
    expected = [group[name] for group in R["groups"]]
    assert two_sample_tests(A, B)[name].tolist() == pytest.approx(expected, abs=1e-12)


def test_the_detectable_effect_is_where_r_finds_a_power_of_80_percent():
    expected = [group["detectable_g"] for group in R["groups"]]
    assert two_sample_tests(A, B)["detectable_g"].tolist() == pytest.approx(expected, abs=1e-8)
    sizes = [row["n"] for row in R["detectable"]]
    found = detectable_effect(sizes, sizes)
    assert found.tolist() == pytest.approx([row["g"] for row in R["detectable"]], abs=1e-8)
    assert np.isnan(detectable_effect([1, 0], [50, 50])).all()


def test_welch_g_and_ranks_are_those_of_pingouin():
    for name in A:
        a, b = A[name].dropna(), B[name].dropna()
        found = one(a, b)
        witness = pingouin.ttest(a, b, correction=True)
        assert found["p"] == pytest.approx(witness["p_val"].item(), abs=1e-12)
        assert found["hedges_g"] == pytest.approx(
            pingouin.compute_effsize(a, b, eftype="hedges"), abs=1e-12
        )
        ranks = one(a, b, test="mann_whitney")
        assert ranks["p"] == pytest.approx(pingouin.mwu(a, b)["p_val"].item(), abs=1e-12)


# Where pingouin 0.7 gives another number, and ours is right.


def test_the_declared_test_holds_for_equal_sizes_where_pingouin_turns_to_students():
    """pingouin's default chooses by the sizes found; with equal ones it is Student's test."""
    a, b = [3, 3, 3, 2, 3, 3, 3, 4], [1, 5, 5, 1, 5, 1, 4, 5]
    assert pingouin.ttest(a, b)["dof"].item() == 14
    # R: t.test(a, b)$parameter
    assert one(a, b)["df"] == pytest.approx(7.999339801940, abs=1e-9)
    assert one(a, b, test="student")["df"] == 14


@pytest.mark.filterwarnings("ignore")  # pingouin's own
def test_a_group_of_one_is_not_tested_where_pingouin_takes_it_for_a_fixed_value():
    """pingouin tests the other group against that one rating, as if it were known exactly."""
    assert pingouin.ttest([1, 2, 2, 4], [3])["dof"].item() == 3
    found = one([1, 2, 2, 4], [3])
    assert found[["statistic", "p", "hedges_g", "ci_low", "detectable_g"]].isna().all()
    assert found["test"] == ""
    assert found["remark"] == "fewer than two answers in a group"
    assert found["difference"] == -0.75


def test_limits_are_not_rounded_where_pingouins_are():
    a, b = A[0].dropna(), B[0].dropna()
    printed = pingouin.ttest(a, b, correction=True)["CI95"].item()
    assert [round(float(x), 2) for x in printed] == pytest.approx([float(x) for x in printed])
    assert one(a, b)["ci_low"] == pytest.approx(R["groups"][0]["welch"]["ci_low"], abs=1e-12)
    assert abs(one(a, b)["ci_low"] - printed[0]) > 1e-4


@pytest.mark.filterwarnings("ignore")  # pingouin's own
def test_no_variance_is_said_where_pingouin_gives_nan():
    assert np.isnan(pingouin.ttest([4, 4, 4], [4, 4, 4])["p_val"].item())
    found = one([4, 4, 4], [4, 4, 4])
    assert found["remark"] == "nobody differs from the others in either group"
    assert found["test"] == ""


# Limits and laws.


def test_ranks_can_differ_where_neither_group_varies():
    found = one([4] * 6, [3] * 6, test="mann_whitney")
    assert found["cliffs_delta"] == 1
    assert found["p"] < 0.01
    assert np.isnan(found["hedges_g"])


def test_one_group_without_variance_can_be_tested():
    found = one([3, 3, 3, 3], [1, 2, 4, 5])
    assert found["df"] == pytest.approx(3)
    assert found["p"] == pytest.approx(1)


def test_a_statement_that_nobody_in_a_group_rated_has_no_comparison():
    found = two_sample_tests(frame([1, 2, 3], [np.nan] * 3), frame([2, 2, 4], [1, 2, 3]))
    assert found["n_a"].tolist() == [3, 0]
    assert found.loc["T2", ["difference", "p", "cliffs_delta"]].isna().all()
    assert two_sample_tests(frame([np.nan]), frame([np.nan]))["n_a"].tolist() == [0]


def test_frames_of_other_statements_unknown_tests_and_percent_are_refused():
    with pytest.raises(ValueError, match="the same columns"):
        two_sample_tests(frame([1, 2]), frame([1, 2], [1, 2]))
    with pytest.raises(ValueError, match="found the test “t”; wanted one of welch"):
        two_sample_tests(A, B, test="t")
    with pytest.raises(ValueError, match="a share between 0 and 1"):
        two_sample_tests(A, B, confidence=95)


def test_columns_may_stand_in_another_order():
    turned = two_sample_tests(A, B[list(B)[::-1]])
    pd.testing.assert_frame_equal(turned, two_sample_tests(A, B))
    assert tuple(turned) == TWO_SAMPLES


@pytest.mark.parametrize("test", ["welch", "student", "mann_whitney"])
@settings(max_examples=50)
@given(a=ratings, b=ratings)
def test_changing_the_sides_turns_the_signs_and_keeps_p(test, a, b):
    forth, back = one(a, b, test=test), one(b, a, test=test)
    assume(not np.isnan(forth["p"]))
    for name in ("difference", "hedges_g", "cliffs_delta"):
        assert forth[name] == pytest.approx(-back[name], abs=1e-12, nan_ok=True)
    assert forth["p"] == pytest.approx(back["p"], abs=1e-12)
    assert 0 <= forth["p"] <= 1


@settings(max_examples=50)
@given(a=ratings, b=ratings, up=st.integers(1, 3))
def test_a_shift_of_both_groups_changes_nothing(a, b, up):
    names = ["difference", "statistic", "p", "hedges_g", "cliffs_delta"]
    plain = one(a, b)[names].astype(float)
    raised = one([x + up for x in a], [x + up for x in b])[names].astype(float)
    assert plain.tolist() == pytest.approx(raised.tolist(), abs=1e-9, nan_ok=True)
