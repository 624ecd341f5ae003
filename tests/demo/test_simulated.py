"""The simulated study is valid, of ordinary size, and says what it is."""

import pandas as pd
import pytest

from rds.demo import simulated
from rds.outline.build import build_outline
from rds.ratings.frames import NOT_SHOWN
from rds.scales import build_scales
from rds.settings_reader import settings_from_rows, validate_settings


@pytest.fixture(scope="module")
def answers():
    return simulated.responses()


@pytest.fixture
def rows(as_read):
    return as_read(simulated.study_rows())


@pytest.fixture
def outline(rows):
    outline, problems = build_outline(rows)
    assert problems == []
    return outline


def test_the_outline_has_four_domains_36_tasks_and_ksas(outline):
    domains = [task.domain_id for task in outline.active_tasks]
    assert [domains.count(domain.domain_id) for domain in outline.domains] == [10, 9, 9, 8]
    assert {ksa.kind for ksa in outline.ksas} == {"knowledge", "skill", "ability", "attitude"}


def test_one_domain_has_a_minimum_and_a_maximum(outline):
    bounds = {d.domain_id: (d.minimum_items, d.maximum_items) for d in outline.domains}
    assert bounds == {"D1": (None, None), "D2": (None, None), "D3": (None, None), "D4": (15, 25)}


def test_statements_are_one_sentence_with_a_purpose_and_none_is_written_twice(outline):
    tasks = [task.statement for task in outline.tasks]
    assert all(" so that " in task and task.count(".") == 1 for task in tasks)
    assert len(set(outline.statements.values())) == len(outline.statements) == 44


def test_sources_of_statements_are_on_the_sheet_of_sources(rows):
    known = {row.text("source_id") for row in rows["Sources"]}
    assert {row.text("source") for row in [*rows["Tasks"], *rows["KSAs"]]} <= known


def test_the_sheet_of_scales_gives_the_scales_that_were_simulated(rows):
    scales, problems = build_scales(rows["Scales"])
    assert problems == []
    assert scales == simulated.SCALES
    assert [scale.not_performed for scale in scales] == [None, 0]


def test_the_settings_are_valid(rows, outline):
    given, problems = settings_from_rows(rows["Settings"])
    settings, wrong = validate_settings(given)
    assert problems + wrong == []
    assert settings.study.title.startswith("SIMULATED")
    assert settings.weights.model == "kane"
    assert settings.weights.rationale
    levels = {task.cognitive_level for task in outline.tasks}
    assert levels == set(settings.blueprint.cognitive_levels)
    groups = settings.respondents.weight_from + settings.respondents.compare
    assert groups == tuple(simulated.GROUPS)


def test_there_is_a_column_for_every_task_and_scale_and_question(rows, outline, answers):
    scales, _ = build_scales(rows["Scales"])
    ratings = [
        f"{statement}_{scale.name}"
        for scale in scales
        for statement in outline.statements_rated_on(scale.applies_to)
    ]
    questions = [row.text("question_id") for row in rows["Demographics"]]
    for frame in answers.values():
        assert frame.columns.tolist() == ["respondent", *questions, *ratings]


def test_every_respondent_stands_in_one_group_and_is_called_simulated(answers):
    names = pd.concat([frame["respondent"] for frame in answers.values()])
    assert sorted(names) == [f"SIM{number:04d}" for number in range(1, 401)]


def test_answers_about_respondents_are_among_the_options(rows, answers):
    options = rows["Demographics"][0].text("options").split("; ")
    people = pd.concat(answers.values())
    assert set(people["Q1"]) == set(options)
    assert people["Q2"].between(0, 40).all()


def test_the_answers_hold_what_published_means_cannot_show(answers):
    frame = pd.concat(answers.values())
    importance = frame.filter(like="_importance")
    frequency = frame.filter(like="_frequency")
    assert set(importance.stack().dropna()) == {NOT_SHOWN, 1, 2, 3, 4}
    assert set(frequency.stack().dropna()) == {0, 1, 2, 3, 4, 5}
    assert importance.isna().to_numpy().any()
    assert frequency.iloc[:, -1].isna().mean() > frequency.iloc[:, 0].isna().mean()


def test_answers_are_those_of_the_simulated_ratings(answers):
    ratings = simulated.simulated_ratings()
    assert set(ratings.respondents["nature"]) == {"simulated"}
    wide = ratings.to_wide().drop(columns=["group", "wave", "nature"])
    frame = pd.concat(answers.values()).set_index("respondent").loc[wide.index]
    pd.testing.assert_frame_equal(frame[wide.columns], wide, check_names=False)


def test_the_same_answers_come_out_every_time(answers):
    for group, frame in simulated.responses().items():
        pd.testing.assert_frame_equal(frame, answers[group])


def test_readme_and_narrative_say_that_all_answers_are_simulated():
    sections = {row["section"] for row in simulated.study_rows()["Narrative"]}
    assert {"Simulated", "Published"} <= sections
    assert simulated.readme().startswith("# SIMULATED")
    assert "Nobody answered" in simulated.readme()
