"""Survey weights in models that have to be run, against R, replication, and what is refused."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from rds.blueprint import models
from rds.blueprint.answers import takes_survey_weights, why_no_survey_weights
from rds.blueprint.consequences import survey_weighted
from rds.blueprint.errors_of_weights import weight_errors
from rds.blueprint.models import Combined, combine, register_model
from rds.blueprint.rating_scale import rating_scale
from rds.blueprint.resample import resample_items
from rds.blueprint.weighing import Weighing, weigh
from rds.errors import InputError, WithheldError
from rds.ratings.raking import rake
from rds.ratings.ratings import Ratings
from tests.blueprint.test_build import built
from tests.oracles import oracle

ORACLE = oracle("weighted_models")
TASKS = [f"T{k}" for k in range(1, 7)]
DOMAINS = dict(zip(TASKS, ORACLE["groups"], strict=True))
OPTIONS = {"critical_tasks": {"threshold": 7.0}}
SCALES = {"midpoint_filter": ["importance"]}


def of_r():
    return Ratings.from_frames(
        importance=pd.DataFrame(ORACLE["importance"], columns=TASKS),
        frequency=pd.DataFrame(ORACLE["frequency"], columns=TASKS),
        not_performed={"frequency": 0},
    )


def declared(model):
    return {
        "model": model,
        "scales": SCALES.get(model, ["importance", "frequency"]),
        "options": OPTIONS.get(model),
    }


@pytest.mark.parametrize("model", list(ORACLE["models"]))
def test_weighted_ratings_and_jackknife_errors_are_those_of_the_survey_package(model):
    """Replicate weights JK1; see tests/oracles/weighted_models.R."""
    expected = ORACLE["models"][model]
    weighted = of_r().with_survey_weights(ORACLE["survey_weights"])
    assert_allclose(combine(weighted, **declared(model)).rating, expected["combined"], rtol=1e-9)
    found = weight_errors(
        of_r(), domains=DOMAINS, survey_weights=ORACLE["survey_weights"], **declared(model)
    )
    assert_allclose(found.domains["weight"], expected["weight"], rtol=1e-9)
    assert_allclose(found.domains["se"], expected["se"], rtol=1e-9)
    assert found.method == "jackknife"


def test_weighted_measures_are_those_of_the_weighted_adjacent_category_model():
    """VGAM with prior weights; see tests/oracles/weighted_models.R."""
    expected = ORACLE["rasch"]
    table = np.array(expected["ratings"], dtype=float)
    fitted = rating_scale(table, survey_weights=expected["survey_weights"])
    assert_allclose(fitted.tasks, expected["measures"], atol=1e-6)
    assert_allclose(fitted.expected, expected["expected"], atol=1e-6)


@pytest.mark.parametrize("model", [*ORACLE["models"], "rasch"])
def test_a_respondent_of_weight_two_counts_as_two_of_the_same_answers(model):
    ratings = of_r()
    counts = np.random.default_rng(4).integers(1, 4, len(ratings))
    repeated = np.repeat(np.arange(len(ratings)), counts)
    twice = replace(
        ratings,
        codes={name: codes[:, repeated].copy() for name, codes in ratings.codes.items()},
        respondents=ratings.respondents.iloc[repeated],
    )
    asked = declared(model) if model != "rasch" else {"model": model, "scales": ["importance"]}
    weighted = combine(ratings.with_survey_weights(counts), **asked).rating
    assert_allclose(weighted, combine(twice, **asked).rating, rtol=1e-7)


@pytest.mark.parametrize("model", [*ORACLE["models"], "rasch"])
@settings(max_examples=8, deadline=None)
@given(st.floats(0.1, 20))
def test_the_size_of_all_survey_weights_together_does_not_matter(model, size):
    asked = declared(model) if model != "rasch" else {"model": model, "scales": ["importance"]}
    own = np.array(ORACLE["survey_weights"])
    ratings = of_r()
    one = combine(ratings.with_survey_weights(own), **asked).rating
    assert_allclose(combine(ratings.with_survey_weights(own * size), **asked).rating, one)


def test_with_complete_answers_weighted_expected_ratings_are_weighted_means():
    table = np.array(ORACLE["importance"], dtype=float)
    own = np.array(ORACLE["survey_weights"])
    expected = np.average(table, axis=0, weights=own)
    assert_allclose(rating_scale(table, survey_weights=own).expected, expected, atol=1e-8)


def regions(ratings):
    names = ["north", "south"] * (len(ratings) // 2)
    return pd.DataFrame({"region": names}, index=ratings.respondents.index)


@pytest.mark.parametrize("model", ["within_person_shares", "critical_tasks"])
def test_raked_answers_get_errors_and_a_range_of_items(model, monkeypatch):
    # A threshold that no task is near: the jackknife knows nothing of one that is passed by chance.
    monkeypatch.setitem(OPTIONS, "critical_tasks", {"threshold": 1.0})
    ratings = of_r()
    raked = rake(regions(ratings), margins={"region": {"north": 0.7, "south": 0.3}})
    weighted = ratings.with_survey_weights(raked.weights)
    errors = weight_errors(weighted, domains=DOMAINS, raking=raked.plan, **declared(model))
    assert_allclose(errors.tasks["weight"], weigh_of(weighted, model))
    found = resample_items(
        weighted, domains=DOMAINS, items=40, raking=raked.plan, replicates=60, **declared(model)
    )
    assert found.domains["items"].sum() == 40
    spread = found.task_weights.std(axis=0)
    # 60 resamples give a standard deviation to about 1/√120 = 9 percent.
    assert_allclose(spread.sum(), errors.tasks["se"].sum(), rtol=0.3)


def weigh_of(ratings, model):
    asked = declared(model)
    weighing = Weighing(DOMAINS, asked["model"], asked["scales"], asked["options"] or {})
    return weigh(ratings, weighing).tasks


def test_survey_weights_of_zero_leave_respondents_out():
    ratings = of_r()
    own = pd.Series(1.0, index=ratings.respondents.index).mask(ratings.respondents.index > 30, 0.0)
    weighing = Weighing(DOMAINS, "within_person_shares", ["importance", "frequency"])
    expected = weigh(ratings.select((own > 0).to_numpy()), weighing).tasks
    assert_allclose(survey_weighted(ratings, weighing, own), expected)


@pytest.fixture
def registered(monkeypatch):
    """Register models for one test only."""
    monkeypatch.setattr(models, "_MODELS", dict(models.models()))

    def register(rating, **declared):
        @register_model("own", scales=(1, 3), description="Own.", source="test", **declared)
        def own(ratings, scales):
            means = models.importance_only(ratings, scales[:1]).means
            values = pd.Series(rating, index=means.index, dtype=float)
            return Combined(values, means, "undefined", {}, {scales[0]: 1.0})

    return register


def test_every_model_that_comes_with_rds_takes_survey_weights():
    ours = [m.name for m in models.models().values() if m.combine.__module__.startswith("rds.blue")]
    assert len(ours) >= 16
    assert all(takes_survey_weights(name) for name in ours)


def test_a_model_that_does_not_say_so_is_refused_and_told_why(registered):
    registered(1.0)
    assert "does not say that it counts respondents" in why_no_survey_weights("own")
    weighing = Weighing(DOMAINS, "own", ["importance"])
    with pytest.raises(WithheldError, match="“own” does not say"):
        survey_weighted(of_r(), weighing, pd.Series(1.0, index=of_r().respondents.index))


def test_a_registered_model_that_says_so_gets_the_survey_weights(monkeypatch):
    monkeypatch.setattr(models, "_MODELS", dict(models.models()))

    @register_model("own", scales=(2, 3), description="Own.", source="test", survey_weights=True)
    def own(ratings, scales):
        return models.product_of_means(ratings, scales)

    asked = {"domains": DOMAINS, "scales": ["importance", "frequency"]}
    given = {"survey_weights": ORACLE["survey_weights"]}
    one = weight_errors(of_r(), model="own", **asked, **given)
    other = weight_errors(of_r(), model="product_of_means", **asked, **given)
    pd.testing.assert_frame_equal(one.tasks, other.tasks)


@pytest.mark.parametrize(("value", "said"), [(-0.5, "T1: -0.5"), (np.inf, "T1: inf")])
def test_negative_and_infinite_combined_ratings_are_withheld_by_name(registered, value, said):
    registered([value, 1.0, 1.0, 1.0, 1.0, 1.0])
    with pytest.raises(WithheldError, match=rf"“own” gave combined ratings .*\({said}\)"):
        combine(of_r(), model="own", scales=["importance"])


def test_many_negative_combined_ratings_are_counted(registered):
    registered(-1.0)
    with pytest.raises(WithheldError, match="T5: -1 and 1 more"):
        combine(of_r(), model="own", scales=["importance"])


def test_a_study_whose_model_gives_negative_ratings_is_refused(registered):
    registered(-1.0)
    with pytest.raises(InputError, match="zero or more"):
        built(weights={"model": "own"})


def test_a_study_whose_model_gives_nothing_but_zero_is_refused(registered):
    registered(0.0)
    with pytest.raises(InputError, match="all zero"):
        built(weights={"model": "own"})


def test_tasks_that_the_model_gives_no_weight_are_named(registered):
    registered([0.0] + [1.0] * 11)
    notes = [note.reason for note in built(weights={"model": "own"}).notes]
    assert "the model gave a combined rating of zero, and so no items, to T01" in notes


def test_a_model_that_returns_no_combined_ratings_is_refused(monkeypatch):
    monkeypatch.setattr(models, "_MODELS", dict(models.models()))

    @register_model("own", scales=(1, 1), description="Own.", source="test")
    def own(ratings, scales):
        return pd.Series(1.0, index=TASKS)

    with pytest.raises(ValueError, match="“own” returned a Series; a model returns a Combined"):
        combine(of_r(), model="own", scales=["importance"])
