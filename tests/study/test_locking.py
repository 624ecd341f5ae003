"""Locking outline and settings, and what is said of later changes."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pytest

from rds.errors import InputError
from rds.record import EMPTY_HEAD
from rds.study.decide import decide
from rds.study.fixed import fixed_files, fixed_of, read_fixed
from rds.study.fixed_changes import compare_fixed
from rds.study.forms import issue_survey
from rds.study.locking import answers_came, last_lock, lock_study
from rds.study.read_file import Told
from rds.study.receive import receive
from rds.study.revisions import (
    REVISIONS,
    advice_before_fielding,
    rated_in_other_words,
    revision_notes,
    revisions,
    revisions_table,
    unexplained,
)
from rds.study.run import run
from rds.study.status import outputs_are_current, status
from rds.study.study import Study
from rds.survey.platforms.registry import find_platform
from tests.study.examples import make_study, rows, write_answers
from tests.test_cli import rds

WHO = {"role": "panel chair", "reason": "The panel approved it."}


def changed(folder, task="T01", *, sheets=None, settings=None, **cells):
    """Write the workbook again with one task changed, and other sheets or settings."""
    own = rows()
    for row in own["Tasks"]:
        if row["task_id"] == task:
            row.update(cells)
    make_study(folder, sheets={**own, **(sheets or {})}, **(settings or {}))
    return Study.open(folder)


def received(folder, tmp_path, name="a.csv", told=None, **options):
    path = write_answers(tmp_path / name, **options)
    return receive(Study.open(folder), path, told=told)


def reasons(study):
    return [note.reason for note in revision_notes(study, revisions(study))]


@pytest.fixture
def folder(tmp_path):
    return make_study(tmp_path / "study")


def test_a_kept_copy_is_read_back_as_it_was(folder):
    fixed = fixed_of(Study.open(folder))
    assert compare_fixed(fixed, read_fixed(fixed_files(fixed))) == ()
    assert read_fixed(fixed_files(fixed)) == fixed


def test_a_lock_keeps_a_copy_and_records_its_hash(folder):
    done = lock_study(Study.open(folder), **WHO)
    assert {path.name for path in (folder / "forms" / "locked-1").iterdir()} == {
        "outline.json",
        "settings.json",
    }
    entry = Study.open(folder).record.entries[-1]
    assert (entry.kind, entry.subject, entry.value) == ("lock", "locked-1", done.hash)
    assert not done.after_answers


def test_locking_again_without_a_change_records_nothing(folder):
    lock_study(Study.open(folder), **WHO)
    assert lock_study(Study.open(folder), **WHO).entry is None
    assert Study.open(folder).record.length == 1


def test_a_lock_needs_a_role_and_a_reason_and_writes_nothing_without(folder):
    with pytest.raises(InputError) as error:
        lock_study(Study.open(folder), role=" ", reason="")
    assert len(error.value.problems) == 2
    assert not (folder / "forms").exists()
    assert Study.open(folder).record.head == EMPTY_HEAD


def test_a_dry_run_records_nothing(folder):
    assert lock_study(Study.open(folder), dry_run=True, **WHO).entry is None
    assert Study.open(folder).record.length == 0


@pytest.mark.parametrize(
    ("cells", "settings", "expected"),
    [
        ({"statement": "Do part 1 of it well."}, {}, [("task reworded", "T01")]),
        ({"status": "dropped"}, {}, [("task status changed", "T01")]),
        ({"domain_id": "D3"}, {}, [("task moved", "T01")]),
        ({}, {"retention__cut": "2"}, [("setting changed", "retention.cut")]),
        ({}, {"weights__model": "additive"}, [("setting changed", "weights.model")]),
        ({}, {"study__title": "Another title", "weights__rationale": "Because."}, []),
    ],
)  # fmt: skip
def test_what_changes_after_a_lock_is_found_as_what_it_is(folder, cells, settings, expected):
    lock_study(Study.open(folder), **WHO)
    study = changed(folder, settings=settings, **cells)
    assert [(one.change, one.subject) for one in unexplained(study)] == expected
    advice = [problem for problem in study.problems if problem.severity == "advice"]
    assert len(advice) == len(expected)


def test_scales_questions_and_known_shares_are_compared(folder):
    lock_study(Study.open(folder), **WHO)
    fixed = fixed_of(Study.open(folder))
    scale = fixed.scales[0]
    point = replace(scale.points[0], label="Unimportant")
    tables = {"question": {}, "known share": {"Q1: Community": {"percent": "60"}}}
    scales = (replace(scale, points=(point, *scale.points[1:])), *fixed.scales[1:])
    found = compare_fixed(fixed, replace(fixed, scales=scales, tables=tables))
    assert [(one.change, one.subject) for one in found] == [
        ("scale changed", "importance 1"),
        ("question removed", "Q1"),
        ("known share added", "Q1: Community"),
    ]


def test_a_decision_is_in_the_record_and_not_said_twice(folder):
    lock_study(Study.open(folder), **WHO)
    decide(Study.open(folder), "blueprint.items", "80", role="board", reason="shorter")
    decide(Study.open(folder), "T01", "drop", role="board", reason="rare")
    study = changed(folder, status="dropped", settings={"blueprint__items": 80})
    assert unexplained(study) == ()


def test_a_changed_copy_is_a_problem(folder):
    lock_study(Study.open(folder), **WHO)
    path = folder / "forms" / "locked-1" / "outline.json"
    path.write_bytes(path.read_bytes().replace(b"part 1 ", b"part one "))
    with pytest.raises(InputError, match="locked-1/outline"):
        Study.open(folder)
    path.unlink()
    with pytest.raises(InputError, match="no such file"):
        Study.open(folder)


def test_the_first_answers_that_count_fix_what_nobody_locked(folder, tmp_path):
    done = received(folder, tmp_path)
    assert any("Nobody had locked" in line for line in done.as_lines())
    [entry] = Study.open(folder).record.entries
    assert (entry.kind, entry.role) == ("lock", "software")
    received(folder, tmp_path, "b.csv", prefix="X")
    assert Study.open(folder).record.length == 1


def test_answers_to_a_locked_study_are_recorded_as_such(folder, tmp_path):
    lock_study(Study.open(folder), **WHO)
    done = received(folder, tmp_path)
    assert not any("locked" in line for line in done.as_lines())
    assert [entry.kind for entry in Study.open(folder).record.entries] == ["lock", "received"]


@pytest.mark.parametrize(
    ("told", "settings"),
    [(Told(wave="pilot"), {}), (Told(group="panel"), {"respondents__panel": "panel"})],
)
def test_answers_of_pilot_and_panel_fix_nothing(tmp_path, told, settings):
    folder = make_study(tmp_path / "study", **settings)
    received(folder, tmp_path, told=told)
    study = Study.open(folder)
    assert study.record.length == 0
    assert not answers_came(study)


def test_a_dress_rehearsal_fixes_nothing(folder, tmp_path):
    receive(Study.open(folder), write_answers(tmp_path / "a.csv"), dry_run=True)
    assert Study.open(folder).record.length == 0


def test_what_differs_from_the_lock_when_answers_come_is_recorded_without_a_reason(
    folder, tmp_path
):
    lock_study(Study.open(folder), **WHO)
    changed(folder, statement="Do part 1 of it well.")
    done = received(folder, tmp_path)
    assert any("no reason recorded: task reworded, T01" in line for line in done.as_lines())
    study = Study.open(folder)
    row = next(row for row in revisions(study) if row.change == "task reworded")
    assert (row.role, row.reason, row.after_answers) == ("", "", False)
    assert unexplained(study) == ()
    assert reasons(study) == []  # respondents rated the words there are


def test_a_change_after_answers_is_printed_with_and_without_its_reason(folder, tmp_path):
    received(folder, tmp_path)
    study = changed(folder, settings={"weights__model": "additive"})
    [open_] = reasons(study)
    assert open_ == (
        "changed after answers arrived: setting changed, weights.model: “kane” → “additive” "
        "(no reason recorded)"
    )
    done = lock_study(study, role="panel chair", reason="kane was a slip")
    assert (done.entry.kind, done.after_answers) == ("revision", True)
    study = Study.open(folder)
    assert unexplained(study) == ()
    assert reasons(study)[0].endswith("(panel chair: kane was a slip)")
    table = revisions_table(revisions(study))
    assert tuple(table) == REVISIONS
    own = table[table["change"] == "setting changed"].iloc[0]
    assert (own["line"], own["before"], own["after"]) == (2, "kane", "additive")
    assert bool(own["after_answers"])


def test_a_task_reworded_after_answers_is_flagged_until_its_ratings_do_not_count(folder, tmp_path):
    received(folder, tmp_path)
    study = changed(folder, statement="Do part one well.")
    assert rated_in_other_words(study) == {"T01": "Do part 1 well."}
    assert any("ratings are of other words" in reason for reason in reasons(study))
    notes = list(revision_notes(study, revisions(study)))
    assert ("statement_ratings", "T01") in [(note.table, note.row) for note in notes]
    study = changed(
        folder, statement="Do part one well.", settings={"weights__unrated_tasks": "t01"}
    )
    assert not any("ratings are of other words" in reason for reason in reasons(study))


def test_going_back_to_the_words_that_were_rated_takes_the_flag_away(folder, tmp_path):
    received(folder, tmp_path)
    lock_study(changed(folder, statement="Do part one well."), **WHO)
    lock_study(changed(folder), role="panel chair", reason="taken back")
    study = Study.open(folder)
    assert rated_in_other_words(study) == {}
    assert sum(row.after_answers for row in revisions(study)) == 2


def test_the_survey_as_issued_is_the_witness_of_what_was_asked(folder, tmp_path):
    asked = [{"question_id": "Q1", "question": "Where?", "kind": "text"}]
    make_study(folder, sheets={"Demographics": asked})
    issue_survey(Study.open(folder), find_platform("surveyjs"))
    other = rows()
    other["Tasks"][0]["statement"] = "Do the first part well."
    make_study(folder, sheets={**other, "Demographics": asked})
    lock_study(Study.open(folder), **WHO)
    received(folder, tmp_path)
    study = Study.open(folder)
    assert unexplained(study) == ()
    assert rated_in_other_words(study) == {"T01": "Do part 1 well."}
    row = revisions(study)[-1]
    assert (row.change, row.subject) == ("asked in other words", "T01")


def test_answers_received_before_locks_were_known_are_said_to_be_so(folder, tmp_path):
    received(folder, tmp_path)
    (folder / "record.jsonl").unlink()
    study = Study.open(folder)
    assert answers_came(study)
    assert "nobody fixed outline and settings" in reasons(study)[0]
    assert status(study).fixed == "not fixed"
    assert lock_study(study, **WHO).after_answers


def test_a_run_says_what_changed_after_answers_arrived_everywhere(folder, tmp_path):
    received(folder, tmp_path)
    run(Study.open(folder))
    assert outputs_are_current(Study.open(folder))
    study = changed(folder, statement="Do part one well.")
    blueprint = run(study).blueprint
    assert "T01: ratings are of other words" in str(blueprint)
    assert "no reason recorded" in str(blueprint)
    tables = folder / "out" / "tables"
    notes = pd.read_csv(tables / "notes.csv")
    assert "changed" in set(notes["kind"])
    table = pd.read_csv(tables / "revisions.csv", keep_default_na=False)
    assert tuple(table) == REVISIONS
    assert set(table["after_answers"]) == {"no", "yes"}
    manifest = json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert "forms/locked-1/outline.json" in manifest["inputs"]


def test_status_recommends_to_lock_and_to_record_why(folder, tmp_path):
    now = status(Study.open(folder))
    assert now.fixed == "not fixed yet"
    assert now.next_command.startswith("rds lock")
    moment = datetime(2026, 4, 1, tzinfo=UTC)
    lock_study(Study.open(folder), now=moment, **WHO)
    now = status(Study.open(folder))
    assert now.fixed == "fixed 2026-04-01 by panel chair (line 1, locked-1)"
    assert now.next_command.startswith("rds receive")
    now = status(changed(folder, status="dropped"))
    assert now.changes == ("task status changed, T01: “active” → “dropped”",)
    assert now.next_command.startswith("rds lock")


def test_whoever_issues_a_survey_is_advised_to_lock(folder):
    assert "rds lock" in advice_before_fielding(Study.open(folder))[0]
    lock_study(Study.open(folder), **WHO)
    assert advice_before_fielding(Study.open(folder)) == []


def test_the_command_locks_lists_changes_and_compares(folder):
    made = rds("lock", folder, "--role", "panel chair", "--reason", "approved")
    assert made.exit_code == 0
    assert "Recorded as line 1" in made.output
    changed(folder, statement="Do part one well.")
    shown = rds("compare", folder, "--locked")
    assert "task T01 reworded: Do part ~~1~~ → __one__ well." in shown.output
    assert "task reworded, T01" in rds("check", folder).output
    again = rds("lock", folder, "--role", "panel chair", "--reason", "clearer")
    assert "task reworded, T01: Do part ~~1~~ → __one__ well." in again.output
    assert rds("lock", folder, "--role", "panel chair").exit_code == 0  # nothing has changed
    assert last_lock(Study.open(folder).record).kind == "revision"


def test_without_a_lock_there_is_nothing_to_compare_with(folder):
    assert rds("compare", folder, "--locked").exit_code == 1
