"""What the plan would be by other people's answers: hand computation, laws, what is withheld."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from rds.analysis.analysis import analyze_ratings
from rds.blueprint.build import build
from rds.blueprint.consequences import (
    SUBGROUP_BLUEPRINTS,
    OtherAnswers,
    survey_weighted,
    weights_of_some,
)
from rds.blueprint.weighing import Weighing, weigh
from tests.blueprint.examples import outline, ratings, settings

OUTLINE = outline()
RATINGS = ratings(OUTLINE, respondents=60)
RATINGS = replace(
    RATINGS, respondents=RATINGS.respondents.assign(Q1=["day"] * 35 + ["night"] * 21 + ["x"] * 4)
)


def built(others=None, answers=RATINGS, **sections):
    chosen = settings(**{"resampling": {"replicates": 200}, **sections})
    analysis = analyze_ratings(answers, OUTLINE, chosen)
    return build(OUTLINE, answers, chosen, analysis, others=others)


def of(blueprint, dimension):
    table = blueprint.sensitivity
    return table[table["dimension"] == dimension]


@pytest.mark.parametrize("model", ["kane", "product", "within_person_shares"])
def test_leaving_some_respondents_out_gives_the_plan_of_the_others_alone(model):
    mask = np.arange(60) % 4 != 0
    scales = ["importance"] if model == "within_person_shares" else ["importance", "frequency"]
    weights = {"weights": {"model": model, "scales": scales}}
    others = OtherAnswers(received=RATINGS, screenings={"everyone flagged excluded": mask})
    rows = of(built(others, **weights), "screening")
    alone = built(answers=RATINGS.select(mask), **weights)
    assert rows["variant"].unique().tolist() == ["everyone flagged excluded"]
    assert rows["items"].tolist() == alone.domain_weights["items"].tolist()
    assert rows["items_moved"].sum() == 0


def test_screening_that_leaves_everybody_moves_nothing():
    others = OtherAnswers(received=RATINGS, screenings={"nobody excluded": np.ones(60, dtype=bool)})
    assert (of(built(others), "screening")["items_moved"] == 0).all()


def test_screening_that_leaves_nobody_is_withheld_with_the_reason():
    others = OtherAnswers(received=RATINGS, screenings={"all": np.zeros(60, dtype=bool)})
    blueprint = built(others)
    assert of(blueprint, "screening").empty
    reasons = [n.reason for n in blueprint.notes if (n.table, n.row) == ("sensitivity", "all")]
    assert reasons == ["nobody would be left whose ratings set the weights"]


def test_only_groups_that_set_the_weights_count_after_another_screening():
    half = RATINGS.respondents.assign(group=["a"] * 30 + ["b"] * 30)
    both = replace(RATINGS, respondents=half)
    others = OtherAnswers(received=both, screenings={"nobody": np.ones(60, dtype=bool)})
    chosen = {"respondents": {"weight_from": ["a"]}}
    rows = of(built(others, answers=both.of_groups(["a"]), **chosen), "screening")
    assert (rows["items_moved"] == 0).all()


def test_survey_weights_of_whole_numbers_are_respondents_who_stand_there_so_often():
    times = np.array([1, 3, 2] * 20)
    rows = np.repeat(np.arange(60), times)
    copied = replace(
        RATINGS,
        codes={name: np.ascontiguousarray(c[:, rows]) for name, c in RATINGS.codes.items()},
        respondents=RATINGS.respondents.iloc[rows],
    )
    weights = pd.Series(times, index=RATINGS.respondents.index, dtype=float)
    for model in ("kane", "product", "additive"):
        weighing = Weighing(OUTLINE.task_domains, model, ["importance", "frequency"])
        expected = weigh(copied, weighing).tasks
        assert_allclose(survey_weighted(RATINGS, weighing, weights), expected)
        # Only their proportions matter.
        assert_allclose(survey_weighted(RATINGS, weighing, 7 * weights), expected)


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(5, 30))
def test_a_survey_weight_of_one_or_none_is_screening(seed, n):
    mask = np.zeros(60, dtype=bool)
    mask[np.random.default_rng(seed).permutation(60)[: n + 20]] = True
    weighing = Weighing(OUTLINE.task_domains, "additive", ["importance", "frequency"])
    kept = pd.Series(1.0, index=RATINGS.respondents.index[mask])
    expected = weights_of_some(RATINGS.select(mask), weighing)
    assert_allclose(survey_weighted(RATINGS, weighing, kept), expected)


def test_survey_weights_stand_among_the_other_choices():
    weights = pd.Series(np.linspace(1, 9, 60), index=RATINGS.respondents.index)
    rows = of(built(OtherAnswers(survey_weights={"raking": weights})), "survey weights")
    assert rows["variant"].unique().tolist() == ["raking"]
    assert rows["weight"].sum() == pytest.approx(1)


@pytest.mark.parametrize("weights", [[-1.0] + [1.0] * 59, [0.0] * 60])
def test_survey_weights_below_zero_or_all_zero_are_refused(weights):
    weighing = Weighing(OUTLINE.task_domains, "additive", ["importance", "frequency"])
    with pytest.raises(ValueError, match="zero or more, and not all zero"):
        survey_weighted(RATINGS, weighing, pd.Series(weights, index=RATINGS.respondents.index))


def test_a_model_that_has_to_be_run_is_run_under_the_survey_weights():
    weighing = Weighing(OUTLINE.task_domains, "within_person_shares", ["importance"])
    own = pd.Series(np.linspace(1, 9, 60), index=RATINGS.respondents.index)
    expected = weigh(RATINGS.with_survey_weights(own), weighing).tasks
    assert_allclose(survey_weighted(RATINGS, weighing, own), expected)


def test_the_panels_own_ratings_give_the_plan_that_they_alone_would():
    panel = ratings(OUTLINE, seed=5, respondents=20)
    rows = of(built(OtherAnswers(panel=panel)), "panel")
    assert rows["items"].tolist() == built(answers=panel).domain_weights["items"].tolist()


def test_each_group_has_the_plan_of_its_own_ratings_with_its_own_range():
    blueprint = built(OtherAnswers(questions={"Q1": ("night", "day")}))
    table = blueprint.subgroup_blueprints
    assert tuple(table) == SUBGROUP_BLUEPRINTS
    assert table["group"].unique().tolist() == ["night", "day"]
    for group, rows in table.groupby("group"):
        alone = built(answers=RATINGS.select(RATINGS.respondents["Q1"] == group)).domain_weights
        assert rows["n"].unique().tolist() == [{"day": 35, "night": 21}[group]]
        for name in ("weight", "items", "items_low", "items_high"):
            assert_allclose(rows[name].astype(float), alone[name].astype(float))
        moved = rows["items"].to_numpy() - blueprint.domain_weights["items"].to_numpy()
        assert rows["items_moved"].tolist() == moved.tolist()


def test_a_group_too_small_is_withheld_and_named_without_its_plan():
    blueprint = built(OtherAnswers(questions={"Q1": ()}))
    assert "x" not in set(blueprint.subgroup_blueprints["group"])
    notes = [(n.row, n.kind) for n in blueprint.notes if n.table == "subgroup_blueprints"]
    assert notes == [("Q1: x", "withheld")]


def test_a_group_with_too_few_for_a_range_has_a_plan_without_one():
    answers = replace(RATINGS, respondents=RATINGS.respondents.assign(Q1=["a"] * 50 + ["b"] * 10))
    table = built(OtherAnswers(questions={"Q1": ()}), answers=answers).subgroup_blueprints
    few = table[table["group"] == "b"]
    assert few["items"].sum() == 100
    assert few[["items_low", "items_high"]].isna().all(axis=None)


def test_groups_that_are_only_compared_have_their_plan_too():
    everybody = replace(
        RATINGS, respondents=RATINGS.respondents.assign(group=["a"] * 40 + ["b"] * 20)
    )
    respondents = {"respondents": {"weight_from": ["a"], "compare": ["b"]}}
    table = built(
        OtherAnswers(answers=everybody), answers=everybody.of_groups(["a"]), **respondents
    ).subgroup_blueprints
    assert table["variable"].unique().tolist() == ["group"]
    assert table["group"].unique().tolist() == ["a", "b"]
    assert (table.loc[table["group"] == "a", "items_moved"] == 0).all()


def test_without_anything_to_compare_there_are_no_rows_and_the_columns_stay():
    blueprint = built()
    assert blueprint.subgroup_blueprints.empty
    assert not {"screening", "survey weights", "panel"} & set(blueprint.sensitivity["dimension"])
