"""The printed tables of the Massachusetts report, and what follows from Table 10."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from rds.analysis.totals import pooled_remainder
from rds.demo import massachusetts_report
from rds.demo.massachusetts_report import (
    LISTS,
    MEANS_COLUMNS,
    SCALES,
    SHORT_NAMES,
    exact_means,
    read_report,
    recomputed_table_10,
)
from rds.ratings.summaries import grim_table

SOURCE = Path(__file__).parents[1] / "data" / "ma-cps-2011"
DATA = Path(massachusetts_report.__file__).with_name("data")


@pytest.fixture(scope="module")
def report():
    return read_report()


@pytest.fixture(scope="module")
def table_10():
    return recomputed_table_10().set_index("statement_id")


def test_the_tables_are_the_ones_the_tests_check():
    files = sorted(path.name for path in SOURCE.glob("*.csv"))
    assert files
    for file in files:
        assert (DATA / file).read_bytes() == (SOURCE / file).read_bytes(), file


def test_every_printed_mean_stands_in_one_long_table(report):
    assert tuple(report.means.columns) == MEANS_COLUMNS
    assert len(report.means[~report.means["place"].isin(LISTS)]) == 233
    assert len(report.means[report.means["place"].isin(LISTS)]) == 16
    assert not report.means.duplicated(["place", "statement_id", "group", "wave"]).any()


def test_231_of_233_printed_means_are_possible(report):
    means = report.means[~report.means["place"].isin(LISTS)]
    checked = grim_table(means, scales=SCALES)
    failures = checked.loc[~checked["possible"], ["place", "statement_id", "n", "mean"]]
    assert failures.to_numpy().tolist() == [
        ["Appendix G", "T20", 15, "3.79"],
        ["Appendix G", "T23", 15, "3.71"],
    ]


def test_tables_11_to_14_repeat_the_appendices(report):
    appendices = [report.means_of("Appendix H", wave="T3")] * 2 + [
        report.means_of("Appendix I")
    ] * 2
    for place, appendix in zip(LISTS, appendices, strict=True):
        listed = report.means_of(place)
        pd.testing.assert_frame_equal(listed, appendix.loc[listed.index])


def test_every_statement_has_a_short_name(report):
    assert sorted(SHORT_NAMES) == list(range(1, 26))
    assert len(set(SHORT_NAMES.values())) == len(report.marks) == 25


def test_means_are_found_by_place_group_and_wave(report):
    assert report.means_of("Table 9", group="supervisors").loc["T24"].tolist() == [15, "2.80"]
    with pytest.raises(ValueError, match="Table 9 has several means of one statement"):
        report.means_of("Table 9")
    with pytest.raises(ValueError, match="Table 15 has no means for any group"):
        report.means_of("Table 15")


def test_every_printed_p_of_table_10_follows_from_n_and_t(table_10):
    assert len(table_10) == 10
    assert table_10["p_agrees"].all()
    printed = [".047", ".012", ".003", ".026", ".032", ".021", ".038", ".023", ".016", ".026"]
    assert [f"{p:.3f}".removeprefix("0") for p in table_10["p"]] == printed


def test_each_row_of_table_10_has_one_solution_in_whole_numbers(table_10):
    assert (table_10["solutions"] == 1).all()
    # Statement 23: five people rose by one point, and 32 stayed.
    assert table_10.loc["T23", ["n", "total", "squares"]].tolist() == [37, 5, 5]
    assert table_10.loc["T23", "difference"] == pytest.approx(5 / 37)


def test_means_and_sd_of_the_solutions_give_the_printed_t(table_10):
    t = table_10["difference"] / (table_10["sd"] / table_10["n"] ** 0.5)
    assert (-t).to_numpy() == pytest.approx(table_10["t"].astype(float).to_numpy(), abs=0.00051)
    assert (table_10["d_z"].to_numpy() > 0).all()


def test_no_rise_of_table_10_stays_below_05_among_25_tests(table_10):
    assert (table_10["q"] > table_10["p"]).all()
    assert table_10["q"].min() == pytest.approx(0.0652, abs=0.0001)  # 25 × .0026087


def test_a_t_that_does_not_fit_its_means_leaves_no_solution(report):
    wrong = report.paired.assign(t=["-2.158", *report.paired["t"][1:]])
    row = recomputed_table_10(replace(report, paired=wrong)).iloc[0]
    assert row["solutions"] == 0
    assert not row["p_agrees"]
    assert row[["total", "squares", "difference", "sd"]].isna().all()


def test_the_focus_group_has_one_possible_total_in_each_of_19_rows(report):
    pooled = report.means[report.means["group"] == "peer specialists"]
    known = report.means_of("Appendix F", wave="T3")
    assert len(pooled) == 19
    for row in pooled.itertuples():
        part = known.loc[row.statement_id]
        (total,) = pooled_remainder(
            (row.mean, row.n), (part["mean"], part["n"]), lowest=1, highest=4
        )
        assert row.n - part["n"] == 15
        assert 15 <= total <= 60


def test_printed_means_are_made_exact_where_only_one_total_fits(report):
    means = exact_means(report.means_of("Appendix G"))
    assert means["T06"] == 44 / 15
    assert means["T20"] == 3.79  # no total of 15 answers fits
