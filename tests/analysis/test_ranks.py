"""Ranks and lists that do not hide ties."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from rds.analysis.ranks import extremes, hidden_ties, places_per_answer, ranked

totals = st.lists(st.integers(15, 60), min_size=1, max_size=25)


def named(values):
    return pd.Series(list(values), index=[f"T{row:02d}" for row in range(1, len(values) + 1)])


@given(totals)
def test_ranks_run_from_the_best_to_the_worst_of_the_tied(values):
    table = ranked(named(values)).set_index("statement_id")
    falling = -np.array(values)
    first, last = (stats.rankdata(falling, method=method) for method in ("min", "max"))
    for name, low, high in zip(named(values).index, first, last, strict=True):
        assert table.loc[name, "rank"] == (f"{low}" if low == high else f"{low}–{high}")
        assert table.loc[name, "place"] == low
        assert table.loc[name, "tied"] == (low != high)


def test_the_table_runs_by_rank_and_keeps_the_order_of_the_tied():
    table = ranked(pd.Series({"T9": "3.5", "T2": "3.9", "T1": "3.50"}))
    assert table["statement_id"].tolist() == ["T2", "T9", "T1"]
    assert table["rank"].tolist() == ["1", "2–3", "2–3"]


@given(totals, st.data())
def test_a_list_of_k_holds_everything_as_extreme_as_its_last(values, data):
    means = named(values)
    k = data.draw(st.integers(1, len(values)))
    ends = extremes(means, k).groupby("end")["statement_id"].agg(set)
    ordered = sorted(values)
    assert ends["highest"] == set(means.index[means >= ordered[-k]])
    assert ends["lowest"] == set(means.index[means <= ordered[k - 1]])


def test_each_end_starts_with_the_most_extreme():
    table = extremes(named([3.5, 3.9, 3.5, 2.8, 3.0]), 2)
    assert table["statement_id"].tolist() == ["T02", "T01", "T03", "T04", "T05"]
    assert table["end"].tolist() == ["highest"] * 3 + ["lowest"] * 2
    assert table["tied"].tolist() == [False, True, True, False, False]


@pytest.mark.parametrize("k", [0, 4])
def test_a_list_of_none_or_of_more_than_there_are_is_refused(k):
    with pytest.raises(ValueError, match=f"found k = {k}; wanted 1 to 3"):
        extremes(named([1, 2, 3]), k)


@given(totals, st.data())
def test_a_list_widened_by_its_ties_hides_none(values, data):
    means = named(values)
    table = extremes(means, data.draw(st.integers(1, len(values))))
    for _, end in table.groupby("end"):
        assert hidden_ties(means, set(end["statement_id"])) == ()


def test_a_list_that_stops_within_a_tie_hides_the_rest_of_it():
    # Supervisors' support in the Massachusetts report: Table 14 lists 19, 7, 14 and 16.
    means = pd.Series(
        {"K19": 2.57, "T07": 2.67, "T13": 2.67, "T14": 2.67, "T16": 2.67, "T09": 2.73}
    )
    assert hidden_ties(means, ["K19", "T07", "T14", "T16"]) == ("T13",)


def test_a_list_of_unknown_statements_is_refused():
    with pytest.raises(ValueError, match="names “T99”; wanted statements that have a mean"):
        hidden_ties(named([1, 2]), ["T99"])


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 90)), min_size=1, max_size=12))
def test_places_are_those_that_a_higher_answer_really_gains(counts):
    n, values = zip(*counts, strict=True)
    exact = [Fraction(total, size) for size, total in counts]
    expected = [
        sum(mean < other <= mean + Fraction(1, size) for other in exact)
        for mean, size in zip(exact, n, strict=True)
    ]
    means = named([total / size for size, total in zip(n, values, strict=True)])
    assert places_per_answer(means, named(n)).tolist() == expected


def test_a_mean_that_is_no_number_is_named():
    with pytest.raises(ValueError, match="found the mean – for T02; wanted a number"):
        ranked(named(["3.1", "–"]))
