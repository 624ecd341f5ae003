"""Drafting the outline: forms out, drafts back, a proposal, and what the panel accepts."""

import json

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from typer.testing import CliRunner

from rds.cli.app import app
from rds.errors import InputError
from rds.study.acceptance import receive_proposal
from rds.study.decide import withdraw_decision
from rds.study.drafted import drafted_table
from rds.study.drafts import issue_drafts, receive_draft
from rds.study.form_kinds import FormWishes
from rds.study.outline_versions import compare_with_old
from rds.study.status import status
from rds.study.study import Study
from tests.study.examples import make_study

TASKS = {
    "SME01": [("Support", "Help people set their own goals."), ("Ethics", "Keep secrets.")],
    "SME02": [("support", "help people set their own goals"), ("", "Lead a support group.")],
    "SME03": [("Support", "Assist people in setting their own goals.")],
}


def rds(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "s"
    assert rds("new", made, "--title", "Peer support").exit_code == 0
    workbook = load_workbook(made / "study.xlsx")
    for row, name in enumerate(TASKS, start=2):
        workbook["Panel"].cell(row, 1).value = name
    workbook.save(made / "study.xlsx")
    return made


def fill(path, sheet, lines):
    """Write lines into a sheet of a form, below its header."""
    workbook = load_workbook(path)
    for row, line in enumerate(lines, start=2):
        for column, value in enumerate(line, start=1):
            workbook[sheet].cell(row, column).value = value or None
    workbook.save(path)
    return path


def drafted(folder):
    """Issue forms, fill them in, receive them."""
    issue_drafts(Study.open(folder, strict=False), FormWishes())
    for who, lines in TASKS.items():
        path = fill(folder / f"forms/drafts-1/{who}.xlsx", "Tasks", lines)
        done = receive_draft(Study.open(folder, strict=False), path)
    return done


def decide_all(folder, decisions=None, *, role="panel chair", where="decided.xlsx"):
    """Decide every line of the proposal: keep, unless told otherwise by words."""
    workbook = load_workbook(folder / "study-proposed.xlsx")
    for name in ("Domains", "Tasks", "KSAs", "Requirements"):
        sheet = workbook[name]
        at = {cell.value: cell.column for cell in sheet[1]}
        for row in range(2, sheet.max_row + 1):
            words = str(sheet.cell(row, 2).value)
            told = {"decision": "keep", **(decisions or {}).get(words, {})}
            for column, value in told.items():
                sheet.cell(row, at[column]).value = value
    workbook["Acceptance"]["B2"] = role
    workbook["Acceptance"]["B3"] = "By consensus at the meeting."
    workbook.save(folder.parent / where)
    return folder.parent / where


SAME = {"decision": "merge into", "into": "t01", "reason": "the same work"}
DECISIONS = {
    "Assist people in setting their own goals.": SAME,
    "Lead a support group.": {"domain": "Support", "wording": "Lead groups."},
    "Keep secrets.": {"decision": "outside the role", "reason": "nobody does"},
    "Ethics": {"decision": "drop", "reason": "no task is left"},
}


def test_a_study_without_an_outline_is_told_to_draft_one(folder):
    assert "rds form draft" in status(Study.open(folder, strict=False)).next_command
    said = rds("form", "draft", folder)
    assert said.exit_code == 0, said.output
    assert (folder / "forms/drafts-1/SME03.xlsx").exists()
    assert "missing from SME01, SME02, SME03" in rds("status", folder).output


def test_drafts_become_a_proposal_that_says_who_proposed_what(folder):
    done = drafted(folder)
    assert "6 statements from 3 drafts, 1 groups that are alike" in done.proposal
    sheet = load_workbook(folder / "study-proposed.xlsx")["Tasks"]
    lines = [[sheet.cell(row, column).value for column in (1, 2, 3, 4)] for row in range(2, 6)]
    assert lines == [
        ["T01", "Help people set their own goals.", "SME01, SME02", 1],
        ["T02", "Assist people in setting their own goals.", "SME03", 1],
        ["T03", "Keep secrets.", "SME01", None],
        ["T04", "Lead a support group.", "SME02", None],
    ]


def test_a_decided_proposal_can_be_compared_before_it_is_accepted(folder):
    drafted(folder)
    found = compare_with_old(Study.open(folder, strict=False), decide_all(folder, DECISIONS))
    assert [change.new_ids for change in found.changes if change.unit == "task"] == [
        ("T01",),
        ("T04",),
    ]
    assert not (folder / "record.jsonl").exists()


def test_accepting_updates_the_outline_through_the_record(folder):
    drafted(folder)
    done = receive_proposal(Study.open(folder, strict=False), decide_all(folder, DECISIONS))
    assert done.counts == {"keep": 3, "drop": 1, "merge into": 1, "outside the role": 1}
    study = Study.open(folder)
    assert [(task.task_id, task.statement) for task in study.outline.tasks] == [
        ("T01", "Help people set their own goals."),
        ("T04", "Lead groups."),
    ]
    task = study.outline.tasks[1]
    assert (task.domain_id, task.source, task.note) == (
        "D1",
        "drafts, round 1: SME02",
        "drafted as: Lead a support group.",
    )
    (line,) = (folder / "record.jsonl").read_text(encoding="utf-8").splitlines()
    lines = json.loads(line)["details"]["lines"]
    assert {one["name"]: one["reason"] for one in lines if one["decision"] != "keep"} == {
        "D2": "no task is left",
        "T02": "the same work",
        "T03": "nobody does",
    }


def test_the_fate_of_every_drafted_statement_is_a_table(folder):
    drafted(folder)
    receive_proposal(Study.open(folder, strict=False), decide_all(folder, DECISIONS))
    table = drafted_table(Study.open(folder).record).set_index("id")
    assert table["decision"].to_dict() == {
        "D1": "keep",
        "D2": "drop",
        "T01": "keep",
        "T02": "merge into",
        "T03": "outside the role",
        "T04": "keep",
    }
    assert table.loc["T02", ["drafted", "accepted", "into", "reason", "proposed_by"]].tolist() == [
        "Assist people in setting their own goals.", "", "T01", "the same work", "SME03",
    ]  # fmt: skip
    assert set(table["decided_by"]) == {"panel chair"}


def test_the_workbook_with_what_was_accepted_takes_the_place_of_the_old_one(folder):
    drafted(folder)
    receive_proposal(Study.open(folder, strict=False), decide_all(folder, DECISIONS))
    before = Study.open(folder).outline
    (folder / "study-accepted.xlsx").replace(folder / "study.xlsx")
    after = Study.open(folder)
    assert not any("accepted" in problem.wanted for problem in after.problems)
    assert after.outline == before


def test_what_is_edited_in_the_workbook_later_counts_and_is_pointed_out(folder):
    drafted(folder)
    receive_proposal(Study.open(folder, strict=False), decide_all(folder, DECISIONS))
    (folder / "study-accepted.xlsx").replace(folder / "study.xlsx")
    workbook = load_workbook(folder / "study.xlsx")
    workbook["Tasks"]["C2"] = "Help people name goals."
    workbook.save(folder / "study.xlsx")
    study = Study.open(folder)
    assert study.outline.tasks[0].statement == "Help people name goals."
    (advice,) = [problem for problem in study.problems if "accepted" in problem.wanted]
    assert advice.severity == "advice"
    assert "as accepted (record.jsonl, line 1)" in advice.wanted


def test_withdrawing_takes_the_statements_out_again_and_opens_the_round(folder):
    drafted(folder)
    path = decide_all(folder, DECISIONS)
    receive_proposal(Study.open(folder, strict=False), path)
    with pytest.raises(InputError, match="decided already"):
        receive_proposal(Study.open(folder), path)
    withdraw_decision(Study.open(folder), 1, role="panel chair", reason="Misread.")
    study = Study.open(folder, strict=False)
    assert study.outline_or_none is None
    receive_proposal(study, path)
    assert len(Study.open(folder).outline.tasks) == 2


def test_a_proposal_somebody_wrote_in_is_left_alone(folder):
    drafted(folder)
    path = folder / "study-proposed.xlsx"
    fill(path, "Acceptance", [(None, "panel chair")])
    before = path.read_bytes()
    more = fill(folder / "forms/drafts-1/SME03.xlsx", "Tasks", [("Support", "Another task.")])
    done = receive_draft(Study.open(folder, strict=False), more)
    assert "was changed by somebody and is left as it is" in done.proposal
    assert path.read_bytes() == before
    assert any("replaces the draft" in text for text in done.remarks)
    kept = folder / "received/drafts-1"
    assert (kept / "SME03.xlsx").read_bytes() == more.read_bytes()
    assert len(list((kept / "replaced").iterdir())) == 1


def test_remarks_comments_and_lines_without_a_statement_are_said(folder):
    issue_drafts(Study.open(folder, strict=False), FormWishes())
    path = folder / "forms/drafts-1/SME01.xlsx"
    workbook = load_workbook(path)
    workbook["Tasks"]["D9"] = "there was something else"
    workbook["Tasks"]["B3"].comment = Comment("See the minutes.", "somebody")
    workbook.save(path)
    said = "\n".join(receive_draft(Study.open(folder, strict=False), path).as_lines())
    assert "remark: there was something else" in said
    assert "See the minutes." in said


def test_a_dry_run_stores_nothing(folder):
    issue_drafts(Study.open(folder, strict=False), FormWishes())
    path = fill(folder / "forms/drafts-1/SME01.xlsx", "Tasks", TASKS["SME01"])
    assert rds("receive", folder, path, "--dry-run").output.count("Nothing was stored.") == 1
    assert not (folder / "received").exists()
    assert not (folder / "study-proposed.xlsx").exists()


def test_undecided_lines_and_a_missing_role_are_refused_all_at_once(folder):
    drafted(folder)
    with pytest.raises(InputError) as error:
        receive_proposal(
            Study.open(folder, strict=False),
            decide_all(folder, {"Ethics": {"decision": None}}, role=None),
        )
    said = [str(problem) for problem in error.value.problems]
    assert any("1 of 2 lines without a decision (G3)" in text for text in said)
    assert any("Accepted by (role)" in text for text in said)
    assert not (folder / "record.jsonl").exists()


def test_a_form_of_another_study_is_refused(folder, tmp_path):
    other = tmp_path / "other"
    rds("new", other, "--title", "Other")
    issue_drafts(Study.open(other, strict=False), FormWishes(people=("SME01",)))
    said = rds("receive", folder, other / "forms/drafts-1/SME01.xlsx")
    assert said.exit_code == 1
    assert "receive it in its own study" in said.stderr


def test_nobody_to_draft_is_said(folder):
    workbook = load_workbook(folder / "study.xlsx")
    workbook["Panel"].delete_rows(2, 5)
    workbook.save(folder / "study.xlsx")
    with pytest.raises(InputError, match="nobody who serves"):
        issue_drafts(Study.open(folder, strict=False), FormWishes())


@pytest.fixture
def grown(tmp_path):
    """A study with an outline, and a round of drafts about it."""
    made = make_study(tmp_path / "grown")
    issue_drafts(Study.open(made), FormWishes(people=("SME01",)))
    return made, made / "forms/drafts-1/SME01.xlsx"


def change(path, lines):
    """Say what should change of present statements, by identifier."""
    workbook = load_workbook(path)
    sheet = workbook["Present statements"]
    for row in range(2, sheet.max_row + 1):
        told = lines.get(sheet.cell(row, 1).value, ())
        for column, value in enumerate(told, start=4):
            sheet.cell(row, column).value = value
    workbook.save(path)
    return path


def test_changes_of_present_statements_are_accepted_or_declined_one_by_one(grown):
    folder, path = grown
    outline = Study.open(folder).outline
    first, second, third = outline.tasks[:3]
    other = next(d for d in outline.domains if d.domain_id != second.domain_id)
    change(
        path,
        {
            first.task_id: ("reword", "Do something else.", "clearer"),
            second.task_id: ("move", other.title, "belongs there"),
            third.task_id: ("drop", None, "rare"),
        },
    )
    receive_draft(Study.open(folder), path)
    decided = decide_all(folder)
    workbook = load_workbook(decided)
    for row, word in zip((2, 3, 4), ("accept", "accept", "decline"), strict=True):
        workbook["Changes"].cell(row, 7).value = word
    workbook.save(decided)
    assert receive_proposal(Study.open(folder), decided).n_changes == 2
    tasks = {task.task_id: task for task in Study.open(folder).outline.tasks}
    assert tasks[first.task_id].statement == "Do something else."
    assert tasks[second.task_id].domain_id == other.domain_id
    assert tasks[third.task_id].status == "active"


def test_changed_identifiers_and_changes_without_reason_are_refused_with_the_cell(grown):
    folder, path = grown
    name = Study.open(folder).outline.tasks[0].task_id
    change(path, {name: ("reword", None, None)})
    workbook = load_workbook(path)
    sheet = workbook["Present statements"]
    row = next(r for r in range(2, sheet.max_row + 1) if sheet.cell(r, 1).value == name)
    sheet.cell(row + 1, 1).value = "T999"
    sheet.cell(row + 1, 4).value = "keep"
    workbook.save(path)
    with pytest.raises(InputError) as error:
        receive_draft(Study.open(folder), path)
    places = {problem.place.rpartition("!")[2] for problem in error.value.problems}
    assert places == {f"E{row}", f"F{row}", f"A{row + 1}"}
