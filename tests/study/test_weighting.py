"""A study that weights its respondents to a known population."""

import numpy as np
import pytest

from rds.blueprint.errors_of_weights import weight_errors
from rds.blueprint.models import combined_ratings
from rds.blueprint.resample import resample_items
from rds.errors import InputError
from rds.ratings.raking import rake
from rds.study.building import analyze, build_blueprint
from rds.study.receive import receive
from rds.study.run import run
from rds.study.study import Study
from rds.study.weighting import survey_weights, weighted_ratings
from tests.study.examples import answers, make_study, write_answers

QUESTION = {
    "question_id": "Q1",
    "question": "Where do you work?",
    "kind": "choice",
    "options": "Community; Hospital",
    "represent": "yes",
    "weight": "yes",
}


def population(**percent):
    return [{"variable": "Q1", "category": k, "percent": v} for k, v in percent.items()]


def weighted_study(tmp_path, *, shares=None, frame=None, question=None, **settings):
    sheets = {
        "Demographics": [{**QUESTION, **(question or {})}],
        "Population": population(**(shares or {"Community": 80, "Hospital": 20})),
    }
    chosen = {"weighting__method": "raking", **settings}
    tmp_path.mkdir(exist_ok=True)
    folder = make_study(tmp_path / "study", sheets=sheets, **chosen)
    source = write_answers(
        tmp_path / "a.csv", frame=frame, **({} if frame is not None else {"n": 60})
    )
    receive(Study.open(folder), source)
    return folder


def problems_of(folder):
    with pytest.raises(InputError) as error:
        build_blueprint(Study.open(folder))
    return [str(problem) for problem in error.value.problems]


def test_weights_reach_the_descriptives_the_weights_and_the_plan(tmp_path):
    study = Study.open(weighted_study(tmp_path))
    ratings, found = weighted_ratings(study)
    assert found.balance["percent_weighted"].tolist() == pytest.approx([80, 20])
    assert survey_weights(study).equals(found.weights)
    blueprint = build_blueprint(study)
    combined = combined_ratings(ratings, model="kane", scales=["importance", "frequency"])
    expected = combined / combined.sum()
    weights = blueprint.task_weights.set_index("task_id")["weight"]
    assert weights.to_numpy() == pytest.approx(expected.reindex(weights.index).to_numpy())
    rows = blueprint.analysis.statement_ratings
    assert set(rows.loc[rows["weighted"].astype(bool), "group"]) == {"weighted"}
    beside = blueprint.sensitivity[blueprint.sensitivity["dimension"] == "survey weights"]
    assert beside["variant"].unique().tolist() == ["none"]
    assert blueprint.analysis.participation.survey_weighting["n_eff"].item() < 60


def test_retention_looks_at_the_weighted_means(tmp_path):
    analysis = analyze(Study.open(weighted_study(tmp_path)))
    rows = analysis.statement_ratings
    weighted = rows[rows["weighted"].astype(bool) & (rows["scale"] == "importance")]
    means = set(weighted["mean"].round(9))
    used = analysis.retention.loc[analysis.retention["scale"] == "importance", "value"].dropna()
    assert len(used)
    assert set(used.astype(float).round(9)) <= means


def test_errors_and_resamples_rake_anew(tmp_path):
    ratings, found = weighted_ratings(Study.open(weighted_study(tmp_path)))
    domains = {f"T{k:02d}": f"D{1 + k % 3}" for k in range(1, 13)}
    options = {"domains": domains, "model": "importance_only", "scales": ["importance"]}
    fixed = weight_errors(ratings, **options)
    anew = weight_errors(ratings, raking=found.plan, **options)
    assert (fixed.method, anew.method) == ("influence", "jackknife")
    assert anew.domains["weight"].to_numpy() == pytest.approx(fixed.domains["weight"].to_numpy())
    assert anew.domains["se"].to_numpy() == pytest.approx(fixed.domains["se"].to_numpy(), rel=0.25)
    plan = resample_items(ratings, items=60, raking=found.plan, replicates=200, **options)
    assert plan.domains["items"].sum() == 60
    with pytest.raises(ValueError, match="how they were raked"):
        resample_items(ratings, items=60, replicates=100, **options)


def test_without_weighting_nothing_is_weighted(tmp_path):
    study = Study.open(weighted_study(tmp_path, weighting__method="none"))
    assert len(survey_weights(study)) == 0
    rows = analyze(study).statement_ratings
    assert not rows["weighted"].any()


