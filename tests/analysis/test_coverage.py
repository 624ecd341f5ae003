"""The question how well the statements cover the work."""

import pandas as pd

from rds.analysis.coverage import COVERAGE, coverage_table
from rds.ratings.ratings import Ratings


def asked(answers, group=None):
    ratings = Ratings.from_frames(importance=pd.DataFrame({"T1": [3] * len(answers)}), group=group)
    ratings.respondents["coverage"] = answers
    return ratings


def test_answers_are_counted_in_the_order_of_the_options_and_of_those_who_answered():
    table = coverage_table(asked(["Partly", "Fully", "", "Fully"]), ["Not", "Partly", "Fully"])
    assert tuple(table) == COVERAGE
    assert table[["answer", "n"]].values.tolist() == [["Not", 0], ["Partly", 1], ["Fully", 2]]
    assert table["percent"].sum() == 100


def test_each_group_is_counted_where_there_are_several():
    table = coverage_table(asked(["Fully", "Not"], group=["a", "b"]))
    assert table.loc[table["n"] > 0, ["group", "answer"]].values.tolist() == [
        ["all", "Fully"], ["all", "Not"], ["a", "Fully"], ["b", "Not"],
    ]  # fmt: skip


def test_without_the_question_or_answers_to_it_the_table_is_empty():
    plain = Ratings.from_frames(importance=pd.DataFrame({"T1": [3]}))
    for ratings in (None, plain, asked(["", ""])):
        table = coverage_table(ratings, ["Not", "Fully"])
        assert tuple(table) == COVERAGE
        assert not len(table)
