"""The panel beside the population, and what its members signed."""

from datetime import date

import pytest

from rds.analysis.panel_composition import (
    KnownShares,
    first_work,
    meetings_table,
    panel_composition,
    panel_table,
    selection_table,
    statement_state,
)
from rds.outline.panel import Meeting, Member

FIRST, SECOND = date(2026, 3, 14), date(2026, 3, 15)
MEMBERS = (
    Member("SME01", served=True, setting="community", years_in_practice=4, nda_signed=FIRST),
    Member("SME02", setting="Hospital", years_in_practice=5, nda_signed=SECOND),
    Member("SME03", served=True, credentials="nurse; trainer", years_in_practice=20),
    Member("SME04", nominated=FIRST, served=False, setting="Other"),
)
MEETINGS = (
    Meeting(FIRST, "panel", ("SME01", "SME02")),
    Meeting(SECOND, "panel", ("SME02", "SME03")),
)
KNOWN = KnownShares(
    options={"Q1": ("Community", "Hospital", "Other"), "Q2": ("yes", "no")},
    population={"Q1": {"Community": 60.0, "Hospital": 30.0, "Other": 10.0}},
    respondents={"Q1": {"Community": 70.0}},
)


def of(variable, known=None):
    table, _ = panel_composition(MEMBERS, known)
    own = table[table["variable"] == variable]
    return dict(zip(own["category"], own["n"], strict=True))


def test_those_who_did_not_serve_are_not_counted():
    assert of("setting") == {"Hospital": 1, "community": 1, "not stated": 1}
    table, _ = panel_composition(MEMBERS)
    assert table.loc[table["variable"] == "setting", "percent"].sum() == pytest.approx(100)


def test_years_are_shown_in_bands_in_order():
    assert list(of("years_in_practice").items()) == [
        ("up to 4 years", 1),
        ("5 to 9 years", 1),
        ("20 years or more", 1),
    ]


def test_several_credentials_count_in_each():
    assert of("credentials") == {"nurse": 1, "trainer": 1, "not stated": 2}


def test_the_panel_stands_beside_the_question_with_the_same_words():
    table, notes = panel_composition(MEMBERS, KNOWN)
    own = table[table["variable"] == "setting"].set_index("category")
    assert list(own.index) == ["community", "Hospital", "Other", "not stated"]
    assert own["percent_population"].tolist()[:3] == [60, 30, 10]
    assert own.loc["Other", "n"] == 0
    assert own.loc["community", "percent_respondents"] == 70
    assert own.loc["Hospital", "percent_respondents"] != own.loc["Hospital", "percent_respondents"]
    assert [(note.row, note.kind) for note in notes] == [("setting", "assumed")]


def test_two_questions_with_the_same_words_are_both_left_alone():
    twice = KnownShares(options={"Q1": KNOWN.options["Q1"], "Q3": KNOWN.options["Q1"]})
    table, notes = panel_composition(MEMBERS, twice)
    assert set(table["question_id"]) == {""}
    assert notes == []


def test_yes_and_no_are_never_taken_for_a_question():
    lived = (Member("SME01", lived_experience=True),)
    table, _ = panel_composition(lived, KNOWN)
    assert table["question_id"].tolist() == [""]


def test_a_form_may_be_the_first_work():
    began = first_work(MEETINGS, {"SME03": date(2026, 3, 1), "SME01": date(2026, 4, 1)})
    assert began == {"SME01": FIRST, "SME02": FIRST, "SME03": date(2026, 3, 1)}


@pytest.mark.parametrize(
    ("signed", "began", "state"),
    [
        (FIRST, FIRST, "in time"),
        (SECOND, FIRST, "late"),
        (SECOND, None, "in time"),
        (None, FIRST, "missing"),
    ],
)
def test_signing_on_the_first_day_is_in_time(signed, began, state):
    assert statement_state(signed, began) == state


def test_the_trail_goes_from_the_list_to_the_statements():
    table = selection_table(MEMBERS, first_work(MEETINGS))
    steps = dict(zip(table["step"], table["n"], strict=True))
    assert (steps["on the list"], steps["served"], steps["took part"]) == (4, 3, 3)
    assert steps["non-disclosure: in time"] == 1
    assert steps["non-disclosure: late"] == 1
    assert steps["conflicts: missing"] == 3


def test_meetings_show_counts_and_never_who_came():
    table = meetings_table(MEETINGS, MEMBERS)
    assert table["n_attended"].tolist() == [2, 2]
    assert table["percent_attended"].tolist() == pytest.approx([200 / 3, 200 / 3])
    assert not table.astype(str).map(lambda cell: "SME" in cell).any(axis=None)


def test_members_who_did_not_serve_need_not_sign():
    table = panel_table(MEMBERS, first_work(MEETINGS)).set_index("sme_id")
    assert table.loc["SME03", "nda"] == "missing"
    assert table.loc["SME04", ["nda", "conflict", "first_work"]].isna().all()


def test_without_a_panel_the_tables_are_empty():
    assert panel_composition(())[0].empty
    assert selection_table((), {}).empty
    assert panel_table((), {}).empty
    assert meetings_table((), ()).empty
