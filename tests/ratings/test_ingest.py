"""Texts become typed answers: by code or by label, never by guess, and with an account of it."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rds.errors import InputError
from rds.ratings import ingest as ingest_module
from rds.ratings.frames import NO_ANSWER, NOT_APPLICABLE, NOT_SHOWN
from rds.ratings.ingest import ingest
from rds.ratings.mapping import map_columns
from rds.ratings.pseudonyms import pseudonym
from rds.ratings.store import responses_csv
from rds.scales import Point, Scale, ordinal
from rds.survey.export import Export
from rds.survey.platforms.plain import read_plain

KEY = b"a key for tests"
DATA = Path(__file__).parent.parent / "data" / "so-hiring-2017"

IMPORTANCE = ordinal(
    "importance",
    {1: "Not important", 2: "Somewhat important", 3: "Important", 4: "Very important"},
    role="importance",
)
FREQUENCY = ordinal(
    "frequency", {0: "Never", 1: "Yearly", 2: "Daily"}, role="frequency", not_performed=0
)


def export_of(rows, *, layout="wide", block_rows=1000):
    """Return an export of a table given as a list of rows, headers first."""
    headers, *cells = [list(map(str, row)) for row in rows]
    table = pd.DataFrame(cells, columns=headers, index=range(2, len(rows) + 1), dtype=str)
    blocks = [table[start : start + block_rows] for start in range(0, len(table), block_rows)]
    return Export("answers.csv", "5eed", layout, tuple(headers), lambda: iter(blocks))


def read(rows, *, scales=(IMPORTANCE,), statements=None, questions=(), given=None, **options):
    export_options = {
        name: options.pop(name) for name in ("layout", "block_rows") if name in options
    }
    export = export_of(rows, **export_options)
    names = statements or ("T01", "T02")
    expected = {scale.name: names for scale in scales}
    columns, problems = map_columns(export, expected=expected, questions=questions, given=given)
    assert problems == []
    return ingest(export, columns, scales=scales, key=KEY, **options)


def read_column(cells, *, scale=IMPORTANCE, other=()):
    """Return the codes of one rating column in the order of its cells."""
    others = [*other, *[""] * len(cells)]
    rows = [["respondent", "T01", "T02"]]
    rows += [[f"r{number}", cell, others[number]] for number, cell in enumerate(cells)]
    ratings = read(rows, scales=(scale,)).ratings
    return codes_of(ratings, [f"r{number}" for number in range(len(cells))], "T01")


def codes_of(ratings, identifiers, statement, scale=None):
    scale = scale or ratings.scales[0].name
    row = ratings.statements[scale].index(statement)
    people = ratings.respondents.index.get_indexer([pseudonym(one, KEY) for one in identifiers])
    return ratings.codes[scale][row, people].tolist()


def refusals(rows, **options):
    with pytest.raises(InputError) as error:
        read(rows, **options)
    return [str(problem) for problem in error.value.problems]


def same(one, other):
    """Tell whether two sets of ratings hold the same answers of the same people."""
    return (
        one.statements == other.statements
        and all(np.array_equal(one.codes[name], other.codes[name]) for name in one.codes)
        and one.respondents.equals(other.respondents)
    )


# Codes and labels


@pytest.mark.parametrize(
    "cells",
    [
        ["1", "4", "2"],
        ["1.0", "4,0", " 2.0000000000 "],
        ["Not important", "Very important", "Somewhat important"],
        ["not IMPORTANT", " Very  important", "somewhat\u00a0important"],
        ["1 - Not important", "4 - Very important", "2 – Somewhat important"],
        ["1 = Not important", "4: Very important", "2. somewhat important"],
        ["Not important (1)", "Very important (4)", "Somewhat important(2)"],
        ["1 - Not important", "4 - Very important", "2"],
        ["Not important", "4 = Very important", "Somewhat important"],
    ],
)
def test_codes_labels_and_both_together_mean_the_same(cells):
    assert read_column(cells) == [1, 4, 2]


def test_labels_take_their_points_from_the_scale_and_not_from_the_alphabet():
    labels = [point.label for point in IMPORTANCE.points]
    assert sorted(labels) != labels
    assert read_column(sorted(labels)) == [3, 1, 2, 4]


def test_curly_quotation_marks_in_labels_do_not_matter():
    scale = ordinal("importance", {1: "Don\u2019t know “how”", 2: "Know how"})
    assert read_column(['don\'t know "how"', "Know how"], scale=scale) == [1, 2]


def test_a_column_that_mixes_codes_and_labels_is_refused_with_counts():
    (message,) = refusals([["T01", "T02"], ["4", "1"], ["Very important", "2"], ["2", "3"]])
    assert "column “T01”: found 2 codes (“4”, “2”) and 1 labels (“Very important”)" in message


def test_answers_off_the_scale_are_refused_with_count_examples_and_points():
    rows = [["T01", "T02"], ["5", "1"], ["7", "2"], ["5", "2"], ["6", ""], ["8", ""], ["4", "1"]]
    (message,) = refusals(rows)
    assert "column “T01”: found 5 answers off the scale (“5”, “7”, “6” and 1 more)" in message
    assert "1 (Not important); 2 (Somewhat important); 3 (Important); 4 (Very" in message


@pytest.mark.parametrize(
    "cell",
    ["4.5", "-99", "1,000", "2026-03-01", "4 - Important", "Important (1)", "yes", "#REF!", "1-2"],
)
def test_what_is_no_point_of_the_scale_is_never_read_as_one(cell):
    (message,) = refusals([["T01", "T02"], [cell, "1"]])
    assert f"1 answers off the scale (“{cell}”)" in message


def test_a_misspelt_label_is_refused_with_the_right_one():
    (message,) = refusals([["T01", "T02"], ["Very importnat", "1"]])
    assert "write “Very important” for “Very importnat”" in message


def test_long_texts_are_cut_in_messages():
    (message,) = refusals([["T01", "T02"], ["a comment that goes on and on " * 50, "1"]])
    assert len(message) < 400


def test_problems_of_all_columns_come_at_once():
    rows = [["respondent", "T01", "T02"], ["a", "5", "1"], ["a", "9", "Important"]]
    messages = refusals(rows)
    assert [message.partition("found ")[2][:9] for message in messages] == [
        "1 respond",
        "2 answers",
        "1 codes (",
    ]


SHIFTED = Scale(
    "times",
    "How often a week?",
    "frequency",
    (Point(1, "0"), Point(2, "1"), Point(3, "2"), Point(4, "3 or more")),
)


def test_numbers_that_are_codes_as_well_as_labels_follow_the_other_columns():
    labels = ["0", "3 or more"]
    codes = ["4", "3"]
    assert read_column(["1", "2"], scale=SHIFTED, other=labels) == [2, 3]
    assert read_column(["1", "2"], scale=SHIFTED, other=codes) == [1, 2]


def test_numbers_that_nothing_else_settles_are_refused():
    messages = refusals([["T01", "T02"], ["1", "2"], ["2", "1"]], scales=(SHIFTED,))
    assert len(messages) == 2
    assert "2 answers that are points as well as other labels of “times”" in messages[0]
    assert "such as “1 = 0”" in messages[0]


def test_columns_that_settle_it_in_different_ways_settle_nothing():
    rows = [["T01", "T02", "T03"], ["1", "0", "4"], ["2", "3 or more", "3"]]
    (message,) = refusals(rows, scales=(SHIFTED,), statements=("T01", "T02", "T03"))
    assert "column “T01”" in message


# The five kinds of answer


@pytest.mark.parametrize("answered", [["1", "4"], ["Not important", "Very important"]])
def test_states_are_told_apart_beside_codes_and_labels(answered):
    states = ["", " ", "-1", "99", "99.0", "N/A", "na", "Not applicable", "-2", "-3", "not shown"]
    assert read_column([*answered, *states])[2:] == [
        *[NO_ANSWER] * 3,
        *[NOT_APPLICABLE] * 6,
        *[NOT_SHOWN] * 2,
    ]


def test_a_label_of_the_scale_is_a_label_even_if_it_reads_like_a_state():
    scale = ordinal("frequency", {0: "N/A", 1: "Yearly", 2: "Daily"}, not_performed=0)
    assert read_column(["N/A", "Daily"], scale=scale) == [0, 2]


def test_points_that_are_no_ratings_are_stored_as_what_they_mean():
    scale = Scale(
        "importance",
        "",
        "importance",
        (
            Point(0, "I do not do this", "not performed"),
            Point(1, "Low"),
            Point(2, "High"),
            Point(8, "Not part of the profession", "not applicable"),
            Point(9, "Cannot say", "unable to rate"),
        ),
    )
    rows = [["respondent", "T01", "T02"], ["a", "0", "9"], ["b", "8", "9"], ["c", "9", "1"]]
    result = read(rows, scales=(scale,))
    assert codes_of(result.ratings, "abc", "T01") == [0, NOT_APPLICABLE, NO_ANSWER]
    assert codes_of(result.ratings, "abc", "T02") == [NO_ANSWER, NO_ANSWER, 1]
    assert result.report.n_unable_to_rate == 3
    assert result.report.n_answers == 2


def test_ratings_without_a_column_are_not_shown_and_listed():
    result = read([["respondent", "T01"], ["a", "4"]])
    assert codes_of(result.ratings, "a", "T02") == [NOT_SHOWN]
    assert result.report.missing == ("T02_importance",)


def test_an_empty_column_is_no_answer_and_reported_as_empty():
    result = read([["respondent", "T01", "T02"], ["a", "4", ""]])
    assert codes_of(result.ratings, "a", "T02") == [NO_ANSWER]
    assert result.report.columns[-1] == {
        "column": "T02",
        "meaning": "T02_importance",
        "read_as": "empty",
    }


def test_a_file_as_rds_stores_it_reads_back_as_plain_data(tmp_path):
    cells = ["4", "", "99", "-3", "1"]
    rows = [["respondent", "T01", "T02"], *([f"r{n}", cell, "2"] for n, cell in enumerate(cells))]
    first = read(rows).ratings
    path = tmp_path / "stored.csv"
    path.write_bytes(responses_csv(first))
    export = read_plain(path)
    columns, _ = map_columns(export, expected={"importance": ("T01", "T02")}, questions=[])
    again = ingest(export, columns, scales=[IMPORTANCE], key=KEY).ratings
    people = first.respondents.index
    order = again.respondents.index.get_indexer([pseudonym(one, KEY) for one in people])
    np.testing.assert_array_equal(again.codes["importance"][:, order], first.codes["importance"])


# Respondents


def test_respondents_stand_under_pseudonyms_in_their_order():
    ratings = read([["respondent", "T01"], ["ann@example.org", "4"], [" bob ", "2"]]).ratings
    expected = sorted(pseudonym(one, KEY) for one in ("ann@example.org", "bob"))
    assert ratings.respondents.index.tolist() == expected


def test_rows_without_an_identifier_column_are_respondents_by_hash_and_row_and_that_is_said():
    result = read([["T01"], ["4"], ["4"]])
    again = read([["T01"], ["4"], ["4"]])
    assert len(set(result.ratings.respondents.index)) == 2
    assert same(result.ratings, again.ratings)
    assert result.report.assumed == (
        "each row is another respondent, since no column says who answered",
    )


def test_rows_without_a_respondent_are_refused_by_number():
    rows = [["respondent", "T01"], ["a", "4"], ["", "4"], [" ", "3"], ["b", "1"], ["", "2"]]
    (message,) = refusals(rows)
    assert "3 rows without a respondent: rows 3, 4, 6" in message


def test_doubled_respondents_are_refused_without_saying_who_they_are():
    people = ["ann", "bob", "ann", "cem", "bob", "ann"]
    messages = refusals([["respondent", "T01"], *([person, "4"] for person in people)])
    assert len(messages) == 1
    assert "2 respondents more than once: rows 2 and 4 and 7, 3 and 6" in messages[0]
    assert not any(person in messages[0] for person in set(people))


def test_two_respondents_whose_pseudonyms_agree_by_chance_are_refused(monkeypatch):
    monkeypatch.setattr(ingest_module, "pseudonym", lambda one, key: "R" + one[0] * 10)
    (message,) = refusals([["respondent", "T01"], ["ann", "4"], ["bob", "4"], ["abe", "4"]])
    assert "pseudonyms agree by chance: rows 2, 4" in message


def test_group_and_wave_come_from_columns_or_from_what_was_said():
    rows = [["respondent", "T01", "group"], ["a", "4", "Supervisors"], ["b", "3", ""]]
    people = read(rows, wave="2026").ratings.respondents.loc[[pseudonym(p, KEY) for p in "ab"]]
    assert people["group"].tolist() == ["Supervisors", ""]
    assert people["wave"].tolist() == ["2026", "2026"]
    assert read(rows, group="Supervisors").ratings.respondents["group"].tolist() == [
        "Supervisors",
        "Supervisors",
    ]


def test_a_group_that_contradicts_what_was_said_is_refused():
    rows = [["respondent", "T01", "group"], ["a", "4", "Supervisors"], ["b", "3", "Peers"]]
    (message,) = refusals(rows, group="Peers")
    assert "column “group”: found the group “Supervisors”; wanted “Peers”" in message


def test_demographics_are_kept_by_question_and_nothing_else_is():
    rows = [["respondent", "T01", "q1", "Email"], ["a", "4", " Community ", "a@example.org"]]
    result = read(rows, questions=["Q1"])
    assert result.ratings.respondents.columns.tolist() == ["group", "wave", "nature", "Q1"]
    assert result.ratings.respondents["Q1"].tolist() == ["Community"]
    assert result.report.dropped == ("Email",)


def test_the_nature_of_the_answers_is_kept():
    result = read([["T01"], ["4"]], nature="simulated")
    assert result.ratings.respondents["nature"].tolist() == ["simulated"]


def test_rows_that_hold_nothing_are_left_out_and_counted():
    rows = [
        ["respondent", "T01", "note"],
        ["a", "4", ""],
        ["", "", ""],
        ["b", "", ""],
        ["", "", ""],
    ]
    result = read(rows, block_rows=2)
    assert len(result.ratings) == 2
    assert result.report.n_empty_rows == 2


def test_an_export_without_any_row_is_refused():
    (message,) = refusals([["respondent", "T01"], ["", ""]])
    assert "found no answers" in message


# Laws

ratings_tables = st.integers(1, 6).flatmap(
    lambda n: st.lists(
        st.tuples(
            *[st.sampled_from(["", "1", "2", "3", "4", "99", "-3"])] * 2,
            *[st.sampled_from(["", "0", "1", "2", "N/A"])] * 2,
            st.sampled_from(["", "East", "West"]),
        ),
        min_size=n,
        max_size=n,
    )
)
WIDE = ["T01_importance", "T02_importance", "T01_frequency", "T02_frequency", "Q1"]


def wide_rows(answers):
    rows = [[f"r{number}", *cells] for number, cells in enumerate(answers)]
    return [["respondent", *WIDE], *rows]


def long_rows(answers):
    """Return the same answers with one row a rating, blanks included."""
    rows = [
        [f"r{number}", *name.split("_"), cells[position], cells[-1]]
        for number, cells in enumerate(answers)
        for position, name in enumerate(WIDE[:-1])
    ]
    return [["respondent", "statement", "scale", "rating", "Q1"], *rows]


def read_both(rows, **options):
    return read(rows, scales=(IMPORTANCE, FREQUENCY), questions=["Q1"], **options)


@settings(max_examples=40)
@given(answers=ratings_tables, data=st.data())
def test_wide_and_long_tables_in_any_order_give_the_same_ratings(answers, data):
    wide = read_both(wide_rows(answers)).ratings
    headers, *rows = long_rows(answers)
    order = data.draw(st.permutations(range(len(headers))))
    shuffled = [[row[i] for i in order] for row in [headers, *data.draw(st.permutations(rows))]]
    assert same(read_both(shuffled, layout="long").ratings, wide)


@settings(max_examples=40)
@given(answers=ratings_tables, data=st.data(), block_rows=st.integers(1, 4))
def test_neither_the_order_of_rows_and_columns_nor_blocks_matter(answers, data, block_rows):
    wide = read_both(wide_rows(answers)).ratings
    headers, *rows = wide_rows(answers)
    order = data.draw(st.permutations(range(len(headers))))
    shuffled = [[row[i] for i in order] for row in [headers, *data.draw(st.permutations(rows))]]
    assert same(read_both(shuffled, block_rows=block_rows).ratings, wide)


@settings(max_examples=40)
@given(answers=ratings_tables)
def test_codes_and_labels_give_the_same_ratings(answers):
    def labelled(row):
        scales = [IMPORTANCE, IMPORTANCE, FREQUENCY, FREQUENCY]
        labels = [{str(p.value): p.label for p in scale.points} for scale in scales]
        return [names.get(cell, cell) for names, cell in zip(labels, row, strict=False)] + [row[-1]]

    words = read_both(wide_rows([labelled(row) for row in answers])).ratings
    assert same(words, read_both(wide_rows(answers)).ratings)


# Long tables

LONG = ["respondent", "statement", "scale", "rating"]


def test_names_in_a_long_table_are_read_without_regard_to_case():
    ratings = read([LONG, ["a", "t01", "Importance", "4"]], layout="long").ratings
    assert codes_of(ratings, "a", "T01") == [4]


def test_ratings_that_a_long_table_never_mentions_are_not_shown():
    result = read([LONG, ["a", "T01", "importance", "4"]], layout="long")
    assert codes_of(result.ratings, "a", "T02") == [NOT_SHOWN]
    assert result.report.missing == ("T02_importance",)


def test_someone_who_left_out_a_rating_of_a_long_table_gave_no_answer():
    rows = [LONG, ["a", "T01", "importance", "4"], ["b", "T02", "importance", "4"]]
    ratings = read(rows, layout="long").ratings
    assert codes_of(ratings, "ab", "T01") == [4, NO_ANSWER]


def test_a_long_table_with_less_than_half_of_the_ratings_is_refused():
    rows = [LONG, ["a", "T01", "importance", "4"]]
    (message,) = refusals(rows, layout="long", statements=("T01", "T02", "T03"))
    assert "2 of 3 are missing" in message


def test_a_rating_given_twice_is_refused_by_row():
    rows = [
        LONG,
        *[["a", "T01", "importance", cell] for cell in "44"],
        ["a", "T02", "importance", 1],
    ]
    (message,) = refusals(rows, layout="long")
    assert "column “rating”: found 1 ratings more than once: rows 2 and 3" in message


def test_unknown_statements_and_scales_are_refused_with_the_nearest():
    rows = [
        LONG,
        ["a", "T01", "importance", "4"],
        ["a", "T2", "importance", "4"],
        ["b", "T2", "importance", "9"],
        ["a", "T02", "importanse", "4"],
    ]
    (message,) = refusals(rows, layout="long")
    assert "3 rows on what was not asked: " in message
    assert "T2 on importance" in message
    assert "T02 on importanse" in message
    assert "“T2 on importance” is perhaps “T02 on importance”" in message


def test_a_respondent_of_whom_a_long_table_says_two_things_is_refused():
    rows = [
        [*LONG, "Q1", "group"],
        ["a", "T01", "importance", "4", "East", ""],
        ["a", "T02", "importance", "4", "West", "Peers"],
        ["b", "T02", "importance", "4", "West", ""],
    ]
    (message,) = refusals(rows, layout="long", questions=["Q1"])
    assert "column “Q1”: found rows that contradict an earlier row of their respondent" in message
    assert "rows 3;" in message


def test_a_long_table_is_read_scale_by_scale_and_statement_by_statement():
    rows = [LONG, ["a", "T01", "importance", "4"], ["a", "T02", "importance", "Important"]]
    result = read(rows, layout="long")
    assert codes_of(result.ratings, "a", "T02") == [3]
    assert [column["read_as"] for column in result.report.columns] == ["text", "codes", "labels"]
    rows = [LONG, *[[p, "T01", "importance", cell] for p, cell in (("a", "4"), ("b", "Important"))]]
    (message,) = refusals(rows, layout="long", statements=("T01",))
    assert "T01 on importance: found 1 codes (“4”) and 1 labels (“Important”)" in message


# The report


def test_the_report_says_what_was_read_dropped_and_assumed():
    rows = [["T01", "T02", "Email"], ["4", "Important", "a@example.org"], ["", "", ""]]
    report = read(rows, statements=("T01", "T02", "T03")).report
    assert report.as_lines() == [
        "answers.csv: 1 respondents, 2 answers (wide table).",
        "Rating columns read: 1 as codes, 1 as labels.",
        "Empty rows left out: 1.",
        "Not in the file, stored as not shown: T03_importance.",
        "Columns not stored: Email.",
        "Assumed: each row is another respondent, since no column says who answered.",
    ]


def test_the_report_holds_plain_values_and_no_personal_data():
    rows = [["respondent", "T01", "Email"], ["ann@example.org", "4", "ann@example.org"]]
    report = read(rows).report.as_dict()
    assert json.loads(json.dumps(report)) == report
    assert report["sha256"] == "5eed"
    assert report["columns"] == [
        {"column": "respondent", "meaning": "respondent", "read_as": "text"},
        {"column": "T01", "meaning": "T01_importance", "read_as": "codes"},
    ]
    assert "ann" not in json.dumps(report)


# Real answers: Stack Overflow Developer Survey 2017 (ODbL; see the README beside the data)

HIRING = ordinal(
    "importance",
    {
        1: "Not at all important",
        2: "Not very important",
        3: "Somewhat important",
        4: "Important",
        5: "Very important",
    },
    role="importance",
)


@pytest.fixture(scope="module")
def computed():
    """Counts and means by item, computed independently from the same answers."""
    return pd.read_csv(DATA / "computed_items.csv", index_col="item")


@pytest.fixture(scope="module")
def hiring(computed):
    export = read_plain(DATA / "responses_labels.csv")
    statements = tuple(f"T{number:02}" for number in range(1, 11))
    told = {
        f"ImportantHiring{item}": statement
        for item, statement in zip(computed.index, statements, strict=True)
    }
    columns, problems = map_columns(
        export,
        expected={"importance": statements},
        questions=["Q1"],
        given=told | {"Professional": "group", "CompanySize": "Q1"},
    )
    assert problems == []
    return ingest(export, columns, scales=[HIRING], key=KEY)


def test_real_labels_become_the_points_that_were_counted_independently(hiring, computed):
    codes = hiring.ratings.codes["importance"]
    counts = [[(row == point).sum() for point in range(1, 6)] for row in codes]
    np.testing.assert_array_equal(counts, computed[["n1", "n2", "n3", "n4", "n5"]])
    means = hiring.ratings.frame("importance").mean()
    np.testing.assert_allclose(means, computed["mean"], atol=5e-7)
    assert {column["read_as"] for column in hiring.report.columns} == {"text", "labels"}


def test_real_respondents_who_skipped_the_block_are_kept(hiring):
    answered = (hiring.ratings.codes["importance"] > 0).sum(axis=0)
    assert len(hiring.ratings) == 1634
    assert (answered == 0).sum() == 460
    assert ((answered > 0) & (answered < 10)).sum() == 47
    assert hiring.report.n_answers == answered.sum()


def test_real_groups_have_the_sizes_that_the_source_states(hiring):
    assert hiring.ratings.respondents["group"].value_counts().to_dict() == {
        "Professional developer": 845,
        "Professional non-developer who sometimes writes code": 485,
        "Student": 223,
        "None of these": 44,
        "Used to be a professional developer": 37,
    }
    assert "10,000 or more employees" in set(hiring.ratings.respondents["Q1"])


def test_addresses_that_people_typed_into_a_question_are_not_stored():
    done = read(
        [
            ["respondent", "T01", "T02", "Q1"],
            ["a", "4", "3", "ask me at someone@example.org"],
            ["b", "4", "3", "1000-2999 hours"],
        ],
        questions=["Q1"],
    )
    assert sorted(done.ratings.respondents["Q1"]) == ["1000-2999 hours", "ask me at [removed]"]
    assert done.report.n_texts_cleaned == 1
