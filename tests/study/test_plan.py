"""Respondents that a study needs for its blueprint to hold, and other answers in a study folder."""

from rds.settings import SamplingSection
from rds.study.building import build_blueprint
from rds.study.decide import decide
from rds.study.plan import blueprint_record, respondents_for_study
from rds.study.read_file import Told
from rds.study.receive import receive
from rds.study.study import Study
from tests.study.examples import answers, make_study, write_answers

QUESTION = {
    "question_id": "Q1",
    "question": "Where do you work?",
    "kind": "choice",
    "options": "Community; Hospital",
    "compare": "yes",
}


def with_answers(tmp_path, n=40, *, sheets=None, group="", **settings):
    folder = make_study(tmp_path / "study", sheets=sheets, **settings)
    receive(
        Study.open(folder), write_answers(tmp_path / "a.csv", answers(n=n)), told=Told(group=group)
    )
    return folder


def test_before_anybody_answered_the_number_rests_on_an_assumed_spread(tmp_path):
    found, reason = respondents_for_study(Study.open(make_study(tmp_path / "study")))
    assert "assumed spread" in found.source
    assert reason == ""


def test_answers_received_are_the_pilot(tmp_path):
    found, reason = respondents_for_study(Study.open(with_answers(tmp_path)))
    assert found.source == "simulated from the answers of 40 respondents"
    assert reason == ""


def test_too_few_answers_are_no_pilot_and_it_is_said(tmp_path):
    found, reason = respondents_for_study(Study.open(with_answers(tmp_path, n=8)))
    assert "assumed spread" in found.source
    assert reason.startswith("the answers received cannot be used: an interval needs 15")


def test_without_a_model_there_is_no_blueprint_to_plan_for(tmp_path):
    folder = make_study(tmp_path / "study", weights__model="")
    found, reason = respondents_for_study(Study.open(folder))
    assert found is None
    assert "weights.model" in reason


def test_a_dropped_task_is_not_planned_for_and_the_tolerance_is_the_declared_one(tmp_path):
    folder = with_answers(tmp_path, sensitivity__tolerance_items=3)
    wide, _ = respondents_for_study(Study.open(folder))
    assert wide.tolerance_items == 3
    decide(Study.open(folder), "T01", "drop", role="board", reason="rare")
    without, _ = respondents_for_study(Study.open(folder))
    assert not without.table.equals(wide.table)


def test_the_record_has_the_invitations_that_bring_so_many(tmp_path):
    found, _ = respondents_for_study(Study.open(with_answers(tmp_path)))
    row = blueprint_record(found, SamplingSection(expected_response=25))
    assert row["invitations"] == 4 * row["needed"]


def test_groups_and_the_panel_have_their_plans_in_the_tables_of_a_study(tmp_path):
    folder = with_answers(
        tmp_path,
        n=60,
        sheets={"Demographics": [QUESTION]},
        group="practitioners",
        respondents__panel="panel",
    )
    panel = write_answers(tmp_path / "p.csv", answers(n=20, seed=7, prefix="S"))
    receive(Study.open(folder), panel, told=Told(group="panel"))
    blueprint = build_blueprint(Study.open(folder))
    groups = blueprint.subgroup_blueprints
    assert groups["group"].unique().tolist() == ["Community", "Hospital"]
    assert groups.groupby("group")["items"].sum().tolist() == [100, 100]
    assert "panel" in set(blueprint.sensitivity["dimension"])
