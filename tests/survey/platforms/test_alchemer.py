"""Exports of Alchemer: a real one (source in tests/data), and what its rules say of others."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rds.survey.platforms.alchemer import PLATFORM
from rds.survey.platforms.opening import open_file
from rds.survey.platforms.words import comparable, plain_text
from tests.survey import examples
from tests.survey.platforms.header_examples import (
    DATA,
    LOOK_ALIKES,
    answers,
    expected,
    label,
    opened,
    read_rows,
    refusal,
    roles,
    saved,
)

SAMPLE = DATA / "alchemer" / "jupyter_2015_surveygizmo_head6.csv"
OWN = ["Response ID", "Time Started", "Date Submitted", "Status", "Contact ID", "IP Address"]
OWN_CELLS = ["7", "2026-05-04 10:20:31", "2026-05-04 10:30:00", "Complete", "55", "192.0.2.1"]


def table(headers, *cells):
    return [[*OWN, *headers], *([*OWN_CELLS, *line] for line in cells)]


def test_every_column_of_the_real_export_has_question_row_and_role():
    export, frame = opened(PLATFORM, SAMPLE)
    assert roles(export) == {
        "Time Started": "started",
        "Date Submitted": "submitted",
        "Status": "status",
    }
    assert frame["Time Started"].iloc[0] == "2015-12-21T22:21:47"
    assert frame["Status"].tolist() == ["partial", "complete", "partial", "partial", "partial"]
    asked = [c for c in export.described if c.role == "answer"]
    assert all(column.question_text for column in asked)
    industries = [c for c in asked if c.row_text.startswith("Industry")]
    assert [(c.row_text, c.position) for c in industries] == [
        ("Industry #1", 1),
        ("Industry #2", 2),
        ("Industry #3", 3),
    ]
    assert len({c.question_text for c in industries}) == 1
    assert [c.option_text for c in asked if c.is_open_text] == [
        "Other - Write In",
        "Other word(s):",
    ]
    words = next(c for c in asked if c.separator)
    assert words.question_text == "Select all the words that best describe Jupyter Notebook."
    assert frame[words.name].iloc[1] == "comfortable;intuitive;quick"


def test_colons_in_rows_and_questions_do_not_mislead():
    headers = [
        "Plan: short:Frequency: how often?",
        "Ratio 1:2:Frequency: how often?",
        "Listen:Frequency: how often?",
        "Plan: short:Importance: how often?",
        "Listen:Importance: how often?",
        "Why: say more",
    ]
    assert [found[:4] for found in read_rows(PLATFORM, table(headers, ["x"] * 6))] == [
        ("Frequency: how often?", "Plan: short", "", 1),
        ("Frequency: how often?", "Ratio 1:2", "", 2),
        ("Frequency: how often?", "Listen", "", 3),
        ("Importance: how often?", "Plan: short", "", 1),
        ("Importance: how often?", "Listen", "", 2),
        ("Why: say more", "", "", 0),
    ]


def test_numbers_of_questions_are_taken_off():
    headers = ["1: Listen:How often?", "1: Ask:How often?", "2: Why?"]
    assert [found[:2] for found in read_rows(PLATFORM, table(headers, ["x", "y", "z"]))] == [
        ("How often?", "Listen"),
        ("How often?", "Ask"),
        ("Why?", ""),
    ]


def test_options_are_ticked_and_what_was_typed_beside_them_is_open():
    headers = ["Basic:Which?", "Advanced:Which?", "Other - Write In:Which?"]
    found = read_rows(
        PLATFORM,
        table(headers, ["Basic", "", ""], ["", "", "ISO"], ["", "", ""], ["", "Advanced", ""]),
    )
    assert [(option, cells) for _, _, option, _, cells in found] == [
        ("Basic", ["1", "0", "", "0"]),
        ("Advanced", ["0", "0", "", "1"]),
        ("Other - Write In", ["", "ISO", "", ""]),
    ]


def test_other_is_an_option_in_one_column_and_what_was_typed_in_the_next():
    headers = ["Basic:Which?", "Other - Write In:Which?", "Other - Write In:Which?"]
    lines = [["Basic", "", ""], ["", "Other - Write In", "ISO"]]
    found = read_rows(PLATFORM, table(headers, *lines))
    assert [cells for *_, cells in found] == [["1", "0"], ["0", "1"], ["", "ISO"]]


def test_a_blank_before_the_question_is_seen_through_its_neighbours():
    headers = ["Data analysis: What for?", "Web: What for?", "Other - Write In::What for?"]
    found = read_rows(PLATFORM, table(headers, ["Data analysis", "", "art"], ["", "Web", ""]))
    assert [(question, option) for question, _, option, *_ in found] == [
        ("What for?", "Data analysis"),
        ("What for?", "Web"),
        ("What for?", "Other - Write In:"),
    ]


def test_checkbox_grids_have_option_and_row():
    headers = [f"{option}:{row}:When?" for row in ("Listen", "Ask") for option in ("Day", "Night")]
    found = read_rows(PLATFORM, table(headers, ["Day", "Night", "", ""], ["", "", "", "Night"]))
    assert found == [
        ("When?", "Listen", "Day", 0, ["1", ""]),
        ("When?", "Listen", "Night", 0, ["1", ""]),
        ("When?", "Ask", "Day", 0, ["", "0"]),
        ("When?", "Ask", "Night", 0, ["", "1"]),
    ]


def test_reporting_values_stay_as_they_are():
    headers = ["Listen:How often?", "Ask:How often?"]
    found = read_rows(PLATFORM, table(headers, ["3", "99"], ["0", ""]))
    assert [cells for *_, cells in found] == [["3", "0"], ["99", ""]]


def test_where_people_are_and_how_they_came_is_personal(tmp_path):
    own = ["Response ID", "Time Started", "Date Submitted", "Status", "Contact ID", "Language"]
    private = ["Legacy Comments", "Comments", "Referer", "SessionID", "User Agent", "IP Address"]
    places = ["Longitude", "Latitude", "Country", "City", "State/Region", "Postal"]
    rows = [[*own, *private, *places, "URL Variable: src", "City"], ["1"] * 20]
    rows[1][3] = "Disqualified"
    export, frame = opened(PLATFORM, saved(tmp_path, rows))
    found = [column.role for column in export.described]
    assert found[:6] == ["respondent", "started", "submitted", "status", "contact", "language"]
    assert found[6:19] == ["personal"] * 13
    assert frame["Status"].tolist() == ["screened out"]
    assert export.described[-1].role == "answer"


def test_deleted_and_test_answers_are_left_out_and_counted(tmp_path):
    rows = table(["Why?"], ["a"], ["b"], ["c"])
    rows[2][3], rows[3][3] = "Deleted", "Test Data"
    export, frame = opened(PLATFORM, saved(tmp_path, rows))
    assert export.left_out == {"deleted response": 1, "test response": 1}
    assert frame["Why?"].tolist() == ["a"]


def test_what_cannot_be_used_is_refused_with_the_reason(tmp_path):
    rows = table(["Why?", "How?"], ["a", "b"])
    strange = [*rows, [*OWN_CELLS, "c", "d"]]
    strange[-1][3] = "Frozen"
    refused = {
        "headers only": rows[:1],
        "the header row a second time": [*rows, rows[0]],
        "a table without the columns that Alchemer adds": [row[4:] for row in rows],
        "row 3: found the status “Frozen”": strange,
        "breaks off after 3 of 8 cells": '"' + '","'.join(rows[0]) + '"\r\n"7","2026","2026"',
    }
    for reason, damaged in refused.items():
        assert reason in refusal(PLATFORM, saved(tmp_path, damaged))


@pytest.mark.parametrize("rows", LOOK_ALIKES.values(), ids=LOOK_ALIKES)
def test_look_alikes_are_not_taken(tmp_path, rows):
    assert not PLATFORM.recognise(open_file(saved(tmp_path, rows)))


def test_every_statement_of_the_example_comes_back_by_question_and_row(tmp_path):
    instrument = examples.instrument()
    headers, lines = [], [[] for _ in range(3)]
    for question in instrument.questions:
        text = question.words["en"]
        headers += [f"{row.words['en']}:{text}" for row in question.rows] or [text]
        for number, line in enumerate(lines):
            line.extend([label(question, row, number) for row in question.rows] or ["typed"])
    for name in ("export.csv", "export.xlsx"):
        found = answers(PLATFORM, saved(tmp_path, table(headers, *lines), name))
        rated = [(question, row, cells) for question, row, _, _, cells in found if row]
        assert rated == expected(instrument, 3, cell=label)


WORDS = st.text(
    st.characters(exclude_categories=["C", "Z"], include_characters=" :"), min_size=1, max_size=20
).filter(lambda text: len(comparable(text)) > 1)


@given(st.lists(WORDS, min_size=1, max_size=5, unique_by=comparable))
@example(["a:b", "c:b", "::x"])
def test_any_statements_come_back_word_for_word_beside_one_without_a_colon(statements):
    texts = ["Listen", *(f"T {text}" for text in statements)]
    headers = [f"{text}:Rate: each - [task]" for text in texts]
    found = read_rows(PLATFORM, table(headers, [f"v{at}" for at in range(len(texts))]))
    assert [row for _, row, *_ in found] == [plain_text(text) for text in texts]
