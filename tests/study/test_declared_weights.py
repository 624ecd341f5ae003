"""A study that declares all it can of its weights, from the workbook to the tables."""

import json

import numpy as np
import pandas as pd
import pytest

from rds.scales import PROPOSED_SCALES, scale_rows
from rds.study.receive import receive
from rds.study.run import run
from rds.study.study import Study
from tests.study.examples import answers, make_study, rows, write_answers

POINTS = np.random.default_rng(2).multinomial(100, [0.5, 0.3, 0.2], 60)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("declared")
    sheets = rows()
    for domain, percent in zip(sheets["Domains"], (40, 30, 30), strict=True):
        domain["panel_percent"] = percent
    sheets["Tasks"][0]["assessed_by"] = "training"
    sheets["Tasks"].append({"task_id": "T13", "domain_id": "D2", "statement": "Do a new part."})
    share = {"scale": "share", "question": "Share 100 points.", "kind": "allocation of 100"}
    sheets["Scales"] = [*scale_rows(PROPOSED_SCALES), {**share, "applies_to": "domains"}]
    given = {
        "weights__domain_rule": "direct",
        "weights__domain_scale": "share",
        "weights__panel_share_percent": 20,
        "weights__unrated_rule": "mean of the domain",
        "weights__scale_percents": "60; 40",
    }
    study = make_study(root / "study", sheets=sheets, **given)
    frame = answers(60)
    for k, column in enumerate(POINTS.T, start=1):
        frame[f"D{k}_share"] = column
    receive(Study.open(study), write_answers(root / "answers.csv", frame))
    run(Study.open(study))
    return study


def table(folder, name):
    return pd.read_csv(folder / "out" / "tables" / f"{name}.csv")


def test_respondents_points_and_the_panels_percentages_make_the_plan(folder):
    found = table(folder, "domain_weights")
    given = POINTS.mean(axis=0) / 100
    assert found["weight"].tolist() == pytest.approx(given.tolist())
    panel = np.array([0.4, 0.3, 0.3])
    assert found["adopted_weight"].tolist() == pytest.approx((0.8 * given + 0.2 * panel).tolist())
    assert found["items"].sum() == 100


def test_tasks_not_assessed_and_not_rated_are_said(folder):
    notes = table(folder, "notes").set_index("row")["reason"].astype(str)
    assert notes["T01"].startswith("not assessed by the exam; it would have ")
    assert notes["T13"].endswith("it gets the mean of the domain")
    dimensions = set(table(folder, "sensitivity")["dimension"])
    assert {"baseline", "not assessed", "unrated tasks"} <= dimensions


def test_the_verdict_stands_in_the_table(folder):
    found = table(folder, "precision")
    assert set(found["unit"]) == {"domain", "task", "cell"}
    assert set(found["verdict"]) <= {"supported", "not supported"}


def test_our_own_models_need_no_version_in_the_manifest(folder):
    manifest = json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert "model" not in manifest["versions"]


def test_a_scale_for_domains_that_does_not_exist_is_a_problem_of_the_setting(tmp_path):
    made = make_study(tmp_path / "study", weights__domain_scale="importence")
    (problem,) = Study.open(made, strict=False).problems
    assert "“importence” for weights.domain_scale" in problem.found
