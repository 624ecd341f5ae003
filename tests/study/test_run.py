"""Running a study from answers to outputs."""

import json
import shutil

import pandas as pd
import pytest

from rds.analysis.panel import PanelJudgements
from rds.analysis.participation import Participation
from rds.errors import FolderError, InputError
from rds.files import sha256_of_file
from rds.study.building import build_blueprint
from rds.study.decide import decide
from rds.study.read_file import Told
from rds.study.receive import receive
from rds.study.run import run
from rds.study.status import outputs_are_current, status
from rds.study.study import Study
from tests.study.examples import make_study, write_answers

TABLES = {
    "blueprint", "distributions", "domain_weights", "effective_weights", "notes", "reliability",
    "variance_components", "dstudy", "agreement",
    "item_distribution", "retention", "subgroups", "group_agreement", "waves", "gaps",
    "panel_vs_field",
    "ksa_weights", "linkage", "linkage_gaps", "linkage_coverage", "assessed_by", "requirements",
    "preparation", "requirement_coverage", "panel_selection", "panel_composition", "meetings",
    "evidence", "sources", "themes", "theme_agreement",
    "plan_halves", "precision", "sensitivity", "subgroup_blueprints", "statement_ratings",
    "task_weights", "ties",
    *Participation().tables(),
    *PanelJudgements().tables(),
    "coverage", "exclusions", "screening_rules", "revisions", "drafted",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    made = make_study(tmp_path / "study")
    receive(Study.open(made), write_answers(tmp_path / "a.csv"), told=Told(group="practitioners"))
    return made


def outputs(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in (folder / "out").rglob("*.*")}


def test_a_run_writes_tables_workbook_and_manifest(folder):
    run(Study.open(folder))
    assert {p.stem for p in (folder / "out" / "tables").iterdir()} == TABLES
    assert (folder / "out" / "restricted" / "blueprint.xlsx").exists()
    manifest = json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["outputs"]["tables/task_weights.csv"] == sha256_of_file(
        folder / "out" / "tables" / "task_weights.csv"
    )
    assert manifest["record"]["length"] == 1  # what the first answers fixed


def test_same_in_same_out_even_after_out_was_deleted(folder):
    run(Study.open(folder))
    before = outputs(folder)
    shutil.rmtree(folder / "out")
    run(Study.open(folder))
    assert outputs(folder) == before


def test_a_second_run_leaves_everything_alone(folder):
    run(Study.open(folder))
    again = run(Study.open(folder)).published
    assert again is not None
    assert again.written == ()


def test_an_output_that_somebody_edited_is_never_overwritten(folder):
    run(Study.open(folder))
    edited = folder / "out" / "tables" / "task_weights.csv"
    edited.write_text("mine\n", encoding="utf-8")
    decide(Study.open(folder), "T01", "drop", role="panel chair", reason="rare")
    with pytest.raises(FolderError, match="task_weights"):
        run(Study.open(folder))
    assert edited.read_text(encoding="utf-8") == "mine\n"
    published = run(Study.open(folder), force=True).published
    assert published is not None
    assert len(published.kept) == 1


def test_a_dry_run_writes_nothing(folder):
    assert run(Study.open(folder), dry_run=True).published is None
    assert not (folder / "out").exists()


def test_a_decision_changes_the_outputs_and_withdraws_to_the_same(folder):
    run(Study.open(folder))
    decide(Study.open(folder), "T01", "drop", role="panel chair", reason="rare")
    run(Study.open(folder))
    weights = pd.read_csv(folder / "out" / "tables" / "task_weights.csv").set_index("task_id")
    assert weights.loc["T01", "retained"] == "no"
    assert weights["items"].sum() == 100


def test_without_answers_nothing_is_built(tmp_path):
    with pytest.raises(InputError, match="rds receive"):
        run(Study.open(make_study(tmp_path / "empty")))


def test_a_group_nobody_belongs_to_is_named(tmp_path):
    folder = make_study(tmp_path / "s", respondents__weight_from="experts")
    receive(Study.open(folder), write_answers(tmp_path / "a.csv"), told=Told(group="practitioners"))
    with pytest.raises(InputError, match="nobody in the group “experts”"):
        run(Study.open(folder))


def test_status_follows_the_study(tmp_path, folder):
    empty = make_study(tmp_path / "empty")
    assert "rds lock" in status(Study.open(empty)).next_command
    assert "rds run" in status(Study.open(folder)).next_command
    run(Study.open(folder))
    assert outputs_are_current(Study.open(folder))
    assert status(Study.open(folder)).due == "2032-01-01"
    decide(Study.open(folder), "T01", "drop", role="panel chair", reason="rare")
    assert not outputs_are_current(Study.open(folder))


def test_a_pilot_is_described_and_never_counts(tmp_path):
    folder = make_study(tmp_path / "s")
    alone = write_answers(tmp_path / "pilot.csv", n=20, prefix="X", seed=5)
    receive(Study.open(folder), alone, told=Told(wave="pilot"))
    with pytest.raises(InputError, match="answers of the pilot alone"):
        build_blueprint(Study.open(folder))
    receive(Study.open(folder), write_answers(tmp_path / "a.csv"))
    with_pilot = build_blueprint(Study.open(folder))
    other = make_study(tmp_path / "t")
    receive(Study.open(other), write_answers(tmp_path / "b.csv"))
    without = build_blueprint(Study.open(other))
    assert with_pilot.task_weights["weight"].tolist() == without.task_weights["weight"].tolist()
    assert "20 respondents of the pilot" in " ".join(n.reason for n in with_pilot.notes)
