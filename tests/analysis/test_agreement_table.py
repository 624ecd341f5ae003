"""Agreement of the field on each statement."""

import numpy as np
import pandas as pd
import pytest

from rds.analysis.agreement_table import AGREEMENT, field_agreement
from rds.analysis.descriptives import groups_of
from rds.analysis.within_group import within_group_agreement
from rds.ratings.ratings import Ratings
from rds.scales import ordinal
from tests.oracles import oracle

FIVE = {point: f"Point {point}" for point in range(1, 6)}


def agreement(values, labels=FIVE, **options):
    frame = pd.DataFrame(values)
    scale = ordinal("importance", labels, role="importance")
    ratings = Ratings.from_frames(importance=frame, scales=[scale], **options)
    return field_agreement(groups_of(ratings, pooled=True))


def test_coefficients_agree_with_the_multilevel_package_of_r():
    # multilevel::rwg and ad.m, by tests/oracles/generalizability.R.
    expected = oracle("generalizability_R")["agreement"]
    table, notes = agreement({"T1": expected["ratings"]})
    found = dict(zip(table["coefficient"], table["value"], strict=True))
    assert found == pytest.approx({name: expected[name] for name in ("r_wg", "AD_M", "AD_Md")})
    assert notes == []


def test_rows_carry_every_column_and_the_exact_critical_values():
    values = {"T1": [4, 4, 5, 4, 3], "T2": [1, 5, 1, 5, 3]}
    table, _ = agreement(values)
    expected = within_group_agreement(pd.DataFrame(values), points=5)
    assert tuple(table.columns) == AGREEMENT
    assert table["statement_id"].tolist() == ["T1"] * 3 + ["T2"] * 3
    for column in ("value", "critical_value", "attained_p"):
        assert table[column].tolist() == expected[column].tolist()
    assert set(table["source"]) == {"field"}
    assert set(table["null"]) == {"uniform"}


def test_four_ratings_are_too_few_and_a_statement_that_nobody_was_shown_has_no_row():
    table, notes = agreement({"T1": [4, 4, 5, 4, np.nan], "T2": [3] * 5, "T3": [-3] * 5})
    assert table["statement_id"].unique().tolist() == ["T1", "T2"]
    assert table.loc[table["statement_id"] == "T1", "value"].isna().all()
    assert [(note.row, note.column, note.reason) for note in notes] == [
        ("importance, all: T1", "value", "fewer than 5 ratings")
    ]


def test_many_ratings_have_coefficients_without_critical_values_and_one_note():
    table, notes = agreement({"T1": [3, 4] * 60, "T2": [2, 4] * 60})
    assert table["value"].notna().all()
    assert table["critical_value"].isna().all()
    assert [note.row for note in notes] == ["importance, all: all statements"]
    assert "too many ratings" in notes[0].reason


def test_agreement_that_chance_gives_too_often_has_no_critical_value_and_a_reason():
    table, notes = agreement({"T1": [1] * 5}, labels={0: "No", 1: "Yes"})
    assert table["critical_value"].isna().all()
    assert {note.reason for note in notes} == {
        "even perfect agreement has probability 0.0625 by chance, above 0.05"
    }


def test_points_that_are_not_one_apart_have_no_agreement():
    table, notes = agreement({"T1": [0, 1, 4, 12, 52]}, labels={0: "a", 1: "b", 4: "c", 12: "d",
                             52: "e"})  # fmt: skip
    assert table.empty
    assert "one apart" in notes[0].reason


def test_frequency_counts_everybody_and_importance_only_performers():
    frames = {
        "importance": pd.DataFrame({"T1": [1, 2, 2, 2, 2, 2]}),
        "frequency": pd.DataFrame({"T1": [0, 3, 3, 3, 3, 3]}),
    }
    ratings = Ratings.from_frames(**frames, not_performed={"frequency": 0})
    table, _ = field_agreement(groups_of(ratings, pooled=True))
    n = table.groupby("scale")["n"].first()
    assert n.to_dict() == {"importance": 5, "frequency": 6}
    assert table.groupby("scale")["base"].first().to_dict() == {
        "importance": "performers",
        "frequency": "all",
    }


def test_reconstructed_answers_say_nothing_of_agreement():
    table, notes = agreement({"T1": [3] * 9}, nature="reconstructed")
    assert table.empty
    assert "reconstructed from published figures" in notes[0].reason
