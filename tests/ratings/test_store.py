"""Stored answers read back as they were, or it is said why they no longer can."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rds.errors import InputError
from rds.ratings.frames import NO_ANSWER, NOT_APPLICABLE, NOT_SHOWN
from rds.ratings.ratings import Ratings, respondent_table
from rds.ratings.store import read_responses, responses_csv
from rds.scales import Point, ordinal

IMPORTANCE = ordinal("importance", {1: "Low", 2: "Middle", 3: "High"})
FREQUENCY = ordinal("frequency", {0: "Never", 98: "Always"}, not_performed=0)
SCALES = (IMPORTANCE, FREQUENCY)
STATEMENTS = {"importance": ("T01", "T02", "K1"), "frequency": ("T02", "T01")}


def ratings_of(importance, frequency, people):
    """Return ratings of codes by respondent and a table of respondents."""
    return Ratings(
        scales=SCALES,
        statements=STATEMENTS,
        codes={
            "importance": np.array(importance, dtype=np.int8).reshape(-1, 3).T,
            "frequency": np.array(frequency, dtype=np.int8).reshape(-1, 2).T,
        },
        respondents=people,
    )


@pytest.fixture
def ratings():
    people = respondent_table(
        ["Rb", "Ra"], group=["Peers", "=1+1"], wave=["", "2"], nature=["answers", "simulated"]
    ).assign(Q1=["North, or so", 'a "ward"'])
    return ratings_of([[1, -1, 3], [-3, -2, 2]], [[0, 98], [-1, -2]], people)


def read(content, *, scales=SCALES, statements=STATEMENTS):
    return read_responses(
        content, name="responses/survey.csv", scales=scales, statements_by_scale=statements
    )


def refusals(content, **options):
    with pytest.raises(InputError) as error:
        read(content, **options)
    return [str(problem) for problem in error.value.problems]


def same(one, other):
    return (
        one.statements == other.statements
        and all(np.array_equal(one.codes[name], other.codes[name]) for name in one.codes)
        and one.respondents.equals(other.respondents)
    )


def test_a_stored_file_is_plain_csv_sorted_by_respondent(ratings):
    assert responses_csv(ratings).decode() == (
        "respondent_id,group,wave,nature,Q1,"
        "T01_importance,T02_importance,K1_importance,T02_frequency,T01_frequency\n"
        'Ra,=1+1,2,simulated,"a ""ward""",-3,99,2,,99\n'
        'Rb,Peers,,answers,"North, or so",1,,3,0,98\n'
    )


def test_the_order_of_respondents_leaves_no_trace(ratings):
    people = ratings.respondents.iloc[::-1]
    codes = {name: codes[:, ::-1].copy() for name, codes in ratings.codes.items()}
    turned = replace(ratings, codes=codes, respondents=people)
    assert responses_csv(turned) == responses_csv(ratings)


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
tables = st.lists(
    st.tuples(
        st.tuples(*[st.sampled_from([1, 2, 3, NO_ANSWER, NOT_APPLICABLE, NOT_SHOWN])] * 3),
        st.tuples(*[st.sampled_from([0, 98, NO_ANSWER, NOT_APPLICABLE, NOT_SHOWN])] * 2),
        st.tuples(texts, texts, st.sampled_from(["answers", "reconstructed", "simulated"]), texts),
    ),
    max_size=8,
)


@settings(max_examples=60)
@given(table=tables)
def test_whatever_is_stored_reads_back_the_same(table):
    names = [f"R{number:010x}" for number in range(len(table))]
    columns = list(zip(*(about for _, _, about in table), strict=True)) or [()] * 4
    people = respondent_table(
        pd.Index(names, dtype=str),
        group=list(columns[0]),
        wave=list(columns[1]),
        nature=list(columns[2]),
    ).assign(Q1=list(columns[3]))
    stored = ratings_of([row[0] for row in table], [row[1] for row in table], people)
    assert same(read(responses_csv(stored)), replace(stored, respondents=people.astype(str)))


