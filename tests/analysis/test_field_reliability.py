"""Reliability, generalizability and agreement of the field, group by group."""

import numpy as np
import pandas as pd

from rds.analysis.analysis import analyze_ratings
from rds.analysis.descriptives import groups_of
from rds.analysis.field_reliability import field_reliability, no_field_reliability
from rds.ratings.ratings import Ratings
from tests.blueprint.examples import outline, ratings, settings


def test_the_ratings_that_set_the_weights_are_judged_in_a_sentence_each():
    study = outline()
    rng = np.random.default_rng(5)
    level = rng.normal(size=12)
    frames = {
        name: pd.DataFrame(
            np.clip(np.round(2.5 + level + rng.normal(size=(60, 12))), low, high),
            columns=[task.task_id for task in study.tasks],
        )
        for name, low, high in (("importance", 1, 4), ("frequency", 0, 5))
    }
    answers = Ratings.from_frames(**frames, not_performed={"frequency": 0})
    answers.respondents["group"] = ["a"] * 40 + ["b"] * 20
    analysis = analyze_ratings(answers, study, settings())
    assert [sentence.split(" are ")[0] for sentence in analysis.sentences] == [
        "Ratings of importance by those who perform the task",
        "Ratings of frequency by everybody who rated",
    ]
    assert analysis.sentences[0] in repr(analysis)
    apart = analyze_ratings(answers, study, settings(respondents={"weight_from": ["b"]}))
    assert all(", group b, are" in sentence for sentence in apart.sentences)
    one = analyze_ratings(answers, study, settings(weights={"scales": ["importance"]}))
    assert len(one.sentences) == 1
    assert set(analysis.dstudy["group"]) == {"all", "a", "b"}
    assert analysis.variance_components["estimate"].notna().all()


def test_waves_of_one_group_are_told_apart_by_name():
    study = outline()
    answers = ratings(study)
    answers.respondents["group"] = "a"
    answers.respondents["wave"] = ["1"] * 20 + ["2"] * 20
    analysis = analyze_ratings(answers, study, settings(respondents={"weight_from": ["a"]}))
    for table in (analysis.reliability, analysis.dstudy, analysis.agreement):
        assert set(table["group"]) == {"a (1)", "a (2)"}
    assert {"group a (1),", "group a (2),"} <= {
        part for sentence in analysis.sentences for part in ("group a (1),", "group a (2),")
        if part in sentence
    }  # fmt: skip


def test_where_everybody_performs_everything_the_one_base_is_judged():
    study = outline()
    importance = ratings(study).frame("importance")
    alone = Ratings.from_frames(importance=importance + np.arange(12) % 4)
    found = field_reliability(groups_of(alone, pooled=True), study, settings())
    assert set(found.dstudy["base"]) == {"all"}
    assert len(found.sentences) == 1
    assert "by everybody who rated" in found.sentences[0]


def test_without_groups_the_tables_are_empty_and_have_their_columns():
    found = field_reliability([], outline(), settings())
    nothing = no_field_reliability()
    for name in ("reliability", "variance_components", "dstudy", "agreement"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(nothing, name))
        assert len(getattr(found, name).columns) > 9
    assert (found.sentences, found.notes) == ((), [])


def test_a_group_of_one_has_reasons_and_no_numbers():
    study = outline()
    answers = ratings(study, respondents=1)
    found = field_reliability(groups_of(answers, pooled=True), study, settings())
    for name, column in (
        ("reliability", "value"), ("variance_components", "estimate"), ("dstudy", "relative"),
        ("agreement", "value"),
    ):  # fmt: skip
        assert getattr(found, name)[column].isna().all()
        assert any(note.table == name and note.kind == "withheld" for note in found.notes)
    assert found.sentences == ()
