"""Other screenings and other survey weights in a study folder."""

import numpy as np
import pytest

from rds.study.building import build_blueprint
from rds.study.others import other_answers
from rds.study.read_file import Told
from rds.study.receive import receive
from rds.study.study import Study
from tests.study.examples import answers, make_study, write_answers

QUESTION = {
    "question_id": "Q1",
    "question": "Where do you work?",
    "kind": "choice",
    "options": "Community; Hospital",
    "weight": "yes",
}
POPULATION = [
    {"variable": "Q1", "category": "Community", "percent": 80},
    {"variable": "Q1", "category": "Hospital", "percent": 20},
]


def study_of(tmp_path, **settings):
    sheets = {"Demographics": [QUESTION], "Population": POPULATION}
    folder = make_study(tmp_path / "study", sheets=sheets, **settings)
    frame = answers(n=40)
    # Five who rated almost nothing: the declared rules leave them out.
    frame.iloc[:5, 5:] = np.nan
    path = write_answers(tmp_path / "a.csv", frame)
    receive(Study.open(folder), path, told=Told(group="practitioners"))
    return Study.open(folder)


def test_nobody_excluded_is_shown_where_the_declared_rules_leave_somebody_out(tmp_path):
    study = study_of(tmp_path)
    found = other_answers(study)
    assert found.screenings["nobody excluded"].sum() == 40
    assert study.screening.usable.sum() == 35
    table = build_blueprint(study).sensitivity
    assert "nobody excluded" in table.loc[table["dimension"] == "screening", "variant"].tolist()


@pytest.mark.parametrize(("method", "variant"), [("none", "raking"), ("raking", "none")])
def test_the_plan_with_survey_weights_stands_beside_the_one_without(tmp_path, method, variant):
    study = study_of(tmp_path, weighting__method=method)
    table = build_blueprint(study).sensitivity
    rows = table[table["dimension"] == "survey weights"]
    assert rows["variant"].unique().tolist() == [variant]
    assert rows["items"].sum() == 100
    screened = table[table["dimension"] == "screening"]
    assert screened["weight"].sum() == pytest.approx(screened["variant"].nunique())
