from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rds.ratings.matching import doubled, match
from rds.survey.asked import asked_by
from rds.survey.export import ExportColumn
from tests.survey.examples import instrument
from tests.survey.exports import described, export

SURVEY = instrument()
ASKED = asked_by(SURVEY)
WHAT = [m for m in (one.meaning for one in ASKED) if m != "Q2" and not m.startswith("Q1 =")]


@pytest.mark.parametrize(("by", "rule"), [("code", "identifier"), ("words", "text")])
def test_every_column_is_known_by_its_code_or_by_its_words(by, rule):
    columns = described(SURVEY, by=by)
    found = match(export(columns), ASKED).found
    assert [found[column.name].meaning for column in columns] == WHAT
    assert {one.rule for one in found.values()} == {rule}


ONCE = [
    (column, meaning)
    for column, meaning in zip(described(SURVEY, by="words"), WHAT, strict=True)
    if column.row_text != "Assess risk & report findings"
]


@settings(max_examples=30, deadline=None)
@given(st.permutations([column for column, _ in ONCE]))
def test_the_order_of_columns_makes_no_difference_where_words_stand_once(columns):
    meaning = {column.name: meaning for column, meaning in ONCE}
    found = match(export(columns), ASKED).found
    assert {name: one.meaning for name, one in found.items()} == meaning


def test_rows_are_known_by_position_when_the_question_is_known_and_their_number_agrees():
    columns = described(SURVEY, by="position")
    found = match(export(columns), ASKED).found
    positions = {c.name: m for c, m in zip(columns, WHAT, strict=True) if c.position}
    assert {name: found[name].meaning for name in positions} == positions
    assert {found[name].rule for name in positions} == {"position"}


def test_a_row_more_or_less_than_the_grid_has_makes_positions_worthless():
    columns = described(SURVEY, by="position")
    grid = [c for c in columns if c.question == "QD1importancex"]
    without_last = [c for c in columns if c != grid[-1]]
    found = match(export(without_last), ASKED).found
    assert not any(c.name in found for c in grid)


def test_a_row_that_says_otherwise_makes_positions_worthless():
    columns = described(SURVEY, by="position")
    first = next(c for c in columns if c.question == "QD1importancex")
    other = replace(first, row_text="Something else entirely")
    found = match(export([other if c == first else c for c in columns]), ASKED).found
    assert not any(c.name in found for c in columns if c.question == "QD1importancex")


def test_the_same_statement_under_another_question_is_not_taken():
    columns = [
        replace(c, question_text="How difficult is it?") if c.row_text else c
        for c in described(SURVEY, by="words")
    ]
    found = match(export(columns), ASKED).found
    assert not any(c.name in found for c in columns if c.row_text)


def test_tags_entities_blanks_capitals_and_the_mark_at_the_end_make_no_difference():
    column = ExportColumn(
        "x",
        question_text="<p>Importance: how would&nbsp;you rate  EACH task?</p>",
        row_text="Assess risk &amp; report<br/>findings.",
    )
    assert match(export([column]), ASKED).found["x"].meaning == "T01_importance"


def test_a_statement_asked_twice_is_told_apart_by_order():
    question = "Importance: how would you rate each task?"
    words = {"question_text": question, "row_text": "Assess risk & report findings"}
    found = match(export([ExportColumn(name, **words) for name in "ab"]), ASKED).found
    assert [one.meaning for one in found.values()] == ["T01_importance", "again1 T01_importance"]


def test_a_code_of_ours_with_other_words_is_a_contradiction_and_no_match():
    column = ExportColumn("Q1", question="Q1", question_text="How old are you?")
    matches = match(export([column]), ASKED)
    assert not matches.found
    assert matches.contradicted == {"Q1": "where do you work?"}


def test_a_code_of_ours_with_the_words_of_another_statement_goes_by_the_words():
    column = ExportColumn(
        "D1importance[T01]",
        question="D1importance",
        row="T01",
        question_text="Importance: how would you rate each task?",
        row_text="=Check the +/- balance of support @ home",
    )
    found = match(export([column]), ASKED).found
    assert found["D1importance[T01]"].meaning == "T04_importance"


def test_a_row_with_another_statements_code_is_not_taken_by_its_position():
    rows = [("T03", 1), ("T01", 2), ("T09", 3)]
    columns = [
        ExportColumn(f"D1importance[{row}]", question="D1importance", row=row, position=position)
        for row, position in rows
    ]
    found = match(export(columns), ASKED, issued=True).found
    assert {name: one.meaning for name, one in found.items()} == {
        "D1importance[T03]": "T03_importance",
        "D1importance[T01]": "T01_importance",
    }


def test_q1_3_is_not_q13():
    asked = [replace(one, question="Q13") if one.question == "Q4" else one for one in ASKED]
    column = ExportColumn("Q1_3", question="Q1", position=3)
    assert not match(export([column]), asked).found


def test_a_text_that_was_cut_is_known_if_only_one_begins_so():
    question = "Importance: how would you rate each task?"
    unique = ExportColumn("a", question_text=question, row_text="Plan 1-2 goals: short, lo...")
    short = ExportColumn("b", question_text=question, row_text="Assess risk.. ")
    found = match(export([unique, short]), ASKED).found
    assert {name: one.rule for name, one in found.items()} == {"a": "beginning of the text"}


def test_a_statement_without_its_question_is_ambiguous_on_two_scales():
    column = ExportColumn("a", row_text="Assess risk & report findings")
    matches = match(export([column]), ASKED)
    assert not matches.found
    assert set(matches.ambiguous["a"]) == {
        "T01_frequency",
        "T01_importance",
        "again1 T01_importance",
    }


def test_several_answers_apart_win_over_the_same_answers_in_one_cell():
    joined = ExportColumn("certs", question="Q2")
    apart = [ExportColumn(f"certs/{k}", question="Q2", option=str(k)) for k in (1, 2, 3)]
    found = match(export([joined, *apart]), ASKED).found
    assert [one.meaning for one in found.values()] == [
        "Q2 = Basic, 40 hours",
        "Q2 = Advanced",
        "Q2 = None",
    ]


def test_two_columns_for_one_answer_are_told():
    columns = [ExportColumn("a", question="Q4"), ExportColumn("b", question="q4")]
    assert doubled(match(export(columns), ASKED).found) == {"Q4": ["a", "b"]}


def test_what_people_typed_for_other_is_apart_from_the_answer():
    columns = [
        ExportColumn("Q1", question="Q1"),
        ExportColumn("Q1other", question="Q1", is_open_text=True),
    ]
    found = match(export(columns), ASKED).found
    assert [one.meaning for one in found.values()] == ["Q1", "Q1 (other)"]
