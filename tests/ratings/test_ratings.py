"""The container of typed answers."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from rds.ratings.combine import combine
from rds.ratings.frames import NO_ANSWER, NOT_APPLICABLE, NOT_SHOWN
from rds.ratings.ratings import STATES, Ratings, respondent_table
from rds.scales import Scale, ordinal

IMPORTANCE = ordinal(
    "importance", {1: "Not", 2: "Somewhat", 3: "Important", 4: "Very"}, role="importance"
)
FREQUENCY = ordinal(
    "frequency",
    {0: "Never", 1: "Yearly", 2: "Monthly", 3: "Weekly"},
    role="frequency",
    not_performed=0,
)


def ratings(importance, frequency, **options):
    return Ratings.from_frames(
        scales=[IMPORTANCE, FREQUENCY],
        importance=pd.DataFrame(importance, columns=["T1", "T2"]),
        frequency=pd.DataFrame(frequency, columns=["T1", "T2"]),
        **options,
    )


def test_answers_are_stored_as_small_integers_statements_by_respondents():
    held = ratings([[4, 3], [2, np.nan], [1, 1]], [[0, 3], [1, 1], [2, 2]])
    assert held.codes["importance"].dtype == np.int8
    assert held.codes["importance"].tolist() == [[4, 2, 1], [3, NO_ANSWER, 1]]


def test_answers_cannot_be_changed_afterwards():
    held = ratings([[4, 3]], [[1, 1]])
    with pytest.raises(ValueError, match="read-only"):
        held.codes["importance"][0, 0] = 1


def test_a_rating_off_the_scale_is_refused():
    with pytest.raises(ValueError, match="“importance” has no point 5"):
        ratings([[5, 1]], [[1, 1]])


def test_half_points_are_refused():
    with pytest.raises(ValueError, match=r"importance of T2 is 3\.5"):
        ratings([[4, 3.5]], [[1, 1]])


def test_frames_of_different_people_are_refused():
    with pytest.raises(ValueError, match="other rows"):
        Ratings.from_frames(
            importance=pd.DataFrame({"T1": [1]}, index=["R1"]),
            frequency=pd.DataFrame({"T1": [1]}, index=["R2"]),
        )


def test_not_performed_on_one_scale_leaves_the_person_out_of_performers_on_the_other():
    held = ratings([[4, 3], [2, 1]], [[0, 3], [1, 0]])
    assert held.frame("importance", base="performers").isna().to_numpy().tolist() == [
        [True, False],
        [False, True],
    ]


def test_five_states_are_told_apart():
    codes = pd.DataFrame({"T1": [3, 0, NOT_APPLICABLE, NO_ANSWER, NOT_SHOWN]})
    held = Ratings.from_frames(frequency=codes, scales=[FREQUENCY])
    assert held.state_counts("frequency").loc["T1"].tolist() == [1, 1, 1, 1, 1]
    assert tuple(held.state_counts("frequency")) == STATES


def test_who_answered_whether_they_perform_a_task():
    codes = pd.DataFrame({"T1": [3, 0, NOT_APPLICABLE, NO_ANSWER, NOT_SHOWN]})
    performs, answered = Ratings.from_frames(frequency=codes, scales=[FREQUENCY]).performance(
        ["T1"]
    )
    assert performs[0].tolist() == [True, False, False, False, False]
    assert answered[0].tolist() == [True, True, True, False, False]


def test_groups_and_statements_can_be_selected():
    held = ratings([[4, 3], [2, 1]], [[1, 3], [1, 2]], group=["a", "b"])
    assert len(held.of_groups(["b"])) == 1
    assert len(held.of_groups(["all"])) == 2
    assert held.of_statements(["T2"]).statements["importance"] == ("T2",)


def test_sources_are_put_together_and_what_was_not_asked_is_not_shown():
    first = Ratings.from_frames(
        scales=[IMPORTANCE], importance=pd.DataFrame({"T1": [4]}, index=["R1"])
    )
    second = Ratings.from_frames(
        scales=[IMPORTANCE], importance=pd.DataFrame({"T2": [3]}, index=["R2"])
    )
    together = combine([first, second])
    assert together.codes["importance"].tolist() == [[4, NOT_SHOWN], [NOT_SHOWN, 3]]


def test_a_respondent_in_two_sources_is_refused():
    one = Ratings.from_frames(importance=pd.DataFrame({"T1": [4, 3]}, index=["R1", "R2"]))
    with pytest.raises(ValueError, match="R1 stands in two sources"):
        combine([one, one])


def test_one_answer_given_twice_in_a_long_table_is_refused():
    row = {"respondent_id": "R1", "statement_id": "T1", "scale": "importance", "rating": 3}
    with pytest.raises(ValueError, match="twice"):
        Ratings.from_long(pd.DataFrame([row, row]))


def test_respondents_carry_group_wave_and_nature():
    table = respondent_table(["R1"], group=["a"], wave=["2"], nature="simulated")
    assert table.loc["R1"].tolist() == ["a", "2", "simulated"]


def test_an_unknown_scale_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="importance, frequency"):
        ratings([[4, 3]], [[1, 1]]).scale("harm")


states = st.sampled_from([NO_ANSWER, NOT_APPLICABLE, NOT_SHOWN])
answer = st.one_of(st.integers(1, 4), states)
table = st.lists(st.tuples(answer, answer), min_size=1, max_size=8)


@given(table)
def test_wide_and_long_tables_hold_the_same_answers(rows):
    index = [f"R{k}" for k in range(len(rows))]
    frame = pd.DataFrame(rows, columns=["T1", "T2"], index=index)
    held = Ratings.from_frames(scales=[IMPORTANCE], importance=frame)
    wide = held.to_wide()[["T1_importance", "T2_importance"]]
    expected = frame.mask(frame == NO_ANSWER)
    assert np.array_equal(
        wide.astype("Float64").to_numpy(dtype=float, na_value=np.nan),
        expected.to_numpy(dtype=float),
        equal_nan=True,
    )
    long = held.to_long()
    back = long.pivot(index="respondent_id", columns="statement_id", values="rating")
    back = back.reindex(index=index, columns=["T1", "T2"]).fillna(NO_ANSWER)
    assert np.array_equal(back.to_numpy(), frame.to_numpy())


@given(table)
def test_long_tables_read_back_equal(rows):
    frame = pd.DataFrame(rows, columns=["T1", "T2"], index=[f"R{k}" for k in range(len(rows))])
    held = Ratings.from_frames(scales=[IMPORTANCE], importance=frame)
    long = held.to_long()
    if long.empty:
        return
    back = Ratings.from_long(long, scales=[IMPORTANCE])
    again = back.to_long().sort_values(["respondent_id", "statement_id"], ignore_index=True)
    assert_frame_equal(
        long.sort_values(["respondent_id", "statement_id"], ignore_index=True), again
    )


def test_a_scale_knows_its_midpoint_without_the_point_not_performed():
    assert (IMPORTANCE.midpoint, FREQUENCY.midpoint) == (2.5, 2.0)
    assert isinstance(FREQUENCY, Scale)


def test_a_wide_table_gives_ratings_and_leaves_other_columns_out():
    wide = pd.DataFrame(
        {"T1_importance": [4, 3], "T1_frequency": [0, 2], "group": ["a", "b"], "note_x": ["", ""]},
        index=["R1", "R2"],
    )
    held = Ratings.from_wide(wide, scales=[IMPORTANCE, FREQUENCY])
    assert held.codes["frequency"].tolist() == [[0, 2]]
    assert held.respondents["group"].tolist() == ["a", "b"]
    with pytest.raises(ValueError, match="no column is a rating"):
        Ratings.from_wide(wide[["note_x"]])


@given(table)
def test_wide_tables_read_back_equal(rows):
    frame = pd.DataFrame(rows, columns=["T1", "T2"], index=[f"R{k}" for k in range(len(rows))])
    held = Ratings.from_frames(scales=[IMPORTANCE], importance=frame)
    back = Ratings.from_wide(held.to_wide(), scales=[IMPORTANCE])
    assert np.array_equal(back.codes["importance"], held.codes["importance"])


def test_a_respondent_may_stand_in_two_waves_but_not_twice_in_one():
    frame = pd.DataFrame({"T1": [4, 2]}, index=["R1", "R2"])
    first, second = (
        Ratings.from_frames(importance=frame + up, scales=[IMPORTANCE], wave=[wave] * 2)
        for up, wave in ((0, "1"), (-1, "2"))
    )
    both = combine([first, second])
    assert both.of_waves(["2"]).frame("importance")["T1"].tolist() == [3, 1]
    assert both.of_waves(["all"]).respondents.equals(both.respondents)
    long = both.to_long()
    assert long[["respondent_id", "rating", "wave"]].values.tolist() == [
        ["R1", 4, "1"],
        ["R2", 2, "1"],
        ["R1", 3, "2"],
        ["R2", 1, "2"],
    ]
    with pytest.raises(ValueError, match="R1 stands in two sources"):
        combine([first, first])
