"""Tests recomputed from printed n, t, means and SDs."""

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from rds.analysis.reported import (
    WELCH_COLUMNS,
    adjusted_p,
    paired_t_from_report,
    welch_from_report,
)
from rds.errors import WithheldError

answers = st.lists(st.integers(1, 5), min_size=3, max_size=40).filter(
    lambda some: len(set(some)) > 1
)


def paired(n, t, **options):
    return paired_t_from_report(pd.DataFrame({"n": [n], "t": [t]}), **options).iloc[0]


def summary(a, b):
    """What a report prints of two groups."""
    row = (len(a), np.mean(a), np.std(a, ddof=1), len(b), np.mean(b), np.std(b, ddof=1))
    return pd.DataFrame([row], columns=list(WELCH_COLUMNS))


# R 4.2.2: p = 2*pt(-abs(t), n-1); limits = uniroot over d of pt(t, n-1, d) - .975 and - .025
# (- .95 and - .05 in the last row), divided by sqrt(n).
@pytest.mark.parametrize(
    ("n", "t", "confidence", "p", "low", "high"),
    [
        (38, 2.058, 0.95, 0.04668600069549, 0.00486053465474, 0.65858003288569),
        (37, 3.235, 0.95, 0.00260878740724, 0.18391386733084, 0.87328254319827),
        (37, -2.372, 0.95, 0.0231591131816, -0.7219269056917, -0.0529598789868),
        (20, 12.5, 0.95, 1.29627019594e-10, 1.80296378845, 3.77182665991),
        (10, 0.4, 0.90, 0.698484091671, -0.399337108512, 0.645438598927),
    ],
)
def test_p_and_the_interval_of_the_effect_are_those_of_r(n, t, confidence, p, low, high):
    row = paired(n, t, confidence=confidence)
    assert row["p"] == pytest.approx(p, rel=1e-9)
    assert row["d_z"] == pytest.approx(t / np.sqrt(n))
    assert (row["d_low"], row["d_high"]) == pytest.approx((low, high), abs=1e-7)


@given(st.lists(st.integers(-3, 3), min_size=2, max_size=40).filter(lambda d: len(set(d)) > 1))
def test_a_paired_test_from_n_and_t_is_the_test_of_the_differences(differences):
    test = stats.ttest_1samp(differences, 0)
    row = paired(len(differences), test.statistic)
    assert row["p"] == pytest.approx(test.pvalue, abs=1e-12)
    assert row["df"] == len(differences) - 1
    assert row["d_low"] < row["d_z"] < row["d_high"]
    assert (row["d_low"] > 0) == (test.statistic > 0 and row["p"] < 0.05)


def test_turning_the_sign_of_t_turns_the_interval():
    one, other = paired(38, 2.058), paired(38, -2.058)
    assert one["p"] == other["p"]
    assert (one["d_low"], one["d_high"]) == pytest.approx((-other["d_high"], -other["d_low"]))


@pytest.mark.parametrize(("n", "t"), [(2, 60.0), (3, 30.0), (4, -100.0), (101, 50.0), (2, 0.0)])
def test_the_limits_are_the_effects_that_make_t_rare_even_far_from_nothing(n, t):
    row = paired(n, t)
    below = [stats.nct.cdf(t, n - 1, row[limit] * np.sqrt(n)) for limit in ("d_low", "d_high")]
    assert below == pytest.approx([0.975, 0.025], abs=1e-8)


def test_other_columns_and_the_printed_text_are_kept():
    printed = pd.DataFrame({"statement_id": ["T04"], "n": ["38"], "t": ["-2.058"]}, index=[7])
    table = paired_t_from_report(printed)
    assert table.loc[7, ["statement_id", "n", "t"]].tolist() == ["T04", "38", "-2.058"]
    assert table.columns.tolist() == [*printed, "df", "p", "d_z", "d_low", "d_high"]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"n": [38]}, "no column “t”; wanted n, t"),
        ({"n": [38], "t": ["–"]}, "found t = –; wanted a number"),
        ({"n": [1], "t": [2.0]}, "found n = 1; wanted a whole number, 2 or more"),
        ({"n": [7.5], "t": [2.0]}, r"found n = 7\.5"),
    ],
)
def test_what_is_no_printed_test_is_refused(table, message):
    with pytest.raises(ValueError, match=message):
        paired_t_from_report(pd.DataFrame(table))


@given(answers, answers)
def test_welch_from_n_means_and_sds_is_welch_from_the_answers(a, b):
    row = welch_from_report(summary(a, b)).iloc[0]
    test = stats.ttest_ind(a, b, equal_var=False)
    assert row["statistic"] == pytest.approx(test.statistic, abs=1e-9)
    assert row["df"] == pytest.approx(test.df)
    assert row["p"] == pytest.approx(test.pvalue, abs=1e-9)
    assert row["difference"] == pytest.approx(np.mean(a) - np.mean(b))


