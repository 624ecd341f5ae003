"""Reading a report's printed means."""

import pandas as pd
import pytest

from rds.errors import InputError
from rds.ratings.published_reader import impossible_means, published_csv, read_published
from rds.scales import ordinal
from rds.survey.export import Export

IMPORTANCE = ordinal("importance", {1: "Not", 2: "Some", 3: "Yes", 4: "Very"}, role="importance")
FREQUENCY = ordinal("frequency", {0: "Never", 1: "Daily"}, role="frequency", not_performed=0)
EXPECTED = {"importance": ("T01", "T02"), "frequency": ("T01", "T02")}


def read(rows, *, scales=(IMPORTANCE,), **options):
    block = pd.DataFrame(rows).astype(str)
    block.index = range(2, 2 + len(block))
    columns = tuple(map(str, block.columns))
    export = Export("report.csv", "", "published", columns, lambda: iter([block]))
    return read_published(export, scales=scales, expected=EXPECTED, **options)


def problems_of(rows, **options):
    with pytest.raises(InputError) as error:
        read(rows, **options)
    return [(problem.place, problem.wanted) for problem in error.value.problems]


def test_means_are_read_as_printed():
    published, report = read({"statement": ["t01"], "n": ["28"], "mean": ["3.60"]}, group="peers")
    row = published.table.iloc[0]
    assert row[["statement_id", "scale", "group", "n", "mean", "printed"]].tolist() == [
        "T01", "importance", "peers", 28, 3.6, "3.60",
    ]  # fmt: skip
    assert report.assumed == ("the source prints 2 decimals",)


def test_means_no_whole_answers_can_have_are_named():
    # 3.79 with n = 15 is impossible and fits n = 14: an error of the Massachusetts report (2011).
    published, report = read(
        {"statement": ["T01", "T02"], "n": ["15", "14"], "mean": ["3.79", "3.79"]}
    )
    assert report.impossible == ("T01, importance: no 15 answers have the mean 3.79",)
    assert list(impossible_means(published)) == list(report.impossible)


def test_decimals_are_those_of_the_source_even_where_a_zero_was_lost():
    # 3.6 stands for 3.60 beside 3.61: with n = 3 no answers have either mean.
    _, report = read({"statement": ["T01", "T02"], "n": ["3", "100"], "mean": ["3.6", "3.61"]})
    assert len(report.impossible) == 1


def test_every_problem_comes_at_once_with_its_row_and_column():
    rows = {
        "statement": ["T03", "T01", "T02"],
        "n": ["28", "none", "12"],
        "mean": ["3.1", "9", "3.2"],
        "sd": ["", "", "7"],
    }
    assert problems_of(rows) == [
        ("row 2, column “statement”", "an active statement that is rated on this scale"),
        ("row 3, column “n”", "a whole number from 1"),
        ("row 3, column “mean”", "a mean between 1 and 4"),
        ("row 4, column “sd”", "a standard deviation from 0 to 1.57"),
    ]


def test_with_several_scales_the_scale_must_be_said():
    rows = {"statement": ["T01"], "n": ["28"], "mean": ["1"]}
    assert problems_of(rows, scales=(IMPORTANCE, FREQUENCY))[0][1] == (
        "one of importance, frequency"
    )


def test_a_statement_twice_is_refused():
    rows = {"statement": ["T01", "T01"], "n": ["28", "28"], "mean": ["3", "3"]}
    assert problems_of(rows)[0][1] == "one mean per statement, scale, group and wave"


def test_what_is_stored_reads_back_equal():
    rows = {
        "statement": ["T01", "T02"],
        "n": ["28", "27"],
        "mean": ["3.60", "3.1"],
        "sd": ["", "1"],
    }
    published, _ = read(rows)
    stored = pd.read_csv(pd.io.common.BytesIO(published_csv(published)), dtype=str).fillna("")
    again, _ = read(stored.to_dict("list"))
    assert again.table.equals(published.table)
