"""Printed means: which are possible, and answers that have them."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rds.ratings.summaries import attainable_totals, grim_table, reconstruct_answers
from rds.scales import ordinal

SOURCE = Path(__file__).parents[1] / "data" / "ma-cps-2011"
POINTS = (1, 2, 3, 4)
LABELS = {1: "Not at all", 2: "Somewhat", 3: "Mostly", 4: "Very"}
SCALES = [ordinal("importance", LABELS), ordinal("support", LABELS)]

# Files of the source: scale, then pairs of columns that hold n and mean.
PRINTED = {
    "appendix_f_importance_participants": (
        "importance",
        [("n_t1", "mean_t1"), ("n_t2", "mean_t2"), ("n_t3", "mean_t3")],
    ),
    "appendix_g_importance_supervisors": ("importance", [("n_as_printed_in_footnote", "mean")]),
    "appendix_h_support_participants": ("support", [("n_t2", "mean_t2"), ("n_t3", "mean_t3")]),
    "appendix_i_support_supervisors": ("support", [("n", "mean")]),
    "tables_07_08_extremes": (
        "importance",
        [("cps_n", "cps_mean"), ("supervisor_n", "supervisor_mean")],
    ),
    "table_09_cps_vs_supervisors": (
        "importance",
        [("cps_n", "cps_mean"), ("supervisor_n", "supervisor_mean")],
    ),
    "table_10_paired_t1_t2": ("importance", [("n_paired", "mean_t1"), ("n_paired", "mean_t2")]),
}


def printed_means():
    """All means that the Massachusetts report prints with an n, as text."""
    parts = []
    for file, (scale, pairs) in PRINTED.items():
        table = pd.read_csv(SOURCE / f"{file}.csv", dtype=str)
        parts += [
            pd.DataFrame(
                {
                    "statement_id": table["item"],
                    "scale": scale,
                    "n": table[n].astype(int),
                    "mean": table[mean],
                    "file": file,
                }
            )
            for n, mean in pairs
        ]
    return pd.concat(parts, ignore_index=True)


def rounded(total, n, decimals, rule):
    """A mean as decimal arithmetic rounds it: another way than the one under test."""
    with localcontext(prec=60):
        return (Decimal(total) / n).quantize(Decimal(1).scaleb(-decimals), rounding=rule)


def test_231_of_233_means_printed_in_the_massachusetts_report_are_possible():
    table = grim_table(printed_means(), scales=SCALES)
    assert len(table) == 233
    assert table["possible"].sum() == 231
    failures = table.loc[~table["possible"], ["file", "statement_id", "n"]]
    assert failures.to_numpy().tolist() == [
        ["appendix_g_importance_supervisors", "20", 15],
        ["appendix_g_importance_supervisors", "23", 15],
    ]


def test_the_two_impossible_means_fit_the_n_of_14_that_table_7_prints():
    # 53/14 = 3.7857 and 52/14 = 3.7143.
    assert attainable_totals("3.79", 14, lowest=1, highest=4) == (53,)
    assert attainable_totals("3.71", 14, lowest=1, highest=4) == (52,)


def test_every_possible_printed_mean_can_be_reconstructed():
    for row in grim_table(printed_means(), scales=SCALES).itertuples():
        if row.possible:
            answers = reconstruct_answers(row.mean, row.n, points=POINTS)
            assert len(answers) == row.n
            assert sum(answers) in row.totals


def test_a_float_is_read_as_the_decimal_that_prints_it():
    assert attainable_totals(3.6, 5, lowest=1, highest=4) == (18,)
    assert attainable_totals(np.float64(0.29), 100, lowest=0, highest=1) == (29,)


def test_ties_are_accepted_as_rounded_up_and_as_rounded_to_even():
    # 21/8 = 2.625: half up gives 2.63, half to even 2.62; 23/8 = 2.875 gives 2.88 either way.
    assert attainable_totals("2.63", 8, lowest=1, highest=4) == (21,)
    assert attainable_totals("2.62", 8, lowest=1, highest=4) == (21,)
    assert attainable_totals("2.88", 8, lowest=1, highest=4) == (23,)
    assert attainable_totals("2.87", 8, lowest=1, highest=4) == ()


def test_the_scale_bounds_the_totals():
    assert attainable_totals("4.00", 500, lowest=1, highest=4) == (1998, 1999, 2000)
    assert attainable_totals("4.50", 2, lowest=1, highest=4) == ()


def test_among_several_totals_the_closest_to_the_printed_mean_is_taken():
    assert attainable_totals("2.5", 30, decimals=1, lowest=1, highest=4) == (74, 75, 76)
    assert sum(reconstruct_answers("2.5", 30, decimals=1, points=POINTS)) == 75


@given(
    st.lists(st.integers(0, 7), min_size=1, max_size=300),
    st.integers(0, 3),
    st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN]),
)
def test_the_true_total_is_always_among_the_attainable_ones(answers, decimals, rule):
    n, total = len(answers), sum(answers)
    mean = rounded(total, n, decimals, rule)
    assert total in attainable_totals(str(mean), n, decimals=decimals, lowest=0, highest=7)


@given(st.integers(0, 500), st.integers(1, 130))
def test_attainable_totals_are_exactly_those_that_round_to_the_mean(hundredths, n):
    mean = Decimal(hundredths).scaleb(-2)
    expected = [
        total
        for total in range(1 * n, 5 * n + 1)
        if mean in {rounded(total, n, 2, rule) for rule in (ROUND_HALF_UP, ROUND_HALF_EVEN)}
    ]
    assert attainable_totals(str(mean), n, lowest=1, highest=5) == tuple(expected)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=200))
def test_reconstructed_answers_have_the_mean_and_no_smaller_spread_is_possible(answers):
    n = len(answers)
    mean = rounded(sum(answers), n, 2, ROUND_HALF_UP)
    built = reconstruct_answers(str(mean), n, points=range(1, 6))
    assert len(built) == n
    assert list(built) == sorted(built)
    assert mean in {rounded(sum(built), n, 2, rule) for rule in (ROUND_HALF_UP, ROUND_HALF_EVEN)}
    assert built[-1] - built[0] <= 1


def test_scales_with_gaps_use_neighbouring_points_only():
    assert reconstruct_answers("3.00", 4, points=(0, 2, 4)) == (2, 2, 4, 4)
    with pytest.raises(ValueError, match=r"no 1 answers on the points 0, 2, 4 have the mean 3\.00"):
        reconstruct_answers("3.00", 1, points=(0, 2, 4))


def test_an_impossible_mean_is_named_with_its_n():
    with pytest.raises(ValueError, match=r"no 15 answers .* have the mean 3\.79"):
        reconstruct_answers("3.79", 15, points=POINTS)


@pytest.mark.parametrize("mean", ["3.789", "many", "nan", 3.601])
def test_what_cannot_be_a_printed_mean_is_refused(mean):
    with pytest.raises(ValueError, match="at most 2 decimals"):
        attainable_totals(mean, 15, lowest=1, highest=4)


@pytest.mark.parametrize("n", [0, -3, 14.5, float("nan")])
def test_an_n_that_counts_nobody_is_refused(n):
    with pytest.raises(ValueError, match="a whole number of answers"):
        attainable_totals("3.79", n, lowest=1, highest=4)


def test_a_scale_without_points_is_refused():
    with pytest.raises(ValueError, match="no points"):
        reconstruct_answers("3.79", 14, points=())


def test_the_table_keeps_index_and_other_columns():
    printed = printed_means().iloc[[5, 3]]
    table = grim_table(printed, scales=SCALES)
    assert table.index.tolist() == [5, 3]
    assert table.columns.tolist() == [*printed.columns, "possible", "totals"]
    assert table["possible"].dtype == bool


def test_a_table_that_cannot_be_read_is_refused():
    printed = printed_means()
    with pytest.raises(ValueError, match="no column “n”"):
        grim_table(printed.drop(columns="n"), scales=SCALES)
    with pytest.raises(ValueError, match="no scale “support”; the scales are importance"):
        grim_table(printed, scales=SCALES[:1])
