"""Advice on the statements of a study folder: cells, waivers, other languages, the command line."""

import json

import pytest
from typer.testing import CliRunner

from rds.cli.app import app
from rds.errors import InputError
from rds.study.advice import study_advice
from rds.study.decide import decide, withdraw_decision
from rds.study.study import Study
from tests.study.examples import make_study, rows

WHO = {"role": "panel chair", "reason": "one piece of work"}
DOUBLE = "Plan and lead groups"


def with_tasks(**statements):
    tasks = [
        {**task, "statement": statements.get(task["task_id"], f"Write report {k}")}
        for k, task in enumerate(rows()["Tasks"])
    ]
    return {"Tasks": tasks}


@pytest.fixture
def folder(tmp_path):
    return make_study(tmp_path / "study", sheets=with_tasks(T02=DOUBLE))


def advised(folder):
    return study_advice(Study.open(folder))


def rds(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_advice_names_the_cell_the_rule_why_and_what_to_do(folder):
    (one,) = advised(folder).open
    assert one.place == "study.xlsx, Tasks!C3"
    assert (one.subject, one.finding.found) == ("T02.one-idea", "“plan” and “lead”")
    assert one.finding.why
    assert one.finding.suggestion


def test_waived_advice_is_shown_as_waived_with_role_and_reason(folder):
    decide(Study.open(folder), "t02.One-Idea", "waive", **WHO)
    after = advised(folder)
    assert after.open == ()
    assert after.advice[0].waived == "panel chair: one piece of work"
    study = Study.open(folder)
    assert study.problems == ()
    withdraw_decision(study, 1, role="panel chair", reason="a mistake")
    assert len(advised(folder).open) == 1


@pytest.mark.parametrize(
    ("subject", "value", "message"),
    [
        ("T02.one-idea", "drop", "waive"),
        ("T03.one-idea", "waive", "which nothing advises"),
        ("T02.one-ida", "waive", "a task, a KSA, a setting"),
    ],
)
def test_only_advice_that_is_given_can_be_waived(folder, subject, value, message):
    with pytest.raises(InputError, match=message):
        decide(Study.open(folder), subject, value, **WHO)


def test_the_studys_own_words_are_settings(tmp_path):
    sheets = with_tasks(T02="Greet each consumer of the PCC")
    study = make_study(
        tmp_path / "a", sheets=sheets, outline__jargon="consumer = person; folks",
        outline__abbreviations="PCC",
    )  # fmt: skip
    (one,) = advised(study).open
    assert (one.finding.rule, one.finding.suggestion) == ("jargon", "write person")


def test_the_minutes_of_the_survey_are_held_against_what_respondents_are_told(folder, tmp_path):
    minutes = advised(folder).minutes
    assert 1 < minutes < 10
    short = make_study(tmp_path / "b", sheets=with_tasks(), survey__minutes=1)
    (one,) = advised(short).open
    assert one.subject == "survey.survey-length"
    assert "where respondents are told 1" in one.finding.found


def test_a_long_survey_is_named(tmp_path):
    tasks = [
        {"task_id": f"T{k}", "domain_id": f"D{1 + k % 3}", "statement": f"Write report {k}"}
        for k in range(250)
    ]
    (one,) = advised(make_study(tmp_path / "c", sheets={"Tasks": tasks})).open
    assert one.finding.rule == "survey-length"


def test_rules_for_wording_are_for_english_and_say_so(tmp_path):
    study = make_study(tmp_path / "d", sheets=with_tasks(T02=DOUBLE), survey__languages="de")
    given = study_advice(Study.open(study, strict=False))
    assert given.advice == ()
    assert "for English, not “de”" in given.remark


def test_an_outline_that_cannot_be_read_gets_no_advice_but_its_problems(tmp_path):
    study = make_study(tmp_path / "e", sheets={"Domains": []})
    given = study_advice(Study.open(study, strict=False))
    assert (given.advice, given.domains, given.minutes) == ((), (), None)
    assert rds("check", study).exit_code == 1


def test_check_prints_advice_with_a_count_and_still_ends_well(folder):
    result = rds("check", folder)
    assert result.exit_code == 0
    assert "No problems." in result.output
    assert "1 open, 0 waived" in result.output
    assert "Tasks!C3 (T02): found “plan” and “lead”" in result.output
    assert f"rds decide {folder} T02.one-idea waive" in result.output
    told = ["--role", "chair", "--reason", "one thing"]
    assert rds("decide", folder, "T02.one-idea", "waive", *told).exit_code == 0
    assert "waived: T02.one-idea" in rds("check", folder).output
    found = json.loads(rds("check", folder, "--json").output)
    assert found["problems"] == []
    assert found["advice"][0]["waived"] == "chair: one thing"
    assert [size["n_tasks"] for size in found["domains"]] == [4, 4, 4]