@pytest.mark.parametrize("text", ["NA", "nan", "None", "null", "1.0", "007", "TRUE", " x ", "\r"])
def test_texts_stay_as_they_are(ratings, text):
    people = ratings.respondents.assign(group=text, Q1=text)
    again = read(responses_csv(replace(ratings, respondents=people))).respondents
    assert again["group"].tolist() == [text, text]
    assert again["Q1"].tolist() == [text, text]


def test_a_statement_added_later_is_not_shown_and_a_dropped_one_is_left_out(ratings):
    later = {"importance": ("T03", "K1"), "frequency": ()}
    again = read(responses_csv(ratings), statements=later)
    assert again.statements == later
    assert again.codes["importance"].tolist() == [[NOT_SHOWN, NOT_SHOWN], [2, 3]]
    assert again.codes["frequency"].shape == (0, 2)
    assert again.respondents.columns.tolist() == ["group", "wave", "nature", "Q1"]


def test_a_scale_added_later_was_not_shown(ratings):
    added = ordinal("harm", {1: "Little", 2: "Much"})
    again = read(
        responses_csv(ratings),
        scales=[*SCALES, added],
        statements=STATEMENTS | {"harm": ("T01",)},
    )
    assert again.codes["harm"].tolist() == [[NOT_SHOWN, NOT_SHOWN]]


def test_answers_on_a_scale_that_is_gone_are_refused_not_lost(ratings):
    renamed = replace(IMPORTANCE, name="criticality")
    (message,) = refusals(
        responses_csv(ratings),
        scales=[renamed, FREQUENCY],
        statements={"criticality": ("T01",), "frequency": ("T01",)},
    )
    assert "responses/survey.csv: found ratings on a scale “importance”" in message
    assert "criticality, frequency" in message


def test_answers_that_are_no_points_any_more_are_refused_scale_by_scale(ratings):
    shorter = replace(IMPORTANCE, points=(Point(1, "Low"), Point(4, "High")))
    other = replace(FREQUENCY, points=(Point(1, "Never"), Point(98, "Always")))
    messages = refusals(responses_csv(ratings), scales=[shorter, other])
    assert len(messages) == 2
    assert (
        "scale “importance”: found 2 answers that are no points of the scale: 2, 3" in messages[0]
    )
    assert "wanted its points 1, 4" in messages[0]
    assert "scale “frequency”: found 1 answers that are no points of the scale: 0" in messages[1]


@pytest.mark.parametrize("cell", ["2.5", "-4", "100", "1e9"])
def test_numbers_that_are_no_codes_are_refused(ratings, cell):
    content = responses_csv(ratings).replace(b",1,,3,", f",{cell},,3,".encode())
    (message,) = refusals(content)
    assert "1 answers that are no points of the scale: something else" in message


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (b"respondent_id", b"respondent", "headers that rds does not write"),
        (b"respondent_id", b"\xef\xbb\xbfrespondent_id", "headers that rds does not write"),
        (b"K1_importance", b"T01_importance", "headers that rds does not write"),
        (b"Peers", b"P\xe9ers", "headers that rds does not write"),
        (b"\nRa", b"\nRb", "respondents who stand there more than once"),
        (b",1,,3,", b",High,,3,", "rows that rds does not write"),
        (b",1,,3,", b",1,,3,2,", "rows that rds does not write"),
        (b",answers,", b",answers,,", "rows that rds does not write"),
        (b"0,98\n", b"0,9", "a file that is cut off"),
    ],
)
def test_a_file_that_is_not_as_rds_wrote_it_is_refused(ratings, old, new, found):
    content = responses_csv(ratings)
    assert old in content
    (message,) = refusals(content.replace(old, new))
    assert f"found {found}" in message


def test_a_file_whose_rows_are_all_one_cell_too_long_is_refused(ratings):
    headers, *rows = responses_csv(ratings).splitlines()
    content = b"\n".join([headers, *(row + b",1" for row in rows), b""])
    (message,) = refusals(content)
    assert "found rows that rds does not write" in message


def test_an_empty_file_is_refused():
    (message,) = refusals(b"")
    assert "found headers that rds does not write" in message
