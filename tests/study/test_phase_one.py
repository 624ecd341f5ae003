"""The panel's work, from the sheets to tables, advice and open matters."""

import pandas as pd
import pytest

from rds.study.phase_one import open_phase_one
from rds.study.read_file import Told
from rds.study.receive import receive
from rds.study.run import run
from rds.study.status import status
from rds.study.study import Study
from tests.study.examples import answers, make_study, write_answers

LINKED = [{"task_id": f"T{k:02d}", "ksa_id": "K1", "level": 3} for k in range(1, 12)]
SHEETS = {
    "KSAs": [
        {"ksa_id": "K1", "kind": "skill", "statement": "Skill in listening.", "source": "S1"},
        {
            "ksa_id": "K2",
            "kind": "skill",
            "statement": "Skill in writing.",
            "source": "S2",
            "accepted_by": "panel chair",
        },
    ],
    "Linkage": [*LINKED, {"task_id": "T12", "ksa_id": "k1", "level": 1}],
    "Panel": [
        {
            "sme_id": f"SME{k:02d}",
            "served": "yes",
            "setting": "Community",
            "nda_signed": "2026-03-01",
            "conflict_declared": "2026-03-01",
        }
        for k in range(1, 13)
    ],
    "Requirements": [
        {
            "requirement_id": "R1",
            "kind": "training",
            "statement": "A course.",
            "task_ids": "t01, T02",
        }
    ],
    "Demographics": [
        {
            "question_id": "Q1",
            "question": "Where do you work?",
            "kind": "choice",
            "options": "Community; Hospital",
        }
    ],
    "Population": [
        {"variable": "Q1", "category": "Community", "percent": 60},
        {"variable": "Q1", "category": "Hospital", "percent": 40},
    ],
    "Sources": [
        {"source_id": "S1", "kind": "literature", "citation": "A book."},
        {"source_id": "S2", "kind": "software", "citation": "Drafts."},
    ],
    "Themes": [
        {
            "source_id": "s1",
            "theme": "writing",
            "coder_a": "role",
            "coder_b": "role",
            "statement_ids": "k2, T01",
        }
    ],
    "Meetings": [
        {
            "date": "2026-03-14",
            "kind": "panel",
            "attendance": ", ".join(f"sme{k:02d}" for k in range(1, 13)),
            "decisions": "Adopted the outline.",
        }
    ],
}


@pytest.fixture
def folder(tmp_path):
    made = make_study(tmp_path / "study", sheets=SHEETS)
    told = Told(group="practitioners")
    receive(Study.open(made), write_answers(tmp_path / "a.csv", answers()), told=told)
    return made


def test_a_run_writes_what_the_panel_did(folder):
    made = run(Study.open(folder))
    tables = folder / "out" / "tables"
    linkage = pd.read_csv(tables / "linkage.csv")
    assert len(linkage) == 12
    assert linkage["retained"].tolist() == ["yes"] * 11 + ["no"]
    coverage = pd.read_csv(tables / "linkage_coverage.csv").set_index("domain_id")
    unlinked = made.blueprint.ksa_weights.set_index("ksa_id").loc["unlinked", "weight"]
    assert coverage.loc["all", "unlinked_weight"] == pytest.approx(unlinked)
    composition = pd.read_csv(tables / "panel_composition.csv").set_index("category")
    assert composition.loc["Community", "percent_population"] == 60
    assert composition.loc["Hospital", "n"] == 0
    share = composition.loc[["Community", "Hospital"], "percent_respondents"].sum()
    assert share == pytest.approx(100)
    evidence = pd.read_csv(tables / "evidence.csv").set_index("statement_id")
    assert evidence.loc[["T01", "K2"], "n_themes"].tolist() == [1, 1]
    notes = pd.read_csv(tables / "notes.csv")
    assert set(notes.loc[notes["table"] == "evidence", "row"]) == {"K2"}


def test_rows_of_single_members_are_restricted(folder):
    run(Study.open(folder))
    assert len(pd.read_csv(folder / "out" / "restricted" / "panel.csv")) == 12
    public = "".join(p.read_text("utf-8") for p in (folder / "out" / "tables").iterdir())
    assert "SME" not in public.upper().replace("N_SME", "")


def test_names_never_enter_the_outputs(folder):
    (folder / "names.csv").write_text("sme_id,name\nSME01,Ada Nobody\n", encoding="utf-8")
    run(Study.open(folder))
    assert not any(b"Nobody" in p.read_bytes() for p in (folder / "out").rglob("*.*"))
    assert "names.csv" not in (folder / "out" / "manifest.json").read_text("utf-8")


def test_what_is_open_is_advice_in_check_and_a_matter_in_status(folder):
    study = Study.open(folder)
    matters = list(open_phase_one(study))
    assert matters == [
        "Linkage: 1 task without a link that counts: T12",
        "Linkage: 1 KSA without any link: K2",
        "Requirements: 10 tasks that nothing prepares for: T03, T04, T05, T06, T07, T08, T09, T10, "
        "T11, T12",
        "Sources: 11 statements with no source and no theme: T02, T03, T04, T05, T06, T07, T08, "
        "T09, T10, T11, T12",
        "Panel: nobody on the panel for setting “Hospital”",
    ]
    assert set(matters) <= set(status(study).open_matters)
    # The KSA without any link is named by the advice on statements.
    assert [problem.severity for problem in study.problems] == ["advice"] * 4


def test_a_draft_by_software_without_a_role_stops_the_study(tmp_path):
    drafted = {**SHEETS["KSAs"][1], "accepted_by": ""}
    made = make_study(tmp_path / "study", sheets={**SHEETS, "KSAs": [SHEETS["KSAs"][0], drafted]})
    errors = [p for p in Study.open(made, strict=False).problems if p.severity == "error"]
    assert len(errors) == 1
    assert "KSAs" in errors[0].place


def test_a_study_without_such_sheets_has_nothing_open(tmp_path):
    study = Study.open(make_study(tmp_path / "study"))
    assert study.problems == ()
    assert list(open_phase_one(study)) == []