def test_categories_are_known_without_regard_to_capitals(tmp_path):
    frame = answers(n=60)
    frame["Q1"] = frame["Q1"].str.upper()
    found = weighted_ratings(Study.open(weighted_study(tmp_path, frame=frame)))[1]
    assert found.largest_miss < 1e-9


@pytest.mark.parametrize(
    ("shares", "question", "settings", "words"),
    [
        ({"Community": 80, "Hospital": 30}, {}, {}, "percentages of Q1 that add up to 110"),
        ({"Community": 80, "Clinic": 20}, {}, {}, "one of the answers to Q1"),
        ({"Community": 80, "Hospital": 20}, {"weight": "no"}, {}, "no question with “weight”"),
        ({"Community": 80, "Hospital": 20}, {"kind": "several"}, {}, "a question with one answer"),
    ],
)
def test_margins_that_cannot_be_are_found_by_check(tmp_path, shares, question, settings, words):
    sheets = {"Demographics": [{**QUESTION, **question}], "Population": population(**shares)}
    folder = make_study(tmp_path / "s", sheets=sheets, weighting__method="raking", **settings)
    problems = [str(problem) for problem in Study.open(folder, strict=False).problems]
    assert any(words in problem for problem in problems), problems


def test_post_stratification_by_two_questions_is_refused(tmp_path):
    second = {**QUESTION, "question_id": "Q2"}
    shares = population(Community=80, Hospital=20)
    sheets = {
        "Demographics": [QUESTION, second],
        "Population": [*shares, *({**row, "variable": "Q2"} for row in shares)],
    }
    folder = make_study(tmp_path / "s", sheets=sheets, weighting__method="post-stratification")
    problems = Study.open(folder, strict=False).problems
    assert any("by 2 questions (Q1, Q2)" in str(problem) for problem in problems)


@pytest.mark.parametrize(
    ("community", "other", "words"),
    [
        (60, 0, "0 respondents who answered “Hospital” to Q1"),
        (51, 0, "9 respondents who answered “Hospital” to Q1"),
        (40, 3, "3 respondents who answered “Elsewhere” to Q1"),
    ],
)
def test_a_category_that_cannot_stand_for_its_share_is_refused_by_name(
    tmp_path, community, other, words
):
    frame = answers(n=60)
    rest = 60 - community - other
    frame["Q1"] = ["Community"] * community + ["Elsewhere"] * other + ["Hospital"] * rest
    assert any(words in problem for problem in problems_of(weighted_study(tmp_path, frame=frame)))


def test_exploding_weights_are_refused_unless_they_are_trimmed(tmp_path):
    frame = answers(n=120)
    frame["Q1"] = ["Community"] * 110 + ["Hospital"] * 10
    shares = {"Community": 30, "Hospital": 70}
    folder = weighted_study(tmp_path, frame=frame, shares=shares)
    assert any("weighting.trim" in problem for problem in problems_of(folder))
    again = weighted_study(tmp_path / "b", frame=frame, shares=shares, weighting__trim=5)
    found = weighted_ratings(Study.open(again))[1]
    assert found.n_trimmed == 10
    assert any(
        "trimming leaves up to" in note.reason for note in build_blueprint(Study.open(again)).notes
    )


def test_nobody_answered_the_question(tmp_path):
    frame = answers(n=60)
    frame["Q1"] = ""
    assert any("no answers" in p for p in problems_of(weighted_study(tmp_path, frame=frame)))


def test_people_without_any_rating_stand_for_nobody(tmp_path):
    frame = answers(n=60)
    frame.loc[:4, [name for name in frame if name.startswith("T")]] = np.nan
    study = Study.open(weighted_study(tmp_path, frame=frame))
    assert len(survey_weights(study)) == 55


def test_a_weighted_run_is_the_same_again(tmp_path):
    folder = weighted_study(tmp_path)
    run(Study.open(folder))
    again = run(Study.open(folder)).published
    assert again is not None
    assert again.written == ()


def test_weights_do_not_depend_on_the_order_of_respondents(tmp_path):
    ratings, found = weighted_ratings(Study.open(weighted_study(tmp_path)))
    people = ratings.respondents[["Q1"]]
    margins = {"Q1": {"Community": 80, "Hospital": 20}}
    turned = rake(people.iloc[::-1], margins=margins).weights
    assert turned.reindex(found.weights.index).to_numpy() == pytest.approx(found.weights.to_numpy())
