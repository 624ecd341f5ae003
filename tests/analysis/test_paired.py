"""Two ratings by the same respondents."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rds.analysis.paired import PAIRED, paired_tests
from tests.oracles import oracle

# R's t.test(paired = TRUE), wilcox.test and the noncentral t, by tests/oracles/comparisons.R.
R = oracle("comparisons_R")
AFTER, BEFORE = (pd.DataFrame(R[name], dtype=float) for name in ("after", "before"))

pairs = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=2, max_size=20)


def one(a, b, **options):
    frames = (pd.DataFrame({"T1": side}, dtype=float) for side in (a, b))
    return paired_tests(*frames, **options).iloc[0]


@pytest.mark.parametrize("test", ["paired_t", "wilcoxon"])
def test_statistic_and_p_are_those_of_r(test):
    found = paired_tests(AFTER, BEFORE, test=test)
    for name in R["paired"][0][test]:
        expected = [pair[test][name] for pair in R["paired"]]
        assert found[name].tolist() == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    "name", ["n", "mean_a", "mean_b", "difference", "sd_difference", "ci_low", "ci_high"]
)
def test_means_and_limits_are_those_of_r(name):
    expected = [pair[name] for pair in R["paired"]]
    assert paired_tests(AFTER, BEFORE)[name].tolist() == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("name", ["d_z", "d_low", "d_high"])
def test_the_effect_size_and_its_limits_are_those_of_rs_noncentral_t(name):
    expected = [pair[name] for pair in R["paired"]]
    assert paired_tests(AFTER, BEFORE)[name].tolist() == pytest.approx(expected, abs=1e-7)


def test_signed_ranks_are_those_of_pingouin_where_no_difference_is_zero():
    a, b = [5, 5, 4, 3, 2, 5, 4, 5, 1, 5, 3, 5], [4, 3, 2, 4, 4, 1, 2, 2, 2, 3, 1, 4]
    witness = pingouin.wilcoxon(a, b, method="asymptotic", correction=True)
    assert one(a, b, test="wilcoxon")["p"] == pytest.approx(witness["p_val"].item(), abs=1e-12)


def test_half_a_pair_is_left_out_of_its_statement_only():
    a = pd.DataFrame({"T1": [3, 4, np.nan, 2], "T2": [3, 4, 5, 2]})
    b = pd.DataFrame({"T1": [2, 2, 5, np.nan], "T2": [2, 2, 5, 3]})
    assert paired_tests(a, b)["n"].tolist() == [2, 4]


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        ([3], [2], "fewer than two pairs"),
        ([np.nan, 3], [2, np.nan], "fewer than two pairs"),
        ([3, 3, 3], [3, 3, 3], "all differences are the same"),
        ([4, 3, 5], [3, 2, 4], "all differences are the same"),
    ],
)
def test_what_is_not_defined_is_empty_and_says_why(a, b, reason):
    found = one(a, b)
    assert found["remark"] == reason
    assert found["test"] == ""
    assert found[["statistic", "p", "d_z", "ci_low"]].isna().all()


def test_frames_that_do_not_match_and_unknown_tests_are_refused():
    with pytest.raises(ValueError, match="wanted the same"):
        paired_tests(AFTER, BEFORE.iloc[1:])
    with pytest.raises(ValueError, match="found the test “sign”"):
        paired_tests(AFTER, BEFORE, test="sign")


def test_columns_are_those_documented():
    assert tuple(paired_tests(AFTER, BEFORE)) == PAIRED


@settings(max_examples=50)
@given(pairs)
def test_changing_the_sides_turns_the_signs_and_keeps_p(drawn):
    a, b = zip(*drawn, strict=True)
    for test in ("paired_t", "wilcoxon"):
        forth, back = one(a, b, test=test), one(b, a, test=test)
        assert forth["difference"] == -back["difference"]
        assert forth["p"] == pytest.approx(back["p"], abs=1e-12, nan_ok=True)
        assert forth["d_low"] == pytest.approx(-back["d_high"], abs=1e-9, nan_ok=True)
