"""Comparing outlines of studies, and starting a study from an earlier one."""

import json
import shutil
from datetime import date

import pandas as pd
import pytest

from rds.errors import InputError
from rds.outline.changes import OUTLINE_CHANGES
from rds.study.carry import create_from
from rds.study.decide import decide
from rds.study.outline_versions import compare_with_kept, compare_with_old
from rds.study.receive import receive
from rds.study.run import run
from rds.study.study import Study
from tests.study.examples import make_study, rows, write_answers
from tests.test_cli import rds

TODAY = date(2031, 2, 3)


def with_task(folder, **cells):
    own = rows()
    own["Tasks"][0].update(cells)
    return make_study(folder, sheets=own)


@pytest.fixture
def folder(tmp_path):
    return make_study(tmp_path / "study")


@pytest.fixture
def old(tmp_path):
    return with_task(tmp_path / "old", statement="Do the first part well.")


def kinds(found):
    return [(change.kind, change.subject) for change in found.changes]


def test_another_study_or_its_workbook_is_what_the_outline_was(folder, old):
    for place in (old, old / "study.xlsx"):
        found = compare_with_old(Study.open(folder), place)
        assert kinds(found) == [("reworded", "T01")]
        assert found.changes[0].after == "Do part 1 well."
    assert (folder / "previous" / "outline.json").exists()


def test_what_was_accepted_is_what_the_outline_would_become(folder, old):
    proposal = folder / "study-accepted.xlsx"
    shutil.copy(old / "study.xlsx", proposal)
    found = compare_with_old(Study.open(folder), proposal)
    assert found.changes[0].after == "Do the first part well."
    assert not (folder / "previous").exists()


def test_a_blueprint_without_an_outline_is_compared_as_a_blueprint_only(folder, tmp_path):
    table = tmp_path / "old.csv"
    table.write_text("domain,percent\nA,100\n", encoding="utf-8")
    assert compare_with_old(Study.open(folder), table) is None
    assert compare_with_kept(Study.open(folder)) is None


def test_another_earlier_outline_is_refused(folder, old, tmp_path):
    compare_with_old(Study.open(folder), old)
    other = with_task(tmp_path / "other", statement="Do nothing at all.")
    with pytest.raises(InputError, match="another earlier outline"):
        compare_with_old(Study.open(folder), other)


def test_the_command_prints_the_changes_and_a_run_writes_them(folder, old, tmp_path):
    shown = rds("compare", folder, old)
    assert shown.exit_code == 0, shown.output
    assert "old → the outline now: 1 change." in shown.output
    assert "task T01 reworded: Do ~~the first~~ part __1__ well." in shown.output
    found = json.loads(rds("compare", folder, "--json").output)
    assert [row["change"] for row in found["outline"]] == ["reworded"]
    receive(Study.open(folder), write_answers(tmp_path / "a.csv"))
    run(Study.open(folder))
    table = pd.read_csv(folder / "out" / "tables" / "outline_changes.csv")
    assert tuple(table) == OUTLINE_CHANGES
    assert table["change"].tolist() == ["reworded"]


def test_a_kept_outline_that_was_changed_is_a_problem(folder, old):
    compare_with_old(Study.open(folder), old)
    (folder / "previous" / "outline.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="not as rds wrote it"):
        compare_with_kept(Study.open(folder))


def test_a_new_study_takes_over_outline_scales_and_settings_and_nothing_else(folder, tmp_path):
    receive(Study.open(folder), write_answers(tmp_path / "a.csv"))
    run(Study.open(folder))
    decide(Study.open(folder), "T02", "drop", role="chair", reason="rare")
    made = create_from(tmp_path / "new", folder, {"blueprint.items": 80}, today=TODAY)
    new, before = Study.open(tmp_path / "new"), Study.open(folder)
    assert [t.statement for t in new.outline.tasks] == [t.statement for t in before.outline.tasks]
    assert new.scales == before.scales
    assert new.settings.weights.model == "kane"
    assert new.settings.blueprint.items == 80
    assert new.settings.study.opened == TODAY
    assert new.settings.study.id != before.settings.study.id
    assert (new.sources, new.record.length) == ((), 0)
    assert new.outline.tasks[0].note == "T01 in demo-test"
    assert new.outline.tasks[1].status == "dropped"
    assert "rare" in new.outline.tasks[1].note
    assert new.rows["Sources"][-1].text("kind") == "previous study"
    kept = {path.name for path in (tmp_path / "new" / "previous").iterdir()}
    assert kept == {"outline.json", "blueprint.xlsx"}
    assert "demo-test" in made.lines[0]
    assert compare_with_kept(new).changes == ()


def test_the_command_says_what_was_taken_over(folder, tmp_path):
    made = rds("new", tmp_path / "new", "--from", folder, "--title", "The next one")
    assert made.exit_code == 0, made.output
    assert "Taken over from demo-test" in made.output
    assert Study.open(tmp_path / "new").settings.study.title == "The next one"
    assert made.output.strip().splitlines()[-1].startswith("Next: rds check")


def test_a_used_folder_and_text_settings_are_refused(folder, tmp_path):
    with pytest.raises(InputError, match="something there already"):
        create_from(folder, folder, {}, today=TODAY)
    refused = rds("new", tmp_path / "new", "--from", folder, "--text")
    assert refused.exit_code == 1
