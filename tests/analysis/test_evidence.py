"""What statements rest on, and what rests on sources."""

import pytest

from rds.analysis.evidence import (
    evidence_table,
    software_notes,
    software_problems,
    sources_table,
    theme_agreement,
    themes_table,
)
from rds.analysis.two_coders import FEWEST_CODED
from rds.outline.evidence import Source, Theme, sources_named
from rds.outline.outline import KSA, Domain, Outline, Task
from rds.sheets import Row

SOURCES = (
    Source("S1", "A report.", "literature"),
    Source("S2", "Drafts.", "language model"),
    Source("S3", "A law.", "regulation"),
    Source("S4", "Groups.", "focus group"),
)
OUTLINE = Outline(
    domains=(Domain("D1", "Support"),),
    tasks=(
        Task("T1", "D1", "Listen.", source="S1, page 3"),
        Task("T2", "D1", "Write.", source="S2", accepted_by="panel chair"),
        Task("T3", "D1", "Teach.", source="S2; S1"),
        Task("T4", "D1", "Lead."),
        Task("T5", "D1", "Drive.", source="said by the board"),
        Task("T6", "D1", "Dropped.", status="dropped"),
    ),
    ksas=(KSA("K1", "skill", "Skill in listening.", source="S2"),),
)
THEMES = (Theme("S4", theme="being heard", statement_ids=("K1", "T1")),)


def findings():
    table = evidence_table(OUTLINE, SOURCES, THEMES).set_index("statement_id")
    return table["finding"].to_dict()


def coded(*pairs):
    return [Theme("S4", coder_a=a, coder_b=b) for a, b in pairs]


def row(**values):
    return Row("study.xlsx", values, {"accepted_by": "Tasks!H2"})


def test_every_active_statement_says_what_is_missing_behind_it():
    assert findings() == {
        "T1": "",
        "T2": "a draft by software and nothing else",
        "T3": "",
        "T4": "no source and no theme",
        "T5": "a source in words, none of the sheet Sources",
        "K1": "",
    }


def test_drafts_by_software_are_marked_with_the_role_that_accepted_them():
    table = evidence_table(OUTLINE, SOURCES, THEMES)
    marked = table[table["by_software"]]
    assert marked["statement_id"].tolist() == ["T2", "T3", "K1"]
    reasons = [note.reason for note in software_notes(table)]
    assert reasons[0] == "drafted by software (S2), accepted by: panel chair"


def test_a_source_on_which_nothing_rests_is_named():
    table = sources_table(SOURCES, THEMES, evidence_table(OUTLINE, SOURCES, THEMES))
    assert table["n_statements"].tolist() == [2, 3, 0, 0]
    assert table["n_themes"].tolist() == [0, 0, 0, 1]
    assert table["finding"].tolist() == ["", "", "nothing rests on it", ""]


def test_a_source_whose_themes_led_to_nothing_carries_nothing():
    idle = (Theme("S4", theme="low pay"),)
    table = sources_table(SOURCES, idle, evidence_table(OUTLINE, SOURCES, idle))
    assert table.set_index("source_id").loc["S4", "finding"] == "nothing rests on it"


def test_without_sources_no_statement_is_found_wanting():
    assert evidence_table(OUTLINE, (), ()).empty


@pytest.mark.parametrize(
    ("text", "named"),
    [("S1", ["S1"]), ("s3; S1", ["S1", "S3"]), ("S10", []), ("“S1 said so”", []), ("", [])],
)
def test_sources_are_named_by_whole_keys_outside_quotations(text, named):
    assert [one.source_id for one in sources_named(text, SOURCES)] == named


@pytest.mark.parametrize(
    ("kind", "software"),
    [
        ("Language model", True),
        ("software", True),
        ("AI draft", True),
        ("training program", False),
        ("said", False),
    ],
)
def test_a_source_is_software_if_its_kind_says_so(kind, software):
    assert Source("S1", "x", kind).is_software is software


def test_themes_show_whether_coders_agree_where_both_coded():
    table = themes_table(coded(("role", "Role "), ("role", "time"), ("role", "")))
    assert table["agreed"].tolist() == [True, False, None]


def test_few_themes_give_percent_agreement_and_a_note():
    table, notes = theme_agreement(coded(("a", "a"), ("a", "b")))
    assert table["value"].iloc[0] == 0.5
    assert {note.row for note in notes} == {"Cohen's kappa", "AC1"}
    assert all("2 themes coded by both" in note.reason for note in notes)


def test_one_code_for_everything_withholds_kappa_with_its_reason():
    _, notes = theme_agreement(coded(*[("a", "a")] * FEWEST_CODED))
    assert [(note.row, note.reason) for note in notes] == [
        ("Cohen's kappa", "both coders gave every theme the same code")
    ]


def test_themes_that_nobody_coded_twice_have_no_agreement():
    table, notes = theme_agreement(coded(("a", "")))
    assert table.empty
    assert notes[0].kind == "withheld"


def test_an_active_draft_by_software_needs_a_role_that_accepted_it():
    rows = {
        "Tasks": [
            row(task_id="T1", source="S2"),
            row(task_id="T2", source="S2", accepted_by="panel"),
            row(task_id="T3", source="S2", status="proposed"),
            row(task_id="T4", source="S1"),
        ]
    }
    (problem,) = software_problems(rows, SOURCES)
    assert problem.severity == "error"
    assert problem.place == "Tasks!H2"
    assert "T1" in problem.mend
