"""Errors of a study's plan, and why they are withheld."""

import pandas as pd
import pytest

from rds.analysis.analysis import analyze_ratings
from rds.blueprint.build import build
from rds.ratings.published import PUBLISHED_COLUMNS, Published
from tests.blueprint.examples import outline, ratings, settings


def built(answers=None, **sections):
    study = outline()
    answers = ratings(study, respondents=60) if answers is None else answers
    chosen = settings(resampling={"replicates": 200}, **sections)
    return build(study, answers, chosen, analyze_ratings(answers, study, chosen))


def reasons(blueprint, table="domain_weights"):
    return {n.reason for n in blueprint.notes if (n.table, n.kind) == (table, "withheld")}


@pytest.mark.parametrize("model", ["kane", "product", "product_of_means", "additive"])
def test_weights_have_errors_and_items_a_range(model):
    table = built(weights={"model": model}).domain_weights
    assert (table["se"] > 0).all()
    assert ((table["ci_low"] < table["weight"]) & (table["weight"] < table["ci_high"])).all()
    assert (table["items_low"] <= table["items_high"]).all()
    assert table["p_within_1"].between(0, 1).all()


def test_tasks_have_them_too_and_dropped_ones_do_not():
    study = outline()
    answers, chosen = ratings(study), settings(resampling={"replicates": 200})
    blueprint = build(
        study,
        answers,
        chosen,
        analyze_ratings(answers, study, chosen),
        task_decisions={"T01": "drop"},
    )
    table = blueprint.task_weights.set_index("task_id")
    assert pd.isna(table.loc["T01", "se"])
    assert table["se"].drop("T01").notna().all()


def test_the_distribution_of_items_adds_up_in_every_domain():
    lists = built().item_distribution.groupby(["task_list", "domain_id"])
    assert lists["share_of_resamples"].sum().tolist() == pytest.approx([1] * 6)


def test_more_respondents_give_smaller_errors():
    few = built(ratings(outline(), respondents=40)).domain_weights["se"]
    many = built(ratings(outline(), respondents=640)).domain_weights["se"]
    assert (many < few / 2).all()


def test_the_same_seed_gives_the_same_range():
    assert built().domain_weights.equals(built().domain_weights)


def test_reconstructed_answers_have_no_errors_and_the_reason_is_said():
    answers = ratings(outline())
    answers.respondents["nature"] = "reconstructed"
    blueprint = built(answers)
    assert blueprint.domain_weights[["se", "items_low", "p_within_1"]].isna().all(axis=None)
    assert "do not tell how far people differ" in " ".join(reasons(blueprint))


def test_published_means_have_no_errors_and_the_reason_is_said():
    study = outline()
    rows = [
        (task.task_id, scale, "", "", 30, 2.0 + k / 10, None, f"{2.0 + k / 10:.1f}")
        for k, task in enumerate(study.tasks)
        for scale in ("importance", "frequency")
    ]
    published = Published(ratings(study).scales, pd.DataFrame(rows, columns=PUBLISHED_COLUMNS))
    chosen = settings()
    analysis = analyze_ratings(None, study, chosen, published=published)
    blueprint = build(study, published, chosen, analysis)
    assert blueprint.domain_weights["se"].isna().all()
    assert "published means do not tell how far respondents differ" in reasons(blueprint)


def test_few_respondents_have_weights_without_errors_and_the_reason_is_said():
    blueprint = built(ratings(outline(), respondents=12))
    assert blueprint.domain_weights["weight"].notna().all()
    assert blueprint.domain_weights["se"].isna().all()
    assert any("15 respondents" in reason for reason in reasons(blueprint))


def test_people_read_the_range_in_words():
    assert "items in 95 of 100 repeats" in repr(built())
