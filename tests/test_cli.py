"""The command line as its users meet it."""

import json

import pytest
from typer.testing import CliRunner

from rds.cli.app import app
from tests.study.examples import answers, make_study, write_answers


def rds(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def folder(tmp_path):
    return make_study(tmp_path / "study")


def test_the_whole_way_from_answers_to_the_workbook(folder, tmp_path):
    path = write_answers(tmp_path / "a.csv")
    assert rds("check", folder).exit_code == 0
    assert rds("receive", folder, path, "--group", "practitioners").exit_code == 0
    result = rds("run", folder)
    assert result.exit_code == 0
    assert "DRAFT blueprint: 100 items" in result.output
    assert (
        rds("decide", folder, "T01", "drop", "--role", "chair", "--reason", "rare").exit_code == 0
    )
    assert "older than its inputs" in rds("status", folder).output


def test_every_command_ends_with_the_next_step(folder, tmp_path):
    path = write_answers(tmp_path / "a.csv")
    for command in (["check", folder], ["receive", folder, path], ["run", folder]):
        last = rds(*command).output.strip().splitlines()[-1]
        assert last.startswith("Next: rds ")


def test_problems_go_to_standard_error_all_at_once_without_traceback(folder, tmp_path):
    bad = answers().assign(T01_importance=9, T02_frequency="often")
    result = rds("receive", folder, write_answers(tmp_path / "a.csv", bad))
    assert result.exit_code == 1
    assert "T01_importance" in result.stderr
    assert "T02_frequency" in result.stderr
    assert "Traceback" not in result.output


def test_a_new_study_can_be_checked_at_once(tmp_path):
    made = rds("new", tmp_path / "cps", "--title", "Peers", "--items", "80")
    assert made.exit_code == 0
    checked = rds("check", tmp_path / "cps")
    assert checked.exit_code == 1
    assert "Domains" in checked.output
    assert "Tasks" in checked.output


def test_a_new_study_never_overwrites(tmp_path):
    (tmp_path / "cps").mkdir()
    (tmp_path / "cps" / "mine.txt").write_text("x", encoding="utf-8")
    assert rds("new", tmp_path / "cps", "--title", "x").exit_code == 1
    assert [p.name for p in (tmp_path / "cps").iterdir()] == ["mine.txt"]


def test_settings_as_text_are_read_back(tmp_path):
    assert rds("new", tmp_path / "cps", "--title", "Peers", "--text").exit_code == 0
    status = json.loads(rds("status", tmp_path / "cps", "--json").output)
    assert status["title"] == "Peers"


def test_results_for_machines_are_json(folder, tmp_path):
    rds("receive", folder, write_answers(tmp_path / "a.csv"))
    assert json.loads(rds("check", folder, "--json").output)["problems"] == []
    assert json.loads(rds("status", folder, "--json").output)["problems"] == 0
    plan = json.loads(rds("run", folder, "--json").output)
    assert sum(domain["items"] for domain in plan["domains"]) == 100


def test_the_plan_says_how_many_respondents_are_needed(folder):
    result = rds("plan", folder)
    assert result.exit_code == 0
    # 1,200 incumbents, 5 points at 95 %: 384.15 / (1 + 383.15 / 1200) = 291.2, so 292.
    assert "292" in result.output
    rows = json.loads(rds("plan", folder, "--json").output)
    assert 292 in [row["needed"] for row in rows]


def test_the_plan_says_how_many_respondents_the_blueprint_needs(folder):
    result = rds("plan", folder)
    assert "needed for every domain to stay within 1 item in 95 of 100 surveys" in result.output
    row = json.loads(rds("plan", folder, "--json").output)[-1]
    assert row["aim"] == "blueprint: every domain within 1 item"
    assert f"About {row['needed']} respondents" in result.output


def test_wrong_usage_exits_with_2(folder):
    assert rds("check").exit_code == 2
    assert rds("nonsense").exit_code == 2


def test_withdrawing_a_decision_that_is_not_there_is_a_problem(folder):
    result = rds("decide", folder, "--withdraw", "7", "--role", "chair", "--reason", "error")
    assert result.exit_code == 1


def test_a_folder_that_is_no_study_is_said_in_a_sentence(tmp_path):
    result = rds("status", tmp_path)
    assert result.exit_code == 1
    assert "study.xlsx" in result.stderr


@pytest.mark.parametrize("simulated", [False, True])
def test_the_demonstration_runs_and_says_what_its_data_are(tmp_path, simulated):
    result = rds("demo", tmp_path / "d", *(["--simulated"] if simulated else []))
    assert result.exit_code == 0, result.output
    assert ("SIMULATED DATA" if simulated else "RECONSTRUCTED DATA") in result.output
    assert (tmp_path / "d" / "out" / "restricted" / "blueprint.xlsx").exists()
