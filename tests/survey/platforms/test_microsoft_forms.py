"""Exports of Microsoft Forms, made after headers seen in public code."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rds.survey.platforms.microsoft_forms import PLATFORM
from rds.survey.platforms.opening import open_file
from rds.survey.platforms.words import comparable, plain_text
from tests.survey import examples
from tests.survey.platforms.header_examples import (
    DATA,
    LOOK_ALIKES,
    answers,
    label,
    opened,
    read_rows,
    refusal,
    roles,
    saved,
)

SAMPLE = DATA / "microsoft_forms" / "SYNTHETIC_likert.xlsx"
OWN = ["Id", "Start time", "Completion time", "Email", "Name"]
OWN_CELLS = ["1", "7/2/20 11:00:22", "7/2/20 11:01:24", "anonymous", ""]


def table(headers, *cells):
    return [[*OWN, *headers], *([*OWN_CELLS, *line] for line in cells)]


def test_every_column_of_the_sample_has_its_texts_and_role():
    export, frame = opened(PLATFORM, SAMPLE)
    assert roles(export) == {
        "ID": "respondent",
        "Start time": "started",
        "Completion time": "submitted",
        "Email": "contact",
        "Name": "personal",
        "Last modified time": "technical",
    }
    assert frame["Start time"].tolist() == ["2026-03-01T10:00:00", "2026-03-02T11:00:00"]
    assert answers(PLATFORM, SAMPLE) == [
        ("What is your primary role?", "", "", 0, ["Analyst", "Manager"]),
        ("", "Assess risk & report findings", "", 1, ["Often", "Daily"]),
        ("", "Document findings", "", 1, ["Never", ""]),
        ("", "Assess risk & report findings", "", 2, ["High", "Moderate"]),
        ("", "Document findings", "", 2, ["Low", ""]),
        ("Certifications held", "", "", 0, ["CISSP;PMP", "PMP"]),
        ("Years of experience", "", "", 0, ["12", "3"]),
    ]


def test_nobody_is_the_same_person_for_being_anonymous():
    _, frame = opened(PLATFORM, SAMPLE)
    assert frame["Email"].tolist() == ["", ""]


def test_repeated_headers_count_with_or_without_the_number_a_table_adds():
    for second, third in (("Listen2", "Listen3"), ("Listen", "Listen")):
        found = read_rows(PLATFORM, table(["Listen", second, "Ask", third], list("abcd")))
        assert [(row or question, position) for question, row, _, position, _ in found] == [
            ("Listen", 1),
            ("Listen", 2),
            ("Ask", 0),
            ("Listen", 3),
        ]


def test_a_statement_that_ends_in_a_number_is_not_taken_for_a_repeated_one():
    found = read_rows(PLATFORM, table(["Goal 1", "Goal 12", "Goal 2", "Use2"], list("abcd")))
    assert [question for question, *_ in found] == ["Goal 1", "Goal 12", "Goal 2", "Use2"]


def test_only_answers_that_all_end_in_a_semicolon_hold_several(tmp_path):
    rows = table(["Which?", "Where?"], ["Basic, 40 hours;Other; x;", "Hospital; ward"], ["", "A;"])
    export, frame = opened(PLATFORM, saved(tmp_path, rows))
    assert [column.separator for column in export.described[-2:]] == [";", ""]
    assert frame["Which?"].tolist() == ["Basic, 40 hours;Other; x", ""]


def test_points_of_a_quiz_are_no_answers(tmp_path):
    rows = [[*OWN, "Total points", "Quiz feedback", "How?", "Points - How?", "Feedback - How?"]]
    export, _ = opened(PLATFORM, saved(tmp_path, [*rows, [*OWN_CELLS, "4", "", "So", "2", ""]]))
    assert [column.role for column in export.described[5:]] == [
        "technical",
        "technical",
        "answer",
        "technical",
        "technical",
    ]


def test_times_of_a_workbook_and_of_a_csv_saved_by_excel_read_alike(tmp_path):
    when = datetime.datetime(2020, 7, 25, 11, 0, 22)
    book = [[*OWN, "Why – so?"], ["1", when, when, "anonymous", "", "x"]]
    text = [
        [*OWN, "Why – so?"],
        ["1", "7/25/20 11:00:22", "7/25/20 11:00:22", "anonymous", "", "x"],
    ]
    for rows, name in ((book, "a.xlsx"), (text, "a.csv")):
        path = saved(tmp_path, rows, name, encoding="cp1252")
        assert opened(PLATFORM, path)[1]["Start time"].tolist() == ["2020-07-25T11:00:22"]


@pytest.mark.parametrize(
    ("started", "submitted"),
    [("Startzeit", "Fertigstellungszeit"), ("Heure de début", "Heure de fin")],
)
def test_other_languages_are_known(started, submitted):
    rows = [["ID", started, submitted, "E-Mail", "Name", "Warum?"], [*OWN_CELLS, "x"]]
    assert read_rows(PLATFORM, rows) == [("Warum?", "", "", 0, ["x"])]


def test_what_cannot_be_used_is_refused_with_the_reason(tmp_path):
    rows = table(["How?", "Why?"], ["a", "b"])
    refused = {
        "headers only": rows[:1],
        "the header row a second time": [*rows, rows[0]],
        "a table that begins with “Start time”": [row[1:] for row in rows],
        "breaks off after 3 of 7 cells": ",".join(rows[0]) + "\r\n1,7/2/20,7/2",
    }
    for reason, damaged in refused.items():
        assert reason in refusal(PLATFORM, saved(tmp_path, damaged))


@pytest.mark.parametrize("rows", LOOK_ALIKES.values(), ids=LOOK_ALIKES)
def test_look_alikes_are_not_taken(tmp_path, rows):
    assert not PLATFORM.recognise(open_file(saved(tmp_path, rows)))


def test_every_statement_of_the_example_comes_back_in_the_order_of_its_scales(tmp_path):
    instrument = examples.instrument()
    headers, line, wanted = [], [], []
    for question in instrument.questions:
        for row in question.rows if question.kind == "grid" else ():
            text = row.words["en"]
            wanted.append((plain_text(text), headers.count(text) + 1, [label(question, row, 0)]))
            headers.append(text)
            line.append(label(question, row, 0))
    twice = {text for text, position, _ in wanted if position > 1}
    numbered = [
        text if position == 1 else f"{text}{position}"
        for text, (_, position, _) in zip(headers, wanted, strict=True)
    ]
    for name, heads in (("export.csv", headers), ("export.xlsx", numbered)):
        found = answers(PLATFORM, saved(tmp_path, table(heads, line), name))
        assert [(row or question, at, cells) for question, row, _, at, cells in found] == [
            (text, position if text in twice else 0, cells) for text, position, cells in wanted
        ]


WORDS = st.text(
    st.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1, max_size=20
).filter(lambda text: len(comparable(text)) > 1)


@given(st.lists(WORDS, min_size=1, max_size=5, unique_by=comparable))
def test_any_statements_come_back_word_for_word(statements):
    texts = [plain_text(f"T {text} U") for text in statements]
    found = read_rows(PLATFORM, table(texts * 2, [f"v{at}" for at in range(2 * len(texts))]))
    assert [(row, position) for _, row, _, position, _ in found] == [
        (text, at) for at in (1, 2) for text in texts
    ]