@given(answers, answers)
def test_g_is_that_of_pingouin_and_turns_with_the_groups(a, b):
    row, turned = (welch_from_report(summary(*groups)).iloc[0] for groups in ((a, b), (b, a)))
    assert row["hedges_g"] == pytest.approx(
        pingouin.compute_effsize(a, b, eftype="hedges"), abs=1e-9
    )
    assert (row["g_low"], row["g_high"]) == pytest.approx((-turned["g_high"], -turned["g_low"]))


def test_the_interval_of_g_has_the_standard_error_of_its_formula():
    # g = 0 for equal means; SE = √(1/30 + 1/20) and z = 1.959964.
    row = welch_from_report(pd.DataFrame([(30, 3.5, 0.8, 20, 3.5, 0.5)], columns=WELCH_COLUMNS))
    reach = 1.959963984540054 * np.sqrt(1 / 30 + 1 / 20)
    assert row[["g_low", "hedges_g", "g_high"]].to_numpy()[0] == pytest.approx([-reach, 0, reach])


def test_without_an_sd_the_test_is_withheld_and_the_statements_are_named():
    rows = [("T03", 43, 3.7, None, 15, 3.0, 0.9), ("T04", 43, 3.47, 0.7, 15, 2.87, 0.8)]
    printed = pd.DataFrame(rows, columns=["statement_id", *WELCH_COLUMNS])
    with pytest.raises(WithheldError, match="the report prints no SD for T03, so t and p are not"):
        welch_from_report(printed)
    with pytest.raises(WithheldError, match="no SD for row 0, so"):
        welch_from_report(printed.drop(columns="statement_id"))


def test_two_sds_of_nothing_give_no_test():
    printed = pd.DataFrame([(10, 4.0, 0.0, 12, 3.0, 0.0)], columns=WELCH_COLUMNS)
    with pytest.raises(WithheldError, match="both SDs are 0 for row 0"):
        welch_from_report(printed)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("sd_a", -0.1, "a negative SD"),
        ("sd_b", "n.r.", r"found sd_b = n\.r\.; wanted a number"),
        ("mean_a", None, "found mean_a"),
        ("n_b", 1, "found n_b = 1; wanted a whole number, 2 or more"),
    ],
)
def test_what_is_no_printed_comparison_is_refused(column, value, message):
    printed = pd.DataFrame([(28, 3.61, 0.6, 15, 2.93, 0.9)], columns=WELCH_COLUMNS).astype(object)
    printed.loc[0, column] = value
    with pytest.raises(ValueError, match=message):
        welch_from_report(printed)


def test_adjusted_p_are_those_of_benjamini_and_hochberg():
    # 25 p values used in McDonald, Handbook of Biological Statistics; R p.adjust(method = "BH").
    p = [
        *[0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216, 0.222, 0.251, 0.269],
        *[0.275, 0.34, 0.341, 0.384, 0.569, 0.594, 0.696, 0.762, 0.94, 0.942, 0.975, 0.986],
    ]
    first = [0.025, 0.1, 0.21, 0.21, 0.21, 0.25, 0.264286, 0.491071]
    assert adjusted_p(p)[:8] == pytest.approx(first, abs=1e-6)


def test_tests_that_are_not_printed_count():
    # Table 9 of the Massachusetts report with .000 as .0005; R 4.2.2: p.adjust(p, "BH", n = 25).
    p = [0.001, 0.005, 0.026, 0.002, 0.004, 0.0005, 0.025, 0.002, 0.025, 0.051, 0.006]
    expected = [
        *[0.0125, 0.0208333333333, 0.065, 0.0125, 0.02, 0.0125, 0.065, 0.0125, 0.065],
        *[0.1159090909091, 0.0214285714286],
    ]
    assert adjusted_p(p, tests=25) == pytest.approx(expected, abs=1e-12)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=30), st.data())
def test_what_is_not_printed_can_only_make_an_adjusted_p_smaller(p, data):
    printed = sorted(p)[: data.draw(st.integers(1, len(p)))]
    assert np.all(
        adjusted_p(printed, tests=len(p)) >= adjusted_p(sorted(p))[: len(printed)] - 1e-12
    )


def test_p_values_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="wanted values from 0 to 1"):
        adjusted_p([0.2, 1.2])
    with pytest.raises(ValueError, match="2 p values for 1 tests"):
        adjusted_p([0.2, 0.3], tests=1)
