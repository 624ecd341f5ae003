"""Lists from elsewhere: headers, layouts, numbers, and the rows they make."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rds.outline.listed_rows import UNSORTED, listed_rows
from rds.outline.start_list import (
    Listed,
    holds_statements,
    read_list,
    recognise_columns,
)

SOURCE = {"kind": "list", "citation": "A list."}


def listed(headers, *rows, given=None):
    columns = recognise_columns(headers, given)
    return list(read_list([(f"row {k}", row) for k, row in enumerate(rows, 2)], columns))


@pytest.mark.parametrize(
    ("headers", "meanings"),
    [
        (["Domain", "Task"], ["domain", "task"]),
        (["Content Area", "Task Statements", "K/S/A"], ["domain", "task", "ksa"]),
        (["DUTY AREA", "Task_ID", "Job task"], ["domain", "task_id", "task"]),
        (["Type", "ID", "Statement"], ["type", "identifier", "statement"]),
        (["Taks statement", "Knowlege"], ["task", "knowledge"]),
        (["Favourite colour", ""], [None, None]),
    ],
)
def test_free_headers_are_recognised(headers, meanings):
    found = recognise_columns(headers)
    assert [found.get(at) for at in range(len(headers))] == meanings


def test_what_was_told_of_a_column_wins():
    assert recognise_columns(["Task", "Was"], {"was": "task", "Task": "note"}) == {
        0: "note",
        1: "task",
    }
    assert not holds_statements(recognise_columns(["Task"], {"Task": "ignore"}))


def test_a_domain_holds_for_the_rows_below_and_comes_once():
    found = listed(
        ["Domain", "Task"], ["Support", "Lead groups"], ["", "Teach rights"], ["Support", "Write"],
        ["Ethics", "Keep boundaries"],
    )  # fmt: skip
    assert [(one.unit, one.statement, one.domain) for one in found] == [
        ("domain", "Support", ""),
        ("task", "Lead groups", "Support"),
        ("task", "Teach rights", "Support"),
        ("task", "Write", "Support"),
        ("domain", "Ethics", ""),
        ("task", "Keep boundaries", "Ethics"),
    ]


def test_one_statement_a_row_with_its_type():
    found = listed(
        ["Type", "Code", "Text"], ["Domain", "I", "Support"], ["Task", "I.A", "Lead groups"],
        ["K", "k9", "Group process"], ["Skills", "", "Listening"],
    )  # fmt: skip
    assert [(one.unit, one.statement, one.own) for one in found] == [
        ("domain", "Support", "I"),
        ("task", "Lead groups", "I.A"),
        ("knowledge", "Group process", "k9"),
        ("skill", "Listening", ""),
    ]
    assert found[1].domain == "Support"


@pytest.mark.parametrize(
    ("text", "own", "statement"),
    [
        ("1.2. Lead groups", "1.2", "Lead groups"),
        ("Task 3: Lead groups", "3", "Lead groups"),
        ("T-7) Lead groups", "", "T-7) Lead groups"),
        ("A. Lead groups", "A", "Lead groups"),
        ("IV. Lead groups", "IV", "Lead groups"),
        ("T07 – Lead groups", "T07", "Lead groups"),
        ("Lead 3 groups. Weekly", "", "Lead 3 groups. Weekly"),
        ("Be on time: always", "", "Be on time: always"),
    ],
)
def test_a_number_in_front_becomes_the_identifier_in_the_source(text, own, statement):
    (one,) = listed(["Task"], [text])
    assert (one.own, one.statement) == (own, statement)


def test_ksas_beside_a_task_have_kinds_by_column_form_or_word():
    found = listed(
        ["Task", "Knowledge", "KSA", "Kind"],
        ["Lead", "Group process", "Ability to wait", ""],
        ["", "", "Ethics", "Skill"],
        ["", "", "Law", ""],
    )
    assert [(one.unit, one.statement) for one in found] == [
        ("task", "Lead"),
        ("ability", "Ability to wait"),
        ("knowledge", "Group process"),
        ("skill", "Ethics"),
        ("knowledge", "Law"),
    ]


def test_rows_get_identifiers_source_and_status_and_keep_their_own_number():
    made = listed_rows(
        [
            Listed("domain", "Support", "row 2"),
            Listed("task", "Lead groups", "row 2", domain="Support", own="1.1", note="core"),
            Listed("task", "Write notes", "row 3"),
            Listed("skill", "Skill in writing", "row 4"),
        ],
        source=SOURCE,
        domains={"D1": "Ethics"},
        taken=["D1", "t01", "S1"],
    )
    assert made.rows["Domains"] == [
        {"domain_id": "D2", "title": "Support"},
        {"domain_id": "D3", "title": UNSORTED},
    ]
    first, second = made.rows["Tasks"]
    assert first == {
        "task_id": "T02", "domain_id": "D2", "statement": "Lead groups", "status": "proposed",
        "source": "S2", "note": "S2: 1.1; core",
    }  # fmt: skip
    assert (second["task_id"], second["domain_id"]) == ("T03", "D3")
    assert made.rows["KSAs"][0]["ksa_id"] == "K01"
    assert made.rows["Sources"] == [{"source_id": "S2", **SOURCE}]
    assert made.remarks == ()


def test_what_is_there_already_is_left_out_and_named_and_what_is_near_is_noted():
    made = listed_rows(
        [
            Listed("task", "Lead groups!", "row 2"),
            Listed("task", "Help people to set goals of their own", "row 3"),
            Listed("task", "Sing", "row 4"),
            Listed("task", "SING.", "row 5"),
        ],
        source=SOURCE,
        statements={"T01": "Lead groups.", "T02": "Helping people set goals"},
        taken=["T01", "T02"],
    )
    assert made.remarks == (
        "row 2: the same words as T01, left out",
        "row 5: the same words as T04, left out",
    )
    assert [(row["task_id"], row["note"]) for row in made.rows["Tasks"]] == [
        ("T03", "100% like T02"),
        ("T04", ""),
    ]


def test_a_domain_of_the_study_is_used_again():
    made = listed_rows(
        [Listed("task", "Sing", "row 2", domain="ethics ")], source=SOURCE,
        domains={"D7": "Ethics"}, taken=["D7"],
    )  # fmt: skip
    assert made.rows["Domains"] == []
    assert made.rows["Tasks"][0]["domain_id"] == "D7"


@given(st.lists(st.text("abc -.", max_size=6), max_size=8))
def test_every_statement_is_either_a_row_or_named_as_left_out(texts):
    tasks = [Listed("task", text, f"row {k}") for k, text in enumerate(texts)]
    made = listed_rows(tasks, source=SOURCE)
    assert len(made.rows["Tasks"]) + len(made.remarks) == len(texts)
    names = [row["task_id"] for row in made.rows["Tasks"]]
    assert len(names) == len(set(names))
